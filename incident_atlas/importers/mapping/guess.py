"""What the columns of an unknown table are, by their names and by what stands in them.

A name alone is not enough where cells can say otherwise: a column "dead" that holds names is no figure. Cells alone are not
enough where they fit several of ours: small whole numbers may count anything.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import islice

import pandas as pd

from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import EAST, NORTH
from incident_atlas.geo import parse_coordinates as degrees
from incident_atlas.importers.column_names import CALLED, DATE_PARTS, OURS, question_names, spellings
from incident_atlas.importers.header_parts import named_by_parts
from incident_atlas.importers.mapping.kinds import (
    MOST,
    MOST_COLUMNS,
    filled,
    fits,
    holding_dates,
    is_any_date,
    is_city,
    is_province,
    named_like_dates,
    share,
    telling,
    within,
)
from incident_atlas.importers.mapping.mapping import Mapping
from incident_atlas.importers.mapping.questions import judged

_NOT_WHERE = set("target perpetrator attacker group source victim nationality origin born reported".split())


def guess(sample: pd.DataFrame) -> Mapping:
    """The mapping that the first few hundred rows of a table suggest, all text, columns as the file names them.

    Never two of ours from one of theirs; `undecided` holds what a person must say before the table can be read.
    """
    theirs = {question: name for name, question in question_names(sample.columns).items()}
    cells = {question: filled(sample[name]) for question, name in theirs.items()}
    found = _by_name(cells)
    _by_content(cells, found)
    for one, other in (("latitude", "longitude"), ("longitude", "latitude")):
        if other not in found:
            found.pop(one, None)
    if "latitude" in found:
        found.pop("coordinates", None)
    return judged(Mapping(tuple((ours, theirs[found[ours]]) for ours in OURS if ours in found)), sample)


def examples(sample: pd.DataFrame, column: str) -> list[str]:
    """The first three different values of a column that are not blank, cut to 80 characters each."""
    return [plain(cell, 80) for cell in dict.fromkeys(filled(sample[column]))][:3]


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
            matches = (theirs for name, theirs in named if fits(ours, name, cells[theirs]))
            match = next(matches, None)
            if ours == "incident_id" and match and not _all_differ(cells[match]):
                match = next((theirs for theirs in matches if _all_differ(cells[theirs])), match)
            if match is not None and ours not in found:
                found[ours] = match
    for theirs in cells:
        # A name of several parts, where no column has the plain name.
        first = (spellings(re.split(r"[/(\[|]", theirs)[0]) or ("",))[0]
        fitting = (
            ours for ours in OURS if ours in named_by_parts(theirs) and ours not in found and fits(ours, first, cells[theirs])
        )
        if theirs not in found.values() and (ours := next(fitting, None)):
            found[ours] = theirs
    return _whole_date(found, cells)


def _all_differ(cells: list[str]) -> bool:
    return len(set(cells)) == len(cells)


def _whole_date(found: dict[str, str], cells: dict[str, list[str]]) -> dict[str, str]:
    """One date rather than its parts; the parts rather than nothing, and a year alone as the date it is."""
    parts = {ours: found.pop(ours) for ours in DATE_PARTS if ours in found}
    if "date" not in found and "date_year" in parts and not holding_dates(cells, found):
        if "date_month" not in parts:
            found["date"] = parts["date_year"]
        else:
            found |= parts
    return found


def _by_content(cells: dict[str, list[str]], found: dict[str, str]) -> None:
    """What no full name told: dates, degrees, coordinates, provinces and cities, words of our vocabularies; one column only."""

    def only(ours: str, test: Callable[[str], bool], distinct: int = 1, strange: set[str] = frozenset()) -> None:
        if ours in found:
            return
        fitting = [
            theirs
            for theirs, held in unnamed.items()
            if theirs not in found.values()
            and not strange & set(" ".join(spellings(theirs)).split())
            and len(set(held)) >= distinct
            and share(held, test) >= MOST
        ]
        if len(fitting) == 1:
            found[ours] = fitting[0]

    unnamed = dict(islice(((name, held) for name, held in cells.items() if name not in found.values()), MOST_COLUMNS))
    if "date" not in found and "date_year" not in found:
        candidates = holding_dates(cells, found) or [
            name for name in named_like_dates(cells) if share(cells[name], is_any_date) >= MOST
        ]
        if len(candidates) == 1:
            found["date"] = candidates[0]
    if not found.keys() & {"latitude", "longitude", "coordinates"}:
        only("coordinates", lambda cell: degrees.point(cell) is not None)
        if "coordinates" not in found:
            only("latitude", lambda cell: within(cell, NORTH))
            only("longitude", lambda cell: within(cell, EAST))
    only("province", is_province, strange=_NOT_WHERE)
    only("city", is_city, strange=_NOT_WHERE)
    for ours in ("attack_type", "weapon", "target_type"):
        only(ours, lambda cell, ours=ours: telling(cell, ours), distinct=2)
