"""Pictures of the app as a person sees it, wide and narrow, light and dark: python -m tools.docs.screenshot "/?city=Herat" out_dir

Without --url it starts the app itself. Every host but this machine is blocked, as in the tests, and what a page tried is told.
"""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import nullcontext
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.support.browser import NARROW, WIDE, launch, open_visit, running_app, settle

# The page scrolls inside the app: the whole of it is seen only in a window as high as its content.
_HEIGHT = """() => Math.max(...[...document.querySelectorAll('[data-testid="stMain"], [data-testid="stSidebarContent"]')]
    .map(part => part.scrollHeight))"""


def unroll(page: Page, width: int, least: int) -> None:
    """Make the window as high as the page, so that nothing of it is hidden."""
    for _ in range(3):  # a higher window may let content grow
        height = min(max(least, page.evaluate(_HEIGHT)), 12_000)
        page.set_viewport_size({"width": width, "height": height})
        settle(page)


def file_name(path: str, size: tuple[int, int], scheme: str) -> str:
    """A name that says what is in the picture: map-city-herat-1400x900-dark.png."""
    words = re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "map"
    return f"{words[:60]}-{size[0]}x{size[1]}-{scheme}.png"


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("path", nargs="?", default="/", help='path and query, such as "/?city=Herat"')
    parser.add_argument("folder", nargs="?", default="screenshots", type=Path, help="where the pictures go")
    parser.add_argument("--url", help="an app that runs already, such as http://127.0.0.1:8501")
    parser.add_argument("--full", action="store_true", help="the whole page instead of the first screen")
    parser.add_argument("--size", choices=["wide", "narrow"], action="append", help="only this one")
    parser.add_argument("--scheme", choices=["light", "dark"], action="append", help="only this one")
    parser.add_argument("--wait", type=float, default=1.5, help="seconds for maps and charts to be drawn (default 1.5)")
    return parser.parse_args()


def main() -> int:
    """Take the pictures; exit code 1 when a page tried to reach another machine."""
    query = arguments()
    query.folder.mkdir(parents=True, exist_ok=True)
    sizes = [{"wide": WIDE, "narrow": NARROW}[name] for name in query.size or ("wide", "narrow")]
    tried: list[str] = []
    with nullcontext() if query.url else running_app() as app, sync_playwright() as playwright:
        browser, _ = launch(playwright)
        for size in sizes:
            for scheme in query.scheme or ("light", "dark"):
                with open_visit(browser, query.url or app.url, size, scheme) as visit:
                    page = visit.goto(query.path)
                    if query.full:
                        unroll(page, *size)
                    page.wait_for_timeout(query.wait * 1000)
                    picture = query.folder / file_name(query.path, size, scheme)
                    page.screenshot(path=picture)
                    print(picture)
                    tried += visit.foreign
        browser.close()
    for address in sorted(set(tried)):
        print(f"tried to reach {address}", file=sys.stderr)
    return 1 if tried else 0


if __name__ == "__main__":
    sys.exit(main())
