"""Totals of victims as intervals, with the figures nobody reported beside them, and without the largest incident.

The low of a total is the sum of the lows (a blank low is the best figure), its best the sum of the bests (else lows), its high
the sum of the highs (else best, else low), so that low <= best <= high. It has no upper end ("at least") when any incident in it
has no high, or no figure at all. A high that stands alone ("up to 5") counts in the high only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.core.formatting import format_total, total_note
from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import ACTOR_KINDS, UNPLACED
from incident_atlas.dataset.query import Query, Question, Steps, as_day, day_number, how_many

LARGE_SHARE = 1 / 4
"""An incident that makes more than this of a total is told apart: one attack must not pass for a trend."""

_PARTS = ("least", "best", "most", "open", "none")


@dataclass(frozen=True)
class Total:
    """A sum of people with its bounds.

    at_least: an incident has no high, or no figure, so the true total may be above `high`. without_figure: incidents for which
    no source gives any figure.
    """

    low: int
    best: int
    high: int
    at_least: bool
    without_figure: int

    def text(self, incidents: int, noun: str = "") -> str:
        """The total of so many incidents as `formatting.format_total` writes it."""
        return format_total(self.low, self.best, self.high, self.at_least, self.without_figure, incidents, noun)

    def note(self) -> str:
        """Its range and what is missing, without brackets; '' when there is nothing to say."""
        return total_note(self.low, self.high, self.at_least, self.without_figure)


@dataclass(frozen=True)
class Largest:
    """The incident that makes more than `LARGE_SHARE` of a total: when it was, and the total of all the `others`, in number."""

    date: pd.Timestamp
    date_precision: str
    rest: Total
    others: int


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


@Question
def headline(incidents: Any) -> Steps[Headline]:
    """How many incidents, on the map and not, the last one, and the totals of killed and wounded as intervals."""
    aggregates = {
        "incidents": nw.len(),
        "unplaced": how_many(nw.col("precision_rank") == UNPLACED),
        "last": day_number(nw.col("date").max()),
        "all_counts": how_many(nw.col("killed_counts") == "all"),
        **{f"{kind}_largest": nw.col(f"{kind}_best").max() for kind in ("killed", "wounded")},
        **sums("killed"),
        **sums("wounded"),
    }
    row = (yield Query(incidents, aggregates)).iloc[0].fillna(0).to_dict()
    n, lost = int(row["incidents"]), int(row["unplaced"])
    totals = (total_of(row, "killed"), total_of(row, "wounded"))
    largest = []
    for kind in ("killed", "wounded"):
        largest.append((yield from _largest(incidents, row, n, kind)))
    return Headline(n, n - lost, lost, as_day(row["last"]) if n else None, *totals, int(row["all_counts"]), *largest)


@dataclass(frozen=True)
class ActorTotal:
    """What is counted of one kind of actor. kinds: one of `vocabulary.ACTOR_KINDS`, or several that rival accounts name."""

    kinds: tuple[str, ...]
    incidents: int
    killed: Total
    wounded: Total


@Question
def by_actor_kind(incidents: Any) -> Steps[tuple[ActorTotal, ...]]:
    """The totals by who acted, in the order of `ACTOR_KINDS`, those with rival accounts last; each incident is in one of them."""
    values = {"incidents": nw.len(), **sums("killed"), **sums("wounded")}
    table = (yield Query(incidents, values, ["actor_kind"])).fillna(0)
    kinds = [tuple(kind for kind in ACTOR_KINDS if kind in split(cell)) or ("unknown",) for cell in table["actor_kind"]]
    found = []
    for names in sorted(set(kinds), key=lambda names: (len(names), [ACTOR_KINDS.index(name) for name in names])):
        # The same kinds may stand in a cell in any order.
        row = table.loc[[one == names for one in kinds], list(values)].sum()
        found.append(ActorTotal(names, int(row["incidents"]), total_of(row, "killed"), total_of(row, "wounded")))
    return tuple(found)


def extents(incidents: pd.DataFrame, kind: str) -> dict[str, pd.Series]:
    """What an incident adds to a total: least (low, else best), best (else low), most (high, else best), none (no figure) and open (no high).

    As columns by their names, such as killed_best; kind: killed or wounded.
    """
    low, best, high = incidents[f"{kind}_low"], incidents[kind], incidents[f"{kind}_high"]
    best = best.fillna(low)
    most = high.fillna(best)
    return {
        f"{kind}_least": low.fillna(best), f"{kind}_best": best, f"{kind}_most": most,
        f"{kind}_none": most.isna(), f"{kind}_open": high.isna(),
    }  # fmt: skip


def sums(kind: str) -> dict[str, nw.Expr]:
    """What a `Total` of killed or wounded is made of, as expressions by name."""
    return {f"{kind}_{part}": nw.col(f"{kind}_{part}").sum() for part in _PARTS}


def sums_of(incidents: pd.DataFrame, kind: str) -> dict[str, float]:
    """The values of `sums(kind)` for incidents in memory."""
    return {f"{kind}_{part}": incidents[f"{kind}_{part}"].sum() for part in _PARTS}


def total_of(row: Any, kind: str) -> Total:
    """The `Total` of a row (a mapping) that holds the values of `sums(kind)`; blank sums are zero."""
    low, best, high, unbounded, none = (int(row[f"{kind}_{part}"]) for part in _PARTS)
    return Total(low, best, high, bool(unbounded), none)


def _largest(incidents: Any, row: dict[str, Any], n: int, kind: str) -> Steps[Largest | None]:
    """Asked only when there is one: most filters leave none. Of several as large, the earliest in the file."""
    most, best = row[f"{kind}_largest"], f"{kind}_best"
    if n - int(row[f"{kind}_none"]) < 2 or not most or most <= LARGE_SHARE * row[best]:
        return None
    as_large = nw.from_native(incidents).filter(nw.col(best) == most).with_columns(day=day_number(nw.col("date")))
    # By its line each is a group of its own, and at most three are as large.
    each = yield Query(as_large.to_native(), {"day": nw.col("day").max(), **sums(kind)}, ["row", "date_precision"])
    it = each.fillna(0).sort_values("row").iloc[0]
    others = {name: row[name] - it[name] for name in sums(kind)}
    return Largest(as_day(it["day"]), str(it["date_precision"]), total_of(others, kind), n - 1)
