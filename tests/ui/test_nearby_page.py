"""The Nearby page without a browser: what the address asks, what widgets ask, and what never reaches an address."""

from __future__ import annotations

import re

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.analysis.nearby import around
from incident_atlas.core.text import as_label
from incident_atlas.core.vocabulary import PRECISE
from incident_atlas.geo.sites import located, sites
from incident_atlas.ui.pages.nearby.list import PAGE
from incident_atlas.ui.pages.nearby.place_picker import PlaceQuery, Spot
from tests.support.pages import words
from tests.support.record import shipped_record
from tests.support.tiny import text
from tests.ui.test_pages import RECORDS

POINT = "34.5289, 69.1725"


@pytest.fixture
def run(run_page):
    """`run({"site": "embassy-canada-kabul"}, source=path)`: the page after one run, nothing raised."""
    return lambda query=None, source=None: run_page("pages/nearby.py", query, source)


def address(app: AppTest) -> dict[str, list[str]]:
    return {name: [value] if isinstance(value, str) else list(value) for name, value in app.query_params.items()}


def typed(app: AppTest, message: str) -> AppTest:
    app.text_input(key="w:where").set_value(message).run()
    assert not app.exception, app.exception
    return app


def sentence(app: AppTest) -> str:
    shown = words(app)
    return shown[shown.index("<h1 class='atlas-sentence'") :].split("</h1>")[0].split(">", 1)[1]


def listed(app: AppTest) -> list[str]:
    """What stands in the rows of the table."""
    return next((group.options for group in app.get("button_group") if group.label == "Incidents"), [])


def sent(app: AppTest) -> str:
    """What the map is sent."""
    return app.get("component_instance")[0].proto.json_args


def test_without_a_point_there_is_an_invitation_a_map_and_no_number(run):
    app = run()
    assert "What happened near a place?" in sentence(app) and "class='atlas-figures atlas-around'" not in words(app)
    assert not listed(app) and '"circle"' not in sent(app) and len(app.get("component_instance")) == 1
    assert address(app) == {}


def test_the_number_of_sites_without_a_point_is_said(run):
    none = len(sites()) - len(located())
    assert f"{len(located())} sites; {none} more have no published location." in words(run())


@pytest.mark.parametrize("km", ["0.1", "2", "3.7", "50"])
def test_an_address_asks_a_site_and_a_radius_and_the_page_says_what_the_core_says(run, km):
    app = run({"site": "embassy-canada-kabul", "km": km})
    spot = located()["embassy-canada-kabul"]
    found = around(shipped_record().incidents, spot.latitude, spot.longitude, float(km), spot.key)
    message = sentence(app)
    assert "Its exact place in its neighbourhood is not known" in words(app)
    assert message.startswith("1 incident at Embassy of Canada, Kabul") and len(found.in_place) == 1
    assert f", and {len(found.within):,} more within {km} km of the point of its neighbourhood." in message or not len(
        found.within
    )
    assert f"{len(found.possibly):,} more may lie there." in message
    assert address(app) == {"site": ["embassy-canada-kabul"], "km": [km]}
    assert app.select_slider(key="w:km").value == float(km)
    assert len(listed(app)) == min(PAGE, len(found.counted) + len(found.possibly))


def test_the_list_has_those_in_the_place_first_each_nearest_first(run):
    app = run({"site": "embassy-canada-kabul", "km": "2"})
    spot = located()["embassy-canada-kabul"]
    found = around(shipped_record().incidents, spot.latitude, spot.longitude, 2, spot.key)
    titles = [as_label(title, 240) for title in (*found.counted["title"], *found.possibly["title"])]
    assert all(title in row for title, row in zip(titles, listed(app), strict=False))
    assert listed(app)[0].split("**")[2].startswith(" :gray[in place] ") and "possibly within" not in "".join(
        listed(app)[: len(found.counted)]
    )
    app.session_state["session"].page_numbers["around"] = 2
    app.run()
    assert all(title in row for title, row in zip(titles[PAGE:], listed(app), strict=False))
    app.select_slider(key="w:km").set_value(5.0).run()
    assert "around" not in app.session_state["session"].page_numbers, "another question begins with its first page"


