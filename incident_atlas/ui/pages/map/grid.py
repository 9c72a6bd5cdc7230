"""The map as a grid of small maps: by year, by month of one year, or by perpetrator; each leads to the map under its filter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.analysis.panels import BY, Panel, Panels, figures_by, one_year, panels
from incident_atlas.core.text import as_label, counted_incidents, safe_text
from incident_atlas.dataset import paging
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.projection import Bounds
from incident_atlas.i18n import _
from incident_atlas.maps import small_multiples
from incident_atlas.maps.folium_map import COUNTRY
from incident_atlas.maps.small_multiples import PanelGrid, panel_grid, place_marks
from incident_atlas.theme import Theme, theme
from incident_atlas.ui.pages.map.chosen_place import follow_filter
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.results import result, sentence, visible
from incident_atlas.ui.session.transfers import one_at_a_time

_LABELS = {"year": _("By year"), "month": _("By month"), "perpetrator": _("By perpetrator")}
_HEADS = {"year": _("Year"), "month": _("Month"), "perpetrator": _("Suspected perpetrator")}


def grid_button(chosen: Filters) -> None:
    """The button beside the map that turns it into small maps: by month when the filter is of one year, else by year."""
    if st.button(_("Small maps"), key="small-maps", type="tertiary", icon=":material/grid_view:"):
        state.set_view(grid="month" if one_year(chosen) else "year", incident=None)
        st.rerun()


def small_maps(loaded: Loaded, chosen: Filters, controls: bool = True) -> None:
    """The grid of the view with its controls, and its table and pictures; controls=False for the maps alone."""
    follow_filter(loaded, chosen)
    url_state.write_url()
    by = state.view().grid
    if controls:
        _controls(loaded, chosen, by)
    if by == "month" and one_year(chosen) is None:
        st.html(f"<p class='atlas-note' role='status'>{_('Choose the year whose months are to be shown.')}</p>")
        return
    head = result(summary.headline, loaded, chosen)
    if not head.incidents:
        if not chosen:
            st.html(f"<p class='atlas-note'>{_('The record has no incidents.')}</p>")
        return
    made = _panels(loaded, chosen, by)
    bounds = _bounds(loaded, chosen, head.placed)
    grid = panel_grid(made, result(place_marks, loaded, chosen, also=(by, bounds)), bounds)
    colours = theme(scheme())
    _draw(grid, state.view().measure, colours)
    missing = small_multiples.not_drawn(grid, head.incidents)
    _legend(grid, missing, colours)
    if controls:
        _table_and_pictures(grid, head, loaded, chosen, missing, colours)


def _controls(loaded: Loaded, chosen: Filters, by: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="grid-controls"):
        st.button(_("One map"), key="one-map", type="tertiary", icon=":material/arrow_back:", on_click=_take, args=("",))
        switch(_("A small map for each"), BY, by, _take, key="w:grid", name=_LABELS.__getitem__)
        if by == "month" and loaded.source.first is not None:
            years = list(range(loaded.source.last.year, loaded.source.first.year - 1, -1))
            now = one_year(chosen)
            state.set_widget("w:grid-year", now if now in years else None)
            st.selectbox(
                _("Year"),
                years,
                key="w:grid-year",
                placeholder=_("Year"),
                on_change=_take_year,
                label_visibility="collapsed",
                width=110,
            )


def _take(by: str) -> None:
    state.set_view(grid=by)


def _take_year() -> None:
    if year := st.session_state["w:grid-year"]:
        state.set_filters(replace(state.filters(), since=date(year, 1, 1), until=date(year, 12, 31)))


def _panels(loaded: Loaded, chosen: Filters, by: str) -> Panels:
    without_month = result(summary.without_month, loaded, chosen) if by == "month" else 0
    table = result(figures_by, loaded, chosen, also=(by,))
    return panels(by, table, chosen, exposure(loaded, chosen), loaded.source.last, without_month)


def _bounds(loaded: Loaded, chosen: Filters, placed: int) -> Bounds:
    """What the one map shows; of a filter whose incidents all lie in another country, where they lie."""
    now = state.view()
    country = (*COUNTRY[0], *COUNTRY[1])
    if now.fitted:
        return now.fitted
    if not now.home:
        return tuple(round(end, 3) for end in now.box())
    shown = visible(loaded, chosen)
    if not placed or paging.count(shown, country):
        return country
    south, west, north, east = result(summary.extent, loaded, chosen, columns=("latitude", "longitude"))
    return max(south - 1, -84.0), max(west - 1, -180.0), min(north + 1, 84.0), min(east + 1, 180.0)


def _draw(grid: PanelGrid, measure: str, colours: Theme) -> None:
    frame = small_multiples.panel_frame(grid.bounds)
    land = small_multiples.land_address(grid.bounds, colours)
    st.html(f"<style>.atlas-panel {{aspect-ratio: {frame.width} / {frame.height}; background-image: url({land});}}</style>")
    with st.container(key="grid-panels"):
        for n, panel in enumerate(grid.panels.panels):
            with st.container(key=f"panel-{n}", gap=None):
                title, words = panel.title, panel.words(measure)
                if panel.collected:
                    # Two spaces before the end of a line break it in Markdown.
                    label = "  \n".join((f"**{as_label(title, 80)}**", *(f":gray[{as_label(line)}]" for line in words)))
                    st.page_link("app.py", label=label, query_params=url_state.panel_query(panel.alone))
                else:
                    st.html(
                        f"<p class='atlas-panel-title'><b>{safe_text(title, 80)}</b><br><span>{safe_text(words[0])}</span></p>"
                    )
                description = safe_text(small_multiples.description(panel, grid.marks[n], measure), 300)
                classes = " ".join(["atlas-panel", *([] if panel.collected else ["atlas-panel-empty"])])
                image = f"<img alt='{description}' src='{small_multiples.marks_address(grid, n, colours)}'>"
                st.html(f"<div class='{classes}'>{image}</div>")


def _legend(grid: PanelGrid, missing: str, colours: Theme) -> None:
    sizes = []
    for n in small_multiples.round_sizes(grid.largest):
        across = f"calc(var(--panel-width) * {2 * grid.radius(n) / small_multiples.PANEL_WIDTH:.4f})"
        circle = f"<i style='width:{across};height:{across};background:{colours.cell}'></i>"
        sizes.append(f"<span>{circle}{counted_incidents(n)}</span>")
    explanation = safe_text(f"{small_multiples.how_to_read(grid)} {missing}", 900)
    st.html(f"<p class='atlas-key'><span class='atlas-sizes'>{''.join(sizes)}</span>{explanation}</p>")


@st.fragment
def _table_and_pictures(
    grid: PanelGrid, head: summary.Headline, loaded: Loaded, chosen: Filters, missing: str, colours: Theme
) -> None:
    """The figures of all panels as a table, and the grid as PNG and SVG, made when they are asked for."""
    menu = st.popover(_("Table and image"), type="tertiary", key="data-grid", on_change="rerun")
    if not menu.open:
        return
    with menu:
        words, measure = sentence(loaded, chosen, head), state.view().measure
        shown = permission.shown(loaded, chosen)
        citation = cite(loaded, words, url_state.link(), head, shown, chosen)
        columns = [_HEADS[grid.panels.by], _("Incidents"), _("Killed"), _("Wounded")]
        rows = [(panel.title, *_cells(panel)) for panel in grid.panels.panels]
        st.html(f"<p class='atlas-note'>{safe_text(words, 900)}</p>{html_table(_LABELS[grid.panels.by], columns, rows)}")
        permission.terms_note(shown, citation.data)
        if not permission.permitted(shown, "grid"):
            return
        stem = f"{citation.file_stem(f'{grid.panels.by}{grid.bounds}{measure}{colours.name}')}-small-maps"
        with st.container(horizontal=True):
            _offer("PNG", "image/png", stem, lambda: small_multiples.grid_png(grid, measure, colours, citation, missing))
            _offer(
                "SVG", "image/svg+xml", stem, lambda: small_multiples.grid_svg(grid, measure, colours, citation, missing).encode()
            )


def _cells(panel: Panel) -> tuple[str, str, str]:
    if not panel.collected:
        return (panel.note, "", "")
    totals = (total.text(panel.incidents) if panel.incidents else "0" for total in (panel.killed, panel.wounded))
    return (", ".join(filter(None, (f"{panel.incidents:,}", panel.note))), *totals)


def _offer(label: str, mime: str, stem: str, make: Callable[[], bytes]) -> None:
    name = f"{stem}.{label.lower()}"
    st.download_button(label, one_at_a_time(make, name, mime), name, mime, key=f"grid-{label}", on_click="ignore")
