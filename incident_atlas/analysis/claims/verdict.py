"""Claims of others, asked of the record: each row of a table of claims becomes a verdict, a sentence and its numbers.

A verdict is about what the record holds and never more: `supported`, `contradicted`, `partly supported`,
`cannot be determined`. Nothing is stored: another record, or another day, may answer otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any, NamedTuple
from urllib.parse import parse_qs

from incident_atlas.analysis.claims import counts, first, only, question, ratio
from incident_atlas.analysis.claims.answer import CANNOT_TELL, VERDICTS, Answer, NotCovered, Refused, Years
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.compare import HIGHER, LOWER
from incident_atlas.analysis.periods import Period
from incident_atlas.core.text import counted, counted_rows, day, listed, plain
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import TooMany
from incident_atlas.i18n import _, gettext_noop


def _not_in_the_record(loaded: Loaded, claim: Claim) -> Answer:
    """The answer to a claim about what a record of attacks does not hold, such as how many embassies were open."""
    return Answer(CANNOT_TELL, _("Only attacks are recorded here, so this claim cannot be checked."))


NOT_IN_THE_RECORD = "not in the record"
"""The test of a claim about something that no row tells of: it is shown, and said to be outside the record."""

TESTS: dict[str, Callable[[Loaded, Claim], Answer]] = {
    "rarer than": partial(counts.rate, rarer=True),
    "more often than": partial(counts.rate, rarer=False),
    "at most": counts.at_most,
    "at least": counts.at_least,
    "first since": first.first_since,
    "lower": partial(ratio.periods, supporting=LOWER, opposite=HIGHER),
    "higher": partial(ratio.periods, supporting=HIGHER, opposite=LOWER),
    "times as often": ratio.times_as_often,
    "only": only.only,
    NOT_IN_THE_RECORD: _not_in_the_record,
}
"""What the column `test` may hold; data/README.md explains each with an example."""


FAULTY = gettext_noop("cannot be asked")


class Judged(NamedTuple):
    """A claim and the record's answer to it."""

    claim: Claim
    answer: Answer


def judge(loaded: Loaded, claim: Claim) -> Answer:
    """The record's answer to one claim; a row that cannot be asked has an answer without a number, which says why.

    Pages ignore a term that the record lacks, and would show everything: such a look is left out.
    """
    try:
        test = _test(claim)
        attempts = question.counts_attempts(claim)
        if test is _not_in_the_record:
            return test(loaded, claim)
        made = _made(claim)
        claim, actors = question.with_actors(claim)
        answer = _before_and_since(test, loaded, claim, made) if made else _weighed(test, loaded, claim)
    except Refused as trouble:
        return Answer(CANNOT_TELL, _("This row cannot be asked. {trouble}").format(trouble=trouble), fault=str(trouble))
    except (NotCovered, TooMany) as trouble:
        return Answer(CANNOT_TELL, str(trouble))
    count = _("Foiled attempts count too.") if attempts else _("Foiled attempts do not count.")
    answer = replace(answer, notes=(*answer.notes, count), why=(*answer.why, actors))
    return replace(answer, links=tuple(link for link in answer.links if not Filters.from_query(link[1], loaded.options)[1]))


def _weighed(test: Callable[[Loaded, Claim], Answer], loaded: Loaded, claim: Claim) -> Answer:
    """The answer with the number of rows that decide it: a verdict that hangs on a single row is none."""
    answer = test(loaded, claim)
    n = answer.rows_to_change
    if n is None:
        return replace(answer, why=(*answer.why, _("Leaving out rows would not change the verdict.")))
    numbers = answer.numbers | {"rows_to_change": n}
    if n == 1 and answer.verdict != CANNOT_TELL:
        why = _("But a single row decides whether that is {verdict}, so it cannot be determined.").format(
            verdict=_(answer.verdict)
        )
        return replace(answer, verdict=CANNOT_TELL, why=(*answer.why, why), numbers=numbers)
    why = _("A difference of {rows} would change the verdict.").format(rows=counted_rows(n))
    return replace(answer, why=(*answer.why, why), numbers=numbers)


DATED_TESTS = ("rarer than", "more often than", "times as often")
"""Tests about days that a row need not name."""


