"""The filters, as widgets that are filled from the session's filter and report every change to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.analysis import summary
from incident_atlas.core.synonyms import words_for
from incident_atlas.core.text import counted, listed, safe_text
from incident_atlas.core.vocabulary import ACTOR_KINDS, ATTRIBUTIONS, NOT_STATED
from incident_atlas.dataset.filters import PRECISION_CHOICES, Filters, searched
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.time_windows import first_day, last_day, month_number
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _
from incident_atlas.ui.parts.date_field import date_field
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import result

_AGREEMENT, _TAKEOVER = date(2020, 2, 29), date(2021, 8, 15)
_GROUPS = {
    "Data set": (("origin", _("Data set")),),
    "Place": (("country", _("Country")), ("city", _("City")), ("province", _("Province"))),
    "Target": (
        ("target_type", _("Target type")),
        ("target_subtype", _("Target subtype: embassies, UN ...")),
        ("target_country", _("Country hit")),
    ),
    "Attack": (("attack_type", _("Kind of attack")), ("weapon", _("Weapon"))),
    "Perpetrator": (("actor_kind", _("State or group")), ("perpetrator", _("Perpetrator")), ("attribution", _("Attribution"))),
}
_OF_SEVERAL = ("origin", "country")
"""Shown only where the record has more than one: most have not."""

_ANY = "any"

_MONTH = timedelta(days=30.436875)
"""A step of the slider, and so one press of a key: a twelfth of a year of 365.2425 days."""


def sidebar(loaded: Loaded, dates: bool = True) -> None:
    """All filters; each moves everything on the page at once. dates: False for a page that chooses its periods itself."""
    with st.sidebar:
        chosen = state.filters()
        if dates and loaded.source.first is not None:
            _period(chosen, loaded.source.first.date(), loaded.source.last.date())
        key = _key("q", chosen.q)
        placeholder = _("title, place, target, perpetrator")
        st.text_input(_("Search"), key=key, on_change=_take, args=("q", key), placeholder=placeholder, max_chars=200)
        if synonyms := [term for term in searched(chosen.q) if term.stands_for or not term.words.isascii() and term.spellings]:
            used = "; ".join(
                f"{term.words}: {term.stands_for[1] if term.stands_for else ', '.join(term.spellings)}" for term in synonyms
            )
            st.html(f"<p class='atlas-note'>{_('Also found by their term: {used}').format(used=safe_text(used, 300))}</p>")
        for name, group in _GROUPS.items():
            members = [one for one in group if one[0] not in _OF_SEVERAL or _several(loaded, chosen, one[0])]
            if not members:
                continue
            active = any(getattr(chosen, field) for field, _unused in members) or (name == "Attack" and chosen.min_killed)
            with st.expander(_(name), expanded=bool(active) or name in ("Data set", "Place")):
                for field, label in members:
                    _terms(field, label, getattr(chosen, field), _options(loaded, field))
                    if field == "city" and chosen.city and not chosen.province:
                        _rest_of_province(loaded, chosen)
                if name == "Attack":
                    key = _key("min_killed", chosen.min_killed)
                    st.number_input(_("At least killed"), min_value=1, step=1, key=key, on_change=_take, args=("min_killed", key))
        key = _key("precision", chosen.precision or _ANY)
        choices = (_ANY, *dict.fromkeys([*PRECISION_CHOICES, *filter(None, [chosen.precision])]))
        label = _("Location known to at least")
        st.selectbox(label, choices, key=key, on_change=_take, args=("precision", key))
        st.button(_("Reset filters"), on_click=state.set_filters, args=(Filters(),), disabled=not chosen, width="stretch")


def _period(chosen: Filters, first: date, last: date) -> None:
    """The dates: typed to the day, moved by months on the slider, or chosen by name. first, last: the record's own days."""
    for field, label in (("since", _("From")), ("until", _("To"))):
        date_field(field, label, getattr(chosen, field), _take_day)
    begin, end = month_number(first), month_number(last)
    if begin < end:
        low, high = (
            min(max(month_number(day or limit), begin), end) for day, limit in ((chosen.since, first), (chosen.until, last))
        )
        low, high = (low, high) if low <= high else (begin, end)
        key = _key("period", (_notch(low, begin), _notch(high, begin)))
        st.slider(
            _("Months"), _notch(begin, begin), _notch(end, begin), step=_MONTH, key=key, format="MMM YYYY", on_change=_take_period,
            args=(first, last, key), label_visibility="collapsed",
        )  # fmt: skip
    presets = _presets(first, last)
    key = _key("preset", next((name for name, span in presets.items() if span == (chosen.since, chosen.until)), None))
    st.pills(_("Presets"), list(presets), key=key, label_visibility="collapsed", on_change=_take_preset, args=(presets, key))


def _notch(month: int, begin: int) -> datetime:
    """Where the slider, which begins at month `begin`, stands for a month: equal steps from the middle of the first one.

    Months are not equal, so a notch is up to two days from the middle of its month and always in it: its label is right.
    """
    return datetime.combine(first_day(begin), time()) + timedelta(days=14) + (month - begin) * _MONTH


def _key(name: str, value: Any) -> str:
    """The key of a widget that shows this value: a new one where the widget on the page shows something else.

    A browser that has not yet drawn what a chart, another widget or its own Back did sends, with the reader's next change, what its
    widgets showed before; `is_current` tells that from her choice.
    """
    current, name = state.session(), f"w:{name}"
    key = current.widget_key(name)
    # After Back Streamlit has forgotten what the widget shows.
    if st.session_state.get(key, current.shown.get(name, value)) != value:
        current.renew_widget(name)
        key = current.widget_key(name)
    state.set_widget(key, value)
    current.shown[name] = value
    return key


