"""Missing coordinates, filled: from the offline gazetteer first, from Nominatim only when a person asks.

A row keeps the coordinates a source gave. The others are looked up by `place`, then `city`, `district`, `province`, and
each carries how it was found. What is found nowhere stays unplaced: it is counted and listed, never dropped.
"""

from __future__ import annotations

import logging
import math
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from geopy.exc import GeopyError
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import PRECISION_RANK
from incident_atlas.errors import GeocodingError
from incident_atlas.geo import boundaries, swapped_points
from incident_atlas.geo.coordinates import written
from incident_atlas.geo.gazetteer import Match, OfflineGazetteer, fold
from incident_atlas.i18n import _, gettext_noop

USER_AGENT = "incident-atlas (offline-first research dashboard)"
"""Nominatim's usage policy asks every program for a name of its own."""

FROM_SOURCE = gettext_noop("given by a source")
BY_A_PERSON = gettext_noop("placed by a person")
BLURRED = "blurred"
FINAL_METHODS = (FROM_SOURCE, BY_A_PERSON, BLURRED)
"""What found_by says of points that are the row's own."""

NOT_FOUND = gettext_noop("not found")

PLACED_NOTE = "Placed by a person: no source gives this point."
"""What the notes of a row say whose coordinates are a reader's own, so that its file, read again, is not taken for a source: the same in every language."""


def place(incidents: pd.DataFrame, gazetteer: OfflineGazetteer, problems: Problems) -> pd.DataFrame:
    """Every incident with a point and how it was found, or marked unplaced.

    Fills latitude, longitude, geo_precision and province where they are blank and adds found_by (how: given by a
    source; placed by a person; place: alias; city: name; ... not found), found_as (the gazetteer's place_id), found_score (0 to
    100), province_stated (whether the row itself names its province) and precision_stated (whether its own precision holds,
    because it is coarser than that of what was found).
    Coordinates that lie outside the stated province, or look swapped, are kept, and are a Problem. The gazetteer and the
    outlines are Afghanistan's: nothing is looked up or looked at for a row of another country.
    """
    afghan = in_afghanistan(incidents, gazetteer)
    incidents = _usual_provinces(incidents, afghan, gazetteer)
    incidents["province_stated"] = incidents["province"] != ""
    has_point = incidents["latitude"].notna()
    # What a row says itself is not looked up: a place for its point, a name for its province.
    to_look_up = afghan & ~(has_point & incidents["province_stated"])
    keys = [incidents.loc[to_look_up, name].astype("str") for name in _ORDER]
    keys[0] = keys[0].mask(has_point[to_look_up], "")
    codes, distinct = pd.factorize(pd.MultiIndex.from_arrays(keys))
    found = pd.DataFrame([_as_found(*find(gazetteer, *key)) for key in distinct] + [_as_found("", None)], columns=_FOUND)
    at = np.full(len(incidents), len(distinct))
    at[to_look_up.to_numpy()] = codes
    columns = found.take(at)
    columns.index = incidents.index
    for name in ("latitude", "longitude"):
        incidents[name] = incidents[name].fillna(columns[name])
    precision = incidents["geo_precision"].astype("str")
    # What a source knows only to the province is no better known because words of its row are found in a town.
    coarser = precision.map(PRECISION_RANK) > columns["geo_precision"].map(PRECISION_RANK)
    looked_up = columns["geo_precision"].mask(coarser, precision)
    incidents["precision_stated"] = coarser & ~has_point
    # Coordinates without a precision are taken for a city's centre.
    incidents["geo_precision"] = (
        precision.mask(has_point & (precision == ""), "city").mask(~has_point, looked_up).astype("category")
    )
    incidents["province"] = _provinces(incidents, columns["province"], has_point & afghan)
    _tell_of_outsiders(incidents.loc[has_point & afghan, ["province", "latitude", "longitude"]], problems)
    chosen = has_point & incidents["notes"].astype("str").str.contains(PLACED_NOTE, regex=False)
    incidents["found_by"] = columns["found_by"].mask(has_point, FROM_SOURCE).mask(chosen, BY_A_PERSON).astype("category")
    incidents["found_as"] = columns["found_as"].mask(has_point, "").astype("category")
    incidents["found_score"] = columns["found_score"].mask(has_point, 100.0)
    return incidents


_ORDER = ("place", "city", "district", "province")
_FOUND = ["latitude", "longitude", "geo_precision", "province", "found_by", "found_as", "found_score"]


