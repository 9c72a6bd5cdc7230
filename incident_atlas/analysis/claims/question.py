"""What a row asks of the record: its filter, the days it is about, the incidents of those days, and its own numbers.

The record is a lower bound: it holds what its sources covered. So a claim that something was rare, few or first needs days
in which no source of data/coverage.csv begins or ends; what the record holds can contradict it in any days.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from urllib.parse import parse_qs, urlencode

import pandas as pd

from incident_atlas.analysis.claims.answer import NotCovered, Refused, Shown, Years
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.compare import READ, one_per_operation, within
from incident_atlas.analysis.coverage import Break, breaks, covering_all, regime, reported
from incident_atlas.analysis.periods import LAST_DAY, Period
from incident_atlas.analysis.statistics import YEAR_DAYS
from incident_atlas.analysis.summary import by_year
from incident_atlas.core import vocabulary
from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted, day, listed, plain
from incident_atlas.core.vocabulary import ACTOR_KINDS
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import PARAMETERS, Filters
from incident_atlas.dataset.headline_text import ACTOR_NAMES
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.paging import count
from incident_atlas.dataset.query import rows
from incident_atlas.errors import TooMany
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.i18n import _

COMPARE = "pages/compare.py"
PAGES = {"app.py": (), "pages/incidents.py": (), COMPARE: ("first", "second", "each", "source")}
"""The pages that can show a claim, and what each is asked beside the filter."""

IGNORED = frozenset(
    "lat lon zoom heat colour measure order show grid incident map calendar claim site place at km version".split()
)
"""What an address that was copied may hold besides: where its reader looked, not what."""

UNIT_DAYS = {"year": YEAR_DAYS, "month": YEAR_DAYS / 12, "week": 7.0}
MOST_NEWEST = 5
_COLUMNS = (*READ, "title", "outcome", "target_subtype", "target_country", "country", "killed_low", "killed", "killed_high")
_COLUMNS += ("intended_target", "intended_target_type", "intended_target_country")


@dataclass(frozen=True)
class ClaimPeriod:
    """The days that a claim is asked of. breaks: of coverage, inside them. days_outside: how many more it is about outside the record.

    latest: the row names no first day, so these are the last ones without a break. stated: whether the record says what its
    sources covered. sources: those stated to cover all these days that report incidents of this sort (`covering`).
    ends_early: the record has later incidents that the filter of the row would take in, after the day to which it counts.
    """

    period: Period
    breaks: tuple[Break, ...] = ()
    days_outside: int = 0
    latest: bool = False
    stated: bool = True
    sources: tuple[str, ...] = ()
    ends_early: bool = False

    @property
    def whole(self) -> bool:
        """Whether one regime of coverage holds for all the days of the claim, and a source is stated to cover them."""
        return bool(self.sources) and self.stated and not self.breaks and not self.days_outside

    @property
    def span(self) -> str:
        """How long, for people: 386 days, or 5.7 years."""
        days = self.period.days
        return counted(days, "{n} day", "{n} days") if days < 731 else _("{days:.1f} years").format(days=days / UNIT_DAYS["year"])

    def words(self) -> str:
        """The days looked at, and what they are."""
        if self.latest and self.stated:
            return _("{words}, the last days without a break of coverage").format(words=self.period.words())
        if self.whole:
            return _("{words}, without a break of coverage").format(words=self.period.words())
        return f"{self.period.words()}, {listed(self._faults())}"

    def why_not(self) -> str:
        """Why what is missing in these days cannot be told, a sentence for each reason; blank when they are whole."""
        until, since = _("{source} until {day}"), _("{source} from {day}")
        ends = [(until if one.ends else since).format(source=one.source, day=day(one.day)) for one in self.breaks]
        reasons = [_("Its sources changed in these days ({ends}).").format(ends="; ".join(ends))] if ends else []
        reasons += [] if self.stated else [_("Its coverage is not stated.")]
        reasons += [_("No source of such incidents is known to cover these days.")] if self.stated and not self.sources else []
        reasons += [_("The record does not cover all of the claim.")] if self.days_outside else []
        return " ".join([*reasons, _("Fewer reports are not fewer attacks.")]) if reasons else ""

    def _faults(self) -> list[str]:
        number = counted(len(self.breaks), "{n} break", "{n} breaks")
        broken = [_("with {breaks} of coverage").format(breaks=number)] if self.breaks else []
        broken += [] if self.stated else [_("its coverage is not stated")]
        broken += [_("no source stated to cover them")] if self.stated and not self.sources and not broken else []
        return broken + ([_("not all of the claim's days")] if self.days_outside else [])


@dataclass(frozen=True)
class Found:
    """The incidents of some days: each (coordinated ones once), every, and ids of more that may lie there, without an exact date."""

    each: pd.DataFrame
    every: pd.DataFrame
    uncertain: tuple[str, ...]

    @property
    def edge(self) -> int:
        """How many more may lie in these days."""
        return len(self.uncertain)

    def __len__(self) -> int:
        return len(self.each)

    def notes(self) -> tuple[str, ...]:
        """What to say of those that are not counted."""
        more = counted(self.edge, "{n} more incident", "{n} more incidents")
        uncertain = _("{more_incidents}, dated by week, month or year only, may lie in these days.").format(more_incidents=more)
        return (uncertain,) if self.edge else ()


def query(text: str, loaded: Loaded, page: str = "") -> tuple[Filters, dict[str, list[str]]]:
    """The filter that a query of an address asks for, and the query by name; raises `Refused`."""
    known = (*PARAMETERS, *PAGES.get(page, ()))
    hint = _("; & inside a value is written %26") if "&" in text else ""
    try:
        parameters = parse_qs(text.lstrip("?"), keep_blank_values=True, max_num_fields=50, strict_parsing=bool(text.strip()))
    except ValueError:
        reason = _("“{text}” is no query of an address, such as city=Kabul&from=2015-01-01{hint}.")
        raise Refused(reason.format(text=plain(text, 80), hint=hint)) from None
    parameters = {
        name: [value.strip() for value in values] for name, values in parameters.items() if name in known or name not in IGNORED
    }
    for name in parameters:
        if name not in known:
            reason = _("“{name}” is no filter of {page}{hint}.")
            raise Refused(reason.format(name=plain(name, 40), page=page or _("the pages"), hint=hint))
        if not all(parameters[name]):
            raise Refused(_("The filter “{name}” has no value{hint}.").format(name=name, hint=hint))
    terms = {name: {*loaded.options.get(name, ()), *more} for name, more in _terms().items()}
    known_terms = {**loaded.options, **terms}
    chosen, ignored = Filters.from_query({name: parameters[name] for name in parameters if name in PARAMETERS}, known_terms)
    if ignored and ignored[0].startswith("target_country="):
        raise Refused(_("“{ignored}”: no incident names it: check the spelling.").format(ignored=plain(ignored[0], 120)))
    if ignored:
        raise Refused(_("“{ignored}” is no value of that filter{hint}.").format(ignored=plain(ignored[0], 120), hint=hint))
    return chosen, parameters


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    """The terms that a record may hold, by column: without an incident they are none, and no misspelling."""
    places = {kind: {place.name for place in offline_gazetteer().places if place.kind == kind} for kind in ("province", "city")}
    return {
        "province": tuple(places["province"]),
        "city": tuple(places["city"]),
        "target_type": vocabulary.TARGET_TYPES,
        "target_subtype": vocabulary.TARGET_SUBTYPES,
        "attack_type": vocabulary.ATTACK_TYPES,
        "weapon": vocabulary.WEAPONS,
        "perpetrator": tuple(set(perpetrators().values())),
        "actor_kind": ACTOR_KINDS,
    }


def claim_period(loaded: Loaded, chosen: Filters, latest: bool, *rows: pd.DataFrame) -> ClaimPeriod:
    """The days that a filter is about, as far as the record has them; raises `NotCovered` when it has none.

    latest: without a first day, the last ones without a break are meant, not the record from its beginning. rows: the
    incidents of each filter that is counted.
    """
    if loaded.source.first is None:
        raise NotCovered(_("The record has no incidents."))
    covered = exposure(loaded, chosen)
    begin, end = covered.first.date(), covered.last.date()
    since, until = chosen.since or begin, chosen.until or end
    if since > end or until < begin:
        reason = _("The record runs from {begin} to {end} and covers no day of this claim.")
        raise NotCovered(reason.format(begin=day(begin), end=day(end)))
    period = Period(max(since, begin), min(until, end))
    days_outside = (until - since).days + 1 - period.days
    early = end < loaded.source.last.date() and (chosen.until is None or chosen.until > end)
    if latest and chosen.since is None:
        period = regime(loaded.coverage, *period)
        return ClaimPeriod(period, (), days_outside, True, stated(loaded), covering(loaded, chosen, [period], *rows), early)
    broken = breaks(loaded.coverage, period)
    return ClaimPeriod(period, broken, days_outside, False, stated(loaded), covering(loaded, chosen, [period], *rows), early)


def covering(loaded: Loaded, chosen: Filters, periods: Sequence[Period], *rows: pd.DataFrame) -> tuple[str, ...]:
    """Sources of coverage.csv with a stated beginning that cover all days of these periods where a filter looks, and such incidents.

    A source of aid workers says nothing about embassies. Where the record names its reports, a source must report at least
    half of the incidents of each filter (rows) on the days that it covers; without reports its statement stands.
    """

    def is_about(source: str, starts: date, ends: date | None) -> bool:
        known = reported(loaded, source)
        inside = (
            some[(some["first_day"] >= pd.Timestamp(starts)) & (some["first_day"] <= pd.Timestamp(ends or LAST_DAY))]
            for some in rows
        )
        return all(2 * some["incident_id"].isin(known).sum() >= max(len(some), 1) for some in inside)

    spans = covering_all(loaded.coverage, chosen, *periods)
    return tuple(dict.fromkeys(source for source, *days in spans if not len(loaded.reports) or is_about(source, *days)))


def stated(loaded: Loaded) -> bool:
    """Whether the record says what its sources covered: a coverage table with a day in it."""
    coverage = loaded.coverage
    return bool(len(coverage)) and bool(coverage[["from", "to"]].notna().to_numpy().any())


def long_enough(loaded: Loaded, days: ClaimPeriod, unit: str) -> float:
    """The days as so many years, months or weeks; raises `NotCovered` when they are no whole one, or the record is one incident."""
    needed = int(UNIT_DAYS[unit])
    if loaded.source.kept < 2:
        raise NotCovered(_("Only one incident is recorded, which gives no rate."))
    if days.period.days < needed:
        reason = _("A rate per {unit} needs at least {needed} days to look at inside the record.")
        raise NotCovered(reason.format(unit=unit, needed=needed))
    return days.period.days / UNIT_DAYS[unit]


def matching(loaded: Loaded, chosen: Filters, attempts: bool = True) -> pd.DataFrame:
    """The incidents of a filter on any day, with the columns that are read here; raises `NotCovered` where an engine holds too many.

    attempts: whether foiled ones count.
    """
    try:
        found = rows(chosen.without("since", "until").apply(loaded.incidents, columns=_COLUMNS))
        return found if attempts else found[found["outcome"] != "foiled"]
    except TooMany as trouble:
        raise NotCovered(str(trouble)) from trouble


def found(rows: pd.DataFrame, period: Period) -> Found:
    """Those of some days."""
    every, edge = within(rows, period)
    inside = (rows["first_day"] <= pd.Timestamp(period.last)) & (rows["last_day"] >= pd.Timestamp(period.first))
    uncertain = rows.loc[
        inside & rows["date_precision"].isin(["week", "month", "year"]) & ~rows.index.isin(every.index), "incident_id"
    ]
    return Found(one_per_operation(every), every, tuple(uncertain))


def years(rows: pd.DataFrame, looked: Period, limit: float | None = None) -> Years:
    """All years of a filter, to draw: coordinated incidents once."""
    table = by_year(one_per_operation(rows))[["year", "incidents"]]
    inside = by_year(found(rows, looked).each).set_index("year")["incidents"]
    return Years(table.assign(inside=table["year"].map(inside).fillna(0).astype("int64")), looked, limit)


def newest(loaded: Loaded, each: pd.DataFrame, of: str = "") -> tuple[tuple[Shown, ...], str]:
    """The newest of some incidents, and how many of how many they are; of: what they are."""
    last = each.sort_values(["first_day", "row"]).tail(MOST_NEWEST)[::-1]
    rows = [loaded.find(name) for name in last["incident_id"]]
    shown = tuple(Shown(one["incident_id"], f"{day(one['date'], one['date_precision'])}, {one['title']}") for one in rows)
    return shown, _("{shown:,} of {incidents:,}{of}").format(shown=len(shown), incidents=len(each), of=of) if shown else ""


def all_years(days: ClaimPeriod, until: date | None, *filters: pd.DataFrame) -> tuple[str, ...]:
    """What each filter holds in all years of its days, where only the last ones without a break were looked at; none elsewhere."""
    if not days.latest:
        return ()
    last = pd.Timestamp(until or LAST_DAY)
    held = listed([f"{len(one_per_operation(rows[rows['first_day'] <= last])):,}" for rows in filters])
    to_until = _(" to {until}").format(until=day(until)) if until else ""
    return (_("All years of the record{to_until} together hold {held}.").format(to_until=to_until, held=held),)


def page_count_note(
    loaded: Loaded, query: dict[str, list[str]], n: int, *why: str, page: str = _("The page that shows it")
) -> tuple[str, ...]:
    """Why the page behind a query counts other than n, as one sentence; nothing when it does not. page: its name in words."""
    there = count(Filters.from_query(query, loaded.options)[0].apply(loaded.incidents, columns=("row",)))
    reasons = listed([reason for reason in why if reason])
    note = _("{page} counts {there:,}{reasons}.").format(page=page, there=there, reasons=f": {reasons}" if reasons else "")
    return (note,) if there != n else ()


def page_links(
    query: dict[str, list[str]], days: ClaimPeriod | None = None, label: str = _("Open on the map")
) -> tuple[tuple[str, dict[str, list[str]]], ...]:
    """The one query that shows an answer; `days` are added where those of the row are others, so that the page shows what was counted."""
    return ((label, query | (page_dates(days) if days else {})),)


def page_dates(days: ClaimPeriod) -> dict[str, list[str]]:
    """The dates with which a page shows the days looked at; none where the row names them, or they are all of the record."""
    first, last = (one.isoformat() for one in days.period)
    return {"from": [first], "to": [last]} if days.latest else {"to": [last]} if days.ends_early else {}


def name_of(chosen: Filters) -> str:
    """A filter in a few words, without its dates.

    >>> name_of(Filters(target_type=("Police", "Military"), city=("Kabul",)))
    'Kabul, Police or Military'
    """
    values = chosen.without("since", "until").to_query().values()
    return plain(", ".join(listed(terms, "or") for terms in values) or _("all incidents"), 80)


def counts_attempts(claim: Claim) -> bool:
    """Whether foiled attempts count in a claim, which they do unless it says no; raises `Refused`."""
    word = claim.attempts.strip().casefold()
    if word not in ("", "yes", "no"):
        raise Refused(_("attempts is “{attempts}”: it must be yes, no or blank.").format(attempts=plain(claim.attempts, 40)))
    return word != "no"


def with_actors(claim: Claim) -> tuple[Claim, str]:
    """The claim with the actors that it counts in its filters, and a sentence that says which; raises `Refused`."""
    kinds_in_query = [kind.strip().casefold() for kind in parse_qs(claim.query.lstrip("?")).get("actor_kind", [])]
    stated = [] if claim.actors.strip().casefold() in ("", "any") else [one.casefold() for one in split(claim.actors)]
    if unknown := [one for one in stated if one not in ACTOR_KINDS]:
        reason = _("actors is “{unknown}”: it must be any or blank, or {actor_kinds}.")
        raise Refused(reason.format(unknown=plain(unknown[0], 40), actor_kinds=listed(ACTOR_KINDS, "or")))
    if kinds_in_query and claim.actors.strip() and set(kinds_in_query) != set(stated):
        raise Refused(_("actors and the actor_kind of the query differ: leave one of them out."))
    kinds = [kind for kind in ACTOR_KINDS if kind in (stated or kinds_in_query)]
    if not kinds:
        return claim, _("Attacks by anybody count.")
    note = _("Only attacks by {actor_names} count.").format(actor_names=listed([ACTOR_NAMES[kind] for kind in kinds], "or"))
    more = "" if kinds_in_query else urlencode({"actor_kind": kinds}, doseq=True)
    # A second filter is held against the first, so it counts the same actors; the sides of `only` take them from the first.
    against = claim.against
    if claim.test_name == "times as often" and "actor_kind" not in parse_qs(against.lstrip("?")):
        against = "&".join(filter(None, (against, urlencode({"actor_kind": kinds}, doseq=True)))) if against else ""
    return replace(claim, query="&".join(filter(None, (claim.query, more))), against=against), note


def rows_to_change(verdict: Callable[[int], str], most: int, added: bool = False) -> int | None:
    """The fewest rows fewer with which a verdict would be another, or fewer or more when `added`; None for none up to `most`.

    verdict: the verdict with that many rows more (negative: fewer) than the record holds. With more and more rows it passes
    each verdict once, so the first change is found by halving.
    """
    found, steps = verdict(0), range(1, most + 1)
    turns = [
        bisect_left(steps, True, key=lambda n, sign=sign: verdict(sign * n) != found) for sign in ((-1, 1) if added else (-1,))
    ]
    first = min(turns)
    return steps[first] if first < len(steps) else None


def rate(value: str) -> tuple[float, str]:
    """A limit such as '1 a year' and its unit; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?) (?:a|per) (year|month|week)", " ".join(value.split()).casefold())
    if not match or not float(match[1]):
        raise Refused(_("“{value}” is no rate such as 1 a year, 2 a month or 3 a week.").format(value=plain(value, 40)))
    return float(match[1]), match[2]


def number(value: str) -> float:
    """A limit such as '5' or '5 times'; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?)(?: times)?", " ".join(value.split()).casefold())
    if not match or not float(match[1]):
        raise Refused(_("“{value}” is no number such as 5.").format(value=plain(value, 40)))
    return float(match[1])


def amount(value: str) -> tuple[int, str]:
    """A limit such as '4 countries' or '1 incident', and which of the two it counts; raises `Refused`."""
    match = re.fullmatch(r"(\d{1,6}) (countr(?:y|ies)|incidents?)", " ".join(value.split()).casefold())
    if not match:
        raise Refused(_("“{value}” is no count such as 4 countries or 4 incidents.").format(value=plain(value, 40)))
    if not int(match[1]):
        raise Refused(_("“{value}” tests nothing: name 1 or more.").format(value=plain(value, 40)))
    return int(match[1]), "countries" if match[2].startswith("c") else "incidents"
