"""Playback: a window of a month, quarter or year that goes through the dates of the filter, by itself or step by step.

What is shown of a window is what the filter with its dates leaves, so its figures are those of that filter. While it plays, the
browser asks for the next step, and only what moves with the dates is drawn again; at rest it is a page like any other, with
the window in its address. While it plays that part has buttons but no switch: one step may come before the one
before is drawn, and Streamlit then forgets what the switches of the part show and takes that for the reader's choice. Nor has it
lists and counts that the browser would draw later than sentence and figures: they would be those of another window.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeVar

import streamlit as st

from incident_atlas.charts.vega_lite import Picture
from incident_atlas.charts.window_band import with_band
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.time_windows import MONTHS, TimeWindow, Windows, windows_of, within
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.pages.map.grid import grid_button
from incident_atlas.ui.pages.map.prepared_windows import prepare, prepared
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.state import session

SECONDS = {"month": 1.0, "quarter": 1.5, "year": 2.0}
"""From one step to the next, by the length of the window: long enough to read its sentence and figures."""

_MOVES, _GROWS = _("Moving"), _("Growing")
Drawn = TypeVar("Drawn")


def shown_filters() -> Filters:
    """The session's filter, with the dates of the window while there is one."""
    window = state.window()
    return within(state.filters(), window) if window else state.filters()


def prepare_windows(loaded: Loaded) -> None:
    """Before a play: what is shown of each window, with a notice as long as it takes."""
    session().playing = session().playing and state.window() is not None
    # The place of the notice stays: what comes and goes would move the map on the page, and a map that is moved is built anew.
    with st.container():
        if session().playing and not prepared(loaded):
            with st.spinner(_("Preparing the windows …"), show_time=True):
                prepare(loaded)


def moving(draw: Callable[[Loaded], Drawn], loaded: Loaded) -> Drawn | None:
    """Draw the part of the page that follows the window; while it plays, once more with each step. Returns what `draw` does."""
    if not session().playing:
        # A fragment is a container, too: what is in it stays the same to the browser when the play begins and ends.
        with st.container():
            return draw(loaded)
    runs: list[None] = []

    @answering()
    def step() -> Any:
        goes_on = not runs or _next_step(loaded)
        runs.append(None)
        # Its last step is drawn as one that plays, too. The run of the whole page that follows is then the first to draw the switches:
        # of two such runs the browser may draw only the second, and what the first one set in them would be lost.
        drawn = draw(loaded)
        if not goes_on:
            # Not before its widgets are drawn: Streamlit forgets those of a fragment that ends without them.
            st.rerun()
        return drawn

    return st.fragment(step, run_every=SECONDS[_chosen()[0]])()


def _next_step(loaded: Loaded) -> bool:
    """Move the window on; False where it is at its end, or something was chosen meanwhile that the whole page must follow."""
    windows, at = _windows(loaded), _position(loaded)
    if windows is None or at is None or at + 1 >= len(windows):
        session().pausing = True
    if session().chosen or session().pausing or not session().playing:
        return False
    state.show_window(windows[at + 1])
    return True


def marked(picture: Picture) -> Picture:
    """The timeline with the window marked on it, while there is one."""
    window = state.window()
    if window is None:
        return picture
    shown = within(state.filters(), window)
    return with_band(picture, shown.since or picture.data["begins"].min().date(), shown.until, theme(scheme()))


def controls(loaded: Loaded) -> None:
    """Play and pause, one step back and forward, and what moves how; as long as nothing is played, the way to small maps, too."""
    window, windows, at = state.window(), _windows(loaded), _position(loaded)
    if windows is None or state.view().grid:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="playback"):
        playing = session().playing
        # One key for both, so that the keyboard stays on it.
        label, icon = (_("Pause"), "pause") if playing else (_("Play"), "play_arrow")
        st.button(
            label,
            icon=f":material/{icon}:",
            key="play",
            on_click=_pause if playing else _play,
            args=() if playing else (loaded,),
            type="tertiary",
        )
        shown = window is not None and at is not None
        if shown:
            _steps(loaded, windows, at)
            _counter(window, len(windows), at, playing)
        if playing:
            return
        chosen, grows = _chosen()
        switch(
            _("Length of the window"),
            list(MONTHS),
            chosen,
            lambda length: _take_length(loaded, length),
            key="w:length",
            name=lambda length: _(length.capitalize()),
        )
        growth = _GROWS if grows else _MOVES
        switch(_("How the window goes on"), (_MOVES, _GROWS), growth, _take_growth, key="w:grows")
        if shown:
            st.button(_("All dates"), key="play-end", on_click=_end, type="tertiary")
        else:
            grid_button(state.filters())


def _steps(loaded: Loaded, windows: Windows, at: int) -> None:
    for key, label, icon, n in (
        ("back", _("Previous"), "skip_previous", at - 1),
        ("forward", _("Next"), "skip_next", at + 1),
    ):
        st.button(
            label, icon=f":material/{icon}:", key=f"step-{key}", on_click=_go, args=(loaded, n), type="tertiary",
            disabled=not 0 <= n < len(windows),
        )  # fmt: skip


def _counter(window: TimeWindow, count: int, at: int, playing: bool) -> None:
    """The window and its number; while it plays only their room, because the sentence says them first."""
    number = _("{at:,} of {count:,}").format(at=at + 1, count=count)
    words = f"<b class='atlas-window'>{window.name()}</b> <span class='atlas-note'>{number}</span>"
    st.html(f"<div class='atlas-unseen' aria-hidden='true'>{words}</div>" if playing else words, width="content")


def _windows(loaded: Loaded) -> Windows | None:
    """The windows of the length that is shown or chosen; None without incidents in the filter's dates."""
    source = loaded.source
    if source.first is None:
        return None
    return windows_of(state.filters(), *_chosen(), *source.days())


def _chosen() -> tuple[str, bool]:
    """Length of the window, and whether it grows: of the one that is shown, else as chosen for the next."""
    window = state.window()
    return (window.length, window.grows) if window else (session().play_length, session().play_grows)


def _position(loaded: Loaded) -> int | None:
    window, windows = state.window(), _windows(loaded)
    return windows.index(window.month) if window and windows else None


def _play(loaded: Loaded) -> None:
    windows, at = _windows(loaded), _position(loaded)
    # At the end it begins again.
    at = 0 if at is None or at + 1 >= len(windows) else at
    session().playing = True
    state.set_view(window=windows[at], incident=None)


def _pause() -> None:
    session().pausing = True
    state.set_view()


def _go(loaded: Loaded, n: int) -> None:
    if session().pausing:
        # A click in a part that plays may come twice: with its own run and with the run of the whole page that this one asks for.
        return
    _pause()
    windows = _windows(loaded)
    if windows and 0 <= n < len(windows):
        state.show_window(windows[n])


def _take_length(loaded: Loaded, length: str) -> None:
    session().play_length = length
    if window := state.window():
        state.set_view(window=replace(window, length=length))
        windows = _windows(loaded)
        state.show_window(windows[windows.index(window.month) or 0])


def _take_growth(growth: str) -> None:
    session().play_grows = growth == _GROWS
    if window := state.window():
        state.set_view(window=replace(window, grows=session().play_grows))


def _end() -> None:
    session().playing = False
    state.set_view(window=None)
