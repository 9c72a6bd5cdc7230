"""The test of near repeats: by hand, against another program, silent where there is nothing, loud where there is."""

from __future__ import annotations

import numpy as np
import pytest

from incident_atlas.analysis import near_repeats as module
from incident_atlas.analysis.near_repeats import Knox, knox
from incident_atlas.core.vocabulary import EARTH_KM

KM_TO_DEGREES = float(np.degrees(1 / EARTH_KM))


def at_the_equator(east: list[float], north: list[float], day: list[int], km: float, days: int, **more) -> Knox:
    """Kilometres east and north of a point where a degree is as long both ways."""
    return knox(np.asarray(north) * KM_TO_DEGREES, np.asarray(east) * KM_TO_DEGREES, day, km, days, **more)


def scattered(n: int, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Places in 20 by 20 km and days of nearly three years that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    return rng.uniform(0, 20, n), rng.uniform(0, 20, n), rng.integers(0, 1000, n)


def with_repeats(seed: int, scattered_ones: int = 120, repeats: int = 15) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The same, and some of them followed by another within a kilometre and ten days."""
    rng = np.random.default_rng(seed)
    east, north, day = (
        rng.uniform(0, 20, scattered_ones),
        rng.uniform(0, 20, scattered_ones),
        rng.integers(0, 1000, scattered_ones),
    )
    of = rng.integers(0, scattered_ones, repeats)
    east = np.concatenate([east, east[of] + rng.uniform(-0.7, 0.7, repeats)])
    north = np.concatenate([north, north[of] + rng.uniform(-0.7, 0.7, repeats)])
    return east, north, np.concatenate([day, day[of] + rng.integers(0, 11, repeats)])


def test_four_incidents_by_hand():
    """Two pairs are near in place (1 and 2, 3 and 4), three in time (1 and 2, 2 and 3, 3 and 4) of six: one of two expected."""
    found = at_the_equator([0, 1, 100, 101], [0, 0, 0, 0], [0, 10, 20, 30], km=2, days=10)
    assert (found.pairs, found.expected, found.incidents) == (2, 2 * 3 / 6, 4)
    # Of the 24 orders of four places, both pairs stay near in time in the 8 that keep each pair together.
    assert found.p == pytest.approx(8 / 24, abs=0.05)
    assert (found.low, found.high) == (0, 2)


def test_the_ends_count_and_what_lies_beyond_does_not():
    assert at_the_equator([0, 1.999], [0, 0], [0, 14], km=2, days=14).pairs == 1
    assert at_the_equator([0, 2.001], [0, 0], [0, 14], km=2, days=14).pairs == 0
    assert at_the_equator([0, 0], [0, 0], [0, 15], km=2, days=14).pairs == 0


@pytest.mark.parametrize("km, days, pairs, expected, p", [(2, 14, 20, 8.385185185185184, 0.001), (1, 7, 12, 1.2590381426202322, 0.001), (3, 30, 51, 34.60143725815367, 0.007)])  # fmt: skip
def test_pairs_and_expected_are_those_of_pointpats(km, days, pairs, expected, p):
    """pointpats 2.5.5: `Knox(column_stack([east, north]), day.reshape(-1, 1).astype(float), delta=km, tau=days,
    permutations=999)` after `numpy.random.seed(1)`: statistic_, expected[0, 0] and p_sim, which is random."""
    found = at_the_equator(*with_repeats(20), km=km, days=days)
    assert (found.pairs, found.incidents) == (pairs, 135)
    assert found.expected == pytest.approx(expected, rel=1e-12)
    assert found.p == pytest.approx(p, abs=0.006)


def test_false_alarms_are_one_in_twenty_and_p_is_spread_out():
    p = np.array([at_the_equator(*scattered(100, seed), km=2, days=30, seed=seed).p for seed in range(200)])
    assert 0.01 <= (p <= 0.05).mean() <= 0.09
    assert np.histogram(p, 4, (0, 1))[0].min() >= 30


def test_the_mean_of_the_shuffles_is_what_is_expected():
    east, north, day = scattered(200, 3)
    whole = at_the_equator(east, north, day, km=2, days=30)
    shuffled = at_the_equator(east, north, day, km=2, days=30, among=np.zeros(200, dtype=int))
    assert shuffled.expected == pytest.approx(whole.expected, rel=0.02)
    assert whole.low < whole.expected < whole.high


@pytest.mark.parametrize("seed", range(5))
def test_planted_repeats_are_found(seed):
    found = at_the_equator(*with_repeats(seed), km=1, days=14)
    assert found.p <= 0.002 and found.pairs >= 2.5 * found.expected and found.pairs > found.high


def test_what_only_moves_over_the_years_is_a_finding_until_places_are_shuffled_within_a_year():
    """Ten years, each with a town of its own: no attack has to do with another, but neighbours in time are in one town."""
    rng = np.random.default_rng(5)
    year = np.repeat(np.arange(10), 30)
    day, east, north = year * 365 + rng.integers(0, 365, 300), year * 100 + rng.uniform(0, 10, 300), rng.uniform(0, 10, 300)
    assert at_the_equator(east, north, day, km=2, days=14).p == 0.001
    within = at_the_equator(east, north, day, km=2, days=14, among=year)
    assert within.p > 0.05 and within.low <= within.pairs <= within.high


def test_repeats_within_a_year_are_found_among_its_own():
    east, north, day = with_repeats(1)
    assert at_the_equator(east, north, day, km=1, days=14, among=day // 365).p <= 0.002


@pytest.mark.parametrize("n", [0, 1])
def test_fewer_than_two_incidents_have_no_pair(n):
    assert knox([34.5] * n, [69.2] * n, [7] * n, 2, 14) == Knox(0, 0.0, 1.0, n, 0, 0)


def test_incidents_on_one_point_are_all_near_and_no_finding():
    found = knox([34.5] * 30, [69.2] * 30, list(range(30)), 2, 14)
    assert found.pairs == found.expected == found.low == found.high and found.p == 1.0
    same_day = knox(np.linspace(34, 35, 30), [69.2] * 30, [5] * 30, 2, 14)
    assert same_day.pairs == same_day.expected == same_day.low == same_day.high and same_day.p == 1.0


def test_the_order_of_the_rows_does_not_count():
    east, north, day = with_repeats(2)
    turned = np.random.default_rng(1).permutation(len(day))
    one, other = (at_the_equator(east[of], north[of], day[of], km=2, days=14) for of in (np.arange(len(day)), turned))
    assert (one.pairs, one.expected) == (other.pairs, other.expected)


def test_the_same_question_has_the_same_answer():
    assert at_the_equator(*with_repeats(2), km=2, days=14) == at_the_equator(*with_repeats(2), km=2, days=14)


def test_what_would_take_too_long_is_asked_of_a_random_part(monkeypatch):
    monkeypatch.setattr(module, "MOST_INCIDENTS", 50)
    assert at_the_equator(*scattered(200, 1), km=2, days=14).incidents == 50
    monkeypatch.setattr(module, "MOST_INCIDENTS", 10_000)
    monkeypatch.setattr(module, "_MOST_PAIRS", 100)
    crowded = at_the_equator(np.linspace(0, 20, 200), [0.0] * 200, [5] * 200, km=2, days=14)
    assert crowded.incidents == int(200 * (100 / (200 * 199 / 2)) ** 0.5)


def test_the_fewest_pairs_that_are_a_finding_are_those_whose_p_is_at_most_a_twentieth():
    found = at_the_equator(*scattered(150, 3), km=2, days=14)
    assert found.low <= found.expected <= found.critical <= found.high + 2
    rng = np.random.default_rng(1)
    shuffled = [at_the_equator(*scattered(150, int(seed)), km=2, days=14) for seed in rng.integers(0, 9_999, 40)]
    assert all((one.pairs >= one.critical) == (one.p <= 0.05) for one in shuffled)
