"""A sheet of text: what every container of a table is read into, whatever program wrote it.

`Sheet` is what a loader asks; `Grid` is one whose header stands somewhere among its first rows, as in delimited text and in a
workbook. Cells keep what was written; what had to be repaired is a Problem, and no row is lost on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from operator import itemgetter
from typing import BinaryIO, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.schema import LONGEST_CELL
from incident_atlas.core.text import from_cell
from incident_atlas.errors import Problem, TooLarge
from incident_atlas.i18n import _
from incident_atlas.importers.files import header as heading
from incident_atlas.importers.files.csv_lines import empty

MOST_COLUMNS = 20_000
"""Excel ends at 16,384; a table that is wider is none, and each column costs memory even when it is blank."""

MOST_ROWS = 2_000_000
"""As many rows of the data sets of this field, five hundred bytes each, fill the largest file that is read. Each row takes half
a kilobyte of memory however short it is."""

MOST_FILLED_UP, MOST_TIMES_FILLED_UP = 10_000_000, 30
"""Cells by which rows that are shorter than the header may be filled up, and how many for each that is there: a table of
many columns of which most are blank is a table, rows of one cell under twenty thousand columns are made to fill a memory."""

LARGEST_PIECE = 1 << 25
"""Characters of the cells that are text at the same time: fifty thousand rows of a UCDP GED."""

MOST_SAMPLED = 2_000
"""Columns of a sample, beside those that are named: what each may be is guessed one by one."""

MOST_NOTES = 100_000
"""Faults of a sheet that are told one by one; of more the number is told."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""Embeddings, overrides and isolates of the bidirectional algorithm of Unicode; the plain marks U+200E and U+200F are common."""

_TURNING_BYTES = re.compile(rb"\xe2(?:\x80[\xaa-\xae]|\x81[\xa6-\xa9])")
"""The same in UTF-8."""

Row = tuple[int, list[str]]
"""The line on which a row begins, and its cells."""


class Worksheet(NamedTuple):
    """A worksheet of a workbook that has rows: its name, and its rows under the header."""

    name: str
    rows: int


