"""Colours of data sets: told apart by every eye, on either ground, and drawn as honestly as the perpetrators'."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pytest

from incident_atlas import theme
from incident_atlas.analysis import summary
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.maps import folium_map, static_map
from incident_atlas.maps.clusters import map_cells
from incident_atlas.theme import DARK, LIGHT, OTHERS, PERPETRATORS, SELECTED, contrast
from tests.support.data_sets import CLOSED, OPEN, combined, of

EYES = {
    "all colours": np.eye(3),
    "no red": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "no green": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "no blue": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}
"""Linear RGB as seen by dichromats: Machado, Oliveira & Fernandes (IEEE TVCG 15, 2009), severity 1."""


def lab(colour: str, eyes: str) -> np.ndarray:
    """CIE Lab (D65) of a colour as these eyes see it."""
    rgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.clip(np.array(EYES[eyes]) @ np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4), 0, 1)
    x, y, z = (
        np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear / [0.9505, 1, 1.089]
    )
    x, y, z = (np.cbrt(t) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x, y, z))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colours_of_data_sets_stand_out_and_are_told_apart_by_every_eye(scheme):
    assert all(contrast(colour, ground) >= 3 for colour in scheme.origins for ground in (scheme.background, scheme.land))
    assert not set(scheme.origins) & {SELECTED, OTHERS[0], *(colour for colour, _ in PERPETRATORS.values())}
    for one, other in itertools.combinations(scheme.origins, 2):
        assert min(np.linalg.norm(lab(one, eyes) - lab(other, eyes)) for eyes in EYES) > 15, (one, other)
    for hue in theme.data_set_colours([str(n) for n in range(9)], scheme):
        assert contrast(hue.colour, hue.ink) >= 4.5


def test_beyond_the_colours_that_can_be_told_apart_data_sets_share_one():
    names = [f"{n}.csv" for n in range(8)]
    drawn = theme.data_set_colours(names, LIGHT)
    assert [hue.name for hue in drawn] == [*names[:5], theme.OTHER_DATA_SETS, theme.SEVERAL_DATA_SETS]
    assert len({hue.letter for hue in drawn}) == len({hue.colour for hue in drawn}) == len(drawn)
    assert theme.colour_indices(["4.csv", "5.csv", "7.csv", "0.csv;1.csv"], names, LIGHT) == [4, 5, 5, 6]


def several(n: int = 1):
    """Incidents of two data sets: one of each alone, and `n` of both on one spot."""
    there = {"latitude": "34.5", "longitude": "69.1", "geo_precision": "street"}
    alone = [there | {"longitude": "65"}, there | {"longitude": "62.5"}]
    return combined(of(OPEN, "a.csv", alone[0], *[there] * n), of(CLOSED, "b.csv", alone[1], *[there] * n))


def marks(loaded, incidents=None, zoom: float = 7, bounds=None) -> dict:
    rows = theme.with_colour_index(loaded.incidents if incidents is None else incidents, loaded.options["origin"], LIGHT)
    cells = map_cells(rows, zoom, bounds, colour="colour_index")
    own = theme.data_set_colours(loaded.options["origin"], LIGHT)
    return folium_map.marks(cells, rows.set_index("row"), LIGHT, None, None, data_sets=own)


def test_a_cell_of_one_data_set_has_its_colour_and_one_of_several_says_the_share_of_each():
    drawn = marks(several(3))
    looks = {mark.longitude: (mark.incidents, mark.colour, mark.words) for mark in drawn["marks"]}
    assert looks[69.1] == (6, 2, [[0, 3], [1, 3]])
    assert looks[65.0][:2] == (1, 0) and looks[62.5][:2] == (1, 1) and looks[62.5][2].endswith("<br>b.csv")
    assert [colours[3] for colours in drawn["palette"]] == ["a.csv", "b.csv", theme.SEVERAL_DATA_SETS]


def test_the_parts_of_cells_add_up_to_their_incidents_at_every_zoom():
    loaded = several(4)
    rows = theme.with_colour_index(loaded.incidents, loaded.options["origin"], LIGHT)
    for zoom in range(2, 19):
        cells = map_cells(rows, zoom, colour="colour_index")
        assert [sum(n for _, n in parts) for parts in cells["parts"]] == list(cells["incidents"])
        assert cells["incidents"].sum() == len(rows)


def test_a_filter_does_not_change_the_colour_of_a_data_set():
    loaded = several()
    left = Filters(origin=("b.csv",)).apply(loaded.incidents)
    assert {mark.colour for mark in marks(loaded, left)["marks"]} == {1}


def test_without_colours_of_data_sets_nothing_more_is_sent():
    rows = several().incidents
    plain = folium_map.marks(map_cells(rows, 7), rows.set_index("row"), LIGHT, None, None)
    assert "palette" not in plain and {mark.colour for mark in plain["marks"] if mark.incidents > 1} == {0}


def test_the_most_cells_of_the_most_data_sets_stay_small():
    origins = [f"a file with a rather long name, number {n}.csv" for n in range(7)]
    points = [
        {"latitude": f"{30 + n % 40 / 5}", "longitude": f"{61 + n // 40 / 2}", "geo_precision": "street"} for n in range(800)
    ]
    rows = of(OPEN, "a.csv", *points, *points).incidents
    rows = theme.with_colour_index(rows.assign(origin=[origins[n % 7] for n in range(len(rows))]), origins, LIGHT)
    cells = map_cells(rows, 9, colour="colour_index")
    drawn = folium_map.marks(cells, rows.set_index("row"), LIGHT, None, None, data_sets=theme.data_set_colours(origins, LIGHT))
    assert len(drawn["marks"]) > 50 and len(json.dumps(drawn)) < 20_000


def test_the_words_of_a_data_set_are_harmless_on_the_map():
    loaded = combined(of(OPEN, "<b>{{ 7*191 }}`.csv", {}), of(CLOSED, "b.csv", {}))
    sent = json.dumps(marks(loaded))
    assert "<b>{" not in sent and "{{" not in sent and "`" not in sent and "7*191" in sent


def test_the_picture_of_the_map_has_a_ring_of_shares_and_the_names():
    loaded = several(3)
    message = cite(loaded, "All.", "http://x/", summary.headline(loaded.incidents))
    box = (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
    drawn = static_map.sheet_svg(loaded.incidents, box, LIGHT, message, loaded.options["origin"])
    assert "class='share'" in drawn and theme.SEVERAL_DATA_SETS in drawn and "b.csv" in drawn
    assert "class='share'" not in static_map.sheet_svg(loaded.incidents, box, LIGHT, message)
    assert static_map.sheet_png(loaded.incidents, box, DARK, message, loaded.options["origin"]).startswith(b"\x89PNG")
