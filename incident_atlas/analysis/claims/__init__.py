"""Claims of others, tested against a record."""
