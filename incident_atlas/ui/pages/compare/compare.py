"""The Compare page: the answer in a sentence, both periods side by side, and what a reader must know to believe it."""

from __future__ import annotations

import streamlit as st

from incident_atlas.analysis import compare_terms, compare_text, summary
from incident_atlas.analysis.compare import Comparison, compare
from incident_atlas.analysis.periods import Period
from incident_atlas.charts import bars
from incident_atlas.charts.victims import MEASURES
from incident_atlas.core.text import plain, safe_text
from incident_atlas.dataset import paging
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import Headline
from incident_atlas.errors import TooMany
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map, legend, static_map
from incident_atlas.theme import theme
from incident_atlas.ui.pages.compare.history import calendar, change
from incident_atlas.ui.pages.compare.periods import chosen_periods, period_controls, restrictions
from incident_atlas.ui.parts.chart_menu import data_and_picture, draw
from incident_atlas.ui.parts.citation_menu import reference
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.nothing_found import nothing_found
from incident_atlas.ui.parts.page import frame, notes, reject_parameters, scheme
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session import state
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.results import result
from incident_atlas.ui.session.state import filters, parameters

DATES = ("since", "until")
MAPS = {name: (*low, *high) for name, (low, high) in folium_map.PLACES}


def comparison(loaded: Loaded, chosen: Filters) -> None:
    """Periods, answer, figures, maps and bars; a sentence alone when the two cannot be compared."""
    first, second = chosen_periods(loaded)
    choices = {"map": MAPS, "calendar": MEASURES}
    reject_parameters(*(name for name, known in choices.items() if state.parameters().get(name, [""])[-1] not in (*known, "")))
    each, source = bool(state.parameters().get("each")), state.parameters().get("source", [None])[-1]
    try:
        found = _compared(loaded, chosen, first, second, not each, source)
    except ValueError as trouble:
        _controls(loaded, first, second, None, each, source)
        st.warning(_("These two cannot be compared."))
        st.text(plain(trouble, 400))
        st.html(f"<p class='atlas-note'>{notes(loaded, chosen)}</p>")
        return
    except TooMany as trouble:
        # What follows on the page is counted by the database.
        _controls(loaded, first, second, None, each, source)
        st.info(plain(trouble, 400))
        st.html(f"<p class='atlas-note'>{notes(loaded, chosen)}</p>")
        return
    answer, beside = compare_text.headline(found)
    sentence = f"{answer} {beside}".rstrip()
    short, rest = compare_text.short_answer(found)
    caution = f" <span class='atlas-caution'>{safe_text(rest, 900)}</span>" if rest else ""
    st.html(f"<h1 class='atlas-sentence' aria-live='polite'>{safe_text(short, 600)}{caution}</h1>")
    _controls(loaded, first, second, found, each, source)
    st.html(_figures(found))
    st.html(_how_sure(found))
    st.html(f"<p class='atlas-note'>{notes(loaded, chosen)}</p>")
    reference(loaded, sentence, _both(found), "compare")
    _maps(loaded, found)
    _bars(loaded, chosen, found, sentence)


def _controls(loaded: Loaded, first: Period, second: Period, found: Comparison | None, each: bool, source: str | None) -> None:
    period_controls(loaded, first, second)
    restrictions(loaded, found, each, source)


def _compared(
    loaded: Loaded, chosen: Filters, first: Period, second: Period, coordinated_once: bool, source: str | None
) -> Comparison:
    """The comparison, cached for the session: a rerun for a menu must not count again."""
    key = (loaded.serial, chosen.without(*DATES), first, second, coordinated_once, source)
    return state.session().cache.cached(
        "comparison", lambda: compare(loaded, chosen, first, second, coordinated_once, source), key
    )


def _figures(found: Comparison) -> str:
    """Both periods as two columns of figures."""
    both = (found.first, found.second)
    rows = [
        (_("Days"), *(f"{side.days:,}" for side in both)),
        (_("Incidents"), *(f"{side.incidents:,}" for side in both)),
        (_("Incidents per 30 days"), *(compare_text.rate(found, side) for side in both)),
        *((_(word.capitalize()), *(compare_text.total(side.head, at) for side in both)) for at, word in ((1, "killed"), (2, "wounded"))),
        *((_("{word}, excluding the deadliest incident").format(word=_(word.capitalize())), *(compare_text.total(side.rest, at) for side in both))
          for at, word in ((1, "killed"), (2, "wounded"))),
    ]  # fmt: skip
    names = [side.period.words() for side in both]
    table = html_table(_("The two periods"), [_("Measure"), *names], rows)
    return f"<div class='atlas-whole'>{table}</div>"


