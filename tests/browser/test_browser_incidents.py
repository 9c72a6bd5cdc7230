"""The Incidents page in a real Chromium: from the table to an incident, on to the next, and to its place on the map."""

import re

import pytest

from tests.support.browser import settle
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser


ROWS = ".st-key-rows-box-table button"


def test_a_click_opens_the_page_and_the_map_goes_where_the_next_incident_was(visit):
    tab = visit("/incidents?city=Herat")
    tab.page.locator(ROWS).first.click()
    tab.page.wait_for_url(re.compile("incident=AFG-"), timeout=15_000)
    tab.page.get_by_text("Who says what").wait_for()
    settle(tab.page)
    before = tab.page.url
    tab.page.get_by_role("button", name="Older").click()
    tab.page.wait_for_function("before => location.href !== before", arg=before)
    settle(tab.page)
    opened = shipped_record().find(re.search("incident=([^&]+)", tab.page.url)[1])
    assert f"lat={opened['latitude']:.4f}" in tab.page.url
    assert tab.page.locator("iframe[title*='folium']").count() == 1
    assert tab.foreign == []


def test_the_keyboard_reads_the_table_and_opens_a_row(visit):
    tab = visit("/incidents")
    tab.page.locator(ROWS).first.focus()
    for key in ("ArrowRight", "ArrowRight"):
        tab.page.keyboard.press(key)
    tab.page.wait_for_timeout(800)
    assert "incident=" not in tab.page.url, "walking through the table opened a page"
    third = tab.page.locator(ROWS).nth(2)
    assert third.evaluate("row => row === document.activeElement")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("incident=AFG-"), timeout=15_000)


ROWS_ON_SCREEN = """() => {
    const rows = [...document.querySelectorAll('.st-key-rows-box-table button')];
    const box = document.querySelector('.st-key-rows-box-table').getBoundingClientRect();
    const end = Math.min(innerHeight, box.bottom) + 1;
    const cut = rows.filter((row) => [row, ...row.querySelectorAll('p, p > *')].some((one) => one.scrollWidth > one.clientWidth + 1 && one.clientWidth));
    const columns = (row) => [...row.children].map((part) => Math.round(part.getBoundingClientRect().left));
    return [rows.filter((row) => row.getBoundingClientRect().bottom <= end).length, cut.length, document.documentElement.scrollWidth, rows.length,
            new Set(rows.map((row) => JSON.stringify(columns(row.querySelector('p')).slice(0, 3)))).size];
}"""


@pytest.mark.parametrize("width, height, least", [(1400, 900, 14), (1024, 768, 8), (390, 844, 4)])
def test_rows_are_whole_without_sideways_scrolling_and_a_wide_screen_shows_fourteen(visit, width, height, least):
    tab = visit("/incidents", size=(width, height))
    tab.page.locator(ROWS).nth(20).wait_for()
    settle(tab.page)
    visible, cut, wide, rows, places = tab.page.evaluate(ROWS_ON_SCREEN)
    assert visible >= least and not cut and wide <= width and rows == 100
    assert width < 900 or places == 1, "the columns of all rows stand under one another"


def test_links_of_a_list_do_not_lie_one_upon_the_other(visit):
    links = visit("/incidents?incident=AFG-20170531-1").page.locator("[class*='st-key-leads-'] a")
    links.nth(1).wait_for()
    first, second = links.nth(0).bounding_box(), links.nth(1).bounding_box()
    assert first["y"] + first["height"] <= second["y"]
