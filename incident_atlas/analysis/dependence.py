"""Serial dependence of monthly counts: how large the slow waves of a record are, and what they do to a ratio or to a step.

A wave is a rate that drifts up and down without a cause that is looked for. The model is the usual one for such counts
(Zeger, Biometrika 75, 1988): the rate of month i is its mean times exp(w_i), where w is a stationary Gaussian AR(1) process;
the months may be uneven besides (gamma, independent). Its correlation time is fixed at a year, because a record of some
years cannot show how much longer it is.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from incident_atlas.analysis.statistics import LEVEL, POWER, Ratio

CORRELATION_MONTHS = 12.0
"""Months after which the correlation of a wave has fallen to 1 / e."""

LAGS, RESIDUAL_LAGS = 12, 24
FEWEST_MONTHS = 24
"""A shorter record cannot show a wave."""

RESIDUAL_BIAS = 1.8
"""The best single step takes a part of a wave with it; what is left is multiplied by this. Chosen by simulation, see
`tools/bench/statistics.py`: with it false alarms stay below 10 % for correlation times of 6 and 12 months."""


class Dependence(NamedTuple):
    """Variances relative to the squared mean. uneven: of months on their own, beyond Poisson; wave: of the slow wave."""

    uneven: float
    wave: float


def estimate(counts: np.ndarray, exposure: np.ndarray, boundary: int | None = None) -> Dependence | None:
    """The dependence of a whole record; None with fewer than `FEWEST_MONTHS` months or without an event.

    counts, exposure: events and days of each month. The variogram at lags of 1 to 12 months, less what Poisson counts have
    of it, is fitted by uneven + wave * (1 - exp(-lag / 12)), both at least zero (weighted least squares; variogram:
    Cressie, Statistics for Spatial Data, 1993, chapter 2). Short lags hardly see a single step. boundary: a month at which
    a change is being tested; pairs of months on its two sides are left out.
    """
    k, t = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    n = len(k)
    if n < FEWEST_MONTHS or not k.any():
        return None
    mean = t * k.sum() / t.sum()
    relative, months = k / mean, np.arange(n)
    lags = np.arange(1, min(LAGS, n // 4) + 1)
    semivariance, pairs = np.empty(len(lags)), np.empty(len(lags))
    for at, lag in enumerate(lags):
        apart = ((relative[lag:] - relative[:-lag]) ** 2 - 1 / mean[lag:] - 1 / mean[:-lag]) / 2
        share = t[lag:] * t[:-lag] / (t[lag:] + t[:-lag])  # a month of a few days says little
        if boundary is not None:
            share = np.where((months[:-lag] >= boundary) | (months[lag:] < boundary), share, 0)
        semivariance[at], pairs[at] = (apart * share).sum() / max(share.sum(), 1e-9), share.sum()
    weight = np.sqrt(pairs)
    design = np.stack([weight, weight * (1 - np.exp(-lags / CORRELATION_MONTHS))], axis=1)
    uneven, wave = optimize.nnls(design, semivariance * weight)[0]
    return Dependence(float(uneven), float(wave))


def estimate_beside_step(counts: np.ndarray, exposure: np.ndarray, step: int) -> Dependence | None:
    """The same for a test of steps: the larger of `estimate` and of what the record holds beside its best single step.

    step: position of the first month after that step. The second estimate fits the autocovariances of the relative
    residuals at lags of 1 to 24 months and is multiplied by `RESIDUAL_BIAS`.
    """
    found = estimate(counts, exposure)
    if found is None:
        return None
    k, t = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    mean = np.concatenate([t[side] * k[side].sum() / t[side].sum() for side in (slice(step), slice(step, None))])
    residual = np.where(mean > 0, k / np.where(mean > 0, mean, 1) - 1, 0)
    lags = np.arange(1, min(RESIDUAL_LAGS, len(k) // 4) + 1)
    covariance = np.array([(residual[lag:] * residual[:-lag]).mean() for lag in lags])
    shape = np.exp(-lags / CORRELATION_MONTHS)
    return found._replace(wave=max(found.wave, float(RESIDUAL_BIAS * (covariance @ shape) / (shape @ shape))))


def simulate(found: Dependence, rate: float, exposure: np.ndarray, runs: int, rng: np.random.Generator) -> np.ndarray:
    """Counts of records without any step, runs by months: the mean is `rate` times `exposure`, the dependence as given."""
    t = np.asarray(exposure, dtype=float)
    carried = math.exp(-1 / CORRELATION_MONTHS)
    wave = rng.standard_normal((runs, len(t)))
    for month in range(1, len(t)):
        wave[:, month] = carried * wave[:, month - 1] + math.sqrt(1 - carried**2) * wave[:, month]
    variance = math.log1p(found.wave)
    means = rate * t * np.exp(math.sqrt(variance) * wave - variance / 2)
    if found.uneven > 1e-9:
        means = means * rng.gamma(1 / found.uneven, found.uneven, means.shape)
    return rng.poisson(means).astype(float)


def log_ratio_error(found: Dependence, counts: tuple[int, int], months: tuple[np.ndarray, np.ndarray]) -> float:
    """Standard error of the logarithm of the ratio of two rates: Poisson, uneven months and slow waves together.

    counts: events of both periods, each at least 1; months: the positions, in months of 30 days, that each period covers.
    """
    one, two = months
    weights = np.concatenate([np.full(len(one), -1 / len(one)), np.full(len(two), 1 / len(two))])
    at = np.concatenate([one, two])
    wave = weights @ np.exp(-np.abs(at[:, None] - at) / CORRELATION_MONTHS) @ weights
    return math.sqrt(sum(1 / n for n in counts) + found.uneven * (1 / len(one) + 1 / len(two)) + found.wave * wave)


def dependent_ratio(base: float, rate: float, error: float, months: int) -> Ratio:
    """`rate` over `base` with bounds from `log_ratio_error`, Student's t. months: of the record that the error is from."""
    centre, free = math.log(rate / base), max(months - 2, 1)
    reach = stats.t.ppf((1 + LEVEL) / 2, free) * error
    p = float(2 * stats.t.sf(abs(centre) / error, free))
    return Ratio(math.exp(centre), math.exp(centre - reach), math.exp(centre + reach), p)


def smallest_ratio(error: float) -> float:
    """The smallest ratio above 1 that an error of the log ratio lets a two-sided 5 % test find in a share `POWER` of cases."""
    return math.exp((stats.norm.ppf((1 + LEVEL) / 2) + stats.norm.ppf(POWER)) * error)
