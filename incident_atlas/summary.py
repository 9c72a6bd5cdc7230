"""Small tidy tables that answer: how many, how sure, when, whom, by whom, where. All in Narwhals expressions.

Every function takes the visible incidents (columns of `load.Loaded.incidents`) of any engine Narwhals knows and returns
a small pandas frame or a dict. Unknown is not zero: figures nobody reported are counted, not added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.record import split
from incident_atlas.totals import Headline, Total, grouped, headline, one, sums
from incident_atlas.vocabulary import LADDER, NOT_STATED, SHARP, UNKNOWN

COLUMNS = (
    "row", "date", "year", "month", "date_precision", "target_type", "perpetrator", "attribution", "precision_rank", "x", "y",
    "spot", "origin", "killed_low", "killed_best", "killed_most", "killed_open", "killed_none",
    "wounded_low", "wounded_best", "wounded_most", "wounded_open", "wounded_none", "killed_counts",
)  # fmt: skip
"""What the functions here read, for `Filters.apply(columns=...)`."""

__all__ = ["Headline", "Total", "headline"]  # of totals.py: callers ask `summary` for every number

CELL_PX = 60
"""Side of a map cell in screen pixels: two circles of its size do not hide one another."""

MERGE_PX = 40
"""Cells whose middles are nearer than this are drawn as one."""

MOST_CELLS = 160
"""So many marks, with words in any script, stay well under 100 KB."""


def by_year(incidents: Any) -> pd.DataFrame:
    """Incidents and victims per calendar year, quiet years included.

    A year without attacks is a finding, so it is a row of zeros; a year whose incidents report no figure has a blank,
    because nobody counted. One row per year, ascending: year, incidents, killed_low, killed, killed_high, without_figure.
    """
    columns = ["year", "incidents", "killed_low", "killed", "killed_high", "without_figure"]
    known = {row.year: row for row in grouped(incidents, ["year"], *sums("killed"), nw.len().alias("incidents")).itertuples()}
    rows = []
    for year in range(min(known), max(known) + 1) if known else ():
        found = known.get(year)
        if found is None:
            rows.append((year, 0, 0.0, 0.0, 0.0, 0))
        else:
            counted = found.killed_none < found.incidents
            figures = (found.killed_low, found.killed_best, found.killed_most) if counted else (np.nan, np.nan, np.nan)
            rows.append((year, found.incidents, *figures, int(found.killed_none)))
    return pd.DataFrame(rows, columns=columns).astype({"year": "int64", "incidents": "int64", "without_figure": "int64"})


def by_month(incidents: Any) -> pd.DataFrame:
    """Incidents per month, quiet months left out: month (year * 12 + month - 1), incidents.

    Incidents known only to the year are in no month; `without_month` counts them.
    """
    frame = nw.from_native(incidents).filter(nw.col("date_precision") != "year").to_native()
    return grouped(frame, ["month"], nw.len().alias("incidents")).sort_values("month", ignore_index=True)


def victims_by_month(incidents: Any) -> pd.DataFrame:
    """Incidents per month as in `by_month`, and for killed and wounded the parts of a total: _low, _best, _most, _open, _none."""
    frame = nw.from_native(incidents).filter(nw.col("date_precision") != "year").to_native()
    parts = (nw.len().alias("incidents"), *sums("killed"), *sums("wounded"))
    return grouped(frame, ["month"], *parts).sort_values("month", ignore_index=True)


def without_month(incidents: Any) -> int:
    """Incidents known only to the year, which no month holds."""
    return int(one(incidents, (nw.col("date_precision") == "year").sum().alias("n"))["n"] or 0)


def by_target_type(incidents: Any) -> pd.DataFrame:
    """Incidents per target type, most first, Unknown last: target_type, incidents.

    An incident with two types counts once in each, so the bars may add up to more than the total.
    """
    bars: Counter[str] = Counter()
    for cell, n in _counts(incidents, "target_type"):
        bars.update(dict.fromkeys(split(cell) or [UNKNOWN], n))
    return pd.DataFrame({"target_type": (names := _ranked(bars)), "incidents": [bars[name] for name in names]})


def by_perpetrator(incidents: Any) -> pd.DataFrame:
    """Incidents per suspected perpetrator and rung of the ladder: perpetrator, attribution, incidents.

    Perpetrators with most incidents first, Unknown last; rungs from strong to weak, denied apart at the end.
    """
    return _by_rung(incidents)


def by_perpetrator_and_year(incidents: Any) -> pd.DataFrame:
    """The bars of `by_perpetrator` split by calendar year: perpetrator, attribution, year, incidents; quiet years left out."""
    return _by_rung(incidents, "year")


def _by_rung(incidents: Any, *also: str) -> pd.DataFrame:
    totals: Counter[str] = Counter()
    found: Counter[tuple] = Counter()
    for cell, rung, *more, n in _counts(incidents, "perpetrator", "attribution", *also):
        for name in split(cell) or [UNKNOWN]:
            totals[name] += n
            found[name, rung, *more] += n
    place = {name: at for at, name in enumerate([*_ranked(totals), *LADDER, NOT_STATED])}
    order = sorted(found, key=lambda key: (place[key[0]], place[key[1]], *key[2:]))
    return pd.DataFrame([(*key, found[key]) for key in order], columns=["perpetrator", "attribution", *also, "incidents"])


AIMED_COLUMNS = ("target_type", "intended_target_type")
"""What `aimed_and_hit` reads, for `Filters.apply(columns=...)`."""


@dataclass(frozen=True)
class AimedAndHit:
    """Who was aimed at against who was hit. differ + as_aimed = incidents.

    pairs: aimed, hit, incidents, for the incidents in which the two are thought to differ (`differ`); those with most
    first, Unknown last. as_aimed: incidents of which nobody says so, which as far as known hit what they were aimed at.
    """

    pairs: pd.DataFrame
    differ: int
    as_aimed: int


def aimed_and_hit(incidents: Any) -> AimedAndHit:
    """Target types aimed at by target types hit (columns `AIMED_COLUMNS`).

    A blank intended type means "not thought to differ", so it stands in no cell of the table, not even on the diagonal.
    An incident with several types counts once under each pair, so the cells may add up to more than `differ`.
    """
    pairs: Counter[tuple[str, str]] = Counter()
    rows: Counter[str] = Counter()
    columns: Counter[str] = Counter()
    told = {True: 0, False: 0}
    for hit_cell, aimed_cell, n in _counts(incidents, "target_type", "intended_target_type"):
        aimed, hit = set(split(aimed_cell)), set(split(hit_cell)) or {UNKNOWN}
        told[bool(aimed)] += n
        rows.update(dict.fromkeys(aimed, n))
        columns.update(dict.fromkeys(hit if aimed else (), n))
        pairs.update({(one, other): n for one in aimed for other in hit})
    cells = [(one, other, pairs[one, other]) for one in _ranked(rows) for other in _ranked(columns) if pairs[one, other]]
    return AimedAndHit(pd.DataFrame(cells, columns=["aimed", "hit", "incidents"]), told[True], told[False])


APART_ZOOM = 11


def map_cells(
    incidents: Any,
    zoom: float,
    bounds: tuple[float, float, float, float] | None = None,
    apart: float = APART_ZOOM,
    hue: str | None = None,
) -> pd.DataFrame:
    """Placed incidents as cells of `CELL_PX` pixels at `zoom`: at most `MOST_CELLS` rows whatever the record's size.

    bounds: south, west, north, east in degrees; cells outside are left out. One row per cell: cells (the numbers of the
    grid cells it is made of), blunt, incidents, latitude, longitude (mean position), row (the line of one of them),
    spread (False when all lie on one spot), at. From zoom `apart` on places known only to a city or coarser make cells of
    their own, because they are no spot. Neighbours whose circles would overlap are one cell. `at` is the zoom that made
    the cells: less than `zoom` when those would have been too many. hue: a column of whole numbers; then the column `parts`
    has for each cell the numbers in it with how many incidents have each, ascending.
    """
    at = float(zoom)
    while len(cells := _cells(incidents, at, bounds, apart)) > MOST_CELLS and at > 0:
        at -= 1
    cells = _merged(cells, at)
    longitude = (cells["mx"] - 0.5) * 360
    latitude = np.degrees(2 * np.arctan(np.exp((0.5 - cells["my"]) * 2 * np.pi)) - np.pi / 2)
    spread = cells["s1"] > cells["s0"]
    found = cells[["cells", "blunt", "incidents", "row"]].assign(latitude=latitude, longitude=longitude, spread=spread, at=at)
    return found.assign(parts=_parts(incidents, at, bounds, apart, hue, found["cells"])) if hue else found


def in_cells(incidents: Any, zoom: float, cells: Iterable[float], apart: float = APART_ZOOM) -> Any:
    """The incidents of one row of `map_cells`, given its `at` and `cells`, as the frame they came from."""
    return nw.from_native(incidents).filter(_cell(zoom, apart).is_in(list(cells))).to_native()


def unplaced(incidents: Any) -> Any:
    """The incidents that no place could be found for, as the frame they came from."""
    return nw.from_native(incidents).filter(nw.col("x").is_null()).to_native()


_SIDE = 2.0**25


def _blunt() -> nw.Expr:
    return nw.col("precision_rank") >= len(SHARP)


def _in_cells(incidents: Any, zoom: float, bounds: tuple | None, apart: float, *columns: str) -> Any:
    """The placed incidents within the bounds, with the number of their cell."""
    wanted = [~nw.col("x").is_null(), *(inside(bounds) if bounds else ())]
    frame = nw.from_native(incidents).select("x", "y", "precision_rank", *columns).filter(*wanted)
    return frame.with_columns(cell=_cell(zoom, apart)).to_native()


def _parts(incidents: Any, zoom: float, bounds: tuple | None, apart: float, hue: str, cells: pd.Series) -> list[list[tuple]]:
    found: dict[float, Counter[int]] = {}
    for cell, number, n in grouped(
        _in_cells(incidents, zoom, bounds, apart, hue), ["cell", hue], nw.len().alias("n")
    ).itertuples(index=False, name=None):
        found.setdefault(cell, Counter())[int(number)] += int(n)
    return [sorted(sum((found[cell] for cell in merged), Counter()).items()) for merged in cells]


def _cells(incidents: Any, zoom: float, bounds: tuple[float, float, float, float] | None, apart: float) -> pd.DataFrame:
    return grouped(
        _in_cells(incidents, zoom, bounds, apart, "row", "spot"),
        ["cell"],
        nw.len().alias("incidents"),
        nw.col("x").mean().alias("mx"),
        nw.col("y").mean().alias("my"),
        nw.col("spot").min().alias("s0"),
        nw.col("spot").max().alias("s1"),
        nw.col("row").min().alias("row"),
    ).sort_values("cell", ignore_index=True)


def _cell(zoom: float, apart: float) -> nw.Expr:
    """One number per cell, because it groups faster than two; it stays exact: 2^25 cells a side, twice, are 2^51."""
    scale = 256 * 2**zoom / CELL_PX
    cell = ((nw.col("y") * scale).floor() * _SIDE + (nw.col("x") * scale).floor()) * 2
    return cell + _blunt().cast(nw.Float64) if zoom >= apart else cell


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
        ends = {"s0": min(other["s0"], cell["s0"]), "s1": max(other["s1"], cell["s1"]), "row": min(other["row"], cell["row"])}
        other |= ends | {"incidents": n + more, "cells": [*other["cells"], cell["cell"]]}
    columns = ["cells", "blunt", "incidents", "mx", "my", "s0", "s1", "row"]
    return pd.DataFrame(kept, columns=columns).sort_values("my", ignore_index=True)


def inside(bounds: tuple[float, float, float, float]) -> list[nw.Expr]:
    """The conditions of lying within south, west, north, east, in degrees."""
    south, west, north, east = bounds
    x, y = nw.col("x"), nw.col("y")
    return [x >= west / 360 + 0.5, x <= east / 360 + 0.5, y >= _y(north), y <= _y(south)]


def _y(latitude: float) -> float:
    return 0.5 - np.log(np.tan(np.pi / 4 + np.radians(np.clip(latitude, -85.05, 85.05)) / 2)) / (2 * np.pi)


def _counts(incidents: Any, *by: str) -> list[tuple]:
    return list(grouped(incidents, list(by), nw.len().alias("incidents")).itertuples(index=False, name=None))


def _ranked(bars: Counter[str]) -> list[str]:
    """Names with most incidents first, Unknown last."""
    return sorted(bars, key=lambda name: (name == UNKNOWN, -bars[name], name))


def as_json(incidents: Any) -> dict[str, Any]:
    """Every number of the Map page as plain values: what `python -m incident_atlas summary --json` prints."""
    head = headline(incidents)
    rungs = by_perpetrator(incidents)
    return {
        "incidents": head.incidents,
        "placed": head.placed,
        "unplaced": head.unplaced,
        "last": head.last.date().isoformat() if head.last is not None else None,
        "killed": asdict(head.killed),
        "wounded": asdict(head.wounded),
        "by_year": {str(year): int(n) for year, n in by_year(incidents)[["year", "incidents"]].itertuples(index=False)},
        "by_target_type": {name: int(n) for name, n in by_target_type(incidents).itertuples(index=False)},
        "by_perpetrator": {
            name: {rung: int(n) for rung, n in part[["attribution", "incidents"]].itertuples(index=False)}
            for name, part in rungs.groupby("perpetrator", sort=False)
        },
    }
