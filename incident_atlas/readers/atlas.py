"""Our own format: a delimited text file with the columns of `record.COLUMNS`, however it was saved.

What can be recognised is read and, where the guess may be wrong, said as a Problem of line 1. A row's number is the line
on which it begins, also after quoted line breaks, so that an editor finds it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from incident_atlas.errors import MissingFile, NotAFile, NotATable, Problem
from incident_atlas.readers.delimited import Records, empty, find_encoding, lines
from incident_atlas.record import BY_NAME, ESSENTIAL, LONGEST_CELL, MUST, NAMES
from incident_atlas.text import from_cell

CHUNK = 20_000
"""Rows that are text at the same time; more would cost memory, fewer would cost time."""

_DELIMITERS = ",;\t|"


def open_binary(path: Path) -> BinaryIO:
    """The file, opened for reading bytes; raises `MissingFile` or `NotAFile` in plain words."""
    try:
        if path.is_dir():
            raise NotAFile(f"{path} is a folder.", "Name the CSV file inside it.")
        if path.exists() and not path.is_file():
            raise NotAFile(f"{path} is not a file that can be read twice.", "Save what it gives as a CSV file, and name that.")
        return path.open("rb")
    except FileNotFoundError as trouble:
        advice = "Check the name, or set INCIDENTS_SOURCE to the file you mean."
        raise MissingFile(f"There is no file {path}.", advice) from trouble
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or "that is no name of a file"
        raise NotAFile(f"{path} cannot be opened: {reason}.", "Check its name, and who may read it.") from trouble


class Table:
    """A delimited text file, ready to be read once.

    `notes` holds the Problems of the file as a whole (line 1) and of rows that had to be repaired; `rows` counts what has
    been read so far.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.notes: list[Problem] = []
        self.rows = 0
        self.encoding, errors = find_encoding(stream, self._note)
        stream.seek(0)
        self._header(lines(stream, self.encoding, errors, self._note))

    def chunks(self, size: int | None = None) -> Iterator[pd.DataFrame]:
        """Frames of text, columns `record.NAMES`, index the line on which each row begins; blank cells are ''."""
        # The cell of a column that the file lacks is the blank one put behind each row.
        pick = itemgetter(*(self._at.get(name, len(self.header)) for name in NAMES))
        cells: list[tuple[str, ...]] = []
        begins: list[int] = []
        for line, row in self._fitted():
            cells.append(pick([*row, ""]))
            begins.append(line)
            if len(cells) == (size or CHUNK):
                yield _frame(cells, begins)
                cells, begins = [], []
        if cells:
            yield _frame(cells, begins)

    def _fitted(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        for line, row in self._records:
            self.rows += 1
            if len(row) != width:
                row = self._fit(line, row, width)
            # Our own exports put an apostrophe before what a spreadsheet would run: no part of the cell, nor of its length.
            if "'" in "".join(row):
                row = [from_cell(cell) for cell in row]
            if len(max(row, key=len)) > LONGEST_CELL:
                row = self._cut(line, row)
            yield line, row

    def _fit(self, line: int, row: list[str], width: int) -> list[str]:
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            reason = f"{len(row):,} cells under {width:,} columns"
            self._note(line, "", row[width], reason, "Quote the cell that holds a separator.")
        elif len(row) < width:
            reason = f"{len(row):,} cells under {width:,} columns; from here on they are blank"
            self._note(line, self.header[len(row)], "", reason, "Add the missing separators, or the missing quote.")
        return row[:width] + [""] * (width - len(row))

    def _cut(self, line: int, row: list[str]) -> list[str]:
        for i, cell in enumerate(row):
            if len(cell) > LONGEST_CELL:
                reason = f"{len(cell):,} characters; cut to {LONGEST_CELL:,}"
                self._note(line, self.header[i], cell, reason, "Shorten the cell; look for a quote that is never closed.")
                row[i] = cell[:LONGEST_CELL]
        return row

    def _note(self, line: int, column: str, value: str, reason: str, advice: str) -> None:
        self.notes.append(Problem(line, column, value[:200], reason, advice))

    def _header(self, text: Iterator[str]) -> None:
        skipped: list[str] = []
        first = ""
        for first in text:
            if first.strip():
                break
            skipped.append(first)
        if not first.strip():
            raise empty()
        delimiter = max(_DELIMITERS, key=lambda d: len(_known(first, d)))
        # Blank lines before the header stay in, so that all lines are counted.
        self._records = iter(Records(chain(skipped, [first], text), delimiter, self._note))
        _, cells = next(self._records, (1, []))
        self.header = _names(cells)
        missing = [name for name in ESSENTIAL if name not in self.header]
        if missing:
            found = ", ".join(name for name in self.header[:8] if name)[:200]
            reason = f"The file has no column named {' or '.join(missing)}; its first line reads: {found}."
            raise NotATable(reason, "The first line must name the columns, with the names that the README lists.")
        self._at: dict[str, int] = {}
        for i, name in enumerate(self.header):
            if name in BY_NAME and name in self._at:
                self._note(1, name, "", "the column stands twice; the first is used", "Remove or rename the second.")
            elif name in BY_NAME:
                self._at[name] = i
        self._tell_of_columns()

    def _tell_of_columns(self) -> None:
        for name in MUST:
            if name not in self._at:
                self._note(1, name, "", "the column is missing", f"Add it: {BY_NAME[name].meaning}.")
        strange = [name for name in self.header if name not in BY_NAME]
        if strange:
            some = ", ".join(strange[:5]) + (" ..." if len(strange) > 5 else "")
            reason = f"{len(strange):,} columns are not of the record and are not read"
            self._note(1, "", some, reason, "Rename them if they are.")


def _names(cells: list[str]) -> list[str]:
    return [cell.strip().casefold().replace(" ", "_")[:100] for cell in cells]


def _known(line: str, delimiter: str) -> set[str]:
    try:
        return BY_NAME.keys() & set(_names(next(csv.reader([line], delimiter=delimiter), [])))
    except csv.Error:
        return set()


def _frame(cells: list[tuple[str, ...]], lines: list[int]) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(NAMES, zip(*cells, strict=True), strict=True)), index=pd.Index(lines, name="row"), dtype="str")
