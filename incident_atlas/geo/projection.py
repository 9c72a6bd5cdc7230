"""A piece of the Web Mercator plane in pixels, for maps that are drawn once and not moved."""

from __future__ import annotations

import math

MOST_ZOOM = 16.0
_MARGIN = 1.03

Bounds = tuple[float, float, float, float]
"""South, west, north, east in degrees."""


class Frame:
    """What is shown of the plane, and where a point of it lies in pixels.

    bounds: what must be inside. width: pixels. heights: least and most pixels; within them the height follows the bounds.
    """

    def __init__(self, bounds: Bounds, width: int, heights: tuple[int, int]) -> None:
        south, west, north, east = bounds
        left, right, top, bottom = west / 360 + 0.5, east / 360 + 0.5, _y(north), _y(south)
        wide, high = max(right - left, 1e-9) * _MARGIN, max(bottom - top, 1e-9) * _MARGIN
        self.width = width
        self.height = round(min(max(width * high / wide, heights[0]), heights[1]))
        self.px = min(width / wide, self.height / high, 256 * 2**MOST_ZOOM)
        self.zoom = math.log2(self.px / 256)
        self._left = (left + right) / 2 - width / self.px / 2
        self._top = (top + bottom) / 2 - self.height / self.px / 2

    def at(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Pixels right and down of the upper left corner."""
        return (longitude / 360 + 0.5 - self._left) * self.px, (_y(latitude) - self._top) * self.px

    def holds(self, x: float, y: float) -> bool:
        """Whether these pixels are inside."""
        return 0 <= x <= self.width and 0 <= y <= self.height

    def bounds(self) -> Bounds:
        """What is really shown, which is at least what was asked for."""
        right, bottom = self._left + self.width / self.px, self._top + self.height / self.px
        return latitude_of(bottom), (self._left - 0.5) * 360, latitude_of(self._top), (right - 0.5) * 360


def middle(bounds: Bounds) -> tuple[float, float]:
    """Latitude and longitude of the middle of a map that is fitted to these bounds."""
    south, west, north, east = bounds
    return latitude_of((_y(south) + _y(north)) / 2), (west + east) / 2


def _y(latitude: float) -> float:
    return 0.5 - math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)) / (2 * math.pi)


def latitude_of(y: float) -> float:
    """Degrees of a height on the plane, 0 at the north and 1 at the south."""
    return math.degrees(2 * math.atan(math.exp((0.5 - y) * 2 * math.pi)) - math.pi / 2)
