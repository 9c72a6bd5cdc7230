"""Under each chart: its data as a table, and the chart as files that say where they are from, made only when asked for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from incident_atlas import export, figure, summary
from incident_atlas.charts import Picture
from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.text import safe_text
from incident_atlas.theme import theme
from incident_atlas.ui import state
from incident_atlas.ui.frame import scheme
from incident_atlas.ui.tables import html_table
from incident_atlas.ui.visible import answer, sentence

LIST_PAGE = Path(__file__).parents[2] / "pages" / "incidents.py"
"""The page that lists what is visible; without it there is no link to it."""


@st.fragment
def data_and_picture(
    name: str, picture: Picture, loaded: Loaded, chosen: Filters, own: tuple[str, ...], said: str | None = None
) -> None:
    """Table, CSV, PNG and SVG of one chart. own: the criteria that the chart itself sets, and so is not filtered by.

    said: what the chart answers, in place of the filter sentence.

    Filled only while it is open, by a run of this fragment alone: a closed one costs the page next to nothing.
    """
    menu = st.popover("Data and picture", type="tertiary", key=f"data-{name}", on_change="rerun")
    if menu.open:
        with menu:
            _table_and_files(name, picture, loaded, chosen, own, said)


def _table_and_files(
    name: str, picture: Picture, loaded: Loaded, chosen: Filters, own: tuple[str, ...], said: str | None
) -> None:
    # A bar outside the chosen types is pale, not gone: the files say what is counted, which is more than what is chosen.
    counted = chosen.without(*own)
    head = answer(summary.headline, loaded, counted)
    said = said or sentence(loaded, counted, head)
    citation = export.cite(loaded, said, state.link(), head)
    look = theme(scheme())
    rows = picture.rows()
    st.html(
        f"<p class='atlas-note'>{safe_text(said, 900)}</p>"
        + html_table(picture.title, list(rows.columns), rows.itertuples(index=False, name=None))
    )
    stem = f"{citation.file_stem(f'{name}{picture.title}{look.name}')}-{name}"
    files = (
        ("CSV", "text/csv", lambda: figure.chart_csv(picture)),
        ("PNG", "image/png", lambda: figure.chart_png(picture, citation, look)),
        ("SVG", "image/svg+xml", lambda: figure.chart_svg(picture, citation, look)),
    )
    with st.container(horizontal=True):
        for label, mime, make in files:
            ending = label.lower()
            st.download_button(label, make, f"{stem}.{ending}", mime, key=f"{name}-{ending}", on_click="ignore")
    if LIST_PAGE.exists():
        st.page_link("pages/incidents.py", label="List the incidents of the filter")
