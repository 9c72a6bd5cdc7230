"""The charts of the Map page: each drawn from what every filter but its own leaves, each a filter itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.charts import perpetrators as perpetrator_charts
from incident_atlas.charts import timeline as time_bars
from incident_atlas.charts import timeline_segments as segments
from incident_atlas.charts import vega_lite, victims
from incident_atlas.charts.vega_lite import BRUSH, CLICK, OTHERS_BAR, Picture
from incident_atlas.charts.victims import MEASURES
from incident_atlas.core.text import day, safe_text
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.time_windows import first_day, last_day, month_number
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.pages.map.switches import measure_switch
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.map_frame import coloured_by
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import Planned, result

_DATES = ("since", "until")


ALL_YEARS, BY_YEAR = _("All years"), _("By year")
ALL_ACTORS, BY_ACTOR = _("All incidents"), _("By who acted")


def planned_questions(loaded: Loaded) -> list[Planned]:
    """All that the page asks of the visible incidents, so that an engine can be asked at once."""
    if counts_victims():
        in_time = (summary.victims_by_month, summary.victims_by_year)
    elif coloured_by(loaded):
        in_time = (segments.by_month_and_origin, segments.by_year_and_origin)
    else:
        in_time = (summary.by_month, summary.by_year)
    if several_actors(loaded) and not counts_victims():
        in_time = (*in_time, segments.by_year_and_actor_kind)
    by_year = state.session().perpetrators_by_year
    perpetrators = summary.by_perpetrator_and_year if by_year else summary.by_perpetrator
    in_time = [(question, _DATES) for question in (*in_time, summary.without_month)]
    return [
        (summary.headline, ()),
        (summary.by_actor_kind, ()),
        (summary.by_target_type, ("target_type",)),
        (perpetrators, ("perpetrator",)),
        *in_time,
    ]


def time_pictures(loaded: Loaded, chosen: Filters) -> tuple[Picture, Picture, str] | None:
    """Timeline, years, and the key of their hairlines; None for a record without incidents."""
    if loaded.source.first is None:
        return None
    colours = theme(scheme())
    span = (loaded.source.first, loaded.source.last)
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, *span)
    window = (chosen.since, chosen.until)
    measure = state.view().measure
    if counts_victims():
        months = victims.timeline(result(summary.victims_by_month, loaded, chosen, _DATES), measure, span, window, marks, colours)
        per_year = victims.years(result(summary.victims_by_year, loaded, chosen, _DATES), measure, span, window, marks, colours)
    elif names := coloured_by(loaded):
        months = segments.timeline(
            result(segments.by_month_and_origin, loaded, chosen, _DATES), names, span, window, marks, colours
        )
        per_year = segments.years(
            result(segments.by_year_and_origin, loaded, chosen, _DATES), names, span, window, marks, colours
        )
    else:
        months = time_bars.timeline(result(summary.by_month, loaded, chosen, _DATES), span, window, marks, colours)
        per_year = time_bars.years(result(summary.by_year, loaded, chosen, _DATES), span, window, marks, colours)
    if _split_by_actor(loaded):
        table = result(segments.by_year_and_actor_kind, loaded, chosen, _DATES)
        per_year = segments.years_by_actor(table, span, window, marks, colours)
    lost = result(summary.without_month, loaded, chosen, _DATES)
    return (
        months,
        per_year,
        mark_key(marks) + (_(" &ensp; {lost:,} known only to the year are in no month.").format(lost=lost) if lost else ""),
    )


def counts_victims() -> bool:
    """Whether the time charts count killed or wounded in place of incidents."""
    return state.view().measure != MEASURES[0]


def timeline(loaded: Loaded, chosen: Filters, picture: Picture, key: str) -> None:
    """Incidents, killed or wounded per month; drag over it to choose dates."""
    now = (state.filters().since, state.filters().until)
    # The browser keeps its own brush; when the dates were changed elsewhere a new chart must replace it.
    if state.session().brushed not in (None, now):
        state.session().renew_widget("timeline")
        state.session().brushed = None
    # In pieces it is a chart of its own to the browser.
    pieces = "-victims" if counts_victims() else "-pieces" if coloured_by(loaded) else ""
    with st.container(horizontal=True, vertical_alignment="bottom", horizontal_alignment="distribute", key="timeline-head"):
        outside = _outside_filter(chosen, _DATES, "months", "dates")
        title = f"<h2 class='atlas-chart-title'>{picture.title}</h2>"
        note = _("Click a bar for its month, or drag over several{outside}.{how_to_read}").format(
            outside=outside, how_to_read=f" {victims.HOW_TO_READ}" if counts_victims() else ""
        )
        st.html(f"<div>{title} <span class='atlas-note'>{note}</span></div>", width="stretch")
        if not state.session().playing:
            # A phone has no list beside the map.
            with st.container(key="phone-list", width="content"):
                st.page_link("pages/incidents.py", label=_("As a list"), icon=":material/list:")
            measure_switch()
            data_and_picture("timeline", picture, loaded, chosen, _DATES)
    if state.session().playing:
        draw(picture, "timeline-playing")
    else:
        _draw(picture, f"{state.session().widget_key('timeline')}{pieces}", _chosen_months)
    if key:
        st.html(
            f"<details class='atlas-details'><summary>{_('What the lines mark')}</summary><p class='atlas-note'>{key}</p></details>"
        )


def bars(loaded: Loaded, chosen: Filters, per_year: Picture) -> None:
    """Attacks by year, by target type, and by suspected perpetrator."""
    colours = theme(scheme())
    first, second, third = st.columns(3, gap="medium")
    with first:
        by_actor = _split_by_actor(loaded)
        note = f" {segments.ACTOR_NOTE}" if by_actor else ""
        _title(
            per_year.title if counts_victims() else _("By year"),
            _("Click a bar to see that year{outside_filter}.{note}").format(
                outside_filter=_outside_filter(chosen, _DATES, "years", "dates"), note=note
            ),
        )
        if not counts_victims():
            _actor_switch(loaded)
        if counts_victims():
            name = "years-victims"
        elif by_actor:
            name = "years-by-actor"
        elif coloured_by(loaded):
            name = "years-in-pieces"
        else:
            name = "years"
        _draw(per_year, state.session().widget_key(name), _clicked("year", _take_year))
        data_and_picture("years", per_year, loaded, chosen, _DATES)
    with second:
        table = result(summary.by_target_type, loaded, chosen, ("target_type",))
        own = ("target_type",)
        note = _outside_filter(chosen, own, "types", "types")
        _title(_("By target type"), _("An incident with two target types counts in both{note}.").format(note=note))
        picture = vega_lite.target_types(table, chosen.target_type, colours)
        _draw(picture, state.session().widget_key("types"), _clicked("target_type", _toggle))
        data_and_picture("types", picture, loaded, chosen, own)
    with third:
        by_year = _by_year()
        if note := _outside_filter(chosen, ("perpetrator",), "perpetrators", "perpetrators"):
            st.html(f"<p class='atlas-note'>{note.removeprefix('; ').capitalize()}.</p>")
        picture, name = _perpetrators(loaded, chosen, by_year)
        _draw(picture, state.session().widget_key(name), _clicked("perpetrator", _toggle))
        data_and_picture("perpetrators", picture, loaded, chosen, ("perpetrator",))
    st.html(
        f"<p class='atlas-key'>{_('Source: {source}. Fewer reports are not fewer attacks.').format(source=source(loaded))}</p>"
    )


def several_actors(loaded: Loaded) -> bool:
    """Whether more than one kind of actor is in the record, so that years can be split by it."""
    return len(loaded.options.get("actor_kind", ())) > 1


def _split_by_actor(loaded: Loaded) -> bool:
    return several_actors(loaded) and state.session().years_by_actor and not counts_victims()


def _actor_switch(loaded: Loaded) -> None:
    """The choice of years as whole bars or in pieces of who acted; nothing where the record knows one kind of actor."""
    if not several_actors(loaded):
        return
    pieces = BY_ACTOR if state.session().years_by_actor else ALL_ACTORS
    switch(_("Pieces of the years"), (ALL_ACTORS, BY_ACTOR), pieces, _take_pieces, key="w:years")


def _take_pieces(pieces: str) -> None:
    state.session().years_by_actor = pieces == BY_ACTOR


def _outside_filter(chosen: Filters, own: tuple[str, ...], bars: str, choice: str) -> str:
    """That the chart also counts what only its own filter leaves out; empty while that filter is."""
    if set(own) & set(chosen.active()):
        return _("; all {bars} are counted here, those outside the chosen {choice} are pale").format(bars=bars, choice=choice)
    return ""


def _by_year() -> bool:
    """Title and choice of the third chart: all years as one bar, or year by year."""
    by_year = state.session().perpetrators_by_year
    _title(_("By suspected perpetrator"), perpetrator_charts.SCALE_NOTE if by_year else "")
    years = BY_YEAR if by_year else ALL_YEARS
    switch(_("Years of the perpetrators"), (ALL_YEARS, BY_YEAR), years, _take_years, key="w:perpetrators")
    return by_year


def _take_years(years: str) -> None:
    state.session().perpetrators_by_year = years == BY_YEAR


def _perpetrators(loaded: Loaded, chosen: Filters, by_year: bool) -> tuple[Picture, str]:
    """The chart and its name: each of the two is a chart of its own to the browser."""
    colours, own = theme(scheme()), ("perpetrator",)
    if by_year:
        table = result(summary.by_perpetrator_and_year, loaded, chosen, own)
        years = (chosen.since or loaded.source.first).year, (chosen.until or loaded.source.last).year
        return perpetrator_charts.perpetrators_by_year(
            table, years, chosen.perpetrator, colours, _marks(loaded, years)
        ), "perpetrators-by-year"
    return perpetrator_charts.perpetrators(
        result(summary.by_perpetrator, loaded, chosen, own), chosen.perpetrator, colours
    ), "perpetrators"


def _marks(loaded: Loaded, years: tuple[int, int]) -> tuple[vega_lite.TimeMark, ...]:
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)
    return tuple(mark for mark in marks if years[0] <= mark.date.year <= years[1])


def source(loaded: Loaded) -> str:
    """What the figures rest on, as a line under a picture."""
    name = _("the record of Incident Atlas") if loaded.source.shipped else safe_text(loaded.source.name, 80)
    if loaded.source.last is not None:
        return _("{name}, {kept:,} incidents, to {day}").format(name=name, kept=loaded.source.kept, day=day(loaded.source.last))
    return name


def mark_key(marks: tuple[vega_lite.TimeMark, ...]) -> str:
    """What the numbers and letters of the hairlines stand for, as harmless HTML."""
    milestones = [f"<b>{mark.label}</b> {safe_text(mark.name)}, {day(mark.date)}" for mark in marks if mark.kind == "milestone"]
    breaks = [f"<b>{mark.label}</b> {safe_text(mark.name)}, {mark.date.year}" for mark in marks if mark.kind == "break"]
    text = f"{' · '.join(milestones)}." if milestones else ""
    return _("{text} Coverage breaks: {breaks}.").format(text=text, breaks=" · ".join(breaks)) if breaks else text


def _title(title: str, note: str) -> None:
    under = f"<p class='atlas-note'>{note}</p>" if note else ""
    st.html(f"<h2 class='atlas-chart-title'>{title}</h2>{under}")


def _draw(picture: Picture, key: str, on_select: Callable[[str], None]) -> None:
    # The key is also the chart's place in the session; a callback without it would not know which chart was touched.
    mode = [BRUSH, CLICK] if key.startswith("timeline") else CLICK
    draw(picture, key, on_select=lambda: on_select(key), selection_mode=mode)


def _clicked(field: str, take: Callable[[str, Any], None]) -> Callable[[str], None]:
    def callback(key: str) -> None:
        points = st.session_state[key]["selection"].get(CLICK) or []
        if points and points[0].get(field) not in (None, OTHERS_BAR):
            take(field, points[0][field])
        # A selection cannot be set from here: a new key forgets it, and the filter alone says which bar is chosen.
        state.session().renew_widget(key.rsplit("-", 1)[0])

    return callback


def _toggle(field: str, term: str) -> None:
    before = getattr(state.filters(), field)
    state.set_filters(replace(state.filters(), **{field: () if before == (term,) else (term,)}))


def _take_year(_unused: str, year: int) -> None:
    span = date(int(year), 1, 1), date(int(year), 12, 31)
    now = (state.filters().since, state.filters().until)
    since, until = (None, None) if now == span else span
    state.set_filters(replace(state.filters(), since=since, until=until))


def _as_day(value: float | str) -> date:
    """The day of a time that a chart sends: milliseconds since 1970, or ISO text."""
    return (pd.Timestamp(value) if isinstance(value, str) else pd.Timestamp(value, unit="ms")).date()


def months_covered(begin: date, end: date) -> tuple[date, date]:
    """First and last day of the whole months nearest to these ends; of less than that, the month of their middle.

    >>> months_covered(date(2019, 12, 20), date(2021, 3, 8))
    (datetime.date(2020, 1, 1), datetime.date(2021, 2, 28))
    """
    low, high = _nearest_month(begin), _nearest_month(end) - 1
    if low > high:
        low = high = month_number(begin + (end - begin) / 2)
    return first_day(low), last_day(high)


def _chosen_months(key: str) -> None:
    """Take the month whose bar was clicked, or the whole months that the brush covers."""
    selection = st.session_state[key]["selection"]
    current = state.filters().since, state.filters().until
    if clicked := selection.get(CLICK):
        month = month_number(_as_day(clicked[0]["begins"]))
        span = first_day(month), last_day(month)
        since, until = (None, None) if span == current else span
        # A click cannot be taken back from here: a chart of another key forgets it.
        state.session().renew_widget("timeline")
        state.session().brushed = None
    else:
        ends = next(iter((selection.get(BRUSH) or {}).values()), None)
        since, until = months_covered(*map(_as_day, (min(ends), max(ends)))) if ends else (None, None)
        state.session().brushed = (since, until)
    state.set_filters(replace(state.filters(), since=since, until=until))


def _nearest_month(day: date) -> int:
    """The number of the month whose first day is nearest."""
    return month_number(day) + (day.day > 15)
