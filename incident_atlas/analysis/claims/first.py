"""Claims that an attack was the first of its kind since a day."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pandas as pd

from incident_atlas.analysis.claims import question
from incident_atlas.analysis.claims.answer import (
    CANNOT_TELL,
    CONTRADICTED,
    SUPPORTED,
    Answer,
    NotCovered,
    Refused,
    Shown,
    plain_numbers,
)
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.periods import Period
from incident_atlas.core.text import counted, counted_incidents, day, listed, plain
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import headline
from incident_atlas.i18n import _, ngettext


def first_since(loaded: Loaded, claim: Claim) -> Answer:
    """Whether '2021-08-15: AFG-20220905-1' names the first of a filter from that day on.

    One that certainly began earlier contradicts it, whatever the gaps; parts of one operation are one. Without any, no
    earlier one is in this record; the claim is supported only when a source is stated to cover the days before it.
    """
    since, named = _value(claim.value)
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    if chosen.since or chosen.until:
        raise Refused(_("The day stands under value: leave from and to out of query."))
    one = loaded.find(named)
    if one is None:
        raise Refused(_("The record has no incident {named}.").format(named=plain(named, 60)))
    rows = question.matching(loaded, chosen, question.counts_attempts(claim))
    own = rows[rows["incident_id"] == named]
    if own.empty:
        raise Refused(_("{named} does not pass the filter of this row.").format(named=named))
    began, until_day = (own[name].iloc[0].date() for name in ("first_day", "last_day"))
    precision = str(own["date_precision"].iloc[0])
    on = f"{plain(named, 60)}, {day(began, precision)}"
    if (began if precision == "day" else until_day) < since:
        raise Refused(_("{on}, was before {since}.").format(on=on, since=day(since)))
    days = _days(loaded, since, began, rows)
    operation = own["coordinated_id"].iloc[0]
    others = rows[(rows["incident_id"] != named) & ((rows["coordinated_id"] != operation) | (operation == ""))]
    found = question.found(others, days.period)
    # Of two on one day nobody knows which came first, and one known to the month alone may be later than one of that month.
    beside = question.found(others, Period(began, began if precision == "day" else until_day))
    uncertain = set(found.uncertain) | set(beside.uncertain)
    maybe = len(uncertain | set(beside.each["incident_id"]))
    counts = plain_numbers(earlier=len(found), maybe_earlier=maybe, days=days.period.days)
    until = _("this one on {began}").format(began=day(began, precision))
    shown = (Shown(named, f"{day(one['date'], one['date_precision'])}, {one['title']}"),)
    if len(found):
        finding, first = _earlier(found, until)
        verdict, why, shown = CONTRADICTED, (), (first, *shown)
    else:
        verdict, finding, why = _none_earlier(days, since, until, maybe)
    rest = found.notes() if verdict == CONTRADICTED else ()
    looks = question.page_links(parameters | {"from": [since.isoformat()], "to": [began.isoformat()]})
    single = _("it counts coordinated attacks one by one, and the named one is among them") if len(found) else ""
    rest += question.page_count_note(loaded, looks[0][1], len(found) + 1, single or _("what may be earlier is among them"))
    picture = question.years(rows, Period(days.period.first, began))
    # Of those that may be earlier all must go, and then only stated coverage supports it.
    fewer = len(found) or (maybe if maybe and days.whole else None)
    return Answer(
        verdict, finding, why, numbers=counts, days=days.words(), notes=rest, links=looks, picture=picture, evidence=shown,
        head=headline(own), rows_to_change=fewer,
    )  # fmt: skip


def _earlier(found: question.Found, until: str) -> tuple[str, Shown]:
    """The first of the earlier ones in a sentence, and to be shown. until: the named incident, in words."""
    first = found.each.sort_values(["first_day", "row"]).iloc[0]
    description = f"{day(first['date'], first['date_precision'])}, {first['title']}"
    more = ""
    if len(found) > 1:
        several = counted(len(found), "{n} such incident", "{n} such incidents")
        more = _(" It is one of {such_incidents} before {until}.").format(such_incidents=several, until=until)
    sentence = _("An earlier one is recorded: {description} ({incident_id}).{more}").format(
        description=plain(description, 200), incident_id=plain(first["incident_id"], 60), more=more
    )
    return sentence, Shown(first["incident_id"], description)


def _none_earlier(days: question.ClaimPeriod, since: date, until: str, maybe: int) -> tuple[str, str, tuple[str, ...]]:
    """Verdict, finding and why where none is surely earlier. maybe: how many may be."""
    none = _("No earlier one is recorded: no such incident from {since} until {until} ({span})").format(
        since=day(since), until=until, span=days.span
    )
    if maybe:
        sentence = _("{none} that is surely earlier, but {incidents} may be: of the same day, or without an exact date.")
        return CANNOT_TELL, sentence.format(none=none, incidents=counted_incidents(maybe)), ()
    if not days.whole:
        return CANNOT_TELL, f"{none}.", (days.why_not(),)
    sentence = ngettext(
        "{none}, and {sources} is stated to cover these days.",
        "{none}, and {sources} are stated to cover these days.",
        len(days.sources),
    )
    missed = _("One that was missed would not be here.")
    return SUPPORTED, sentence.format(none=none, sources=listed(days.sources)), (missed,)


def _days(loaded: Loaded, since: date, began: date, rows: pd.DataFrame) -> question.ClaimPeriod:
    """The days from `since` until the one before, as far as the record has them; raises `NotCovered` when it has none."""
    begin, last = loaded.source.first.date(), began - timedelta(days=1)
    if last < max(since, begin):
        raise NotCovered(_("The record has no day before this incident to look at."))
    return question.claim_period(loaded, Filters(since=since, until=last), False, rows)


def _value(value: str) -> tuple[date, str]:
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\s*:\s*(\S.*)", value.strip())
    try:
        if match:
            return date.fromisoformat(match[1]), match[2].strip()
    except ValueError:
        pass
    raise Refused(_("“{value}” is no day and incident such as 2021-08-15: AFG-20220905-1.").format(value=plain(value, 60)))
