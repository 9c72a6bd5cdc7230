"""The session's filter and view as the address of the page, and an address as filter and view.

The session holds the truth. A URL that this session did not write itself (a link that was opened, an edited address, the
browser's Back) is read into it; what the reader does is written back.
"""

from __future__ import annotations

import re
import time
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from incident_atlas.analysis.panels import BY
from incident_atlas.charts.victims import MEASURES
from incident_atlas.dataset import time_windows
from incident_atlas.dataset.citation import VERSION_DIGITS, version
from incident_atlas.dataset.filters import PARAMETERS, Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.maps.folium_map import MAX_ZOOM, MIN_ZOOM, NEAR_ZOOM
from incident_atlas.ui.session.state import ORDERS, SHOWN_ALONE, Query, View, parameters, session, set_parameters, set_view

VIEW_PARAMETERS = (
    "incident",
    "lat",
    "lon",
    "zoom",
    "heat",
    "colour",
    "measure",
    "order",
    "show",
    "grid",
    *time_windows.PARAMETERS,
)

OWN_PARAMETERS = {
    "pages/compare.py": ("first", "second", "each", "source", "map", "calendar"),
    "pages/nearby.py": ("site", "place", "at", "km"),
    "pages/claims.py": ("claim",),
}
"""What a page asks in its address beside the filter. Such a page shows no shared view, so its address holds none: where
the map of another page was would tell a reader of the link where she looks."""

VERSION = "version"
"""Of a link that is cited: the version of its data. It is read, and then left out of the address."""

PERIODS_PAGE = "pages/compare.py"
"""The page with periods of its own: the dates of the filter wait in the session while it is open."""

WITHOUT_FILTER = ("pages/claims.py",)
"""Pages that no filter changes: theirs is in no address, and an address leaves the session's as it is."""

_ON_ITS_WAY_S = 2
"""How long a run may still come with an address that was replaced: the browser was told of the new one a moment later."""


def open_page(loaded: Loaded, page: str) -> None:
    """Bring the session up to date with the address and the record, at the beginning of every run of a page."""
    current = session()
    if _browser_query() == current.written:
        current.replaced.clear()
    arrived, followed = current.page != page, False
    current.playing, current.pausing = current.playing and not current.pausing, False
    if _navigated(page):
        followed = not arrived and not _went_back()
        _read_url(loaded, page)
        arrived = True
    _check_against(loaded)
    if arrived:
        current.page = page
        current.playing = False
        current.visit += 1
        current.written = _browser_query()
        current.replaced.clear()
    # A link of a page to itself leaves the browser's address as it was. After Back the browser shows this address already, or that
    # of the next Back, which an answer to this one would replace.
    write_url(always=followed)


def reject_parameters(*names: str) -> None:
    """Take parameters that this page cannot use out of the address and note them; pages call `page.reject_parameters`, which says so."""
    rejected = [f"{name}={value}" for name in names for value in parameters().get(name, [])]
    if rejected:
        set_parameters(**dict.fromkeys(names))
        session().ignored = [*session().ignored, *rejected]
        write_url()


def write_url(always: bool = False) -> None:
    """The session's filter, and its view or what the page is asked, as the URL, when they changed since it was written, or always.

    It is not compared with the URL of this run: that may be older than what the browser shows, or newer, when Back was pressed.
    """
    current = session()
    current.chosen = current.moved = False
    if current.playing:
        # An address per step would be an entry of the browser's history per step.
        return
    before, current.written = current.written, _query()
    changed = current.written != before
    if changed:
        current.replaced.append((before, time.monotonic()))
    if changed or always:
        st.query_params.from_dict(current.written)


def menu_query(page: str) -> Query:
    """The parameters of the menu's link to a page: it opens at its own address, and so is one entry of the browser's history."""
    return {} if page in WITHOUT_FILTER else _filters_of(page).to_query() | session().parameters.get(page, {})


def link(*without: str) -> str:
    """The address of exactly this view, or of it without these parameters; without dates it is without a window of them, too."""
    without += time_windows.PARAMETERS if "from" in without else ()
    return _address({name: values for name, values in _query().items() if name not in without})


