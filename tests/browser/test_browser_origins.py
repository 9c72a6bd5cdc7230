"""A record of several data sets in a real Chromium: its colours, its incidents abroad, the right to share it."""

import re

import pytest

from tests.browser.test_browser_map import map_frame
from tests.support.browser import ROOT, click_chart, settle

pytestmark = pytest.mark.browser

SCRIPT = """
import incident_atlas.ui.parts.page as page
from tests.support.data_sets import CLOSED, IRAQ, OPEN, of, combined
if not hasattr(page, "several"):
    there = {{"latitude": "34.5", "longitude": "69.1", "geo_precision": "street"}}
    page.several = combined(of(OPEN, "ged.csv", there, there, IRAQ), of(CLOSED, "events.csv", there, {{"date": "2021-03-03"}}))
page.loaded_record = lambda: page.several
path = {path!r}
exec(compile(open(path, encoding="utf-8").read(), path, "exec"))
"""


@pytest.fixture(scope="module")
def several(start_app, tmp_path_factory):
    """The app on a record of two data sets."""
    folder = tmp_path_factory.mktemp("several")
    (folder / "pages").mkdir()
    for path in [ROOT / "app.py", *(ROOT / "pages").glob("*.py")]:
        (folder / path.relative_to(ROOT)).write_text(SCRIPT.format(path=str(path)), encoding="utf-8")
    return start_app(folder / "app.py", PYTHONPATH=str(ROOT))


def test_colours_incidents_abroad_and_the_right_to_share(visit, several):
    tab = visit("/", app=several)
    page, frame = tab.page, map_frame(tab)
    frame.evaluate("window.sameMap = true")
    page.get_by_text("Colour by data set", exact=True).click()
    page.wait_for_url(re.compile("colour=origin"), timeout=15_000)
    settle(page)
    frame.wait_for_selector(".atlas-mark[style*=conic-gradient]", timeout=15_000)
    label = frame.locator(".leaflet-marker-icon", has=frame.locator("[style*=conic-gradient]")).get_attribute("aria-label")
    assert "2 events.csv, 2 ged.csv" in label
    frame.locator(".atlas-places a", has_text="All incidents").click()
    page.get_by_text("5 incidents in view").wait_for(timeout=15_000)
    settle(page)
    assert frame.evaluate("window.sameMap") is True and len(page.query_selector_all("[data-testid=stException]")) == 0
    click_chart(page, 1, 0.3, 200)
    page.wait_for_url(re.compile("from=2020-01-01"), timeout=15_000)
    settle(page)
    page.get_by_text("Share and export").click()
    query = page.get_by_text("I have the right to share them")
    query.wait_for(timeout=15_000)
    assert page.get_by_text("Tables for Excel").count() == 0 and page.locator("[data-testid=stCode]").count() == 0
    own = "button[aria-label^='Download as PNG'], button[aria-label^='Copy Vega-Lite spec']"
    assert page.locator(own).count() > 3 and not any(button.is_visible() for button in page.locator(own).all())
    query.click()
    page.get_by_text("Tables for Excel").wait_for(timeout=15_000)
    assert "colour=origin" in page.locator("[data-testid=stCode]").first.inner_text()
    assert tab.foreign == []
