"""Questions to a record, whatever engine holds it, and several of them asked at once. All engines are Narwhals' own.

A question is a function that yields each `Query` it needs and is sent the answer, a small pandas frame. So the same question
is asked alone of a frame in memory, or with others in one query of a database: `answer_all` does that. Only aggregates, and at most
`MOST_ROWS` rows, come back from an engine.

    >>> @Question
    ... def deadliest_city(incidents):
    ...     by_city = yield Query(incidents, {"killed": nw.col("killed").sum()}, by=["city"], most=1)
    ...     return by_city["city"].iloc[0]
    >>> @Question
    ... def share_in(incidents, city):
    ...     counted = yield Query(incidents, {"all": nw.len(), "inside": how_many(nw.col("city") == city)})
    ...     return float(counted["inside"].iloc[0] / counted["all"].iloc[0])
    >>> incidents = pd.DataFrame({"city": ["Kabul", "Herat", "Kabul", "Herat"], "killed": [2, 3, 4, 1]})
    >>> deadliest_city(incidents)
    'Kabul'
    >>> answer_all([deadliest_city.steps(incidents), share_in.steps(incidents, "Herat")])
    ['Kabul', 0.5]
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import update_wrapper
from threading import RLock
from typing import Any, Generic, TypeVar

import duckdb
import narwhals as nw
import pandas as pd

from incident_atlas.errors import SourceGone, TooMany

Answer = TypeVar("Answer")

MOST_ROWS = 1_000
"""Single incidents that leave an engine at once: a page of the table."""

_WHOLE = ("row", "year", "month", "first_month", "last_month", "colour_index", "place", "precision_rank")
_NUMBERS = {**dict.fromkeys(_WHOLE, "int64"), "cell": "float64"}
"""Keys of groups that are whole numbers, and as what they come back; in a query of several questions all keys are text."""

_ONE_AT_A_TIME = RLock()
"""A connection to a database serves one session at a time; DuckDB uses it already while a question is put together."""


@dataclass(frozen=True)
class Query:
    """What is asked of a frame (native, of any engine): values by name as expressions, per group of `by`, or of all rows.

    most: of the groups only so many, those whose first value is largest; 0 for all. joins: how the values of several groups
    become that of one larger group: "min", "max", "mean" (weighted by the value incidents); the sum where it says nothing.
    """

    frame: Any
    values: Mapping[str, nw.Expr]
    by: Sequence[str] = field(default=())
    most: int = 0
    joins: Mapping[str, str] = field(default_factory=dict)

    def lazy(self) -> bool:
        """Whether an engine of its own answers, and not this process."""
        return isinstance(nw.from_native(self.frame), nw.LazyFrame)

    def answer(self) -> pd.DataFrame:
        """One row per group in no particular order: the keys, text as plain text, and the values."""
        return as_pandas(collected(self._expression()), self.by)

    def _expression(self) -> Any:
        frame = nw.from_native(self.frame)
        values = [value.alias(name) for name, value in self.values.items()]
        if not self.by:
            return frame.select(*values)
        groups = frame.group_by(*self.by).agg(*values)
        return groups.sort(next(iter(self.values)), descending=True).head(self.most) if self.most else groups

    def _in_one_shape(self, part: int, keys: int, values: int) -> nw.LazyFrame:
        """Its answer with the number of the query, its keys as text and its values as numbers, in so many columns of each."""
        mine = [(nw.col(name).cast(nw.Int64) if name in _NUMBERS else nw.col(name)).cast(nw.String) for name in self.by]
        mine += [nw.lit(None, dtype=nw.String)] * (keys - len(mine))
        expressions = [nw.col(name).cast(nw.Float64) for name in self.values]
        expressions += [nw.lit(None, dtype=nw.Float64)] * (values - len(expressions))
        named = [key.alias(f"k{at}") for at, key in enumerate(mine)] + [
            value.alias(f"v{at}") for at, value in enumerate(expressions)
        ]
        return self._expression().select(nw.lit(part, dtype=nw.Int64).alias("part"), *named)

    def _taken(self, answers: pd.DataFrame, part: int) -> pd.DataFrame:
        """Its own answer out of that of several."""
        mine = answers[answers["part"] == part]
        columns = {name: mine[f"k{at}"] for at, name in enumerate(self.by)}
        columns |= {name: mine[f"v{at}"] for at, name in enumerate(self.values)}
        table = pd.DataFrame(columns).reset_index(drop=True)
        return table.astype({name: _NUMBERS.get(name, "str") for name in self.by})


Steps = Generator[Query, pd.DataFrame, Answer]


@dataclass(frozen=True)
class Plan(Generic[Answer]):
    """Queries none of which needs the answer to another, and what makes the result of their answers, in the same order.

    A question of this shape can also be asked once by periods of time, and finished for any window of them (`period_table`).
    """

    queries: Sequence[Query]
    finish: Callable[[list[pd.DataFrame]], Answer]

    def steps(self) -> Steps[Answer]:
        """The plan as a question that is asked at once."""
        answers = []
        for query in self.queries:
            answers.append((yield query))
        return self.finish(answers)


class Question(Generic[Answer]):
    """A function of a frame that yields queries, to be called as if it answered at once."""

    def __init__(self, steps: Callable[..., Steps]) -> None:
        self.steps = steps
        update_wrapper(self, steps)

    def __call__(self, incidents: Any, *also: Any, **named: Any) -> Answer:
        """The answer for these incidents, a frame of any engine."""
        return answer_all([self.steps(incidents, *also, **named)])[0]


@contextmanager
def engine_asked() -> Iterator[None]:
    """Within it the connection is this session's alone, and an error of DuckDB is `SourceGone`.

    DuckDB looks at its file as soon as a question is put together, others when it is asked.
    """
    try:
        with _ONE_AT_A_TIME:
            yield
    except duckdb.Error as trouble:
        raise SourceGone(type(trouble).__name__) from trouble


@engine_asked()
def answer_all(begun: Sequence[Steps]) -> list[Any]:
    """The answers of begun questions (`Question.steps`), in their order.

    What they ask of an engine goes to it as one query, and once more for what builds on its answer.
    """
    running = dict(enumerate(begun))
    answers: dict[int, Any] = {}
    frames: dict[int, pd.DataFrame | None] = dict.fromkeys(running)
    while running:
        queries: dict[int, Query] = {}
        for at in list(running):
            try:
                queries[at] = running[at].send(frames[at])
            except StopIteration as done:
                answers[at] = done.value
                del running[at]
        frames = dict(zip(queries, _answered(list(queries.values())), strict=True))
    return [answers[at] for at in range(len(begun))]


def _answered(queries: list[Query]) -> list[pd.DataFrame]:
    if len(queries) < 2 or not all(query.lazy() for query in queries):
        return [query.answer() for query in queries]
    keys, values = max(len(query.by) for query in queries), max(len(query.values) for query in queries)
    parts = [query._in_one_shape(part, keys, values) for part, query in enumerate(queries)]
    answers = as_pandas(collected(nw.concat(parts, how="vertical")))
    return [query._taken(answers, part) for part, query in enumerate(queries)]


def collected(frame: Any) -> nw.DataFrame:
    """A Narwhals frame in memory; raises `SourceGone` when its engine does not answer."""
    if not isinstance(frame, nw.LazyFrame):
        return frame
    try:
        with _ONE_AT_A_TIME:
            return frame.collect("pyarrow")
    except Exception as trouble:  # every driver has its own family of errors
        raise SourceGone(type(trouble).__name__) from trouble


def as_pandas(answer: nw.DataFrame, keys: Sequence[str] = ()) -> pd.DataFrame:
    """Few rows as pandas: text keys as plain text, and the exact decimals in which databases add up as floats."""
    decimals = [name for name, dtype in answer.schema.items() if isinstance(dtype, nw.Decimal | nw.Int128 | nw.UInt128)]
    table = answer.with_columns(nw.col(*decimals).cast(nw.Float64)).to_pandas() if decimals else answer.to_pandas()
    for name in keys:
        if isinstance(table[name].dtype, pd.CategoricalDtype):
            table[name] = table[name].astype("str")
    return table


def has_no_rows(frame: Any) -> bool:
    """Whether a Narwhals frame in memory is empty; of an engine's frame that is not known, because it would have to be asked."""
    return isinstance(frame, nw.DataFrame) and not len(frame)


