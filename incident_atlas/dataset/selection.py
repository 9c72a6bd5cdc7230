"""Some of a record's incidents, in any engine: by line, by place, within bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.core.vocabulary import UNPLACED
from incident_atlas.dataset.query import engine_asked
from incident_atlas.geo.projection import Bounds, mercator


@engine_asked()
def on_lines(incidents: Any, lines: Iterable[int]) -> Any:
    """The incidents of these lines (`row`), as the frame they came from."""
    frame = nw.from_native(incidents)
    numbers = list(lines)
    return (frame.filter(nw.col("row").is_in(numbers)) if numbers else frame.head(0)).to_native()


@engine_asked()
def placed(incidents: Any) -> Any:
    """The incidents that have a place, as the frame they came from."""
    return nw.from_native(incidents).filter(has_place()).to_native()


@engine_asked()
def unplaced(incidents: Any) -> Any:
    """The incidents that no place could be found for, as the frame they came from."""
    return nw.from_native(incidents).filter(~has_place()).to_native()


def inside(bounds: Bounds) -> list[nw.Expr]:
    """The conditions of lying within bounds."""
    west, east, north, south = mercator_box(bounds)
    x, y = nw.col("x"), nw.col("y")
    return [x >= west, x <= east, y >= north, y <= south]


def mercator_box(bounds: Bounds) -> tuple[float, float, float, float]:
    """Least and largest x, least and largest y of bounds, as in the columns x and y of the record."""
    south, west, north, east = bounds
    (left, top), (right, bottom) = mercator(north, west), mercator(south, east)
    return left, right, top, bottom


def has_place() -> nw.Expr:
    """The condition of having a place."""
    return nw.col("precision_rank") < UNPLACED


def reports_of(visible: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """The reports of these incidents, with every column even when there is none."""
    if not len(reports):
        return pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")
    return reports[reports["incident_id"].isin(visible["incident_id"])]
