"""Small CSV files that were saved here and come back: decisions of a person, row by row, whatever a spreadsheet made of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date

from incident_atlas.core.text import as_cell, from_cell
from incident_atlas.errors import NotATable, Problem
from incident_atlas.i18n import _
from incident_atlas.importers.files.csv_lines import Note, Records, find_encoding, lines

LARGEST = 20_000_000
"""Bytes of such a file: a few hundred thousand rows."""

LONGEST_ID = 1_000
"""Characters of an id."""


def written(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """The rows as CSV, UTF-8; what a spreadsheet would run as a formula gets an apostrophe, which `saved_rows` takes off."""
    out = io.StringIO()
    # With the CRLF of its own it quotes a carriage return in a cell; else what follows it would be a row, and may be a formula.
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([as_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def saved_rows(
    data: bytes, columns: Sequence[str], must: Sequence[str], what: str, note: Note
) -> Iterator[tuple[int, list[str]]]:
    """Line and cells of each row, in the order of `columns`, stripped; a column that the file lacks is blank.

    what: what such files hold, in a word. Raises `FileError` when the file lacks a column of `must`, or is no table, or too large.
    """
    advice = _("Choose a file of {what} that was saved here.").format(what=what)
    if len(data) > LARGEST:
        raise NotATable(_("The file has {count:,} bytes, too many for {what}.").format(count=len(data), what=what), advice)
    stream = io.BytesIO(data)
    encoding, errors = find_encoding(stream, note)
    stream.seek(0)
    first = data.split(b"\n", 1)[0]
    delimiter = ";" if first.count(b";") > first.count(b",") else ","
    records = iter(Records(lines(stream, encoding, errors, note), delimiter, note))
    _unused, header = next(records, (1, []))
    names = [name.strip().casefold() for name in header]
    missing = [name for name in must if name not in names]
    if missing:
        raise NotATable(_("The file has no column named {missing}.").format(missing=" or ".join(missing)), advice)
    order = [names.index(name) if name in names else len(names) for name in columns]
    for line, row in records:
        if len(row) != len(names):
            reason = _("{cells:,} cells under {columns:,} columns").format(cells=len(row), columns=len(names))
            note(line, "", "", reason, _("Check the separators and quotes of this line."), "cells_and_columns")
        cells = [*row[: len(names)], *[""] * (len(names) - len(row)), ""]
        yield line, [from_cell(cells[at].strip()) for at in order]


def noting(problems: list[Problem]) -> Callable[..., None]:
    """A `Note` that adds to these problems; its code may be left out."""

    def note(line: int, column: str, value: str, reason: str, advice: str, code: str = "row_or_cell_not_used") -> None:
        problems.append(Problem(line, column, value[:200], reason, advice, code))

    return note


def day_of(text: str, line: int, note: Note) -> date | None:
    """The day on which something was decided; None for a blank, and for what is no date, which is noted."""
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        note(line, "decided", text, _("not a date"), _("Write it as 2022-09-05, or leave it blank."), "not_a_date")
        return None