def how_many(condition: nw.Expr) -> nw.Expr:
    """The number of rows for which it holds; not every engine adds up truths."""
    return nw.when(condition).then(nw.lit(1)).otherwise(nw.lit(0)).sum()


def day_number(days: nw.Expr) -> nw.Expr:
    """A day as one number that sorts, such as 20210815: engines hold days in types of their own."""
    return days.dt.year() * 10_000 + days.dt.month() * 100 + days.dt.day()


def month_of(year: Any, month: Any) -> Any:
    """A month as one number, years times 12 and the month from 0: of whole numbers, columns, or expressions.

    >>> month_of(2017, 3)
    24206
    """
    return year * 12 + month - 1


def as_day(number: float) -> pd.Timestamp:
    """The day of `day_number`."""
    year, rest = divmod(int(number), 10_000)
    return pd.Timestamp(year, *divmod(rest, 100)).as_unit("s")


@engine_asked()
def rows(incidents: Any, most: int = MOST_ROWS) -> pd.DataFrame:
    """Single incidents as pandas: those in memory as they are; of an engine at most `most`, or `TooMany` is raised."""
    frame = nw.from_native(incidents)
    if not isinstance(frame, nw.LazyFrame):
        return incidents
    table = as_pandas(collected(frame.head(most + 1)))
    if len(table) > most:
        raise TooMany(most)
    return table
