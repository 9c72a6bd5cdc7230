"""A record of several data sets: filter, colours, citation and terms, and the right to pass rows on."""

from __future__ import annotations

import ast
import io
import json
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from incident_atlas.analysis import summary
from incident_atlas.charts import files, timeline_segments
from incident_atlas.core.data_sets import NOT_STATED, citations_and_terms, cited, named, terms
from incident_atlas.dataset.citation import Citation, cite, origins_of
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import describe
from incident_atlas.dataset.load import Loaded
from incident_atlas.export import incident_citation, tables
from incident_atlas.maps import folium_map, offline_page, static_map
from incident_atlas.theme import LIGHT
from tests.support import tiny
from tests.support.data_sets import CLOSED, IRAQ, OPEN, combined, joined, of
from tests.support.pages import opened, words

ROOT = Path(__file__).resolve().parents[2]
NAMES = ("events.csv", "ged.csv", "own.csv")


@pytest.fixture(scope="module")
def several() -> Loaded:
    """Six incidents: two of ged.csv, one of them abroad; two of events.csv; one of both; one of a person's own file."""
    parts = of(OPEN, "ged.csv", {}, {"date": "2021-05-05"}, IRAQ), of(CLOSED, "events.csv", {}, {}, {"date": "2021-07-07"})
    own = tiny.load_bytes(tiny.text({"date": "2022-02-02", "killed": "many"}).encode(), "own.csv")
    return joined(combined(*parts, own), "open:1", "closed:1")


def of_origins(loaded: Loaded, *names: str):
    return Filters(origin=names).apply(loaded.incidents)


def citation(loaded: Loaded, *names: str) -> Citation:
    rows = of_origins(loaded, *names)
    return cite(loaded, "All.", "http://x/", summary.headline(rows), origins_of(rows, loaded.origins))


def test_an_incident_of_two_data_sets_passes_the_filter_of_either(several):
    found = {name: list(of_origins(several, name)["incident_id"]) for name in NAMES}
    assert found == {
        "ged.csv": ["open:1", "open:2", "open:3"],
        "events.csv": ["open:1", "closed:2", "closed:3"],
        "own.csv": ["T-1"],
    }
    assert len(of_origins(several, "ged.csv", "events.csv")) == 5


def test_two_files_whose_names_differ_in_case_only_are_two_filters():
    options = {"origin": ("A.csv", "a.csv")}
    for name in options["origin"]:
        assert Filters.from_query({"origin": [name]}, options) == (Filters(origin=(name,)), [])


def test_data_sets_and_countries_are_said_in_plain_words(several):
    head = summary.headline(several.incidents)
    message = describe(Filters(origin=("ged.csv", "own.csv"), city=("Basra",), country=("Iraq",)), head, None, None)
    assert message.startswith("6 incidents of ged.csv or own.csv in Basra within Iraq")


def test_every_bar_has_the_height_of_its_incidents_and_a_joined_one_counts_once(several):
    drawn = timeline_segments.years(
        timeline_segments.by_year_and_origin(several.incidents),
        NAMES,
        (several.source.first, several.source.last),
        (None, None),
        (),
        LIGHT,
    )
    whole = summary.by_year(several.incidents).set_index("year")["incidents"]
    assert drawn.data.set_index("year")["incidents"].to_dict() == whole.to_dict()
    assert (drawn.data.filter(regex="^h").sum(axis=1) == drawn.data["incidents"]).all()
    rows = drawn.rows()
    assert rows["Incidents"].sum() == 6 and rows["several data sets"].sum() == 1
    months = timeline_segments.timeline(
        timeline_segments.by_month_and_origin(several.incidents), NAMES, (several.source.first,) * 2, (None, None), (), LIGHT
    )
    assert months.rows()["Incidents"].sum() == 6


def test_no_name_of_a_file_stays_in_a_cache_that_sessions_share(several):
    span = several.source.first, several.source.last
    drawn = timeline_segments.years(timeline_segments.by_year_and_origin(several.incidents), NAMES, span, (None, None), (), LIGHT)
    again = timeline_segments.years(
        timeline_segments.by_year_and_origin(several.incidents),
        ("events.csv", "own.csv", "ged.csv"),
        span,
        (None, None),
        (),
        LIGHT,
    )
    bars = [one.spec["layer"][0]["encoding"]["color"]["condition"]["scale"]["domain"] for one in (drawn, again)]
    assert bars == [[*NAMES, "several data sets"], ["events.csv", "own.csv", "ged.csv", "several data sets"]]
    kept = timeline_segments._years_spec(
        ("2020-01-01", "2023-01-01"), (), LIGHT.name, tuple((f"h{n}", LIGHT.origins[n]) for n in range(3))
    )
    assert "csv" not in json.dumps(kept)


