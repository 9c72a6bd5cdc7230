"""A comparison of two periods in words: the answer in a sentence, and what a reader must know to believe it."""

from __future__ import annotations

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
from incident_atlas.analysis.statistics import YEAR_DAYS, Ratio, p_value
from incident_atlas.core.formatting import format_number, format_rate
from incident_atlas.core.text import counted, counted_incidents, day, listed
from incident_atlas.core.vocabulary import TAKEOVER
from incident_atlas.dataset.totals import Headline
from incident_atlas.i18n import _, gettext_noop, ngettext

_WITHOUT_CHANGE = {
    NOT_COMPARABLE: gettext_noop("Cannot be told from reporting"),
    TOO_FEW: gettext_noop("Too few to say"),
    TOO_UNCERTAIN: gettext_noop("Too uncertain to say"),
    NO_CHANGE: gettext_noop("No clear change"),
}


def answer_sentence(found: Comparison) -> str:
    """The answer as one plain sentence: the change, the counts, and what 95 % certainty leaves open; the rest is in `caveats`."""
    verdict, sentence = _verdict(found), _both_counts(found)
    if found.verdict == NOT_COMPARABLE:
        return _("{verdict}: the record has {sentence}, but {broken}.").format(
            verdict=verdict, sentence=sentence, broken=_broken(found.breaks)
        )
    if found.verdict == TOO_FEW:
        return f"{verdict}: {sentence}."
    return f"{verdict}: {sentence}. {_fewer_or_more(found)}."


def _verdict(found: Comparison) -> str:
    """The verdict in a few words, with the percentage where the ratio has one: 'Down 47 %'."""
    if found.verdict in _WITHOUT_CHANGE:
        return _(_WITHOUT_CHANGE[found.verdict])
    ratio, way = found.believed.ratio, _("Up") if found.verdict == HIGHER else _("Down")
    if not 0 < ratio < 2:
        return way
    change = _("{way} {percent} %") if found.first.days == found.second.days else _("{way} {percent} % per day")
    return change.format(way=way, percent=_percent(ratio))


def _percent(ratio: float) -> str:
    """How many per cent more or fewer a ratio is; what is not the whole is never told as the whole."""
    percent = 100 * abs(ratio - 1)
    return _("more than 99") if 99.5 <= percent < 100 else f"{percent:.0f}"


def short_answer(found: Comparison) -> tuple[str, str]:
    """`headline` for a page that shows the periods below it: the verdict with both counts, the first period first; and the rest."""
    first, second = found.first, found.second
    counts = (
        _("{first} before, {second:,} after") if first.period.last < second.period.first else _("{first}, against {second:,}")
    )
    counts = counts.format(first=counted_incidents(first.incidents) + found.criteria.rstrip(","), second=second.incidents)
    why = ""
    if found.verdict == NOT_COMPARABLE:
        why = f"{_broken(found.breaks)}."
        why = why[:1].upper() + why[1:]
    elif found.verdict != TOO_FEW:
        why = f"{_fewer_or_more(found)}."
    rest = " ".join(filter(None, (why, _killed(found), main_caution(found))))
    return f"{_verdict(found)}: {counts}.", rest


def headline(found: Comparison) -> tuple[str, str]:
    """The answer, and what must be read with it: whether more or fewer were killed, and the main caution."""
    return answer_sentence(found), " ".join(filter(None, (_killed(found), main_caution(found))))


def _killed(found: Comparison) -> str:
    """Whether more or fewer people were killed, marked when that runs against the incidents; '' without a best figure on both sides.

    Of periods of different lengths the dead of a year are set against each other, because totals would say which was longer.
    """
    first, second = found.first, found.second
    if any(side.head.incidents <= side.killed.without_figure or side.killed.unknown for side in (first, second)):
        return ""
    same = first.days == second.days
    one, two = (side.killed.best if same else side.killed.best / side.days * YEAR_DAYS for side in (first, second))
    many = _("as many") if one == two else _("more") if two > one else _("fewer")
    against = (found.verdict == LOWER and two > one) or (found.verdict == HIGHER and two < one)
    before, after = ((f"{number:,}" if same else format_number(number)) for number in (one, two))
    sentence = (
        _("But {many} people were killed{a_year}: {before}, then {after} (best figures).")
        if against
        else _("{many} people were killed{a_year}: {before}, then {after} (best figures).")
    )
    sentence = sentence.format(many=many, a_year="" if same else _(" a year"), before=before, after=after)
    return sentence[:1].upper() + sentence[1:]


