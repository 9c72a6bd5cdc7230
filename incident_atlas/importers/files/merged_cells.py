"""Values of merged cells of a worksheet: Excel keeps one in the first cell of a range, and shows it for all of them.

Down a column the value is that of each row: five incidents of one day, with the date written once. A number of people is not:
filled down, the dead of one cell would be counted in every row.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from openpyxl.utils import column_index_from_string

from incident_atlas.core.vocabulary import YEARS
from incident_atlas.importers.column_names import CALLED, spellings
from incident_atlas.importers.files.worksheet import Cells

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})", re.ASCII)
_COUNTS = ("killed", "killed_low", "killed_high", "wounded", "wounded_low", "wounded_high", "attackers_killed", "abducted")
_NAMES_OF_COUNTS = {form for name in _COUNTS for form in CALLED[name]}


def count_columns(columns: Sequence[str]) -> set[int]:
    """The places of the columns that count people by their names."""
    return {at for at, name in enumerate(columns) if _NAMES_OF_COUNTS.intersection(spellings(name))}


class MergedDown:
    """The ranges of a worksheet that go down, and their values as its rows are read from the first to the last."""

    def __init__(self, ranges: Iterable[str]) -> None:
        """ranges: as in "A2:A4"; of one that is several columns wide the first column goes down."""
        self._begin: dict[int, list[tuple[int, int]]] = {}
        self._open: dict[int, tuple[int, object]] = {}
        self.count = 0
        for text in ranges:
            if (found := _RANGE.fullmatch(text)) and int(found[4]) > int(found[2]):
                self._begin.setdefault(int(found[2]), []).append((column_index_from_string(found[1]) - 1, int(found[4])))
                self.count += 1

    def fill(self, row: Cells, counts: Container[int]) -> int:
        """Fill the blank cells of a row that are in such a range, and give how many. counts: places that are never filled.

        A row without a value of its own stays blank.
        """
        filled = 0
        if row.values and self._open:
            for at, (last, value) in list(self._open.items()):
                if last < row.line:
                    del self._open[at]
                elif at not in row.values and at not in counts:
                    row.values[at] = value
                    filled += 1
        for at, last in self._begin.get(row.line, ()):
            if _is_of_each_row(value := row.values.get(at)):
                self._open[at] = last, value
        return filled


def _is_of_each_row(value: object) -> bool:
    """Whether a value can be that of several rows: not a whole number, which may count people, unless it is a year."""
    if isinstance(value, bool) or value is None:
        return False
    if isinstance(value, int | float):
        return value != int(value) or YEARS[0] <= value <= YEARS[1]
    return isinstance(value, str | datetime)
