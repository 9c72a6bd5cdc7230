"""Every page runs alone, cold, and on any record: none, one, all unplaced, broken, hostile."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from incident_atlas.analysis.summary import by_target_type, headline
from incident_atlas.charts.timeline_segments import ACTOR_NOTE
from incident_atlas.core.text import day, safe_text
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.totals import by_actor_kind
from incident_atlas.maps import legend
from incident_atlas.ui.pages.map import map as map_module
from incident_atlas.ui.pages.map.charts import months_covered
from incident_atlas.ui.parts.page import PAGES
from incident_atlas.ui.session import url_state
from tests.support.foreign import write
from tests.support.pages import address_parameters, everything, widget, words
from tests.support.record import shipped_record

ROOT = Path(__file__).parents[2]
ALL_PAGES = [path for path, _ in PAGES]
HEADER = "incident_id,date,title,city,place,killed,target_type\n"
RECORDS = {
    "none": HEADER,
    "one": HEADER + "A-1,2020-01-02,One,Kabul,,3,Police\n",
    "one without figures": HEADER + "A-1,2020-01-02,One,Kabul,,,\n",
    "all unplaced": HEADER + "A-1,2020-01-02,One,,,1,\nA-2,2021-01-02,Two,,Nowhere at all,,\n",
    "known to the year": HEADER + "A-1,2020,One,Kabul,,1,\n",
    "bad rows": HEADER + "A-1,2020-13-01,One,Kabul,,1,\nA-1,,Two,,,x,\nA-2,2020-01-01,Good,Kabul,,-4,Martians\n",
}


@pytest.fixture
def run(run_page):
    """`run("app.py", {"city": "Herat"}, source=path)`: the page after one run, nothing raised."""
    return lambda page="app.py", query=None, source=None: run_page(page, query, source)


def test_every_page_of_the_folder_is_in_the_menu():
    assert sorted(ALL_PAGES) == sorted(["app.py", *(f"pages/{path.name}" for path in (ROOT / "pages").glob("*.py"))])


@pytest.mark.parametrize("page", ALL_PAGES)
def test_a_page_runs_alone_and_cold_and_says_the_records_last_day(run, page):
    # Where the whole country was collected to an earlier day than some of its provinces, that day is the one that counts.
    assert exposure(shipped_record()).note().rstrip(".") in words(run(page))


@pytest.mark.parametrize("page", ALL_PAGES)
@pytest.mark.parametrize("record", RECORDS)
def test_a_page_stands_on_any_record(run, tmp_path, page, record):
    path = tmp_path / "mine.csv"
    path.write_text(RECORDS[record], encoding="utf-8")
    run(page, source=path)


@pytest.mark.parametrize("page", ALL_PAGES)
@pytest.mark.parametrize(
    "content", [None, b"", b"\x00\x01\x02" * 500, b"a,b\n1,2\n"], ids=["missing", "empty", "binary", "strange"]
)
def test_a_file_that_cannot_be_used_is_told_in_plain_words(run, tmp_path, page, content):
    path = tmp_path / "bad.csv"
    if content is not None:
        path.write_bytes(content)
    app = run(page, source=path)
    assert app.error[0].value == "The record cannot be shown."
    assert len(app.text[0].value) > 30


def test_the_headline_is_what_summary_says_under_the_same_filter(run):
    app = run(query={"city": ["Kabul"], "from": ["2015-01-01"], "to": ["2019-12-31"]})
    chosen = Filters(city=("Kabul",), since=date(2015, 1, 1), until=date(2019, 12, 31))
    head = headline(chosen.apply(shipped_record().incidents))
    shown = words(app)
    assert f"{head.incidents:,} incidents in Kabul, 2015 to 2019" in shown
    assert f"<b>{head.killed.best:,}" in shown and f"no figure for {head.killed.without_figure:,} incidents" in shown
    assert f"<b>{head.wounded.best:,}" in shown
    have = "has" if head.unplaced == 1 else "have"
    rest = f"; {head.unplaced:,} {have} no known location" if head.unplaced else "."
    assert f"{head.placed:,} of {head.incidents:,} shown{rest}" in everything(app)


@pytest.mark.parametrize(
    "change, text", [({}, ""), ({"nkillter": "", "nwoundte": ""}, "The dead or wounded of 1 incident may include attackers.")]
)
def test_figures_that_may_hold_attackers_are_said_to_be_in_the_totals(run, tmp_path, change, text):
    shown = words(run(source=write("gtd", tmp_path / "gtd.csv", {}, {"eventid": "201906150002"} | change)))
    assert text in shown and ("may include attackers" in shown) == bool(text)


def test_totals_and_years_can_be_split_by_who_acted_and_the_choice_survives_another_page(run):
    app = run()
    for part in by_actor_kind(shipped_record().incidents):
        for total in (part.killed, part.wounded):
            assert f"<td>{total.text(part.incidents)}</td>" in words(app)
    assert ACTOR_NOTE not in words(app)
    next(group for group in app.get("button_group") if group.label == "Pieces of the years").set_value("By who acted").run()
    assert ACTOR_NOTE in words(app) and "Incidents per year by who acted" in everything(app) and not app.exception
    app.switch_page("pages/about.py").run()
    app.switch_page("app.py").run()
    assert ACTOR_NOTE in words(app) and not app.exception


def test_a_record_of_one_kind_of_actor_has_no_choice_of_who_acted(run, tmp_path):
    (tmp_path / "mine.csv").write_text(RECORDS["one"], encoding="utf-8")
    app = run(source=tmp_path / "mine.csv")
    assert "Pieces of the years" not in {group.label for group in app.get("button_group")} and "By unknown actors" not in words(
        app
    )


def test_a_widget_moves_filter_and_address_and_reset_empties_both(run):
    app = run()
    widget(app.multiselect, "w:city").set_value(["Herat"]).run()
    assert address_parameters(app)["city"] == ["Herat"]
    widget(app.text_input, "w:q").set_value("consulate").run()
    widget(app.selectbox, "w:precision").set_value("city").run()
    widget(app.number_input, "w:min_killed").set_value(2).run()
    assert address_parameters(app) == {
        "city": ["Herat"], "q": ["consulate"], "precision": ["city"], "min_killed": ["2"]
    }  # fmt: skip
    assert app.session_state["session"].filters == Filters(city=("Herat",), q="consulate", precision="city", min_killed=2)
    next(button for button in app.button if button.label == "Reset filters").click().run()
    assert address_parameters(app) == {} and not app.session_state["session"].filters


def months(app) -> tuple[date, date]:
    """The first days of the months at which the slider stands."""
    return tuple(moment.date().replace(day=1) for moment in widget(app.slider, "w:period").value)


def move(app, since: date, until: date) -> None:
    """Move the slider to these months, in its own steps, and run."""
    slider = widget(app.slider, "w:period")
    begin, step = datetime.fromtimestamp(slider.min / 1e6, UTC).replace(tzinfo=None), timedelta(microseconds=slider.step)
    at = [begin + ((day.year - begin.year) * 12 + day.month - begin.month) * step for day in (since, until)]
    slider.set_range(*at).run()


def typed(app) -> tuple[str, str]:
    """What the two fields of dates hold."""
    return tuple(widget(app.text_input, f"w:{field}").value for field in ("since", "until"))


def test_typed_dates_the_slider_of_months_and_the_presets_say_the_same(run):
    app = run()
    source = shipped_record().source
    first, last = (day.date().replace(day=1) for day in (source.first, source.last))
    assert months(app) == (first, last) and typed(app) == ("", "")
    move(app, date(2016, 5, 1), last)
    assert (
        address_parameters(app)["from"] == ["2016-05-01"]
        and "to" not in address_parameters(app)
        and typed(app) == ("1 May 2016", "")
    )
    widget(app.text_input, "w:until").set_value("May 2017").run()
    assert address_parameters(app)["to"] == ["2017-05-31"] and months(app) == (date(2016, 5, 1), date(2017, 5, 1))
    # An end that the slider does not move keeps its day.
    widget(app.text_input, "w:until").set_value("2017-05-30").run()
    move(app, date(2016, 6, 1), date(2017, 5, 1))
    assert typed(app) == ("1 Jun 2016", "30 May 2017")
    next(group for group in app.get("button_group") if group.label == "Presets").set_value("Feb 2020 to Aug 2021").run()
    assert address_parameters(app)["from"] == ["2020-02-29"] and address_parameters(app)["to"] == ["2021-08-14"]
    assert months(app) == (date(2020, 2, 1), date(2021, 8, 1)) and typed(app) == ("29 Feb 2020", "14 Aug 2021")


@pytest.mark.parametrize(("seconds", "shown"), [(60, "1 May 2017"), (0, "1 May 2016")])
def test_an_address_from_before_the_last_change_is_a_link_only_when_it_comes_later(run, monkeypatch, seconds, shown):
    monkeypatch.setattr(url_state, "_ON_ITS_WAY_S", seconds)
    app = run()
    for typed_date in ("May 2016", "May 2017"):
        widget(app.text_input, "w:since").set_value(typed_date).run()
    app.query_params["from"] = "2016-05-01"
    app.run()
    assert typed(app) == (shown, "")
    # An address that the page never had is a link at once.
    app.query_params["from"] = "2015-05-01"
    app.run()
    assert typed(app) == ("1 May 2015", "")


def test_a_typed_day_beyond_the_other_end_takes_that_end_away(run):
    app = run(query={"from": ["2015-01-01"], "to": ["2016-12-31"]})
    widget(app.text_input, "w:since").set_value("2018").run()
    assert address_parameters(app) == {"from": ["2018-01-01"]}
    widget(app.text_input, "w:until").set_value("1 Jan 2017").run()
    assert address_parameters(app) == {"to": ["2017-01-01"]}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("31 Feb 2017", "“31 Feb 2017” is not a date"),
        ("03/04/2017", "3 April or 4 March"),
        ("20170", "not a date"),
        ("<b>x</b>", safe_text("<b>x</b>", 40)),
    ],
)
def test_a_typed_text_that_is_no_date_is_said_and_changes_nothing(run, text, says):
    app = run(query={"from": ["2015-01-01"]})
    widget(app.text_input, "w:since").set_value(text).run()
    assert address_parameters(app) == {"from": ["2015-01-01"]} and typed(app)[0] == text
    assert any(says in one.value and "2017-05-01" in one.value for one in app.get("html") if "alert" in one.value)
    # Other dates replace what was mistyped, and with it the message.
    move(app, date(2016, 5, 1), shipped_record().source.last.date())
    assert typed(app)[0] == "1 May 2016" and "role='alert'" not in everything(app)


def test_a_widget_of_the_filter_that_streamlit_forgot_gets_a_key_that_no_late_answer_of_the_browser_has(run):
    """Streamlit forgets what widgets show when the browser goes back; what one of them then sends late is not a choice."""
    app = run(query={"city": ["Herat"], "to": ["2021-08-14"], "q": ["bomb"], "min_killed": ["2"], "precision": ["city"]})
    names = {
        "multiselect": ["city"],
        "text_input": ["q", "until"],
        "number_input": ["min_killed"],
        "selectbox": ["precision"],
        "slider": ["period"],
    }
    before = {name: widget(getattr(app, kind), f"w:{name}").key for kind, fields in names.items() for name in fields}
    # So it does when another page is opened.
    app.switch_page("pages/claims.py").run()
    app.session_state["session"].filters = Filters()
    app.switch_page("app.py").run()
    after = {name: widget(getattr(app, kind), f"w:{name}").key for kind, fields in names.items() for name in fields}
    assert address_parameters(app) == {} and not set(before.values()) & set(after.values())


@pytest.mark.parametrize(
    ("preset", "expected"),
    [
        ("Before Aug 2021", {"to": ["2021-08-14"]}),
        ("Since Aug 2021", {"from": ["2021-08-15"]}),
        ("Latest 5 years", {"from": ["{five}"]}),
        ("{year}", {"from": ["{year}-01-01"]}),
        ("All", {}),
    ],
)
def test_a_preset_is_a_span_of_the_record(run, preset, expected):
    last = shipped_record().source.last
    words = {"year": last.year, "five": f"{last - pd.DateOffset(years=5) + pd.Timedelta(days=1):%Y-%m-%d}"}
    app = run(query={"from": ["2003-03-03"]})
    next(group for group in app.get("button_group") if group.label == "Presets").set_value(preset.format(**words)).run()
    assert address_parameters(app) == {name: [value[0].format(**words)] for name, value in expected.items()}
    assert not app.exception


@pytest.mark.parametrize("ends", [("0001-01-01", "9999-12-31"), ("1999-01-01", "1999-12-31"), ("2030-01-01", "2031-01-01")])
def test_dates_outside_the_record_are_shown_as_they_are(run, ends):
    app = run(query={"from": [ends[0]], "to": [ends[1]]})
    assert typed(app) == tuple(day(date.fromisoformat(end)) for end in ends) and address_parameters(app) == {
        "from": [ends[0]],
        "to": [ends[1]],
    }


@pytest.mark.parametrize(
    ("brush", "expected"),
    [
        (("2019-12-20", "2021-03-08"), ("2020-01-01", "2021-02-28")),
        (("2020-01-03", "2020-01-09"), ("2020-01-01", "2020-01-31")),
        (("2020-01-20", "2020-01-25"), ("2020-01-01", "2020-01-31")),
        (("2020-01-25", "2020-02-10"), ("2020-02-01", "2020-02-29")),
        (("2019-11-30", "2020-02-01"), ("2019-12-01", "2020-01-31")),
    ],
)
def test_a_brush_takes_the_whole_months_nearest_to_its_ends(brush, expected):
    assert tuple(map(str, months_covered(*map(date.fromisoformat, brush)))) == expected


def test_a_chart_that_leaves_its_own_filter_out_says_so_and_its_file_and_link_are_of_what_it_counts(run):
    query = {"from": ["2015-01-01"], "city": ["Herat"], "target_subtype": ["Place of Worship"]}
    app = run(query=query)
    assert "all years are counted here, those outside the chosen dates are pale" in words(app)
    assert "all types are counted" not in words(app)
    whole = headline(Filters(city=("Herat",), target_subtype=("Place of Worship",)).apply(shipped_record().incidents)).incidents
    shown = headline(
        Filters(date(2015, 1, 1), city=("Herat",), target_subtype=("Place of Worship",)).apply(shipped_record().incidents)
    )
    assert shown.incidents < whole
    app.session_state["data-years"] = True
    app.run()
    assert f"{whole} incidents in Herat, " in words(app) and f"{shown.incidents} incidents in Herat" in words(app)


def test_each_chart_is_filtered_by_every_filter_but_its_own(run):
    record = shipped_record().incidents
    app = run(query={"city": ["Herat"], "target_type": ["Police"], "from": ["2010-01-01"]})
    types = by_target_type(Filters(city=("Herat",), since=date(2010, 1, 1)).apply(record))
    alts = [chart.proto.alt for chart in app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")]
    expected = ", ".join(f"{row.target_type}: {row.incidents}" for row in types.itertuples())
    assert any(expected in alt for alt in alts), alts
    everywhere = headline(Filters(city=("Herat",), target_type=("Police",)).apply(record)).incidents
    years = next(alt for alt in alts if alt.startswith("Incidents per year"))
    assert sum(int(part.split(": ")[-1]) for part in years.removesuffix(".").split(", ")) == everywhere


def test_what_the_map_is_sent_is_small_and_holds_no_words_of_the_record_but_titles(run, tmp_path):
    probe = "{{ 7*191 }}{% x %}${document.title}`<img src=x>"
    path = tmp_path / "hostile.csv"
    path.write_text(HEADER + f'A-1,2020-01-02,"{probe}","Kabul","{probe}",1,\n', encoding="utf-8")
    sent = run(source=path).get("component_instance")[0].proto.json_args
    assert "1337" not in sent
    assert not any(mark in sent for mark in ("7*191 }}", "${document", "<img", "{% x"))
    assert len(sent) < 30_000


def test_a_city_says_what_it_leaves_out_of_its_province_and_one_click_takes_it_in(run):
    incidents = shipped_record().incidents
    herat = incidents[incidents["province"] == "Herat"]
    rest = int((herat["city"] != "Herat").sum())
    app = run(query={"city": ["Herat"]})
    assert rest and f"{rest} more incident" in words(app) and "in Herat province outside Herat" in words(app)
    next(button for button in app.button if button.label == "Take them in").click().run()
    assert address_parameters(app) == {"province": ["Herat"]} and words(app).count(f"{len(herat)} incidents in Herat province")
    assert "more incident" not in words(app)


def test_the_map_of_a_new_session_is_sent_before_charts_and_filters(run, monkeypatch):
    """The browser loads the map's frame longest; in a later run the filters come first, in case that the rest stops."""
    calls: list[str] = []
    monkeypatch.setattr(map_module, "time", SimpleNamespace(sleep=lambda seconds: calls.append("pause")))
    for name in ("st_folium", "timeline", "sidebar"):
        drawn = getattr(map_module, name)
        monkeypatch.setattr(map_module, name, lambda *a, _name=name, _drawn=drawn, **k: (calls.append(_name), _drawn(*a, **k))[1])
    app = run("app.py")
    assert app.sidebar.text_input and calls == ["st_folium", "pause", "timeline", "sidebar"]
    app.run()
    assert app.sidebar.text_input and calls[4:] == ["sidebar", "st_folium", "timeline"]


def test_the_legend_explains_what_is_on_the_map(run):
    """From afar every mark counts a province; close up each incident has a letter."""
    far, near = (words(run(query=view)) for view in ({}, {"lat": ["34.53"], "lon": ["69.17"], "zoom": ["12"]}))
    assert legend.PROVINCES in far and legend.ZOOM_IN in far and legend.RING not in far
    assert legend.NUMBER in near and legend.PROVINCES not in near