def parameter_of(field: str) -> str:
    """The URL parameter of a field of the filter."""
    return {"since": "from", "until": "to"}.get(field, field)


def incident_link(incident_id: str) -> str:
    """The address of one incident's page, whatever the reader's filter and view are."""
    return _address({"incident": [incident_id]})


def with_version(link: str, sha256: str) -> str:
    """A link that names the data it was made on, so that it can say when it is opened on other data."""
    if not sha256:
        return link
    return f"{link}{'&' if '?' in link else '?'}{VERSION}={version(sha256)}"


def panel_query(alone: Filters) -> Query:
    """The parameters of the Map page with one map under another filter, where the map is now."""
    return alone.to_query() | replace(session().view, grid="", incident=None).to_query()


def front_link() -> str:
    """The address of the dashboard, without filter and view: the closer they are, the more they tell."""
    return _address({})


def claim_link(claim_id: str) -> str:
    """The address of one claim alone, whatever the reader's filter is."""
    return _address({"claim": [claim_id]})


def _navigated(page: str) -> bool:
    """Whether the address of this run is to be read: it is a link, Back or Forward, and not an echo of an earlier run."""
    current, query = session(), _browser_query()
    if current.page == page and _went_back():
        return True
    if current.page != page:
        # A page that is opened without parameters keeps the filter and the view of the session.
        return bool(query) or not current.page
    if query == current.written or current.chosen:
        return False
    # A run may come with an address from before the last changes, which the browser had not heard of when it asked: when the map
    # tells where it is, however late, and else at once, as for two keys of the slider. Later it is a link to that address.
    return not any(
        query == address and (current.moved or time.monotonic() - at < _ON_ITS_WAY_S) for address, at in current.replaced
    )


