"""The Aid Worker Security Database: attacks on aid workers, with who was killed, wounded and kidnapped, staff of all organisations.

Its figures count aid workers alone, so others who died are not in them. The columns are those of its downloads of 2016 and since.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.data_sets import Format, Read
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.actors import perpetrators
from incident_atlas.importers.data_sets.arrow_columns import (
    Chunk,
    described,
    filled,
    joined,
    one_line,
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
    "awsd",
    "AWSD",
    citation=_("Aid Worker Security Database, Humanitarian Outcomes, aidworkersecurity.org, with the day of the download."),
    terms=_("Its maker asks to be named."),
    cannot_say=(
        _("The Aid Worker Security Database counts aid workers alone: others who were killed or wounded are not in its figures."),
        _("It holds no attack in which no aid worker was killed, kidnapped or seriously wounded."),
        _("It codes no claim of responsibility."),
    ),
)
MARKS = frozenset({"total killed", "total wounded", "total kidnapped", "means of attack", "attack context", "actor type"})
NEEDS = ("year",)
_NATIONALS = tuple(f"{who} {what}" for who in ("nationals", "internationals") for what in ("killed", "wounded", "kidnapped"))
_ORGANISATIONS = ("un", "ingo", "lngo/nrcs", "nngo", "icrc", "nrcs and ifrc", "ifrc", "other")
EXTRAS = (
    *("means of attack", "attack context", "location", "motive", "actor type", "actor name", "verified"),
    *(*_ORGANISATIONS, *_NATIONALS, "total nationals", "total internationals", "total affected", "total victims"),
    *("gender male", "gender female", "gender unknown"),
)
USES = (
    *("incident id", "year", "month", "day", "country", "region", "district", "city", "latitude", "longitude"),
    *("total killed", "total wounded", "total kidnapped", "details", "source", *EXTRAS),
)
USUAL = 41

_BOMBING = "Bombing/Explosion"
_MEANS = {
    "aerial bombardment": (_BOMBING, "Air strike"),
    "bodily assault": ("Unarmed Assault", ""),
    "body-borne ied": (_BOMBING, "Suicide vest"),
    "complex attack": (_BOMBING, ""),
    "kidnapping": ("Hostage Taking (Kidnapping)", ""),
    "kidnap-killing": ("Hostage Taking (Kidnapping)", ""),
    "landmine": (_BOMBING, "Landmine"),
    "landmine/uxo detonation": (_BOMBING, "Landmine"),
    "other explosives": (_BOMBING, "Other explosives"),
    "rape/sexual assault": ("Unarmed Assault", ""),
    "roadside ied": (_BOMBING, "Roadside bomb"),
    "shelling": (_BOMBING, "Rocket or mortar"),
    "shooting": ("Armed Assault", "Firearms"),
    "vehicle-born ied": (_BOMBING, "Vehicle bomb"),
    "vehicle-borne ied": (_BOMBING, "Vehicle bomb"),
    "unknown": (UNKNOWN, ""),
}
"""Means of attack as attack type and weapon; any other stays the file's own word."""


def title(columns: Sequence[str], name: str = "") -> str:
    """What the columns tell of the file."""
    return described("Aid Worker Security Database", columns, USES, USUAL)


def read(rows: pd.DataFrame, problems: Problems) -> Read:
    """The attacks as incidents, with a report of AWSD itself for each."""
    chunk = Chunk(rows, problems)
    (date,) = row_wise([chunk[name] for name in ("year", "month", "day")], lambda *parts: (parse_dates.joined(*parts),), 1)
    begins, ends = row_wise((date,), _bounds, 2)
    attack_type, weapon = row_wise((chunk["means of attack"],), _means, 2)
    named, de_facto = perpetrators(chunk, chunk["actor name"], begins, ends, chunk["country"])
    nobody = pc.equal(named, UNKNOWN)
    ids = joined("awsd:", filled(chunk.number("incident id"), chunk.row_ids(USES, chunk["incident id"])))
    columns = {
        "incident_id": ids,
        "date": date,
        "date_precision": translated(date, lambda text: {4: "year", 7: "month"}.get(len(text), "day")),
        "title": _title(chunk),
        "summary": chunk["details"],
        "city": chunk["city"],
        "district": chunk["district"],
        "province": chunk["region"],
        "country": chunk["country"],
        "latitude": chunk.degrees("latitude"),
        "longitude": chunk.degrees("longitude"),
        "attack_type": attack_type,
        "weapon": weapon,
        "outcome": chunk.all("carried out"),
        "target_type": chunk.all("NGO"),
        "perpetrator": named,
        "actor_kind": translated(chunk["actor type"], _actor_kind),
        "attribution": where(nobody, "unknown", chunk.all("attributed")),
        **{name: translated(chunk[column], whole) for name, column in _FIGURES.items()},
        "killed_counts": chunk.all("victims"),
        "notes": joined(
            phrase(_("AWSD names as the kind of actor: "), chunk["actor type"]),
            phrase(_("Context of the attack: "), chunk["attack context"]),
            phrase(_("Where: "), chunk["location"]),
            phrase(_("Motive: "), chunk["motive"]),
            phrase(_("Verified: "), chunk["verified"]),
            de_facto,
            between=" ",
        ),
    }
    report = {
        **{name: columns[name] for name in ("incident_id", "date")},
        "publisher": FORMAT.name,
        "perpetrator": where(nobody, "", named),
        "says": _("A row of the Aid Worker Security Database: aid workers only."),
    }
    at, sources = pieces(chunk["source"], ";")
    named_sources = {"incident_id": ids.take(pa.array(at)), "publisher": sources, "says": _("Named as a source by AWSD.")}
    return Read(chunk.record(**columns), reported([report, named_sources]), chunk.extras(EXTRAS))


_FIGURES = {"killed": "total killed", "wounded": "total wounded", "abducted": "total kidnapped"}


def _bounds(date: str) -> tuple[str, str]:
    """The first and the last day that a date known to the day, month or year may mean, as ISO texts that compare as days do.

    >>> _bounds("2021-08"), _bounds("2021"), _bounds("2021-08-15")
    (('2021-08-01', '2021-08-31'), ('2021-01-01', '2021-12-31'), ('2021-08-15', '2021-08-15'))
    """
    return {4: (f"{date}-01-01", f"{date}-12-31"), 7: (f"{date}-01", f"{date}-31")}.get(len(date), (date, date))


def _means(text: str) -> tuple[str, str]:
    attack_type, weapon = _MEANS.get(text.casefold(), (text.replace(";", ",") or UNKNOWN, ""))
    return attack_type, weapon


def _actor_kind(text: str) -> str:
    """Who acted, of AWSD's kind of actor; '' where it names none or one that may be either."""
    kind = text.casefold()
    if kind.startswith("non-state"):
        return "non-state group"
    return "state forces" if kind in ("host state", "foreign or coalition forces", "police or paramilitary") else ""


def _title(chunk: Chunk) -> pa.Array:
    at = filled(chunk["city"], chunk["district"], chunk["region"], chunk["country"])
    what = joined(filled(chunk["means of attack"], chunk.all(_("Attack"))), _(" against aid workers"))
    return one_line(joined(what, at, between=", "))
