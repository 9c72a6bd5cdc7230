"""A file's own words for attack types, weapons, targets, perpetrators: which term each means, or that it stays as it is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import streamlit as st

from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import BY_NAME, OPEN_TERMS, split
from incident_atlas.core.text import as_label, counted_rows, safe_text
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import Mapping
from incident_atlas.importers.mapping.parse_terms import key
from incident_atlas.ui.session.uploads import File

KEEP = _("keep as the file's own")
MOST = 30
"""Words of a column that can be matched on the page, those of most rows first."""


def terms_of(ours: str) -> tuple[str, ...]:
    """The terms of the record for this column."""
    return tuple(sorted(set(perpetrators().values()))) if ours == "perpetrator" else BY_NAME[ours].terms


def own_words(loaded: Loaded, ours: str) -> list[tuple[str, int]]:
    """The words of this column that are no terms of the record, each with its rows, those of most rows first."""
    known = set(terms_of(ours))
    found: Counter[str] = Counter()
    for cell, n in loaded.incidents[ours].value_counts().items():
        for word in set(split(str(cell))) - known:
            found[word] += int(n)
    return sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))


def words(one: File) -> list[tuple[str, str, int | None]]:
    """The words that can be matched: ours, theirs, rows (None for one that was matched before, whose rows are told as ours)."""
    matched = [(ours, theirs, None) for ours, theirs, _unused in one.mapping.values]
    if one.loaded is None:
        return matched
    return matched + [(ours, word, n) for ours in OPEN_TERMS for word, n in own_words(one.loaded, ours)[:MOST]]


def choices(one: File, slot: str) -> None:
    """One line per word: theirs, its rows, and a choice of ours. slot: the beginning of the keys of its widgets."""
    rows = words(one)
    if not rows:
        return
    chosen = {(ours, theirs): term for ours, theirs, term in one.mapping.values}
    st.html(
        f"""<h3 class='atlas-heading'>{_("The file's own words")}</h3><p class='atlas-note'>{_("They are kept, shown and filtered as they are. Match one to a term of the record where both mean the same.")}</p>"""
    )
    for at, (ours, theirs, n) in enumerate(rows):
        left, right = st.columns([3, 2], vertical_alignment="center")
        where = f"{ours.replace('_', ' ')}, " + (_("matched") if n is None else counted_rows(n))
        left.html(f"<p class='atlas-text'><b>{safe_text(theirs, 100)}</b></p><p class='atlas-note'>{where}</p>")
        options = (KEEP, *terms_of(ours))
        term = chosen.get((ours, theirs), KEEP)
        right.selectbox(
            as_label(theirs, 100),
            options,
            index=options.index(term) if term in options else 0,
            key=f"{slot}-value-{at}",
            label_visibility="collapsed",
        )


def taken(one: File, mapping: Mapping, slot: str) -> Mapping:
    """The mapping with what was chosen in `choices`."""
    found = {}
    for at, (ours, theirs, _unused) in enumerate(words(one)):
        term = st.session_state.get(f"{slot}-value-{at}", KEEP)
        if term != KEEP and (ours, key(theirs)) not in {(mine, key(word)) for mine, word in found}:
            found[ours, theirs] = term
    return replace(mapping, values=tuple((*pair, term) for pair, term in found.items()))
