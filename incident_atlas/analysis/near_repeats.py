"""Whether attacks repeat: one followed by another near it and soon after, more often than chance makes.

Asked are only incidents whose place is known well enough to be near anything. A city's middle, where half of a record may
be marked, is near itself and says nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats
from scipy.spatial import cKDTree

from incident_atlas.analysis.statistics import LEVEL, PERMUTATIONS, POWER, p_value
from incident_atlas.core.text import counted, counted_incidents
from incident_atlas.core.vocabulary import EARTH_KM, PRECISE
from incident_atlas.geo.distance import on_sphere
from incident_atlas.i18n import _, ngettext

KM, DAYS = 2.0, 14
"""What is near, and what is soon. Most places are points of a neighbourhood, so anything finer would be invented."""

CHANCE = 1 - LEVEL
"""A p above it is no finding."""

LEAST_INCIDENTS, LEAST_PAIRS, LEAST_EXPECTED = 20, 10, 5
"""Fewer incidents, fewer pairs, or fewer of them expected say nothing either way: a multiple of them would be noise."""

COLUMNS = ("row", "first_day", "date_precision", "precision_rank", "latitude", "longitude", "coordinated_id")
"""What `near_repeats` reads, for `Filters.apply(columns=...)`."""


class Knox(NamedTuple):
    """Near repeats. pairs: close in place and time; expected: of them if place and time had nothing to do with each other.

    p: one-sided, for more pairs than expected. incidents: how many were looked at. low, high: the 2.5 % and 97.5 % quantiles
    of the pairs of the shuffles; critical: the fewest pairs whose p is at most 0.05. alike: "place" or "time" when all of them are close in it, and nothing can be told; else "".
    """

    pairs: int
    expected: float
    p: float
    incidents: int
    low: int
    high: int
    critical: int = 0
    alike: str = ""


MOST_INCIDENTS = 10_000
_MOST_PAIRS = 250_000
_WORK = 50_000_000


class NearRepeats(NamedTuple):
    """What the test of near repeats found. of: incidents that were tested; known: those whose place and day are known.

    events: the same with a coordinated attack as one. found: None when they are fewer than `LEAST_INCIDENTS`. within_year:
    the same with places shuffled only among the attacks of a calendar year, tested when `found` is more than chance makes.
    """

    of: int
    known: int
    events: int
    found: Knox | None = None
    within_year: Knox | None = None


def near_repeats(incidents: pd.DataFrame) -> NearRepeats:
    """Whether attacks come in pairs near in place and time more often than chance makes (`knox`).

    incidents: columns `COLUMNS`. Asked are those known to at least the neighbourhood and to the day; a coordinated
    attack is one event, its first.
    """
    precise = (incidents["precision_rank"] < len(PRECISE)) & incidents["latitude"].notna()
    known = incidents[precise & (incidents["date_precision"] == "day")].sort_values(["first_day", "row"])
    operation = known["coordinated_id"].astype("str")
    events = known[(operation == "") | ~operation.duplicated()]
    near = NearRepeats(len(incidents), len(known), len(events))
    if len(events) < LEAST_INCIDENTS:
        return near
    where = events["latitude"].to_numpy(), events["longitude"].to_numpy()
    day = events["first_day"].to_numpy().astype("datetime64[D]").astype("int64")
    near = near._replace(found=knox(*where, day, KM, DAYS))
    if near.found.p <= CHANCE:
        near = near._replace(within_year=knox(*where, day, KM, DAYS, among=events["first_day"].dt.year.to_numpy()))
    return near


def result_sentences(near: NearRepeats) -> tuple[str, str]:
    """The answer in words, plain text: what was counted, and what it means."""
    km, days, found = _("{km:g} km").format(km=KM), counted(DAYS, "{n} day", "{n} days"), near.found
    once = ""
    if near.events < near.known:
        once = _("; with coordinated attacks counted once, they are {events:,}").format(events=near.events)
    who = ngettext(
        "{known:,} of {incidents} is known to at least the neighbourhood and to the day{once}.",
        "{known:,} of {incidents} are known to at least the neighbourhood and to the day{once}.",
        near.known,
    ).format(known=near.known, incidents=counted_incidents(near.of), once=once)
    if found is None:
        return who, _("Too few to say whether attacks repeat: that takes at least {least_incidents}.").format(
            least_incidents=LEAST_INCIDENTS
        )
    if found.incidents < near.events:
        who += _(" A random {found_incidents:,} of these were compared.").format(found_incidents=found.incidents)
    if found.alike:
        all_near = _("lie within {km}").format(km=km) if found.alike == "place" else _("happened within {days}").format(days=days)
        return who, _("All of them {all_near} of each other: nothing is left to compare them with.").format(all_near=all_near)
    counts = ngettext(
        "{who} {n:,} pair lies within {km} and {days} of each other. If place and time had nothing to do with each other, there would be {expected:,.1f} ({found_low:,}–{found_high:,} in {level:.0f} of 100 shuffles)",
        "{who} {n:,} pairs lie within {km} and {days} of each other. If place and time had nothing to do with each other, there would be {expected:,.1f} ({found_low:,}–{found_high:,} in {level:.0f} of 100 shuffles)",
        found.pairs,
    ).format(
        n=found.pairs,
        who=who,
        km=km,
        days=days,
        expected=found.expected,
        found_low=found.low,
        found_high=found.high,
        level=100 * LEVEL,
    )
    if few(found):
        least = _("at least {least_pairs} pairs, and {least_expected} by chance").format(
            least_pairs=LEAST_PAIRS, least_expected=LEAST_EXPECTED
        )
        return f"{counts}.", _("Too few to say whether attacks repeat: that takes {least}.").format(least=least)
    return _("{counts}: {times} what chance makes on average, {p_value}.").format(
        counts=counts, times=times(found), p_value=p_value(found.p)
    ), _meaning(near, km, days)


def few(found: Knox) -> bool:
    """Whether the pairs are too few for a finding, or for a multiple of what chance makes."""
    return found.pairs < LEAST_PAIRS or found.expected < LEAST_EXPECTED


def times(found: Knox) -> str:
    """How many times as many pairs as chance makes on average; of pairs that are not `few`.

    >>> times(Knox(30, 12.0, 0.001, 200, 6, 20))
    '2.5 times'
    """
    return _("{pairs:.1f} times").format(pairs=found.pairs / found.expected)


def detectable(found: Knox) -> float:
    """How many times as many pairs as chance makes there would have to be for p to be at most 0.05 in a share `POWER` of cases.

    Pairs are taken for normal, with a variance that grows with their mean from that of the shuffles.

    >>> round(detectable(Knox(12, 12.0, 0.5, 200, 6, 20, critical=19)), 2)
    1.93
    """
    deviation = (found.high - found.low) / (2 * stats.norm.ppf((1 + LEVEL) / 2))
    reach = stats.norm.ppf(POWER) * deviation
    root = (reach + math.sqrt(reach**2 + 4 * found.expected * found.critical)) / (2 * found.expected)
    return float(root**2)


def _meaning(near: NearRepeats, km: str, days: str) -> str:
    found, yearly = near.found, near.within_year
    if yearly is None:
        less = (
            _("Fewer near repeats than chance makes") if found.pairs < found.low else _("No more near repeats than chance makes")
        )
        least = detectable(found)
        missed = (
            _(" Only a tendency of about {least:.1f} times or more would have shown in 80 of 100 cases.").format(least=least)
            if least >= 1.1
            else ""
        )
        return _(
            "{less}: some places are hit often, but the record does not show that one attack brings the next one nearby.{missed}"
        ).format(less=less, missed=missed)
    same_year = _("{expected:,.1f} expected, {p_value}").format(expected=yearly.expected, p_value=p_value(yearly.p))
    if few(yearly):
        return _(
            "More near repeats than chance makes over all years, but within a year chance makes too few pairs ({expected:,.1f}) to say whether attacks repeat."
        ).format(expected=yearly.expected)
    if yearly.p > CHANCE:
        return _(
            "More near repeats than chance makes over all years, but not when places are shuffled only within their year ({same_year}). Attacks, or what sources cover, moved from place to place over the years; that is enough to explain it."
        ).format(same_year=same_year)
    return _(
        "More near repeats than chance makes, also when places are shuffled only within their year ({same_year}). Within {days} of an attack, another within {km} was about {times} as frequent as places and days alone would have it. That describes the record and is no forecast."
    ).format(same_year=same_year, days=days, km=km, times=times(yearly))


NEAR_MEANS = _(
    "Only {km:g} km and {days} days were tried, no other distance and no other number of days. Many places are points of a neighbourhood, so near means the same or the next neighbourhood. Sources that begin or cease to cover a place can make repeats, too."
).format(km=KM, days=DAYS)
"""What to know before the answer is used; stands under it."""


def knox(
    latitude: Sequence[float],
    longitude: Sequence[float],
    day: Sequence[int],
    km: float,
    days: int,
    seed: int = 7,
    among: Sequence[int] | None = None,
) -> Knox:
    """Whether an attack is likelier near an earlier one soon after it than place and time alone would have it.

    Counts the pairs within `km` and `days`, and again with the places shuffled among the days (Knox, Applied Statistics
    13, 1964; Monte Carlo p as in Besag & Diggle, 1977). expected is exact: pairs close in place times pairs close in time
    over all pairs. Very many incidents are a random `MOST_INCIDENTS` of them, or fewer when very many are close in time;
    then fewer shuffles are made, too.

    among: a number for each incident, such as its year; places are then shuffled only among those of the same number, so
    that what changes slowly is no finding (the population shift bias of Kulldorff & Hjalmars, Biometrics 55, 1999), and
    expected is the mean of the shuffles.

    Check value: pointpats 2.5.5 finds 20 pairs and expects 8.385 within 2 km and 14 days among the 135 incidents of
    tests/analysis/test_knox.py; so does this.
    """
    rng = np.random.default_rng(seed)
    points = on_sphere(latitude, longitude)
    when = np.asarray(day, dtype="int64")
    groups = np.zeros(len(when), dtype="int64") if among is None else np.asarray(among, dtype="int64")
    most = min(MOST_INCIDENTS, int(len(when) * min(1.0, math.sqrt(_MOST_PAIRS / max(_reach(np.sort(when), days).sum(), 1)))))
    if len(when) > most:
        kept = np.sort(rng.choice(len(when), most, replace=False))
        points, when, groups = points[kept], when[kept], groups[kept]
    n = len(when)
    if n < 2:
        return Knox(0, 0.0, 1.0, n, 0, 0)
    chord = 2 * math.sin(km / EARTH_KM / 2)
    # Every point counts itself, and every pair twice.
    close = (cKDTree(points).count_neighbors(cKDTree(points), chord) - n) // 2
    order = np.argsort(when, kind="stable")
    points, when, groups = points[order], when[order], groups[order]
    reach = _reach(when, days)
    first = np.repeat(np.arange(n), reach)
    second = first + 1 + np.arange(len(first)) - np.repeat(np.cumsum(reach) - reach, reach)

    def near(placed: np.ndarray) -> int:
        return int((((placed[first] - placed[second]) ** 2).sum(axis=1) <= chord**2 * (1 + 1e-12)).sum())

    found = near(points)
    shuffles = int(np.clip(_WORK // max(len(first), 1), 199, PERMUTATIONS))
    seats = np.argsort(groups, kind="stable")

    def shuffled_points() -> np.ndarray:
        placed = np.empty_like(points)
        placed[seats] = points[np.lexsort((rng.random(n), groups))]
        return placed

    shuffled = np.array([near(shuffled_points()) for _unused in range(shuffles)])
    expected = close * len(first) / (n * (n - 1) / 2) if among is None else shuffled.mean()
    low, high = np.quantile(shuffled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    p = float((shuffled >= found).sum() + 1) / (shuffles + 1)
    pairs = n * (n - 1) // 2
    alike = "place" if close == pairs else "time" if len(first) == pairs else ""
    critical = int(np.sort(shuffled)[shuffles - int((1 - LEVEL) * (shuffles + 1))]) + 1
    return Knox(found, float(expected), p, n, int(low), int(high), critical, alike)


def _reach(when: np.ndarray, days: int) -> np.ndarray:
    """For each of these sorted days, how many later ones are within `days` of it."""
    return np.searchsorted(when, when + days, side="right") - np.arange(len(when)) - 1