def _how_sure(found: Comparison) -> str:
    """The statistics behind the answer, and what a reader must know of them, closed until asked for."""
    items = "".join(f"<li>{safe_text(one, 900)}</li>" for one in compare_text.caveats(found))
    ranges = _("Ranges of victims: lowest and highest reported.")
    if found.independent:
        ranges = _("In brackets: exact 95 % intervals of rates; lowest and highest reported numbers of victims.")
    return f"<details class='atlas-details'><summary>{_('How sure is this?')}</summary><ul class='atlas-list'>{items}</ul><p class='atlas-key'>{ranges}</p></details>"


def _both(found: Comparison) -> Headline:
    """The figures of both periods together, for the citation: how many incidents the answer rests on."""
    one, two = found.first.head, found.second.head
    last = max((day for day in (one.last, two.last) if day is not None), default=None)
    placed, unplaced = one.placed + two.placed, one.unplaced + two.unplaced
    return Headline(one.incidents + two.incidents, placed, unplaced, last, one.killed, one.wounded, 0)


def _maps(loaded: Loaded, found: Comparison) -> None:
    """The same piece of land twice."""
    # A filter of one of its cities is looked at there.
    cities = state.filters().city
    first = cities[0] if len(cities) == 1 and cities[0] in MAPS else next(iter(MAPS))
    name = state.parameters().get("map", [first])[-1]
    switch(_("Map"), list(MAPS), name, lambda chosen: state.set_parameters(map=None if chosen == first else chosen), key="w:map")
    colours, far = theme(scheme()), []
    for column, side, rows in zip(st.columns(2), (found.first, found.second), found.rows, strict=True):
        with column:
            on_map = paging.count(rows, static_map.shown_bounds(MAPS[name]))
            lost = int(rows["x"].isna().sum())
            missing = _(", {lost:,} with no known location").format(lost=lost) if lost else ""
            words = _("{words}: {on_map:,} of {count:,} on this map{missing}").format(
                words=side.period.words(), on_map=on_map, count=len(rows), missing=missing
            )
            drawn = static_map.small_map(rows, loaded, MAPS[name], colours)
            st.html(f"<p class='atlas-note'>{words}</p>{drawn.html(f'{name}, {words}', colours)}")
            if on_map:
                far.append(drawn.far)
    st.html(legend.html(far=bool(far) and all(far), picture=True))


def _bars(loaded: Loaded, chosen: Filters, found: Comparison, sentence: str) -> None:
    colours = theme(scheme())
    kinds = (
        ("target_type", _("Target type"), _("By target type")),
        ("perpetrator", _("Perpetrator"), _("By suspected perpetrator")),
    )
    for column, (name, what, title) in zip(st.columns(2), kinds, strict=True):
        with column:
            made = _shifts(found, name)
            st.html(
                f"<h2 class='atlas-heading'>{title}</h2><p class='atlas-note'>{safe_text(compare_terms.largest_changes(made, found), 900)}</p>"
            )
            if not made:
                continue
            picture = bars.period_pairs(compare_terms.bars(made, found), what, title, colours)
            draw(picture, f"twins-{name}")
            st.html(f"<p class='atlas-key'>{' '.join(picture.notes)}</p>")
            data_and_picture(f"twins-{name}", picture, loaded, chosen, DATES, (f"{sentence} {title}.", _both(found)))


def _shifts(found: Comparison, name: str) -> list[compare_terms.Shift]:
    # A comparison is known by its identity, so its cache holds it as long as its shifts.
    _unused, shifts = state.session().cache.cached("shifts", lambda: (found, Cache()), id(found))
    return shifts.cached(name, lambda: compare_terms.shifts(found, name))


def compare_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("Compare"), "pages/compare.py")
        sidebar(loaded, dates=False)
        if filters() and not result(summary.headline, loaded, filters(), DATES).incidents:
            st.html(f"<h1 class='atlas-sentence'>{_('Nothing to compare')}</h1>")
            nothing_found(loaded, filters().without(*DATES))
            return
        comparison(loaded, filters())
        change(loaded, filters(), coordinated_once=not parameters().get("each"))
        calendar(loaded, filters())
