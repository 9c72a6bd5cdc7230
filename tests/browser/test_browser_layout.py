"""What fits on the first screen, and that no text is cut or broken, at the widths of a desk, a small laptop and a phone."""

import pytest

from incident_atlas.ui.parts.page import PAGES
from tests.support.browser import NARROW, WIDE

pytestmark = pytest.mark.browser

FIRST_SCREEN = ".atlas-figures, iframe[title*=folium], [data-testid=stVegaLiteChart]"
LAPTOP = (1024, 768)

# A word is broken when two characters of it that stand side by side are drawn on two lines.
BROKEN_WORDS = """() => {
    const broken = [];
    for (const button of document.querySelectorAll('button, [data-testid="stPageLink-NavLink"]')) {
        const walk = document.createTreeWalker(button, NodeFilter.SHOW_TEXT);
        for (let text = walk.nextNode(); text; text = walk.nextNode()) {
            if (text.parentElement.closest('[data-testid="stIconMaterial"]') || !button.checkVisibility()) continue;
            for (const word of text.data.matchAll(/[\\p{L}\\p{N}]+/gu)) {
                const range = document.createRange();
                range.setStart(text, word.index);
                range.setEnd(text, word.index + word[0].length);
                if (new Set([...range.getClientRects()].map(box => Math.round(box.top))).size > 1) broken.push(word[0]);
            }
        }
    }
    return broken;
}"""


@pytest.mark.parametrize("size", [WIDE, LAPTOP, NARROW], ids=["wide", "laptop", "phone"])
def test_figures_map_and_timeline_are_seen_without_scrolling(visit, size):
    page = visit("/", size=size).page
    page.locator("[data-testid=stVegaLiteChart] svg").first.wait_for()
    page.wait_for_function("document.querySelector('iframe[title*=folium]')?.clientHeight > 100")
    parts = page.locator(FIRST_SCREEN)
    lowest = [box["y"] + box["height"] for box in (parts.nth(n).bounding_box() for n in range(3))]
    assert lowest == sorted(lowest) and lowest[2] <= size[1]


@pytest.mark.parametrize("size", [WIDE, LAPTOP], ids=["wide", "laptop"])
def test_the_list_stands_beside_the_map_and_cuts_nothing(visit, size):
    page = visit("/", size=size).page
    row = page.locator("[class*=st-key-rows-box] button").first
    row.wait_for()
    page.wait_for_function("document.querySelector('iframe[title*=folium]')?.clientHeight > 100")
    box, frame = row.bounding_box(), page.locator("iframe[title*=folium]").bounding_box()
    assert box["x"] >= frame["x"] + frame["width"] and box["y"] < frame["y"] + frame["height"]
    rows = page.locator("[class*=st-key-rows-box]").first
    wide, shown = rows.evaluate("node => [node.scrollWidth, node.clientWidth]")
    assert wide <= shown
    cut = rows.locator("button").evaluate_all(
        "all => all.filter(one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight).length"
    )
    assert cut == 0


@pytest.mark.nightly
@pytest.mark.parametrize("width", [320, 390, 640, 794, 1024, 1400, 2560])
def test_no_button_breaks_inside_a_word_on_any_page(visit, width):
    tab = visit(size=(width, 900))
    for script, label in PAGES:
        page = tab.goto("/" if script == "app.py" else f"/{script.removeprefix('pages/').removesuffix('.py')}")
        assert page.evaluate(BROKEN_WORDS) == [], label


@pytest.mark.parametrize("path", ["/", "/?lat=34.53&lon=69.17&zoom=12"])
@pytest.mark.parametrize("width", [660, 900, 1024, 1101, 1400])
def test_the_play_button_lies_on_no_part_of_the_list(visit, path, width):
    page = visit(path, size=(width, 900)).page
    listed, play = (page.locator(name).first.bounding_box() for name in (".st-key-view-list", ".st-key-playback"))
    assert listed["y"] + listed["height"] <= play["y"] + 1
