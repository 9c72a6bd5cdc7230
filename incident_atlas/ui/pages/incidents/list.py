"""The table of every visible incident: in an order of choice, reachable by keyboard, and a way to the page of each."""

from __future__ import annotations

import math

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.text import as_label, safe_text
from incident_atlas.dataset import paging
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import victims
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.pages.incidents.incident import incident
from incident_atlas.ui.pages.incidents.targets import aimed_and_hit_table
from incident_atlas.ui.parts.html_table import pager
from incident_atlas.ui.parts.incident_rows import incident_table
from incident_atlas.ui.parts.nothing_found import nothing_found
from incident_atlas.ui.parts.page import frame, notes
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import result, sentence, visible
from incident_atlas.ui.session.state import ORDERS, filters, view

PAGE = 100
"""Rows per page: what a person reads."""
TABLE_PX = 664
"""Height of the rows on a screen of 900 pixels; further ones scroll."""
LABELS = {"newest": _("Newest"), "killed": _("Most killed"), "wounded": _("Most wounded")}
COLUMNS = {"newest": "date", "killed": "killed_best", "wounded": "wounded_best"}
"""The name of each of `state.ORDERS`, and the column that is the largest first."""


def _totals(head: summary.Headline) -> str:
    """Killed and wounded with their ranges, in a line, with what is left without the largest incident."""
    return f"{' · '.join(victims(head))}." if head.incidents else ""


def not_found() -> None:
    """A clear word when the address names an incident that the record does not hold."""
    unknown_ids = [text.removeprefix("incident=") for text in state.session().ignored if text.startswith("incident=")]
    if unknown_ids:
        st.warning(
            _("There is no incident of that id: {unknown_ids}. Search for it, or select an incident below.").format(
                unknown_ids=as_label(unknown_ids[0], 80)
            )
        )


def incidents(loaded: Loaded, chosen: Filters) -> None:
    """The filter sentence and the table."""
    head = result(summary.headline, loaded, chosen)
    st.html(
        f"<h1 class='atlas-sentence'>{safe_text(sentence(loaded, chosen, head), 900)}</h1><p class='atlas-note'>{_totals(head)} {notes(loaded, chosen)}</p>"
    )
    if not head.incidents:
        nothing_found(loaded, chosen)
        return
    session, order = state.session(), view().order
    switch(_("Order"), ORDERS, order, _take_order, key="w:order", name=LABELS.__getitem__)
    pages = math.ceil(head.incidents / PAGE)
    page = min(session.page_numbers.get("table", 1), pages)
    rows = loaded.at(paging.largest(visible(loaded, chosen), COLUMNS[order], PAGE, page))
    incident_table(rows, loaded, TABLE_PX)
    if pages > 1:
        pager("table", pages, page)
    st.html(
        f"<p class='atlas-key'>{_('Select a row to open it; with the keyboard, arrows left and right walk and Enter opens. –: not reported.')}</p>"
    )


def _take_order(order: str) -> None:
    state.set_view(order=order)
    state.session().page_numbers.pop("table", None)


def aimed_and_hit(loaded: Loaded, chosen: Filters) -> None:
    """Who was aimed at against who was hit, among what is visible."""
    with st.expander(_("Intended and actual targets")):
        aimed_and_hit_table(loaded, chosen)


def incidents_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("Incidents"), "pages/incidents.py")
        sidebar(loaded)
        if view().incident:
            incident(loaded, filters(), view().incident)
        else:
            not_found()
            incidents(loaded, filters())
            aimed_and_hit(loaded, filters())
