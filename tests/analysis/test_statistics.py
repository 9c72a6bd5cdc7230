"""Each method against a published value, or one worked out by other means."""

from __future__ import annotations

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats

from incident_atlas.analysis.statistics import clustered_ratio, dispersion, dispersion_p, rate_interval, rate_ratio, shuffled_p


@pytest.mark.parametrize(
    ("count", "low", "high"), [(0, 0.0, 3.689), (1, 0.0253, 5.572), (5, 1.623, 11.668), (10, 4.795, 18.390), (50, 37.11, 65.92)]
)
def test_the_bounds_of_a_mean_are_those_of_garwoods_table(count, low, high):
    """Garwood, Biometrika 28 (1936), as reprinted in Pearson & Hartley, Biometrika Tables I, table 40."""
    assert rate_interval(count, 1) == pytest.approx((low, high), abs=0.006)
    assert rate_interval(count, 365) == pytest.approx((low / 365, high / 365), abs=0.00002)


def test_the_check_value_of_the_rate_ratio():
    """25 in 365 days against 12 in 400: R's poisson.test gives the interval; 0.024 is twice the smaller tail, not its 0.020."""
    found = rate_ratio(25, 365, 12, 400)
    assert found.ratio == pytest.approx((25 / 365) / (12 / 400))
    assert (round(found.low, 2), round(found.high, 2), round(found.p, 3)) == (1.11, 4.99, 0.024)
    assert round(stats.binomtest(25, 37, 365 / 765).pvalue, 3) == 0.020


def test_the_ratio_turned_round_is_the_inverse():
    one, other = rate_ratio(25, 365, 12, 400), rate_ratio(12, 400, 25, 365)
    assert other == pytest.approx((1 / one.ratio, 1 / one.high, 1 / one.low, one.p))


@pytest.mark.parametrize("counts", [(25, 12), (3, 9), (40, 38), (1, 0), (0, 7), (5, 5), (100, 71)])
def test_p_is_below_a_twentieth_exactly_when_the_interval_leaves_out_one(counts):
    found = rate_ratio(counts[0], 300, counts[1], 450)
    assert (found.p < 0.05) == (not found.low <= 1 <= found.high)


def test_a_side_without_an_event_has_one_bound():
    """With none of n on one side the Clopper-Pearson bound is (tail)^(1/n), here for equal days."""
    none, only = rate_ratio(0, 100, 6, 100), rate_ratio(6, 100, 0, 100)
    share = 1 - 0.025 ** (1 / 6)
    assert (none.ratio, none.low) == (0, 0) and none.high == pytest.approx(share / (1 - share))
    assert (only.ratio, only.high) == (math.inf, math.inf) and only.low == pytest.approx((1 - share) / share)


def test_no_event_at_all_has_no_ratio():
    with pytest.raises(ValueError, match="without any event"):
        rate_ratio(0, 10, 0, 10)


def test_the_exact_interval_holds_the_true_ratio_as_often_as_it_says():
    random = np.random.default_rng(3)
    held = [
        found.low <= 0.5 <= found.high for found in (rate_ratio(a, 200, b, 200) for a, b in random.poisson((8, 16), (600, 2)))
    ]
    assert 0.94 <= np.mean(held) <= 1


def test_dispersion_is_one_for_independent_attacks_and_more_for_bursts():
    random = np.random.default_rng(1)
    assert dispersion(random.poisson(3, 4000)) == pytest.approx(1, abs=0.08)
    assert dispersion(random.negative_binomial(1, 1 / 4, 4000)) == pytest.approx(4, abs=0.5)
    assert dispersion([1, 1, 1]) == 0


def test_the_negative_binomial_ratio_is_that_of_statsmodels():
    """statsmodels' GLM with the same shape: the same logarithm of the ratio, and the same error of it."""
    random = np.random.default_rng(5)
    base, counts = random.negative_binomial(2, 0.3, 14), random.negative_binomial(2, 0.5, 9)
    found = clustered_ratio(counts, base)
    design = sm.add_constant(np.r_[np.zeros(14), np.ones(9)])
    everything = np.r_[base, counts]
    # The shape is not given back; it is the one that makes Pearson's chi-square as large as its degrees of freedom.
    shapes = np.linspace(0.01, 2, 4000)
    means = np.r_[np.full(14, base.mean()), np.full(9, counts.mean())]
    excess = [abs(((everything - means) ** 2 / (means + shape * means**2)).sum() - 21) for shape in shapes]
    shape = shapes[int(np.argmin(excess))]
    fit = sm.GLM(everything, design, family=sm.families.NegativeBinomial(alpha=shape)).fit()
    reach = stats.t.ppf(0.975, 21) * fit.bse[1]
    assert math.log(found.ratio) == pytest.approx(fit.params[1], abs=1e-6)
    assert math.log(found.high / found.low) / 2 == pytest.approx(reach, rel=1e-3)


