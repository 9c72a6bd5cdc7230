"""The Map page in a real Chromium with every host but this machine blocked: what a person clicks, sees and shares."""

import itertools
import math
import re
from datetime import date, timedelta

import pytest

from incident_atlas.analysis.summary import headline
from incident_atlas.dataset.filters import Filters
from tests.support.browser import NARROW, WIDE, click_chart, settle
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser


def map_frame(visit):
    """The frame that holds the map, once its marks are drawn."""
    page = visit.page
    page.wait_for_selector("iframe[title*='folium']")
    frame = page.query_selector("iframe[title*='folium']").content_frame()
    frame.wait_for_selector(".atlas-mark", timeout=20_000)
    return frame


ROWS = "[class*=st-key-rows-box] button"
"""The list beside the map."""


def sentence(visit) -> str:
    return visit.page.locator(".atlas-sentence").first.inner_text()


def wait_for_sentence(visit, text: str) -> None:
    visit.page.wait_for_function(
        "text => document.querySelector('.atlas-sentence')?.innerText.includes(text)", arg=text, timeout=15_000
    )
    settle(visit.page)


def search(visit, words: str) -> None:
    visit.page.get_by_label("Search", exact=True).fill(words)
    visit.page.keyboard.press("Enter")
    settle(visit.page)


def view(frame) -> list[float]:
    return frame.evaluate("[map.getZoom(), map.getCenter().lat.toFixed(4), map.getCenter().lng.toFixed(4)]")


def test_the_whole_walk_asks_no_other_host_and_loses_neither_map_nor_view(visit):
    tab = visit("/")
    frame = map_frame(tab)
    frame.evaluate("window.sameMap = true")
    frame.locator(".atlas-places a", has_text="Kabul").click()
    tab.page.wait_for_url(re.compile("zoom="), timeout=15_000)
    settle(tab.page)
    before = view(frame)
    click_chart(tab.page, 2, 0.55, 12)
    wait_for_sentence(tab, "target ")
    assert "target_type=" in tab.page.url
    assert frame.evaluate("window.sameMap") is True, "the map was built again by a filter"
    assert view(frame) == before, "a filter moved the map"
    tab.page.get_by_role("button", name="Reset filters").click()
    wait_for_sentence(tab, f"{len(shipped_record().incidents):,} incidents")
    assert "target_type" not in tab.page.url and view(frame) == before
    assert tab.foreign == []


def test_a_click_on_a_mark_opens_its_card_beside_the_map_and_in_the_address(visit):
    tab = visit("/?q=Longan")
    frame = map_frame(tab)
    before = view(frame)
    frame.locator(".atlas-mark").click()
    card = tab.page.locator(".atlas-card")
    card.wait_for()
    settle(tab.page)
    assert "Longan Hotel" in card.inner_text()
    assert "claimed" in card.inner_text() and "Who says so" in card.inner_text()
    tab.page.wait_for_url(re.compile("incident=AFG-20221212-1"), timeout=15_000)
    assert view(frame) == before
    tab.page.get_by_role("button", name="Back", exact=True).click()
    card.wait_for(state="detached")
    frame.locator(".atlas-mark").click()
    card.wait_for()


def test_the_map_goes_to_the_place_of_the_open_incident_only_when_asked(visit):
    tab = visit("/?incident=AFG-20220905-1&lat=34&lon=66&zoom=6")
    frame = map_frame(tab)
    assert view(frame)[0] == 6
    tab.page.get_by_role("button", name="Zoom to its place").click()
    tab.page.wait_for_url(re.compile("zoom=13"), timeout=15_000)
    settle(tab.page)
    assert view(frame)[0] == 13
    tab.page.get_by_role("link", name="About the record").click()
    tab.page.get_by_role("heading", name="About the record").wait_for()
    tab.page.get_by_role("link", name="Map", exact=True).first.click()
    assert view(map_frame(tab))[0] == 13


