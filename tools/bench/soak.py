"""Whether a long visit grows: one tab of a real Chromium, thousands of interactions, memory every hundred: `make soak`.

The date slider is moved with the keyboard, the map with its keys and buttons, incidents are opened from the list and closed.
An interaction counts when the page shows what was asked for and stands still. The browser's heap is taken after its garbage
was collected. It ends with 1 when an answer did not come.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import CDPSession, Error, Frame, Page, sync_playwright

from incident_atlas.maps.folium_map import COUNTRY_VIEW
from tests.support.browser import App, launch, open_visit, running_app, settle
from tools.bench.measure import process_memory
from tools.synthetic import records

EVERY = 100
"""Interactions between two measurements."""

_SENTENCE = "document.querySelector('h1.atlas-sentence')?.innerText"
# The address names the view of the map, but not that of the whole country.
_THERE = """([here, country]) => {
    const asked = new URLSearchParams(location.search);
    const there = asked.has('lat') ? ['lat', 'lon', 'zoom'].map(name => Number(asked.get(name))) : country.slice(0, 2);
    return there.every((value, n) => Math.abs(value - here[n]) < (asked.has('lat') ? 0.0002 : 0.06));
}"""
_CARD = "!!document.querySelector('.atlas-card')"


@dataclass(frozen=True)
class Measured:
    """After so many interactions: megabytes of the browser's heap and of the server, nodes of the page, layers of the map."""

    interactions: int
    heap: float
    server: float
    nodes: int
    layers: int


class Tab:
    """One page that stays open, and the ways in which a reader uses it."""

    def __init__(self, page: Page, seed: int) -> None:
        self.page, self.chance = page, random.Random(seed)

    def map(self) -> Frame:
        """The frame of the map."""
        return self.page.wait_for_selector("iframe[title*='folium']").content_frame()

    def slide(self) -> None:
        """One end of the date slider by a month, more often inward than outward."""
        ends = self.page.get_by_role("slider")
        end = self.chance.randrange(2)
        inward = ("ArrowRight", "ArrowLeft")[end]
        outward = ("ArrowLeft", "ArrowRight")[end]
        self._await(_SENTENCE, lambda: self._press(ends.nth(end), inward if self.chance.random() < 0.6 else outward, inward))

    def _press(self, end, key: str, inward: str) -> None:
        before = end.input_value()
        end.focus()
        end.press(key)
        if end.input_value() == before:  # it was at its rim
            end.press(inward)

    def pan(self) -> None:
        """The map by its keys, or by one of the buttons that show a place whole."""
        frame, before = self.map(), self.map().evaluate("[map.getZoom(), map.getCenter()].toString()")
        for _ in range(5):  # at the rim of what can be zoomed to a key does nothing
            if self.chance.random() < 0.3:
                frame.locator(".atlas-places a").nth(self.chance.randrange(3)).click()
            else:
                frame.locator(".leaflet-container").press(
                    self.chance.choice(("ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "+", "-"))
                )
            self.page.wait_for_timeout(400)  # it glides, and the component speaks a quarter of a second later
            if frame.evaluate("[map.getZoom(), map.getCenter()].toString()") != before:
                break
        around_it = frame.evaluate("[map.getCenter().lat, map.getCenter().lng, map.getZoom()]")
        self.page.wait_for_function(_THERE, arg=[around_it, COUNTRY_VIEW], timeout=20_000)
        settle(self.page, quiet=0.05)

    def open_and_close(self) -> None:
        """An incident of the list; or back to the list, when one is open."""
        if self.page.evaluate(_CARD):
            self._await(_CARD, lambda: self.page.get_by_role("button", name="Back", exact=True).click())
            return
        row = self.page.locator("[class*=st-key-rows-box] button").nth(self.chance.randrange(8))
        self._await(_CARD, row.click)

    def _await(self, changed: str, act) -> None:
        before = self.page.evaluate(changed)
        act()
        self.page.wait_for_function(f"before => ({changed}) !== before", arg=before, timeout=20_000)
        settle(self.page, quiet=0.05)


def soak(app: App, page: Page, interactions: int, every: int = EVERY, seed: int = 7) -> Iterator[Measured]:
    """Measurements at the beginning and after every so many interactions; raises `Error` of Playwright when one has no answer."""
    tab, devtools = Tab(page, seed), page.context.new_cdp_session(page)
    devtools.send("Performance.enable")
    yield _measured(app, tab, devtools, 0)
    acts = (tab.slide, tab.pan, tab.open_and_close)
    for number in range(1, interactions + 1):
        acts[number % 3]()
        if number % every == 0:
            yield _measured(app, tab, devtools, number)


def _measured(app: App, tab: Tab, devtools: CDPSession, interactions: int) -> Measured:
    devtools.send("HeapProfiler.collectGarbage")
    text = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    layers = tab.map().evaluate("Object.keys(map._layers).length + (window.feature_group || []).length")
    return Measured(interactions, text["JSHeapUsedSize"] / 1e6, process_memory(app.process.pid), int(text["Nodes"]), layers)


def slope(measured: list[Measured], what: str) -> float:
    """How much it grew per thousand interactions over the second half: the line of least squares."""
    half = measured[len(measured) // 2 :]
    return float(np.polyfit([one.interactions for one in half], [getattr(one, what) for one in half], 1)[0] * 1000)


def main() -> int:
    """Print the series as it is measured, then its growth in the second half."""
    options = argparse.ArgumentParser(description="One tab and one session for thousands of interactions: what grows.")
    options.add_argument("--interactions", type=int, default=2_000)
    options.add_argument("--incidents", type=int, default=20_000, help="invented incidents")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "invented.csv"
        records.write(record, chosen.incidents)
        with running_app(INCIDENTS_SOURCE=str(record)) as app, sync_playwright() as playwright:
            browser, _ = launch(playwright)
            with open_visit(browser, app.url) as visit:
                series = []
                print("interactions  heap MB  server MB   nodes  layers")
                try:
                    for one in soak(app, visit.goto(), chosen.interactions):
                        series.append(one)
                        print("{:>12,}  {:>7.1f}  {:>9.0f}  {:>6,}  {:>6}".format(*astuple(one)), flush=True)
                except Error as trouble:
                    print(f"error: {trouble.message}", file=sys.stderr)
                    return 1
            browser.close()
    if len(series) > 4:
        grown = ", ".join(
            f"{slope(series, what):+.1f} {unit}" for what, unit in (("heap", "MB of heap"), ("server", "MB of server"))
        )
        print(f"per 1,000 interactions of the second half: {grown}, {slope(series, 'nodes'):+,.0f} nodes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
