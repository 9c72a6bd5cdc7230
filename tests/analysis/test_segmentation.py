"""Change points against another hand's, against arithmetic, and against series of which the truth is known."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest

from incident_atlas.analysis import segmentation
from incident_atlas.analysis.segmentation import Change, change_points, change_span

DAYS = 30.0


def found(counts, days=DAYS) -> list[int]:
    return [change.at for change in change_points(counts, [days] * len(counts))]


def cost(counts, days) -> float:
    """Twice the negative log likelihood of one Poisson rate, written down once more, without what no cut changes."""
    events = sum(counts)
    return -2 * events * math.log(events / sum(days)) if events else 0.0


def penalised(counts, days, cuts, penalty) -> float:
    ends = [0, *cuts, len(counts)]
    parts = (cost(counts[a:b], days[a:b]) for a, b in zip(ends, ends[1:], strict=False))
    return sum(parts) + penalty * len(cuts)


def best_cut(counts, days, begin, end) -> int:
    """The cut of a stretch that makes it cheapest, by trying all."""
    cuts = range(begin + segmentation.SHORTEST, end - segmentation.SHORTEST + 1)
    return min(cuts, key=lambda at: cost(counts[begin:at], days[begin:at]) + cost(counts[at:end], days[at:end]))


def bursts(rng: np.random.Generator, means, dispersion: float) -> np.ndarray:
    """Negative binomial counts whose variance is `dispersion` times their mean."""
    means = np.asarray(means, dtype=float)
    return rng.negative_binomial(means / (dispersion - 1), 1 / dispersion)


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="ruptures has no wheels for this Python")
@pytest.mark.parametrize("seed", range(30))
def test_the_cheapest_segmentation_is_the_one_that_pelt_finds(seed):
    import ruptures

    class PoissonCost(ruptures.base.BaseCost):
        model, min_size = "poisson", segmentation.SHORTEST

        def fit(self, signal):
            self.signal = signal
            return self

        def error(self, start, end):
            return cost(self.signal[start:end, 0], self.signal[start:end, 1])

    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 150))
    rates = np.repeat(rng.gamma(1.5, 2, 5), n // 5 + 1)[:n]
    counts, days = rng.poisson(rates).astype(float), rng.uniform(20, 31, n)
    penalty = 2 * math.log(n)
    pelt = ruptures.Pelt(custom_cost=PoissonCost(), min_size=segmentation.SHORTEST, jump=1)
    theirs = pelt.fit(np.column_stack([counts, days])).predict(pen=penalty)[:-1]
    ours = segmentation._segments(counts, days, penalty)
    assert penalised(counts, days, ours, penalty) == pytest.approx(penalised(counts, days, theirs, penalty))
    assert ours == theirs


def test_a_step_that_nobody_can_miss_is_found_where_it_is():
    assert change_points([1] * 24 + [7] * 24, [DAYS] * 48) == [Change(24, 1 / DAYS, 7 / DAYS, 0.001, 0.005)]
    assert change_points([0] * 20 + [3] * 20, [DAYS] * 40) == [Change(20, 0.0, 3 / DAYS, 0.001, 0.005)]


def test_up_and_down_again_are_two_changes_with_the_rates_between():
    counts = [1, 2, 1, 0] * 8 + [6, 8, 7, 7] * 8 + [2, 1, 0, 1] * 8
    first, second = change_points(counts, [DAYS] * 96)
    assert (first.at, second.at) == (32, 64)
    assert (first.before, first.after, second.after) == pytest.approx((1 / DAYS, 7 / DAYS, 1 / DAYS))
    assert first.after == second.before


def test_two_series_cut_by_hand():
    # 2 log n = 4.97. No cut: -2 * 24 * log(24 / 12) = -33.3; after the sixth: -2 * 24 * log(24 / 6) = -66.5, and 4.97 more.
    counts, days = np.array([0.0] * 6 + [4.0] * 6), np.ones(12)
    assert segmentation._segments(counts, days, 2 * math.log(12)) == [6]
    assert penalised(counts, days, [6], 0.0) == pytest.approx(-66.54, abs=0.01)
    # 3 a month, then 4: a cut spares 2 * (3 * 6 * log(3 / 3.5) + 4 * 6 * log(4 / 3.5)) = 0.86, less than it costs.
    assert segmentation._segments(np.array([3.0] * 6 + [4.0] * 6), days, 2 * math.log(12)) == []


def test_longer_stretches_with_more_events_are_no_change():
    assert change_points([10] * 30 + [20] * 30, [30] * 30 + [60] * 30) == []
    assert [change.at for change in change_points([10] * 60, [60] * 30 + [30] * 30)] == [30]


@pytest.mark.parametrize(
    "counts", [[], [4], [0, 9], [0] * 60, [5] * 60, [0] * 59 + [1], [3, 0, 4, 1, 2] * 12],
    ids=["nothing", "one month", "two months", "no event", "constant", "one event", "even"],
)  # fmt: skip
def test_where_nothing_changes_nothing_is_found(counts):
    assert change_points(counts, [DAYS] * len(counts)) == []


def test_the_same_question_has_the_same_answer():
    counts = np.random.default_rng(3).poisson(np.repeat([1.0, 2.0, 1.0], 50))
    assert change_points(counts, [DAYS] * 150) == change_points(counts.tolist(), np.full(150, DAYS))


def test_changes_are_plain_numbers():
    (change,) = change_points(np.repeat([1, 7], 24), np.full(48, DAYS))
    assert {type(value) for value in (change.before, change.after, change.p, change.wave_p)} == {float} and type(change.at) is int


@pytest.mark.parametrize("dispersion", [1.0, 2.0, 4.0])
def test_a_constant_rate_makes_few_false_alarms_however_uneven_its_months(dispersion):
    rng = np.random.default_rng(17)
    draw = rng.poisson if dispersion == 1 else lambda means: bursts(rng, means, dispersion)
    alarms = sum(bool(found(draw(np.full(150, 2.0)))) for _ in range(120))
    # At 5 % more than 12 of 120 come once in a hundred times; without the dispersion in the penalty it is 38.
    assert alarms <= 12


def test_a_change_stands_where_it_divides_the_months_between_its_neighbours_best():
    # Months with bursts: first cut out by two changes, of which the weaker is dropped, and the other one moves.
    rng, changes = np.random.default_rng(3), 0
    for _ in range(60):
        counts = bursts(rng, np.repeat(rng.gamma(2, 1.2, 5), 40), 1.8)
        days = np.full(len(counts), DAYS)
        ends = [0, *(change.at for change in change_points(counts, days)), len(counts)]
        for begin, at, end in zip(ends, ends[1:], ends[2:], strict=False):
            best = best_cut(counts, days, begin, end)
            spared = [cost(counts[begin:cut], days[begin:cut]) + cost(counts[cut:end], days[cut:end]) for cut in (at, best)]
            assert spared[0] == pytest.approx(spared[1])
            changes += 1
    assert changes > 60


def test_a_dropped_cut_lets_its_neighbour_move():
    cuts, counts = [5], np.array([1.0] * 12 + [6.0] * 12)
    segmentation._settle(cuts, counts, np.ones(24))
    assert cuts == [12]


def test_dispersion_between_neighbours_knows_lengths_and_is_not_moved_by_a_change():
    rng = np.random.default_rng(5)
    days = np.where(np.arange(4000) % 7, 30.0, 5.0)
    assert segmentation._unevenness(rng.poisson(days / 10).astype(float), days) == pytest.approx(1, abs=0.08)
    step = np.repeat([1.0, 4.0], 2000)
    assert segmentation._unevenness(bursts(rng, step, 3.0).astype(float), np.full(4000, DAYS)) == pytest.approx(3, abs=0.3)
    assert segmentation._unevenness(np.zeros(9), np.ones(9)) == segmentation._unevenness(np.ones(1), np.ones(1)) == 1


def test_where_a_change_may_lie_holds_the_best_cut_and_narrows_with_its_size():
    assert change_span([0] * 24 + [9] * 24, [DAYS] * 48) == (24, 24)
    counts = np.random.default_rng(2).poisson(np.repeat([2.0, 3.2], 60))
    days = np.full(120, DAYS)
    first, last = change_span(counts, days)
    assert first < best_cut(counts, days, 0, 120) < last and 0 < first and last < 120


@pytest.mark.parametrize("dispersion", [1.0, 2.5])
def test_where_a_change_may_lie_holds_the_truth_nearly_always(dispersion):
    rng, held = np.random.default_rng(23), 0
    for _ in range(200):
        means = np.repeat([2.0, 4.0], 60)
        counts = rng.poisson(means) if dispersion == 1 else bursts(rng, means, dispersion)
        first, last = change_span(counts, np.full(120, DAYS))
        held += first <= 60 <= last
    assert held >= 186
