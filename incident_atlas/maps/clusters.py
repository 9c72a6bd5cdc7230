"""The marks of the map: incidents by province far out, as cells of the screen's size nearer. All in Narwhals expressions.

What is known only to an area that is larger than a mark at the zoom (a city, a district, a province) is no mark then: it is
counted apart, as an area.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, PRECISION_RANK, RADIUS_M
from incident_atlas.dataset.query import Plan, Query, Question, Steps, engine_asked, has_no_rows
from incident_atlas.dataset.selection import has_place, inside
from incident_atlas.geo.distance import degrees
from incident_atlas.geo.gazetteer import Place, offline_gazetteer
from incident_atlas.geo.projection import Bounds, degrees_at, mercator
from incident_atlas.maps.mark_layout import GAP_PX, mark_px, metres_per_pixel

PROVINCE_ZOOM = 7.5
"""Below it incidents are counted by province: a fixed geography, whose figures no screen changes."""

CELL_PX = 60
"""Side of a map cell in screen pixels."""

AREA_PX = 48
"""A place known only to an area of more than this radius in screen pixels is no mark: the area would hide in a point."""

MOST_CELLS = 160
"""So many marks, with words in any script, stay well under 100 KB."""

MOST_AREAS = 200
"""Areas that are counted apart in one view; those with the most incidents."""

SAME_SPOT_PX = 60
"""Incidents nearer than this at `NEAREST_ZOOM` are not pulled apart by looking closer: their mark opens as a list."""

NEAREST_ZOOM = 16

NEIGHBOURHOOD_ZOOM = 10.5
"""The least zoom at which the map names neighbourhoods, and says of a mark of several spots where most of it is."""

_SIDE = 2.0**25
_PLACE_SCALE = 2.0**18
"""Squares a side round the world, each some 125 m wide in Afghanistan: what is in that of a neighbourhood's point is counted as there."""
_LATITUDE = 34.5
"""Degrees: where Kabul and Herat lie; the zoom at which an area outgrows a mark is measured there."""

CAPITALS = (
    "gn-1138958", "gn-1140026", "gn-1138336", "gn-1133616", "gn-1139715", "gn-1135689", "gn-1141269", "gn-1147242", "gn-1142264",
    "gn-1120985", "gn-1134720", "gn-1136469", "gn-1141857", "gn-1142170", "gn-1133453", "gn-1123004", "gn-1130490", "gn-1145352",
    "gn-1148311", "gn-1131833", "gn-1122747", "gn-1130131", "gn-1129867", "gn-1429434", "gn-1133574", "gn-8534261", "gn-1130469",
    "gn-1127110", "gn-1145904", "gn-1125444", "gn-1126606", "gn-1130497", "gn-1127768", "gn-1456960",
)  # fmt: skip
"""Place numbers, in data/gazetteer.csv, of the principal town of each of the 34 provinces."""


class GridCells(NamedTuple):
    """Which incidents a mark of the screen's grid stands for: the zoom of the grid and the numbers of its cells."""

    zoom: float
    numbers: tuple[int, ...]


@cache
def principal_towns() -> dict[str, tuple[float, float]]:
    """Province name to latitude and longitude of its principal town, degrees."""
    towns = offline_gazetteer().by_id
    return {towns[number].province: (towns[number].latitude, towns[number].longitude) for number in CAPITALS}


@cache
def neighbourhoods() -> tuple[Place, ...]:
    """The neighbourhoods that have a point of their own; airports and air bases, which are as wide, are among them."""
    gazetteer = offline_gazetteer()
    wide = ("Airport", "Airfield", "Air Base")
    return tuple(
        place
        for place in gazetteer.places
        if gazetteer.has_own_point(place)
        and (place.kind == "neighbourhood" or (place.kind == "landmark" and place.name.endswith(wide)))
    )


@cache
def _neighbourhood_squares() -> dict[float, tuple[float, float]]:
    """Latitude and longitude of each of the `neighbourhoods` by the number of its square."""
    found = {}
    for place in neighbourhoods():
        x, y = mercator(place.latitude, place.longitude)
        number = math.floor(y * _PLACE_SCALE) * _SIDE + math.floor(x * _PLACE_SCALE)
        found.setdefault(float(number), (place.latitude, place.longitude))
    return found


