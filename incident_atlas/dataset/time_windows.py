"""Windows of a month, a quarter or a year that go through a range of dates, each the dates of a filter.

A window has no way of counting of its own: what is shown of it is what the filter with its dates leaves.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date

from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.query import month_of
from incident_atlas.i18n import _

MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""The lengths of a window by name, in months."""

PARAMETERS = ("play", "at", "grow")
"""URL parameters of a window: its length, a month that it holds (2017-03), and 1 when it grows."""


@dataclass(frozen=True)
class TimeWindow:
    """A calendar month, quarter or year. month: number of its first month (`month_number`).

    grows: the window begins with the range, and only its end moves.
    """

    length: str
    month: int
    grows: bool = False

    def days(self) -> tuple[date, date]:
        """First and last day of the calendar period."""
        return first_day(self.month), last_day(self.month + MONTHS[self.length] - 1)

    def name(self) -> str:
        """The period in words; of a window that grows only its end.

        >>> TimeWindow("quarter", 2017 * 12 + 3).name(), TimeWindow("month", 2017 * 12, grows=True).name()
        ('Apr to Jun 2017', 'to Jan 2017')
        """
        begin, end = (f"{one:%b}" for one in self.days())
        year = self.month // 12
        words = {
            "month": f"{end} {year}",
            "quarter": _("{begin} to {end} {year}").format(begin=begin, end=end, year=year),
            "year": f"{year}",
        }[self.length]
        return _("to {end} {year}").format(end=end, year=year) if self.grows else words

    def to_query(self) -> dict[str, list[str]]:
        """The window as URL parameters."""
        query = {"play": [self.length], "at": [month_label(self.month)]}
        return query | ({"grow": ["1"]} if self.grows else {})


@dataclass(frozen=True)
class Windows:
    """The windows of one length that touch the days from `first` to `last`, numbered from 0."""

    length: str
    first: date
    last: date
    grows: bool = False

    def __len__(self) -> int:
        months = MONTHS[self.length]
        return month_number(self.last) // months - month_number(self.first) // months + 1

    def __getitem__(self, n: int) -> TimeWindow:
        if not 0 <= n < len(self):
            raise IndexError(n)
        months = MONTHS[self.length]
        return TimeWindow(self.length, (month_number(self.first) // months + n) * months, self.grows)

    def index(self, month: int) -> int | None:
        """The number of the window that holds a month; None when none of them does."""
        months = MONTHS[self.length]
        n = month // months - month_number(self.first) // months
        return n if 0 <= n < len(self) else None


def windows_of(chosen: Filters, length: str, grows: bool, first: date, last: date) -> Windows | None:
    """The windows of the filter's dates within the record's own, `first` to `last`; None when the two have no day in common."""
    begin, end = max(chosen.since or first, first), min(chosen.until or last, last)
    return Windows(length, begin, end, grows) if begin <= end else None


def within(chosen: Filters, window: TimeWindow) -> Filters:
    """The filter with the dates of the window, as far as its own reach.

    >>> within(Filters(since=date(2017, 1, 10)), TimeWindow("month", 2017 * 12)).since
    datetime.date(2017, 1, 10)
    """
    begin, end = window.days()
    since = chosen.since if window.grows else max(begin, chosen.since or begin)
    return replace(chosen, since=since, until=min(end, chosen.until or end))


def from_query(query: dict[str, list[str]], first: date | None, last: date | None) -> tuple[TimeWindow | None, list[str]]:
    """The window that URL parameters ask for, and what of them cannot be used, as 'name=value'.

    query: with the dates of the filter. first, last: the record's own days, None when it has no incident. Without a month it is the
    first window.
    """
    parameters = {name: query[name][-1] for name in PARAMETERS if query.get(name)}
    if not parameters:
        return None, []
    ignored = [f"{name}={value}" for name, value in parameters.items()]
    length, grows = parameters.get("play", "").casefold(), parameters.get("grow") == "1"
    if length not in MONTHS or first is None or last is None:
        return None, ignored
    windows = windows_of(
        Filters.from_query({name: query[name] for name in ("from", "to") if name in query}, {})[0], length, grows, first, last
    )
    month = _month(parameters["at"]) if "at" in parameters else windows and month_number(windows.first)
    n = windows.index(month) if windows and month is not None else None
    if windows is None or n is None:
        return None, ignored
    return windows[n], [f"grow={parameters['grow']}"] if "grow" in parameters and not grows else []


def month_number(day: date) -> int:
    """The month of a day as one number (`query.month_of`), as in the column `month` of the record."""
    return month_of(day.year, day.month)


def month_label(month: int) -> str:
    """The month of that number as 2017-03."""
    return f"{month // 12:04}-{month % 12 + 1:02}"


def first_day(month: int) -> date:
    """The first day of the month of that number."""
    return date(month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of the month of that number."""
    begin = first_day(month)
    return begin.replace(day=monthrange(begin.year, begin.month)[1])


def _month(text: str) -> int | None:
    found = re.fullmatch(r"([12]\d{3})-(0[1-9]|1[0-2])", text)
    return month_of(int(found[1]), int(found[2])) if found else None
