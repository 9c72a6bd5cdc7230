"""What the cells of a column can be: the tests behind a guess."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

import pandas as pd

from incident_atlas.core.schema import BY_NAME, OPEN_TERMS
from incident_atlas.core.text import ascii_digits
from incident_atlas.core.unknown_words import is_unknown
from incident_atlas.core.vocabulary import NORTH, UNKNOWN, YEARS
from incident_atlas.geo import parse_coordinates as degrees
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.importers.column_names import spellings
from incident_atlas.importers.mapping import parse_counts as figures
from incident_atlas.importers.mapping import parse_dates as dates
from incident_atlas.importers.mapping import parse_terms as terms

ENOUGH, MOST, SOME = 0.5, 0.8, 0.2
"""Shares of the cells that are not blank: for a name to be believed; without a name; for words of a vocabulary under
a name that says so."""

MOST_COLUMNS = 200
"""Columns without a telling name that are looked into."""

_TESTED = 100
"""Cells of a column that are tested."""

_LONGEST_WORD = 60
"""Characters of a term of a file's own."""

_LONGEST = 100
"""Characters: a longer cell is no place and no term, and to look for one in it takes long."""

_WHEN = set("date dates when datum fecha дата تاریخ".split())
_NOT_WHEN = set(
    "added updated revised accessed published created modified entered reported recorded source birth end ended timestamp submission"
    " submitted".split()
)
_OF_A_FORM = set("today|submission time|submissiondate|instanceid|uuid".split("|"))
_FILLED_IN = set("start|end|today|starttime|endtime".split("|"))
"""Names of columns that a form for telephones adds, and those of them that say when it was filled in."""
_VAGUE = ("category", "target", "result", "responsibility", "attack")
_NO_FIGURES = ("perpetrator", "target_name", "publisher")


def filled(cells: pd.Series) -> list[str]:
    """The cells that are not blank, without spaces around them."""
    # Python's own strings: an Arrow array gives its cells one by one, fifty times slower.
    return [text for cell in cells.to_numpy(object, na_value="") if (text := str(cell).strip())]


def holding_dates(cells: dict[str, list[str]], found: dict[str, str]) -> list[str]:
    """The columns that hold whole dates, by their cells alone, and are nothing else."""
    names = {theirs: (spellings(theirs) or ("",))[0] for theirs in cells}
    filled_in = _FILLED_IN if _OF_A_FORM & set(names.values()) else set()
    unnamed = ((theirs, held) for theirs, held in cells.items() if theirs not in found.values())
    return [
        theirs
        for theirs, held in islice(unnamed, MOST_COLUMNS)
        if names[theirs] not in filled_in
        and not _NOT_WHEN & set(" ".join(spellings(theirs)).split())
        and share(held, is_date) >= MOST
    ]


def named_like_dates(columns: Iterable[str]) -> list[str]:
    """The columns whose name has a word for a date in it, and none for another day than that of the incident."""
    words = {name: set(" ".join(spellings(name)).split()) for name in columns}
    return [name for name, parts in words.items() if parts & _WHEN and not parts & _NOT_WHEN]


def fits(ours: str, name: str, cells: list[str]) -> bool:
    """Whether the cells of a column of that name can be this one of ours."""
    kind = BY_NAME[ours].kind if ours in BY_NAME else ours
    if not cells:
        return kind in ("text", "count", "coordinate")
    if ours == "incident_id":
        # A few that stand twice are told of; where most do, it is the id of something else.
        return len(set(cells)) > ENOUGH * len(cells)
    if kind == "date_and_text":
        return share(cells, lambda cell: is_date(cell.split(" ")[0])) >= ENOUGH
    if kind == "date":
        return share(cells, is_date if ours != "date" or name == "day" else is_any_date) >= ENOUGH
    if ours == "date_year":
        return share(cells, lambda cell: bool(re.fullmatch(r"(19|20)\d\d(\.0+)?", ascii_digits(cell), re.ASCII))) >= ENOUGH
    if ours in ("date_month", "date_day"):
        most = "12" if ours == "date_month" else "31"
        return share(cells, lambda cell: _is_part(cell, int(most))) >= ENOUGH
    if kind == "coordinates":
        return share(cells, lambda cell: degrees.point(cell) is not None) >= ENOUGH
    if kind == "coordinate":
        return share(cells, lambda cell: _is_degrees(cell, ours)) >= ENOUGH
    if kind == "count":
        # Under such a name words may stand beside most numbers, or instead of them: those that cannot be read are told of.
        return share(cells, _is_figure) >= ENOUGH or share(cells, _has_figure) >= SOME
    if kind == "time":
        return share(cells, lambda cell: dates.time(cell) != "") >= ENOUGH
    if ours in BY_NAME and BY_NAME[ours].terms:
        known = share(cells, lambda cell: len(cell) <= _LONGEST and not terms.term(ours)(cell)[1])
        if name in _VAGUE:
            return known >= ENOUGH
        return known >= SOME or (ours in OPEN_TERMS and share(cells, _is_word) >= MOST)
    return share(cells, _is_number) < ENOUGH if ours in _NO_FIGURES else True


