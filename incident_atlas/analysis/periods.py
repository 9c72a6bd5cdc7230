"""Periods of days, and the pairs of them that a reader may compare."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NamedTuple

import pandas as pd

from incident_atlas.core.text import counted, day
from incident_atlas.i18n import _

ONE_YEAR, EQUAL, ALL = _("one year each"), _("equal lengths"), _("whole record")
LENGTHS = (ONE_YEAR, EQUAL, ALL)
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2099, 12, 31)


class Period(NamedTuple):
    """Days from `first` to `last`, both included.

    >>> Period(date(2021, 8, 15), date(2022, 8, 14)).days
    365
    """

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many they are."""
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        """As it stands in an address: 2021-08-15:2022-08-14."""
        return f"{self.first.isoformat()}:{self.last.isoformat()}"

    def words(self) -> str:
        """As a reader meets it: 15 Aug 2021 to 14 Aug 2022."""
        if self.first == self.last:
            return day(self.first)
        return _("{first} to {last}").format(first=day(self.first), last=day(self.last))


def parse_period(text: str) -> Period | None:
    """The period that a text such as 2020-08-15:2021-08-14 names; None when it names none, or its end comes first."""
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2}):(\d{4}-\d{2}-\d{2})", text.strip())
    try:
        first, last = (date.fromisoformat(part) for part in found.groups()) if found else (None, None)
    except ValueError:
        return None
    # Further off lies no record, and no calendar to choose from.
    return Period(first, last) if first and FIRST_DAY <= first <= last <= LAST_DAY else None


def shared(first: Period, second: Period, begins: pd.Timestamp | None, ends: pd.Timestamp | None) -> tuple[Period, Period, bool]:
    """Two periods as far as a record from `begins` to `ends` covers them, and whether that cut one of them.

    ValueError, with a sentence for the reader, when they overlap, or when the record covers no day of one.
    """
    if begins is None or ends is None:
        raise ValueError(_("The record has no incidents: there is nothing to compare."))
    both = min(first.last, second.last), max(first.first, second.first)
    if both[1] <= both[0]:
        days = counted((both[0] - both[1]).days + 1, "{n} day", "{n} days")
        message = _("The two periods share {days}, {period}: choose periods apart.")
        raise ValueError(message.format(days=days, period=Period(both[1], both[0]).words()))
    cut = []
    for period in (first, second):
        inside = Period(max(period.first, begins.date()), min(period.last, ends.date()))
        if inside.first > inside.last:
            message = _(
                "The record covers no day of {period}: it runs from {begins} to {ends}, and silence outside says nothing."
            )
            raise ValueError(message.format(period=period.words(), begins=day(begins), ends=day(ends)))
        cut.append(inside)
    return cut[0], cut[1], (cut[0], cut[1]) != (first, second)


def around(milestone: date, length: str, begins: date, ends: date) -> tuple[Period, Period] | None:
    """The periods before a milestone and from that day on; None when the record has days on one side only.

    length: one of `LENGTHS`; no period reaches outside the record.
    """
    before, after = (milestone - begins).days, (ends - milestone).days + 1
    if before < 1 or after < 1:
        return None
    if length == ONE_YEAR:
        since = (pd.Timestamp(milestone) - pd.DateOffset(years=1)).date()
        until = (pd.Timestamp(milestone) + pd.DateOffset(years=1)).date() - timedelta(days=1)
        since, until = max(since, begins), min(until, ends)
    elif length == EQUAL:
        days = min(before, after)
        since, until = milestone - timedelta(days=days), milestone + timedelta(days=days - 1)
    else:
        since, until = begins, ends
    return Period(since, milestone - timedelta(days=1)), Period(milestone, until)