def test_an_incident_known_only_to_its_city_is_somewhere_in_it_and_has_no_distance(run):
    app = run({"site": "embassy-canada-kabul", "km": "2", "from": "2023-01-01"})
    spot = located()["embassy-canada-kabul"]
    known = shipped_record().incidents.query("date >= '2023-01-01'")
    found = around(known, spot.latitude, spot.longitude, 2, spot.key)
    vague = [rank >= len(PRECISE) for rank in (*found.counted["precision_rank"], *found.possibly["precision_rank"])]
    rows = [row.split("**")[2].split("]")[0] for row in listed(app)]
    assert any(vague[: len(rows)]) and not all(vague[: len(rows)])
    for row, coarse in zip(rows, vague, strict=False):
        assert ("somewhere in " in row) == coarse != bool(re.search(r"in place|same point|[0-9.]+ km ", row))


def test_a_named_place_is_answered_with_what_happened_in_it(run):
    app = run({"place": "kbl-wazir-akbar-khan", "from": "2019-12-12", "km": "1"})
    assert re.match(r"\d+ incidents in Wazir Akbar Khan\.", sentence(app))
    counted = re.search(
        r"(\d+) more may lie there\. Out of (\d+) incidents.*<b>[0-9]+ <.*possibly within: (\d+) known only to Kabul, (\d+) to \d+ other areas, "
        r"(\d+) to a neighbourhood nearby<",
        words(app),
    )
    assert counted
    more, out_of, city, others, neighbourhood = map(int, counted.groups())
    known = shipped_record().incidents.query("date >= '2019-12-12'")
    in_kabul_alone = known["found_by"].astype(str).str.startswith("city") & (known["city"].astype(str) == "Kabul")
    assert (more, out_of) == (city + others + neighbourhood, len(known)) and city >= in_kabul_alone.sum() > 0


def test_a_site_that_is_chosen_stands_in_the_address_and_one_taken_back_does_not(run):
    app = run()
    app.selectbox(key="w:site").set_value("mosque-great-herat").run()
    assert address(app) == {"site": ["mosque-great-herat"], "km": ["2"]} and "Great Mosque of Herat" in sentence(app)
    app.selectbox(key="w:site").set_value(None).run()
    assert address(app) == {} and "What happened near a place?" in sentence(app)


def test_a_place_is_found_offline_and_stands_in_the_address_by_its_id(run):
    app = typed(run(), "Kabil")
    assert address(app) == {"place": ["gn-1138958"], "km": ["2"]}
    assert " in Kabul." in sentence(app) and "measured from one point for the whole city" in words(app)
    assert app.text_input(key="w:where").value == "Kabul"


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Atlantis", "No place of that name is known offline"),
        ("{{ 7*191 }}<img src=x>", "No place of that name is known offline"),
        ("Badghis", "too wide for a radius"),
        ("34.53", "such as 34.53, 69.17"),
        ("95, 200", "such as 34.53, 69.17"),
    ],
)
def test_what_is_no_point_is_a_sentence_and_no_number(run, message, answer):
    app = typed(run({"site": "embassy-canada-kabul"}), message)
    assert answer in words(app) and "class='atlas-figures atlas-around'" not in words(app) and "<img" not in words(app)
    assert address(app) == {} and app.text_input(key="w:where").value == message


def test_coordinates_stay_in_the_session_and_out_of_the_address_and_of_the_citation(run):
    app = typed(run({"site": "embassy-canada-kabul", "km": "2"}), POINT)
    assert address(app) == {"km": ["2"]}
    assert "within 2 km of your point" in sentence(app) and not app.toggle(key="w:at").value
    for menu in ("data-cite-nearby", "data-nearby"):
        app.session_state[menu] = True
    app.run()
    link, cited = (code.value for code in app.code)
    assert link.endswith("?km=2") and "within 2 km of a point that is not named" in cited
    for leaving in (link, cited, words(app)):
        assert "34.52" not in leaving and "69.17" not in leaving


def test_a_private_point_has_no_coordinates_in_what_leaves_the_page():
    query = PlaceQuery(Spot("", POINT, 34.5289, 69.1725), 2.0, private=True)
    assert query.name() == "your point" and query.name(for_others=True) == "a point that is not named"
    reported = PlaceQuery(query.spot, 2.0)
    assert reported.name() == reported.name(for_others=True) == POINT


def test_the_switch_puts_the_point_into_the_address_and_takes_it_out(run):
    app = typed(run(), "34.52891 N, 69.17249 E")
    app.toggle(key="w:at").set_value(True).run()
    assert address(app) == {"at": ["34.5289,69.1725"], "km": ["2"]} and f"of {POINT}" in sentence(app)
    app.toggle(key="w:at").set_value(False).run()
    assert address(app) == {"km": ["2"]} and "of your point" in sentence(app)
    assert app.text_input(key="w:where").value == POINT


