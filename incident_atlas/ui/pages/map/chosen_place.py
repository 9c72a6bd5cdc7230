"""The map goes to the city or province that the filter names, and back to the country, until the reader moves it herself."""

from __future__ import annotations

import math

import shapely

from incident_atlas.analysis import summary
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.boundaries import provinces
from incident_atlas.geo.distance import box_around
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.projection import Bounds, middle
from incident_atlas.maps.folium_map import COUNTRY, COUNTRY_VIEW, NEAR_ZOOM
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import result

CITY_KM = 8.0
"""Around the middle of a city: the nominal radius of what is known only to it."""

_LEAST_DEGREES = 0.05
_WHOLE_COUNTRY: Bounds = (*COUNTRY[0], *COUNTRY[1])


def follow_filter(loaded: Loaded, chosen: Filters) -> None:
    """Move the map to another chosen place; a map that the reader has moved stays where it is."""
    place = (chosen.city, chosen.province)
    if place == state.session().map_place:
        return
    state.session().map_place = place
    now = state.view()
    if not now.home and now.fitted is None:
        return
    box = place_box(loaded, chosen)
    if box is None and now.home:
        return
    turn = now.focus[3] + 1 if now.focus else 1
    latitude, longitude = middle(box) if box else COUNTRY_VIEW[:2]
    zoom = (NEAR_ZOOM["city"] if chosen.city else NEAR_ZOOM["province"]) if box else COUNTRY_VIEW[2]
    state.set_view(
        latitude=latitude, longitude=longitude, zoom=zoom, home=box is None, bounds=box, spot=None,
        fitted=box or _WHOLE_COUNTRY, fitted_zoom=None, focus=(latitude, longitude, zoom, turn),
    )  # fmt: skip


def place_box(loaded: Loaded, chosen: Filters) -> Bounds | None:
    """What holds the chosen cities, or without any the chosen provinces; None without either, and where no place is known."""
    boxes = [_city(name) for name in chosen.city] or [_province(name) for name in chosen.province]
    if boxes and None in boxes:
        # Places abroad are in no table of ours: the incidents there say where it is.
        there = Filters(city=chosen.city, province=chosen.province)
        south, west, north, east = result(summary.extent, loaded, there, columns=("latitude", "longitude"))
        more = _LEAST_DEGREES
        boxes = [] if math.isnan(south) else [(south - more, west - more, north + more, east + more)]
    if not boxes:
        return None
    souths, wests, norths, easts = zip(*boxes, strict=True)
    return min(souths), min(wests), max(norths), max(easts)


def still_fitted(box: Bounds | None, latitude: float, longitude: float, zoom: float, fitted_zoom: float | None) -> bool:
    """Whether a map with this middle and zoom is as it was fitted to the box. fitted_zoom: what came of that, None until it is known."""
    if box is None or fitted_zoom not in (None, zoom):
        return False
    south, west, north, east = box
    centre = middle(box)
    # Corners are fitted to whole pixels.
    return abs(latitude - centre[0]) <= 0.03 * (north - south) and abs(longitude - centre[1]) <= 0.03 * (east - west)


def _city(name: str) -> Bounds | None:
    match = offline_gazetteer().match(name, kind="city")
    if match is None or match.place.kind != "city":
        return None
    return box_around(match.place.latitude, match.place.longitude, CITY_KM)


def _province(name: str) -> Bounds | None:
    outline = provinces().get(name)
    if outline is None:
        return None
    west, south, east, north = shapely.bounds(outline)
    return float(south), float(west), float(north), float(east)
