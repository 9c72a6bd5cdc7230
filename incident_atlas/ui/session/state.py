"""The state of one visitor's session: one typed object, kept in Streamlit's session under one key.

Beside it Streamlit keeps the values of widgets under their keys ("w:..."). Those are filled from this object before a widget is
drawn and copied back when it changes, so that a page change, which makes Streamlit forget widgets, loses nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.dataset.areas import Area
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.time_windows import TimeWindow
from incident_atlas.importers.mapping import Mapping
from incident_atlas.maps.clusters import GridCells
from incident_atlas.maps.folium_map import COUNTRY_VIEW, HEIGHT_PX, NEAR_ZOOM
from incident_atlas.ui.session.uploads import File, Uploads

Query = dict[str, list[str]]
"""The parameters of an address."""


ORDERS = ("newest", "killed", "wounded")
"""Orders of the table of Incidents."""
SHOWN_ALONE = ("map", "timeline", "figures")
"""Elements of the Map page that a link can show alone, for a frame on another page."""


@dataclass(frozen=True)
class View:
    """Where the map is and what is open: degrees, zoom, bounds (south, west, north, east) once the browser has told them.

    home: the country as a whole, fitted to the reader's screen. spot: the mark or area whose incidents are listed.
    focus: where the map is to go: latitude, longitude, zoom, and a number that is new each time. fitted: the box of the chosen place
    that the map was moved to, None once the reader has moved it; fitted_zoom: the zoom that came of it, once known. heat: its layer is on.
    by_origin: colours stand for data sets. measure: what the time charts count, one of `victims.MEASURES`.
    show: the one element of the Map page that stands alone, one of `SHOWN_ALONE`, '' for the whole page. grid: what there is a small
    map for, one of `panels.BY`, '' for one map. order: of the table of Incidents, one of `ORDERS`.
    window: the part of the filter's dates that one map and the page show, None for all of them.
    """

    latitude: float = COUNTRY_VIEW[0]
    longitude: float = COUNTRY_VIEW[1]
    zoom: float = COUNTRY_VIEW[2]
    home: bool = True
    bounds: tuple[float, float, float, float] | None = None
    incident: str | None = None
    spot: GridCells | Area | None = None
    focus: tuple[float, float, float, int] | None = None
    fitted: tuple[float, float, float, float] | None = None
    fitted_zoom: float | None = None
    heat: bool = False
    by_origin: bool = False
    measure: str = "incidents"
    show: str = ""
    grid: str = ""
    order: str = ORDERS[0]
    window: TimeWindow | None = None

    def box(self) -> tuple[float, float, float, float]:
        """What the map shows: south, west, north, east as the browser said, or about that before it has."""
        if self.bounds:
            return self.bounds
        # For a map of 900 by HEIGHT_PX pixels; at 34 degrees north a pixel spans 0.83 times as much latitude as longitude.
        degrees = 360 / (256 * 2**self.zoom)
        high, wide = HEIGHT_PX / 2 * degrees * 0.83, 450 * degrees
        return self.latitude - high, self.longitude - wide, self.latitude + high, self.longitude + wide

    def to_query(self) -> Query:
        """The view as URL parameters, without those that are as they begin."""
        query = {"incident": [self.incident]} if self.incident else {}
        # Where the filter put the map, a link with that filter puts it again.
        if not self.home and self.fitted is None:
            query |= {"lat": [f"{self.latitude:.4f}"], "lon": [f"{self.longitude:.4f}"], "zoom": [f"{self.zoom:g}"]}
        query |= {"show": [self.show]} if self.show else {}
        query |= {"grid": [self.grid]} if self.grid else {}
        query |= self.window.to_query() if self.window and not self.grid else {}
        query |= {"measure": [self.measure]} if self.measure != "incidents" else {}
        query |= {"order": [self.order]} if self.order != ORDERS[0] else {}
        return query | ({"heat": ["1"]} if self.heat else {}) | ({"colour": ["origin"]} if self.by_origin else {})


@dataclass(eq=False)
class Session:
    """Everything that one visitor's session holds.

    page: the script of the open page. visit: a number that is new with every visit of a page, for the keys of maps. record:
    serial of the record that the filter was checked against. parameters: by page, what its address asks beside the filter.
    ignored: what of the address could not be used, as 'name=value'. written: the parameters that the address last said.
    made_on: the first digits of the sha256 of the data that the link was made on, '' when it names none.
    replaced: what it said before, and when that was replaced, until a run comes with what it says now. chosen, moved: since the
    last run something was chosen on the page, or its map told where it is. filters_drawn: the Map page has drawn them in this
    session. playing: the window moves by itself; the address says where it stands once it does not. pausing: it no longer does
    with the next run of the whole page. play_length, play_grows: the window that Play begins with.

    page_numbers: the open page of each paged list, from 1. widget_versions: see `widget_key`. shown: by name of a widget of the
    filter, what it was last given to show. brushed: the dates that the brush
    of the timeline chose. perpetrators_by_year, years_by_actor: how the charts of the Map page are split. section: the open part of
    Your data. map_starts, map_clicks: by key of a map, the view that it began with and the clicks that were handled.
    map_place: the cities and provinces that the map was last moved for.
    confirmed: hashes of the files that the reader says she may pass on. messages: by menu, what was wrong with a file that was
    loaded there. postponed, pair_at: pairs put off, and the one that is shown. accepted_together: ids of the pairs that were accepted
    with one click. place_at, place_clicked: the incident to be
    placed, and the point that was clicked for it. cache: values computed for this session alone.
    """

    filters: Filters = field(default_factory=Filters)
    view: View = field(default_factory=View)
    page: str = ""
    visit: int = 0
    record: int | None = None
    parameters: dict[str, Query] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)
    written: Query = field(default_factory=dict)
    replaced: list[tuple[Query, float]] = field(default_factory=list)
    chosen: bool = False
    moved: bool = False
    filters_drawn: bool = False
    playing: bool = False
    pausing: bool = False
    play_length: str = "month"
    play_grows: bool = False
    made_on: str = ""
    page_numbers: dict[str, int] = field(default_factory=dict)
    widget_versions: Counter[str] = field(default_factory=Counter)
    shown: dict[str, Any] = field(default_factory=dict)
    brushed: tuple[date | None, date | None] | None = None
    perpetrators_by_year: bool = False
    years_by_actor: bool = False
    section: str = "quality"
    map_starts: dict[str, tuple[float, ...] | None] = field(default_factory=dict)
    map_place: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    map_clicks: Counter[str] = field(default_factory=Counter)
    uploads: Uploads = field(default_factory=Uploads)
    confirmed: frozenset[str] = frozenset()
    messages: dict[str, list[str]] = field(default_factory=dict)
    postponed: list[tuple[str, str]] = field(default_factory=list)
    accepted_together: tuple[tuple[str, str], ...] = ()
    pair_at: int = 0
    place_at: int = 0
    place_clicked: tuple[str, tuple[float, float]] | None = None
    cache: Cache = field(default_factory=Cache)

    def widget_key(self, name: str) -> str:
        """The key of a widget whose choice cannot be set from Python: `renew_widget` gives another key, which forgets the choice."""
        return f"{name}-{self.widget_versions[name]}"

    def is_current(self, name: str, key: str) -> bool:
        """Whether the widget of this name has this key; what one of another key tells, the browser sent before it drew this one."""
        return key == self.widget_key(name)

    def renew_widget(self, name: str) -> None:
        """Let the widget of this name begin anew with the next run."""
        self.widget_versions[name] += 1


def session() -> Session:
    """The session of the visitor whose page is run."""
    if "session" not in st.session_state:
        st.session_state["session"] = Session()
    return st.session_state["session"]


def uploads() -> Uploads:
    """The files of this session."""
    return session().uploads


def has_uploads() -> bool:
    """Whether the dashboard shows files of this session, which no link can take along."""
    return uploads().shown()


def filters() -> Filters:
    """The session's filter."""
    return session().filters


