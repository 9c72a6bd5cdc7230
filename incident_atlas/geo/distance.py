"""Distances on the earth."""

from __future__ import annotations

from typing import Any

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


def degrees(km: float, latitude: Any) -> tuple[Any, Any]:
    """How many degrees of latitude and of longitude so many km span at a latitude (one or an array); next to a pole the cosine is taken as 0.01.

    >>> [round(float(span), 3) for span in degrees(111.195, 60.0)]
    [1.0, 2.0]
    """
    high = np.degrees(km / EARTH_KM)
    return high, high / np.maximum(np.cos(np.radians(latitude)), 0.01)


def on_circle(latitude: float, longitude: float, km: float, number: int) -> tuple[np.ndarray, np.ndarray]:
    """So many points on a circle, degrees, drawn flat with degrees of longitude shortened for its middle: good to a hundredth at 50 km."""
    high, wide = degrees(km, latitude)
    turns = np.linspace(0, 2 * np.pi, number, endpoint=False)
    return latitude + high * np.sin(turns), longitude + wide * np.cos(turns)


def box_around(latitude: float, longitude: float, km: float) -> tuple[float, float, float, float]:
    """South, west, north, east of a circle, degrees."""
    high, wide = map(float, degrees(km, latitude))
    return latitude - high, longitude - wide, latitude + high, longitude + wide


def on_sphere(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """Degrees as points of the unit sphere, n by 3: straight lines between them order pairs as great circles do."""
    north, east = (np.radians(np.asarray(degrees, dtype=float)) for degrees in (latitude, longitude))
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))
