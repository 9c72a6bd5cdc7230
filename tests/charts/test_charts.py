"""The pictures as data: what is in them, what is grey, what a screen reader says, and that they draw offline."""

import json

import pandas as pd
import pytest
import vl_convert

from incident_atlas.analysis.summary import by_month, by_perpetrator, by_target_type, by_year
from incident_atlas.charts import perpetrators, timeline, vega_lite
from incident_atlas.theme import DARK, LIGHT
from tests.support.tiny import record

SPAN = (pd.Timestamp("2019-03-01"), pd.Timestamp("2022-06-30"))
MILESTONES = pd.DataFrame(
    {"date": pd.to_datetime(["2001-09-11", "2020-02-29", "2021-08-15", "2021-08-30"]), "name": ["w", "x", "y", "z"]}
)
COVERAGE = pd.DataFrame(
    {"source": ["RAND", "Lists"], "from": [pd.NaT, pd.Timestamp("2019-12-31")], "to": [pd.Timestamp("2009-12-31"), pd.NaT]}
)
ROWS = [
    {"date": "2019-03-01", "target_type": "Police", "perpetrator": "Taliban", "attribution": "claimed"},
    {"date": "2021-03-02", "target_type": "Police;Military", "perpetrator": "Taliban", "attribution": "suspected"},
    {"date": "2021-04-02", "target_type": "Unknown", "perpetrator": "Unknown", "attribution": "unknown"},
    {"date": "2022-06-30", "target_type": "NGO", "perpetrator": "al-Qaeda;Taliban", "attribution": "contested"},
]


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    return record(*ROWS).incidents


def pictures(frame: pd.DataFrame, scheme=LIGHT) -> dict[str, vega_lite.Picture]:
    marks = vega_lite.time_marks(MILESTONES, COVERAGE, *SPAN)
    chosen = (pd.Timestamp("2021-01-01").date(), None)
    return {
        "timeline": timeline.timeline(by_month(frame), SPAN, chosen, marks, scheme),
        "years": timeline.years(by_year(frame), SPAN, chosen, marks, scheme),
        "types": vega_lite.target_types(by_target_type(frame), ("Police",), scheme),
        "perpetrators": perpetrators.perpetrators(by_perpetrator(frame), (), scheme),
    }


def test_milestones_are_numbered_breaks_lettered_and_only_those_inside_the_record():
    marks = vega_lite.time_marks(MILESTONES, COVERAGE, *SPAN)
    assert [(mark.label, mark.name) for mark in marks] == [("a", "start of Lists"), ("1", "x"), ("2", "y"), ("3", "z")]


def test_hairlines_a_fortnight_apart_stand_in_rows_of_their_own():
    near = [mark.row for mark in vega_lite.time_marks(MILESTONES, COVERAGE, *SPAN) if mark.date.year == 2021]
    assert len(set(near)) == 2


def test_every_time_chart_carries_every_hairline(frame):
    for name in ("timeline", "years"):
        text = json.dumps(pictures(frame)[name].spec)
        assert all(f'"{label}, ' in text for label in ("start of Lists", "x", "y", "z"))


@pytest.mark.parametrize("draw", [timeline.timeline, timeline.years])
def test_a_time_chart_holds_the_days_of_its_hairlines_once(frame, draw):
    marks = vega_lite.time_marks(MILESTONES, COVERAGE, *SPAN)
    table = by_month(frame) if draw is timeline.timeline else by_year(frame)
    spec = json.dumps(draw(table, SPAN, (None, None), marks, LIGHT).spec)
    assert len(marks) > 2 and all(spec.count(f'"{mark.name}, ') == 1 for mark in marks)
    assert "empty" not in spec  # no layer names data that nobody gives


def test_a_quiet_year_is_a_bar_of_zero(frame):
    assert dict(pictures(frame)["years"].data[["year", "incidents"]].itertuples(index=False)) == {
        2019: 1,
        2020: 0,
        2021: 2,
        2022: 1,
    }


def test_what_is_outside_the_chosen_dates_or_types_is_grey_not_gone(frame):
    drawn = pictures(frame)
    assert drawn["years"].data.set_index("year")["chosen"].to_dict() == {2019: False, 2020: False, 2021: True, 2022: True}
    assert drawn["types"].data.set_index("target_type")["chosen"].to_dict() == {
        "Police": True,
        "Military": False,
        "NGO": False,
        "Unknown": False,
    }


def test_a_perpetrator_says_its_attributions_and_unknown_says_that_nobody_is_named(frame):
    message = pictures(frame)["perpetrators"].data.drop_duplicates("perpetrator").set_index("perpetrator")["said"].to_dict()
    assert message == {"Taliban": "1 claimed, 1 contested, 1 suspected", "al-Qaeda": "1 contested", "Unknown": "no group named"}
    assert list(message)[-1] == "Unknown"


def test_a_contested_attribution_is_striped_and_a_claimed_one_is_not(frame):
    data = pictures(frame)["perpetrators"].data
    assert data.set_index(["perpetrator", "attribution"])["hatched"].to_dict() == {
        ("Taliban", "claimed"): False,
        ("Taliban", "contested"): True,
        ("Taliban", "suspected"): False,
        ("al-Qaeda", "contested"): True,
        ("Unknown", "unknown"): True,
    }


def test_many_bars_are_cut_and_the_rest_is_counted():
    table = pd.DataFrame({"target_type": [f"t{i}" for i in range(30)] + ["Unknown"], "incidents": [*range(30, 0, -1), 5]})
    data = vega_lite.target_types(table, (), LIGHT).data
    assert data["incidents"].sum() == table["incidents"].sum()
    assert data["target_type"].tolist()[-2:] == [vega_lite.OTHERS_BAR, "Unknown"]


def test_a_screen_reader_hears_every_bar(frame):
    drawn = pictures(frame)
    assert "Police: 2" in drawn["types"].alt and "2020: 0" in drawn["years"].alt and "1 claimed" in drawn["perpetrators"].alt


def test_the_spec_stays_while_the_data_moves(frame):
    other = record({"date": "2020-01-01", "target_type": "NGO"}).incidents
    for name, picture in pictures(frame).items():
        assert pictures(other)[name].spec is picture.spec, name


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_every_picture_draws_its_bars_without_a_network(frame, scheme):
    for name, picture in pictures(frame, scheme).items():
        values = json.loads(picture.data.to_json(orient="records", date_format="iso"))
        svg = vl_convert.vegalite_to_svg(json.dumps(picture.spec | {"data": {"values": values}, "width": 400}))
        assert svg.count('aria-roledescription="bar"') >= len(picture.data), name


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_marks_can_be_told_from_their_ground(scheme):
    for ground in (scheme.background, scheme.surface):
        assert (
            contrast(scheme.ink, ground) >= 4.5
            and contrast(scheme.muted, ground) >= 4.5
            and contrast(scheme.accent, ground) >= 4.5
        )
    assert contrast(scheme.bar, scheme.background) >= 3
    assert contrast(scheme.cell, scheme.land) >= 3


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two colours."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
