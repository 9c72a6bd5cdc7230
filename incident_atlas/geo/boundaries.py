"""The outlines of Afghanistan and its 34 provinces (Natural Earth, simplified), and which point lies in which."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
import shapely
from shapely.geometry import shape

from incident_atlas.core.reference_data import DATA

OUTLINES = DATA / "outlines" / "provinces.geojson"

TOLERANCE_DEGREES = 0.1
"""About 10 km: the outlines are simplified and borders are disputed, so a point this near counts as inside."""


@cache
def provinces() -> dict[str, shapely.Geometry]:
    """Province name to its polygon, degrees, WGS 84."""
    return {f["properties"]["name"]: shape(f["geometry"]) for f in _features() if f["properties"]["kind"] == "province"}


def outside(province: str, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """For each point, whether it lies outside the province; False everywhere for a name that is no province."""
    polygon = _widened().get(province)
    if polygon is None:
        return np.zeros(len(latitude), dtype=bool)
    return ~shapely.contains_xy(polygon, longitude, latitude)


def abroad(latitude: np.ndarray, longitude: np.ndarray, tolerance: float = TOLERANCE_DEGREES) -> np.ndarray:
    """For each point, whether it lies outside Afghanistan, by more than `tolerance` degrees."""
    return ~shapely.contains_xy(_country(tolerance), longitude, latitude)


def misplaced(province: pd.Series | np.ndarray, latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """For each point of an incident in Afghanistan, where it does not fit: 'country', abroad; 'province', outside that of its
    row; else ''. A province that the outlines do not know holds every point of the country.
    """
    where = np.where(abroad(latitude, longitude), "country", "").astype(object)
    cells = pd.Series(province).astype("category").cat
    for code, name in enumerate(cells.categories):
        if name in provinces():
            rows = np.flatnonzero((cells.codes == code) & (where == ""))
            where[rows[outside(str(name), latitude[rows], longitude[rows])]] = "province"
    return where


def province_at(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """For each point, the province that holds it, '' for none."""
    names = np.array([*provinces(), ""], dtype=object)
    tree = shapely.STRtree(list(provinces().values()))
    points, polygons = tree.query(shapely.points(longitude, latitude), predicate="within")
    found = np.full(len(latitude), len(names) - 1)
    found[points] = polygons
    return names[found]


@cache
def _widened() -> dict[str, shapely.Geometry]:
    polygons = {name: polygon.buffer(TOLERANCE_DEGREES) for name, polygon in provinces().items()}
    shapely.prepare(list(polygons.values()))
    return polygons


@cache
def _country(tolerance: float) -> shapely.Geometry:
    country = shapely.union_all(list(provinces().values())).buffer(tolerance)
    shapely.prepare(country)
    return country


@cache
def _features() -> list[dict]:
    return json.loads(OUTLINES.read_text(encoding="utf-8"))["features"]
