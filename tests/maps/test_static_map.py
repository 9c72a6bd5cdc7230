"""The map as a picture: the same marks as on the page, with the sentence and the source, drawn without any network."""

from __future__ import annotations

import re
import struct
from xml.etree import ElementTree

import pytest

from incident_atlas.analysis import summary
from incident_atlas.core import fonts
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.projection import Frame
from incident_atlas.maps import base_map, folium_map, legend, static_map
from incident_atlas.maps.clusters import map_areas, map_marks
from incident_atlas.theme import DARK, LIGHT
from tests.support import tiny
from tests.support.record import shipped_record

COUNTRY = (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
SVG = "{http://www.w3.org/2000/svg}"
KABUL = (34.44, 69.02, 34.62, 69.33)


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return shipped_record()


def sheet(loaded: Loaded, bounds=COUNTRY, sentence: str = "All of it.") -> str:
    citation = cite(loaded, sentence, "http://localhost/", summary.headline(loaded.incidents))
    return static_map.sheet_svg(loaded.incidents, bounds, LIGHT, citation)


def png(loaded: Loaded, bounds=COUNTRY, colours=LIGHT, sentence: str = "All of it.") -> bytes:
    citation = cite(loaded, sentence, "http://localhost/", summary.headline(loaded.incidents))
    return static_map.sheet_png(loaded.incidents, bounds, colours, citation)


def test_marks_are_lighter_by_what_may_lie_outside_the_dates(shipped):
    citation = cite(shipped, "May 2017.", "http://localhost/", summary.headline(shipped.incidents))
    for share in (0, 1):
        drawn = static_map.sheet_svg(shipped.incidents.assign(uncertain_date=share), COUNTRY, LIGHT, citation)
        assert ("<g opacity='0.50'>" in drawn) == (legend.LIGHTER in drawn) == bool(share)
    assert legend.LIGHTER not in sheet(shipped)


def size(picture: bytes) -> tuple[int, int]:
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    return struct.unpack(">II", picture[16:24])


def words(svg: str) -> list[str]:
    """All texts of a picture, in its order."""
    return [text.text or "" for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_the_picture_of_the_country_counts_every_province_and_names_it_in_words(shipped):
    texts = words(sheet(shipped))
    for province in ("Herat", "Kabul", "Kandahar"):
        assert f"{province} province" in texts and province not in texts
        assert f"{(shipped.incidents['province'] == province).sum():,}" in texts
    numbers = [int(text.replace(",", "")) for text in texts if text.replace(",", "").isdigit()]
    assert sum(numbers) == summary.headline(shipped.incidents).placed


def test_the_picture_of_a_part_counts_what_is_in_it_and_says_so(shipped):
    texts = words(sheet(shipped, KABUL))
    frame = Frame(KABUL, static_map.SHEET_WIDTH, static_map.SHEET_HEIGHTS)
    marks = map_marks(shipped.incidents, frame.zoom, frame.bounds())
    within, more = marks["incidents"].sum(), map_areas(shipped.incidents, frame.zoom, frame.bounds())["incidents"].sum()
    sentence = f"{within:,} of {len(shipped.incidents):,} lie in this part of the map; {more:,} more are known only to "
    assert any(text.startswith(sentence) for text in texts)
    city = shipped.incidents.query("city == 'Kabul' and geo_precision == 'city'")
    assert f"{len(city):,} known only to Kabul" in texts


def test_what_is_known_only_to_a_town_is_not_counted_as_near_the_point_of_its_middle(shipped):
    kabul = Filters(city=("Kabul",)).apply(shipped.incidents)
    citation = cite(shipped, "Kabul.", "http://localhost/", summary.headline(kabul))
    close = (34.526, 69.16, 34.536, 69.186)
    texts = " ".join(words(static_map.sheet_svg(kabul, close, LIGHT, citation)))
    only = int((kabul["geo_precision"] == "city").sum())
    found = re.search(r"([\d,]+) of ([\d,]+) lie in this part of the map; ([\d,]+) more are known only to (.*?)\. Data", texts)
    assert found[2] == f"{len(kabul):,}" and int(found[1]) < only <= int(found[3].replace(",", "")) and "Kabul" in found[4]
    far = " ".join(words(sheet(shipped)))
    assert f"{summary.headline(shipped.incidents).placed:,} of {len(shipped.incidents):,} lie in this part of the map." in far


def test_the_picture_carries_the_sentence_the_source_and_the_last_day(shipped):
    texts = words(sheet(shipped, sentence="509 incidents in Kabul."))
    everything = " ".join(texts)
    assert texts[0] == "509 incidents in Kabul." and "later incidents are incomplete" in everything
    assert "Natural Earth" in everything and shipped.source.sha256[:12] in everything


def test_a_place_known_only_to_the_city_is_a_hollow_ring_and_a_street_is_a_spot():
    street = {"latitude": "34.52", "longitude": "69.10", "geo_precision": "street"}
    loaded = tiny.record({"city": "Herat"}, street)
    near = [ElementTree.fromstring(sheet(loaded, bounds)) for bounds in ((33.6, 61.2, 35.2, 63.2), (33.7, 68.1, 35.3, 70.1))]
    rings = [[c for c in drawn.iter(f"{SVG}circle") if c.get("r") == "10.0"] for drawn in near]
    assert [[bool(circle.get("stroke-dasharray")) for circle in circles] for circles in rings] == [[True], [False]]


def test_letters_of_both_scripts_are_drawn_and_none_is_missing():
    def drawn(text: str, family: str = "") -> bytes:
        font = family or fonts.family(text)
        return fonts.png(
            f"<svg xmlns='http://www.w3.org/2000/svg' width='200' height='50'><text x='9' y='36' font-size='28' font-family='{font}'>{text}</text></svg>"
        )

    blank, kabul = drawn(" "), drawn("کابل")
    # A private letter that no typeface has shows what a missing one looks like.
    missing = drawn("\ue123\ue123\ue123\ue123", fonts.ARABIC)
    assert len({blank, kabul, missing, drawn("کالب"), drawn("Kabul")}) >= 4 and kabul not in (blank, missing)
    # Joined letters are not the letters one by one, which is what a picture without shaping draws.
    assert kabul != drawn("ک\u200cا\u200cب\u200cل")


def test_every_name_of_the_base_map_has_a_typeface_in_the_packages():
    for text, native, *_ in base_map.place_names(6) + base_map.place_names(12):
        assert fonts.family(text) == fonts.LATIN and (not native or fonts.family(native) == fonts.ARABIC)


def test_a_point_lies_where_web_mercator_puts_it():
    frame = Frame(KABUL, static_map.SHEET_WIDTH, static_map.SHEET_HEIGHTS)
    south, west, north, east = frame.bounds()
    assert frame.at(north, west) == pytest.approx((0, 0), abs=1e-6)
    assert frame.at(south, east) == pytest.approx((static_map.SHEET_WIDTH, frame.height), abs=1e-6)
    assert south <= KABUL[0] and north >= KABUL[2] and west <= KABUL[1] and east >= KABUL[3]


def test_the_picture_is_a_png_of_twice_the_width(shipped):
    width, height = size(png(shipped))
    assert width == pytest.approx(2 * (static_map.SHEET_WIDTH + 48), abs=8)
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
    sentence = "3 incidents, matching “{{ 7*191 }} ${x} <b> ![x](http://example.com/x.png) datum.x signal”."
    svg = sheet(tiny.record({}), sentence=sentence)
    assert sentence in words(svg) and "{{" not in svg and "<b>" not in svg
    assert size(png(tiny.record({}), sentence=sentence))[0] > 2000


def test_a_picture_names_no_address_that_it_would_load(shipped):
    for node in ElementTree.fromstring(sheet(shipped, KABUL)).iter():
        assert (node.get("href") or "#").startswith(("#", "data:image/webp;base64,"))


def test_the_legend_of_a_picture_has_only_the_letters_that_are_drawn():
    there = {"place": "Taimani", "perpetrator": "Taliban", "attribution": "claimed"}
    texts = words(sheet(tiny.record(there), KABUL))
    assert "Taliban" in texts and "Haqqani Network" not in texts and "Unknown" not in texts
