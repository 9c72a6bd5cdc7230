"""A comparison of two periods in words: the answer in a sentence, and what a reader must know to believe it."""

from __future__ import annotations

from datetime import date

from incident_atlas.analysis.compare import (
    BURSTS,
    FEWEST,
    HIGHER,
    LOWER,
    NO_CHANGE,
    NOT_COMPARABLE,
    TOO_FEW,
    TOO_UNCERTAIN,
    Break,
    Comparison,
    Side,
)
from incident_atlas.analysis.dependence import FEWEST_MONTHS
from incident_atlas.analysis.statistics import Ratio, p_value
from incident_atlas.core.text import counted, day, listed
from incident_atlas.dataset.totals import Headline

TAKEOVER = date(2021, 8, 15)


def answer_sentence(found: Comparison) -> str:
    """The answer as one plain sentence, without a ratio where it would mean nothing."""
    sentence = _both_counts(found)
    if found.verdict == NOT_COMPARABLE:
        return f"Cannot be told from reporting: the record has {sentence}, but {_broken(found.breaks)}."
    if found.verdict == TOO_FEW:
        return f"Too few to say: {sentence}."
    if found.verdict == TOO_UNCERTAIN:
        least = found.smallest_ratio
        return (
            f"Too uncertain to say: {sentence}. {_per_day(found.believed)}. These counts could have shown a ratio of about "
            f"{factor(least)} or more, or {factor(1 / least)} or less (in 80 of 100 cases)."
        )
    if found.verdict == NO_CHANGE:
        return f"No clear change: {sentence}. {_per_day(found.believed)}; chance alone may explain that."
    unsure = ", by how much is uncertain" if found.wide else ""
    return f"{_change(found)}{unsure}: {sentence}. {_per_day(found.believed)}. The periods differ; the counts do not say why."


def _change(found: Comparison) -> str:
    """The verdict in a word, with the percentage where the ratio has one: 'Down 47 % per day'."""
    ratio, way = found.believed.ratio, "Up" if found.verdict == HIGHER else "Down"
    if not 0 < ratio < 2:
        return way
    return f"{way} {100 * abs(ratio - 1):.0f} % per day"


def headline(found: Comparison) -> tuple[str, str]:
    """The answer, and what must be read with it: whether more or fewer were killed, and the main caution."""
    return answer_sentence(found), " ".join(filter(None, (_killed(found), main_caution(found))))


def _killed(found: Comparison) -> str:
    """Whether more or fewer people were killed, marked when that runs against the incidents; '' without figures on both sides."""
    one, two = found.first.killed, found.second.killed
    if any(side.head.incidents <= side.killed.without_figure for side in (found.first, found.second)):
        return ""
    many = "as many" if one.best == two.best else "more" if two.best > one.best else "fewer"
    against = (found.verdict == LOWER and many == "more") or (found.verdict == HIGHER and many == "fewer")
    start = "But by" if against else "By"
    return f"{start} the best figures {many} people were killed: {two.best:,} against {one.best:,}."


def main_caution(found: Comparison) -> str:
    """How few of the incidents come from a source known to cover both periods; '' where the answer itself is about that."""
    rows = sum(side.head.incidents for side in (found.first, found.second))
    if found.source or not rows or found.verdict == NOT_COMPARABLE:
        return ""
    steady = found.first.steady + found.second.steady
    if not steady:
        return "Caution: no incident comes from a source known to cover both periods. Part of any change may be reporting."
    only = "only " if 2 * steady < rows else ""
    verb = "comes" if steady == 1 else "come"
    return (
        f"Caution: {only}{steady:,} of {counted(rows, 'incident')} {verb} from a source known to cover both periods. "
        "Part of any change may be reporting."
    )


def caveats(found: Comparison) -> list[str]:
    """What stands under the answer, each a plain sentence, the weightiest first."""
    sentences = [_as_recorded(found)] if found.verdict == NOT_COMPARABLE else []
    sentences += [_bursts(found), _waves(found), _intervals(found)]
    if found.breaks and found.verdict != NOT_COMPARABLE:
        sentences.append(f"Reporting differs too: {_broken(found.breaks)}.")
    sentences += [_sources(found), _publishers(found)]
    periods = sorted(side.period for side in (found.first, found.second))
    if periods[0].first < TAKEOVER <= periods[1].last:
        sentences.append(
            "From 15 August 2021 the Taliban are the de facto authorities: government targets before and after are of different governments."
        )
    if found.cut:
        sentences.append("Only days that the record covers are counted.")
    if found.edge:
        sentences.append(
            f"{counted(found.edge, 'incident')} dated by week, month or year may lie outside the period that counts it."
        )
    rows = sum(side.head.incidents for side in (found.first, found.second))
    if joined := rows - found.first.incidents - found.second.incidents:
        sentences.append(
            f"Coordinated attacks count as one: {joined:,} of {rows:,} incidents belong to an operation already counted. Victims are those of all."
        )
    return [sentence for sentence in sentences if sentence]


def _sources(found: Comparison) -> str:
    """How much of the answer rests on a source that is known to cover both periods."""
    if found.source:
        return f"Only what {found.source} reports is counted: one source on both sides."
    rows = sum(side.head.incidents for side in (found.first, found.second))
    if not rows:
        return ""
    if not found.others:
        return "No source with stated dates is known to cover both periods, so nobody can say that both were reported alike."
    steady = found.first.steady + found.second.steady
    return (
        f"Known to cover both periods: {listed(list(found.others))}, with {steady:,} of {counted(rows, 'incident')}. "
        "What the other sources covered, and when, is not known."
    )


