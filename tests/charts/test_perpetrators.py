"""Perpetrators year by year: the same bars, quiet years as zeros, every attribution in its own look, nothing cut that counts."""

from __future__ import annotations

import itertools
import json
import re

import pandas as pd
import pytest
import vl_convert

from incident_atlas.analysis.summary import by_perpetrator, by_perpetrator_and_year
from incident_atlas.charts import files, perpetrators
from incident_atlas.charts.vega_lite import OTHERS_BAR, Picture
from incident_atlas.theme import ATTRIBUTION_OPACITY, DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import record

IS = "Islamic State (Khorasan Province)"
ROWS = [
    {"date": "2019-03-01", "perpetrator": "Taliban", "attribution": "claimed"},
    {"date": "2019-05-01", "perpetrator": "Taliban", "attribution": "denied"},
    {"date": "2022-06-30", "perpetrator": IS, "attribution": "suspected"},
    {"date": "2022-06-30", "perpetrator": f"{IS};Taliban", "attribution": "contested"},
    {"date": "2021-06-30", "perpetrator": "Unknown", "attribution": "unknown"},
]


def by_year(incidents, years=(2018, 2022), chosen=(), scheme=LIGHT) -> Picture:
    return perpetrators.perpetrators_by_year(by_perpetrator_and_year(incidents), years, chosen, scheme)


def test_the_years_of_a_perpetrator_add_up_to_its_bar():
    incidents = shipped_record().incidents
    years = by_perpetrator_and_year(incidents).groupby(["perpetrator", "attribution"], sort=False)["incidents"].sum()
    bars = by_perpetrator(incidents).set_index(["perpetrator", "attribution"])["incidents"]
    assert years.to_dict() == bars.to_dict() and list(years.index) == list(bars.index)


def test_both_charts_show_the_same_bars_of_the_shipped_record():
    incidents = shipped_record().incidents
    whole = perpetrators.perpetrators(by_perpetrator(incidents), (), LIGHT).rows()
    split = by_year(incidents, (2002, 2024)).rows().drop(columns="Year").groupby("Suspected perpetrator", sort=False).sum()
    assert split.reset_index().to_dict("list") == whole.to_dict("list")
    assert OTHERS_BAR in whole["Suspected perpetrator"].tolist()


def test_every_year_that_was_asked_for_is_there_and_a_quiet_one_is_zero():
    table = by_year(record(*ROWS).incidents).rows().set_index(["Suspected perpetrator", "Year"])
    assert table.loc["Taliban", "Incidents"].to_dict() == {"2018": 0, "2019": 2, "2020": 0, "2021": 0, "2022": 1}
    assert table.loc[("Taliban", "2019")].to_dict() == {
        "Incidents": 2, "Claimed": 1, "Contested": 0, "Suspected": 0, "Unknown": 0, "Denied": 1,
    }  # fmt: skip


def test_columns_stand_on_one_another_in_the_look_of_their_attribution():
    data = by_year(record(*ROWS).incidents).data
    column = data[(data["perpetrator"] == IS) & (data["year"] == 2022)]
    assert column["hatched"].tolist() == [True, False] and column["opacity"].round(2).tolist() == pytest.approx([1.0, 0.45])
    assert column["hue"].unique().tolist() == ["#D55E00"]
    assert column["top"].iloc[0] == column["bottom"].iloc[1] and (column["top"] < column["bottom"]).all()
    assert data.loc[data["perpetrator"] == "Unknown", "hatched"].loc[lambda unknown: unknown].size


def test_one_scale_serves_all_rows_and_the_most_in_a_year_is_written_once():
    data = by_year(record(*ROWS).incidents).data
    assert data.dropna(subset="peak")[["perpetrator", "year", "peak"]].values.tolist() == [
        ["Taliban", 2019, "2"], [IS, 2022, "2"], ["Unknown", 2021, "1"],
    ]  # fmt: skip
    pixels = data[data["incidents"] > 0].eval("(bottom - top) / incidents")
    assert pixels.round(3).nunique() == 1


