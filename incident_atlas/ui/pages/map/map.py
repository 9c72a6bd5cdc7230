"""The map and, beside it, the selected incident or those in view. A fragment: panning and clicking reruns only this."""

from __future__ import annotations

import math
import time
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from incident_atlas.analysis import summary
from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core.text import counted_incidents, safe_text
from incident_atlas.dataset import paging
from incident_atlas.dataset.areas import Area, in_area
from incident_atlas.dataset.filters import DATE_COLUMNS, Filters, with_uncertain_date
from incident_atlas.dataset.load import Loaded, give_back
from incident_atlas.dataset.query import answer_all
from incident_atlas.dataset.selection import placed, unplaced
from incident_atlas.i18n import _, ngettext
from incident_atlas.maps import folium_map, legend
from incident_atlas.maps.clusters import GridCells, in_cells, map_areas, map_marks
from incident_atlas.maps.heat_layer import Heat
from incident_atlas.theme import data_set_colours, theme, with_colour_index
from incident_atlas.ui.pages.map import playback, switches
from incident_atlas.ui.pages.map.alone import alone
from incident_atlas.ui.pages.map.charts import bars, planned_questions, time_pictures, timeline
from incident_atlas.ui.pages.map.chosen_place import follow_filter, still_fitted
from incident_atlas.ui.pages.map.grid import small_maps
from incident_atlas.ui.pages.map.prepared_windows import LISTED, counted_in, keep_figures, marks_of, newest_in, window_prepared
from incident_atlas.ui.pages.map.switches import colour_switch
from incident_atlas.ui.parts.headline import headline
from incident_atlas.ui.parts.html_table import pager
from incident_atlas.ui.parts.incident_card import card
from incident_atlas.ui.parts.incident_rows import incident_rows
from incident_atlas.ui.parts.map_frame import addresses, coloured_by, padded, skip_link
from incident_atlas.ui.parts.nothing_found import examples, nothing_found
from incident_atlas.ui.parts.page import frame, scheme
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session import state, url_state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import prefetch, result, visible
from incident_atlas.ui.session.state import session

MOST_LOST = 100
BACK_PX = 56
"""The line that leads back to the list of all, with the gap below it."""
MAP_FIRST_SECONDS = 0.7
"""In the first run of a session: how long the browser has for the map before the charts and filters, and their scripts, are sent.

All at once the map came last of all, a second and more later. The rest comes when it did, or four tenths of a second later where
the browser holds the scripts already (docs/performance.md).
"""
_WITH_DATES = tuple(dict.fromkeys((*summary.COLUMNS, *DATE_COLUMNS)))
_RETURNED = ("last_active_drawing", "last_object_clicked_count", "bounds", "zoom", "center")


@st.fragment
@answering()
def map_view(loaded: Loaded, chosen: Filters) -> None:
    """Map, panel, and the count that reconciles them with the headline."""
    follow_filter(loaded, chosen)
    left, right = st.columns([7, 5], gap="small")
    layer = switches.heat_layer(visible(loaded, chosen), state.view()) if state.view().heat else None
    with left:
        _map(loaded, chosen, layer)
        with st.container(horizontal=True, vertical_alignment="center", key="under-map"):
            # What comes later than the figures above would be of another month than they.
            if session().playing:
                st.html("<p class='atlas-note'>&nbsp;</p>")
            else:
                _reconcile(loaded, chosen)
                switches.heat_switch()
        switches.heat_note(layer)
        if not session().playing:
            _abroad(loaded, chosen)
    with right:
        _panel(loaded, chosen)
    url_state.write_url()


@st.fragment
@answering()
def _map_alone(loaded: Loaded, chosen: Filters) -> None:
    """The map without the list beside it; moving it reruns only this."""
    follow_filter(loaded, chosen)
    _map(loaded, chosen, None)
    url_state.write_url()


def _small_maps_alone(loaded: Loaded, chosen: Filters) -> None:
    """The small maps of the view without their controls."""
    small_maps(loaded, chosen, controls=False)