def view() -> View:
    """The session's view."""
    return session().view


def window() -> TimeWindow | None:
    """The window of time that is shown; none while there are small maps, which have dates of their own."""
    return None if view().grid else view().window


def set_filters(new: Filters) -> None:
    """Another filter for this session; called by widgets' callbacks, before the page runs."""
    current = session()
    if (current.filters.since, current.filters.until) != (new.since, new.until):
        # Other dates are another range to go through.
        current.view, current.playing = replace(current.view, window=None), False
    current.filters, current.ignored, current.chosen = new, [], True
    current.page_numbers.clear()


def set_view(**changes) -> None:
    """Some of the session's view, changed by the reader or by the page."""
    session().chosen = True
    _change_view(**changes)


def show_window(window: TimeWindow | None) -> None:
    """Another part of the filter's dates, without the reader having chosen anything."""
    current = session()
    current.view = replace(current.view, window=window)
    current.page_numbers.pop("list", None)


def move_map(**changes) -> None:
    """The view as the map tells it."""
    session().moved = True
    _change_view(**changes)


def _change_view(**changes) -> None:
    current = session()
    before, current.view = current.view, replace(current.view, **changes)
    if (current.view.bounds, current.view.spot) != (before.bounds, before.spot):
        current.page_numbers.pop("list", None)


def set_widget(key: str, value: Any) -> None:
    """Let the widget of that key show a value; called before it is drawn.

    What it shows already is not set again: Streamlit then sends the value to the browser, and takes back what is being chosen there.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def showing_key(name: str, value: Any) -> str:
    """The key of a widget that shows this value: a new one where the widget on the page shows something else.

    A browser that has not yet drawn what a chart, another widget or its own Back did sends, with the reader's next change, what its
    widgets showed before; `is_current` tells that from her choice.
    """
    current, name = session(), f"w:{name}"
    key = current.widget_key(name)
    # After Back Streamlit has forgotten what the widget shows.
    if st.session_state.get(key, current.shown.get(name, value)) != value:
        current.renew_widget(name)
        key = current.widget_key(name)
    set_widget(key, value)
    current.shown[name] = value
    return key


def reset() -> None:
    """Forget filter and view after another file, or another mixture of records: they belonged to another record."""
    set_filters(Filters())
    session().view, session().playing = View(), False
    session().map_place = ((), ())
    session().visit += 1


def read_again(file: File, settings: Mapping) -> None:
    """Read a file of this session with other settings."""
    uploads().read_with(file, settings)
    reset()


def parameters() -> Query:
    """What this page was asked beside the filter: its own parameters, as they stand in the address."""
    return session().parameters.setdefault(session().page, {})


def set_parameters(**values: str | list[str] | None) -> None:
    """Some of what this page is asked, changed; None or an empty text takes it out of the address."""
    query = parameters()
    session().chosen = True
    session().page_numbers.pop("around", None)
    for name, value in values.items():
        query.pop(name, None)
        if value:
            query[name] = [value] if isinstance(value, str) else list(value)


def open_incident(incident: pd.Series | None) -> None:
    """Open an incident and put the map where it is; None closes what is open."""
    if incident is None:
        set_view(incident=None)
        return
    place = {}
    if incident["x"] == incident["x"]:
        place = {"latitude": float(incident["latitude"]), "longitude": float(incident["longitude"]), "home": False}
        place |= {"fitted": None, "bounds": None, "zoom": NEAR_ZOOM[incident["geo_precision"]], "spot": None}
    set_view(incident=incident["incident_id"], **place)
