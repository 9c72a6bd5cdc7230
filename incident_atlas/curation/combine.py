"""Several files as one record: every origin keeps its name, and pairs that a person accepted are one incident.

The files themselves are never changed, so a file, or a decision, can be taken back by gathering again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from incident_atlas.core.validation import Problems
from incident_atlas.curation.duplicates.decisions import ACCEPT, Decisions, written
from incident_atlas.curation.merge import merged, new_ids
from incident_atlas.dataset.load import Loaded, options
from incident_atlas.i18n import _


@dataclass(frozen=True)
class Gathered:
    """A record of several files, and what a person should know of how they came together.

    same_ids: for each file after the first, how many of its ids an earlier file has, too. lost: what a person decided that
    these files cannot follow, as Problems: pairs that none of them hold, second partners, places of other incidents.
    """

    loaded: Loaded
    same_ids: dict[str, int]
    lost: pd.DataFrame


def gathered(records: Sequence[Loaded], decisions: Decisions = ()) -> Gathered:
    """The records as one, in their order; raises nothing. One record alone, without a pair that is joined in it, stays the very same
    value.

    A decision names an incident of the files up to one, and an incident of the next as it is `called` beside them, so that of two
    files with the same ids it means one; or two incidents of one file, both as they are called beside those before it.
    `Source` adds up their rows and its sha256
    is that of all files and decisions, so that whatever is remembered of another mixture is not taken for this one's.
    """
    same_ids, lost = {}, Problems()
    open_ones = {one: False for one in decisions if one.decision == ACCEPT}
    whole, followed = joined_within(records[0], {name: name for name in _ids(records[0])} if open_ones else {}, decisions, lost)
    open_ones |= dict.fromkeys(followed, True)
    for right in records[1:]:
        these = {}
        if open_ones:
            mine, names = _ids(whole), called(whole, right)
            right, followed = joined_within(right, names, decisions, lost)
            open_ones |= dict.fromkeys(followed, True)
            kept = _ids(right)
            these = {
                one: one._replace(left_id=mine[one.left_id], right_id=kept[names[one.right_id]])
                for one in open_ones
                if one.left_id in mine and one.right_id in names
            }
            open_ones |= dict.fromkeys(these, True)
        found = merged(whole, right, tuple(these.values()))
        lost.extend(found.problems)
        if found.ids:
            same_ids[right.origins[0].name] = len(found.ids)
        whole = _loaded(whole, right, found)
    unheld = [f"{one.left_id}, {one.right_id}" for one, used in open_ones.items() if not used]
    advice = _("Add the files that it was decided on.")
    lost.add([1] * len(unheld), "decision", unheld, _("no file here holds this pair"), advice, "decision_not_followed")
    if len(records) > 1:
        whole = _named(whole, records, decisions)
    elif whole is not records[0]:
        whole = replace(whole, source=replace(whole.source, sha256=_sha256(records, decisions)))
    return Gathered(whole, same_ids, lost.frame())


def joined_within(
    record: Loaded, own: Mapping[str, str], decisions: Decisions, lost: Problems | None = None
) -> tuple[Loaded, Decisions]:
    """One file with its accepted pairs of its own incidents joined, and the decisions that were followed; without any the very same value.

    own: what a decision calls an incident of the file, to its id in it. lost: gets a Problem for each pair that cannot be followed.
    """
    these = tuple(one for one in decisions if one.decision == ACCEPT and one.left_id in own and one.right_id in own)
    if not these:
        return record, ()
    found = merged(record, record, tuple(one._replace(left_id=own[one.left_id], right_id=own[one.right_id]) for one in these))
    if lost is not None:
        lost.extend(found.problems)
    joined = replace(
        record, incidents=found.incidents, reports=found.reports, options=options(found.incidents), joined=found.joined
    )
    return joined, these


def under_own_name(loaded: Loaded, taken: Sequence[str]) -> Loaded:
    """The record of one file under a name of origin that no other here has: UCDP GED, then UCDP GED, ged251.csv."""
    (origin,) = loaded.origins
    names = [
        origin.name,
        f"{origin.name}, {origin.file}".replace(";", ","),
        *(f"{origin.name} ({n})" for n in range(2, len(taken) + 3)),
    ]
    name = next(one for one in names if one not in taken)
    if name == origin.name:
        return loaded
    incidents = loaded.incidents.assign(origin=loaded.incidents["origin"].cat.rename_categories([name]))
    extras = {name: loaded.extras[origin.name]} if loaded.extras else {}
    return replace(loaded, incidents=incidents, origins=(replace(origin, name=name),), extras=extras, options=options(incidents))


def called(whole: Loaded, right: Loaded) -> dict[str, str]:
    """What each incident of a file is called beside those before it, to its id in the file: `Merged.ids`, before they are merged."""
    ids, taken = right.incidents["incident_id"].tolist(), set(_ids(whole))
    new = ids if taken.isdisjoint(ids) else new_ids(ids, taken, right.incidents["origin"].tolist())
    return dict(zip(new, ids, strict=True))


def _ids(whole: Loaded) -> dict[str, str]:
    """Every id that a decision may name, to the id that the incident has now: a joined one answers to all of its own."""
    own = {name: kept for kept, parts in whole.joined.items() for _unused, name in parts}
    return own | {name: name for name in whole.incidents["incident_id"].tolist()}


def _loaded(left: Loaded, right: Loaded, found) -> Loaded:
    problems = [_of_file(part) for part in (left, right)]
    return replace(
        left,
        incidents=found.incidents,
        reports=found.reports,
        problems=pd.concat([part for part in problems if len(part)] or problems[:1], ignore_index=True),
        coverage=_joined(left.coverage, right.coverage),
        options=options(found.incidents),
        origins=(*left.origins, *right.origins),
        extras=left.extras | _renamed(right.extras, found.ids),
        joined=found.joined,
        discretion=" ".join(filter(None, map(_discretion, (left, right)))),
    )


def _discretion(part: Loaded) -> str:
    """What is withheld, and of which file: the others are whole."""
    return f"{part.origins[0].name}: {part.discretion}" if part.discretion and len(part.origins) == 1 else part.discretion


def _renamed(extras: dict[str, pd.DataFrame], ids: dict[str, str]) -> dict[str, pd.DataFrame]:
    """Extras under the ids that their incidents have now."""
    if not ids:
        return extras
    return {
        name: frame.assign(incident_id=pd.array([ids.get(one, one) for one in frame["incident_id"]], dtype="str"))
        for name, frame in extras.items()
    }


def _of_file(part: Loaded) -> pd.DataFrame:
    """Problems with the file that each is of: a line means nothing without it."""
    return part.problems if "file" in part.problems else part.problems.assign(file=part.origins[0].file)


def _joined(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    frames = [frame for frame in (left, right) if len(frame)]
    return pd.concat(frames, ignore_index=True).drop_duplicates(ignore_index=True) if frames else left


def _named(whole: Loaded, records: Sequence[Loaded], decisions: Decisions) -> Loaded:
    sources = [one.source for one in records]
    first = min((one.first for one in sources if one.first is not None), default=None)
    last = max((one.last for one in sources if one.last is not None), default=None)
    source = replace(
        sources[0],
        name=_(" and ").join(origin.name for origin in whole.origins),
        sha256=_sha256(records, decisions),
        encoding="",
        read=sum(one.read for one in sources),
        kept=sum(one.kept for one in sources),
        set_aside=sum(one.set_aside for one in sources),
        first=first,
        last=last,
        last_stated=all(one.last_stated for one in sources),
        shipped=False,
    )
    return replace(whole, source=source)


def _sha256(records: Sequence[Loaded], decisions: Decisions) -> str:
    """That of all files and decisions."""
    seed = "\n".join([*(one.source.sha256 for one in records), written(decisions).decode("utf-8", "replace")])
    return hashlib.sha256(seed.encode()).hexdigest()
