"""What changed most between two periods: target types and perpetrators, each with its rates and whether that is clear."""

from __future__ import annotations

import math
from collections import Counter
from typing import NamedTuple

import pandas as pd
from scipy import stats

from incident_atlas.analysis import summary
from incident_atlas.analysis.compare import Comparison
from incident_atlas.analysis.statistics import LEVEL, YEAR_DAYS, Ratio, rate_interval, rate_ratio
from incident_atlas.core.formatting import format_number
from incident_atlas.core.text import listed
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _

NAMED = 3
"""Largest changes that are named in words."""


class Shift(NamedTuple):
    """Incidents of one term in both periods. clear: the ratio differs from 1 also among so many looked at (Holm 1979).

    Where attacks come in bursts its p is made larger: the normal deviate that it stands for is divided by the root of the
    dispersion, as quasi-Poisson models do (McCullagh & Nelder 1989, section 6.2).
    """

    term: str
    first: int
    second: int
    ratio: Ratio
    clear: bool


def shifts(found: Comparison, column: str) -> list[Shift]:
    """Every term of target_type or perpetrator, the largest change of its rate first.

    An incident with several terms counts once under each, as in the bars of the Map page.
    """
    counts = [_counts(rows, column) for rows in found.rows]
    days = found.first.days, found.second.days
    ratios = {term: rate_ratio(counts[1][term], days[1], counts[0][term], days[0]) for term in counts[0] | counts[1]}
    wider = math.sqrt(found.dispersion) if found.clustered else 1.0
    p = {term: float(2 * stats.norm.sf(stats.norm.isf(max(ratio.p, 1e-300) / 2) / wider)) for term, ratio in ratios.items()}
    clear: set[str] = set()
    for left, term in enumerate(sorted(ratios, key=lambda term: p[term])):
        if p[term] > (1 - LEVEL) / (len(ratios) - left):
            break
        clear.add(term)
    made = [Shift(term, counts[0][term], counts[1][term], ratio, term in clear) for term, ratio in ratios.items()]
    return sorted(made, key=lambda one: (-abs(one.second / days[1] - one.first / days[0]), p[one.term], one.term))


def largest_changes(made: list[Shift], found: Comparison) -> str:
    """The largest changes in a sentence, with what chance alone may do."""
    if not made:
        return _("No incident in either period.")
    largest = [one for one in made if one.first * found.second.days != one.second * found.first.days][:NAMED]
    if not largest:
        return _("No difference between the periods.")
    phrases = [f"{one.term} {_then(one, found)}{'' if one.clear else _(' (may be chance)')}" for one in largest]
    where = _(" in what was recorded") if found.breaks else ""
    return _("Largest changes{where}: {phrases}.").format(where=where, phrases=listed(phrases))


def _then(one: Shift, found: Comparison) -> str:
    """Both counts; of periods of different lengths the rates first, because counts would say which was longer."""
    if found.first.days == found.second.days:
        return _("{first:,} then {second:,}").format(first=one.first, second=one.second)
    rates = (n / side.days * YEAR_DAYS for n, side in ((one.first, found.first), (one.second, found.second)))
    before, after = map(format_number, rates)
    return _("{before} then {after} a year ({first:,} and {second:,})").format(
        before=before, after=after, first=one.first, second=one.second
    )


def bars(made: list[Shift], found: Comparison, most: int = 10) -> pd.DataFrame:
    """Two rows per term for a chart: term, side (first, second), incidents, rate per 30 days, low, high of its exact interval.

    The terms with most incidents in both periods, at most so many, Unknown last.
    """
    kept = sorted(made, key=lambda one: (-one.first - one.second, one.term))[:most]
    kept.sort(key=lambda one: one.term == UNKNOWN)
    rows = []
    for one in kept:
        for name, side, n in (("first", found.first, one.first), ("second", found.second, one.second)):
            low, high = (bound * 30 for bound in rate_interval(n, side.days))
            rows.append((one.term, name, side.period.words(), n, n / side.days * 30, low, high))
    return pd.DataFrame(rows, columns=["term", "side", "period", "incidents", "rate", "low", "high"])


def _counts(rows: pd.DataFrame, column: str) -> Counter[str]:
    if column == "target_type":
        table = summary.by_target_type(rows)
        return Counter(dict(zip(table["target_type"], (int(n) for n in table["incidents"]), strict=True)))
    table = summary.by_perpetrator(rows)
    totals: Counter[str] = Counter()
    for name, n in zip(table["perpetrator"], table["incidents"], strict=True):
        totals[name] += int(n)
    return totals
