"""Invented records for measuring and testing."""
