"""Every page in a real Chromium, wide and on a phone: it is drawn without an error, fits its window and asks no other machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from incident_atlas.ui.parts.page import PAGES
from tests.support.browser import NARROW, WIDE

pytestmark = pytest.mark.smoke

FRAMES = {"app.py", "pages/nearby.py"}
"""Pages that have a map as soon as they open."""


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
def test_every_page_is_drawn_without_an_error_and_fits_its_window(visit, size):
    errors: list[str] = []
    walk = visit(size=size)
    walk.page.on("pageerror", lambda error: errors.append(str(error)))
    for script, label in PAGES:
        walk.goto("/" if script == "app.py" else f"/{Path(script).stem}")
        main = walk.page.locator("[data-testid=stMain]")
        assert main.get_by_role("heading").count(), label
        assert walk.page.locator("[data-testid=stException]").count() == 0, label
        if script in FRAMES:
            expect(walk.page.frame_locator("iframe[title*='folium']").first.locator(".leaflet-container"), label).to_have_count(1)
        wide, shown = main.evaluate("node => [node.scrollWidth, node.clientWidth]")
        assert wide <= shown + 1, f"{label} scrolls sideways"
    assert errors == [] and walk.foreign == []
