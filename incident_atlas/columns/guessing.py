"""What the columns of an unknown table are, by their names and by what stands in them, and what a person must decide.

A name alone is not enough where cells can say otherwise: a column "dead" that holds names is no figure. Cells alone are not
enough where they fit several of ours: small whole numbers may count anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from itertools import islice

import pandas as pd

from incident_atlas.columns import dates, degrees, figures, terms
from incident_atlas.columns.mapping import Mapping
from incident_atlas.columns.names import CALLED, DATE_PARTS, OURS, ascii_digits, spellings
from incident_atlas.gazetteer import OfflineGazetteer
from incident_atlas.record import BY_NAME
from incident_atlas.text import plain
from incident_atlas.vocabulary import UNKNOWN

_ENOUGH, _MOST, _SOME = 0.5, 0.8, 0.2
"""Shares of the cells that are not blank: for a name to be believed; without a name; for words of a vocabulary."""

_NORTH, _EAST = (29.0, 39.0), (60.0, 75.0)
"""Degrees between which Afghanistan lies."""

_LONGEST = 100
"""Characters: a longer cell is no place and no term, and to look for one in it takes long."""

_MOST_COLUMNS = 200
"""Columns without a telling name that are looked into."""

_WHEN = set("date dates datum дата تاریخ".split())
_NOT_WHEN = set(
    "added updated revised accessed published created modified entered reported recorded source birth end ended timestamp".split()
)
_NOT_WHERE = set("target perpetrator attacker group source victim nationality origin born reported".split())
_NO_FIGURES = ("perpetrator", "target_name", "publisher")
_CHOSEN = (dates.DAY_FIRST, dates.MONTH_FIRST)


def guess(sample: pd.DataFrame) -> Mapping:
    """The mapping that the first few hundred rows of a table suggest, all text, columns as the file names them.

    Never two of ours from one of theirs; `undecided` holds what a person must say before the table can be read.
    """
    cells = {name: _filled(sample[name]) for name in sample.columns}
    found = _by_name(cells)
    _by_content(cells, found)
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if other not in found:
            found.pop(one, None)
    if "latitude" in found:
        found.pop("coordinates", None)
    return judged(Mapping(tuple((ours, found[ours]) for ours in OURS if ours in found)), sample)


def judged(mapping: Mapping, sample: pd.DataFrame) -> Mapping:
    """The mapping with the questions in `undecided` that it leaves open for this sample of the table.

    To be asked when a person changed the mapping, or loaded one. Where nobody chose how dates are written, the sample does.
    """
    taken = {ours: _filled(sample[theirs]) for ours, theirs in mapping.columns if theirs in sample.columns}
    order, unsaid = dates.order_of(cell for ours in ("date", "date_end") for cell in taken.get(ours, ()))
    if mapping.date_order not in _CHOSEN:
        mapping = replace(mapping, date_order=order)
    questions = [*_when(mapping, taken, sample), *([plain(unsaid)] if unsaid and not mapping.date_order else [])]
    return replace(mapping, undecided=tuple([*questions, *_written(mapping, taken, order), *_where(mapping, taken)]))


def examples(sample: pd.DataFrame, column: str, n: int = 3) -> list[str]:
    """The first `n` different values of a column that are not blank, cut to 80 characters each."""
    return [plain(cell, 80) for cell in dict.fromkeys(_filled(sample[column]))][:n]


def _filled(cells: pd.Series) -> list[str]:
    return [cell for cell in cells.fillna("").astype(str).str.strip() if cell]


def _by_name(cells: dict[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    # The whole name before the name without its fillers, and the surest names of each of ours first.
    for level in (0, -1):
        called: dict[str, list[str]] = {}
        for theirs in cells:
            if forms := spellings(theirs):
                called.setdefault(forms[level], []).append(theirs)
        for ours in sorted(OURS, key=lambda ours: ours in DATE_PARTS):
            named = ((name, theirs) for name in CALLED[ours] for theirs in called.get(name, ()) if theirs not in found.values())
            match = next((theirs for name, theirs in named if _fits(ours, name, cells[theirs])), None)
            if match is not None and ours not in found:
                found[ours] = match
    return _whole_date(found, cells)


def _whole_date(found: dict[str, str], cells: dict[str, list[str]]) -> dict[str, str]:
    """One date rather than its parts; the parts rather than nothing, and a year alone as the date it is."""
    parts = {ours: found.pop(ours) for ours in DATE_PARTS if ours in found}
    if "date" not in found and "date_year" in parts and not _of_dates(cells, found):
        if "date_month" not in parts:
            found["date"] = parts["date_year"]
        else:
            found |= parts
    return found


def _by_content(cells: dict[str, list[str]], found: dict[str, str]) -> None:
    """What no full name told: dates, degrees, coordinates, provinces and cities, words of our vocabularies; one column only."""

    def only(
        ours: str, test: Callable[[str], bool], least: float = _MOST, distinct: int = 1, strange: set[str] = frozenset()
    ) -> None:
        if ours in found:
            return
        fitting = [
            theirs
            for theirs, held in unnamed.items()
            if theirs not in found.values()
            and not strange & set(" ".join(spellings(theirs)).split())
            and len(set(held)) >= distinct
            and _share(held, test) >= least
        ]
        if len(fitting) == 1:
            found[ours] = fitting[0]

    unnamed = dict(islice(((name, held) for name, held in cells.items() if name not in found.values()), _MOST_COLUMNS))
    if "date" not in found and "date_year" not in found:
        candidates = _of_dates(cells, found) or [
            name for name in _like_dates(cells) if _share(cells[name], _is_any_date) >= _MOST
        ]
        if len(candidates) == 1:
            found["date"] = candidates[0]
    if not found.keys() & {"latitude", "longitude", "coordinates"}:
        only("coordinates", lambda cell: degrees.point(cell) is not None)
        if "coordinates" not in found:
            only("latitude", lambda cell: _within(cell, _NORTH))
            only("longitude", lambda cell: _within(cell, _EAST))
    only("province", _is_province, strange=_NOT_WHERE)
    only("city", _is_city, strange=_NOT_WHERE)
    for ours in ("attack_type", "weapon", "target_type"):
        only(ours, lambda cell, ours=ours: _telling(cell, ours), distinct=2)


def _fits(ours: str, name: str, cells: list[str]) -> bool:
    """Whether the cells of a column of that name can be this one of ours."""
    kind = BY_NAME[ours].kind if ours in BY_NAME else ours
    if not cells:
        return kind in ("text", "count", "coordinate")
    if ours == "incident_id":
        return len(set(cells)) == len(cells)
    if kind == "date":
        return _share(cells, _is_date if ours != "date" or name == "day" else _is_any_date) >= _ENOUGH
    if ours == "date_year":
        return _share(cells, lambda cell: bool(re.fullmatch(r"(19|20)\d\d(\.0+)?", ascii_digits(cell), re.ASCII))) >= _ENOUGH
    if ours in ("date_month", "date_day"):
        most = "12" if ours == "date_month" else "31"
        return _share(cells, lambda cell: _is_part(cell, int(most))) >= _ENOUGH
    if kind == "coordinates":
        return _share(cells, lambda cell: degrees.point(cell) is not None) >= _ENOUGH
    if kind == "coordinate":
        return _share(cells, lambda cell: _is_degrees(cell, ours)) >= _ENOUGH
    if kind == "count":
        return _share(cells, _is_figure) >= _ENOUGH
    if kind == "time":
        return _share(cells, lambda cell: dates.time(cell) != "") >= _ENOUGH
    if ours in BY_NAME and BY_NAME[ours].terms:
        return _share(cells, lambda cell: len(cell) <= _LONGEST and not terms.term(ours)(cell)[1]) >= _SOME
    return _share(cells, lambda cell: figures.figure(cell).alone) < _ENOUGH if ours in _NO_FIGURES else True


def _when(mapping: Mapping, taken: dict[str, list[str]], sample: pd.DataFrame) -> Iterable[str]:
    if {"date", "date_year"} & taken.keys():
        return
    several = _of_dates({name: _filled(sample[name]) for name in sample.columns}, dict(mapping.columns))
    if len(several) > 1:
        shown = ", ".join(f'"{plain(name, 40)}"' for name in several[:5])
        yield f"Several columns hold dates ({shown}): choose the one on which the incident began."
    elif named := [name for name in _like_dates(sample.columns) if examples(sample, name, 1)]:
        shown = f'"{plain(named[0], 40)}" cannot be read as dates, such as "{examples(sample, named[0], 1)[0]}"'
        yield f"The cells of {shown}: write them as 2022-09-05, or choose the column of the date."
    else:
        yield "No column was found that says when: choose the column of the date."


def _written(mapping: Mapping, taken: dict[str, list[str]], order: str) -> Iterable[str]:
    when = taken.get("date", [])
    against = [cell for cell in when if "first" in dates.day(cell, mapping.date_order).wrong]
    if order in _CHOSEN and len(against) > len(when) / 2:
        yield f"Most dates, such as {plain(against[0], 40)}, are written with the {order}: choose how dates are written."
    odd = [cell for cell in when if not _is_any_date(cell)]
    if len(odd) > len(when) / 2:
        name = plain(mapping.theirs("date"), 40)
        yield (
            f'Most cells of "{name}" are no dates, such as "{plain(odd[0], 40)}": choose another column, or write dates as '
            "2022-09-05."
        )


def _where(mapping: Mapping, taken: dict[str, list[str]]) -> Iterable[str]:
    if mapping.swapped is not None:
        return
    north, east = taken.get("latitude", []), taken.get("longitude", [])
    if both := [point for cell in taken.get("coordinates", ()) if (point := degrees.point(cell))]:
        north, east = [point[0] for point in both], [point[1] for point in both]
    if north and east and min(_share(north, lambda c: _within(c, _EAST)), _share(east, lambda c: _within(c, _NORTH))) > _ENOUGH:
        yield (
            f"Latitudes such as {plain(north[0], 40)} and longitudes such as {plain(east[0], 40)} lie outside Afghanistan, and "
            "inside when they are exchanged: choose whether to exchange them."
        )


def _like_dates(columns: Iterable[str]) -> list[str]:
    """The columns whose name has a word for a date in it, and none for another day than that of the incident."""
    words = {name: set(" ".join(spellings(name)).split()) for name in columns}
    return [name for name, told in words.items() if told & _WHEN and not told & _NOT_WHEN]


def _of_dates(cells: dict[str, list[str]], found: dict[str, str]) -> list[str]:
    """The columns that hold whole dates, by their cells alone, and are nothing else."""
    return [
        theirs
        for theirs, held in cells.items()
        if theirs not in found.values()
        and not _NOT_WHEN & set(" ".join(spellings(theirs)).split())
        and _share(held, _is_date) >= _MOST
    ]


def _share(cells: list[str], test: Callable[[str], bool]) -> float:
    """The share of the cells that pass; 0 without any."""
    passed = {cell: test(cell) for cell in set(cells)}
    return sum(passed[cell] for cell in cells) / len(cells) if cells else 0.0


def _is_any_date(cell: str) -> bool:
    found = dates.day(cell, "")
    return found.read and (bool(found.wrong) or 1900 <= int(found.text[:4]) <= 2100)


def _is_date(cell: str) -> bool:
    """A date to the day, in more than one number: 44971 and 20220905 may count anything."""
    digits = ascii_digits(cell).strip()
    found = dates.day(cell, "")
    return (
        not re.fullmatch(r"[\d.]+(?<!\d{4})|\d+", digits, re.ASCII)
        and _is_any_date(cell)
        and (bool(found.wrong) or len(found.text) == 10)
    )


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


def _within(cell: str, span: tuple[float, float]) -> bool:
    """A number with decimals in that span: whole numbers may count anything."""
    value = _number(cell, "latitude" if span == _NORTH else "longitude")
    return value is not None and value != int(value) and span[0] <= value <= span[1]


def _is_figure(cell: str) -> bool:
    """Whether a cell is read as a figure, or as none known."""
    best = figures.figure(cell).best
    return not best or best.isdigit()


def _telling(cell: str, ours: str) -> bool:
    term, strange = terms.term(ours)(cell) if len(cell) <= _LONGEST else ("", True)
    return not strange and term not in ("Other", UNKNOWN)


def _is_province(cell: str) -> bool:
    return len(cell) <= _LONGEST and _gazetteer().province_of(cell) is not None


def _is_city(cell: str) -> bool:
    found = _gazetteer().match(cell) if len(cell) <= _LONGEST else None
    return found is not None and found.method in ("name", "alias") and found.place.kind == "city"


@cache
def _gazetteer() -> OfflineGazetteer:
    return OfflineGazetteer()
