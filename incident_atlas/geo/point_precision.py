"""How well points are known whose source does not say: what their reader says of the file, never more than the points show."""

from __future__ import annotations

from functools import cache

import numpy as np
from scipy.spatial import cKDTree

from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, PRECISION_RANK
from incident_atlas.geo.distance import on_sphere
from incident_atlas.geo.gazetteer import offline_gazetteer

CENTRE_KM = 0.2
"""A point this near to the centre of a town, a district or a neighbourhood is taken for that centre."""

SHARED_BY = 3
"""Rows on one point from which on it is taken for the centre of a place."""

_CITY = PRECISION_RANK["city"]
_SAME_POINT = 5  # decimals of a degree: a metre
_DECIMALS = {0: "city", 1: "city", 2: "neighbourhood"}
"""The finest precision that so few decimals allow: a tenth of a degree is eleven kilometres, a hundredth one."""


def allowed_ranks(latitude: np.ndarray, longitude: np.ndarray, trust_shared: bool = False) -> np.ndarray:
    """The finest precision that each point of a file can have, as its place in `vocabulary.GEO_PRECISIONS` (0 exact ... 3 city).

    Few decimals can only coarsen. Unless `trust_shared`, neither a point that `SHARED_BY` rows have nor one within `CENTRE_KM` of
    the centre of a place in the gazetteer is known better than that place; a shared point elsewhere is known to the city. No
    point becomes coarser than the city, which is what is assumed where nobody says anything.

    latitude, longitude: degrees, the points of all rows of the file, none of them NaN.
    """
    points = np.column_stack([latitude, longitude]).astype(float)
    distinct, at, counts = np.unique(points.round(_SAME_POINT), axis=0, return_inverse=True, return_counts=True)
    at = at.reshape(-1)
    ranks = np.array([_rank_of_decimals(*point) for point in distinct.tolist()], dtype="int8")
    if not trust_shared and len(distinct):
        centre = _ranks_of_centres(distinct[:, 0], distinct[:, 1])
        shared = (counts >= SHARED_BY) & (centre == 0)
        ranks = np.maximum(ranks, np.where(shared, _CITY, np.minimum(centre, _CITY)))
    return ranks[at]


def _rank_of_decimals(latitude: float, longitude: float) -> int:
    # A program that drops zeros at the end shortens one of the two as often as not: the longer one counts.
    decimals = max(len(repr(round(value, _SAME_POINT)).partition(".")[2].rstrip("0")) for value in (latitude, longitude))
    return PRECISION_RANK[_DECIMALS.get(decimals, GEO_PRECISIONS[0])]


def _ranks_of_centres(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """For each point the precision of the nearest centre within `CENTRE_KM`; 0 where there is none."""
    tree, ranks = _centres()
    apart, nearest = tree.query(on_sphere(latitude, longitude), distance_upper_bound=2 * np.sin(CENTRE_KM / EARTH_KM / 2))
    return np.where(np.isfinite(apart), ranks[np.minimum(nearest, len(ranks) - 1)], 0)


@cache
def _centres() -> tuple[cKDTree, np.ndarray]:
    """The centres of the places of the gazetteer that are areas, and the rank of the precision of each."""
    areas = [place for place in offline_gazetteer().places if place.kind != "landmark"]
    degrees = np.array([(place.latitude, place.longitude) for place in areas])
    ranks = np.array([PRECISION_RANK[place.geo_precision] for place in areas])
    return cKDTree(on_sphere(degrees[:, 0], degrees[:, 1])), ranks
