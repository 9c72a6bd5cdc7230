"""Data sets and the files they came in: what each is, how to cite it, what it allows, and what it cannot say.

A record may hold rows of several. `Format` is what all files of a data set share, `Origin` is one file of it, and `Read`
is what a reader of any format makes of some of its rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from incident_atlas.core.text import plain
from incident_atlas.i18n import _


@dataclass(frozen=True)
class Format:
    """A data set's way of writing: what is true of every file of it.

    key: its name on the command line. name: its name for people. citation, terms: as its maker asks. asks: its terms forbid
    passing rows on without permission, so exports and links first ask the reader for the right to. cannot_say: sentences on
    what it holds no column for. breaks: ISO date and sentence of each change of how it is collected.
    """

    key: str
    name: str
    citation: str = ""
    terms: str = ""
    asks: bool = False
    cannot_say: tuple[str, ...] = ()
    breaks: tuple[tuple[str, str], ...] = ()


ATLAS = Format("atlas", _("Incident Atlas columns"))
TABLE = Format("table", _("A table of its own columns"))


@dataclass(frozen=True)
class Origin:
    """One file of a record.

    name: what the column `origin` of its incidents says, without a semicolon. title: what it was recognised as, such as
    "UCDP GED 25.1: 49 columns". file: its name. read = kept + set_aside, in rows. wordless: free text is left out of its incidents and
    of their reports, places included.
    """

    name: str
    format: Format
    title: str
    file: str
    sha256: str
    read: int
    kept: int
    set_aside: int
    shipped: bool = False
    wordless: bool = False


class Read(NamedTuple):
    """What a reader makes of some rows of a file: all text, blank cells are ''.

    raw: the columns of `schema.NAMES`, index the line on which each row begins. reports: the columns of
    `schema.REPORT_NAMES`, any number per row. extras: columns of the file that have no place in the record, index as raw.
    """

    raw: pd.DataFrame
    reports: pd.DataFrame
    extras: pd.DataFrame


NOT_STATED = _("not stated here: ask whoever made the file")
"""The terms of a file whose data set is not known."""


def named(cells: Iterable[str], origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """The origins that these cells of the column `origin` name, in the order given."""
    names = {name.strip() for cell in cells for name in cell.split(";")}
    return tuple(origin for origin in origins if origin.name in names)


def asking(origins: Iterable[Origin]) -> tuple[Origin, ...]:
    """Those whose terms forbid passing rows on without permission."""
    return tuple(origin for origin in origins if origin.format.asks)


def cited(origin: Origin) -> str:
    """How to cite a file that is not the shipped record: its data set as its maker asks, or the file by its name."""
    return plain(
        origin.format.citation
        or _("{origin_title}, file {origin_file}").format(origin_title=origin.title, origin_file=origin.file),
        1000,
    )


def terms(origin: Origin) -> str:
    """What its maker allows, or that it is not known."""
    return plain(origin.format.terms or NOT_STATED, 1000)


def citations_and_terms(origins: Iterable[Origin]) -> str:
    """Citation and terms of every data set but the shipped one, as sentences in one line; a data set of several files once."""
    sentences = [
        _sentence(cited(origin)) + _sentence(_("Terms: {terms}").format(terms=terms(origin)))
        for origin in origins
        if not origin.shipped
    ]
    return " ".join(_("Data: {sentence}").format(sentence=each).strip() for each in dict.fromkeys(sentences))


def _sentence(text: str) -> str:
    return f"{text} " if text.endswith((".", "!", "?")) else f"{text}. "
