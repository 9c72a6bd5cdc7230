"""Two periods of a record, compared: how many incidents per day in each, whether that differs, and whether it can be told.

Coordinated attacks count once, because one decision made them; victims are those of every incident. Days are those of the
period that the record covers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pandas as pd

from incident_atlas.filters import Filters
from incident_atlas.load import Loaded
from incident_atlas.periods import Period, shared
from incident_atlas.statistics import Ratio, clustered_ratio, dispersion, rate_interval, rate_ratio
from incident_atlas.summary import COLUMNS
from incident_atlas.totals import Headline, Total, headline

HIGHER, LOWER, NO_CHANGE = "higher", "lower", "no clear change"
TOO_FEW, NOT_TOLD = "too few to say", "cannot be told from reporting"
FEWEST = 5
"""With fewer incidents in both periods together nothing is said."""
WIDE = 4.0
"""An interval whose ends differ by more than this factor says a direction at most."""
BURSTS = 1.5
"""A dispersion above this means that attacks come in bursts: the exact interval is then too narrow."""
BLOCK_DAYS = 30

READ = (*COLUMNS, "first_day", "last_day", "coordinated_id", "incident_id")
_KEPT = ["row", "x", "y", "spot", "precision_rank", "target_type", "perpetrator", "attribution"]


@dataclass(frozen=True)
class Break:
    """A source of data/coverage.csv that does not cover the two periods alike, and the day on which it begins or ends."""

    source: str
    day: date
    ends: bool


@dataclass(frozen=True)
class Side:
    """One period. incidents: coordinated attacks as one, when so asked; head: figures of all its incidents.

    rest: the same without the incident that killed most, None when there is no figure. low, high: exact bounds of the
    rate per 30 days. dispersion: of its 30-day counts, None when there are too few. publishers: that report on them.
    """

    period: Period
    days: int
    incidents: int
    head: Headline
    rest: Headline | None
    low: float
    high: float
    dispersion: float | None
    publishers: int

    @property
    def rate(self) -> float:
        """Incidents per 30 days."""
        return self.incidents / self.days * 30

    @property
    def killed(self) -> Total:
        """Killed in all its incidents."""
        return self.head.killed

    @property
    def wounded(self) -> Total:
        """Wounded in all its incidents."""
        return self.head.wounded


@dataclass(frozen=True)
class Comparison:
    """Second over first. ratio: exact, None for fewer than `FEWEST` incidents; bursts: by a negative binomial model, when attacks cluster.

    edge: incidents dated by month or year that may lie in a period or not, left out. source: when only what it reports
    is counted. others: sources that cover both periods, of which one could be asked alone. rows: the incidents counted in
    each, with what maps and bars need of them.
    """

    first: Side
    second: Side
    ratio: Ratio | None
    bursts: Ratio | None
    breaks: tuple[Break, ...]
    edge: int
    together: bool
    source: str | None
    others: tuple[str, ...]
    cut: bool
    rows: tuple[pd.DataFrame, pd.DataFrame] = field(repr=False, compare=False)

    @property
    def dispersion(self) -> float | None:
        """The larger of the two sides' dispersions."""
        return max((side.dispersion for side in (self.first, self.second) if side.dispersion is not None), default=None)

    @property
    def clustered(self) -> bool:
        """Whether attacks come in bursts."""
        return (self.dispersion or 0) > BURSTS

    @property
    def believed(self) -> Ratio | None:
        """The ratio that the verdict rests on."""
        return self.bursts or self.ratio

    @property
    def wide(self) -> bool:
        """Whether the believed interval spans more than `WIDE`."""
        return self.believed is not None and self.believed.high > WIDE * self.believed.low

    @property
    def verdict(self) -> str:
        """One of the five words of this module."""
        if self.believed is None:
            return TOO_FEW
        low, high = self.believed.low, self.believed.high
        if low <= 1 <= high and self.wide:
            return TOO_FEW
        if self.breaks:
            return NOT_TOLD
        if self.clustered and self.bursts is None:
            # Bursts, and a side without any attack: no model gives bounds.
            return TOO_FEW
        return NO_CHANGE if low <= 1 <= high else HIGHER if low > 1 else LOWER