def find(gazetteer: OfflineGazetteer, place: str, city: str, district: str, province: str) -> tuple[str, Match | None]:
    """The best match of a row, and the column that gave it: place before city before district before province.

    A town or a district named in passing in the place (the highway from Herat to Islam Qala) does not outweigh the
    district that the row itself names. Where the place as a whole is the name of a province, a district or a country, a city
    inside of it says more.
    """
    within = province
    if not within and city and (of_city := gazetteer.match(city)):
        within = of_city.place.province
    if place and city and (found := _city_inside(gazetteer, place, city, within)):
        return "city", found
    for level, text in zip(_ORDER, (place, city, district, province), strict=True):
        match = gazetteer.match(text, within or None, "" if level == "place" else level) if text else None
        in_passing = match and match.method == "in the text" and match.place.kind in ("city", "district")
        if match and match.place.kind != "country" and not (level == "place" and district and in_passing):
            return level, match
    area = gazetteer.area_stated(place) if place else None
    return ("place", area) if area and (not within or area.place.province == gazetteer.province_of(within)) else ("", None)


def _city_inside(gazetteer: OfflineGazetteer, place: str, city: str, within: str) -> Match | None:
    """The match of the city where the place names an area, a province such as Kabul rather than the town of that name, and the city
    another place inside of it; else None."""
    areas = gazetteer.areas_named(place)
    match = gazetteer.match(city, within or None, "city") if areas else None
    if match is None or fold(place) in map(fold, (match.place.name, *match.place.aliases)):
        return None
    return match if any(gazetteer.contains(area, match.place) for area in areas) else None


def _as_found(level: str, match: Match | None) -> tuple:
    if match is None:
        return np.nan, np.nan, "", "", NOT_FOUND, "", np.nan
    at = match.place
    return at.latitude, at.longitude, match.geo_precision, at.province, f"{level}: {match.method}", at.place_id, match.score


def in_afghanistan(incidents: pd.DataFrame, gazetteer: OfflineGazetteer) -> pd.Series:
    """Whether an incident was in Afghanistan, by any name of it."""
    countries = incidents["country"].astype("category")
    afghan = [bool(match := gazetteer.match(name)) and match.place.kind == "country" for name in countries.cat.categories]
    return pd.Series(np.array([*afghan, False], dtype=bool)[countries.cat.codes], index=incidents.index)


def _usual_provinces(incidents: pd.DataFrame, afghan: pd.Series, gazetteer: OfflineGazetteer) -> pd.DataFrame:
    categories = incidents["province"].astype("category")
    usual = {name: gazetteer.province_of(name) or name for name in categories.cat.categories}
    return incidents.assign(province=categories.map(usual).astype("str").where(afghan, categories.astype("str")))


def _provinces(incidents: pd.DataFrame, found: pd.Series, has_point: pd.Series) -> pd.Series:
    province = incidents["province"].mask(incidents["province"] == "", found)
    unknown = (province == "") & has_point
    if unknown.any():
        at = incidents.loc[unknown, ["latitude", "longitude"]].to_numpy()
        province = province.astype(object)
        province[unknown] = boundaries.province_at(at[:, 0], at[:, 1])
    return province.astype("str").astype("category")


def _tell_of_outsiders(has_point: pd.DataFrame, problems: Problems) -> None:
    """Points that cannot be where the row says, of incidents in Afghanistan with a point of their own."""
    swapped = swapped_points.looks_swapped(has_point["latitude"].to_numpy(), has_point["longitude"].to_numpy())
    kept = _("the row is kept as it is.")
    where = boundaries.misplaced(has_point["province"], has_point["latitude"].to_numpy(), has_point["longitude"].to_numpy())
    for province, rows in has_point[(where != "") & ~swapped].groupby("province", observed=True):
        # Without a province that the outlines know, the point may be anywhere in the country.
        reason = _("the coordinates lie outside {province}").format(
            province=province if province in boundaries.provinces() else "Afghanistan"
        )
        advice = _("Check the coordinates and the province; {kept}").format(kept=kept)
        problems.add(rows.index, "latitude", _points(rows), reason, advice, "outside_area")
    odd = has_point[swapped]
    advice = _("Exchange them in the file or on the page Your data, if they are; {kept}").format(kept=kept)
    problems.add(odd.index, "latitude", _points(odd), _("latitude and longitude look swapped"), advice, swapped_points.SWAPPED)


def _points(rows: pd.DataFrame) -> list[str]:
    return [written(*point) for point in zip(rows["latitude"], rows["longitude"], strict=True)]


