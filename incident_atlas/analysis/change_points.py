"""When did the rate change?: the incidents of every month, and when their rate changed, if it did.

Nobody picks the day here. What else happened about then (a milestone, a source that begins or ends) is named beside each
change; that it is near does not make it the cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.analysis.segmentation import SIMULATIONS, change_points, change_span
from incident_atlas.analysis.statistics import PERMUTATIONS, p_value, rate_interval
from incident_atlas.core.text import counted, counted_incidents, day
from incident_atlas.dataset.companion_tables import Moment
from incident_atlas.dataset.query import Query, Question, Steps
from incident_atlas.dataset.time_windows import first_day, month_label, month_number
from incident_atlas.i18n import _, ngettext

COLUMNS = ("month", "first_day", "date_precision", "coordinated_id")
"""What the functions here read, for `Filters.apply(columns=...)`."""

FEWEST_INCIDENTS, FEWEST_MONTHS = 20, 24
"""With fewer nothing is looked for."""

NEAR_MONTHS = 3
"""A change so near to a break of coverage coincides with it."""

PER_DAYS = 30


@dataclass(frozen=True)
class Series:
    """Incidents of every month of a record: quiet months are zeros, months before and after the record do not exist.

    begins: the first month (year * 12 + month - 1). days: of each month, those inside the record. year_only: incidents
    known only to the year, which are in no month. joined: incidents that count as part of an earlier one.
    """

    begins: int
    incidents: tuple[int, ...]
    days: tuple[int, ...]
    year_only: int
    joined: int


class Stretch(NamedTuple):
    """Months with one rate, both ends included; rate, low, high: incidents per `PER_DAYS` days with exact bounds."""

    first: int
    last: int
    rate: float
    low: float
    high: float


class Near(NamedTuple):
    """A moment and how many calendar months after a change it is; negative when it is before."""

    name: str
    date: pd.Timestamp
    months: int


@dataclass(frozen=True)
class Step:
    """A change of the rate. month: the first of the new rate; first, last: between these it may lie as well.

    p: against independent months; wave_p: against slow waves; stands: whether neither explains it (`segmentation.Change`).

    milestone, coverage: the nearest of each in the record, before or after; None when it has none. A break in the time in
    which the change may lie comes before a nearer one outside.
    """

    month: int
    first: int
    last: int
    before: Stretch
    after: Stretch
    p: float
    wave_p: float
    stands: bool
    milestone: Near | None
    coverage: Near | None

    @property
    def coincides(self) -> bool:
        """Whether a break of coverage is so near that the change may be one of the record and not of attacks."""
        return self.coverage is not None and abs(self.coverage.months) <= NEAR_MONTHS

    @property
    def spans_a_break(self) -> bool:
        """Whether the nearest break of coverage is in the time in which the change may lie, or it coincides."""
        return self.coincides or (self.coverage is not None and self.first <= self.month + self.coverage.months <= self.last)


@dataclass(frozen=True)
class Changes:
    """What was found: steps in the order of time between stretches of one rate; neither when there is too little to look at."""

    series: Series
    stretches: tuple[Stretch, ...]
    steps: tuple[Step, ...]

    @property
    def too_few(self) -> bool:
        """Whether there is too little to look for changes."""
        return not self.stretches


@Question
def monthly(incidents: Any, first: pd.Timestamp, last: pd.Timestamp, coordinated_once: bool = True) -> Steps[Series]:
    """Incidents per month from the record's first day to its last (columns `COLUMNS`).

    coordinated_once: the attacks of one operation (`coordinated_id`) count once, in the month of the first of them. An incident
    known to its month is in that month; one known only to its year is in none.
    """
    frame = nw.from_native(incidents)
    known, operation = nw.col("date_precision") != "year", nw.col("coordinated_id") != ""
    # One of an area that was collected to a later day lies after these days; a day of a month may be any of it.
    frame = frame.filter(nw.col("first_day") <= last.to_pydatetime())
    in_month = frame.filter(known)
    alone = in_month.filter(~operation) if coordinated_once else in_month
    counts = yield Query(alone.to_native(), {"n": nw.len()}, ["month"])
    months, n, joined = counts["month"].to_numpy(), counts["n"].to_numpy(), 0
    if coordinated_once:
        what = {"first": nw.col("month").min(), "n": nw.len()}
        operations = yield Query(in_month.filter(operation).to_native(), what, ["coordinated_id"])
        months = np.concatenate([months, operations["first"].to_numpy()])
        n = np.concatenate([n, np.ones(len(operations))])
        joined = int(operations["n"].sum()) - len(operations)
    begins, ends = (month_number(end) for end in (first, last))
    per_month = np.bincount(months.astype("int64") - begins, weights=n, minlength=ends - begins + 1).astype("int64")
    edges = (np.arange(begins, ends + 2) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    edges[0], edges[-1] = np.datetime64(first.date()), np.datetime64(last.date()) + 1
    lost = (yield Query(frame.filter(~known).to_native(), {"n": nw.len()}))["n"].iloc[0]
    return Series(begins, tuple(per_month.tolist()), tuple(np.diff(edges).astype("int64").tolist()), int(lost), joined)


@Question
def changes(
    incidents: Any, first: pd.Timestamp, last: pd.Timestamp, moments: tuple[Moment, ...] = (), coordinated_once: bool = True
) -> Steps[Changes]:
    """When the monthly rate changed, each change with what was near (`companion_tables.moments`); see `segmentation.change_points`.

    first, last: the record's days, not the filter's. Nothing is looked for in fewer than `FEWEST_INCIDENTS` incidents or
    `FEWEST_MONTHS` months.
    """
    series = yield from monthly.steps(incidents, first, last, coordinated_once)
    k, t = series.incidents, series.days
    if sum(k) < FEWEST_INCIDENTS or len(k) < FEWEST_MONTHS:
        return Changes(series, (), ())
    found = change_points(k, t)
    ends = [0, *(change.at for change in found), len(k)]
    stretches = [_stretch(series, a, b) for a, b in zip(ends, ends[1:], strict=False)]
    steps = []
    for n, change in enumerate(found):
        begin, end = ends[n], ends[n + 2]
        low, high = (series.begins + begin + at for at in change_span(k[begin:end], t[begin:end]))
        month = series.begins + change.at
        milestone = _nearest(moments, "milestone", month)
        inside = [one for one in moments if one.kind == "break" and low <= month_number(one.date) <= high]
        broken = _nearest(inside, "break", month) or _nearest(moments, "break", month)
        steps.append(
            Step(month, low, high, stretches[n], stretches[n + 1], change.p, change.wave_p, change.stands, milestone, broken)
        )
    return Changes(series, tuple(stretches), tuple(steps))


def headline(found: Changes) -> str:
    """The answer in one sentence. Plain text."""
    if found.too_few:
        return _(
            "Too few to look for changes: that takes at least {fewest_incidents} incidents known to the month, in a record of {fewest_months} months."
        ).format(fewest_incidents=FEWEST_INCIDENTS, fewest_months=FEWEST_MONTHS)
    if not found.steps:
        return _("No change of the monthly rate is more than chance: {rate} incidents per {per_days} days.").format(
            rate=_rate(found.stretches[0]), per_days=PER_DAYS
        )
    standing = sum(step.stands for step in found.steps)
    waves = len(found.steps) - standing
    rates = [
        _("{figure} incidents per {per_days} days at first").format(figure=_figure(found.stretches[0].rate), per_days=PER_DAYS)
    ]
    rates += [
        _("{figure} from {month_name}").format(figure=_figure(step.after.rate), month_name=month_name(step.month))
        for step in found.steps
    ]
    if not standing:
        start = _("Rate shifts (may be slow waves)")
    else:
        times = {1: "once", 2: "twice"}.get(standing, _("{standing} times").format(standing=standing))
        start = _("The monthly rate changed {times}, more than chance or slow waves explain").format(times=times)
    others = ngettext(" {n:,} of these shifts may be a slow wave.", " {n:,} of these shifts may be slow waves.", waves).format(
        n=waves
    )
    return f"{start}: {', '.join(rates)}.{others if standing and waves else ''}{_warning(found)}"


def step_sentence(step: Step) -> str:
    """One change in sentences: how much, how sure, where it may lie, what was near, and what that may mean. Plain text."""
    way = _("up") if step.after.rate > step.before.rate else _("down")
    message = _("{month}: {way} from {rate_before} to {rate_after} incidents per {per_days} days ({p_value}).")
    month, before, after = month_name(step.month), _rate(step.before), _rate(step.after)
    parts = [
        message.format(month=month, way=way, rate_before=before, rate_after=after, per_days=PER_DAYS, p_value=p_value(step.p))
    ]
    if not step.stands:
        message = _("It may be a slow wave: records with such waves and no change show one as large ({p_value}).")
        parts.append(message.format(p_value=p_value(step.wave_p)))
    if step.first != step.last:
        message = _("It may lie anywhere from {first} to {last} (95 %).")
        parts.append(message.format(first=month_name(step.first), last=month_name(step.last)))
    if step.milestone:
        near, message = step.milestone, _("Nearest milestone: {milestone_name}, {milestone_date}, {distance_in_months}.")
        apart = _distance_in_months(near.months)
        parts.append(message.format(milestone_name=near.name, milestone_date=day(near.date), distance_in_months=apart))
    if step.coverage:
        name, when = step.coverage.name, f"{day(step.coverage.date)}, {_distance_in_months(step.coverage.months)}"
        if step.coincides:
            message = _("It coincides with the {name} ({when}), so it may be a change of the record and not of attacks.")
            parts.append(message.format(name=name, when=when))
        elif step.spans_a_break:
            message = _("The {name} ({when}) is within that time, so it may be a change of the record and not of attacks.")
            parts.append(message.format(name=name, when=when))
        else:
            parts.append(_("Nearest break of coverage: {name}, {when}.").format(name=name, when=when))
    return " ".join(parts)


def what_was_counted(found: Changes) -> str:
    """How many incidents in how many months, and which of the incidents are not counted by themselves. Plain text."""
    series = found.series
    message, months = _("{incidents} in {months}, quiet ones as zeros."), counted(len(series.days), "{n} month", "{n} months")
    parts = [message.format(incidents=counted_incidents(sum(series.incidents)), months=months)]
    if series.joined:
        message = _("{attacks_count} as part of an operation, on its first day.")
        parts.append(message.format(attacks_count=counted(series.joined, "{n} attack counts", "{n} attacks count")))
    if series.year_only:
        parts.append(
            ngettext(
                "{n:,} known only to the year is in no month.", "{n:,} known only to the year are in no month.", series.year_only
            ).format(n=series.year_only)
        )
    return " ".join(parts)


def method(found: Changes) -> str:
    """What was counted and how it was tested, in a few sentences. Plain text."""
    parts = [what_was_counted(found)]
    if not found.too_few:
        parts.append(
            _(
                "The months are cut where one rate on each side fits them best (Poisson, found with PELT). The p of a cut is the share of {permutations} shuffles of the months around it that can be cut as well; a cut needs at most 5 %. Slow waves can look like changes, so {simulations} records with the same waves and no change are simulated. A change counts when at most 5 % of them have a cut as large. Brackets hold 95 % intervals. A small step is easily missed, and what is near need not be the cause."
            ).format(permutations=PERMUTATIONS, simulations=SIMULATIONS)
        )
    return " ".join(parts)


def month_rows(found: Changes) -> pd.DataFrame:
    """One row per month of the record: its incidents, its days, and the rate per 30 days of the stretch that it is in."""
    series = found.series
    every = range(series.begins, series.begins + len(series.days))
    table = pd.DataFrame({"Month": map(month_label, every), "Incidents": series.incidents, "Days": series.days})
    for name in ("rate", "low", "high") if found.stretches else ():
        per = [round(getattr(one, name), 3) for one in found.stretches for _unused in range(one.first, one.last + 1)]
        table[{"rate": "Rate per 30 days", "low": "Rate, low", "high": "Rate, high"}[name]] = per
    return table


def month_name(month: int) -> str:
    """A month by its number: Dec 2018.

    >>> month_name(2018 * 12 + 11)
    'Dec 2018'
    """
    return f"{first_day(month):%b %Y}"


def _warning(found: Changes) -> str:
    """That some of the changes, or the one, may come from the sources; empty when no break is about."""
    n = sum(step.spans_a_break for step in found.steps)
    who = _("It coincides") if len(found.steps) == 1 else ngettext("{n:,} coincides", "{n:,} coincide", n).format(n=n)
    return (
        _(" {who} with a source starting or stopping: reporting may have changed, and not attacks.").format(who=who) if n else ""
    )


def _stretch(series: Series, begin: int, end: int) -> Stretch:
    count, days = sum(series.incidents[begin:end]), sum(series.days[begin:end])
    rates = (bound * PER_DAYS for bound in (count / days, *rate_interval(count, days)))
    return Stretch(series.begins + begin, series.begins + end - 1, *rates)


def _nearest(moments: Iterable[Moment], kind: str, month: int) -> Near | None:
    distances = [Near(one.name, one.date, month_number(one.date) - month) for one in moments if one.kind == kind]
    return min(distances, key=lambda near: abs(near.months), default=None)


def _figure(rate: float, like: float | None = None) -> str:
    """Two digits that mean something: 34, 3.4, 0.34; as many decimals as `like` has."""
    size = rate if like is None else like
    return f"{rate:,.{0 if size >= 10 else 1 if size >= 1 else 2}f}" if rate else "0"


def _rate(stretch: Stretch) -> str:
    low, high = (_figure(bound, stretch.rate) for bound in (stretch.low, stretch.high))
    return f"{_figure(stretch.rate)} ({low}–{high})"


def _distance_in_months(months: int) -> str:
    if not months:
        return _("the same month")
    if months > 0:
        return counted(months, "{n} month later", "{n} months later")
    return counted(-months, "{n} month earlier", "{n} months earlier")
