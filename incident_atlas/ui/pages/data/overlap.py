"""What each data set has that the others lack, as far as duplicates have been joined."""

from __future__ import annotations

import streamlit as st

from incident_atlas.charts.bars import overlap_bars
from incident_atlas.core.text import safe_text
from incident_atlas.curation.overlap import overlap as overlapping
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.parts.chart_menu import draw
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import scheme


def overlap(loaded: Loaded) -> None:
    """The chart, what it does not show, and the same by year as a table."""
    found = overlapping(loaded.incidents)
    if found.by_origin.empty:
        st.html(f"<p class='atlas-text'>{_('The files have no incidents.')}</p>")
        return
    picture = overlap_bars(found, theme(scheme()))
    st.html(f"<h2 class='atlas-heading'>{safe_text(picture.title, 200)}</h2>")
    draw(picture, "overlap")
    st.html(f"<p class='atlas-note'>{safe_text(' '.join(picture.notes), 900)}</p>")
    pairs = found.between
    if len(pairs):
        rows = [
            (_("{origin} and {other}").format(origin=row.origin, other=row.other), int(row.incidents))
            for row in pairs.itertuples()
        ]
        st.html(html_table(_("Incidents that two data sets hold"), [_("Data sets"), _("Incidents")], rows))
    table = picture.rows()
    st.html(html_table(_("By data set and year"), list(table.columns), table.itertuples(index=False, name=None)))
