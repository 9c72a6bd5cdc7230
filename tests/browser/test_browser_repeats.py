"""Where attacks repeat, in a real Chromium: the words, the table with its links, the chart with its files, the citation."""

import re

import pytest

from incident_atlas.analysis import near_repeats
from incident_atlas.dataset.filters import Filters
from tests.support.browser import NARROW, settle
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser


def opened(tab):
    """The page with its section of repeats open."""
    tab.page.get_by_text("Where attacks repeat, and the places most hit").click()
    tab.page.get_by_role("heading", name="Places most hit").wait_for()
    return tab


def test_the_answer_stands_with_table_chart_and_citation_and_asks_no_other_host(visit):
    tab = opened(visit("/nearby?city=Kabul"))
    tab.page.locator("[data-testid=stVegaLiteChart] canvas, [data-testid=stVegaLiteChart] svg").last.wait_for()
    table = tab.page.locator(".st-key-most-hit .atlas-table")
    assert table.get_by_role("row").count() == 16 and "killed" in table.inner_text().lower()
    p_value = re.compile(r"\bp (below )?0\.\d+")
    kabul = Filters(city=("Kabul",)).apply(shipped_record().incidents)
    sentences = near_repeats.result_sentences(near_repeats.near_repeats(kabul))
    assert tab.page.get_by_text(p_value).count() == sum(bool(p_value.search(sentence)) for sentence in sentences) > 0
    tab.page.locator(".st-key-data-cite-repeats button").click()
    cited = tab.page.locator("[data-testid=stPopoverBody]").last
    cited.get_by_text("Cite as").wait_for()
    settle(tab.page)
    assert "near repeats" in cited.inner_text() and "incidents in Kabul" in cited.inner_text()
    assert tab.foreign == []


def test_a_place_of_the_table_is_one_click_from_a_look_at_it_in_the_same_session(visit):
    tab = opened(visit("/nearby?city=Kabul"))
    tab.page.evaluate("window.samePage = true")
    tab.page.locator(".st-key-most-hit-looks").get_by_role("button", name="Wazir Akbar Khan, Kabul").click()
    tab.page.wait_for_url(re.compile(r"place=kbl-wazir-akbar-khan"), timeout=15_000)
    settle(tab.page)
    assert "city=Kabul" in tab.page.url and "km=1.5" in tab.page.url and tab.page.evaluate("window.samePage") is True


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_table_and_chart_without_scrolling_sideways(visit, scheme):
    tab = opened(visit("/nearby", size=NARROW, scheme=scheme))
    shown = tab.page.locator(".st-key-most-hit .atlas-table")
    assert shown.get_by_role("columnheader").count() == 3
    settle(tab.page)
    main = "document.querySelector('[data-testid=stMain]')"
    assert tab.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