def _map(loaded: Loaded, chosen: Filters, layer: Heat | None) -> None:
    now = state.view()
    colours = theme(scheme())
    # One map per visit of the page and colour scheme: its script holds the view it began with, so it must not change.
    key = f"map-{session().visit}-{colours.name}"
    begin = None if now.home else now.fitted or (now.latitude, now.longitude, now.zoom)
    start = session().map_starts.setdefault(key, begin)
    names = coloured_by(loaded)
    own = data_set_colours(names, colours) if names else ()
    if window := window_prepared(loaded):
        cells, areas = marks_of(loaded, window, now.zoom, padded(now.box()), now.box(), names, colours)
    else:
        cells, areas = _marks(loaded, chosen, names)
    singles = loaded.at(cells.loc[cells["incidents"] == 1, "row"])[folium_map.SINGLES].set_index("row")
    opened = loaded.find(now.incident) if now.incident else None
    selected = None
    if opened is not None:
        selected = folium_map.Selected(
            int(opened["row"]), float(opened["latitude"]), float(opened["longitude"]), str(opened["geo_precision"])
        )
    area = now.spot if isinstance(now.spot, Area) else None
    drawn = folium_map.marks(
        cells,
        singles,
        colours,
        selected,
        now.focus,
        data_sets=own,
        areas=areas,
        area=None if now.incident else area,
        fitted=now.fitted,
    ) | switches.for_marks(layer, colours)
    skip_link()
    st_folium(
        folium_map.base_map(start, colours, addresses(), _extent(loaded)),
        key=key,
        height=folium_map.HEIGHT_PX,
        use_container_width=True,
        returned_objects=_RETURNED,
        feature_group_to_add=folium_map.Marks(drawn),
        on_change=lambda: _moved_or_clicked(key, loaded),
    )
    st.html(legend.html(drawn["marks"], own=own, window=now.window is not None, far=folium_map.counts_provinces(drawn)))