def test_a_row_of_the_list_opens_the_card_and_what_is_known_only_to_a_city_is_listed(visit):
    tab = visit("/?city=Herat&lat=34.35&lon=62.2&zoom=12")
    frame = map_frame(tab)
    entry = frame.locator(".atlas-areas button", has_text="known only to Herat").first
    many = int(entry.locator("b").inner_text())
    entry.click()
    note = tab.page.get_by_text(re.compile(rf"{many} incidents known only to Herat"))
    note.wait_for(timeout=15_000)
    settle(tab.page)
    tab.page.locator(ROWS).nth(1).click()
    tab.page.locator(".atlas-card").wait_for(timeout=15_000)
    tab.page.wait_for_url(re.compile("incident=AFG-"), timeout=15_000)


@pytest.mark.parametrize("size", [WIDE, (1024, 768), NARROW], ids=["wide", "middle", "phone"])
def test_a_number_beside_a_name_is_that_provinces_total_at_every_width_and_lists_it(visit, size):
    tab = visit("/", size=size)
    frame = map_frame(tab)
    kabul = int((shipped_record().incidents["province"] == "Kabul").sum())
    mark = frame.locator(".atlas-province[data-name='Kabul province']")
    frame.locator(".atlas-label-counted", has_text="Kabul province").wait_for(timeout=10_000)
    assert mark.inner_text() == str(kabul)
    labels = [" ".join(label.split()) for label in frame.locator(".atlas-label").all_inner_texts()]
    assert "Kabul province" in labels and not [label for label in labels if label.startswith(("Kabul ک", "Herat ه"))]
    mark.click()
    tab.page.get_by_text(f"{kabul} incidents in Kabul province").wait_for(timeout=15_000)


DRAWN = """() => {
    const marks = [...document.querySelectorAll('.atlas-mark')].map((mark) => {
        const box = mark.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2, box.width / 2];
    });
    const shown = [...document.querySelectorAll('.atlas-label')].filter((label) => label.checkVisibility({ visibilityProperty: true }));
    return [marks, shown.map((label) => [label.textContent, label.getBoundingClientRect()])];
}"""
"""Middle and radius of each mark, text and box of each name, measured at one moment: names come and go with every drawing."""


@pytest.mark.parametrize(
    "path", ["/", "/?lat=34.4&lon=69.2&zoom=8", "/?lat=34.53&lon=69.17&zoom=12"], ids=["country", "province", "city"]
)
@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "phone"])
def test_no_mark_lies_on_another_and_no_name_lies_under_a_mark(visit, size, path):
    tab = visit(path, size=size)
    frame = map_frame(tab)
    frame.locator(".atlas-label").first.wait_for()
    settle(tab.page)
    marks, labels = frame.evaluate(DRAWN)
    pairs = itertools.combinations(marks, 2)
    assert len(marks) > 3 and all(math.dist(one[:2], other[:2]) >= one[2] + other[2] - 1.5 for one, other in pairs)
    assert labels
    for text, box in labels:
        for x, y, radius in marks:
            near = max(box["left"], min(x, box["right"])), max(box["top"], min(y, box["bottom"]))
            assert math.dist((x, y), near) >= radius - 1.5, text


def test_the_wheel_scrolls_the_page_with_a_hint_and_zooms_with_ctrl(visit):
    tab = visit("/")
    frame = map_frame(tab)
    box = tab.page.locator("iframe[title*='folium']").bounding_box()
    tab.page.mouse.move(box["x"] + 300, box["y"] + 200)
    before = view(frame)
    tab.page.mouse.wheel(0, 200)
    frame.locator(".atlas-hint").wait_for()
    tab.page.wait_for_timeout(600)
    assert view(frame) == before
    assert tab.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTop") > 0
    tab.page.keyboard.down("Control")
    tab.page.mouse.wheel(0, -200)
    tab.page.keyboard.up("Control")
    frame.wait_for_function(f"map.getZoom() > {before[0]}", timeout=5000)
    content = frame.evaluate("document.querySelector('meta[name=viewport]')?.content ?? ''")
    assert "maximum-scale" not in content and "user-scalable" not in content