class OnlineGeocoder:
    """Nominatim through geopy, at most one request a second for the whole process; answers are kept in a small SQLite file.

    Only `python -m incident_atlas geocode --online` makes one: a person asks, and knows that the server sees the query.
    unkept: why the last answer could not be written into the file, else blank.
    """

    def __init__(self, cache_file: Path) -> None:
        self._file = cache_file
        self.unkept = ""
        # geopy logs every retry with its traceback; the error that is raised says the same in words.
        logging.getLogger("geopy").setLevel(logging.CRITICAL)

    def geocode(self, query: str) -> tuple[str, float, float, str] | None:
        """Address, latitude, longitude and geo_precision, or None; raises `GeocodingError` when the service is in trouble."""
        answer = self._kept(query)
        if answer is None:
            answer = self._request(query)
            self._keep(query, answer)
        return tuple(answer) or None

    def _kept(self, query: str) -> list | None:
        """The answer of an earlier run, [] for nothing found; None when there is none that can be believed."""
        if not self._file.is_file():
            return None
        try:
            with closing(sqlite3.connect(self._file)) as cache:
                row = cache.execute(
                    "SELECT address, latitude, longitude, geo_precision FROM answers WHERE query = ?", (query,)
                ).fetchone()
        except sqlite3.Error:
            return None
        if row == (None,) * 4:
            return []
        return list(row) if row and _sound(list(row)) else None

    def _keep(self, query: str, answer: list) -> None:
        """Write an answer into the file. Without it the answer is as good; the next run asks again."""
        self.unkept = ""
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            try:
                self._write(query, answer)
            except sqlite3.DatabaseError as trouble:
                if trouble.sqlite_errorcode != sqlite3.SQLITE_NOTADB:
                    raise
                self._file.unlink()
                self._write(query, answer)
        except (OSError, sqlite3.Error) as trouble:
            self.unkept = getattr(trouble, "strerror", None) or str(trouble)

    def _write(self, query: str, answer: list) -> None:
        with closing(sqlite3.connect(self._file)) as cache, cache:
            cache.execute(
                "CREATE TABLE IF NOT EXISTS answers (query TEXT PRIMARY KEY, address, latitude, longitude, geo_precision)"
            )
            cache.execute("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?, ?)", (query, *(answer or (None,) * 4)))

    def _request(self, query: str) -> list:
        try:
            found = _nominatim()(query, country_codes="af")
        except GeopyError as trouble:
            raise GeocodingError(
                _("Nominatim did not answer ({fault}); nothing was placed.").format(fault=type(trouble).__name__)
            ) from trouble
        except (ValueError, TypeError, LookupError, AttributeError) as trouble:
            # geopy takes an answer apart as if it always had its usual form.
            raise GeocodingError(_("Nominatim's answer cannot be read; nothing was placed.")) from trouble
        if not found:
            return []
        kind = found.raw.get("addresstype", "")
        answer = [found.address, found.latitude, found.longitude, _PRECISIONS.get(str(kind), "city")]
        if not _sound(answer):
            raise GeocodingError(_("Nominatim's answer is no named point in Afghanistan; nothing was placed."))
        return answer


def _sound(answer: object) -> bool:
    """Whether this is an answer of `OnlineGeocoder.geocode`: a name, a point in Afghanistan, and a precision."""
    if not isinstance(answer, list) or [type(each) for each in answer] != [str, float, float, str] or not answer[0]:
        return False
    at = answer[1:3]
    return all(map(math.isfinite, at)) and not boundaries.abroad(*map(np.atleast_1d, at))[0] and answer[3] in _KNOWN_TO


# What Nominatim says a place is, as a precision; what it does not name here is taken for a city.
_PRECISIONS = {
    **dict.fromkeys(("building", "amenity", "office", "tourism", "shop", "house_number", "place_of_worship"), "street"),
    **dict.fromkeys(("road", "neighbourhood", "suburb", "quarter", "city_district"), "neighbourhood"),
    **dict.fromkeys(("district", "county", "municipality"), "district"),
    **dict.fromkeys(("state", "province", "region"), "province"),
    "country": "country",
}
_KNOWN_TO = {"city", *_PRECISIONS.values()}


@cache
def _nominatim() -> RateLimiter:
    return RateLimiter(Nominatim(user_agent=USER_AGENT).geocode, min_delay_seconds=1, max_retries=1, swallow_exceptions=False)
