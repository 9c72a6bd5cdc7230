"""The base map's files: small, complete, made from what they say they are made from, and sent with no filter change."""

import json

import numpy as np
import pytest
from PIL import Image

from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.maps import base_map, folium_map
from incident_atlas.theme import BASE_MAP, DARK, LIGHT
from tests.charts.test_charts import contrast
from tools.data import build_labels
from tools.data.topology import decoded_arcs

LIMITS = {
    "relief-light.webp": 120_000,
    "relief-dark.webp": 120_000,
    "world.json": 330_000,
    "region.json": 90_000,
    "close.json": 240_000,
    "labels.json": 40_000,
}


def topology(name: str) -> dict:
    return json.loads((base_map.FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def test_the_folder_holds_the_files_that_are_drawn_and_none_is_too_large():
    assert {path.name: path.stat().st_size <= LIMITS.get(path.name, 0) for path in base_map.FOLDER.iterdir()} == dict.fromkeys(
        LIMITS, True
    )
    assert set(LIMITS) == {f"{name}.json" for name in base_map.DATA_FILES} | {f"relief-{scheme}.webp" for scheme in BASE_MAP}


def test_the_names_are_those_of_the_gazetteer():
    assert (base_map.FOLDER / "labels.json").read_text(encoding="utf-8") == build_labels.content(), (
        "run python -m tools.data.build_labels"
    )


def test_no_name_of_the_map_can_be_taken_for_markup():
    names = [text for label in topology("labels")["labels"] for text in label[:2]]
    names += [country["properties"]["name"] for country in topology("world")["objects"]["countries"]["geometries"]]
    assert len(names) > 600 and not [name for name in names if set(name) & set("<>&{}`$\\")]


def test_rivers_and_provinces_lie_where_they_are_said_to():
    region = topology("region")
    arcs = decoded_arcs(region)
    everything = np.concatenate(arcs)
    (south, west), (north, east) = base_map.RELIEF_BOUNDS
    assert everything.min(axis=0).tolist() >= [west - 0.01, south - 0.01] and everything.max(axis=0).tolist() <= [
        east + 0.01,
        north + 0.01,
    ]
    assert min(len(region["objects"][name]["arcs"]) for name in ("rivers", "lakes", "provinces")) >= 3


def test_the_relief_is_painted_in_the_colours_of_the_theme():
    for scheme, colours in BASE_MAP.items():
        with Image.open(base_map.FOLDER / f"relief-{scheme}.webp") as image:
            pixels = np.asarray(image.convert("RGBA"), float)
        land = np.array([int(colours.land[at : at + 2], 16) for at in (1, 3, 5)])
        # The desert south of the Helmand is flat: 30.3 to 30.8 N, 63 to 65 E.
        height, width = pixels.shape[:2]
        desert = pixels[int(height * 0.72) : int(height * 0.75), int(width * 8 / 27) : int(width * 10 / 27)]
        assert np.abs(np.median(desert[..., :3], axis=(0, 1)) - land).max() < 8, "run python -m tools.data.build_relief"
        assert pixels[0, :, 3].max() == pixels[:, 0, 3].max() == 0, "its edges must not show"


@pytest.mark.parametrize("colours", BASE_MAP.values(), ids=list(BASE_MAP))
def test_names_and_lines_can_be_read_on_the_land(colours):
    assert (
        min(
            contrast(colours.town, colours.land),
            contrast(colours.foreign, colours.abroad),
            contrast(colours.foreign, colours.land),
        )
        >= 4.4
    )
    assert contrast(colours.country, colours.land) >= 4.5 and contrast(colours.river, colours.land) >= 3
    assert contrast(colours.province, colours.land) >= 2.25


def test_the_map_script_names_the_files_and_holds_none_of_them():
    around_it = folium_map.Addresses("../leaflet", "../assets", "../../static/font.woff2")
    scripts = [folium_map.base_map(None, theme, around_it).get_root().render().split("<script>")[-1] for theme in (LIGHT, DARK)]
    assert all("../assets/basemap/" in script and base_map.version() in script for script in scripts)
    assert max(map(len, scripts)) < 4_000


def test_the_version_is_that_of_the_files(tmp_path, monkeypatch):
    monkeypatch.setattr(base_map, "FOLDER", tmp_path)
    versions = []
    for content in ("a", "b", "a"):
        (tmp_path / "world.json").write_text(content)
        base_map.version.cache_clear()
        versions.append(base_map.version())
    base_map.version.cache_clear()
    assert versions[0] == versions[2] != versions[1]


def test_streets_come_from_openstreetmap_unless_a_setting_names_another_server(monkeypatch):
    monkeypatch.delenv(base_map.TILES, raising=False)
    assert base_map.street_tiles()["host"] == "openstreetmap.org"
    monkeypatch.setenv(base_map.TILES, "http://tiles.example.org:8080/{z}/{x}/{y}.png")
    assert base_map.street_tiles()["host"] == "tiles.example.org:8080"


@pytest.mark.parametrize(
    "value",
    [
        "none",
        "javascript:alert({x},{y},{z})",
        "https://tiles.example.org/",
        "https://a.example/{z}/{x}/{y}/{s}",
        "https://<b>/{z}/{x}/{y}",
    ],
)
def test_a_setting_that_is_no_address_of_tiles_offers_no_streets(monkeypatch, value):
    monkeypatch.setenv(base_map.TILES, value)
    assert base_map.street_tiles() is None


def test_no_quarter_or_district_is_named_at_the_point_of_what_it_lies_in():
    gazetteer = offline_gazetteer()
    borrowed = {
        (place.name, round(place.latitude, 4), round(place.longitude, 4))
        for place in gazetteer.places
        if place.kind in ("district", "neighbourhood") and not gazetteer.has_own_point(place)
    }
    shown = json.loads((base_map.FOLDER / "labels.json").read_text(encoding="utf-8"))["labels"]
    assert "Pul-e Sokhta" in {name for name, *_ in borrowed}
    assert not borrowed & {(name, *at) for name, _, *at, _ in shown}
    assert not borrowed & {(name, *at) for name, *at, _ in folium_map.towns()}
