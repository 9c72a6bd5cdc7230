"""What happened around a point: within a radius, possibly within it, and how often a year, with its uncertainty.

An incident at distance d whose place is known to a radius r is within R when d + r <= R, and possibly within when
d - r <= R < d + r: then part of where it may have been lies inside. The two are never added up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.analysis import summary
from incident_atlas.analysis.statistics import rate_interval
from incident_atlas.core.text import counted, day, listed
from incident_atlas.core.vocabulary import GEO_PRECISIONS, RADIUS_M, SHARP
from incident_atlas.geo.coordinates import compass, distance
from incident_atlas.geo.distance import kilometres

COLUMNS = (*summary.COLUMNS, "latitude", "longitude", "attack_type")
"""What is read here, for `Filters.apply(columns=...)`."""

_REACH_KM = np.array([*(RADIUS_M[name] / 1000 for name in GEO_PRECISIONS), np.nan])
YEAR_DAYS = 365.25
SAME_POINT_KM = 0.01
"""Nearer than this a direction means nothing: points are rounded."""
WITHIN, POSSIBLY, OUTSIDE = "within", "possibly", "outside"


@dataclass(frozen=True)
class Surroundings:
    """The incidents around a point. within, possibly: their rows as `measured` gives them, nearest first.

    nearest: kilometres to the nearest of all incidents asked, None when none has a place.
    """

    latitude: float
    longitude: float
    km: float
    within: pd.DataFrame
    possibly: pd.DataFrame
    nearest: float | None


def around(incidents: pd.DataFrame, latitude: float, longitude: float, km: float) -> Surroundings:
    """What of these incidents (columns `COLUMNS` at least) lies within `km` of a point in degrees, surely or possibly."""
    apart, reach = _apart(incidents, latitude, longitude)
    near = measured(incidents.iloc[np.flatnonzero(apart - reach <= km)], latitude, longitude, km)
    nearest = float(np.nanmin(apart)) if np.isfinite(apart).any() else None
    sure = near["where"] == WITHIN
    return Surroundings(latitude, longitude, km, near[sure], near[~sure], nearest)


def measured(incidents: pd.DataFrame, latitude: float, longitude: float, km: float) -> pd.DataFrame:
    """Incidents that have a place, nearest first, each with km, bearing and where.

    km: to its point on the map; bearing: degrees from north, clockwise; where: WITHIN, POSSIBLY or OUTSIDE the radius.
    """
    apart, reach = _apart(incidents, latitude, longitude)
    where = np.where(apart + reach <= km, WITHIN, np.where(apart - reach <= km, POSSIBLY, OUTSIDE))
    towards = bearings(latitude, longitude, incidents["latitude"].to_numpy(), incidents["longitude"].to_numpy())
    order = np.argsort(apart, kind="stable")
    return incidents.assign(km=apart, bearing=towards, where=where).iloc[order]


def surely_within(incidents: pd.DataFrame, latitude: float, longitude: float, km: float) -> np.ndarray:
    """For each incident, whether all of where it may have been lies inside the circle."""
    apart, reach = _apart(incidents, latitude, longitude)
    return apart + reach <= km


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
    one, others = np.radians(latitude), np.radians(latitudes)
    across = np.radians(np.asarray(longitudes) - longitude)
    east = np.sin(across) * np.cos(others)
    north = np.cos(one) * np.sin(others) - np.sin(one) * np.cos(others) * np.cos(across)
    return np.degrees(np.arctan2(east, north)) % 360


def last(within: pd.DataFrame) -> pd.Series | None:
    """The last of these incidents; of one day the last in the file."""
    return None if within.empty else within.sort_values(["date", "row"], kind="stable").iloc[-1]


def days_since(one: pd.Series, until: pd.Timestamp) -> int:
    """Days from an incident to the last day that was asked about: what came after the record's last day nobody knows."""
    return (until - one["date"]).days


def later(here: Surroundings) -> pd.DataFrame:
    """The incidents possibly within that came after the last one within; all of them when none is within."""
    one = last(here.within)
    return here.possibly if one is None else here.possibly[here.possibly["date"] > one["date"]]


class Period(NamedTuple):
    """Days, both included."""

    first: pd.Timestamp
    last: pd.Timestamp

    def years(self) -> float:
        """Its length."""
        return ((self.last - self.first).days + 1) / YEAR_DAYS


def period(first: pd.Timestamp | None, last: pd.Timestamp | None, since=None, until=None) -> Period | None:
    """The part of a record's span that a filter leaves; None when it leaves none of it."""
    if first is None or last is None:
        return None
    begins = max(first, pd.Timestamp(since)) if since else first
    ends = min(last, pd.Timestamp(until)) if until else last
    return Period(begins, ends) if begins <= ends else None


def per_year(within: pd.DataFrame, asked: Period | None) -> pd.DataFrame:
    """Incidents per calendar year of the period, quiet years as zeros, each with its exact 95 % interval.

    One row per year, ascending: year, incidents, low, high (`statistics.rate_interval`).
    """
    known = within["year"].value_counts()
    ends = [*known.index, *((asked.first.year, asked.last.year) if asked else ())]
    counts = {year: int(known.get(year, 0)) for year in (range(min(ends), max(ends) + 1) if ends else ())}
    rows = [(year, n, *_interval(n)) for year, n in counts.items()]
    table = pd.DataFrame(rows, columns=["year", "incidents", "low", "high"])
    return table.astype({"year": "int64", "incidents": "int64", "low": "float64", "high": "float64"})