def _marks(loaded: Loaded, chosen: Filters, names: tuple[str, ...]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The marks of what is visible and the areas at the map's edge."""
    now = state.view()
    in_window = now.window is not None

    def ask() -> tuple[pd.DataFrame, pd.DataFrame]:
        shown = visible(loaded, chosen, columns=_WITH_DATES if in_window else summary.COLUMNS)
        marked = with_colour_index(shown, names, theme(scheme())) if names else shown
        marked = with_uncertain_date(marked, chosen) if in_window else marked
        marks = map_marks.steps(marked, now.zoom, padded(now.box()), "colour_index" if names else None, in_window)
        return tuple(answer_all([marks, map_areas.steps(shown, now.zoom, now.box())]))

    # The page also runs when neither the filter nor the view has changed: an incident is opened, a menu closed.
    return session().cache.cached("marks", ask, (loaded.serial, chosen, now.zoom, now.box(), names, scheme(), in_window))


def _ends(loaded: Loaded) -> tuple[float, float, float, float]:
    return loaded.cache.cached("extent", lambda: summary.extent(loaded.incidents))


def _extent(loaded: Loaded) -> tuple | None:
    """South-west and north-east corner of all placed incidents; None when they lie in the country that is shown first."""
    south, west, north, east = _ends(loaded)
    (low, left), (high, right) = folium_map.COUNTRY
    if not (south < low or west < left or north > high or east > right):
        return None
    return tuple(
        (round(max(-85.0, min(85.0, lat)), 2), round(max(-180.0, min(180.0, lon)), 2))
        for lat, lon in ((south, west), (north, east))
    )


def _moved_or_clicked(key: str, loaded: Loaded) -> None:
    reported = st.session_state.get(key) or {}
    bounds, centre = reported.get("bounds"), reported.get("center")
    if bounds and centre and reported.get("zoom") is not None:
        south_west, north_east = bounds["_southWest"], bounds["_northEast"]
        box = (south_west["lat"], south_west["lng"], north_east["lat"], north_east["lng"])
        # Another zoom makes other cells, so the one that was listed is gone; an area is the same at every zoom.
        before = state.view()
        spot = before.spot if reported["zoom"] == before.zoom or isinstance(before.spot, Area) else None
        home = (
            4 <= reported["zoom"] < 7
            and abs(centre["lat"] - folium_map.COUNTRY_VIEW[0]) < 0.05
            and abs(centre["lng"] - folium_map.COUNTRY_VIEW[1]) < 0.05
        )
        fitted = still_fitted(before.fitted, centre["lat"], centre["lng"], reported["zoom"], before.fitted_zoom)
        kept = {"fitted": before.fitted, "fitted_zoom": reported["zoom"]} if fitted else {"fitted": None, "fitted_zoom": None}
        state.move_map(
            latitude=centre["lat"], longitude=centre["lng"], zoom=reported["zoom"], bounds=box, spot=spot, home=home, **kept
        )
    clicks = reported.get("last_object_clicked_count") or 0
    if clicks == session().map_clicks[key]:
        return
    session().map_clicks[key] = clicks
    clicked = ((reported.get("last_active_drawing") or {}).get("properties") or {}).get("id")
    if isinstance(clicked, list) and isinstance(clicked[1], list):
        state.set_view(spot=GridCells(float(clicked[0]), tuple(int(number) for number in clicked[1])), incident=None)
    elif isinstance(clicked, list):
        found = loaded.at([int(clicked[1])])
        if len(found):
            state.set_view(spot=folium_map.clicked_area(clicked, found.iloc[0]), incident=None)
    elif isinstance(clicked, int):
        found = loaded.at([clicked])
        if len(found):
            state.set_view(incident=found["incident_id"].iloc[0], spot=None)


def _panel(loaded: Loaded, chosen: Filters) -> None:
    now = state.view()
    if now.incident and (one := loaded.find(now.incident)) is not None:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(_("Back"), on_click=_back, key="back", type="tertiary", icon=":material/arrow_back:")
            if one["x"] == one["x"]:
                label = _("Zoom to its place")
                st.button(label, on_click=_zoom, args=(one,), key="zoom", type="tertiary", icon=":material/my_location:")
            st.page_link("pages/incidents.py", label=_("Open its page"))
        with st.container(height=folium_map.HEIGHT_PX - 20, border=False, key="card"):
            if not paging.holds(visible(loaded, chosen), int(one["row"])):
                st.html(f"<p class='atlas-note'>{_('The current filter leaves this incident out.')}</p>")
            st.html(card(one, loaded))
        return
    if session().playing:
        st.html(f"<p class='atlas-note'>{_('Pause to list the incidents.')}</p>")
        return
    if now.spot:
        st.button(_("All in view"), on_click=_back, key="back", type="tertiary", icon=":material/arrow_back:")
    if not result(summary.headline, loaded, chosen).incidents and not state.window():
        return
    page = session().page_numbers.get("list", 1)
    n, page, found = _list(loaded, chosen, page)
    # A narrow screen shows the list of a mark that was touched, not of all that is in view: Incidents is the page for that.
    with st.container(key="spot-list" if now.spot else "view-list"):
        _listed(found, n, _where(now.spot) if now.spot else _("in view"), page, BACK_PX if now.spot else 0)


def _list(loaded: Loaded, chosen: Filters, page: int) -> tuple[int, int, pd.DataFrame]:
    """How many incidents are listed, the page of the list that there is, and the incidents on it."""
    now, window = state.view(), window_prepared(loaded)
    box = None if now.spot or _all_in(now.box(), _ends(loaded)) else now.box()
    if window and not now.spot and page == 1:
        n, found = newest_in(loaded, window, box)
        return n, 1, found
    shown = visible(loaded, chosen)
    listed = _in_spot(shown, now.spot) if now.spot else shown if box else placed(shown)
    if now.spot or (box and not window):
        n = paging.count(listed, box)
    else:
        # All that has a place is in view, or the windows are counted already.
        n = counted_in(loaded, window, box) if box else result(summary.headline, loaded, chosen).placed
    page = min(page, max(1, math.ceil(n / LISTED)))
    return n, page, loaded.at(paging.newest(listed, LISTED, page, box) if n else [])


def _all_in(box: tuple, ends: tuple) -> bool:
    south, west, north, east = ends
    return box[0] <= south and box[1] <= west and north <= box[2] and east <= box[3]


def _listed(found: pd.DataFrame, n: int, where: str, page: int, above: int) -> None:
    """above: pixels of the panel that something else takes, so that the list and its pages end with the map."""
    if not n:
        st.html(f"<p class='atlas-note'>{_('No incident {where}.').format(where=where)}</p>")
        return
    pages = max(1, math.ceil(n / LISTED))
    st.html(
        f"<p class='atlas-note'>{_('{incidents} {where}, newest first. Select one to see its sources.').format(incidents=counted_incidents(n), where=where)}</p>"
    )
    incident_rows(f"view-{page}", found, folium_map.HEIGHT_PX - 24 * (1 + (pages > 1)) - above)
    if pages > 1:
        pager("list", pages, page, most_shown=5)


def _in_spot(shown: Any, spot: GridCells | Area) -> Any:
    return in_area(shown, spot) if isinstance(spot, Area) else in_cells(shown, *spot)


def _where(spot: GridCells | Area) -> str:
    """Where the listed incidents are, harmless."""
    if not isinstance(spot, Area):
        return _("here")
    return (_("known only to {place}") if spot.precision else _("in {place}")).format(place=safe_text(spot.name(), 80))


def _back() -> None:
    now = state.view()
    state.set_view(incident=None, spot=now.spot if now.incident else None)


def _zoom(one: pd.Series) -> None:
    before = state.view().focus
    turn = before[3] + 1 if before else 1
    near = folium_map.NEAR_ZOOM[one["geo_precision"]]
    state.set_view(fitted=None, focus=(float(one["latitude"]), float(one["longitude"]), near, turn))


def _reconcile(loaded: Loaded, chosen: Filters) -> None:
    """How many of the counted incidents the map shows; those that it cannot show open as a list."""
    head = result(summary.headline, loaded, chosen)
    if not head.incidents:
        return
    text = _("{placed:,} of {incidents:,} shown").format(placed=head.placed, incidents=head.incidents)
    if not head.unplaced:
        st.html(f"<p class='atlas-note'>{text}.</p>")
        return
    label = ngettext(
        "{text}; {unplaced:,} has no known location", "{text}; {unplaced:,} have no known location", head.unplaced
    ).format(text=text, unplaced=head.unplaced)
    menu = st.popover(label, type="tertiary", key="lost", on_change="rerun")
    # Only an open list is made and sent: most readers never open it.
    if menu.open:
        with menu:
            rows = paging.newest(unplaced(visible(loaded, chosen)), MOST_LOST)
            if head.unplaced > MOST_LOST:
                st.html(
                    f"<p class='atlas-note'>{_('The newest {most_lost:,}; all of them are in the export.').format(most_lost=MOST_LOST)}</p>"
                )
            incident_rows("lost", loaded.at(rows), min(80 * len(rows), folium_map.HEIGHT_PX))


def _abroad(loaded: Loaded, chosen: Filters) -> None:
    """How many of the shown incidents lie outside the part of the map that is shown first."""
    if not _extent(loaded):
        return
    country = (*folium_map.COUNTRY[0], *folium_map.COUNTRY[1])
    window = window_prepared(loaded)
    near = counted_in(loaded, window, country) if window else paging.count(visible(loaded, chosen), country)
    if far := result(summary.headline, loaded, chosen).placed - near:
        st.html(
            f"<p class='atlas-note'>{_('{incidents} outside this part of the map. “All incidents” on the map shows them.').format(incidents=counted_incidents(far))}</p>"
        )


def map_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("Map"), "app.py")
        if show := state.view().show:
            alone(show, loaded, playback.shown_filters(), _small_maps_alone if state.view().grid else _map_alone)
            give_back()
            return
        filters_last = _map_first(loaded)
        if not filters_last:
            sidebar(loaded)
        _page(loaded)
        if filters_last:
            sidebar(loaded)
        session().filters_drawn = True
        give_back()


