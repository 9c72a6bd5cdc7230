"""ACLED: events of political violence, each with the lowest number of dead that a source reports.

A date known to the week or weekend is its middle, one known to the month any day of it: the record holds the first day that it may mean.

Its two actors stand in no order that means anything, except in Violence against civilians, where the second is the target:
there alone a perpetrator is named. It codes no claim and no wounded. Riots, protests without force and strategic
developments are no attacks: such rows are set aside, and said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.data_sets import Format, Read
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import ATTACK_TYPES, UNKNOWN
from incident_atlas.errors import ROW_SET_ASIDE
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.actors import perpetrators
from incident_atlas.importers.data_sets.arrow_columns import (
    Chunk,
    Texts,
    day_of_timestamp,
    described,
    filled,
    iso,
    joined,
    one_line,
    one_of,
    phrase,
    pieces,
    reported,
    row_wise,
    translated,
    where,
    whole,
)
from incident_atlas.importers.mapping import parse_dates

FORMAT = Format(
    "acled",
    "ACLED",
    citation=_(
        "ACLED (Armed Conflict Location & Event Data), acleddata.com, with the day of the download; and Raleigh, C., Kishi, R. & Linke, A. (2023). Political instability patterns are obscured by conflict dataset scope conditions, sources, and coding choices. Humanities and Social Sciences Communications 10, 74."
    ),
    terms=_("Its terms of use forbid passing on the rows as they are."),
    asks=True,
    cannot_say=(
        _("ACLED has no column for the wounded."),
        _(
            "Its fatalities are the lowest figure reported, attackers among them. 0 also stands for no figure; 3, 10, 12 and 100 also stand for words such as several, many, dozens and hundreds."
        ),
        _("It codes no claim, and says who attacked only for violence against civilians."),
        _("Its points are those of towns, never of a street; a place known only to the province stands at its capital."),
        _("It begins in Afghanistan in 2017."),
    ),
    breaks=(("2017-01-01", _("ACLED's coverage of Afghanistan begins in 2017.")),),
)
MARKS = frozenset({"event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2", "fatalities"})
NEEDS = ("event_date",)
EXTRAS = (
    *("disorder_type", "event_type", "sub_event_type", "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2"),
    *("interaction", "civilian_targeting", "fatalities", "location", "admin2", "admin3", "region", "source_scale", "tags"),
)
USES = (
    *("event_id_cnty", "event_date", "time_precision", "country", "admin1", "latitude", "longitude"),
    *("geo_precision", "source", "notes", "timestamp", *EXTRAS),
)
USUAL = 31

ATTACKS = ("Battles", "Explosions/Remote violence", "Violence against civilians")
"""Event types that count as attacks unless a reader says otherwise."""

EVENT_TYPES = frozenset(
    (
        *("battles", "explosions/remote violence", "violence against civilians", "protests", "riots", "strategic developments"),
        *("riots/protests", "remote violence", "strategic development", "headquarters or base established"),
        *("non-violent transfer of territory", "battle-no change of territory", "battle-government regains territory"),
        "battle-non-state actor overtakes territory",
    )
)
"""All event types, in lower case, those of releases before 2019 among them."""

_AGAINST_CIVILIANS = "violence against civilians"
_NO_ATTACK = (
    *("protests", "riots", "riots/protests", "strategic developments", "strategic development"),
    *("headquarters or base established", "non-violent transfer of territory"),
)
_YET_ATTACKS = ("disrupted weapons use", "excessive force against protesters")
_DATES = {"1": "day", "2": "week", "3": "month"}
_PLACES = {"1": "city", "2": "district", "3": "province"}
_BOMBING = "Bombing/Explosion"
# Attack type and weapon, as far as the sub-event type says, or without one the event type. How civilians were attacked an "Attack" does
# not say: it has no equal among our terms, and stays ACLED's own.
_KINDS = {
    "armed clash": ("Armed Assault", ""),
    "government regains territory": ("Armed Assault", ""),
    "non-state actor overtakes territory": ("Armed Assault", ""),
    "chemical weapon": ("Unarmed Assault", "Chemical"),
    "air/drone strike": (_BOMBING, "Other explosives"),
    "suicide bomb": (_BOMBING, "Other explosives"),
    "shelling/artillery/missile attack": (_BOMBING, "Rocket or mortar"),
    "remote explosive/landmine/ied": (_BOMBING, "Other explosives"),
    "grenade": (_BOMBING, "Grenade"),
    "abduction/forced disappearance": ("Hostage Taking (Kidnapping)", ""),
    "battles": ("Armed Assault", ""),
    "battle-no change of territory": ("Armed Assault", ""),
    "battle-government regains territory": ("Armed Assault", ""),
    "battle-non-state actor overtakes territory": ("Armed Assault", ""),
    "explosions/remote violence": (_BOMBING, ""),
    "remote violence": (_BOMBING, ""),
}
# Which of its kinds of actor are armed, and whose they are. Its last kind holds armies abroad and private guards alike.
_STATE, _NON_STATE, _OTHER_FORCES = "state forces", "non-state group", "other forces"
_ARMED = {
    **dict.fromkeys(("1", "state forces"), _STATE),
    **dict.fromkeys(("2", "rebel group", "rebel groups", "3", "political militia", "political militias"), _NON_STATE),
    **dict.fromkeys(("4", "identity militia", "identity militias"), _NON_STATE),
    **dict.fromkeys(("8", "external/other forces", "external or other forces", "other forces"), _OTHER_FORCES),
}
_WORDS = ("3", "10", "12", "100")


def title(columns: Sequence[str], name: str = "") -> str:
    """What the columns tell of the file: how many, and whether they are those of before March 2023."""
    old = {"data_id", "event_id_no_cnty", "iso3"} & {column.strip().casefold() for column in columns}
    return described(
        _("ACLED, as exported before March 2023") if old else _("ACLED, as exported since March 2023"), columns, USES, USUAL
    )


def is_acled(columns: Sequence[str], event_types: Sequence[str]) -> bool:
    """Whether a table is ACLED's, however few of its columns are left: it has a date and its cells of event_type are ACLED's.

    >>> is_acled(["country", "EVENT_DATE", "event_type"], ["Protests", "Battles"]), is_acled(["event_type"], ["Raid"])
    (True, False)
    """
    held = {cell.strip().casefold() for cell in event_types if cell.strip()}
    return (
        bool(held) and held <= EVENT_TYPES and {"event_date", "event_type"} <= {column.strip().casefold() for column in columns}
    )


def counts_as_attack(event_type: str) -> bool:
    """Whether rows of this event type count as attacks unless a reader says otherwise, whatever their sub-event type.

    >>> counts_as_attack("Battles"), counts_as_attack("Protests")
    (True, False)
    """
    return event_type.casefold() not in _NO_ATTACK


def read(rows: pd.DataFrame, problems: Problems, event_types: Sequence[str] | None = None) -> Read:
    """The attacks as incidents, with a report of each source that a row names and one of ACLED itself.

    event_types: those that count as attacks, as the file writes them; None for `ATTACKS`.
    """
    chunk = _attacks(Chunk(rows, problems), event_types)
    kind, sub = (pc.utf8_lower(chunk[name]) for name in ("event_type", "sub_event_type"))
    directed = pc.equal(kind, _AGAINST_CIVILIANS)
    written = _written(chunk["event_date"])
    date_precision = chunk.coded("time_precision", _DATES)
    month = translated(written, _month)
    by_month = pc.and_(pc.equal(date_precision, "month"), pc.not_equal(month, ""))
    by_week = pc.equal(date_precision, "week")
    first, last = (
        where(by_month, joined(month, of_month), where(by_week, translated(written, partial(_moved, days=days)), written))
        for of_month, days in (("01", -3), ("31", 3))
    )
    named, de_facto = perpetrators(chunk, where(directed, chunk["actor1"], ""), first, last, chunk["country"])
    nobody = pc.equal(named, UNKNOWN)
    row_ids = chunk.row_ids([name for name in USES if name not in ("timestamp", "tags")], chunk["event_id_cnty"])
    ids = joined("acled:", filled(chunk["event_id_cnty"], row_ids))
    attack_type, weapon = row_wise((filled(chunk["sub_event_type"], chunk["event_type"]),), _kind_and_weapon, 2)
    civilians = [one_of(chunk.number(name), "civilians", "protesters", "6", "7") for name in ("inter1", "inter2")]
    hit = pc.or_(pc.or_(directed, pc.not_equal(chunk["civilian_targeting"], "")), pc.or_(*civilians))
    figure = translated(chunk["fatalities"], lambda text: "" if (figure := whole(text)) in ("0", "-9", "-99") else figure)
    actors = [chunk["actor1"], chunk.number("inter1"), chunk["actor2"], chunk.number("inter2")]
    actors.append(where(directed, "yes", chunk.blank))
    columns = {
        "incident_id": ids,
        "date": first,
        "date_precision": date_precision,
        "title": _title(chunk),
        "summary": chunk["notes"],
        **_place(chunk),
        "attack_type": attack_type,
        "weapon": weapon,
        "suicide": where(pc.equal(sub, "suicide bomb"), "yes", chunk.blank),
        "outcome": where(pc.equal(sub, "disrupted weapons use"), "foiled", chunk.all("carried out")),
        "target_type": where(hit, "Private Citizens & Property", chunk.all(UNKNOWN)),
        "perpetrator": named,
        "actor_kind": row_wise(actors, _actor_kind, 1)[0],
        "attribution": where(nobody, "unknown", chunk.all("attributed")),
        "killed_low": figure,
        "killed_counts": where(pc.equal(figure, ""), "", chunk.all("all")),
        "notes": _notes(chunk, directed, by_month, written, date_precision, de_facto),
        "revised": translated(chunk["timestamp"], day_of_timestamp),
    }
    of_itself = {
        **{name: columns[name] for name in ("incident_id", "date", "killed_low")},
        "publisher": FORMAT.name,
        "attack_type": where(one_of(attack_type, *ATTACK_TYPES), where(pc.equal(attack_type, UNKNOWN), "", attack_type), ""),
        "perpetrator": where(nobody, "", named),
        "attribution": where(nobody, "", columns["attribution"]),
        "says": _("A row of ACLED."),
    }
    at, sources = pieces(chunk["source"], ";")
    named_sources = {"incident_id": ids.take(pa.array(at)), "publisher": sources, "says": _("Named as a source by ACLED.")}
    return Read(chunk.record(**columns), reported([of_itself, named_sources]), chunk.extras(EXTRAS))


def _written(cells: Texts) -> Texts:
    """The dates as ISO, those that are none as they are. 03-04-2012 is the third of April: older exports of ACLED put the day first.

    With strokes it is not ACLED's, and is read in the order that the column shows, as in any other table.
    """
    order = parse_dates.order_of(text for text in cells.unique().to_pylist() if "/" in text)[0]
    return translated(cells, lambda text: parse_dates.day(text, order if "/" in text else parse_dates.DAY_FIRST).text)


def _month(written: str) -> str:
    """The head of an ISO date, up to its day; '' for a day that no month has, which the check of the record tells."""
    real = re.fullmatch(r"\d{4}-\d{2}-\d{2}", written, re.ASCII) and iso(*map(int, written.split("-")))
    return written[:8] if real else ""


def _moved(written: str, days: int) -> str:
    """The ISO date so many days later; what is no date, or would leave the calendar, as it is.

    >>> _moved("2021-08-17", -3), _moved("2021-02-30", -3)
    ('2021-08-14', '2021-02-30')
    """
    try:
        return (date.fromisoformat(written) + timedelta(days)).isoformat() if _month(written) else written
    except OverflowError:
        return written


def _attacks(chunk: Chunk, event_types: Sequence[str] | None) -> Chunk:
    """The rows that are attacks; each other one is a Problem."""
    if event_types is None:
        no_attack = one_of(chunk["event_type"], *_NO_ATTACK)
        other = pc.and_(no_attack, pc.invert(one_of(chunk["sub_event_type"], *_YET_ATTACKS)))
    else:
        other = pc.invert(one_of(chunk["event_type"], *event_types))
    what = joined(chunk["event_type"], chunk["sub_event_type"], between="/")
    reason = joined(_("no attack: "), what, ROW_SET_ASIDE)
    chunk.tell(other, "event_type", reason, _("Nothing, or choose which event types count as attacks."), "no_attack")
    return chunk.without(other)


def _kind_and_weapon(text: str) -> tuple[str, str]:
    """Attack type and weapon of a sub-event type or an event type; one without an equal term as it is, '' as unknown.

    >>> _kind_and_weapon("Grenade"), _kind_and_weapon("Attack"), _kind_and_weapon("")
    (('Bombing/Explosion', 'Grenade'), ('Attack', ''), ('Unknown', ''))
    """
    return _KINDS.get(text.casefold(), (text.replace(";", ",") or UNKNOWN, ""))


def _actor_kind(first: str, first_kind: str, second: str, second_kind: str, directed: str) -> tuple[str]:
    """Whose the attacker is: actor1 against civilians, else the one kind of all the armed actors; blank where two kinds fought.

    >>> _actor_kind("Taliban", "Rebel group", "Civilians (Afghanistan)", "Civilians", ""), _actor_kind("A", "1", "B", "2", "")
    (('non-state group',), ('',))
    """
    actors = [(first, first_kind)] if directed else [(first, first_kind), (second, second_kind)]
    kinds = {_ARMED.get(kind.casefold(), "") if name else "" for name, kind in actors} - {""}
    if _OTHER_FORCES in kinds:
        foreign = all(
            re.match(r"(military|police) forces of |government of |nato\b", name.casefold())
            for name, kind in actors
            if _ARMED.get(kind.casefold()) == _OTHER_FORCES
        )
        kinds = kinds - {_OTHER_FORCES} | {_STATE if foreign else ""}
    return (kinds.pop() if len(kinds) == 1 else "",)


def _title(chunk: Chunk) -> Texts:
    what = filled(chunk["sub_event_type"], chunk["event_type"], chunk.all(_("Event")))
    actors = joined(chunk["actor1"], chunk["actor2"], between=_(" and "))
    at = filled(chunk["location"], chunk["admin2"], chunk["admin1"], chunk["country"])
    return one_line(joined(joined(what, actors, between=": "), at, between=", "))


def _place(chunk: Chunk) -> dict[str, Texts]:
    precision = chunk.coded("geo_precision", _PLACES)
    # Precision 3 stands at a capital or a natural feature, which is not where it happened, nor is its district.
    wide = pc.equal(precision, "province")
    # "Kabul - District 10": the town comes first.
    town = translated(chunk["location"], lambda text: text.partition(" - ")[0])
    return {
        "place": where(wide, "", chunk["location"]),
        "city": where(pc.equal(precision, "city"), town, chunk.blank),
        "district": where(wide, "", chunk["admin2"]),
        "province": chunk["admin1"],
        "country": chunk["country"],
        "latitude": chunk.degrees("latitude"),
        "longitude": chunk.degrees("longitude"),
        "geo_precision": precision,
    }


def _notes(
    chunk: Chunk, directed: pa.BooleanArray, by_month: pa.BooleanArray, written: Texts, precision: Texts, de_facto: Texts
) -> Texts:
    both = joined(chunk["actor1"], chunk["actor2"], between=_(" and "))
    dead = chunk.number("fatalities")
    doubtful = _("may stand for a word such as several, many, dozens or hundreds.")
    return joined(
        where(directed, phrase(_("Named by ACLED as the attacker: "), chunk["actor1"]), ""),
        where(directed, phrase(_("As the target: "), chunk["actor2"]), ""),
        where(directed, "", phrase(_("Actors named by ACLED: "), both, _("; it does not say who attacked."))),
        de_facto,
        where(pc.equal(dead, "0"), _("ACLED writes 0 dead, also where no figure is reported: left blank."), chunk.blank),
        where(one_of(dead, *_WORDS), phrase(_("ACLED's number of dead, "), dead, f", {doubtful}"), chunk.blank),
        where(
            pc.equal(precision, "week"),
            phrase(_("Known to the week or weekend; ACLED writes its middle, "), written),
            chunk.blank,
        ),
        where(
            pc.equal(precision, ""), _("ACLED's code of how well the date is known is missing: taken for the day."), chunk.blank
        ),
        where(by_month, phrase(_("Only the month is known; ACLED writes "), written), chunk.blank),
        where(
            pc.equal(chunk.number("geo_precision"), "3"),
            phrase(_("Only the province is known; ACLED's point is that of "), chunk["location"]),
            chunk.blank,
        ),
        between=" ",
    )
