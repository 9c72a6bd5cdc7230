"""What happened around the point that was asked about: the answer in a sentence, its figures, its years and kinds."""

from __future__ import annotations

import streamlit as st

from incident_atlas import charts, summary, surroundings, yearly
from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.points import distance
from incident_atlas.sentence import figures, without_largest
from incident_atlas.surroundings import COLUMNS, Surroundings
from incident_atlas.text import day, safe_text
from incident_atlas.theme import theme
from incident_atlas.ui.chart_files import data_and_picture
from incident_atlas.ui.frame import notes, scheme
from incident_atlas.ui.nearby_map import nearby_map
from incident_atlas.ui.reference import reference
from incident_atlas.ui.spot import Question
from incident_atlas.ui.tables import html_table
from incident_atlas.ui.visible import answer, sentence, visible

INVITATION = "What happened near a place?"
HOW_COUNTED = (
    "<h2 class='atlas-heading'>How it counts</h2><ul class='atlas-list'>"
    "<li><b>Within</b>: all of where the incident may have been lies inside the circle.</li>"
    "<li><b>Possibly within</b>: part of it does. Where only the city is known, nobody can say whether it was 500 m away.</li>"
    "<li>The two are never added up.</li></ul>"
)
FEWER = "Silence after the record's last day says nothing, and fewer reports are not fewer attacks."


def headline(loaded: Loaded, chosen: Filters, asked: Question) -> Surroundings | None:
    """The answer in words and figures; None where there is none: an invitation, or a point of which the record knows nothing."""
    if asked.spot is None:
        said = "Choose a site, type a place or coordinates, or click the map; then choose how far around it to look."
        st.html(f"<h1 class='atlas-sentence'>{INVITATION}</h1><p class='atlas-note'>{said} {notes(loaded)}</p>")
        return None
    here, trouble = _found(loaded, chosen, asked)
    if trouble:
        st.html(
            f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(trouble)}</h1><p class='atlas-note'>{notes(loaded)}</p>"
        )
        return None
    _answer(loaded, chosen, asked, here)
    return here


def pictures(loaded: Loaded, chosen: Filters, asked: Question, here: Surroundings | None) -> None:
    """The map, and beside it the years and the kinds of attack when there is an answer, else how incidents are counted."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        nearby_map(loaded, chosen, asked)
    with right:
        if here is None:
            st.html(HOW_COUNTED)
        else:
            _years(loaded, chosen, asked, here)
            _kinds(here)


def _found(loaded: Loaded, chosen: Filters, asked: Question) -> tuple[Surroundings, str | None]:
    """What lies around the point, and what to say instead where the record knows nothing; kept until another is asked."""
    spot = asked.spot
    key = (loaded.source.sha256, chosen, spot.latitude, spot.longitude, asked.km)
    if st.session_state.get("surroundings", (None,))[0] != key:
        here = surroundings.around(visible(loaded, chosen, columns=COLUMNS), spot.latitude, spot.longitude, asked.km)
        nothing = not len(here.within) and not len(here.possibly)
        trouble = surroundings.beyond(loaded.incidents, spot.latitude, spot.longitude, asked.km) if nothing else None
        st.session_state["surroundings"] = key, here, trouble
    return st.session_state["surroundings"][1:]


def _answer(loaded: Loaded, chosen: Filters, asked: Question, here: Surroundings) -> None:
    head = summary.headline(here.within)
    among = sentence(loaded, chosen, answer(summary.headline, loaded, chosen, columns=COLUMNS))
    said = surroundings.said(here, asked.name(), among)
    mixed = f" The dead of {head.all_counts:,} incidents may include attackers." if head.all_counts else ""
    because = safe_text(surroundings.because(here.possibly))
    st.html(
        f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(said, 1200)}</h1>"
        f"<div class='atlas-figures'>{_figures(loaded, chosen, here, head)}</div>"
        f"<p class='atlas-note'>{because}{_nearest(here)}{mixed} {notes(loaded)} {FEWER}</p>"
    )
    reference(loaded, surroundings.said(here, asked.name(for_others=True), among), head, "nearby")


def _figures(loaded: Loaded, chosen: Filters, here: Surroundings, head: summary.Headline) -> str:
    cells = [
        (f"{len(here.within):,}", "", f"within {distance(here.km)}", ""),
        (f"{len(here.possibly):,}", "", "possibly within", ""),
    ]
    if head.incidents:
        victims = zip(figures(head)[1:3], without_largest(head)[1:3], strict=True)
        cells += [(*figure, rest) for figure, rest in victims]
        one = surroundings.last(here.within)
        ago = surroundings.silence(here.within, loaded.source.last, chosen.until)
        cells.append((day(one["date"], one["date_precision"]), "", "last attack within", ago))
    asked_for = surroundings.period(loaded.source.first, loaded.source.last, chosen.since, chosen.until)
    if rate := surroundings.yearly_rate(head.incidents, asked_for):
        cells.append(
            (*surroundings.a_year(rate), "a year within, 95 % interval", f"{day(asked_for.first)} to {day(asked_for.last)}")
        )
    return "".join(
        f"<div><b>{best} <small>{span}</small></b><span>{label}</span>{f'<span>{rest}</span>' if rest else ''}</div>"
        for best, span, label, rest in cells
    )


def _nearest(here: Surroundings) -> str:
    if len(here.within) or len(here.possibly):
        return ""
    return "" if here.nearest is None else f"The nearest of these incidents is {distance(round(here.nearest, 1))} away."


def _years(loaded: Loaded, chosen: Filters, asked: Question, here: Surroundings) -> None:
    """Attacks within by year; nothing for a record without a day."""
    asked_for = surroundings.period(loaded.source.first, loaded.source.last, chosen.since, chosen.until)
    table = surroundings.per_year(here.within, asked_for)
    if not len(table):
        return
    marks = charts.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)
    title = f"Incidents within {distance(here.km)} by year"
    picture = yearly.per_year(table, title, marks, theme(scheme()))
    st.html(f"<h2 class='atlas-sentence' style='font-size:.95rem'>{title}</h2><p class='atlas-note'>{yearly.NOTE}</p>")
    st.vega_lite_chart(picture.data, picture.spec, theme=None, key="nearby-years", alt=picture.alt, width="stretch")
    st.html(f"<p class='atlas-key'>{safe_text(' '.join(picture.notes[1:]), 900)}</p>")
    among = sentence(loaded, chosen, answer(summary.headline, loaded, chosen, columns=COLUMNS))
    about = surroundings.said(here, asked.name(for_others=True), among), summary.headline(here.within)
    data_and_picture("nearby", picture, loaded, chosen, (), about)


def _kinds(here: Surroundings) -> None:
    table = surroundings.kinds(here)
    if len(table):
        st.html(html_table("Kinds of attack", ["Kind", "Within", "Possibly within"], table.itertuples(index=False, name=None)))
