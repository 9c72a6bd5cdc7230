"""Records of two periods, with so many incidents in each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pandas as pd

from incident_atlas.analysis.periods import Period
from incident_atlas.dataset.load import Loaded
from tests.support.tiny import record

FIRST, SECOND = Period(date(2020, 1, 1), date(2020, 12, 30)), Period(date(2021, 1, 1), date(2021, 12, 31))


def spread(period: Period, n: int, **cells: str) -> list[dict]:
    """n incidents, evenly over a period."""
    step = period.days / n if n else 0
    return [{"date": (period.first + timedelta(days=int(i * step))).isoformat(), **cells} for i in range(n)]


def two(first: int, second: int, *more: dict) -> Loaded:
    """So many incidents in each period, in a record that begins before and ends after both."""
    edges = [{"date": "2019-12-31"}, {"date": "2022-01-01"}]
    return record(*edges, *spread(FIRST, first), *spread(SECOND, second), *more)


def covered(loaded: Loaded, *rows: tuple[str, str, str]) -> Loaded:
    """The record with this coverage: source, from, to; '' leaves an end open."""
    table = pd.DataFrame(rows, columns=["source", "from", "to"]).assign(area="", note="")
    return replace(loaded, coverage=table.assign(**{name: pd.to_datetime(table[name]) for name in ("from", "to")}))
