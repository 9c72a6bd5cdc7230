"""The same answers without the screen: `python -m incident_atlas check | convert | summary | brief ...`.

The interface is kept stable for scripts. With `--json` exactly one JSON value is on stdout; notes and messages go to
stderr. Exit codes: 0; 1 when a row is set aside or a place is not found; 2 when the file, or the call, cannot be used.
"""

from __future__ import annotations

import errno
import os
import sys

import click

from incident_atlas.cli.brief import brief
from incident_atlas.cli.changes import changes
from incident_atlas.cli.check import check_command
from incident_atlas.cli.claims import claims
from incident_atlas.cli.compare import compare
from incident_atlas.cli.convert import convert
from incident_atlas.cli.duplicates import duplicates
from incident_atlas.cli.geocode import geocode
from incident_atlas.cli.nearby import nearby
from incident_atlas.cli.options import Group, stop
from incident_atlas.cli.repeats import repeats_command
from incident_atlas.cli.summary import summary_command
from incident_atlas.i18n import _


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Incident Atlas without the screen."""


def main() -> None:
    """The command line as a program: UTF-8 whatever the console, and a reader that goes away is no error.

    Where the answer cannot be written, such as to a full disk, it ends with 2 and says so.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli(prog_name="python -m incident_atlas")
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        # What is left in the buffers would fail again, with a traceback, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        stop(_("The answer cannot be written: {reason}.").format(reason=trouble.strerror), 2)


for _command in (
    check_command,
    convert,
    geocode,
    summary_command,
    compare,
    nearby,
    repeats_command,
    claims,
    duplicates,
    brief,
    changes,
):
    cli.add_command(_command)
