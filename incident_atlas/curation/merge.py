"""Two records as one, with the pairs that a person accepted as one incident each; the records themselves stay as they are.

To undo is to take a decision back and merge again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.core.vocabulary import NOT_STATED, UNKNOWN
from incident_atlas.curation.duplicates.decisions import ACCEPT, Decisions, one_partner_each
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import extents
from incident_atlas.errors import Problem
from incident_atlas.i18n import _

KINDS = ("killed", "wounded")
_COUNTS = ("victims", "", "all")  # from the better to the worse


class Merged(NamedTuple):
    """Two records as one.

    incidents: as in `Loaded.incidents`, those of the first record in their order, then those of the second that are in no accepted
    pair; `row` counts on through both, and a joined incident is of all its origins. reports: of all of them, as in
    `Loaded.reports`. joined: for the id of each joined incident, origin and id of what it was made of. ids: the ids of the second
    record that were changed, and what they are now. problems: decisions that could not be followed.
    """

    incidents: pd.DataFrame
    reports: pd.DataFrame
    joined: dict[str, tuple[tuple[str, str], ...]]
    ids: dict[str, str]
    problems: list[Problem]


def merged(left: Loaded, right: Loaded, decisions: Decisions) -> Merged:
    """Both records, each accepted pair as one incident with the reports of both and its figures as a range.

    The incident of the first record stays as it is, but for killed, wounded and what they count. Low is the lowest that either
    gives; high is the highest, blank when one says "at least" and more than any high. The best is that of the better source:
    whose count is of victims alone, before one that does not say, before one that may hold attackers; then the one with
    more reports; then the first. A record without reports of the incident stands as a report itself, so that a merged
    incident has one of either at least. An id of the second record that the first has, too, gets the name of its origin
    before it. The same record twice: duplicates within it are joined, and three that are one are two pairs. Where one of them has
    a settled report and another early reports alone, the figures of the latter stay in the reports and widen nothing.
    """
    within_one = left is right
    first = left.incidents
    second = right.incidents.iloc[:0] if within_one else right.incidents
    origins = [part["origin"].tolist() for part in (first, second)]
    of_first, of_second = first["incident_id"].tolist(), second["incident_id"].tolist()
    # An id that was joined into another stays taken: what an incident is called may not change with a decision.
    taken = {name for parts in left.joined.values() for _unused, name in parts}.union(of_first)
    renamed = new_ids(of_second, taken, origins[1])
    incidents = _concatenated(first, second.assign(incident_id=pd.array(renamed, dtype="str")))
    reports = _all_reports(left, None if within_one else right, dict(zip(of_second, renamed, strict=True)))
    of_left = {name: at for at, name in enumerate(of_first)}
    of_right = of_left if within_one else {name: len(first) + at for at, name in enumerate(of_second)}
    edges, problems = _edges(decisions, of_left, of_right)
    groups = _groups(edges)
    ids = incidents["incident_id"].to_numpy(dtype=object)
    reports_of = Counter(reports["incident_id"].tolist())
    stages = {name: set(part) for name, part in reports.groupby("incident_id")["stage"]}
    names = [*origins[0], *origins[1]]
    new = {own: name for own, name in zip(of_second, renamed, strict=True) if own != name}
    # What one of them was itself joined of stays told.
    kept_id, rows, joined = {}, [], {new.get(name, name): parts for name, parts in right.joined.items()} | left.joined
    for group in groups:
        kept_id |= {ids[at]: ids[group[0]] for at in group[1:]}
        rows += [_as_report(incidents.iloc[at], names[at]) for at in group if not reports_of[ids[at]]]
        parts = [joined.pop(ids[at], ((names[at], ids[at]),)) for at in group]
        joined[ids[group[0]]] = tuple(dict.fromkeys(member for part in parts for member in part))
        names[group[0]] = ";".join(dict.fromkeys(origin for origin, _unused in joined[ids[group[0]]]))
    incidents["origin"] = pd.Series(names, index=incidents.index, dtype="str").astype("category")
    reports = pd.concat([reports, pd.DataFrame(rows, columns=list(REPORT_NAMES), dtype="str")], ignore_index=True)
    reports["incident_id"] = pd.array([kept_id.get(name, name) for name in reports["incident_id"].tolist()], dtype="str")
    _range(incidents, groups, _without_replaced(groups, ids, stages), [reports_of[name] for name in ids])
    gone = np.zeros(len(incidents), dtype=bool)
    gone[[at for group in groups for at in group[1:]]] = True
    return Merged(incidents[~gone].reset_index(drop=True), reports, joined, new, problems)


def _edges(
    decisions: Decisions, of_left: dict[str, int], of_right: dict[str, int]
) -> tuple[list[tuple[int, int]], list[Problem]]:
    """Accepted pairs as positions, and a Problem for each that cannot be followed."""
    accepted = [one for one in decisions if one.decision == ACCEPT]
    kept, twice = one_partner_each(accepted)
    reason, advice = _("an incident is accepted with a second partner; this pair is left out"), _("Undo one of the two.")
    problems = [
        Problem(1, "decision", f"{one.left_id}, {one.right_id}"[:200], reason, advice, "decision_not_followed") for one in twice
    ]
    edges = []
    for one in kept:
        pair = of_left.get(one.left_id), of_right.get(one.right_id)
        if None in pair or pair[0] == pair[1]:
            reason = _("the pair is one and the same row") if None not in pair else _("a record does not hold this incident")
            advice = _("Choose the records that the decisions were made on.")
            problems.append(
                Problem(1, "decision", f"{one.left_id}, {one.right_id}"[:200], reason, advice, "decision_not_followed")
            )
        else:
            edges.append(pair)
    return edges, problems


def _groups(edges: list[tuple[int, int]]) -> list[list[int]]:
    """Positions that are one incident, in their order."""
    group_of: dict[int, list[int]] = {}
    for one, other in edges:
        group, joining = group_of.setdefault(one, [one]), group_of.setdefault(other, [other])
        if group is not joining:
            group += joining
            group_of |= dict.fromkeys(joining, group)
    return sorted(sorted(group) for group in {id(group): group for group in group_of.values()}.values())


def new_ids(ids: Sequence[str], taken: set[str], names: list[str]) -> list[str]:
    """The ids of the second record, each different from those of the first; `taken` grows by them."""
    found = []
    for one, name in zip(ids, names, strict=True):
        new = f"{name}:{one}" if one in taken else one
        while new in taken:
            new += "'"
        taken.add(new)
        found.append(new)
    return found


def _concatenated(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """The rows of both, categories joined; the second's lines are counted on from the end of the first."""
    after = int(first["row"].max()) if len(first) else 0
    second = second.assign(row=(second["row"] + after).astype(first["row"].dtype))
    # The columns of an empty record have no types worth joining.
    frames = [frame for frame in (first, second) if len(frame)] or [first]
    columns = {}
    for name in dict.fromkeys(name for frame in frames for name in frame):
        pieces = [frame[name] if name in frame else pd.Series([None] * len(frame), dtype=object) for frame in frames]
        if all(isinstance(piece.dtype, pd.CategoricalDtype) for piece in pieces):
            columns[name] = pd.Series(pd.api.types.union_categoricals(pieces, sort_categories=True))
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns)


