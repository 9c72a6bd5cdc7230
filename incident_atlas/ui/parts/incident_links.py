"""Lists that lead to other pages of this session. A plain link would open another session, without the reader's own files."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import streamlit as st

from incident_atlas.core.text import as_label
from incident_atlas.ui.session import state

INCIDENTS = "pages/incidents.py"


class Lead(NamedTuple):
    """An incident that a list names: its id, and the words that lead to it."""

    incident_id: str
    words: str


def leads(name: str, found: Iterable[Lead]) -> None:
    """The incidents as a list of links that keep session and filter. name: of the list, once on a page."""
    found = list(found)
    if not found:
        return
    query = state.filters().to_query()
    with st.container(key=f"leads-{name}"):
        for one in found:
            st.page_link(INCIDENTS, label=as_label(one.words, 240), query_params=query | {"incident": [one.incident_id]})
