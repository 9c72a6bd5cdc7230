"""How to cite an answer: the sentence, the version of the record, and the link that asks the same question again."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.dataset.citation import Citation, cite
from incident_atlas.dataset.load import Loaded
from incident_atlas.export.view_citation import ViewCitation
from incident_atlas.i18n import _
from incident_atlas.ui.parts import permission
from incident_atlas.ui.session import url_state


@st.fragment
def reference(
    loaded: Loaded,
    text: str,
    head: summary.Headline,
    key: str,
    link: str | None = None,
    label: str = _("Link that asks this again"),
) -> None:
    """A small menu with the link and the citation of one answer. text: the answer as plain text; link: None for this page.

    label: what the link is, where it does not ask all of it again.
    """
    menu = st.popover(_("Link and citation"), type="tertiary", key=f"data-cite-{key}", on_change="rerun")
    if menu.open:
        with menu:
            # An answer may rest on rows that the filter of the page leaves out.
            if not permission.permitted(loaded.origins, f"cite-{key}"):
                return
            citation = cite(loaded, text, link or url_state.link(), head)
            st.html(f"<p class='atlas-note'>{label}</p>")
            st.code(citation.link, language=None, wrap_lines=True)
            permission.without_files()
            covered = loaded.cache.cached("coverage hash", lambda: _covered(loaded))
            also = _("\nsha256 of its coverage table, as read: {covered}").format(covered=covered) if covered else ""
            citation_formats(citation, key, also)


def citation_formats(citation: Citation, key: str, also: str = "") -> None:
    """The view as text, BibTeX, RIS or CSL-JSON, to be copied; its link names the version of the data.

    also: what stands under the text alone.
    """
    view = ViewCitation.of(replace(citation, link=url_state.with_version(citation.link, citation.sha256)), date.today())
    formats = {one.name: one for one in view.formats()}
    st.html(f"<p class='atlas-note'>{_('Cite as')}</p>")
    label = _("Format of the citation")
    name = st.segmented_control(
        label, list(formats), default="Text", required=True, key=f"w:cite-{key}", label_visibility="collapsed"
    )
    st.code(formats[name].text + (also if name == "Text" else ""), language=None, wrap_lines=True)


def _covered(loaded: Loaded) -> str:
    """What tells one version of the coverage table from another: an answer may rest on it."""
    return (
        hashlib.sha256(loaded.coverage.to_csv(index=False).encode("utf-8", "replace")).hexdigest() if len(loaded.coverage) else ""
    )
