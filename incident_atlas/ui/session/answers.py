"""What a filter leaves of the record, worked out once per run however many pictures ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.dataset.filter_sentence import describe
from incident_atlas.dataset.filters import Filters, loosely_dated, without_figure
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import Question, rows, together
from incident_atlas.dataset.sql import Engine

MOST_ANSWERS = 100
Answer = TypeVar("Answer")
Wanted = tuple[Question, tuple[str, ...]]
"""A question, and the criteria that it leaves out."""


def visible(
    loaded: Loaded, chosen: Filters, without: tuple[str, ...] = (), columns: tuple[str, ...] = summary.COLUMNS
) -> Any:
    """The visible incidents (only these columns), leaving out the criteria named in `without`, as a frame of the record's engine."""
    asked = chosen.without(*without)
    frames = st.session_state.setdefault("visible", {})
    key = (loaded.serial, chosen, asked, columns)
    # Frames of an earlier filter are dropped before another is made: of a large record each is tens of megabytes.
    if any(known[:2] != key[:2] for known in frames):
        frames.clear()
    if key not in frames:
        frames[key] = asked.apply(loaded.incidents, columns=columns)
    return frames[key]


def ask_ahead(loaded: Loaded, chosen: Filters, wanted: Iterable[Wanted]) -> None:
    """What of `wanted` is not yet known, asked of an engine at once, so that `answer` and `sentence` find it; in memory nothing is."""
    if not isinstance(loaded, Engine):
        return
    answers = st.session_state.setdefault("answers", {})
    missing = {}
    for question, without in wanted:
        if (asked := _asked(question, loaded, chosen.without(*without))) not in answers:
            missing[asked] = question.steps(visible(loaded, chosen, without))
    for question in (loosely_dated, without_figure):
        if (asked := _asked(question, loaded, chosen)) not in answers:
            missing[asked] = question.steps(loaded.incidents, chosen)
    _remember(answers, dict(zip(missing, together(list(missing.values())), strict=True)))


def answer(
    question: Callable[..., Answer],
    loaded: Loaded,
    chosen: Filters,
    without: tuple[str, ...] = (),
    columns: tuple[str, ...] = summary.COLUMNS,
    also: tuple = (),
) -> Answer:
    """`question` (a function such as those of `summary`) asked of the visible incidents; its small answer is remembered.

    also: what else the question is asked with, after the incidents; hashable, because it is part of what is remembered.
    The dates are moved most often, and what leaves them out need not be asked again then. Answers are shared: copy one
    before changing it.
    """
    answers = st.session_state.setdefault("answers", {})
    asked = _asked(question, loaded, chosen.without(*without), also)
    if asked not in answers:
        seen = visible(loaded, chosen, without, columns)
        # What is no question to an engine needs the incidents themselves.
        _remember(answers, {asked: question(seen if isinstance(question, Question) else rows(seen), *also)})
    return answers[asked]


def _asked(question: Callable, loaded: Loaded, chosen: Filters, also: tuple = ()) -> tuple:
    return (question.__module__, question.__name__, also, loaded.serial, chosen)


def _remember(answers: dict[tuple, Any], found: dict[tuple, Any]) -> None:
    for _ in range(len(answers) + len(found) - MOST_ANSWERS):
        answers.pop(next(iter(answers)), None)
    answers |= found


def sentence(loaded: Loaded, chosen: Filters, head: summary.Headline) -> str:
    """The filter sentence with the counts that only the record knows. Plain text, not yet safe."""
    source = loaded.source
    first, last = (None, None) if source.first is None else (source.first.date(), source.last.date())
    answers = st.session_state.setdefault("answers", {})
    few = []
    for question in (loosely_dated, without_figure):
        asked = _asked(question, loaded, chosen)
        if asked not in answers:
            _remember(answers, {asked: question(loaded.incidents, chosen)})
        few.append(answers[asked])
    return describe(chosen, head, first, last, *few)