def share(cells: list[str], test: Callable[[str], bool]) -> float:
    """The share of the first `_TESTED` cells that pass, without those that say that nothing is known; 0 without any."""
    cells = cells[:_TESTED]
    cells = [cell for cell in cells if not is_unknown(cell)] or cells
    passed = {cell: test(cell) for cell in set(cells)}
    return sum(passed[cell] for cell in cells) / len(cells) if cells else 0.0


def is_any_date(cell: str) -> bool:
    """A date, a month or a year from 1900 to 2100, or what may be two of them; day numbers of a spreadsheet too."""
    found = dates.day(cell, "")
    return found.read and (bool(found.wrong) or YEARS[0] <= int(found.text[:4]) <= YEARS[1])


def is_date(cell: str) -> bool:
    """A date to the day, in more than one number: 44971 and 20220905 may count anything."""
    if len(cell) > _LONGEST or re.fullmatch(r"\d+(\.\d+)?", ascii_digits(cell), re.ASCII) or not is_any_date(cell):
        return False
    found = dates.day(cell, "")
    return bool(found.wrong) or len(found.text) == 10


def _is_part(cell: str, most: int) -> bool:
    last = dates.joined("2000", cell, "") if most == 12 else dates.joined("2000", "1", cell)
    found = re.fullmatch(r"2000(?:-(\d\d))?(?:-(\d\d))?", last)
    return bool(found) and int(found[1 if most == 12 else 2] or 0) <= most


def _number(cell: str, axis: str) -> float | None:
    found = degrees.degrees(cell, axis)
    return float(found) if re.fullmatch(r"-?\d{1,3}(\.\d+)?", found, re.ASCII) else None


def _is_degrees(cell: str, axis: str) -> bool:
    value = _number(cell, axis)
    return value is not None and abs(value) <= (90 if axis == "latitude" else 180)


def within(cell: str, span: tuple[float, float]) -> bool:
    """A number with decimals in that span: whole numbers may count anything."""
    value = _number(cell, "latitude" if span == NORTH else "longitude")
    return value is not None and value != int(value) and span[0] <= value <= span[1]


def _is_figure(cell: str) -> bool:
    """Whether a cell is read as a figure, or as none known."""
    best = figures.figure(cell).best
    return not best or best.isdigit()


def _has_figure(cell: str) -> bool:
    """Whether a cell begins with a number, or is read as a figure."""
    found = figures.figure(cell)
    return any(number.isdigit() for number in found[:3]) or re.match(r"\W*\d", cell) is not None


def _is_number(cell: str) -> bool:
    """Whether a cell is a number without any words."""
    found = figures.figure(cell)
    return found.alone and not found.kept and any(char.isdigit() for char in cell)


def _is_word(cell: str) -> bool:
    """Whether a cell may be a word of the file's own: short, with letters, and no sentence."""
    return len(cell) <= _LONGEST_WORD and not cell.endswith(".") and any(char.isalpha() for char in cell)


def telling(cell: str, ours: str) -> bool:
    """A term of this column of ours that says something."""
    term, strange = terms.term(ours)(cell) if len(cell) <= _LONGEST else ("", True)
    return not strange and term not in ("Other", UNKNOWN)


def is_province(cell: str) -> bool:
    """The name of a province, in any spelling of the gazetteer."""
    return len(cell) <= _LONGEST and offline_gazetteer().province_of(cell) is not None


def is_city(cell: str) -> bool:
    """The name of a city, in any spelling of the gazetteer."""
    found = offline_gazetteer().match(cell) if len(cell) <= _LONGEST else None
    return found is not None and found.method in ("name", "alias") and found.place.kind == "city"


def is_place(cell: str) -> bool:
    """A place that the gazetteer knows by a name in it, or that lies in one."""
    gazetteer = offline_gazetteer()
    found = (gazetteer.match(cell) or gazetteer.area_stated(cell)) if len(cell) <= _LONGEST else None
    return found is not None and found.method != "spelling"