def _all_reports(left: Loaded, right: Loaded | None, renamed: dict[str, str]) -> pd.DataFrame:
    reports = [left.reports.reindex(columns=list(REPORT_NAMES), fill_value="")]
    if right is not None:
        theirs = right.reports.reindex(columns=list(REPORT_NAMES), fill_value="")
        reports.append(
            theirs.assign(incident_id=pd.array([renamed[name] for name in theirs["incident_id"].tolist()], dtype="str"))
        )
    return pd.concat([part for part in reports if len(part)] or reports[:1], ignore_index=True).astype("str")


def _as_report(row: pd.Series, name: str) -> dict[str, str]:
    """What a record itself says of an incident, as a report; blank where it is silent."""
    known_to = {"month": 7, "year": 4}.get(str(row["date_precision"]), 10)
    report = {"incident_id": row["incident_id"], "publisher": name, "title": row["title"], "date": str(row["date"])[:known_to]}
    report["place"] = next((row[column] for column in ("place", "city", "district", "province") if row[column]), "")
    for column, silent in (("attack_type", UNKNOWN), ("perpetrator", UNKNOWN), ("attribution", NOT_STATED)):
        report[column] = "" if row[column] == silent else row[column]
    for kind in KINDS:
        low, high = row[f"{kind}_low"], row[f"{kind}_high"]
        alone = row[kind] if np.isnan(low) and np.isnan(high) else np.nan
        for end, value in ((f"{kind}_low", low), (f"{kind}_high", high)):
            value = alone if np.isnan(value) else value
            report[end] = "" if np.isnan(value) else f"{value:.0f}"
    return {column: str(report.get(column, "")) for column in REPORT_NAMES} | {
        "says": _("A row of {name}, without reports of its own.").format(name=name)
    }


