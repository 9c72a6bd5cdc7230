"""The country of rows that name none: from the row itself, its point, or the file; else unknown, never a guess."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import shapely

from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.geo.countries import BORDER_KM, countries, country_at
from incident_atlas.geo.gazetteer import OfflineGazetteer
from incident_atlas.geo.swapped_points import looks_swapped
from incident_atlas.i18n import _

AFGHANISTAN = "Afghanistan"


def with_countries(incidents: pd.DataFrame, default: str, gazetteer: OfflineGazetteer) -> pd.DataFrame:
    """The incidents with a country in every row; `vocabulary.UNKNOWN` where nothing says which.

    A row that names none is in Afghanistan when it names one of its provinces; else in the country of its point
    (`countries.country_at`, so not within 10 km of a border); else in `default`, the country that the file as a whole has, or ''.
    Where the default is Afghanistan, a point that lies there once latitude and longitude are exchanged says nothing else.
    """
    blank = (incidents["country"] == "").to_numpy()
    if not blank.any():
        return incidents
    rows = incidents.loc[blank, ["province", "latitude", "longitude"]]
    points, at = np.unique(rows[["latitude", "longitude"]].to_numpy(), axis=0, return_inverse=True)
    latitude, longitude = points.T
    of_point = _countries_at(latitude, longitude)
    if default == AFGHANISTAN:
        of_point[looks_swapped(latitude, longitude)] = ""
    found = np.where(of_point == "", default or UNKNOWN, of_point)[at.reshape(-1)]
    provinces = rows["province"].astype("category")
    afghan = np.array([*(gazetteer.province_of(name) is not None for name in provinces.cat.categories), False])
    found[afghan[provinces.cat.codes.to_numpy()]] = AFGHANISTAN
    countries = incidents["country"].to_numpy(dtype=object)
    countries[blank] = found
    return incidents.assign(country=pd.Categorical(countries))


def without_null_island(incidents: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """The incidents without points at 0, 0, which programs write where there is none; each is a Problem."""
    null = (incidents["latitude"] == 0) & (incidents["longitude"] == 0)
    if not null.any():
        return incidents
    reason = _("0, 0 lies in the Atlantic and is mostly written where no point is known: it is left out")
    problems.add(
        incidents.index[null], "latitude", "0, 0", reason, _("Leave both cells blank, or give the point."), "null_island"
    )
    return incidents.assign(**{axis: incidents[axis].mask(null) for axis in ("latitude", "longitude")})


def _countries_at(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """`country_at`, in a fraction of its time for points well inside Afghanistan, as most are."""
    found = np.full(len(latitude), AFGHANISTAN, dtype=object)
    others = ~shapely.contains_xy(_inner(), longitude, latitude)
    found[others] = country_at(latitude[others], longitude[others])
    return found


@cache
def _inner() -> shapely.Geometry:
    """Afghanistan without a margin that is wider than `BORDER_KM` in every direction, at its northern end too."""
    [outline] = [country.outline for country in countries() if country.name == AFGHANISTAN]
    inner = outline.buffer(-BORDER_KM / 80)
    shapely.prepare(inner)
    return inner
