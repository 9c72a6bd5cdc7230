"""The five things to know about a file first, in sentences: its rows, dates, places, what is known of whom, and what is wrong."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from incident_atlas.core.data_sets import ATLAS, TABLE, Origin
from incident_atlas.core.text import counted, counted_incidents, counted_rows, day, plain
from incident_atlas.core.vocabulary import NOT_STATED, PRECISION_RANK, UNKNOWN
from incident_atlas.curation.quality.section import costs_row, percent, short_reason
from incident_atlas.geo.geocoding import FROM_SOURCE
from incident_atlas.i18n import _, ngettext

COLUMNS = ("title", "killed", "perpetrator", "attack_type", "target_type", "country")
"""Columns of `Loaded.incidents` that the sentences ask beside those of the findings."""

_CITY = PRECISION_RANK["city"]


class Fact(NamedTuple):
    """One thing to know: what it is about, and a sentence or two."""

    title: str
    sentence: str


def facts(origin: Origin, incidents: pd.DataFrame, problems: pd.DataFrame | None) -> tuple[Fact, ...]:
    """The five things to know about one file; of a file without a usable row its rows and problems alone.

    incidents: those of the file, as `load.Loaded` holds them. problems: None where it is not known which are of this file.
    """
    found = [Fact(_("Rows"), _rows(origin, problems))]
    if len(incidents):
        found += [Fact(_("Dates"), _dates(incidents)), Fact(_("Places"), _places(origin, incidents))]
        found.append(Fact(_("Known"), _known(incidents)))
    return (*found, Fact(_("Problems"), _problems(incidents, problems)))


def taken_for_towns(origin: Origin, incidents: pd.DataFrame) -> bool:
    """Whether a file gives points, of all of which no more is known than the town, because nothing else was said."""
    from_source = incidents["x"].notna() & (incidents["found_by"] == FROM_SOURCE)
    return (
        origin.format in (ATLAS, TABLE)
        and bool(from_source.any())
        and bool((incidents.loc[from_source, "precision_rank"] == _CITY).all())
    )


def blank(incidents: pd.DataFrame, name: str) -> int:
    """In how many incidents this column is blank or unknown."""
    if name in ("killed", "wounded"):
        return int(incidents[f"{name}_none"].sum())
    return int(incidents[name].isin(["", UNKNOWN, NOT_STATED, "unknown"]).sum())


def _rows(origin: Origin, problems: pd.DataFrame | None) -> str:
    if origin.kept == origin.read:
        kept = _("all kept")
    else:
        kept = _("{kept:,} kept, {set_aside:,} set aside").format(kept=origin.kept, set_aside=origin.set_aside)
    sentence = _("{rows} read, {kept}.").format(rows=counted_rows(origin.read), kept=kept)
    if origin.set_aside and problems is not None:
        costly = problems[costs_row(problems)]
        if len(reasons := costly.drop_duplicates(["row", "reason"])["reason"].astype("str").value_counts()):
            sentence += _(" Most often: {short_reason} ({rows}).").format(
                short_reason=short_reason(reasons.index[0], 120), rows=counted_rows(int(reasons.iat[0]))
            )
    return sentence


def _dates(incidents: pd.DataFrame) -> str:
    first, last = incidents["first_day"].min(), incidents["last_day"].max()
    if first == last:
        span = _("On {first}").format(first=day(first))
    else:
        span = _("From {first} to {last}").format(first=day(first), last=day(last))
    exact = int((incidents["date_precision"] == "day").sum())
    return _("{span}; {percent} are dated to the day.").format(span=span, percent=percent(exact, len(incidents)))


def _places(origin: Origin, incidents: pd.DataFrame) -> str:
    whole, placed = len(incidents), incidents["x"].notna()
    unknown, no_country = "", int((~placed & incidents["country"].isin(["", UNKNOWN])).sum())
    if no_country:
        unknown = _(
            " The country of {incidents} is unknown, so that no place was looked up: choose it under Columns, or with --mapping."
        ).format(incidents=counted_incidents(no_country))
    if not placed.any():
        return _("No incident has a place on the map.") + unknown
    from_source = placed & (incidents["found_by"] == FROM_SOURCE)
    precise = int((placed & (incidents["precision_rank"] < _CITY)).sum())
    sentence = _("{placed:,} of {incidents} have a place on the map, {from_source:,} of them by a point ").format(
        placed=int(placed.sum()), incidents=counted_incidents(whole), from_source=int(from_source.sum())
    )
    sentence += _("of the file's own. Known to at least the neighbourhood: {percent}.").format(percent=percent(precise, whole))
    if taken_for_towns(origin, incidents):
        sentence += _(" Its points are treated as the centre of a town, unless you say that they are GPS points.")
    return sentence + unknown


def _known(incidents: pd.DataFrame) -> str:
    whole = len(incidents)
    who, attack, target, killed = (
        percent(whole - blank(incidents, name), whole) for name in ("perpetrator", "attack_type", "target_type", "killed")
    )
    return _(
        "Who acted is known in {who} of the incidents, the kind of attack in {attack}, the target in {target}, the number of killed in {killed}."
    ).format(who=who, attack=attack, target=target, killed=killed)


def _problems(incidents: pd.DataFrame, problems: pd.DataFrame | None) -> str:
    alike = int(incidents.duplicated(["date", "spot", "title", "killed"]).sum()) if len(incidents) else 0
    own = 0
    if problems is not None:
        own_terms = problems["code"] == "own_term"
        own, problems = int(own_terms.sum()), problems[~own_terms]
    words = ""
    if own:
        words = ngettext(
            " {n:,} cell holds a word of the file's own, kept as it is.",
            " {n:,} cells hold words of the file's own, kept as they are.",
            own,
        ).format(n=own)
    copies = ngettext(
        "{n:,} incident may be a copy: day, place, title and killed are those of another.",
        "{n:,} incidents may be copies: day, place, title and killed are those of another.",
        alike,
    ).format(n=alike)
    if problems is None:
        return copies if alike else _("No incident looks like a copy of another.")
    if problems.empty:
        return (copies if alike else _("No problem was found, and no incident looks like a copy of another.")) + words
    columns = problems["column"].astype("str")
    most = columns[columns != ""].value_counts()
    often = len(most) > 1 and most.iat[0] > most.iat[1]
    where = ""
    if often:
        column = plain(most.index[0], 60).replace("_", " ")
        where = _(", most often in {column} ({count:,})").format(column=column, count=int(most.iat[0]))
    return f"{counted(len(problems), '{n} problem', '{n} problems')}{where}.{f' {copies}' if alike else ''}{words}"