def main_caution(found: Comparison) -> str:
    """How few of the incidents come from a source known to cover both periods; '' where the answer itself is about that."""
    counted_once = found.first.incidents + found.second.incidents
    if found.source or not counted_once or found.verdict == NOT_COMPARABLE:
        return ""
    steady = found.first.steady + found.second.steady
    if not steady:
        return _("Caution: no incident comes from a source known to cover both periods, so part of any change may be reporting.")
    return ngettext(
        "Caution: {only}{steady:,} of {incidents} comes from a source known to cover both periods, so part of any change may be reporting.",
        "Caution: {only}{steady:,} of {incidents} come from a source known to cover both periods, so part of any change may be reporting.",
        steady,
    ).format(only=_("only ") if 2 * steady < counted_once else "", steady=steady, incidents=counted_incidents(counted_once))


def caveats(found: Comparison) -> list[str]:
    """What stands under the answer, each a plain sentence, the weightiest first."""
    sentences = [_ratio(found), _power(found), _bursts(found), _waves(found), _intervals(found)]
    if found.breaks and found.verdict != NOT_COMPARABLE:
        sentences.append(_("Reporting differs too: {broken}.").format(broken=_broken(found.breaks)))
    sentences += [_sources(found), _publishers(found)]
    periods = sorted(side.period for side in (found.first, found.second))
    if periods[0].first < TAKEOVER <= periods[1].last:
        sentences.append(
            _(
                "From 15 August 2021 the Taliban are the de facto authorities: government targets before and after are of different governments."
            )
        )
    if found.cut:
        sentences.append(_("Only days that the record covers are counted."))
    if found.edge:
        message = _("{incidents} dated by week, month or year may lie outside the period that counts it.")
        sentences.append(message.format(incidents=counted_incidents(found.edge)))
    if joined := _joined(found):
        sentences.append(
            _(
                "Coordinated attacks count as one: {joined:,} of {rows:,} incidents belong to an operation already counted. Victims are those of all."
            ).format(joined=joined, rows=_rows(found))
        )
    return [sentence for sentence in sentences if sentence]


def _rows(found: Comparison) -> int:
    """The incidents of both periods, each attack of an operation counted."""
    return found.first.head.incidents + found.second.head.incidents


def _joined(found: Comparison) -> int:
    """How many of them belong to an operation that is already counted."""
    return _rows(found) - found.first.incidents - found.second.incidents


def _sources(found: Comparison) -> str:
    """How much of the answer rests on a source that is known to cover both periods."""
    if found.source:
        return _("Only what {source} reports is counted: one source on both sides.").format(source=found.source)
    counted_once = found.first.incidents + found.second.incidents
    if not counted_once:
        return ""
    if not found.others:
        return _("No source with stated dates is known to cover both periods, so nobody can say that both were reported alike.")
    steady = found.first.steady + found.second.steady
    return _(
        "Known to cover both periods: {others}, with {steady:,} of {incidents}. What the other sources covered, and when, is not known."
    ).format(others=listed(list(found.others)), steady=steady, incidents=counted_incidents(counted_once))


def _publishers(found: Comparison) -> str:
    one, two = found.first.publishers, found.second.publishers
    if one is None or two is None:
        return _("Who reports the incidents is not stated. Fewer reports are not fewer attacks.")
    return _("{publishers} reported in the first period, {two:,} in the second. Fewer reports are not fewer attacks.").format(
        publishers=counted(one, "{n} publisher", "{n} publishers"), two=two
    )


