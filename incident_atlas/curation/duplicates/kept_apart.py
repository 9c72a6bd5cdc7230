"""What the records themselves say against a pair: parts of one operation, and rows that a record tells apart by reports of its own."""

from __future__ import annotations

import pandas as pd

from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _, ngettext

OWN_SENTENCES = _("the record files the same report under both, with another sentence for each")
OWN_REPORTS = _("the record keeps these two apart, each with a report that the other lacks")


def kept_apart(found: pd.DataFrame, left: Loaded, right: Loaded) -> list[str]:
    """For each pair that `match.propose` found, why it may well be two incidents however alike they are; '' for nothing known.

    Within one record: each row has a report that the other lacks, or a report of both has another sentence (`says`) under each.
    Between two: a row is a part of a coordinated operation, of which the other may be another part. A reason is one line of plain
    words, without a full stop.
    """
    if left is right:
        reports = _reports(left)
        return [
            _own_reports(reports.get(one), reports.get(other))
            for one, other in zip(found["left_id"], found["right_id"], strict=True)
        ]
    parts = [_parts(side) for side in (left, right)]
    return [
        "; ".join(
            _part(of.get(name, 0), which) for of, name, which in zip(parts, pair, ("first", "second"), strict=True) if name in of
        )
        for pair in zip(found["left_id"], found["right_id"], strict=True)
    ]


_Stated = dict[tuple[str, ...], str]


def _reports(of: Loaded) -> dict[str, _Stated]:
    """The reports of each incident, each by its address, without one by all that names it, with what it says."""
    found: dict[str, _Stated] = {}
    columns = ["incident_id", "says", "url", "publisher", "title", "published"]
    for name, says, url, *other in of.reports[columns].itertuples(index=False, name=None):
        found.setdefault(name, {})[(url,) if url else tuple(other)] = says
    return found


def _own_reports(one: _Stated | None, other: _Stated | None) -> str:
    if not one or not other:
        return ""
    if one.keys() - other.keys() and other.keys() - one.keys():
        return OWN_REPORTS
    shared = [(one[each], other[each]) for each in one.keys() & other.keys()]
    return OWN_SENTENCES if any(mine and theirs and mine != theirs for mine, theirs in shared) else ""


def _parts(of: Loaded) -> dict[str, int]:
    """How many incidents the operation of each has, for those with several."""
    named = of.incidents.loc[of.incidents["coordinated_id"] != "", ["incident_id", "coordinated_id"]]
    size = named.groupby("coordinated_id")["incident_id"].transform("size")
    return dict(zip(named.loc[size > 1, "incident_id"], size[size > 1].astype(int), strict=True))


def _part(parts: int, which: str) -> str:
    return _("the {which} is one of {parts} attacks of one operation, and the other may be another of them").format(
        which=which, parts=parts
    )


def heading(found: pd.DataFrame, apart: list[str]) -> str:
    """How many of the pairs have such a reason, as a sentence; '' for none."""
    n = sum(map(bool, apart))
    if not n:
        return ""
    many = "all" if n == len(found) and n > 1 else f"{n:,}"
    return ngettext(
        "{many} of them has a reason to be kept apart, which is said beside the pair.",
        "{many} of them have a reason to be kept apart, which is said beside the pair.",
        n,
    ).format(many=many.capitalize())
