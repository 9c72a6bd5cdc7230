"""The row of a claim in plain words: what it is asked with, and how it is cited."""

from __future__ import annotations

from urllib.parse import parse_qs

from incident_atlas.analysis.claims.answer import Answer
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.claims.question import IGNORED
from incident_atlas.analysis.periods import parse_period
from incident_atlas.core.text import counted, day, listed
from incident_atlas.dataset.filters import Filters

_NAMES = {"attack_type": "attack", "target_type": "target", "target_subtype": "target"}


def in_words(query: str) -> str:
    """A query of an address for people.

    >>> in_words("target_type=Police&target_type=Military&city=Kabul&from=2001-10-07&to=2021-08-30")
    'target Police or Military, city Kabul, 7 Oct 2001 to 30 Aug 2021'
    """
    parameters = {name: values for name, values in parse_qs(query.lstrip("?")).items() if name not in IGNORED}
    labels = [_part(name, values) for name, values in parameters.items() if name not in ("from", "to")]
    dates, _ = Filters.from_query({name: parameters[name] for name in ("from", "to") if name in parameters}, {})
    since, until = dates.since, dates.until
    if since or until:
        labels.append(
            f"{day(since)} to {day(until)}" if since and until else f"from {day(since)}" if since else f"to {day(until)}"
        )
    return ", ".join(labels)


def _part(name: str, values: list[str]) -> str:
    if name == "min_killed":
        return f"at least {values[-1]} killed"
    if name == "precision":
        return f"location known to at least the {values[-1]}"
    if name == "q":
        return f"with the words “{values[-1]}”"
    if name == "each":
        return "coordinated attacks singly"
    if period := parse_period(values[-1]):
        return f"{name} {period.words()}"
    return f"{_NAMES.get(name, name.replace('_', ' '))} {listed(values, 'or')}"


def details(claim: Claim, answer: Answer) -> list[tuple[str, str]]:
    """What a claim is asked with, name by name, as far as it can be read; blank ones left out. Plain text, not yet safe."""
    if answer.fault:
        labels = [("Line", str(claim.line or "")), ("Question", claim.question), ("Query", claim.query), ("Test", claim.test)]
        return [(name, text) for name, text in [*labels, ("Value", claim.value)] if text]
    query, test = in_words(claim.query), claim.test.strip().casefold()
    filters = [("Filter", query)]
    if test == "times as often":
        filters = [("First filter", query), ("Second filter", in_words(claim.against))]
    if test == "only":
        filters.append(
            ("Sides", "; ".join(f"{name}: {in_words(rest)}" if name else in_words(rest) for name, rest in _other_filters(claim)))
        )
    labels = [("Question", claim.question), *filters, ("Test", f"{claim.test} {claim.value}"), ("Days", answer.days)]
    if test == "times as often":
        labels[-2] = ("Test", f"{claim.value} {claim.test}")
    return [(name, text.strip()) for name, text in labels if text.strip()]


def _other_filters(claim: Claim) -> list[tuple[str, str]]:
    parts = (side.partition(":") if "=" not in side.partition(":")[0] else ("", "", side) for side in claim.against.split(";"))
    return [(name.strip(), query.strip()) for name, _, query in parts if query.strip()]


def cited(claim: Claim, answer: Answer) -> str:
    """Claim, verdict and answer with what it was asked with, for a citation."""
    question = "; ".join(f"{name.lower()}: {text}" for name, text in details(claim, answer) if name != "Question")
    return f"Claim ({claim.source or 'no source stated'}): {claim.text} Verdict: {answer.verdict}. {answer.sentence} Asked with {question}."


def heading(n: int, word: str) -> str:
    """What stands above one claim of several.

    >>> heading(7, "contradicted")
    'One of 7 claims: contradicted.'
    """
    return f"One of {counted(n, 'claim')}: {word}."
