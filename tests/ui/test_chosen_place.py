"""The map goes where the filter goes, and back, and never away from where its reader put it."""

from __future__ import annotations

import json

import pytest

from incident_atlas.dataset.filters import Filters
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.maps.folium_map import COUNTRY
from incident_atlas.ui.pages.map.chosen_place import middle, place_box, still_fitted
from tests.support.pages import address_parameters, widget
from tests.support.record import shipped_record
from tests.support.tiny import text

PAGE = "app.py"


def view(app):
    return app.session_state["session"].view


def sent(app) -> dict:
    return json.loads(app.get("component_instance")[0].proto.json_args)


def corners(app) -> str:
    return json.dumps(sent(app))


def holds(box, latitude: float, longitude: float) -> bool:
    south, west, north, east = box
    return south < latitude < north and west < longitude < east


def test_an_address_of_a_city_opens_the_map_there_and_stays_short(run_page):
    app = run_page(PAGE, {"city": ["Herat"]})
    herat = offline_gazetteer().match("Herat", kind="city").place
    assert holds(view(app).box(), herat.latitude, herat.longitude) and view(app).box()[2] - view(app).box()[0] < 0.3
    assert address_parameters(app) == {"city": ["Herat"]}
    assert f"{view(app).fitted[0]}" in corners(app), "the browser fits it, however wide the screen is"


def test_a_chosen_place_moves_the_map_and_reset_brings_it_back(run_page):
    app = run_page(PAGE)
    assert view(app).home
    widget(app.multiselect, "w:province").set_value(["Kandahar"]).run()
    assert not view(app).home and holds(view(app).box(), 31.6, 65.7) and not holds(view(app).box(), 34.5, 69.2)
    turn = view(app).focus[3]
    widget(app.multiselect, "w:city").set_value(["Kabul"]).run()
    assert holds(view(app).box(), 34.5, 69.2) and view(app).focus[3] > turn
    next(button for button in app.button if button.label == "Reset filters").click().run()
    assert not app.exception
    assert view(app).home and view(app).fitted == (*COUNTRY[0], *COUNTRY[1]) and address_parameters(app) == {}


def test_a_map_that_the_reader_put_somewhere_stays_there(run_page):
    app = run_page(PAGE, {"lat": "31.6", "lon": "65.7", "zoom": "9"})
    widget(app.multiselect, "w:city").set_value(["Herat"]).run()
    assert (view(app).latitude, view(app).longitude, view(app).zoom) == (31.6, 65.7, 9)
    assert address_parameters(app)["lat"] == ["31.6000"]


def test_another_filter_moves_nothing(run_page):
    app = run_page(PAGE, {"city": ["Herat"]})
    before = view(app)
    widget(app.text_input, "w:q").set_value("police").run()
    assert view(app) == before


def test_several_places_are_all_in_the_map():
    box = place_box(shipped_record(), Filters(province=("Herat", "Nangarhar")))
    assert holds(box, 34.35, 62.2) and holds(box, 34.43, 70.45)
    kabul, both = (place_box(shipped_record(), Filters(city=names)) for names in (("Kabul",), ("Kabul", "Herat")))
    assert holds(both, *middle(kabul)) and both[1] < 62.2
    assert place_box(shipped_record(), Filters(target_type=("Police",))) is None


def test_a_place_that_no_table_knows_is_where_its_incidents_are(tmp_path, run_page):
    row = {"city": "Nowhereville", "province": "", "country": "Mali", "latitude": "16.5", "longitude": "-3.1"}
    path = tmp_path / "mine.csv"
    path.write_text(text(row, {}), encoding="utf-8")
    app = run_page(PAGE, {"city": ["Nowhereville"]}, source=path)
    assert holds(view(app).box(), 16.5, -3.1)


@pytest.mark.parametrize("box", [(34.3, 62.1, 34.4, 62.3), (29.4, 60.5, 38.5, 74.9)])
def test_what_the_reader_does_with_the_map_is_told_from_the_fit(box):
    latitude, longitude = middle(box)
    assert box[0] < latitude < box[2]
    assert still_fitted(box, latitude, longitude, 9.5, None) and still_fitted(box, latitude, longitude, 9.5, 9.5)
    assert not still_fitted(box, latitude, longitude, 10.5, 9.5), "zoomed"
    assert not still_fitted(box, latitude, longitude + (box[3] - box[1]) / 4, 9.5, 9.5), "dragged"
    assert not still_fitted(None, latitude, longitude, 9.5, None)
