"""Claims that an attack was the first of its kind since a day."""

from __future__ import annotations

import re
from datetime import date, timedelta

from incident_atlas.claims import asked
from incident_atlas.claims.answers import CANNOT_TELL, CONTRADICTED, SUPPORTED, Answer, Refused, Shown, plain_numbers
from incident_atlas.claims.reading import Claim
from incident_atlas.load import Loaded
from incident_atlas.periods import Period
from incident_atlas.regimes import breaks
from incident_atlas.text import counted, day, plain
from incident_atlas.totals import headline


def first_since(loaded: Loaded, claim: Claim) -> Answer:
    """Whether '2021-08-15: AFG-20220905-1' names the first of a filter from that day on.

    One that certainly began earlier contradicts it, whatever the gaps; parts of one operation are one. Without any, the
    days before it must have no break of coverage.
    """
    since, named = _value(claim.value)
    chosen, look = asked.query(claim.query, loaded, claim.page)
    if chosen.since or chosen.until:
        raise Refused("The day stands under value: leave from and to out of query.")
    one = loaded.find(named)
    if one is None:
        raise Refused(f"The record holds no incident {plain(named, 60)}.")
    rows = asked.seen(loaded, chosen)
    own = rows[rows["incident_id"] == named]
    if own.empty:
        raise Refused(f"{named} does not pass the filter of this row.")
    began = own["first_day"].iloc[0].date()
    if began < since:
        raise Refused(f"{named} was on {day(began)}, before {day(since)}.")
    days = _days(loaded, since, began)
    period = days.period if days else Period(began, began)
    operation = own["coordinated_id"].iloc[0]
    others = rows[(rows["incident_id"] != named) & ((rows["coordinated_id"] != operation) | (operation == ""))]
    found = asked.found(others, days.period) if days else asked.found(others.head(0), period)
    # A bombing known to the month alone may be later than one on a day of that month.
    until_day = own["last_day"].iloc[0].date() if own["date_precision"].iloc[0] != "day" else began
    beside = asked.found(others, Period(began, until_day)) if until_day > began else asked.found(others.head(0), period)
    maybe = found.edge + len(beside) + beside.edge
    counts = plain_numbers(earlier=len(found), maybe_earlier=maybe, days=days.period.days if days else 0)
    until = f"this one on {day(began)}"
    if len(found):
        first = found.each.sort_values(["first_day", "row"]).iloc[0]
        told = f"{day(first['date'], first['date_precision'])}, {first['title']}"
        more = f" It is one of {counted(len(found), 'such incident')} before {until}." if len(found) > 1 else ""
        said = f"The record holds an earlier one: {plain(told, 200)} ({plain(first['incident_id'], 60)}).{more}"
        verdict, shown = CONTRADICTED, (Shown(first["incident_id"], told),)
    else:
        shown = ()
        span = f" ({days.span})" if days else ""
        none = f"The record holds no such incident from {day(since)} until {until}{span}"
        if maybe:
            verdict, said = (
                CANNOT_TELL,
                f"{none} that is surely earlier, but {counted(maybe, 'incident')} may be: not every day is known.",
            )
        elif days and not days.whole:
            verdict, said = CANNOT_TELL, f"{none}. {days.why_not()}"
        else:
            verdict, said = (
                SUPPORTED,
                f"{none}, and its coverage has no break in these days. One that its sources missed would not be here.",
            )
    shown = (*shown, Shown(named, f"{day(one['date'], one['date_precision'])}, {one['title']}"))
    rest = found.notes() if verdict == CONTRADICTED else ()
    looks = asked.looks(look | {"from": [since.isoformat()], "to": [began.isoformat()]})
    picture = asked.years(rows, Period(period.first, began))
    return Answer(verdict, said, counts, days.words() if days else period.words(), rest, looks, picture, shown, headline(own))


def _days(loaded: Loaded, since: date, began: date) -> asked.Stretch | None:
    """The days from `since` until the one before; None when the incident was on that very day."""
    if began == since:
        return None
    last = began - timedelta(days=1)
    begin = loaded.source.first.date()
    period = Period(min(max(since, begin), last), last)
    return asked.Stretch(period, breaks(loaded.coverage, period), beyond=max(0, (begin - since).days))


def _value(value: str) -> tuple[date, str]:
    match = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\s*:\s*(\S.*)", value.strip())
    try:
        if match:
            return date.fromisoformat(match[1]), match[2].strip()
    except ValueError:
        pass
    raise Refused(f"“{plain(value, 60)}” is no day and incident such as 2021-08-15: AFG-20220905-1.")