def test_the_map_refits_when_the_window_changes_unless_the_reader_has_moved_it(visit):
    whole = "(() => { const b = map.getBounds(); return b.getWest() <= 60.5 && b.getEast() >= 74.9; })()"
    tab = visit("/")
    frame = map_frame(tab)
    tab.page.set_viewport_size({"width": 900, "height": 900})
    frame.wait_for_function(whole, timeout=10_000)
    frame.locator(".leaflet-control-zoom-in").click()
    frame.locator(".leaflet-control-zoom-in").click()
    tab.page.wait_for_timeout(800)
    zoom = view(frame)[0]
    tab.page.set_viewport_size({"width": 1400, "height": 900})
    tab.page.wait_for_timeout(1200)
    assert view(frame)[0] == zoom


def test_a_brush_over_the_timeline_sets_the_dates_and_the_slider(visit):
    tab = visit("/")
    chart = tab.page.locator("[data-testid=stVegaLiteChart]").first
    chart.scroll_into_view_if_needed()
    box = chart.bounding_box()
    tab.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + 60)
    tab.page.mouse.down()
    tab.page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 60, steps=12)
    tab.page.mouse.up()
    tab.page.wait_for_url(re.compile(r"from=\d{4}-\d\d-\d\d&to="), timeout=15_000)
    settle(tab.page)
    since, until = re.search(r"from=(\d{4}-\d\d-\d\d)&to=(\d{4}-\d\d-\d\d)", tab.page.url).groups()
    assert since.endswith("-01") and (date.fromisoformat(until) + timedelta(days=1)).day == 1, "the brush takes whole months"
    since = since[:4]
    assert since in sentence(tab)
    handles = tab.page.locator("[data-testid=stSlider]").inner_text()
    assert since[2:] in handles


def test_an_address_opens_the_same_view_cold_and_survives_another_page(visit):
    path = "/?from=2015-01-01&to=2021-12-31&city=Kabul&target_subtype=Embassy%2FConsulate&lat=34.53&lon=69.17&zoom=11"
    tab = visit(path)
    expected = headline(Filters.from_query(
        {"from": ["2015-01-01"], "to": ["2021-12-31"], "city": ["Kabul"], "target_subtype": ["Embassy/Consulate"]}, shipped_record().options
    )[0].apply(shipped_record().incidents))  # fmt: skip
    assert sentence(tab).startswith(f"{expected.incidents} incidents in Kabul, 2015 to 2021")
    assert view(map_frame(tab))[0] == 11
    tab.page.get_by_role("link", name="About the record").click()
    tab.page.get_by_role("heading", name="About the record").wait_for()
    settle(tab.page)
    assert "target_subtype=" in tab.page.url
    tab.page.get_by_role("link", name="Map", exact=True).first.click()
    wait_for_sentence(tab, "in Kabul, 2015 to 2021")
    assert view(map_frame(tab))[0] == 11
    again = visit("/about?city=Herat")
    again.page.get_by_role("link", name="Map", exact=True).first.click()
    wait_for_sentence(again, "in Herat")


def test_what_the_address_asks_and_the_record_does_not_know_is_ignored_and_said(visit):
    tab = visit("/?city=Atlantis&colour=red&from=2020-99-01")
    text = tab.page.locator(".atlas-notice").inner_text()
    assert "city=Atlantis" in text and "colour=red" in text and "from=2020-99-01" in text
    assert sentence(tab).startswith(f"{len(shipped_record().incidents):,} incidents")


def test_an_unknown_page_is_said_and_the_map_is_shown(visit):
    tab = visit("/nowhere")
    tab.page.get_by_role("dialog").get_by_text("Page not found").wait_for()
    assert tab.page.locator(".atlas-notice").count() == 0 and map_frame(tab), "it is said once"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_phone_shows_sentence_figures_map_and_charts_without_scrolling_sideways(visit, scheme):
    tab = visit("/", size=NARROW, scheme=scheme)
    map_frame(tab)
    main = "document.querySelector('[data-testid=stMain]')"
    assert tab.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
    assert tab.page.locator("[data-testid=stVegaLiteChart]").count() == 4
    colour = tab.page.evaluate("getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor")
    assert colour == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(18, 22, 27)")


