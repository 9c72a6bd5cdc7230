"""The chart of years: one bar per year, its interval, and the breaks of coverage on it."""

import json

import pandas as pd

from incident_atlas.analysis.nearby import observed, per_year
from incident_atlas.charts import bars, vega_lite
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.theme import DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import record


def picture(colours=LIGHT, marks=()):
    loaded = record({"date": "2018-02-01"}, {"date": "2020-01-01"})
    table = per_year(loaded.incidents, observed(exposure(loaded), Filters()))
    return bars.per_year(table, "Incidents within 2 km by year", marks, colours)


def test_every_year_has_a_bar_and_an_interval_and_is_read_aloud():
    drawn = picture()
    assert drawn.data["incidents"].to_list() == [1, 0, 1]
    assert (drawn.data["high"] > drawn.data["incidents"]).all()
    assert drawn.alt == "Incidents within 2 km by year: 2018: 1, 2019: 0, 2020: 1."
    assert drawn.rows().to_numpy().tolist() == [["2018", 1, "0.0–5.6"], ["2019", 0, "0.0–3.7"], ["2020", 1, "0.0–5.6"]]


def test_the_spec_is_built_once_per_look_and_holds_no_data():
    assert picture().spec is picture().spec and picture().spec is not picture(DARK).spec
    assert "2018: 1" not in json.dumps(picture().spec) and "data" not in picture().spec


def test_only_marks_within_the_years_are_drawn_and_each_is_explained():
    loaded = shipped_record()
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)
    drawn = picture(marks=marks)
    message = " ".join(drawn.notes)
    assert (
        "US-Taliban agreement, 29 Feb 2020" in message and "Coverage breaks: c end of Wikipedia's monthly lists, 2019" in message
    )
    assert "RAND" not in message and "2021" not in message
    assert pd.Timestamp("2020-02-29") in [mark.date for mark in marks]
