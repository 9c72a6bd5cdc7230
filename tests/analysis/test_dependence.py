"""Serial dependence of monthly counts: estimated where it is known, and what it does to steps and ratios."""

from __future__ import annotations

import math

import numpy as np
import pytest

from incident_atlas.analysis import dependence
from incident_atlas.analysis.dependence import Dependence, dependent_ratio, estimate, log_ratio_error, simulate, smallest_ratio
from incident_atlas.analysis.segmentation import change_points
from incident_atlas.analysis.statistics import Ratio, rate_ratio, widest

DAYS = 30.0


def records(found: Dependence, runs: int, months: int = 276, rate: float = 5.0) -> np.ndarray:
    return simulate(found, rate / DAYS, np.full(months, DAYS), runs, np.random.default_rng(4))


def test_simulated_records_have_the_mean_and_the_variance_that_were_asked_for():
    counts = records(Dependence(0.1, 0.2), 4_000, 30)
    assert counts.mean() == pytest.approx(5, rel=0.02)
    # Poisson, and the product of two independent factors of mean 1.
    assert counts.var() == pytest.approx(5 + 25 * (1.1 * 1.2 - 1), rel=0.05)


@pytest.mark.parametrize("wave", [0.0, 0.2])
def test_the_wave_of_simulated_records_is_found_again(wave):
    found = [estimate(counts, np.full(276, DAYS)) for counts in records(Dependence(0.05, wave), 60)]
    assert np.mean([one.wave for one in found]) == pytest.approx(wave, abs=0.04)
    assert np.mean([one.uneven for one in found]) == pytest.approx(0.05, abs=0.03)


def test_a_change_at_the_boundary_is_no_wave():
    rng, days = np.random.default_rng(6), np.full(60, DAYS)
    counts = [rng.poisson(np.repeat([20.0, 5.0], 30)) for _ in range(40)]
    across, apart = ([estimate(one, days, boundary).wave for one in counts] for boundary in (None, 30))
    assert np.mean(across) > 0.05 > 0.015 > np.mean(apart)


def test_a_month_of_a_day_says_little():
    counts, days = np.r_[1, np.tile([3, 2], 20)], np.r_[1.0, np.full(40, DAYS)]
    assert estimate(counts, days).wave == 0


@pytest.mark.parametrize("counts", [np.ones(23), np.zeros(60)], ids=["short", "no event"])
def test_where_nothing_can_be_seen_there_is_no_estimate(counts):
    assert estimate(counts, np.full(len(counts), DAYS)) is None


def test_without_waves_the_error_is_that_of_two_counts():
    months = np.arange(12), np.arange(12, 24)
    assert log_ratio_error(Dependence(0, 0), (50, 100), months) == pytest.approx(math.sqrt(1 / 50 + 1 / 100))
    uneven = log_ratio_error(Dependence(0.5, 0), (50, 100), months)
    assert uneven**2 == pytest.approx(1 / 50 + 1 / 100 + 0.5 / 12 * 2)
    near, far = (log_ratio_error(Dependence(0, 0.2), (50, 100), (np.arange(12), np.arange(12) + gap)) for gap in (12, 240))
    assert uneven < near < far  # adjoining years share a part of the wave


def test_the_smallest_ratio_is_found_in_four_of_five_draws():
    error = math.sqrt(1 / 200 + 1 / 200)
    least, rng = smallest_ratio(error), np.random.default_rng(2)
    base = 400 / (1 + least)
    found = [rate_ratio(int(b), 1, int(a), 1).differs for a, b in rng.poisson((base, base * least), (400, 2))]
    assert np.mean(found) == pytest.approx(0.8, abs=0.06)


def test_the_ratio_with_dependence_has_its_bounds_about_the_ratio():
    found = dependent_ratio(2.0, 1.0, 0.3, 1_000_000)
    assert (found.ratio, found.p < 0.05) == (0.5, True)
    assert [found.low, found.high] == pytest.approx([0.5 * math.exp(-1.96 * 0.3), 0.5 * math.exp(1.96 * 0.3)], rel=1e-3)
    assert widest(None, found, Ratio(0.5, 0.4, 0.6, 0.001)) is found and widest(None) is None


def test_slow_waves_are_shifts_and_no_changes_and_a_halving_is_a_change():
    days = np.full(276, DAYS)
    waves = [change_points(counts, days) for counts in records(Dependence(0, 0.17), 30, rate=3.0)]
    assert sum(bool(found) for found in waves) >= 20
    assert sum(any(change.stands for change in found) for found in waves) <= 5
    rng = np.random.default_rng(9)
    halved = [change_points(rng.poisson(np.repeat([5.0, 2.5], 60)), np.full(120, DAYS)) for _ in range(20)]
    assert sum(any(change.stands for change in found) for found in halved) >= 15


def test_a_series_too_short_for_waves_has_no_change_that_stands():
    (change,) = change_points([0] * 10 + [9] * 10, [DAYS] * 20)
    assert change.p == 0.001 and change.wave_p == 1 and not change.stands
    assert dependence.FEWEST_MONTHS > 20
