"""The pictures of README and docs, made anew from the app as it is: python -m tools.docs.pictures [docs]

Light, dark, on a phone, and close up in Kabul. Every host but this machine is blocked. A picture has at most 256 colours, so that
it stays small.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from tests.support.browser import NARROW, WIDE, launch, open_visit, running_app

PICTURES = (
    ("map.png", "/", WIDE, "light"),
    ("map-dark.png", "/", WIDE, "dark"),
    ("map-phone.png", "/", NARROW, "light"),
    ("map-kabul.png", "/?lat=34.53&lon=69.17&zoom=12", WIDE, "light"),
)
MOST_BYTES = 400_000


def small(png: bytes) -> bytes:
    """The same picture with 256 colours, chosen so that rare ones stay: the median cut turns an orange mark brown."""
    out = io.BytesIO()
    few = Image.open(io.BytesIO(png)).convert("RGB").quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> int:
    """Write the pictures; exit code 1 when one is too large or a page tried to reach another machine."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", default="docs", type=Path, help="where the pictures go (default: docs)")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    trouble: list[str] = []
    with running_app() as app, sync_playwright() as playwright:
        browser, _ = launch(playwright)
        for name, path, size, scheme in PICTURES:
            with open_visit(browser, app.url, size, scheme) as visit:
                page = visit.goto(path)
                page.wait_for_timeout(3000)
                picture = small(page.screenshot())
                trouble += [f"{name}: a page tried to reach {address}" for address in visit.foreign]
            if len(picture) > MOST_BYTES:
                trouble.append(f"{name} has {len(picture):,} bytes; at most {MOST_BYTES:,} are wanted")
            (folder / name).write_bytes(picture)
            print(f"{folder / name}: {len(picture):,} bytes")
        browser.close()
    for line in trouble:
        print(line, file=sys.stderr)
    return 1 if trouble else 0


if __name__ == "__main__":
    sys.exit(main())
