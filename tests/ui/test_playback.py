"""Playback on the Map page: what is pressed, what the address says, and that a window shows what its dates as a filter show."""

from __future__ import annotations

import json
from datetime import date

import pytest

from incident_atlas.analysis.summary import headline
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import RECORD
from incident_atlas.dataset.sql import prepare
from incident_atlas.dataset.time_windows import MONTHS
from incident_atlas.maps.mark_layout import Mark
from incident_atlas.ui.pages.map import playback
from tests.support.pages import address_parameters, opened, widget, words
from tests.support.record import shipped_record

PAGE = "app.py"
OPEN = "<b class='atlas-window'>"
MAY = {"play": "month", "at": "2017-05"}


def button(app, key: str):
    return next(one for one in app.button if one.key == key)


def press(app, key: str):
    return button(app, key).click().run()


def choose(app, key: str, value: str):
    return next(one for one in app.get("button_group") if one.key == key).set_value(value).run()


def sentence(app) -> str:
    return words(app).split("class='atlas-sentence'")[1].split("</h1>")[0].split(">", 1)[1]


def window(app) -> str:
    return words(app).split(OPEN)[1].split("</b>")[0]


def map_given(app) -> str:
    return app.get("component_instance")[0].proto.json_args


def test_nothing_is_played_at_first_and_the_address_does_not_say_so():
    app = opened(PAGE)
    assert button(app, "play").label == "Play" and OPEN not in words(app)
    assert not {"play", "at", "grow"} & set(address_parameters(app))


def test_length_and_growth_are_chosen_before_it_plays_and_outlast_it():
    app = choose(choose(opened(PAGE), "w:length", "quarter"), "w:grows", "Growing")
    assert OPEN not in words(app) and not address_parameters(app), "a choice alone shows no window"
    app = press(app, "play")
    assert window(app) == "to Mar 2002" and button(app, "play").label == "Pause"
    app = press(press(app, "play"), "play-end")
    assert [app.session_state[key] for key in ("w:length", "w:grows")] == ["quarter", "Growing"]


def test_while_it_plays_sentence_and_figures_are_one_element_and_nothing_else_says_a_month():
    app = press(opened(PAGE, {"play": "month", "at": "2017-04"}), "play")
    shown = [one.proto.body for one in app.get("html") if "atlas-unseen" not in one.proto.body]
    (whole,) = [body for body in shown if "atlas-sentence" in body]
    assert "April 2017" in whole and "atlas-totals" in whole and "killed" in whole
    months = ("Apr 2017", "April 2017")
    assert [body for body in shown if any(month in body for month in months)] == [whole]
    assert not [one for one in app.button if "row" in (one.key or "")], "the list waits"
    assert "Pause to list the incidents." in words(app) and "shown." not in words(app)
    app = press(app, "play")
    assert "Pause to list" not in words(app) and "in view, newest first" in words(app)


def test_a_step_is_long_enough_to_read():
    assert playback.SECONDS["month"] >= 1 and set(playback.SECONDS) == set(MONTHS)


def test_a_switch_of_which_the_browser_lost_the_choice_keeps_it():
    app = opened(PAGE, MAY | {"measure": "killed", "grow": "1"})
    for key, kept in (("w:measure", "killed"), ("w:length", "month"), ("w:grows", "Growing")):
        app = choose(app, key, None)
        assert not app.exception and app.session_state[key] == kept
        assert address_parameters(app) == {"play": ["month"], "at": ["2017-05"], "grow": ["1"], "measure": ["killed"]}


def test_a_pause_or_step_that_comes_twice_counts_once():
    app = press(opened(PAGE, MAY), "play")
    assert button(app, "play").label == "Pause"
    # In a browser the first one comes with the run of the part that plays, and a second one with that of the whole page.
    app.session_state["session"].pausing = True
    app = press(app, "step-forward")
    assert window(app) == "May 2017" and button(app, "play").label == "Play"
    app = press(app, "play")
    app.session_state["session"].pausing = True
    assert button(press(app, "play"), "play").label == "Play"


@pytest.mark.parametrize("query", [{}, {"city": "Kabul", "measure": "killed"}, {"zoom": "11", "lat": "34.53", "lon": "69.17"}])
def test_a_link_opens_its_window_with_the_sentence_and_figures_of_the_same_dates(query):
    shown = opened(PAGE, query | MAY)
    same = opened(PAGE, query | {"from": "2017-05-01", "to": "2017-05-31"})
    assert window(shown) == "May 2017" and sentence(shown) == sentence(same)
    figures = [words(app).split("<div class='atlas-figures atlas-totals'>")[1].split("</details>")[0] for app in (shown, same)]
    assert figures[0] == figures[1] and "killed" in figures[0]


def test_steps_and_lengths_go_into_the_address():
    app = press(opened(PAGE, MAY), "step-forward")
    assert window(app) == "Jun 2017" and address_parameters(app)["at"] == ["2017-06"]
    app = choose(app, "w:length", "quarter")
    assert window(app) == "Apr to Jun 2017" and address_parameters(app) == {"play": ["quarter"], "at": ["2017-04"]}
    app = choose(app, "w:grows", "Growing")
    assert window(app) == "to Jun 2017" and address_parameters(app)["grow"] == ["1"]
    expected = headline(Filters(until=date(2017, 6, 30)).apply(shipped_record().incidents)).incidents
    assert sentence(app).startswith(f"{expected:,} incidents, until 30 Jun 2017")
    app = press(app, "step-back")
    assert window(app) == "to Mar 2017"
    app = press(app, "play-end")
    assert not address_parameters(app) and OPEN not in words(app)


