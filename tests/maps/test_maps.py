"""What the map is given: numbers, letters and harmless words; precision drawn; nothing that makes a new map."""

import itertools
import json
import math

import pandas as pd
import pytest

from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, RADIUS_M
from incident_atlas.dataset.areas import Area, in_area
from incident_atlas.dataset.filters import Filters
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.projection import Frame
from incident_atlas.maps import folium_map, legend
from incident_atlas.maps.clusters import AREA_PX, NEIGHBOURHOOD_ZOOM, area_ranks, map_areas, map_cells, map_marks
from incident_atlas.maps.mark_layout import GAP_PX, Mark, laid_out, mark_px
from incident_atlas.theme import ASSETS, DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import placed, record

ADDRESSES = folium_map.Addresses("../leaflet", "../assets")


def drawn(incidents: pd.DataFrame, zoom: float = 12, selected: folium_map.Selected | None = None) -> list[Mark]:
    return folium_map.marks(map_cells(incidents, zoom), incidents.set_index("row"), LIGHT, selected, None)["marks"]


def test_the_map_loads_nothing_from_another_host():
    links = [
        address
        for _, address in folium_map.base_map(None, LIGHT, ADDRESSES).default_js
        + folium_map.base_map(None, LIGHT, ADDRESSES).default_css
    ]
    assert links and all(link.startswith("../") for link in links)


def test_the_first_script_asks_early_for_those_that_follow_it():
    first = (ASSETS / "atlas.js").read_text(encoding="utf-8")
    early = json.loads(first.split("for (const name of home ? ")[1].split(" : ")[0])
    assert ("atlas", *(f"atlas_{name}" for name in early)) == folium_map.SCRIPTS


def test_the_base_map_is_the_same_whatever_is_drawn_on_it():
    scripts = {
        folium_map.base_map(None, LIGHT, ADDRESSES).get_root().render().split("<script>")[-1].count("atlas.base")
        for _ in range(2)
    }
    assert scripts == {1}
    options = folium_map.base_options(LIGHT, {})
    assert options == folium_map.base_options(LIGHT, {}) != folium_map.base_options(DARK, {})


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_a_mark_is_a_ring_unless_its_place_is_known_to_the_neighbourhood_or_better(precision):
    [mark] = drawn(placed((34.5, 69.1, precision)))
    assert mark.ring == (0 if precision in PRECISE else 1)


@pytest.mark.parametrize("precision", GEO_PRECISIONS)
def test_a_selected_incident_shows_the_radius_within_which_it_lies(precision):
    incidents = placed((34.5, 69.1, precision))
    chosen = folium_map.Selected(int(incidents["row"].iloc[0]), 34.5, 69.1, precision)
    payload = folium_map.marks(map_cells(incidents, 12), incidents.set_index("row"), LIGHT, chosen, None)
    assert payload["selected"] == (34.5, 69.1, RADIUS_M[precision])
    assert payload["marks"][0].selected == 1


def test_a_selected_incident_without_a_place_draws_nothing():
    nowhere = folium_map.Selected(2, float("nan"), float("nan"), "")
    empty = placed()
    assert folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, nowhere, None)["selected"] is None


def test_colour_and_letter_say_the_same_perpetrator():
    palette = folium_map.base_options(LIGHT, {})["palette"]
    assert len({colour for colour, _, _ in palette}) == len({letter for _, _, letter in palette}) == len(palette)
    incidents = placed((34.5, 69.1, "street"), (34.6, 69.3, "street")).assign(perpetrator=["Taliban", "Unknown"])
    letters = {palette[mark.colour][2] for mark in drawn(incidents)}
    assert letters == {"T", "?"}


def places(marks: list[Mark], zoom: float) -> list[tuple[float, float]]:
    """Pixels right and down of each mark on a map of the world."""
    frame = Frame((-60, -170, 60, 170), 1000, (1000, 1000))
    scale = 256 * 2**zoom / frame.px
    return [(x * scale, y * scale) for x, y in (frame.at(mark.latitude, mark.longitude) for mark in marks)]


def overlapping(marks: list[Mark], stands: list[tuple[float, float]]) -> list[tuple[Mark, Mark]]:
    """Pairs of marks whose circles overlap in a picture."""
    pairs = itertools.combinations(range(len(marks)), 2)
    return [(marks[a], marks[b]) for a, b in pairs if math.dist(stands[a], stands[b]) < (marks[a].px + marks[b].px) / 2 - 1.5]


def test_rings_give_way_to_marks_and_marks_never_move():
    incidents = placed(*[(34.53, 69.17, "street")] * 9, *[(34.53, 69.17, "city")] * 30)
    marks = drawn(incidents, 9)
    belong = places(marks, 9)
    stands = laid_out(marks, belong)
    moved = {mark.ring: at != place for mark, at, place in zip(marks, stands, belong, strict=True)}
    assert len(marks) == 2 and moved == {0: False, 1: True}
    assert overlapping(marks, belong) and not overlapping(marks, stands)


