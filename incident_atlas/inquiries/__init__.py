"""The commands that ask something of a file or a record, one file each."""

from __future__ import annotations

import click

from incident_atlas.inquiries.check import check_command
from incident_atlas.inquiries.claims import claims
from incident_atlas.inquiries.compare import compare
from incident_atlas.inquiries.convert import convert
from incident_atlas.inquiries.duplicates import duplicates
from incident_atlas.inquiries.nearby import nearby
from incident_atlas.inquiries.repeats import repeats_command

COMMANDS: tuple[click.Command, ...] = (check_command, convert, compare, nearby, repeats_command, claims, duplicates)