def test_the_ends_of_the_range_have_no_step_beyond_them():
    app = opened(PAGE, {"from": "2017-05-10", "to": "2017-06-20"} | MAY)
    assert button(app, "step-back").disabled and "10 May 2017 to 31 May 2017" in sentence(app)
    app = press(app, "step-forward")
    assert button(app, "step-forward").disabled and "1 Jun 2017 to 20 Jun 2017" in sentence(app)
    # At the end, play begins again.
    app = press(app, "play")
    assert window(app) == "May 2017" and button(app, "play").label == "Pause"


def test_while_it_plays_the_address_waits_and_only_what_moves_is_on_the_page():
    app = opened(PAGE, MAY)
    assert "Click a bar to see that year" in words(app)
    app = press(app, "play")
    assert "Click a bar to see that year" not in words(app) and "aria-live='off'" in words(app)
    app = press(app, "step-forward")
    assert (
        "Click a bar to see that year" in words(app)
        and button(app, "play").label == "Play"
        and address_parameters(app)["at"] == ["2017-06"]
    )


def test_other_dates_end_it_and_other_filters_do_not():
    app = opened(PAGE, MAY)
    widget(app.multiselect, "w:city").set_value(["Herat"]).run()
    assert window(app) == "May 2017" and "in Herat" in sentence(app) and address_parameters(app)["at"] == ["2017-05"]
    widget(app.text_input, "w:since").set_value("2017-01-01").run()
    assert OPEN not in words(app) and address_parameters(app) == {"city": ["Herat"], "from": ["2017-01-01"]}


def test_another_page_and_back_keeps_the_window_and_plays_no_more():
    app = press(opened(PAGE, MAY), "play")
    app.switch_page("pages/incidents.py").run()
    assert not app.exception
    app.switch_page(PAGE).run()
    assert window(app) == "May 2017" and button(app, "play").label == "Play"


@pytest.mark.parametrize(("query", "message"), [
    ({"play": "<b>week"}, "play=&#60;b&#62;week"),
    ({"play": "month", "at": "1817-05"}, "at=1817-05"),
    ({"at": "2017-05"}, "at=2017-05"),
    (MAY | {"from": "2018-01-01"}, "at=2017-05"),
])  # fmt: skip
def test_what_is_no_window_is_said_and_everything_shown(query, message):
    app = opened(PAGE, query)
    assert OPEN not in words(app) and message in words(app)


def uncertain_dates_in(app) -> list[int]:
    """Of each mark that the map is given, how many incidents may lie outside the window."""
    values = json.loads(map_given(app))["feature_group"]
    marks, _ = json.JSONDecoder().raw_decode(values[values.index("[[", values.index('"marks"')) :])
    return sorted(mark[Mark._fields.index("uncertain_date")] for mark in marks)


@pytest.mark.parametrize("zoom", ["", "11"], ids=["provinces", "cells"])
def test_marks_are_lighter_where_the_day_may_lie_outside_the_window(run_page, tmp_path, zoom):
    path = tmp_path / "vague.csv"
    path.write_text(
        "incident_id,date,date_precision,title,province,latitude,longitude,geo_precision\n"
        "1,2014-03-05,day,One,Kabul,34.53,69.17,exact\n2,2014-01-01,year,Two,Kabul,34.53,69.17,exact\n"
        "3,2014-03-01,month,Three,Kabul,34.53,69.17,exact\n4,2014-01-01,year,Four,Herat,34.35,62.2,exact\n",
        encoding="utf-8",
    )
    there = {"zoom": zoom, "lat": "34.53", "lon": "69.17"} if zoom else {}
    app = run_page(PAGE, there | {"play": "month", "at": "2014-03"}, source=path)
    assert uncertain_dates_in(app) == ([1] if zoom else [1, 1]) and "Lighter: may lie outside these dates" in words(app)
    assert "2 dated by week, month or year may lie outside the range" in sentence(app)
    assert set(uncertain_dates_in(run_page(PAGE, there | {"play": "year", "at": "2014-03"}, source=path))) == {0}
    # Without a window nothing is lighter.
    assert set(uncertain_dates_in(run_page(PAGE, there | {"from": "2014-03-01", "to": "2014-03-31"}, source=path))) == {0}


@pytest.mark.parametrize("rows", [
    "",
    "1,2014-05-05,day,An attack,Kabul\n",
    "1,2014-05-05,day,An attack,Kabul\n2,2014-05-05,day,Another,Herat\n",
    "1,2014-01-01,year,An attack,Kabul\n2,2015-01-01,year,An attack,Kabul\n",
], ids=["none", "one", "one day", "years alone"])  # fmt: skip
def test_records_with_little_in_them_are_played(run_page, tmp_path, rows):
    path = tmp_path / "few.csv"
    path.write_text("incident_id,date,date_precision,title,province\n" + rows, encoding="utf-8")
    app = run_page(PAGE, source=path)
    if not rows:
        assert not [one for one in app.button if one.key == "play"]
        return
    app = press(app, "play")
    assert button(app, "play").label == "Pause" and "2014" in window(app)
    app = press(choose(press(app, "play"), "w:length", "year"), "play")
    assert window(app) == "2014" and f"{1 if 'year' in rows else rows.count(chr(10))} incident" in sentence(app)


def test_an_engine_shows_the_same_window(run_page, tmp_path):
    around_it = opened(PAGE, MAY)
    prepare(RECORD, tmp_path / "incidents.parquet")
    there = run_page(PAGE, MAY, source=tmp_path / "incidents.parquet")
    assert window(there) == "May 2017" and sentence(there) == sentence(around_it)
    assert window(press(there, "step-forward")) == "Jun 2017"
