"""What a person decided of proposed duplicates, as a small CSV that can be saved, sent and read again.

One row per pair: left_id, right_id, decision (accept or reject), score of the proposal, decided (ISO date). A decision is a value;
each change makes a new list, so that every step can be taken back.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from incident_atlas.errors import Problem
from incident_atlas.i18n import _
from incident_atlas.importers.files import saved_csv as saved

ACCEPT, REJECT = "accept", "reject"


class Decision(NamedTuple):
    """One pair and what was decided: `accept`, they are one incident, or `reject`. score: of the proposal, NaN when not known."""

    left_id: str
    right_id: str
    decision: str
    score: float = math.nan
    decided: date | None = None


Decisions = tuple[Decision, ...]

COLUMNS = Decision._fields


def decide(decisions: Decisions, one: Decision) -> Decisions:
    """The decisions with this one, in place of what was decided of the same pair before."""
    return (*undo(decisions, one.left_id, one.right_id), one)


def undo(decisions: Decisions, left_id: str, right_id: str) -> Decisions:
    """The decisions without that of this pair."""
    return tuple(one for one in decisions if (one.left_id, one.right_id) != (left_id, right_id))


def pairs(decisions: Iterable[Decision], decision: str) -> frozenset[tuple[str, str]]:
    """The pairs of ids that were accepted, or rejected, as `match.propose` takes them."""
    return frozenset((one.left_id, one.right_id) for one in decisions if one.decision == decision)


def written(decisions: Iterable[Decision]) -> bytes:
    """The decisions as CSV, UTF-8; what a spreadsheet would run as a formula gets an apostrophe, which `read` takes off."""
    return saved.written(COLUMNS, (_cells(one) for one in decisions))


def read(data: bytes) -> tuple[Decisions, list[Problem]]:
    """The decisions in a file, and what is wrong with it, row by row; raises `FileError` when it is no such file.

    A row without both ids or without a decision is left out, and said; a score or a date that cannot be read is blank, and
    said. Of two rows of one pair the last counts. Whether an incident is accepted with two of one record only the records can
    tell: `merge.merged` does.
    """
    problems: list[Problem] = []
    note = saved.noting(problems)
    found: dict[tuple[str, str], Decision] = {}
    for line, cells in saved.saved_rows(data, COLUMNS, COLUMNS[:3], "decisions", note):
        one = _decision(cells, line, note)
        if one is None:
            continue
        pair = one.left_id, one.right_id
        if found.pop(pair, None):
            note(line, "", "", _("the pair stands twice; this row counts"), _("Remove the one that is wrong."))
        found[pair] = one
    return tuple(found.values()), problems


def one_partner_each(decisions: Iterable[Decision]) -> tuple[Decisions, Decisions]:
    """The decisions in which no incident of a side is accepted twice, and the later ones that would have done so."""
    kept, twice = [], []
    taken: tuple[set[str], set[str]] = set(), set()
    for one in decisions:
        ids = one.left_id, one.right_id
        if one.decision == ACCEPT and any(name in side for name, side in zip(ids, taken, strict=True)):
            twice.append(one)
            continue
        if one.decision == ACCEPT:
            for name, side in zip(ids, taken, strict=True):
                side.add(name)
        kept.append(one)
    return tuple(kept), tuple(twice)


def _cells(one: Decision) -> tuple[str, ...]:
    score = "" if math.isnan(one.score) else f"{one.score:.4f}"
    return one.left_id, one.right_id, one.decision, score, one.decided.isoformat() if one.decided else ""


def _decision(cells: list[str], line: int, note) -> Decision | None:
    left_id, right_id, decision, score, decided = cells
    for column, name in (("left_id", left_id), ("right_id", right_id)):
        if not name or len(name) > saved.LONGEST_ID:
            note(line, column, name, _("no id: the row is left out"), _("Name both incidents."))
            return None
    if decision.casefold() not in (ACCEPT, REJECT):
        note(line, "decision", decision, _("neither accept nor reject: the row is left out"), _("Write accept or reject."))
        return None
    return Decision(left_id, right_id, decision.casefold(), _score(score, line, note), saved.day_of(decided, line, note))


def _score(text: str, line: int, note) -> float:
    try:
        value = float(text) if text else math.nan
    except ValueError:
        value = math.inf
    if math.isnan(value) or 0 <= value <= 1:
        return value
    note(line, "score", text, _("not a number from 0 to 1"), _("Leave it blank."))
    return math.nan
