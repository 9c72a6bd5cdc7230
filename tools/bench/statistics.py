"""How often the statistics are right where the truth is known: invented series, counted. `make bench` prints it.

What one question of a reader's is worth cannot be seen from its answer; it shows over many invented records. Series with
bursts are negative binomial: the dispersion is the variance over the mean of a month.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import numpy as np

from incident_atlas.analysis import dependence
from incident_atlas.analysis.compare import BURSTS
from incident_atlas.analysis.segmentation import change_points, change_span
from incident_atlas.analysis.statistics import clustered_ratio, dispersion, rate_ratio, widest
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

RECORD_MONTHS, RECORD_RATE = 276, 2.0
"""A record like the shipped one: its months, and its incidents a month."""

WAVE_MONTHS = (3.0, 6.0, 12.0)
WAVE_DEVIATIONS = (0.4, 0.6)


def rows(runs: int, seed: int) -> list[Row]:
    """What was measured, the figure, its target or nothing: lines of the table.

    runs: pairs per line twice as many, series with a test of changes three tenths of it.
    """
    rng = np.random.default_rng(seed)
    table = [
        ("95 % interval of rate_ratio holds the true ratio", f"{ratio_coverage(2 * runs, rng):.3f}", "0.94 to 1"),
        ("95 % interval of clustered_ratio, dispersion 1.5 to 3, holds it", f"{clustered_coverage(runs, rng):.3f}", ""),
    ]
    return [*table, *change_rows(max(runs * 3 // 10, 10), rng), *pair_rows(2 * runs, rng)]


def change_rows(runs: int, rng: np.random.Generator) -> list[Row]:
    """False alarms and power of change points; "independent" is the test against shuffled months alone."""
    table: list[Row] = []
    lengths = f"{' and '.join(map(str, LENGTHS))} months"
    for rate in RATES:
        found = [announced(runs, lambda n=n, rate=rate: series(np.full(n, rate), 1.0, rng)) for n in LENGTHS]
        table.append((f"a change in a constant {rate:g} a month, {lengths}", _percents(both for _, both in found), "at most 7 %"))
    for uneven in DISPERSIONS:
        found = [announced(runs, lambda n=n, uneven=uneven: series(np.full(n, 2.0), uneven, rng)) for n in LENGTHS]
        table.append((f"the same, 2 a month with dispersion {uneven:g}", _percents(both for _, both in found), "at most 10 %"))
    for months in WAVE_MONTHS[1:]:
        independent, both = announced(runs, lambda months=months: waves(RECORD_RATE, WAVE_DEVIATIONS[0], months, rng))
        name = f"a change in slow waves of SD 0.4 and {months:g} months, {RECORD_RATE:g} a month"
        table += [
            (f"{name}, independent", _percents([independent]), ""),
            (f"{name}, both tests", _percents([both]), "at most 10 %"),
        ]
    _, found_halving = announced(runs, lambda: rng.poisson(np.repeat([5.0, 2.5], 60)))
    table.append(("a halving from 5 a month, five years on each side, stands", _percents([found_halving]), "at least 80 %"))
    for growth in GROWTHS:
        powers, held = zip(*(power(runs, n, growth, rng) for n in LENGTHS), strict=True)
        name = f"{BASE:g} a month becomes {growth:g} times that midway, shift found within a year of it, {lengths}"
        table += [(name, _percents(powers), ""), ("and the months named hold the true one, of those found", _percents(held), "")]
    return table


def pair_rows(runs: int, rng: np.random.Generator) -> list[Row]:
    """Verdicts that two years differ, where there is no cause and where there is one: without and with the dependence."""
    table: list[Row] = []
    for deviation in WAVE_DEVIATIONS:
        for months in WAVE_MONTHS:
            before, after = verdicts(runs, lambda d=deviation, m=months: waves(RECORD_RATE, d, m, rng), rng)
            name = f"two years said to differ, slow waves of SD {deviation:g} and {months:g} months"
            table += [(f"{name}, without them", _percents([before]), ""), (name, _percents([after]), "at most 12 %")]
    halved = np.full(RECORD_MONTHS, 50 / 12)
    halved[-24:-12] = 100 / 12
    for name, means in (("in a record of 23 years", halved), ("in a record of these two years", halved[-24:])):
        _, after = verdicts(runs, lambda means=means: rng.poisson(means), rng, last=True)
        table.append((f"100 against 50 independent incidents said to differ, {name}", _percents([after]), "at least 80 %"))
    for months in WAVE_MONTHS:
        means = lambda m=months: wave_means(halved, WAVE_DEVIATIONS[0], m, rng)  # noqa: E731
        _, after = verdicts(runs, lambda means=means: rng.poisson(means()), rng, last=True)
        table.append((f"the same with slow waves of SD 0.4 and {months:g} months", _percents([after]), ""))
    return table


def announced(runs: int, draw: Callable[[], np.ndarray]) -> tuple[float, float]:
    """The shares of series with a change beyond independent months, and with one that stands against slow waves too."""
    found = []
    for _ in range(runs):
        counts = draw()
        changes = change_points(counts, np.full(len(counts), MONTH))
        found.append((bool(changes), any(change.stands for change in changes)))
    independent, both = np.mean(found, axis=0)
    return float(independent), float(both)


def verdicts(runs: int, draw: Callable[[], np.ndarray], rng: np.random.Generator, last: bool = False) -> tuple[float, float]:
    """The shares of records in which two adjoining years, random or the last ones, are said to differ.

    First by the exact and the negative binomial interval alone, then with the dependence of the whole record.
    """
    found = []
    for _ in range(runs):
        counts = draw()
        start = len(counts) - 24 if last else int(rng.integers(0, len(counts) - 24))
        one, two = counts[start : start + 12], counts[start + 12 : start + 24]
        n = int(one.sum()), int(two.sum())
        if sum(n) < 10:
            found.append((False, False))
            continue
        exact = rate_ratio(n[1], 12, n[0], 12)
        bursts = clustered_ratio(two, one) if max(dispersion(one) or 0, dispersion(two) or 0) > BURSTS else None
        known = dependence.estimate(counts, np.full(len(counts), MONTH), boundary=start + 12)
        slow = None
        if min(n):
            months = np.arange(start, start + 12), np.arange(start + 12, start + 24)
            slow = dependence.dependent_ratio(n[0], n[1], dependence.log_ratio_error(known, n, months), len(counts))
        found.append((widest(bursts, exact).differs, widest(slow, bursts, exact).differs))
    before, after = np.mean(found, axis=0)
    return float(before), float(after)


def waves(rate: float, deviation: float, months: float, rng: np.random.Generator) -> np.ndarray:
    """Monthly counts of a record without any step: log rate AR(1) with this standard deviation and correlation time."""
    return rng.poisson(wave_means(np.full(RECORD_MONTHS, rate), deviation, months, rng))


def wave_means(means: np.ndarray, deviation: float, months: float, rng: np.random.Generator) -> np.ndarray:
    """The means times a slow wave of mean 1."""
    carried, wave = math.exp(-1 / months), rng.standard_normal(len(means))
    for month in range(1, len(means)):
        wave[month] = carried * wave[month - 1] + math.sqrt(1 - carried**2) * wave[month]
    return means * np.exp(deviation * wave - deviation**2 / 2)


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
    answers: list[bool] = []
    while len(answers) < runs:
        if (answer := one()) is not None:
            answers.append(answer)
    return float(np.mean(answers))


def _percents(shares: Iterable[float]) -> str:
    return " and ".join(f"{share:.1%}".replace("%", " %") if share == share else "none found" for share in shares)
