"""The Compare page in a real Chromium: another milestone, another length, a link that asks the same again, a phone."""

from __future__ import annotations

import base64
import re

import pytest

from incident_atlas.core import fonts
from tests.support.browser import NARROW, settle

pytestmark = pytest.mark.browser


def answer_sentence(tab) -> str:
    return tab.page.locator("h1.atlas-sentence").inner_text()


def test_a_length_moves_answer_maps_and_address_and_the_link_asks_the_same(visit):
    tab = visit("/compare")
    settle(tab.page)
    before = answer_sentence(tab)
    assert re.match("(Down|Up|No clear change|Too few|Too uncertain|Cannot)", before)
    tab.page.get_by_role("radio", name="whole record").click()
    tab.page.wait_for_url(re.compile("first="))
    settle(tab.page)
    assert answer_sentence(tab).startswith("Cannot be told from reporting") and answer_sentence(tab) != before
    tab.page.get_by_role("radio", name="Kabul", exact=True).click()
    tab.page.wait_for_url(re.compile("map=Kabul"))
    settle(tab.page)
    pictures = tab.page.locator("img[src^='data:image/svg+xml']")
    assert pictures.count() == 2
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)"), "a map is not drawn"
    again = visit(f"/{tab.page.url.split('/', 3)[3]}")
    settle(again.page)
    assert answer_sentence(again) == answer_sentence(tab)
    assert tab.foreign == [] and again.foreign == []


def test_the_citation_names_answer_version_and_link(visit):
    tab = visit("/compare")
    settle(tab.page)
    tab.page.get_by_role("button", name="Link and citation").first.click()
    code = tab.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    code.nth(1).wait_for()
    cited = code.nth(1).inner_text()
    verdict, before, after = re.match(r"(.*?): (\d+) incidents? before, (\d+) after\.", answer_sentence(tab)).groups()
    assert re.search(
        rf"{verdict}: {after} incidents?( \(attacks of one operation counted once\))? from .* against {before} from ", cited
    )
    assert "Caution: " in answer_sentence(tab) and "Caution: " in cited and re.search(r"Data version sha256 [0-9a-f]{64}", cited)
    assert "/compare" in code.nth(0).inner_text()


def test_a_phone_scrolls_down_and_never_sideways(visit):
    tab = visit("/compare", size=NARROW)
    settle(tab.page)
    assert tab.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert tab.page.locator("[data-testid=stVegaLiteChart]").count() >= 2


def test_the_names_on_its_maps_are_drawn_with_the_letters_that_the_pictures_carry(visit):
    """In an image the page's typeface does not reach: without letters of their own names would be wider than the room kept for them."""
    tab = visit("/compare?map=Kabul")
    settle(tab.page)
    source = tab.page.locator("img[src^='data:image/svg+xml']").first.get_attribute("src")
    tab.page.set_content(base64.b64decode(source.partition("base64,")[2]).decode("utf-8"))
    used = tab.page.evaluate(
        "document.fonts.ready.then(all => [...all].filter(one => one.status === 'loaded').map(one => one.family))"
    )
    assert {name.strip("'\"") for name in used} == {fonts.LATIN, fonts.ARABIC} and tab.foreign == []
