"""An Excel workbook (XLSX) as a sheet: the cells as they were last calculated, dates as ISO text, whole numbers without a point.

Of several worksheets the longest is read, because a table of incidents is longer than its explanations; it is said which.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import BinaryIO
from xml.etree.ElementTree import ParseError

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.utils.exceptions import InvalidFileException

from incident_atlas.core.text import counted, listed, plain
from incident_atlas.errors import NotATable, TooLarge
from incident_atlas.importers.files.archive import DAMAGED, Allowance
from incident_atlas.importers.files.base import Grid, Row

LAST_ROW = 1_048_576
"""Where a worksheet of Excel ends; a file may claim more."""

MOST_CELLS = 100_000_000
"""Cells, the blank ones before each row's last included: a million rows of a hundred columns."""

MOST_TEXTS = 5_000_000
"""Different texts of a workbook, which are all held while it is read; those of a whole UCDP GED fit."""

_BLOCK = 1 << 20
_DAMAGED = (*DAMAGED, ParseError, InvalidFileException, TypeError, AttributeError)
_AGAIN = "Open it in a spreadsheet program, save it as XLSX or CSV, and try again."
_ROW, _FORMULA = re.compile(rb"<(?:\w+:)?row[ />]"), re.compile(rb"<(?:\w+:)?f[ />]")
_SHARED = re.compile(rb"<(?:\w+:)?si[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?ref=\"([A-Z0-9:]{3,20})\"")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}

# It names cells and their values, which belong in no log.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

PIECE = 2_000
"""Rows that are text at the same time."""


@dataclass
class _Part:
    """What a file of the workbook holds: rows, texts that worksheets share, whether formulas, and the ranges of merged cells."""

    rows: int = 0
    texts: int = 0
    formulas: bool = False
    merged: tuple[str, ...] = ()


class Workbook(Grid):
    """The longest worksheet of an XLSX file; raises `NotATable`, `TooLarge` or `EmptyFile`."""

    kind = "Excel workbook"

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        self._done = 0
        try:
            parts = _looked_through(stream)
            self._sheet, self._part = self._chosen(self._book(), parts)
        except _DAMAGED as trouble:
            raise NotATable("The Excel workbook is damaged.", _AGAIN) from trouble
        if merged := self._part.merged:
            reason = f"{counted(len(merged), 'range')} of merged cells: only the first cell of each has the value"
            self.note(1, "", ", ".join(merged[:5]), reason, "Unmerge them, and fill every cell.", "merged_cells")
        self._read_heading()

    def part(self) -> float:
        """How much of the worksheet has been read, 0 to 1."""
        return min(1.0, self._done / max(self._part.rows, 1))

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        # Thirty times as slow as text: in smaller pieces a progress bar has something to show.
        return super()._frames(columns, min(size, PIECE))

    def _book(self, formulas: bool = False) -> openpyxl.Workbook:
        return openpyxl.load_workbook(self._stream, read_only=True, data_only=not formulas, keep_links=False)

    def _chosen(self, book: openpyxl.Workbook, parts: dict[str, _Part]) -> tuple[str, _Part]:
        sheets = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"] or book.worksheets
        if not sheets:
            raise NotATable("The Excel workbook has no worksheet.", _AGAIN)
        # openpyxl tells in no other way which file of the archive is which worksheet.
        of = {sheet.title: parts.get(sheet._worksheet_path, _Part()) for sheet in sheets}
        chosen = max(of, key=lambda title: of[title].rows)
        others = [plain(title, 40) for title, part in of.items() if title != chosen and part.rows > 1]
        if others:
            reason = f"of {len(others) + 1:,} worksheets with rows only the longest is read, {plain(chosen, 40)}"
            advice = f"To read {listed(others[:5], 'or')}, save it as a file of its own."
            self.note(1, "", ", ".join(others), reason, advice, "other_tables")
        return chosen, of[chosen]

    def _records(self) -> Iterator[Row]:
        formulas, faults = _Faults(), _Faults()
        cells = 0
        for line, row in enumerate(self._values(formulas), 1):
            self._done = line
            cells += len(row)
            if cells > MOST_CELLS:
                raise TooLarge(f"The worksheet has more than {MOST_CELLS:,} cells.", "Save it as CSV, and try again.")
            texts = [_text(value) for value in row]
            for at, text in enumerate(texts):
                if text in _ERRORS:
                    faults.add(at, line, text)
                    texts[at] = ""
            while texts and not texts[-1].strip():
                texts.pop()
            if texts:
                yield line, texts
        for at, (line, example, found, blank) in formulas.items():
            reason = f"{counted(found, 'formula')} in this column; the values last calculated are taken"
            if blank:
                reason += f", {blank:,} without one {'is' if blank == 1 else 'are'} blank"
            advice = "Open the file in a spreadsheet program, let it calculate, save it."
            self.note(line, self._called(at), example, reason, advice, "formulas")
        for at, (line, example, found, _) in faults.items():
            reason = f"{counted(found, 'cell')} of this column {'shows' if found == 1 else 'show'} an error of Excel; blank"
            self.note(line, self._called(at), example, reason, "Correct the formula, or write the value.", "error_cells")

    def _called(self, at: int) -> str:
        return self.columns[at] if at < len(self.columns) else ""

    def _values(self, formulas: _Faults) -> Iterator[list]:
        """The values of every row; where there are formulas, they are read beside them and counted."""
        if not self._part.formulas:
            yield from self._rows(self._book(), values_only=True)
            return
        both = zip(self._rows(self._book()), self._rows(self._book(formulas=True)), strict=True)
        for line, (row, written) in enumerate(both, 1):
            for at, (value, formula) in enumerate(zip(row, written, strict=True)):
                if formula.data_type == "f":
                    # A formula that gives an empty text has a value: that text.
                    formulas.add(at, line, str(formula.value), value.value is None and value.data_type != "str")
            yield [cell.value for cell in row]

    def _rows(self, book: openpyxl.Workbook, values_only: bool = False) -> Iterator[tuple]:
        try:
            sheet = book[self._sheet]
            # What a worksheet says of its size is not always so.
            sheet.reset_dimensions()
            yield from sheet.iter_rows(max_row=LAST_ROW, values_only=values_only)
        except _DAMAGED as trouble:
            raise NotATable("The Excel workbook is damaged.", _AGAIN) from trouble

    def _fit(self, line: int, row: list[str], width: int) -> list[str]:
        if len(row) > width:
            reason, advice = "a cell to the right of the last column", "Give its column a name, or remove the cell."
            self.note(line, "", row[-1], reason, advice, "cells_and_columns")
        return row[:width] + [""] * (width - len(row))


