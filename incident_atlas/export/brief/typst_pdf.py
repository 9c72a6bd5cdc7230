"""A brief as PDF by typst, without network and without fonts of the machine.

What the brief says is one JSON file that the template reads as data: typst never sees a text of the record as markup, and the
template, the data and the pictures are given to it in memory, so nothing of an upload touches the disk.
"""

from __future__ import annotations

import json
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
    fields = asdict(brief) | {
        "paper": PAPERS[paper],
        "made": None,
        "first": None,
        "last": None,
        "link_url": safe_url(brief.link),
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
            asdict(one) | {"host": (urlsplit(one.url).hostname or "").removeprefix("www.") if one.url else ""}
            for one in brief.sources
        ],
    }
    return drawable(fields)


def _picture(name: str, picture: BriefPicture) -> dict[str, Any]:
    tall = picture.height > picture.width
    return {"file": f"{name}.svg", "title": picture.title, "alt": picture.alt, "note": picture.note, "tall": tall}
