"""Where a person put incidents that nothing could place: proposals with scores, decisions as a small CSV, a record with them.

A placement is a value; the record itself stays as it is, and to undo is to leave one out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.schema import NAMES
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.dataset.load import Loaded, options
from incident_atlas.dataset.pipeline import derive
from incident_atlas.errors import Problem
from incident_atlas.geo import geocoding
from incident_atlas.geo.gazetteer import Match, OfflineGazetteer, offline_gazetteer
from incident_atlas.i18n import _
from incident_atlas.importers.files import saved_csv as saved

MOST = 5
"""Candidates that are shown."""

CANDIDATE = ("place_id", "name", "kind", "province", "latitude", "longitude", "geo_precision", "score", "method")
_LEVELS = ("place", "city", "district", "province")
_CHANGED = tuple(
    "latitude longitude geo_precision precision_stated province province_stated notes found_by found_as found_score x y spot precision_rank".split()
)


class Placement(NamedTuple):
    """Where a person put one incident. place_id: of the gazetteer, blank for a click on the map.

    latitude, longitude: WGS 84; both NaN: it was looked at and stays unplaced. geo_precision: as the person chose.
    """

    incident_id: str
    place_id: str = ""
    latitude: float = math.nan
    longitude: float = math.nan
    geo_precision: str = "city"
    decided: date | None = None


Placements = tuple[Placement, ...]

COLUMNS = Placement._fields


def candidates(gazetteer: OfflineGazetteer, row: Mapping[str, str]) -> pd.DataFrame:
    """Places that the words of a row may mean, columns `CANDIDATE`, at most `MOST`, best first.

    row: place, city, district and province as an incident has them. Places of its province come before all others, then
    the likest. score: 0 to 100; method: the column whose words are like the name, and how.
    """
    stated = gazetteer.province_of(row["province"]) if row["province"] else None
    best: dict[str, tuple[tuple, str, Match]] = {}
    for level, column in enumerate(_LEVELS):
        if not row[column]:
            continue
        kind = column if column != "place" else ""
        matches = [*gazetteer.alike(row[column], stated, kind), *(gazetteer.alike(row[column], None, kind) if stated else [])]
        for match in matches:
            rank = (bool(stated) and match.place.province != stated, -match.score, level, match.place.place_id)
            if match.place.place_id not in best or rank < best[match.place.place_id][0]:
                best[match.place.place_id] = rank, f"{column}: {match.method}", match
    rows = [_candidate(match, method) for _unused, method, match in sorted(best.values(), key=lambda one: one[0])[:MOST]]
    return pd.DataFrame(rows, columns=list(CANDIDATE))


def _candidate(match: Match, method: str) -> tuple:
    at = match.place
    return at.place_id, at.name, at.kind, at.province, at.latitude, at.longitude, match.geo_precision, match.score, method


def place(placements: Placements, one: Placement) -> Placements:
    """The placements with this one, in place of what was decided of the same incident before."""
    return (*undo(placements, one.incident_id), one)


def undo(placements: Placements, incident_id: str) -> Placements:
    """The placements without that of this incident."""
    return tuple(one for one in placements if one.incident_id != incident_id)


def written(placements: Iterable[Placement]) -> bytes:
    """The placements as CSV, UTF-8, columns `COLUMNS`; `read` gives them again."""
    return saved.written(COLUMNS, (_cells(one) for one in placements))


def _cells(one: Placement) -> tuple[str, ...]:
    point = ("" if math.isnan(value) else np.format_float_positional(value, trim="-") for value in (one.latitude, one.longitude))
    precision = "" if math.isnan(one.latitude) else one.geo_precision
    return one.incident_id, one.place_id, *point, precision, one.decided.isoformat() if one.decided else ""


def read(data: bytes) -> tuple[Placements, list[Problem]]:
    """The placements in a file, and what is wrong with it, row by row; raises `FileError` when it is no such file.

    A row without an id, or with coordinates that cannot be read, is left out, and said; an unknown precision is city, and said.
    Of two rows of one incident the last counts.
    """
    problems: list[Problem] = []
    note = saved.noting(problems)
    found: dict[str, Placement] = {}
    for line, cells in saved.saved_rows(data, COLUMNS, ("incident_id", "latitude", "longitude"), "placements", note):
        one = _placement(cells, line, note)
        if one is None:
            continue
        if found.pop(one.incident_id, None):
            reason = _("the incident stands twice; this row counts")
            note(line, "incident_id", one.incident_id, reason, _("Remove the one that is wrong."))
        found[one.incident_id] = one
    return tuple(found.values()), problems


def _placement(cells: list[str], line: int, note) -> Placement | None:
    incident_id, place_id, latitude, longitude, precision, decided = cells
    if not incident_id or len(incident_id) > saved.LONGEST_ID:
        note(line, "incident_id", incident_id, _("no id: the row is left out"), _("Name the incident."))
        return None
    point = _degrees(latitude, 90), _degrees(longitude, 180)
    if (latitude or longitude) and any(map(math.isnan, point)):
        reason = _("no coordinates: the row is left out")
        advice = _("Write decimal degrees, or leave both blank: it stays unplaced.")
        note(line, "latitude", f"{latitude}, {longitude}", reason, advice)
        return None
    if precision.casefold() not in GEO_PRECISIONS:
        if precision:
            advice = _("Use one of: {geo_precisions}.").format(geo_precisions="; ".join(GEO_PRECISIONS))
            note(line, "geo_precision", precision, _("no precision; it is taken for city"), advice)
        precision = "city"
    when = saved.day_of(decided, line, note)
    return Placement(incident_id, place_id[: saved.LONGEST_ID], *point, precision.casefold(), when)


def _degrees(text: str, limit: int) -> float:
    """A number of degrees, NaN for what is none."""
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if abs(value) <= limit else math.nan


def placed(loaded: Loaded, placements: Placements) -> tuple[Loaded, list[Problem]]:
    """The record with these incidents at their points, and the placements that could not be followed.

    An incident that has a point from its source keeps it. found_by of the others is `geocoding.BY_A_PERSON`, and their notes say
    so: a file that is made of them reads back as the same. Whatever follows from a point is worked out as at loading.
    """
    by_id = {one.incident_id: one for one in placements if not math.isnan(one.latitude)}
    incidents = loaded.incidents
    at = np.flatnonzero(incidents["incident_id"].isin(by_id))
    located = incidents["found_by"].iloc[at].isin((geocoding.FROM_SOURCE, geocoding.BLURRED)).to_numpy()
    ids = incidents["incident_id"].iloc[at].tolist()
    strange = [
        (name, _("the record does not hold this incident"), _("Choose the record that it was placed in.")) for name in by_id
    ]
    known = set(ids)
    refused = [one for one in strange if one[0] not in known]
    advice = _("Correct the coordinates in the file when they are wrong.")
    refused += [(name, _("its source gives a point"), advice) for name, has in zip(ids, located, strict=True) if has]
    left_out = _("{reason}; the placement is left out")
    problems = [
        Problem(1, "incident_id", name[:200], left_out.format(reason=reason), what, "placement_not_followed")
        for name, reason, what in refused
    ]
    if not len(at := at[~located]):
        return loaded, problems
    moved, moves = _moved(incidents.iloc[at], [by_id[name] for name in incidents["incident_id"].iloc[at]])
    columns = {name: _with(incidents[name], at, moved[name]) for name in _CHANGED}
    changed = incidents.assign(**columns)
    return replace(loaded, incidents=changed, options=options(changed)), problems + moves


def _moved(rows: pd.DataFrame, points: list[Placement]) -> tuple[pd.DataFrame, list[Problem]]:
    """These rows at their points, as the loader would give them, and what it says of points outside the stated province."""
    typed = rows[list(NAMES)].set_axis(rows["row"].to_numpy(), axis=0)
    stated = np.where(rows["province_stated"], rows["province"].astype("str"), "")
    notes = [text if geocoding.PLACED_NOTE in text else f"{geocoding.PLACED_NOTE} {text}".strip() for text in rows["notes"]]
    typed = typed.assign(
        latitude=[one.latitude for one in points],
        longitude=[one.longitude for one in points],
        geo_precision=pd.Categorical([one.geo_precision for one in points]),
        province=pd.Categorical(stated),
        notes=pd.array(notes, dtype="str"),
    )
    problems = Problems()
    found = derive(geocoding.place(typed, offline_gazetteer(), problems))
    rows_of_problems = problems.frame().astype(object).itertuples(index=False, name=None)
    return found, [Problem(int(row), *cells) for row, *cells in rows_of_problems]


def _with(column: pd.Series, at: np.ndarray, values: pd.Series) -> pd.Series:
    """The column with these values at these places, of the same type as before."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return _with(column.astype("str"), at, values.astype("str")).astype("category")
    changed = column.copy()
    changed.iloc[at] = values.to_numpy()
    return changed
