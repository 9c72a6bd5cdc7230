"""One finding of the quality report: a title, a sentence, and the small table behind it."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from incident_atlas.core.text import plain
from incident_atlas.errors import ROW_SET_ASIDE
from incident_atlas.i18n import _

CHANCE = 0.001
"""What is found is told as more than chance when chance alone would make so much of it in one file of a thousand."""

_ROW_IS_SET_ASIDE = frozenset({"no_id", "repeated_id", "no_title", "no_date", "no_attack", "not_an_incident"})
"""Codes of the problems that cost their row."""

MOST = 10
"""Rows of a table that has no end of its own: the points that hold most, the longest gaps."""


class Section(NamedTuple):
    """A finding. table: plain columns with names for people, shares from 0 to 1; it may be empty."""

    title: str
    sentence: str
    table: pd.DataFrame


def shares(names, counts, whole: int, head: str) -> pd.DataFrame:
    """Counts with their share of a whole: columns `head`, Incidents, Share (0 to 1); counts of zero are left out."""
    rows = [(plain(name, 200), int(n), round(n / whole, 4)) for name, n in zip(names, counts, strict=True) if n]
    return pd.DataFrame(rows, columns=[head, "Incidents", "Share"])


def percent(part: float, whole: float) -> str:
    """A share in words; what is not nothing is never told as 0 %, nor what is not all as 100 %.

    >>> percent(1, 3), percent(1, 5000), percent(4999, 5000), percent(0, 0)
    ('33 %', 'under 1 %', 'over 99 %', '0 %')
    """
    share = 100 * part / whole if whole else 0.0
    if 0 < share < 1:
        return _("under 1 %")
    return _("over 99 %") if 99 < share < 100 else f"{share:.0f} %"


def costs_row(problems: pd.DataFrame) -> pd.Series:
    """Of each problem whether its row is set aside for it; a date that cannot be read costs the row, other cells only themselves."""
    codes = problems["code"].astype("str")
    return codes.isin(_ROW_IS_SET_ASIDE) | ((codes == "not_a_date") & (problems["column"].astype("str") == "date"))


def short_reason(reason: str, longest: int) -> str:
    """A reason in a table of rows that are set aside, where it need not be said again that they are."""
    return plain(reason.removesuffix(ROW_SET_ASIDE), longest)
