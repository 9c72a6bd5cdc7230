"""Where attacks repeat: the test of near repeats in words, and the places most hit with their rates."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis import hotspots, near_repeats, nearby, summary
from incident_atlas.analysis.hotspots import Places
from incident_atlas.charts import bars
from incident_atlas.core.formatting import format_rate, format_total
from incident_atlas.core.text import day, safe_text
from incident_atlas.core.vocabulary import RADIUS_M
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows
from incident_atlas.i18n import _
from incident_atlas.theme import theme
from incident_atlas.ui.pages.nearby.place_picker import look_at
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import scheme
from incident_atlas.ui.session.results import result, sentence, visible

TITLE = _("Where attacks repeat, and the places most hit")

LOOK_M = {"district": RADIUS_M["district"]}
"""How far round a place its button looks, where that is more than round a neighbourhood."""

_RATE_NOTE = _(
    "A rate is over the days of the record that the dates leave, with exact bounds for attacks that come one by one; bursts make them wider."
)
_NOTE = _(
    "Each button searches around the point of its place, so its count may differ. A district is far larger than a neighbourhood. Fewer reports are not fewer attacks."
)


def repeats(loaded: Loaded, chosen: Filters) -> None:
    """Whether one attack is followed by another nearby, and where most of them were: worked out only for who opens it."""
    section = st.expander(TITLE, key="repeats", on_change="rerun")
    if section.open:
        with section:
            _open(loaded, chosen)


def _open(loaded: Loaded, chosen: Filters) -> None:
    head = result(summary.headline, loaded, chosen)
    if not head.incidents:
        none = _("No incident passes this filter.") if chosen else _("The record has no incidents.")
        st.html(f"<p class='atlas-text'>{none}</p>")
        return
    with st.spinner(_("Testing against chance: places are shuffled among days")):
        near = loaded.cache.cached(
            "near repeats",
            lambda: near_repeats.near_repeats(rows(visible(loaded, chosen, columns=near_repeats.COLUMNS))),
            (chosen, near_repeats.KM, near_repeats.DAYS),
            size=64,
        )
    counts, meaning = near_repeats.result_sentences(near)
    html = f"<p class='atlas-text'><b>{safe_text(meaning)}</b></p><p class='atlas-text'>{safe_text(counts, 900)}</p>"
    st.html(f"{html}<p class='atlas-note'>{near_repeats.NEAR_MEANS if near.found else ''}</p>")
    filtered = sentence(loaded, chosen, head)
    reference(loaded, f"{filtered} {meaning} {counts}", head, "repeats")
    places = _most_hit(loaded, chosen)
    reference(loaded, f"{filtered} {hotspots.places_sentence(places)}", head, "most-hit")


def _most_hit(loaded: Loaded, chosen: Filters) -> Places:
    days = exposure(loaded, chosen)
    observed = nearby.observed(days, chosen)
    years = observed and observed.years()
    places = result(hotspots.most_hit, loaded, chosen, columns=hotspots.COLUMNS, also=(years, days.last))
    st.html(
        f"<h2 class='atlas-heading'>{_('Places most hit')}</h2><p class='atlas-text'>{safe_text(hotspots.uncounted_sentence(places))}</p>"
    )
    if not len(places.table):
        return places
    left, right = st.columns([5, 3], gap="medium")
    with left, st.container(key="most-hit"):
        st.html(_table(places))
        st.html(f"<p class='atlas-note'>{_('Explore a place, with the same filter:')}</p>")
        _looks(places)
    with right:
        if years:
            picture = bars.place_rates(places.table, theme(scheme()))
            st.html(f"<p class='atlas-note'>{picture.title}. {bars.PLACE_NOTE}</p>")
            draw(picture, "rates")
            data_and_picture("rates", picture, loaded, chosen, ())
        else:
            st.html(f"<p class='atlas-note'>{_('A yearly rate needs a year of dates.')}</p>")
    st.html(f"<p class='atlas-note'>{_RATE_NOTE if years else ''} {_NOTE}</p>")
    return places


def _table(places: Places) -> str:
    """The first places as harmless HTML."""
    shown = places.table.head(bars.MOST_PLACES)
    more = _(" of {count:,}").format(count=len(places.table)) if len(places.table) > len(shown) else ""
    columns = [
        _("Place"),
        _("Incidents"),
        *([_("A year (95 %)")] if places.years else []),
        _("Killed"),
        _("Last"),
    ]
    caption = _("The {count:,}{more} places with most incidents").format(count=len(shown), more=more)
    return html_table(caption, columns, [_row(one, places) for one in shown.itertuples()])


def _row(one, places: Places) -> list[object]:
    rate = [format_rate(one.rate, one.rate_low, one.rate_high)] if places.years else []
    return [one.name, one.incidents, *rate, _killed(one), day(one.last, one.last_precision)]


def _looks(places: Places) -> None:
    """A button for each place of the table: a link would load the page anew and forget a private point."""
    with st.container(horizontal=True, key="most-hit-looks"):
        for one in places.table.head(bars.MOST_PLACES).itertuples():
            km = LOOK_M.get(one.kind, RADIUS_M["neighbourhood"]) / 1000
            st.button(one.name, key=f"look-{one.place_id}", type="tertiary", on_click=look_at, args=(one.place_id, km))


def _killed(one) -> str:
    """The dead of one place with their range."""
    return format_total(one.killed_low, one.killed, one.killed_high, one.at_least, one.without_figure, one.incidents)
