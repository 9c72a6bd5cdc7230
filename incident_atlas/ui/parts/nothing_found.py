"""What a reader sees when nothing is to be shown yet or any more: examples to begin with, and a way out of an empty result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.core.text import as_label, listed, safe_text
from incident_atlas.dataset.filters import Filters, WordFound
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.search import typed
from incident_atlas.i18n import _
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import found_by_word

_EXAMPLES = (
    ("app.py", _("Attacks on embassies"), {"target_subtype": "Embassy/Consulate"}),
    ("pages/compare.py", _("Kabul before and after August 2021"), {"city": "Kabul"}),
    ("app.py", _("Mosques in Herat"), {"target_subtype": "Place of Worship", "city": "Herat"}),
)


def examples(loaded: Loaded) -> None:
    """Questions to begin with, as links, while nothing is chosen; only those whose terms the record has."""
    known = [one for one in _EXAMPLES if all(term in loaded.options.get(field, ()) for field, term in one[2].items())]
    if state.filters() or not state.view().home or not known:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="examples"):
        st.html(f"<span class='atlas-note'>{_('For example:')}</span>", width="content")
        for page, label, query in known:
            st.page_link(page, label=label, query_params={field: [term] for field, term in query.items()}, width="content")


def nothing_found(loaded: Loaded, chosen: Filters) -> None:
    """That no incident matches, which word of the search finds nothing, and buttons that take back one part of the filter or all of it."""
    words = found_by_word(loaded, chosen)
    unknown = [one.words for one in words if not one.incidents]
    message = _("No incident matches all of these filters.")
    if unknown:
        quoted = listed([f"“{typed(chosen.q, one.split())}”" for one in unknown], "or")
        message += " " + _("Nothing in the record matches {words}.").format(words=quoted)
    st.html(f"<p class='atlas-text'>{safe_text(message, 400)}</p>")
    with st.container(horizontal=True, key="nothing-found"):
        if chosen.q:
            for n, gone in enumerate(_worth_leaving_out(words)):
                kept = [word for one in words if one.words not in gone for word in one.words.split()]
                label = _("Search without “{q}”").format(q=as_label(typed(chosen.q, " ".join(gone).split()), 40))
                shorter = replace(chosen, q=typed(chosen.q, kept))
                st.button(label, key=f"without-word-{n}", on_click=state.set_filters, args=(shorter,))
            label = _("Search without “{q}”").format(q=as_label(chosen.q, 40))
            st.button(label, key="without-q", on_click=state.set_filters, args=(replace(chosen, q=""),))
        if chosen.since or chosen.until:
            st.button(
                _("All dates"), key="without-dates", on_click=state.set_filters, args=(replace(chosen, since=None, until=None),)
            )
        if replace(chosen, q="") and chosen.without("since", "until"):
            st.button(_("Remove all filters"), key="without-all", on_click=state.set_filters, args=(Filters(),))


def _worth_leaving_out(words: list[WordFound]) -> list[list[str]]:
    """The words that a button each leaves out: all that find nothing, or of those that only do not go together the best two."""
    unknown = [one.words for one in words if not one.incidents]
    if unknown:
        return [unknown] if len(unknown) < len(words) else []
    best = sorted((one for one in words if one.without), key=lambda one: one.without, reverse=True)
    return [[one.words] for one in best[:2]] if len(words) > 1 else []
