"""What a record's sources covered when: the breaks between periods, and the days without any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from incident_atlas.analysis.periods import Period
from incident_atlas.dataset.companion_tables import WIDEST_AREAS
from incident_atlas.dataset.exposure import areas_of
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded


@dataclass(frozen=True)
class Break:
    """A source of data/coverage.csv that does not cover the two periods alike, and the day on which it begins or ends."""

    source: str
    day: date
    ends: bool


def breaks(coverage: pd.DataFrame, *periods: Period) -> tuple[Break, ...]:
    """The sources of a coverage table that do not cover these periods alike, by day; none when it has no dates.

    A source covers its `from` and its `to`; a blank one leaves that end open.
    """
    found: list[Break] = []
    begin, end = min(period.first for period in periods), max(period.last for period in periods)
    for source, starts, ends in _spans(coverage):
        shares = {_share(period, starts, ends) for period in periods}
        if len(shares) > 1 or 0 < min(shares) < 1:
            edges = [(starts, False), (ends, True)]
            found += [Break(source, day, last) for day, last in edges if day is not None and begin <= day <= end]
    return tuple(sorted(found, key=lambda one: one.day))


def covering(loaded: Loaded, chosen: Filters, first: Period, second: Period) -> tuple[str, ...]:
    """Sources with a stated begin that cover both periods where the filter looks, and whose reports are named in the record."""
    whole = dict.fromkeys(source for source, *_ in covering_all(loaded.coverage, chosen, first, second))
    return tuple(source for source in whole if len(reported(loaded, source)))


def covering_all(coverage: pd.DataFrame, chosen: Filters, *periods: Period) -> list[tuple[str, date, date | None]]:
    """Sources of a coverage table with a stated beginning that cover every day of these periods in every area that the filter
    touches: name, first and last day."""
    areas = areas_of(chosen)
    there = [_covers(str(area), areas) for area in coverage["area"]] if len(coverage) else []
    return [
        (source, starts, ends)
        for source, starts, ends in _spans(coverage[there])
        if starts is not None and all(_share(period, starts, ends) == 1 for period in periods)
    ]


def _covers(area: str, areas: Sequence[Sequence[str]]) -> bool:
    """Whether a source of that area covers all of these, each given as its names; none for everywhere."""
    name = area.strip().casefold()
    named = bool(areas) and all(name in (each.casefold() for each in names) for names in areas)
    return name in ("", *WIDEST_AREAS) or named


def _spans(coverage: pd.DataFrame) -> list[tuple[str, date | None, date | None]]:
    if not len(coverage):
        return []
    days = ((None if pd.isna(day) else day.date() for day in coverage[name]) for name in ("from", "to"))
    return list(zip(coverage["source"], *days, strict=True))


def _share(period: Period, starts: date | None, ends: date | None) -> float:
    first, last = max(period.first, starts or period.first), min(period.last, ends or period.last)
    return max(0, (last - first).days + 1) / period.days


def reported(loaded: Loaded, source: str) -> pd.Series:
    """Ids of the incidents that a source reports: a publisher of that name, or one whose name goes on after it (RAND Database)."""
    if not len(loaded.reports):
        return pd.Series(dtype="str")
    publishers, name = loaded.reports["publisher"].str.casefold(), source.casefold()
    return loaded.reports.loc[(publishers == name) | publishers.str.startswith(f"{name} "), "incident_id"]


def regime(coverage: pd.DataFrame, first: date, last: date) -> Period:
    """The latest days between two without a break of coverage: all of them when there is none."""
    found = breaks(coverage, Period(first, last))
    begins = [one.day + timedelta(days=1) if one.ends else one.day for one in found]
    return Period(max([first, *(day for day in begins if day <= last)]), last)
