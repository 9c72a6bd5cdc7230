"""The sources that a row of the Global Terrorism Database cites: publisher, title and day, as far as they can be told apart."""

from __future__ import annotations

import re
from datetime import datetime

import pyarrow.compute as pc

from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.arrow_columns import Chunk, Texts, row_wise

_QUOTED = re.compile(r'^(?P<author>[^"“”]*)["“](?P<title>[^"“”]+)["”],?\s*(?P<publisher>[^,]*)(?P<rest>.*)$', re.S)
_DAY = re.compile(r"([A-Z][a-z]+)\.? (\d{1,2}), (\d{4})", re.ASCII)


def sources(chunk: Chunk, ids: Texts) -> list[dict[str, Texts | str]]:
    """One report for each of scite1 to scite3 that is filled; `ids` of their incidents."""
    found = []
    for name in ("scite1", "scite2", "scite3"):
        cited = pc.not_equal(chunk[name], "")
        publisher, title, published = row_wise([chunk[name].filter(cited)], cited_as, 3)
        report = {"incident_id": ids.filter(cited), "publisher": publisher, "title": title, "published": published}
        found.append({**report, "says": _("Named as a source by the Global Terrorism Database.")})
    return found


def cited_as(text: str) -> tuple[str, str, str]:
    """Publisher, title and day of a reference; without a quoted title all of it is the publisher.

    >>> cited_as('"Bomb at a gate in Kabul," Example News, September 5, 2022.')
    ('Example News', 'Bomb at a gate in Kabul', '2022-09-05')
    >>> cited_as("Example Chronology, 1988")
    ('Example Chronology, 1988', '', '')
    """
    found = _QUOTED.match(text)
    if not found:
        return text, "", ""
    publisher = found["publisher"].strip(" .") or found["author"].strip(" ,.") or text
    return publisher, found["title"].strip(" ,."), _published(found["rest"])


def _published(text: str) -> str:
    for form in ("%B %d %Y", "%b %d %Y"):
        for month, of_month, year in _DAY.findall(text):
            try:
                return datetime.strptime(f"{month} {of_month} {year}", form).date().isoformat()
            except ValueError:
                continue
    return ""