class Sheet:
    """A table, all text, that can be read again from its beginning.

    name: of the table itself, in an archive or a workbook too. kind: what it is, such as "Excel workbook". encoding: of text
    only. columns: as written, stripped, made unique whatever their case. notes: Problems of the sheet as a whole (line 1) and
    of rows that had to be repaired, of what was read so far. rows: read so far. reports: the table of reports packed beside it.
    worksheets, worksheet: of a workbook, those that have rows, and the name of the one that is read.
    """

    kind = ""
    encoding = ""

    def __init__(self, name: str) -> None:
        self.name = name
        self.columns: tuple[str, ...] = ()
        self.notes: list[Problem] = []
        self.rows = 0
        self.reports: BinaryIO | None = None
        self.worksheets: tuple[Worksheet, ...] = ()
        self.worksheet = ""
        self._before: list[Problem] | None = None
        self._unlisted = 0

    def chunks(self, columns: Sequence[str] | None = None, size: int = 50_000) -> Iterator[pd.DataFrame]:
        """Frames of text, at most `size` rows, from the beginning: '' for blank, index the line or number of each row.

        columns: those that are wanted; the others are not even read, where the container allows. Raises `TooLarge`.
        """
        self.rows = 0
        # Read once more, the same rows have the same faults.
        self._before = self._before if self._before is not None else list(self.notes)
        self.notes = list(self._before)
        self._unlisted = 0
        for frame in self._frames(self.columns if columns is None else tuple(columns), size):
            self.rows += len(frame)
            self._limit(self.rows)
            self._note_direction_signs(frame)
            yield frame
        if self._unlisted:
            reason = _("{unlisted:,} more faults like those of the {most_notes:,} that are listed").format(
                unlisted=self._unlisted, most_notes=MOST_NOTES
            )
            self.notes.append(
                Problem(1, "", "", reason, _("Mend the first ones, and look whether the others are gone too."), "more_problems")
            )

    @staticmethod
    def _limit(rows: int) -> None:
        if rows > MOST_ROWS:
            reason = _("The table has more than {most_rows:,} rows.").format(most_rows=MOST_ROWS)
            raise TooLarge(reason, _("Leave out years or countries that you do not need."))

    def sample(self, n: int = 200, named: Iterable[str] = ()) -> pd.DataFrame:
        """The first rows, to guess from; what is read later and its Problems stay as they are.

        Of a table of very many columns the first `MOST_SAMPLED`, and those that are `named`.
        """
        first_columns = self.columns[:MOST_SAMPLED]
        also = set(named) - set(first_columns)
        columns = (*first_columns, *(name for name in self.columns[MOST_SAMPLED:] if name in also))
        rows, notes = self.rows, list(self.notes)
        # A generator that is dropped half-way is closed at once: nothing of it goes on reading.
        first = next(self._frames(columns, n), None)
        self.rows, self.notes = rows, notes
        return pd.DataFrame(columns=list(columns), dtype="str") if first is None else first.iloc[:n]

    def part(self) -> float:
        """How much of the file has been read, 0 to 1."""
        raise NotImplementedError

    def note(self, line: int, column: str, value: str, reason: str, advice: str, code: str) -> None:
        """A Problem of this sheet."""
        if len(self.notes) < MOST_NOTES:
            self.notes.append(Problem(line, column, value[:200], reason, advice, code))
        else:
            self._unlisted += 1

    @staticmethod
    def _fill_limit(filled_up: int, cells: int) -> None:
        if filled_up > max(MOST_FILLED_UP, MOST_TIMES_FILLED_UP * cells):
            reason = _("Its rows have so few of its columns that {filled_up:,} cells would be blank.").format(filled_up=filled_up)
            raise TooLarge(reason, _("Leave out the columns that you do not need, and try again."))

    def note_cut(self, line: int, column: str, cell: str) -> None:
        """That a cell is longer than a record holds."""
        reason = _("{count:,} characters; cut to {longest_cell:,}").format(count=len(cell), longest_cell=LONGEST_CELL)
        self.note(line, column, cell, reason, _("Shorten the cell; look for a quote that is never closed."), "cell_too_long")

    def _note_direction_signs(self, frame: pd.DataFrame) -> None:
        """A note of each cell with signs that turn the direction of text: it may look like another text than it is."""
        for name in frame.columns:
            cells = pa.array(frame[name])
            for chunk in cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]:
                # The bytes of all cells are searched at once, so that a file without such signs costs next to nothing.
                if not _TURNING_BYTES.search(_bytes_of(chunk)):
                    continue
                for line, cell in zip(frame.index, cells.to_pylist(), strict=True):
                    if _TURNING.search(cell):
                        reason = _(
                            "the cell holds signs that turn the direction of text: it may look like another text than it is"
                        )
                        self.note(int(line), name, cell, reason, _("Remove the signs; they are not shown."), "direction_signs")
                break

    def _shortened(self, cells: pa.Array, column: str, lines: Iterable[int]) -> pa.Array:
        """Cells of one column, each cut to what a record holds, and said."""
        if not len(cells) or pc.max(pc.utf8_length(cells)).as_py() <= LONGEST_CELL:
            return cells
        for line, cell in zip(lines, cells.to_pylist(), strict=True):
            if len(cell) > LONGEST_CELL:
                self.note_cut(int(line), column, cell)
        return pc.utf8_slice_codeunits(cells, 0, LONGEST_CELL)

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        raise NotImplementedError

    def _name_columns(self, cells: Sequence[str]) -> None:
        if len(cells) > MOST_COLUMNS:
            reason = _("The table has {count:,} columns.").format(count=len(cells))
            raise TooLarge(reason, _("Leave the columns you need, at most {most_columns:,}.").format(most_columns=MOST_COLUMNS))
        self.columns = heading.unique(cells, self.note)


