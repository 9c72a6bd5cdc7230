"""Claims that one perpetrator alone attacks all sides."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pandas as pd

from incident_atlas.analysis.claims import question
from incident_atlas.analysis.claims.answer import (
    CANNOT_TELL,
    CONTRADICTED,
    SUPPORTED,
    Answer,
    Refused,
    Shown,
    SideTable,
    plain_numbers,
)
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted, day, listed, plain
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.filters import PARAMETERS
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import headline
from incident_atlas.i18n import _

SURE = ("claimed", "attributed")
"""The attributions that count: what is only suspected, contested or denied shows no side of anybody."""

MOST_SIDES = 8
MOST_NAMES = 4


def only(loaded: Loaded, claim: Claim) -> Answer:
    """Whether one perpetrator, and no other, has incidents on every one of several sides.

    `against` holds the sides, `;` between, each a query, with a name before a colon when it should have one. Another that
    is on all of them contradicts it, with one incident per side to show it. That nobody else is needs one regime.
    """
    named = _perpetrator(claim.value, loaded)
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    made = [_side(text, loaded, claim.page) for text in claim.against.split(";") if text.strip()]
    parties, queries = [side for side, _unused in made], [query for _unused, query in made]
    if not 2 <= len(parties) <= MOST_SIDES:
        raise Refused(_("Under against there must be 2 to {most_sides} sides, with ; between.").format(most_sides=MOST_SIDES))
    attempts = question.counts_attempts(claim)
    days = question.claim_period(loaded, chosen, False, question.matching(loaded, chosen, attempts))
    held: list[dict[str, pd.DataFrame]] = []
    every: list[pd.DataFrame] = []
    uncertain: list[set[str]] = []
    for _unused, side in parties:
        # Both filters hold: what a side does not name is as the row says.
        both = replace(chosen, **{name: getattr(side, name) for name in side.active()})
        rows = question.matching(loaded, both, attempts)
        rows = rows[rows["attribution"].astype("str").isin(SURE)]
        found = question.found(rows, days.period)
        held.append(_by_name(found.every))
        every.append(found.every)
        uncertain.append(set(_by_name(rows[rows["incident_id"].isin(found.uncertain)])))
    names = Counter({name: sum(len(side.get(name, ())) for side in held) for name in {name for side in held for name in side}})
    whole = [name for name, _unused in names.most_common() if all(name in side for side in held)]
    others = sorted((name for name in whole if name != named), key=lambda name: (-names[name], name))
    counts = {name: [len(side.get(name, ())) for side in held] for name in [named, *others]}
    shown = _shown(others[0] if others else named, parties, held)
    looks = tuple(
        (_("Look at {name}").format(name=name), parameters | query | {"attribution": list(SURE)} | question.page_dates(days))
        for (name, _unused), query in zip(parties, queries, strict=True)
    )
    verdict, finding, why = _verdict(named, others, counts, parties, days)
    # On each side those that are held there, and those that may be.
    possible = [{*sure, *more} for sure, more in zip(held, uncertain, strict=True)]
    maybe = set.intersection(*possible) - {named, *others}
    if verdict == SUPPORTED and maybe:
        message = _(
            "Attacks by {others} that are dated by week, month or year only may lie in these days, and complete the sides."
        )
        verdict, why = CANNOT_TELL, (message.format(others=listed(sorted(maybe)[:3])),)
    ranked = sorted(names, key=lambda name: (-names[name], name))
    top = list(dict.fromkeys([named, *others, *ranked]))[:MOST_NAMES]
    rows = tuple((name, *(len(side.get(name, ())) for side in held)) for name in top)
    numbers = {f"side_{n}": count for n, count in enumerate(counts[named], 1)}
    numbers |= {f"other_side_{n}": count for n, count in enumerate(counts[others[0]], 1)} if others else {}
    numbers = plain_numbers(sides=len(parties), others_on_all_sides=len(others), days=days.period.days, **numbers)
    joined = pd.concat(every)
    head = headline(joined[~joined["incident_id"].duplicated()])
    notes = (
        _(
            "Claimed or attributed only; what is suspected, contested or denied is left out. An incident with two targets can be on two sides."
        ),
        _("The pages that show it count every perpetrator, and coordinated attacks singly."),
    )
    grid = SideTable(tuple(name for name, _unused in parties), rows)
    fewer = None
    if verdict != CANNOT_TELL:
        fewer = sum(min(counts[name]) for name in others) if others else min(counts[named])
    return Answer(
        verdict, finding, why, numbers=numbers, days=days.words(), notes=notes, links=looks, picture=grid, evidence=shown,
        head=head, rows_to_change=fewer,
    )  # fmt: skip


def _verdict(
    named: str, others: list[str], counts: dict[str, list[int]], parties: list, days: question.ClaimPeriod
) -> tuple[str, str, tuple[str, ...]]:
    def on(name: str) -> str:
        return listed(
            [_("{n:,} on {side}").format(n=n, side=side) for n, (side, _unused) in zip(counts[name], parties, strict=True) if n]
        )

    all_sides = _("all {sides}").format(sides=counted(len(parties), "{n} side", "{n} sides"))
    missing = listed([side for (side, _unused), n in zip(parties, counts[named], strict=True) if not n], "or")
    if others:
        sentence = _("{others} is recorded attacking {all_sides} too: {on}.").format(
            others=others[0], all_sides=all_sides, on=on(others[0])
        )
        if others[1:]:
            sentence += _(" So is {others}.").format(others=listed(others[1:4]))
        none = _("No attack by {named} on {missing} is recorded.").format(named=named, missing=missing)
        return CONTRADICTED, sentence, (none,) if missing else ()
    if missing:
        sentence = _("No group is recorded attacking {all_sides}. No attack by {named} on {missing} is recorded in these days.")
        sentence = sentence.format(all_sides=all_sides, named=named, missing=missing)
        held = (_("Recorded attacks by {named}: {on}.").format(named=named, on=on(named)),) if on(named) else ()
        return CANNOT_TELL, sentence, (*held, _("What is missing may still have happened."))
    sentence = _("{named} is recorded attacking {all_sides}, {on}, and no other group is.").format(
        named=named, all_sides=all_sides, on=on(named)
    )
    if not days.whole:
        return CANNOT_TELL, sentence, (days.why_not(),)
    return SUPPORTED, sentence, (_("One that its sources missed would not be here."),)


def _shown(name: str, parties: list, held: list[dict[str, pd.DataFrame]]) -> tuple[Shown, ...]:
    """One incident of a perpetrator per side, another on each where there is one.

    First come those whose main target is the side's and where nobody else was aimed at, then claimed before attributed, then
    those that killed most.
    """
    chosen: list[Shown] = []
    for (label, side_filter), side in zip(parties, held, strict=True):
        if name in side:
            rows = side[name]
            ranked = rows.assign(
                main=_main(rows, side_filter),
                new=~rows["incident_id"].isin([one.incident_id for one in chosen]),
                claimed=rows["attribution"].astype("str") == "claimed",
                most=rows["killed_best"].fillna(-1),
            ).sort_values(["main", "new", "claimed", "most", "first_day", "row"])
            one = ranked.iloc[-1]
            words = _("{name} on {label}: {date}, {title}").format(
                name=name, label=label, date=day(one["date"], one["date_precision"]), title=one["title"]
            )
            chosen.append(Shown(one["incident_id"], words))
    return tuple(chosen)


def _main(rows: pd.DataFrame, side: question.Filters) -> pd.Series:
    """Whether the first target of each incident is the side's, and nobody else was aimed at."""
    main = pd.Series(True, index=rows.index)
    for column in ("intended_target", "intended_target_type", "intended_target_country"):
        main &= rows[column].astype("str").str.strip() == ""
    for column in ("target_type", "target_subtype"):
        if side_filter := getattr(side, column):
            main &= rows[column].astype("str").str.split(";").str[0].str.strip().isin(side_filter)
    return main


