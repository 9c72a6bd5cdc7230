"""What a session sees: its filter and its view, kept in the session and in the URL, on every page.

The session holds the truth. A URL that this session did not write itself (a link that was opened, an edited address) is
read into it; what the reader does is written back. Widgets are filled from it and report to it, so that a page change,
which makes Streamlit forget widgets, loses nothing.
"""

from __future__ import annotations

import re
import time
from collections import deque
from dataclasses import dataclass, replace
from urllib.parse import urlencode, urlsplit

import pandas as pd
import streamlit as st

from incident_atlas.dataset.filters import PARAMETERS, Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.maps.folium_map import COUNTRY_VIEW, HEIGHT_PX, MAX_ZOOM, MIN_ZOOM, NEAR_ZOOM

STALE_SECONDS = 2.0
"""How long after a change the browser may still send the address from before it."""

VIEW_PARAMETERS = ("incident", "lat", "lon", "zoom", "heat", "colour")

OWN_PARAMETERS = {
    "pages/compare.py": ("first", "second", "each", "source", "map", "calendar"),
    "pages/nearby.py": ("site", "place", "at", "km"),
    "pages/claims.py": ("claim",),
}
"""What a page asks in its address beside the filter. Such a page shows no shared view, so its address holds none: where
the map of another page was would tell a reader of the link where she looks."""

WITHOUT_FILTER = ("pages/claims.py",)
"""Pages that no filter changes: theirs is in no address, and an address leaves the session's as it is."""


@dataclass(frozen=True)
class View:
    """Where the map is and what is open: degrees, zoom, bounds (south, west, north, east) once the browser has told them.

    home: the country as a whole, fitted to the reader's screen. spot: zoom and numbers of the cell that is listed.
    focus: where the map is to go: latitude, longitude, zoom, and a number that is new each time. heat: its layer is on.
    by_origin: colours stand for data sets.
    """

    latitude: float = COUNTRY_VIEW[0]
    longitude: float = COUNTRY_VIEW[1]
    zoom: float = COUNTRY_VIEW[2]
    home: bool = True
    bounds: tuple[float, float, float, float] | None = None
    incident: str | None = None
    spot: tuple[float, tuple[int, ...]] | None = None
    focus: tuple[float, float, float, int] | None = None
    heat: bool = False
    by_origin: bool = False

    def box(self) -> tuple[float, float, float, float]:
        """What the map shows: south, west, north, east as the browser said, or about that before it has."""
        if self.bounds:
            return self.bounds
        # For a map of 900 by HEIGHT_PX pixels; at 34 degrees north a pixel spans 0.83 times as much latitude as longitude.
        degrees = 360 / (256 * 2**self.zoom)
        high, wide = HEIGHT_PX / 2 * degrees * 0.83, 450 * degrees
        return self.latitude - high, self.longitude - wide, self.latitude + high, self.longitude + wide

    def to_query(self) -> dict[str, list[str]]:
        """The view as URL parameters, without those that are as they begin."""
        query = {"incident": [self.incident]} if self.incident else {}
        if not self.home:
            query |= {"lat": [f"{self.latitude:.4f}"], "lon": [f"{self.longitude:.4f}"], "zoom": [f"{self.zoom:g}"]}
        return query | ({"heat": ["1"]} if self.heat else {}) | ({"colour": ["origin"]} if self.by_origin else {})


def filters() -> Filters:
    """The session's filter."""
    return st.session_state["filters"]


def view() -> View:
    """The session's view."""
    return st.session_state["view"]


def set_filters(new: Filters) -> None:
    """Another filter for this session; called by widgets' callbacks, before the page runs."""
    st.session_state["filters"] = new
    st.session_state["ignored"] = []
    st.session_state["list_page"] = st.session_state["table_page"] = 1


def set_view(**changes) -> None:
    """Some of the session's view, changed."""
    before = view()
    st.session_state["view"] = now = replace(before, **changes)
    if (now.bounds, now.spot) != (before.bounds, before.spot):
        st.session_state["list_page"] = 1


