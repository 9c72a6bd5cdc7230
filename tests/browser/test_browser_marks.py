"""Where the marks of the country stand in a real Chromium: measured rectangles, at the widths and zooms that people have."""

import itertools
import math

import pytest

from tests.browser.test_browser_map import map_frame
from tests.support.browser import settle
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser

WIDTHS = {390: 844, 768: 1024, 1024: 768, 1400: 900, 2560: 1440}
STEPS = (0, -0.5, 0.5)
"""Zooms, from the one at which the country fits."""

MEASURED = """() => {
    const box = (one) => {
        const { left, top, right, bottom } = one.getBoundingClientRect();
        return [left, top, right, bottom];
    };
    const all = (selector, name) => [...document.querySelectorAll(selector)].filter((one) => one.offsetWidth).map((one) => [name(one), ...box(one)]);
    return {
        marks: all('.leaflet-marker-pane .atlas-mark', (one) => one.dataset.name),
        controls: all('.leaflet-control', (one) => one.className),
        names: all('.atlas-label-counted', (one) => one.textContent.replace(/\\s+/g, ' ')),
        lines: all('.atlas-line', () => ''),
        homes: Object.fromEntries(Object.values(map._layers).filter((layer) => layer.mark).map((layer) => {
            const { x, y } = map.latLngToContainerPoint(layer.getLatLng());
            return [layer.mark.name.replace(/\\s+/g, ' '), [x, y, layer.mark.incidents]];
        })),
        size: [map.getSize().x, map.getSize().y],
        still: document.querySelector('.leaflet-labels-pane').style.visibility === '',
    };
}"""


def circle(box) -> tuple[float, float, float]:
    """Middle and radius of a mark's box."""
    _, left, top, right, bottom = box
    return (left + right) / 2, (top + bottom) / 2, (right - left) / 2


def gap(mark, box) -> float:
    """Pixels from the rim of a mark to a box."""
    x, y, radius = circle(mark)
    _, left, top, right, bottom = box
    return math.dist((x, y), (max(left, min(x, right)), max(top, min(y, bottom)))) - radius


def measured(tab, frame) -> dict:
    """The boxes on the map, once names and marks have found their places."""
    before: dict = {}
    for _ in range(40):
        settle(tab.page)
        now = frame.evaluate(MEASURED)
        if now == before and now["still"] and now["names"]:
            return now
        before = now
        tab.page.wait_for_timeout(150)
    raise AssertionError("the marks never came to rest")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_no_mark_lies_on_another_or_under_a_control_and_the_largest_are_named(visit, width, scheme):
    tab = visit("/", size=(width, WIDTHS[width]), scheme=scheme)
    frame = map_frame(tab)
    country = frame.evaluate("map.getZoom()")
    for step in STEPS:
        frame.evaluate("zoom => { map.setZoom(zoom, { animate: false }); }", country + step)
        now = measured(tab, frame)
        marks, (wide, high), at = now["marks"], now["size"], f"{width} px, zoom {country + step}"
        assert len(marks) == shipped_record().incidents["province"].replace("", None).nunique() > 25
        on = [
            (one[0], other[0])
            for one, other in itertools.combinations(marks, 2)
            if math.dist(circle(one)[:2], circle(other)[:2]) < circle(one)[2] + circle(other)[2] - 0.5
        ]
        under = [(mark[0], control[0]) for mark in marks for control in now["controls"] if gap(mark, control) < 0]
        assert not on and not under, at
        names = {name[0]: name for name in now["names"]}
        for mark in marks:
            x, y, radius = circle(mark)
            home_x, home_y, incidents = now["homes"][mark[0]]
            inside = 0 <= home_x <= wide and 0 <= home_y <= high
            if inside:
                assert radius <= x <= wide - radius and radius <= y <= high - radius, (at, mark[0], "is cut by the edge")
            if mark[0] in names:
                nearest = min(marks, key=lambda other, name=names[mark[0]]: gap(other, name))
                assert nearest[0] == mark[0] and gap(mark, names[mark[0]]) >= 0, (
                    at,
                    "a name stands beside another number",
                    mark[0],
                )
            elif inside and step == 0:
                assert incidents < 0.05 * max(one[2] for one in now["homes"].values()), (at, mark[0], "has no name")
        displaced = [mark for mark in marks if math.dist(circle(mark)[:2], now["homes"][mark[0]][:2]) > circle(mark)[2] + 0.5]
        assert len(now["lines"]) >= len(displaced), (at, "a mark beside its place has a line to it")


def test_marks_stay_off_the_controls_when_the_window_changes_its_width(visit):
    tab = visit("/", size=(1400, 900))
    frame = map_frame(tab)
    measured(tab, frame)
    tab.page.set_viewport_size({"width": 390, "height": 844})
    now = measured(tab, frame)
    assert now["size"][0] < 390
    assert not [(mark[0], control[0]) for mark in now["marks"] for control in now["controls"] if gap(mark, control) < 0]