def _by_name(rows: pd.DataFrame) -> dict[str, pd.DataFrame]:
    by: dict[str, list[int]] = {}
    for at, cell in enumerate(rows["perpetrator"].astype("str")):
        for name in split(cell):
            if name != UNKNOWN:
                by.setdefault(name, []).append(at)
    # Coordinated attacks count once here too.
    return {name: question.one_per_operation(rows.iloc[at]) for name, at in by.items()}


def _side(text: str, loaded: Loaded, page: str) -> tuple[tuple[str, question.Filters], dict[str, list[str]]]:
    """The name and the filter of a side, and its query."""
    label, colon, rest = text.partition(":")
    named = bool(colon) and "=" not in label
    side, query = question.query((rest if named else text).strip(), loaded, page)
    if side.since or side.until:
        raise Refused(_("The sides must be about the same days: put the dates under query."))
    words = label.strip() if named else ", ".join(value for values in side.to_query().values() for value in values)
    return (plain(words, 60), side), {key: values for key, values in query.items() if key in PARAMETERS}


def _perpetrator(value: str, loaded: Loaded) -> str:
    known = {name.casefold(): name for name in loaded.options.get("perpetrator", ())}
    name = known.get(value.casefold()) or perpetrators().get(value.casefold())
    if not name or name == UNKNOWN:
        raise Refused(_("“{value}” is not a known perpetrator.").format(value=plain(value, 60)))
    return name
