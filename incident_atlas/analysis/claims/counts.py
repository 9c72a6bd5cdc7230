"""Claims about how many: rarer or more often than a rate, at most or at least a number."""

from __future__ import annotations

import pandas as pd

from incident_atlas.analysis.claims import question
from incident_atlas.analysis.claims.answer import (
    CANNOT_TELL,
    CONTRADICTED,
    PARTLY,
    SUPPORTED,
    Answer,
    Bars,
    Shown,
    interval,
    plain_numbers,
)
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.statistics import rate_interval
from incident_atlas.core.formatting import format_figure, format_number
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted, day, plain
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import headline
from incident_atlas.i18n import _

BODIES = ("European Union", "NATO", "United Nations")
"""What the column of countries also holds, and no country is."""

LOWER_BOUND = _("The record is a lower bound: fewer reports are not fewer attacks.")
MOST_SHOWN = 12

MOST_ADDED = 200
"""Rows more than the record holds with which a verdict is tried."""


def rate(loaded: Loaded, claim: Claim, rarer: bool) -> Answer:
    """Whether fewer (rarer) or more than '1 a year' happened: a rate with its exact interval.

    Above with its whole interval contradicts "rarer" in any days, because what the record misses could only add to it. Below
    needs one regime of coverage, and contradicts no "more often": the record is a lower bound.
    """
    limit, unit = question.rate(claim.value)
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    rows = question.matching(loaded, chosen, question.counts_attempts(claim))
    days = question.claim_period(loaded, chosen, True, rows)
    found = question.found(rows, days.period)
    n, units = len(found), question.long_enough(loaded, days, unit)
    # The bounds hold whether those without an exact date lie in these days or not.
    low, high, a_unit = rate_interval(n, units)[0], rate_interval(n + found.edge, units)[1], n / units
    held = _("{recorded} in {span}: {rate} a {unit} ({interval}).").format(
        recorded=_recorded(n), span=days.span, rate=format_number(a_unit), unit=unit, interval=interval(low, high)
    )

    def judged(added: int) -> tuple[str, str]:
        k = max(n + added, 0)
        # Days outside the record are days of the claim too: had nothing happened in them, the rate would be lower.
        surely = rate_interval(k, units + days.days_outside / question.UNIT_DAYS[unit])[0]
        if not rarer:
            return _above(k / units, surely, bar, limit)
        return _below(k / units, surely, rate_interval(k + found.edge, units)[1], bar, limit, days)

    bar = f"{format_number(limit)} a {unit}"
    looks = question.page_links(parameters, days)
    shown, of = question.newest(loaded, found.each)
    verdict, why = judged(0)
    return Answer(
        verdict,
        held,
        (why,),
        numbers=plain_numbers(incidents=n, days=days.period.days, rate=a_unit, low=low, high=high, limit=limit),
        days=days.words(),
        notes=(
            *found.notes(),
            *question.all_years(days, chosen.until, rows),
            *question.page_count_note(loaded, looks[0][1], n, *_why(found, claim)),
            *((LOWER_BOUND,) if rarer and verdict in (SUPPORTED, PARTLY) else ()),
        ),
        links=looks,
        picture=question.years(rows, days.period, limit if unit == "year" else None),
        evidence=shown,
        shown=of,
        head=headline(found.every),
        rows_to_change=question.rows_to_change(lambda added: judged(added)[0], n + MOST_ADDED, added=True),
    )


def _why(found: question.Found, claim: Claim) -> list[str]:
    """Why a page counts more than is counted here."""
    single = [_("it counts coordinated attacks one by one")] if len(found.every) > len(found) else []
    foiled = [] if question.counts_attempts(claim) else [_("foiled attempts are among them")]
    return single + foiled + ([_("those without an exact date are among them")] if found.edge else [])


SURELY_ABOVE = _("Even the lower bound is above {bar}, and what the record misses could only add to it.")


def _below(rate: float, surely: float, high: float, bar: str, limit: float, days: question.ClaimPeriod) -> tuple[str, str]:
    if surely > limit:
        return CONTRADICTED, SURELY_ABOVE.format(bar=bar)
    if not days.whole:
        why = _("That is neither clearly above nor clearly below {bar}. {why_not}")
        return CANNOT_TELL, why.format(bar=bar, why_not=days.why_not())
    if high < limit:
        return SUPPORTED, _("Even the upper bound is below {bar}.").format(bar=bar)
    if rate < limit:
        return PARTLY, _("That is below {bar}, but the interval reaches above it.").format(bar=bar)
    return CANNOT_TELL, _("That is not below {bar}, but the interval reaches below it.").format(bar=bar)


def _above(rate: float, surely: float, bar: str, limit: float) -> tuple[str, str]:
    if surely > limit:
        return SUPPORTED, SURELY_ABOVE.format(bar=bar)
    if rate > limit:
        return PARTLY, _("That is above {bar}, but the interval reaches below it.").format(bar=bar)
    why = _("That is not above {bar}, but it is a lower bound: fewer reports are not fewer attacks.")
    return CANNOT_TELL, why.format(bar=bar)