@pytest.mark.parametrize("zoom", [4.5, 5, 5.5, 6, 7, 8, 9, 10.5, 12, 14])
def test_no_mark_of_the_shipped_record_lies_on_another(zoom):
    incidents = shipped_record().incidents
    marks = folium_map.marks(map_marks(incidents, zoom), incidents.set_index("row"), LIGHT, None, None)["marks"]
    assert len(marks) > 5 and not overlapping(marks, laid_out(marks, places(marks, zoom)))


def test_a_mark_grows_with_its_incidents_and_no_further_than_a_thumb():
    sizes = [mark_px(n) for n in (1, 2, 20, 200, 2000, 200_000)]
    assert sizes == sorted(sizes) and sizes[0] == 22 and sizes[-1] == 56


def test_a_layout_without_room_leaves_the_mark_where_it_is():
    crowd = [Mark(34.5, 69.1, 900 - n, 1, "", None, 0, n, "", 0, 56) for n in range(60)]
    stands = laid_out(crowd, [(500, 500)] * 60)
    assert len(set(stands)) > 10 and stands[-1] == (500, 500)


def test_a_mark_takes_the_nearest_place_that_is_free():
    spot, ring = Mark(34.5, 69.1, 5, 0, "", None, 0, 1, "", 0, 40), Mark(34.5, 69.1, 5, 1, "", None, 0, 2, "", 0, 30)
    kept, moved = laid_out([spot, ring], [(500, 500), (500, 500)])
    needed = (40 + 30) / 2 + GAP_PX
    assert kept == (500, 500) and needed <= math.dist(kept, moved) < needed + 4


def test_a_mark_of_several_spots_says_where_the_most_of_its_incidents_are():
    gazetteer = offline_gazetteer()
    shahr_e_naw, taimani = (gazetteer.by_id[place_id] for place_id in ("kbl-shahr-e-naw", "kbl-taimani"))
    points = (
        [(shahr_e_naw.latitude, shahr_e_naw.longitude)] * 3 + [(taimani.latitude, taimani.longitude)] * 2 + [(34.5375, 69.163)]
    )
    rows = placed(*((latitude, longitude, "exact") for latitude, longitude in points))
    (mark,) = drawn(rows, NEIGHBOURHOOD_ZOOM)
    assert mark.incidents == 6 and mark.extent and mark.main_place == [round(part, 4) for part in points[0]]
    # Far out no neighbourhood is named; a spot of its own says its place itself, and one without a neighbourhood none.
    assert {mark.main_place for mark in drawn(rows, NEIGHBOURHOOD_ZOOM - 1)} == {None}
    assert {mark.main_place for mark in drawn(rows, 16)} == {None}
    elsewhere = placed((36.0, 66.0, "exact"), (36.005, 66.005, "exact"))
    assert [mark.main_place for mark in drawn(elsewhere, 12)] == [None]


def test_areas_have_the_same_columns_where_nothing_lies_outside_the_provinces():
    abroad = {"latitude": "33.3", "longitude": "44.4", "geo_precision": "country", "country": "Iraq", "city": "", "province": ""}
    some = record(abroad).incidents
    none = record({"city": "Herat"}).incidents
    world = (-60.0, -170.0, 80.0, 170.0)
    there, empty = map_areas(some, 5, world), map_areas(none, 5, world)
    assert len(there) == 1 and len(empty) == 0
    assert list(empty) == list(there)
    assert map_marks(none, 5)["incidents"].tolist() == [1]


@pytest.mark.parametrize("zoom", [4, 5.5, 7])
def test_far_out_a_mark_counts_its_province_as_the_filter_does_whatever_is_in_view(zoom):
    loaded = shipped_record()
    for bounds in (None, (34.0, 61.0, 35.0, 63.0), (30.0, 60.0, 38.0, 75.0)):
        marks = map_marks(loaded.incidents, zoom, bounds).set_index("province")["incidents"]
        for province in ("Herat", "Kabul", "Nangarhar"):
            assert marks[province] == len(Filters(province=(province,)).apply(loaded.incidents))


def test_what_lies_in_no_known_province_is_still_on_the_map_far_out():
    rows = [
        {"latitude": "33.3", "longitude": "44.4", "geo_precision": "street", "country": "Iraq", "city": "", "province": "Baghdad"}
    ]
    incidents = record(*rows, {"city": "Herat"}).incidents
    marks = map_marks(incidents, 5)
    assert sorted(marks["province"]) == ["", "Herat"] and marks["incidents"].tolist() == [1, 1]


def test_a_province_is_named_in_words_and_harmless():
    incidents = shipped_record().incidents
    marks = folium_map.marks(map_marks(incidents, 5), incidents.set_index("row"), LIGHT, None, None)["marks"]
    names = {mark.name: mark.incidents for mark in marks}
    assert names["Herat province"] == (incidents["province"] == "Herat").sum()
    assert all(mark.ring for mark in marks)