def test_a_filter_that_leaves_nothing_leaves_an_empty_chart_that_draws(several):
    rows, span = several.incidents.iloc[:0], (several.source.first, several.source.last)
    for table, draw in (
        (timeline_segments.by_year_and_origin, timeline_segments.years),
        (timeline_segments.by_month_and_origin, timeline_segments.timeline),
    ):
        chart = draw(table(rows), NAMES, span, (None, None), (), LIGHT)
        assert chart.rows()["Incidents"].sum() == 0
        assert files.chart_svg(chart, citation(several), LIGHT)


def test_a_data_set_is_cited_with_its_terms_once_however_many_its_files(several):
    ged, events, own = several.origins
    assert citations_and_terms([ged, replace(ged, name="b", file="b")]) == "Data: Doe (2024): Open Events 1.0. Terms: CC BY 4.0."
    assert citations_and_terms([replace(ged, shipped=True)]) == "" and terms(own) == NOT_STATED and "own.csv" in cited(own)
    assert named(["ged.csv;own.csv"], several.origins) == (ged, own)


def test_a_citation_names_the_data_sets_that_are_visible_and_no_other(several):
    rows = dict(citation(several, "ged.csv").rows())
    assert rows["Its citation"] == CLOSED.citation  # of the joined incident
    only = citation(several, "own.csv")
    assert [one.name for one in only.data_sets] == ["own.csv"] and "Doe" not in only.data and NOT_STATED in only.data
    everything = citation(several)
    assert {one.name for one in everything.data_sets} == set(NAMES)
    assert all(f"the incidents of {name} and their reports" in everything.licences for name in NAMES)


