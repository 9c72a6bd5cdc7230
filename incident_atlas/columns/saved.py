"""A mapping as a small CSV that can be saved, sent and read again: ours, theirs, value.

A row names one of ours and their column; one without a column gives the value of all rows. Two more rows say how dates are
written (date_order) and whether latitude and longitude are exchanged (swapped: yes or no).
"""

from __future__ import annotations

import csv
import io

from incident_atlas.columns.dates import ORDERS
from incident_atlas.columns.mapping import Mapping
from incident_atlas.columns.names import OURS, PARTS
from incident_atlas.errors import NotATable, Problem
from incident_atlas.readers.delimited import Records, find_encoding, lines
from incident_atlas.text import as_cell, from_cell, plain

LARGEST = 1_000_000
"""Bytes of a file with a mapping."""

LONGEST_NAME = 1_000
"""Characters of the name of a column, or of a value."""

_COLUMNS = ("ours", "theirs", "value")
_SWAPPED = {"yes": True, "no": False}


def written(mapping: Mapping) -> bytes:
    """The mapping as CSV, UTF-8; what a spreadsheet would run as a formula gets an apostrophe, which `read` takes off.

    Names are written on one line and without invisible characters: `mapping.applied` finds the column all the same.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for ours, theirs in mapping.columns:
        writer.writerow([ours, as_cell(_line(theirs)), ""])
    for ours, value in mapping.constants:
        writer.writerow([ours, "", as_cell(_line(value))])
    writer.writerow(["date_order", "", mapping.date_order])
    writer.writerow(["swapped", "", {True: "yes", False: "no"}.get(mapping.swapped, "")])
    return out.getvalue().encode("utf-8", "replace")


def read(data: bytes) -> tuple[Mapping, list[Problem]]:
    """The mapping in a file, and what is wrong with it, row by row; raises `FileError` when it is no such file.

    A row that names none of ours, or one a second time, is left out and said. Which columns a table lacks, `applied` says.
    """
    if len(data) > LARGEST:
        raise NotATable(f"The file has {len(data):,} bytes, too many for a mapping.", "Choose the file that was saved here.")
    problems: list[Problem] = []

    def note(line: int, column: str, value: str, reason: str, advice: str) -> None:
        problems.append(Problem(line, column, value[:200], reason, advice))

    stream = io.BytesIO(data)
    encoding, errors = find_encoding(stream, note)
    stream.seek(0)
    head = data.split(b"\n", 1)[0]
    records = iter(Records(lines(stream, encoding, errors, note), ";" if head.count(b";") > head.count(b",") else ",", note))
    _, header = next(records, (1, []))
    names = [name.strip().casefold() for name in header]
    missing = [name for name in _COLUMNS[:2] if name not in names]
    if missing:
        raise NotATable(f"The file has no column named {' or '.join(missing)}.", "Choose a mapping that was saved here.")
    order = [names.index(name) if name in names else len(names) for name in _COLUMNS]
    columns: dict[str, str] = {}
    constants: dict[str, str] = {}
    settings = {"date_order": "", "swapped": ""}
    for line, row in records:
        cells = [*row[: len(names)], *[""] * (len(names) - len(row)), ""]
        ours, theirs, value = (_line(from_cell(cells[i].strip())) for i in order)
        ours = ours.casefold()
        if ours in settings:
            settings[ours] = value.casefold()
        elif ours not in OURS:
            note(
                line,
                "ours",
                ours,
                "no column of the record: the row is left out",
                f"Use a column of the record, or one of: {'; '.join(PARTS)}.",
            )
        elif max(len(theirs), len(value)) > LONGEST_NAME:
            note(line, ours, theirs or value, "too long: the row is left out", "Correct the row.")
        elif not theirs and not value:
            note(line, ours, "", "neither a column nor a value: the row is left out", "Name their column, or give a value.")
        elif (theirs and ours in columns) or (not theirs and ours in constants):
            note(line, ours, theirs or value, "it stands twice; the first counts", "Remove the one that is wrong.")
        elif theirs:
            columns[ours] = theirs
        else:
            constants[ours] = value
    if settings["date_order"] not in ORDERS:
        note(1, "date_order", settings["date_order"], "no order of dates", "Use one of: day first; month first; iso.")
        settings["date_order"] = ""
    if settings["swapped"] and settings["swapped"] not in _SWAPPED:
        note(1, "swapped", settings["swapped"], "neither yes nor no", "Write yes or no.")
    return Mapping(
        tuple(columns.items()), tuple(constants.items()), settings["date_order"], _SWAPPED.get(settings["swapped"])
    ), problems


def _line(text: str) -> str:
    return " ".join(plain(text, LONGEST_NAME + 1).split())
