"""Incidents in their order, newest first: how many, page by page, the one before and the one after."""

from __future__ import annotations

import datetime
from typing import Any

import narwhals as nw
import numpy as np

from incident_atlas.summary import inside


def count(incidents: Any, bounds: tuple[float, float, float, float] | None = None) -> int:
    """How many incidents there are, inside `bounds` (south, west, north, east in degrees) when given."""
    return int(_collected(_within(incidents, bounds).select(n=nw.len()))["n"][0])


def newest(incidents: Any, most: int, page: int = 1, bounds: tuple[float, float, float, float] | None = None) -> list[int]:
    """The lines of the newest incidents, newest first: `most` of them, or of those after the first `page` - 1 pages."""
    first = _within(incidents, bounds).select("row", "date").top_k(most * page, by=["date", "row"])
    ordered = _collected(first.sort("date", "row", descending=True))
    return [int(row) for row in ordered["row"].to_list()[most * (page - 1) :]]


class Order:
    """The order of a filter's incidents, worked out once, so that each step in it costs the same on any record."""

    def __init__(self, incidents: Any) -> None:
        frame = nw.from_native(incidents).select("row", days=nw.col("date").dt.timestamp("ms") // 86_400_000)
        table = _collected(frame.with_columns(key=nw.col("days").cast(nw.Int64) * _ROWS + nw.col("row").cast(nw.Int64)))
        self._keys = np.sort(table["key"].to_numpy())

    def around(self, date: datetime.datetime, row: int) -> tuple[int | None, int | None, bool]:
        """The lines of the next newer and the next older incident, None at the ends, and whether this one is among them."""
        days = (date - datetime.datetime(1970, 1, 1)).days
        at = int(np.searchsorted(self._keys, days * _ROWS + row))
        here = at < len(self._keys) and self._keys[at] == days * _ROWS + row
        after = at + here
        newer = int(self._keys[after] % _ROWS) if after < len(self._keys) else None
        return newer, int(self._keys[at - 1] % _ROWS) if at else None, bool(here)


_ROWS = 2**32  # more lines than a file has


def _within(incidents: Any, bounds: tuple[float, float, float, float] | None) -> Any:
    frame = nw.from_native(incidents)
    return frame.filter(*inside(bounds)) if bounds else frame


def _collected(frame: Any) -> Any:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame
