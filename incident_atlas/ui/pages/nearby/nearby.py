"""What happened around the point that was asked about: the answer in a sentence, its figures, its years and kinds."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlencode

import streamlit as st

from incident_atlas.analysis import nearby, nearby_text, summary
from incident_atlas.analysis.nearby import COLUMNS, Surroundings
from incident_atlas.charts import bars, vega_lite
from incident_atlas.core.formatting import format_number
from incident_atlas.core.text import counted_incidents, day, safe_text
from incident_atlas.dataset import areas
from incident_atlas.dataset.circle import Circle
from incident_atlas.dataset.exposure import Exposure, exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import figures, without_largest
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows
from incident_atlas.geo.coordinates import distance
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.pages.nearby.list import downloads, incidents_around, open_picked_page
from incident_atlas.ui.pages.nearby.map import nearby_map
from incident_atlas.ui.pages.nearby.place_picker import PlaceQuery, question
from incident_atlas.ui.pages.nearby.repeats import repeats
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.nothing_found import nothing_found
from incident_atlas.ui.parts.page import frame, notes, scheme
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import result, sentence, visible
from incident_atlas.ui.session.state import filters, session

INVITATION = _("What happened near a place?")
HOW_COUNTED = f"<h2 class='atlas-heading'>{_('How it counts')}</h2><ul class='atlas-list'><li>{_('<b>In or at a place</b>: its reported location is the place or something inside it; for a site, also when it was the target.')}</li><li>{_('<b>Within</b>: all of where the incident may have been lies inside the circle.')}</li><li>{_('<b>Possibly within</b>: part of it does. Where only the city is known, nobody can say how far away it was.')}</li><li>{_('No incident counts twice.')}</li></ul>"
FEWER = _("Fewer reports are not fewer attacks.")


class NearbyAnswer(NamedTuple):
    """An answer. head: totals of the incidents in the place and within; cited: its sentence for others, without a private point.

    counts: whether nothing found means that the record knows of none, as it does not abroad.
    """

    around_it: Surroundings
    head: summary.Headline
    cited: str
    counts: bool = True


_KEPT = [
    *("row", "date", "date_precision", "year", "month", "attack_type", "km", "bearing", "where"),
    *areas.COLUMNS,
    *(f"killed_{part}" for part in ("least", "best", "most", "open", "none")),
    *(f"wounded_{part}" for part in ("least", "best", "most", "open", "none")),
    "killed_counts",
]


def headline(loaded: Loaded, chosen: Filters, query: PlaceQuery) -> NearbyAnswer | None:
    """The answer in words and figures; None where there is none: an invitation, or a question that cannot be answered."""
    if query.trouble:
        for words in query.trouble:
            st.warning(words)
        st.html(f"<p class='atlas-note'>{notes(loaded)}</p>")
        return None
    if query.spot is None:
        invitation = _("Choose a site, type a place or coordinates, or click the map; then choose how far around it to look.")
        st.html(f"<h1 class='atlas-sentence'>{INVITATION}</h1><p class='atlas-note'>{invitation} {notes(loaded)}</p>")
        return None
    days, note = _exposure(loaded, chosen, query), notes(loaded, _with_circle(chosen, query))
    if nothing := nearby_text.no_day(days, chosen):
        _say(nothing, "", note)
        return None
    whole = result(summary.headline, loaded, chosen, columns=COLUMNS)
    if chosen and not whole.incidents:
        st.html(f"<h1 class='atlas-sentence'>{safe_text(sentence(loaded, chosen, whole), 900)}</h1>")
        nothing_found(loaded, chosen)
        return None
    around_it, head, trouble = _around(loaded, chosen, query)
    if trouble:
        _say(trouble, "", note)
        some = len(around_it.counted) or len(around_it.possibly)
        return NearbyAnswer(around_it, head, trouble, counts=False) if some else None
    filtered = sentence(loaded, chosen, whole)
    caveats = [query.spot.known(), nearby_text.partly_abroad(around_it), nearby_text.no_rate(around_it), _nearest(around_it)]
    if head.all_counts:
        message = _("The dead or wounded of {incidents} may include attackers.")
        caveats.append(message.format(incidents=counted_incidents(head.all_counts)))
    answer, maybe = nearby_text.short_answer(around_it, query.spot, query.name())
    beside = " ".join(filter(None, (maybe, _("Out of {filtered}").format(filtered=filtered))))
    figures_row = _figures(days, chosen, around_it, head)
    _say(answer, figures_row, " ".join(filter(None, (*map(safe_text, caveats), note, FEWER))), beside)
    cited = nearby_text.answer(around_it, query.spot, query.name(for_others=True), filtered)
    found = NearbyAnswer(around_it, head, cited)
    label = {"label": _("Link to this page, without your point")} if query.private else {}
    reference(loaded, found.cited, head, "nearby", **label)
    return found


def _say(sentence: str, figures: str, note: str, beside: str = "") -> None:
    """The answer: its sentence and what stands beside it, plain text, and its figures and note, already harmless."""
    beside = f" <span class='atlas-caution'>{safe_text(beside, 900)}</span>" if beside else ""
    st.html(
        f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(sentence, 900)}{beside}</h1>{figures}<p class='atlas-note'>{note}</p>"
    )


def pictures(loaded: Loaded, chosen: Filters, query: PlaceQuery, found: NearbyAnswer | None) -> None:
    """The map, and beside it the years and the kinds of attack when there is an answer, else how incidents are counted."""
    left, right = st.columns([3, 2], gap="medium")
    with left:
        nearby_map(loaded, chosen, query)
        if found is not None:
            _kinds(found.around_it)
    with right:
        if found is None:
            st.html(HOW_COUNTED)
        elif found.counts:
            _years(loaded, chosen, query, found)
            _year_table(loaded, chosen, query, found.around_it)


def _around(loaded: Loaded, chosen: Filters, query: PlaceQuery) -> tuple[Surroundings, summary.Headline, str | None]:
    """What lies around the point, its totals, and what to say instead where the record knows nothing.

    Kept until another is asked: only the last, and only what is shown of it, because of a large record it is megabytes.
    """
    spot = query.spot
    key = (loaded.serial, chosen, spot.key, spot.latitude, spot.longitude, query.km)

    def surroundings() -> tuple[Surroundings, summary.Headline, str | None]:
        incidents = rows(visible(loaded, chosen, columns=COLUMNS))
        around_it = nearby.around(incidents, spot.latitude, spot.longitude, query.km, spot.key)
        trouble = nearby_text.outside_coverage(loaded.incidents, around_it)
        parts = {name: getattr(around_it, name)[_KEPT] for name in ("in_place", "within", "possibly")}
        return replace(around_it, **parts), summary.headline(around_it.counted), trouble

    return session().cache.cached("surroundings", surroundings, key)


def _with_circle(chosen: Filters, query: PlaceQuery) -> Filters:
    return replace(chosen, near=Circle.around(query.spot, query.km))


def _exposure(loaded: Loaded, chosen: Filters, query: PlaceQuery) -> Exposure:
    """The days that count around the point."""
    return exposure(loaded, _with_circle(chosen, query))


def _figures(span: Exposure, chosen: Filters, around_it: Surroundings, head: summary.Headline) -> str:
    """The figures in a row, and what else is known of each behind a click, as harmless HTML."""
    cells: list[tuple[str, str, str]] = []
    more: list[tuple[str, str]] = []
    days = nearby.observed(span, chosen)
    later = nearby_text.later_possible(around_it)
    if head.incidents:
        cells += [(value, "", label) for value, label in figures(head)[1:3]]
        latest = nearby.last(around_it.counted)
        cells.append((day(latest["date"], latest["date_precision"]), "", "; ".join(filter(None, (_("last attack"), later)))))
        more += zip((_("Killed"), _("Wounded")), without_largest(head)[1:3], strict=True)
        more.append((_("Last attack"), nearby_text.time_since_last(around_it.counted, days, span.last)))
    elif later:
        cells.append(("–", "", "; ".join((_("last attack within: none"), later))))
    if rate := nearby.rate_around(around_it, days):
        over = _("{days_first} to {days_last}").format(days_first=day(days.first), days_last=day(days.last))
        bounds = f"({format_number(rate.low)}–{format_number(rate.high)})"
        cells.append((format_number(rate.best), bounds, _("a year, 95 % interval")))
        more.append((_("A year"), "; ".join(filter(None, (over, nearby_text.highest_rate(around_it, days))))))
    if len(around_it.possibly):
        why = _("possibly within: {reasons}").format(reasons=safe_text(", ".join(nearby_text.reasons(around_it.possibly)), 400))
        cells.append((f"{len(around_it.possibly):,}", "", why))
    row = "".join(f"<div><b>{best} <small>{span}</small></b><span>{label}</span></div>" for best, span, label in cells)
    items = "".join(f"<li>{name}: {text}</li>" for name, text in more if text)
    details = f"<details class='atlas-details'><summary>{_('More on these figures')}</summary><ul class='atlas-list'>{items}</ul></details>"
    return f"<div class='atlas-figures atlas-around'>{row}</div>{details if items else ''}"


def _nearest(around_it: Surroundings) -> str:
    if len(around_it.counted) or len(around_it.possibly) or around_it.nearest is None:
        return ""
    return _("The nearest of these incidents is {nearest} away.").format(nearest=distance(round(around_it.nearest, 1)))


def _years(loaded: Loaded, chosen: Filters, query: PlaceQuery, found: NearbyAnswer) -> None:
    """Attacks in the place and within the radius by year; nothing for a record without a day."""
    table = nearby.per_year(found.around_it.counted, nearby.observed(_exposure(loaded, chosen, query), chosen))
    if not len(table):
        return
    marks = vega_lite.time_marks(loaded.milestones, loaded.coverage, loaded.source.first, loaded.source.last)
    inside = _("in the place or ") if len(found.around_it.in_place) else ""
    title = _("Incidents {inside}within {km} by year").format(inside=inside, km=distance(found.around_it.km))
    picture = bars.per_year(table, title, marks, theme(scheme()))
    st.html(f"<h2 class='atlas-sentence' style='font-size:.95rem'>{title}</h2><p class='atlas-note'>{bars.YEAR_NOTE}</p>")
    draw(picture, "nearby-years")
    st.html(f"<p class='atlas-key'>{safe_text(' '.join(picture.notes[1:]), 900)}</p>")
    data_and_picture("nearby", picture, loaded, chosen, (), (found.cited, found.head))


def _year_table(loaded: Loaded, chosen: Filters, query: PlaceQuery, around_it: Surroundings) -> None:
    """Is it rising: the numbers of each year, and the way to Compare with the same circle; a private point goes into no address."""
    rows = nearby_text.year_rows(around_it, nearby.observed(_exposure(loaded, chosen, query), chosen))
    if not rows:
        return
    with st.expander(_("Numbers by year"), key="nearby-year-table"):
        st.html(html_table(_("Numbers by year"), list(nearby_text.YEAR_COLUMNS), rows))
        st.html(f"<p class='atlas-note'>{_('Killed and wounded: totals of the incidents in the place and within.')}</p>")
        if not query.private:
            near = Circle.around(query.spot, query.km).parameter()
            st.html(f"<a href='compare?{urlencode({'near': near})}' target='_self'>{_('Compare two periods here')}</a>")


def _kinds(around_it: Surroundings) -> None:
    table = nearby.kinds(around_it)
    if len(table):
        caption = _("Kinds of attack")
        st.html(html_table(caption, [_("Kind"), _("Within"), _("Possibly within")], table.itertuples(index=False, name=None)))


def nearby_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("Nearby"), "pages/nearby.py")
        open_picked_page()
        sidebar(loaded)
        # Containers keep the map where it is on the page, whatever is said above it: moved, it would be built anew.
        with st.container():
            query = question()
        with st.container():
            found = headline(loaded, filters(), query)
        pictures(loaded, filters(), query, found)
        incidents_around(loaded, found and found.around_it, query.private)
        if found is not None:
            downloads(loaded, filters(), found.around_it, found.cited, query.private)
        repeats(loaded, filters())
