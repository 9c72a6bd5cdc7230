"""The reports of an incident: its grade, and where they disagree."""
