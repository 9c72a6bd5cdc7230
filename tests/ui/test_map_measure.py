"""Incidents, killed or wounded on the time charts of the Map page: pressed, in the address, in the files."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest

from incident_atlas.charts.victims import HOW_TO_READ
from incident_atlas.dataset.totals import headline
from incident_atlas.ui.parts.chart_menu import as_sent
from tests.support.pages import address_parameters, words
from tests.support.record import shipped_record

PAGE = "app.py"


def alts(app) -> list[str]:
    return [chart.proto.alt for chart in app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")]


def test_a_press_counts_the_dead_and_stays_in_the_address(run_page):
    app = run_page(PAGE)
    assert alts(app)[0].startswith("Incidents per month")
    switch = next(group for group in app.get("button_group") if group.label == "What the time charts count")
    app = switch.set_value("killed").run()
    assert alts(app)[0].startswith("Killed per month; the most are") and alts(app)[1].startswith("Killed by year; the most are")
    assert address_parameters(app)["measure"] == ["killed"] and HOW_TO_READ in words(app) and "Killed by year" in words(app)
    app.switch_page("pages/compare.py").run()
    app.switch_page(PAGE).run()
    assert alts(app)[0].startswith("Killed per month")


@pytest.mark.parametrize("measure", ["killed", "wounded"])
def test_an_address_asks_for_it_under_a_filter(run_page, measure):
    app = run_page(PAGE, {"city": ["Herat"], "measure": [measure]})
    total = headline(app.session_state["session"].filters.apply(shipped_record().incidents))
    assert f"<b>{getattr(total, measure).best:,}</b> <span>{measure}" in words(app)
    assert alts(app)[0].startswith(f"{measure.capitalize()} per month")


def test_what_a_chart_sends_is_its_data_in_few_bytes():
    days = pd.date_range("2001-01-01", periods=240, freq="MS").astype("datetime64[s]")
    texts = [["claimed", "denied"][n % 2] for n in range(240)]
    titles = [f"title {n}" for n in range(240)]
    data = pd.DataFrame(
        {"begins": days, "n": range(240), "attribution": texts, "title": titles, "share": 0.75, "peak": None, "chosen": True}
    )
    data.loc[3, "peak"] = "7"
    data["kind"] = pd.Categorical(texts, categories=["claimed", "denied", "in no row"])
    sent = as_sent(data)
    back = sent.to_pandas()
    assert [str(day) for day in back["begins"]] == [str(day.date()) for day in days]
    for name in ("n", "attribution", "title", "share", "chosen", "kind"):
        assert back[name].tolist() == data[name].tolist()
    assert back["peak"].dropna().to_dict() == {3: "7"}
    assert sent.schema.metadata is None and "in no row" not in str(sent["kind"].combine_chunks().dictionary)
    assert sent.nbytes < 0.7 * pa.Table.from_pandas(data).nbytes


def test_a_measure_that_is_none_is_said(run_page):
    app = run_page(PAGE, {"measure": ["rockets"]})
    assert alts(app)[0].startswith("Incidents per month") and "measure=rockets" in words(app)


def test_a_total_by_target_says_how_many_of_its_dead_may_be_of_others(run_page):
    shown = words(run_page(PAGE, {"target_type": ["Government (Diplomatic)"]}))
    incidents = shipped_record().incidents
    visible = incidents[incidents["target_type"].astype("str").str.contains("Government (Diplomatic)", regex=False)]
    others = visible[visible["target_type"].astype("str") != "Government (Diplomatic)"]
    assert f"{len(others):,} incidents also hit other targets" in shown
    assert f"Of the killed {int(others['killed_best'].sum()):,} died in these" in shown
    assert "also hit other targets" not in words(run_page(PAGE))