def _publishers(found: Comparison) -> str:
    one, two = found.first.publishers, found.second.publishers
    if one is None or two is None:
        return "Who reports the incidents is not stated. Fewer reports are not fewer attacks."
    return (
        f"{counted(one, 'publisher')} reported in the first period, {two:,} in the second. "
        "Fewer reports are not fewer attacks."
    )


def total(head: Headline | None, at: int) -> str:
    """Killed (at 1) or wounded (at 2) of a period in words, with how many incidents have no figure."""
    if head is None:
        return "no figure to leave out"
    if not head.incidents:
        return "none: no incident"
    return (head.killed if at == 1 else head.wounded).text(head.incidents)


def factor(value: float) -> str:
    """A ratio with as many digits as it bears; without an end when it has none.

    >>> factor(0.5277), factor(12.34), factor(float("inf"))
    ('0.53', '12', 'no upper bound')
    """
    if value == float("inf"):
        return "no upper bound"
    if 0 < value < 0.01:
        return "less than 0.01"
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def interval(ratio: Ratio) -> str:
    """The bounds of a ratio: 0.29 to 0.94."""
    end = "any number" if ratio.high == float("inf") else factor(ratio.high)
    return f"{factor(ratio.low)} to {end}"


def _per_day(ratio: Ratio) -> str:
    """`_times` as a sentence without its full stop."""
    return f"That is {_times(ratio)}"


def _times(ratio: Ratio) -> str:
    if ratio.ratio == float("inf"):
        return f"at least {factor(ratio.low)} times as many per day (95 % bound, {p_value(ratio.p)})"
    if ratio.ratio == 0:
        return f"at most {factor(ratio.high)} times as many per day (95 % bound, {p_value(ratio.p)})"
    return f"{factor(ratio.ratio)} times as many per day (95 % interval {interval(ratio)}, {p_value(ratio.p)})"


def _both_counts(found: Comparison) -> str:
    second, first = found.second, found.first
    many = (counted(second.incidents, "incident") if second.incidents else "no incident") + found.criteria
    base = f"{first.incidents:,}" if first.incidents else "none"
    return f"{many} from {_days(second)} against {base} from {_days(first)}"


def _days(side: Side) -> str:
    return f"{side.period.words()} ({counted(side.days, 'day')})"


def _broken(breaks: tuple[Break, ...]) -> str:
    """The sources that do not cover both periods alike, as a phrase."""
    names = [f"{one.source} ({'to' if one.ends else 'from'} {day(one.day)})" for one in breaks]
    return f"the two were not covered alike: {listed(names)}"


def _as_recorded(found: Comparison) -> str:
    return f"What was recorded is {_times(found.believed)}: that compares reporting as much as attacks."


def _bursts(found: Comparison) -> str:
    if found.believed is None:
        return f"With fewer than {FEWEST} incidents in both periods together any ratio would mean nothing."
    if found.dispersion is None:
        return "There are too few 30-day counts to see whether attacks come in bursts; the exact interval takes them for independent."
    chance = "less than 1" if found.chance < 0.01 else f"{100 * found.chance:.0f}"
    if not found.clustered:
        return (
            f"Attacks were not more clustered than chance would make them: dispersion {found.dispersion:.1f}, "
            f"reached by chance in {chance} of 100; up to {BURSTS} counts as none."
        )
    varies = f"the dispersion of 30-day counts is {found.dispersion:.1f}, reached by chance in {chance} of 100"
    if found.bursts is None:
        return f"Attacks may come in bursts: {varies}. The periods are too short to model that, so the exact interval may be too narrow."
    if found.bursts.low == 0 or found.bursts.high == float("inf"):
        return f"Attacks may come in bursts: {varies}. With none in one period no model gives bounds; the p is that of shuffled 30-day counts."
    return f"Attacks may come in bursts: {varies}."


def _waves(found: Comparison) -> str:
    """Whether the filtered record rises and falls slowly, and what that does to the answer."""
    if found.believed is None:
        return ""
    if found.dependence is None:
        return f"Less than {FEWEST_MONTHS} months of this filter are too few to see slow waves; where there are some, the interval is too narrow."
    if not found.dependence.wave:
        return "The 30-day counts of the whole record under this filter show no slow waves."
    return (
        "The 30-day counts of the whole record under this filter rise and fall slowly, by about "
        f"{100 * found.dependence.wave**0.5:.0f} % of their mean: two periods can differ for that alone."
    )


def _intervals(found: Comparison) -> str:
    """The interval that is believed and those that are not; empty when there is one alone, or a side has no incident."""
    known = [
        ("that with slow waves", found.waves),
        ("that of a negative binomial model", found.bursts),
        ("the exact one, which takes each attack for independent", found.ratio),
    ]
    made = [(name, one) for name, one in known if one is not None]
    if len(made) < 2 or any(one.low == 0 or one.high == float("inf") for _, one in made):
        return ""
    words = {id(one): f"{name}: {interval(one)} ({p_value(one.p)})" for name, one in made}
    others = [words[id(one)] for _, one in made if one is not found.believed]
    return f"The widest interval applies, {words[id(found.believed)]}. Narrower: {'; '.join(others)}."


VERDICTS = (HIGHER, LOWER, NO_CHANGE, TOO_FEW, TOO_UNCERTAIN, NOT_COMPARABLE)
"""Every answer that a comparison can have."""
