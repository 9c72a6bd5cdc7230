"""An Excel workbook (XLSX) as a sheet: the cells as they were last calculated, dates as ISO text, whole numbers without a point.

Of several worksheets the one is read that a reader names, else the one whose header fits a table of incidents best. Which one
was read, and which others there are, is said.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import BinaryIO, NamedTuple
from xml.etree.ElementTree import ParseError

import numpy as np
import pandas as pd
from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.xml.constants import SHARED_STRINGS

from incident_atlas.core.text import counted, counted_rows, listed, plain
from incident_atlas.errors import FileError, NotATable, TooLarge
from incident_atlas.i18n import _, ngettext
from incident_atlas.importers.files import header as heading
from incident_atlas.importers.files.archive import DAMAGED, Allowance
from incident_atlas.importers.files.base import Grid, Row, Worksheet
from incident_atlas.importers.files.merged_cells import MergedDown, count_columns
from incident_atlas.importers.files.worksheet import AGAIN, LAST_COLUMN, Cells, Styles, rows, shared_texts

MOST_CELLS = 100_000_000
"""Cells that are not blank: a million rows of a hundred columns."""

MOST_TEXTS = 5_000_000
"""Different texts of a workbook, which are all held while it is read; those of a whole UCDP GED fit."""

MOST_PARTS = 10_000
"""Files within a workbook: worksheets, their notes and pictures."""

MOST_TAGS = 1_000_000
"""Elements of XML in any file that is neither a worksheet nor the shared texts: styles, names, relations."""

_BLOCK = 1 << 20
_DAMAGED = (*DAMAGED, ParseError, InvalidFileException, TypeError, AttributeError)
_ROW = re.compile(rb"<(?:\w+:)?row[ />]")
_SHARED = re.compile(rb"<(?:\w+:)?si[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]*?ref=\"([A-Z0-9:]{3,20})\"")
_ERRORS = {"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}

# It names cells and their values, which belong in no log.
warnings.filterwarnings("ignore", category=UserWarning, module=r"openpyxl\.")

LOOKED_AT_COLUMNS = 500
"""Cells of a row in which the words of a header are looked for, to choose between worksheets."""

MOST_LOOKED_INTO = 50
"""Worksheets among which one is chosen; of more, the first ones."""

PIECE = 2_000
"""Rows that are text at the same time."""


@dataclass
class _Part:
    """What a file of the workbook holds: rows, texts that worksheets share, all elements, and the ranges of merged cells."""

    rows: int = 0
    texts: int = 0
    tags: int = 0
    merged: tuple[str, ...] = ()


class Workbook(Grid):
    """One worksheet of an XLSX file; raises `NotATable`, `TooLarge` or `EmptyFile`.

    worksheet: the name of the one to read; '' for the one whose header fits a table of incidents best, of equals the longest.
    """

    kind = _("Excel workbook")

    def __init__(self, stream: BinaryIO, name: str, worksheet: str = "") -> None:
        super().__init__(name)
        self._done = 0
        try:
            parts = _looked_through(stream)
            book = _Book(stream)
            self._archive, self._styles, self._texts = book.archive, book.styles, book.texts
            self._path, self._part = self._choose(book, parts, worksheet)
        except _DAMAGED as trouble:
            raise NotATable(_("The Excel workbook is damaged."), AGAIN) from trouble
        if merged := self._part.merged:
            reason = _("{ranges} of merged cells: only the first cell of each has the value")
            if MergedDown(merged).count:
                reason = _(
                    "{ranges} of merged cells: the first cell of each has the value, down a column every row, unless it may count people"
                )
            reason = reason.format(ranges=counted(len(merged), "{n} range", "{n} ranges"))
            self.note(1, "", ", ".join(merged[:5]), reason, _("Unmerge them, and fill every cell."), "merged_cells")
        self._read_heading()

    def part(self) -> float:
        """How much of the worksheet has been read, 0 to 1."""
        return min(1.0, self._done / max(self._part.rows, 1))

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        # Thirty times as slow as text: in smaller pieces a progress bar has something to show.
        return super()._frames(columns, min(size, PIECE))

    def _choose(self, book: _Book, parts: dict[str, _Part], name: str) -> tuple[str, _Part]:
        """The file and the size of the worksheet to read; fills `worksheets` and `worksheet`, and notes the others."""
        sheets = [sheet for sheet in book.sheets if sheet.visible] or book.sheets
        if not sheets:
            raise NotATable(_("The Excel workbook has no worksheet."), AGAIN)
        heads = [self._head(sheet, parts[sheet.path]) for sheet in sheets[:MOST_LOOKED_INTO]] if len(sheets) > 1 else []
        if name:
            named = [sheet for sheet in book.sheets if plain(sheet.title, 40).casefold() == plain(name, 40).casefold()]
            if not named:
                titles = listed([plain(sheet.title, 40) for sheet in sheets[:20]], "or")
                reason = _("The workbook has no worksheet named {name}.").format(name=plain(name, 40))
                raise NotATable(reason, _("Choose {titles}.").format(titles=titles))
            chosen = named[0]
        elif len(sheets) == 1:
            chosen = sheets[0]
        else:
            best = max(range(len(heads)), key=lambda at: (heads[at].fit, heads[at].rows, -at))
            chosen = sheets[best]
        self.worksheets = tuple(
            Worksheet(plain(sheet.title, 40), head.rows) for sheet, head in zip(sheets, heads, strict=False) if head.rows
        )
        self.worksheet = plain(chosen.title, 40)
        others = [sheet for sheet in self.worksheets if sheet.name != self.worksheet]
        if others:
            reason = _("the worksheet {worksheet} is read; the others with rows are not").format(worksheet=self.worksheet)
            names = ", ".join(f"{sheet.name} ({counted_rows(sheet.rows)})" for sheet in others)
            advice = _("To read another, choose it on the page Your data, or give its name to a command as --sheet.")
            self.note(1, "", names, reason, advice, "other_tables")
        return chosen.path, parts[chosen.path]

    def _head(self, sheet: _Listed, part: _Part) -> _Head:
        """How well the header of a worksheet fits a table of incidents, and how many rows are under it."""
        if part.rows < 2:
            return _Head(0, 0)
        self._path, self._part = sheet.path, part
        try:
            first = [cells[:LOOKED_AT_COLUMNS] for _unused, cells in islice(self._records(), heading.LOOKED_AT)]
        except FileError:
            # Another worksheet may be sound; the one that is read says what is wrong with it.
            first = []
        self.notes.clear()
        if not first:
            return _Head(0, 0)
        at = heading.header_at(first)
        names = (heading.two_lines(*first[at : at + 2]) if len(first) > at + 1 else []) or first[at]
        return _Head(heading.fit(names), max(part.rows - at - 1, 0))

    def _records(self) -> Iterator[Row]:
        formulas, faults = _Faults(), _Faults()
        merged, counts = MergedDown(self._part.merged), count_columns(self.columns)
        cells = blank = filled = 0
        # Until the header is known, a row is as wide as it is; then no wider than the header, and one cell that tells it was.
        width = len(self.columns) or LAST_COLUMN
        for done, row in enumerate(self._rows(), 1):
            self._done = done
            cells += len(row.values)
            if cells > MOST_CELLS:
                reason = _("The worksheet has more than {most_cells:,} cells.").format(most_cells=MOST_CELLS)
                raise TooLarge(reason, _("Save it as CSV, and try again."))
            for at, (formula, no_value) in row.formulas.items():
                formulas.add(at, row.line, formula, no_value)
            filled += merged.fill(row, counts)
            texts: list[str] = []
            last_text = ""
            for at in sorted(row.values):
                text = _text(row.values[at])
                if text in _ERRORS:
                    faults.add(at, row.line, text)
                elif not text.strip():
                    continue
                elif at < width:
                    texts += [""] * (at - len(texts))
                    texts.append(text)
                else:
                    last_text = text
            if last_text:
                texts += [""] * (width - len(texts))
                texts.append(last_text)
            if texts:
                blank += max(0, len(texts) - len(row.values))
                self._fill_limit(blank + filled, cells)
                yield row.line, texts
        for at, (line, example, found, blank) in formulas.items():
            reason = _("{formulas} in this column; the values last calculated are taken").format(
                formulas=counted(found, "{n} formula", "{n} formulas")
            )
            if blank:
                reason += ngettext(", {n:,} without one is blank", ", {n:,} without one are blank", blank).format(n=blank)
            advice = _("Open the file in a spreadsheet program, let it calculate, save it.")
            self.note(line, self._called(at), example, reason, advice, "formulas")
        for at, (line, example, found, _unused) in faults.items():
            reason = ngettext(
                "{n:,} cell of this column shows an error of Excel; blank",
                "{n:,} cells of this column show an error of Excel; blank",
                found,
            ).format(n=found)
            self.note(line, self._called(at), example, reason, _("Correct the formula, or write the value."), "error_cells")

    def _called(self, at: int) -> str:
        return self.columns[at] if at < len(self.columns) else ""

    def _rows(self) -> Iterator[Cells]:
        try:
            with self._archive.open(self._path) as file:
                yield from rows(file, self._texts, self._styles)
        except _DAMAGED as trouble:
            raise NotATable(_("The Excel workbook is damaged."), AGAIN) from trouble

    def _fit(self, line: int, row: list[str], width: int) -> list[str]:
        if len(row) > width:
            reason, advice = _("a cell to the right of the last column"), _("Give its column a name, or remove the cell.")
            self.note(line, "", row[-1], reason, advice, "cells_and_columns")
        return row[:width] + [""] * (width - len(row))


class _Head(NamedTuple):
    """What the first rows of a worksheet tell: see `header.fit`; and the rows under its header, blank ones too."""

    fit: int
    rows: int


class _Listed(NamedTuple):
    """A worksheet: its title, its file in the archive, whether Excel shows it."""

    title: str
    path: str
    visible: bool


class _Book:
    """What openpyxl reads of a workbook beside its cells: its worksheets and styles; and the texts that the worksheets share."""

    def __init__(self, stream: BinaryIO) -> None:
        reader = ExcelReader(stream, read_only=True, keep_links=False)
        self.archive: zipfile.ZipFile = reader.archive
        reader.read_manifest()
        reader.read_workbook()
        apply_stylesheet(reader.archive, reader.wb)
        self.styles = Styles(reader.wb._date_formats, reader.wb._timedelta_formats, reader.wb.epoch)
        self.sheets = [
            _Listed(sheet.name, each.target, sheet.state == "visible")
            for sheet, each in reader.parser.find_sheets()
            if each.target in self.archive.NameToInfo and "chartsheet" not in each.Type
        ]
        self.texts: list[str] = []
        if shared := reader.package.find(SHARED_STRINGS):
            with self.archive.open(shared.PartName[1:]) as file:
                self.texts = shared_texts(file, MOST_TEXTS)


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
    entries = archive.infolist()
    if len(entries) > MOST_PARTS:
        raise NotATable(
            _("The Excel workbook is made of {count:,} files, as none is that Excel writes.").format(count=len(entries)), AGAIN
        )
    # What the archive says of its sizes is no promise, but reason enough to refuse.
    Allowance(stream.seek(0, 2)).add(sum(entry.file_size for entry in entries))
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
                _scan(data, part)
        _scan(rest, part)
        if part.tags > MOST_TAGS and not part.rows and not part.texts:
            reason = _("The Excel workbook holds more than {most_tags:,} elements beside its cells.").format(most_tags=MOST_TAGS)
            raise NotATable(reason, AGAIN)
    return parts


def _scan(data: bytes, part: _Part) -> None:
    # Entities that unfold to others are the XML way to fill a memory.
    if b"<!DOCTYPE" in data:
        raise NotATable(_("The Excel workbook holds XML that Excel does not write."), AGAIN)
    part.rows += len(_ROW.findall(data))
    part.texts += len(_SHARED.findall(data))
    if part.texts > MOST_TEXTS:
        reason = _("The workbook has more than {most_texts:,} different texts.").format(most_texts=MOST_TEXTS)
        raise TooLarge(reason, _("Save it as CSV, and try again."))
    part.tags += data.count(b"<")
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
        text = f"{value:.15g}"
        return np.format_float_positional(float(text), trim="-") if "e" in text else text
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else str(value.replace(microsecond=0))
    if isinstance(value, time):
        return value.isoformat("seconds" if value.second else "minutes")
    return value.isoformat() if isinstance(value, date) else str(value)
