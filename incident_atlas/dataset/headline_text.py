"""The headline in words, the same on the page, in every export and command: the filter as a sentence, figures with their ranges."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from incident_atlas.core.text import counted_incidents, day, listed, plain
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.search import parse_search, typed
from incident_atlas.dataset.time_windows import last_day as last_day_of
from incident_atlas.dataset.time_windows import month_number
from incident_atlas.dataset.totals import ActorTotal, Headline, Largest, Total
from incident_atlas.i18n import _, ngettext


def describe(
    filters: Filters, head: Headline, first: date | None, last: date | None, by_month: int = 0, no_figure: int = 0
) -> str:
    """What is visible: how many incidents, where, when, of what kind. Plain text, not yet safe.

    first, last: the record's span, which stands in the sentence only where nothing was chosen: that of a part of the record is
    another. by_month: visible incidents dated by week, month or year whose day may lie outside the range. no_figure: incidents left out of 'at least N killed' because nobody gives one.

    >>> from incident_atlas.dataset.totals import Total
    >>> nobody = Total(0, 0, 0, False, 0)
    >>> head = Headline(131, 122, 9, None, nobody, nobody, 0)
    >>> describe(Filters(city=("Kabul", "Herat"), since=date(2015, 1, 1), until=date(2021, 12, 31)), head, None, None)
    '131 incidents in Kabul and Herat, 2015 to 2021.'
    """
    parts = [counted_incidents(head.incidents) + _where(filters), period(filters, first, last), *_kinds(filters)]
    tail = []
    if by_month:
        tail.append(_("{by_month:,} dated by week, month or year may lie outside the range").format(by_month=by_month))
    if no_figure:
        tail.append(_("{no_figure:,} without a lowest or best figure left out").format(no_figure=no_figure))
    return "; ".join([", ".join(filter(None, parts)), *tail]) + "."


def filter_sentence(loaded: Loaded, chosen: Filters, head: Headline, hidden: Sequence[str] = ()) -> str:
    """`describe` with the days and the counts that only the record knows. hidden: fields of the filter that are not put into words."""
    counts = chosen.uncertain_dates(loaded.incidents), chosen.without_figure(loaded.incidents)
    # What is not put into words was chosen all the same.
    days = (None, None) if chosen else loaded.source.days()
    return describe(chosen.without(*hidden), head, *days, *counts)


def criteria(filters: Filters) -> str:
    """The filter without its dates, to stand behind a count: ' in Kabul, target Police'; empty when there is none.

    >>> criteria(Filters(city=("Kabul",), target_type=("Police",))), criteria(Filters())
    (' in Kabul, target Police,', '')
    """
    words = ", ".join(_kinds(filters))
    return f"{_where(filters)}{', ' if words else ''}{words}{',' if words else ''}"


def heading(filters: Filters, first: date | None, last: date | None, what: str = _("Incidents"), longest: int = 110) -> str:
    """The filter as a title: what, where, when and of what kind. first, last: as for `describe`.

    longest: characters; criteria that do not fit are left out whole, for the sentence below a title says all of them, and of
    many places the last are cut, because a title without its days would stand for another period.

    >>> heading(Filters(city=("Kabul",), since=date(2017, 1, 1), until=date(2017, 12, 31)), None, None, "Armed attacks")
    'Armed attacks in Kabul, 2017'
    >>> heading(Filters(city=("Kabul",), since=date(2017, 1, 1), weapon=("firearms",), q="a market"), None, None, longest=60)
    'Incidents in Kabul, since 1 Jan 2017, with firearms'
    """
    days = period(filters, first, last)
    where = plain(f"{what}{_where(filters)}", longest - len(days) - 2 if days else longest)
    title = ", ".join(filter(None, (where, days)))
    for criterion in _kinds(filters):
        if len(title) + 2 + len(criterion) <= longest:
            title = f"{title}, {criterion}"
    return title


def _where(filters: Filters) -> str:
    # City and province must both hold, so they are not one list: "Kabul and Herat province" would be read as either.
    places = [listed(list(filters.city))] if filters.city else []
    places += [_("{province} province").format(province=listed(list(filters.province)))] if filters.province else []
    places += [listed(list(filters.country))] if filters.country else []
    origin = _(" of {origin}").format(origin=listed(list(filters.origin), "or")) if filters.origin else ""
    return origin + (_(" in {places}").format(places=_(" within ").join(places)) if places else "")


def _kinds(filters: Filters) -> list[str]:
    parts = [phrase.format(listed(list(getattr(filters, name)), "or")) for name, phrase in _PHRASES if getattr(filters, name)]
    if filters.min_killed:
        parts.append(_("at least {min_killed:,} killed").format(min_killed=filters.min_killed))
    if filters.precision:
        parts.append(_("location known to at least the {least}").format(least=filters.precision))
    if filters.near:
        parts.append(filters.near.words())
    if filters.q:
        used = (word for term in parse_search(filters.q) for word in term.words.split())
        parts.append(_("matching “{q}”").format(q=typed(filters.q, used)))
    return parts


_PHRASES = (
    ("target_type", _("target {}")),
    ("target_subtype", _("subtype {}")),
    ("target_country", _("target country {}")),
    ("attack_type", "{}"),
    ("weapon", _("with {}")),
    ("perpetrator", _("by {}")),
    ("actor_kind", _("actor {}")),
    ("attribution", _("attribution {}")),
)


def period(filters: Filters, first: date | None, last: date | None) -> str:
    """The chosen days in words, or where nothing is chosen those from `first` to `last`; '' when there are none.

    >>> period(Filters(since=date(2017, 1, 1), until=date(2017, 1, 31)), None, None)
    'January 2017'
    >>> period(Filters(since=date(2016, 12, 1), until=date(2017, 2, 28)), None, None)
    'December 2016 to February 2017'
    """
    since, until = filters.since, filters.until
    if not filters:
        since, until = first, last
    if since and until:
        if (since.month, since.day, until.month, until.day) == (1, 1, 12, 31):
            if since.year == until.year:
                return f"{since.year}"
            return _("{first} to {last}").format(first=since.year, last=until.year)
        if since.day == 1 and until == last_day_of(month_number(until)):
            begin, end = (f"{since:%B}" if since.year == until.year else f"{since:%B %Y}"), f"{until:%B %Y}"
            same = (since.year, since.month) == (until.year, until.month)
            return end if same else _("{since} to {until}").format(since=begin, until=end)
        return day(since) if since == until else _("{since} to {until}").format(since=day(since), until=day(until))
    return _("since {since}").format(since=day(since)) if since else _("until {until}").format(until=day(until)) if until else ""


def last_day(last: pd.Timestamp | None, stated: bool = True) -> str:
    """The record's last day, which stands on every page: silence after it says nothing.

    stated: whether the record or its owner states it; else it is the day of its last incident, and days are counted to it.

    >>> last_day(pd.Timestamp("2021-03-01"), stated=False)
    'Data to 1 Mar 2021, the last incident; the end of collection is not stated.'
    """
    if last is None:
        return _("The record has no incidents.")
    return _("Data to {last}{stated}.").format(
        last=day(last), stated="" if stated else _(", the last incident; the end of collection is not stated")
    )


@dataclass(frozen=True)
class KeyFigure:
    """A number of the headline: the value, what it counts, and its range with what is missing (may be empty)."""

    value: str
    label: str
    note: str = ""


def key_figures(head: Headline) -> list[KeyFigure]:
    """The headline's four figures; for an empty selection the number of incidents alone."""
    if not head.incidents:
        # Nothing was counted, so nothing is unreported either.
        return [KeyFigure("0", ngettext("incident", "incidents", 0))]
    last = day(head.last, head.last_precision) if head.last is not None else _("none")
    return [
        KeyFigure(f"{head.incidents:,}", ngettext("incident", "incidents", head.incidents)),
        _figure(head.killed, head.incidents, "killed"),
        _figure(head.wounded, head.incidents, "wounded"),
        KeyFigure(last, _("last incident")),
    ]


