"""`convert`: a file of any format as our own columns."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import NoReturn

import click

from incident_atlas.cli.options import (
    JSON,
    Command,
    FilePath,
    RecordFile,
    line,
    note,
    print_json,
    record_file,
    same_file,
    say,
    stop,
    write_whole,
)
from incident_atlas.core.data_sets import TABLE
from incident_atlas.core.text import counted, counted_incidents, counted_rows, listed
from incident_atlas.dataset.companion_tables import reports_beside
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.sql import prepare, what_it_is
from incident_atlas.export.native_csv import converted, reports
from incident_atlas.export.tables import write_incidents, write_reports
from incident_atlas.i18n import _


@click.command("convert", cls=Command)
@record_file(until=False)
@click.option(
    "-o",
    "--output",
    "out",
    type=FilePath(output=True),
    required=True,
    metavar="OUT",
    help=_("The CSV, or Parquet file, to write."),
)
@JSON
def convert(record: RecordFile, out: Path, as_json: bool) -> None:
    """Write FILE as OUT in our own columns, and its reports, when it has any, as OUT_reports.csv beside it.

    An OUT that ends with .parquet is for a FILE of millions of rows: it is checked and placed in parts, keeps no reports, and the
    dashboard asks it through DuckDB.

    `check` says of OUT only what FILE leaves blank, or what is kept as it is: what OUT cannot hold stands in its column notes. Ends with 1 when a row is set aside,
    with 2 when FILE cannot be used or OUT cannot be written.
    """
    if out.suffix.casefold() == ".parquet":
        _prepare(record, out, as_json)
    loaded = record.load()
    if loaded.incidents.empty:
        stop(_("No row of the file can be used, so nothing is written. `check` says what is wrong with each."), 2)
    report_count, beside = reports(loaded), reports_beside(out)
    try:
        _guard(out, beside, [*record.files(), reports_beside(record.path)], len(report_count))
    except OSError as trouble:
        stop(_("{out} cannot be written: {reason}.").format(out=out, reason=trouble.strerror), 2)
    write_whole(out, lambda stream: write_incidents(stream, converted(loaded, date.today())))
    if len(report_count):
        write_whole(beside, lambda stream: write_reports(stream, report_count))
    _say(loaded, out, beside if len(report_count) else None, len(report_count), as_json)
    sys.exit(1 if loaded.source.set_aside else 0)


def _prepare(record: RecordFile, out: Path, as_json: bool) -> NoReturn:
    for kept in record.files():
        if same_file(out, kept):
            stop(_("{out} is {kept}, which is read. Choose another name for the output.").format(out=out, kept=kept), 2)
    if what_it_is(record.path):
        stop(_("{file} is such a file already.").format(file=record.path), 2)
    origin = prepare(record.path, out, record.format, record.mapping()).origin
    numbers = {"read": origin.read, "kept": origin.kept, "set_aside": origin.set_aside}
    if as_json:
        print_json({"recognised": origin.title, **numbers, "written": [str(out)]})
    else:
        rows = _("{rows} read, {kept:,} kept, {set_aside:,} set aside.").format(
            rows=counted_rows(origin.read), kept=origin.kept, set_aside=origin.set_aside
        )
        say(f"{line(origin.title, 300)}. {rows}")
        say(_("Wrote {incidents} to {out}, without reports.").format(incidents=counted_incidents(origin.kept), out=out))
        for text in filter(None, (origin.format.citation, origin.format.terms)):
            say(line(text, 2000))
    if origin.set_aside:
        note(_("`check` says what is wrong with the rows that are set aside."))
    if origin.format.asks:
        message = _("{format_name}: rows may not be passed on without permission, and neither may what was written.")
        note(message.format(format_name=origin.format.name))
    sys.exit(1 if origin.set_aside else 0)


def _guard(out: Path, beside: Path, read: list[Path], report_count: int) -> None:
    """Ends the program where the output would take the place of what is read, or would be given reports that are not its own."""
    for target in (out, beside):
        for kept in read:
            if same_file(target, kept):
                stop(
                    _("{target} is {kept}, which is read. Choose another name for the output.").format(target=target, kept=kept),
                    2,
                )
    if not report_count and beside.exists():
        message = _("{beside} lies there and would be read as the reports of {out}. Move it away, or choose another name.")
        stop(message.format(beside=beside, out=out), 2)


def _say(loaded: Loaded, out: Path, beside: Path | None, report_count: int, as_json: bool) -> None:
    source, formats = loaded.source, [origin.format for origin in loaded.origins]
    recognised = "; ".join(origin.title for origin in loaded.origins)
    left_out = [column for extras in loaded.extras.values() for column in extras.columns if column != "incident_id"]
    terms = [text for one in formats for text in (one.citation, one.terms) if text]
    asks = [one.name for one in formats if one.asks]
    if as_json:
        numbers = {"read": source.read, "kept": source.kept, "set_aside": source.set_aside, "reports": report_count}
        written = [str(path) for path in (out, beside) if path]
        more = {"written": written, "left_out": left_out, "terms": terms, "asks": asks}
        print_json({"recognised": recognised, **numbers, **more})
    else:
        message = _("{recognised}. {rows} read, {kept:,} kept, {set_aside:,} set aside.")
        say(
            message.format(
                recognised=line(recognised, 300), rows=counted_rows(source.read), kept=source.kept, set_aside=source.set_aside
            )
        )
        message = _(" Wrote {reports} to {beside}.")
        say(
            _("Wrote {incidents} to {out}.").format(incidents=counted_incidents(source.kept), out=out)
            + (message.format(reports=counted(report_count, "{n} report", "{n} reports"), beside=beside) if beside else "")
        )
        if left_out:
            some = f"{', '.join(line(name, 40) for name in left_out[:20])}{' ...' if len(left_out) > 20 else ''}"
            if TABLE in formats:
                message = _(
                    "{columns} not written, because they are not assigned to any of our columns: {some}. --mapping assigns them."
                )
            else:
                message = _("{columns} not written, because our columns have no place for them: {some}.")
            say(message.format(columns=counted(len(left_out), "{n} column", "{n} columns"), some=some))
        for text in terms:
            say(line(text, 2000))
    if source.set_aside:
        note(_("`check` says what is wrong with the rows that are set aside."))
    if asks:
        note(
            _("{asks}: rows may not be passed on without permission, and neither may what was written.").format(asks=listed(asks))
        )