def _made(claim: Claim) -> date | None:
    """The day of a claim whose days are those before it; None for a claim without a day, or with days of its own."""
    if not claim.made.strip():
        return None
    try:
        made = date.fromisoformat(claim.made.strip())
        # The claim is asked for the days before it.
        made - timedelta(days=1)
    except (ValueError, OverflowError):
        raise Refused(_("made is “{made}”: it must be a day such as 2020-12-01.").format(made=plain(claim.made, 40))) from None
    named = {"from", "to"} & parse_qs(claim.query.lstrip("?")).keys()
    return None if named or claim.test_name not in DATED_TESTS else made


def _before_and_since(test: Callable[[Loaded, Claim], Answer], loaded: Loaded, claim: Claim, made: date) -> Answer:
    """A claim asked for the days before it was made, on which the verdict rests, and for those from then on, apart.

    What makes both verdicts is said once, after them.
    """
    parts = []
    for limit in (f"to={made - timedelta(days=1)}", f"from={made}"):
        try:
            parts.append(_weighed(test, loaded, replace(claim, query="&".join(filter(None, (claim.query, limit))))))
        except NotCovered as trouble:
            parts.append(Answer(CANNOT_TELL, str(trouble)))
    before, since = parts
    shared = tuple(why for why in before.why if why in since.why)
    finding_before, finding_since = (" ".join((one.finding, *(why for why in one.why if why not in shared))) for one in parts)
    times = ((before, _("before")), (since, _("since")))
    return replace(
        before if before.days else replace(since, verdict=before.verdict),
        finding=_("Before {made}, {verdict_before}: {finding_before} From then on, {verdict_since}: {finding_since}").format(
            made=day(made),
            verdict_before=_(before.verdict),
            finding_before=finding_before,
            verdict_since=_(since.verdict),
            finding_since=finding_since,
        ),
        why=shared,
        numbers=before.numbers | {f"since_{name}": value for name, value in since.numbers.items()},
        days=_("; since then ").join(filter(None, (before.days, since.days))),
        notes=tuple(dict.fromkeys((*before.notes, *since.notes))),
        picture=_both_pictures(before.picture, since.picture),
        evidence=before.evidence or since.evidence,
        shown=before.shown or since.shown,
        links=tuple((f"{label}, {when}", query) for one, when in times for label, query in one.links),
    )


def _both_pictures(before: Any, since: Any) -> Any:
    """One picture of two answers: of years all days are looked at; else that of the days on which the verdict rests."""
    if not (isinstance(before, Years) and isinstance(since, Years)):
        return before or since
    inside = before.table["inside"] + since.table["inside"]
    return before._replace(table=before.table.assign(inside=inside), looked=Period(before.looked.first, since.looked.last))


def judge_all(loaded: Loaded, claims: tuple[Claim, ...]) -> tuple[Judged, ...]:
    """Every claim with its answer, in their order."""
    return tuple(Judged(claim, judge(loaded, claim)) for claim in claims)


def tally(judged: tuple[Judged, ...]) -> str:
    """How many of which verdict, in one sentence; rows that cannot be asked are counted apart.

    >>> tally((Judged(Claim("a"), Answer("partly supported", "")), Judged(Claim("b"), Answer("supported", ""))))
    '2 claims: 1 supported, 1 partly supported.'
    """
    found = Counter(word(answer) for _unused, answer in judged)
    phrase = ", ".join(f"{found[verdict]:,} {_(verdict)}" for verdict in (*VERDICTS, FAULTY) if found[verdict])
    return f"{counted(len(judged), '{n} claim', '{n} claims')}{': ' if phrase else ''}{phrase}."


def word(answer: Answer) -> str:
    """The verdict of an answer, or that its row cannot be asked."""
    return FAULTY if answer.fault else answer.verdict


def _test(claim: Claim) -> Callable[[Loaded, Claim], Answer]:
    """The function that answers a claim; raises `Refused` when the row itself is broken."""
    if claim.fault:
        raise Refused(claim.fault)
    if not claim.text:
        raise Refused(_("It has no text: what is claimed?"))
    test = TESTS.get(claim.test_name)
    if test is None:
        raise Refused(
            _("“{test}” is no test: there are {tests}.").format(test=plain(claim.test, 40), tests=listed(list(TESTS), "and"))
        )
    if claim.page not in question.PAGES:
        reason = _("“{page}” is no page that shows it: there are {pages}.")
        raise Refused(reason.format(page=plain(claim.page, 60), pages=listed(list(question.PAGES), "and")))
    return test
