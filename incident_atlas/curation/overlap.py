"""What each data set of a record has that the others lack: incidents that stand in it alone, and those it shares."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from incident_atlas.core.text import counted_incidents
from incident_atlas.i18n import _

NOTE = _(
    "Shared are only pairs that a person joined: two rows of one attack that nobody decided on count as two, each in its data set alone. A data set that covers fewer years, places or kinds of attack lacks what it never looked for."
)
"""What the tables and their chart do not show."""


class Overlap(NamedTuple):
    """by_origin: origin, incidents, alone, shared. by_year: origin, year, incidents, alone, shared. between: origin, other,
    incidents that both hold, each pair once. An incident of three data sets is shared by each, and stands in three pairs."""

    by_origin: pd.DataFrame
    by_year: pd.DataFrame
    between: pd.DataFrame


def overlap(incidents: pd.DataFrame) -> Overlap:
    """The tables, from the columns origin (several names with ";" between) and year; most incidents first.

    >>> overlap(pd.DataFrame({"origin": ["A", "A;B", "B", "B"], "year": [2020, 2020, 2020, 2021]})).by_origin.values.tolist()
    [['B', 3, 2, 1], ['A', 2, 1, 1]]
    """
    counts = incidents.groupby([incidents["origin"].astype("str"), incidents["year"]]).size().rename("incidents").reset_index()
    names = counts["origin"].map(lambda origin: sorted({name.strip() for name in origin.split(";")} - {""}))
    rows = counts.assign(names=names, shared=names.str.len() > 1)
    each = rows.explode("names").drop(columns="origin").rename(columns={"names": "origin"}).reset_index(drop=True)
    each["origin"] = each["origin"].astype("str")
    each["shared"] = each["incidents"].where(each["shared"], 0)
    each["alone"] = each["incidents"] - each["shared"]
    columns = ["incidents", "alone", "shared"]
    by_origin = each.groupby("origin")[columns].sum().reset_index()
    by_origin = by_origin.sort_values(["incidents", "origin"], ascending=[False, True], ignore_index=True)
    by_year = each.groupby(["origin", "year"])[columns].sum().reset_index()
    return Overlap(by_origin, by_year, _between(rows))


def _between(rows: pd.DataFrame) -> pd.DataFrame:
    found: dict[tuple[str, str], int] = {}
    for names, n in zip(rows["names"], rows["incidents"], strict=True):
        for at, one in enumerate(names):
            for other in names[at + 1 :]:
                found[one, other] = found.get((one, other), 0) + int(n)
    pairs = sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))
    return pd.DataFrame([(*pair, n) for pair, n in pairs], columns=["origin", "other", "incidents"])


def sentence(found: Overlap) -> str:
    """The tables in one sentence."""
    message = _("{origin} has {incidents}, {alone:,} of them alone")
    sentences = [
        message.format(origin=row.origin, incidents=counted_incidents(row.incidents), alone=row.alone)
        for row in found.by_origin.itertuples()
    ]
    return f"{'; '.join(sentences)}." if sentences else _("There is no incident.")