def test_hostile_text_is_shown_as_text_and_nothing_runs(visit, start_app, tmp_path):
    probe = """{{ 7*191 }} {% raw %} ${document.title='x'} <img src=x onerror="document.title='y'"> ![p](http://example.com/p.png) =1+1 `z`"""
    row = {
        "incident_id": "H-1",
        "date": "2022-09-05",
        "title": probe,
        "summary": probe,
        "place": probe,
        "city": "Kabul",
        "notes": probe,
    }
    row |= {"target_name": probe, "intended_target": probe, "coordinated_id": probe, "latitude": "34.5", "longitude": "69.1"}
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in row.values())
    (tmp_path / "incidents.csv").write_text(",".join(row) + "\n" + quoted + "\n", encoding="utf-8")
    report = {"incident_id": "H-1", "publisher": probe, "url": "javascript:document.title='u'", "says": probe}
    quoted = ",".join('"' + value.replace('"', '""') + '"' for value in report.values())
    (tmp_path / "reports.csv").write_text(",".join(report) + "\n" + quoted + "\n", encoding="utf-8")
    tab = visit("/", app=start_app(INCIDENTS_SOURCE=str(tmp_path / "incidents.csv")))
    frame = map_frame(tab)
    frame.locator(".leaflet-marker-icon:has(.atlas-mark)").hover()
    hovered = frame.locator(".leaflet-tooltip").inner_text()
    assert "{{ 7*191 }}" in hovered and "<img" in hovered and "1337" not in hovered
    frame.locator(".atlas-mark").click()
    tab.page.locator(".atlas-card").wait_for()
    card = tab.page.locator(".atlas-card").inner_text()
    assert card.count("{{ 7*191 }}") >= 6 and "1337" not in card and "![p]" in card
    assert tab.page.locator(".atlas-card a").count() == 0, "an address that is not http became a link"
    search(tab, "${document.title='x'}<img src=x onerror=alert(1)>{{ 7*191 }}")
    assert "{{ 7*191 }}" in sentence(tab)
    assert tab.page.title() == "Map · Incident Atlas" and frame.title() not in ("x", "y", "u")
    assert tab.foreign == []


def test_the_keyboard_opens_what_a_click_opens(visit):
    tab = visit("/?q=Longan")
    frame = map_frame(tab)
    frame.locator(".leaflet-marker-icon:has(.atlas-mark)").focus()
    tab.page.keyboard.press("Enter")
    tab.page.locator(".atlas-card").wait_for(timeout=15_000)
    label = frame.locator(".leaflet-marker-icon:has(.atlas-mark)").get_attribute("aria-label")
    assert "Longan Hotel" in label and "12 Dec 2022" in label and "&" not in label


def test_a_click_on_a_bar_of_the_timeline_takes_its_month_and_another_click_gives_it_back(visit):
    tab = visit("/?from=2015-01-01&to=2019-12-31")
    chart = tab.page.locator("[data-testid=stVegaLiteChart]").first
    chart.scroll_into_view_if_needed()
    settle(tab.page)
    bar = chart.locator("path[aria-roledescription=bar][aria-label*='May 2017']")
    bar.click(force=True)
    tab.page.wait_for_url(re.compile("from=2017-05-01&to=2017-05-31"), timeout=15_000)
    settle(tab.page)
    bar.click(force=True)
    tab.page.wait_for_url(re.compile("/$"), timeout=15_000)


def test_one_press_of_a_key_on_the_slider_is_a_month(visit):
    tab = visit("/?from=2015-01-01&to=2016-12-31")
    ends = tab.page.locator("[data-testid=stSlider] input")
    ends.first.focus()
    tab.page.keyboard.press("ArrowRight")
    tab.page.wait_for_url(re.compile("from=2015-02-01&to=2016-12-31"), timeout=15_000)
    settle(tab.page)
    ends.last.focus()
    tab.page.keyboard.press("ArrowLeft")
    tab.page.wait_for_url(re.compile("from=2015-02-01&to=2016-11-30"), timeout=15_000)


