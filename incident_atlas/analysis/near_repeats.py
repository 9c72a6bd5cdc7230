"""Whether attacks repeat: one followed by another near it and soon after, more often than chance makes.

Asked are only incidents whose place is known well enough to be near anything. A city's middle, where half of a record may
be marked, is near itself and says nothing.
"""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from incident_atlas.analysis.knox import Knox, knox
from incident_atlas.analysis.statistics import LEVEL
from incident_atlas.core.text import counted
from incident_atlas.core.vocabulary import SHARP

KM, DAYS = 2.0, 14
"""What is near, and what is soon. Most places are points of a neighbourhood, so anything finer would be invented."""

CHANCE = 1 - LEVEL
"""A p above it is no finding."""

LEAST_INCIDENTS, LEAST_PAIRS, LEAST_EXPECTED = 20, 10, 5
"""Fewer incidents, fewer pairs, or fewer of them expected say nothing either way: a multiple of them would be noise."""

COLUMNS = ("row", "first_day", "date_precision", "precision_rank", "latitude", "longitude", "coordinated_id")
"""What `near_repeats` reads, for `Filters.apply(columns=...)`."""


class NearRepeats(NamedTuple):
    """What the test of near repeats found. of: incidents asked about; known: those whose place and day are known.

    events: the same with a coordinated attack as one. found: None when they are fewer than `LEAST_INCIDENTS`. within_year:
    the same with places shuffled only among the attacks of a calendar year, asked when `found` is more than chance makes.
    """

    of: int
    known: int
    events: int
    km: float
    days: int
    found: Knox | None = None
    within_year: Knox | None = None


def near_repeats(incidents: pd.DataFrame, km: float = KM, days: int = DAYS) -> NearRepeats:
    """Whether attacks come in pairs near in place and time more often than chance makes (`statistics.knox`).

    incidents: columns `COLUMNS`. Asked are those known to the neighbourhood or better and to the day; a coordinated
    attack is one event, its first.
    """
    sharp = (incidents["precision_rank"] < len(SHARP)) & incidents["latitude"].notna()
    known = incidents[sharp & (incidents["date_precision"] == "day")].sort_values(["first_day", "row"])
    operation = known["coordinated_id"].astype("str")
    events = known[(operation == "") | ~operation.duplicated()]
    near = NearRepeats(len(incidents), len(known), len(events), km, days)
    if len(events) < LEAST_INCIDENTS:
        return near
    where = events["latitude"].to_numpy(), events["longitude"].to_numpy()
    day = events["first_day"].to_numpy().astype("datetime64[D]").astype("int64")
    near = near._replace(found=knox(*where, day, km, days))
    if near.found.p <= CHANCE:
        near = near._replace(within_year=knox(*where, day, km, days, among=events["first_day"].dt.year.to_numpy()))
    return near


def told(near: NearRepeats) -> tuple[str, str]:
    """The answer in words, plain text: what was counted, and what it means."""
    km, days, found = f"{near.km:g} km", counted(near.days, "day"), near.found
    once = f"; with coordinated attacks counted once, they are {near.events:,}" if near.events < near.known else ""
    verb = "is" if near.known == 1 else "are"
    who = f"{near.known:,} of {counted(near.of, 'incident')} {verb} known to the neighbourhood or better and to the day{once}."
    if found is None:
        return who, f"Too few to say whether attacks repeat: that takes at least {LEAST_INCIDENTS}."
    if found.incidents < near.events:
        who += f" A random {found.incidents:,} of these were compared."
    if found.alike:
        all_near = f"lie within {km}" if found.alike == "place" else f"happened within {days}"
        return who, f"All of them {all_near} of each other: nothing is left to compare them with."
    counts = (
        f"{who} {counted(found.pairs, 'pair')} {'lies' if found.pairs == 1 else 'lie'} within {km} and {days} of each other. If place and "
        f"time had nothing to do with each other, there would be {found.expected:,.1f} ({found.low:,}–{found.high:,} in "
        f"{100 * LEVEL:.0f} of 100 shuffles)"
    )
    if few(found):
        least = f"at least {LEAST_PAIRS} pairs, and {LEAST_EXPECTED} by chance"
        return f"{counts}.", f"Too few to say whether attacks repeat: that takes {least}."
    return f"{counts}: {times(found)} what chance makes, {_p(found.p)}.", _meaning(near, km, days)


def few(found: Knox) -> bool:
    """Whether the pairs are too few for a finding, or for a multiple of what chance makes."""
    return found.pairs < LEAST_PAIRS or found.expected < LEAST_EXPECTED


def times(found: Knox) -> str:
    """How many times as many pairs as chance makes, with the bounds that 95 % of the shuffles give; of pairs that are not `few`.

    >>> times(Knox(30, 12.0, 0.001, 200, 6, 20)), times(Knox(30, 5.0, 0.001, 200, 0, 12))
    ('2.5 times (1.5–5.0)', '6.0 times (2.5 or more)')
    """
    least = found.pairs / max(found.high, 1)
    most = f"–{found.pairs / found.low:.1f}" if found.low else " or more"
    return f"{found.pairs / found.expected:.1f} times ({least:.1f}{most})"


def _meaning(near: NearRepeats, km: str, days: str) -> str:
    found, yearly = near.found, near.within_year
    if yearly is None:
        less = "Fewer near repeats than chance makes" if found.pairs < found.low else "No more near repeats than chance makes"
        weak = found.high / found.expected
        missed = f" A tendency below about {weak:.1f} times would not show." if weak >= 1.1 else ""
        return (
            f"{less}: some places are hit often, but the record does not show that one attack brings the next one nearby.{missed}"
        )
    same_year = f"{yearly.expected:,.1f} expected, {_p(yearly.p)}"
    if few(yearly):
        return (
            "More near repeats than chance makes over all years, but within a year chance makes too few pairs "
            f"({yearly.expected:,.1f}) to say whether attacks repeat."
        )
    if yearly.p > CHANCE:
        return (
            f"More near repeats than chance makes over all years, but not when places are shuffled only within their year ({same_year}): that "
            "attacks, or what sources cover, moved from place to place over the years is enough to explain it."
        )
    return (
        f"More near repeats than chance makes, also when places are shuffled only within their year ({same_year}): within {days} of an attack, "
        f"another within {km} was about {times(yearly)} as frequent as places and days alone would have "
        "it. That describes the record and is no forecast."
    )


NEAR_MEANS = (
    f"Only {KM:g} km and {DAYS} days were tried, no other distance and no other number of days. "
    "Many places are points of a neighbourhood, so near means the same or the next neighbourhood. "
    "Sources that begin or cease to cover a place can make repeats, too."
)
"""What to know before the answer is used; stands under it."""


def _p(p: float) -> str:
    return f"p = {p:.2f}" if p >= 0.1 else f"p = {p:.3f}" if p > 0.001 else "p ≤ 0.001"
