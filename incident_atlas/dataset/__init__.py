"""The loaded record: read, derived, filtered and queried, in memory or in a database."""
