"""How often the statistics are right where the truth is known: invented series, counted. `make bench` prints it.

What one question of a reader's is worth cannot be seen from its answer; it shows over many invented records. Series with
bursts are negative binomial: the dispersion is the variance over the mean of a month.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from incident_atlas.analysis.statistics import change_points, change_span, clustered_ratio, rate_ratio
from tools.bench.measure import Row

MONTH = 30.4
NEAR = 12
"""A change counts as found within so many months of where it is."""

LENGTHS = (120, 270)
RATES = (0.3, 1.0, 3.0)
DISPERSIONS = (1.5, 3.0)
GROWTHS = (2.0, 1.5)
BASE = 1.0
"""Incidents a month before a change of which the power is asked."""

def rows(runs: int, seed: int) -> list[Row]:
    """What was measured, the figure, its target or nothing: lines of the table. runs: of each measurement."""
    rng = np.random.default_rng(seed)
    several = f"{' and '.join(map(str, LENGTHS))} months"
    told = [
        ("95 % interval of rate_ratio holds the true ratio", f"{ratio_coverage(2 * runs, rng):.3f}", "0.94 to 1"),
        ("95 % interval of clustered_ratio, dispersion 1.5 to 3, holds it", f"{clustered_coverage(runs, rng):.3f}", ""),
    ]
    for rate in RATES:
        found = (false_alarms(runs, n, rate, 1.0, rng) for n in LENGTHS)
        told.append((f"a change in a constant {rate:g} a month, {several}", _percents(found), "at most 7 %"))
    for dispersion in DISPERSIONS:
        found = (false_alarms(runs, n, 2.0, dispersion, rng) for n in LENGTHS)
        told.append((f"the same, 2 a month with dispersion {dispersion:g}", _percents(found), "at most 10 %"))
    for growth in GROWTHS:
        powers, held = zip(*(power(runs, n, growth, rng) for n in LENGTHS), strict=True)
        told.append(
            (
                f"{BASE:g} a month becomes {growth:g} times that midway, found within a year of it, {several}",
                _percents(powers),
                "",
            )
        )
        told.append(("and the months named hold the true one, of those found", _percents(held), ""))
    return told


def ratio_coverage(runs: int, rng: np.random.Generator) -> float:
    """The share of pairs of Poisson counts whose interval holds the ratio that they were drawn with."""

    def one() -> bool | None:
        days, base_days = rng.uniform(30, 1500, 2)
        base, ratio = np.exp(rng.uniform(np.log([0.005, 0.25]), np.log([0.2, 4])))
        count, base_count = rng.poisson(base * ratio * days), rng.poisson(base * base_days)
        if not count + base_count:
            return None
        found = rate_ratio(int(count), days, int(base_count), base_days)
        return found.low <= ratio <= found.high

    return _share(one, runs)


def clustered_coverage(runs: int, rng: np.random.Generator) -> float:
    """The share of pairs of monthly series with bursts whose interval holds the ratio of their means."""

    def one() -> bool | None:
        mean, ratio, dispersion = rng.uniform(1, 4), np.exp(rng.uniform(np.log(0.5), np.log(2))), rng.uniform(1.5, 3)
        n, base_n = rng.integers(24, 121, 2)
        found = clustered_ratio(series(np.full(n, mean * ratio), dispersion, rng), series(np.full(base_n, mean), dispersion, rng))
        return None if found is None else found.low <= ratio <= found.high

    return _share(one, runs)


def false_alarms(runs: int, months: int, rate: float, dispersion: float, rng: np.random.Generator) -> float:
    """The share of series of one rate in which a change is found."""
    days = np.full(months, MONTH)
    return _share(lambda: bool(change_points(series(np.full(months, rate), dispersion, rng), days)), runs)


def power(runs: int, months: int, growth: float, rng: np.random.Generator) -> tuple[float, float]:
    """The share of series with one change midway in which it is found, and of these, whose months named hold it."""
    true, days = months // 2, np.full(months, MONTH)
    held = []
    for _ in range(runs):
        counts = series(np.where(np.arange(months) < true, BASE, BASE * growth), 1.0, rng)
        ends = [0, *(change.at for change in change_points(counts, days)), months]
        near = [n for n in range(1, len(ends) - 1) if abs(ends[n] - true) <= NEAR]
        if near:
            begin, end = ends[near[0] - 1], ends[near[0] + 1]
            first, last = change_span(counts[begin:end], days[begin:end])
            held.append(begin + first <= true <= begin + last)
    return len(held) / runs, float(np.mean(held)) if held else float("nan")


def series(means: np.ndarray, dispersion: float, rng: np.random.Generator) -> np.ndarray:
    """One count per mean: Poisson, or with bursts, when the dispersion is above 1."""
    if dispersion <= 1:
        return rng.poisson(means)
    return rng.negative_binomial(means / (dispersion - 1), 1 / dispersion)


def _share(one: Callable[[], bool | None], runs: int) -> float:
    """How often it holds; a draw without an answer is drawn again."""
    told: list[bool] = []
    while len(told) < runs:
        if (answer := one()) is not None:
            told.append(answer)
    return float(np.mean(told))


def _percents(shares) -> str:
    return " and ".join(f"{share:.1%}".replace("%", " %") if share == share else "none found" for share in shares)