def at_most(loaded: Loaded, claim: Claim) -> Answer:
    """Whether no more than '4 incidents' happened, or '4 countries' were hit: more in the record contradicts it in any days.

    An incident stands for one country, the first of its row that is neither where it happened nor a body of several
    countries.
    """
    limit, unit = question.amount(claim.value)
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    rows = question.matching(loaded, chosen, question.counts_attempts(claim))
    days = question.claim_period(loaded, chosen, False, rows)
    found = question.found(rows, days.period)
    maybe = found.edge
    if unit == "incidents":
        n, held, notes = len(found), _recorded(len(found)), ()
        picture = question.years(rows, days.period)
        shown, of = question.newest(loaded, found.each)
    else:
        hit = _countries(found.every)
        n, held, picture = len(hit), _countries_hit(hit), _bars(hit)
        maybe = len(_countries(rows[rows["incident_id"].isin(found.uncertain)]).keys() - hit.keys())
        shown, of = _one_of_each(hit, found.every), ""
        notes = (_("Each incident counts for one country, the first foreign one of its row."),)
    most = n + maybe
    rows_to_change = max(limit - most + 1, 1)
    if n > limit:
        rows_to_change = n - limit if unit == "incidents" else sum(sorted(len(ids) for ids in hit.values())[: n - limit])
        verdict, compared, why = CONTRADICTED, _("more than {limit:,}"), ()
    elif most > limit or not days.whole:
        verdict, compared, why = CANNOT_TELL, _("no more than {limit:,}"), (days.why_not() or found.notes()[0],)
    else:
        verdict, compared, why = SUPPORTED, _("no more than {limit:,}, in days without a break of coverage"), ()
        notes = (*notes, LOWER_BOUND)
    numbers = plain_numbers(**{unit: n}, limit=limit, days=days.period.days)
    looks = question.page_links(parameters, days)
    # Of countries, only the incidents that count for one are counted: those of the picture.
    several = unit == "countries"
    there = sum(n for _unused, n in picture.rows) if several else n
    others = [_("those without a foreign country are among them")] if several else []
    page_note = question.page_count_note(loaded, looks[0][1], there, *_why(found, claim)[several:], *others)
    notes = (*found.notes(), *notes, *page_note)
    finding, head = f"{held}, {compared.format(limit=limit)}.", headline(found.every)
    changed = None if verdict == CANNOT_TELL else rows_to_change
    return Answer(
        verdict, finding, why, numbers=numbers, days=days.words(), notes=notes, links=looks, picture=picture, evidence=shown,
        shown=of, head=head, rows_to_change=changed,
    )  # fmt: skip


def at_least(loaded: Loaded, claim: Claim) -> Answer:
    """Whether '3 incidents' or '3 countries' are in the record; too few in a lower bound contradicts nothing."""
    limit, unit = question.amount(claim.value)
    chosen, parameters = question.query(claim.query, loaded, claim.page)
    rows = question.matching(loaded, chosen, question.counts_attempts(claim))
    days = question.claim_period(loaded, chosen, False, rows)
    found = question.found(rows, days.period)
    hit = _countries(found.every) if unit == "countries" else {}
    n = len(hit) if unit == "countries" else len(found)
    if unit == "countries":
        held, shown = _countries_hit(hit), _one_of_each(hit, found.every)
    else:
        held = _recorded(n)
        ones = list(found.each.sort_values(["first_day", "row"]).head(MOST_SHOWN).itertuples())
        shown = tuple(Shown(one.incident_id, f"{day(one.date, one.date_precision)}, {one.title}") for one in ones)
        if n > 1:
            held += _(", the earliest on {date}").format(date=day(ones[0].date, ones[0].date_precision))
        if n == 1 and n >= limit:
            killed = format_figure(ones[0].killed_low, ones[0].killed, ones[0].killed_high)
            held += _(": {shown_words}; killed: {killed}").format(shown_words=plain(shown[0].words, 200), killed=killed)
    enough = n >= limit
    more = _("; {limit:,} were asked for").format(limit=limit) if limit > 1 else ""
    looks = question.page_links(parameters, days)
    return Answer(
        SUPPORTED if enough else CANNOT_TELL,
        f"{held}{more if enough else _(', fewer than {limit:,}').format(limit=limit)}.",
        () if enough else (LOWER_BOUND,),
        numbers=plain_numbers(**{unit: n}, limit=limit, days=days.period.days),
        days=days.period.words(),
        notes=(
            *found.notes(),
            *(question.page_count_note(loaded, looks[0][1], n, *_why(found, claim)) if unit == "incidents" else ()),
        ),
        links=looks,
        picture=_bars(hit) if hit else question.years(rows, days.period),
        evidence=shown,
        head=headline(found.every),
        rows_to_change=_fewer(hit, n, limit) if enough else None,
    )


def _fewer(hit: dict[str, list[str]], n: int, limit: int) -> int:
    """How many rows fewer would leave less than the limit: of countries, all rows of the countries with fewest."""
    return sum(sorted(map(len, hit.values()))[: n - limit + 1]) if hit else n - limit + 1


def _one_of_each(hit: dict[str, list[str]], rows: pd.DataFrame) -> tuple[Shown, ...]:
    """One incident per country, the earliest."""
    dates = rows.set_index("incident_id")[["date", "date_precision"]]
    return tuple(Shown(ids[0], f"{name}, {day(*dates.loc[ids[0]])}") for name, ids in list(hit.items())[:MOST_SHOWN])


def _countries(rows: pd.DataFrame) -> dict[str, list[str]]:
    """Country that was hit to the ids of the incidents that count for it, those with most first."""
    hit: dict[str, list[str]] = {}
    for one in rows.sort_values(["first_day", "row"]).itertuples():
        abroad = [name for name in split(str(one.target_country)) if name not in (str(one.country) or "Afghanistan", *BODIES)]
        if abroad:
            hit.setdefault(abroad[0], []).append(one.incident_id)
    return dict(sorted(hit.items(), key=lambda item: (-len(item[1]), item[0])))


def _recorded(n: int) -> str:
    return counted(n, "{n} such incident is recorded", "{n} such incidents are recorded")


def _countries_hit(hit: dict[str, list[str]]) -> str:
    return _("Targets of {countries} were hit").format(countries=counted(len(hit), "{n} country", "{n} countries"))


def _bars(hit: dict[str, list[str]]) -> Bars:
    return Bars(tuple((name, len(ids)) for name, ids in hit.items()))