def asked() -> dict[str, list[str]]:
    """What this page was asked beside the filter: its own parameters, as they stand in the address."""
    return st.session_state["asked"].setdefault(st.session_state["page"], {})


def ask(**values: str | list[str] | None) -> None:
    """Some of what this page is asked, changed; None or an empty text takes it out of the address."""
    now = asked()
    for name, value in values.items():
        now.pop(name, None)
        if value:
            now[name] = [value] if isinstance(value, str) else list(value)


def refuse(*names: str) -> None:
    """Take parameters that this page cannot use out of the address, and say so as `frame.notes` does."""
    told = [f"{name}={value}" for name in names for value in asked().get(name, [])]
    ask(**dict.fromkeys(names))
    st.session_state["ignored"] = [*st.session_state.get("ignored", []), *told]
    if told:
        write_url()


def list_page() -> int:
    """Which page of the list beside the map is open, from 1."""
    return st.session_state.get("list_page", 1)


def open_incident(one: pd.Series | None) -> None:
    """Open an incident and put the map where it is; None closes what is open."""
    if one is None:
        set_view(incident=None)
        return
    here = {}
    if one["x"] == one["x"]:
        here = {"latitude": float(one["latitude"]), "longitude": float(one["longitude"]), "home": False, "bounds": None}
        here |= {"zoom": NEAR_ZOOM[one["geo_precision"]], "spot": None}
    set_view(incident=one["incident_id"], **here)


def incident_link(incident_id: str) -> str:
    """The address of one incident's page, whatever the reader's filter and view are."""
    return _address({"incident": [incident_id]})


def front_link() -> str:
    """The address of the dashboard, without filter and view: the closer they are, the more they tell."""
    return _address({})


def claim_link(claim_id: str) -> str:
    """The address of one claim alone, whatever the reader's filter is."""
    return _address({"claim": [claim_id]})


def open_picked(key: str, ids: list[str], loaded: Loaded | None = None) -> None:
    """Open the incident of the row that was chosen in the table of that key; `ids` are those of its rows.

    With `loaded` the map goes there too; beside the map itself it stays where the reader left it.
    """
    selection = st.session_state[key]["selection"]
    # A click in the row means the row; the first column is where the keyboard enters and only walks.
    rows = selection["rows"] or [row for row, column in selection.get("cells", ()) if column != "Date"]
    if rows and rows[0] < len(ids):
        chosen = ids[rows[0]]
        open_incident(loaded.find(chosen)) if loaded else set_view(incident=chosen)
        # A selection cannot be taken back from here: a table of a new key forgets it.
        st.session_state["picked"] = st.session_state.get("picked", 0) + 1


def open_state(loaded: Loaded, page: str) -> None:
    """Bring the session's state up to date with the URL, at the beginning of every run of a page."""
    query = {name: st.query_params.get_all(name) for name in st.query_params}
    written = st.session_state.setdefault("written", deque(maxlen=50))
    arrived = st.session_state.get("page") != page
    first = "filters" not in st.session_state
    # A fast reader's browser may send a URL that is a few steps old. One that was never written here is a wish, and so
    # is an old one that comes when nothing has been written for a while: the browser's Back button.
    quiet = time.monotonic() - st.session_state.get("written_at", 0.0) > STALE_SECONDS
    wish = query not in written or (quiet and query != written[-1])
    if first or (wish and not (arrived and not query)):
        own = OWN_PARAMETERS.get(page, ())
        alone = page in WITHOUT_FILTER
        ignored: list[str] = []
        if first or not alone:
            st.session_state["filters"], ignored = Filters.from_query({} if alone else query, loaded.options)
        more: list[str] = []
        if first or not own:
            st.session_state["view"], more = _view(query, loaded)
        st.session_state.setdefault("asked", {})[page] = {name: query[name] for name in own if name in query}
        known = (*(() if alone else PARAMETERS), *(own or VIEW_PARAMETERS))
        strange = [f"{name}={value}" for name in query for value in query[name] if name not in known]
        st.session_state["ignored"] = ignored + more + strange
        arrived = True
    opened = view().incident
    if opened and loaded.find(opened) is None:
        # The file was changed while the page was open.
        set_view(incident=None)
        st.session_state["ignored"] = [*st.session_state["ignored"], f"incident={opened}"]
    if st.session_state.get("record") != loaded.serial:
        # So were terms of the filter, or the files that a reader brought; the cells of the map are others.
        st.session_state["record"] = loaded.serial
        st.session_state["filters"], gone = Filters.from_query(filters().to_query(), loaded.options)
        st.session_state["ignored"] = [*st.session_state["ignored"], *gone]
        set_view(spot=None)
    if view().by_origin and len(loaded.options.get("origin", ())) < 2:
        set_view(by_origin=False)
    if arrived:
        st.session_state["page"] = page
        st.session_state.setdefault("asked", {})
        st.session_state["visit"] = st.session_state.get("visit", 0) + 1
    write_url()


