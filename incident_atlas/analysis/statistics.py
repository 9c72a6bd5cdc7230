"""Rates of counts and their ratio, each with its uncertainty.

Numbers in, numbers out: nothing here knows a record, a page or a picture. Intervals are at 95 %. A random method takes a
seed, so that the same question has the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy import optimize, special, stats

from incident_atlas.i18n import _

YEAR_DAYS = 365.25
"""Of a year in a rate."""
LEVEL = 0.95

POWER = 0.8
"""How often a test should find a difference that is there."""

PERMUTATIONS = 999

ROUNDING = 1e-9
"""Rounding alone must not tell a cut from another, nor a shuffle from what it equals."""


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

    @property
    def width(self) -> float:
        """Upper over lower bound, infinite when a side has no event."""
        return math.inf if self.low == 0 or self.high == math.inf else self.high / self.low

    @property
    def differs(self) -> bool:
        """Whether the interval leaves out 1 and p is below 0.05."""
        return not self.low <= 1 <= self.high and self.p < 1 - LEVEL


def widest(*ratios: Ratio | None) -> Ratio | None:
    """The one of several answers to the same question that claims least; None when there is none."""
    return max((one for one in ratios if one is not None), key=lambda one: (one.width, one.p), default=None)


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


def p_value(p: float) -> str:
    """A p-value for people.

    >>> p_value(0.0237), p_value(0.131), p_value(0.0002)
    ('p 0.024', 'p 0.13', 'p below 0.001')
    """
    return _("p below 0.001") if p < 0.001 else f"p {p:.3f}" if p < 0.0995 else f"p {p:.2f}"


def dispersion(counts: Sequence[int]) -> float | None:
    """Variance over mean of counts in equal stretches of time, 1 for a Poisson process (Fisher's index of dispersion).

    None when it means nothing: fewer than two stretches, or no event.

    >>> dispersion([2, 0, 4, 2]), dispersion([5]), dispersion([0, 0])
    (1.3333333333333333, None, None)
    """
    counts = np.asarray(counts, dtype=float)
    return float(counts.var(ddof=1) / counts.mean()) if len(counts) > 1 and counts.any() else None


def dispersion_p(*series: Sequence[int]) -> float:
    """How often counts that are independent vary as much as these do within each side (chi-square of the index of dispersion).

    1 when there are too few to say.
    """
    found = [(len(side) - 1, index) for side in series if (index := dispersion(side)) is not None]
    free = sum(n for n, _ in found)
    return float(stats.chi2.sf(sum(n * index for n, index in found), free)) if free else 1.0


def shuffled_p(counts: Sequence[int], base: Sequence[int]) -> float:
    """Two-sided p of a difference of two mean counts when events come in bursts: stretches shuffled between the sides.

    The share of `PERMUTATIONS` shuffles, and the sides as they are, in which the means differ at least as much.
    """
    whole, n = np.concatenate([counts, base]).astype(float), len(counts)
    mixed = np.random.default_rng(7).permuted(np.tile(whole, (PERMUTATIONS, 1)), axis=1)
    apart = np.abs(mixed[:, :n].mean(axis=1) - mixed[:, n:].mean(axis=1))
    return float((apart >= abs(np.mean(counts) - np.mean(base)) - ROUNDING).sum() + 1) / (PERMUTATIONS + 1)


def clustered_ratio(
    counts: Sequence[int],
    base: Sequence[int],
    length: float = 1.0,
    base_length: float = 1.0,
    undated: int = 0,
    base_undated: int = 0,
) -> Ratio | None:
    """The ratio of two rates when events come in bursts: a negative binomial model with one shape for both.

    counts, base: events in stretches of equal length within each side, of `length` and `base_length`. undated, base_undated:
    events of which the stretch is not known; they count in the rates, and the shape is that of the others, as it is the same
    for any random part of the events. The shape is the one at which Pearson's chi-square equals its degrees
    of freedom (Breslow, Applied Statistics 33, 1984); bounds and p are of the logarithm of the ratio, with Student's t.
    For two groups the model's estimates are the means, so no iteration is needed; statsmodels' GLM gives the same.
    None when a side has no event or fewer than two stretches, or no event has a stretch.
    """
    series = [np.asarray(side, dtype=float) for side in (counts, base)]
    totals = series[0].sum() + undated, series[1].sum() + base_undated
    shaping = [side for side in series if side.any()]
    if not all(totals) or not shaping or any(len(side) < 2 for side in series):
        return None
    free = sum(len(side) - 1 for side in shaping)

    def excess(shape: float) -> float:
        return sum(((side - side.mean()) ** 2 / (side.mean() + shape * side.mean() ** 2)).sum() for side in shaping) - free

    top = 1.0
    while excess(top) > 0 and top < 1e6:
        top *= 4
    shape = optimize.brentq(excess, 0.0, top) if excess(0.0) > 0 else 0.0
    centre = math.log(totals[0] / (len(series[0]) * length) / (totals[1] / (len(series[1]) * base_length)))
    error = math.sqrt(sum(1 / total + shape / len(side) for total, side in zip(totals, series, strict=True)))
    reach = stats.t.ppf((1 + LEVEL) / 2, free) * error
    p = 2 * stats.t.sf(abs(centre) / error, free)
    return Ratio(math.exp(centre), math.exp(centre - reach), math.exp(centre + reach), float(p))
