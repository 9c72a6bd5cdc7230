"""What a reader sees when nothing is to be shown yet or any more: examples to begin with, and a way out of an empty result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.core.text import as_label
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.session import state

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


def nothing_found(chosen: Filters) -> None:
    """That no incident matches, and buttons that take back one part of the filter or all of it."""
    st.html(f"<p class='atlas-text'>{_('No incident matches all of these filters.')}</p>")
    with st.container(horizontal=True, key="nothing-found"):
        if chosen.q:
            label = _("Search without “{q}”").format(q=as_label(chosen.q, 40))
            st.button(label, key="without-q", on_click=state.set_filters, args=(replace(chosen, q=""),))
        if chosen.since or chosen.until:
            st.button(
                _("All dates"), key="without-dates", on_click=state.set_filters, args=(replace(chosen, since=None, until=None),)
            )
        if replace(chosen, q="") and chosen.without("since", "until"):
            st.button(_("Remove all filters"), key="without-all", on_click=state.set_filters, args=(Filters(),))
