"""How well an incident is evidenced: its reports, its grade with the reason, its disagreements, and what to beware of.

`reports` is always `load.Loaded.reports`, or what `reports_of` made of it, which is cheaper when several questions are
asked of one incident. The sentences are plain text with names from the record in them: a page passes them through
`safe_text`, and judges every address itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.analysis.evidence import disagreements as differences
from incident_atlas.analysis.evidence.disagreements import names, pairs
from incident_atlas.analysis.evidence.reports import About, Testimony, silent, testimonies, typed
from incident_atlas.core.data_sets import Origin, named
from incident_atlas.core.text import day, listed, plain
from incident_atlas.i18n import _

__all__ = ["GRADES", "RULES", "Grade", "disagreements", "grade", "grades"]
__all__ += ["publisher_counts", "reports_of", "warnings"]

CONFIRMED, SEVERAL, CONTESTED = _("Confirmed"), _("Several sources"), _("Contested")
SINGLE, REFERENCE, NONE = _("Single source"), _("Reference only"), _("No report")
GRADES = (CONFIRMED, SEVERAL, CONTESTED, SINGLE, REFERENCE, NONE)
"""In the order of a legend: what stands firm first, what nobody reports last."""

RULES = {
    CONFIRMED: _(
        "Two or more publishers that do not have it from the same agency state the same day, place and kind of attack, and no independent report contradicts another."
    ),
    SEVERAL: _(
        "Independent publishers report it and do not contradict one another, but no two of them state its day, its place and its kind of attack alike."
    ),
    CONTESTED: _(
        "Independent reports contradict one another on the date, the town, the kind of attack, the perpetrator or whether anybody was hurt. Counts of the dead contradict when they differ by more than a factor of three; smaller differences are a range."
    ),
    SINGLE: _("One publisher reports it, or several that have it from one agency or from one another."),
    REFERENCE: _("Only encyclopedias or data sets list it; they do not count as confirmation."),
    NONE: _("No report of it is recorded."),
}
"""What each grade means, in one sentence for people."""

PLACES_LEFT_OUT = _(
    "Where places are left out it is not judged whether reports agree on them, and no incident is “{confirmed}”."
).format(confirmed=CONFIRMED)
"""Beside the meaning of the grades, where words are left out of a record."""

_LAST_NAMED = ("blog", "other", "")
"""Kinds of publishers that are named as confirming only where no others do."""

_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


class Grade(NamedTuple):
    """How well an incident is evidenced: one of `GRADES`, and one plain sentence that says why."""

    name: str
    reason: str


def reports_of(one: pd.Series, reports: pd.DataFrame) -> pd.DataFrame:
    """The reports of an incident, newest published first, those without a day after them in the order of the file.

    Columns of `schema.REPORT_NAMES`: date, published and accessed as datetime64 (NaT when blank), killed_low to wounded_high
    as numbers (NaN when blank), the rest text. Empty when the record holds none.
    """
    mine = reports[reports["incident_id"] == one["incident_id"]] if "incident_id" in reports else reports.iloc[:0]
    return typed(mine).sort_values("published", ascending=False, na_position="last", kind="stable", ignore_index=True)


def publisher_counts(reports: pd.DataFrame) -> pd.Series:
    """How many distinct publishers report each incident, by incident_id; incidents without any are not in it."""
    if "incident_id" not in reports:
        return pd.Series(dtype="int64", name="publishers", index=pd.Index([], name="incident_id", dtype="str"))
    named = reports[reports["publisher"] != ""]
    return named.groupby("incident_id")["publisher"].nunique().rename("publishers").astype("int64")


def grade(one: pd.Series, reports: pd.DataFrame, origins: Iterable[Origin] = ()) -> Grade:
    """The grade of an incident and why, by `RULES`. origins: of the record; a report that lost its place names none to judge.

    Two reports are independent when their publishers differ and neither has it from the other or from the same agency; one
    that names no agency is its publisher's own. Reference works are compilers and no witnesses: they neither confirm nor
    contest, and what they say otherwise is among the `disagreements`. To confirm, two independent reports must both state
    the day, the place and the kind of attack: two that say little agree on little. What counts as a
    contradiction is in `reports`, one function per point.
    """
    return _graded(_testimonies(one, reports), _about(one), places_left_out(one, origins))


def places_left_out(one: pd.Series, origins: Iterable[Origin]) -> bool:
    """Whether the places that reports of this incident name may be left out of the record. origins: of the record."""
    return any(origin.wordless for origin in named([str(one["origin"])], origins))


def grades(incidents: pd.DataFrame, reports: pd.DataFrame) -> pd.Series:
    """The name of each incident's grade, by incident_id, in the order of `incidents`; one walk through the reports."""
    ids = incidents["incident_id"].astype("str")
    found = np.full(len(ids), NONE, dtype=object)
    filed: dict[str, list[Testimony]] = {}
    if "incident_id" in reports:
        for incident_id, testimony in zip(reports["incident_id"].tolist(), testimonies(typed(reports)), strict=True):
            filed.setdefault(incident_id, []).append(testimony)
    reported = np.flatnonzero(ids.isin(list(filed)))
    few = incidents.iloc[reported][["incident_id", "first_day", "last_day", "date_end", "province"]]
    for at, one in zip(reported, few.to_dict("records"), strict=True):
        found[at] = _graded(filed[one["incident_id"]], _about(one)).name
    return pd.Series(found, index=pd.Index(ids, name="incident_id"), name="grade", dtype="str")


