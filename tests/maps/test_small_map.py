"""The small maps: what the Map page would draw, in one picture without a word of the record."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from incident_atlas.geo.projection import Frame
from incident_atlas.maps import folium_map, static_map
from incident_atlas.maps.clusters import map_marks
from incident_atlas.theme import DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, record

PLACES = {name: (*low, *high) for name, (low, high) in folium_map.PLACES}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_it_is_a_drawing_that_counts_what_the_cells_count(place, colours):
    loaded = shipped_record()
    svg = static_map.small_map(loaded.incidents, loaded, PLACES[place], colours).svg
    drawn = ElementTree.fromstring(svg)
    space = {"s": "http://www.w3.org/2000/svg"}
    frame = Frame(PLACES[place], static_map.SMALL_WIDTH, static_map.SMALL_HEIGHTS)
    cells = map_marks(loaded.incidents, frame.zoom, frame.bounds())
    labels = [text.text for text in drawn.findall("s:text", space) if (text.text or "").replace(",", "").isdigit()]
    counting = cells[(cells["incidents"] > 1) | (cells["province"] != "")]
    assert sorted(int(label.replace(",", "")) for label in labels) == sorted(counting["incidents"])
    assert len([circle for circle in drawn.findall("s:circle", space) if float(circle.get("r")) > 5]) == len(cells)
    assert len(svg) < 80_000


def test_both_sides_have_the_same_scale_whatever_they_hold():
    loaded = shipped_record()
    few, all_of_it = (
        static_map.small_map(rows, loaded, PLACES["Kabul"], LIGHT).svg for rows in (loaded.incidents[:3], loaded.incidents)
    )
    box = re.compile(r"viewBox='([\d. ]+)'")
    assert box.search(few)[1] == box.search(all_of_it)[1]
    assert few.split("<text")[0] == all_of_it.split("<text")[0]


def test_of_the_record_only_names_of_places_are_in_it_and_they_are_harmless():
    loaded = record(
        *(
            {"title": probe, "place": probe, "city": probe, "latitude": "34.5", "longitude": "69.1", "geo_precision": "city"}
            for probe in PROBES
        )
    )
    svg = static_map.small_map(loaded.incidents, loaded, PLACES["Kabul"], LIGHT).svg
    image = static_map.small_map(loaded.incidents, loaded, PLACES["Kabul"], LIGHT).html("".join(PROBES), LIGHT)
    ElementTree.fromstring(svg)
    assert not any(probe in svg for probe in PROBES if set(probe) & set("<>{}$`&"))
    assert image.count("<") == 1 and "{" not in image and "$" not in image


def test_no_incident_is_the_land_alone():
    loaded = record({"date": "2020-01-01"})
    drawn = ElementTree.fromstring(static_map.small_map(loaded.incidents[:0], loaded, PLACES["Afghanistan"], LIGHT).svg)
    assert not [circle for circle in drawn.iter("{http://www.w3.org/2000/svg}circle") if float(circle.get("r")) > 5]


def test_it_says_whether_every_mark_counts_a_province():
    loaded = shipped_record()
    drawn = {name: static_map.small_map(loaded.incidents, loaded, bounds, LIGHT) for name, bounds in PLACES.items()}
    assert {name: one.far for name, one in drawn.items()} == {"Afghanistan": True, "Kabul": False, "Herat": False}
    assert not static_map.small_map(loaded.incidents[:0], loaded, PLACES["Afghanistan"], LIGHT).far
    assert (
        static_map.legend_svg(LIGHT, 400, drawn["Afghanistan"])[1]
        < static_map.legend_svg(LIGHT, 400, static_map.SmallMap("", False, {0}))[1]
    )