def test_another_point_is_private_again(run):
    app = run({"at": "34.5289,69.1725"})
    assert app.toggle(key="w:at").value and f"of {POINT}" in sentence(app)
    app = typed(app, "34.35, 62.2")
    assert address(app) == {"km": ["2"]} and not app.toggle(key="w:at").value


def test_a_private_point_survives_another_page_and_is_in_no_address_there(run):
    app = typed(run(), POINT)
    app.switch_page("app.py").run()
    assert address(app) == {}
    app.switch_page("pages/nearby.py").run()
    assert "of your point" in sentence(app) and address(app) == {"km": ["2"]}


def test_of_several_points_in_an_address_the_site_counts_and_the_others_are_told(run):
    app = run({"site": "embassy-canada-kabul", "at": "34.35,62.2", "place": "gn-1138958"})
    assert "Embassy of Canada" in sentence(app) and address(app) == {"site": ["embassy-canada-kabul"]}
    assert "Ignored in the address: " in words(app)


def test_a_view_of_another_page_is_no_question_here(run):
    app = run({"lat": "34.5", "lon": "69.1", "zoom": "12", "site": "embassy-canada-kabul"})
    assert address(app) == {"site": ["embassy-canada-kabul"]}


@pytest.mark.parametrize(("at", "hint"), [("48.86,2.35", False), ("69.17,34.53", True), ("25.0,65.0", False)])
def test_a_point_abroad_is_one_sentence_and_no_other_number(run, at, hint):
    app = run({"at": at})
    assert sentence(app).startswith("The point lies outside Afghanistan, ")
    assert ("look swapped" in sentence(app)) == hint
    assert "class='atlas-figures atlas-around'" not in words(app) and not listed(app)


def test_the_filters_apply_and_the_sentence_says_them(run):
    app = run({"site": "embassy-canada-kabul", "km": "5", "perpetrator": "Taliban", "from": "2015-01-01", "to": "2020-12-31"})
    assert "2015 to 2020, by Taliban" in sentence(app)
    assert "before the filter's last day, 31 Dec 2020" in words(app)
    years = [int(row.split("]")[0][-4:]) for row in listed(app)]
    assert years and all(2015 <= year <= 2020 for year in years)
    charts = app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")
    assert charts[0].proto.alt.startswith("Incidents within 5 km by year: 2015: ")


def test_a_filter_that_leaves_nothing_is_told_with_a_way_out_and_no_figure(run):
    app = run({"site": "embassy-canada-kabul", "q": "nosuchword"})
    assert sentence(app).startswith("0 incidents") and "No incident matches all of these filters." in words(app)
    assert "class='atlas-figures atlas-around'" not in words(app) and not listed(app)
    app.button(key="without-q").click().run()
    assert sentence(app).startswith("1 incident at Embassy of Canada, Kabul")


def test_an_incident_chosen_in_the_list_leads_to_its_page(run):
    app = run({"site": "embassy-canada-kabul", "km": "2"})
    app.session_state["session"].view = type(app.session_state["session"].view)(incident="AFG-20170531-1")
    app.session_state["open_picked"] = True
    app.run()
    assert "Who says what" in words(app) and address(app)["incident"] == ["AFG-20170531-1"]


@pytest.mark.parametrize("name", RECORDS)
@pytest.mark.parametrize("at", ["34.5289,69.1725", "48.86,2.35"])
def test_an_answer_stands_on_any_record(run, tmp_path, name, at):
    path = tmp_path / "mine.csv"
    path.write_text(RECORDS[name], encoding="utf-8")
    message = sentence(run({"at": at, "km": "10"}, source=path))
    if name == "none":
        assert message.startswith("The record has no incidents")
    elif at.startswith("48"):
        assert message.startswith("The point lies outside Afghanistan") and message.endswith("the record says nothing about it.")
    else:
        n = 0 if name == "all unplaced" else 1
        assert message.startswith("1 incident within 10 km" if n else "No incident within 10 km")


def test_hostile_text_reaches_neither_the_page_nor_the_map(run, tmp_path):
    probe = "{{ 7*191 }}{% x %}${document.title}`<img src=x>"
    path = tmp_path / "hostile.csv"
    path.write_text(
        text({"title": probe, "latitude": "34.5361", "longitude": "69.1839", "geo_precision": "exact"}), encoding="utf-8"
    )
    app = run({"site": "embassy-canada-kabul"}, source=path)
    assert sentence(app).startswith(
        "No incident at Embassy of Canada, Kabul, but 1 within 2 km of the point of its neighbourhood."
    )
    assert not any(mark in sent(app) for mark in ("1337", "7*191 }}", "${document", "<img", "{% x"))
    assert "<img" not in words(app)