def disagreements(one: pd.Series, reports: pd.DataFrame, counts: bool = True) -> list[str]:
    """Where the reports differ, as sentences that say who says what; all reports, reference works included.

    More than what makes an incident contested: every range of counts, and who names nobody. A report that has nobody hurt
    as its low and leaves more open, while its own words deny that anybody was, contradicts itself, and is quoted. counts:
    whether the ranges of counts are told as well; a page that draws them needs no sentence on them.
    """
    return differences.sentences(_testimonies(one, reports), _about(one), counts)


def warnings(one: pd.Series, reports: pd.DataFrame) -> list[str]:
    """What to beware of before this incident is quoted: one source, reference works only, what no report carries."""
    statements, about = _testimonies(one, reports), _about(one)
    verdict = _graded(statements, about)
    notes = [verdict.reason] if verdict.name in (SINGLE, REFERENCE, NONE) else []
    days = [each.date for each in statements if each.date]
    if days and not any(about.first <= each <= about.last for each in days):
        message = _("Date: no report held here gives {date}, which the record has.")
        notes.append(message.format(date=day(one["date"], one["date_precision"])))
    for what in ("killed", "wounded") if statements else ():
        reported = [figures for each in statements if not silent(figures := getattr(each, what))]
        ours = [one[name] for name in (f"{what}_low", what, f"{what}_high") if pd.notna(one[name])]
        bare = dict.fromkeys(f"{value:,.0f}" for value in ours if not any(_carries(figures, value) for figures in reported))
        if bare:
            message = _("{what}: no report held here gives {bare}, which the record has.")
            notes.append(message.format(what=what.capitalize(), bare=listed(list(bare), "or")))
    return notes


def _testimonies(one: pd.Series, reports: pd.DataFrame) -> list[Testimony]:
    return list(testimonies(reports_of(one, reports)))


def _about(one: Mapping[str, Any]) -> About:
    """What reports are held against: a report may date an attack to any day on which it went on."""
    last = max(one["last_day"], one["date_end"]) if pd.notna(one["date_end"]) else one["last_day"]
    return About(one["first_day"].date(), last.date(), one["province"])


def _graded(statements: list[Testimony], about: About, left_out: bool = False) -> Grade:
    """left_out: whether places may be left out, so that a report without one is not said to name none."""
    witnesses = [each for each in statements if not each.reference]
    if not statements:
        return Grade(NONE, RULES[NONE])
    if not witnesses:
        works = _("a reference work lists it") if len({each.key for each in statements}) == 1 else _("reference works list it")
        return Grade(
            REFERENCE, _("Only {works}, and such works never confirm: {names}.").format(works=works, names=names(statements))
        )
    pair = next(pairs(witnesses), None)
    if pair is None:
        return Grade(SINGLE, _why_single(witnesses, len(witnesses) < len(statements)))
    if contests := differences.contests(witnesses, about):
        return Grade(CONTESTED, "; ".join(differences.contest(*each) for each in contests) + ".")
    stated = [each for each in witnesses if each.date and each.attack_type]
    stated.sort(key=lambda each: (not each.place, each.kind in _LAST_NAMED))
    best = next(pairs(each for each in stated if each.place), None) or next(pairs(stated), None)
    if best is None:
        short = _("report it independently, but no two such reports state both its day and its kind of attack")
        return Grade(SEVERAL, f"{names(pair)} {short}.")
    placed = [each for each in best if each.place]
    if len(placed) == 2:
        return Grade(CONFIRMED, _("{names} agree on date, place and kind of attack.").format(names=names(best)))
    where = _("only {name} names the place").format(name=placed[0].name) if placed else _("neither names the place")
    where = _("places are left out here, so agreement on them is not judged") if left_out else where
    return Grade(SEVERAL, _("{names} agree on date and kind of attack; {where}.").format(names=names(best), where=where))


def _why_single(statements: list[Testimony], references: bool) -> str:
    if len({each.key for each in statements}) == 1:
        beside = _(" beside reference works") if references else ""
        return _("Only one publisher reports it{beside}: {publisher}.").format(beside=beside, publisher=statements[0].publisher)
    many = _NUMBERS[len(statements)] if len(statements) < len(_NUMBERS) else f"{len(statements):,}"
    shared = frozenset.intersection(*(each.origin for each in statements))
    if agency := next((each.agency or each.publisher for each in statements if each.origin == shared), ""):
        return _("{all_many} reports come from {agency}.").format(
            all_many=_("Both") if len(statements) == 2 else _("All {many}").format(many=many), agency=plain(agency, 80)
        )
    return _("None of its {many} reports is independent of another: {names}.").format(many=many, names=names(statements))


def _carries(figures: tuple[float, float], value: float) -> bool:
    low, high = figures
    return value in figures or low <= value <= high
