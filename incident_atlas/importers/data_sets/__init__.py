"""Data sets with known columns: our own, ACLED, UCDP GED, GTD."""
