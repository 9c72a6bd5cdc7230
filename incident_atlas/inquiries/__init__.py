"""The commands that ask a question of a record and answer with its uncertainty; one file per question."""

from __future__ import annotations

import click

from incident_atlas.inquiries import claims, compare

COMMANDS: tuple[click.Command, ...] = (compare.command, claims.command)
