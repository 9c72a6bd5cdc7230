"""Outlines of all countries (Natural Earth, simplified), and the country in which a point lies.

They are in assets/basemap/world.json, which also draws the base map. The format is TopoJSON 1.0: an arc is a list of whole
numbers, each the difference from the one before, and `~n` in a ring means arc n backwards.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import shapely

from incident_atlas.geo.distance import degrees

WORLD = Path(__file__).parents[1] / "assets" / "basemap" / "world.json"

Ring = list[int]
Polygon = list[Ring]

BORDER_KM = 10
"""Outlines are simplified by up to 3 km and borders are disputed: a point this near to two countries is in neither for sure."""


class Country(NamedTuple):
    """English short name, ISO 3166-1 code of two letters, and the outline in degrees (WGS 84)."""

    name: str
    iso2: str
    outline: shapely.Geometry


@cache
def outlines() -> tuple[Country, ...]:
    """All land, by code of the country. A disputed area without a code has no name; a territory counts to the country that ISO puts it in."""
    topology = json.loads(WORLD.read_text(encoding="utf-8"))
    arcs, geometries = decoded_arcs(topology), topology["objects"]["countries"]["geometries"]
    described = ((geometry["properties"], shape(polygons_of(geometry), arcs)) for geometry in geometries)
    return tuple(Country(country["name"], country["iso2"], outline) for country, outline in described)


@cache
def countries() -> tuple[Country, ...]:
    """All countries, by code; disputed areas without one are left out."""
    return tuple(country for country in outlines() if country.iso2)


def country_at(latitude: np.ndarray, longitude: np.ndarray, border_km: float = BORDER_KM) -> np.ndarray:
    """For each point (degrees), the English short name of its country; '' at sea, where a coordinate is missing, and where two
    countries lie within `border_km`.

    A point off the coast but within `border_km` of one country alone is in that country: coasts are simplified too.
    """
    names = np.array([*(country.name for country in countries()), ""], dtype=object)
    latitude, longitude = np.asarray(latitude, float), np.asarray(longitude, float)
    known = np.flatnonzero(np.isfinite(latitude) & np.isfinite(longitude))
    # Degrees of longitude shrink towards the poles: the wider of both reaches is taken, which can only make a point unsure.
    reach = degrees(border_km, latitude[known])[1]
    points, polygons = _tree().query(shapely.points(longitude[known], latitude[known]), predicate="dwithin", distance=reach)
    near = np.bincount(points, minlength=len(known))
    found = np.full(len(latitude), len(names) - 1)
    alone = near[points] == 1
    found[known[points[alone]]] = polygons[alone]
    return names[found]


@cache
def _tree() -> shapely.STRtree:
    return shapely.STRtree([country.outline for country in countries()])


def decoded_arcs(topology: dict[str, Any]) -> list[np.ndarray]:
    """The arcs, each an array of longitude and latitude."""
    transform = topology["transform"]
    return [np.cumsum(arc, axis=0) * transform["scale"] + transform["translate"] for arc in topology["arcs"]]


def polygons_of(geometry: dict[str, Any]) -> list[Polygon]:
    """The polygons of a geometry, each a list of rings of arc numbers."""
    return [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])


def ring_points(ring: Ring, arcs: list[np.ndarray]) -> np.ndarray:
    """The points of a ring: arcs end to end, each without the first point, which the one before has given."""
    pieces = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in ring]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])


def shape(polygons: list[Polygon], arcs: list[np.ndarray]) -> shapely.Geometry:
    """The geometry of these polygons, made valid."""
    rings = [[ring_points(ring, arcs) for ring in polygon] for polygon in polygons]
    parts = [shapely.Polygon(outer, [hole for hole in holes if len(hole) > 3]) for outer, *holes in rings if len(outer) > 3]
    valid = shapely.get_parts(shapely.make_valid(shapely.MultiPolygon(parts)))
    return shapely.union_all([part for part in valid if part.area > 0])
