"""The Nearby page."""
