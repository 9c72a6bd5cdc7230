"""Files to take away, each with its citation."""
