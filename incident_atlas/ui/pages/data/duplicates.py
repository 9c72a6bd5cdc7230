"""Duplicates between the files: one pair at a time, side by side, for a person to accept or reject; all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import pandas as pd
import streamlit as st

from incident_atlas.core.text import counted, day, plain, safe_text
from incident_atlas.curation.combine import called, gathered
from incident_atlas.curation.duplicates import decisions as saved
from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decision, Decisions
from incident_atlas.curation.duplicates.kept_apart import kept_apart
from incident_atlas.curation.duplicates.match import propose
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import TooVague
from incident_atlas.ui.parts import incident_card as card
from incident_atlas.ui.parts.html_table import grid, html_table
from incident_atlas.ui.parts.save_load import saved as saved_file
from incident_atlas.ui.session.record import started_with
from incident_atlas.ui.session.state import session, uploads
from incident_atlas.ui.session.uploads import serials

_PROPOSED = "proposed pairs"

SURE = 0.9
"""Similarity above which pairs can be accepted together."""

LISTED = 200
"""Waiting, or decided, pairs that are listed; the best, or the newest."""


def pairs(_: Loaded) -> None:
    """The pair to decide, the list of those that wait, and what was decided."""
    records = uploads().shown_records(started_with)
    if len(records) < 2:
        st.html(
            "<p class='atlas-text'>Duplicates are looked for between two records: add another file, or let the dashboard show "
            "yours together with its own record.</p>"
        )
        return
    at = _chosen(records)
    left, right = _before(records[:at]), records[at]
    try:
        waiting = _waiting(records[:at], left, right)
    except TooVague as trouble:
        st.warning(str(trouble))
        return
    _next(waiting, left, right)
    _list(waiting, left, right)
    _decided(records)


def _chosen(records: list[Loaded]) -> int:
    """Which file is compared with all that stand before it."""
    at = len(records) - 1
    if len(records) > 2:
        at = st.selectbox(
            "Look for duplicates between",
            range(1, len(records)),
            index=at - 1,
            format_func=lambda n: f"{_name(records[n])} and {'what stands before it' if n > 1 else _name(records[0])}",
        )
    return at


def _before(records: list[Loaded]) -> Loaded:
    """The files before it as one record; worked out again only when one of them, or a pair that is joined, has changed."""
    key = serials(records), saved.pairs(uploads().decisions, ACCEPT)
    return session().cache.cached("earlier files", lambda: gathered(records, uploads().decisions).loaded, key)


def _name(record: Loaded) -> str:
    return plain(record.origins[0].name, 60)


def _waiting(before: list[Loaded], left: Loaded, right: Loaded) -> pd.DataFrame:
    """Pairs proposed and not decided, best first, those put off at the end.

    What is proposed is worked out once for two records. When all of it is decided it is worked out again: a rejected pair may have
    kept two others apart.
    """
    names = called(left, right)
    here = tuple(one for one in uploads().decisions if one.right_id in names)
    key = (serials([*before, right]), tuple(left.joined.items()))

    def proposed() -> pd.DataFrame:
        return session().cache.cached(_PROPOSED, lambda: _proposed(left, right, names, here), key)

    waiting = _open(proposed(), here)
    if waiting.empty and len(proposed()):
        session().cache.drop(_PROPOSED)
        waiting = _open(proposed(), here)
    later = session().postponed
    order = [later.index(pair) + 1 if pair in later else 0 for pair in zip(waiting["left_id"], waiting["right_id"], strict=True)]
    return waiting.assign(order=order).sort_values(["order", "score"], ascending=[True, False], kind="stable", ignore_index=True)


def _proposed(left: Loaded, right: Loaded, names: dict[str, str], here: Decisions) -> pd.DataFrame:
    """What `propose` says, the second incident under the name that it has beside the first."""
    with st.spinner("Comparing every incident of one with those near it in the other ..."):
        decided = [one._replace(right_id=names[one.right_id]) for one in here]
        found = propose(left.incidents, right.incidents, saved.pairs(decided, ACCEPT), saved.pairs(decided, REJECT))
    name_of = {own: name for name, own in names.items()}
    return found.assign(right_id=[name_of[one] for one in found["right_id"]])


def _open(proposed: pd.DataFrame, here: Decisions) -> pd.DataFrame:
    """Pairs of which neither was decided, nor one of its incidents accepted with another."""
    settled = {(one.left_id, one.right_id) for one in here}
    lefts, rights = ({one[side] for one in here if one.decision == ACCEPT} for side in (0, 1))
    pairs = list(zip(proposed["left_id"], proposed["right_id"], strict=True))
    still = [pair not in settled and pair[0] not in lefts and pair[1] not in rights for pair in pairs]
    return proposed[np.array(still, dtype=bool)]


def _next(waiting: pd.DataFrame, left: Loaded, right: Loaded) -> None:
    said = f"{counted(len(waiting), 'pair')} may be one incident" + (" each" if len(waiting) != 1 else "")
    said = f"{said}; best first. Nothing is joined before you say so." if len(waiting) else "There is nothing more to decide"
    st.html(f"<h2 class='atlas-heading'>{said}</h2>")
    if waiting.empty:
        return
    at = min(session().pair_at, len(waiting) - 1)
    pair = waiting.iloc[at]
    one, other = left.at([pair["left_row"]]).iloc[0], right.at([pair["right_row"]]).iloc[0]
    own = waiting.iloc[[at]].assign(right_id=[called(left, right)[pair["right_id"]]])
    (apart,) = kept_apart(own, left, right)
    but = f" <b>But {safe_text(apart, 300)}.</b>" if apart else ""
    alike = f"Similarity <b>{min(pair['score'], 0.99):.2f}</b> of 1, no probability: {safe_text(pair['reasons'], 600)}"
    st.html(f"<p class='atlas-text'>{alike}.{but}</p>")
    sure = _sure(waiting, left, right)
    # Above the table, whose height is another for each pair: the buttons stay where the hand is.
    with st.container(horizontal=True):
        for label, decision, kind in (("Same incident", ACCEPT, "primary"), ("Not the same", REJECT, "secondary")):
            st.button(label, key=f"pair-{decision}", type=kind, on_click=_decide, args=(pair, decision))
        st.button("Later", key="pair-later", on_click=_put_off, args=(pair,), disabled=len(waiting) < 2)
        if len(sure) > 1:
            label = f"Same incident: all {len(sure):,} above {SURE}"
            st.button(label, key="pair-all", on_click=_accept_all, args=(sure,), help="Those that something speaks against are left.")
    st.html(_side_by_side(one, other, left, right))


def _sure(waiting: pd.DataFrame, left: Loaded, right: Loaded) -> pd.DataFrame:
    """The pairs above `SURE` that nothing speaks against."""
    sure = waiting[waiting["score"] > SURE]
    if sure.empty:
        return sure
    names = called(left, right)
    apart = kept_apart(sure.assign(right_id=[names[one] for one in sure["right_id"]]), left, right)
    return sure[[not reason for reason in apart]]


def _accept_all(sure: pd.DataFrame) -> None:
    for _, pair in sure.iterrows():
        _decide(pair, ACCEPT)
    session().accepted_together = tuple(zip(sure["left_id"], sure["right_id"], strict=True))


def _undo_all() -> None:
    for left_id, right_id in session().accepted_together:
        uploads().decisions = saved.undo(uploads().decisions, left_id, right_id)
    session().accepted_together = ()
    session().cache.drop(_PROPOSED)


def _side_by_side(one: pd.Series, other: pd.Series, left: Loaded, right: Loaded) -> str:
    rows = []
    for name, what in _ASKED.items():
        mine, theirs = what(one, left), what(other, right)
        if mine or theirs:
            rows.append((name, mine or "not stated", theirs or "not stated"))
    heads = ["", *(plain(side["origin"].replace(";", ", "), 80) for side in (one, other))]
    return f"<div class='atlas-pair'>{html_table('What each says', heads, rows)}</div>"


_ASKED: dict[str, Callable[[pd.Series, Loaded], str]] = {
    "Title": lambda one, _: one["title"],
    "Date": lambda one, _: day(one["date"], one["date_precision"]),
    "Place": card.where,
    "Kind": lambda one, _: one["attack_type"],
    "Weapon": lambda one, _: one["weapon"].replace(";", ", "),
    "Target": lambda one, _: " · ".join(filter(None, (one["target_name"], one["target_type"].replace(";", ", ")))),
    "By": lambda one, _: card.perpetrator(one),
    "Killed": lambda one, _: card.figure(one, "killed"),
    "Wounded": lambda one, _: card.figure(one, "wounded"),
    "Summary": lambda one, _: plain(one["summary"], 600),
    "Notes": lambda one, _: plain(one["notes"], 600),
    "Reports": lambda one, of: _publishers(one, of),
    "Id": lambda one, _: one["incident_id"],
}


def _publishers(one: pd.Series, of: Loaded) -> str:
    if not len(of.reports):
        return ""
    return ", ".join(dict.fromkeys(of.reports.loc[of.reports["incident_id"] == one["incident_id"], "publisher"].head(8)))


def _decide(pair: pd.Series, decision: str) -> None:
    one = Decision(pair["left_id"], pair["right_id"], decision, float(pair["score"]), date.today())
    uploads().decisions = saved.decide(uploads().decisions, one)


def _put_off(pair: pd.Series) -> None:
    key = (pair["left_id"], pair["right_id"])
    session().postponed = [*(other for other in session().postponed if other != key), key]
    session().pair_at = 0


def _list(waiting: pd.DataFrame, left: Loaded, right: Loaded) -> None:
    if len(waiting) < 2:
        return
    shown = waiting.head(LISTED)
    one, other = left.at(shown["left_row"]), right.at(shown["right_row"])
    table = pd.DataFrame(
        {
            "Similarity": shown["score"].clip(upper=0.99),
            "Date": [day(*each) for each in zip(one["date"], one["date_precision"], strict=True)],
            _name(left) if len(left.origins) == 1 else "Before": one["title"].map(lambda text: plain(text, 120)).to_numpy(),
            f"{_name(right)} ": other["title"].map(lambda text: plain(text, 120)).to_numpy(),
        }
    )
    more = f", the best {LISTED:,} here" if len(waiting) > LISTED else ""
    with st.expander(f"All {len(waiting):,} that wait{more}"):
        key = f"waiting-{len(uploads().decisions)}-{len(session().postponed)}"
        grid(
            table,
            key=key,
            on_select=lambda: _go(key),
            selection_mode="single-row",
            column_config={"Similarity": st.column_config.NumberColumn(format="%.2f", width="small")},
        )


def _go(key: str) -> None:
    rows = st.session_state[key]["selection"]["rows"]
    session().pair_at = rows[0] if rows else 0


def _decided(records: list[Loaded]) -> None:
    decided = uploads().decisions
    st.html("<h2 class='atlas-heading'>Decided</h2>")
    if decided:
        n = sum(one.decision == ACCEPT for one in decided)
        st.html(f"<p class='atlas-text'>{counted(n, 'pair')} joined, {len(decided) - n:,} kept apart.</p>")
    if both := {(one.left_id, one.right_id) for one in decided}.intersection(session().accepted_together):
        st.button(f"Undo the {len(both):,} accepted together", key="undo-all", on_click=_undo_all)
    for one in reversed(decided[-20:]):
        button, said = st.columns([1, 9], vertical_alignment="center")
        button.button("Undo", key=f"undo-{one.left_id}-{one.right_id}", on_click=_undo, args=(one,), type="tertiary")
        titles = [_title(records, name) for name in (one.left_id, one.right_id)]
        words = "One incident" if one.decision == ACCEPT else "Not the same"
        said.html(f"<p class='atlas-text'>{words}: {safe_text(titles[0], 160)} · {safe_text(titles[1], 160)}</p>")
    lost = uploads().gathered(started_with).lost
    for value, reason, advice in zip(lost["value"], lost["reason"], lost["advice"], strict=True):
        st.html(f"<p class='atlas-note'>{safe_text(value, 200)}: {safe_text(reason, 200)}. {safe_text(advice, 200)}</p>")
    saved_file("duplicates", "decisions", saved.written(decided), bool(decided), _take)


def _title(records: list[Loaded], incident_id: str) -> str:
    for record in records:
        found = record.find(incident_id.removeprefix(f"{record.origins[0].name}:"))
        if found is not None:
            return f"{found['title']} ({incident_id})"
    return incident_id


def _undo(one: Decision) -> None:
    uploads().decisions = saved.undo(uploads().decisions, one.left_id, one.right_id)
    # It may have been decided before the others were proposed, and be proposed again.
    session().cache.drop(_PROPOSED)


def _take(data: bytes) -> list[str]:
    found, problems = saved.read(data)
    for one in found:
        uploads().decisions = saved.decide(uploads().decisions, one)
    told = [f"Line {one.row}: {one.reason}. {one.advice}" for one in problems[:10]]
    return [f"{counted(len(found), 'decision')} read.", *told]
