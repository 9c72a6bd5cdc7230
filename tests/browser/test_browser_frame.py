"""The dashboard in a frame of another site, in a real browser: shown when the server names the site, and else not."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.browser import ROOT, open_visit, running_app

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """Another origin of this machine; its files are those of `tmp_path`."""
    serve = functools.partial(http.server.SimpleHTTPRequestHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), serve) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("named", [True, False], ids=["named", "not named"])
def test_another_site_shows_one_element_only_when_it_is_named(chromium, site, tmp_path, named):
    with running_app(ROOT / "deploy" / "instance.py", ATLAS_FRAME_ANCESTORS=site if named else "") as app:
        address = f"{app.url}/?city=Kabul&show=map"
        (tmp_path / "index.html").write_text(f"<iframe src='{address}' width='900' height='700'></iframe>", encoding="utf-8")
        with open_visit(chromium, app.url) as tab:
            console: list[str] = []
            tab.page.on("console", lambda message: console.append(message.text))
            tab.page.goto(site)
            inside = tab.page.frame_locator("iframe")
            if named:
                inside.locator("h1.atlas-sentence", has_text="incidents in Kabul").wait_for(timeout=60_000)
                # The map is a frame in the frame.
                inside.frame_locator("iframe[title*=folium]").locator(".leaflet-container").wait_for(timeout=60_000)
            else:
                tab.page.wait_for_timeout(5_000)
                assert inside.locator("h1.atlas-sentence").count() == 0
                assert any("frame-ancestors" in message or "X-Frame-Options" in message for message in console)
