"""What each report states, from whom it has it, and whether two reports can both be right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.reference_data import PART_OF, perpetrators
from incident_atlas.core.schema import REPORT_NAMES, split
from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import ATTACK_TYPES, RADIUS_M, UNKNOWN
from incident_atlas.dataset.companion_tables import kind_of
from incident_atlas.geo.distance import kilometres
from incident_atlas.geo.gazetteer import fold, offline_gazetteer
from incident_atlas.i18n import _

FIGURES = ("killed_low", "killed_high", "wounded_low", "wounded_high")

_WHOLE = re.compile("[0-9]{1,9}")

FACTOR = 3
"""Two counts of the dead disagree when one is more than so many times the other; less is a range."""

TOWN_KM = RADIUS_M["district"] / 1000
"""How well a named town fixes a place at best, when two reports are compared: 'near Kabul' may be the next district."""

# Assassination says at whom an attack was aimed, and not how it was done.
_AIMS = {"Assassination"}


class Testimony(NamedTuple):
    """One report, as far as it can be compared. Blank text, None and NaN: the report is silent on that.

    name: the publisher, with its agency, for people. key: the publisher, folded. origin: keys of whom it has it from,
    itself when it names no agency. kind: the kind of its publisher.
    """

    name: str
    publisher: str
    agency: str
    language: str
    key: str
    origin: frozenset[str]
    kind: str
    date: date | None
    place: str
    attack_type: str
    killed: tuple[float, float]
    wounded: tuple[float, float]
    perpetrator: frozenset[str]
    attribution: str
    says: str

    @property
    def reference(self) -> bool:
        """Whether it is a reference work, which never confirms."""
        return self.kind == "reference"

    @property
    def named(self) -> frozenset[str]:
        """The perpetrators it names, those who deny it left out."""
        return frozenset() if self.attribution == "denied" else self.perpetrator - {UNKNOWN}


class About(NamedTuple):
    """What the comparison must know of the incident: the days its date may mean, and the province to look for places in."""

    first: date
    last: date
    province: str


def typed(reports: pd.DataFrame) -> pd.DataFrame:
    """Reports with their dates as datetime64 (NaT) and their figures as numbers (NaN); all other columns stay text.

    A date that is not a whole day, and a figure that is not a whole number, are blank: 2022-09 is no first of September.
    What is typed already stays as it is. Columns: `schema.REPORT_NAMES`.
    """
    if "date" in reports and pd.api.types.is_datetime64_any_dtype(reports["date"]):
        return reports
    table = reports.reindex(columns=list(REPORT_NAMES), fill_value="").fillna("").astype("str")
    days, numbers = {}, {}
    for name in ("date", "published", "accessed"):
        days[name] = pd.to_datetime(table[name].str.strip(), format="%Y-%m-%d", errors="coerce")
    for name in FIGURES:
        numbers[name] = np.array(
            [float(cell) if _WHOLE.fullmatch(cell.strip()) else math.nan for cell in table[name].tolist()], dtype="float64"
        )
    return table.assign(**days, **numbers)


def testimonies(table: pd.DataFrame) -> Iterator[Testimony]:
    """Each row of `typed` reports, in their order."""
    days = [None if day is pd.NaT else day.date() for day in table["date"].tolist()]
    figures = {name: table[name].tolist() for name in FIGURES}
    # A record has far fewer sources than reports. Kept for this table alone: it may be a reader's own.
    source_of, names_of = cache(_source), cache(_names)
    texts = ("publisher", "agency", "language", "place", "attack_type", "perpetrator", "attribution", "says")
    for n, cells in enumerate(zip(*(table[name].tolist() for name in texts), strict=True)):
        publisher, agency, language, place, attack, who, attribution, says = (" ".join(cell.split()) for cell in cells)
        name, publisher, key, origin, kind = source_of(publisher, agency)
        killed, wounded = (_range(figures[f"{what}_low"][n], figures[f"{what}_high"][n]) for what in ("killed", "wounded"))
        source = (name, publisher, agency, language, key, origin, kind)
        yield Testimony(
            *source, days[n], place, "" if attack == UNKNOWN else attack, killed, wounded, names_of(who), attribution, says
        )


def independent(one: Testimony, other: Testimony) -> bool:
    """Whether two reports are of different publishers, and neither has it from the other or from the same agency.

    A report that names neither publisher nor agency is independent of none: it may be a copy of any.
    """
    if not one.key or not other.key or one.key == other.key:
        return False
    return one.origin.isdisjoint(other.origin) and one.key not in other.origin and other.key not in one.origin


def dates_differ(one: Testimony, other: Testimony, about: About) -> bool:
    """Both give a day, not the same, and not both within the days that the incident's date may mean or that it lasted."""
    if not one.date or not other.date or one.date == other.date:
        return False
    return not (about.first <= one.date <= about.last and about.first <= other.date <= about.last)


