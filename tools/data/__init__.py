"""Rebuild the files of data/ that come from other projects."""