@lru_cache(maxsize=4096)
def _interval(n: int) -> tuple[float, float]:
    return rate_interval(n, 1)


class Rate(NamedTuple):
    """Incidents a year, with the bounds of an exact 95 % interval."""

    best: float
    low: float
    high: float


def yearly_rate(n: int, asked: Period | None) -> Rate | None:
    """How many a year `n` incidents of a period are; None for less than a year, of which a rate would say too much."""
    if asked is None or asked.years() < 1:
        return None
    return Rate(n / asked.years(), *(bound / asked.years() for bound in _interval(n)))


def kinds(here: Surroundings) -> pd.DataFrame:
    """Kinds of attack, most first: attack_type, within, possibly."""
    sure, maybe = (rows["attack_type"].astype("str").value_counts() for rows in (here.within, here.possibly))
    names = sorted({*sure.index, *maybe.index}, key=lambda name: (-sure.get(name, 0), -maybe.get(name, 0), name))
    rows = [(name or "not stated", int(sure.get(name, 0)), int(maybe.get(name, 0))) for name in names]
    return pd.DataFrame(rows, columns=["attack_type", "within", "possibly"])


# --- in words


def said(here: Surroundings, name: str, among: str) -> str:
    """The answer in one sentence. name: of the point; among: what was asked, as `sentence.describe` says it."""
    n = len(here.within)
    many = counted(n, "incident") if n else "No incident"
    maybe = f"{len(here.possibly):,}" if len(here.possibly) else "none"
    return f"{many} within {distance(here.km)} of {name}, and {maybe} possibly within, among {among}"


def because(possibly: pd.DataFrame) -> str:
    """Why incidents are only possibly within, as one sentence; empty when there are none."""
    ranks = possibly["precision_rank"].value_counts()
    told = [(int(ranks.get(rank, 0)), name) for rank, name in enumerate(GEO_PRECISIONS) if name not in SHARP]
    parts = [f"of {n:,} only the {name}" for n, name in told if n]
    parts[:1] = [f"{part} is known" for part in parts[:1]]
    across = int(sum(ranks.get(rank, 0) for rank in range(len(SHARP))))
    parts += [f"{across:,} may lie on either side of the circle"] if across else []
    return f"Possibly within: {listed(parts)}." if parts else ""


def silence(within: pd.DataFrame, asked: Period | None, record_ends: pd.Timestamp | None) -> str:
    """How long before the last day that was asked about the last attack within was: the record's, or that of the filter."""
    one = last(within)
    if one is None or asked is None:
        return ""
    n = days_since(one, asked.last)
    most = "" if one["date_precision"] == "day" else "up to "
    end = "the record's last day" if asked.last == record_ends else "the filter's last day"
    return f"{most}{counted(n, 'day')} before {end}, {day(asked.last)}" if n else end


def came_later(here: Surroundings) -> str:
    """What the silence leaves out: how many possibly within came after the last one within, and when the last of them."""
    rest = later(here)
    if rest.empty:
        return ""
    one = last(rest)
    since = "" if here.within.empty else " came later"
    return f"{len(rest):,} possibly within{since}, the last on {day(one['date'], one['date_precision'])}"


def at_most(here: Surroundings, asked: Period | None) -> str:
    """What the yearly rate leaves out: the rate if all possibly within had been inside."""
    n = len(here.possibly)
    if not n or (rate := yearly_rate(len(here.within) + n, asked)) is None:
        return ""
    all_of = f"all {n:,} possibly within were" if n > 1 else "the 1 possibly within was"
    return f"up to {f'{rate.best:,.1f}' if rate.best >= 1 else a_year(rate)[0]} a year if {all_of}"


def no_day(first: pd.Timestamp | None, last: pd.Timestamp | None, since=None, until=None) -> str | None:
    """What to say in place of an answer where no day of the record is asked about; None where some are."""
    if first is None or last is None:
        return "The record holds no incident, so it says nothing about any place."
    if period(first, last, since, until):
        return None
    return f"These dates hold no day of the record, which runs from {day(first)} to {day(last)}: it says nothing about them."


def a_year(rate: Rate) -> tuple[str, str]:
    """A rate and its interval, in two significant figures.

    >>> a_year(Rate(1.0041, 0.6365, 1.5067)), a_year(Rate(0, 0, 0.161)), a_year(Rate(212.4, 190.2, 236.1))
    (('1.0', '(0.64–1.5)'), ('0', '(0–0.16)'), ('212', '(190–236)'))
    """
    best, low, high = (f"{bound:,.0f}" if bound >= 9.95 or not bound else f"{bound:#.2g}" for bound in rate)
    return best, f"({low}–{high})"


def towards(km: float, bearing: float) -> str:
    """Where an incident lies from the point, as its place stands on the map.

    >>> towards(0.583, 105.2), towards(1.5312, 235.1), towards(0, 0)
    ('583 m east, 105°', '1.5 km south-west, 235°', 'the same point on the map')
    """
    if km < SAME_POINT_KM:
        return "the same point on the map"
    return f"{distance(km if km < 1 else round(km, 1))} {compass(bearing)}, {bearing:.0f}°"
