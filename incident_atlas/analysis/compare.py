"""Two periods of a record, compared: how many incidents per day in each, whether that differs, and whether it can be told.

Coordinated attacks count once, because one decision made them; victims are those of every incident. Days are those of the
period that the record covers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from scipy import stats

from incident_atlas.analysis.coverage import Break, breaks, covering, reported
from incident_atlas.analysis.dependence import Dependence, dependent_ratio, estimate, log_ratio_error, smallest_ratio
from incident_atlas.analysis.periods import Period, shared
from incident_atlas.analysis.statistics import (
    LEVEL,
    Ratio,
    clustered_ratio,
    dispersion,
    dispersion_p,
    rate_interval,
    rate_ratio,
    shuffled_p,
    widest,
)
from incident_atlas.analysis.summary import COLUMNS
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import criteria
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows as rows_of
from incident_atlas.dataset.totals import Headline, Total, headline
from incident_atlas.i18n import _, gettext_noop

HIGHER, LOWER, NO_CHANGE = gettext_noop("higher"), gettext_noop("lower"), gettext_noop("no clear change")
TOO_FEW, TOO_UNCERTAIN = gettext_noop("too few to say"), gettext_noop("too uncertain to say")
NOT_COMPARABLE = gettext_noop("cannot be told from reporting")
FEWEST = 10
"""With fewer incidents in both periods together nothing is said."""
WIDE = 4.0
"""An interval whose ends differ by more than this factor shows a direction at most."""
BURSTS = 1.5
"""A dispersion above this means that attacks come in bursts: the exact interval is then too narrow."""
BLOCK_DAYS = 30

READ = (*COLUMNS, "first_day", "last_day", "coordinated_id", "incident_id")
_KEPT = ["row", "x", "y", "precision_rank", "province", "district", "city", "target_type", "perpetrator", "attribution"]


@dataclass(frozen=True)
class Side:
    """One period. incidents: coordinated attacks as one, when so asked; head: figures of all its incidents.

    rest: the same without the incident that killed most, None when there is no figure. low, high: exact bounds of the
    rate per 30 days. counts: incidents in each whole stretch of 30 days, without those known only to their year; dispersion:
    theirs, None when there are too few.
    publishers: that report on them, None when nobody says. steady: how many of `incidents` a source reports that covers both
    periods; of an operation one of its attacks is enough.
    """

    period: Period
    days: int
    incidents: int
    head: Headline
    rest: Headline | None
    low: float
    high: float
    counts: tuple[int, ...]
    dispersion: float | None
    publishers: int | None
    steady: int

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


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Second over first. ratio: exact, None for fewer than `FEWEST` incidents; bursts: the same when attacks cluster, by a
    negative binomial model, or, where a side has no incident, with the p of shuffled stretches; None otherwise. waves: the
    same with the serial dependence of the whole filtered record allowed for (`dependence`); None when that record is too
    short to show any, and for fewer than `FEWEST` incidents. dependence: what the whole filtered record shows of it.

    criteria: the filter in words. chance: how often independent attacks vary as much.

    edge: incidents dated by week, month or year that may lie outside their period; counted, as a filter counts them, but in
    one period only. source: when only what it reports is counted. others: sources that cover both periods, of which one
    could be asked alone. rows: the incidents counted in each, with what maps and bars need of them.
    """

    first: Side
    second: Side
    ratio: Ratio | None
    bursts: Ratio | None
    waves: Ratio | None
    dependence: Dependence | None
    breaks: tuple[Break, ...]
    edge: int
    criteria: str
    chance: float
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
        """The ratio that the verdict rests on: the one with the widest interval."""
        return widest(self.waves, self.bursts, self.ratio)

    @property
    def independent(self) -> bool:
        """Whether the verdict rests on the exact interval, so that the exact intervals of the two rates cannot contradict it."""
        return self.believed is not None and self.believed[1:] == self.ratio[1:]

    @property
    def smallest_ratio(self) -> float | None:
        """The smallest ratio above 1 that these counts would have shown in 80 of 100 cases; None for too few incidents.

        From the error of two Poisson counts in these days, or that of the believed interval where it is larger.
        """
        if self.believed is None:
            return None
        n, days = self.first.incidents + self.second.incidents, self.first.days + self.second.days
        error = math.sqrt(sum(days / (n * side.days) for side in (self.first, self.second)))
        width = self.believed.width
        return smallest_ratio(max(error, math.log(width) / (2 * stats.norm.ppf((1 + LEVEL) / 2))) if width < math.inf else error)

    @property
    def wide(self) -> bool:
        """Whether the believed interval spans more than `WIDE`."""
        return self.believed is not None and self.believed.high > WIDE * self.believed.low

    @property
    def verdict(self) -> str:
        """One of the six verdicts of this module."""
        if self.believed is None:
            return TOO_FEW
        unclear = not self.believed.differs
        if unclear and self.wide:
            return TOO_UNCERTAIN
        if self.breaks:
            return NOT_COMPARABLE
        return NO_CHANGE if unclear else HIGHER if self.believed.low > 1 else LOWER


