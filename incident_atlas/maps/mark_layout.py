"""One mark of the map as values, and where the marks of a still picture stand so that none lies on another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from incident_atlas.core.vocabulary import EARTH_KM

GAP_PX = 2
"""Pixels between two marks."""

NAMED_SHARE = 0.05
"""Provinces with at least this share of the largest one's incidents have room kept for their name."""

FARTHEST_PX = 120
"""A mark that finds no room within so many pixels of its place stays where it is."""


class Mark(NamedTuple):
    """What is drawn for some incidents. It is sent as a list in this order; the names of the fields go with the marks, once.

    latitude, longitude: its place, degrees. incidents: how many it stands for. ring: hollow, because the place is an area and
    no spot. name: of the province that is counted, safe text; "" for any other mark. extent: south, west, north, east to look
    closer at; None when a click opens it. colour: position in the palette. id: what a click says; a row of the record, or the
    numbers of cells or of an area. words: on hover, safe text; for a mark of several data sets their positions in the palette
    with how many incidents each has. selected: 1 for the incident whose card is open. px: diameter, pixels. uncertain_date: how many of
    the incidents may have happened outside the window of time that is shown. main_place: latitude and longitude of the neighbourhood
    that most of them are known to, where the mark stands for several spots.
    """

    latitude: float
    longitude: float
    incidents: int
    ring: int
    name: str
    extent: Sequence[float] | None
    colour: int
    id: Any
    words: Any
    selected: int
    px: int
    uncertain_date: int = 0
    main_place: Sequence[float] | None = None


def mark_px(incidents: int) -> int:
    """Diameter in pixels: 22 for one incident, its area growing with their number, 56 at most.

    >>> [mark_px(n) for n in (1, 10, 100, 400, 10_000)]
    [22, 25, 34, 47, 56]
    """
    return min(56, round(22 + 1.3 * (math.sqrt(incidents) - 1)))


def laid_out(marks: Sequence[Mark], places: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Pixels right and down of the middle of each mark in a still picture, so that no two overlap as long as there is room.

    places: where they belong. Marks of spots never move, because a place that is known is where it is; where two of them
    overlap, the cells have been merged before. Rings and provinces stand for areas: the largest first, each takes the nearest
    free place. assets/atlas_layout.js does the same for a map that can be moved, among its controls.
    """
    taken = [(*place, mark.px / 2) for mark, place in zip(marks, places, strict=True) if not mark.ring]
    stands = list(places)
    large = max((mark.incidents for mark in marks), default=0) * NAMED_SHARE
    for n in sorted((n for n, mark in enumerate(marks) if mark.ring), key=lambda n: -marks[n].incidents):
        (x, y), radius = places[n], marks[n].px / 2
        right, down = _free_step(x, y, radius, np.array(taken).reshape(-1, 3))
        stands[n] = x + right, y + down
        taken.append((*stands[n], radius))
        if marks[n].name and marks[n].incidents >= large:
            # Circles in a row under it, as wide and high as its name.
            half = round(len(marks[n].name) * 3.4)
            taken += [(x + right + along, y + down + radius + 10, 14) for along in range(-half, half + 1, 12)]
    return stands


def _free_step(x: float, y: float, radius: float, others: np.ndarray) -> tuple[int, int]:
    """Pixels right and down to the nearest place where a circle meets none of the others (x, y, radius each); (0, 0) if there is none."""
    for steps in _STEPS:
        gaps = np.hypot(others[:, 0] - x - steps[:, :1], others[:, 1] - y - steps[:, 1:])
        free = (gaps >= others[:, 2] + radius + GAP_PX).all(axis=1)
        if free.any():
            right, down = steps[free.argmax()]
            return int(right), int(down)
    return 0, 0


def metres_per_pixel(latitude: float, zoom: float) -> float:
    """Metres that a pixel of the Web Mercator plane spans at this latitude and zoom."""
    return 2000 * math.pi * EARTH_KM * math.cos(math.radians(latitude)) / (256 * 2**zoom)


_ANGLES = np.arange(24) * math.pi / 12 + math.pi / 2
_STEPS = [
    np.round(np.stack([radius * np.cos(_ANGLES), radius * np.sin(_ANGLES)], axis=1)) for radius in range(0, FARTHEST_PX + 1, 4)
]
"""Pixels right and down, a ring for each distance, nearest first."""