class Grid(Sheet):
    """A sheet of which a header must be found: rows above it, and a row of HXL tags under it, are noted and count as no rows."""

    def _read_heading(self) -> None:
        """`columns`, once the container is ready; raises `EmptyFile`."""
        notes = list(self.notes)
        # One cell more than a table may have, so that it is still seen to be too wide.
        head = [(line, cells[: MOST_COLUMNS + 1]) for line, cells in islice(self._records(), heading.LOOKED_AT)]
        # The same rows are read again, and then what is wrong with them is said.
        self.notes = notes
        if not head:
            raise empty()
        at = heading.header_at([cells for _unused, cells in head])
        names = heading.two_lines(head[at][1], head[at + 1][1]) if len(head) > at + 1 else []
        self._name_columns(names or head[at][1])
        if at:
            line = head[at][0]
            reason = _("the header is in line {line:,}; what stands above it is not read").format(line=line)
            advice = _("Nothing, if that is the header; else remove what is above it.")
            self.note(1, "", " ".join(head[0][1]).strip(), reason, advice, "rows_above_header")
        self._begin = at + 1
        if names:
            line, cells = head[at + 1]
            reason = _("the header has two lines; the names of the lower one are taken where there are any")
            self.note(
                line, "", " ".join(cells).strip(), reason, _("Nothing, if that is right; else write one line."), "two_lines"
            )
            self._begin += 1
        if len(head) > self._begin and heading.is_hxl(head[self._begin][1]):
            line, cells = head[self._begin]
            self.note(line, "", cells[0], _("a row of HXL tags; it is no incident and is left out"), "Nothing.", "hxl_tags")
            self._begin += 1

    def _records(self) -> Iterator[Row]:
        """The rows from the beginning of the sheet, blank ones left out."""
        raise NotImplementedError

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        return self._framed(islice(self._records(), self._begin, None), columns, size)

    def _framed(self, records: Iterator[Row], columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        place = {name: i for i, name in enumerate(self.columns)}
        # The blank cell that is put behind each row makes the pick a tuple also of a single column.
        pick = itemgetter(*(place[name] for name in columns), len(self.columns))
        width, names = len(self.columns), (*columns, "")
        cells: list[tuple[str, ...]] = []
        begins: list[int] = []
        there = filled_up = letters = 0
        for line, row in records:
            if len(row) != width:
                filled_up += max(0, width - len(row))
                there += len(row)
                self._fill_limit(filled_up, there)
                row = self._fit(line, row, width)
            row = pick([*row, ""]) if columns else ("",)
            # Our own exports put an apostrophe before what a spreadsheet would run: no part of the cell, nor of its length.
            text = "".join(row)
            letters += len(text)
            if "'" in text:
                row = tuple(map(from_cell, row))
            if len(max(row, key=len)) > LONGEST_CELL:
                row = self._cut(line, names, row)
            cells.append(row)
            begins.append(line)
            if len(cells) == size or letters > LARGEST_PIECE:
                yield _frame(columns, cells, begins)
                cells, begins, letters = [], [], 0
        if cells:
            yield _frame(columns, cells, begins)

    def _fit(self, line: int, row: list[str], width: int) -> list[str]:
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            reason = _("{count:,} cells under {width:,} columns").format(count=len(row), width=width)
            self.note(line, "", row[width], reason, _("Quote the cell that holds a separator."), "cells_and_columns")
        elif len(row) < width:
            reason = _("{count:,} cells under {width:,} columns; from here on they are blank").format(count=len(row), width=width)
            advice = _("Add the missing separators, or the missing quote.")
            self.note(line, self.columns[len(row)], "", reason, advice, "cells_and_columns")
        return row[:width] + [""] * (width - len(row))

    def _cut(self, line: int, names: tuple[str, ...], row: tuple[str, ...]) -> tuple[str, ...]:
        for name, cell in zip(names, row, strict=True):
            if len(cell) > LONGEST_CELL:
                self.note_cut(line, name, cell)
        return tuple(cell[:LONGEST_CELL] for cell in row)


def _bytes_of(cells: pa.Array) -> memoryview:
    """The UTF-8 of all cells of a text array, one behind the other, without a copy."""
    _unused, offsets, data = cells.buffers()
    if data is None or not len(cells):
        return memoryview(b"")
    kind = "int64" if pa.types.is_large_string(cells.type) else "int32"
    ends = np.frombuffer(offsets, dtype=kind)
    return memoryview(data)[ends[cells.offset] : ends[cells.offset + len(cells)]]


def _frame(columns: tuple[str, ...], cells: list[tuple[str, ...]], lines: list[int]) -> pd.DataFrame:
    index = pd.Index(lines, name="row")
    return pd.DataFrame(
        dict(zip(columns, zip(*cells, strict=True), strict=False)), index=index, columns=list(columns), dtype="str"
    )
