"""Totals of victims as intervals, with the figures nobody reported beside them, and without the largest incident.

The low of a total is the sum of the lows (a blank low is the best figure), its best the sum of the bests (else lows), its high
the sum of the highs (else best, else low), so that low <= best <= high. It has no upper end ("at least") when any incident in it
has no high, or no figure at all. A high that stands alone ("up to 5") counts in the high only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.core.formatting import format_total, total_parts
from incident_atlas.core.schema import split
from incident_atlas.core.vocabulary import ACTOR_KINDS, DATE_PRECISIONS, UNPLACED
from incident_atlas.dataset.query import Plan, Query, Question, Steps, as_day, day_number, how_many

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

    @property
    def unknown(self) -> bool:
        """Whether its best is 0 only because nothing else is known: it may be more than nobody."""
        return not self.best and bool(self.high)

    def text(self, incidents: int, noun: str = "") -> str:
        """The total of so many incidents as `formatting.format_total` writes it."""
        return format_total(self.low, self.best, self.high, self.at_least, self.without_figure, incidents, noun)

    def parts(self) -> tuple[str, str]:
        """The figure, and its range with what is missing, as `formatting.total_parts` writes them."""
        return total_parts(self.low, self.best, self.high, self.at_least, self.without_figure)


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

    last: the day on which the last incident began; last_precision: how well that is known, of several on that day the least.
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
    last_precision: str = "day"


@Question
def headline(incidents: Any) -> Steps[Headline]:
    """How many incidents, on the map and not, the last one, and the totals of killed and wounded as intervals."""
    row = (yield headline_query(incidents)).iloc[0].fillna(0).to_dict()
    largest = []
    for kind in ("killed", "wounded"):
        largest.append((yield from _largest(incidents, row, kind)))
    return headline_of(row, *largest)


def headline_query(incidents: Any, grouped: bool = False) -> Query:
    """What `headline` asks first: counts and sums, and the most killed and wounded in one incident.

    grouped: it is to be asked by groups, within which not every engine counts a condition.
    """
    conditions = {"unplaced": nw.col("precision_rank") == UNPLACED, "all_counts": nw.col("killed_counts") == "all"}
    counts = {name: how_many(condition) for name, condition in conditions.items()}
    last = _dated()
    if grouped:
        columns = {name: nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)) for name, condition in conditions.items()}
        incidents = nw.from_native(incidents).with_columns(**columns, last=last).to_native()
        counts, last = {name: nw.col(name).sum() for name in conditions}, nw.col("last")
    aggregates = {
        "incidents": nw.len(),
        "last": last.max(),
        **counts,
        **{f"{kind}_largest": nw.col(f"{kind}_best").max() for kind in ("killed", "wounded")},
        **sums("killed"),
        **sums("wounded"),
    }
    most = ("last", "killed_largest", "wounded_largest")
    return Query(incidents, aggregates, joins=dict.fromkeys(most, "max"))


def headline_of(row: dict[str, Any], *largest: Largest | None) -> Headline:
    """The headline of the answer to `headline_query`, blanks as 0, and of the largest incident by killed and by wounded."""
    n, lost = int(row["incidents"]), int(row["unplaced"])
    totals = (total_of(row, "killed"), total_of(row, "wounded"))
    last, precision = _day_and_precision(row["last"]) if n else (None, "day")
    return Headline(n, n - lost, lost, last, *totals, int(row["all_counts"]), *largest, last_precision=precision)


def _dated() -> nw.Expr:
    """When an incident began and how well that is known, as one number that sorts: (month * 32 + day) * 4 + precision.

    Of two dates that begin on the same day the one known worse sorts last: it may be later. From the column month, because
    taking year and month out of every date takes longer.
    """
    precision = nw.lit(0)
    for rank, name in enumerate(DATE_PRECISIONS[1:], 1):
        precision = nw.when(nw.col("date_precision") == name).then(nw.lit(rank)).otherwise(precision)
    return (nw.col("month") * 32 + nw.col("date").dt.day()) * len(DATE_PRECISIONS) + precision


def _day_and_precision(number: float) -> tuple[pd.Timestamp, str]:
    """The day and the precision of a number of `_dated`."""
    rest, rank = divmod(int(number), len(DATE_PRECISIONS))
    month, day = divmod(rest, 32)
    return pd.Timestamp(month // 12, month % 12 + 1, day).as_unit("s"), DATE_PRECISIONS[rank]


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
    return (yield from plan_by_actor_kind(incidents).steps())


def plan_by_actor_kind(incidents: Any) -> Plan[tuple[ActorTotal, ...]]:
    """`by_actor_kind` as a plan."""
    values = {"incidents": nw.len(), **sums("killed"), **sums("wounded")}
    return Plan([Query(incidents, values, ["actor_kind"])], lambda answers: _actor_totals(answers[0].fillna(0)))


def _actor_totals(table: pd.DataFrame) -> tuple[ActorTotal, ...]:
    found: dict[tuple[str, ...], Counter[str]] = {}
    for row in table.to_dict("records"):
        kinds = split(row.pop("actor_kind"))
        # The same kinds may stand in a cell in any order.
        names = tuple(kind for kind in ACTOR_KINDS if kind in kinds) or ("unknown",)
        found.setdefault(names, Counter()).update(row)
    order = sorted(found, key=lambda names: (len(names), [ACTOR_KINDS.index(name) for name in names]))
    return tuple(
        ActorTotal(names, int(found[names]["incidents"]), total_of(found[names], "killed"), total_of(found[names], "wounded"))
        for names in order
    )


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


def _largest(incidents: Any, row: dict[str, Any], kind: str) -> Steps[Largest | None]:
    """Asked only when there is one: most filters leave none."""
    if not stands_out(row, kind):
        return None
    as_large = nw.from_native(incidents).filter(nw.col(f"{kind}_best") == row[f"{kind}_largest"])
    return largest_of(row, (yield single_incidents(as_large.to_native(), kind)), kind)


def stands_out(row: Any, kind: str) -> Any:
    """Whether one incident makes more than `LARGE_SHARE` of the total; row: the answer to `headline_query`, blanks as 0."""
    several = row["incidents"] - row[f"{kind}_none"] >= 2
    most = row[f"{kind}_largest"]
    return several & (most > 0) & (most > LARGE_SHARE * row[f"{kind}_best"])


def single_incidents(incidents: Any, kind: str) -> Query:
    """Some few incidents, each a group by its line: its day and its figures of that kind."""
    frame = nw.from_native(incidents).with_columns(day=day_number(nw.col("date"))).to_native()
    return Query(frame, {"day": nw.col("day").max(), **sums(kind)}, ["row", "date_precision"])


def largest_of(row: Any, as_large: pd.DataFrame, kind: str) -> Largest:
    """The largest incident of a total (row) among those that are as large: the earliest in the file. as_large: of `single_incidents`."""
    it = as_large.fillna(0).sort_values("row").iloc[0]
    others = {name: row[name] - it[name] for name in sums(kind)}
    return Largest(as_day(it["day"]), str(it["date_precision"]), total_of(others, kind), int(row["incidents"]) - 1)
