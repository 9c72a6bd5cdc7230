"""The grid of small maps in a real browser: drawn, readable at every width, and a click that goes there."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import NARROW, WIDE, settle

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("size", "columns"), [(WIDE, 6), ((1024, 900), 4), (NARROW, 2)], ids=["wide", "laptop", "phone"])
def test_every_year_is_drawn_and_nothing_scrolls_sideways(visit, size, columns):
    tab = visit("/?grid=year", size=size)
    settle(tab.page)
    maps = tab.page.locator(".atlas-panel img")
    maps.first.wait_for()
    assert maps.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)"), "a map is not drawn"
    boxes = maps.evaluate_all(
        "all => all.map(one => one.getBoundingClientRect()).map(box => [Math.round(box.x), Math.round(box.width)])"
    )
    assert len(boxes) >= 20 and len({x for x, _ in boxes}) == columns and {width for _, width in boxes} <= {148, 163}
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth <= window.innerWidth")
    assert tab.foreign == []


def test_a_click_on_a_map_goes_there_and_back_returns_to_the_grid(visit):
    tab = visit("/?grid=year&city=Kabul")
    page = tab.page
    settle(page)
    shown = page.locator(".atlas-panel img[alt^='Map of 2017']")
    shown.scroll_into_view_if_needed()
    box = shown.bounding_box()
    # The link of the title lies over the map.
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("from=2017-01-01"))
    settle(page)
    assert "grid" not in page.url and "city=Kabul" in page.url
    assert re.search("incidents in Kabul, 2017", page.locator("h1.atlas-sentence").inner_text())
    page.locator("iframe[title*=folium]").wait_for()
    page.go_back()
    page.wait_for_url(re.compile("grid=year"))
    page.locator(".atlas-panel").first.wait_for()


def test_the_picture_of_the_grid_is_a_file(visit, tmp_path):
    tab = visit("/?grid=perpetrator")
    page = tab.page
    settle(page)
    page.locator(".st-key-data-grid button").click()
    with page.expect_download() as download:
        page.locator("[data-testid=stPopoverBody] button", has_text="SVG").click()
    path = tmp_path / "grid.svg"
    download.value.save_as(path)
    text = path.read_text(encoding="utf-8")
    assert "Taliban" in text and "grid=perpetrator" in text and download.value.suggested_filename.endswith("-small-maps.svg")
