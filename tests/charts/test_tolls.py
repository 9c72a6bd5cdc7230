"""The counts of an incident's reports as dots: who says what, where they touch, and nothing to draw where all agree."""

from __future__ import annotations

import pandas as pd
import vl_convert as vlc

from incident_atlas.analysis.evidence.grade import reports_of
from incident_atlas.charts import tolls
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.theme import DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import record

ROW = {"killed_low": "2", "killed": "6", "killed_high": "25"}


def spread(*rows: dict[str, str], kind: str = "killed", **cells: str):
    one = record(ROW | cells).incidents.iloc[0]
    table = pd.DataFrame([{"incident_id": "T-1", "date": "2020-01-01"} | row for row in rows], columns=list(REPORT_NAMES))
    return tolls.spread(one, reports_of(one, table.astype("str").replace("nan", "")), kind, LIGHT)


def killed(low: str, high: str, publisher: str = "A", **more: str) -> dict[str, str]:
    return {"publisher": publisher, "killed_low": low, "killed_high": high} | more


def test_each_report_with_a_count_is_one_dot_or_line_with_its_words_and_its_stage():
    picture = spread(killed("6", "6", stage="settled"), killed("8", "12", "B", agency="AFP", stage="early"), killed("2", "", "C"), killed("", "", "D"))  # fmt: skip
    assert picture.data[["name", "figure", "low", "high", "open"]].to_dict("records") == [
        {"name": "C", "figure": "2 or more", "low": 2, "high": 2, "open": True},
        {"name": "A", "figure": "6", "low": 6, "high": 6, "open": False},
        {"name": "B (AFP)", "figure": "8–12", "low": 8, "high": 12, "open": False},
    ]
    assert picture.data["stage"].eq(tolls._SETTLED).tolist() == [False, True, False]
    assert picture.alt == "Killed, by report: C 2 or more; A 6; B (AFP) 8–12." and picture.rows()["Publisher"].tolist() == ["C", "A", "B (AFP)"]  # fmt: skip


def test_dots_that_would_touch_stand_above_one_another_and_others_on_one_line():
    rows = spread(killed("6", "6"), killed("6", "6", "B"), killed("5", "7", "C"), killed("25", "25", "D")).data
    assert rows.set_index("name")["row"].to_dict() == {"C": 0, "A": 1, "B": 2, "D": 0}


def test_reports_that_agree_or_are_silent_need_no_picture():
    assert spread(killed("6", "6"), killed("6", "6", "B")) is None and spread(killed("", ""), killed("3", "3", "B")) is None
    assert spread() is None and spread(killed("6", "6"), killed("7", "7", "B"), kind="wounded") is None


def test_a_record_without_figures_or_without_an_upper_end_still_has_its_picture():
    for cells in ({"killed": ""}, {"killed_low": "", "killed": "", "killed_high": ""}, {"killed_high": ""}):
        picture = spread(killed("6", "6"), killed("9", "", "B"), **cells)
        assert (
            vlc.vegalite_to_svg(picture.spec | {"width": 300, "data": {"values": picture.data.to_dict("records")}}).count("<path")
            > 2
        )


def test_incidents_of_the_record_are_drawn_within_a_screen():
    record = shipped_record()
    reports = record.incidents["incident_id"].map(record.reports["incident_id"].value_counts())
    by_reports = record.incidents.loc[reports.sort_values(ascending=False, kind="stable").index]
    drawn = 0
    for _row, one in pd.concat([by_reports[:10], by_reports[10::100]]).iterrows():
        for kind in ("killed", "wounded"):
            if picture := tolls.spread(one, reports_of(one, record.reports), kind, DARK):
                drawn += 1
                assert picture.spec["height"] < 400 and picture.data["low"].le(picture.data["high"]).all()
    assert drawn > 15


def test_hostile_names_stay_text():
    assert spread(killed("6", "6", "<b>\n{{x}}\u202e"), killed("7", "7", "B")).alt == "Killed, by report: <b> {{x}} 6; B 7."
