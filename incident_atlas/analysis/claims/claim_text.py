"""The row of a claim in plain words: what it is asked with, and how it is cited."""

from __future__ import annotations

from urllib.parse import parse_qs

from incident_atlas.analysis.claims.answer import Answer
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.claims.question import IGNORED
from incident_atlas.analysis.periods import parse_period
from incident_atlas.core.text import counted, day, listed
from incident_atlas.dataset.filters import Filters
from incident_atlas.i18n import _

# A filter with its values: "target Police or Military".
_PARTS = {
    "origin": _("origin {values}"),
    "country": _("country {values}"),
    "province": _("province {values}"),
    "city": _("city {values}"),
    "target_type": _("target {values}"),
    "target_subtype": _("target {values}"),
    "target_country": _("target country {values}"),
    "attack_type": _("attack {values}"),
    "weapon": _("weapon {values}"),
    "perpetrator": _("perpetrator {values}"),
    "actor_kind": _("actor kind {values}"),
    "attribution": _("attribution {values}"),
    "near": _("near {values}"),
    "source": _("source {values}"),
    "first": _("first {values}"),
    "second": _("second {values}"),
}


def in_words(query: str) -> str:
    """A query of an address for people.

    >>> in_words("target_type=Police&target_type=Military&city=Kabul&from=2001-10-07&to=2021-08-30")
    'target Police or Military, city Kabul, 7 Oct 2001 to 30 Aug 2021'
    """
    parameters = {name: values for name, values in parse_qs(query.lstrip("?")).items() if name not in IGNORED}
    labels = [_part(name, values) for name, values in parameters.items() if name not in ("from", "to")]
    dates, _unused = Filters.from_query({name: parameters[name] for name in ("from", "to") if name in parameters}, {})
    since, until = dates.since, dates.until
    if since and until:
        labels.append(_("{since} to {until}").format(since=day(since), until=day(until)))
    elif since:
        labels.append(_("from {since}").format(since=day(since)))
    elif until:
        labels.append(_("to {until}").format(until=day(until)))
    return ", ".join(labels)


def _part(name: str, values: list[str]) -> str:
    if name == "min_killed":
        return _("at least {values} killed").format(values=values[-1])
    if name == "precision":
        return _("location known to at least the {values}").format(values=values[-1])
    if name == "q":
        return _("matching “{q}”").format(q=values[-1])
    if name == "each":
        return _("coordinated attacks singly")
    period = parse_period(values[-1])
    words = period.words() if period else listed(values, "or")
    return _PARTS[name].format(values=words) if name in _PARTS else f"{name.replace('_', ' ')} {words}"


def details(claim: Claim, answer: Answer) -> list[tuple[str, str]]:
    """What a claim is asked with, name by name, as far as it can be read; blank ones left out. Plain text, not yet safe."""
    if answer.fault:
        labels = [(_("Line"), str(claim.line or "")), (_("Question"), claim.question), (_("Query"), claim.query)]
        return [(name, text) for name, text in [*labels, (_("Test"), claim.test), (_("Value"), claim.value)] if text]
    query, test = in_words(claim.query), claim.test_name
    filters = [(_("Filter"), query)]
    if test == "times as often":
        filters = [(_("First filter"), query), (_("Second filter"), in_words(claim.against))]
    if test == "only":
        others = [f"{name}: {in_words(rest)}" if name else in_words(rest) for name, rest in _other_filters(claim)]
        filters.append((_("Sides"), "; ".join(others)))
    labels = [(_("Question"), claim.question), *filters, (_("Test"), f"{claim.test} {claim.value}"), (_("Days"), answer.days)]
    if test == "times as often":
        labels[-2] = (_("Test"), f"{claim.value} {claim.test}")
    return [(name, text.strip()) for name, text in labels if text.strip()]


def _other_filters(claim: Claim) -> list[tuple[str, str]]:
    parts = (side.partition(":") if "=" not in side.partition(":")[0] else ("", "", side) for side in claim.against.split(";"))
    return [(name.strip(), query.strip()) for name, _unused, query in parts if query.strip()]


def cited(claim: Claim, answer: Answer) -> str:
    """Claim, verdict and answer with what it was asked with, for a citation."""
    question = "; ".join(f"{name.lower()}: {text}" for name, text in details(claim, answer) if name != _("Question"))
    return _("Claim ({source}): {claim} Verdict: {verdict}. {sentence} Asked with {question}.").format(
        source=claim.source or _("no source stated"),
        claim=claim.text,
        verdict=_(answer.verdict),
        sentence=answer.sentence,
        question=question,
    )


def heading(n: int, word: str) -> str:
    """What stands above one claim of several.

    >>> heading(7, "contradicted")
    'One of 7 claims: contradicted.'
    """
    return _("One of {claims}: {word}.").format(claims=counted(n, "{n} claim", "{n} claims"), word=word)
