"""What a row asks of the record: its filter, the days it is about, the incidents of those days, and its own numbers.

The record is a lower bound: it holds what its sources covered. So a claim that something was rare, few or first needs days
in which no source of data/coverage.csv begins or ends; what the record holds can contradict it in any days.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import parse_qs

import pandas as pd

from incident_atlas.claims.answers import Refused, Years
from incident_atlas.comparison import READ, one_each, within
from incident_atlas.filters import PARAMETERS, Filters
from incident_atlas.load import Loaded
from incident_atlas.periods import Period
from incident_atlas.regimes import Break, breaks, regime
from incident_atlas.summary import by_year
from incident_atlas.text import counted, day, listed, plain

COMPARE = "pages/compare.py"
PAGES = {"app.py": (), "pages/incidents.py": (), COMPARE: ("first", "second", "each", "source")}
"""The pages that can show a claim, and what each is asked beside the filter."""

UNIT_DAYS = {"year": 365.25, "month": 365.25 / 12, "week": 7.0}
_COLUMNS = (*READ, "title", "outcome", "target_country", "country", "killed", "killed_high")


@dataclass(frozen=True)
class Stretch:
    """The days that a claim is asked of. breaks: of coverage, inside them. beyond: how many more it is about outside the record.

    latest: the row names no first day, so these are the last ones without a break.
    """

    period: Period
    breaks: tuple[Break, ...] = ()
    beyond: int = 0
    latest: bool = False

    @property
    def whole(self) -> bool:
        """Whether one regime of coverage holds for all the days that the claim is about."""
        return not self.breaks and not self.beyond

    @property
    def span(self) -> str:
        """How long, for people: 386 days, or 5.7 years."""
        days = self.period.days
        return counted(days, "day") if days < 731 else f"{days / UNIT_DAYS['year']:.1f} years"

    def words(self) -> str:
        """The days looked at, and what they are."""
        if self.latest:
            return f"{self.period.words()}, the last days without a break of coverage"
        if self.whole:
            return f"{self.period.words()}, without a break of coverage"
        return f"{self.period.words()}, {listed(self._faults())}"

    def why_not(self) -> str:
        """Why what is missing in these days cannot be told, as a sentence; blank when they are whole."""
        ends = [f"{one.source} {'until' if one.ends else 'from'} {day(one.day)}" for one in self.breaks]
        told = [f"its sources changed in these days ({'; '.join(ends)})"] if ends else []
        told += ["the record does not reach over all days of the claim"] if self.beyond else []
        said = listed(told)
        return f"{said[:1].upper()}{said[1:]}: fewer reports are not fewer attacks." if told else ""

    def _faults(self) -> list[str]:
        broken = [f"with {counted(len(self.breaks), 'break')} of coverage"] if self.breaks else []
        return broken + (["not all of the claim's days"] if self.beyond else [])


@dataclass(frozen=True)
class Found:
    """The incidents of some days: each (coordinated ones once), every, and how many more may lie there, dated too loosely."""

    each: pd.DataFrame
    every: pd.DataFrame
    edge: int

    def __len__(self) -> int:
        return len(self.each)

    def notes(self) -> tuple[str, ...]:
        """What to say of those that are not counted."""
        if not self.edge:
            return ()
        return (f"{counted(self.edge, 'more incident')}, dated by month or year only, may lie in these days.",)


def query(text: str, loaded: Loaded, page: str = "") -> tuple[Filters, dict[str, list[str]]]:
    """The filter that a query of an address asks for, and the query by name; raises `Refused`."""
    known = (*PARAMETERS, *PAGES.get(page, ()))
    try:
        asked = parse_qs(text.lstrip("?"), keep_blank_values=True, max_num_fields=50, strict_parsing=bool(text.strip()))
    except ValueError:
        raise Refused(f"“{plain(text, 80)}” is no query of an address, such as city=Kabul&from=2015-01-01.") from None
    asked = {name: [value.strip() for value in values] for name, values in asked.items()}
    for name in asked:
        if name not in known:
            raise Refused(f"“{plain(name, 40)}” is no filter of {page or 'the pages'}.")
        if not all(asked[name]):
            raise Refused(f"The filter “{name}” has no value.")
    chosen, ignored = Filters.from_query({name: asked[name] for name in asked if name in PARAMETERS}, loaded.options)
    if ignored:
        raise Refused(f"This record does not know, or cannot use, {plain(ignored[0], 120)}.")
    return chosen, asked


def stretch(loaded: Loaded, chosen: Filters, latest: bool) -> Stretch:
    """The days that a filter is about, as far as the record has them; raises `Refused` when it has none.

    latest: without a first day, the last ones without a break are meant, not the record from its beginning.
    """
    if loaded.source.first is None:
        raise Refused("The record holds no incident.")
    begin, end = loaded.source.first.date(), loaded.source.last.date()
    since, until = chosen.since or begin, chosen.until or end
    if since > end or until < begin:
        raise Refused(f"The record runs from {day(begin)} to {day(end)} and holds no day of this claim.")
    period = Period(max(since, begin), min(until, end))
    beyond = (until - since).days + 1 - period.days
    if latest and chosen.since is None:
        return Stretch(regime(loaded.coverage, *period), beyond=beyond, latest=True)
    return Stretch(period, breaks(loaded.coverage, period), beyond)


def seen(loaded: Loaded, chosen: Filters) -> pd.DataFrame:
    """The incidents of a filter on any day, with the columns that are read here."""
    return chosen.without("since", "until").apply(loaded.incidents, columns=_COLUMNS)


def found(rows: pd.DataFrame, period: Period) -> Found:
    """Those of some days."""
    every, edge = within(rows, period)
    return Found(one_each(every), every, edge)


def years(rows: pd.DataFrame, looked: Period, limit: float | None = None) -> Years:
    """All years of a filter, to draw: coordinated incidents once."""
    return Years(by_year(one_each(rows))[["year", "incidents"]], looked, limit)


def looks(query: dict[str, list[str]], days: Stretch | None = None) -> tuple[tuple[str, dict[str, list[str]]], ...]:
    """The one query that shows an answer; `days` are added where the row names none, so that the page shows what was counted."""
    first, last = (one.isoformat() for one in days.period) if days else ("", "")
    return (("Look at it", query | ({"from": [first], "to": [last]} if days and days.latest else {})),)


def name_of(chosen: Filters) -> str:
    """A filter in a few words, without its dates.

    >>> name_of(Filters(target_type=("Police", "Military"), city=("Kabul",)))
    'Kabul, Police or Military'
    """
    values = chosen.without("since", "until").to_query().values()
    return plain(", ".join(listed(terms, "or") for terms in values) or "all incidents", 80)


def rate(value: str) -> tuple[float, str]:
    """A limit such as '1 a year' and its unit; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?) (?:a|per) (year|month|week)", " ".join(value.split()).casefold())
    if not match or not float(match[1]):
        raise Refused(f"“{plain(value, 40)}” is no rate such as 1 a year, 2 a month or 3 a week.")
    return float(match[1]), match[2]


def number(value: str) -> float:
    """A limit such as '5' or '5 times'; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(?: times)?", " ".join(value.split()).casefold())
    if not match or not float(match[1]):
        raise Refused(f"“{plain(value, 40)}” is no number such as 5.")
    return float(match[1])


def amount(value: str) -> tuple[int, str]:
    """A limit such as '4 countries' or '1 incident', and which of the two it counts; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}) (countr(?:y|ies)|incidents?)", " ".join(value.split()).casefold())
    if not match:
        raise Refused(f"“{plain(value, 40)}” is no count such as 4 countries or 4 incidents.")
    return int(match[1]), "countries" if match[2].startswith("c") else "incidents"
