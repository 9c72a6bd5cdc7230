"""What happened at a place or around a point: in the place, within a radius, possibly within it, and how often a year.

An incident at distance d whose place is known to a radius r is within R when d + r <= R, and possibly within when
d - r <= R < d + r: then part of where it may have been lies inside. Incidents that are located to the place itself, or to
one inside it (`in_place`), are in it whatever their distance. No incident is in two of the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.analysis import summary
from incident_atlas.analysis.statistics import YEAR_DAYS, rate_interval
from incident_atlas.core.vocabulary import GEO_PRECISIONS, RADIUS_M
from incident_atlas.dataset import in_place
from incident_atlas.dataset.exposure import Exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.totals import sums
from incident_atlas.geo.distance import kilometres
from incident_atlas.i18n import gettext_noop

COLUMNS = tuple(dict.fromkeys((*summary.COLUMNS, "attack_type", *in_place.COLUMNS)))
"""What is read here, for `Filters.apply(columns=...)`."""

_REACH_KM = np.array([*(RADIUS_M[name] / 1000 for name in GEO_PRECISIONS), np.nan])
SAME_POINT_KM = 0.01
"""Nearer than this a direction means nothing: points are rounded."""
IN_PLACE, WITHIN, POSSIBLY, OUTSIDE = gettext_noop("in place"), "within", "possibly", "outside"


@dataclass(frozen=True)
class Surroundings:
    """The incidents at a place and around its point. in_place, within, possibly: rows as `measured` gives them, nearest first.

    No incident is in two of them. km: the radius, None when only the place itself is asked about. nearest: kilometres to
    the nearest of all incidents in question, None when none has a place.
    """

    latitude: float
    longitude: float
    km: float | None
    in_place: pd.DataFrame
    within: pd.DataFrame
    possibly: pd.DataFrame
    nearest: float | None

    @property
    def counted(self) -> pd.DataFrame:
        """The incidents that certainly belong to the answer: those in the place, then those within the radius."""
        return pd.concat([self.in_place, self.within]) if len(self.in_place) else self.within


def around(incidents: pd.DataFrame, latitude: float, longitude: float, km: float | None, key: str = "") -> Surroundings:
    """What of these incidents (columns `COLUMNS` at least) lies in a place, and within `km` of a point in degrees, or possibly so.

    key: the place_id or site_id of the place, blank for a point without a name. Without km only what is in the place counts.
    """
    named = _named(incidents, key)
    apart, reach = _apart(incidents, latitude, longitude)
    reached = (apart - reach <= km) if km is not None else np.zeros(len(incidents), dtype=bool)
    at = np.flatnonzero(reached | named)
    near = _measured(incidents.iloc[at], latitude, longitude, km or 0, named[at])
    nearest = float(np.nanmin(apart)) if np.isfinite(apart).any() else None
    parts = (near[near["where"] == where] for where in (IN_PLACE, WITHIN, POSSIBLY))
    return Surroundings(latitude, longitude, km, *parts, nearest)


def measured(incidents: pd.DataFrame, latitude: float, longitude: float, km: float, key: str = "") -> pd.DataFrame:
    """Incidents nearest first, those without a place last, each with km, bearing and where.

    km: to its point on the map; bearing: degrees from north, clockwise; where: IN_PLACE for those of the place with that
    key, else WITHIN, POSSIBLY or OUTSIDE the radius.
    """
    return _measured(incidents, latitude, longitude, km, _named(incidents, key))


def _measured(incidents: pd.DataFrame, latitude: float, longitude: float, km: float, named: np.ndarray) -> pd.DataFrame:
    apart, reach = _apart(incidents, latitude, longitude)
    where = np.select([named, apart + reach <= km, apart - reach <= km], [IN_PLACE, WITHIN, POSSIBLY], OUTSIDE)
    towards = bearings(latitude, longitude, incidents["latitude"].to_numpy(), incidents["longitude"].to_numpy())
    order = np.argsort(apart, kind="stable")
    return incidents.assign(km=apart, bearing=towards, where=where).iloc[order]


def certain(incidents: pd.DataFrame, latitude: float, longitude: float, km: float, key: str = "") -> np.ndarray:
    """For each incident, whether it is counted: in the place with that key, or all of where it may have been in the circle."""
    apart, reach = _apart(incidents, latitude, longitude)
    return _named(incidents, key) | (apart + reach <= km)


def possible(incidents: pd.DataFrame, latitude: float, longitude: float, km: float, key: str = "") -> np.ndarray:
    """For each incident, whether it is counted or may be: in the place with that key, or some of where it may have been in the circle."""
    apart, reach = _apart(incidents, latitude, longitude)
    return _named(incidents, key) | (apart - reach <= km)


def _named(incidents: pd.DataFrame, key: str) -> np.ndarray:
    return in_place.in_place(incidents, key) if key else np.zeros(len(incidents), dtype=bool)


def _apart(incidents: pd.DataFrame, latitude: float, longitude: float) -> tuple[np.ndarray, np.ndarray]:
    """Kilometres to each incident, and how far around its point it may have been; NaN without a place."""
    apart = kilometres(latitude, longitude, incidents["latitude"].to_numpy(), incidents["longitude"].to_numpy())
    return apart, _REACH_KM[incidents["precision_rank"].to_numpy()]


def bearings(latitude: float, longitude: float, latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """Initial great-circle bearings from one point to others, degrees from north, clockwise, 0 to 360.

    Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395, 1987), equation 5-4b. Los Angeles to New York,
    as Williams' Aviation Formulary has it:

    >>> round(float(bearings(33.95, -118.4, np.array([40 + 38 / 60]), np.array([-73 - 47 / 60]))[0]))
    66
    """
    origin, others = np.radians(latitude), np.radians(latitudes)
    across = np.radians(np.asarray(longitudes) - longitude)
    east = np.sin(across) * np.cos(others)
    north = np.cos(origin) * np.sin(others) - np.sin(origin) * np.cos(others) * np.cos(across)
    return np.degrees(np.arctan2(east, north)) % 360


def last(incidents: pd.DataFrame) -> pd.Series | None:
    """The last of these incidents; of one day the last in the file."""
    return None if incidents.empty else incidents.sort_values(["date", "row"], kind="stable").iloc[-1]


def days_since(incident: pd.Series, until: pd.Timestamp) -> int:
    """Days from an incident to the last day of the period, 0 for a later one: what came after the record's last day is not known."""
    return max((until - incident["date"]).days, 0)


