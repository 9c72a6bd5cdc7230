"""The columns of the record, declared once: what one incident is, and how it is written down.

Three rules stand above all code here: unknown is not zero (a blank cell means "not reported"); nothing is known better
than its source says; the record is a sample. `validation.py` turns rows of text into rows of these types.
"""

from __future__ import annotations

from dataclasses import dataclass

from incident_atlas.core import vocabulary as words
from incident_atlas.i18n import _


@dataclass(frozen=True)
class Column:
    """One column: its name, what its cells are, whether a complete record fills it in every row, and its meaning in a line."""

    name: str
    kind: str  # id, date, date_and_text, time, text, term, terms, coordinate, count
    meaning: str
    must: bool = False
    terms: tuple[str, ...] = ()

    @property
    def need(self) -> str:
        """For people: "required" (a row without it is set aside), "expected" (a blank cell is a problem, the row is kept), or blank."""
        return "required" if self.name in ESSENTIAL else "expected" if self.must else ""


COLUMNS = (
    Column(
        "incident_id", "id", _("stable for ever, such as AFG-20201201-1: country, date, running number of that day"), must=True
    ),
    Column("date", "date", _("ISO date on which it began; the first day of the month when only the month is known"), must=True),
    Column("date_end", "date", _("ISO date, when it lasted past midnight")),
    Column("date_precision", "term", _("how well the date is known"), must=True, terms=words.DATE_PRECISIONS),
    Column("time_local", "time", _("HH:MM, when reported")),
    Column("title", "text", _("one line in own words"), must=True),
    Column("summary", "text", _("one to three sentences: what happened, what is disputed")),
    Column("place", "text", _("place as reported: near the Russian embassy, Darulaman Road")),
    Column("city", "text", _("city or town, in any spelling")),
    Column("district", "text", _("administrative district")),
    Column("province", "text", _("filled from the gazetteer when blank")),
    Column("country", "text", _("when blank, that of the coordinates; without clear ones Afghanistan")),
    Column("latitude", "coordinate", _("WGS 84, only where a source gives a point for this very incident")),
    Column("longitude", "coordinate", _("WGS 84; blank means: found from place, city, district or province")),
    Column(
        "geo_precision", "term", _("how well the place is known; blank with coordinates means city"), terms=words.GEO_PRECISIONS
    ),
    Column("attack_type", "term", _("the first that fits, in this order"), must=True, terms=words.ATTACK_TYPES),
    Column("weapon", "terms", _("one or more, the worst first"), terms=words.WEAPONS),
    Column("suicide", "term", _("whether an attacker meant to die"), terms=words.SUICIDE),
    Column("outcome", "term", _("failed: went off without effect; foiled: found before"), must=True, terms=words.OUTCOMES),
    Column("target_type", "terms", _("who or what was hit, the main one first"), must=True, terms=words.TARGET_TYPES),
    Column("target_subtype", "terms", _("finer, in the same order; tells embassies from the UN"), terms=words.TARGET_SUBTYPES),
    Column("target_name", "text", _("such as Embassy of the Russian Federation")),
    Column("target_country", "terms", _("whose people or property were hit: English short names, United Nations, NATO")),
    Column("target_community", "text", _("when it was hit as such, as the source says")),
    Column("intended_target", "text", _("the intended target, when it is thought to differ from the one that was hit")),
    Column("intended_target_type", "terms", _("the same, as a target type"), terms=words.TARGET_TYPES),
    Column("intended_target_country", "terms", _("the same, as countries")),
    Column("perpetrator", "terms", _("names of groups or states, or Unknown"), must=True),
    Column("actor_kind", "terms", _("who acted, of the perpetrator named; blank: unknown"), terms=words.ACTOR_KINDS),
    Column("attribution", "term", _("how sure the perpetrator is"), must=True, terms=(*words.ATTRIBUTIONS, words.NOT_STATED)),
    Column("killed_low", "count", _("lowest figure reported; blank is not zero")),
    Column("killed", "count", _("most credible figure")),
    Column("killed_high", "count", _("highest figure reported")),
    Column("wounded_low", "count", _("lowest figure reported")),
    Column("wounded", "count", _("most credible figure")),
    Column("wounded_high", "count", _("highest figure reported")),
    Column("killed_counts", "term", _("victims: attackers not included; all: attackers may be"), terms=words.KILLED_COUNTS),
    Column("attackers_killed", "count", _("attackers who died")),
    Column("abducted", "count", _("people taken")),
    Column("coordinated_id", "text", _("the same on all incidents of one operation")),
    Column("notes", "text", _("what a reader must know to use this row honestly")),
    Column("checked", "date_and_text", _("ISO date of the last reading against a report, then its publisher; blank: never")),
    Column("added", "date", _("ISO date of this row"), must=True),
    Column("revised", "date", _("ISO date of its last change"), must=True),
)
"""Every column of data/incidents.csv, in its order."""

BY_NAME = {column.name: column for column in COLUMNS}
NAMES = tuple(BY_NAME)
MUST = tuple(column.name for column in COLUMNS if column.must)
ESSENTIAL = ("incident_id", "date", "title")
"""Without one of these three a row is set aside; any other fault blanks a cell."""

LISTS = tuple(column.name for column in COLUMNS if column.kind == "terms")
SEVERAL = (*LISTS, "origin")
"""Columns whose cells may hold several terms: those of the file, and the data sets that an incident was joined of."""

OPEN_TERMS = ("attack_type", "weapon", "target_type", "perpetrator", "attribution")
"""Columns that keep a file's own word beside the terms of the record."""

PROPER_NAMES = ("place", "city", "district", "province", "target_name", "target_community", "intended_target")
"""Columns of text that name somebody or something."""

LONGEST_TERM = 100
"""Characters of a word of a file's own; the rest is cut."""

COUNTS = tuple(column.name for column in COLUMNS if column.kind == "count")
CATEGORIES = (
    *(column.name for column in COLUMNS if column.kind in ("term", "terms")),
    *("city", "district", "province", "country"),
)
"""Columns of few distinct values, held as categories."""

REPORT_NAMES = tuple(
    "incident_id publisher agency title url archive_url accessed published stage language date place attack_type "
    "killed_low killed_high wounded_low wounded_high perpetrator attribution says".split()
)
"""Every column of data/reports.csv, in its order: one row per source report of an incident."""

FOUND_COLUMNS = ("map_latitude", "map_longitude", "map_precision", "radius_m", "found_by", "found_as", "found_score")
"""Where the map shows an incident and how that was found, behind the record's columns in exported tables.

`latitude`, `longitude` and `geo_precision` say only what a source gives; a table that is read again is placed anew, so the reader
drops these.
"""

LONGEST_CELL = 10_000
"""Characters; a longer cell is cut, and the cut is a Problem."""


def split(cell: str) -> list[str]:
    """The terms of a cell that holds several, in their order.

    >>> split("Police;Military")
    ['Police', 'Military']
    """
    return [term.strip() for term in cell.split(";") if term.strip()]
