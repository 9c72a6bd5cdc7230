"""The map of a point and what lies around it; a click on it asks about another point. A fragment, as on the Map page."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st
from streamlit_folium import st_folium

from incident_atlas.analysis.nearby import COLUMNS, certain, measured, possible
from incident_atlas.core.text import counted_incidents
from incident_atlas.core.vocabulary import PRECISE
from incident_atlas.dataset import paging
from incident_atlas.dataset.areas import in_area
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows
from incident_atlas.dataset.selection import on_lines
from incident_atlas.geo.distance import degrees
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map, legend
from incident_atlas.maps.clusters import PROVINCE_ZOOM, area_ranks, in_cells, map_areas, map_cells, map_marks
from incident_atlas.theme import theme
from incident_atlas.ui.pages.nearby.list import open_picked_page, table
from incident_atlas.ui.pages.nearby.place_picker import YOURS, PlaceQuery, choose_point
from incident_atlas.ui.parts.map_frame import addresses, padded, skip_link
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import visible
from incident_atlas.ui.session.state import session

LISTED = 50
_RETURNED = ("last_clicked", "last_active_drawing", "last_object_clicked_count", "bounds", "zoom")


@st.fragment
@answering()
def nearby_map(loaded: Loaded, chosen: Filters, query: PlaceQuery) -> None:
    """The circle, the incidents of the filter as on the Map page, and those of the mark that was clicked."""
    if st.session_state.pop("point_clicked", False):
        st.rerun()
    open_picked_page()
    shown = visible(loaded, chosen, columns=COLUMNS)
    if query.spot:
        # What is surely within a circle is measured incident by incident.
        shown = rows(shown)
    spot, colours = query.spot, theme(scheme())
    key = f"nearby-{session().visit}-{colours.name}"
    zoom, box = _view(key, query)
    drawn = _as_sure(shown, query, zoom)
    if spot:
        # Around a point a province's total would hide what is near.
        cells = map_cells(drawn, zoom, padded(box))
    else:
        # Before a place is chosen it is the map of the Map page: a number beside a name is that name's.
        cells = map_marks(drawn, zoom, padded(box))
    # What cannot lie in the circle is not counted beside it.
    coarse = shown[possible(shown, spot.latitude, spot.longitude, query.km, spot.key)] if spot else shown
    areas = map_areas(coarse, zoom, box) if not spot or zoom >= PROVINCE_ZOOM else None
    singles = loaded.at(cells.loc[cells["incidents"] == 1, "row"]).set_index("row")
    circle = None
    if spot:
        circle = folium_map.DrawnCircle(spot.latitude, spot.longitude, query.km, YOURS if query.private else spot.labelled())
    picked = _picked(loaded, shown, coarse, drawn)
    marks = folium_map.marks(cells, singles, colours, _selected(loaded, picked), None, circle, choosing=True, areas=areas)
    skip_link()
    st_folium(
        folium_map.base_map(None, colours, addresses()),
        key=key,
        height=folium_map.HEIGHT_PX,
        use_container_width=True,
        returned_objects=_RETURNED,
        feature_group_to_add=folium_map.Marks(marks),
        on_change=lambda: _moved_or_clicked(key, query),
    )
    far = not spot and folium_map.counts_provinces(marks)
    st.html(legend.html(marks["marks"], legend.AROUND if spot else legend.RING, far=far))
    if len(picked):
        _list(loaded, picked, query)


def _as_sure(shown: Any, query: PlaceQuery, zoom: float) -> Any:
    """The incidents as the map is to mark them: around a point only what is counted is known well, all else is imprecise, and what
    is known only to an area is no mark (`map_areas` counts it)."""
    if query.spot is None:
        return shown
    sure = certain(shown, query.spot.latitude, query.spot.longitude, query.km, query.spot.key)
    rank = shown["precision_rank"]
    marked = shown.assign(precision_rank=rank.where(sure, rank.clip(lower=len(PRECISE))))
    return marked[rank < area_ranks(zoom).start] if zoom >= PROVINCE_ZOOM else marked


def _view(key: str, query: PlaceQuery) -> tuple[float, tuple[float, float, float, float]]:
    """Zoom and bounds as the browser said them for this circle, or about what it will be fitted to. Never in the address."""
    known = st.session_state.get(f"view:{key}")
    if known and known[0] == _circle(query):
        return known[1], known[2]
    if not query.spot:
        (south, west), (north, east) = folium_map.COUNTRY
        return folium_map.COUNTRY_VIEW[2], (south, west, north, east)
    latitude, longitude, km = _circle(query)
    # At zoom 0 the equator, 40,075 km, has 256 pixels.
    wide = math.cos(math.radians(min(abs(latitude), 80)))
    high, _unused = degrees(km, latitude)
    zoom = math.log2((folium_map.HEIGHT_PX - 48) * 40_075 * wide / 256 / (2 * km))
    return min(math.floor(zoom * 2) / 2, folium_map.MAX_ZOOM), (
        latitude - high,
        longitude - 2 * high / wide,
        latitude + high,
        longitude + 2 * high / wide,
    )


def _circle(query: PlaceQuery) -> tuple[float, float, float] | None:
    return (query.spot.latitude, query.spot.longitude, query.km) if query.spot else None


def _moved_or_clicked(key: str, query: PlaceQuery) -> None:
    reported = st.session_state.get(key) or {}
    bounds, closer = reported.get("bounds"), False
    if bounds and reported.get("zoom") is not None:
        south_west, north_east = bounds["_southWest"], bounds["_northEast"]
        box = (south_west["lat"], south_west["lng"], north_east["lat"], north_east["lng"])
        before = st.session_state.get(f"view:{key}")
        closer = before is not None and before[1] != reported["zoom"]
        st.session_state[f"view:{key}"] = _circle(query), reported["zoom"], box
    # Another zoom or a click says again what was clicked before: only what is new counts.
    clicks = reported.get("last_object_clicked_count") or 0
    if clicks != st.session_state.get(f"clicks:{key}", 0):
        st.session_state[f"clicks:{key}"] = clicks
        st.session_state["nearby_picked"] = ((reported.get("last_active_drawing") or {}).get("properties") or {}).get("id")
    if closer:
        # A mark that opens by zooming is listed no more: its parts have become marks of their own.
        st.session_state["nearby_picked"] = None
    at = reported.get("last_clicked")
    if at and at != st.session_state.get(f"clicked:{key}"):
        st.session_state[f"clicked:{key}"] = at
        st.session_state["nearby_picked"] = None
        choose_point(max(-90.0, min(90.0, at["lat"])), (at["lng"] + 180) % 360 - 180, reported.get("zoom"))
        # The point belongs to the whole page, and this is a fragment of it.
        st.session_state["point_clicked"] = True


def _picked(loaded: Loaded, shown: Any, coarse: Any, drawn: Any) -> pd.DataFrame:
    """The visible incidents of the mark (of those drawn), or of the entry at the map's edge (of coarse), that was clicked last."""
    mark = st.session_state.get("nearby_picked")
    if isinstance(mark, list) and not isinstance(mark[1], list):
        found = loaded.at([int(mark[1])])
        return rows(in_area(coarse, folium_map.clicked_area(mark, found.iloc[0]))) if len(found) else rows(on_lines(shown, []))
    if isinstance(mark, list):
        return rows(in_cells(drawn, float(mark[0]), [int(number) for number in mark[1]]))
    return rows(on_lines(shown, [mark] if isinstance(mark, int) else []))


def _selected(loaded: Loaded, picked: pd.DataFrame) -> folium_map.Selected | None:
    """A single incident shows the radius within which it lies: why it is only possibly within, where that is so."""
    if len(picked) != 1:
        return None
    one = loaded.at(picked["row"]).iloc[0]
    return folium_map.Selected(int(one["row"]), float(one["latitude"]), float(one["longitude"]), str(one["geo_precision"]))


def _list(loaded: Loaded, picked: pd.DataFrame, query: PlaceQuery) -> None:
    """What the clicked mark stands for; choosing a row opens its page."""
    newest = picked.set_index("row").loc[paging.newest(picked, LISTED)].reset_index()
    more = _(", the newest {listed}").format(listed=LISTED) if len(picked) > LISTED else ""
    st.html(
        f"<p class='atlas-note'>{_('{incidents} of the mark that you clicked{more}.').format(incidents=counted_incidents(len(picked)), more=more)}</p>"
    )
    if query.spot is None:
        table(loaded, newest, "mark")
        return
    table(loaded, measured(newest, query.spot.latitude, query.spot.longitude, query.km, query.spot.key), "mark", query.private)
