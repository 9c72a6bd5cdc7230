"""The marks of the map: placed incidents as cells of the screen's size, whatever the size of the record. All in Narwhals expressions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.core.vocabulary import SHARP
from incident_atlas.dataset.query import Query, Question, Steps, engine_asked
from incident_atlas.dataset.selection import has_place, inside
from incident_atlas.geo.projection import Bounds

COLUMNS = ("row", "x", "y", "precision_rank")
"""What is read here, for `Filters.apply(columns=...)`."""

CELL_PX = 60
"""Side of a map cell in screen pixels: two circles of its size do not hide one another."""

MERGE_PX = 40
"""Cells whose middles are nearer than this are drawn as one."""

MOST_CELLS = 160
"""So many marks, with words in any script, stay well under 100 KB."""

APART_ZOOM = 11

_SIDE = 2.0**25
_STEPS = 2.0**26
"""Points nearer than one of so many steps round the world (60 cm) are one spot."""

@Question
def map_cells(
    incidents: Any, zoom: float, bounds: Bounds | None = None, apart: float = APART_ZOOM, hue: str | None = None
) -> Steps[pd.DataFrame]:
    """Placed incidents as cells of `CELL_PX` pixels at `zoom`: at most `MOST_CELLS` rows whatever the record's size.

    incidents: columns `COLUMNS`. Cells outside the bounds are left out. One row per cell: cells (the numbers of the
    grid cells it is made of), blunt, incidents, latitude, longitude (mean position), row (the line of one of them),
    spread (False when all lie on one spot), at. From zoom `apart` on places known only to a city or coarser make cells of
    their own, because they are no spot. Neighbours whose circles would overlap are one cell. `at` is the zoom that made
    the cells: less than `zoom` when those would have been too many. hue: a column of whole numbers; then the column `parts`
    has for each cell the numbers in it with how many incidents have each, ascending.
    """
    at = float(zoom)
    values = {"incidents": nw.len(), "mx": nw.col("x").mean(), "my": nw.col("y").mean(), "row": nw.col("row").min()}
    values |= {f"{axis}{end}": getattr(nw.col(axis), end)() for axis in "xy" for end in ("min", "max")}
    cells = (yield Query(_in_cells(incidents, at, bounds, apart), values, ["cell"])).sort_values("cell", ignore_index=True)
    while len(cells) > MOST_CELLS and at > 0:
        at -= 1
        cells = _coarser(cells, at >= apart)
    cells = _merged(cells, at)
    longitude = (cells["mx"] - 0.5) * 360
    latitude = np.degrees(2 * np.arctan(np.exp((0.5 - cells["my"]) * 2 * np.pi)) - np.pi / 2)
    spread = (_step(cells["xmin"]) != _step(cells["xmax"])) | (_step(cells["ymin"]) != _step(cells["ymax"]))
    found = cells[["cells", "blunt", "incidents", "row"]].assign(latitude=latitude, longitude=longitude, spread=spread, at=at)
    if not hue:
        return found
    counted = yield Query(_in_cells(incidents, at, bounds, apart, hue), {"n": nw.len()}, ["cell", hue])
    return found.assign(parts=_parts(counted, found["cells"]))


@engine_asked()
def in_cells(incidents: Any, zoom: float, cells: Iterable[float], apart: float = APART_ZOOM) -> Any:
    """The incidents of one row of `map_cells`, given its `at` and `cells`, as the frame they came from."""
    return nw.from_native(incidents).filter(has_place(), _cell(zoom, apart).is_in(list(cells))).to_native()


def _in_cells(incidents: Any, zoom: float, bounds: Bounds | None, apart: float, *columns: str) -> Any:
    """The placed incidents within the bounds, with the number of their cell."""
    wanted = [has_place(), *(inside(bounds) if bounds else ())]
    frame = nw.from_native(incidents).select(*COLUMNS, *columns).filter(*wanted)
    return frame.with_columns(cell=_cell(zoom, apart)).to_native()


def square(scale: float) -> nw.Expr:
    """Which of `scale` squares a side round the world: one number, because it groups faster than two; exact up to 2^25 a side."""
    # PostgreSQL and Spark round down to an integer, which times a constant would be one of their exact decimals.
    down, right = ((nw.col(axis) * scale).floor().cast(nw.Float64) for axis in "yx")
    return down * _SIDE + right


def _cell(zoom: float, apart: float) -> nw.Expr:
    cell = square(256 * 2**zoom / CELL_PX) * 2
    blunt = nw.when(nw.col("precision_rank") >= len(SHARP)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return cell + blunt if zoom >= apart else cell


def _coarser(cells: pd.DataFrame, apart: bool) -> pd.DataFrame:
    """The cells of the zoom before: four are exactly one of it, so nothing need be asked again."""
    blunt, at = cells["cell"] % 2, cells["cell"] // 2
    number = (at // _SIDE // 2 * _SIDE + at % _SIDE // 2) * 2 + (blunt if apart else 0)
    n = cells["incidents"]
    sums = cells.assign(cell=number, mx=cells["mx"] * n, my=cells["my"] * n).groupby("cell", as_index=False)
    ends = dict.fromkeys(("xmin", "ymin", "row"), "min") | dict.fromkeys(("xmax", "ymax"), "max")
    made = sums.agg({"incidents": "sum", "mx": "sum", "my": "sum"} | ends)
    return made.assign(mx=made["mx"] / made["incidents"], my=made["my"] / made["incidents"])


def _step(places: pd.Series) -> pd.Series:
    return (places * _STEPS).round()


def _parts(counted: pd.DataFrame, cells: pd.Series) -> list[list[tuple]]:
    found: dict[float, Counter[int]] = {}
    for cell, number, n in counted.itertuples(index=False, name=None):
        found.setdefault(cell, Counter())[int(number)] += int(n)
    return [sorted(sum((found[cell] for cell in merged), Counter()).items()) for merged in cells]


def _merged(cells: pd.DataFrame, zoom: float) -> pd.DataFrame:
    """Cells whose circles would overlap as one: a grid cuts a town in two when its line runs through it."""
    reach = MERGE_PX / (256 * 2**zoom)
    kept: list[dict[str, Any]] = []
    for cell in cells.sort_values("incidents", ascending=False, kind="stable").to_dict("records"):
        blunt = cell["cell"] % 2 == 1
        near = (
            k for k in kept if k["blunt"] == blunt and abs(k["mx"] - cell["mx"]) < reach and abs(k["my"] - cell["my"]) < reach
        )
        if (other := next(near, None)) is None:
            kept.append(cell | {"blunt": blunt, "cells": [cell["cell"]]})
            continue
        n, more = other["incidents"], cell["incidents"]
        other["mx"], other["my"] = ((other[axis] * n + cell[axis] * more) / (n + more) for axis in ("mx", "my"))
        ends = {name: min(other[name], cell[name]) for name in ("xmin", "ymin", "row")}
        ends |= {name: max(other[name], cell[name]) for name in ("xmax", "ymax")}
        other |= ends | {"incidents": n + more, "cells": [*other["cells"], cell["cell"]]}
    columns = ["cells", "blunt", "incidents", "mx", "my", "xmin", "xmax", "ymin", "ymax", "row"]
    return pd.DataFrame(kept, columns=columns).sort_values("my", ignore_index=True).astype({"incidents": "int64", "row": "int64"})
