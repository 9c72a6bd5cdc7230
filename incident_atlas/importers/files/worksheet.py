"""The rows and the shared texts of an XLSX file, as they come: one row at a time in memory, blank cells as nothing.

openpyxl fills each row up to its last cell, which for a cell in the last column of Excel is 16,384 values a row, and reads a
worksheet again for its formulas. Here a row is only what is written in it: value and formula of each cell in one pass (ECMA-376,
part 1, 18.3.1.4 and 18.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO
from xml.parsers import expat

from openpyxl.utils import column_index_from_string
from openpyxl.utils.datetime import from_excel, from_ISO8601

from incident_atlas.errors import NotATable, TooLarge
from incident_atlas.i18n import _

LAST_ROW = 1_048_576
"""Where a worksheet of Excel ends; a file may claim more."""

LAST_COLUMN = 16_384
"""Where a row of Excel ends; what a file claims beyond it is not read."""

AGAIN = _("Open it in a spreadsheet program, save it as XLSX or CSV, and try again.")

_BLOCK = 1 << 16
_DIGITS = "0123456789"


@dataclass(frozen=True)
class Styles:
    """How a workbook writes days: the styles of cells that are dates, those that are lengths of time, the day 0."""

    dates: set[int] = field(default_factory=set)
    lengths: set[int] = field(default_factory=set)
    epoch: datetime = datetime(1899, 12, 30)


@dataclass
class Cells:
    """One row: its number, and by place from 0 the values that are not blank; formulas: by place the text and whether it is blank."""

    line: int
    values: dict[int, Any] = field(default_factory=dict)
    formulas: dict[int, tuple[str, bool]] = field(default_factory=dict)


def rows(stream: BinaryIO, texts: list[str], styles: Styles) -> Iterator[Cells]:
    """The rows of a worksheet that hold a cell, in the order of the file; raises `ValueError` and the like when it is damaged."""
    reader = _Rows(texts, styles)
    for _unused in _parsed(stream, reader):
        yield from reader.done
        reader.done.clear()
        if reader.line > LAST_ROW:
            return


def shared_texts(stream: BinaryIO, most: int) -> list[str]:
    """The texts that the worksheets share, by number; raises `TooLarge` for more than `most`."""
    reader = _Texts()
    for _unused in _parsed(stream, reader):
        if len(reader.texts) > most:
            raise TooLarge(
                _("The workbook has more than {most:,} different texts.").format(most=most), _("Save it as CSV, and try again.")
            )
    return reader.texts


def _parsed(stream: BinaryIO, reader: _Rows | _Texts) -> Iterator[None]:
    """Feed the reader, with a stop after each block of bytes."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    try:
        while block := stream.read(_BLOCK):
            parser.Parse(block, False)
            yield
        parser.Parse(b"", True)
    except expat.ExpatError as trouble:
        raise ValueError("no XML") from trouble
    finally:
        # Parser and reader hold each other.
        parser.StartElementHandler = parser.EndElementHandler = parser.CharacterDataHandler = None
    yield


def _refuse(*_unused: object) -> None:
    # Entities that unfold to others are the XML way to fill a memory.
    raise NotATable(_("The Excel workbook holds XML that Excel does not write."), AGAIN)


class _Rows:
    """Handlers of expat that collect the rows of a worksheet in `done`."""

    def __init__(self, texts: list[str], styles: Styles) -> None:
        self.done: list[Cells] = []
        self.line = 0
        self._texts, self._styles = texts, styles
        self._column_of: dict[str, int] = {}
        self._row = Cells(0)
        self._at = -1
        self._kind, self._style = "n", ""
        self._parts: list[str] = []
        self._formula: str | None = None
        self._value: str | None = None
        self._inline: list[str] | None = None
        self._deaf = True  # whether text that comes is of no value
        self._phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(" ")[2]
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "f", "t"):
            self._parts, self._deaf = [], False
        elif name == "row":
            number = attributes.get("r")
            self.line = max(int(float(number)), self.line + 1) if number else self.line + 1
            self._row, self._at = Cells(self.line), -1
        elif name == "is":
            self._inline = []
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        """Characters of an element."""
        if not self._deaf:
            self._parts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(" ")[2]
        if name == "v":
            # The first counts where there are two.
            self._value = "".join(self._parts) if self._value is None else self._value
            self._deaf = True
        elif name == "c":
            if 0 <= self._at < LAST_COLUMN:
                self._end_cell()
        elif name == "t":
            if self._inline is not None and not self._phonetic:
                self._inline.append("".join(self._parts))
            self._deaf = True
        elif name == "f":
            self._formula, self._deaf = "=" + "".join(self._parts), True
        elif name == "row":
            if (self._row.values or self._row.formulas) and self.line <= LAST_ROW:
                self.done.append(self._row)
        elif name == "rPh":
            self._phonetic = False

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        if reference:
            letters = reference.rstrip(_DIGITS)
            at = self._column_of.get(letters)
            if at is None:
                at = self._column_of[letters] = column_index_from_string(letters) - 1
            self._at = at
        else:
            self._at += 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._value = self._formula = self._inline = None

    def _end_cell(self) -> None:
        value: Any = None
        if self._kind == "inlineStr":
            value = "".join(self._inline) if self._inline else None
        elif self._value:
            value = self._typed(self._value)
        if value is not None and value != "":
            self._row.values[self._at] = value
        if self._formula is not None:
            # A formula that gives an empty text has a value: that text.
            self._row.formulas[self._at] = self._formula, value is None and self._kind != "str"

    def _typed(self, written: str) -> Any:
        kind = self._kind
        if kind == "s":
            return self._texts[int(written)]
        if kind == "n":
            number = float(written) if "." in written or "E" in written or "e" in written else int(written)
            if self._style and (style := int(self._style)) in self._styles.dates:
                try:
                    return from_excel(number, self._styles.epoch, timedelta=style in self._styles.lengths)
                except (OverflowError, ValueError):
                    return "#VALUE!"
            return number
        if kind == "b":
            return bool(int(written))
        return from_ISO8601(written) if kind == "d" else written


class _Texts:
    """Handlers of expat that collect shared texts, their phonetic guides left out."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._parts: list[str] = []
        self._deaf = True
        self._phonetic = False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        name = name.rpartition(" ")[2]
        if name == "t":
            self._deaf = self._phonetic
        elif name == "si":
            self._parts = []
        elif name == "rPh":
            self._phonetic = True

    def text(self, text: str) -> None:
        """Characters of an element."""
        if not self._deaf:
            self._parts.append(text)

    def end(self, name: str) -> None:
        """An element ends."""
        name = name.rpartition(" ")[2]
        if name == "t":
            self._deaf = True
        elif name == "si":
            # As openpyxl does: _x005F_ stands for an underscore that would else begin an escape.
            self.texts.append("".join(self._parts).replace("x005F_", ""))
        elif name == "rPh":
            self._phonetic = False
