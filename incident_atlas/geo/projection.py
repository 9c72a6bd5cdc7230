"""The Web Mercator plane, and a piece of it in pixels, for maps that are drawn once and not moved."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

MOST_ZOOM = 16.0
_MARGIN = 1.03

Bounds = tuple[float, float, float, float]
"""South, west, north, east in degrees."""

LIMIT = 85.05
"""Degrees of latitude at which the plane ends; y would be infinite at a pole."""


def mercator(latitude: Any, longitude: Any) -> tuple[Any, Any]:
    """x and y on the plane, 0 in the north-west and 1 in the south-east, of degrees: numbers, arrays or columns.

    >>> [float(part) for part in mercator(0.0, 90.0)]
    [0.75, 0.5]
    """
    y = 0.5 - np.log(np.tan(np.pi / 4 + np.radians(np.clip(latitude, -LIMIT, LIMIT)) / 2)) / (2 * np.pi)
    return longitude / 360 + 0.5, y


def degrees_at(x: Any, y: Any) -> tuple[Any, Any]:
    """Latitude and longitude of a point of the plane, the way back from `mercator`."""
    return np.degrees(2 * np.arctan(np.exp((0.5 - y) * 2 * np.pi)) - np.pi / 2), (x - 0.5) * 360


class Frame:
    """What is shown of the plane, and where a point of it lies in pixels.

    bounds: what must be inside. width: pixels. heights: least and most pixels; within them the height follows the bounds.
    """

    def __init__(self, bounds: Bounds, width: int, heights: tuple[int, int]) -> None:
        south, west, north, east = bounds
        (left, top), (right, bottom) = mercator(north, west), mercator(south, east)
        wide, high = max(right - left, 1e-9) * _MARGIN, max(bottom - top, 1e-9) * _MARGIN
        self.width = width
        self.height = round(min(max(width * high / wide, heights[0]), heights[1]))
        self.px = min(width / wide, self.height / high, 256 * 2**MOST_ZOOM)
        self.zoom = math.log2(self.px / 256)
        self._left = (left + right) / 2 - width / self.px / 2
        self._top = (top + bottom) / 2 - self.height / self.px / 2

    def at(self, latitude: Any, longitude: Any) -> tuple[Any, Any]:
        """Pixels right and down of the upper left corner; of a number or an array."""
        x, y = mercator(latitude, longitude)
        return (x - self._left) * self.px, (y - self._top) * self.px

    def holds(self, x: float, y: float) -> bool:
        """Whether these pixels are inside."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def bounds(self) -> Bounds:
        """What is really shown, which is at least what was asked for."""
        north, west = degrees_at(self._left, self._top)
        south, east = degrees_at(self._left + self.width / self.px, self._top + self.height / self.px)
        return south, west, north, east


def middle(bounds: Bounds) -> tuple[float, float]:
    """Latitude and longitude of the middle of a map that is fitted to these bounds."""
    south, west, north, east = bounds
    (left, top), (right, bottom) = mercator(north, west), mercator(south, east)
    return degrees_at((left + right) / 2, (top + bottom) / 2)
