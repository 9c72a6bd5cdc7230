"""Killed and wounded per month and year: the best figure as a bar, the range as a line, and no figure is no zero."""

from __future__ import annotations

import json

import pandas as pd
import pytest
import vl_convert

from incident_atlas.analysis.summary import victims_by_month, victims_by_year
from incident_atlas.charts import victims
from incident_atlas.core.formatting import NO_FIGURE
from incident_atlas.dataset.totals import headline
from incident_atlas.theme import DARK, LIGHT
from tests.support.tiny import record

ROWS = [
    {"date": "2019-05-01", "killed": "3", "killed_low": "3", "killed_high": "3"},
    {"date": "2019-05-09", "killed_low": "2", "killed": "4", "killed_high": "6"},
    {"date": "2019-08-01"},
    {"date": "2021-02-01", "killed": "5", "killed_low": "5"},
    {"date": "2021-02-02", "killed_counts": "all"},
    {"date": "2022-01-01", "date_precision": "year", "killed": "9"},
]
NONE = (None, None)


@pytest.fixture(scope="module")
def loaded():
    return record(*ROWS)


def pictures(loaded, chosen=NONE, measure="killed", scheme=LIGHT):
    span = loaded.source.first, loaded.source.last
    return {
        "timeline": victims.timeline(victims_by_month(loaded.incidents), measure, span, chosen, (), scheme),
        "years": victims.years(victims_by_year(loaded.incidents), measure, span, chosen, (), scheme),
    }


def test_a_year_has_its_range_and_a_year_without_a_figure_is_no_zero(loaded):
    rows = pictures(loaded)["years"].rows().set_index("Year")
    assert rows.loc["2019"].tolist() == [3, 7, 5, "9 or more", 1]
    assert rows.loc["2020"].tolist() == [0, 0, 0, 0, 0], "no incident at all is a zero"
    assert rows.loc["2021"].tolist() == [2, 5, 5, "5 or more", 1]
    assert rows.loc["2022"].tolist() == [1, 9, 9, "9 or more", 0]
    wounded = pictures(loaded, measure="wounded")["years"].rows().set_index("Year")
    assert wounded.loc["2019"].tolist() == [3, NO_FIGURE, NO_FIGURE, NO_FIGURE, 3] and wounded.loc["2020"].tolist() == [0] * 5


def test_months_hold_what_has_a_month(loaded):
    rows = pictures(loaded)["timeline"].rows().set_index("Month")
    assert rows.loc["2019-05"].tolist() == [2, 7, 5, 9, 0] and rows.loc["2019-06"].tolist() == [0] * 5
    assert rows.loc["2019-08"].tolist() == [1, NO_FIGURE, NO_FIGURE, NO_FIGURE, 1]
    assert len(rows) == 33 and rows["Incidents"].sum() == 5


def test_the_years_add_up_to_the_headline(loaded):
    table, head = pictures(loaded)["years"].rows(), headline(loaded.incidents)
    known = table[table["Killed"] != NO_FIGURE]
    assert (known["Killed"].sum(), known["Lowest"].sum()) == (head.killed.best, head.killed.low)
    assert table["Without a figure"].sum() == head.killed.without_figure


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("name", ["timeline", "years"])
def test_the_picture_draws_ranges_open_ends_and_missing_figures(loaded, name, scheme):
    picture = pictures(loaded, scheme=scheme)[name]
    values = json.loads(picture.data.to_json(orient="records", date_format="iso"))
    svg = vl_convert.vegalite_to_svg(picture.spec | {"data": {"values": values}, "width": 600}, allowed_base_urls=[])
    assert svg.count(">?<") == (1 if name == "timeline" else 0)
    assert victims.HOW_TO_READ in picture.notes and "The killed of 1 incident may include attackers." in picture.notes
    assert ("in 1 month no incident has a figure" in picture.alt) == (name == "timeline")


def test_what_is_outside_the_dates_is_pale(loaded):
    data = pictures(loaded, (pd.Timestamp("2021-01-01").date(), None))["years"].data
    assert data.set_index("year")["chosen"].to_dict() == {2019: False, 2020: False, 2021: True, 2022: True}


def test_a_figure_that_may_be_more_than_nobody_is_no_zero():
    loaded = record({"date": "2019-05-01", "killed_high": "5"}, {"date": "2019-06-01", "killed": "0", "killed_low": "0"})
    picture = pictures(loaded)["years"]
    assert picture.rows().set_index("Year").loc["2019"].tolist() == [2, "0–5 or more", 0, "5 or more", 0]
    assert picture.alt == "Killed by year: no best figure."