def _presets(first: date, last: date) -> dict[str, tuple[date | None, date | None]]:
    """Spans by name, those that touch the record; "last" and "this" are the record's, whatever day it is."""
    spans = {
        "All": (None, None),
        "Before Aug 2021": (None, _TAKEOVER - timedelta(days=1)),
        "Feb 2020 to Aug 2021": (_AGREEMENT, _TAKEOVER - timedelta(days=1)),
        "Since Aug 2021": (_TAKEOVER, None),
        "Last 5 years of the record": (_years_before(last, 5), None),
        "Last 12 months of the record": (_years_before(last, 1), None),
        f"This year ({last.year})": (last.replace(month=1, day=1), None),
    }
    return {name: span for name, span in spans.items() if (span[0] or first) <= last and (span[1] or last) >= first}


def _years_before(last: date, years: int) -> date:
    return (pd.Timestamp(last) - pd.DateOffset(years=years) + pd.Timedelta(days=1)).date()


def _several(loaded: Loaded, chosen: Filters, field: str) -> bool:
    return len(loaded.options.get(field, ())) > 1 or bool(getattr(chosen, field))


def _options(loaded: Loaded, field: str) -> list[str]:
    options = loaded.options.get(field, ())
    if field == "attribution":
        return [rung for rung in dict.fromkeys((*ATTRIBUTIONS, NOT_STATED, *options)) if rung in options]
    if field == "actor_kind":
        return [kind for kind in ACTOR_KINDS if kind in options]
    if field == "city":
        # The two cities this record is first about stand at the top.
        return [name for name in ("Kabul", "Herat") if name in options] + [
            name for name in options if name not in ("Kabul", "Herat")
        ]
    return list(options)


def _terms(field: str, label: str, chosen: tuple[str, ...], options: list[str]) -> None:
    key = _key(field, [term for term in chosen if term in options])
    # The browser searches the choices by these words.
    known = {term: f"{term} ({', '.join(words[:4])})" for term in options if (words := words_for(field, term))}
    st.multiselect(
        label,
        options,
        format_func=lambda term: known.get(term, term),
        key=key,
        on_change=_take,
        args=(field, key),
        placeholder=_("any"),
    )


def _rest_of_province(loaded: Loaded, chosen: Filters) -> None:
    """How many incidents of the same provinces the filter of cities leaves out, and a click that takes them in."""
    table = result(summary.by_city_and_province, loaded, chosen, ("city",), summary.PLACE_COLUMNS)
    own = table["city"].isin(chosen.city) & (table["province"] != "")
    # A name may stand for a town of another province here and there: its usual one counts.
    provinces = tuple(table[own].drop_duplicates("city")["province"].drop_duplicates())
    rest = table[table["province"].isin(provinces) & ~table["city"].isin(chosen.city)]
    if not len(rest):
        return
    unknown = int(rest.loc[rest["city"] == "", "n"].sum())
    where = _("{provinces} province outside {city}").format(provinces=listed(list(provinces)), city=listed(list(chosen.city)))
    more = _(", {unknown:,} of them in no known town").format(unknown=unknown) if unknown else ""
    n = counted(int(rest["n"].sum()), "{n} more incident", "{n} more incidents")
    st.html(f"<p class='atlas-note'>{safe_text(_('{n} in {where}{more}.').format(n=n, where=where, more=more), 400)}</p>")
    whole = replace(chosen, city=(), province=provinces)
    st.button(_("Take them in"), key="whole-province", type="tertiary", on_click=state.set_filters, args=(whole,))


def _take(field: str, key: str) -> None:
    if not state.session().is_current(f"w:{field}", key):
        return
    value = st.session_state[key]
    if field == "precision":
        value = None if value == _ANY else value
    elif field == "q":
        value = " ".join(value.split()) if fold(value) else ""
    elif field == "min_killed":
        value = int(value) if value else None
    else:
        value = tuple(value)
    state.set_filters(replace(state.filters(), **{field: value}))


def _take_day(field: str, day: date | None) -> None:
    """A typed day; one that would leave no day between both ends takes the other end away."""
    chosen = replace(state.filters(), **{field: day})
    if chosen.since and chosen.until and chosen.since > chosen.until:
        chosen = replace(chosen, **{"until" if field == "since" else "since": None})
    state.set_filters(chosen)


def _take_period(first: date, last: date, key: str) -> None:
    """The months of the slider; an end that was not moved keeps its day."""
    if not state.session().is_current("w:period", key):
        return
    chosen = state.filters()
    since, until = chosen.since, chosen.until
    begin, end = map(month_number, st.session_state[key])
    if begin != month_number(since or first):
        since = first_day(begin) if begin > month_number(first) else None
    if end != month_number(until or last):
        until = last_day(end) if end < month_number(last) else None
    state.set_filters(replace(chosen, since=since, until=until))


def _take_preset(presets: dict[str, tuple[date | None, date | None]], key: str) -> None:
    if not state.session().is_current("w:preset", key):
        return
    # Taking a preset back is asking for everything.
    since, until = presets.get(st.session_state[key], (None, None))
    state.set_filters(replace(state.filters(), since=since, until=until))
