"""What happened around the point that was asked about: the answer in a sentence, its figures, its years and kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import streamlit as st

from incident_atlas.analysis import nearby, summary
from incident_atlas.analysis.nearby import COLUMNS, Period, Surroundings
from incident_atlas.analysis.nearby_text import beyond, partly_abroad
from incident_atlas.charts import base, year_bars
from incident_atlas.core.text import counted, day, safe_text
from incident_atlas.dataset.filter_sentence import figures, without_largest
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows
from incident_atlas.geo.coordinates import distance
from incident_atlas.theme import theme
from incident_atlas.ui.pages.nearby.list import incidents_around, open_picked_page
from incident_atlas.ui.pages.nearby.map import nearby_map
from incident_atlas.ui.pages.nearby.place_picker import Question, question
from incident_atlas.ui.pages.nearby.repeats import repeats
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import frame, notes, scheme
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.answers import answer, sentence, visible
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.url_state import filters

INVITATION = "What happened near a place?"
HOW_COUNTED = (
    "<h2 class='atlas-heading'>How it counts</h2><ul class='atlas-list'>"
    "<li><b>Within</b>: all of where the incident may have been lies inside the circle.</li>"
    "<li><b>Possibly within</b>: part of it does. Where only the city is known, nobody can say how far away it was.</li>"
    "<li>The two are never added up.</li></ul>"
)
FEWER = "Silence after the record's last day says nothing, and fewer reports are not fewer attacks."


class Found(NamedTuple):
    """An answer. head: totals of the incidents within; cited: its sentence for others, without a private point.

    counts: whether nothing found means that the record knows of none, as it does not abroad.
    """

    here: Surroundings
    head: summary.Headline
    cited: str
    counts: bool = True


_KEPT = ["row", "date", "date_precision", "year", "attack_type", "precision_rank", "km", "bearing", "where"]


def headline(loaded: Loaded, chosen: Filters, asked: Question) -> Found | None:
    """The answer in words and figures; None where there is none: an invitation, or a question that cannot be answered."""
    if asked.trouble:
        for words in asked.trouble:
            st.warning(words)
        st.html(f"<p class='atlas-note'>{notes(loaded)}</p>")
        return None
    if asked.spot is None:
        said = "Choose a site, type a place or coordinates, or click the map; then choose how far around it to look."
        st.html(f"<h1 class='atlas-sentence'>{INVITATION}</h1><p class='atlas-note'>{said} {notes(loaded)}</p>")
        return None
    source = loaded.source
    if nothing := nearby.no_day(source.first, source.last, chosen.since, chosen.until):
        _say(nothing, "", notes(loaded))
        return None
    here, head, trouble = _around(loaded, chosen, asked)
    if trouble:
        _say(trouble, "", notes(loaded))
        return Found(here, head, trouble, counts=False) if len(here.within) or len(here.possibly) else None
    among = sentence(loaded, chosen, answer(summary.headline, loaded, chosen, columns=COLUMNS))
    mixed = f"The dead or wounded of {counted(head.all_counts, 'incident')} may include attackers." if head.all_counts else ""
    told = (asked.spot.known(), partly_abroad(here), nearby.because(here.possibly), _nearest(here), mixed)
    said = nearby.said(here, asked.name(), among)
    _say(said, _figures(loaded, chosen, here, head), " ".join(filter(None, (*map(safe_text, told), notes(loaded), FEWER))))
    found = Found(here, head, nearby.said(here, asked.name(for_others=True), among))
    label = {"label": "Link to this page, without your point"} if asked.private else {}
    reference(loaded, found.cited, head, "nearby", **label)
    return found


def _say(said: str, figures: str, note: str) -> None:
    """The answer: its sentence, plain text, and its figures and note, already harmless."""
    shown = f"<div class='atlas-figures'>{figures}</div>" if figures else ""
    st.html(f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(said, 1200)}</h1>{shown}<p class='atlas-note'>{note}</p>")


def pictures(loaded: Loaded, chosen: Filters, asked: Question, found: Found | None) -> None:
    """The map, and beside it the years and the kinds of attack when there is an answer, else how incidents are counted."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        nearby_map(loaded, chosen, asked)
    with right:
        if found is None:
            st.html(HOW_COUNTED)
        else:
            if found.counts:
                _years(loaded, chosen, found)
            _kinds(found.here)


