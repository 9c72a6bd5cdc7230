"""Which places are hit most: neighbourhoods, districts, and landmarks of no neighbourhood, with yearly rates.

An incident counts for the place that its own words name, never for one whose point happens to be near. Never for a city's
middle: one known only to its city is in no row, and is counted beside the table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.analysis.statistics import rate_interval
from incident_atlas.core.text import listed
from incident_atlas.core.vocabulary import PRECISE
from incident_atlas.dataset.totals import sums_of, total_of
from incident_atlas.geo.gazetteer import Place, offline_gazetteer
from incident_atlas.i18n import _, ngettext

COLUMNS = (
    "row", "date", "date_precision", "geo_precision", "precision_rank", "latitude", "found_as", "place", "district", "province",
    "killed_least", "killed_best", "killed_most", "killed_open", "killed_none",
)  # fmt: skip
"""What `most_hit` reads, for `Filters.apply(columns=...)`."""

TABLE_COLUMNS = (
    "place_id", "name", "kind", "incidents", "rate", "rate_low", "rate_high",
    "killed_low", "killed", "killed_high", "at_least", "without_figure", "last", "last_precision",
)  # fmt: skip


class Places(NamedTuple):
    """Which places are hit most. table: one row per place that was, most first (`TABLE_COLUMNS`).

    rate, rate_low, rate_high: incidents per year with its exact bounds, NaN without `years`. of = those in the table +
    imprecise (known only to the city, the province or the country) + unplaced + elsewhere (at no place of the gazetteer).
    """

    table: pd.DataFrame
    years: float | None
    of: int
    imprecise: int
    unplaced: int
    elsewhere: int


def most_hit(incidents: pd.DataFrame, exposure: float | None, ends: pd.Timestamp | None = None) -> Places:
    """Places of the gazetteer by incidents. incidents: columns `COLUMNS`; exposure: years, None for no rates; ends: their last day.

    Later incidents, as of an area that was collected to a later day, count in no rate.

    A place known to at least the neighbourhood counts for the neighbourhood that its words name; a landmark for the
    neighbourhood that the gazetteer puts it in, and without one for itself, as an airport does. So does an incident with a
    point of its own, by the words of its place; when they name neither, for the district that its row states. A place
    known only to its district counts for that.
    """
    homes = _homes(incidents)
    placed, at_home = incidents["latitude"].notna(), homes != ""
    countable = placed & ((incidents["precision_rank"] < len(PRECISE)) | (incidents["geo_precision"] == "district"))
    table = _table(incidents[at_home], homes[at_home], exposure, ends)
    counts = (int(rows.sum()) for rows in (placed & ~countable, ~placed, countable & ~at_home))
    return Places(table, exposure, len(incidents), *counts)


def uncounted_sentence(places: Places) -> str:
    """The incidents that stand in no row, counted in a sentence; plain text, '' when there are none."""
    message = _("{elsewhere:,} whose words name no neighbourhood, landmark or district that the gazetteer knows")
    parts = [
        ngettext(
            "{n:,} incident known only to its city, province or country",
            "{n:,} incidents known only to their city, province or country",
            places.imprecise,
        ).format(n=places.imprecise)
        if places.imprecise
        else "",
        _("{unplaced:,} without a known location").format(unplaced=places.unplaced) if places.unplaced else "",
        message.format(elsewhere=places.elsewhere) if places.elsewhere else "",
    ]
    phrase = listed([part for part in parts if part])
    return _("Not counted in these places: {phrase}.").format(phrase=phrase) if phrase else ""


def places_sentence(places: Places) -> str:
    """The first three places with their incidents, and what is in none; plain text."""
    first = [f"{one.name} ({one.incidents:,})" for one in places.table.head(3).itertuples()]
    most_hit = _("Places with most incidents: {first}.").format(first=listed(first)) if first else ""
    return " ".join(filter(None, (most_hit, uncounted_sentence(places))))


def _table(incidents: pd.DataFrame, homes: pd.Series, exposure: float | None, ends: pd.Timestamp | None) -> pd.DataFrame:
    rows = []
    for place_id, group in incidents.groupby(homes, sort=False):
        place, n = offline_gazetteer().by_id[str(place_id)], len(group)
        inside = n if ends is None else int((group["date"] <= ends).sum())
        bounds = rate_interval(inside, exposure) if exposure else (np.nan, np.nan)
        total = total_of(sums_of(group, "killed"), "killed")
        last = group.sort_values(["date", "row"]).iloc[-1]
        killed = (total.low, total.best, total.high, total.at_least, total.without_figure)
        rate = inside / exposure if exposure else np.nan
        rows.append((place.place_id, _name(place), place.kind, n, rate, *bounds, *killed, last["date"], last["date_precision"]))
    table = pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
    return table.sort_values(["incidents", "name"], ascending=[False, True], ignore_index=True)


def _name(place: Place) -> str:
    """The place with what it lies in: a neighbourhood or landmark with its city, a district with its province."""
    if place.kind == "district":
        return _("{district} district, {province}").format(district=place.name, province=place.province)
    above = offline_gazetteer().by_id.get(place.parent)
    over = above.name if above else ""
    return place.name if over in place.name else f"{place.name}, {over}"


def _homes(incidents: pd.DataFrame) -> pd.Series:
    """For each incident the place_id of the neighbourhood, landmark or district that it counts for, or ''."""
    homes = pd.Series("", index=incidents.index, dtype=object)
    placed = incidents["latitude"].notna()
    precise = placed & (incidents["precision_rank"] < len(PRECISE))
    district = placed & (incidents["geo_precision"] == "district")
    found = incidents["found_as"].astype("str")
    homes[precise] = _map_unique(found[precise], _home)
    homes[district] = _map_unique(found[district], _its_district)
    own_points = precise & ~found.isin(offline_gazetteer().by_id)
    province = incidents["province"].astype("str")
    homes[own_points] = _map_unique(
        incidents.loc[own_points, "place"].astype("str") + "\n" + province[own_points], _home_named_by
    )
    rest = (precise | district) & (homes == "")
    homes[rest] = _map_unique(incidents.loc[rest, "district"].astype("str") + "\n" + province[rest], _district_named_by)
    return homes


def _map_unique(keys: pd.Series, answer: Callable[[str], str]) -> pd.Series:
    """`answer` of every key, asked once for each."""
    return keys.map({key: answer(key) for key in keys.unique()})


@cache
def _home(place_id: str) -> str:
    """The neighbourhood that a place of the gazetteer is or lies in, else the landmark that it is or lies in, else ''."""
    kinds = {one.kind: one.place_id for one in _upwards(offline_gazetteer().by_id.get(place_id))}
    return kinds.get("neighbourhood") or kinds.get("landmark", "")


def _home_named_by(words: str) -> str:
    """The same for what the words of a place name; a city or a district that they name is none."""
    place, province = words.rsplit("\n", 1)
    found = offline_gazetteer().match(place, province or None) if place else None
    return _home(found.place.place_id) if found else ""


def _its_district(place_id: str) -> str:
    return next((one.place_id for one in _upwards(offline_gazetteer().by_id.get(place_id)) if one.kind == "district"), "")


def _district_named_by(words: str) -> str:
    """The district that a row names itself, when the gazetteer has it under that very name."""
    district, province = words.split("\n", 1)
    found = offline_gazetteer().match(district, province or None, "district") if district else None
    named = found and found.method in ("name", "alias") and found.place.kind == "district"
    return found.place.place_id if named else ""


def _upwards(place: Place | None) -> Iterator[Place]:
    """A place, what it lies in, and so on."""
    visited: set[str] = set()
    while place is not None and place.place_id not in visited:
        yield place
        visited.add(place.place_id)
        place = offline_gazetteer().by_id.get(place.parent)
