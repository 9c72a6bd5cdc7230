"""Our own format: a delimited text file with the columns of `record.COLUMNS`, however it was saved.

Spreadsheets save tables in several encodings and with several separators. What can be recognised is read and, where the
guess may be wrong, said as a Problem of line 1. A row's number is the line on which it begins, also after quoted line
breaks, so that an editor finds it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import charset_normalizer
import pandas as pd

from incident_atlas.errors import EmptyFile, MissingFile, NotAFile, NotATable, Problem
from incident_atlas.record import BY_NAME, ESSENTIAL, LONGEST_CELL, MUST, NAMES

CHUNK = 20_000
"""Rows that are text at the same time; more would cost memory, fewer would cost time."""

LONGEST_FIELD = 1_000_000
"""Characters after which a cell is taken for an opening quote without an end."""

_DELIMITERS = ",;\t|"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = {
    b"PK\x03\x04": "a zip archive or an Excel workbook",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
}
_SAVE_AS_CSV = "Save the table as CSV UTF-8 and try again."


def open_binary(path: Path) -> BinaryIO:
    """The file, opened for reading bytes; raises `MissingFile` or `NotAFile` in plain words."""
    if not path.exists():
        raise MissingFile(f"There is no file {path}. Check the name, or set INCIDENTS_SOURCE to the file you mean.")
    if path.is_dir():
        raise NotAFile(f"{path} is a folder. Name the CSV file inside it.")
    try:
        return path.open("rb")
    except OSError as trouble:
        raise NotAFile(f"{path} cannot be opened: {trouble.strerror}.") from trouble


class Table:
    """A delimited text file, ready to be read once.

    `notes` holds the Problems of the file as a whole (line 1); `rows` counts what has been read so far,
    `unreadable` the rows among them that could not be split into cells.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.notes: list[Problem] = []
        self.rows = 0
        self.unreadable = 0
        self._stream = stream
        self.encoding, self._errors = self._find_encoding()
        stream.seek(0)
        text = codecs.getreader(self.encoding)(stream, errors=self._errors)
        self._lines = (line.replace("\0", "") for line in _lines(text))
        self._header()

    def chunks(self, size: int = CHUNK) -> Iterator[pd.DataFrame]:
        """Frames of text, columns `record.NAMES`, index the line on which each row begins; blank cells are ''."""
        order = [self._at.get(name) for name in NAMES]
        cells: list[tuple[str, ...]] = []
        lines: list[int] = []
        for line, row in self._records():
            cells.append(tuple("" if i is None else row[i] for i in order))
            lines.append(line)
            if len(cells) == size:
                yield _frame(cells, lines)
                cells, lines = [], []
        if cells:
            yield _frame(cells, lines)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        width = len(self.header)
        while True:
            line = self._reader.line_num + 1
            try:
                row = next(self._reader)
            except StopIteration:
                return
            except csv.Error:
                self.rows += 1
                self.unreadable += 1
                self._note(line, "", "", "a quote is opened and never closed", "Add the closing quote, or remove the opening one.")
                continue
            if not row:
                continue
            self.rows += 1
            if len(row) != width:
                row = self._fit(line, row, width)
            yield line, self._cut(line, row)

    def _fit(self, line: int, row: list[str], width: int) -> list[str]:
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            self._note(line, "", row[width], f"{len(row)} cells under {width} columns", "Quote the cell that holds a separator.")
        elif len(row) < width:
            reason = f"{len(row)} cells under {width} columns"
            self._note(line, "", row[-1], reason, "Add the missing separators, or the closing quote of the last cell.")
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

    def _header(self) -> None:
        csv.field_size_limit(LONGEST_FIELD)
        first = next((line for line in self._lines if line.strip()), "")
        if not first:
            raise EmptyFile("The file is empty. It needs a header line with the names of the columns, then one row per incident.")
        delimiter = max(_DELIMITERS, key=lambda d: len(_known(first, d)))
        self.header = _names(first, delimiter)
        missing = [name for name in ESSENTIAL if name not in self.header]
        if missing:
            found = ", ".join(name for name in self.header[:8] if name)[:200]
            raise NotATable(
                f"The file has no column named {' or '.join(missing)}; its first line reads: {found}. "
                "The first line must name the columns, with the names that the README lists."
            )
        self._reader = csv.reader(self._lines, delimiter=delimiter)
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
            self._note(1, "", some, f"{len(strange):,} columns are not of the record and are not read", "Rename them if they are.")

    def _find_encoding(self) -> tuple[str, str]:
        head = self._stream.read(65_536)
        if not head.strip():
            raise EmptyFile("The file is empty. It needs a header line with the names of the columns, then one row per incident.")
        for signature, what in _SIGNATURES.items():
            if head.startswith(signature):
                raise NotATable(f"The file is {what}, not a table of text. {_SAVE_AS_CSV}")
        for bom, name in _BOMS:
            if head.startswith(bom):
                return name, "strict" if name == "utf-8-sig" and self._is_utf8() else "replace"
        zeros = head[0::2].count(0), head[1::2].count(0)
        if max(zeros) > len(head) // 8:
            return ("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"), "replace"
        if sum(byte < 32 and byte not in b"\t\r\n\x00\x1b" for byte in head) > len(head) // 50:
            raise NotATable(f"The file is not text. {_SAVE_AS_CSV}")
        if self._is_utf8():
            return "utf-8", "strict"
        return self._guess_encoding()

    def _is_utf8(self) -> bool:
        self._stream.seek(0)
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while block := self._stream.read(1 << 20):
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
        return True

    def _guess_encoding(self) -> tuple[str, str]:
        """A file that is nearly UTF-8 stays UTF-8; the rest is one of the single-byte encodings of spreadsheets."""
        self._stream.seek(0)
        odd = b"\n".join(line for line in self._stream.read(4 << 20).split(b"\n") if not line.isascii())[:100_000]
        as_utf8 = odd.decode("utf-8", "replace")
        broken = as_utf8.count("\ufffd")
        if sum(ord(char) > 127 for char in as_utf8) > 4 * broken:
            self._note(1, "", "", "some bytes are not UTF-8 and show as \ufffd", "Save the file as UTF-8 again.")
            return "utf-8", "replace"
        best = charset_normalizer.from_bytes(odd, cp_isolation=["cp1252", "cp1256", "latin_1"]).best()
        name = best.encoding if best else "latin_1"
        self._note(1, "", name, f"the file is not UTF-8; it was read as {name}", "Check the accents; save as CSV UTF-8.")
        return name, "replace"


