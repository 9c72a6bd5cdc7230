"""The commands that ask a question of a record and answer with its uncertainty; one file per question."""

from __future__ import annotations

import click

from incident_atlas.inquiries.repeats import repeats_command

COMMANDS: tuple[click.Command, ...] = (repeats_command,)
