"""Which event types of an ACLED file count as attacks: each with its rows, a choice, and the choice as a file."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.core.text import as_label, counted_rows, plain
from incident_atlas.i18n import _
from incident_atlas.importers import mapping as tables
from incident_atlas.importers.data_sets.acled import counts_as_attack
from incident_atlas.ui.parts.save_load import problem_sentences, saved
from incident_atlas.ui.session.state import read_again
from incident_atlas.ui.session.uploads import File

NOTE = _(
    "Rows of the other types are set aside. Without a choice, disrupted weapons use and excessive force against protesters count as attacks too, whatever their type."
)


def event_types(number: int, one: File) -> None:
    """The types of one file, folded; nothing for a file that is not ACLED's."""
    if not one.event_types:
        return
    chosen = _chosen(one)
    with st.expander(
        _("Event types: {chosen:,} of {event_types:,} count as attacks").format(
            chosen=len(chosen), event_types=len(one.event_types)
        )
    ):
        for words in one.messages:
            st.text(plain(words, 300))
        st.html(f"<p class='atlas-note'>{NOTE}</p>")
        with st.form(f"event-types-{number}-{one.attempts}", border=False):
            for at, (name, n) in enumerate(one.event_types.items()):
                label = as_label(f"{name or _('no type')}: {counted_rows(n)}")
                st.checkbox(label, name in chosen, key=_key(number, one, at))
            st.form_submit_button(_("Read with these event types"), type="primary", on_click=_take, args=(number, one))
        data = tables.written(replace(one.settings, event_types=tuple(chosen), worksheet=one.chosen_worksheet))
        saved(f"event-types-{number}", _("event types"), data, True, lambda data: _load(one, data))


def _chosen(one: File) -> list[str]:
    if one.settings.event_types is None:
        return [name for name in one.event_types if counts_as_attack(name)]
    chosen = {name.casefold() for name in one.settings.event_types}
    return [name for name in one.event_types if name.casefold() in chosen]


def _key(number: int, one: File, at: int) -> str:
    return f"w:event-types-{number}-{one.attempts}-{at}"


def _take(number: int, one: File) -> None:
    names = [name for at, name in enumerate(one.event_types) if st.session_state[_key(number, one, at)]]
    usual = [name for name in one.event_types if counts_as_attack(name)]
    one.messages = [] if names else [_("Choose at least one event type.")]
    if names:
        read_again(one, replace(one.settings, event_types=None if names == usual else tuple(names)))
    else:
        one.attempts += 1


def _load(one: File, data: bytes) -> list[str]:
    mapping, problems = tables.read(data)
    if mapping.event_types is None:
        return [_("The file names no event types.")]
    one.messages = []
    read_again(one, mapping)
    return problem_sentences(problems)