def test_bursts_widen_the_interval_and_even_counts_do_not():
    bursts = clustered_ratio([0, 0, 9, 0, 0, 3, 0, 0], [0, 8, 0, 0, 16, 0, 0, 0])
    exact = rate_ratio(12, 8, 24, 8)
    assert bursts.ratio == pytest.approx(exact.ratio)
    assert bursts.high / bursts.low > 2 * exact.high / exact.low
    even = clustered_ratio([1, 2, 1, 2, 1, 2], [3, 4, 3, 4, 3, 4])
    assert even.high / even.low < 1.6 * rate_ratio(9, 6, 21, 6).high / rate_ratio(9, 6, 21, 6).low


def test_events_of_no_stretch_count_in_the_rates_and_not_in_the_shape():
    counts, base = [0, 0, 9, 0, 0, 3, 0, 0], [0, 8, 0, 0, 16, 0, 0, 0]
    dated, all_events = clustered_ratio(counts, base), clustered_ratio(counts, base, undated=12, base_undated=6)
    assert all_events.ratio == pytest.approx(24 / 30)
    # The squared error is 1/12 + 1/24 + a for the dated, 1/24 + 1/30 + a for all, with a the part of the same shape.
    reach = stats.t.ppf(0.975, 14)
    of_dated, of_all = ((math.log(one.high / one.low) / 2 / reach) ** 2 for one in (dated, all_events))
    assert of_dated - of_all == pytest.approx(1 / 12 + 1 / 24 - 1 / 24 - 1 / 30)
    # With one side dated alone, Pearson's chi-square of [4, 0] is 2 * 4 / (2 + 4a): it is 1 for a = 1.5.
    one_dated = clustered_ratio([4, 0], [0, 0], base_undated=8)
    assert one_dated.ratio == pytest.approx(0.5)
    error = math.log(one_dated.high / one_dated.low) / 2 / stats.t.ppf(0.975, 1)
    assert error**2 == pytest.approx(1 / 4 + 1 / 8 + 1.5 / 2 + 1.5 / 2)


@pytest.mark.parametrize(("counts", "base"), [([0, 0, 0], [1, 5, 0]), ([3], [1, 2]), ([], [])])
def test_where_the_model_means_nothing_there_is_none(counts, base):
    assert clustered_ratio(counts, base) is None


def test_shuffled_stretches_say_how_often_chance_parts_them_so():
    """Of the 70 ways to part 4 and 4 stretches the two that keep the sides whole are as far apart: p about 2 in 70."""
    assert shuffled_p([9, 8, 9, 8], [1, 0, 1, 0]) == pytest.approx(2 / 70, abs=0.02)
    assert shuffled_p([0, 0, 0], [0, 0, 0]) == 1


def test_how_often_chance_varies_so_much_is_the_chi_square_tail():
    """Fisher's index: (n - 1) times variance over mean is chi-square with n - 1 degrees of freedom; summed over the sides."""
    assert dispersion_p([2, 0, 4, 2]) == pytest.approx(stats.chi2.sf(4, 3))
    assert dispersion_p([2, 0, 4, 2], [1, 1, 1]) == pytest.approx(stats.chi2.sf(4, 5))
    assert dispersion_p([5], []) == 1


@given(st.integers(0, 400), st.integers(1, 4000), st.integers(0, 400), st.integers(1, 4000))
def test_the_ratio_is_that_of_scipys_exact_test(count, days, base_count, base_days):
    assume(count + base_count)
    made = rate_ratio(count, days, base_count, base_days)
    n, share = count + base_count, days / (days + base_days)
    interval = stats.binomtest(count, n, share).proportion_ci(0.95, method="exact")
    p = min(1.0, 2 * min(stats.binomtest(count, n, share, alternative=side).pvalue for side in ("less", "greater")))
    odds = [part / (1 - part) * base_days / days if part < 1 else math.inf for part in interval]
    assert [made.low, made.high, made.p] == pytest.approx([*odds, p], rel=1e-6, abs=1e-12)
