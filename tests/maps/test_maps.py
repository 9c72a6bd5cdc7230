"""What the map is given: numbers, letters and harmless words; precision drawn; nothing that makes a new map."""

import json

import pandas as pd
import pytest

from incident_atlas.core.vocabulary import GEO_PRECISIONS, RADIUS_M, SHARP
from incident_atlas.maps import folium_map
from incident_atlas.maps.clusters import map_cells
from incident_atlas.theme import DARK, LIGHT
from tests.support.tiny import placed

HERE = folium_map.Addresses("../leaflet", "../assets")


def drawn(incidents: pd.DataFrame, zoom: float = 12, selected: folium_map.Selected | None = None) -> list[dict]:
    names = "latitude longitude incidents blunt spread index id hover selected px right down".split()
    cells = map_cells(incidents, zoom)
    payload = folium_map.marks(cells, incidents.set_index("row"), LIGHT, selected, None)
    return [dict(zip(names, mark, strict=True)) for mark in payload["marks"]]


def test_the_map_loads_nothing_from_another_host():
    links = [address for _, address in folium_map.base_map(None, LIGHT, HERE).default_js + folium_map.base_map(None, LIGHT, HERE).default_css]
    assert links and all(link.startswith("../") for link in links)


def test_the_base_map_is_the_same_whatever_is_drawn_on_it():
    scripts = {folium_map.base_map(None, LIGHT, HERE).get_root().render().split("<script>")[-1].count("atlas.base") for _ in range(2)}
    assert scripts == {1}
    options = folium_map.base_options(LIGHT, {})
    assert options == folium_map.base_options(LIGHT, {}) != folium_map.base_options(DARK, {})


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_a_mark_is_a_ring_unless_its_place_is_known_to_the_neighbourhood_or_better(precision):
    [mark] = drawn(placed((34.5, 69.1, precision)))
    assert mark["blunt"] == (0 if precision in SHARP else 1)


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_a_selected_incident_shows_the_radius_within_which_it_lies(precision):
    incidents = placed((34.5, 69.1, precision))
    chosen = folium_map.Selected(int(incidents["row"].iloc[0]), 34.5, 69.1, precision)
    payload = folium_map.marks(map_cells(incidents, 12), incidents.set_index("row"), LIGHT, chosen, None)
    assert payload["selected"] == (34.5, 69.1, RADIUS_M[precision])
    assert payload["marks"][0][8] == 1


def test_a_selected_incident_without_a_place_draws_nothing():
    nowhere = folium_map.Selected(2, float("nan"), float("nan"), "")
    empty = placed()
    assert folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, nowhere, None)["selected"] is None


def test_colour_and_letter_say_the_same_perpetrator():
    palette = folium_map.base_options(LIGHT, {})["palette"]
    assert len({colour for colour, _, _ in palette}) == len({letter for _, _, letter in palette}) == len(palette)
    incidents = placed((34.5, 69.1, "street"), (34.6, 69.3, "street")).assign(perpetrator=["Taliban", "Unknown"])
    letters = {palette[mark["index"]][2] for mark in drawn(incidents)}
    assert letters == {"T", "?"}


def test_rings_give_way_to_marks_and_marks_never_move():
    incidents = placed(*[(34.53, 69.17, "street")] * 9, *[(34.53, 69.17, "city")] * 30)
    marks = drawn(incidents, 13)
    spot = next(mark for mark in marks if not mark["blunt"])
    ring = next(mark for mark in marks if mark["blunt"])
    assert (spot["right"], spot["down"]) == (0, 0)
    assert (ring["right"] ** 2 + ring["down"] ** 2) ** 0.5 > (spot["px"] + ring["px"]) / 2


def test_words_on_hover_are_harmless():
    incidents = placed((34.5, 69.1, "street")).assign(title="<b>{{ 7*191 }}</b>`${x}`")
    words = drawn(incidents)[0]["hover"]
    assert "<b>" not in words and "{{" not in words and "${" not in words and "`" not in words
    assert "7*191" in words


def test_marks_render_as_one_script_that_is_valid_json_inside():
    incidents = placed((34.5, 69.1, "street"), (31.6, 65.7, "city"))
    payload = folium_map.marks(map_cells(incidents, 6), incidents.set_index("row"), LIGHT, None, (34.5, 69.1, 12, 1))
    assert json.loads(json.dumps(payload))["focus"] == [34.5, 69.1, 12, 1]


def test_a_circle_is_sent_in_metres_with_a_harmless_label_and_only_when_there_is_one():
    empty = placed()
    around = folium_map.Circle(34.53, 69.17, 2.5, "<b>{{ 7*191 }}</b>")
    payload = folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None, around, choosing=True)
    latitude, longitude, metres, label = payload["circle"]
    assert (latitude, longitude, metres, payload["choosing"]) == (34.53, 69.17, 2500, True)
    assert "<b>" not in label and "{{" not in label
    plain = folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None)
    assert "circle" not in plain and "choosing" not in plain


def test_an_empty_layer_is_still_sent():
    empty = placed()
    assert folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None)["marks"] == []