def _lines(text: codecs.StreamReader) -> Iterator[str]:
    """Lines at \\n, \\r\\n or \\r only: `StreamReader` would also break at form feeds and separators inside a cell."""
    rest = ""
    while block := text.read(1 << 18):
        *whole, rest = (rest + block).replace("\r\n", "\n").split("\n")
        if rest.endswith("\r"):
            # The pair \r\n may be cut between two blocks; it is decided when the next one is here.
            rest, held = rest[:-1], "\r"
        else:
            held = ""
        for line in whole:
            yield from (part + "\n" for part in line.split("\r"))
        rest += held
    if rest:
        yield from (part + "\n" for part in rest.rstrip("\r").split("\r"))


def _names(line: str, delimiter: str) -> list[str]:
    cells = next(csv.reader([line], delimiter=delimiter), [])
    return [cell.strip().strip("\ufeff").casefold().replace(" ", "_")[:100] for cell in cells]


def _known(line: str, delimiter: str) -> set[str]:
    try:
        return BY_NAME.keys() & set(_names(line, delimiter))
    except csv.Error:
        return set()


def _frame(cells: list[tuple[str, ...]], lines: list[int]) -> pd.DataFrame:
    return pd.DataFrame(dict(zip(NAMES, zip(*cells), strict=True)), index=pd.Index(lines, name="row"), dtype=object)