def possibly_later(around_it: Surroundings) -> pd.DataFrame:
    """The incidents possibly within that came after the last one counted; all of them when none is counted."""
    latest = last(around_it.counted)
    return around_it.possibly if latest is None else around_it.possibly[around_it.possibly["date"] > latest["date"]]


class ObservedPeriod(NamedTuple):
    """Days, both included."""

    first: pd.Timestamp
    last: pd.Timestamp

    def years(self) -> float | None:
        """Its length; None for less than 365 days: a rate of a few weeks a year would be a number that nobody has seen.

        >>> round(ObservedPeriod(pd.Timestamp("2002-01-01"), pd.Timestamp("2011-12-31")).years(), 3)
        9.999
        >>> ObservedPeriod(pd.Timestamp("2023-06-01"), pd.Timestamp("2024-01-01")).years()
        """
        days = (self.last - self.first).days + 1
        return days / YEAR_DAYS if days >= 365 else None


def observed(days: Exposure, chosen: Filters) -> ObservedPeriod | None:
    """The part of the days that a record covers which the dates of a filter leave; None when they leave none of it."""
    if days.first is None or days.last is None:
        return None
    begins = max(days.first, pd.Timestamp(chosen.since)) if chosen.since else days.first
    ends = min(days.last, pd.Timestamp(chosen.until)) if chosen.until else days.last
    return ObservedPeriod(begins, ends) if begins <= ends else None