def _went_back() -> bool:
    """Whether this run answers the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation


def _read_url(loaded: Loaded, page: str) -> None:
    """Filter, view and parameters of the page as the address says them."""
    current, query = session(), _browser_query()
    current.playing = False
    digits = query.pop(VERSION, [""])[-1]
    current.made_on = digits if re.fullmatch(f"[0-9a-f]{{{VERSION_DIGITS}}}", digits) else ""
    if page == PERIODS_PAGE and "place" in query:
        query = {name: values for name, values in query.items() if name not in ("place", "km")} | {"near": [_near(query)]}
    own = OWN_PARAMETERS.get(page)
    known = (*(own or VIEW_PARAMETERS), *(() if page in WITHOUT_FILTER else PARAMETERS))
    ignored = [f"{VERSION}={digits}"] if digits != current.made_on else []
    ignored += [f"{name}={value}" for name in query for value in query[name] if name not in known]
    # The menu's links hold the filter alone: what else a page showed stays as it was.
    if current.page == page or any(name in query for name in own or VIEW_PARAMETERS):
        if own is None:
            current.view, unusable = _view(query, loaded)
            # The map of this view has been moved for no place yet.
            current.map_place = ((), ())
            ignored = unusable + ignored
        else:
            current.parameters[page] = {name: query[name] for name in own if name in query}
    if page not in WITHOUT_FILTER:
        before = current.filters
        current.filters, unusable = Filters.from_query(query, loaded.options)
        ignored = unusable + ignored
        if page == PERIODS_PAGE and not {"from", "to"} & set(query):
            current.filters = replace(current.filters, since=before.since, until=before.until)
    current.ignored = ignored
    current.page_numbers.clear()


def _near(query: Query) -> str:
    """The question of the Nearby page about a place, as the criterion `near` of a filter."""
    return ",".join(values[-1] for name in ("place", "km") if (values := query.get(name)))


def _check_against(loaded: Loaded) -> None:
    """Drop what the record does not hold: it may have been changed, or be another, while the page was open."""
    current = session()
    if current.view.incident and loaded.find(current.view.incident) is None:
        current.ignored = [*current.ignored, f"incident={current.view.incident}"]
        set_view(incident=None)
    if current.record != loaded.serial:
        current.record = loaded.serial
        current.filters, unknown = Filters.from_query(current.filters.to_query(), loaded.options)
        current.ignored = [*current.ignored, *unknown]
        set_view(spot=None)
        if current.view.window and time_windows.from_query(_query(), *loaded.source.days())[0] is None:
            set_view(window=None)
    if current.view.by_origin and len(loaded.options.get("origin", ())) < 2:
        set_view(by_origin=False)


def _browser_query() -> Query:
    return {name: st.query_params.get_all(name) for name in st.query_params}


def _query() -> Query:
    """What the address of this page is to say."""
    current = session()
    if current.page in WITHOUT_FILTER:
        return dict(parameters())
    return _filters_of(current.page).to_query() | (parameters() if current.page in OWN_PARAMETERS else current.view.to_query())


def _filters_of(page: str) -> Filters:
    return session().filters.without("since", "until") if page == PERIODS_PAGE else session().filters


def _address(query: Query) -> str:
    parts = urlsplit(st.context.url or "")
    encoded = urlencode(query, doseq=True)
    return f"{parts.scheme}://{parts.netloc}{parts.path or '/'}{'?' if encoded else ''}{encoded}"


def _view(query: Query, loaded: Loaded) -> tuple[View, list[str]]:
    ignored: list[str] = []
    view = View()
    numbers = {name: _number(query.get(name, [""])[-1]) for name in ("lat", "lon", "zoom")}
    limits = {"lat": (-85, 85), "lon": (-180, 180), "zoom": (MIN_ZOOM, MAX_ZOOM)}
    bad = [name for name, value in numbers.items() if value is not None and not limits[name][0] <= value <= limits[name][1]]
    bad += [name for name in numbers if query.get(name) and numbers[name] is None]
    ignored += [f"{name}={query[name][-1]}" for name in bad]
    if not bad and any(value is not None for value in numbers.values()):
        view = View(
            home=False,
            latitude=view.latitude if numbers["lat"] is None else numbers["lat"],
            longitude=view.longitude if numbers["lon"] is None else numbers["lon"],
            zoom=view.zoom if numbers["zoom"] is None else numbers["zoom"],
        )
    if heat := query.get("heat", [""])[-1]:
        view = replace(view, heat=heat == "1")
        ignored += [] if view.heat else [f"heat={heat}"]
    if colour := query.get("colour", [""])[-1]:
        view = replace(view, by_origin=colour == "origin" and len(loaded.options.get("origin", ())) > 1)
        ignored += [] if view.by_origin else [f"colour={colour}"]
    if measure := query.get("measure", [""])[-1]:
        known = measure in MEASURES
        view = replace(view, measure=measure) if known else view
        ignored += [] if known else [f"measure={measure}"]
    if order := query.get("order", [""])[-1]:
        known = order in ORDERS
        view = replace(view, order=order) if known else view
        ignored += [] if known else [f"order={order}"]
    if show := query.get("show", [""])[-1]:
        view = replace(view, show=show if show in SHOWN_ALONE else "")
        ignored += [] if view.show else [f"show={show}"]
    if by := query.get("grid", [""])[-1]:
        view = replace(view, grid=by if by in BY else "")
        ignored += [] if view.grid else [f"grid={by}"]
    window, unusable = time_windows.from_query(query, *loaded.source.days())
    view = replace(view, window=window)
    ignored += unusable
    incident_id = query.get("incident", [""])[-1]
    if incident_id:
        found = loaded.find(incident_id)
        if found is None:
            ignored.append(f"incident={incident_id}")
        else:
            placed = found["x"] == found["x"] and not query.get("lat")
            zoom = view.zoom if query.get("zoom") and not bad else NEAR_ZOOM.get(found["geo_precision"], view.zoom)
            if placed:
                latitude, longitude = float(found["latitude"]), float(found["longitude"])
                view = replace(view, latitude=latitude, longitude=longitude, zoom=zoom, home=False)
            view = replace(view, incident=incident_id)
    return view, ignored


def _number(text: str) -> float | None:
    return float(text) if re.fullmatch(r"-?\d{1,3}(\.\d{1,10})?", text) else None
