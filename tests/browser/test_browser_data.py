"""Your data in a real browser: a file is dropped, shown on every page, and stays in its session and off the disk."""

from __future__ import annotations

import re
import resource

import pytest

from tests.support.browser import NARROW, Visit, settle
from tests.support.tiny import text

LARGE = text(*({"title": f"An attack, {'long ' * 400}", "notes": "word " * 300} for _ in range(900))).encode()


def drop(tab: Visit, name: str, data: bytes) -> None:
    tab.page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    tab.page.get_by_text("rows read").first.wait_for(timeout=60_000)
    settle(tab.page)


def test_a_large_file_is_read_by_a_server_that_cannot_write_one(start_app, visit):
    # Starlette spools what is over a megabyte to the disk; a process that may write no such file would fail there.
    app = start_app()
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (500_000, 500_000))
    assert len(LARGE) > 2_500_000
    tab = visit("/data", app=app)
    drop(tab, "mine.csv", LARGE)
    assert tab.page.get_by_text("900 rows read: 900 kept").count() == 1
    assert tab.foreign == [] and "File too large" not in app.printed()


def test_pages_show_the_files_of_their_session_alone(visit):
    tab = visit("/data")
    drop(tab, "mine.csv", text({"title": "Only mine"}, {"city": "Herat"}).encode())
    tab.page.get_by_role("link", name="Incidents", exact=True).click()
    tab.page.get_by_role("heading", name=re.compile("^2 incidents")).wait_for()
    other = visit("/incidents")
    assert other.page.get_by_role("heading", name=re.compile("^2 incidents")).count() == 0
    assert tab.foreign == other.foreign == []


@pytest.mark.parametrize("size", [NARROW])
def test_a_place_is_chosen_by_a_click_on_the_map_on_a_phone(visit, size):
    tab = visit("/data", size=size)
    drop(tab, "mine.csv", text({}, {"city": "", "place": "Nowhere", "title": "Somewhere"}).encode())
    tab.page.get_by_text("Places to find (1)").click()
    frame = tab.page.frame_locator("iframe[title*=st_folium]").first
    frame.locator(".leaflet-container").click(position={"x": 170, "y": 180})
    tab.page.get_by_text("The point that you clicked").wait_for()
    settle(tab.page)
    tab.page.get_by_role("button", name="Place it here").click()
    tab.page.get_by_text("1 placed, 0 left unplaced").wait_for()
    assert tab.foreign == []