def rate(found: Comparison, side: Side) -> str:
    """Incidents per 30 days of a side, with their exact 95 % interval only where the answer rests on the exact one, too.

    Elsewhere it is too narrow: two that do not overlap would pass for a clear change beside an answer that finds none.
    """
    return format_rate(side.rate, side.low, side.high) if found.independent else format_number(side.rate)


def total(head: Headline | None, at: int) -> str:
    """Killed (at 1) or wounded (at 2) of a period in words, with how many incidents have no figure."""
    if head is None:
        return _("no figure to leave out")
    if not head.incidents:
        return _("none: no incident")
    return (head.killed if at == 1 else head.wounded).text(head.incidents)


def factor(value: float) -> str:
    """A ratio with as many digits as it bears; without an end when it has none.

    >>> factor(0.5277), factor(12.34), factor(float("inf"))
    ('0.53', '12.3', 'no upper bound')
    """
    if value == float("inf"):
        return _("no upper bound")
    return _("less than 0.01") if 0 < value < 0.01 else format_number(value)


def interval(ratio: Ratio) -> str:
    """The bounds of a ratio: 0.29 to 0.94."""
    end = _("any number") if ratio.high == float("inf") else factor(ratio.high)
    return _("{factor} to {end}").format(factor=factor(ratio.low), end=end)


def _fewer_or_more(found: Comparison) -> str:
    """The believed interval for people: in per cent as far as twice as many, else in times; per day where the days differ."""
    ratio = found.believed
    if ratio.ratio == float("inf"):
        change = _("95 % bound: at least {factor} times as many").format(factor=factor(ratio.low))
    elif ratio.ratio == 0:
        change = _("95 % bound: at most {factor} times as many").format(factor=factor(ratio.high))
    elif ratio.high > 2:
        change = _("95 % interval: {interval} times as many").format(interval=interval(ratio))
    else:
        low, high = _percent(ratio.low), _percent(ratio.high)
        if ratio.high < 1:
            change = _("95 % interval: {low} % to {high} % fewer").format(low=high, high=low)
        elif ratio.low > 1:
            change = _("95 % interval: {low} % to {high} % more").format(low=low, high=high)
        else:
            change = _("95 % interval: {low} % fewer to {high} % more").format(low=low, high=high)
    return change if found.first.days == found.second.days else _("{change} per day").format(change=change)


def _times(ratio: Ratio) -> str:
    if ratio.ratio == float("inf"):
        return _("at least {factor} times as many per day (95 % bound, {p_value})").format(
            factor=factor(ratio.low), p_value=p_value(ratio.p)
        )
    if ratio.ratio == 0:
        return _("at most {factor} times as many per day (95 % bound, {p_value})").format(
            factor=factor(ratio.high), p_value=p_value(ratio.p)
        )
    return _("{factor} times as many per day (95 % interval {interval}, {p_value})").format(
        factor=factor(ratio.ratio), interval=interval(ratio), p_value=p_value(ratio.p)
    )


def _both_counts(found: Comparison) -> str:
    second, first = found.second, found.first
    once = _(" (attacks of one operation counted once)") if _joined(found) else ""
    many = (counted_incidents(second.incidents) + once if second.incidents else _("no incident")) + found.criteria
    base = f"{first.incidents:,}{'' if second.incidents else once}" if first.incidents else _("none")
    # Days are worth a word where they differ.
    days = [side.period.words() for side in (second, first)]
    if first.days != second.days:
        days = [
            f"{words} ({counted(side.days, '{n} day', '{n} days')})" for words, side in zip(days, (second, first), strict=True)
        ]
    return _("{many} from {days} against {base} from {base_days}").format(many=many, days=days[0], base=base, base_days=days[1])


def _broken(breaks: tuple[Break, ...]) -> str:
    """The sources that do not cover both periods alike, as a phrase."""
    until, since = _("{source} (to {day})"), _("{source} (from {day})")
    names = [(until if one.ends else since).format(source=one.source, day=day(one.day)) for one in breaks]
    return _("the two were not covered alike: {names}").format(names=listed(names))