def test_a_row_says_its_attributions_and_a_long_one_in_two_lines():
    picture = by_year(record(*ROWS).incidents)
    assert f"{IS}: 1 contested, 1 suspected" in picture.alt and "Unknown: no group named" in picture.alt
    message = perpetrators._in_lines("139 claimed, 1 contested, 34 attributed, 24 suspected, 10 denied")
    assert message.count("\n") == 1 and max(map(len, message.split("\n"))) < 45 and message.endswith("10 denied")


@pytest.mark.parametrize("split", [False, True], ids=["all years", "by year"])
@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_legend_draws_each_attribution_as_the_bars_do(scheme, split):
    incidents = shipped_record().incidents
    chart = (
        by_year(incidents, (2002, 2024), scheme=scheme)
        if split
        else perpetrators.perpetrators(by_perpetrator(incidents), (), scheme)
    )
    [legend] = [layer for layer in chart.spec["layer"] if "values" in layer.get("data", {})]
    swatches = {row["words"]: row for row in legend["data"]["values"]}
    bars = {"Claimed": "claimed", "Attributed": "attributed", "Suspected": "suspected", "Contested, denied, unknown": "contested"}
    known = chart.data[chart.data["perpetrator"] != "Unknown"]
    for words, attribution in bars.items():
        hatched, opacity = swatches[words]["hatched"], swatches[words]["opacity"]
        assert (hatched, opacity) == (attribution not in ATTRIBUTION_OPACITY, ATTRIBUTION_OPACITY.get(attribution, 1))
        assert ((known["hatched"] == hatched) & (known["opacity"].round(2) == opacity)).any(), "no bar looks like this"
    assert len(swatches) == len(bars) and known["opacity"].round(2).nunique() == len(bars) - 1


@pytest.mark.parametrize("width", [200, 245, 330, 680])
def test_no_word_of_the_legend_touches_another_or_is_cut(width):
    picture = perpetrators.perpetrators(by_perpetrator(record(*ROWS).incidents), (), LIGHT)
    svg, wide, high = files.drawn_svg(picture.spec | {"width": width, "padding": 0}, picture.data)
    words = [words for words, *_ in perpetrators.LEGEND]
    # A letter is taken for half its height wide.
    placed = re.findall(r'transform="translate\(([\d.-]+),([\d.-]+)\)"[^>]*>([^<]+)</text>', svg)
    boxes = {text: (float(x), float(y), float(x) + 5 * len(text)) for x, y, text in placed if text in words}
    assert list(boxes) == words and high > 50
    rows = {y: [box for box in boxes.values() if box[1] == y] for _, y, _ in boxes.values()}
    assert len(rows) == (1 if width >= perpetrators.LEGEND_WIDTH else 2)
    for row in rows.values():
        assert all(one[2] <= other[0] - 10 for one, other in itertools.pairwise(row)), "the swatch between two words has room"
        assert row[-1][2] <= max(wide, width), "the last word is not cut"


def test_what_is_not_chosen_is_pale_not_gone():
    data = by_year(record(*ROWS).incidents, chosen=(IS,)).data
    assert data.groupby("perpetrator")["chosen"].all().to_dict() == {IS: True, "Taliban": False, "Unknown": False}


def test_a_click_anywhere_in_a_row_names_its_perpetrator():
    spec = by_year(record(*ROWS).incidents).spec
    touch = spec["layer"][-1]
    assert touch["mark"]["opacity"] == 0 and {"from_", "to"} <= {step.get("as") for step in touch["transform"]}
    params = [*spec.get("params", []), *touch.get("params", [])]
    assert [param["select"]["fields"] for param in params] == [["perpetrator"]]


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("rows", [ROWS, ROWS[:1], []], ids=["some", "one", "none"])
def test_it_draws_every_column_without_a_network(rows, scheme):
    picture = by_year(record(*rows).incidents, scheme=scheme)
    values = json.loads(picture.data.to_json(orient="records", date_format="iso"))
    svg = vl_convert.vegalite_to_svg(picture.spec | {"data": {"values": values}, "width": 330}, allowed_base_urls=[])
    assert svg.count('aria-roledescription="bar"') >= len(picture.data)


def test_the_spec_stays_while_the_data_moves():
    one, other = (record(*rows).incidents for rows in (ROWS, ROWS[::-1]))
    assert by_year(one).spec is by_year(other).spec
    assert isinstance(by_year(one).rows(), pd.DataFrame)