@pytest.mark.parametrize("zoom", [4, 7.5, 8, 9, 10, 12, 16])
def test_every_incident_in_view_is_a_mark_or_counted_in_an_area_and_never_both(zoom):
    incidents = shipped_record().incidents
    world = (20.0, 50.0, 45.0, 85.0)
    areas = map_areas(incidents, zoom, world)
    assert map_marks(incidents, zoom)["incidents"].sum() + areas["incidents"].sum() == (incidents["precision_rank"] < 7).sum()
    for area in areas.to_dict("records"):
        key = folium_map.clicked_area([area["precision_rank"], area["row"]], incidents.set_index("row").loc[area["row"]])
        assert len(in_area(incidents, key)) == area["incidents"], key


def test_near_the_ground_what_is_known_only_to_the_city_is_no_mark():
    incidents = placed((34.53, 69.17, "city"), (34.53, 69.17, "street"))
    assert map_marks(incidents, 12)["incidents"].tolist() == [1]
    assert map_areas(incidents, 12, (34.4, 69.0, 34.6, 69.3))["incidents"].tolist() == [1]
    assert sorted(map_marks(incidents, 8)["incidents"]) == [1, 1]


def test_an_area_whose_middle_is_out_of_view_but_which_reaches_in_is_counted():
    incidents = placed((34.53, 69.17, "city"))
    beside, outside = (34.47, 69.10, 34.49, 69.12), (34.0, 69.10, 34.2, 69.12)
    assert len(map_areas(incidents, 14, beside)) == 1 and len(map_areas(incidents, 14, outside)) == 0


def test_an_area_is_no_mark_from_the_zoom_at_which_it_is_wider_than_one():
    least = {
        name: min(z for z in range(4, 19) if GEO_PRECISIONS.index(name) in area_ranks(z))
        for name in ("city", "district", "province")
    }
    assert least == {"city": 10, "district": 9, "province": 8} and AREA_PX > 22
    assert not set(area_ranks(18)) & {GEO_PRECISIONS.index(name) for name in PRECISE}


def test_areas_are_sent_as_numbers_and_harmless_words_and_the_listed_province_as_its_edge():
    probe = "<b>{{ 7*191 }}</b>`${x}`"
    incidents = record(
        {"city": probe, "province": "Kabul", "latitude": "34.5", "longitude": "69.1", "geo_precision": "city"}
    ).incidents
    areas = map_areas(incidents, 12, (34.4, 69.0, 34.6, 69.3))
    shown = folium_map.marks(
        map_marks(incidents, 12), incidents.set_index("row"), LIGHT, None, None, areas=areas, area=Area("", "Herat", "", "")
    )
    [[name, n, click]] = shown["areas"]
    assert "7*191" in name and "<b>" not in name and "{{" not in name and "`" not in name and n == 1
    assert click == [3, int(incidents["row"].iloc[0])]
    lines = shown["outline"]
    assert all(31 < lat < 37 and 60 < lon < 66 for line in lines for lat, lon in line) and len(json.dumps(lines)) < 6_000


def test_words_on_hover_are_harmless():
    incidents = placed((34.5, 69.1, "street")).assign(title="<b>{{ 7*191 }}</b>`${x}`")
    words = drawn(incidents)[0].words
    assert "<b>" not in words and "{{" not in words and "${" not in words and "`" not in words
    assert "7*191" in words


def test_marks_render_as_one_script_that_is_valid_json_inside():
    incidents = placed((34.5, 69.1, "street"), (31.6, 65.7, "city"))
    payload = folium_map.marks(map_cells(incidents, 6), incidents.set_index("row"), LIGHT, None, (34.5, 69.1, 12, 1))
    assert json.loads(json.dumps(payload))["focus"] == [34.5, 69.1, 12, 1]


def test_a_circle_is_sent_in_metres_with_a_harmless_label_and_only_when_there_is_one():
    empty = placed()
    around = folium_map.DrawnCircle(34.53, 69.17, 2.5, "<b>{{ 7*191 }}</b>")
    payload = folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None, around, choosing=True)
    latitude, longitude, metres, label = payload["circle"]
    assert (latitude, longitude, metres, payload["choosing"]) == (34.53, 69.17, 2500, True)
    assert "<b>" not in label and "{{" not in label
    plain = folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None)
    assert "circle" not in plain and "choosing" not in plain


def test_an_empty_layer_is_still_sent():
    empty = placed()
    assert folium_map.marks(map_cells(empty, 6), empty.set_index("row"), LIGHT, None, None)["marks"] == []


def test_the_legend_explains_only_the_letters_rings_and_numbers_that_are_drawn():
    def mark(incidents: int, ring: int, colour: int) -> Mark:
        return Mark(34.5, 69.2, incidents, ring, "", None, colour, 1, "", 0, 22)

    one = legend.html([mark(1, 0, 1)])
    assert "Islamic State" in one and "Taliban" not in one and legend.RING not in one and legend.NUMBER not in one
    both = legend.html([mark(1, 1, 0), mark(7, 0, 0)])
    assert "Taliban" in both and "Islamic State" not in both and legend.RING in both and legend.NUMBER in both
    assert legend.NUMBER in legend.html([mark(7, 0, 0)]) and "Taliban" not in legend.html([mark(7, 0, 0)])
    assert all(name in legend.html() for name, *_rest in legend.entries()) and "<i" not in legend.html([])
