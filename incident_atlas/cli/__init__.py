"""python -m incident_atlas: one file per command."""
