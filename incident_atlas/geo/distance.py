"""Distances on the earth."""

from __future__ import annotations

import numpy as np

from incident_atlas.core.vocabulary import EARTH_KM


def kilometres(latitude: float, longitude: float, latitudes: np.ndarray, longitudes: np.ndarray) -> np.ndarray:
    """Great-circle distances from one point to others, by the haversine formula; degrees in, kilometres out.

    >>> float(kilometres(34.5, 69.2, np.array([34.5]), np.array([69.2]))[0])
    0.0
    """
    one, others = np.radians(latitude), np.radians(latitudes)
    across = np.radians(np.asarray(longitudes) - longitude)
    half = np.sin((others - one) / 2) ** 2 + np.cos(one) * np.cos(others) * np.sin(across / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1)))


def on_sphere(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Degrees as points of the unit sphere, n by 3: straight lines between them order pairs as great circles do."""
    north, east = (np.radians(np.asarray(degrees, dtype=float)) for degrees in (latitude, longitude))
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))
