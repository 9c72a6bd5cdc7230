"""Totals of victims as intervals, with the figures nobody reported beside them, and without the largest incident.

Also the two ways in which `summary` asks a frame of any engine Narwhals knows: for one row, and for a few groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

LARGE_SHARE = 1 / 4
"""An incident that makes more than this of a total is told apart: one attack must not pass for a trend."""

_PARTS = ("low", "best", "most", "open", "none")


@dataclass(frozen=True)
class Total:
    """A sum with its bounds: the sums of lows, bests and highs, each filled from its neighbours and never below the low.

    at_least: an incident with a figure has no high, so the true total may be above `high`. without_figure: incidents
    for which no source gives any figure.
    """

    low: int
    best: int
    high: int
    at_least: bool
    without_figure: int


@dataclass(frozen=True)
class Largest:
    """The incident that makes more than `LARGE_SHARE` of a total: when it was, and the total of all the others."""

    date: pd.Timestamp
    date_precision: str
    rest: Total


@dataclass(frozen=True)
class Headline:
    """The page's first line. placed + unplaced = incidents; all_counts: incidents whose figures may include attackers.

    killed_largest, wounded_largest: None unless one incident of several makes more than `LARGE_SHARE` of that total.
    """

    incidents: int
    placed: int
    unplaced: int
    last: pd.Timestamp | None
    killed: Total
    wounded: Total
    all_counts: int
    killed_largest: Largest | None = None
    wounded_largest: Largest | None = None


def headline(incidents: Any) -> Headline:
    """How many incidents, on the map and not, the last one, and the totals of killed and wounded as intervals."""
    row = one(
        incidents,
        nw.len().alias("incidents"),
        (nw.col("x").is_null()).sum().alias("unplaced"),
        nw.col("date").max().alias("last"),
        (nw.col("killed_counts") == "all").sum().alias("all_counts"),
        *(nw.col(f"{kind}_best").max().alias(f"{kind}_largest") for kind in ("killed", "wounded")),
        *sums("killed"),
        *sums("wounded"),
    )
    n, unplaced = int(row["incidents"]), int(row["unplaced"] or 0)
    last = None if pd.isna(row["last"]) else pd.Timestamp(row["last"])
    totals = (_as_total(row, "killed"), _as_total(row, "wounded"))
    largest = (_largest(incidents, row, n, "killed"), _largest(incidents, row, n, "wounded"))
    return Headline(n, n - unplaced, unplaced, last, *totals, int(row["all_counts"] or 0), *largest)


def extents(incidents: pd.DataFrame, kind: str) -> dict[str, pd.Series]:
    """What an incident adds to a total: best (else low), most (high, else best), none (no figure) and open (without a high).

    As columns by their names, such as killed_best; kind: killed or wounded.
    """
    low, best, high = incidents[f"{kind}_low"], incidents[kind], incidents[f"{kind}_high"]
    best = best.fillna(low)
    most = high.fillna(best)
    return {f"{kind}_best": best, f"{kind}_most": most, f"{kind}_none": most.isna(), f"{kind}_open": high.isna() & ~most.isna()}


def sums(kind: str) -> list[nw.Expr]:
    """What a `Total` of killed or wounded is made of, as expressions."""
    return [nw.col(f"{kind}_{part}").sum() for part in _PARTS]


def one(incidents: Any, *what: nw.Expr) -> dict[str, Any]:
    """The answer to questions that have one value each."""
    answer = nw.from_native(incidents).select(*what)
    answer = answer.collect() if isinstance(answer, nw.LazyFrame) else answer
    return answer.rows(named=True)[0]


def grouped(incidents: Any, by: list[str], *what: nw.Expr) -> pd.DataFrame:
    """The answers per group, as a pandas frame of few rows in no particular order."""
    answer = nw.from_native(incidents).group_by(*by).agg(*what)
    answer = answer.collect() if isinstance(answer, nw.LazyFrame) else answer
    # Engines differ in how they hold categories; the few rows that come back are plain text.
    table = answer.to_pandas()
    return table.astype({name: "str" for name in by if isinstance(table[name].dtype, pd.CategoricalDtype)})


def _as_total(row: dict[str, Any], kind: str) -> Total:
    low, best, high = (int(row[name] or 0) for name in (f"{kind}_low", f"{kind}_best", f"{kind}_most"))
    return Total(low, max(best, low), max(high, best, low), bool(row[f"{kind}_open"]), int(row[f"{kind}_none"] or 0))


def _largest(incidents: Any, row: dict[str, Any], n: int, kind: str) -> Largest | None:
    """Asked only when there is one: most filters leave none. Of several as large, the earliest in the file."""
    most, best = row[f"{kind}_largest"], f"{kind}_best"
    with_figure = n - int(row[f"{kind}_none"] or 0)
    if with_figure < 2 or pd.isna(most) or most <= LARGE_SHARE * (row[best] or 0):
        return None
    names = [f"{kind}_{part}" for part in _PARTS]
    found = nw.from_native(incidents).filter(nw.col(best) == most).select("row", "date", "date_precision", *names)
    found = found.collect() if isinstance(found, nw.LazyFrame) else found
    it = min(found.rows(named=True), key=lambda each: each["row"])
    others = {name: (row[name] or 0) - (0 if pd.isna(it[name]) else it[name]) for name in names}
    return Largest(pd.Timestamp(it["date"]), str(it["date_precision"]), _as_total(others, kind))