def area_ranks(zoom: float) -> range:
    """The ranks of precision that are no mark at this zoom, coarse ones only: see `AREA_PX`.

    >>> [GEO_PRECISIONS[rank] for rank in area_ranks(9)], list(area_ranks(5)) == [PRECISION_RANK["country"]]
    (['district', 'province', 'country'], True)
    """
    metres = AREA_PX * metres_per_pixel(_LATITUDE, zoom)
    wide = (rank for rank in range(len(PRECISE), len(GEO_PRECISIONS)) if RADIUS_M[GEO_PRECISIONS[rank]] > metres)
    first = next(wide, PRECISION_RANK["country"]) if zoom >= PROVINCE_ZOOM else PRECISION_RANK["country"]
    return range(min(first, PRECISION_RANK["country"]), len(GEO_PRECISIONS))


@Question
def map_marks(
    incidents: Any, zoom: float, bounds: Bounds | None = None, colour: str | None = None, uncertain_date: bool = False
) -> Steps[pd.DataFrame]:
    """What the map marks: below `PROVINCE_ZOOM` a row for each province, nearer `map_cells` without what is only an area.

    Columns as `map_cells`, and province: its name, or "" for a cell. A province stands at its principal town and counts every
    incident of its name, in view or not, as the filter of that province does. What lies in no province of the gazetteer is in
    cells at every zoom. uncertain_date: as in `map_cells`.
    """
    return (yield from plan_marks(incidents, zoom, bounds, colour, ("uncertain_date",) if uncertain_date else ()).steps())


def plan_marks(
    incidents: Any, zoom: float, bounds: Bounds | None = None, colour: str | None = None, keep: Sequence[str] = ()
) -> Plan[pd.DataFrame]:
    """`map_marks` as a plan. keep: other columns that its queries may be grouped by; with `uncertain_date` among them it is added up."""
    # Only what is read here: to filter every column of a record would take longer than the question.
    read = dict.fromkeys(("row", "x", "y", "precision_rank", "province", *([colour] if colour else []), *keep))
    frame = nw.from_native(incidents).select(*read)
    precise = nw.col("precision_rank") < area_ranks(zoom).start
    if zoom >= PROVINCE_ZOOM:
        near = _plan_cells(frame.filter(precise).to_native(), zoom, bounds, colour, keep)
        return replace(near, finish=lambda answers: near.finish(answers).assign(province=""))
    known = nw.col("province").is_in(list(principal_towns()))
    inside_known = frame.filter(known).to_native()
    counts = {"incidents": nw.len(), "row": nw.col("row").min()} | (
        {"uncertain_date": nw.col("uncertain_date").sum()} if "uncertain_date" in keep else {}
    )
    by_province = [Query(inside_known, counts, ["province"], joins={"row": "min"})]
    by_province += [Query(inside_known, {"n": nw.len()}, ["province", colour])] if colour else []
    elsewhere = frame.filter(~known, precise)
    # Most records have nothing elsewhere, and asking for it takes as long as asking for the provinces.
    rest = None if has_no_rows(elsewhere) else _plan_cells(elsewhere.to_native(), zoom, bounds, colour, keep)

    def finish(answers: list[pd.DataFrame]) -> pd.DataFrame:
        found = answers[0].sort_values("province", ignore_index=True)
        places = np.array([principal_towns()[name] for name in found["province"]], dtype=float).reshape(-1, 2)
        found = found.assign(
            cells=[[]] * len(found), imprecise=True, latitude=places[:, 0], longitude=places[:, 1], extent=None, at=float(zoom)
        )
        if colour:
            found["parts"] = _parts(answers[1], [[name] for name in found["province"]])
        cells = answers[len(by_province) :]
        if rest is None or not len(cells[0]):
            return found
        return pd.concat([found, rest.finish(cells).assign(province="")], ignore_index=True)[found.columns]

    return Plan([*by_province, *(rest.queries if rest else ())], finish)