def test_keys_of_the_slider_pressed_faster_than_the_page_answers_are_all_taken(visit):
    tab = visit("/?from=2015-01-01&to=2016-12-31")
    ends = tab.page.locator("[data-testid=stSlider] input")
    ends.first.focus()
    for key in ("ArrowRight",) * 5 + ("ArrowLeft",) * 2:
        tab.page.keyboard.press(key)
    tab.page.wait_for_url(re.compile("from=2015-04-01&to=2016-12-31"), timeout=15_000)
    settle(tab.page)
    for key in ("ArrowRight", "ArrowLeft"):
        tab.page.keyboard.press(key)
        tab.page.wait_for_timeout(60)  # the first is on its way, and its answer not yet drawn
    settle(tab.page)
    assert "from=2015-04-01&to=2016-12-31" in tab.page.url
    wait_for_sentence(tab, "April 2015 to December 2016")


def test_back_and_forward_take_one_step_of_the_filter_each_however_fast(visit):
    tab = visit("/")
    map_frame(tab)
    urls = [tab.page.url]
    for preset in ("Before Aug 2021", "Since Aug 2021", "Latest 5 years"):
        tab.page.get_by_test_id("stButtonGroup").get_by_text(preset, exact=True).click()
        tab.page.wait_for_function(f"location.href != {urls[-1]!r}", timeout=15_000)
        urls.append(tab.page.url)
    for _ in range(2):
        tab.page.evaluate("history.back()")
    tab.page.wait_for_url(urls[1], timeout=15_000)
    wait_for_sentence(tab, "14 Aug 2021")
    settle(tab.page)
    assert tab.page.url == urls[1]
    tab.page.go_forward()
    wait_for_sentence(tab, "15 Aug 2021")
    assert tab.page.url == urls[2]


def test_a_typed_date_is_taken_with_enter_or_when_the_field_is_left(visit):
    tab = visit("/")
    tab.page.get_by_label("From", exact=True).fill("2017")
    tab.page.keyboard.press("Enter")
    tab.page.wait_for_url(re.compile("from=2017-01-01$"), timeout=15_000)
    settle(tab.page)
    assert tab.page.get_by_label("From", exact=True).input_value() == "1 Jan 2017"
    tab.page.get_by_label("To", exact=True).fill("May 2017")
    tab.page.keyboard.press("Tab")
    tab.page.wait_for_url(re.compile("from=2017-01-01&to=2017-05-31"), timeout=15_000)


def test_the_menu_is_one_step_of_the_history_and_keeps_the_filter(visit):
    tab = visit("/?city=Herat")
    map_frame(tab)
    tab.page.get_by_role("link", name="Incidents", exact=True).click()
    tab.page.wait_for_url(re.compile(r"/incidents\?city=Herat"), timeout=15_000)
    wait_for_sentence(tab, "Herat")
    settle(tab.page)
    tab.page.go_back()
    tab.page.wait_for_url(re.compile(r"/\?city=Herat"), timeout=15_000)
    map_frame(tab)
    assert "Herat" in sentence(tab)


def test_a_printed_page_has_no_sidebar_and_no_buttons(visit):
    tab = visit("/")
    map_frame(tab)
    tab.page.emulate_media(media="print")
    assert not tab.page.locator("[data-testid=stSidebar]").is_visible()
    assert not tab.page.get_by_role("button", name="Share and export").is_visible()
    assert tab.page.get_by_role("heading", level=1).last.is_visible()


def test_a_link_to_an_incident_shows_all_of_where_it_may_have_been(visit):
    coarse = shipped_record().incidents.query("geo_precision == 'province'")["incident_id"].iloc[0]
    tab = visit(f"/?incident={coarse}")
    frame = map_frame(tab)
    ring = frame.evaluate(
        "Object.values(map._layers).find(l => l.getRadius && l.options.radius === undefined || (l._mRadius > 1000))._mRadius"
    )
    assert ring == 60_000
    width = frame.evaluate("map.getBounds().getNorthEast().distanceTo(map.getBounds().getNorthWest())")
    assert width > 2 * ring