def per_year(incidents: pd.DataFrame, days: ObservedPeriod | None) -> pd.DataFrame:
    """Incidents per calendar year of the period, quiet years as zeros, each with its exact 95 % interval.

    One row per year, ascending: year, incidents, low, high (`statistics.rate_interval`).
    """
    known = incidents["year"].value_counts()
    ends = [*known.index, *((days.first.year, days.last.year) if days else ())]
    counts = {year: int(known.get(year, 0)) for year in (range(min(ends), max(ends) + 1) if ends else ())}
    rows = [(year, n, *_interval(n)) for year, n in counts.items()]
    table = pd.DataFrame(rows, columns=["year", "incidents", "low", "high"])
    return table.astype({"year": "int64", "incidents": "int64", "low": "float64", "high": "float64"})


def years(around_it: Surroundings, days: ObservedPeriod | None) -> pd.DataFrame:
    """Per calendar year: year, in_place, within, possibly, and the parts of the totals of what the first two killed and wounded.

    The parts are those of `totals.sums`: killed_least, killed_best and so on. Quiet years of the period are zeros; years of
    incidents possibly within are in it, too.
    """
    parts = {"in_place": around_it.in_place, "within": around_it.within, "possibly": around_it.possibly}
    table = per_year(pd.concat([part[["year"]] for part in parts.values()]), days)[["year"]]
    for name, part in parts.items():
        table[name] = table["year"].map(part["year"].value_counts()).fillna(0).astype("int64")
    by_year = around_it.counted.groupby("year")
    for name in (*sums("killed"), *sums("wounded")):
        table[name] = table["year"].map(by_year[name].sum()).fillna(0).astype("int64")
    return table


@lru_cache(maxsize=4096)
def _interval(n: int) -> tuple[float, float]:
    return rate_interval(n, 1)


class Rate(NamedTuple):
    """Incidents a year, with the bounds of an exact 95 % interval."""

    best: float
    low: float
    high: float


def yearly_rate(n: int, days: ObservedPeriod | None) -> Rate | None:
    """How many a year `n` incidents of a period are; None for one of less than a year (`ObservedPeriod.years`)."""
    years = days and days.years()
    return Rate(n / years, *(bound / years for bound in _interval(n))) if years else None


def too_imprecise(around_it: Surroundings) -> int:
    """How many of those possibly within make a zero no finding, as they are known too badly to be counted wherever they were.

    An incident whose place is known to a radius r can only be within a circle of at least that radius. 0 where any is counted.
    """
    if len(around_it.counted) or around_it.km is None:
        return 0
    return int((_REACH_KM[around_it.possibly["precision_rank"].to_numpy()] > around_it.km).sum())


def rate_around(around_it: Surroundings, days: ObservedPeriod | None) -> Rate | None:
    """The yearly rate of the incidents counted until the last of these days; None where `too_imprecise`, or for less than a year."""
    return None if too_imprecise(around_it) else yearly_rate(_until(around_it.counted, days), days)


def highest_rate(around_it: Surroundings, days: ObservedPeriod | None) -> Rate | None:
    """The same, had all those possibly within been inside."""
    return yearly_rate(_until(around_it.counted, days) + _until(around_it.possibly, days), days)


def _until(incidents: pd.DataFrame, days: ObservedPeriod | None) -> int:
    """How many of them are not of days after the period, as those of an area may be that was collected to an earlier day."""
    return 0 if days is None else int((incidents["date"] <= days.last).sum())


def kinds(around_it: Surroundings) -> pd.DataFrame:
    """Kinds of attack, most first: attack_type, within (in the place or the radius), possibly."""
    sure, maybe = (rows["attack_type"].astype("str").value_counts() for rows in (around_it.counted, around_it.possibly))
    names = sorted({*sure.index, *maybe.index}, key=lambda name: (-sure.get(name, 0), -maybe.get(name, 0), name))
    rows = [(name or "not stated", int(sure.get(name, 0)), int(maybe.get(name, 0))) for name in names]
    return pd.DataFrame(rows, columns=["attack_type", "within", "possibly"])
