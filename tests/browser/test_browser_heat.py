"""The heat layer in a real Chromium: it is painted, it warns, the address holds it, and off it is gone."""

import re

import pytest

from tests.browser.test_browser_map import map_frame, view
from tests.support.browser import NARROW, settle

pytestmark = pytest.mark.browser

PAINTED = """() => {
    const canvas = document.querySelector("canvas.atlas-heat");
    if (!canvas) return -1;
    const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
    return pixels.reduce((n, value, at) => n + (at % 4 === 3 && value > 0), 0);
}"""
WARNING = "not how likely the next one is"


def toggle(tab) -> None:
    tab.page.get_by_text("Heat layer", exact=True).click()
    settle(tab.page)


def test_the_switch_paints_the_layer_under_the_marks_and_takes_it_away_again(visit):
    tab = visit("/")
    frame = map_frame(tab)
    frame.evaluate("window.sameMap = true")
    before = view(frame)
    assert frame.evaluate(PAINTED) == -1 and not frame.evaluate("!!document.querySelector('script[src*=atlas_heat]')")
    toggle(tab)
    tab.page.wait_for_url(re.compile("heat=1"), timeout=15_000)
    frame.wait_for_selector("canvas.atlas-heat", timeout=15_000)
    assert frame.evaluate(PAINTED) > 100
    assert WARNING in tab.page.locator("[data-testid=stMain]").inner_text()
    above = frame.evaluate(
        "['heat', 'water', 'borders', 'labels', 'markerPane'].map(name => +getComputedStyle(map.getPane(name)).zIndex)"
    )
    assert above == sorted(above) and frame.evaluate("getComputedStyle(map.getPane('heat')).pointerEvents") == "none"
    toggle(tab)
    frame.wait_for_selector("canvas.atlas-heat", state="detached", timeout=15_000)
    assert "heat" not in tab.page.url and WARNING not in tab.page.locator("[data-testid=stMain]").inner_text()
    assert frame.evaluate("window.sameMap") is True and view(frame) == before, "the switch built the map again or moved it"
    assert tab.foreign == []


def test_its_address_opens_it_cold_and_it_follows_the_map(visit):
    tab = visit("/?heat=1&lat=34.53&lon=69.17&zoom=12")
    frame = map_frame(tab)
    frame.wait_for_selector("canvas.atlas-heat", timeout=15_000)
    assert "1.5 km" in tab.page.get_by_text(WARNING).inner_text()
    kabul = frame.evaluate(PAINTED)
    assert kabul > 1_000
    frame.locator(".atlas-places a", has_text="Afghanistan").click()
    tab.page.get_by_text("smoothed over about 100 km").wait_for(timeout=15_000)
    settle(tab.page)
    assert 0 < frame.evaluate(PAINTED) < kabul
    assert frame.evaluate("document.querySelectorAll('canvas.atlas-heat').length") == 1
    # Far from every incident nothing is painted.
    frame.evaluate("map.setView([24, 50], 8, {animate: false})")
    assert frame.evaluate(PAINTED) == 0


def test_another_page_and_back_keeps_it_and_a_filter_that_leaves_nothing_says_so(visit):
    tab = visit("/?heat=1")
    map_frame(tab).wait_for_selector("canvas.atlas-heat", timeout=15_000)
    tab.page.get_by_role("link", name="About the record").click()
    tab.page.get_by_role("heading", name="About the record").wait_for()
    settle(tab.page)
    tab.page.get_by_role("link", name="Map", exact=True).first.click()
    frame = map_frame(tab)
    frame.wait_for_selector("canvas.atlas-heat", timeout=15_000)
    assert "heat=1" in tab.page.url
    imprecise = visit("/?heat=1&province=Kandahar")
    imprecise.page.get_by_text("there is nothing to draw").wait_for(timeout=15_000)


def test_a_phone_shows_the_switch_and_its_warning_without_scrolling_sideways(visit):
    tab = visit("/?heat=1", size=NARROW, scheme="dark")
    map_frame(tab).wait_for_selector("canvas.atlas-heat", timeout=15_000)
    main = "document.querySelector('[data-testid=stMain]')"
    assert tab.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    switch, legend = (tab.page.locator(name).first.bounding_box() for name in (".st-key-w-heat", ".atlas-key"))
    assert switch["y"] >= legend["y"] + legend["height"] - 1
