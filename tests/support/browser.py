"""The app as a person meets it: the real server as a process of its own, and a real Chromium that can reach nothing else.

Nothing here knows pytest: conftest.py makes fixtures of it, tools/docs/screenshot.py takes pictures with it, and
`python -m tests.support.browser` tells whether this machine has a Chromium that starts (tools/setup/chromium.sh asks).
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Error, Frame, Page, Playwright, Route, WebSocketRoute, sync_playwright

from tests.support.network import is_here

ROOT = Path(__file__).resolve().parents[2]
WIDE = (1400, 900)
NARROW = (390, 844)

# Quiet from the start: the browser's own look-ups would drown a look-up of the page. The resolver rule is the second
# wall behind `open_visit`: it also stops what no route sees, such as a preconnect.
CHROMIUM_ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--font-render-hinting=none",  # letters stand as far apart as with a screen
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
_FOREIGN_SOCKET = re.compile(r"^wss?://(?!(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$))")


class NoChromium(RuntimeError):
    """No browser on this machine starts; the message names each that was tried."""


class AppDidNotStart(RuntimeError):
    """The server ended or did not answer; the message is what it printed."""


# --- the server


@dataclass
class App:
    """A running app: where it answers, and everything it has printed."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def printed(self) -> str:
        """Everything the server wrote so far, stdout and stderr together."""
        return self.log.read_text(encoding="utf-8", errors="replace")


@contextmanager
def running_app(script: str | Path = "app.py", seconds: float = 60, **env: str) -> Iterator[App]:
    """The app on a free port of this machine, with its network closed, ended when the block is left.

    `env` is added to the environment, from which settings of the person who runs the tests are taken out first.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("STREAMLIT_", "INCIDENTS_"))}
    command = [sys.executable, "-m", "tests.support.network", "run", str(script), "--server.address", "127.0.0.1"]
    command += ["--server.port", str(port), "--server.headless", "true", "--server.fileWatcherType", "none"]
    handle, name = tempfile.mkstemp(prefix="atlas-", suffix=".log")
    log = Path(name)
    process = subprocess.Popen(command, cwd=ROOT, env=inherited | env, stdout=handle, stderr=subprocess.STDOUT)
    os.close(handle)
    app = App(f"http://127.0.0.1:{port}", process, log)
    try:
        _wait_until_healthy(app, seconds)
        yield app
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.unlink(missing_ok=True)


def _wait_until_healthy(app: App, seconds: float) -> None:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # a proxy of the machine knows no 127.0.0.1 of ours
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and app.process.poll() is None:
        try:
            with direct.open(app.url + "/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise AppDidNotStart(f"No answer at {app.url}. The server printed:\n{app.printed()[-4000:]}")


# --- the browser


def candidates(playwright: Playwright) -> list[str]:
    """The browsers that may be here, best first: CHROMIUM alone when it is set, else those in PATH, else Playwright's own.

    The headless shell comes first: the whole browser draws a window of its own around every page, and takes five times the CPU to open one.
    """
    named = os.environ.get("CHROMIUM")
    if named:
        return [named]
    found = [
        shutil.which(name)
        for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    ]
    own = playwright.chromium.executable_path
    return [path for path in found if path] + ([own] if Path(own).exists() else [])


def launch(playwright: Playwright) -> tuple[Browser, str]:
    """The first browser that really starts, and its path: a file in PATH may be a stub that only tells how to install one."""
    tried = []
    for path in candidates(playwright):
        try:
            return playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS), path
        except Error as error:
            tried.append(f"{path}: {error.message.splitlines()[0]}")
    raise NoChromium("No Chromium starts here. Run `make test`, which installs one. Tried: " + ("; ".join(tried) or "none found"))


@dataclass
class Visit:
    """One page in a window of its own, and every request it tried to send to another machine."""

    page: Page
    url: str
    foreign: list[str] = field(default_factory=list)

    def goto(self, path: str = "/") -> Page:
        """Open a path of the app and wait until it stands still."""
        self.page.goto(self.url + path)
        settle(self.page)
        return self.page


@contextmanager
def open_visit(browser: Browser, url: str, size: tuple[int, int] = WIDE, scheme: str = "light") -> Iterator[Visit]:
    """A fresh window: nothing remembered, its size and colour scheme given, every host but this machine blocked and noted."""
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if scheme == "dark" else "light",
        service_workers="block",  # their requests would pass the route below by
        locale="en-GB",
        timezone_id="UTC",
    )
    try:
        visit = Visit(context.new_page(), url)
        _block(context, visit.foreign)
        yield visit
    finally:
        context.close()


def _block(context: BrowserContext, foreign: list[str]) -> None:
    def judge(route: Route) -> None:
        target = urlsplit(route.request.url)
        if target.scheme in ("http", "https") and not is_here(target.hostname):
            foreign.append(route.request.url)
            route.abort("blockedbyclient")
        else:
            route.continue_()

    def refuse(ws: WebSocketRoute) -> None:
        foreign.append(ws.url)
        ws.close()

    context.route("**/*", judge)
    context.route_web_socket(_FOREIGN_SOCKET, refuse)


# Streamlit writes its state into the page; standing still means: connected, not running, no grey placeholder left.
_SETTLED = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    return app && app.dataset.testConnectionState === 'CONNECTED' && app.dataset.testScriptState === 'notRunning'
        && !document.querySelector('[data-testid="stSkeleton"], [data-testid="stAppSkeleton"], [data-stale="true"]');
}"""


_SAME_MARKS = """() => {
    const now = [...document.querySelectorAll('.atlas-mark')].map(mark => {
        const box = mark.getBoundingClientRect();
        return [mark.textContent, box.x, box.y].join();
    }).join(';');
    const before = window.seenMarks;
    window.seenMarks = now;
    return now !== '' && now === before;
}"""


def settle(page: Page, seconds: float = 60, quiet: float = 0.4) -> None:
    """Wait until the app has run and stays still for a moment: a component may answer and start the next run."""
    deadline = time.monotonic() + seconds
    while True:
        page.wait_for_function(_SETTLED, timeout=max(1.0, (deadline - time.monotonic()) * 1000))
        page.wait_for_timeout(quiet * 1000)
        if page.evaluate(_SETTLED):
            return


def settle_marks(frame: Frame) -> None:
    """Wait until the map of that frame shows the same marks at the same places for a moment: a zoom sorts them anew after it ends."""
    frame.evaluate("delete window.seenMarks")
    frame.wait_for_function(_SAME_MARKS, polling=400, timeout=20_000)


def click_chart(page: Page, chart: int, right: float, down: float) -> None:
    """Click in the chart of that number on the page: a share of its width from the left, pixels from its top."""
    place = page.locator("[data-testid=stVegaLiteChart]").nth(chart)
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    page.mouse.click(box["x"] + box["width"] * right, box["y"] + down)


if __name__ == "__main__":
    try:
        with sync_playwright() as started:
            browser, path = launch(started)
            browser.close()
        print(f"Browser for the tests: {path}")
    except NoChromium as nothing:
        sys.exit(str(nothing))
