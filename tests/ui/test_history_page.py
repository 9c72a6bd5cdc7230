"""When did the rate change? and the calendar on the page: the whole record whatever dates are chosen, and asked once."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_atlas.analysis import change_points, segmentation, summary
from incident_atlas.core.text import safe_text
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.companion_tables import moments
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import describe
from tests.support.pages import address_parameters, widget, words
from tests.support.record import shipped_record

PAGE = "pages/compare.py"


def alts(app) -> list[str]:
    return [chart.proto.alt for chart in app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")]


def pressed(app, measure: str):
    """The page after a press on Incidents, Killed or Wounded."""
    return next(group for group in app.get("button_group") if group.label == "What the calendar counts").set_value(measure).run()


def expected(chosen: Filters) -> change_points.Changes:
    loaded = shipped_record()
    days = exposure(loaded, chosen)
    span = days.first, days.last
    return change_points.changes(chosen.apply(loaded.incidents), *span, moments(loaded.milestones, loaded.coverage, *span))


def test_the_page_says_what_the_statistics_say_under_the_same_filter(run_page):
    found = expected(Filters(city=("Kabul",)))
    shown = words(run_page(PAGE, {"city": ["Kabul"]}))
    assert found.steps and safe_text(change_points.headline(found), 900) in shown
    for step in found.steps:
        month, _, rest = change_points.step_sentence(step).partition(":")
        assert f"<b>{month}</b>:{safe_text(rest, 900)}" in shown


def test_the_dates_of_the_filter_are_left_out(run_page):
    app = run_page(PAGE, {"city": ["Kabul"], "from": ["2019-01-01"], "to": ["2020-12-31"]})
    assert safe_text(change_points.headline(expected(Filters(city=("Kabul",)))), 900) in words(app)
    assert any(f"2002 to {shipped_record().source.last.year}" in alt for alt in alts(app))


def test_the_calendar_counts_what_was_pressed_and_remembers_it(run_page):
    app = run_page(PAGE)
    assert any(alt.startswith("Incidents per month as a calendar") for alt in alts(app))
    app = pressed(app, "killed")
    assert any(alt.startswith("Killed per month as a calendar") for alt in alts(app))
    assert "its incidents have no figure" in words(app)
    assert address_parameters(app)["calendar"] == ["killed"]
    app.switch_page("app.py").run()
    app.switch_page(PAGE).run()
    assert any(alt.startswith("Killed per month as a calendar") for alt in alts(app))
    assert any(alt.startswith("Wounded per month as a calendar") for alt in alts(run_page(PAGE, {"calendar": "wounded"})))
    assert "calendar" not in address_parameters(run_page(PAGE, {"calendar": "cats"}))


def test_the_shuffles_run_once_per_question(run_page, monkeypatch):
    shuffled = []
    monkeypatch.setattr(change_points, "change_points", lambda *values: shuffled.append(1) or segmentation.change_points(*values))
    # A filter of its own: the answer for the whole record is kept with it, for all sessions.
    app = run_page(PAGE, {"city": ["Herat"]})
    assert len(shuffled) == 1
    pressed(app, "wounded").run()
    assert len(shuffled) == 1
    widget(app.multiselect, "w:city").set_value(["Kabul"]).run()
    assert len(shuffled) == 2
    widget(app.multiselect, "w:city").set_value(["Herat"]).run()
    assert len(shuffled) == 2


def test_few_incidents_are_said_to_be_too_few(run_page, tmp_path: Path):
    path = tmp_path / "mine.csv"
    lines = "A-1,2020-01-02,One,3,all\nA-2,2021-01-02,Two,,\nA-3,2021,Three,,\n"
    path.write_text(f"incident_id,date,title,killed,killed_counts\n{lines}", encoding="utf-8")
    app = run_page(PAGE, source=path)
    shown = words(app)
    assert "Too few to look for changes" in shown
    assert "1 known only to the year is in no month." in shown and "That leaves out 1." in shown
    assert "may include attackers" not in shown
    assert "The dead or wounded of 1 incident may include attackers." in words(pressed(app, "killed"))


def test_names_of_a_readers_own_sources_are_harmless(run_page, tmp_path: Path):
    probe = "<img src=x onerror=alert(1)>"
    rows = [f"A-{n},{2010 + n // 12}-{n % 12 + 1:02d}-{day:02d},x" for n in range(48) for day in range(1, 2 if n < 24 else 7)]
    rows = [f"{row.split(',', 1)[0]}-{n},{row.split(',', 1)[1]}" for n, row in enumerate(rows)]
    (tmp_path / "mine.csv").write_text("incident_id,date,title\n" + "\n".join(rows), encoding="utf-8")
    (tmp_path / "coverage.csv").write_text(f'source,area,from,to,note\n"{probe}",World,,2012-01-31,x\n', encoding="utf-8")
    shown = words(run_page(PAGE, source=tmp_path / "mine.csv"))
    assert "It coincides with the end of" in shown and "<img src=x" not in shown


@pytest.mark.parametrize("chosen", [Filters(), Filters(city=("Kabul",))], ids=["all", "Kabul"])
def test_the_files_say_what_the_pictures_count(chosen):
    # The sentence of `data_and_picture` under a picture that leaves the dates out is that of the whole record.
    loaded = shipped_record()
    head = summary.headline(chosen.apply(loaded.incidents))
    message = describe(chosen, head, loaded.source.first.date(), loaded.source.last.date())
    assert f"{head.incidents:,} incidents" in message
    assert (f"17 Jan 2002 to {loaded.source.last:%-d %b %Y}" in message) == (not chosen)
    assert cite(loaded, message, "", head).incidents == head.incidents
    table = summary.victims_by_month(chosen.apply(loaded.incidents))
    assert table["incidents"].sum() + summary.without_month(chosen.apply(loaded.incidents)) == head.incidents
