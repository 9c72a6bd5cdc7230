"""What a filter leaves of the record, and results computed from it: cached in the session, those of the whole record with the record."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from incident_atlas.analysis import summary
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.filters import Filters, WordFound, uncertain_dates, without_figure, words_found
from incident_atlas.dataset.headline_text import describe, other_targets
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import Question, answer_all, rows
from incident_atlas.dataset.sql import Engine
from incident_atlas.ui.session.state import session

MOST_RESULTS = 100
Result = TypeVar("Result")
Planned = tuple[Question, tuple[str, ...]]
"""A question, and the criteria of the filter that it leaves out."""


def visible(loaded: Loaded, filters: Filters, without: tuple[str, ...] = (), columns: tuple[str, ...] = summary.COLUMNS) -> Any:
    """The visible incidents (only these columns), leaving out the criteria named in `without`, as a frame of the record's engine."""
    # Frames of an earlier filter are dropped before another is made: of a large record each is tens of megabytes.
    frames = session().cache.cached("visible", Cache, (loaded.serial, filters))
    applied = filters.without(*without)
    return frames.cached("frame", lambda: applied.apply(loaded.incidents, columns=columns), (applied, columns), MOST_RESULTS)


def prefetch(loaded: Loaded, filters: Filters, planned: Iterable[Planned]) -> None:
    """Ask an engine at once what of `planned` is not cached, so that `result` and `sentence` find it; does nothing in memory."""
    if not isinstance(loaded, Engine):
        return
    missing = {}
    for question, without in planned:
        applied = filters.without(*without)
        if not _cache(loaded, applied).has("results", _key(question, loaded, applied)):
            missing[question, applied] = question.steps(visible(loaded, filters, without))
    for question in (uncertain_dates, without_figure):
        if not _cache(loaded, filters).has("results", _key(question, loaded, filters)):
            missing[question, filters] = question.steps(loaded.incidents, filters)
    for (question, applied), value in zip(missing, answer_all(list(missing.values())), strict=True):
        keep_result(question, loaded, applied, value)


def result(
    question: Callable[..., Result],
    loaded: Loaded,
    filters: Filters,
    without: tuple[str, ...] = (),
    columns: tuple[str, ...] = summary.COLUMNS,
    also: tuple = (),
) -> Result:
    """`question` (a function such as those of `summary`) of the visible incidents; its small result is cached.

    also: further arguments of the question, hashable, because they are part of the key. The dates are moved most often, and what
    leaves them out need not be computed again then. Results are shared: copy one before changing it.
    """

    def compute() -> Result:
        frame = visible(loaded, filters, without, columns)
        # What is no question to an engine needs the incidents themselves.
        return question(frame if isinstance(question, Question) else rows(frame), *also)

    return _cached(question, loaded, filters.without(*without), compute, also)


def keep_result(question: Callable[..., Result], loaded: Loaded, filters: Filters, value: Result, also: tuple = ()) -> None:
    """Let `result` and `sentence` find a value that was worked out otherwise."""
    _cached(question, loaded, filters, lambda: value, also)


def sentence(loaded: Loaded, filters: Filters, head: summary.Headline) -> str:
    """The filter sentence with the counts that only the record knows. Plain text, not yet safe."""
    counts = (
        _cached(question, loaded, filters, lambda question=question: question(loaded.incidents, filters))
        for question in (uncertain_dates, without_figure)
    )
    return describe(filters, head, *loaded.source.days(), *counts)


def found_by_word(loaded: Loaded, filters: Filters) -> list[WordFound]:
    """What each word of the search finds, for a filter that leaves nothing."""
    return _cached(words_found, loaded, filters, lambda: words_found(loaded.incidents, filters))


def of_other_targets(loaded: Loaded, filters: Filters) -> str:
    """Under a filter by target: that a total is of whole incidents, where some also hit others. Plain text, '' where none did."""
    column = summary.target_column(filters)
    if column is None:
        return ""
    columns = tuple(dict.fromkeys((*summary.COLUMNS, column)))
    also = (column, getattr(filters, column))
    return other_targets(*result(summary.other_targets, loaded, filters, columns=columns, also=also))


def _key(question: Callable, loaded: Loaded, filters: Filters, also: tuple = ()) -> tuple:
    return question.__module__, question.__name__, also, loaded.serial, filters


def _cached(question: Callable, loaded: Loaded, filters: Filters, compute: Callable[[], Result], also: tuple = ()) -> Result:
    return _cache(loaded, filters).cached("results", compute, _key(question, loaded, filters, also), MOST_RESULTS)


def _cache(loaded: Loaded, filters: Filters) -> Cache:
    """Where results under this filter are kept: those of the whole record with the record, because every session begins with them.

    A database may change while it is open, so each session asks it anew.
    """
    return session().cache if filters or isinstance(loaded, Engine) else loaded.cache
