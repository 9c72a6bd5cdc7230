"""A brief as PDF by typst, without network and without fonts of the machine.

What the brief says is one JSON file that the template reads as data: typst never sees a text of the record as markup, and the
template, the data and the pictures are given to it in memory, so nothing of an upload touches the disk.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import datetime
from datetime import time as clock
from typing import Any
from urllib.parse import urlsplit

from incident_atlas.core import fonts
from incident_atlas.core.text import day, drawable, safe_url
from incident_atlas.export.brief.content import Brief
from incident_atlas.export.brief.pictures import BriefPicture, Pictures
from incident_atlas.i18n import _
from incident_atlas.theme import ASSETS

PAPERS = {"a4": "a4", "letter": "us-letter"}
"""Names of the command line to those of typst."""

TEMPLATE = ASSETS / "brief.typ"


def pdf(brief: Brief, pictures: Pictures, paper: str = "a4") -> bytes:
    """The two pages as PDF; the same brief gives the same bytes. paper: one of `PAPERS`."""
    [made] = _pages(brief, pictures, paper, "pdf")
    return made


def png_pages(brief: Brief, pictures: Pictures, paper: str = "a4", dots: int = 144) -> list[bytes]:
    """Each page as a PNG of so many dots per inch, to be looked at."""
    return _pages(brief, pictures, paper, "png", dots)


def _pages(brief: Brief, pictures: Pictures, paper: str, form: str, dots: int | None = None) -> list[bytes]:
    # Only here: the app starts without it, and most sessions never ask for a brief.
    import typst

    drawn = {"map": pictures.map, "legend": pictures.legend, "timeline": pictures.timeline}
    drawn |= {f"chart{n}": chart for n, chart in enumerate(pictures.charts)}
    files = {f"pictures/{name}.svg": picture.svg.encode() for name, picture in drawn.items() if picture is not None}
    files |= {"main": TEMPLATE.read_bytes(), "brief.json": json.dumps(data(brief, pictures, paper), ensure_ascii=False).encode()}
    made = typst.compile(
        files,
        format=form,
        ppi=dots,
        font_paths=list(fonts.folders()),
        ignore_system_fonts=True,
        # The day of the brief and no other time: the same brief is the same file.
        timestamp=int((datetime.combine(brief.made, clock()) - datetime(1970, 1, 1)).total_seconds()),
    )
    return made if isinstance(made, list) else [made]


def data(brief: Brief, pictures: Pictures, paper: str) -> dict[str, Any]:
    """What the template reads: all words, and which picture file is what."""
    words = _printed({name: value for name, value in drawable(asdict(brief)).items() if name not in ("link", "version")})
    fields = {
        "paper": PAPERS[paper],
        "made": None,
        "first": None,
        "last": None,
        "document_title": brief.title,
        # No address that people use has so long a word; where one has, it is there to be clicked, not to be typed.
        "link": re.sub(r"(\w{60})(?=\w)", "\\1\u200b", brief.link),
        "link_url": safe_url(brief.link),
        "version": brief.version,
        "words": {
            "brief_of": _("Brief of {day}").format(day=day(brief.made)),
            "data_version": _("data version {version}").format(version=brief.version),
            "columns": [_("Date, place"), _("Incident"), _("Killed"), _("Wounded"), _("Who, and how sure")],
            "deadliest": brief.list_title,
            "uncertain": _("What is uncertain"),
            "link": _("Link"),
        },
        "map": _picture("map", pictures.map),
        "legend": _picture("legend", pictures.legend),
        "timeline": pictures.timeline and _picture("timeline", pictures.timeline),
        "charts": [_picture(f"chart{n}", chart) for n, chart in enumerate(pictures.charts)],
        "sources": [
            {"number": one.number, "text": printable(drawable(one.text)), "url": one.url, "host": _host(one.url)}
            for one in brief.sources
        ],
    }
    for printed, one in zip(words["deadliest"], brief.deadliest, strict=True):
        printed["title"] = isolated(drawable(one.title))
    return words | fields


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.") if url else ""


_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_ISOLATED = re.compile(
    f"(?<=“)[^”]*[{_RIGHT_TO_LEFT}][^”]*”*(?=”)"  # what somebody searched for, or the title of a report
    f"|[{_RIGHT_TO_LEFT}](?:[^A-Za-zÀ-ɏ“”,;]*[{_RIGHT_TO_LEFT}0-9)])?"  # any other words that run from right to left
)
_UNBROKEN = re.compile(r"([^\s/-]{20})(?=[\w!-.:-@\[-`{-~])")
_COPIED = re.compile(r"https?://|[0-9a-f]{64}$")
"""Words that readers copy, in which no sign may be added: addresses, which typst breaks by itself, and checksums."""


def printable(text: str) -> str:
    """Text that neither leaves its column nor scrambles what stands beside it.

    A word may break after each 20 letters (zero-width space, before no combining sign), and words that run from right to left are
    isolated (U+2068, U+2069), so that brackets and numbers around them keep their places.

    >>> printable("a" * 25) == "a" * 20 + "\\u200b" + "a" * 5, printable("“کابل” 12")
    (True, '“\\u2068کابل\\u2069” 12')
    """
    return _ISOLATED.sub(lambda found: f"\u2068{found[0]}\u2069", _breakable(text))


def isolated(text: str) -> str:
    """The same for a title: isolated as a whole, it runs as its first letter does, and a footnote stays behind it."""
    text = _breakable(text)
    return f"\u2068{text}\u2069" if re.search(f"[{_RIGHT_TO_LEFT}]", text) else text


def _breakable(text: str) -> str:
    words = re.split(r"(\s+)", text)
    return "".join(word if _COPIED.match(word) else _UNBROKEN.sub("\\1\u200b", word) for word in words)


def _printed(value: Any) -> Any:
    """`printable` for all texts in lists and dicts."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {name: _printed(inner) for name, inner in value.items()}
    return [_printed(inner) for inner in value] if isinstance(value, list | tuple) else value


def _picture(name: str, picture: BriefPicture) -> dict[str, Any]:
    tall, note = picture.height > picture.width, printable(drawable(picture.note))
    return {"file": f"{name}.svg", "title": picture.title, "alt": drawable(picture.alt), "note": note, "tall": tall}
