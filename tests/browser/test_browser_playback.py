"""Playback in a real Chromium: it steps by itself, on the same map, stops where it is told, and takes the keyboard."""

import re
from datetime import datetime

import pytest

from tests.browser.test_browser_map import map_frame, sentence
from tests.support.browser import NARROW, settle

pytestmark = pytest.mark.browser

# While it plays its room is kept, and the sentence alone says the window.
WINDOW = "document.querySelector('.atlas-window')?.textContent"
PLAYED = """() => {
    window.shown = new Set();
    window.disagreed = [];
    const read = () => {
        const moving = document.querySelector('.atlas-moving');
        if (!moving) return;
        const words = document.querySelector('h1').innerText;
        window.shown.add(words);
        const figure = moving.querySelector('.atlas-totals b').innerText;
        if (!words.startsWith(figure + ' incident') && !/^No incident/.test(words)) window.disagreed.push([words, figure]);
        const others = [...document.querySelectorAll('.atlas-window, .atlas-totals, [class*=st-key-rows-box]')];
        // At the first window what stood at rest says the same, and may go a moment later.
        if (window.shown.size > 1 && others.some((one) => !moving.contains(one) && getComputedStyle(one).visibility !== 'hidden')) window.disagreed.push([words, 'seen']);
    };
    new MutationObserver(read).observe(document.body, {subtree: true, childList: true, characterData: true});
}"""


def button(page, name: str):
    return page.get_by_role("button", name=name, exact=True)


def test_it_plays_on_the_same_map_and_pause_puts_the_window_into_the_address(visit):
    tab = visit("/?play=month&at=2017-01")
    page, frame = tab.page, map_frame(tab)
    frame.evaluate("window.sameMap = true")
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    top = page.locator("iframe[title*=folium]").bounding_box()["y"]
    stand = [button(page, name).bounding_box() for name in ("Play", "Previous", "Next")]
    page.evaluate(PLAYED)
    button(page, "Play").click()
    page.wait_for_function("window.shown.size >= 7", timeout=60_000)
    for name, box in zip(("Pause", "Previous", "Next"), stand, strict=True):
        now = button(page, name).bounding_box()
        assert (now["x"], now["y"]) == (box["x"], box["y"]), f"{name} moved"
    assert page.evaluate("window.disagreed") == []
    assert "at=2017-01" in page.url, "an address per step would be an entry of the browser's history per step"
    button(page, "Pause").click()
    button(page, "Play").wait_for()
    settle(page)
    shown = page.evaluate(WINDOW)
    month = re.search(r"at=(\d{4})-(\d{2})", page.url)
    assert month and month[1] == shown[-4:] and shown != "Jan 2017"
    assert sentence(tab).split(", ")[1] == f"{datetime.strptime(shown, '%b %Y'):%B %Y}."
    assert frame.evaluate("window.sameMap") is True, "a step built the map again"
    assert page.locator("iframe[title*=folium]").bounding_box()["y"] == top, "the map moved on the page"
    page.wait_for_timeout(1_500)
    assert page.evaluate(WINDOW) == shown
    assert tab.foreign == []
    # Back goes to where it was played from, and forward to where it was paused.
    page.go_back()
    page.wait_for_function(f"{WINDOW} === 'Jan 2017'", timeout=15_000)


def test_the_keyboard_plays_pauses_and_steps(visit):
    tab = visit("/?play=year&at=2016")
    assert "Ignored in the address" in tab.page.locator("[data-testid=stMain]").inner_text()
    tab = visit("/?play=year&at=2016-01")
    page = tab.page
    map_frame(tab)
    button(page, "Next").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{WINDOW} === '2017'", timeout=15_000)
    settle(page)
    assert page.evaluate("document.activeElement.innerText").endswith("Next")
    button(page, "Play").focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"{WINDOW} === '2018'", timeout=15_000)
    assert page.evaluate("document.activeElement.innerText").endswith("Pause")
    page.keyboard.press("Enter")
    button(page, "Play").wait_for()
    settle(page)
    assert page.evaluate("document.activeElement.innerText").endswith("Play")


def test_play_and_pause_in_quick_turns_keep_the_switches_of_the_page(visit):
    tab = visit("/?play=month&at=2017-01&heat=1&measure=killed")
    page = tab.page
    map_frame(tab)
    for _turn in range(8):
        before = page.evaluate(WINDOW)
        button(page, "Play").focus()
        page.keyboard.press("Enter")
        page.wait_for_function(f"{WINDOW} !== '{before}'", timeout=15_000)
        page.keyboard.press("Enter")
        button(page, "Play").wait_for()
        settle(page)
        assert not button(page, "Pause").count(), "a pause was taken back"
        assert "heat=1" in page.url and "measure=killed" in page.url


def test_at_the_end_of_the_range_it_stops_and_a_filter_leaves_it_playing(visit):
    tab = visit("/?play=month&at=2017-01&from=2017-01-01&to=2017-08-31")
    page = tab.page
    map_frame(tab)
    # A button that the first run draws anew between press and release takes no click, and a busy browser may skip a month.
    settle(page)
    button(page, "Play").click()
    page.wait_for_function(f"{WINDOW} && {WINDOW} !== 'Jan 2017'", timeout=30_000)
    page.get_by_label("Search", exact=True).fill("Kabul")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('h1').innerText.includes('Kabul')", timeout=15_000)
    page.wait_for_function(f"{WINDOW} === 'Aug 2017'", timeout=30_000)
    button(page, "Play").wait_for()
    settle(page)
    assert "at=2017-08" in page.url and "q=Kabul" in page.url
    page.get_by_text("Click a bar to see that year").wait_for()
    button(page, "All dates").click()
    page.wait_for_function(f"!{WINDOW}", timeout=15_000)


def test_a_phone_has_the_controls_without_scrolling_sideways(visit):
    tab = visit("/?play=quarter&at=2017-04", size=NARROW, scheme="dark")
    map_frame(tab)
    for name in ("Play", "Previous", "Next", "All dates"):
        box = button(tab.page, name).bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0]
    main = "document.querySelector('[data-testid=stMain]')"
    assert tab.page.evaluate(f"{main}.scrollWidth <= {main}.clientWidth")
