"""The two pictures of months: what is in each cell and step, and that zero, unknown and outside are three things."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import vl_convert

from incident_atlas.analysis.change_points import changes
from incident_atlas.analysis.summary import victims_by_month
from incident_atlas.charts import calendar as history
from incident_atlas.charts import vega_lite
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.charts.victims import MEASURES
from incident_atlas.dataset.companion_tables import moments
from incident_atlas.theme import DARK, LIGHT, contrast, ink_on, ramp_colour
from tests.analysis.test_changes import attacks
from tests.support.record import shipped_record
from tests.support.tiny import record

MILESTONES = pd.DataFrame({"date": pd.to_datetime(["2012-02-29", "2012-02-10"]), "name": ["Agreement", "Election"]})
COVERAGE = pd.DataFrame({"source": ["Lists"], "from": [pd.NaT], "to": [pd.Timestamp("2012-03-31")]})
FIGURES = [
    {"date": "2019-11-20", "killed_low": "3", "killed": "4", "killed_high": "9"},
    {"date": "2020-01-05", "killed_low": "0", "killed": "0", "killed_high": "0"},
    {"date": "2020-02-01"},
    {"date": "2020-03-01", "killed_low": "2", "killed": "2"},
    {"date": "2020-03-09"},
    {"date": "2020-04-01", "killed": "0", "killed_low": "0", "killed_high": "0"},
    {"date": "2020-04-02"},
    {"date": "2020"},
]


def rate(per_month: list[int], scheme=LIGHT) -> Picture:
    loaded = record(*attacks(per_month))
    span = loaded.source.first, loaded.source.last
    found = changes(loaded.incidents, *span, moments(MILESTONES, COVERAGE, *span))
    return history.monthly_rate(found, span, vega_lite.time_marks(MILESTONES, COVERAGE, *span), scheme)


def calendar(found: list[dict], measure: str = "incidents", scheme=LIGHT, marks=()) -> Picture:
    loaded = record(*found)
    span = loaded.source.first, loaded.source.last
    return history.calendar(victims_by_month(loaded.incidents), measure, span, marks, scheme)


def drawn(picture: Picture) -> str:
    values = json.loads(picture.data.to_json(orient="records", date_format="iso"))
    return vl_convert.vegalite_to_svg(picture.spec | {"data": {"values": values}, "width": 330}, allowed_base_urls=[])


def test_the_rate_steps_where_it_changes_and_says_where_that_may_lie():
    data = rate([1] * 24 + [5] * 24).data
    assert data["incidents"].tolist() == [1] * 24 + [5] * 24
    stretches = data.dropna(subset="rate")
    assert stretches["begins"].dt.strftime("%Y-%m").tolist() == ["2010-01", "2012-01"]
    assert stretches["until"].dt.strftime("%Y-%m-%d").tolist() == ["2012-01-01", "2014-01-01"]
    (step,) = data.dropna(subset="was").to_dict("records")
    assert step["label"] == "Jan 2012" and step["was"] == stretches["rate"].iloc[0]
    assert step["low"] < step["rate"] < step["high"] and step["lies_from"] <= step["begins"] < step["lies_to"]
    assert "p 0.001" in step["change"]


def test_without_a_change_there_is_a_rate_and_with_too_few_incidents_there_is_none():
    assert rate([2] * 30).data["rate"].notna().sum() == 1 and not rate([2] * 30).data["was"].notna().any()
    few = rate([2] * 3)
    assert not few.data["rate"].notna().any() and few.data["incidents"].sum() == 6 and drawn(few)
    assert list(few.rows()) == ["Month", "Incidents", "Days"]


def test_the_name_of_a_change_stays_inside_the_picture():
    early, late = rate([0, 1] + [1] * 3 + [9] * 60), rate([9] * 60 + [1] * 5)
    assert early.data["left"].dropna().tolist() == [False] and late.data["left"].dropna().tolist() == [True]


def test_hairlines_stand_in_the_rate_and_letters_in_the_months_of_the_calendar():
    text = json.dumps(rate([1] * 24 + [5] * 24).spec)
    assert all(f'"{name}, ' in text for name in ("Agreement", "Election", "end of Lists"))
    found = attacks([1] * 48)
    span = pd.Timestamp("2010-01-01"), pd.Timestamp("2013-12-31")
    cells = calendar(found, marks=vega_lite.time_marks(MILESTONES, COVERAGE, *span)).data.dropna(subset="mark")
    assert cells[["name", "mark", "moment"]].values.tolist() == [
        ["Feb 2012", "1 2", "Election · Agreement"], ["Mar 2012", "a", "end of Lists"],
    ]  # fmt: skip


def test_there_is_a_cell_for_every_month_of_the_record_and_for_no_other():
    data = calendar(FIGURES).data
    assert data["name"].tolist() == ["Nov 2019", "Dec 2019", "Jan 2020", "Feb 2020", "Mar 2020", "Apr 2020"]
    assert data["text"].astype("str").tolist() == ["1", "0", "1", "1", "2", "2"]
    assert set(zip(data["year"], data["month"], strict=True)) == {(2019, 11), (2019, 12), *((2020, n) for n in range(1, 5))}


def test_an_unknown_toll_is_no_zero_and_a_zero_that_may_be_more_looks_neither_sure():
    data = calendar(FIGURES, "killed").data.set_index("name")
    assert data["text"].astype("str").to_dict() == {
        "Nov 2019": "4", "Dec 2019": "0", "Jan 2020": "0", "Feb 2020": "?", "Mar 2020": "2", "Apr 2020": "0",
    }  # fmt: skip
    assert data["open"].to_dict() == {
        "Nov 2019": False, "Dec 2019": False, "Jan 2020": False, "Feb 2020": True, "Mar 2020": False, "Apr 2020": True,
    }  # fmt: skip
    assert data.loc["Feb 2020", "fill"] == LIGHT.background != data.loc["Dec 2019", "fill"]


def test_a_tooltip_says_the_range_and_what_no_source_gives():
    message = calendar(FIGURES, "killed").data.set_index("name")["said"].astype("str").to_dict()
    assert message == {
        "Nov 2019": "1 incident: 4 killed (range 3 to 9)",
        "Dec 2019": "no incident",
        "Jan 2020": "1 incident: 0 killed",
        "Feb 2020": "1 incident, no figure reported",
        "Mar 2020": "2 incidents: 2 killed (or more; no figure for 1 incident)",
        "Apr 2020": "2 incidents: 0 killed (or more; no figure for 1 incident)",
    }


def test_the_table_of_the_calendar_writes_out_what_is_not_known():
    rows = calendar(FIGURES, "killed").rows()
    assert list(rows) == ["Month", "Incidents", "Killed", "Lowest", "Highest", "Without a figure"]
    assert rows.values.tolist()[:5] == [
        ["2019-11", 1, 4, 3, 9, 0],
        ["2019-12", 0, 0, 0, 0, 0],
        ["2020-01", 1, 0, 0, 0, 0],
        ["2020-02", 1, "no figure reported", "no figure reported", "no figure reported", 1],
        ["2020-03", 2, 2, 2, "2 or more", 1],
    ]
    assert calendar(FIGURES).rows().values.tolist()[0] == ["2019-11", 1]


def test_a_screen_reader_hears_the_most_the_zeros_and_the_unknown():
    assert calendar(FIGURES, "killed").alt == (
        "Killed per month as a calendar, 2019 to 2020. The most are 4, in Nov 2019; 3 months are zero; in 1 month no incident has a figure."
    )
    assert "No wounded" in calendar(FIGURES, "wounded").alt
    assert "changed once" in rate([1] * 24 + [5] * 24).alt


def test_the_months_of_the_shipped_record_add_up_to_its_totals():
    loaded = shipped_record()
    for measure in ("killed", "wounded"):
        table = history.calendar(
            victims_by_month(loaded.incidents), measure, (loaded.source.first, loaded.source.last), (), LIGHT
        ).rows()
        known = pd.to_numeric(table[measure.capitalize()], errors="coerce")
        in_month = loaded.incidents[loaded.incidents["date_precision"] != "year"]
        assert known.sum() == in_month[f"{measure}_best"].sum()
        assert table["Without a figure"].sum() == in_month[f"{measure}_none"].sum()


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_number_can_be_read_on_its_cell(scheme):
    assert min(contrast(ink_on(ground), ground) for ground in (ramp_colour(n / 400, scheme) for n in range(401))) >= 4.5
    # The more, the farther from the page; the least is still no zero.
    steps = [contrast(ramp_colour(n / 20, scheme), scheme.background) for n in range(21)]
    assert steps == sorted(steps)
    assert ramp_colour(0, scheme) not in (scheme.surface, scheme.background)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("measure", MEASURES)
def test_the_calendar_draws_every_cell_without_a_network(measure, scheme):
    picture = calendar(FIGURES, measure, scheme)
    assert drawn(picture).count('aria-roledescription="rect mark"') == len(picture.data)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_rate_draws_every_bar_without_a_network(scheme):
    picture = rate([1] * 24 + [5] * 24, scheme)
    svg = drawn(picture)
    assert svg.count('aria-roledescription="bar"') == len(picture.data) and "Jan 2012" in svg


def test_the_specs_stay_while_the_data_moves():
    assert calendar(FIGURES).spec is calendar(FIGURES[:3], "killed").spec
    assert rate([1] * 24 + [5] * 24).spec is rate([2] * 48).spec


def test_large_counts_fit_their_cell():
    table = pd.DataFrame({"month": [2020 * 12, 2020 * 12 + 1], "incidents": [12_345, 9_999]})
    span = pd.Timestamp("2020-01-01"), pd.Timestamp("2020-02-29")
    assert history.calendar(table, "incidents", span, (), LIGHT).data["text"].astype("str").tolist() == ["12k", "9999"]
