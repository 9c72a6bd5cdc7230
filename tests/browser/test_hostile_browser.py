"""The hostile project in a real browser: page after page, nothing runs, nothing is asked of another host, the words are there."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, TimeoutError

from tests.browser.test_browser_map import map_frame
from tests.browser.test_export_browser import download, menu
from tests.support import hostile_files, hostile_project
from tests.support.browser import ROOT, App, Visit, open_visit, settle
from tests.support.hostile import ELSEWHERE, EVALUATED, PROBES, probe_text, tag

WEIGHTY = [
    n for n, probe in enumerate(PROBES) if any(sign in probe for sign in ("{{ 7", "${7", "<script", "<img", "<svg", "![x]"))
]
"""Probes that a browser, or what compiles its page, could take for its own."""


@pytest.fixture(scope="module")
def project(tmp_path_factory) -> Path:
    """A folder of hostile data, and beside it the app that takes all its tables from there."""
    folder = tmp_path_factory.mktemp("app")
    (folder / "data").mkdir()
    hostile_project.write(folder / "data")
    (folder / "pages").symlink_to(ROOT / "pages")
    (folder / "app.py").write_text(
        "from pathlib import Path\nfrom tests.support import hostile_project\n"
        f"hostile_project.use(Path({str(folder / 'data')!r}))\n"
        f"exec(compile(Path({str(ROOT / 'app.py')!r}).read_text(encoding='utf-8'), 'app.py', 'exec'))\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="module")
def app(start_app: Callable[..., App], project: Path) -> App:
    """The app on the hostile project."""
    return start_app(project / "app.py", INCIDENTS_SOURCE=str(project / "data" / "incidents.csv"), PYTHONPATH=str(ROOT))


@pytest.fixture
def window(visit, app) -> Iterator[Visit]:
    """A window on its Map page, in which every dialog is noted; at the end nothing may have happened."""
    window = visit("/", app=app)
    dialogs: list[str] = []
    window.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    yield window
    unharmed(window.page)
    assert dialogs == [] and window.foreign == [] and "REFUSED" not in app.printed()


# A link to a report may lead to another host; whatever loads or runs by itself may not.
_HARM = f"""() => {{
    const loads = 'script[src*="{ELSEWHERE}"], img[src*="{ELSEWHERE}"], [style*="{ELSEWHERE}"], iframe[src*="{ELSEWHERE}"]';
    const runs = '[onerror], [onload], a[href^="javascript:"], a[href^="data:"]';
    return {{flag: window.probed, title: document.title, found: [...document.querySelectorAll(loads + ', ' + runs)].map(e => e.outerHTML),
             evaluated: document.documentElement.outerHTML.includes("{EVALUATED}")}};
}}"""


def unharmed(page: Page) -> None:
    """No frame of the page runs, loads or shows what a probe asked for."""
    for frame in page.frames:
        text = frame.evaluate(_HARM)
        assert not text.get("flag") and text["title"] != "probed" and text["found"] == [] and not text["evaluated"], (
            frame.url,
            text,
        )


def shows(page: Page, *fields: str, probes: list[int] = WEIGHTY) -> None:
    """The words of these fields are on the page, of every weighty probe."""
    expected = [tag(field, n) for field in fields for n in probes]
    with contextlib.suppress(TimeoutError):  # what is missing is named below
        page.wait_for_function(
            "words => words.every(word => document.body.innerText.includes(word))", arg=expected, timeout=10_000
        )
    text = page.inner_text("body")
    assert [word for word in expected if word not in text] == []


@pytest.mark.parametrize("n", WEIGHTY)
def test_a_mark_its_card_and_the_pages_of_the_incident_and_of_a_site_show_text(window, n):
    window.goto(f"/?q={tag('title', n)}")
    frame = map_frame(window)
    frame.locator(".leaflet-marker-icon:has(.atlas-mark)").hover()
    assert tag("title", n) in frame.locator(".leaflet-tooltip").inner_text()
    unharmed(window.page)
    frame.locator(".atlas-mark").click()
    window.page.locator(".atlas-card").wait_for()
    shows(window.page, "title", "summary", "place", probes=[n])
    unharmed(window.page)
    window.goto(f"/incidents?{urlencode({'incident': hostile_project.cell('incident_id', n)})}")
    shows(window.page, "title", "summary", "place", "notes", "target_name", "publishers_publisher", "report_says", probes=[n])
    unharmed(window.page)
    window.goto(f"/nearby?{urlencode({'site': hostile_project.cell('sites_site_id', n)})}")
    shows(window.page, "sites_name", probes=[n])


@pytest.mark.parametrize("page", ["/incidents", "/compare", "/nearby", "/claims", "/about"])
def test_a_page_shows_text(window, page):
    window.goto(page)
    if page == "/claims":
        # A card comes with its claim's opening and has a part to open of its own, so that what is closed is looked for anew.
        closed = window.page.locator(".st-key-claims details:not([open]) > summary")
        while closed.count():
            closed.first.click()
            settle(window.page, quiet=0.1)
        shows(window.page, "claims_text", "claims_source", "claims_question")
    unharmed(window.page)
    for n in WEIGHTY[::2]:
        window.goto(f"{page}?{urlencode({name: probe_text(name, n) for name in ('q', 'source', 'place', 'first', 'claim')})}")
        unharmed(window.page)


def test_files_of_hostile_names_columns_members_and_cells_are_shown_as_text(window):
    names = ["When", *(probe_text("column", n) for n in WEIGHTY)]
    rows = [[f"{day}/04/2012", *(probe_text("cell", n) for n in WEIGHTY)] for day in (13, 14)]
    points = {
        "type": "FeatureCollection",
        "features": [{"properties": dict(zip(names, row, strict=True)), "geometry": None} for row in rows],
    }
    members = {f"{probe_text('member', n).replace('/', '')}.csv": b"a,b\n1,2\n" for n in WEIGHTY}
    table = "\n".join(",".join(f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row) for row in [names, *rows])
    kinds = {
        "csv": table.encode(),
        "xlsx": hostile_files.as_workbook(names, rows),
        "geojson": json.dumps(points).encode(),
        "parquet": hostile_files.as_parquet(names, rows),
        "zip": hostile_files.zipped(**members),
        "tsv": f'"{probe_text("refused", WEIGHTY[0])}"^b\n1^2\n'.encode(),
    }
    window.goto("/data")
    files = [
        {"name": f"{probe_text('file', n).replace('/', '')}.{ending}", "mimeType": "text/csv", "buffer": data}
        for n, (ending, data) in zip(WEIGHTY, kinds.items(), strict=False)
    ]
    window.page.locator("input[type=file]").first.set_input_files(files)
    window.page.get_by_text("2 rows read").first.wait_for(timeout=60_000)
    settle(window.page)
    shows(window.page, "file", probes=WEIGHTY[: len(kinds)])
    shows(window.page, "member", "refused", probes=WEIGHTY[:1])
    for part in ("Places", "Pairs", "Overlap", "Quality"):
        button = window.page.get_by_role("radio", name=part)
        if button.count():
            button.first.click()
            settle(window.page)
            unharmed(window.page)
    window.page.get_by_role("link", name="Map", exact=True).click()
    settle(window.page)


def test_files_to_take_away_are_opened_without_harm(window, chromium, tmp_path):
    menu(window)
    name, data = download(window, "offline")
    path = tmp_path / name
    path.write_bytes(data)
    with open_visit(chromium, path.as_uri()) as alone:
        query: list[str] = []
        alone.page.on("request", lambda request: query.append(request.url))
        alone.page.goto(path.as_uri())
        alone.page.locator("#map .atlas-mark").first.hover(force=True)
        shows(alone.page, "title")
        unharmed(alone.page)
        assert query == [path.as_uri()]
    for label, ending in (("The map as a picture", ".png"), ("GeoJSON", ".geojson"), ("Tables for Excel", ".zip")):
        name, data = download(window, label)
        assert name.endswith(ending) and data
