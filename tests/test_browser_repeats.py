"""Where attacks repeat, in a real Chromium: the words, the table with its links, the chart with its files, the citation."""

import re

import pytest

from tests.browser import NARROW, settle

pytestmark = pytest.mark.browser


def test_the_answer_stands_with_table_chart_and_citation_and_asks_no_other_host(visit):
    seen = visit("/nearby?city=Kabul")
    seen.page.get_by_role("heading", name="Places most hit").wait_for()
    seen.page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").last.wait_for()
    table = seen.page.locator(".st-key-most-hit .atlas-table")
    assert table.get_by_role("row").count() == 16 and "killed" in table.inner_text().lower()
    assert seen.page.get_by_text(re.compile(r"p (=|≤) 0\.\d+")).count() == 1
    seen.page.locator(".st-key-data-cite-repeats button").click()
    cited = seen.page.locator("[data-testid=stPopoverBody]").last
    cited.get_by_text("Cite as").wait_for()
    settle(seen.page)
    assert "near repeats" in cited.inner_text() and "incidents in Kabul" in cited.inner_text()
    assert seen.foreign == []


def test_a_place_of_the_table_is_one_click_from_a_look_at_it(visit):
    seen = visit("/nearby?city=Kabul")
    seen.page.get_by_role("link", name="Wazir Akbar Khan, Kabul").click()
    seen.page.wait_for_url(re.compile(r"place=kbl-wazir-akbar-khan&km=1\.5"), timeout=15_000)
    settle(seen.page)
    assert "city=Kabul" in seen.page.url and seen.page.get_by_role("heading", name="Places most hit").count() == 1


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_table_and_chart_without_scrolling_sideways(visit, scheme):
    seen = visit("/nearby", size=NARROW, scheme=scheme)
    seen.page.get_by_role("link", name="Wazir Akbar Khan, Kabul").wait_for()
    settle(seen.page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert seen.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
