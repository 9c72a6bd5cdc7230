"""Questions about counts, each answered with its uncertainty: rates, their ratio, when a rate changed.

Numbers in, numbers out: nothing here knows a record, a page or a picture. Intervals are at 95 %. A random method takes a
seed, so that the same question has the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

LEVEL = 0.95
PERMUTATIONS = 999


def rate_interval(count: int, exposure: float) -> tuple[float, float]:
    """Exact bounds of a rate: `count` events in `exposure` (days, years ...), per unit of exposure.

    Garwood, Biometrika 28 (1936): with 10 events the mean lies between 4.80 and 18.39.

    >>> [round(bound, 2) for bound in rate_interval(10, 1)], [round(bound, 2) for bound in rate_interval(0, 1)]
    ([4.8, 18.39], [0.0, 3.69])
    """
    tail = (1 - LEVEL) / 2
    low = stats.chi2.ppf(tail, 2 * count) / 2 if count else 0.0
    return float(low / exposure), float(stats.chi2.ppf(1 - tail, 2 * count + 2) / 2 / exposure)


class Ratio(NamedTuple):
    """One rate over another with its bounds. ratio, high: infinite when the base has no event. p: two-sided."""

    ratio: float
    low: float
    high: float
    p: float


def rate_ratio(count: int, days: float, base_count: int, base_days: float) -> Ratio:
    """How many times the base rate a rate is: exact conditional test of two Poisson counts; ValueError without any event.

    Given the sum, the first count is binomial (Przyborowski & Wilenski, Biometrika 31, 1940); its Clopper-Pearson interval
    gives that of the ratio. p is twice the smaller tail, which goes with that interval: below 0.05 exactly when the
    interval leaves out 1. (The minimum-likelihood p of the same counts is 0.020.)

    >>> [round(value, 3) for value in rate_ratio(25, 365, 12, 400)]
    [2.283, 1.105, 4.988, 0.024]
    """
    n, share = count + base_count, days / (days + base_days)
    if not n:
        raise ValueError("two rates without any event have no ratio")
    # The same as scipy's binomtest and its exact interval, a hundred times as fast: a page asks for dozens.
    low = special.betaincinv(count, base_count + 1, (1 - LEVEL) / 2) if count else 0.0
    high = special.betaincinv(count + 1, base_count, (1 + LEVEL) / 2) if base_count else 1.0
    tails = special.bdtr(count, n, share), special.bdtrc(count - 1, n, share) if count else 1.0

    def odds(part: float) -> float:
        return math.inf if part >= 1 else part / (1 - part) * base_days / days

    return Ratio(odds(count / n), odds(float(low)), odds(float(high)), float(min(1.0, 2 * min(tails))))


def dispersion(counts: Sequence[int]) -> float | None:
    """Variance over mean of counts in equal stretches of time, 1 for a Poisson process (Fisher's index of dispersion).

    None when it means nothing: fewer than two stretches, or no event.

    >>> dispersion([2, 0, 4, 2]), dispersion([5]), dispersion([0, 0])
    (1.3333333333333333, None, None)
    """
    counts = np.asarray(counts, dtype=float)
    return float(counts.var(ddof=1) / counts.mean()) if len(counts) > 1 and counts.any() else None


def dispersion_p(*sides: Sequence[int]) -> float:
    """How often counts that are independent vary as much as these do within each side (chi-square of the index of dispersion).

    1 when there are too few to say.
    """
    told = [(len(side) - 1, found) for side in sides if (found := dispersion(side)) is not None]
    free = sum(n for n, _ in told)
    return float(stats.chi2.sf(sum(n * found for n, found in told), free)) if free else 1.0


def shuffled_p(counts: Sequence[int], base: Sequence[int], seed: int = 7) -> float:
    """Two-sided p of a difference of two mean counts when events come in bursts: stretches shuffled between the sides.

    The share of `PERMUTATIONS` shuffles, and the sides as they are, in which the means differ at least as much.
    """
    whole, n = np.concatenate([counts, base]).astype(float), len(counts)
    mixed = np.random.default_rng(seed).permuted(np.tile(whole, (PERMUTATIONS, 1)), axis=1)
    apart = np.abs(mixed[:, :n].mean(axis=1) - mixed[:, n:].mean(axis=1))
    return float((apart >= abs(np.mean(counts) - np.mean(base)) - _ROUNDING).sum() + 1) / (PERMUTATIONS + 1)


def clustered_ratio(counts: Sequence[int], base: Sequence[int], length: float = 1.0, base_length: float = 1.0) -> Ratio | None:
    """The ratio of two rates when events come in bursts: a negative binomial model with one shape for both.

    counts, base: events in stretches of equal length within each side, of `length` and `base_length`. The shape is the one at which Pearson's chi-square equals its degrees
    of freedom (Breslow, Applied Statistics 33, 1984); bounds and p are of the logarithm of the ratio, with Student's t.
    For two groups the model's estimates are the means, so no iteration is needed; statsmodels' GLM gives the same.
    None when a side has no event or fewer than two stretches.
    """
    sides = [np.asarray(side, dtype=float) for side in (counts, base)]
    if any(len(side) < 2 or not side.any() for side in sides):
        return None
    free = sum(len(side) for side in sides) - 2

    def excess(shape: float) -> float:
        return sum(((side - side.mean()) ** 2 / (side.mean() + shape * side.mean() ** 2)).sum() for side in sides) - free

    top = 1.0
    while excess(top) > 0 and top < 1e6:
        top *= 4
    shape = optimize.brentq(excess, 0.0, top) if excess(0.0) > 0 else 0.0
    centre = math.log(sides[0].mean() / length / (sides[1].mean() / base_length))
    error = math.sqrt(sum(1 / side.sum() + shape / len(side) for side in sides))
    reach = stats.t.ppf((1 + LEVEL) / 2, free) * error
    p = 2 * stats.t.sf(abs(centre) / error, free)
    return Ratio(math.exp(centre), math.exp(centre - reach), math.exp(centre + reach), float(p))


class Change(NamedTuple):
    """A change of a rate. at: position of the first stretch after it. before, after: events per unit of exposure."""

    at: int
    before: float
    after: float
    p: float


SHORTEST = 3
"""Stretches between two changes, at least."""

_ROUNDING = 1e-9
"""Rounding alone must not tell a cut from another, nor a shuffle from what it equals."""


def change_points(counts: Sequence[int], exposure: Sequence[float], seed: int = 7) -> list[Change]:
    """When the rate of a Poisson series changed, if it did: no change is a finding too.

    counts, exposure: events and length of each stretch (a month, its days), in order. The candidates are the segmentation
    with the least Poisson cost and a penalty per change of 2 log n, times the dispersion between neighbours: the optimum
    that PELT finds (Killick, Fearnhead & Eckley, JASA 107, 2012), by the same recursion without its pruning, which a few
    hundred months do not need. Each is then tested against `PERMUTATIONS` shuffles of the stretches between its
    neighbours: p is the share in which some split does as well. The weakest is dropped while its p is above 0.05; its
    neighbours are moved to where they now divide best, and tested anew. Penalty and shuffles know how uneven the months
    are, so bursts alone make no change; slow waves may.
    """
    k, t = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    cuts = _segments(k, t, 2 * math.log(max(len(k), 2)) * _unevenness(k, t))
    rng = np.random.default_rng(seed)
    tested: dict[tuple[int, int], float] = {}
    while cuts:
        ends = [0, *cuts, len(k)]
        stretches = list(zip(ends, ends[2:], strict=False))
        for stretch in stretches:
            if stretch not in tested:
                tested[stretch] = _split_p(k[slice(*stretch)], t[slice(*stretch)], rng)
        worst = max(range(len(cuts)), key=lambda n: tested[stretches[n]])
        if tested[stretches[worst]] <= 1 - LEVEL:
            rates = [float(k[a:b].sum() / t[a:b].sum()) for a, b in zip(ends, ends[1:], strict=False)]
            p = [tested[stretch] for stretch in stretches]
            return [Change(at, rates[n], rates[n + 1], p[n]) for n, at in enumerate(cuts)]
        del cuts[worst]
        _settle(cuts, k, t)
    return []


def _cost(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Twice the negative Poisson log likelihood of counts at their own rate, without what no segmentation changes."""
    return -2 * k * np.log(np.where(k > 0, k, 1) / t)


def _unevenness(k: np.ndarray, t: np.ndarray) -> float:
    """Variance over what chance alone gives, at least 1, from neighbours alone, which a change of the rate hardly touches.

    Without it bursts would be cut out by two changes, each the best of many, and pass the test. Of differences between
    neighbours: von Neumann and others, Annals of Mathematical Statistics 12 (1941).
    """
    both, share = k[1:] + k[:-1], t[1:] / (t[1:] + t[:-1])
    chance = (both * share * (1 - share)).sum()
    return max(1.0, float(((k[1:] - both * share) ** 2).sum() / chance)) if chance else 1.0


def _segments(k: np.ndarray, t: np.ndarray, penalty: float) -> list[int]:
    """Where the cheapest segmentation cuts (optimal partitioning, Jackson et al. 2005)."""
    n = len(k)
    sums, times = (np.concatenate([[0.0], np.cumsum(values)]) for values in (k, t))
    best, last = np.full(n + 1, np.inf), np.zeros(n + 1, dtype=int)
    best[0] = -penalty
    for end in range(SHORTEST, n + 1):
        begins = np.arange(end - SHORTEST + 1)
        costs = best[begins] + penalty + _cost(sums[end] - sums[begins], times[end] - times[begins])
        last[end] = costs.argmin()
        best[end] = costs[last[end]]
    cuts, end = [], int(last[n])
    while end:
        cuts.append(end)
        end = int(last[end])
    return cuts[::-1]


def _settle(cuts: list[int], k: np.ndarray, t: np.ndarray) -> None:
    """Move each cut to where it divides the stretch between its neighbours best, until none moves."""
    moved = True
    while moved:
        moved = False
        for n, at in enumerate(cuts):
            begin, end = [0, *cuts, len(k)][n : n + 3 : 2]
            gains = _gains(k[begin:end], t[begin:end])
            if gains.max() > gains[at - begin - SHORTEST] + _ROUNDING:
                cuts[n], moved = begin + int(gains.argmax()) + SHORTEST, True


def _split_p(k: np.ndarray, t: np.ndarray, rng: np.random.Generator) -> float:
    """The share of shuffles of a stretch that some cut divides as well as the best cut divides the stretch itself."""
    order = np.argsort(rng.random((PERMUTATIONS, len(k))), axis=1)
    order = np.vstack([np.arange(len(k)), order])
    gains = _gains(k[order], t[order]).max(axis=1)
    return float((gains[1:] >= gains[0] - _ROUNDING).sum() + 1) / (PERMUTATIONS + 1)


def _gains(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """What a cut after each stretch spares of the cost, but for what is the same for all, along the last axis."""
    sums, times = np.cumsum(k, axis=-1), np.cumsum(t, axis=-1)
    left = slice(SHORTEST - 1, k.shape[-1] - SHORTEST)
    here, then = sums[..., left], times[..., left]
    return -(_cost(here, then) + _cost(sums[..., -1:] - here, times[..., -1:] - then))


def change_span(counts: Sequence[int], exposure: Sequence[float]) -> tuple[int, int]:
    """Where the one change of a series may lie: the first and the last `Change.at` that the counts do not rule out.

    counts, exposure: as in `change_points`, from the change before to the change after, at least 2 * `SHORTEST` stretches.
    The cuts whose likelihood ratio to the best cut stays below the 95 % point of its limit, (1 - exp(-x / 2)) ** 2
    (Hansen, Econometrica 68, 2000), which large changes make cautious; the ratio is divided by the dispersion of the
    counts about the two rates when that is above 1.
    """
    k, t = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    gains = _gains(k, t)
    at = int(gains.argmax()) + SHORTEST
    expected = np.concatenate([t[side] * k[side].sum() / t[side].sum() for side in (slice(at), slice(at, None))])
    apart = (k - expected) ** 2 / np.where(expected > 0, expected, 1)
    reach = -2 * math.log(1 - math.sqrt(LEVEL)) * max(1.0, apart.sum() / (len(k) - 2))
    possible = np.flatnonzero(gains >= gains.max() - reach) + SHORTEST
    return int(possible[0]), int(possible[-1])
