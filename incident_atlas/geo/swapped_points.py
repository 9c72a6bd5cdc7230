"""Points of Afghanistan whose latitude and longitude look swapped: which they are, and the same points exchanged."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd

from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import EAST, NORTH
from incident_atlas.geo.coordinates import written
from incident_atlas.i18n import _

SWAPPED, EXCHANGED = "swapped_coordinates", "exchanged_coordinates"
"""Codes of problems: of a point that looks swapped, and of one that a person had exchanged."""

_UNDONE = _("Nothing; it can be taken back on the page Your data.")
_NO_SUCH_ROW = _("no row of this id has coordinates that look swapped")


def looks_swapped(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """For each point (degrees) of an incident in Afghanistan, whether it can only lie there with the two exchanged.

    No latitude of the country is one of its longitudes, so the two spans are enough; a coordinate that is missing looks like nothing.

    >>> looks_swapped(np.array([69.17, 34.53, np.nan]), np.array([34.53, 69.17, 34.53])).tolist()
    [True, False, False]
    """
    return (latitude >= EAST[0]) & (latitude <= EAST[1]) & (longitude >= NORTH[0]) & (longitude <= NORTH[1])


def with_exchanged(
    incidents: pd.DataFrame, in_country: pd.Series, ids: Collection[str] | None, problems: Problems
) -> tuple[pd.DataFrame, set[str]]:
    """The incidents with latitude and longitude exchanged where they look swapped, and the ids of those; each is a Problem.

    in_country: whether an incident was in Afghanistan. ids: the incidents that a person chose, None for all that look swapped.
    """
    latitude, longitude = (incidents[axis].to_numpy(dtype=float) for axis in ("latitude", "longitude"))
    rows = in_country.to_numpy() & looks_swapped(latitude, longitude)
    if ids is not None:
        rows &= incidents["incident_id"].isin(ids).to_numpy()
    if not rows.any():
        return incidents, set()
    values = [written(*point) for point in zip(latitude[rows], longitude[rows], strict=True)]
    reason = _("latitude and longitude were exchanged, as a person chose")
    problems.add(incidents.index[rows], "latitude", values, reason, _UNDONE, EXCHANGED)
    exchanged = incidents.assign(latitude=np.where(rows, longitude, latitude), longitude=np.where(rows, latitude, longitude))
    return exchanged, set(incidents.loc[rows, "incident_id"])


def tell_of_unknown_ids(ids: Collection[str], problems: Problems) -> None:
    """A Problem of line 1 for each id of a choice that no row with swapped coordinates has."""
    advice = _("Choose the file that it was decided on.")
    problems.add([1] * len(ids), "incident_id", sorted(ids), _NO_SUCH_ROW, advice, "decision_not_followed")
