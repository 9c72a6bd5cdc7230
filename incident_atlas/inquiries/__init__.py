"""The commands that ask a question of a record and answer with its uncertainty; one file per question."""

from __future__ import annotations

import click

from incident_atlas.inquiries.claims import claims
from incident_atlas.inquiries.compare import compare
from incident_atlas.inquiries.duplicates import duplicates
from incident_atlas.inquiries.nearby import nearby
from incident_atlas.inquiries.repeats import repeats_command

COMMANDS: tuple[click.Command, ...] = (compare, nearby, repeats_command, claims, duplicates)
