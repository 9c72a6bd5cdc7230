"""What every test stands on: a closed network, the running app, and a browser that can reach nothing else.

A browser test without a browser fails. Skipped, it would say "all is well" on a machine where nobody looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import Browser, sync_playwright
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from incident_atlas.ui.pages.map import map as map_page
from tests.support import network
from tests.support.browser import WIDE, App, NoChromium, Visit, launch, open_visit, running_app
from tests.support.pages import opened

NIGHTLY = Path(__file__).parent / "nightly"

# How deep the property tests and the hostile files look: `make test` a little, `make test-all` thoroughly.
settings.register_profile("small", max_examples=20, deadline=None)
settings.register_profile("full", max_examples=100, deadline=None)
settings.load_profile("small")

# AppTest reads what every installed package says of itself for each page that it opens: half of the page's time, for what stays.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)


def pytest_configure() -> None:
    """Close the network before the first import of anything under test, doctests and session fixtures included."""
    network.close()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes have no name of their own: content and length may hold the time, and all workers must collect the same names."""
    return f"{argname}-bytes" if isinstance(val, bytes) else None


@pytest.fixture(scope="session", autouse=True)
def _no_wait_for_a_browser() -> None:
    """A page that is opened without a browser has nothing to wait for; the servers of browser tests wait as they do for people."""
    map_page.MAP_FIRST_SECONDS = 0.0


@pytest.fixture(scope="session")
def start_app() -> Iterator[Callable[..., App]]:
    """`start_app(INCIDENTS_SOURCE=...)`: one more server with that environment; all are ended after the last test."""
    with ExitStack() as stack:
        yield lambda *script, **env: stack.enter_context(running_app(*script, **env))


@pytest.fixture(scope="session")
def server(start_app: Callable[..., App]) -> App:
    """The app on the shipped record, one for all tests: they may look and click, its state belongs to each visit."""
    return start_app()


# One per module: while Playwright is started its event loop counts as running in this thread, which others would trip over.
@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real Chromium, or a failed test."""
    with sync_playwright() as playwright:
        try:
            browser, _ = launch(playwright)
        except NoChromium as nothing:
            pytest.fail(str(nothing))
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Callable[..., Visit]]:
    """`visit("/trends?city=Herat", size=NARROW, scheme="dark")`: a fresh window on that page; `.foreign` is what it tried.

    Without `app` it visits the server that all tests share.
    """
    with ExitStack() as stack:

        def go(path: str = "/", app: App | None = None, size: tuple[int, int] = WIDE, scheme: str = "light") -> Visit:
            app = app or request.getfixturevalue("server")
            opened = stack.enter_context(open_visit(chromium, app.url, size, scheme))
            opened.goto(path)
            return opened

        yield go


@pytest.fixture
def browser_page(visit: Callable[..., Visit]) -> Visit:
    """The Map page of the shared server in a wide, light window."""
    return visit()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what uses the browser, and what `make test` leaves to `make test-all`: tests/nightly, and the browser but for a smoke walk.

    What needs a PostgreSQL server and Spark runs when it is asked for: `make test-engines`, which installs them.
    """
    for item in items:
        if "chromium" in getattr(item, "fixturenames", ()):
            item.add_marker("browser")
            if not item.get_closest_marker("smoke"):
                item.add_marker("nightly")
        if NIGHTLY in item.path.parents:
            item.add_marker("nightly")
    if "engines" not in config.option.markexpr:
        left_out = [item for item in items if item.get_closest_marker("engines")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("engines")]


@pytest.fixture
def run_page(monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`run_page("app.py", {"city": "Herat"}, source=path)`: a page after one run on the shipped record or another file."""

    def go(page: str, query: dict | None = None, source: Path | None = None) -> AppTest:
        if source is None:
            monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)
        else:
            monkeypatch.setenv("INCIDENTS_SOURCE", str(source))
        return opened(page, query)

    return go
