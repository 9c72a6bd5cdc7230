"""One incident as a reference, for a footnote and for a list of literature."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

import pandas as pd

from incident_atlas.core.data_sets import Origin, citations_and_terms
from incident_atlas.core.text import day, listed, plain
from incident_atlas.i18n import _

# Braces as commands: BibTeX counts a brace even behind a backslash, and one too many ends or swallows the entry.
_BIBTEX = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "{": r"{\textbraceleft}",
        "}": r"{\textbraceright}",
        "~": r"{\textasciitilde}",
        "^": r"{\textasciicircum}",
    }
    | {sign: f"\\{sign}" for sign in "$&#%_"}
)
_NOT_IN_AN_ADDRESS = re.compile(r"[\s{}\\\"<>^`|]")


class IncidentCitation(NamedTuple):
    """An incident as a footnote, one line of plain text, and as a BibTeX entry."""

    text: str
    bibtex: str


def cite(
    one: pd.Series,
    link: str,
    last_day: date | None,
    origins: tuple[Origin, ...] = (),
    discretion: str = "",
    accessed: date | None = None,
) -> IncidentCitation:
    """How to cite an incident, as text and as BibTeX: its title, day and id, the record's last day, the link to its page.

    The link is written down, never judged or followed: signs that have no place in an address are percent-encoded, its
    own percent signs stay, because `url` is a verbatim field. No author and no year: the record names none for a row.
    origins: the data sets it came from; those of others are cited with their terms. discretion: what is withheld of the record, as a sentence.
    accessed: the day on which it was seen.

    >>> bibtex("100 % {sure}")
    '100 \\\\% {\\\\textbraceleft}sure{\\\\textbraceright}'
    """
    title, incident_id = _line(one["title"], 300), _line(one["incident_id"], 100)
    when = day(one["date"], one["date_precision"])
    if last_day is not None and not pd.isna(last_day):
        until = _("record to {last_day}").format(last_day=day(last_day))
    else:
        until = _("record without a last day")
    url = address(link)
    foreign, data = (
        [origin.name for origin in origins if not origin.shipped],
        " ".join(filter(None, (plain(discretion, 1000), citations_and_terms(origins)))),
    )
    published = _("Incident Atlas, record of armed attacks in Afghanistan")
    if foreign:
        ours = ["Incident Atlas"] if len(foreign) < len(origins) else []
        published = _line(_("{listed}, shown with Incident Atlas").format(listed=listed([*ours, *foreign])), 300)
    text = _("{published}: “{title}”, {when}. Incident {incident_id}, {until}.").format(
        published=published if foreign else "Incident Atlas", title=title, when=when, incident_id=incident_id, until=until
    )
    day_of_access = _("Accessed {day}.").format(day=day(accessed)) if accessed else ""
    fields = {
        "title": f"{{{bibtex(title)}}}",
        "howpublished": bibtex(published),
        "note": _("Incident {incident_id}, {date}; {until}").format(
            incident_id=bibtex(incident_id), date=bibtex(when), until=until
        )
        + (f". {bibtex(data)}" if data else ""),
        "urldate": accessed.isoformat() if accessed else "",
        "url": url,
    }
    key = re.sub(r"[^A-Za-z0-9-]+", "-", incident_id).strip("-") or "incident"
    return IncidentCitation(" ".join(filter(None, (text, day_of_access, url, data))), bibtex_entry(key, fields))


def bibtex_entry(key: str, fields: dict[str, str]) -> str:
    """A `@misc` entry of the fields that are not blank; each value as `bibtex` makes it, or an address."""
    lines = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@misc{{{key},\n{lines}\n}}\n"


def address(link: str) -> str:
    """A link as it stands in a reference: signs that have no place in an address are percent-encoded; its own percent signs stay.

    >>> address("http://localhost/?q={x} y")
    'http://localhost/?q=%7Bx%7D%20y'
    """
    return _NOT_IN_AN_ADDRESS.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), plain(link, 2000).strip())


def bibtex(text: str) -> str:
    """Text as the value of a BibTeX field: what LaTeX would obey is escaped, line breaks are spaces."""
    return _line(text, 2000).translate(_BIBTEX)


def _line(text: object, longest: int) -> str:
    return plain(" ".join(str(text).split()), longest)
