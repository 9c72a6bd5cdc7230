"""Data sets and the files they came in: what each is, how to cite it, what it allows, and what it cannot say.

A record may hold rows of several. `Format` is what all files of a data set share, `Origin` is one file of it, and `Read`
is what a reader of any format makes of some of its rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd


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


ATLAS = Format("atlas", "Incident Atlas columns")
TABLE = Format("table", "A table of its own columns")


@dataclass(frozen=True)
class Origin:
    """One file of a record.

    name: what the column `origin` of its incidents says, without a semicolon. title: what it was recognised as, such as
    "UCDP GED 25.1: 49 columns". file: its name. read = kept + set_aside, in rows.
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


class Read(NamedTuple):
    """What a reader makes of some rows of a file: all text, blank cells are ''.

    raw: the columns of `record.NAMES`, index the line on which each row begins. reports: the columns of
    `record.REPORT_NAMES`, any number per row. extras: columns of the file that have no place in the record, index as raw.
    """

    raw: pd.DataFrame
    reports: pd.DataFrame
    extras: pd.DataFrame
