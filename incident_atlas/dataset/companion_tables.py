"""The small tables around a record: who is named, what happened meanwhile, what its sources covered, who reported."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import BinaryIO, NamedTuple

import pandas as pd

from incident_atlas.core.reference_data import DATA, dated, publishers, read_table
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.core.text import file_name, from_cell, listed
from incident_atlas.core.validation import Problems
from incident_atlas.errors import FileError, NotATable, Problem
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.registry import FORMATS
from incident_atlas.importers.files.csv_lines import Records, find_encoding, lines


@cache
def _kinds() -> dict[str, str]:
    table = publishers()
    data_sets = {reader.format.name.casefold(): "reference" for reader in FORMATS.values()}
    return data_sets | {name.casefold(): kind for name, kind in zip(table["publisher"], table["kind"], strict=True)}


@cache
def covering() -> tuple[str, ...]:
    """The sources that the shipped table of coverage names."""
    return tuple(read_table(DATA / "coverage.csv")["source"])


def kind_of(publisher: str) -> str:
    """The kind of a publisher by its name in any case; blank when it is not listed or its kind is not known.

    A data set that can be read is a reference, though no row of it is in the record here.

    >>> kind_of("wikipedia"), kind_of("Reuters"), kind_of("A paper nobody listed"), kind_of("UCDP GED")
    ('reference', 'agency', '', 'reference')
    """
    return _kinds().get(publisher.strip().casefold(), "")


def coverage(record: Path, problems: Problems) -> pd.DataFrame:
    """What covered what and when, beside the record: source, area, from, to, collected_until (datetime64 or NaT), note; may be empty.

    collected_until: the last day up to which the record itself (source "Incident Atlas") was collected for that area.
    """
    path, columns = record.parent / "coverage.csv", ["source", "area", "from", "to", "collected_until", "note"]
    table = pd.DataFrame(columns=columns)
    if path.is_file():
        try:
            table = read_table(path).reindex(columns=columns, fill_value="")
        except (ValueError, OSError) as trouble:
            reason = _("it cannot be read: {fault}").format(fault=type(trouble).__name__)
            problems.add([1], "coverage", file_name(path), reason, _("Save it as CSV UTF-8."), "table_not_read")
    return dated(_sound(table, file_name(path), problems), "from", "to", "collected_until")


ITSELF = "Incident Atlas"
"""The source of a coverage table that stands for the record itself."""


WIDEST_AREAS = ("afghanistan", "world")


class Collected(NamedTuple):
    """A day up to which a record was collected, and the area that it is of, '' where one day is stated for all of it."""

    day: pd.Timestamp | None
    area: str = ""


def collected_until(coverage: pd.DataFrame, areas: Sequence[Sequence[str]] = ()) -> Collected:
    """The earliest of the last days up to which the record itself was collected, of the areas asked about.

    areas: each as its names, such as a city and its province; the first with a row of its own counts, else the widest row
    (Afghanistan, World). Without areas, or where one has neither, every row counts. Areas that end on one day are named together.
    The day is None when the table says none.
    """
    rows = _stated(coverage)
    if len(rows) < 2:
        return Collected(next(iter(rows.values()), Collected(None)).day)
    found = []
    for names in areas:
        own = [rows[name.casefold()] for name in (*names, *WIDEST_AREAS) if name.casefold() in rows]
        found += own[:1] or rows.values()
    found = found or list(rows.values())
    first = min(one.day for one in found)
    named = dict.fromkeys(one.area for one in found if one.day == first)
    return Collected(first, listed(list(named)))


def collected_latest(coverage: pd.DataFrame) -> pd.Timestamp | None:
    """The last day up to which any area was collected; None when the table does not say."""
    return max((one.day for one in _stated(coverage).values()), default=None)


def _stated(coverage: pd.DataFrame) -> dict[str, Collected]:
    """What a coverage table states of the record itself, by folded area."""
    if "collected_until" not in coverage:
        return {}
    rows = coverage[(coverage["source"] == ITSELF) & coverage["collected_until"].notna()]
    return {area.casefold(): Collected(day, area) for area, day in zip(rows["area"], rows["collected_until"], strict=True)}


def _sound(table: pd.DataFrame, name: str, problems: Problems) -> pd.DataFrame:
    """The rows of a coverage table whose dates can be read; the others are Problems, because a lost break would mislead."""
    kept = []
    for line, (starts, ends, collected) in enumerate(zip(table["from"], table["to"], table["collected_until"], strict=True), 2):
        bad = [day for day in (starts, ends, collected) if day and not _is_day(day)]
        if bad or (starts and ends and starts > ends):
            reason = _("no ISO date") if bad else _("the source ends before it begins")
            reason = _("{name}: {reason}; the row is not used").format(name=name, reason=reason)
            advice = _("Write dates as 2019-03-31.")
            problems.add([line], "coverage", (bad or [ends])[0], reason, advice, "not_a_date")
        kept.append(not bad and not (starts and ends and starts > ends))
    return table[pd.Series(kept, index=table.index, dtype=bool)].reset_index(drop=True)


def _is_day(text: str) -> bool:
    try:
        return bool(re.fullmatch(r"\d{4}-\d{2}-\d{2}", text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


class Moment(NamedTuple):
    """What a rate is read against. kind: milestone, or break: the day on which a source begins or ends."""

    date: pd.Timestamp
    name: str
    kind: str


def moments(milestones: pd.DataFrame, coverage: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[Moment, ...]:
    """Milestones and breaks of coverage between two days, by date; the two days themselves are not between them."""
    found = [Moment(date, name, "milestone") for date, name in zip(milestones["date"], milestones["name"], strict=True)]
    for source, begins, ends in zip(*(coverage.get(name, ()) for name in ("source", "from", "to")), strict=True):
        found += [
            Moment(begins, _("start of {source}").format(source=source), "break"),
            Moment(ends, _("end of {source}").format(source=source), "break"),
        ]
    inside = (moment for moment in found if pd.notna(moment.date) and first < moment.date < last)
    return tuple(sorted(inside, key=lambda moment: moment.date))


def reports_beside(record: Path) -> Path:
    """Where the reports of a record lie, when it has any: reports.csv, or NAME_reports.csv of NAME.csv."""
    return record.with_name("reports.csv" if record.stem == "incidents" else f"{record.stem}_reports.csv")


def reports(record: Path, incidents: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """The reports beside a record (`reports_beside`), all text; empty when there are none.

    A report of an incident that the record does not hold is a Problem, and is left out. The row of such a Problem is a
    line of the reports.
    """
    path = reports_beside(record)
    if path.is_file():
        try:
            with path.open("rb") as stream:
                return reports_in(stream, file_name(path), incidents, problems)
        except OSError as trouble:
            reason = _("the reports cannot be read: {trouble}").format(trouble=trouble)
            problems.add([1], "reports", file_name(path), reason, _("Save them as CSV UTF-8."), "table_not_read")
    return pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")


def reports_in(stream: BinaryIO, name: str, incidents: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """The same out of the table of reports itself, such as one that is packed beside its record."""
    table = pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")
    try:
        table = _reports(stream, problems)
    except FileError as trouble:
        reason = _("the reports cannot be read: {trouble}").format(trouble=trouble)
        problems.add([1], "reports", name, reason, _("Save them as CSV UTF-8."), "table_not_read")
    # Looked up among the reported alone: a table of all ids of a large record would be larger than the record.
    reported = incidents["incident_id"].isin(table["incident_id"])
    known = table["incident_id"].isin(incidents.loc[reported, "incident_id"])
    reason, advice = _("a report of no incident of this record"), _("Correct the incident_id, or add the incident.")
    ids = table.loc[~known, "incident_id"]
    problems.add(ids.index, "reports.incident_id", ids, reason, advice, "report_without_incident")
    return table[known].reset_index(drop=True)


def _reports(stream: BinaryIO, problems: Problems) -> pd.DataFrame:
    """Columns `schema.REPORT_NAMES`, index the line on which each report begins."""
    notes: list[Problem] = []

    def note(line: int, column: str, value: str, reason: str, advice: str, code: str) -> None:
        notes.append(Problem(line, f"reports.{column}".rstrip("."), value[:200], reason, advice, code))

    encoding, errors = find_encoding(stream, note)
    stream.seek(0)
    records = iter(Records(lines(stream, encoding, errors, note), ",", note))
    _unused, header = next(records, (1, []))
    width, names = len(header), [name.strip().casefold() for name in header]
    if "incident_id" not in names:
        raise NotATable(_("there is no column incident_id."))
    order = [names.index(name) if name in names else width for name in REPORT_NAMES]
    rows, begins = [], []
    for line, row in records:
        if len(row) != width:
            reason = _("{count:,} cells under {width:,} columns").format(count=len(row), width=width)
            note(line, "", "", reason, _("Check the separators and quotes of this line."), "cells_and_columns")
        cells = [*row[:width], *[""] * (width - len(row)), ""]
        rows.append([from_cell(cells[i].strip()) for i in order])
        begins.append(line)
    problems.extend(notes)
    return pd.DataFrame(rows, columns=list(REPORT_NAMES), index=begins, dtype="str")