def _around(loaded: Loaded, chosen: Filters, asked: Question) -> tuple[Surroundings, summary.Headline, str | None]:
    """What lies around the point, its totals, and what to say instead where the record knows nothing.

    Kept until another is asked: only the last, and only what is shown of it, because of a large record it is megabytes.
    """
    spot = asked.spot
    key = (loaded.serial, chosen, spot.latitude, spot.longitude, asked.km)
    if st.session_state.get("surroundings", (None,))[0] != key:
        here = nearby.around(rows(visible(loaded, chosen, columns=COLUMNS)), spot.latitude, spot.longitude, asked.km)
        trouble = beyond(loaded.incidents, here)
        shown = replace(here, within=here.within[_KEPT], possibly=here.possibly[_KEPT])
        st.session_state["surroundings"] = key, shown, summary.headline(here.within), trouble
    return st.session_state["surroundings"][1:]


def _period(loaded: Loaded, chosen: Filters) -> Period | None:
    return nearby.period(loaded.source.first, loaded.source.last, chosen.since, chosen.until)


def _figures(loaded: Loaded, chosen: Filters, here: Surroundings, head: summary.Headline) -> str:
    cells = [
        (f"{len(here.within):,}", "", f"within {distance(here.km)}", ""),
        (f"{len(here.possibly):,}", "", "possibly within", ""),
    ]
    asked_for = _period(loaded, chosen)
    later = nearby.came_later(here)
    if head.incidents:
        victims = zip(figures(head)[1:3], without_largest(head)[1:3], strict=True)
        cells += [(*figure, rest) for figure, rest in victims]
        one = nearby.last(here.within)
        ago = nearby.silence(here.within, asked_for, loaded.source.last)
        cells.append((day(one["date"], one["date_precision"]), "", "last attack within", "; ".join(filter(None, (ago, later)))))
    elif later:
        cells.append(("–", "", "last attack within: none", later))
    if rate := nearby.yearly_rate(head.incidents, asked_for):
        over = f"{day(asked_for.first)} to {day(asked_for.last)}"
        most = nearby.at_most(here, asked_for)
        cells.append((*nearby.a_year(rate), "a year within, 95 % interval", "; ".join(filter(None, (over, most)))))
    return "".join(
        f"<div><b>{best} <small>{span}</small></b><span>{label}</span>{f'<span>{rest}</span>' if rest else ''}</div>"
        for best, span, label, rest in cells
    )


def _nearest(here: Surroundings) -> str:
    if len(here.within) or len(here.possibly):
        return ""
    return "" if here.nearest is None else f"The nearest of these incidents is {distance(round(here.nearest, 1))} away."


def _years(loaded: Loaded, chosen: Filters, found: Found) -> None:
    """Attacks within by year; nothing for a record without a day."""
    table = nearby.per_year(found.here.within, _period(loaded, chosen))
    if not len(table):
        return
    marks = base.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)
    title = f"Incidents within {distance(found.here.km)} by year"
    picture = year_bars.per_year(table, title, marks, theme(scheme()))
    st.html(f"<h2 class='atlas-sentence' style='font-size:.95rem'>{title}</h2><p class='atlas-note'>{year_bars.NOTE}</p>")
    draw(picture, "nearby-years")
    st.html(f"<p class='atlas-key'>{safe_text(' '.join(picture.notes[1:]), 900)}</p>")
    data_and_picture("nearby", picture, loaded, chosen, (), (found.cited, found.head))


def _kinds(here: Surroundings) -> None:
    table = nearby.kinds(here)
    if len(table):
        st.html(html_table("Kinds of attack", ["Kind", "Within", "Possibly within"], table.itertuples(index=False, name=None)))


def nearby_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame("Nearby", "pages/nearby.py")
        open_picked_page()
        sidebar(loaded)
        # Containers keep the map where it is on the page, whatever is said above it: moved, it would be built anew.
        with st.container():
            asked = question()
        with st.container():
            found = headline(loaded, filters(), asked)
        pictures(loaded, filters(), asked, found)
        incidents_around(loaded, found and found.here, asked.private)
        repeats(loaded, filters())
