"""The band of a window on the timeline: it lies where the window is, also where nothing happened, and is no bar."""

from __future__ import annotations

from datetime import date

import pytest

from incident_atlas.analysis import summary
from incident_atlas.charts import timeline, timeline_segments, vega_lite, victims
from incident_atlas.charts.files import chart_svg
from incident_atlas.charts.window_band import with_band
from incident_atlas.dataset.citation import cite
from incident_atlas.theme import LIGHT
from tests.support.record import shipped_record

BEGINS, ENDS = date(1999, 5, 1), date(1999, 5, 31)


def pictures():
    loaded = shipped_record()
    span = (loaded.source.first, loaded.source.last)
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, *span)
    chosen = (BEGINS, ENDS)
    origins = loaded.options["origin"]
    return {
        "incidents": timeline.timeline(summary.by_month(loaded.incidents), span, chosen, marks, LIGHT),
        "killed": victims.timeline(summary.victims_by_month(loaded.incidents), "killed", span, chosen, marks, LIGHT),
        "data sets": timeline_segments.timeline(
            timeline_segments.by_month_and_origin(loaded.incidents), origins, span, chosen, marks, LIGHT
        ),
    }


@pytest.mark.parametrize("name", ["incidents", "killed", "data sets"])
def test_the_band_is_one_row_of_the_data_that_only_the_band_draws(name):
    before = pictures()[name]
    after = with_band(before, BEGINS, ENDS, LIGHT)
    band = after.data[after.data["window"]]
    assert band[["begins", "ends"]].astype("str").to_numpy().tolist() == [["1999-05-01", "1999-05-31"]]
    assert len(after.data) == len(before.data) + 1 and "window" not in before.data
    drawing, *others = after.spec["layer"]
    assert drawing["mark"]["type"] == "rect" and drawing["transform"] == [{"filter": "datum.window"}]
    assert all("data" in layer or layer["transform"][0] == {"filter": "!datum.window"} for layer in others)
    # The spec is the same for every window: only data is sent with a step.
    assert with_band(before, ENDS, ENDS, LIGHT).spec == after.spec
    assert before.rows().equals(after.rows())


def test_a_timeline_without_a_bar_takes_a_band():
    empty = pictures()["incidents"]
    none = with_band(vega_lite.Picture(empty.spec, empty.data.head(0), "", "", (), empty.rows), BEGINS, ENDS, LIGHT)
    assert none.data["window"].tolist() == [True]


def test_its_files_show_the_band():
    loaded = shipped_record()
    head = summary.headline(loaded.incidents)
    citation = cite(loaded, "All.", "", head, loaded.origins)
    picture = pictures()["incidents"]
    begins, ends = date(2017, 4, 1), date(2017, 6, 30)
    plain, marked = (chart_svg(one, citation, LIGHT).decode() for one in (picture, with_band(picture, begins, ends, LIGHT)))
    assert plain.lower().count(LIGHT.accent.lower()) < marked.lower().count(LIGHT.accent.lower())
