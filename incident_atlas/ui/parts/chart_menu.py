"""Charts as a page draws them, and under each its data as a table, and the chart as files, made only when asked for."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.charts import files as figure
from incident_atlas.charts.outside_filter import marked
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core.text import safe_text
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, with_terms_in_use
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.session import url_state
from incident_atlas.ui.session.results import result, sentence
from incident_atlas.ui.session.transfers import one_at_a_time


def draw(picture: Picture, key: str, **options: Any) -> None:
    """The chart, as wide as its column; key: its place in the session."""
    st.vega_lite_chart(as_sent(picture.data), picture.spec, theme=None, key=key, alt=picture.alt, width="stretch", **options)


def as_sent(data: pd.DataFrame) -> pa.Table:
    """The data of a chart in few bytes: numbers and days as short as they can be, a repeated text once, nothing that only pandas reads.

    Dates are whole days. A chart is sent again with every change of the filter, and a frame of pandas takes twice the bytes.
    """
    columns = {}
    for name, values in with_terms_in_use(data).items():
        if pd.api.types.is_datetime64_dtype(values):
            columns[name] = pa.array(values, pa.date32())
        elif pd.api.types.is_integer_dtype(values):
            columns[name] = pa.array(pd.to_numeric(values, downcast="integer"))
        elif pd.api.types.is_string_dtype(values):
            texts = pa.array(values, pa.string(), from_pandas=True)
            columns[name] = texts.dictionary_encode() if 2 * values.nunique() <= len(values) else texts
        else:
            columns[name] = pa.array(values, from_pandas=True)
    return pa.table(columns)


@st.fragment
def data_and_picture(
    name: str,
    picture: Picture,
    loaded: Loaded,
    chosen: Filters,
    own: tuple[str, ...],
    about: tuple[str, summary.Headline] | None = None,
) -> None:
    """Table, CSV, PNG and SVG of one chart. own: the criteria that the chart itself sets, and so is not filtered by.

    about: sentence and totals of what the chart counts, where that is not what the filter leaves.

    Filled only while it is open, by a run of this fragment alone: a closed one costs the page next to nothing.
    """
    menu = st.popover(_("Table and image"), type="tertiary", key=f"data-{name}", on_change="rerun")
    if menu.open:
        with menu:
            _table_and_files(name, picture, loaded, chosen, own, about)


def _table_and_files(name: str, picture: Picture, loaded: Loaded, chosen: Filters, own: tuple[str, ...], about) -> None:
    # A bar outside the chosen types is pale, not gone: the files say what is counted, which is more than what is chosen.
    counted = chosen.without(*own)
    head = about[1] if about else result(summary.headline, loaded, counted)
    text = about[0] if about else sentence(loaded, counted, head)
    shown = permission.shown(loaded, counted)
    # The link opens what the files count, so it leaves out what they leave out.
    citation = cite(loaded, text, url_state.link(*map(url_state.parameter_of, own)), head, shown, chosen)
    colours = theme(scheme())
    picture = marked(picture, chosen, own)
    rows = picture.rows()
    st.html(
        f"<p class='atlas-note'>{safe_text(text, 900)}</p>"
        + html_table(picture.title, list(rows.columns), rows.itertuples(index=False, name=None))
    )
    permission.terms_note(shown, citation.data)
    if not permission.permitted(shown, name):
        return
    stem = f"{citation.file_stem(f'{name}{picture.title}{colours.name}')}-{name}"
    files = (
        ("CSV", "text/csv", lambda: figure.chart_csv(picture, citation)),
        ("PNG", "image/png", lambda: figure.chart_png(picture, citation, colours)),
        ("SVG", "image/svg+xml", lambda: figure.chart_svg(picture, citation, colours)),
    )
    with st.container(horizontal=True):
        for label, mime, make in files:
            ending = label.lower()
            file_name = f"{stem}.{ending}"
            st.download_button(
                label, one_at_a_time(make, file_name, mime), file_name, mime, key=f"{name}-{ending}", on_click="ignore"
            )
    if not about:
        st.page_link("pages/incidents.py", label=_("List the incidents of the filter"))
