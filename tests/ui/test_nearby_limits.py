"""Where the Nearby page has no answer, or less of one, it says so: bad addresses, borrowed points, abroad, other dates."""

from __future__ import annotations

import json

import pytest

from incident_atlas.analysis.nearby import around
from incident_atlas.geo.sites import located
from tests.support.pages import words
from tests.support.record import shipped_record
from tests.ui.test_nearby_page import POINT, address, listed, run, sent, sentence, typed

pytestmark = pytest.mark.nightly

__all__ = ["run"]


@pytest.mark.parametrize(
    "query",
    [
        {"km": "0"}, {"km": "51"}, {"km": "nan"}, {"km": "-2"}, {"site": "nonsense"}, {"site": "unama-herat"}, {"place": "nonsense"},
        {"place": "af-badghis"}, {"at": "34.53"}, {"at": "95,69"}, {"at": "<img src=x>"},
    ],
)  # fmt: skip
def test_what_the_address_asks_and_cannot_be_used_is_refused_and_said_in_place_of_the_invitation(run, query):
    app = run(query)
    for _ in range(2):
        assert len(app.warning) == 1 and "What happened near a place?" not in words(app) and "<img" not in words(app)
        assert address(app) == {} and app.select_slider(key="w:km").value == 2.0
        assert "Ignored in the address" not in words(app), "it is told once"
        app.run()
    typed(app, "Kabul")
    assert not app.warning and " in Kabul." in sentence(app)


def test_an_address_with_a_radius_out_of_range_answers_no_other_question(run):
    app = run({"site": "embassy-canada-kabul", "km": "51"})
    assert "from 0.1 to 50" in app.warning[0].value and "class='atlas-figures atlas-around'" not in words(app) and not listed(app)
    app.select_slider(key="w:km").set_value(5.0).run()
    assert " at Embassy of Canada, Kabul" in sentence(app) and "within 5 km" in sentence(app) and not app.warning


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"site": "embassy-china-kabul"}, "No open source gives a point for Embassy of China, Kabul"),
        ({"place": "af-badghis"}, "Badghis is too wide for a radius"),
        ({"at": "95,69"}, "write latitude and longitude in degrees, such as 34.53, 69.17"),
        ({"site": "nonsense"}, "not in the list of sites"),
        ({"place": "nonsense"}, "not in the gazetteer"),
        ({"site": "nonsense", "at": "34.53,69.17"}, "not in the list of sites"),
    ],
)
def test_the_reason_why_an_address_has_no_answer_is_told(run, query, message):
    app = run(query)
    assert message in app.warning[0].value and "class='atlas-figures atlas-around'" not in words(app)


@pytest.mark.parametrize(
    ("message", "answer"),
    [
        ("Embassy of China", "No open source gives a point for Embassy of China, Kabul"),
        ("Sherpur, Herat", "Sherpur, Kabul is known"),
    ],
)
def test_a_name_without_a_point_or_in_another_city_is_told_and_not_answered(run, message, answer):
    app = typed(run(), message)
    assert answer in words(app) and "class='atlas-figures atlas-around'" not in words(app)


def test_an_ambiguous_name_gives_its_places_each_a_click(run):
    app = typed(run(), "Arghandab")
    assert (
        "Several places have that name" in words(app)
        and "class='atlas-figures atlas-around'" not in words(app)
        and address(app) == {}
    )
    labels = {one.label: one for one in app.button if "Arghandab" in one.label}
    assert set(labels) == {"Arghandab, Kandahar (district)", "Arghandab, Zabul (district)"}
    labels["Arghandab, Zabul (district)"].click().run()
    assert address(app)["place"] == ["af-zabul-arghandab"] and not [one for one in app.button if "Arghandab" in one.label]


def test_a_site_is_found_by_its_name_in_the_box(run):
    app = typed(run(), "Kandahar airport")
    assert address(app)["site"] == ["airport-kandahar"] and sentence(app).startswith(
        "No incident for certain at Kandahar Airport or within 2 km of it."
    )


def test_beside_a_site_stands_who_shares_its_point_and_the_map_says_that_it_is_borrowed(run):
    app = run({"site": "embassy-united-kingdom-kabul"})
    assert "other sites share its point." in words(app) and "Status: moved." in words(app)
    assert "neighbourhood&#39;s point" in sent(app).replace("\\\\u0026", "&")


def test_dates_outside_the_record_are_a_sentence_and_neither_rate_nor_peace(run):
    app = run({"site": "embassy-canada-kabul", "to": "1990-01-01"})
    assert sentence(app).startswith("These dates hold no day of the record")
    assert "No incident within" not in words(app) and "class='atlas-figures atlas-around'" not in words(app)


def test_a_point_abroad_shows_what_its_circle_reaches_and_no_year_and_no_rate(run):
    app = run({"at": "34.0,71.6", "km": "50"})
    assert "which the record does not cover: no incident of it lies within 50 km" in sentence(app)
    assert "class='atlas-figures atlas-around'" not in words(app) and listed(app)
    assert not (app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart"))


def test_a_circle_partly_abroad_and_the_rest_of_a_rate_are_told(run):
    app = run({"at": "34.2,70.9", "km": "50"})
    assert "About 45 % of the circle lies outside Afghanistan" in words(app) and "a year if all" in words(app)
    assert "came later, the last on" in words(run({"at": "34.53,69.17", "km": "2"}))


def test_the_map_draws_as_known_well_only_what_is_surely_within(run):
    app = run({"site": "embassy-iraq-kabul", "km": "2"})
    assert "Dashed ring: possibly within the circle, or outside it. Filled: within it, or in the place." in words(app)
    drawn = json.loads(json.loads(sent(app))["feature_group"].split("atlas.marks(map_div, ")[1].split(");")[0])
    spot = located()["embassy-iraq-kabul"]
    full = sum(mark[2] for mark in drawn["marks"] if not mark[3])
    assert full == len(around(shipped_record().incidents, spot.latitude, spot.longitude, 2, spot.key).counted) > 0


def test_an_incident_opened_from_a_private_point_moves_no_map_and_no_address_tells_where_it_was(run):
    app = typed(run(), POINT)
    next(group for group in app.get("button_group") if group.label == "Incidents").set_value(0).run()
    app.switch_page("pages/incidents.py").run()
    assert address(app)["incident"] and not {"at", "km", "lat", "lon", "zoom"} & set(address(app))
    next(button for button in app.button if button.label == "All incidents").click().run()
    app.switch_page("app.py").run()
    assert not {"incident", "at", "lat", "lon", "zoom"} & set(address(app))
