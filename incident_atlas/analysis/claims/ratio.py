"""Claims that hold two things against each other: two periods, or two kinds of attack in the same days."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from incident_atlas.analysis import compare, compare_text
from incident_atlas.analysis.claims import question
from incident_atlas.analysis.claims.answer import (
    CANNOT_TELL,
    CONTRADICTED,
    PARTLY,
    SUPPORTED,
    Answer,
    Rates,
    Refused,
    Shown,
    interval,
    plain_numbers,
)
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.periods import Period, parse_period
from incident_atlas.analysis.statistics import Ratio, rate_interval, rate_ratio
from incident_atlas.core.formatting import format_number
from incident_atlas.core.text import counted_incidents, listed, plain
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import Headline, Total, headline
from incident_atlas.i18n import _

SAME = 0.8, 1.25
"""Bounds of a ratio within which nothing changed that anybody would call lower or higher."""


def periods(loaded: Loaded, claim: Claim, supporting: str, opposite: str) -> Answer:
    """Whether fewer or more attacks a day happened in the second of two periods than in the first: the verdicts of `compare`
    that support and contradict it."""
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    if chosen.since or chosen.until:
        raise Refused(_("A comparison takes its days from first and second, not from from and to."))
    both = [_period(parameters, name) for name in ("first", "second")]
    for period in both:
        question.claim_period(loaded, Filters(since=period.first, until=period.last), False)
    if not question.counts_attempts(claim):
        raise Refused(_("A comparison counts foiled attempts: attempts must be yes or blank."))
    source = parameters.get("source", [None])[-1]
    try:
        made = compare.compare(loaded, chosen, *both, coordinated_once=not parameters.get("each"), source=source)
    except ValueError as trouble:
        raise Refused(str(trouble)) from None
    verdict = {supporting: SUPPORTED, opposite: CONTRADICTED}.get(made.verdict, CANNOT_TELL)
    finding, why = compare_text.answer_sentence(made), []
    if made.verdict == compare.NO_CHANGE:
        if SAME[0] <= made.believed.low and made.believed.high <= SAME[1]:
            verdict = CONTRADICTED
            why.append(_("No change of that size: the bounds lie within {low:g} to {high:g}.").format(low=SAME[0], high=SAME[1]))
        else:
            times = made.believed.ratio
            comparison = _("As many") if times == 1 else _("Fewer") if times < 1 else _("More")
            finding = f"{_('{comparison} as recorded').format(comparison=comparison)}. {finding}"
    covered = bool(source or question.covering(loaded, chosen, both, question.matching(loaded, chosen)))
    if verdict != CANNOT_TELL and not covered:
        verdict = CANNOT_TELL
        reason = _("Its coverage is not stated: that compares reporting as much as attacks.")
        if question.stated(loaded):
            reason = _("No source of such incidents is stated to cover both periods: that compares reporting as much as attacks.")
        why.append(reason)
    if made.cut and verdict != CANNOT_TELL:
        verdict = CANNOT_TELL
        why.append(_("The record does not reach over all days of the claim."))
    numbers = plain_numbers(
        first=made.first.incidents, first_days=made.first.days, second=made.second.incidents, second_days=made.second.days
    )
    if made.believed is not None:
        believed = made.believed
        numbers |= plain_numbers(ratio=believed.ratio, low=believed.low, high=believed.high, p=believed.p)
    rates = tuple((side.period.words(), side.incidents, side.rate, side.low, side.high) for side in (made.first, made.second))
    days = _(" against ").join(side.period.words() for side in (made.second, made.first))
    notes, picture = (_killed(made), *compare_text.caveats(made)), Rates(rates, _("30 days"))
    shown, of = _newest(loaded, _PERIOD_NAMES, [loaded.at(rows["row"]) for rows in made.rows])
    fewer = None if made.breaks or made.cut or not covered else _rows_to_change(made)
    looks = question.page_links(parameters, label=_("Open on Compare"))
    return Answer(
        verdict, finding, tuple(why), numbers=numbers, days=days, notes=notes, links=looks, picture=picture, evidence=shown,
        shown=of, head=_both(made), rows_to_change=fewer,
    )  # fmt: skip


def _rows_to_change(made: compare.Comparison) -> int | None:
    """How many rows fewer of one side, whichever takes less, would change the verdict, were the interval's ends as many times apart.

    A clear change ends where the interval reaches 1; without one the interval has to leave 1 behind or, when it lies within
    `SAME`, to leave these bounds. None where there is no interval with two ends.
    """
    if made.believed is None or not (made.believed.low > 0 and math.isfinite(made.believed.high)):
        return None
    low, high = made.believed.low, made.believed.high
    if made.verdict in (compare.LOWER, compare.HIGHER):
        more, bound = (made.second, low) if made.believed.ratio > 1 else (made.first, 1 / high)
        shares = [(more, 1 / bound)]
    elif SAME[0] <= low and high <= SAME[1]:
        shares = [(made.second, SAME[0] / low), (made.first, high / SAME[1])]
    else:
        shares = [(made.second, 1 / high), (made.first, low)]
    return min(max(1, math.ceil(side.incidents * (1 - left))) for side, left in shares)


_PERIOD_NAMES = _("first period"), _("second period")


def _killed(made: compare.Comparison) -> str:
    """The dead of both periods as intervals."""
    phrases = []
    for side, name in zip((made.first, made.second), _PERIOD_NAMES, strict=True):
        killed = side.head.killed.text(side.head.incidents) if side.head.incidents else _("none")
        phrases.append(_("{killed} in the {name}").format(killed=killed, name=name))
    return _("Killed: {phrases}.").format(phrases=listed(phrases))


def _newest(loaded: Loaded, names: Sequence[str], rows: Sequence[pd.DataFrame]) -> tuple[tuple[Shown, ...], str]:
    """The newest incidents of each of two sides, and how many of how many."""
    of_side = _(" of the {name}")
    both = [question.newest(loaded, side, of_side.format(name=name)) for name, side in zip(names, rows, strict=True)]
    shown = {one.incident_id: one for some, _unused in both for one in some}
    return tuple(shown.values()), _(" and ").join(of for _unused, of in both if of)


def _both(made: compare.Comparison) -> Headline:
    """How many incidents the answer rests on, and the last of them."""
    one, two = made.first.head, made.second.head
    last = max((each.last for each in (one, two) if each.last is not None), default=None)
    nobody = Total(0, 0, 0, False, 0)
    return Headline(one.incidents + two.incidents, one.placed + two.placed, one.unplaced + two.unplaced, last, nobody, nobody, 0)


def _period(parameters: dict[str, list[str]], name: str) -> Period:
    text = parameters.get(name, [""])[-1]
    period = parse_period(text)
    if period is None:
        reason = _("The {name} period “{text}” is none such as 2020-08-15:2021-08-14.")
        raise Refused(reason.format(name=name, text=plain(text, 40)))
    return period


def times_as_often(loaded: Loaded, claim: Claim) -> Answer:
    """Whether attacks of one filter are '5' times as many as those of another, `against`, in the same days.

    The ratio is exact (`statistics.rate_ratio`). Two kinds of attack are never covered alike, and a change of coverage
    changes that too: without one regime nothing is said.
    """
    limit = question.number(claim.value)
    if not claim.against:
        raise Refused(_("The second filter is missing: it stands under against."))
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    base, other = question.query(claim.against, loaded, claim.page)
    if (base.since or base.until) and (base.since, base.until) != (chosen.since, chosen.until):
        raise Refused(_("The two filters must be about the same days: leave the dates out of against."))
    if _alike(chosen) == _alike(base):
        raise Refused(_("Both filters are the same."))
    rows = [question.matching(loaded, one, question.counts_attempts(claim)) for one in (chosen, base)]
    days = question.claim_period(loaded, chosen, True, *rows)
    units = question.long_enough(loaded, days, "year")
    shared = set(rows[0]["incident_id"]) & set(rows[1]["incident_id"])
    both = len(question.found(rows[0][rows[0]["incident_id"].isin(shared)], days.period).every)
    counts_of_both = [question.found(one[~one["incident_id"].isin(shared)], days.period) for one in rows]
    many, few = (len(side) for side in counts_of_both)
    held = _("{incidents} of the first filter and {few:,} of the second are recorded in the same {span}").format(
        incidents=counted_incidents(many), few=few, span=days.span
    )
    rates = [(n, n / units, *rate_interval(n, units)) for n in (many, few)]
    picture = Rates(tuple((name, *rate) for name, rate in zip(map(question.name_of, (chosen, base)), rates, strict=True)), "year")
    notes = [note for side in counts_of_both for note in side.notes()]
    notes += question.all_years(days, chosen.until, *rows)
    if both:
        notes.append(_("{incidents} that pass both filters counted for neither.").format(incidents=counted_incidents(both)))
    notes.append(_("The record covers some kinds of target better than others."))
    numbers, fewer = plain_numbers(incidents=many, against=few, days=days.period.days, limit=limit), None
    if not many + few:
        verdict, why = CANNOT_TELL, ()
        finding = _("{held}: two rates without any incident have no ratio.").format(held=held)
    else:
        edges = tuple(side.edge for side in counts_of_both)
        ratio = _bounds(many, few, edges)
        numbers |= plain_numbers(ratio=ratio.ratio, low=ratio.low, high=ratio.high)
        times = _("{ratio} times as many").format(ratio=format_number(ratio.ratio)) if few else _("no finite ratio")
        verdict, *why = _ratio(ratio, limit, days)
        fewer = _fewer(many, few, edges, limit, days)
        finding = f"{held}: {times} ({interval(ratio.low, ratio.high)})."
    other |= {name: parameters[name] for name in ("from", "to") if name in parameters}
    looks = (
        *question.page_links(parameters, days, _("Look at the first")),
        *question.page_links(other, days, _("Look at the second")),
    )
    for name, (_unused, query), side in zip(("first", "second"), looks, counts_of_both, strict=True):
        single = _("it counts coordinated attacks one by one") if len(side.every) > len(side) else ""
        shared_rows = _("those of both filters are there") if both else ""
        page = _("The page of the {name}").format(name=name)
        notes += question.page_count_note(loaded, query, len(side), single, shared_rows, page=page)
    shown, of = _newest(loaded, ("first", "second"), [side.each for side in counts_of_both])
    head = headline(counts_of_both[0].every)
    return Answer(
        verdict, finding, tuple(why), numbers=numbers, days=days.words(), notes=tuple(notes), links=looks, picture=picture,
        evidence=shown, shown=of, head=head, rows_to_change=fewer,
    )  # fmt: skip


def _bounds(many: int, few: int, edges: tuple[int, int]) -> Ratio:
    """The ratio of two counts in the same days; its bounds hold whether those without an exact date (edges) lie in these days or not."""
    ratio, (first, second) = rate_ratio(many, 1, few, 1), edges
    return ratio._replace(low=rate_ratio(many, 1, few + second, 1).low, high=rate_ratio(many + first, 1, few, 1).high)


def _fewer(many: int, few: int, edges: tuple[int, int], limit: float, days: question.ClaimPeriod) -> int | None:
    """How many rows fewer of one side, whichever takes less, would change the verdict."""

    def verdict(first: int, second: int) -> str:
        first, second = max(first, 0), max(second, 0)
        return _ratio(_bounds(first, second, edges), limit, days)[0] if first + second else CANNOT_TELL

    found = [
        question.rows_to_change(lambda added: verdict(many + added, few), many),
        question.rows_to_change(lambda added: verdict(many, few + added), few),
    ]
    return min((n for n in found if n is not None), default=None)


def _alike(chosen: Filters) -> dict[str, list[str]]:
    """A filter without its dates, whatever order its terms are in."""
    return {name: sorted(values) for name, values in chosen.without("since", "until").to_query().items()}


def _ratio(found: Ratio, limit: float, days: question.ClaimPeriod) -> tuple[str, str]:
    bar = _("{limit} times").format(limit=format_number(limit))
    if not days.whole:
        return CANNOT_TELL, days.why_not()
    if found.low >= limit:
        return SUPPORTED, _("Even the lower bound is {bar} or more.").format(bar=bar)
    if found.high < limit:
        return CONTRADICTED, _("Even the upper bound is below {bar}.").format(bar=bar)
    if found.ratio >= limit:
        return PARTLY, _("That is {bar} or more, but the interval reaches below it.").format(bar=bar)
    return CANNOT_TELL, _("That is below {bar}, but the interval reaches above it.").format(bar=bar)
