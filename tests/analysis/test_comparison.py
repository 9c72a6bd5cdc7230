"""Two periods of tiny records: what is counted, what the verdict is, and what it says."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import pandas as pd
import pytest
from scipy import stats

from incident_atlas.analysis import compare_terms, compare_text
from incident_atlas.analysis.compare import _steady, _waves, compare
from incident_atlas.analysis.dependence import Dependence
from incident_atlas.analysis.periods import ALL, EQUAL, ONE_YEAR, Period, around, parse_period, shared
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import Total, headline
from tests.support.pairs import FIRST, SECOND, spread, two
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, record


def test_incidents_days_ratio_and_verdict():
    found = compare(two(24, 6), Filters(), FIRST, SECOND)
    assert (found.first.incidents, found.first.days, found.second.incidents, found.second.days) == (24, 365, 6, 365)
    assert found.ratio.ratio == pytest.approx(0.25)
    assert found.verdict == "lower"
    assert compare_text.answer_sentence(found).startswith(
        "Down 75 %: 6 incidents from 1 Jan 2021 to 31 Dec 2021 against 24 from 1 Jan 2020 to 30 Dec 2020. 95 % interval: "
    )


@pytest.mark.parametrize(
    ("first", "second", "verdict"),
    [
        (2, 2, "too few to say"), (0, 0, "too few to say"), (4, 8, "too uncertain to say"), (30, 32, "no clear change"),
        (5, 40, "higher"), (0, 12, "higher"), (60, 20, "lower"), (0, 9, "too few to say"),
    ],
)  # fmt: skip
def test_the_verdict_of_plain_counts(first, second, verdict):
    found = compare(two(first, second), Filters(), FIRST, SECOND)
    assert found.verdict == verdict
    assert compare_text.answer_sentence(found)
    assert all(
        "nan" not in sentence and "inf" not in sentence.split()
        for sentence in [compare_text.answer_sentence(found), *compare_text.caveats(found)]
    )


def test_fewer_than_ten_incidents_get_no_ratio_in_words():
    message = compare_text.answer_sentence(compare(two(1, 3), Filters(), FIRST, SECOND))
    assert message == "Too few to say: 3 incidents from 1 Jan 2021 to 31 Dec 2021 against 1 from 1 Jan 2020 to 30 Dec 2020."


def test_an_attack_belongs_to_the_day_on_which_it_began_and_an_uncertain_date_to_every_period_that_it_may_lie_in():
    across = {"date": "2020-12-30", "date_end": "2021-01-02"}
    uncertain = {"date": "2020-12-01", "date_precision": "month"}
    inside = {"date": "2021-05-01", "date_precision": "month"}
    year = {"date": "2021-01-01", "date_precision": "year"}
    found = compare(two(10, 10, across, uncertain, inside, year), Filters(), FIRST, SECOND)
    # December 2020 ends on the 31st, which is in neither period; the year 2021 is the second period.
    assert (found.first.incidents, found.second.incidents, found.edge) == (12, 12, 1)
    assert any("1 incident dated by week, month or year may lie outside" in sentence for sentence in compare_text.caveats(found))


def test_coordinated_attacks_count_once_unless_each_is_asked_for():
    joined = [{"date": "2021-03-03", "coordinated_id": "op", "killed": "5"} for _ in range(4)]
    loaded = two(10, 2, *joined)
    once, each = (compare(loaded, Filters(), FIRST, SECOND, coordinated_once=combined) for combined in (True, False))
    assert (once.second.incidents, each.second.incidents) == (3, 6)
    assert once.second.killed.best == each.second.killed.best == 20
    assert "3 incidents (attacks of one operation counted once) from 1 Jan 2021" in compare_text.answer_sentence(once)
    assert "of one operation" not in compare_text.answer_sentence(each)
    assert any("3 of 16 incidents belong to an operation already counted" in sentence for sentence in compare_text.caveats(once))


def test_victims_are_intervals_and_told_without_the_incident_that_killed_most():
    more = [
        {"date": "2021-04-04", "killed_low": "80", "killed": "90", "killed_high": "100"},
        {"date": "2021-05-05", "killed": "3"},
    ]
    found = compare(two(0, 0, *more), Filters(), FIRST, SECOND)
    # The 3 are their own low and high: no other figure is known of them, so that there may be more.
    assert found.second.killed == Total(83, 93, 103, True, 0)
    assert found.second.rest.killed.best == 3
    assert found.first.rest is None


def test_bursts_are_seen_and_the_wider_interval_is_believed():
    burst = [{"date": f"2020-03-{day:02d}"} for day in range(2, 27)]
    other = [{"date": f"2021-06-{day:02d}"} for day in range(2, 10)]
    found = compare(two(2, 2, *burst, *other), Filters(), FIRST, SECOND)
    assert found.clustered and found.bursts.high / found.bursts.low > found.ratio.high / found.ratio.low
    assert found.ratio.p < 0.05 and found.verdict == "too uncertain to say"
    assert any(
        one.startswith("The interval allows for clusters (negative binomial model). It would be ")
        for one in compare_text.caveats(found)
    )
    least = found.smallest_ratio
    assert (
        f"A fall of less than {100 * (1 - 1 / least):.0f} % or a rise to less than {compare_text.factor(least)} times as many could hardly be "
        "told from chance (power 80 %)."
    ) in compare_text.caveats(found)


def test_rates_have_brackets_only_where_the_answer_rests_on_the_exact_interval():
    exact = compare(two(60, 20), Filters(), FIRST, SECOND)
    assert exact.independent and compare_text.rate(exact, exact.second) == "1.64 (1–2.54)"
    # The exact intervals of these two rates do not overlap, and the answer finds no clear change.
    burst = [{"date": f"2020-03-{day:02d}"} for day in range(2, 27)]
    wide = compare(two(2, 2, *burst, *({"date": f"2021-06-{day:02d}"} for day in range(2, 8))), Filters(), FIRST, SECOND)
    assert wide.second.high < wide.first.low and wide.verdict == "too uncertain to say"
    assert not wide.independent and compare_text.rate(wide, wide.first) == "2.22"
    few = compare(two(0, 9), Filters(), FIRST, SECOND)
    assert few.verdict == "too few to say" and compare_text.rate(few, few.second) == "0.74"


def test_each_number_of_how_sure_stands_there_once():
    loaded = shipped_record()
    found = compare(
        loaded, Filters(), *around(date(2021, 8, 15), ONE_YEAR, loaded.source.first.date(), loaded.source.last.date())
    )
    assert found.bursts and found.waves and not found.independent
    text = " ".join(compare_text.caveats(found))
    for ratio in (found.waves, found.bursts, found.ratio):
        assert text.count(compare_text.interval(ratio)) == 1
    assert text.count(compare_text.factor(found.believed.ratio)) == 1 and text.count("95 %") == 1


def test_a_part_of_an_operation_that_a_steady_source_reports_is_enough_for_the_whole():
    rows = pd.DataFrame({"incident_id": ["a", "b", "c", "d"], "coordinated_id": ["op", "op", "", ""]})
    assert _steady(rows, {"b", "c"}, True) == {"a", "b", "c"} and _steady(rows, {"b", "c"}, False) == {"b", "c"}


def test_per_day_stands_only_where_the_periods_differ_in_length():
    loaded = two(60, 20)
    assert compare_text.headline(compare(loaded, Filters(), FIRST, SECOND))[0].endswith(" % fewer.")
    shorter = Period(SECOND.first, date(2021, 6, 30))
    assert " per day." in compare_text.headline(compare(loaded, Filters(), FIRST, shorter))[0]


@pytest.mark.parametrize("undated", [0, 5, 10, 15])
def test_incidents_known_to_their_year_are_counted_and_are_no_burst(undated):
    rows = []
    for year in range(2017, 2023):
        period = Period(date(year, 1, 1), date(year, 12, 31))
        rows += spread(period, 60 if year < 2021 else 30) + [{"date": f"{year}", "date_precision": "year"}] * undated
    periods = Period(date(2020, 1, 1), date(2020, 12, 31)), Period(date(2021, 1, 1), date(2021, 12, 31))
    found = compare(record(*rows), Filters(), *periods)
    assert (found.first.incidents, found.second.incidents) == (60 + undated, 30 + undated)
    assert sum(found.first.counts) == 60 and sum(found.second.counts) == 30
    assert not found.clustered and found.verdict == "lower"


def test_a_model_of_bursts_has_the_ratio_of_all_incidents_those_known_to_their_year_too():
    burst = [{"date": f"2020-03-{day:02d}"} for day in range(2, 27)]
    known_to_year = [{"date": "2020", "date_precision": "year"}] * 3 + [{"date": "2021", "date_precision": "year"}] * 10
    found = compare(two(2, 0, *burst, *known_to_year), Filters(), Period(date(2020, 1, 1), date(2020, 12, 31)), SECOND)
    assert found.clustered and found.bursts.ratio == pytest.approx(found.ratio.ratio) == pytest.approx(10 / 365 / (30 / 366))
    assert found.bursts.width > found.ratio.width


def test_bursts_with_an_empty_side_are_tested_by_shuffling():
    one_burst = compare(two(0, 0, *[{"date": f"2021-06-{day:02d}"} for day in range(2, 12)]), Filters(), FIRST, SECOND)
    assert one_burst.bursts.p > 0.4 and one_burst.verdict == "too uncertain to say"
    bursts = [{"date": f"2021-{month:02d}-{day:02d}"} for month in range(1, 13) for day in range(2, 2 + 3 * (month % 3))]
    many = compare(two(0, 0, *bursts), Filters(), FIRST, SECOND)
    assert many.clustered and many.ratio.p < many.bursts.p < 0.05 and many.verdict == "higher"
    assert "The bound assumes independent attacks; the p is that of shuffled 30-day counts." in compare_text.caveats(one_burst)
    assert many.believed is many.waves and many.dependence.wave == 0
    assert "The bound assumes independent attacks; the p allows for uneven months." in compare_text.caveats(many)


def test_every_day_counts_however_long_the_period():
    """120 against 120 in periods of 119 days is a ratio of one, wherever in them the attacks lie."""
    first, second = Period(date(2020, 1, 1), date(2020, 4, 28)), Period(date(2020, 4, 29), date(2020, 8, 25))
    early = [{"date": (first.last - timedelta(days=n % 29)).isoformat()} for n in range(120)]
    spread_out = [{"date": (second.first + timedelta(days=n % 90)).isoformat()} for n in range(120)]
    found = compare(record({"date": "2019-01-01"}, *early, *spread_out, {"date": "2021-01-01"}), Filters(), first, second)
    assert found.clustered and found.bursts.ratio == pytest.approx(1) and found.verdict not in ("higher", "lower")


def of_stretches(counts: list[int], each: int) -> tuple[Loaded, Period, Period]:
    """A record of so many incidents in each of its stretches of 30 days, with its last two periods of `each` stretches."""
    begins, many = date(2010, 1, 1), enumerate(counts)
    days = [30 * at + round(29 * n / max(count - 1, 1)) for at, count in many for n in range(count)]
    loaded = record(*({"date": (begins + timedelta(days=day)).isoformat()} for day in days))
    edges = [begins + timedelta(days=30 * (len(counts) - back)) for back in (2 * each, each, 0)]
    return loaded, *(Period(first, after - timedelta(days=1)) for first, after in pairwise(edges))


def test_even_counts_have_the_exact_interval():
    found = compare(two(24, 6), Filters(), FIRST, SECOND)
    share = stats.binomtest(6, 30).proportion_ci(0.95, "exact")
    assert found.believed[:3] == pytest.approx((6 / 24, share.low / (1 - share.low), share.high / (1 - share.high)))
    assert found.bursts is None and found.waves.width < found.believed.width


def test_bursts_have_the_interval_of_a_negative_binomial_model():
    loaded, *periods = of_stretches([1, 0, 12, 0, 12], 2)
    found = compare(loaded, Filters(), *periods)
    assert (found.first.counts, found.second.counts, found.waves) == ((0, 12), (0, 12), None)
    # By hand: 4 * 36 / (6 + 36 a) is 2 for a = 11/6, so that the squared error is 2 * (1/12 + a/2) = 2.
    reach = 4.302653 * math.sqrt(2)
    assert found.believed[:3] == pytest.approx((1, math.exp(-reach), math.exp(reach)), rel=1e-5)
    assert found.ratio.width < found.believed.width


def test_slow_waves_have_the_interval_of_the_whole_record():
    loaded, *periods = of_stretches([4] * 12 + [16] * 12 + [4] * 12 + [16] * 12, 12)
    found = compare(loaded, Filters(), *periods)
    assert (found.first.incidents, found.second.incidents, found.bursts) == (48, 192, None)
    uneven, wave = found.dependence
    weights = [-1 / 12] * 12 + [1 / 12] * 12
    shared = sum(a * b * math.exp(-abs(i - j) / 12) for i, a in enumerate(weights) for j, b in enumerate(weights))
    reach = stats.t.ppf(0.975, 48 - 2) * math.sqrt(1 / 48 + 1 / 192 + uneven * 2 / 12 + wave * shared)
    assert wave > 0
    assert found.believed[:3] == pytest.approx((4, 4 * math.exp(-reach), 4 * math.exp(reach)))
    assert found.ratio.width < found.believed.width


def test_an_incident_that_may_lie_in_either_period_counts_in_the_one_that_holds_more_of_its_days():
    found = compare(two(5, 5, {"date": "2020-12-01", "date_precision": "month"}, {"date": "2020", "date_precision": "year"}), Filters(),
                    Period(date(2020, 1, 1), date(2020, 12, 15)), Period(date(2020, 12, 16), date(2021, 12, 31)))  # fmt: skip
    # Of December 2020 the second period has 16 days, of the year the first has 350.
    assert (found.first.incidents, found.second.incidents, found.edge) == (6, 6, 2)
    assert not set(found.rows[0]["row"]) & set(found.rows[1]["row"])
    alone = compare(two(0, 0, {"date": "2020-06", "date_precision": "month"}), Filters(), Period(date(2020, 6, 1), date(2020, 6, 15)),
                    Period(date(2020, 6, 16), date(2020, 6, 30)))  # fmt: skip
    assert (alone.first.incidents, alone.second.incidents, alone.edge) == (1, 0, 1)


def test_the_interval_does_not_depend_on_the_day_on_which_the_record_begins():
    found = compare(two(40, 20), Filters(), FIRST, SECOND)
    # All have 85 whole stretches, so that only where those begin could differ.
    records = [Period(date(2014, 12, 10) + timedelta(days=n), date(2021, 12, 31)) for n in range(30)]
    made = {_waves(found.ratio, Dependence(0.2, 0.3), found.first, found.second, one) for one in records}
    assert len(records) == 30 and len(made) == 1


@pytest.mark.parametrize("period", [FIRST, SECOND, Period(date(2020, 12, 16), date(2021, 6, 15))])
def test_a_period_counts_what_a_filter_of_its_days_shows(period):
    more = [{"date": "2020-12-30", "date_end": "2021-01-02"}, {"date": "2020-12", "date_precision": "month"}, {"date": "2021-06"}]
    loaded, before = two(5, 5, *more), Period(date(2019, 12, 31), date(2019, 12, 31))
    found = compare(loaded, Filters(), before, period, coordinated_once=False).second
    shown = Filters(since=period.first, until=period.last).apply(loaded.incidents)
    assert (found.incidents, found.head) == (len(shown), headline(shown))


def test_an_operation_across_the_border_counts_once():
    joined = [{"date": "2020-12-30", "coordinated_id": "op"}, {"date": "2021-01-01", "coordinated_id": "op"}]
    found = compare(two(5, 5, *joined), Filters(), FIRST, SECOND)
    assert (found.first.incidents, found.second.incidents) == (6, 5)


def test_a_record_whose_last_attack_is_known_to_the_month_ends_with_that_month():
    loaded = record({"date": "2020-01-01"}, *({"date": "2021-09", "date_precision": "month"} for _ in range(6)))
    assert loaded.source.last == pd.Timestamp("2021-09-30")
    found = compare(loaded, Filters(), FIRST, Period(date(2021, 1, 1), date(2021, 12, 31)))
    assert (found.second.incidents, found.second.period.last, found.edge) == (6, date(2021, 9, 30), 0)


def test_the_sentence_names_the_filter_and_the_source():
    found = compare(
        two(10, 10, *spread(SECOND, 9, city="Herat")), Filters(city=("Herat",), target_type=("Police",)), FIRST, SECOND
    )
    assert "9 incidents in Herat, target Police, from 1 Jan 2021" in compare_text.answer_sentence(found)


def test_the_dates_of_the_filter_do_not_count_and_its_other_criteria_do():
    loaded = two(10, 10, *spread(SECOND, 7, city="Herat"))
    found = compare(loaded, Filters(city=("Herat",), since=date(2022, 1, 1)), FIRST, SECOND)
    assert (found.first.incidents, found.second.incidents) == (0, 7)


def test_only_days_that_the_record_covers_count():
    found = compare(two(10, 10), Filters(), Period(date(2019, 1, 1), FIRST.last), SECOND)
    assert found.cut and found.first.period.first == date(2019, 12, 31) and found.first.days == 366


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        (FIRST, Period(date(2020, 12, 30), date(2021, 5, 1)), "share 1 day, 30 Dec 2020"),
        (FIRST, Period(date(1999, 1, 1), date(2000, 1, 1)), "covers no day of 1 Jan 1999 to 1 Jan 2000"),
    ],
)
def test_periods_that_cannot_be_compared_are_told_in_a_sentence(first, second, words):
    with pytest.raises(ValueError, match=words):
        compare(two(3, 3), Filters(), first, second)


def test_a_record_without_incidents_has_nothing_to_compare():
    with pytest.raises(ValueError, match="has no incidents"):
        shared(FIRST, SECOND, None, None)


@pytest.mark.parametrize(
    "text", ["", "2020-01-01", "2020-01-02:2020-01-01", "2020-02-30:2020-03-01", "x:y", "2020-01-01:2020-01-02:3", *PROBES]
)
def test_what_is_no_period_is_none(text):
    assert parse_period(text) is None


def test_a_period_reads_back_from_its_own_words_in_the_address():
    assert parse_period(str(SECOND)) == SECOND


def test_periods_around_a_milestone():
    begins, ends, day = date(2015, 1, 1), date(2023, 6, 30), date(2021, 8, 15)
    assert around(day, ONE_YEAR, begins, ends) == (Period(date(2020, 8, 15), date(2021, 8, 14)), Period(day, date(2022, 8, 14)))
    before, after = around(day, EQUAL, begins, ends)
    assert before.days == after.days == 685 and after.last == ends
    assert around(day, ALL, begins, ends) == (Period(begins, date(2021, 8, 14)), Period(day, ends))
    assert around(date(2030, 1, 1), ALL, begins, ends) is None and around(begins, ALL, begins, ends) is None


def test_the_shipped_record_before_and_after_the_takeover_counted_by_hand():
    loaded = shipped_record()
    periods = Period(date(2020, 8, 15), date(2021, 8, 14)), Period(date(2021, 8, 15), date(2022, 8, 14))
    found = compare(loaded, Filters(), *periods, coordinated_once=False)
    days = loaded.incidents["date"].dt.date
    assert [found.first.incidents, found.second.incidents] == [int(((days >= p.first) & (days <= p.last)).sum()) for p in periods]


def test_the_largest_change_is_named_first_and_chance_is_called_chance():
    loaded = two(0, 0, *spread(FIRST, 30, target_type="Police"), *spread(SECOND, 4, target_type="Police"),
                 *spread(FIRST, 4, target_type="Military"), *spread(SECOND, 6, target_type="Military;NGO"))  # fmt: skip
    found = compare(loaded, Filters(), FIRST, SECOND)
    made = compare_terms.shifts(found, "target_type")
    assert [(one.term, one.first, one.second, one.clear) for one in made] == [
        ("Police", 30, 4, True), ("NGO", 0, 6, False), ("Military", 4, 6, False)
    ]  # fmt: skip
    assert (
        compare_terms.largest_changes(made, found)
        == "Largest changes: Police 30 then 4, NGO 0 then 6 (may be chance) and Military 4 then 6 (may be chance)."
    )
    bars = compare_terms.bars(made, found)
    assert bars["side"].to_list() == ["first", "second"] * 3 and bars["incidents"].sum() == 50
    assert ((bars["low"] <= bars["rate"]) & (bars["rate"] <= bars["high"])).all()


def test_no_incident_in_either_period_names_no_change():
    found = compare(two(0, 0), Filters(), FIRST, SECOND)
    assert compare_terms.largest_changes(compare_terms.shifts(found, "perpetrator"), found) == "No incident in either period."


def test_more_killed_in_fewer_attacks_and_the_main_caution_stand_beside_the_answer():
    more = [{"date": "2021-04-04", "killed": "90"}]
    answer, beside = compare_text.headline(
        compare(two(60, 20, {"date": "2020-04-04", "killed": "3"}, *more), Filters(), FIRST, SECOND)
    )
    assert answer.startswith("Down 66 %: 21 incidents") and answer.endswith(" % fewer.")
    assert beside.startswith("But more people were killed: 3, then 90 (best figures). ")
    assert (
        "Caution: no incident comes from a source known to cover both periods, so part of any change may be reporting." in beside
    )


def test_the_caution_counts_what_a_source_of_both_periods_reports_and_is_silent_where_the_answer_is_about_that():
    loaded = shipped_record()
    periods = around(date(2021, 8, 15), ONE_YEAR, loaded.source.first.date(), loaded.source.last.date())
    found = compare(loaded, Filters(), *periods)
    steady, counted = found.first.steady + found.second.steady, found.first.incidents + found.second.incidents
    assert 0 < steady < counted / 2
    assert f"only {steady} of {counted} incidents" in compare_text.headline(found)[1]
    assert compare_text.main_caution(compare(loaded, Filters(), *periods, source=found.others[0])) == ""
    whole = around(date(2021, 8, 15), ALL, loaded.source.first.date(), loaded.source.last.date())
    assert compare_text.main_caution(compare(loaded, Filters(), *whole)) == ""


def test_the_dead_are_not_set_against_each_other_where_one_side_has_no_best_figure():
    loaded = two(60, 20, {"date": "2020-04-04", "killed_high": "300"}, {"date": "2021-04-04", "killed": "90"})
    assert "people were killed" not in compare_text.headline(compare(loaded, Filters(), FIRST, SECOND))[1]


def test_a_change_that_is_not_the_whole_is_not_told_as_the_whole():
    found = compare(two(300, 1), Filters(), FIRST, SECOND)
    assert compare_text.headline(found)[0].startswith("Down more than 99 %")
