"""The Nearby page in a real Chromium: a point from a click, what a mark and a row lead to, and an address without the point."""

import re

import pytest

from tests.support.browser import NARROW, settle, settle_marks

pytestmark = pytest.mark.browser

SITE = "/nearby?site=embassy-canada-kabul&km=2"


# Those at the rim of the map may lie half outside.
LARGEST_MARK = """() => {
    const marks = [...document.querySelectorAll('.atlas-mark')];
    const inside = marks.filter(mark => {
        const top = mark.getBoundingClientRect().top;
        return /^\\d+$/.test(mark.innerText) && top > 40 && top < innerHeight - 60;
    });
    return marks.indexOf(inside.reduce((one, other) => +other.innerText > +one.innerText ? other : one));
}"""


def map_frame(visit):
    """The frame that holds the map, once its marks are drawn."""
    frame = visit.page.wait_for_selector("iframe[title*='folium']").content_frame()
    frame.wait_for_selector(".atlas-mark", timeout=20_000)
    return frame


def sentence(visit) -> str:
    return visit.page.locator(".atlas-sentence").first.inner_text()


def wait_for_sentence(visit, text: str) -> None:
    visit.page.wait_for_function(
        "text => document.querySelector('.atlas-sentence')?.innerText.includes(text)", arg=text, timeout=15_000
    )
    settle(visit.page)


def click_map(visit, right: float, down: float) -> None:
    """Click the map at that share of its width and height."""
    place = visit.page.locator("iframe[title*='folium']")
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    visit.page.mouse.click(box["x"] + box["width"] * right, box["y"] + box["height"] * down)


def open_first_row(visit, name: str) -> None:
    """Click the first row of a list, as a reader does."""
    visit.page.locator(f".st-key-rows-box-table-{name} button").first.click()


def fits(frame, km: float) -> bool:
    """Whether the map shows the circle whole and not much more."""
    south, north = frame.evaluate("[map.getBounds().getSouth(), map.getBounds().getNorth()]")
    return 2 * km / 111.2 <= north - south <= 6 * km / 111.2


def test_a_click_on_the_map_asks_about_that_point_and_no_address_or_citation_holds_it(visit):
    tab = visit("/nearby")
    frame = map_frame(tab)
    frame.evaluate("window.sameMap = true")
    click_map(tab, 0.33, 0.56)
    # So far out a pixel is kilometres: a click asks about a region.
    wait_for_sentence(tab, "within 10 km of your point")
    latitude, longitude = tab.page.get_by_label("Or a place, or coordinates").input_value().split(", ")
    assert 32 < float(latitude) < 36 and 63 < float(longitude) < 67
    assert frame.evaluate("window.sameMap") is True and fits(frame, 10)
    assert re.search(r"\?km=10$", tab.page.url)
    tab.page.get_by_role("button", name="Link and citation").click()
    cited = tab.page.locator("[data-testid=stPopoverBody]")
    cited.get_by_text("a point that is not named").wait_for()
    assert latitude[:5] not in cited.inner_text() and longitude[:5] not in cited.inner_text()
    tab.page.keyboard.press("Escape")
    tab.page.get_by_text("Put this point into the link").click()
    tab.page.wait_for_url(re.compile("at="), timeout=15_000)
    assert f"at={latitude}%2C{longitude}" in tab.page.url or f"at={latitude},{longitude}" in tab.page.url
    assert tab.foreign == []


def test_a_map_that_is_moved_or_clicked_writes_no_view_into_the_address(visit):
    tab = visit(SITE)
    frame = map_frame(tab)
    assert fits(frame, 2)
    frame.evaluate("map.setView([34.6, 69.3], 12)")
    tab.page.wait_for_timeout(1500)
    settle(tab.page)
    assert tab.page.url.endswith(SITE)
    tab.page.get_by_role("link", name="About the record").click()
    tab.page.get_by_role("heading", name="About the record").wait_for()
    settle(tab.page)
    assert "lat=" not in tab.page.url and "site=" not in tab.page.url
    tab.page.get_by_role("link", name="Nearby").click()
    wait_for_sentence(tab, "Embassy of Canada")
    assert "site=embassy-canada-kabul" in tab.page.url


def test_another_radius_fits_the_map_to_the_new_circle(visit):
    tab = visit(SITE)
    frame = map_frame(tab)
    tab.page.get_by_role("slider", name="Within").focus()
    tab.page.keyboard.press("ArrowRight")
    wait_for_sentence(tab, "more within 5 km")
    assert "km=5" in tab.page.url and fits(frame, 5)


def test_a_click_on_a_mark_says_which_it_is_and_leaves_the_point(visit):
    tab = visit(SITE + "&q=Longan")
    frame = map_frame(tab)
    frame.locator(".atlas-mark").first.click()
    tab.page.get_by_text("1 incident of the mark that you clicked").wait_for(timeout=15_000)
    settle(tab.page)
    assert "Embassy of Canada" in sentence(tab) and "site=embassy-canada-kabul" in tab.page.url
    assert tab.page.locator("[class*=st-key-rows-box-table-]").count() == 2


def test_a_mark_of_many_on_one_spot_lists_them_and_a_row_leads_to_its_page(visit):
    tab = visit(SITE)
    frame = map_frame(tab)
    # A mark whose incidents lie apart opens by zooming, one on a single spot as a list.
    for _ in range(5):
        settle_marks(frame)
        frame.locator(".atlas-mark").nth(frame.evaluate(LARGEST_MARK)).click()
        settle(tab.page)
        if tab.page.get_by_text(" incidents of the mark that you clicked").count():
            break
    open_first_row(tab, "mark")
    tab.page.wait_for_url(re.compile("/incidents.*incident=AFG-"), timeout=15_000)
    tab.page.get_by_text("Who says what").wait_for()


def test_a_row_of_the_list_opens_its_page_and_the_menu_leads_back_to_the_private_point(visit):
    tab = visit("/nearby")
    map_frame(tab)
    tab.page.get_by_label("Or a place, or coordinates").fill("34.5361, 69.1839")
    tab.page.keyboard.press("Enter")
    wait_for_sentence(tab, "within 2 km of your point")
    open_first_row(tab, "around")
    tab.page.wait_for_url(re.compile("/incidents.*incident=AFG-"), timeout=15_000)
    tab.page.get_by_text("Who says what").wait_for()
    settle(tab.page)
    tab.page.get_by_role("button", name="All incidents").click()
    settle(tab.page)
    tab.page.get_by_role("link", name="Map", exact=True).first.click()
    map_frame(tab)
    settle(tab.page)
    assert not re.search("lat=|lon=|zoom=", tab.page.url)
    tab.page.get_by_role("button", name="Share and export").click()
    shared = tab.page.locator("[data-testid=stPopoverBody] code").first
    shared.wait_for()
    assert not re.search("lat=|lon=|zoom=", shared.inner_text())
    tab.page.keyboard.press("Escape")
    tab.page.get_by_role("link", name="Nearby").click()
    wait_for_sentence(tab, "within 2 km of your point")
    assert tab.page.url.endswith("/nearby?km=2")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_all_of_it_one_below_the_other(visit, scheme):
    tab = visit(SITE, size=NARROW, scheme=scheme)
    frame = map_frame(tab)
    main = "document.querySelector('[data-testid=stMain]')"
    assert tab.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert tab.page.locator("[data-testid=stVegaLiteChart]").count() == 1
    shown = frame.locator(".atlas-site")
    assert shown.inner_text() == "Embassy of Canada, Kabul (its neighbourhood's point)"
    assert tab.foreign == []
