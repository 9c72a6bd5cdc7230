"""The Compare page in a real Chromium: another milestone, another length, a link that asks the same again, a phone."""

from __future__ import annotations

import re

import pytest

from tests.support.browser import NARROW, settle

pytestmark = pytest.mark.browser


def answer_sentence(seen) -> str:
    return seen.page.locator("h1.atlas-sentence").inner_text()


def test_a_length_moves_answer_maps_and_address_and_the_link_asks_the_same(visit):
    seen = visit("/compare")
    settle(seen.page)
    before = answer_sentence(seen)
    assert re.match("(Lower|Higher|No clear change|Too few|Too uncertain|Cannot)", before)
    seen.page.get_by_role("radio", name="whole record").click()
    seen.page.wait_for_url(re.compile("first="))
    settle(seen.page)
    assert answer_sentence(seen).startswith("Cannot be told from reporting") and answer_sentence(seen) != before
    seen.page.get_by_role("radio", name="Kabul", exact=True).click()
    seen.page.wait_for_url(re.compile("map=Kabul"))
    settle(seen.page)
    pictures = seen.page.locator("img[src^='data:image/svg+xml']")
    assert pictures.count() == 2
    assert pictures.evaluate_all("all => all.every(one => one.complete && one.naturalWidth > 0)"), "a map is not drawn"
    again = visit(f"/{seen.page.url.split('/', 3)[3]}")
    settle(again.page)
    assert answer_sentence(again) == answer_sentence(seen)
    assert seen.foreign == [] and again.foreign == []


def test_the_citation_names_answer_version_and_link(visit):
    seen = visit("/compare")
    settle(seen.page)
    seen.page.get_by_role("button", name="Link and citation").first.click()
    code = seen.page.locator("[data-testid=stPopoverBody] [data-testid=stCode]")
    code.nth(1).wait_for()
    cited = code.nth(1).inner_text()
    assert answer_sentence(seen) in cited and re.search(r"Data version sha256 [0-9a-f]{64}", cited)
    assert "/compare" in code.nth(0).inner_text()


def test_a_phone_scrolls_down_and_never_sideways(visit):
    seen = visit("/compare", size=NARROW)
    settle(seen.page)
    assert seen.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert seen.page.locator("[data-testid=stVegaLiteChart]").count() >= 2
