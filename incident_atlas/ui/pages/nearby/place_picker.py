"""Which point a reader asks about, and how far around it: chosen, typed, pasted, clicked, or told by the address.

A site and a place of the gazetteer stand in the address. Coordinates say where somebody is: they stay in the session, and
reach the address only by the reader's own switch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import streamlit as st

from incident_atlas.core.text import as_label, counted, safe_text
from incident_atlas.geo import sites
from incident_atlas.geo.coordinates import (
    BAD_RADIUS,
    DEFAULT_KM,
    EXAMPLE,
    UNREADABLE,
    distance,
    meant_as_point,
    parse_km,
    parse_point,
    written,
)
from incident_atlas.geo.sites import Spot
from incident_atlas.i18n import _
from incident_atlas.ui.parts.page import reject_parameters
from incident_atlas.ui.parts.switch import toggle
from incident_atlas.ui.session import state, url_state

STEPS_KM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0)
YOURS = _("your point")
UNNAMED = _("a point that is not named")
NOT_FOUND = _(
    "No place of that name is known offline. Try another spelling, add its province after a comma, or paste coordinates such as {example}."
).format(example=EXAMPLE)
SEVERAL = _("Several places have that name. Choose one:")
NO_POINT = _("No open source gives a point for {}, so nothing can be counted around it.")
TOO_WIDE = _("{} is too wide for a radius: name a town, a neighbourhood or a landmark in it.")
_WAYS = ("site", "place", "at")
FAR_ZOOM, FAR_KM = 9, 10.0
"""A click on a map of less than this zoom means a region, and its pixels are kilometres: it asks no less far around it."""


@dataclass(frozen=True)
class PlaceQuery:
    """What is asked: a spot (None when none is chosen yet) and a radius. private: its coordinates are in no link.

    trouble: why what the address asks has no answer, in sentences of our own; then there is no spot.
    """

    spot: Spot | None
    km: float
    private: bool = False
    trouble: tuple[str, ...] = ()

    def name(self, for_others: bool = False) -> str:
        """What the point is called, on the page or in what leaves it: a private point has no coordinates there."""
        if self.private:
            return UNNAMED if for_others else YOURS
        return self.spot.called()


def question() -> PlaceQuery:
    """The widgets, and what they and the address ask."""
    query = _from_address()
    left, middle, right = st.columns([4, 4, 3], gap="medium")
    with left:
        _site(query)
    with middle:
        _where(query)
    with right:
        _radius(query)
    if query.spot and not query.spot.key:
        _link(query)
    return query


def choose_point(latitude: float, longitude: float, zoom: float | None = None) -> None:
    """Ask about these coordinates; nothing of them goes into the address. zoom: of the map that was clicked."""
    if zoom is not None and zoom < FAR_ZOOM and (_asked_km() or 0) < FAR_KM:
        state.set_parameters(km=f"{FAR_KM:g}")
    # Four decimals, 11 metres: as much as a link would hold, should the reader put the point into it.
    _choose(point=(round(latitude, 4), round(longitude, 4)))


def look_at(place_id: str, km: float) -> None:
    """Ask about a place of the gazetteer and that far around it. A private point stays in the session, for the way back."""
    st.session_state.pop("address_trouble", None)
    state.set_parameters(**dict.fromkeys(_WAYS) | {"place": place_id}, km=f"{km:g}")


def _asked_km() -> float | None:
    """The radius in the address, the usual one without; None when it is no radius."""
    query = state.parameters()
    return parse_km(query["km"][-1]) if "km" in query else DEFAULT_KM


def _choose(point: tuple[float, float] | None = None, trouble: tuple[str, str] | None = None, **named: str) -> None:
    """Another point, and forget the last one. trouble: what was typed, and why it is none."""
    km = state.parameters().get("km", [f"{DEFAULT_KM:g}"])
    # The radius too, so that the link asks the same whatever radius a later version begins with.
    state.set_parameters(**{way: named.get(way) for way in _WAYS}, km=km if point or any(named.values()) else None)
    st.session_state["point"] = point
    st.session_state["point_trouble"] = trouble
    st.session_state.pop("point_candidates", None)
    st.session_state.pop("address_trouble", None)


def _from_address() -> PlaceQuery:
    """What the address asks. What of it cannot be used is taken out and told, and then nothing else is answered."""
    query, km = state.parameters(), _asked_km()
    spots = {way: _spot(way, query[way][-1]) for way in _WAYS if way in query}
    kept = next((way for way, spot in spots.items() if spot), None)
    troubles = {way: _trouble(way, query[way][-1]) for way, spot in spots.items() if spot is None}
    if km is None:
        troubles["km"] = _("The radius that the address asks for cannot be used. {bad_radius}").format(bad_radius=BAD_RADIUS)
    if beside := [way for way in spots if way not in troubles and way != kept]:
        reject_parameters(*beside)
    if troubles:
        state.set_parameters(**dict.fromkeys(troubles))
        url_state.write_url()
        st.session_state["point"] = None
        # As long as nothing else is asked: a page runs more than once for one address.
        st.session_state["address_trouble"] = dict(state.parameters()), tuple(troubles.values())
    known, trouble = st.session_state.get("address_trouble", ({}, ()))
    if trouble and known == state.parameters():
        return PlaceQuery(None, km or DEFAULT_KM, trouble=trouble)
    spot, private = spots.get(kept) if kept else None, False
    if kept == "at":
        st.session_state["point"] = spot.latitude, spot.longitude
    elif spot is None and (point := st.session_state.get("point")):
        spot, private = Spot("", written(*point), *point), True
    return PlaceQuery(spot, km or DEFAULT_KM, private)


def _trouble(way: str, text: str) -> str:
    """Why this in the address is no point. The text itself is not repeated: it is anybody's."""
    if way == "at":
        return _("The point that the address asks about cannot be used. {unreadable}").format(unreadable=UNREADABLE)
    if way == "site":
        name = sites.without_point(text)
        return NO_POINT.format(name) if name else _("The address asks about a site that is not in the list of sites.")
    found = sites.place(text)
    return TOO_WIDE.format(found.name) if found else _("The address asks about a place that is not in the gazetteer.")