def figures(head: Headline) -> list[tuple[str, str]]:
    """`key_figures` as pairs: number, and what it counts with its note in brackets, as `formatting.format_total` writes it."""
    return [(one.value, f"{one.label} ({one.note})" if one.note else one.label) for one in key_figures(head)]


def _figure(total: Total, incidents: int, noun: str) -> KeyFigure:
    if incidents == total.without_figure:
        return KeyFigure("–", total.text(incidents, noun))
    figure, note = total.parts()
    return KeyFigure(figure, _(noun), note)


def victims(head: Headline) -> list[str]:
    """Killed and wounded as sentences without their full stop, each followed by the same without its largest incident."""
    if not head.incidents:
        return []
    texts = [head.killed.text(head.incidents, "killed"), head.wounded.text(head.incidents, "wounded")]
    return ["; ".join(filter(None, pair)) for pair in zip(texts, without_largest(head)[1:3], strict=True)]


def other_targets(incidents: int, killed: int) -> str:
    """Beside totals of a filter by target: that some of its incidents also hit others; '' for none. killed: best figure of theirs.

    >>> other_targets(2, 9)
    'The figures are of whole incidents: 2 incidents also hit other targets. Of the killed 9 died in these, perhaps elsewhere than at the chosen target.'
    """
    if not incidents:
        return ""
    dead = _(" Of the killed {killed:,} died in these, perhaps elsewhere than at the chosen target.")
    dead = dead.format(killed=killed) if killed else ""
    return _("The figures are of whole incidents: {incidents} also hit other targets.{dead}").format(
        incidents=counted_incidents(incidents), dead=dead
    )


