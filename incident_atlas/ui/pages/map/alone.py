"""One element of the Map page by itself, for a frame on another page: with what it shows, its source, and a link to all of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.text import safe_text
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.pages.map.charts import time_pictures, timeline
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.headline import figures_html
from incident_atlas.ui.session import url_state
from incident_atlas.ui.session.results import result, sentence

_BARE = (
    "<style>[data-testid='stSidebar'], [data-testid='stExpandSidebarButton'], [data-testid='stSidebarCollapsedControl'], "
    "[data-testid='stHeader'] {display: none !important;} "
    "[data-testid='stMainBlockContainer'] {padding: 0.5rem 0.75rem !important;}</style>"
)
"""Without menu and margins; Streamlit's own `embed=true` cannot be read by a page."""


def alone(show: str, loaded: Loaded, chosen: Filters, draw_map: Callable[[Loaded, Filters], None]) -> None:
    """The element of that name, one of `state.SHOWN_ALONE`. draw_map: draws the map without the list beside it."""
    st.html(_BARE)
    head = result(summary.headline, loaded, chosen)
    text = sentence(loaded, chosen, head)
    st.html(f"<h1 class='atlas-sentence'>{safe_text(text, 900)}</h1>")
    if show == "map":
        draw_map(loaded, chosen)
    elif show == "figures":
        st.html(figures_html(loaded, chosen, head))
    elif pictures := time_pictures(loaded, chosen):
        timeline(loaded, chosen, pictures[0], pictures[2])
    else:
        st.info(_("The record has no incidents."))
    citation = cite(loaded, text, url_state.link("show"), head, permission.shown(loaded, chosen), chosen)
    link = f"<a href='{safe_text(citation.link, 2000)}' target='_blank' rel='noopener'>{_('Open in Incident Atlas')}</a>"
    st.html(
        f"<p class='atlas-note'>{_('Source: {source}. {data} {link}').format(source=safe_text(citation.source(), 300), data=safe_text(citation.data, 1000), link=link)}</p>"
    )