def places_differ(one: Testimony, other: Testimony, about: About) -> bool:
    """Both name a place that the gazetteer knows, in towns that cannot be one: farther apart than their precisions allow.

    Two spots of one town do not disagree: a gate, a street and a quarter are the same place told more or less closely. Nor do
    texts that name one place in common, or of which one names a district or province that the other's place lies in.
    """
    if not one.place or not other.place or one.place == other.place:
        return False
    first, second = (_spot(text, about.province) for text in (one.place, other.place))
    if first is None or second is None:
        return False
    apart = kilometres(first[0], first[1], np.array([second[0]]), np.array([second[1]]))[0]
    return bool(apart > first[2] + second[2]) and not _share(one.place, other.place, about.province)


def kinds_differ(one: Testimony, other: Testimony, about: About | None = None) -> bool:
    """Both state a kind of attack, not the same, and neither is an assassination, which may be done by any means, or a file's own
    word, which may mean the same."""
    kinds = {one.attack_type, other.attack_type}
    return len(kinds) == 2 and kinds <= set(ATTACK_TYPES) - _AIMS


def perpetrators_differ(one: Testimony, other: Testimony, about: About | None = None) -> bool:
    """They name different sides, or one names whom the other says to deny it. To name nobody is no disagreement."""
    if one.named and other.named:
        return _parties(one.named).isdisjoint(_parties(other.named))
    for names, denial in ((one.named, other), (other.named, one)):
        if denial.attribution == "denied" and names & denial.perpetrator:
            return True
    return False


def killed_differ(one: Testimony, other: Testimony, about: About | None = None) -> bool:
    """One says nobody was killed and the other that somebody was, or one toll is more than `FACTOR` times the other."""
    return _zero_against_some(one.killed, other.killed) or _far_apart(one.killed, other.killed)


def wounded_differ(one: Testimony, other: Testimony, about: About | None = None) -> bool:
    """One says nobody was wounded and the other that somebody was; counts of the wounded vary too much for a factor."""
    return _zero_against_some(one.wounded, other.wounded)


def silent(figures: tuple[float, float]) -> bool:
    """Whether a report gives neither a low nor a high.

    >>> silent((float("nan"), 3.0)), silent((float("nan"), float("nan")))
    (False, True)
    """
    return all(math.isnan(value) for value in figures)


def bounds(figures: tuple[float, float]) -> tuple[float, float]:
    """Low and high with what is open filled: a blank low is 0, a blank high is no limit."""
    low, high = figures
    return (0.0 if math.isnan(low) else low), (math.inf if math.isnan(high) else high)


def _zero_against_some(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return (one[1] == 0 and other[0] > 0) or (other[1] == 0 and one[0] > 0)


def _far_apart(one: tuple[float, float], other: tuple[float, float]) -> bool:
    if silent(one) or silent(other):
        return False
    (low, high), (other_low, other_high) = bounds(one), bounds(other)
    return max(low, other_low) > FACTOR * min(high, other_high)


def _range(low: float, high: float) -> tuple[float, float]:
    return (high, low) if low > high else (low, high)


def _names(cell: str) -> frozenset[str]:
    known = perpetrators()
    return frozenset(known.get(name.casefold(), name) for name in split(cell))


def _parties(names: Iterable[str]) -> frozenset[str]:
    return frozenset(PART_OF.get(name, name) for name in names)


def _key(name: str) -> str:
    """A publisher or agency, folded, so that BBC is BBC News and The Guardian is Guardian; a name of signs stays itself."""
    return (fold(name).removeprefix("the ").removesuffix(" news") or name.casefold()) if name else ""


def _source(publisher: str, agency: str) -> tuple[str, str, str, frozenset[str], str]:
    """Name for people, publisher, key, origin and kind."""
    shown, via = plain(publisher or agency or _("a publisher not named"), 80), plain(agency, 80)
    parts = [part.strip() for part in agency.replace(";", ",").split(",") if part.strip()]
    agencies, kinds = frozenset(map(_key, parts)), {kind_of(part) for part in parts}
    key = _key(publisher or agency)
    kind = "reference" if kinds == {"reference"} else kind_of(publisher)
    name = f"{shown} ({via})" if publisher and agency and agencies != {key} else shown
    return name, shown, key, agencies or frozenset({key}) - {""}, kind


def _share(one: str, other: str, province: str) -> bool:
    """Whether two texts name one place in common, or one of them an area that a place of the other lies in."""
    gazetteer = offline_gazetteer()
    first, second = (gazetteer.mentioned(text, province or None) for text in (one, other))
    return any(
        place.place_id == twin.place_id or gazetteer.contains(place, twin) or gazetteer.contains(twin, place)
        for place in first
        for twin in second
    )


def _spot(place: str, province: str) -> tuple[float, float, float] | None:
    """Latitude, longitude and how far off it may be in km, or None; a guessed spelling is no evidence against anybody."""
    gazetteer = offline_gazetteer()
    match = gazetteer.match(place, province or None)
    if match is None and province:
        match = gazetteer.match(place)
    if match is None or match.method == "spelling" or match.place.kind == "country":
        return None
    return match.place.latitude, match.place.longitude, max(RADIUS_M[match.geo_precision] / 1000, TOWN_KM)
