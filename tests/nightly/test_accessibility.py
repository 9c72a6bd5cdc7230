"""axe-core on every page in both themes: nothing serious or critical that is ours, and no motion for who asked for none."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from incident_atlas.ui.parts.page import PAGES
from tests.support.browser import settle

pytestmark = [pytest.mark.browser, pytest.mark.nightly]

GRAVE = ("serious", "critical")
# Vega-Lite draws two empty rectangles for the brush of the timeline and lets no specification name them or hide them: `aria` and
# `description` are taken for marks and not for the `mark` of a selection. They hold nothing; the bars behind them have names.
THEIRS = (".brush_brush",)


def address(script: str) -> str:
    """Where a page is opened."""
    return "/" if script == "app.py" else f"/{script.removeprefix('pages/').removesuffix('.py')}"


def grave(page) -> list[str]:
    """What axe-core finds serious or critical in the page and in its frames: the rule, the element, and why."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:300]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        if rule["impact"] in GRAVE
        for node in rule["nodes"]
        if not any(part in str(node["target"]) for part in THEIRS)
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("script", "label"), PAGES, ids=[label for _, label in PAGES])
def test_axe_finds_nothing_grave(visit, script, label, scheme):
    page = visit(address(script), scheme=scheme).page
    page.wait_for_timeout(1500)
    settle(page)  # what the page is about to draw again is pale
    assert grave(page) == [], label
    assert (
        page.locator("table th").evaluate_all("all => all.filter(th => th.checkVisibility() && !th.innerText.trim()).length") == 0
    )


def test_nothing_moves_for_a_reader_who_asked_for_no_motion(visit):
    page = visit("/").page
    page.emulate_media(reduced_motion="reduce")
    moving = """() => [...document.querySelectorAll('[class*="atlas-"], [class*="st-key-"], [data-testid="stMain"] *')].filter(one => {
        const look = getComputedStyle(one);
        return [look.transitionDuration, look.animationDuration].some(times => times.split(', ').some(time => parseFloat(time) > 0.01));
    }).length"""
    assert page.evaluate(moving) == 0
    frame = next(one for one in page.frames if "folium" in one.url)
    assert frame.evaluate(moving.replace('[data-testid="stMain"] *', ".leaflet-container *")) == 0