def exports(loaded: Loaded) -> dict[str, str]:
    """What each file to take away says, as text."""
    rows, message = loaded.incidents, citation(loaded)
    head, box = summary.headline(rows), (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
    table = timeline_segments.by_year_and_origin(rows)
    chart = timeline_segments.years(table, NAMES, (loaded.source.first, loaded.source.last), (None, None), (), LIGHT)
    packed = zipfile.ZipFile(io.BytesIO(tables.archive(rows, loaded.reports, message)))
    link = "http://x/?incident=open%3A1"
    of_one = incident_citation.cite(
        loaded.find("open:1"), link, loaded.source.last, named([loaded.find("open:1")["origin"]], loaded.origins)
    )
    return {
        "zip": packed.read("CITATION.txt").decode("utf-8-sig"),
        "GeoJSON": json.dumps(json.loads(tables.geojson(rows, message))["metadata"]),
        "PNG": static_map.sheet_svg(rows, box, LIGHT, message, NAMES),
        "page": offline_page.standalone_html(rows, loaded.reports, message, head).decode(),
        "SVG": files.chart_svg(chart, message, LIGHT).decode(),
        "CSV": files.chart_csv(chart, message).decode("utf-8-sig"),
        "footnote": of_one.text,
        "BibTeX": of_one.bibtex,
    }


def test_every_file_to_take_away_has_citation_and_terms_of_every_data_set(several):
    for name, text in exports(several).items():
        for form in (OPEN, CLOSED):
            assert form.citation.rstrip(".") in text and form.terms in text, (name, form.name)


def test_each_exported_incident_says_which_data_sets_it_is_in(several):
    packed = zipfile.ZipFile(io.BytesIO(tables.archive(several.incidents, several.reports, citation(several))))
    lines = packed.read("data_sets.csv").decode("utf-8-sig").splitlines()
    assert lines[:3] == ["incident_id,origin", "open:1,ged.csv;events.csv", "open:2,ged.csv"] and len(lines) == 7
    features = json.loads(tables.geojson(several.incidents, citation(several)))["features"]
    assert [one["properties"]["origin"] for one in features][:2] == ["ged.csv;events.csv", "ged.csv"]
    one = tiny.record({})
    assert (
        "data_sets.csv" not in zipfile.ZipFile(io.BytesIO(tables.archive(one.incidents, one.reports, citation(one)))).namelist()
    )


def test_the_name_of_a_file_is_no_formula_in_the_table_of_a_chart():
    loaded = combined(of(OPEN, "=HYPERLINK(1).csv", {}), of(OPEN, "b.csv", {"incident_id": "b"}))
    span = loaded.source.first, loaded.source.last
    chart = timeline_segments.years(
        timeline_segments.by_year_and_origin(loaded.incidents), loaded.options["origin"], span, (None, None), (), LIGHT
    )
    assert "'=HYPERLINK(1).csv" in files.chart_csv(chart, citation(loaded)).decode("utf-8-sig").splitlines()[0]


# --- pages


def test_a_filter_of_a_file_that_is_gone_is_taken_back_and_said(shown, monkeypatch):
    app = opened("app.py", {"origin": "ged.csv", "colour": "origin"})
    monkeypatch.setattr("incident_atlas.ui.parts.page.loaded_record", lambda: tiny.record({}))
    app.run()
    assert (
        not app.exception
        and app.session_state["session"].filters == Filters()
        and not app.session_state["session"].view.by_origin
    )
    assert "origin=ged.csv" in words(app) and "1 incident," in words(app)


@pytest.fixture
def shown(several, monkeypatch) -> Loaded:
    """The same as the record of the app."""
    monkeypatch.setattr("incident_atlas.ui.parts.page.loaded_record", lambda: several)
    return several


def test_a_record_of_one_data_set_has_neither_filter_nor_colours_of_data_sets():
    app = opened("app.py", {"colour": "origin"})
    keys = {one.key.split("-")[0] for one in app.multiselect}
    assert "w:city" in keys and not {"w:origin", "w:country"} & keys and "colour=origin" in words(app)
    assert not [one for one in app.get("button_group") if "Colour by" in str(one.proto)]


def test_the_map_page_filters_and_colours_by_data_set(shown):
    app = opened("app.py", {"colour": "origin", "origin": "ged.csv", "lat": "33.3", "lon": "44.4", "zoom": "3"})
    assert {"w:origin", "w:country"} <= {one.key.split("-")[0] for one in app.multiselect}
    assert "Ignored" not in words(app) and app.session_state["session"].view.by_origin
    sent = app.get("component_instance")[0].proto.json_args
    assert "All incidents" in sent and "events.csv" in words(app)
    assert "1 incident outside this part of the map" in words(app) and "3 of 3 shown" in words(app)


def test_an_incident_cannot_be_cited_before_the_right_to_share_it_is_stated(shown):
    app = opened("pages/incidents.py", {"incident": "closed:2"})
    assert not app.code
    [box] = app.checkbox
    assert box.label == "Closed Events does not allow rows to be passed on. I have the right to share them."
    box.check().run()
    assert CLOSED.terms in app.code[0].value and OPEN.citation not in app.code[0].value
    app.checkbox[0].uncheck().run()
    assert not app.code


def test_the_right_is_asked_for_once_in_a_session_and_only_where_the_terms_forbid(shown):
    app = opened("pages/incidents.py", {"incident": "closed:2"})
    app.checkbox[0].check().run()
    app.switch_page("pages/about.py").run()
    assert app.checkbox[0].value and app.get("download_button")
    assert not opened("pages/incidents.py", {"incident": "open:2"}).checkbox


@pytest.mark.parametrize("menu", ["share", "data-years", "data-types"])
def test_no_link_and_no_file_is_offered_before_the_right_is_stated(shown, menu):
    app = opened("app.py")
    app.session_state[menu] = True
    app.run()
    assert OPEN.terms in words(app) and not app.code and not app.get("download_button")
    app.checkbox[0].check().run()
    assert app.get("download_button") and bool(app.code) == (menu == "share")


def test_nothing_is_asked_where_the_filter_leaves_only_what_may_be_passed_on(shown):
    app = opened("app.py", {"origin": "own.csv"})
    app.session_state["share"] = True
    app.run()
    assert not app.checkbox and app.code and len(app.get("download_button")) == 7


def test_the_citation_of_an_answer_waits_for_the_right_too(shown):
    app = opened("pages/compare.py")
    app.session_state["data-cite-change"] = True
    app.run()
    assert not app.code
    app.checkbox[0].check().run()
    assert CLOSED.citation in app.code[1].value


def test_the_problems_of_a_file_that_may_not_be_passed_on_are_no_download_before(shown):
    assert len(shown.problems)
    app = opened("pages/about.py")
    assert not app.get("download_button")
    app.checkbox[0].check().run()
    assert app.get("download_button")


def test_an_incident_shows_its_data_sets_its_rows_and_what_else_its_files_say(shown):
    text = words(opened("pages/incidents.py", {"incident": "open:1"}))
    assert "ged.csv, events.csv" in text and "open:1 (ged.csv), closed:1 (events.csv)" in text
    assert "&#60;b&#62;open:1" in text and "&#60;b&#62;closed:1" in text and "<b>open" not in text and ">region<" not in text


def test_about_the_record_has_a_paragraph_for_each_data_set(shown):
    text = words(opened("pages/about.py"))
    assert all(
        part in text for part in (OPEN.citation, OPEN.terms, CLOSED.citation, CLOSED.terms, "3 rows read: 3 kept, 0 set aside")
    )
    assert NOT_STATED in text


def test_every_page_opens_on_a_record_of_several_data_sets(shown):
    for page in ("app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))):
        opened(page)


NO_ROWS = {"save_load.py"}
"""Files whose downloads and code blocks hold no row and no link of a record: decisions name ids alone."""


def test_whatever_can_be_taken_away_is_asked_for_first():
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py"), *(ROOT / "incident_atlas" / "ui").rglob("*.py")]:
        calls = {ast.unparse(node.func) for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call)}
        if calls & {"st.download_button", "st.code", "st.link_button"} and path.name not in NO_ROWS:
            assert "permission.permitted" in calls, f"{path.name}: ask `permission.permitted` before, or name it in NO_ROWS"
