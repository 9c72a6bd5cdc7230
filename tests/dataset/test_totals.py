"""Totals without their largest incident: told only where one attack would pass for a trend."""

from __future__ import annotations

import pandas as pd
import pytest

from incident_atlas.analysis import summary
from incident_atlas.dataset.filters import Filters, with_periods
from incident_atlas.dataset.headline_text import key_figures, without_largest
from incident_atlas.dataset.period_table import headline_by_period
from incident_atlas.dataset.query import answer_all
from incident_atlas.dataset.sql import opened, prepare
from incident_atlas.dataset.time_windows import TimeWindow
from incident_atlas.dataset.totals import Total, headline
from tests.support.record import shipped_record
from tests.support.tiny import record, text

LARGE = {"date": "2017-05-31", "killed_low": "90", "killed": "92", "killed_high": "150"}


def rest(*rows: dict) -> str:
    """What stands beside the killed."""
    return without_largest(headline(record(*rows).incidents))[1]


def test_one_incident_that_makes_more_than_a_quarter_is_told_apart_with_the_interval_of_the_others():
    head = headline(record(LARGE, {"killed": "8", "killed_low": "3", "killed_high": "9"}, {"killed_low": "4"}, {}).incidents)
    assert head.killed == Total(97, 104, 163, True, 1)
    assert (head.killed_largest.date, head.killed_largest.rest) == (pd.Timestamp("2017-05-31"), Total(7, 12, 13, True, 1))
    assert without_largest(head) == [
        "",
        "excluding the deadliest, 31 May 2017: 12 (range 7 to at least 13; no figure for 1 incident)",
        "",
        "",
    ]


def test_exactly_a_quarter_is_not_more_than_a_quarter():
    assert rest(*[{"killed": "5", "killed_low": "5", "killed_high": "5"}] * 4) == ""
    assert rest({"killed": "6"}, *[{"killed": "5"}] * 3) != ""


@pytest.mark.parametrize(
    "rows", [[LARGE], [LARGE, {}], [{}, {}], [{"killed": "0"}, {"killed": "0"}], [{"killed_high": "9"}, {"killed_high": "1"}]]
)
def test_nothing_is_told_where_there_is_nothing_to_compare(rows):
    assert rest(*rows) == ""


def test_a_total_of_others_that_has_no_high_says_or_more_only_when_it_is_theirs():
    assert rest({"killed_low": "50"}, {"killed": "3", "killed_low": "3", "killed_high": "3"}) == (
        "excluding the deadliest, 1 Jan 2020: 3"
    )


def test_the_wounded_have_a_largest_incident_of_their_own_dated_as_well_as_it_is_known():
    wounded = {"date": "2019-02", "date_precision": "month", "wounded_low": "70", "wounded": "70", "wounded_high": "70"}
    message = without_largest(
        headline(record(LARGE, wounded, {"killed": "3", "wounded": "2", "wounded_low": "1", "wounded_high": "3"}).incidents)
    )
    assert message[1].startswith("excluding the deadliest, 31 May 2017: 3 ")
    assert message[2] == "excluding the largest, Feb 2019 (month known only): 2 (range 1 to at least 3; no figure for 1 incident)"


def test_the_rest_of_the_shipped_record_is_what_leaving_the_row_out_gives():
    loaded = shipped_record()
    visible = Filters(target_subtype=("Embassy/Consulate",)).apply(loaded.incidents)
    head = headline(visible)
    assert head.killed_largest is not None
    others = visible.drop(visible["killed_best"].idxmax())
    assert head.killed_largest.rest == headline(others).killed
    assert headline(loaded.incidents).killed_largest is None


def test_the_agreed_json_has_no_key_more():
    answer = summary.as_json(record(LARGE, {"killed": "1"}).incidents)
    assert set(answer) == {
        "incidents",
        "placed",
        "unplaced",
        "last",
        "killed",
        "wounded",
        "by_actor_kind",
        "by_year",
        "by_target_type",
        "by_perpetrator",
    }
    assert set(answer["killed"]) == {"low", "best", "high", "at_least", "without_figure"}
    assert [set(one) for one in answer["by_actor_kind"]] == [{"actor_kind", "incidents", "killed", "wounded"}]


def test_the_last_incident_is_dated_as_well_as_it_is_known():
    month, early = {"date": "2020-10-01", "date_precision": "month"}, {"date": "2020-09-30"}
    head = headline(record(early, month).incidents)
    assert (head.last, head.last_precision) == (pd.Timestamp("2020-10-01"), "month")
    assert key_figures(head)[-1].value == "Oct 2020 (month known only)"
    later = record(early, month, {"date": "2020-10-05"}).incidents
    assert (headline(later).last, headline(later).last_precision) == (pd.Timestamp("2020-10-05"), "day")
    year, week = {"date": "2021-01-01", "date_precision": "year"}, {"date": "2021-03-03", "date_precision": "week"}
    assert [headline(record(early, one).incidents).last_precision for one in (year, week, early)] == ["year", "week", "day"]


@pytest.mark.parametrize(
    ("rows", "last"),
    [
        ((("2021-12-25", "day"), ("2021", "year")), "25 Dec 2021"),
        ((("2021-06-24", "day"), ("2021-06", "month")), "24 Jun 2021"),
        ((("2021-06-01", "day"), ("2021-06", "month")), "Jun 2021 (month known only)"),
        ((("2021-12-01", "month"), ("2021", "year")), "Dec 2021 (month known only)"),
        ((("2021-12-31", "day"), ("2021-12-27", "week")), "31 Dec 2021"),
        ((("2020-12-31", "day"), ("2021", "year"), ("2020-12-28", "week")), "2021 (year known only)"),
    ],
)
def test_how_well_the_last_date_is_known_is_not_taken_from_another_incident(rows, last, tmp_path):
    dated = [{"date": day, "date_precision": precision} for day, precision in rows]
    loaded = record(*dated)
    assert key_figures(headline(loaded.incidents))[-1].value == last
    (tmp_path / "few.csv").write_text(text(*dated), encoding="utf-8")
    prepare(tmp_path / "few.csv", tmp_path / "few.parquet")
    engine = opened(str(tmp_path / "few.parquet")).incidents
    assert headline(engine) == headline(loaded.incidents)
    frames = (with_periods(incidents, Filters()) for incidents in (loaded.incidents, engine))
    for by_period in answer_all([headline_by_period(frame) for frame in frames]):
        window = TimeWindow("year", 2021 * 12, grows=True)
        assert by_period.within(window) == headline(loaded.incidents)