class _Faults(dict[int, list]):
    """By column: line and text of the first, how many there are, and how many of them left the cell blank."""

    def add(self, at: int, line: int, text: str, blank: bool = False) -> None:
        """One more in this column."""
        of = self.setdefault(at, [line, text, 0, 0])
        of[2] += 1
        of[3] += blank


def _looked_through(stream: BinaryIO) -> dict[str, _Part]:
    """What each worksheet's file holds; raises `TooLarge` for a bomb, and `NotATable` for XML that defines its own terms."""
    parts: dict[str, _Part] = {}
    allowance = Allowance(stream.seek(0, 2))
    archive = zipfile.ZipFile(stream)
    for name in archive.namelist():
        part = parts[name] = _Part()
        rest = b""
        with archive.open(name) as file:
            while piece := file.read(_BLOCK):
                allowance.add(len(piece))
                if not name.endswith((".xml", ".rels")):
                    continue
                # Cut before a tag, so that none is looked at in two halves.
                data = rest + piece
                cut = data.rfind(b"<") if len(rest) < _BLOCK else len(data)
                data, rest = data[:cut], data[cut:]
                _look(data, part)
        _look(rest, part)
    return parts


def _look(data: bytes, part: _Part) -> None:
    # Entities that unfold to others are the XML way to fill a memory.
    if b"<!DOCTYPE" in data:
        raise NotATable("The Excel workbook holds XML that Excel does not write.", _AGAIN)
    part.rows += len(_ROW.findall(data))
    part.texts += len(_SHARED.findall(data))
    if part.texts > MOST_TEXTS:
        raise TooLarge(f"The workbook has more than {MOST_TEXTS:,} different texts.", "Save it as CSV, and try again.")
    part.formulas = part.formulas or bool(_FORMULA.search(data))
    if len(part.merged) < 100_000:
        part.merged += tuple(range_.decode() for range_ in _MERGED.findall(data))


def _text(value: object) -> str:
    """A value as text; one that Excel holds as a moment at midnight is a day.

    >>> [_text(value) for value in (None, 3.0, 34.53, True, datetime(2020, 1, 2), time(10, 50))]
    ['', '3', '34.53', 'TRUE', '2020-01-02', '10:50']
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        # Excel itself shows fifteen digits.
        return np.format_float_positional(float(f"{value:.15g}"), trim="-")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else str(value.replace(microsecond=0))
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
