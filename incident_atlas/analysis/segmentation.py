"""When the rate of a series of counts changed, if it did: change points, tested against chance and against slow waves.

Numbers in, numbers out. Random methods take a seed, so that the same question has the same answer.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from incident_atlas.analysis import dependence
from incident_atlas.analysis.statistics import LEVEL, PERMUTATIONS, ROUNDING

SIMULATIONS = 199
"""Records with slow waves and no step that each record is held against."""

SHORTEST = 3
"""Stretches between two changes, at least."""


class Change(NamedTuple):
    """A change of a rate. at: position of the first stretch after it. before, after: events per unit of exposure.

    p: against independent stretches. wave_p: against slow waves, 1 when the series is too short to show any.
    """

    at: int
    before: float
    after: float
    p: float
    wave_p: float

    @property
    def stands(self) -> bool:
        """Whether it stands against both."""
        return max(self.p, self.wave_p) <= 1 - LEVEL


def change_points(counts: Sequence[int], exposure: Sequence[float], seed: int = 7) -> list[Change]:
    """The changes that independent stretches do not explain, in their order; no change is a finding too.

    counts, exposure: events and length of each stretch (a month, its days), in order. The candidates are the segmentation
    with the least Poisson cost and a penalty per change of 2 log n, times the dispersion between neighbours: the optimum
    that PELT finds (Killick, Fearnhead & Eckley, JASA 107, 2012), by the same recursion without its pruning, which a few
    hundred months do not need. Each is then tested against `PERMUTATIONS` shuffles of the stretches between its
    neighbours: p is the share in which some split does as well. The weakest is dropped while its p is above 0.05; its
    neighbours are moved to where they now divide best, and tested anew.

    A slow wave has such changes too. wave_p is the share of `SIMULATIONS` records with the dependence of this one and no
    step (`dependence.estimate_beside_step`) in which the largest change of the segmentation spares at least as much cost.
    """
    k, t = np.asarray(counts, dtype=float), np.asarray(exposure, dtype=float)
    cuts = _segments(k, t, 2 * math.log(max(len(k), 2)) * float(_unevenness(k, t)))
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
            p, waves = [tested[stretch] for stretch in stretches], _wave_p(k, t, cuts, rng)
            return [Change(at, rates[n], rates[n + 1], p[n], waves[n]) for n, at in enumerate(cuts)]
        del cuts[worst]
        _settle(cuts, k, t)
    return []


def _cost(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Twice the negative Poisson log likelihood of counts at their own rate, without what no segmentation changes."""
    return -2 * k * np.log(np.where(k > 0, k, 1) / t)


def _unevenness(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """Variance of each series over what chance alone gives, at least 1, from neighbours alone, which a change of the rate hardly touches.

    Without it bursts would be cut out by two changes, each the best of many, and pass the test. Of differences between
    neighbours: von Neumann and others, Annals of Mathematical Statistics 12 (1941).
    """
    both, share = k[..., 1:] + k[..., :-1], t[1:] / (t[1:] + t[:-1])
    chance = (both * share * (1 - share)).sum(axis=-1)
    squares = ((k[..., 1:] - both * share) ** 2).sum(axis=-1)
    return np.maximum(1.0, np.divide(squares, chance, out=np.ones_like(chance), where=chance > 0))


def _segments(k: np.ndarray, t: np.ndarray, penalty: float) -> list[int]:
    """Where the cheapest segmentation of one series cuts."""
    return _all_segments(k[None], t, np.array([penalty]))[0]


def _all_segments(k: np.ndarray, t: np.ndarray, penalty: np.ndarray) -> list[list[int]]:
    """The same for each row of `k`, with a penalty of its own (optimal partitioning, Jackson et al. 2005)."""
    runs, n = k.shape
    sums, times = _cumulative(k), _cumulative(t)
    best, last = np.full((runs, n + 1), np.inf), np.zeros((runs, n + 1), dtype=int)
    best[:, 0] = -penalty
    for end in range(SHORTEST, n + 1):
        begins = slice(0, end - SHORTEST + 1)
        costs = best[:, begins] + penalty[:, None] + _cost(sums[:, end, None] - sums[:, begins], times[end] - times[begins])
        last[:, end] = costs.argmin(axis=1)
        best[:, end] = costs[np.arange(runs), last[:, end]]
    found = []
    for row in last:
        cuts, end = [], int(row[n])
        while end:
            cuts.append(end)
            end = int(row[end])
        found.append(cuts[::-1])
    return found


def _cumulative(values: np.ndarray) -> np.ndarray:
    """Sums up to each stretch, beginning with none."""
    return np.concatenate([np.zeros((*values.shape[:-1], 1)), np.cumsum(values, axis=-1)], axis=-1)


def _wave_p(k: np.ndarray, t: np.ndarray, cuts: list[int], rng: np.random.Generator) -> list[float]:
    """For each cut, the share of simulated records without a step in which the largest cut spares at least as much."""
    found = dependence.estimate_beside_step(k, t, int(_gains(k, t).argmax()) + SHORTEST)
    if found is None:
        return [1.0] * len(cuts)
    null = dependence.simulate(found, k.sum() / t.sum(), t, SIMULATIONS, rng)
    segments = _all_segments(null, t, 2 * math.log(len(k)) * _unevenness(null, t))
    largest = np.array([max(_spared(row, t, own), default=0.0) for row, own in zip(null, segments, strict=True)])
    return [float((largest >= spared - ROUNDING).sum() + 1) / (SIMULATIONS + 1) for spared in _spared(k, t, cuts)]


def _spared(k: np.ndarray, t: np.ndarray, cuts: list[int]) -> list[float]:
    """What each cut spares of the cost of the stretch between its neighbours."""
    ends = np.array([0, *cuts, len(k)])
    sums, times = _cumulative(k)[ends], _cumulative(t)[ends]
    whole = _cost(sums[2:] - sums[:-2], times[2:] - times[:-2])
    parts = _cost(np.diff(sums), np.diff(times))
    return (whole - parts[:-1] - parts[1:]).tolist()


def _settle(cuts: list[int], k: np.ndarray, t: np.ndarray) -> None:
    """Move each cut to where it divides the stretch between its neighbours best, until none moves."""
    moved = True
    while moved:
        moved = False
        for n, at in enumerate(cuts):
            begin, end = [0, *cuts, len(k)][n : n + 3 : 2]
            gains = _gains(k[begin:end], t[begin:end])
            if gains.max() > gains[at - begin - SHORTEST] + ROUNDING:
                cuts[n], moved = begin + int(gains.argmax()) + SHORTEST, True


def _split_p(k: np.ndarray, t: np.ndarray, rng: np.random.Generator) -> float:
    """The share of shuffles of a stretch that some cut divides as well as the best cut divides the stretch itself."""
    order = np.argsort(rng.random((PERMUTATIONS, len(k))), axis=1)
    order = np.vstack([np.arange(len(k)), order])
    gains = _gains(k[order], t[order]).max(axis=1)
    return float((gains[1:] >= gains[0] - ROUNDING).sum() + 1) / (PERMUTATIONS + 1)


def _gains(k: np.ndarray, t: np.ndarray) -> np.ndarray:
    """What a cut after each stretch spares of the cost, but for what is the same for all, along the last axis."""
    sums, times = np.cumsum(k, axis=-1), np.cumsum(t, axis=-1)
    left = slice(SHORTEST - 1, k.shape[-1] - SHORTEST)
    k_left, t_left = sums[..., left], times[..., left]
    return -(_cost(k_left, t_left) + _cost(sums[..., -1:] - k_left, times[..., -1:] - t_left))


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
