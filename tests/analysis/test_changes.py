"""The monthly series and its edges, and every change with where it may lie and what was near."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from incident_atlas.analysis import change_points as change_text
from incident_atlas.analysis.change_points import (
    Near,
    Stretch,
    changes,
    headline,
    method,
    month_rows,
    monthly,
    step_sentence,
)
from incident_atlas.dataset.companion_tables import Moment, moments
from tests.support.record import shipped_record
from tests.support.tiny import record


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


def series(*found: dict, coordinated_once: bool = True):
    """The series of these rows over their own days."""
    loaded = record(*found)
    return monthly(loaded.incidents, loaded.source.first, loaded.source.last, coordinated_once)


def attacks(per_month: list[int], first: str = "2010-01-01", **more: str) -> list[dict]:
    """So many rows in each month from that one on; a row on the first and on the last day makes the record whole months."""
    begins = pd.period_range(first, periods=len(per_month), freq="M")
    return [{"date": f"{month}-{1 + n % 28:02d}", **more} for month, k in zip(begins, per_month, strict=True) for n in range(k)]


def over(per_month: list[int], near: tuple[Moment, ...] = (), **more):
    """The changes of so many attacks a month, in a record of whole months."""
    found = attacks(per_month, **more)
    loaded = record(*(found or [{"date": "2010-01-01"}]))
    last = pd.period_range("2010-01-01", periods=len(per_month), freq="M")[-1].end_time.normalize()
    return changes(loaded.incidents if found else loaded.incidents.head(0), day("2010-01-01"), last, near)


def test_quiet_months_between_are_zeros_and_the_ends_count_only_their_days_inside_the_record():
    found = series({"date": "2019-11-20"}, {"date": "2020-02-01"}, {"date": "2020-02-29"}, {"date": "2020-03-05"})
    assert found.begins == 2019 * 12 + 10
    assert found.incidents == (1, 0, 0, 2, 1)
    assert found.days == (11, 31, 31, 29, 5)


def test_a_record_of_one_day_is_one_month_of_one_day():
    found = series({"date": "2020-05-05"}, {"date": "2020-05-05"})
    assert (found.incidents, found.days) == ((2,), (1,))


def test_the_span_is_that_of_the_record_and_not_of_what_is_visible():
    loaded = record({"date": "2019-01-01"}, {"date": "2019-06-10", "city": "Herat"}, {"date": "2019-12-31"})
    herat = loaded.incidents[loaded.incidents["city"] == "Herat"]
    found = monthly(herat, loaded.source.first, loaded.source.last)
    assert found.incidents == (0,) * 5 + (1,) + (0,) * 6 and sum(found.days) == 365
    assert monthly(herat.head(0), loaded.source.first, loaded.source.last).incidents == (0,) * 12


def test_an_incident_known_to_the_year_is_in_no_month_and_counted_and_one_known_to_the_month_is_in_it():
    found = series({"date": "2019-01-10"}, {"date": "2019"}, {"date": "2019"}, {"date": "2019-02"}, {"date": "2019-03-31"})
    assert found.incidents == (1, 1, 1) and found.year_only == 2
    assert sum(found.days) == 90  # the two known to 2019 stand on its first day


def test_coordinated_attacks_count_once_on_their_first_day_and_blank_ones_each():
    operation = {"coordinated_id": "OP-1"}
    found = [
        {"date": "2020-02-01", **operation},
        {"date": "2020-01-31", **operation},
        {"date": "2020-01-31"},
        {"date": "2020-01-31"},
    ]
    once = series(*found, {"date": "2020-03-01", "coordinated_id": "OP-2"})
    assert once.incidents == (3, 0, 1) and once.joined == 1
    each = series(*found, {"date": "2020-03-01", "coordinated_id": "OP-2"}, coordinated_once=False)
    assert each.incidents == (3, 1, 1) and each.joined == 0


def test_the_shipped_record_is_counted_to_the_last_incident():
    loaded = shipped_record()
    found = monthly(loaded.incidents, loaded.source.first, loaded.source.last, coordinated_once=False)
    assert sum(found.incidents) + found.year_only == len(loaded.incidents)
    assert sum(found.days) == (loaded.source.last - loaded.source.first).days + 1
    once = monthly(loaded.incidents, loaded.source.first, loaded.source.last)
    assert sum(once.incidents) + once.joined == sum(found.incidents)


@pytest.mark.parametrize("per_month", [[19], [1] * 19 + [0] * 30, [9] * 23, [0] * 40], ids=["one month", "few", "short", "none"])
def test_too_few_incidents_or_months_are_said_and_give_no_number(per_month):
    found = over(per_month)
    assert found.too_few and not found.steps and not found.stretches
    assert headline(found).startswith("Too few to look for changes")
    assert " p" not in method(found).replace(" as part", "")
    assert list(month_rows(found)) == ["Month", "Incidents", "Days"]


def test_no_change_is_a_finding_with_its_rate():
    found = over([2, 1, 2, 3] * 9)
    assert headline(found) == "No change of the monthly rate is more than chance: 2.0 (1.5–2.5) incidents per 30 days."
    assert found.stretches == (Stretch(2010 * 12, 2012 * 12 + 11, *map(pytest.approx, (1.97, 1.54, 2.49), [0.01] * 3)),)
    assert "999 shuffles" in method(found) and not found.steps


def test_a_change_names_its_month_its_rates_and_where_it_may_lie():
    found = over([1] * 24 + [5] * 24)
    (step,) = found.steps
    assert step.month == 2012 * 12 and step.p == 0.001 and (step.before, step.after) == found.stretches
    assert step.first <= step.month <= step.last
    assert step.before.rate == pytest.approx(24 / 730 * 30) and step.before.low < step.before.rate < step.before.high
    assert (step.before.last, step.after.first) == (2011 * 12 + 11, 2012 * 12)
    assert step_sentence(step).startswith("Jan 2012: up from 0.99 (0.63–1.47) to 4.9 (4.1–5.9) incidents per 30 days (p 0.001).")
    assert (
        headline(found)
        == "The monthly rate changed once, more than chance or slow waves explain: 0.99 incidents per 30 days at first, 4.9 from Jan 2012."
    )


def test_a_quiet_beginning_is_a_rate_of_zero_with_its_bound():
    (step,) = over([0] * 24 + [3] * 24).steps
    assert step.before.rate == step.before.low == 0 < step.before.high < 0.2
    assert "up from 0 (0–0.15)" in step_sentence(step)


NEAR = (
    Moment(day("2010-06-01"), "end of Old", "break"),
    Moment(day("2011-06-15"), "Agreement", "milestone"),
    Moment(day("2012-03-31"), "end of Lists", "break"),
    Moment(day("2012-01-20"), "Election", "milestone"),
)


def test_the_nearest_milestone_and_break_are_named_with_their_distance_in_months():
    (step,) = over([1] * 24 + [6] * 24, NEAR).steps
    assert step.milestone == Near("Election", day("2012-01-20"), 0)
    assert step.coverage == Near("end of Lists", day("2012-03-31"), 2)
    assert "Nearest milestone: Election, 20 Jan 2012, the same month." in step_sentence(step)


@pytest.mark.parametrize(
    ("date", "coincides"), [("2011-10-01", True), ("2011-09-30", False), ("2012-04-30", True), ("2012-05-01", False)]
)
def test_a_change_within_three_months_of_a_break_coincides_with_it(date, coincides):
    found = over([0] * 24 + [6] * 24, (Moment(day(date), "end of Lists", "break"),))
    (step,) = found.steps
    assert step.coincides is coincides
    assert ("It coincides with the end of Lists" in step_sentence(step)) is coincides
    assert ("may be a change of the record and not of attacks" in step_sentence(step)) is coincides
    assert headline(found).endswith("and not attacks.") is coincides


def test_a_break_within_the_time_in_which_a_change_may_lie_is_said_too():
    counts = np.random.default_rng(4).poisson(np.repeat([1.2, 2.6], 36)).tolist()
    (step,) = over(counts).steps
    far = step.first if step.month - step.first > 3 else step.last
    assert abs(far - step.month) > 3
    (step,) = over(counts, (Moment(day(f"{far // 12}-{far % 12 + 1:02d}-05"), "end of Lists", "break"),)).steps
    assert not step.coincides and step.spans_a_break
    assert "The end of Lists" in step_sentence(
        step
    ) and "is within that time, so it may be a change of the record" in step_sentence(step)


def test_a_break_long_before_is_named_and_means_nothing():
    (step,) = over([0] * 24 + [6] * 24, NEAR[:1]).steps
    assert step.milestone is None and step.coverage.months == -19
    assert step_sentence(step).endswith("Nearest break of coverage: end of Old, 1 Jun 2010, 19 months earlier.")


def test_moments_are_only_those_inside_the_record_by_date():
    milestones = pd.DataFrame({"date": pd.to_datetime(["2030-01-01", "2012-01-20", None]), "name": ["late", "Election", "none"]})
    coverage = pd.DataFrame(
        {"source": ["Old", "Lists"], "from": [day("1990-01-01"), pd.NaT], "to": [day("2010-06-01"), day("2012-03-31")]}
    )
    inside = moments(milestones, coverage, day("2010-01-01"), day("2013-12-31"))
    assert inside == (NEAR[0], NEAR[3], NEAR[2])
    assert moments(milestones, pd.DataFrame(), day("2010-01-01"), day("2013-12-31")) == (NEAR[3],)


def test_the_rows_of_months_have_the_rate_of_the_stretch_they_are_in():
    found = over([1] * 24 + [6] * 24, NEAR)
    (step,) = found.steps
    assert (step.p, step.coincides, step.milestone.name, step.milestone.months, step.coverage.months) == (
        0.001,
        True,
        "Election",
        0,
        2,
    )
    assert step.before.low < step.before.rate < step.before.high < step.after.rate
    months = month_rows(found)
    assert months["Month"].tolist()[::47] == ["2010-01", "2013-12"] and months["Incidents"].sum() == 168
    assert months["Rate per 30 days"].tolist()[22:26] == [round(step.before.rate, 3)] * 2 + [round(step.after.rate, 3)] * 2


def test_what_was_counted_is_told():
    operation = [{"date": "2010-01-02", "coordinated_id": "OP-1"}] * 3
    loaded = record(*attacks([2] * 30), *operation, {"date": "2010"})
    words = method(changes(loaded.incidents, loaded.source.first, loaded.source.last))
    assert words.startswith(
        "61 incidents in 30 months, quiet ones as zeros. 2 attacks count as part of an operation, on its first day."
    )
    assert "1 known only to the year is in no month." in words


def test_the_shipped_record_has_changes_and_those_at_a_break_say_so():
    loaded = shipped_record()
    span = loaded.source.first, loaded.source.last
    found = changes(loaded.incidents, *span, moments(loaded.milestones, loaded.coverage, *span))
    months = [change_text.month_name(step.month) for step in found.steps]
    at_a_break = sum(step.spans_a_break for step in found.steps)
    # Which months they are changes with each row that is added; the rates on both sides, counted here by hand, and the fall after
    # the takeover do not.
    known = loaded.incidents[loaded.incidents["date_precision"] != "year"].sort_values(["first_day", "row"])
    operation = known["coordinated_id"].astype(str)
    known = known[(operation == "") | ~operation.duplicated()]["first_day"]
    for stretch in found.stretches:
        first, after = (pd.Timestamp(n // 12, n % 12 + 1, 1) for n in (stretch.first, stretch.last + 1))
        first, after = max(first, span[0]), min(after, span[1] + pd.Timedelta(days=1))
        assert stretch.rate == pytest.approx(30 * ((known >= first) & (known < after)).sum() / (after - first).days)
    assert found.stretches[0].first == span[0].year * 12 and found.stretches[-1].last == span[1].year * 12 + span[1].month - 1
    falls = [step.month // 12 for step in found.steps if step.after.rate < step.before.rate]
    assert months and min(falls) == 2021 and max(falls) <= 2023
    assert all(f"from {month}" in headline(found) for month in months)
    says_so = re.search(r"(\d+) coincides? with a source starting or stopping", headline(found))
    assert (int(says_so[1]) if says_so else 0) == at_a_break


def test_the_headline_counts_the_changes_at_a_break():
    counts = [0] * 24 + [6] * 24 + [0] * 24
    one, both = Moment(day("2012-01-05"), "end of Lists", "break"), Moment(day("2014-01-05"), "begin of Papers", "break")
    assert "1 coincides with a source starting or stopping" in headline(over(counts, (one,)))
    assert "2 coincide with a source starting or stopping" in headline(over(counts, (one, both)))
    assert "a source starting" not in headline(over(counts))
