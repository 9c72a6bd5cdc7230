"""A circle around a point, or a place with what lies around it, as a criterion of a filter."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, RADIUS_M
from incident_atlas.dataset.in_place import in_place
from incident_atlas.geo import sites
from incident_atlas.geo.coordinates import distance, parse_km, parse_point, written
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.i18n import _


@dataclass(frozen=True)
class Circle:
    """What counts as near: within km of a point in degrees, or in the place or at the site with that key, or both.

    km: None for a place alone. name: of the place or site, else the point as text.
    """

    latitude: float
    longitude: float
    km: float | None
    key: str = ""
    name: str = ""

    @classmethod
    def around(cls, spot: sites.Spot, km: float | None) -> Circle:
        """The circle around a place, a site or a point."""
        return cls(spot.latitude, spot.longitude, km, spot.key, spot.name)

    def words(self) -> str:
        """The criterion in a sentence: 'in Sherpur, Kabul or within 1 km of it', 'within 2 km of 34.5300, 69.1700'."""
        radius = "" if self.km is None else _("within {km} of ").format(km=distance(self.km))
        if not self.key:
            return f"{radius}{self.name}"
        if radius:
            return _("in {name} or {radius}it").format(name=self.name, radius=radius)
        return _("in {name}").format(name=self.name)

    def parameter(self) -> str:
        """The text that `parse_circle` reads."""
        start = self.key or f"{self.latitude:.4f},{self.longitude:.4f}"
        return start if self.km is None else f"{start},{self.km:g}"

    def condition(self, incidents: Any) -> nw.Expr:
        """That an incident is counted there: located to the place, or all of where it may have been inside the circle."""
        inside = nw.lit(False) if self.km is None else self._within()
        if not self.key:
            return inside
        frame = nw.from_native(incidents)
        if isinstance(frame, nw.LazyFrame):
            # Rows of an engine are not read one by one: only the place that each was looked up as is known.
            return inside | nw.col("found_as").is_in(sorted(offline_gazetteer().inside(self.key)))
        table = frame.to_native()
        return inside | nw.col("row").is_in(table["row"][in_place(table, self.key)].to_list())

    def _within(self) -> nw.Expr:
        """d + r <= km, by the cosine of the angle between two points on the sphere: engines have no arc sine."""
        latitude, longitude = nw.col("latitude") * (math.pi / 180), nw.col("longitude") * (math.pi / 180)
        own_latitude, there = math.radians(self.latitude), math.radians(self.longitude)
        cosine = latitude.sin() * math.sin(own_latitude) + latitude.cos() * math.cos(own_latitude) * (longitude - there).cos()
        reaches = [(rank, self.km - RADIUS_M[name] / 1000) for rank, name in enumerate(GEO_PRECISIONS)]
        parts = [
            # A point given to the centimetre has a cosine that is off by 1e-15.
            (nw.col("precision_rank") == rank) & (cosine >= math.cos(reach / EARTH_KM) - 1e-14)
            for rank, reach in reaches
            if reach >= 0
        ]
        return nw.any_horizontal(*parts, ignore_nulls=True) if parts else nw.lit(False)


def parse_circle(text: str) -> Circle | None:
    """The circle that a parameter names: 'lat,lon,km', 'PLACE,km' or 'PLACE', the place by its id or its name; None for none.

    >>> parse_circle("34.53,69.17,2").words(), parse_circle("kbl-sherpur,1").words(), parse_circle("nowhere,1")
    ('within 2 km of 34.5300, 69.1700', 'in Sherpur, Kabul or within 1 km of it', None)
    """
    start, comma, last = text.rpartition(",")
    if not comma:
        start, last = text, ""
    km = parse_km(last) if comma else None
    if comma and km is None:
        if not any(letter.isalpha() for letter in last):
            # A radius that cannot be used, and not the province of a place.
            return None
        start = text
    if km is not None and (point := parse_point(start)):
        # As exact as `parameter` writes it, so that a circle is the same when its address is read again.
        latitude, longitude = (round(degrees, 4) for degrees in point)
        return Circle(latitude, longitude, km, name=written(*point))
    spot = sites.located().get(start) or sites.place(start) or sites.place_named(start)
    return None if spot is None else Circle.around(spot, km)
