"""When did the rate change?, and the calendar: what the whole record says month by month, whatever dates are chosen."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from incident_atlas.analysis import change_points, summary
from incident_atlas.charts import calendar as history
from incident_atlas.charts import vega_lite
from incident_atlas.charts.vega_lite import TimeMark
from incident_atlas.charts.victims import MEASURES
from incident_atlas.core.text import counted_incidents, safe_text
from incident_atlas.dataset import companion_tables
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.pages.map.charts import mark_key, source
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import result, sentence

_DATES = ("since", "until")
_CALENDAR_PX, _LINKS_PX = 760, 320


def change(loaded: Loaded, chosen: Filters, coordinated_once: bool) -> None:
    """Whether and when the monthly rate changed: sentence, picture, one line per change, how it was found.

    coordinated_once: the attacks of one operation count once. The dates of the filter are left out.
    """
    _heading(_("When did the rate change?"))
    if loaded.source.first is None:
        st.html(f"<p class='atlas-note'>{_('The record has no incidents.')}</p>")
        return
    days = exposure(loaded, chosen)
    span = (days.first, days.last)
    arguments = (*span, companion_tables.moments(loaded.milestones, loaded.coverage, *span), coordinated_once)
    found = result(change_points.changes, loaded, chosen, _DATES, change_points.COLUMNS, arguments)
    headline = change_points.headline(found)
    st.html(f"<p class='atlas-sentence' aria-live='polite'>{safe_text(headline, 900)}</p>")
    marks = _marks(loaded)
    picture = history.monthly_rate(found, span, marks, theme(scheme()))
    draw(picture, "monthly-rate-chart")
    st.html(
        f"<p class='atlas-key'>{_('{rate_notes} {mark_key} Source: {source}.').format(rate_notes=history.RATE_NOTES[0], mark_key=mark_key(marks), source=source(loaded))}</p>"
    )
    # Areas are collected to different days: what lies after the last one that is counted is in neither picture nor sentence.
    within = replace(chosen.without(*_DATES), until=None if days.last == loaded.source.last else days.last.date())
    head = result(summary.headline, loaded, within)
    sentence_within = sentence(loaded, within, head)
    with st.container(horizontal=True, width=_LINKS_PX):
        data_and_picture("monthly-rate", picture, loaded, chosen, _DATES, (sentence_within, head))
        reference(loaded, f"{headline} {sentence_within}", head, "change")
    items = "".join(f"<li>{_item(change_points.step_sentence(step))}</li>" for step in found.steps)
    listed = f"<ul class='atlas-list'>{items}</ul>" if items else ""
    method = _("{method} Fewer reports are not fewer attacks.").format(method=safe_text(change_points.method(found), 900))
    st.html(
        f"<details class='atlas-details'><summary>{_('How this was calculated')}</summary>{listed}<p class='atlas-note'>{method}</p></details>"
    )


def calendar(loaded: Loaded, chosen: Filters) -> None:
    """Years as rows, months as columns: incidents, killed or wounded. The dates of the filter are left out."""
    if loaded.source.first is None:
        return
    _heading(_("Month by month"))
    measure = _measure()
    span, marks = (loaded.source.first, loaded.source.last), _marks(loaded)
    table = result(summary.victims_by_month, loaded, chosen, _DATES)
    colours = theme(scheme())
    last = exposure(loaded, chosen).last
    complete = last if last < loaded.source.last else None
    picture = history.calendar(table, measure, span, marks, colours, complete)
    with st.container(width=_CALENDAR_PX):
        draw(picture, "calendar-chart")
        notes = " ".join(history.calendar_notes(measure, colours, complete))
        st.html(f"<p class='atlas-key'>{notes} {_left_out(loaded, chosen, measure)} {mark_key(marks)}</p>")
        data_and_picture("calendar", picture, loaded, chosen, _DATES)


def _measure() -> str:
    """What the calendar counts: as the address says, or as the reader chooses."""
    measure = state.parameters().get("calendar", [MEASURES[0]])[-1]
    switch(
        _("What the calendar counts"),
        MEASURES,
        measure,
        lambda chosen: state.set_parameters(calendar=None if chosen == MEASURES[0] else chosen),
        key="w:calendar",
        name=lambda measure: _(measure.capitalize()),
    )
    return measure


def _left_out(loaded: Loaded, chosen: Filters, measure: str) -> str:
    """How many incidents are in no month, and of how many the dead may be attackers, when there are any."""
    lost = result(summary.without_month, loaded, chosen, _DATES)
    mixed = result(summary.headline, loaded, chosen, _DATES).all_counts if measure == "killed" else 0
    sentences = [_("That leaves out {lost:,}.").format(lost=lost)] if lost else []
    if mixed:
        message = _("The dead or wounded of {incidents} may include attackers.")
        sentences.append(message.format(incidents=counted_incidents(mixed)))
    return " ".join(sentences)


def _marks(loaded: Loaded) -> tuple[TimeMark, ...]:
    return vega_lite.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)


def _item(text: str) -> str:
    """A change with its month in bold."""
    month, _unused, rest = text.partition(":")
    return f"<b>{safe_text(month)}</b>:{safe_text(rest, 900)}"


def _heading(title: str) -> None:
    st.html(f"<h2 class='atlas-heading'>{title}</h2>")
