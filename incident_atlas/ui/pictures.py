"""The charts of the Map page: each drawn from what every filter but its own leaves, each a filter itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas import charts, summary
from incident_atlas.charts import BRUSH, CLICK, OTHERS_BAR, Picture
from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.text import day, safe_text
from incident_atlas.theme import theme
from incident_atlas.ui import state
from incident_atlas.ui.frame import scheme
from incident_atlas.ui.visible import answer

_DATES = ("since", "until")


def time_pictures(loaded: Loaded, chosen: Filters) -> tuple[Picture, Picture, str] | None:
    """Timeline, years, and the key of their hairlines; None for a record without incidents."""
    if loaded.source.first is None:
        return None
    look = theme(scheme())
    span = (loaded.source.first, loaded.source.last)
    marks = charts.time_marks(loaded.milestones, loaded.coverage, *span)
    window = (chosen.since, chosen.until)
    months = charts.timeline(answer(summary.by_month, loaded, chosen, _DATES), span, window, marks, look)
    per_year = charts.years(answer(summary.by_year, loaded, chosen, _DATES), span, window, marks, look)
    lost = answer(summary.without_month, loaded, chosen, _DATES)
    return months, per_year, _key(marks) + (f" &ensp; {lost:,} known only to the year are in no month." if lost else "")


def timeline(picture: Picture, key: str) -> None:
    """Incidents per month; drag over it to choose dates."""
    now = (state.filters().since, state.filters().until)
    # The browser keeps its own brush; when the dates were changed elsewhere a new chart must replace it.
    if st.session_state.get("brushed", now) != now:
        st.session_state["brush"] = st.session_state.get("brush", 0) + 1
        st.session_state.pop("brushed")
    _draw(picture, f"timeline-{st.session_state.get('brush', 0)}", _brushed)
    st.html(f"<p class='atlas-key'>Incidents per month; drag over the bars to choose dates. {key}</p>")


def bars(loaded: Loaded, chosen: Filters, per_year: Picture) -> None:
    """Attacks by year, by target type, and by suspected perpetrator."""
    look = theme(scheme())
    first, second, third = st.columns(3, gap="medium")
    with first:
        _title("By year", "A year without attacks is a zero; click one to see only it.")
        _draw(per_year, _turn("years"), _clicked("year", _take_year))
    with second:
        table = answer(summary.by_target_type, loaded, chosen, ("target_type",))
        _title("By target type", "Who was hit; an incident with two types counts in both.")
        _draw(charts.target_types(table, chosen.target_type, look), _turn("types"), _clicked("target_type", _toggle))
    with third:
        table = answer(summary.by_perpetrator, loaded, chosen, ("perpetrator",))
        _title("By suspected perpetrator", "Full colour: claimed; lighter: attributed, suspected; striped: contested, denied, nobody named.")
        _draw(charts.perpetrators(table, chosen.perpetrator, look), _turn("perpetrators"), _clicked("perpetrator", _toggle))
    st.html(f"<p class='atlas-key'>Source: {source(loaded)}. Fewer reports are not fewer attacks.</p>")


def source(loaded: Loaded) -> str:
    """What the figures rest on, as a line under a picture."""
    name = "the record of Incident Atlas" if loaded.source.shipped else safe_text(loaded.source.name, 80)
    return f"{name}, {loaded.source.kept:,} incidents, to {day(loaded.source.last)}" if loaded.source.last is not None else name


def _key(marks: tuple[charts.TimeMark, ...]) -> str:
    milestones = [f"<b>{mark.label}</b> {safe_text(mark.name)}, {day(mark.date)}" for mark in marks if mark.kind == "milestone"]
    breaks = [f"<b>{mark.label}</b> {safe_text(mark.name)}, {mark.date.year}" for mark in marks if mark.kind == "break"]
    said = " · ".join(milestones)
    return f"{said}. Coverage breaks: {' · '.join(breaks)}." if breaks else f"{said}."


def _title(title: str, note: str) -> None:
    st.html(f"<p class='atlas-sentence' style='font-size:.95rem'>{title}</p><p class='atlas-note'>{note}</p>")


def _draw(picture: Picture, key: str, on_select: Callable[[str], None]) -> None:
    # The key is also the chart's place in the session; a callback without it would not know which chart was touched.
    st.vega_lite_chart(
        picture.data,
        picture.spec,
        theme=None,
        key=key,
        on_select=lambda: on_select(key),
        selection_mode=BRUSH if key.startswith("timeline") else CLICK,
        alt=picture.alt,
        width="stretch",
    )


def _turn(name: str) -> str:
    return f"{name}-{st.session_state.get(f'turn:{name}', 0)}"


def _clicked(field: str, take: Callable[[str, Any], None]) -> Callable[[str], None]:
    def callback(key: str) -> None:
        points = st.session_state[key]["selection"].get(CLICK) or []
        if points and points[0].get(field) not in (None, OTHERS_BAR):
            take(field, points[0][field])
        # A selection cannot be set from here: a new key forgets it, and the filter alone says which bar is chosen.
        name = key.rsplit("-", 1)[0]
        st.session_state[f"turn:{name}"] = st.session_state.get(f"turn:{name}", 0) + 1

    return callback


def _toggle(field: str, term: str) -> None:
    before = getattr(state.filters(), field)
    state.set_filters(replace(state.filters(), **{field: () if before == (term,) else (term,)}))


def _take_year(_: str, year: int) -> None:
    span = date(int(year), 1, 1), date(int(year), 12, 31)
    now = (state.filters().since, state.filters().until)
    since, until = (None, None) if now == span else span
    state.set_filters(replace(state.filters(), since=since, until=until))


def _brushed(key: str) -> None:
    ends = next(iter((st.session_state[key]["selection"].get(BRUSH) or {}).values()), None)
    since = until = None
    if ends:
        since, until = (pd.Timestamp(end, unit="ms").date() for end in (min(ends), max(ends)))
    st.session_state["brushed"] = (since, until)
    state.set_filters(replace(state.filters(), since=since, until=until))