def by_actor(parts: tuple[ActorTotal, ...]) -> list[str]:
    """The totals by who acted as sentences without their full stop; none where only one kind of actor is present.

    >>> nobody = Total(0, 0, 0, False, 0)
    >>> by_actor((ActorTotal(("state forces",), 2, Total(9, 9, 9, False, 0), nobody), ActorTotal(("unknown",), 1, nobody, nobody)))
    ['By state forces: 2 incidents, 9 killed, 0 wounded', 'By unknown actors: 1 incident, 0 killed, 0 wounded']
    """
    if len(parts) < 2:
        return []
    return [
        _("By {actor_names}: {incidents}, {killed}, {wounded}").format(
            actor_names=listed([ACTOR_NAMES[kind] for kind in part.kinds], "or"),
            incidents=counted_incidents(part.incidents),
            killed=part.killed.text(part.incidents, "killed"),
            wounded=part.wounded.text(part.incidents, "wounded"),
        )
        for part in parts
    ]


ACTOR_NAMES = {"non-state group": _("non-state groups"), "state forces": _("state forces"), "unknown": _("unknown actors")}
"""The terms of `vocabulary.ACTOR_KINDS` as the end of a sentence."""


def without_largest(head: Headline) -> list[str]:
    """Beside each of `figures`: the same total without its largest incident where that makes too much of it, else ''.

    >>> from incident_atlas.dataset.totals import Largest
    >>> most = Largest(pd.Timestamp("2017-05-31"), "day", Total(2769, 3568, 4039, True, 0), 8)
    >>> without_largest(Headline(9, 9, 0, None, most.rest, most.rest, 0, most))[1]
    'excluding the deadliest, 31 May 2017: 3,568 (range 2,769 to at least 4,039)'
    """
    if not head.incidents:
        return [""]
    killed = _without(head.killed_largest, _("excluding the deadliest, {date}: {rest}"))
    return ["", killed, _without(head.wounded_largest, _("excluding the largest, {date}: {rest}")), ""]


def _without(largest: Largest | None, text: str) -> str:
    if largest is None:
        return ""
    return text.format(date=day(largest.date, largest.date_precision), rest=largest.rest.text(largest.others))
