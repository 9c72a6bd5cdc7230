"""Pairs of incidents of two records that may describe the same event, and what a person decided about them."""