def _without_replaced(groups: list[list[int]], ids: Sequence[str], stages: dict[str, set[str]]) -> list[list[int]]:
    """Of each group those whose figures count: early reports alone are replaced by the settled report of another of them.

    stages: those of the reports of an incident, by its id. A row without reports is a report of no known stage, and counts.
    """
    kept = []
    for group in groups:
        settled = any("settled" in stages.get(ids[at], ()) for at in group)
        kept.append([at for at in group if not (settled and stages.get(ids[at]) == {"early"})])
    return kept


def _range(incidents: pd.DataFrame, groups: list[list[int]], counting: list[list[int]], reported: list[int]) -> None:
    """The figures of each group, from those of it that count, written into its first row, and what is derived from them."""
    counts = incidents["killed_counts"].astype("str").to_numpy(dtype=object)
    columns = {
        name: incidents[name].to_numpy(dtype="float64").copy() for kind in KINDS for name in (f"{kind}_low", kind, f"{kind}_high")
    }
    for group, members in zip(groups, counting, strict=True):
        order = sorted(members, key=lambda at: (_COUNTS.index(counts[at]), -reported[at], at))
        with_figure = [at for at in members if not all(np.isnan(column[at]) for column in columns.values())]
        for kind in KINDS:
            parts = [tuple(columns[name][at] for name in (f"{kind}_low", kind, f"{kind}_high")) for at in order]
            for name, value in zip((f"{kind}_low", kind, f"{kind}_high"), fused(parts), strict=True):
                columns[name][group[0]] = value
        counting_rules = {counts[at] for at in with_figure}
        if counting_rules:
            counts[group[0]] = "all" if "all" in counting_rules else "" if "" in counting_rules else "victims"
    for name, values in columns.items():
        incidents[name] = values
    incidents["killed_counts"] = pd.Series(counts, index=incidents.index, dtype="str").astype("category")
    for kind in KINDS:
        for name, values in extents(incidents, kind).items():
            incidents[name] = values


def fused(figures: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """Low, best and high of several sources, the better first, as one range; NaN for what nobody gives.

    >>> nan = float("nan")
    >>> fused([(10, 12, 14), (8, nan, 20)]), fused([(nan, 12, nan), (15, 15, 15)]), fused([(150, nan, nan), (90, 90, 110)])
    ((8.0, 12.0, 20.0), (12.0, 12.0, 15.0), (90.0, 90.0, nan))
    """
    # A figure that stands alone is its own low and high; a low without a high is "at least".
    alone = [(best, best, best) if np.isnan(low) and np.isnan(high) else (low, best, high) for low, best, high in figures]
    lows = [value for low, best, _unused in alone for value in (low, best)]
    highs = [high for _unused, _unused, high in alone]
    at_least = [value for low, best, high in alone if np.isnan(high) for value in (low, best)]
    best = next((best for _unused, best, _unused in alone if not np.isnan(best)), np.nan)
    low, high, more = (_end(pick, values) for pick, values in ((min, lows), (max, highs), (max, at_least)))
    return low, float(best), np.nan if more > high else high


def _end(pick, values: list[float]) -> float:
    return float(pick((value for value in values if not np.isnan(value)), default=np.nan))