def compare(
    loaded: Loaded, chosen: Filters, first: Period, second: Period, coordinated_once: bool = True, source: str | None = None
) -> Comparison:
    """The two periods under a filter, whose own dates do not count; ValueError with a sentence when they cannot be compared.

    coordinated_once: coordinated attacks count once. source: one of `Comparison.others`, to count only what it reports.
    """
    days = exposure(loaded, chosen)
    matching = rows_of(chosen.without("since", "until").apply(loaded.incidents, columns=READ))
    first, second, cut = shared(first, second, days.first, days.last)
    others = covering(loaded, chosen, first, second)
    if source is not None and source not in others:
        message = _("{source} is no source that covers both periods and names its incidents.")
        raise ValueError(message.format(source=source))
    if source is not None:
        matching = matching[matching["incident_id"].isin(reported(loaded, source))]
    counts_in, edge = _counts_in(matching, first, second)
    rows_of_both = [matching[mask] for mask in counts_in]
    # An operation with attacks in both periods counts in the first.
    kept = (one_per_operation(matching[counts_in[0] | counts_in[1]]) if coordinated_once else matching).index
    counted = [rows[rows.index.isin(kept)] for rows in rows_of_both]
    steady = _steady(matching, {one for name in others for one in reported(loaded, name)}, coordinated_once)
    periods = (first, second)
    one, two = (_side(loaded, *each, steady) for each in zip(periods, rows_of_both, counted, strict=True))
    enough = one.incidents + two.incidents >= FEWEST
    ratio = rate_ratio(two.incidents, two.days, one.incidents, one.days) if enough else None
    bursty = max(side.dispersion or 0 for side in (one, two)) > BURSTS
    bursts = _bursts(ratio, counted, periods) if bursty and enough else None
    record = Period(days.first.date(), days.last.date())
    found = _dependence(one_per_operation(matching) if coordinated_once else matching, record, periods)
    waves = _waves(ratio, found, one, two, record) if found and ratio else None
    chance = dispersion_p(one.counts, two.counts)
    broken = () if source else breaks(loaded.coverage, *periods)
    words = criteria(chosen.without("since", "until")) + (_(" as {source} reports them,").format(source=source) if source else "")
    small = tuple(rows[_KEPT] for rows in counted)
    return Comparison(
        first=one, second=two, ratio=ratio, bursts=bursts, waves=waves, dependence=found, breaks=broken, edge=edge, criteria=words,
        chance=chance, source=source, others=others, cut=cut, rows=small,
    )  # fmt: skip


def _steady(rows: pd.DataFrame, ids: set[str], coordinated_once: bool) -> set[str]:
    """The incidents with these ids, and all parts of an operation that has one of them where it counts once."""
    found = rows["incident_id"].isin(ids)
    if coordinated_once:
        found |= rows["coordinated_id"].isin(set(rows.loc[found, "coordinated_id"]) - {""})
    return set(rows.loc[found, "incident_id"])


def _bursts(ratio: Ratio, counted: list[pd.DataFrame], periods: tuple[Period, Period]) -> Ratio | None:
    """The ratio when attacks cluster, from stretches of about 30 days that leave no day out; None for periods too short."""
    dated = [_dated(rows) for rows in counted]
    base, counts = (_stretches(rows, period) for rows, period in zip(dated, periods, strict=True))
    if min(len(base), len(counts)) < 2:
        return None
    if any(rows.empty for rows in counted):
        return ratio._replace(p=max(ratio.p, shuffled_p(counts, base)))
    lengths = periods[1].days / len(counts), periods[0].days / len(base)
    base_undated, undated = (len(rows) - len(known) for rows, known in zip(counted, dated, strict=True))
    return clustered_ratio(counts, base, *lengths, undated, base_undated)


def _dated(rows: pd.DataFrame) -> pd.DataFrame:
    """The incidents that have a place in time: one known only to its year would make a burst on the first of January."""
    return rows[rows["date_precision"] != "year"]


def _dependence(rows: pd.DataFrame, record: Period, periods: tuple[Period, Period]) -> Dependence | None:
    """The serial dependence of the 30-day counts of all filtered incidents; the change that is asked about is no part of it.

    The stretches begin with the later period and go both ways, so that no stretch holds days of both.
    """
    begins, n = _grid(record, periods)
    edges = np.clip(begins + np.arange(n + 1) * BLOCK_DAYS, 0, record.days)
    days = _days(_dated(rows), record)
    counts = np.bincount(np.searchsorted(edges, days[(days >= 0) & (days < record.days)], side="right") - 1, minlength=n)
    later = max(period.first for period in periods)
    return estimate(counts[:n], np.diff(edges), boundary=round(((later - record.first).days - begins) / BLOCK_DAYS))


def _grid(record: Period, periods: tuple[Period, Period]) -> tuple[int, int]:
    """Where the stretches of a record begin, in days after its first day (0 or before it), and how many they are."""
    later = (max(period.first for period in periods) - record.first).days
    begins = -(-later % BLOCK_DAYS)
    return begins, math.ceil((record.days - begins) / BLOCK_DAYS)