def write_url() -> None:
    """The session's filter, and its view or what the page is asked, as the URL, when it does not say so already."""
    wanted = _wanted()
    written = st.session_state["written"]
    if not written or written[-1] != wanted:
        written.append(wanted)
        st.session_state["written_at"] = time.monotonic()
    if {name: st.query_params.get_all(name) for name in st.query_params} != wanted:
        st.query_params.from_dict(wanted)


def link(*without: str) -> str:
    """The address of exactly this view, or of it without these parameters."""
    return _address({name: values for name, values in _wanted().items() if name not in without})


def _wanted() -> dict[str, list[str]]:
    page = st.session_state["page"]
    if page in WITHOUT_FILTER:
        return dict(asked())
    here = view().to_query() if page not in OWN_PARAMETERS else asked()
    # A page with periods of its own has no use for the dates of another; they wait in the session.
    chosen = filters().without("since", "until") if page == "pages/compare.py" else filters()
    return chosen.to_query() | here


def _address(query: dict[str, list[str]]) -> str:
    parts = urlsplit(st.context.url or "")
    asked = urlencode(query, doseq=True)
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}{'?' if asked else ''}{asked}"


def _view(query: dict[str, list[str]], loaded: Loaded) -> tuple[View, list[str]]:
    ignored: list[str] = []
    seen = View()
    numbers = {name: _number(query.get(name, [""])[-1]) for name in ("lat", "lon", "zoom")}
    limits = {"lat": (-85, 85), "lon": (-180, 180), "zoom": (MIN_ZOOM, MAX_ZOOM)}
    bad = [name for name, value in numbers.items() if value is not None and not limits[name][0] <= value <= limits[name][1]]
    bad += [name for name in numbers if query.get(name) and numbers[name] is None]
    ignored += [f"{name}={query[name][-1]}" for name in bad]
    if not bad and any(value is not None for value in numbers.values()):
        seen = View(
            home=False,
            latitude=seen.latitude if numbers["lat"] is None else numbers["lat"],
            longitude=seen.longitude if numbers["lon"] is None else numbers["lon"],
            zoom=seen.zoom if numbers["zoom"] is None else numbers["zoom"],
        )
    if heat := query.get("heat", [""])[-1]:
        seen = replace(seen, heat=heat == "1")
        ignored += [] if seen.heat else [f"heat={heat}"]
    if colour := query.get("colour", [""])[-1]:
        seen = replace(seen, by_origin=colour == "origin" and len(loaded.options.get("origin", ())) > 1)
        ignored += [] if seen.by_origin else [f"colour={colour}"]
    wanted = query.get("incident", [""])[-1]
    if wanted:
        found = loaded.find(wanted)
        if found is None:
            ignored.append(f"incident={wanted}")
        else:
            placed = found["x"] == found["x"] and not query.get("lat")
            zoom = seen.zoom if query.get("zoom") and not bad else NEAR_ZOOM.get(found["geo_precision"], seen.zoom)
            here = (
                {"latitude": float(found["latitude"]), "longitude": float(found["longitude"]), "zoom": zoom, "home": False}
                if placed
                else {}
            )
            seen = replace(seen, incident=wanted, **here)
    return seen, ignored


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,3}(\.\d{1,10})?", text) else None
