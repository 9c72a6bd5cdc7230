"""What a person decides about a record: duplicates, merging, placements, quality, privacy."""
