"""What a filter leaves of the record, worked out once per run however many pictures ask for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pandas as pd
import streamlit as st

from incident_atlas import summary
from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.sentence import describe

MOST_ANSWERS = 100
Answer = TypeVar("Answer")


def visible(
    loaded: Loaded, chosen: Filters, without: tuple[str, ...] = (), columns: tuple[str, ...] = summary.COLUMNS
) -> pd.DataFrame:
    """The visible incidents (only these columns), leaving out the criteria named in `without`."""
    asked = chosen.without(*without)
    frames = st.session_state.setdefault("visible", {})
    key = (loaded.serial, chosen, asked, columns)
    # Frames of an earlier filter are dropped before another is made: of a large record each is tens of megabytes.
    if any(known[:2] != key[:2] for known in frames):
        frames.clear()
    if key not in frames:
        frames[key] = asked.apply(loaded.incidents, columns=columns)
    return frames[key]


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
    asked = (question.__module__, question.__name__, also, loaded.serial, chosen.without(*without))
    if asked not in answers:
        if len(answers) >= MOST_ANSWERS:
            answers.pop(next(iter(answers)))
        answers[asked] = question(visible(loaded, chosen, without, columns), *also)
    return answers[asked]


def sentence(loaded: Loaded, chosen: Filters, head: summary.Headline) -> str:
    """The filter sentence with the counts that only the record knows. Plain text, not yet safe."""
    source = loaded.source
    first, last = (None, None) if source.first is None else (source.first.date(), source.last.date())
    return describe(chosen, head, first, last, chosen.loosely_dated(loaded.incidents), chosen.without_figure(loaded.incidents))
