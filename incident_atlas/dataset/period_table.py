"""Answers by period of time: asked once of all that a filter leaves, then added up for any window of whole months without asking again.

A period is the months that a date may mean, from the first to the last: one month for a day or a month, twelve for a year. A window
holds the periods that touch it, each once, as a filter with the dates of the window does (`time_windows`). What the filter's own
dates cut off at the ends of the range is left out before.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Generic, NamedTuple, TypeVar

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.dataset.query import Plan, Query, Steps
from incident_atlas.dataset.time_windows import MONTHS, TimeWindow
from incident_atlas.dataset.totals import (
    LARGE_SHARE,
    Headline,
    Largest,
    headline_of,
    headline_query,
    largest_of,
    single_incidents,
    stands_out,
)

Answer = TypeVar("Answer")

PERIOD = ("first_month", "last_month")
"""The months of a period, as `time_windows.month_number` counts them."""

KEEP = (*PERIOD, "uncertain_date", "vague")
"""The columns of `filters.with_periods` that a plan must keep in its frames."""

MOST_GROUPS = 100
"""Where a query asks only for its largest groups: so many times as many by period."""

_LARGEST_FIGURE = 2**24
_LONGEST_PERIOD = 2**12  # months


class MonthRange(NamedTuple):
    """The months of a window, first and last; first None for a window that begins with the range."""

    first: int | None
    last: int

    @classmethod
    def of(cls, window: TimeWindow) -> MonthRange:
        """The months of the window."""
        return cls(None if window.grows else window.month, window.month + MONTHS[window.length] - 1)

    def touches(self, first: Any, last: Any) -> Any:
        """Of each period, by its first and its last month (arrays or columns), whether it has a month in these."""
        return (first <= self.last) & (last >= (self.first or 0))


class PeriodTable:
    """The answer to a query by period. `within` gives what the query would have answered of the incidents of a window."""

    def __init__(self, query: Query, answer: pd.DataFrame) -> None:
        """query: as it would be asked of one window. answer: of `by_period(query)`."""
        by = list(query.by)
        codes = answer.groupby(by, sort=True, dropna=False).ngroup().to_numpy() if by else np.zeros(len(answer), dtype="int64")
        order = np.argsort(codes, kind="stable")
        self._codes = codes[order]
        begins = np.flatnonzero(np.diff(self._codes, prepend=-1))
        self._keys = {name: answer[name].to_numpy()[order[begins]] for name in by}
        self._first, self._last = (answer[name].to_numpy("int64")[order] for name in PERIOD)
        self._values = {
            name: answer[name].to_numpy("float64", na_value=np.nan)[order] for name in [*query.values, *_vague(query)]
        }
        self._joins = query.joins
        self._order = list(query.values)
        self._whole = {name for name in self._order if not (np.floor(self._values[name]) != self._values[name]).any()}

    def within(self, months: MonthRange) -> pd.DataFrame:
        """One row per group of the query that the window holds, in the order of its keys; without keys always one row."""
        rows = np.flatnonzero(months.touches(self._first, self._last))
        codes = self._codes[rows]
        begins = np.flatnonzero(np.diff(codes, prepend=-1))
        found: dict[str, Any] = {name: keys[codes[begins]] for name, keys in self._keys.items()}
        for name in self._order:
            values = self._uncertain_date(months, rows) if name == "uncertain_date" else self._values[name][rows]
            found[name] = self._joined(name, values, rows, begins)
            if name in self._whole and len(rows):
                found[name] = found[name].astype("int64")
        return pd.DataFrame(found)

    def _uncertain_date(self, months: MonthRange, rows: np.ndarray) -> np.ndarray:
        """A period that the window does not hold whole may lie outside with all that is vague in it."""
        outside = self._last[rows] > months.last
        if months.first is not None:
            outside |= self._first[rows] < months.first
        return np.where(outside, self._values["vague"][rows], self._values["uncertain_date"][rows])

    def _joined(self, name: str, values: np.ndarray, rows: np.ndarray, begins: np.ndarray) -> np.ndarray:
        join = self._joins.get(name, "sum")
        if not len(rows):
            return np.full(0 if self._keys else 1, np.nan if join in ("min", "max") else 0.0)
        if join == "mean":
            n = self._values["incidents"][rows]
            return np.add.reduceat(values * n, begins) / np.add.reduceat(n, begins)
        if join in ("min", "max"):
            return {"min": np.fmin, "max": np.fmax}[join].reduceat(values, begins)
        return np.add.reduceat(np.nan_to_num(values), begins)


class PeriodPlan(Generic[Answer]):
    """A plan asked by period: `within` gives its result for a window."""

    def __init__(self, plan: Plan[Answer], answers: Sequence[pd.DataFrame]) -> None:
        self._tables = [PeriodTable(query, answer) for query, answer in zip(plan.queries, answers, strict=True)]
        self._finish = plan.finish

    def within(self, window: TimeWindow) -> Answer:
        """What the plan would have found among the incidents of the window."""
        return self._finish([table.within(MonthRange.of(window)) for table in self._tables])


class PeriodHeadline:
    """`totals.headline` for any window."""

    def __init__(self, table: PeriodTable, largest: dict[str, pd.DataFrame]) -> None:
        self._table, self._largest = table, largest

    def within(self, window: TimeWindow) -> Headline:
        """The headline of the incidents of the window."""
        months = MonthRange.of(window)
        row = self._table.within(months).iloc[0].fillna(0)
        return headline_of(row.to_dict(), *(self._largest_in(row, months, kind) for kind in self._largest))

    def _largest_in(self, row: pd.Series, months: MonthRange, kind: str) -> Largest | None:
        if not stands_out(row, kind):
            return None
        found = self._largest[kind]
        in_window = months.touches(found["first_month"], found["last_month"])
        return largest_of(row, found[in_window & (found[f"{kind}_best"] == row[f"{kind}_largest"])], kind)


def by_period(query: Query) -> Query:
    """The query with its groups split by period, and what is vague in each where it counts uncertain dates."""
    values = {**query.values, **{name: nw.col(name).sum() for name in _vague(query)}}
    return replace(query, values=values, by=[*query.by, *PERIOD], most=query.most * MOST_GROUPS)


def plan_by_period(plan: Plan[Answer]) -> Steps[PeriodPlan[Answer]]:
    """The plan, asked by period. Its frames have the columns `KEEP`."""
    answers = []
    for query in plan.queries:
        answers.append((yield by_period(query)))
    return PeriodPlan(plan, answers)


def headline_by_period(incidents: Any) -> Steps[PeriodHeadline]:
    """The headline, asked by period. incidents: of `filters.with_periods`."""
    query = headline_query(incidents, grouped=True)
    answer = yield by_period(query)
    table = answer.fillna(dict.fromkeys(query.values, 0))
    largest = {}
    for kind in ("killed", "wounded"):
        # The largest incident of a window is the largest of its own period, too, and makes as much of that or more.
        most = table[f"{kind}_largest"]
        candidates = table[(most > 0) & (most > LARGE_SHARE * table[f"{kind}_best"])]
        codes = [_code(row.first_month, row.last_month, getattr(row, f"{kind}_largest")) for row in candidates.itertuples()]
        code = _code(nw.col("first_month"), nw.col("last_month"), nw.col(f"{kind}_best")).cast(nw.Float64)
        frame = nw.from_native(incidents)
        few = frame.filter(code.is_in(sorted(set(codes)))) if codes else frame.head(0)
        singles = single_incidents(few.to_native(), kind)
        largest[kind] = yield replace(singles, by=[*singles.by, *PERIOD])
    return PeriodHeadline(PeriodTable(query, answer), largest)


def _code(first: Any, last: Any, figure: Any) -> Any:
    """Period and figure as one number, which a double holds exactly."""
    return (first * _LONGEST_PERIOD + (last - first)) * float(_LARGEST_FIGURE) + figure


def _vague(query: Query) -> tuple[str, ...]:
    return ("vague",) if "uncertain_date" in query.values else ()
