"""Which incidents happened at a named place: those located to it or to a place inside it, whatever their distance.

A neighbourhood is more than the point that stands for it, so distance alone cannot say what happened in it. An incident
counts for the place that its own words name (gazetteer parents give what lies inside), and for a site or a landmark also
when the site itself was the target.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import PRECISION_RANK, RADIUS_M
from incident_atlas.geo import sites
from incident_atlas.geo.distance import kilometres
from incident_atlas.geo.gazetteer import NEAR_SCORE, OfflineGazetteer, Place, fold, offline_gazetteer
from incident_atlas.geo.geocoding import find

COLUMNS = (
    "row", "latitude", "longitude", "precision_rank", "precision_stated", "found_as", "found_score",
    "place", "city", "district", "province", "target_name",
)  # fmt: skip
"""What `in_place` reads, for `Filters.apply(columns=...)`."""

AREAS = ("country", "province", "district", "city", "neighbourhood")
"""Kinds of places that incidents happen in; a landmark or a site is something that they happen at."""

_WORDS = ["place", "city", "district", "province"]
_SLACK = 3
"""A point of its own may lie this many nominal radii from the point of an area: districts are long, and cities grow."""


def in_place(incidents: pd.DataFrame, key: str) -> np.ndarray:
    """For each incident (columns `COLUMNS`) whether it happened at the place or site of that id, as booleans.

    key: a place_id of the gazetteer or a site_id; any other key matches nothing.
    """
    gazetteer = offline_gazetteer()
    place, names = _place_and_names(key, gazetteer)
    found = np.zeros(len(incidents), dtype=bool)
    if place is not None:
        found |= _located_to(incidents, place, gazetteer) | _worded(incidents, place, gazetteer)
    if names:
        found |= _targeted(incidents, names, place.province if place is not None else sites.province_of_site(key))
    return found


def _place_and_names(key: str, gazetteer: OfflineGazetteer) -> tuple[Place | None, frozenset[str]]:
    """The gazetteer's place of a key, and the folded names under which it stands as a target: none for an area."""
    if key in sites.located():
        names = sites.target_names(key)
        place = gazetteer.by_id.get(sites.place_of_site(key))
    else:
        names, place = frozenset(), gazetteer.by_id.get(key)
    if place is not None and place.kind not in AREAS:
        names |= {fold(name) for name in (place.name, *place.aliases)}
    return place, names - {""}


def _located_to(incidents: pd.DataFrame, place: Place, gazetteer: OfflineGazetteer) -> np.ndarray:
    """Incidents that the geocoder put on the place or on one inside it, and not merely near it."""
    inside = gazetteer.inside(place.place_id)
    found_as = incidents["found_as"].astype("str")
    at = found_as.isin(inside).to_numpy()
    near_it = ((found_as == place.place_id) & (incidents["found_score"] <= NEAR_SCORE)).to_numpy()
    precise = (incidents["precision_rank"] <= PRECISION_RANK[place.geo_precision]).to_numpy()
    if place.kind not in AREAS:
        # A row that names the site and states a coarser precision is still about the site.
        return at & (precise | incidents["precision_stated"].to_numpy(dtype=bool)) & ~near_it
    return at & precise & (~near_it | (place.kind in ("country", "province", "district", "city")))


def _worded(incidents: pd.DataFrame, place: Place, gazetteer: OfflineGazetteer) -> np.ndarray:
    """Incidents with a point of their own whose words name the place or one inside it, and whose point does not contradict it."""
    has_point = ((incidents["found_as"].astype("str") == "") & incidents["latitude"].notna()).to_numpy()
    found = np.zeros(len(incidents), dtype=bool)
    if place.kind == "country":
        return found
    if place.kind == "province":
        return has_point & (incidents["province"].astype("str") == place.province).to_numpy()
    rank = incidents["precision_rank"].to_numpy()
    reach = np.array([*(RADIUS_M[name] / 1000 for name in PRECISION_RANK), 0.0])[rank]
    apart = kilometres(place.latitude, place.longitude, incidents["latitude"].to_numpy(), incidents["longitude"].to_numpy())
    near = apart <= reach + _SLACK * RADIUS_M[place.geo_precision] / 1000
    candidates = np.flatnonzero(has_point & near & (rank <= PRECISION_RANK[place.geo_precision]))
    if not len(candidates):
        return found
    inside = gazetteer.inside(place.place_id)
    words = incidents.iloc[candidates][_WORDS].astype("str")
    codes, distinct = pd.factorize(pd.MultiIndex.from_frame(words))
    answers = np.array([_names_one_of(inside, place, gazetteer, *key) for key in distinct], dtype=bool)
    found[candidates] = answers[codes]
    return found


def _names_one_of(inside: frozenset[str], place: Place, gazetteer: OfflineGazetteer, *words: str) -> bool:
    _, match = find(gazetteer, *words)
    if match is None or match.place.place_id not in inside:
        return False
    near_it = match.place.place_id == place.place_id and match.score <= NEAR_SCORE
    return not near_it or place.kind in ("city", "district")


def _targeted(incidents: pd.DataFrame, names: frozenset[str], province: str) -> np.ndarray:
    """Incidents one of whose targets has one of these folded names, in the same province where theirs is known."""
    targets = incidents["target_name"].astype("category")
    hit = np.array([any(fold(name) in names for name in split(cell)) for cell in targets.cat.categories] + [False], dtype=bool)
    same_province = incidents["province"].astype("str").isin({province, ""}).to_numpy()
    return hit[targets.cat.codes.to_numpy()] & same_province
