"""Incidents in their order, newest first: how many, page by page, the one before and the one after."""

from __future__ import annotations

import datetime
from typing import Any

import narwhals as nw
import numpy as np

from incident_atlas.cells import Bounds, inside
from incident_atlas.queries import collected


def count(incidents: Any, bounds: Bounds | None = None) -> int:
    """How many incidents there are, inside `bounds` when given."""
    return int(collected(_within(incidents, bounds).select(n=nw.len()))["n"][0])


def holds(incidents: Any, row: int) -> bool:
    """Whether the incident of that line is among them."""
    return bool(collected(nw.from_native(incidents).select(n=(nw.col("row") == row).sum()))["n"][0])


def newest(incidents: Any, most: int, page: int = 1, bounds: Bounds | None = None) -> list[int]:
    """The lines of the newest incidents, newest first: `most` of them, or of those after the first `page` - 1 pages."""
    frame = _within(incidents, bounds).select("row", "date")
    first = frame.top_k(most * page, by=["date", "row"])
    if page > 1 and isinstance(frame, nw.LazyFrame):
        # Only the page itself leaves the engine, and not all pages before it.
        first = first.top_k(max(0, min(most, count(incidents, bounds) - most * (page - 1))), by=["date", "row"], reverse=True)
        page = 1
    ordered = collected(first.sort("date", "row", descending=True))
    return [int(row) for row in ordered["row"].to_list()[most * (page - 1) :]]


class Order:
    """The order of a filter's incidents, worked out once, so that each step in it costs the same on any record in memory.

    An engine is asked at every step.
    """

    def __init__(self, incidents: Any) -> None:
        frame = nw.from_native(incidents).select("row", days=nw.col("date").dt.timestamp("ms") // _DAY_MS)
        keys = frame.select(key=nw.col("days").cast(nw.Int64) * _ROWS + nw.col("row").cast(nw.Int64))
        self._asked = keys if isinstance(keys, nw.LazyFrame) else None
        self._keys = None if self._asked is not None else np.sort(keys["key"].to_numpy())

    def around(self, date: datetime.datetime, row: int) -> tuple[int | None, int | None, bool]:
        """The lines of the next newer and the next older incident, None at the ends, and whether this one is among them."""
        key = (date - datetime.datetime(1970, 1, 1)).days * _ROWS + row
        newer, older, here = self._in_memory(key) if self._asked is None else self._from_engine(key)
        lines = (None if found is None else int(found % _ROWS) for found in (newer, older))
        return *lines, here

    def _in_memory(self, key: int) -> tuple[int | None, int | None, bool]:
        at = int(np.searchsorted(self._keys, key))
        here = at < len(self._keys) and self._keys[at] == key
        after = at + here
        return self._keys[after] if after < len(self._keys) else None, self._keys[at - 1] if at else None, bool(here)

    def _from_engine(self, key: int) -> tuple[int | None, int | None, bool]:
        newer, older = nw.col("newer").min(), nw.col("older").max()
        sides = self._asked.with_columns(
            newer=nw.when(nw.col("key") > key).then(nw.col("key")), older=nw.when(nw.col("key") < key).then(nw.col("key"))
        )
        found = collected(sides.select(newer, older, here=(nw.col("key") == key).sum()))
        return found["newer"][0], found["older"][0], bool(found["here"][0])


_ROWS = 2**32  # more lines than a file has
_DAY_MS = 86_400_000


def _within(incidents: Any, bounds: Bounds | None) -> Any:
    frame = nw.from_native(incidents)
    return frame.filter(*inside(bounds)) if bounds else frame
