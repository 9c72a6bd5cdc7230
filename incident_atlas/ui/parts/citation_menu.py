"""How to cite an answer: the sentence, the version of the record, and the link that asks the same question again."""

from __future__ import annotations

import hashlib

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.dataset.load import Loaded
from incident_atlas.export import tables
from incident_atlas.ui.parts import permission
from incident_atlas.ui.session import url_state


@st.fragment
def reference(
    loaded: Loaded, said: str, head: summary.Headline, key: str, link: str | None = None, label: str = "Link that asks this again"
) -> None:
    """A small menu with the link and the citation of one answer. said: the answer as plain text; link: None for this page.

    label: what the link is, where it does not ask all of it again.
    """
    menu = st.popover("Link and citation", type="tertiary", key=f"data-cite-{key}", on_change="rerun")
    if menu.open:
        with menu:
            # An answer may rest on rows that the filter of the page leaves out.
            if not permission.permitted(loaded.origins, f"cite-{key}"):
                return
            citation = tables.cite(loaded, said, link or url_state.link(), head)
            st.html(f"<p class='atlas-note'>{label}</p>")
            st.code(citation.link, language=None, wrap_lines=True)
            permission.without_files()
            st.html("<p class='atlas-note'>Cite as</p>")
            version = f"sha256 of the record: {citation.sha256}"
            if covered := loaded.cache.cached("coverage hash", lambda: _covered(loaded)):
                version += f"\nsha256 of its coverage table, as read: {covered}"
            st.code(f"{citation.cite_as()}\n{version}", language=None, wrap_lines=True)


def _covered(loaded: Loaded) -> str:
    """What tells one version of the coverage table from another: an answer may rest on it."""
    return (
        hashlib.sha256(loaded.coverage.to_csv(index=False).encode("utf-8", "replace")).hexdigest() if len(loaded.coverage) else ""
    )
