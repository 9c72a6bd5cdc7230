"""A comparison of two periods in words: the answer in a sentence, and what a reader must know to believe it."""

from __future__ import annotations

from datetime import date

from incident_atlas.comparison import BURSTS, FEWEST, HIGHER, LOWER, NO_CHANGE, NOT_TOLD, TOO_FEW, Break, Comparison, Side
from incident_atlas.statistics import Ratio
from incident_atlas.text import counted, day, listed

TAKEOVER = date(2021, 8, 15)


def said(found: Comparison) -> str:
    """The answer as one plain sentence, without a ratio where it would mean nothing."""
    sides = _sides(found)
    if found.verdict == NOT_TOLD:
        return f"Cannot be told from reporting: the record has {sides}, but {_broken(found.breaks)}."
    if found.verdict == TOO_FEW:
        return f"Too few to say: {sides}{f', {_times(found.believed)}' if found.believed else ''}."
    if found.verdict == NO_CHANGE:
        return f"No clear change: {sides}, {_times(found.believed)}; chance alone may do that."
    unsure = ", by how much is uncertain" if found.wide else ""
    return f"{found.verdict.capitalize()}{unsure}: {sides}, {_times(found.believed)}."


def caveats(found: Comparison) -> list[str]:
    """What stands under the answer, each a plain sentence, the weightiest first."""
    told = [_as_recorded(found) if found.verdict == NOT_TOLD else _bursts(found)]
    if found.breaks and found.verdict != NOT_TOLD:
        told.append(f"Reporting differs too: {_broken(found.breaks)}.")
    if found.source:
        told.append(f"Only what {found.source} reports is counted: one source on both sides.")
    told.append(
        f"The incidents are reported by {counted(found.first.publishers, 'publisher')} in the first period and "
        f"{found.second.publishers:,} in the second. Fewer reports are not fewer attacks."
    )
    if (
        found.first.period.first < TAKEOVER <= found.second.period.last
        or found.second.period.first < TAKEOVER <= found.first.period.last
    ):
        told.append(
            "From 15 August 2021 the Taliban are the de facto authorities: government targets before and after are of different governments."
        )
    if found.cut:
        told.append("Only days that the record covers are counted.")
    if found.edge:
        told.append(
            f"{counted(found.edge, 'incident')} dated by week, month or year may lie in a period or not, and {'is' if found.edge == 1 else 'are'} left out."
        )
    rows = sum(side.head.incidents for side in (found.first, found.second))
    joined = rows - found.first.incidents - found.second.incidents
    if joined:
        told.append(
            f"Coordinated attacks count once: {joined:,} of {rows:,} incidents belong to an operation already counted. Victims are those of all."
        )
    return told


def p_words(p: float) -> str:
    """A p-value for people.

    >>> p_words(0.0237), p_words(0.131), p_words(0.0002)
    ('p 0.024', 'p 0.13', 'p below 0.001')
    """
    return "p below 0.001" if p < 0.001 else f"p {p:.3f}" if p < 0.0995 else f"p {p:.2f}"


def factor(value: float) -> str:
    """A ratio with as many digits as it bears; without an end when it has none.

    >>> factor(0.5277), factor(12.34), factor(float("inf"))
    ('0.53', '12', 'no upper bound')
    """
    if value == float("inf"):
        return "no upper bound"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def interval(ratio: Ratio) -> str:
    """The bounds of a ratio: 0.29 to 0.94."""
    end = "any number" if ratio.high == float("inf") else factor(ratio.high)
    return f"{factor(ratio.low)} to {end}"


def _times(ratio: Ratio) -> str:
    if ratio.ratio == float("inf"):
        return f"at least {factor(ratio.low)} times as many per day (95 % bound, {p_words(ratio.p)})"
    if ratio.ratio == 0:
        return f"at most {factor(ratio.high)} times as many per day (95 % bound, {p_words(ratio.p)})"
    return f"{factor(ratio.ratio)} times as many per day (95 % interval {interval(ratio)}, {p_words(ratio.p)})"


def _sides(found: Comparison) -> str:
    second, first = found.second, found.first
    many = counted(second.incidents, "incident") if second.incidents else "no incident"
    base = f"{first.incidents:,}" if first.incidents else "none"
    return f"{many} from {_days(second)} against {base} from {_days(first)}"


def _days(side: Side) -> str:
    return f"{side.period.words()} ({counted(side.days, 'day')})"


def _broken(breaks: tuple[Break, ...]) -> str:
    """The sources that do not cover both periods alike, as a phrase."""
    names = [f"{one.source} ({'to' if one.ends else 'from'} {day(one.day)})" for one in breaks]
    return f"{listed(names)} {'does' if len(names) == 1 else 'do'} not cover both alike"


def _as_recorded(found: Comparison) -> str:
    return f"What was recorded is {_times(found.believed)}: that compares reporting as much as attacks."


def _bursts(found: Comparison) -> str:
    if found.believed is None:
        return f"With fewer than {FEWEST} incidents in both periods together any ratio would mean nothing."
    if found.dispersion is None:
        return "There are too few 30-day counts to see whether attacks come in bursts; the exact interval takes them for independent."
    varies = f"30-day counts vary {found.dispersion:.1f} times as much as independent attacks would"
    if not found.clustered:
        return f"{varies} (up to {BURSTS} is taken for chance), so the exact interval is the one to believe."
    if found.bursts is None:
        return (
            f"Attacks come in bursts: {varies}. With none in one period no model gives bounds, and the exact ones are too narrow."
        )
    exact = (
        f"the exact one, {interval(found.ratio)} ({p_words(found.ratio.p)}), takes each attack for independent and is too narrow"
    )
    return (
        f"Attacks come in bursts: {varies}. Believe the negative binomial interval, {interval(found.bursts)} "
        f"({p_words(found.bursts.p)}); {exact}."
    )


VERDICTS = (HIGHER, LOWER, NO_CHANGE, TOO_FEW, NOT_TOLD)
"""Every answer that a comparison can have."""
