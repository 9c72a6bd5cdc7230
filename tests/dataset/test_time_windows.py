"""Windows of time: which there are, what the address says of one, and that they count as a filter with their dates does."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from incident_atlas.analysis.summary import headline
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import load_bytes
from incident_atlas.dataset.time_windows import (
    MONTHS,
    TimeWindow,
    Windows,
    first_day,
    from_query,
    month_number,
    windows_of,
    within,
)
from tests.support.record import shipped_record

FIRST, LAST = date(2016, 11, 20), date(2018, 2, 3)


@pytest.mark.parametrize(("length", "n", "names"), [
    ("month", 16, ("Nov 2016", "Feb 2018")),
    ("quarter", 6, ("Oct to Dec 2016", "Jan to Mar 2018")),
    ("year", 3, ("2016", "2018")),
])  # fmt: skip
def test_the_windows_are_calendar_periods_without_gap_that_touch_the_range(length, n, names):
    windows = Windows(length, FIRST, LAST)
    assert len(windows) == n and (windows[0].name(), windows[n - 1].name()) == names
    days = [window.days() for window in windows]
    assert days[0][0] <= FIRST <= days[0][1] and days[-1][0] <= LAST <= days[-1][1]
    assert all((after[0] - before[1]).days == 1 for before, after in zip(days, days[1:], strict=False))
    assert [windows.index(window.month) for window in windows] == list(range(n))
    assert windows.index(windows[0].month - 1) is None and windows.index(windows[n - 1].month + MONTHS[length]) is None


def test_a_window_keeps_within_the_dates_of_the_filter_and_a_growing_one_begins_with_them():
    chosen = Filters(city=("Kabul",), since=FIRST, until=LAST)
    assert within(chosen, TimeWindow("quarter", month_number(FIRST) - 1)) == Filters(
        city=("Kabul",), since=FIRST, until=date(2016, 12, 31)
    )
    assert within(chosen, TimeWindow("year", 2018 * 12)) == Filters(city=("Kabul",), since=date(2018, 1, 1), until=LAST)
    assert within(chosen, TimeWindow("month", 2017 * 12, grows=True)) == Filters(
        city=("Kabul",), since=FIRST, until=date(2017, 1, 31)
    )
    assert within(Filters(), TimeWindow("month", 2017 * 12, grows=True)) == Filters(until=date(2017, 1, 31))


def test_dates_of_the_filter_outside_the_record_leave_no_window():
    assert windows_of(Filters(since=date(2020, 1, 1)), "month", False, FIRST, LAST) is None
    assert len(windows_of(Filters(until=date(2030, 1, 1)), "year", False, FIRST, LAST)) == 3
    assert len(windows_of(Filters(), "month", False, FIRST, FIRST)) == 1


@pytest.mark.parametrize(
    "window", [TimeWindow("month", 2017 * 12 + 2), TimeWindow("quarter", 2017 * 12, True), TimeWindow("year", 2016 * 12)]
)
def test_the_address_says_a_window_and_reads_it_again(window):
    assert from_query(window.to_query(), FIRST, LAST) == (window, [])


def test_any_month_of_a_window_names_it_and_none_names_the_first():
    assert from_query({"play": ["Quarter"], "at": ["2017-05"]}, FIRST, LAST)[0] == TimeWindow("quarter", 2017 * 12 + 3)
    assert from_query({"play": ["month"]}, FIRST, LAST)[0] == TimeWindow("month", month_number(FIRST))


@pytest.mark.parametrize(("query", "ignored"), [
    ({"play": ["week"]}, ["play=week"]),
    ({"play": ["month"], "at": ["2017-13"]}, ["play=month", "at=2017-13"]),
    ({"play": ["month"], "at": ["2019-01"]}, ["play=month", "at=2019-01"]),
    ({"play": ["month"], "at": ["2017-05"], "to": ["2017-04-30"]}, ["play=month", "at=2017-05"]),
    ({"at": ["2017-05"]}, ["at=2017-05"]),
    ({"grow": ["1"]}, ["grow=1"]),
    ({"play": ["month"], "at": ["9999-12"]}, ["play=month", "at=9999-12"]),
])  # fmt: skip
def test_what_is_no_window_of_the_record_is_ignored_and_named(query, ignored):
    assert from_query(query, FIRST, LAST) == (None, ignored)


def test_a_growth_that_is_none_is_named_and_the_window_kept():
    assert from_query({"play": ["year"], "grow": ["<b>"]}, FIRST, LAST) == (TimeWindow("year", 2016 * 12), ["grow=<b>"])


def test_a_record_without_incidents_has_no_window():
    assert from_query({"play": ["month"]}, None, None) == (None, ["play=month"])


@pytest.mark.parametrize("length", [pytest.param(name, marks=[] if name == "year" else pytest.mark.nightly) for name in MONTHS])
def test_an_incident_counts_once_in_every_window_that_its_date_may_mean(length):
    incidents = shipped_record().incidents
    windows = Windows(length, incidents["date"].min().date(), incidents["last_day"].max().date())
    counts = [headline(within(Filters(), window).apply(incidents)).incidents for window in windows]
    months = MONTHS[length]
    begin, end = (
        (incidents[name].dt.year * 12 + incidents[name].dt.month - 1) // months - windows[0].month // months
        for name in ("first_day", "last_day")
    )
    expected = [int(((begin <= n) & (end >= n)).sum()) for n in range(len(windows))]
    assert counts == expected
    # Known to the day, each is in one window alone.
    precise = incidents[incidents["first_day"] == incidents["last_day"]]
    assert sum(headline(within(Filters(), window).apply(precise)).incidents for window in windows) == len(precise)


@pytest.mark.nightly
def test_a_growing_window_ends_as_the_filter_itself():
    incidents = shipped_record().incidents
    windows = Windows("quarter", incidents["date"].min().date(), incidents["last_day"].max().date(), grows=True)
    counts = [headline(within(Filters(), window).apply(incidents)).incidents for window in windows]
    assert counts == sorted(counts) and counts[-1] == len(incidents)


def test_dates_known_to_the_year_are_in_all_twelve_months_of_it():
    table = (
        b"incident_id,date,date_precision,title,province\n1,2014-01-01,year,An attack,Kabul\n2,2015-01-01,year,An attack,Kabul\n"
    )
    incidents = load_bytes(table, "years.csv").incidents
    windows = Windows("month", first_day(2013 * 12), pd.Timestamp(2015, 12, 31).date())
    counts = [headline(within(Filters(), window).apply(incidents)).incidents for window in windows]
    assert counts == [0] * 12 + [1] * 24