def _waves(exact: Ratio, found: Dependence, one: Side, two: Side, record: Period) -> Ratio:
    """The ratio with the dependence of the record; with no incident on a side the bounds stay, and p is of half an incident more."""
    none = not (one.incidents and two.incidents)
    counts = tuple(side.incidents + none / 2 for side in (one, two))
    # The stretches of `_dependence`: with others the interval would depend on the day on which the record begins.
    begins, _n = _grid(record, (one.period, two.period))

    def stretch(day: date) -> int:
        return ((day - record.first).days - begins) // BLOCK_DAYS

    months = tuple(np.arange(stretch(side.period.first), stretch(side.period.last) + 1) for side in (one, two))
    error = log_ratio_error(found, counts, months)
    made = dependent_ratio(counts[0] / one.days, counts[1] / two.days, error, record.days // BLOCK_DAYS)
    return exact._replace(p=max(exact.p, made.p)) if none else made


def _stretches(rows: pd.DataFrame, period: Period) -> np.ndarray:
    """Incidents in each of so many equal stretches that one is about 30 days long."""
    n = max(1, round(period.days / BLOCK_DAYS))
    return np.bincount(_days(rows, period) * n // period.days, minlength=n)


def within(matching: pd.DataFrame, period: Period) -> tuple[pd.DataFrame, int]:
    """The incidents of a period, and how many more may lie in it, because they are dated by week, month or year only.

    An attack belongs to the day on which it began.
    """
    inside, edge = _masks(matching, period)
    return matching[inside], int(edge.sum())


def _masks(matching: pd.DataFrame, period: Period) -> tuple[np.ndarray, np.ndarray]:
    """Which incidents surely lie in a period, and which may: the two together are what a filter of these days shows."""
    begin, end = np.datetime64(period.first), np.datetime64(period.last)
    first, last = matching["first_day"].to_numpy(), matching["last_day"].to_numpy()
    inside = (first >= begin) & (last <= end)
    return inside, (first <= end) & (last >= begin) & ~inside


def _counts_in(matching: pd.DataFrame, first: Period, second: Period) -> tuple[list[np.ndarray], int]:
    """Which incidents count in each of two periods, none of them in both, and how many of them may lie outside theirs.

    An incident that may lie in either counts in the one that holds more of its possible days, else in the first.
    """
    masks = [_masks(matching, period) for period in (first, second)]
    in_first, in_second = (inside | maybe for inside, maybe in masks)
    days = [_possible_days(matching, period) for period in (first, second)]
    counts_in_first = in_first & ~(in_second & (days[1] > days[0]))
    return [counts_in_first, in_second & ~counts_in_first], int((masks[0][1] | masks[1][1]).sum())


def _possible_days(matching: pd.DataFrame, period: Period) -> np.ndarray:
    """How many of the days on which each incident may have begun lie in a period; negative where it lies far outside."""
    begins = np.maximum(matching["first_day"].to_numpy(), np.datetime64(period.first))
    ends = np.minimum(matching["last_day"].to_numpy(), np.datetime64(period.last))
    return (ends - begins).astype("timedelta64[D]").astype("int64") + 1


def one_per_operation(rows: pd.DataFrame) -> pd.DataFrame:
    """The same incidents with coordinated attacks as one: the earliest of each operation."""
    named = rows[rows["coordinated_id"] != ""]
    again = named.sort_values(["first_day", "row"]).duplicated("coordinated_id")
    return rows.drop(again.index[again]) if again.any() else rows


def _counts(rows: pd.DataFrame, period: Period) -> np.ndarray:
    """Incidents in each whole stretch of 30 days from the period's first; what is left at its end is in none."""
    n = period.days // BLOCK_DAYS
    at = _days(rows, period) // BLOCK_DAYS
    return np.bincount(at[at < n], minlength=n)[:n]


def _days(rows: pd.DataFrame, period: Period) -> np.ndarray:
    """How many days after the period's first each incident began; one that may have begun earlier, on the first."""
    begins = np.maximum(rows["first_day"].to_numpy(), np.datetime64(period.first))
    return (begins - np.datetime64(period.first)).astype("timedelta64[D]").astype("int64")


def _side(loaded: Loaded, period: Period, rows: pd.DataFrame, counted: pd.DataFrame, steady: set[str]) -> Side:
    low, high = (bound * BLOCK_DAYS for bound in rate_interval(len(counted), period.days))
    rest = headline(rows.drop(rows["killed_best"].idxmax())) if rows["killed_best"].notna().any() else None
    reports, counts = loaded.reports, _counts(_dated(counted), period)
    publishers = reports.loc[reports["incident_id"].isin(rows["incident_id"]), "publisher"].nunique() if len(reports) else None
    whole = (tuple(int(n) for n in counts), dispersion(counts))
    return Side(
        period, period.days, len(counted), headline(rows), rest, low, high, *whole, publishers,
        int(counted["incident_id"].isin(steady).sum()),
    )  # fmt: skip
