"""When did the rate change? and the calendar in a real browser, on a phone."""

from __future__ import annotations

from tests.support.browser import NARROW, settle
from tests.support.record import shipped_record


def test_both_pictures_fit_a_phone_and_the_calendar_changes_what_it_counts(visit):
    tab = visit("/compare", size=NARROW)
    page = tab.page
    for words in ("Incidents per month, and their rate", "Incidents per month as a calendar"):
        chart = page.locator(f"[aria-label^='{words}']")
        chart.scroll_into_view_if_needed()
        box = chart.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0] and box["height"] > 120
    assert page.evaluate("document.querySelector('[data-testid=stMain]').scrollWidth") <= NARROW[0]
    page.get_by_role("radio", name="Killed").click()
    settle(page)
    calendar = page.locator("[aria-label^='Killed per month as a calendar']")
    calendar.wait_for()
    source = shipped_record().source
    months = 12 * (source.last.year - source.first.year) + source.last.month  # whole years, the last one to its last month
    assert calendar.locator("[aria-roledescription='rect mark']").count() == months
    assert not tab.foreign
