"""The table of every visible incident: sortable, reachable by keyboard, and a way to the page of each."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import as_label, plain, safe_text
from incident_atlas.core.vocabulary import KNOWN_TO, UNKNOWN
from incident_atlas.dataset import paging
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import victims
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _, gettext_noop
from incident_atlas.ui.pages.incidents.incident import incident
from incident_atlas.ui.pages.incidents.targets import aimed_and_hit_table
from incident_atlas.ui.parts.html_table import grid, pager
from incident_atlas.ui.parts.nothing_found import nothing_found
from incident_atlas.ui.parts.page import frame, notes
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session import evidence as evidence_of
from incident_atlas.ui.session import state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import result, sentence, visible
from incident_atlas.ui.session.state import filters, view

PAGE = 1_000
"""Rows per page of the table: sorting in the browser is for what a person can read."""
ROW_PX = 76
"""Height of a row: four lines, the most that a title needs where the table is 736 pixels wide; a height of its own lets text wrap."""
ON_DEMAND = gettext_noop("Place named"), gettext_noop("Location known to"), gettext_noop("Target hit"), gettext_noop("Publishers")
"""Columns that a reader chooses to see: with them the table of a small laptop would have to be scrolled sideways."""


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
        nothing_found(chosen)
        return
    pages = math.ceil(head.incidents / PAGE)
    page = min(state.session().page_numbers.get("table", 1), pages)
    rows = loaded.at(paging.newest(visible(loaded, chosen), PAGE, page))
    _table(rows, evidence_of.publisher_counts(loaded), loaded)
    if pages > 1:
        pager("table", pages, page)


def aimed_and_hit(loaded: Loaded, chosen: Filters) -> None:
    """Who was aimed at against who was hit, among what is visible."""
    with st.expander(_("Intended and actual targets")):
        aimed_and_hit_table(loaded, chosen)


def _table(rows: pd.DataFrame, publishers: pd.Series, loaded: Loaded) -> None:
    ids = rows["incident_id"].to_list()
    table = pd.DataFrame(
        {
            "Date": [iso(one) for one in rows[["date", "date_precision"]].itertuples()],
            "What happened": [plain(title, 200) for title in rows["title"]],
            "Place": [plain(_place(one), 120) for one in rows[["city", "district", "province"]].itertuples()],
            "Killed": rows["killed_best"].to_list(),
            "Wounded": rows["wounded_best"].to_list(),
            "Reports range": _ranges(rows),
            "Perpetrator": [plain(_who(one), 120) for one in rows[["perpetrator", "attribution"]].itertuples()],
            "Place named": [plain(name, 120) for name in rows["place"]],
            "Location known to": [KNOWN_TO.get(name, _("no known location")) for name in rows["geo_precision"]],
            "Target hit": [plain(cell.replace(";", ", "), 120) for cell in rows["target_type"]],
            "Publishers": [int(publishers.get(one, 0)) for one in ids],
        }
    )
    if len(loaded.options.get("origin", ())) > 1:
        table.insert(2, gettext_noop("Data set"), [plain(cell.replace(";", ", "), 120) for cell in rows["origin"].astype("str")])
    text, number = st.column_config.TextColumn, st.column_config.NumberColumn
    columns = {
        "Date": text(width=90),
        "What happened": text(width=174),
        "Data set": text(width=90),
        "Place": text(width=92),
        "Killed": number(format="localized", width=58),
        "Wounded": number(format="localized", width=72),
        "Reports range": text(width=110),
        "Perpetrator": text(width=102),
        **dict.fromkeys(ON_DEMAND, None),
    }
    key = f"{state.session().widget_key('incidents')}-table-{state.session().page_numbers.get('table', 1)}"
    grid(
        table,
        key=key,
        height=640,
        row_height=ROW_PX,
        placeholder="–",
        column_config=columns,
        on_select=lambda: state.open_selected(key, ids, loaded),
        selection_mode="single-row",
    )
    st.html(
        f"<p class='atlas-key'>{_('Select a row to open it. Click a column header to sort. –: not reported. The eye above the table shows more columns.')}</p>"
    )


def iso(one) -> str:
    """As much of the date as is known, in an order that sorts."""
    return one.date.isoformat()[: {"year": 4, "month": 7}.get(one.date_precision, 10)]


def _ranges(rows: pd.DataFrame) -> list[str]:
    """'3–7 killed, 9 or more wounded' where reports differ or are open; one figure alone has its own column."""
    ranges = []
    for one in rows.itertuples():
        tolls = (
            ("killed", one.killed_low, one.killed, one.killed_high),
            ("wounded", one.wounded_low, one.wounded, one.wounded_high),
        )
        words = ((format_figure(low, best, high, blank=""), noun) for noun, low, best, high in tolls)
        ranges.append(", ".join(f"{figure} {noun}" for figure, noun in words if figure and not figure.replace(",", "").isdigit()))
    return ranges


def _place(one) -> str:
    return ", ".join(dict.fromkeys(filter(None, (one.city or one.district, one.province))))


def _who(one) -> str:
    return "unknown" if one.perpetrator == UNKNOWN else f"{one.perpetrator.replace(';', ', ')}, {one.attribution}"


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
