"""The grid of small maps: every incident drawn or accounted for, one scale, harmless, a picture with its source."""

from __future__ import annotations

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from incident_atlas.analysis import summary
from incident_atlas.analysis.panels import figures_by, panels
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.maps import folium_map, small_multiples
from incident_atlas.maps.small_multiples import PanelGrid, panel_grid, place_marks
from incident_atlas.theme import DARK, LIGHT
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, record

COUNTRY = (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
KABUL = (34.44, 69.02, 34.62, 69.33)
SVG = "{http://www.w3.org/2000/svg}"


def made(loaded: Loaded, by: str = "year", bounds=COUNTRY, chosen: Filters | None = None) -> PanelGrid:
    chosen = chosen or Filters()
    incidents = chosen.apply(loaded.incidents)
    found = panels(by, figures_by(incidents, by), chosen, exposure(loaded, chosen), loaded.source.last)
    return panel_grid(found, place_marks(incidents, by, bounds), bounds)


def sheet(loaded: Loaded, grid: PanelGrid, colours=LIGHT, measure: str = "killed") -> str:
    citation = cite(loaded, "All of it.", "http://localhost/?grid=year", summary.headline(loaded.incidents))
    return small_multiples.grid_svg(grid, measure, colours, citation, small_multiples.not_drawn(grid, len(loaded.incidents)))


@pytest.mark.parametrize("bounds", [COUNTRY, KABUL], ids=["country", "Kabul"])
@pytest.mark.parametrize("by", ["year", "perpetrator"])
def test_every_incident_has_a_mark_or_is_counted_as_without(by, bounds):
    loaded = shipped_record()
    grid = made(loaded, by, bounds)
    if by == "year":
        assert sum(n for marks in grid.marks for *_, n in marks) == grid.drawn
    missing = len(loaded.incidents) - grid.drawn
    assert missing > 0 and small_multiples.not_drawn(grid, len(loaded.incidents)).startswith(
        f"{missing:,} of {len(loaded.incidents):,} incidents ha"
    )


def test_far_out_a_circle_is_a_province_as_the_filter_of_that_province_counts_it():
    loaded = shipped_record()
    grid = made(loaded)
    for marks, panel in zip(grid.marks, grid.panels.panels, strict=True):
        around_it = loaded.incidents[loaded.incidents["year"].astype(str) == panel.title]
        counts = around_it["province"].astype("str").value_counts()
        assert {name: n for _, _, name, n in marks if name} == {name: counts[name] for _, _, name, _ in marks if name}


def test_the_area_of_a_circle_is_its_incidents_by_one_scale_in_all_panels():
    grid = made(shipped_record())
    assert grid.radius(40) == pytest.approx(2 * grid.radius(10)) and grid.radius(grid.largest) == small_multiples.LARGEST_PX
    few = made(record({"city": "Kabul"}))
    assert few.radius(1) < small_multiples.LARGEST_PX / 3


def test_the_sheet_names_sentence_source_link_and_every_panel():
    loaded = shipped_record()
    grid = made(loaded)
    drawn = ElementTree.fromstring(sheet(loaded, grid))
    texts = [text.text or "" for text in drawn.iter(f"{SVG}text")]
    everything = " ".join(texts)
    assert texts[0] == "All of it." and "http://localhost/?grid=year" in everything and loaded.source.sha256[:12] in everything
    assert small_multiples.HOW_TO_READ in everything and "Natural Earth" in everything
    for panel in grid.panels.panels:
        assert panel.title in texts and panel.words()[0] in texts
    assert len(list(drawn.iter(f"{SVG}use"))) >= len(grid.panels.panels)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_the_picture_is_drawn(colours):
    loaded = record({"city": "Kabul"}, {"city": "Herat", "date": "2021-02-01"})
    citation = cite(loaded, "Two.", "http://localhost/", summary.headline(loaded.incidents))
    assert small_multiples.grid_png(made(loaded), "incidents", colours, citation, "")[:8] == b"\x89PNG\r\n\x1a\n"


def test_names_of_a_file_are_harmless_and_do_not_run_over_the_next_map():
    rows = [{"perpetrator": probe.replace(";", ""), "attribution": "claimed", "city": "Kabul"} for probe in (*PROBES, "A" * 300)]
    loaded = record(*rows)
    svg = sheet(loaded, made(loaded, "perpetrator"))
    ElementTree.fromstring(svg)
    assert not any(probe in svg for probe in PROBES if set(probe) & set("<>{}$`&")) and "A" * 60 not in svg


def test_all_on_one_day_is_one_panel_and_one_incident_is_one_circle():
    loaded = record(*({"city": "Kabul", "date": "2020-05-05"} for _ in range(30)))
    grid = made(loaded)
    assert [panel.words() for panel in grid.panels.panels] == [["30 incidents"]] and [n for *_, n in grid.marks[0]] == [30]
    one = made(record({"city": "Herat"}), "month", chosen=Filters(since=date(2020, 1, 1), until=date(2020, 12, 31)))
    assert [len(marks) for marks in one.marks] == [1, *[0] * 11]


def test_incidents_of_another_country_are_cells_where_they_lie():
    loaded = record(
        *({"city": "", "country": "Mali", "latitude": "12.6", "longitude": "-8.0", "geo_precision": "city"} for _ in range(3))
    )
    grid = made(loaded, bounds=(10.0, -10.0, 20.0, 0.0))
    assert [(round(lat, 1), round(lon, 1), name, n) for lat, lon, name, n in grid.marks[0]] == [(12.6, -8.0, "", 3)]
    assert made(loaded).drawn == 0


def test_a_map_that_nobody_sees_is_described_by_its_figures_and_largest_provinces():
    grid = made(shipped_record())
    text = small_multiples.description(grid.panels.panels[0], grid.marks[0], "incidents")
    assert re.match(r"Map of 2002: \d+ incidents; most in Kabul province \d+", text)