def _ratio(found: Comparison) -> str:
    """The ratio with its interval and p, and what it does not say."""
    if found.believed is None:
        return ""
    if found.verdict == NOT_COMPARABLE:
        return _("What was recorded is {times}: that compares reporting as much as attacks.").format(times=_times(found.believed))
    return _("The second period has {times}. The counts do not say why.").format(times=_times(found.believed))


def _power(found: Comparison) -> str:
    """The smallest change that these counts could have shown."""
    if found.verdict != TOO_UNCERTAIN:
        return ""
    least = found.smallest_ratio
    return _(
        "A fall of less than {percent} % or a rise to less than {factor} times as many could hardly be told from chance (power 80 %)."
    ).format(percent=_percent(1 / least), factor=factor(least))


def _bursts(found: Comparison) -> str:
    if found.believed is None:
        return _("With fewer than {fewest} incidents in the two periods a ratio would mean nothing.").format(fewest=FEWEST)
    if found.dispersion is None:
        return _("The periods are too short to see whether attacks cluster.")
    spreads = [_("unknown") if one.dispersion is None else f"{one.dispersion:.1f}" for one in (found.first, found.second)]
    varies = _("dispersion of 30-day counts {first}, then {second}; {p_value}").format(
        first=spreads[0], second=spreads[1], p_value=p_value(found.chance)
    )
    if not found.clustered:
        return _("Attacks do not cluster more than by chance ({varies}; up to {bursts} counts as none).").format(
            varies=varies, bursts=BURSTS
        )
    if found.bursts is None:
        return _("Attacks may cluster ({varies}). The periods are too short to model that.").format(varies=varies)
    if found.bursts.width == float("inf"):
        return _("Attacks may cluster ({varies}). With none in one period no model gives bounds.").format(varies=varies)
    return _("Attacks may cluster ({varies}).").format(varies=varies)


def _waves(found: Comparison) -> str:
    """Whether the filtered record rises and falls slowly, and what that does to the answer."""
    if found.believed is None:
        return ""
    if found.dependence is None:
        return _("Less than {fewest_months} months of this filter are too few to see slow waves of the rate.").format(
            fewest_months=FEWEST_MONTHS
        )
    if not found.dependence.wave:
        return _("The whole record under this filter shows no slow waves of the rate (autocorrelation).")
    return _(
        "The rate moves in slow waves under this filter (autocorrelation), by about {wave:.0f} % of its mean: two periods can differ for that alone."
    ).format(wave=100 * found.dependence.wave**0.5)


def _intervals(found: Comparison) -> str:
    """What the interval allows for, and how wide it would be otherwise; empty for fewer than `FEWEST` incidents.

    With no incident on a side the models change the p alone.
    """
    if found.believed is None:
        return ""
    if found.independent:
        text = _("The interval assumes independent attacks.")
        if found.dependence is None or found.dispersion is None or (found.clustered and found.bursts is None):
            text = _("The interval assumes independent attacks. Where they cluster or come in waves, it is too narrow.")
        return text
    allowed = _("slow waves") if found.dependence and found.dependence.wave else _("uneven months")
    if found.believed.width == float("inf"):
        if found.believed is found.bursts:
            return _("The bound assumes independent attacks; the p is that of shuffled 30-day counts.")
        return _("The bound assumes independent attacks; the p allows for {allowed}.").format(allowed=allowed)
    exact = _("{interval} if attacks were independent").format(interval=interval(found.ratio))
    if found.believed is found.bursts:
        return _("The interval allows for clusters (negative binomial model). It would be {exact}.").format(exact=exact)
    if found.bursts is None or found.bursts.width == float("inf"):
        return _("The interval allows for {allowed}. It would be {exact}.").format(allowed=allowed, exact=exact)
    return _("The interval allows for {allowed}. It would be {clustered} for clusters alone, {exact}.").format(
        allowed=allowed, clustered=interval(found.bursts), exact=exact
    )
