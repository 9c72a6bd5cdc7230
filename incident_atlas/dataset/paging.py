"""Incidents in their order, newest first: how many, page by page, the one before and the one after."""

from __future__ import annotations

import datetime
from typing import Any

import narwhals as nw
import numpy as np

from incident_atlas.dataset.period_table import MonthRange
from incident_atlas.dataset.query import collected, day_number, engine_asked, how_many
from incident_atlas.dataset.selection import has_place, inside, mercator_box
from incident_atlas.geo.projection import Bounds


@engine_asked()
def count(incidents: Any, bounds: Bounds | None = None) -> int:
    """How many incidents there are, inside `bounds` when given."""
    return int(collected(_within(incidents, bounds).select(n=nw.len()))["n"][0])


@engine_asked()
def holds(incidents: Any, row: int) -> bool:
    """Whether the incident of that line is among them."""
    return bool(collected(nw.from_native(incidents).select(n=how_many(nw.col("row") == row)))["n"][0])


@engine_asked()
def newest(incidents: Any, most: int, page: int = 1, bounds: Bounds | None = None) -> list[int]:
    """The lines of the newest incidents, newest first: `most` of them, or of those after the first `page` - 1 pages."""
    frame = _within(incidents, bounds).select("row", "date")
    if not isinstance(frame, nw.LazyFrame):
        ordered = frame.top_k(most * page, by=["date", "row"]).sort("date", "row", descending=True)
        return [int(row) for row in ordered["row"].to_list()[most * (page - 1) :]]
    first = frame.sort("date", "row", descending=True).head(most * page)
    if page > 1:
        # Only the page itself leaves the engine, and not all pages before it.
        first = first.sort("date", "row").head(max(0, min(most, count(incidents, bounds) - most * (page - 1))))
    return [int(row) for row in collected(first.sort("date", "row", descending=True))["row"].to_list()]


@engine_asked()
def largest(incidents: Any, column: str, most: int, page: int = 1) -> list[int]:
    """The lines of the incidents with the largest value of a column first, newer ones before older, those without a value last.

    `most` of them, or of those after the first `page` - 1 pages.
    """
    if column == "date":
        return newest(incidents, most, page)
    frame = nw.from_native(incidents).select("row", "date", column)
    ordered = frame.sort(column, "date", "row", descending=True, nulls_last=True).head(most * page)
    return [int(row) for row in collected(ordered)["row"].to_list()[most * (page - 1) :]]


@engine_asked()
def deadliest(incidents: Any, most: int) -> list[int]:
    """The lines of the incidents with most killed (best figure, else lowest), the most first, newer ones before older; none without dead."""
    frame = nw.from_native(incidents).filter(nw.col("killed_best") > 0).select("row", "date", "killed_best")
    return [int(row) for row in collected(frame.sort("killed_best", "date", "row", descending=True).head(most))["row"].to_list()]


class Order:
    """The order of a filter's incidents, worked out once, so that each step in it costs the same on any record in memory.

    An engine is asked at every step.
    """

    @engine_asked()
    def __init__(self, incidents: Any) -> None:
        self._frame = nw.from_native(incidents).select("row", "date")
        self._keys = None if isinstance(self._frame, nw.LazyFrame) else np.sort(self._numbers())

    @engine_asked()
    def around(self, date: datetime.datetime, row: int) -> tuple[int | None, int | None, bool]:
        """The lines of the next newer and the next older incident, None at the ends, and whether this one is among them."""
        if self._keys is None:
            return self._query_neighbours(date, row)
        key = (date - datetime.datetime(1970, 1, 1)).days * _ROWS + row
        at = int(np.searchsorted(self._keys, key))
        is_row = at < len(self._keys) and self._keys[at] == key
        after = at + is_row
        newer = int(self._keys[after] % _ROWS) if after < len(self._keys) else None
        return newer, int(self._keys[at - 1] % _ROWS) if at else None, bool(is_row)

    def _numbers(self) -> np.ndarray:
        days = (nw.col("date").dt.timestamp("ms") // _DAY_MS).cast(nw.Int64)
        return self._frame.select(key=days * _ROWS + nw.col("row").cast(nw.Int64))["key"].to_numpy()

    def _query_neighbours(self, date: datetime.datetime, row: int) -> tuple[int | None, int | None, bool]:
        day, line = nw.col("date"), nw.col("row")
        newer = self._frame.filter((day > date) | ((day == date) & (line > row))).sort("date", "row").head(1)
        older = self._frame.filter((day < date) | ((day == date) & (line < row))).sort("date", "row", descending=True).head(1)
        found = [collected(side)["row"].to_list() for side in (newer, older)]
        return *(int(side[0]) if side else None for side in found), holds(self._frame.to_native(), row)


class PeriodOrder:
    """The order of a filter's incidents with their periods, from which each window takes its part.

    Of an engine only the newest of each period are held, by line and day: the newest of a window are among them.
    """

    @engine_asked()
    def __init__(self, incidents: Any, most: int, bounds: Bounds | None = None) -> None:
        """incidents: of `filters.with_periods`. most: as many as `within` is asked for. bounds: of an engine, what the incidents lie in."""
        frame = nw.from_native(incidents)
        columns = ("row", "date", "x", "y", "first_month", "last_month")
        if isinstance(frame, nw.LazyFrame):
            there = frame.filter(has_place(), *(inside(bounds) if bounds else ())).select(*columns)
            age = day_number(nw.col("date")).cast(nw.Int64) * _ROWS + nw.col("row").cast(nw.Int64)
            place = age.rank("ordinal", descending=True).over("first_month", "last_month")
            frame = collected(there.with_columns(place=place).filter(nw.col("place") <= most).select(*columns))
        frame = frame.select(*columns).sort("date", "row", descending=True)
        self._rows, self._x, self._y = (frame[name].to_numpy() for name in ("row", "x", "y"))
        self._first, self._last = (frame[name].to_numpy().astype("int32") for name in ("first_month", "last_month"))

    def within(self, months: MonthRange, bounds: Bounds | None, most: int) -> tuple[int, list[int]]:
        """How many incidents of the window lie inside the bounds (None: have a place), and the lines of the newest, newest first."""
        at = np.flatnonzero(months.touches(self._first, self._last))
        x, y = self._x[at], self._y[at]
        if bounds:
            west, east, north, south = mercator_box(bounds)
            at = at[(x >= west) & (x <= east) & (y >= north) & (y <= south)]
        else:
            at = at[~np.isnan(x)]
        return len(at), [int(row) for row in self._rows[at[:most]]]


_ROWS = 2**32  # more lines than a file has
_DAY_MS = 86_400_000


def _within(incidents: Any, bounds: Bounds | None) -> Any:
    frame = nw.from_native(incidents)
    return frame.filter(*inside(bounds)) if bounds else frame
