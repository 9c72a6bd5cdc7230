"""What to say where a point or a part of its circle lies outside Afghanistan, of which the record knows nothing."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import shapely

from incident_atlas.analysis.nearby import Surroundings, around
from incident_atlas.core.text import counted
from incident_atlas.core.vocabulary import EARTH_KM
from incident_atlas.dataset.query import rows
from incident_atlas.geo.boundaries import abroad, provinces
from incident_atlas.geo.coordinates import distance, looks_swapped, outside, written
from incident_atlas.geo.distance import kilometres
from incident_atlas.geo.gazetteer import offline_gazetteer

LEAST_SHARE = 0.01
"""Less of a circle abroad is not told: the outline itself is no better."""


_BORDER_DEGREES, _TOWN_KM = 0.01, 5.0
"""A point so far outside the outline is abroad, unless it is that near to a place of the gazetteer: a town at the border."""


def is_abroad(latitude: float, longitude: float) -> bool:
    """Whether a point lies outside Afghanistan: outside the simplified outline, and at no place that is known to be in it.

    >>> is_abroad(34.3, 60.6), is_abroad(34.5289, 69.1725)
    (True, False)
    """
    if not abroad(np.array([latitude]), np.array([longitude]), _BORDER_DEGREES)[0]:
        return False
    places = offline_gazetteer().places
    at = (np.array([getattr(place, axis) for place in places]) for axis in ("latitude", "longitude"))
    return outside(latitude, longitude) or bool(kilometres(latitude, longitude, *at).min() > _TOWN_KM)


def beyond(record: pd.DataFrame, here: Surroundings) -> str | None:
    """The sentence for a point outside Afghanistan, where nothing is a zero or a rate; None for any other point.

    record: all its incidents, not those of a filter; here: what of those asked lies around the point.
    """
    latitude, longitude, km = here.latitude, here.longitude, here.km
    if not is_abroad(latitude, longitude):
        return None
    where = "The point lies outside Afghanistan"
    n, maybe = len(here.within), len(here.possibly)
    if n or maybe:
        known = f"{counted(n, 'incident') if n else 'no incident'} of it lies" if n < 2 else f"{n:,} incidents of it lie"
        return f"{where}, which the record does not cover: {known} within {distance(km)}, and {maybe or 'none'} possibly within."
    nearest = around(rows(record), latitude, longitude, km).nearest
    far = (
        "and the record holds no incident with a place"
        if nearest is None
        else f"{distance(round(nearest, 1))} from the nearest incident of the record"
    )
    hint = f" Latitude and longitude look swapped: {written(longitude, latitude)} lies in Afghanistan."
    return f"{where}, {far}: the record says nothing about it.{hint if looks_swapped(latitude, longitude) else ''}"


def share_abroad(latitude: float, longitude: float, km: float) -> float:
    """How much of the circle around a point lies outside the outline of Afghanistan, 0 to 1.

    The circle is drawn flat, degrees of longitude shortened for its latitude: good to a hundredth at 50 km.
    """
    high = math.degrees(km / EARTH_KM)
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    angle = np.linspace(0, 2 * np.pi, 65)[:-1]
    circle = shapely.Polygon(np.column_stack([longitude + wide * np.cos(angle), latitude + high * np.sin(angle)]))
    inside = sum(circle.intersection(province).area for province in provinces().values() if province.intersects(circle))
    return max(0.0, round(1 - inside / circle.area, 6))


def partly_abroad(here: Surroundings) -> str:
    """How much of the circle the record does not cover, as a sentence; empty where it covers all of it."""
    share = share_abroad(here.latitude, here.longitude, here.km)
    if share < LEAST_SHARE:
        return ""
    return f"About {100 * share:.0f} % of the circle lies outside Afghanistan, which the record does not cover."
