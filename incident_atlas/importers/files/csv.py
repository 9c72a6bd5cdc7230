"""Delimited text as a sheet: the separator is found, clean blocks go through Arrow, and from the first fault on care is taken."""

from __future__ import annotations

import io
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.text import from_cell
from incident_atlas.i18n import _
from incident_atlas.importers.files import csv_arrow as blocks
from incident_atlas.importers.files import header as heading
from incident_atlas.importers.files.base import MOST_COLUMNS, Grid, Row
from incident_atlas.importers.files.csv_lines import Records, empty, find_encoding, lines

_KINDS = {",": "CSV", ";": _("CSV with semicolons"), "\t": "TSV", "|": _("CSV with bars")}


class DelimitedSheet(Grid):
    """CSV, TSV, and tables with ; or | between their cells; raises `EmptyFile` or `NotATable`."""

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        self._size = max(stream.seek(0, io.SEEK_END), 1)
        stream.seek(0)
        self.encoding, self._errors = find_encoding(stream, self.note)
        self._delimiter = self._found_delimiter()
        self.kind = _KINDS[self._delimiter]
        self._read_heading()

    def part(self) -> float:
        """How much of the text has been read, 0 to 1."""
        return min(1.0, self._stream.tell() / self._size)

    def _found_delimiter(self) -> str:
        """The separator that gives the most of our columns, else the widest table whose rows are as long as its header."""
        self._stream.seek(0)
        text = lines(self._stream, self.encoding, self._errors, _unnoted)
        # Blank lines before the header are no reason to find no table.
        head = list(islice((line for line in text if line.strip()), heading.LOOKED_AT))
        if not head:
            raise empty()

        def worth(delimiter: str) -> tuple[int, float]:
            rows = [cells[: MOST_COLUMNS + 1] for _unused, cells in Records(head, delimiter, _unnoted)]
            if not rows:
                return 0, 0
            at = heading.header_at(rows)
            width, below = len(rows[at]), rows[at + 1 :]
            alike = sum(len(row) == width for row in below) / len(below) if below else 1
            return len(heading.own_names(rows[at])), width * alike if width > 1 else 0

        return max(_KINDS, key=worth)

    def _records(self, offset: int = 0, before: int = 0) -> Iterator[Row]:
        self._stream.seek(offset)
        text = lines(self._stream, self.encoding, self._errors, self.note, before)
        return iter(Records(text, self._delimiter, self.note, before))

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        if self.encoding not in ("utf-8", "utf-8-sig") or self._errors != "strict" or not columns:
            yield from super()._frames(columns, size)
            return
        offset, before = self._body()
        if offset is None:
            yield from super()._frames(columns, size)
            return
        self._count_rows()
        rest = b""
        self._stream.seek(offset)
        while True:
            new = self._stream.read(blocks.SIZE)
            if new.endswith(b"\r"):
                # The pair \r\n must not be cut; a \r that is followed by anything else is no clean text.
                new += self._stream.read(1)
            data = rest + new
            if not data:
                return
            block = blocks.scan(data, self._delimiter, before, len(new) < blocks.SIZE)
            table = blocks.parse(data, block, self._delimiter, self.columns, columns) if block else None
            if table is None:
                yield from self._framed(self._records(offset, before), columns, size)
                return
            for start in range(0, table.num_rows, size):
                yield self._frame(table.slice(start, size), block.lines[start : start + size])
            offset, before, rest = offset + block.end, before + block.taken, data[block.end :]

    def _count_rows(self) -> None:
        """Raise `TooLarge` where there are too many rows to be read, before any is; where a quote may hold line breaks nobody knows."""
        self._stream.seek(0)
        filled, before = 0, b"\n"
        while block := self._stream.read(1 << 20):
            if b'"' in block:
                return
            at = np.frombuffer(before + block, dtype="uint8")
            # A line that is not blank ends with a letter, in front of \n or \r.
            ends = (at[1:] == 10) | (at[1:] == 13)
            filled += int(np.count_nonzero(ends & (at[:-1] != 10) & (at[:-1] != 13)))
            before = block[-1:]
        self._limit(filled - self._begin)

    def _body(self) -> tuple[int | None, int]:
        """Where the rows begin: bytes and lines before them; None for bytes when lines end in the old way of the Mac."""
        notes = list(self.notes)
        first = next(islice(self._records(), self._begin, None), None)
        self.notes = notes
        if first is None:
            return self._size, 0
        offset = self._offset(first[0] - 1)
        return (None, 0) if offset is None else (offset, first[0] - 1)

    def _offset(self, lines_before: int) -> int | None:
        """Bytes of so many lines from the beginning; None when one of them ends in a \\r alone."""
        self._stream.seek(0)
        offset = 0
        while lines_before:
            block = self._stream.read(1 << 20)
            if block.endswith(b"\r"):
                block += self._stream.read(1)
            found = block.count(b"\n")
            if found >= lines_before:
                block = block[: int(np.flatnonzero(np.frombuffer(block, dtype="uint8") == 10)[lines_before - 1]) + 1]
            if block.count(b"\r") != block.count(b"\r\n"):
                return None
            lines_before -= min(found, lines_before)
            offset += len(block)
        return offset

    def _frame(self, table: pa.Table, begins) -> pd.DataFrame:
        index = pd.Index(begins, name="row")
        columns = {}
        for name, cells in zip(table.column_names, table.columns, strict=True):
            if pc.any(pc.starts_with(cells, "'")).as_py():
                cells = pa.array([from_cell(cell) for cell in cells.to_pylist()], pa.large_string())
            cells = self._shortened(cells, name, begins)
            columns[name] = pd.Series(pd.array(cells, dtype="str"), index=index, copy=False)
        return pd.DataFrame(columns, index=index, copy=False)


def _unnoted(*_unused: object) -> None:
    """For a look at the first rows: they are read again, and then what is wrong with them is said."""
