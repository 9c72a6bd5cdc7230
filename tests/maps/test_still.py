"""The map as a picture: the same marks as on the page, with the sentence and the source, drawn without any network."""

from __future__ import annotations

import struct
from typing import Any

import pytest

from incident_atlas.analysis import summary
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.export import tables
from incident_atlas.geo.projection import Frame
from incident_atlas.maps import folium_map, static_png
from incident_atlas.theme import DARK, LIGHT
from tests.support import tiny

COUNTRY = (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
KABUL = (34.44, 69.02, 34.62, 69.33)


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return load()


def spec(loaded: Loaded, bounds=COUNTRY, sentence: str = "All of it.") -> dict[str, Any]:
    citation = tables.cite(loaded, sentence, "http://localhost/", summary.headline(loaded.incidents))
    return static_png.map_spec(loaded.incidents, bounds, LIGHT, citation)


def png(loaded: Loaded, bounds=COUNTRY, look=LIGHT, sentence: str = "All of it.") -> bytes:
    citation = tables.cite(loaded, sentence, "http://localhost/", summary.headline(loaded.incidents))
    return static_png.map_png(loaded.incidents, bounds, look, citation)


def size(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", picture[16:24])


def marks(drawn: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows behind every circle of the map itself, rings and spots."""
    layers = drawn["vconcat"][0]["layer"]
    found = []
    for layer in layers:
        if isinstance(layer["mark"], dict) and layer["mark"]["type"] == "point":
            data = layer.get("data", {})
            found += [row for row in data.get("values", drawn.get("datasets", {}).get(data.get("name"), []))]
    return [row for row in found if "label" in row]


def counted(rows: list[dict[str, Any]]) -> int:
    unique = {(row["x"], row["y"], row["blunt"]): row for row in rows}
    return sum(int(row["label"].replace(",", "")) if row["label"].replace(",", "").isdigit() else 1 for row in unique.values())


def test_the_picture_of_the_country_holds_every_placed_incident(shipped):
    assert counted(marks(spec(shipped))) == summary.headline(shipped.incidents).placed


def test_the_picture_of_a_part_counts_what_is_in_it_and_says_so(shipped):
    drawn = spec(shipped, KABUL)
    n = counted(marks(drawn))
    assert 0 < n < len(shipped.incidents)
    assert drawn["title"]["subtitle"].startswith(f"{n:,} of {len(shipped.incidents):,} are in this part of the map")


def test_the_picture_carries_the_sentence_the_source_and_the_last_day(shipped):
    drawn = spec(shipped, sentence="509 incidents in Kabul.")
    assert drawn["title"]["text"] == ["509 incidents in Kabul."]
    assert "The record ends on" in drawn["title"]["subtitle"]
    assert "Natural Earth" in str(drawn) and shipped.source.sha256[:12] in str(drawn)


def test_a_place_known_only_to_the_city_is_a_hollow_ring_and_a_street_is_a_spot():
    street = {"latitude": "34.52", "longitude": "69.10", "geo_precision": "street"}
    rows = marks(spec(tiny.record({"city": "Herat"}, street)))
    assert sorted(row["blunt"] for row in {row["x"]: row for row in rows}.values()) == [False, True]
    assert {row["label"] for row in rows} == {"T"}


def test_a_point_lies_where_web_mercator_puts_it():
    frame = Frame(KABUL, static_png.WIDTH, static_png.HEIGHTS)
    south, west, north, east = frame.bounds()
    assert frame.at(north, west) == pytest.approx((0, 0), abs=1e-6)
    assert frame.at(south, east) == pytest.approx((static_png.WIDTH, frame.height), abs=1e-6)
    assert south <= KABUL[0] and north >= KABUL[2] and west <= KABUL[1] and east >= KABUL[3]


def test_the_picture_is_a_png_of_twice_the_width(shipped):
    width, height = size(png(shipped))
    assert width == pytest.approx(2 * (static_png.WIDTH + 48), abs=8)
    assert height > 1000
    assert size(png(shipped, KABUL, DARK))[0] == width


@pytest.mark.parametrize("rows", [[], [{"city": "", "place": "somewhere"}], [{"city": "Kabul"}]], ids=["none", "unplaced", "one"])
def test_a_record_of_few_or_no_incidents_is_a_picture_too(rows):
    assert size(png(tiny.record(*rows)))[0] > 2000


@pytest.mark.parametrize(
    "bounds", [(34.5, 69.1, 34.5, 69.1), (20, 45, 50, 90), (34.5, 60, 34.6, 75)], ids=["a point", "far", "a strip"]
)
def test_any_view_is_a_picture(bounds):
    assert size(png(tiny.record({"city": "Kabul"}), bounds))[0] > 2000


def test_hostile_text_in_the_sentence_is_only_text():
    sentence = "3 incidents, with the words “{{ 7*191 }} ${x} <b> ![x](http://example.com/x.png) datum.x signal”."
    assert sentence in " ".join(spec(tiny.record({}), sentence=sentence)["title"]["text"])
    assert size(png(tiny.record({}), sentence=sentence))[0] > 2000
