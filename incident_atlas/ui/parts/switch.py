"""Choices of which one always holds, and what is on or off."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from incident_atlas.ui.session import state

T = TypeVar("T")


def switch(
    label: str,
    options: Sequence[T],
    value: T,
    take: Callable[[T], None],
    *,
    key: str,
    name: Callable[[T], str] = str,
) -> None:
    """Draw the choices with `value` chosen; `take` gets another one that the reader clicks.

    label: for screen readers alone. name: what stands on the choice.
    """
    state.set_widget(key, value)
    st.segmented_control(
        label, options, required=True, key=key, format_func=name, label_visibility="collapsed", on_change=_take, args=(key, take)
    )


def toggle(label: str, value: bool, take: Callable[[bool], None], *, key: str) -> None:
    """Draw what is on or off, `value` now; `take` gets the other when the reader clicks it."""
    state.set_widget(key, value)
    st.toggle(label, key=key, on_change=_take, args=(key, take))


def _take(key: str, take: Callable[[T], None]) -> None:
    # Two runs may follow each other so fast that the browser draws only the second. The value that the first one sent is then lost,
    # and the browser says that nothing is chosen. No reader can choose nothing here: the next run shows what held before.
    if (chosen := st.session_state[key]) is not None:
        take(chosen)
