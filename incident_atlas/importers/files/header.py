"""Which row of a table is its header, and what its columns are called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from incident_atlas.core.schema import BY_NAME, ESSENTIAL
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import CALLED, spellings
from incident_atlas.importers.header_parts import named_by_parts

LOOKED_AT = 40
"""Rows from the top among which a header is looked for."""

LONGEST_NAME = 100
"""Characters of a column's name; the rest is cut."""

_FIGURE = re.compile(r"[\d\s.,:/%+-]+")
_KNOWN = {form for forms in CALLED.values() for form in forms}
_TAG = re.compile(r"#[a-z][\w+ ]*", re.IGNORECASE)


def normal(name: str) -> str:
    """A column's name as the record would write it.

    >>> normal(" Date End")
    'date_end'
    """
    return name.strip().casefold().replace(" ", "_")[:LONGEST_NAME]


def own_names(cells: Sequence[str]) -> set[str]:
    """The columns of our own record among these."""
    return BY_NAME.keys() & {normal(cell) for cell in cells}


def header_at(rows: Sequence[Sequence[str]]) -> int:
    """The place of the header: the first row, unless the rows above another hold hardly a cell, as a title does."""
    for at, row in enumerate(rows):
        if own_names(row).issuperset(ESSENTIAL):
            return at
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows]
    usual = Counter(filled).most_common(1)[0][0]
    for at, row in enumerate(rows):
        if filled[at] > max(1, usual // 3):
            return at if not at or _names_things(row, usual) else 0
    return 0


def two_lines(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The names of columns of a header of two lines, the upper of which groups columns; [] where the lower is none of it.

    It is one when it holds words alone, under blanks of the upper or under the first column of a group, or the same again
    (cells merged downwards), leaves no column without a name, and makes names that are known: a row of words may be an incident.

    >>> two_lines(["Date", "Location", "", "What"], ["", "Province", "Town", ""])
    ['Date', 'Province', 'Town', 'What']
    >>> two_lines(["Date", "Civilians", "", "Police", ""], ["", "killed", "injured", "killed", "injured"])[1:]
    ['Civilians killed', 'Civilians injured', 'Police killed', 'Police injured']
    >>> two_lines(["Date", "Province", ""], ["Monday", "Kabul", "Bomb"]), two_lines(["Date", "Town", ""], ["", "Kabul", "3 dead"])
    ([], [])
    """
    width = max(len(upper), len(lower))
    above, below = ([*map(str.strip, cells), *[""] * (width - len(cells))] for cells in (upper, lower))
    words = [cell for cell in below if cell]
    if any(len(word) > LONGEST_NAME or any(char.isdigit() for char in word) or not any(map(str.isalpha, word)) for word in words):
        return []
    names, group, parted = [], "", False
    for at, (name, part) in enumerate(zip(above, below, strict=True)):
        begins = bool(name) and at + 1 < width and not above[at + 1] and bool(below[at + 1])
        if not (name or (group and part)) or (name and part and part != name and not begins):
            return []
        group = name or group
        parted = parted or not name
        repeated = part and part != name and below.count(part) > 1
        names.append(f"{group} {part}" if repeated else part or name)
    known = any(name != over and any(form in _KNOWN for form in spellings(name)) for name, over in zip(names, above, strict=True))
    return names if parted and known and fit(names) >= fit(above) else []


def _names_things(row: Sequence[str], usual: int) -> bool:
    names = [cell.strip() for cell in row if cell.strip()]
    figures = sum(bool(_FIGURE.fullmatch(name)) for name in names)
    return len(names) >= max(2, usual // 2) and figures * 5 <= len(names) and len(set(names)) * 5 >= len(names) * 4


def fit(cells: Sequence[str]) -> int:
    """How well a header fits a table of incidents: 2 for a whole date, or 1 for a year; 1 each for a place and for the killed.

    >>> fit(["Event date", "Province", "Killed"]), fit(["Year", "Province", "Sum of killed"]), fit(["Column", "What it means"])
    (4, 2, 0)
    """
    names = {form for cell in cells if cell.strip() for form in spellings(cell)}
    by_parts = {ours for cell in cells for ours in named_by_parts(cell)}

    def has(*ours: str) -> bool:
        return any(name in by_parts or names.intersection(CALLED[name]) for name in ours)

    when = 2 if has("date") else has("date_year")
    return when + has("place", "city", "district", "province", "latitude", "coordinates") + has("killed", "killed_low")


def is_hxl(cells: Sequence[str]) -> bool:
    """Whether a row holds tags of the Humanitarian Exchange Language, such as #date, and nothing else."""
    tags = [cell.strip() for cell in cells if cell.strip()]
    return bool(tags) and all(_TAG.fullmatch(tag) for tag in tags)


def unique(cells: Sequence[str], note: Callable[[int, str, str, str, str, str], None]) -> tuple[str, ...]:
    """Names of columns, stripped, none blank and none twice, whatever their case; a name that stands twice is noted."""
    written = [cell.strip()[:LONGEST_NAME] for cell in cells]
    taken: dict[str, str] = {}
    again: Counter[str] = Counter()
    names = []
    known = {name.casefold() for name in written}
    for at, name in enumerate(written, 1):
        called = name or f"column {at}"
        if name and name.casefold() in taken:
            first = taken[name.casefold()]
            while called.casefold() in taken or called.casefold() in known:
                again[first] += 1
                called = f"{name} ({again[first] + 1})"
            reason = _("the column stands twice; the first is used, the other is called {called}").format(called=called)
            note(1, first, "", reason, _("Remove or rename one of them."), "repeated_column")
        while called.casefold() in taken:
            called += "'"
        taken[called.casefold()] = called
        names.append(called)
    return tuple(names)
