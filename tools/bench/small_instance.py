"""How much memory the dashboard takes on a small instance, at most: `make small`. It ends with 1 when a page or a file failed.

A real Chromium visits every page, opens an incident and takes every file of Share and export, on the shipped record, on 100,000
invented incidents, and on the shipped record together with those as a file of the reader's own. The figure is the server's
resident memory at its peak, as the kernel keeps it (VmHWM), Linux only; the browser is not in it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, sync_playwright

from incident_atlas.dataset.load import RECORD
from incident_atlas.ui.pages.data.data import COMBINED
from incident_atlas.ui.parts.page import PAGES
from tests.support.browser import launch, open_visit, running_app, settle
from tools.bench.measure import process_memory
from tools.synthetic import records

MOST = 690
"""Megabytes that the smallest hosting services give."""

FILES = ("tables", "GeoJSON", "picture", "offline page")
"""What Share and export offers, in its order."""


def peak(browser: Browser, record: Path, upload: Path | None = None) -> Iterator[tuple[str, float, float]]:
    """What was done, the most that the server held until then, and what it holds now; raises `Error` of Playwright when a page or file failed."""
    with running_app(INCIDENTS_SOURCE=str(record)) as app, open_visit(browser, app.url) as visit:
        page = visit.goto()
        yield "first page", process_memory(app.process.pid, "VmHWM"), process_memory(app.process.pid)
        if upload:
            add(page, upload)
            yield "file added", process_memory(app.process.pid, "VmHWM"), process_memory(app.process.pid)
        walk(page)
        yield "every page", process_memory(app.process.pid, "VmHWM"), process_memory(app.process.pid)
        for name in export(page):
            yield name, process_memory(app.process.pid, "VmHWM"), process_memory(app.process.pid)


def add(page: Page, upload: Path) -> None:
    """The file on Your data, shown together with the record of the dashboard."""
    turn_to(page, "Your data")
    page.locator("input[type=file]").set_input_files(upload)
    page.get_by_text("rows read:").wait_for(timeout=120_000)
    page.get_by_text(COMBINED).click()
    settle(page)


def walk(page: Page) -> None:
    """Every page of the menu, and the page of an incident."""
    for _, label in PAGES:
        turn_to(page, label)
        if label == "Incidents":
            page.locator(".st-key-rows-box-table button").first.click()
            page.locator(".atlas-title").wait_for(timeout=60_000)
            settle(page)
            page.get_by_role("button", name="All incidents").click()
            settle(page)


def turn_to(page: Page, label: str) -> None:
    """A page by its link in the menu: by its address it would be another session."""
    page.locator("[data-testid=stSidebar] [data-testid=stPageLink-NavLink]", has_text=label).first.click()
    settle(page, 180)
    troubles = page.locator("[data-testid=stException], [data-testid=stAlertContentError]")
    if troubles.count():
        raise Error(f"the page {label} says: {troubles.first.inner_text()}")


def export(page: Page) -> Iterator[str]:
    """Every file of Share and export, one after the other, each of which must hold something; its name when it is there."""
    turn_to(page, "Map")
    page.get_by_role("button", name="Share and export").click()
    offers = page.locator("[data-testid=stDownloadButton] button")
    offers.nth(len(FILES) - 1).wait_for(timeout=60_000)
    for number, name in enumerate(FILES):
        with page.expect_download(timeout=180_000) as coming:
            offers.nth(number).click()
        if not Path(coming.value.path()).stat().st_size:
            raise Error(f"{coming.value.suggested_filename} is empty")
        yield name


def main() -> int:
    """Print the peaks of the three cases beside the limit."""
    options = argparse.ArgumentParser(description="Memory of the server on a small instance.")
    options.add_argument("--incidents", type=int, default=100_000, help="invented incidents")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        many = Path(folder) / "invented.csv"
        records.write(many, chosen.incidents)
        browser, _ = launch(playwright)
        print(f"Megabytes at the peak until then (and then); wanted: at most {MOST}.")
        name = f"{chosen.incidents:,} incidents"
        cases = {"shipped record": (RECORD,), name: (many,), f"shipped record and {name} as a reader's own file": (RECORD, many)}
        for message, case in cases.items():
            try:
                steps = list(peak(browser, *case))
            except Error as trouble:
                print(f"error: {message}: {trouble.message}", file=sys.stderr)
                return 1
            text = ", ".join(f"{step} {most:,.0f} ({now:,.0f})" for step, most, now in steps)
            print(f"{message}: {text}", flush=True)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
