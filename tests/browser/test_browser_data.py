"""Your data in a real browser: a file is dropped, shown on every page, and stays in its session and off the disk."""

from __future__ import annotations

import resource

import pytest

from tests.support.browser import NARROW, Visit, settle
from tests.support.tiny import text

LARGE = text(*({"title": f"An attack, {'long ' * 400}", "notes": "word " * 300} for _ in range(900))).encode()


def drop(seen: Visit, name: str, data: bytes) -> None:
    seen.page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
    seen.page.get_by_text("rows read").first.wait_for(timeout=60_000)
    settle(seen.page)


def test_a_large_file_is_read_by_a_server_that_cannot_write_one(start_app, visit):
    # Starlette spools what is over a megabyte to the disk; a process that may write no such file would fail there.
    app = start_app()
    resource.prlimit(app.process.pid, resource.RLIMIT_FSIZE, (500_000, 500_000))
    assert len(LARGE) > 2_500_000
    seen = visit("/data", app=app)
    drop(seen, "mine.csv", LARGE)
    assert seen.page.get_by_text("900 rows read: 900 kept").count() == 1
    assert seen.foreign == [] and "File too large" not in app.printed()


def test_pages_show_the_files_of_their_session_alone(visit):
    seen = visit("/data")
    drop(seen, "mine.csv", text({"title": "Only mine"}, {"city": "Herat"}).encode())
    seen.page.get_by_role("link", name="Incidents", exact=True).click()
    seen.page.get_by_role("heading", name="2 incidents").wait_for()
    other = visit("/incidents")
    assert other.page.get_by_role("heading", name="2 incidents").count() == 0
    assert seen.foreign == other.foreign == []


@pytest.mark.parametrize("size", [NARROW])
def test_a_place_is_chosen_by_a_click_on_the_map_on_a_phone(visit, size):
    seen = visit("/data", size=size)
    drop(seen, "mine.csv", text({}, {"city": "", "place": "Nowhere", "title": "Somewhere"}).encode())
    seen.page.get_by_text("Places to find (1)").click()
    frame = seen.page.frame_locator("iframe[title*=st_folium]").first
    frame.locator(".leaflet-container").click(position={"x": 170, "y": 180})
    seen.page.get_by_text("The point that you clicked").wait_for()
    settle(seen.page)
    seen.page.get_by_role("button", name="Place it here").click()
    seen.page.get_by_text("1 placed, 0 left unplaced").wait_for()
    assert seen.foreign == []
