"""`changes`: what changed between two versions of a record, and the table that keeps it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click

from incident_atlas.cli.options import JSON, Command, FilePath, print_json, say, say_table, write_whole
from incident_atlas.core.text import counted_incidents, plain
from incident_atlas.dataset.load import load
from incident_atlas.export.record_changes import ADDED, READ_AGAIN, REMOVED, compared, read_changes, with_changes
from incident_atlas.i18n import _

LISTED = 50
"""Changes that are listed for people; with --json all of them."""


@click.command("changes", cls=Command)
@click.argument("old", type=FilePath())
@click.argument("new", type=FilePath())
@click.option("--why", default="", metavar="TEXT", help=_("Why it was changed, for every change."))
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help=_("The day of the change; today when it is not given.")
)
@click.option(
    "-o",
    "--output",
    "out",
    type=FilePath(output=True),
    metavar="TABLE",
    help=_("The table to add the changes to, such as data/CHANGES.csv."),
)
@JSON
def changes(old: Path, new: Path, why: str, on: datetime | None, out: Path | None, as_json: bool) -> None:
    """Incidents that were added, removed or corrected from OLD to NEW, each with the cells that differ.

    With -o they are added to a table; a second run with the same two files changes nothing in it but the day and the reason.
    """
    found = compared(load(old), load(new), on.date() if on else date.today(), plain(" ".join(why.split()), 500))
    if out is not None:
        data = with_changes(read_changes(out), found)
        write_whole(out, lambda stream: stream.write(data))
    if as_json:
        print_json([asdict(one) for one in found])
        return
    added, removed, read = (sum(one.what == what for one in found) for what in (ADDED, REMOVED, READ_AGAIN))
    message = _("{incidents} added, {removed:,} removed, {count:,} corrected.")
    say(message.format(incidents=counted_incidents(added), removed=removed, count=len(found) - added - removed - read))
    say_table((_("incident"), _("what")), ((one.incident, one.what) for one in found[:LISTED]))
    if len(found) > LISTED:
        say(_("\nand {count:,} more; --json lists all of them.").format(count=len(found) - LISTED))
