"""The small maps: what the Map page would draw, in one picture without a word of the record."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from incident_atlas.dataset.load import load
from incident_atlas.geo.projection import Frame
from incident_atlas.maps import folium_map, static_svg
from incident_atlas.maps.clusters import map_cells
from incident_atlas.theme import DARK, LIGHT
from tests.support.tiny import PROBES, record

PLACES = {name: (*low, *high) for name, (low, high) in folium_map.PLACES}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("look", [LIGHT, DARK], ids=["light", "dark"])
def test_it_is_a_drawing_that_counts_what_the_cells_count(place, look):
    loaded = load()
    svg = static_svg.map_svg(loaded.incidents, loaded, PLACES[place], look)
    drawn = ElementTree.fromstring(svg)
    space = {"s": "http://www.w3.org/2000/svg"}
    frame = Frame(PLACES[place], static_svg.WIDTH, static_svg.HEIGHTS)
    cells = map_cells(loaded.incidents, 11 if frame.zoom > 10 else frame.zoom, frame.bounds())
    labels = [text.text for text in drawn.findall("s:text", space) if (text.text or "").replace(",", "").isdigit()]
    assert sorted(int(label.replace(",", "")) for label in labels) == sorted(n for n in cells["incidents"] if n > 1)
    assert len(drawn.findall("s:circle", space)) == len(cells)
    assert len(svg) < 60_000


def test_both_sides_have_the_same_scale_whatever_they_hold():
    loaded = load()
    few, all_of_it = (static_svg.map_svg(rows, loaded, PLACES["Kabul"], LIGHT) for rows in (loaded.incidents[:3], loaded.incidents))
    box = re.compile(r"viewBox='([\d. ]+)'")
    assert box.search(few)[1] == box.search(all_of_it)[1]
    assert few.split("<circle")[0] == all_of_it.split("<circle")[0]


def test_nothing_of_the_record_is_in_it_and_what_is_said_of_it_is_harmless():
    loaded = record(*({"title": probe, "place": probe} for probe in PROBES))
    svg = static_svg.map_svg(loaded.incidents, loaded, PLACES["Kabul"], LIGHT)
    image = static_svg.map_image(loaded.incidents, loaded, PLACES["Kabul"], LIGHT, "".join(PROBES))
    assert not any(probe in svg for probe in PROBES)
    assert image.count("<") == 1 and "{" not in image and "$" not in image


def test_no_incident_is_the_land_alone():
    loaded = record({"date": "2020-01-01"})
    assert "<circle" not in static_svg.map_svg(loaded.incidents[:0], loaded, PLACES["Afghanistan"], LIGHT)