def compare(
    loaded: Loaded, chosen: Filters, first: Period, second: Period, together: bool = True, source: str | None = None
) -> Comparison:
    """The two periods under a filter, whose own dates do not count; ValueError with a sentence when they cannot be compared.

    together: coordinated attacks count once. source: one of `Comparison.others`, to count only what it reports.
    """
    first, second, cut = shared(first, second, loaded.source.first, loaded.source.last)
    seen = chosen.without("since", "until").apply(loaded.incidents, columns=READ)
    others = covering(loaded, first, second)
    if source is not None and source not in others:
        raise ValueError(f"{source} is no source that covers both periods and names its incidents.")
    if source is not None:
        seen = seen[seen["incident_id"].isin(_reported(loaded, source))]
    sides, edge = [], 0
    for period in (first, second):
        inside, on_edge = within(seen, period)
        edge += on_edge
        sides.append(inside)
    counted = [one_each(rows) if together else rows for rows in sides]
    blocks = [_blocks(rows, period) for rows, period in zip(counted, (first, second), strict=True)]
    made = [_side(loaded, *each) for each in zip((first, second), sides, counted, blocks, strict=True)]
    one, two = made
    told = one.incidents + two.incidents >= FEWEST
    ratio = rate_ratio(two.incidents, two.days, one.incidents, one.days) if told else None
    bursty = max(side.dispersion or 0 for side in made) > BURSTS
    bursts = clustered_ratio(blocks[1], blocks[0]) if bursty and told else None
    broken = () if source else breaks(loaded.coverage, first, second)
    return Comparison(
        one, two, ratio, bursts, broken, edge, together, source, others, cut, tuple(rows[_KEPT] for rows in counted)
    )


def within(seen: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, int]:
    """The incidents of a period, and how many more may lie in it, because they are dated by week, month or year only.

    An attack belongs to the day on which it began.
    """
    begin, end = np.datetime64(period.first), np.datetime64(period.last)
    first, last = seen["first_day"].to_numpy(), seen["last_day"].to_numpy()
    loose = seen["date_precision"].isin(["week", "month", "year"]).to_numpy()
    inside = (first >= begin) & (np.where(loose, last, first) <= end)
    edge = loose & (first <= end) & (last >= begin) & ~inside
    return seen[inside], int(edge.sum())


def one_each(rows: pd.DataFrame) -> pd.DataFrame:
    """The same incidents with coordinated attacks as one: the earliest of each operation."""
    named = rows[rows["coordinated_id"] != ""]
    again = named.sort_values(["first_day", "row"]).duplicated("coordinated_id")
    return rows.drop(again.index[again]) if again.any() else rows


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


def covering(loaded: Loaded, first: Period, second: Period) -> tuple[str, ...]:
    """Sources with a stated begin that cover both periods and whose reports are named in the record."""
    whole = [
        source
        for source, starts, ends in _spans(loaded.coverage)
        if starts is not None and all(_share(period, starts, ends) == 1 for period in (first, second))
    ]
    return tuple(source for source in whole if len(_reported(loaded, source)))


def _spans(coverage: pd.DataFrame) -> list[tuple[str, date | None, date | None]]:
    if not len(coverage):
        return []
    days = ((None if pd.isna(day) else day.date() for day in coverage[name]) for name in ("from", "to"))
    return list(zip(coverage["source"], *days, strict=True))


def _share(period: Period, starts: date | None, ends: date | None) -> float:
    first, last = max(period.first, starts or period.first), min(period.last, ends or period.last)
    return max(0, (last - first).days + 1) / period.days


def _reported(loaded: Loaded, source: str) -> pd.Series:
    """Ids of the incidents that a source reports: a publisher of that name, or one whose name begins with it."""
    if not len(loaded.reports):
        return pd.Series(dtype="str")
    return loaded.reports.loc[loaded.reports["publisher"].str.casefold().str.startswith(source.casefold()), "incident_id"]


def _blocks(rows: pd.DataFrame, period: Period) -> np.ndarray:
    """Incidents in each whole stretch of 30 days from the period's first; what is left at its end is in none."""
    n = period.days // BLOCK_DAYS
    at = (rows["first_day"].to_numpy() - np.datetime64(period.first)).astype("timedelta64[D]").astype("int64") // BLOCK_DAYS
    return np.bincount(at[at < n], minlength=n)[:n]


def _side(loaded: Loaded, period: Period, rows: pd.DataFrame, counted: pd.DataFrame, blocks: np.ndarray) -> Side:
    low, high = (bound * BLOCK_DAYS for bound in rate_interval(len(counted), period.days))
    most = rows["killed_best"].max() if len(rows) else math.nan
    rest = headline(rows.drop(rows["killed_best"].idxmax())) if most == most and most > 0 else None
    reports = loaded.reports
    publishers = reports.loc[reports["incident_id"].isin(rows["incident_id"]), "publisher"].nunique() if len(reports) else 0
    return Side(period, period.days, len(counted), headline(rows), rest, low, high, dispersion(blocks), int(publishers))


def regime(coverage: pd.DataFrame, first: date, last: date) -> Period:
    """The latest days between two without a break of coverage: all of them when there is none."""
    found = breaks(coverage, Period(first, last))
    begins = [one.day + timedelta(days=1) if one.ends else one.day for one in found]
    return Period(max([first, *(day for day in begins if day <= last)]), last)
