"""The commands that ask something of a file or a record, one file each."""

from __future__ import annotations

import click

from incident_atlas.cli.check import check_command
from incident_atlas.cli.claims import claims
from incident_atlas.cli.compare import compare
from incident_atlas.cli.convert import convert
from incident_atlas.cli.duplicates import duplicates
from incident_atlas.cli.nearby import nearby
from incident_atlas.cli.repeats import repeats_command

COMMANDS: tuple[click.Command, ...] = (check_command, convert, compare, nearby, repeats_command, claims, duplicates)
