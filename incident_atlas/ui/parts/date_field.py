"""A date as a reader types it: a day, a month or a year, taken when Enter is pressed or the field is left.

It is a field of text: Streamlit's own field of dates takes what is typed only when its calendar is closed by a click elsewhere,
and knows neither months nor years.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import streamlit as st

from incident_atlas.core.text import day, safe_text
from incident_atlas.dataset.time_windows import last_day, month_number
from incident_atlas.i18n import _
from incident_atlas.importers.mapping import parse_dates
from incident_atlas.ui.session import state

EXAMPLES = _("2017, May 2017, 1 May 2017 or 2017-05-01")
PLACEHOLDERS = {"since": _("first, or 2017"), "until": _("last, or May 2017")}
"""What an empty field shows: what it then means, and how a date may be written."""


def span_typed(text: str) -> tuple[date, date] | None:
    """The first and the last day of the day, month or year that a reader typed, None for an empty field.

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
    months = {1: 12, 2: 1}.get(len(parts))
    return begin, last_day(month_number(begin) + months - 1) if months else begin


def date_field(field: str, label: str, value: date | None, on_take: Callable[[str, date | None], None]) -> None:
    """One end of the filter's dates: `field` is 'since' or 'until', `value` its day; `on_take` gets both when another is typed."""
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
    st.text_input(label, key=key, on_change=_take, args=(field, key, on_take), placeholder=PLACEHOLDERS[field])
    if wrong:
        st.html(f"<p class='atlas-note' role='alert'>{safe_text(wrong, 300)}</p>")


def _end(field: str, text: str) -> date | None:
    """The day that a typed date means at this end: 2017 begins on 1 January and ends on 31 December."""
    days = span_typed(text)
    return days and days[field == "until"]


def _take(field: str, key: str, on_take: Callable[[str, date | None], None]) -> None:
    if not state.session().is_current(f"w:{field}", key):
        return
    with suppress(ValueError):
        end = _end(field, st.session_state[key])
        # The browser may still send 2017 after the field was told to show 1 Jan 2017: that is no choice.
        if (day(end) if end else "") != state.session().shown[f"w:{field}"]:
            on_take(field, end)
