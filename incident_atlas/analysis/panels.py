"""The panels of a grid of maps: one per year, per month of a year, or per suspected perpetrator, each with its own figures.

The sums come from one query that groups by the panels' column, so a database answers with a small table. A panel without an incident
is zero only when the record was collected then; else it says that it was not.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.analysis.summary import known_to_the_month
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted_incidents, day
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.exposure import Exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.query import Query, Question, Steps
from incident_atlas.dataset.time_windows import first_day, last_day, month_number
from incident_atlas.dataset.totals import Total, sums, total_of
from incident_atlas.i18n import _

BY = ("year", "month", "perpetrator")
"""What there can be a panel for; each is the name of the column of the incidents that says in which panel they are."""

MOST_YEARS = 40
"""Years with a panel; of more, the latest."""

MOST_NAMED = 10
"""Perpetrators with a panel of their own, those with the most incidents; all others share one."""


@dataclass(frozen=True)
class Panel:
    """One map of the grid. title: text of the record where it names a perpetrator, not safe to show as markup.

    incidents, killed, wounded: of this panel alone. note: what a reader must know of the figures, '' for nothing. collected: False
    where nobody looked, so that no incident is not zero. alone: the filter that shows this panel alone.
    """

    title: str
    incidents: int
    killed: Total
    wounded: Total
    alone: Filters
    note: str = ""
    collected: bool = True

    def words(self, measure: str = "incidents") -> list[str]:
        """Its figures as one or two short lines: '31 incidents', with measure killed or wounded also '112 killed (98–140 or more)'."""
        if not self.collected:
            return [self.note]
        lines = [", ".join(filter(None, (counted_incidents(self.incidents), self.note)))]
        if self.incidents and measure != "incidents":
            lines.append(short_total(getattr(self, measure), self.incidents, measure))
        return lines


@dataclass(frozen=True)
class Panels:
    """The panels in their order, and where an incident belongs.

    positions: value of the column `by` to the panels that its incidents are in; an incident with two suspected perpetrators is in
    two. outside: incidents in no panel, and `reason` says why, both empty when there are none.
    """

    by: str
    panels: tuple[Panel, ...]
    positions: dict[Hashable, tuple[int, ...]]
    outside: int = 0
    reason: str = ""


@Question
def figures_by(incidents: Any, by: str) -> Steps[pd.DataFrame]:
    """Incidents and the parts of the totals (`totals.sums`) of killed and wounded, per value of the column `by`, one of `BY`.

    By month without incidents known only to the year, which no month holds. One row per value, ascending.
    """
    values = {"incidents": nw.len(), **sums("killed"), **sums("wounded")}
    table = yield Query(dated_for(incidents, by), values, [by])
    return table.fillna(dict.fromkeys(values, 0)).astype(dict.fromkeys(values, "int64")).sort_values(by, ignore_index=True)


def dated_for(incidents: Any, by: str) -> Any:
    """The incidents that a grid by this column shows, as the frame they came from: by month those known to the month or better."""
    return known_to_the_month(incidents) if by == "month" else incidents


def one_year(chosen: Filters) -> int | None:
    """The year in which all dates of the filter lie; None when it spans several."""
    if chosen.since and chosen.until and chosen.since.year == chosen.until.year:
        return chosen.since.year
    return None


def panels(
    by: str, table: pd.DataFrame, chosen: Filters, days: Exposure, last: pd.Timestamp | None, without_month: int = 0
) -> Panels:
    """The panels of a filter. by: one of `BY`; month needs a filter of one year, else `ValueError`.

    table: `figures_by` of what the filter leaves. days: those that are counted. last: the last day of the record, which is later than
    that of `days` where only a part was collected so far. without_month: visible incidents known only to the year.
    """
    if by == "perpetrator":
        return _by_perpetrator(table, chosen)
    if by == "month":
        if one_year(chosen) is None:
            raise ValueError("months are shown of one year")
        made = _periods(by, table, month_number(chosen.since), month_number(chosen.until), chosen, days)
        return replace(made, outside=without_month, reason=_("known only to the year") if without_month else "")
    known = table[by]
    ends = [one.year for one in (days.first, last) if one is not None] or [*known[:1], *known[-1:]] or [date.today().year]
    # Beyond the record one year is enough to show that nobody looked there.
    low, high = min([ends[0], *known]), max([ends[-1], *known])
    first = min(max(chosen.since.year, low - 1), high + 1) if chosen.since else low
    end = max(min(chosen.until.year, high + 1), low - 1) if chosen.until else high
    first, end = min(first, end), max(first, end)
    least = max(first, end - MOST_YEARS + 1)
    earlier = int(table.loc[known < least, "incidents"].sum()) if least > first else 0
    made = _periods(by, table[known >= least] if least > first else table, least, end, chosen, days)
    return replace(made, outside=earlier, reason=_("before {year}").format(year=least) if earlier else "")


def _periods(by: str, table: pd.DataFrame, first: int, end: int, chosen: Filters, days: Exposure) -> Panels:
    """A panel for each year or month from first to end. What an uncertain date puts beside them may lie in the nearest of them."""
    at = table[by].clip(first, end) - first
    summed = table.drop(columns=by).groupby(at).sum().reindex(range(end - first + 1), fill_value=0)
    made = [_period(by, first + n, row, chosen, days) for n, row in summed.iterrows()]
    return Panels(by, tuple(made), {int(key): (int(n),) for key, n in zip(table[by], at, strict=True)})


def _period(by: str, number: int, row: Any, chosen: Filters, days: Exposure) -> Panel:
    if by == "year":
        begins, ends, title = date(number, 1, 1), date(number, 12, 31), str(number)
    else:
        begins, ends = first_day(number), last_day(number)
        title = f"{begins:%B %Y}"
    n = int(row["incidents"])
    note, collected = _collected(begins, ends, n, days)
    alone = replace(chosen, since=max(begins, chosen.since or begins), until=min(ends, chosen.until or ends))
    return Panel(title, n, total_of(row, "killed"), total_of(row, "wounded"), alone, note, collected)


def _collected(begins: date, ends: date, n: int, days: Exposure) -> tuple[str, bool]:
    """What is to be said of how far the period was collected, and whether it was at all."""
    first, last = (None if end is None else end.date() for end in (days.first, days.last))
    if first is None or ends < first:
        return ("", True) if n else (_("before the first incident") if first else _("not collected"), False)
    if begins > last:
        if n:
            return _("collected in part"), True
        return _("not collected") if days.stated else _("after the last incident"), False
    return (_("to {last}").format(last=day(last)), True) if last < ends and days.stated else ("", True)


def _by_perpetrator(table: pd.DataFrame, chosen: Filters) -> Panels:
    """The perpetrators with the most incidents, Unknown last, and before it all others together."""
    cells = [tuple(split(cell)) or (UNKNOWN,) for cell in table["perpetrator"].astype("str")]
    totals: dict[str, int] = {}
    for names, n in zip(cells, table["incidents"], strict=True):
        for name in names:
            if not chosen.perpetrator or name in chosen.perpetrator:
                totals[name] = totals.get(name, 0) + int(n)
    ranked = sorted(totals, key=lambda name: (-totals[name], name))
    named = [name for name in ranked if name != UNKNOWN][:MOST_NAMED]
    others = [name for name in ranked if name not in named and name != UNKNOWN]
    if len(others) == 1:
        named, others = [*named, *others], []
    groups = [(name, {name}) for name in named]
    groups += [(_("All others ({count})").format(count=len(others)), set(others))] if others else []
    groups += [(UNKNOWN, {UNKNOWN})] if UNKNOWN in totals else []
    positions = {
        cell: tuple(n for n, (_unused, held) in enumerate(groups) if held & set(names))
        for cell, names in zip(table["perpetrator"].astype("str"), cells, strict=True)
    }
    made = []
    for n, (title, held) in enumerate(groups):
        mine = table[[n in positions[cell] for cell in table["perpetrator"].astype("str")]].drop(columns="perpetrator").sum()
        alone = replace(chosen, perpetrator=tuple(sorted(held)))
        made.append(Panel(title, int(mine["incidents"]), total_of(mine, "killed"), total_of(mine, "wounded"), alone))
    return Panels("perpetrator", tuple(made), positions)


def short_total(total: Total, incidents: int, noun: str) -> str:
    """A total of so many incidents with its range in a few signs, for a panel.

    >>> short_total(Total(98, 112, 140, True, 0), 31, "killed"), short_total(Total(0, 0, 0, True, 2), 2, "killed")
    ('112 killed (98–140 or more)', 'killed: no figure')
    """
    if incidents == total.without_figure:
        return _("{noun}: no figure").format(noun=noun)
    if total.unknown:
        return f"{total.parts()[0]} {noun}"
    spread = "" if total.low == total.high else f"{total.low:,}–{total.high:,}"
    note = " ".join(filter(None, (spread, _("or more") if total.at_least else "")))
    return f"{total.best:,} {noun}" + (f" ({note})" if note else "")
