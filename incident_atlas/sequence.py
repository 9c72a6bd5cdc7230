"""Incidents in their order, newest first: how many, page by page, the one before and the one after."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from incident_atlas.summary import inside


def count(incidents: Any, bounds: tuple[float, float, float, float] | None = None) -> int:
    """How many incidents there are, inside `bounds` (south, west, north, east in degrees) when given."""
    return int(_collected(_within(incidents, bounds).select(n=nw.len()))["n"][0])


def newest(incidents: Any, most: int, page: int = 1, bounds: tuple[float, float, float, float] | None = None) -> list[int]:
    """The lines of the newest incidents, newest first: `most` of them, or of those after the first `page` - 1 pages."""
    first = _within(incidents, bounds).select("row", "date").top_k(most * page, by=["date", "row"])
    ordered = _collected(first.sort("date", "row", descending=True))
    return [int(row) for row in ordered["row"].to_list()[most * (page - 1) :]]


def neighbours(incidents: Any, date: Any, row: int) -> tuple[int | None, int | None]:
    """The lines of the next newer and the next older incident than that date and line; None at the ends."""
    frame = nw.from_native(incidents).select("row", "date")
    at = nw.lit(date).cast(nw.Datetime("ms"))
    same = nw.col("date") == at
    after = frame.filter((nw.col("date") > at) | (same & (nw.col("row") > row))).top_k(1, by=["date", "row"], reverse=True)
    before = frame.filter((nw.col("date") < at) | (same & (nw.col("row") < row))).top_k(1, by=["date", "row"])
    newer, older = (next(iter(_collected(ends)["row"].to_list()), None) for ends in (after, before))
    return newer, older


def _within(incidents: Any, bounds: tuple[float, float, float, float] | None) -> Any:
    frame = nw.from_native(incidents)
    return frame.filter(*inside(bounds)) if bounds else frame


def _collected(frame: Any) -> Any:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame
