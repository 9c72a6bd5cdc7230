"""Duplicates between the files, or inside one: one pair at a time, side by side, for a person to accept or reject; all of it can be undone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd
import streamlit as st

from incident_atlas.core.text import counted, day, plain, safe_text
from incident_atlas.curation.combine import called, gathered, joined_within
from incident_atlas.curation.duplicates import decisions as saved
from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decision, Decisions
from incident_atlas.curation.duplicates.kept_apart import kept_apart
from incident_atlas.curation.duplicates.match import propose
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import TooVague
from incident_atlas.i18n import _
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


class Compared(NamedTuple):
    """Two records that are compared, or one with itself: then left and right are the very same value.

    own: what a decision calls an incident of the file that was added last, to its id in it.
    """

    left: Loaded
    right: Loaded
    own: Mapping[str, str]

    @property
    def within(self) -> bool:
        """Whether duplicates are looked for inside one file."""
        return self.left is self.right

    @property
    def id_columns(self) -> tuple[str, ...]:
        """The columns of a pair with an id of the file that was added last."""
        return ("left_id", "right_id") if self.within else ("right_id",)

    def with_own_ids(self, pairs: pd.DataFrame) -> pd.DataFrame:
        """The pairs with the ids that their incidents have in their files."""
        return pairs.assign(**{column: [self.own[name] for name in pairs[column]] for column in self.id_columns})

    def decided(self) -> Decisions:
        """What was decided of pairs of these two."""
        return tuple(one for one in uploads().decisions if one.right_id in self.own and (one.left_id in self.own) == self.within)


def pairs(_unused: Loaded) -> None:
    """The pair to decide, the list of those that wait, and what was decided."""
    records = uploads().shown_records(started_with)
    at, within = _chosen(records)
    compared = _compared(records, at, within)
    try:
        waiting = _waiting(records, compared)
    except TooVague as trouble:
        st.warning(str(trouble))
        return
    _next(waiting, compared)
    _list(waiting, compared)
    _decided(records)


def _chosen(records: list[Loaded]) -> tuple[int, bool]:
    """Which file is looked at, and whether for duplicates inside it rather than of all that stand before it."""
    first = len(records) - len(uploads().records())
    choices = [*((at, False) for at in range(len(records) - 1, 0, -1)), *((at, True) for at in range(first, len(records)))]
    if len(choices) == 1:
        return choices[0]

    def called_on_screen(choice: tuple[int, bool]) -> str:
        at, within = choice
        if within:
            return _("inside {name}").format(name=_name(records[at]))
        return _("between {name} and {other_name}").format(
            name=_name(records[at]), other_name=_("what stands before it") if at > 1 else _name(records[0])
        )

    return st.selectbox(_("Look for duplicates"), choices, format_func=called_on_screen)


def _compared(records: list[Loaded], at: int, within: bool) -> Compared:
    right = records[at]
    own = {name: name for name in right.incidents["incident_id"].tolist()}
    if at:
        before = _before(records[:at])
        own = called(before, right)
    if within:
        return Compared(right, right, own)
    # Of what was joined inside the file one incident is left.
    key = right.serial, tuple(one for one in uploads().decisions if one.left_id in own and one.right_id in own)
    joined = session().cache.cached("later file", lambda: joined_within(right, own, uploads().decisions)[0], key)
    decisions = set(joined.incidents["incident_id"])
    return Compared(before, joined, {name: one for name, one in own.items() if one in decisions})


def _before(records: list[Loaded]) -> Loaded:
    """The files before it as one record; worked out again only when one of them, or a pair that is joined, has changed."""
    key = serials(records), saved.pairs(uploads().decisions, ACCEPT)
    return session().cache.cached("earlier files", lambda: gathered(records, uploads().decisions).loaded, key)


def _name(record: Loaded) -> str:
    return plain(record.origins[0].name, 60)


def _waiting(records: list[Loaded], compared: Compared) -> pd.DataFrame:
    """Pairs proposed and not decided, best first, those put off at the end.

    What is proposed is worked out once for two records. When all of it is decided it is worked out again: a rejected pair may have
    kept two others apart.
    """
    left, right = compared.left, compared.right
    decisions = compared.decided()
    key = (serials(records), _name(right), compared.within, tuple(left.joined.items()), tuple(right.joined.items()))

    def proposed() -> pd.DataFrame:
        return session().cache.cached(_PROPOSED, lambda: _proposed(compared, decisions), key)

    waiting = _open(proposed(), decisions)
    if waiting.empty and len(proposed()):
        session().cache.drop(_PROPOSED)
        waiting = _open(proposed(), decisions)
    later = session().postponed
    order = [later.index(pair) + 1 if pair in later else 0 for pair in zip(waiting["left_id"], waiting["right_id"], strict=True)]
    return waiting.assign(order=order).sort_values(["order", "score"], ascending=[True, False], kind="stable", ignore_index=True)


def _proposed(compared: Compared, decisions: Decisions) -> pd.DataFrame:
    """What `propose` says, each incident under the name that a decision gives it."""
    what = _("it") if compared.within else _("the other")
    with st.spinner(_("Comparing every incident of one file with those near it in {what} ...").format(what=what)):
        decided = compared.with_own_ids(pd.DataFrame(decisions, columns=list(saved.COLUMNS)))
        settled = [
            list(decided.loc[decided["decision"] == kind, ["left_id", "right_id"]].itertuples(index=False, name=None))
            for kind in (ACCEPT, REJECT)
        ]
        found = propose(compared.left.incidents, compared.right.incidents, *settled)
    name_of = {one: name for name, one in compared.own.items()}
    return found.assign(**{column: [name_of[one] for one in found[column]] for column in compared.id_columns})


def _open(proposed: pd.DataFrame, decisions: Decisions) -> pd.DataFrame:
    """Pairs of which neither was decided, nor one of its incidents accepted with another."""
    settled = {(one.left_id, one.right_id) for one in decisions}
    lefts, rights = ({one[side] for one in decisions if one.decision == ACCEPT} for side in (0, 1))
    pairs = list(zip(proposed["left_id"], proposed["right_id"], strict=True))
    is_open = [pair not in settled and pair[0] not in lefts and pair[1] not in rights for pair in pairs]
    return proposed[np.array(is_open, dtype=bool)]


def _next(waiting: pd.DataFrame, compared: Compared) -> None:
    left, right = compared.left, compared.right
    text = _("{pairs} may be one incident").format(pairs=counted(len(waiting), "{n} pair", "{n} pairs")) + (
        _(" each") if len(waiting) != 1 else ""
    )
    best_first = _("{text}; best first. Nothing is joined before you say so.").format(text=text)
    text = best_first if len(waiting) else _("There is nothing more to decide")
    st.html(f"<h2 class='atlas-heading'>{text}</h2>")
    if waiting.empty:
        return
    at = min(session().pair_at, len(waiting) - 1)
    pair = waiting.iloc[at]
    one, other = left.at([pair["left_row"]]).iloc[0], right.at([pair["right_row"]]).iloc[0]
    (apart,) = kept_apart(compared.with_own_ids(waiting.iloc[[at]]), left, right)
    but = f" {_('<b>But {apart}.</b>').format(apart=safe_text(apart, 300))}" if apart else ""
    alike = _("Similarity <b>{score:.2f}</b> of 1, no probability: {reasons}").format(
        score=min(pair["score"], 0.99), reasons=safe_text(pair["reasons"], 600)
    )
    st.html(f"<p class='atlas-text'>{alike}.{but}</p>")
    sure = _sure(waiting, compared)
    # Above the table, whose height is another for each pair: the buttons stay where the hand is.
    with st.container(horizontal=True):
        for label, decision, kind in ((_("Same incident"), ACCEPT, "primary"), (_("Not the same"), REJECT, "secondary")):
            st.button(label, key=f"pair-{decision}", type=kind, on_click=_decide, args=(pair, decision))
        st.button(_("Later"), key="pair-later", on_click=_put_off, args=(pair,), disabled=len(waiting) < 2)
        if len(sure) > 1:
            label = _("Same incident: all {count:,} above {sure}").format(count=len(sure), sure=SURE)
            st.button(
                label,
                key="pair-all",
                on_click=_accept_all,
                args=(sure,),
                help=_("Pairs with evidence against them stay for you to decide."),
            )
    st.html(_side_by_side(one, other, compared))


def _sure(waiting: pd.DataFrame, compared: Compared) -> pd.DataFrame:
    """The pairs above `SURE` that nothing speaks against."""
    sure = waiting[waiting["score"] > SURE]
    if sure.empty:
        return sure
    apart = kept_apart(compared.with_own_ids(sure), compared.left, compared.right)
    return sure[[not reason for reason in apart]]


def _accept_all(sure: pd.DataFrame) -> None:
    for _unused, pair in sure.iterrows():
        _decide(pair, ACCEPT)
    session().accepted_together = tuple(zip(sure["left_id"], sure["right_id"], strict=True))


def _undo_all() -> None:
    for left_id, right_id in session().accepted_together:
        uploads().decisions = saved.undo(uploads().decisions, left_id, right_id)
    session().accepted_together = ()
    session().cache.drop(_PROPOSED)


def _side_by_side(one: pd.Series, other: pd.Series, compared: Compared) -> str:
    rows = []
    for name, what in _QUESTIONS.items():
        mine, theirs = what(one, compared.left), what(other, compared.right)
        if mine or theirs:
            rows.append((name, mine or "not stated", theirs or "not stated"))
    heads = ["", *(_heading(side, compared.within) for side in (one, other))]
    return f"<div class='atlas-pair'>{html_table(_('What each says'), heads, rows)}</div>"


def _heading(one: pd.Series, within: bool) -> str:
    return _("Row {row:,}").format(row=one["row"]) if within else plain(one["origin"].replace(";", ", "), 80)


_QUESTIONS: dict[str, Callable[[pd.Series, Loaded], str]] = {
    "Title": lambda one, _unused: one["title"],
    "Date": lambda one, _unused: day(one["date"], one["date_precision"]),
    "Place": card.where,
    "Kind": lambda one, _unused: one["attack_type"],
    "Weapon": lambda one, _unused: one["weapon"].replace(";", ", "),
    "Target": lambda one, _unused: " · ".join(filter(None, (one["target_name"], one["target_type"].replace(";", ", ")))),
    "Perpetrator": lambda one, _unused: card.perpetrator(one),
    "Killed": lambda one, _unused: card.figure(one, "killed"),
    "Wounded": lambda one, _unused: card.figure(one, "wounded"),
    "Summary": lambda one, _unused: plain(one["summary"], 600),
    "Notes": lambda one, _unused: plain(one["notes"], 600),
    "Reports": lambda one, of: _publishers(one, of),
    "Id": lambda one, _unused: one["incident_id"],
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


def _list(waiting: pd.DataFrame, compared: Compared) -> None:
    left, right = compared.left, compared.right
    if len(waiting) < 2:
        return
    shown = waiting.head(LISTED)
    one, other = left.at(shown["left_row"]), right.at(shown["right_row"])
    names = (
        (_("One"), "Other") if compared.within else (_name(left) if len(left.origins) == 1 else _("Before"), f"{_name(right)} ")
    )
    table = pd.DataFrame(
        {
            "Similarity": shown["score"].clip(upper=0.99),
            "Date": [day(*each) for each in zip(one["date"], one["date_precision"], strict=True)],
            names[0]: one["title"].map(lambda text: plain(text, 120)).to_numpy(),
            names[1]: other["title"].map(lambda text: plain(text, 120)).to_numpy(),
        }
    )
    more = _(", the best {listed:,} here").format(listed=LISTED) if len(waiting) > LISTED else ""
    with st.expander(_("All {count:,} that wait{more}").format(count=len(waiting), more=more)):
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
    st.html(f"<h2 class='atlas-heading'>{_('Decided')}</h2>")
    if decided:
        n = sum(one.decision == ACCEPT for one in decided)
        st.html(
            f"<p class='atlas-text'>{_('{pairs} joined, {count:,} kept apart.').format(pairs=counted(n, '{n} pair', '{n} pairs'), count=len(decided) - n)}</p>"
        )
    if both := {(one.left_id, one.right_id) for one in decided}.intersection(session().accepted_together):
        st.button(_("Undo the {count:,} accepted together").format(count=len(both)), key="undo-all", on_click=_undo_all)
    for one in reversed(decided[-20:]):
        button, text_column = st.columns([1, 9], vertical_alignment="center")
        button.button(_("Undo"), key=f"undo-{one.left_id}-{one.right_id}", on_click=_undo, args=(one,), type="tertiary")
        titles = [_title(records, name) for name in (one.left_id, one.right_id)]
        words = _("One incident") if one.decision == ACCEPT else _("Not the same")
        text_column.html(f"<p class='atlas-text'>{words}: {safe_text(titles[0], 160)} · {safe_text(titles[1], 160)}</p>")
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
    lines = [
        _("Line {row}: {reason}. {advice}").format(row=one.row, reason=one.reason, advice=one.advice) for one in problems[:10]
    ]
    return [_("{decisions} read.").format(decisions=counted(len(found), "{n} decision", "{n} decisions")), *lines]
