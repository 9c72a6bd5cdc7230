"""The tables of data/ that every record shares: who is named, what happened meanwhile, who reports."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import UNKNOWN

DATA = Path(__file__).parents[2] / "data"
"""The folder of the record that is shipped, and of the tables around it."""

PART_OF = {"Haqqani Network": "Taliban"}
"""A group to the movement that it is part of, as data/perpetrators.csv says: whoever names either names no other side."""


@cache
def perpetrators() -> dict[str, str]:
    """Casefolded name or alias of a perpetrator to the name that the record uses."""
    table = read_table(DATA / "perpetrators.csv")
    names = {UNKNOWN.casefold(): UNKNOWN}
    for name, aliases in zip(table["name"], table["aliases"], strict=True):
        names |= {alias.casefold(): name for alias in [name, *split(aliases)]}
    return names


@cache
def milestones() -> pd.DataFrame:
    """Dates a reader compares against: date (datetime64), name, description, url."""
    return dated(read_table(DATA / "milestones.csv"), "date")


@cache
def publishers() -> pd.DataFrame:
    """Who reports: publisher, kind (one of `vocabulary.PUBLISHER_KINDS`, or blank), knows (whether it is able to know a toll: yes, no, blank), country, url, licence; all text."""
    return read_table(DATA / "publishers.csv")


def read_table(path: Path) -> pd.DataFrame:
    """A CSV file as text; blank cells are empty strings."""
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig")


def dated(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    """The table with these columns as datetime64; what is no date is NaT."""
    return table.assign(**{name: pd.to_datetime(table[name], errors="coerce") for name in names})
