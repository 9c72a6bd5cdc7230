"""The map by keyboard and around its marks: a way past it, one Tab stop for all marks, and no entry of an area on a mark."""

import pytest

from tests.browser.test_browser_base_map import touching
from tests.browser.test_browser_map import map_frame
from tests.support.browser import NARROW, WIDE, settle

pytestmark = pytest.mark.browser

FOCUSED = "document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
BOXES = """(selector) => [...document.querySelectorAll(selector)].map((one) => {
    const { left, top, right, bottom } = one.getBoundingClientRect();
    return [one.textContent, left, top, right, bottom];
})"""


@pytest.mark.parametrize("path", ["/", "/nearby?site=kabul-airport"])
def test_a_link_leads_past_the_map(visit, path):
    page = visit(path).page
    page.wait_for_selector("iframe[title*='folium']")
    skip = page.get_by_role("link", name="Skip the map")
    skip.focus()
    assert skip.evaluate("link => link.getBoundingClientRect().width > 60"), "it is seen when it has the focus"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    after = "document.querySelector('iframe[title*=folium]').compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_FOLLOWING"
    assert page.evaluate(after) and page.evaluate("document.activeElement.tagName") != "IFRAME"


def test_all_marks_are_one_stop_of_the_tab_key_and_the_arrow_keys_go_from_one_to_the_next(visit):
    tab = visit("/")
    frame = map_frame(tab)
    settle(tab.page)
    stops = frame.locator(".leaflet-marker-icon[tabindex='0']")
    assert stops.count() == 1 and frame.locator(".leaflet-marker-icon[tabindex='-1']").count() > 10
    assert "Arrow keys" in frame.locator("#map_div").get_attribute("aria-label")
    stops.focus()
    first, at = frame.evaluate(FOCUSED), stops.bounding_box()
    tab.page.keyboard.press("ArrowLeft")
    second, then = frame.evaluate(FOCUSED), stops.bounding_box()
    assert "Kabul province" in first and first != second and then["x"] < at["x"]
    assert stops.count() == 1
    tab.page.keyboard.press("Enter")
    tab.page.locator(".st-key-spot-list, .st-key-card").first.wait_for(timeout=15_000)


@pytest.mark.parametrize("size", [WIDE, (1024, 768), NARROW], ids=["wide", "middle", "phone"])
@pytest.mark.parametrize(
    "path", ["/?lat=34.53&lon=69.17&zoom=12", "/?lat=34.35&lon=62.2&zoom=12", "/?lat=34.53&lon=69.17&zoom=10"]
)
def test_the_entries_of_areas_cover_no_mark(visit, path, size):
    tab = visit(path, size=size)
    frame = map_frame(tab)
    frame.wait_for_selector(".atlas-areas button")
    tab.page.wait_for_timeout(1500)
    [box] = frame.evaluate(BOXES, ".atlas-areas")
    marks = frame.evaluate(BOXES, ".leaflet-marker-pane .atlas-mark")
    assert marks and not [mark[0] for mark in marks if touching(box, mark)]


def test_a_link_to_a_place_shows_it_in_the_middle_of_a_phones_map(visit):
    frame = map_frame(visit("/?lat=34.53&lon=69.17&zoom=12", size=NARROW))
    latitude, longitude = frame.evaluate("[map.getCenter().lat, map.getCenter().lng]")
    assert abs(latitude - 34.53) < 0.002 and abs(longitude - 69.17) < 0.002