@Question
def map_areas(incidents: Any, zoom: float, bounds: Bounds) -> Steps[pd.DataFrame]:
    """The areas of `area_ranks` at this zoom that reach into the bounds, each with all its incidents, the most first.

    One row per place: precision_rank, province, district, city (empty below the level of the precision), incidents, row (the
    line of one of them).
    """
    return (yield from plan_areas(incidents, zoom, bounds).steps())


def plan_areas(incidents: Any, zoom: float, bounds: Bounds) -> Plan[pd.DataFrame]:
    """`map_areas` as a plan."""
    frame = nw.from_native(incidents).filter(nw.col("precision_rank") >= area_ranks(zoom).start, has_place())
    if zoom < PROVINCE_ZOOM:
        # A province's mark counts them already.
        frame = frame.filter(~nw.col("province").is_in(list(principal_towns())))
    keys = ["precision_rank", "province", "district", "city"]
    if has_no_rows(frame):
        return Plan([], lambda _unused: pd.DataFrame(columns=[*keys, "incidents", "row"]))
    reaches = nw.any_horizontal(*(_reaches(rank, bounds) for rank in area_ranks(zoom)), ignore_nulls=True)
    frame = frame.with_columns(reaching=nw.when(reaches).then(nw.lit(1)).otherwise(nw.lit(0)))
    counts = {"reaching": nw.col("reaching").sum(), "incidents": nw.len(), "row": nw.col("row").min()}
    query = Query(frame.to_native(), counts, keys, 10 * MOST_AREAS, {"row": "min"})
    return Plan([query], lambda answers: _areas(answers[0], keys))


