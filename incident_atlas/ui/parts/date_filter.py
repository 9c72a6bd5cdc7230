"""The dates of the filter: typed to the day, moved by months on a slider, or chosen by name (the presets).

A typed date is a day, a month or a year, taken when Enter is pressed or the field is left. It is a field of text: Streamlit's own
field of dates takes what is typed only when its calendar is closed by a click elsewhere, and knows neither months nor years.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pandas as pd
import streamlit as st

from incident_atlas.core.text import day, safe_text
from incident_atlas.core.vocabulary import TAKEOVER
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.time_windows import first_day, last_day, month_number
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import parse_dates
from incident_atlas.ui.session import state

_AGREEMENT = date(2020, 2, 29)
_MONTH = timedelta(days=30.436875)
"""A step of the slider, and so one press of a key: a twelfth of a year of 365.2425 days."""

EXAMPLES = _("2017, May 2017, 1 May 2017 or 2017-05-01")
PLACEHOLDERS = {"since": _("first, or 2017"), "until": _("last, or May 2017")}
"""What an empty field shows: what it then means, and how a date may be written."""


def date_filter(chosen: Filters, first: date, last: date) -> None:
    """The dates: typed to the day, moved by months on the slider, or chosen by name. first, last: the record's own days."""
    for field, label in (("since", _("From")), ("until", _("To"))):
        _date_field(field, label, getattr(chosen, field))
    begin, end = month_number(first), month_number(last)
    if begin < end:
        low, high = (
            min(max(month_number(day or limit), begin), end) for day, limit in ((chosen.since, first), (chosen.until, last))
        )
        low, high = (low, high) if low <= high else (begin, end)
        key = state.showing_key("period", (_notch(low, begin), _notch(high, begin)))
        st.slider(
            _("Months"), _notch(begin, begin), _notch(end, begin), step=_MONTH, key=key, format="MMM YYYY", on_change=_take_period,
            args=(first, last, key), label_visibility="collapsed",
        )  # fmt: skip
    presets = _presets(first, last)
    key = state.showing_key(
        "preset", next((name for name, span in presets.items() if span == (chosen.since, chosen.until)), None)
    )
    st.pills(_("Presets"), list(presets), key=key, label_visibility="collapsed", on_change=_take_preset, args=(presets, key))


def _notch(month: int, begin: int) -> datetime:
    """Where the slider, which begins at month `begin`, stands for a month: equal steps from the middle of the first one.

    Months are not equal, so a notch is up to two days from the middle of its month and always in it: its label is right.
    """
    return datetime.combine(first_day(begin), time()) + timedelta(days=14) + (month - begin) * _MONTH


def _presets(first: date, last: date) -> dict[str, tuple[date | None, date | None]]:
    """Spans by name, those that touch the record; they end with the record, whatever day it is."""
    spans = {
        _("All"): (None, None),
        _("Before Aug 2021"): (None, TAKEOVER - timedelta(days=1)),
        _("Feb 2020 to Aug 2021"): (_AGREEMENT, TAKEOVER - timedelta(days=1)),
        _("Since Aug 2021"): (TAKEOVER, None),
        _("Latest 5 years"): (_years_before(last, 5), None),
        _("Latest 12 months"): (_years_before(last, 1), None),
        str(last.year): (last.replace(month=1, day=1), None),
    }
    return {name: span for name, span in spans.items() if (span[0] or first) <= last and (span[1] or last) >= first}


def _years_before(last: date, years: int) -> date:
    return (pd.Timestamp(last) - pd.DateOffset(years=years) + pd.Timedelta(days=1)).date()


def span_typed(text: str) -> tuple[date, date] | None:
    """The first and the last day of the day, days, month or year that a reader typed, None for an empty field.

    Raises ValueError, whose message tells the reader what to write, for anything else. It quotes her text as it is.

    >>> span_typed("2017"), span_typed("1 May 2017")
    ((datetime.date(2017, 1, 1), datetime.date(2017, 12, 31)), (datetime.date(2017, 5, 1), datetime.date(2017, 5, 1)))
    """
    text = text.strip()
    if not text:
        return None
    found = parse_dates.day(text, "")
    if found.wrong:
        raise ValueError(_("“{text}”: {reason}. Write {examples}.").format(text=text, reason=found.wrong, examples=EXAMPLES))
    # Five figures are the day number of a spreadsheet in a table; here they are a slip.
    parts = [] if not found.read or re.fullmatch(r"\d{5}", text) else [int(part) for part in found.text.split("-")]
    try:
        begin = date(parts[0], *(parts[1:] + [1, 1])[:2])
    except (IndexError, ValueError):
        raise ValueError(_("“{text}” is not a date. Write {examples}.").format(text=text, examples=EXAMPLES)) from None
    if found.end:
        return begin, date.fromisoformat(found.end)
    months = {1: 12, 2: 1}.get(len(parts))
    return begin, last_day(month_number(begin) + months - 1) if months else begin


def _date_field(field: str, label: str, value: date | None) -> None:
    """One end of the filter's dates: `field` is 'since' or 'until', `value` its day."""
    current, name = state.session(), f"w:{field}"
    text = day(value) if value else ""
    key = current.widget_key(name)
    # The browser's Back makes Streamlit forget what the field shows.
    shows, before = st.session_state.get(key, current.shown.get(name, text)), current.shown.get(name, text)
    wrong = ""
    try:
        same = _end(field, shows) == value
    except ValueError as error:
        # A link may name a year that nobody would type.
        same, wrong = before == text, "" if shows == text else str(error)
    if not same:
        current.renew_widget(name)
        key, wrong = current.widget_key(name), ""
    if not wrong:
        state.set_widget(key, text)
    current.shown[name] = text
    st.text_input(label, key=key, on_change=_take_typed, args=(field, key), placeholder=PLACEHOLDERS[field])
    if wrong:
        st.html(f"<p class='atlas-note' role='alert'>{safe_text(wrong, 300)}</p>")


def _end(field: str, text: str) -> date | None:
    """The day that a typed date means at this end: 2017 begins on 1 January and ends on 31 December."""
    days = span_typed(text)
    return days and days[field == "until"]


def _take_typed(field: str, key: str) -> None:
    if not state.session().is_current(f"w:{field}", key):
        return
    with suppress(ValueError):
        end = _end(field, st.session_state[key])
        # The browser may still send 2017 after the field was told to show 1 Jan 2017: that is no choice.
        if (day(end) if end else "") != state.session().shown[f"w:{field}"]:
            _take_day(field, end)


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
