"""The Knox test: whether incidents near one another in place are near in time more often than chance makes them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.spatial import cKDTree

from incident_atlas.analysis.statistics import LEVEL, PERMUTATIONS
from incident_atlas.core.vocabulary import EARTH_KM


class Knox(NamedTuple):
    """Near repeats. pairs: close in place and time; expected: of them if place and time had nothing to do with each other.

    p: one-sided, for more pairs than expected. incidents: how many were looked at. low, high: within them lie the pairs
    of 95 % of the shuffles. alike: "place" or "time" when all of them are close in it, and nothing can be told; else "".
    """

    pairs: int
    expected: float
    p: float
    incidents: int
    low: int
    high: int
    alike: str = ""


MOST_INCIDENTS = 10_000
_MOST_PAIRS = 250_000
_WORK = 50_000_000


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
    points = _on_sphere(latitude, longitude)
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

    shuffled = np.array([near(shuffled_points()) for _ in range(shuffles)])
    expected = close * len(first) / (n * (n - 1) / 2) if among is None else shuffled.mean()
    low, high = np.quantile(shuffled, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], method="inverted_cdf")
    p = float((shuffled >= found).sum() + 1) / (shuffles + 1)
    pairs = n * (n - 1) // 2
    alike = "place" if close == pairs else "time" if len(first) == pairs else ""
    return Knox(found, float(expected), p, n, int(low), int(high), alike)


def _reach(when: np.ndarray, days: int) -> np.ndarray:
    """For each of these sorted days, how many later ones are within `days` of it."""
    return np.searchsorted(when, when + days, side="right") - np.arange(len(when)) - 1


def _on_sphere(latitude: Sequence[float], longitude: Sequence[float]) -> np.ndarray:
    """Degrees as points of the unit sphere, n by 3: straight lines between them order pairs as great circles do."""
    north, east = np.radians(np.asarray(latitude, dtype=float)), np.radians(np.asarray(longitude, dtype=float))
    return np.column_stack([np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)])