def _areas(found: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    found = found.astype({"precision_rank": "int64", "incidents": "int64", "row": "int64", **dict.fromkeys(keys[1:], "object")})
    if not len(found):
        return found[[*keys, "incidents", "row"]]
    city, district, province = (PRECISION_RANK[name] for name in ("city", "district", "province"))
    rank = found["precision_rank"]
    found.loc[rank != city, "city"] = ""
    found.loc[(rank != district) & ~((rank == city) & (found["city"] == "")), "district"] = ""
    found.loc[rank > province, "province"] = ""
    found = found.groupby(keys, as_index=False).agg({"reaching": "sum", "incidents": "sum", "row": "min"})
    found = found[found["reaching"] > 0].drop(columns="reaching")
    return found.sort_values(["incidents", "row"], ascending=[False, True], ignore_index=True).head(MOST_AREAS)


def _reaches(rank: int, bounds: Bounds) -> nw.Expr:
    """The condition of being known to an area of this rank that reaches into the bounds."""
    if GEO_PRECISIONS[rank] == "country":
        return nw.col("precision_rank") == rank
    south, west, north, east = bounds
    high, wide = degrees(RADIUS_M[GEO_PRECISIONS[rank]] / 1000, (south + north) / 2)
    within = inside((south - high, west - wide, north + high, east + wide))
    return nw.all_horizontal(nw.col("precision_rank") == rank, *within, ignore_nulls=True)


@Question
def map_cells(
    incidents: Any, zoom: float, bounds: Bounds | None = None, colour: str | None = None, uncertain_date: bool = False
) -> Steps[pd.DataFrame]:
    """Placed incidents as cells of `CELL_PX` pixels at `zoom`: at most `MOST_CELLS` rows whatever the record's size.

    incidents: columns `COLUMNS`. GridCells outside the bounds are left out. One row per cell: cells (the numbers of the
    grid cells it is made of), imprecise, incidents, latitude, longitude (mean position), row (the line of one of them), extent
    (south, west, north, east of them; None when they are too near to be pulled apart, see `SAME_SPOT_PX`), at. Places known
    only to a city or coarser make cells of their own, because they are no spot. Neighbours whose circles would overlap are
    one cell. `at` is the zoom that made the cells: less than `zoom` when those would have been too many. colour: a column of
    whole numbers; then the column `parts` has for each cell the numbers in it with how many incidents have each, ascending.
    uncertain_date: the incidents have the column of that name, 0 or 1 (`filters.with_uncertain_date`); then it is added up for each cell.
    From `NEIGHBOURHOOD_ZOOM` on there is the column main_place: latitude and longitude of the neighbourhood of most of the cell's
    incidents, None where none is known to one.
    """
    return (yield from _plan_cells(incidents, zoom, bounds, colour, ("uncertain_date",) if uncertain_date else ()).steps())


def _plan_cells(
    incidents: Any, zoom: float, bounds: Bounds | None, colour: str | None, keep: Sequence[str]
) -> Plan[pd.DataFrame]:
    columns = ("uncertain_date",) if "uncertain_date" in keep else ()
    frame = _in_cells(incidents, float(zoom), bounds, *keep, *([colour] if colour else []))
    values = {"incidents": nw.len(), "mx": nw.col("x").mean(), "my": nw.col("y").mean(), "row": nw.col("row").min()}
    values |= {"uncertain_date": nw.col("uncertain_date").sum()} if columns else {}
    values |= {f"{axis}{end}": getattr(nw.col(axis), end)() for axis in "xy" for end in ("min", "max")}
    joins = {"mx": "mean", "my": "mean", "row": "min"} | {f"{axis}{end}": end for axis in "xy" for end in ("min", "max")}
    queries = [Query(frame, values, ["cell"], joins=joins)]
    splits = {"parts": Query(frame, {"n": nw.len()}, ["cell", colour])} if colour else {}
    if zoom >= NEIGHBOURHOOD_ZOOM:
        placed = nw.from_native(frame).with_columns(place=square(_PLACE_SCALE))
        placed = placed.filter(nw.col("place").is_in(list(_neighbourhood_squares())))
        splits["main_place"] = Query(placed.to_native(), {"n": nw.len()}, ["cell", "place"])
    queries += splits.values()

    def finish(answers: list[pd.DataFrame]) -> pd.DataFrame:
        cells, at = answers[0].sort_values("cell", ignore_index=True), float(zoom)
        counted = dict(zip(splits, answers[1:], strict=True))
        while len(cells) > MOST_CELLS and at > 0:
            at -= 1
            cells = _coarser(cells)
            counted = {name: table.assign(cell=_parent(table["cell"])) for name, table in counted.items()}
        cells = _merged(cells, at)
        place = dict(zip(("latitude", "longitude"), degrees_at(cells["mx"], cells["my"]), strict=True))
        found = cells[["cells", "imprecise", "incidents", "row", *columns]].assign(**place, extent=_extents(cells), at=at)
        parts = {name: _parts(table, found["cells"]) for name, table in counted.items()}
        if "main_place" in parts:
            parts["main_place"] = pd.Series([_main_place(places) for places in parts["main_place"]], found.index, dtype=object)
        return found.assign(**parts)

    return Plan(queries, finish)


@engine_asked()
def in_cells(incidents: Any, zoom: float, cells: Iterable[float]) -> Any:
    """The incidents of one row of `map_cells`, given its `at` and `cells`, as the frame they came from."""
    return nw.from_native(incidents).filter(has_place(), _cell(zoom).is_in(list(cells))).to_native()


def _in_cells(incidents: Any, zoom: float, bounds: Bounds | None, *columns: str) -> Any:
    """The placed incidents within the bounds, with the number of their cell."""
    conditions = [has_place(), *(inside(bounds) if bounds else ())]
    frame = nw.from_native(incidents).select("row", "x", "y", "precision_rank", *columns).filter(*conditions)
    return frame.with_columns(cell=_cell(zoom)).to_native()


def square(scale: float) -> nw.Expr:
    """Which of `scale` squares a side round the world: one number, because it groups faster than two; exact up to 2^25 a side."""
    # PostgreSQL and Spark round down to an integer, which times a constant would be one of their exact decimals.
    down, right = ((nw.col(axis) * scale).floor().cast(nw.Float64) for axis in "yx")
    return down * _SIDE + right


def _cell(zoom: float) -> nw.Expr:
    coarse = nw.when(nw.col("precision_rank") >= len(PRECISE)).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    return square(256 * 2**zoom / CELL_PX) * 2 + coarse


def _coarser(cells: pd.DataFrame) -> pd.DataFrame:
    """The cells of the zoom before: four are exactly one of it, so nothing need be asked again."""
    n = cells["incidents"]
    sums = cells.assign(cell=_parent(cells["cell"]), mx=cells["mx"] * n, my=cells["my"] * n).groupby("cell", as_index=False)
    ends = dict.fromkeys(("xmin", "ymin", "row"), "min") | dict.fromkeys(("xmax", "ymax"), "max")
    added = dict.fromkeys(("incidents", "mx", "my", *(name for name in cells if name == "uncertain_date")), "sum")
    made = sums.agg(added | ends)
    return made.assign(mx=made["mx"] / made["incidents"], my=made["my"] / made["incidents"])


def _parent(cell: pd.Series) -> pd.Series:
    """The numbers of the cells of the zoom before that hold these."""
    coarse, at = cell % 2, cell // 2
    return (at // _SIDE // 2 * _SIDE + at % _SIDE // 2) * 2 + coarse


def _extents(cells: pd.DataFrame) -> pd.Series:
    """South, west, north, east of each cell's incidents in degrees, None where no zoom would pull them apart."""
    side = np.maximum(cells["xmax"] - cells["xmin"], cells["ymax"] - cells["ymin"]) * 256 * 2**NEAREST_ZOOM
    (south, west), (north, east) = degrees_at(cells["xmin"], cells["ymax"]), degrees_at(cells["xmax"], cells["ymin"])
    ends = zip(south, west, north, east, strict=True)
    found = [tuple(map(float, corners)) if wide > SAME_SPOT_PX else None for corners, wide in zip(ends, side, strict=True)]
    return pd.Series(found, index=cells.index, dtype=object)


def _parts(counted: pd.DataFrame, groups: Iterable[list]) -> list[list[tuple]]:
    """For each group of keys the colours (or places) in it with how many incidents have each. counted: key, colour, number."""
    found: dict[Any, Counter[int]] = {}
    for key, number, n in counted.itertuples(index=False, name=None):
        found.setdefault(key, Counter())[int(number)] += int(n)
    return [sorted(sum((found.get(key, Counter()) for key in merged), Counter()).items()) for merged in groups]


def _main_place(places: list[tuple]) -> tuple[float, float] | None:
    """Latitude and longitude of the neighbourhood with the most incidents. places: number of the square, number of incidents."""
    return _neighbourhood_squares()[max(places, key=lambda place: place[1])[0]] if places else None


def _merged(cells: pd.DataFrame, zoom: float) -> pd.DataFrame:
    """GridCells whose circles would overlap as one: a grid cuts a town in two when its line runs through it."""
    world = 256 * 2**zoom
    kept = [cell | {"imprecise": cell["cell"] % 2 == 1, "cells": [cell["cell"]]} for cell in cells.to_dict("records")]
    before = -1
    while len(kept) != before:
        # A merged circle is larger and may reach another.
        before = len(kept)
        kept = _merged_once(sorted(kept, key=lambda cell: -cell["incidents"]), world)
    columns = ["cells", "imprecise", *(name for name in cells if name != "cell")]
    return pd.DataFrame(kept, columns=columns).sort_values("my", ignore_index=True).astype({"incidents": "int64", "row": "int64"})


def _merged_once(cells: list[dict[str, Any]], world: float) -> list[dict[str, Any]]:
    kept: list[dict[str, Any]] = []
    for cell in cells:
        size = mark_px(cell["incidents"])
        near = (
            other
            for other in kept
            if other["imprecise"] == cell["imprecise"]
            and math.hypot(other["mx"] - cell["mx"], other["my"] - cell["my"]) * world
            < (mark_px(other["incidents"]) + size) / 2 + GAP_PX
        )
        if (other := next(near, None)) is None:
            kept.append(cell)
            continue
        n, more = other["incidents"], cell["incidents"]
        other["mx"], other["my"] = ((other[axis] * n + cell[axis] * more) / (n + more) for axis in ("mx", "my"))
        ends = {name: min(other[name], cell[name]) for name in ("xmin", "ymin", "row")}
        ends |= {name: max(other[name], cell[name]) for name in ("xmax", "ymax")}
        if "uncertain_date" in other:
            ends["uncertain_date"] = other["uncertain_date"] + cell["uncertain_date"]
        other |= ends | {"incidents": n + more, "cells": [*other["cells"], *cell["cells"]]}
    return kept
