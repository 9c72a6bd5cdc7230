"""The Incidents page in a real Chromium: from the table to an incident, on to the next, and to its place on the map."""

import re

import pytest

from incident_atlas.dataset.load import load
from tests.support.browser import settle

pytestmark = pytest.mark.browser


def grid(visit):
    table = visit.page.locator("[data-testid=stDataFrame]").first
    table.wait_for()
    visit.page.wait_for_timeout(800)
    return table.bounding_box()


def test_a_tick_opens_the_page_and_the_map_goes_where_the_next_incident_was(visit):
    tab = visit("/incidents?city=Herat")
    box = grid(tab)
    tab.page.mouse.click(box["x"] + 18, box["y"] + 54)
    tab.page.wait_for_url(re.compile("incident=AFG-"), timeout=15_000)
    tab.page.get_by_text("Who says what").wait_for()
    settle(tab.page)
    before = tab.page.url
    tab.page.get_by_role("button", name="Older").click()
    tab.page.wait_for_function("before => location.href !== before", arg=before)
    settle(tab.page)
    opened = load().find(re.search("incident=([^&]+)", tab.page.url)[1])
    assert f"lat={opened['latitude']:.4f}" in tab.page.url
    assert tab.page.locator("iframe[title*='folium']").count() == 1
    assert tab.foreign == []


def test_the_keyboard_reads_the_table_and_opens_a_row(visit):
    tab = visit("/incidents")
    box = grid(tab)
    tab.page.mouse.click(box["x"] + 120, box["y"] + 54)
    for key in ("ArrowDown", "ArrowRight", "ArrowDown"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_timeout(800)
    assert "incident=" not in tab.page.url, "walking through the table opened a page"
    tab.page.keyboard.press("Shift+Space")
    tab.page.wait_for_url(re.compile("incident=AFG-"), timeout=15_000)


def test_links_of_a_list_do_not_lie_one_upon_the_other(visit):
    links = visit("/incidents?incident=AFG-20180127-1").page.locator("[class*='st-key-leads-possible'] a")
    links.nth(1).wait_for()
    first, second = links.nth(0).bounding_box(), links.nth(1).bounding_box()
    assert first["y"] + first["height"] <= second["y"]
