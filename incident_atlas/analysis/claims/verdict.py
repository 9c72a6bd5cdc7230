"""Claims of others, asked of the record: each row of a table of claims becomes a verdict, a sentence and its numbers.

A verdict is about what the record holds and never more: `supported`, `contradicted`, `partly`, `cannot tell from this
record`. Nothing is stored: another record, or another day, may answer otherwise.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from typing import NamedTuple

from incident_atlas.analysis.claims import counts
from incident_atlas.analysis.claims import first as order
from incident_atlas.analysis.claims import only as sides
from incident_atlas.analysis.claims import question as asked
from incident_atlas.analysis.claims import ratio as pairs
from incident_atlas.analysis.claims.answer import CANNOT_TELL, VERDICTS, Answer, Refused, Untold
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.core.text import counted, listed, plain
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import TooMany

TESTS: dict[str, Callable[[Loaded, Claim], Answer]] = {
    "rarer than": counts.rarer_than,
    "more often than": counts.more_often_than,
    "at most": counts.at_most,
    "at least": counts.at_least,
    "first since": order.first_since,
    "lower": pairs.lower,
    "higher": pairs.higher,
    "times as often": pairs.times_as_often,
    "only": sides.only,
}
"""What the column `test` may hold; data/README.md explains each with an example."""


FAULTY = "cannot be asked"


class Judged(NamedTuple):
    """A claim and the record's answer to it."""

    claim: Claim
    answer: Answer


def judge(loaded: Loaded, claim: Claim) -> Answer:
    """The record's answer to one claim; a row that cannot be asked has an answer without a number, which says why.

    Pages ignore a term that the record lacks, and would show everything: such a look is left out.
    """
    try:
        answer = _test(claim)(loaded, claim)
    except Refused as trouble:
        return Answer(CANNOT_TELL, f"This row cannot be asked. {trouble}", fault=str(trouble))
    except (Untold, TooMany) as trouble:
        return Answer(CANNOT_TELL, str(trouble))
    return replace(answer, looks=tuple(look for look in answer.looks if not Filters.from_query(look[1], loaded.options)[1]))


def judge_all(loaded: Loaded, claims: tuple[Claim, ...]) -> tuple[Judged, ...]:
    """Every claim with its answer, in their order."""
    return tuple(Judged(claim, judge(loaded, claim)) for claim in claims)


def tally(judged: tuple[Judged, ...]) -> str:
    """How many of which verdict, in one sentence; rows that cannot be asked are counted apart.

    >>> tally((Judged(Claim("a"), Answer("partly", "")), Judged(Claim("b"), Answer("supported", ""))))
    '2 claims: 1 supported, 1 partly.'
    """
    found = Counter(word(answer) for _, answer in judged)
    told = ", ".join(f"{found[verdict]:,} {verdict}" for verdict in (*VERDICTS, FAULTY) if found[verdict])
    return f"{counted(len(judged), 'claim')}{': ' if told else ''}{told}."


def word(answer: Answer) -> str:
    """The verdict of an answer, or that its row cannot be asked."""
    return FAULTY if answer.fault else answer.verdict


def _test(claim: Claim) -> Callable[[Loaded, Claim], Answer]:
    """The function that answers a claim; raises `Refused` when the row itself is broken."""
    if claim.fault:
        raise Refused(claim.fault)
    if not claim.text:
        raise Refused("It has no text: what is claimed?")
    test = TESTS.get(" ".join(claim.test.split()).casefold())
    if test is None:
        raise Refused(f"“{plain(claim.test, 40)}” is no test: there are {listed(list(TESTS), 'and')}.")
    if claim.page not in asked.PAGES:
        raise Refused(f"“{plain(claim.page, 60)}” is no page that shows it: there are {listed(list(asked.PAGES), 'and')}.")
    return test
