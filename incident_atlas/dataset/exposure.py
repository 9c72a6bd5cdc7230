"""The days that a record covers under a filter: an area that was collected to another day than the rest ends on its own day."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.text import day, plain
from incident_atlas.dataset.circle import Circle
from incident_atlas.dataset.companion_tables import collected_until
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import last_day
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.boundaries import province_at
from incident_atlas.geo.distance import on_circle
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.i18n import _

_DIRECTIONS = 72
"""Points on the edge of a circle that are asked for their province."""


class Exposure(NamedTuple):
    """Days that are counted, both included; None for a record without an incident.

    area: whose end `last` is, '' for all of the record. stated: whether `last` is stated, else it is that of the last incident.
    """

    first: pd.Timestamp | None
    last: pd.Timestamp | None
    area: str = ""
    stated: bool = True

    def note(self) -> str:
        """The end of the record, and of the days that are counted here where an area ends them sooner; plain text."""
        if not self.area:
            return last_day(self.last, self.stated)
        return _("Data for {area} to {last}; later incidents are incomplete.").format(
            area=plain(self.area, 80), last=day(self.last)
        )


def exposure(loaded: Loaded, chosen: Filters | None = None) -> Exposure:
    """From the record's first day to the last one to which every area that the filter touches was collected.

    A filter of places touches their provinces, a circle those that it reaches into, any other filter every area. The dates of the
    filter are not looked at. Where the record states one day for all, that is `Source.last`, and no area is named.
    """
    first, last = loaded.source.first, loaded.source.last
    found = collected_until(loaded.coverage, areas_of(chosen or Filters()))
    whole = Exposure(first, last, stated=loaded.source.last_stated)
    if first is None or last is None or not found.area:
        return whole
    # A record of which less may be shown ends earlier.
    return Exposure(first, max(first, found.day), found.area) if found.day < last else whole


def areas_of(chosen: Filters) -> tuple[tuple[str, ...], ...]:
    """What the filter touches, each as its names, the narrowest first; nothing for everywhere."""
    if chosen.near:
        return tuple((name,) for name in _around(chosen.near))
    if chosen.city:
        return tuple((city, *_provinces(city)) for city in chosen.city)
    return tuple((name,) for name in chosen.province or chosen.country)


def _provinces(city: str) -> tuple[str, ...]:
    places = (place for place in offline_gazetteer().places if place.kind == "city" and place.name == city)
    return tuple(dict.fromkeys(place.province for place in places))


def _around(circle: Circle) -> tuple[str, ...]:
    """The provinces that the circle reaches into; of a place alone the one that it lies in."""
    edge = on_circle(circle.latitude, circle.longitude, circle.km or 0, _DIRECTIONS)
    middle = circle.latitude, circle.longitude
    points = (np.append(centre, ends) for centre, ends in zip(middle, edge, strict=True))
    return tuple(dict.fromkeys(name for name in province_at(*points) if name))