def _spot(way: str, text: str) -> Spot | None:
    if way == "at":
        point = parse_point(text)
        return Spot("", written(*point), *point) if point else None
    found = sites.located().get(text) if way == "site" else sites.place(text)
    return None if found is None or sites.too_wide(found) else found


def _site(query: PlaceQuery) -> None:
    known = sites.located()
    state.set_widget("w:site", query.spot.key if query.spot and query.spot.key in known else None)
    st.selectbox(
        _("Site"),
        list(known),
        index=None,
        key="w:site",
        on_change=lambda: _choose(site=st.session_state["w:site"]),
        format_func=lambda key: known[key].name,
        placeholder=_("choose an embassy, a mosque, an airport ..."),
    )
    many = len(sites.sites())
    st.html(
        f"<p class='atlas-note'>{_('{sites}; {many} more have no published location.').format(sites=counted(len(known), '{n} site', '{n} sites'), many=many - len(known))}</p>"
    )


def _where(query: PlaceQuery) -> None:
    typed, trouble = st.session_state.get("point_trouble") or ("", "")
    if query.spot:
        typed = "" if query.spot.key in sites.located() else query.spot.name
    state.set_widget("w:where", typed)
    placeholder = _("Shahr-e Naw, or {example}").format(example=EXAMPLE)
    st.text_input(_("Or a place, or coordinates"), key="w:where", on_change=_take_where, placeholder=placeholder, max_chars=200)
    help_text = trouble if trouble and not query.spot else _("Or click the map. Names are looked up without internet.")
    st.html(f"<p class='atlas-note' role='status'>{safe_text(help_text)}</p>")
    if not query.spot:
        _candidates()
        if trouble and re.search(r"[^\W\d]", typed):
            # What has no point may still stand in the words of an incident.
            label = _("Search the incidents for “{typed}”").format(typed=as_label(typed, 80))
            st.page_link("pages/incidents.py", label=label, query_params={"q": typed})


def _candidates() -> None:
    """A button for each place that the name may mean: none is chosen for the reader."""
    with st.container(horizontal=True, key="place-candidates"):
        for place_id in st.session_state.get("point_candidates", ()):
            spot = sites.place(place_id)
            st.button(_candidate_label(spot), key=f"candidate-{place_id}", on_click=lambda key=place_id: _choose(place=key))


def _candidate_label(spot: Spot) -> str:
    kind = f" ({spot.geo_precision})" if spot.geo_precision in ("district", "city") else ""
    return f"{spot.name}{kind}"


def _take_where() -> None:
    text = st.session_state["w:where"].strip()
    if not text:
        _choose()
    elif meant_as_point(text):
        point = parse_point(text)
        choose_point(*point) if point else _choose(trouble=(text, UNREADABLE))
    elif (site := sites.site_named(text)) and site in sites.located():
        _choose(site=site)
    elif several := [spot for spot in sites.places_named(text) if not sites.too_wide(spot)]:
        _choose(trouble=(text, SEVERAL))
        st.session_state["point_candidates"] = [spot.key for spot in several]
    elif (found := sites.place_named(text)) is None:
        _choose(trouble=(text, NO_POINT.format(sites.without_point(site)) if site else f"{NOT_FOUND} {sites.elsewhere(text)}"))
    elif sites.too_wide(found):
        _choose(trouble=(text, TOO_WIDE.format(found.name)))
    else:
        _choose(place=found.key)


def _radius(query: PlaceQuery) -> None:
    state.set_widget("w:km", query.km)
    steps = sorted({*STEPS_KM, query.km})
    st.select_slider(_("Within"), steps, key="w:km", on_change=_take_radius, format_func=distance)


def _take_radius() -> None:
    st.session_state.pop("address_trouble", None)
    state.set_parameters(km=f"{st.session_state['w:km']:.4f}".rstrip("0").rstrip("."))


def _link(query: PlaceQuery) -> None:
    """The switch that tells others the point, off unless the reader or the address says so."""
    toggle(_("Put this point into the link"), not query.private, _take_link, key="w:at")
    if query.private:
        st.html(
            f"<p class='atlas-note'>{_('Your point stays in this session: the address, the link and the citation leave it out.')}</p>"
        )


def _take_link(shared: bool) -> None:
    point = st.session_state.get("point")
    state.set_parameters(at=written(*point).replace(" ", "") if point and shared else None)
