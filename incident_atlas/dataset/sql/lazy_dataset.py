"""A record whose incidents stay in their engine: `Engine`, a `load.Loaded` that asks where others look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.core import reference_data
from incident_atlas.core.data_sets import Origin
from incident_atlas.core.schema import CATEGORIES, REPORT_NAMES, SEVERAL, split
from incident_atlas.core.validation import Problems
from incident_atlas.dataset.filters import MOST_TERMS
from incident_atlas.dataset.load import Loaded, Source
from incident_atlas.dataset.query import (
    Query,
    Question,
    Steps,
    answer_all,
    as_day,
    as_pandas,
    collected,
    day_number,
    engine_asked,
    rows,
)
from incident_atlas.dataset.selection import on_lines


@dataclass(frozen=True)
class Engine(Loaded):
    """A record that an engine holds. incidents: a lazy frame of any engine that Narwhals knows, with the columns of `derive.COLUMNS`."""

    @engine_asked()
    def at(self, rows_asked) -> pd.DataFrame:
        """The incidents of these rows, in the order asked; at most `query.MOST_ROWS`."""
        numbers = [int(row) for row in rows_asked]
        if not numbers:
            return self._nothing
        found = rows(on_lines(self.incidents, numbers))
        # Numbers that two rows share would make two of one.
        found = found.drop_duplicates("row")
        place = {row: at for at, row in enumerate(numbers)}
        return found.assign(_at=found["row"].map(place)).sort_values("_at", ignore_index=True).drop(columns="_at")

    @cached_property
    def _nothing(self) -> pd.DataFrame:
        return rows(on_lines(self.incidents, []))

    @engine_asked()
    def find(self, incident_id: str) -> pd.Series | None:
        """The incident of that id, or None."""
        found = nw.from_native(self.incidents).filter(nw.col("incident_id") == incident_id).head(1)
        table = as_pandas(collected(found))
        return table.iloc[0] if len(table) else None


def open_engine(incidents: nw.LazyFrame, origin: Origin, read: int | None = None, problems: pd.DataFrame | None = None) -> Engine:
    """The record in a lazy frame with the columns of `derive.COLUMNS`, its totals and terms asked once.

    origin: what it is, its counts not yet known. read: rows of the table or file, kept or not; None counts all as kept.
    """
    native = incidents.to_native()
    columns = tuple(dict.fromkeys((*CATEGORIES, *SEVERAL)))
    (kept, first, last), *terms = answer_all([_span.steps(native), *(_terms.steps(native, name) for name in columns)])
    counts = (kept if read is None else read, kept, 0 if read is None else read - kept)
    return Engine(
        incidents=native,
        reports=pd.DataFrame(columns=list(REPORT_NAMES), dtype="str"),
        problems=Problems().frame() if problems is None else problems,
        source=Source(origin.file, origin.sha256, "", *counts, first, last, False),
        milestones=reference_data.milestones(),
        coverage=pd.DataFrame(),
        options=dict(zip(columns, terms, strict=True)),
        origins=(replace(origin, read=counts[0], kept=counts[1], set_aside=counts[2]),),
    )


@Question
def _span(incidents: Any) -> Steps[tuple[int, pd.Timestamp | None, pd.Timestamp | None]]:
    """How many there are, the first day and the last: what is dated by its week or month lies anywhere in it."""
    uncertain = nw.col("date_precision").is_in(["week", "month"])
    latest = nw.when(uncertain).then(nw.col("last_day")).otherwise(nw.col("date"))
    values = {"n": nw.len(), "first": day_number(nw.col("date").min()), "last": day_number(latest.max())}
    first_and_last = (yield Query(incidents, values)).iloc[0]
    return int(first_and_last["n"]), *(
        as_day(first_and_last[name]) if first_and_last["n"] else None for name in ("first", "last")
    )


@Question
def _terms(incidents: Any, column: str) -> Steps[tuple[str, ...]]:
    cells = (yield Query(incidents, {"n": nw.len()}, [column], MOST_TERMS))[column].dropna()
    return tuple(sorted({term for cell in cells for term in (split(cell) if column in SEVERAL else [cell])} - {""}))