def _map_first(loaded: Loaded) -> bool:
    """Whether the map is sent before the charts and filters: in the first run of a session, because its frame takes longest to load.

    Not where a database answers: it may stop the rest of the page, and then another filter is the cure.
    """
    return not session().filters_drawn and isinstance(loaded.incidents, pd.DataFrame)


def _page(loaded: Loaded) -> None:
    """Everything but the filters."""
    playback.prepare_windows(loaded)
    chosen = playback.shown_filters()
    if window := window_prepared(loaded):
        keep_figures(loaded, chosen, window)
    prefetch(loaded, chosen, planned_questions(loaded))
    pictures = playback.moving(_moving, loaded)
    # The other charts stand still while the window moves, and would show another one.
    if pictures and len(pictures[0].data) and not session().playing:
        bars(loaded, chosen, pictures[1])


def _moving(loaded: Loaded) -> tuple[Picture, Picture, str] | None:
    """What follows the dates at once: figures, map, list and timeline."""
    chosen = playback.shown_filters()
    if window := window_prepared(loaded):
        keep_figures(loaded, chosen, window)
    head = headline(loaded, chosen)
    # In a place of their own: they come and go, and a map that is moved on the page is built anew.
    with st.container():
        if not state.window():
            examples(loaded)
        if not head.incidents and chosen and not state.window():
            nothing_found(loaded, chosen)
    if not session().playing:
        colour_switch(loaded)
    small_maps(loaded, chosen) if state.view().grid else map_view(loaded, chosen)
    if _map_first(loaded) and not state.view().grid:
        time.sleep(MAP_FIRST_SECONDS)
    pictures = time_pictures(loaded, chosen)
    # Where only the dates are empty the charts show when there were incidents; else they would be milestones over nothing.
    if pictures and (len(pictures[0].data) or head.incidents or state.window()):
        playback.controls(loaded)
    if pictures and len(pictures[0].data):
        timeline(loaded, chosen, playback.marked(pictures[0]), pictures[2])
    elif not pictures:
        st.info(_("The record has no incidents."))
    return pictures
