"""How good a file is as a source: what of it was kept, what is missing, how places, dates and figures are known.

Nothing here judges: each finding is a count, a sentence that says what it may mean, and the table behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_atlas.core.data_sets import Origin
from incident_atlas.core.text import counted_incidents, counted_rows, day, plain
from incident_atlas.curation.quality import dates, figures, lead, places
from incident_atlas.curation.quality.section import MOST, Section, costs_row, percent, short_reason
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _

_MATTER = (
    *"summary attack_type weapon suicide target_type target_subtype target_name target_country".split(),
    *"perpetrator attribution killed wounded coordinated_id".split(),
)
"""Columns whose blanks a reader meets in a chart or a filter; places and dates have findings of their own."""

_COUNTED = (
    *_MATTER,
    *lead.COLUMNS,
    *"date date_precision first_day last_day month city district province country latitude longitude".split(),
    *"geo_precision precision_rank found_by x spot killed_low killed_high killed_none killed_counts wounded_low wounded_high wounded_none".split(),
)
"""Columns of `Loaded.incidents` that the findings ask: to pick rows of them all would copy every text."""


@dataclass(frozen=True)
class FileQuality:
    """The findings of one file of a record, in the order in which they are read: the five things to know first, then all others."""

    origin: Origin
    facts: tuple[lead.Fact, ...]
    sections: tuple[Section, ...]


@dataclass(frozen=True)
class Quality:
    """The findings of each file of a record."""

    files: tuple[FileQuality, ...]


def report(loaded: Loaded) -> Quality:
    """The quality report of every file of a record, from counts of whole columns: 350,000 rows take under a second.

    Of a record of several files, what became of the rows is told by their numbers alone: its problems do not say of which file
    they are. An incident joined of several files counts in the report of each.
    """
    alone = len(loaded.origins) == 1
    problems = loaded.problems if alone else loaded.problems.iloc[:0]
    return Quality(tuple(_of_file(loaded, one, problems, alone) for one in loaded.origins))


def as_json(quality: Quality) -> list[dict[str, Any]]:
    """The report as one JSON value: per file its name, title, the five things to know, and sections, each with title, sentence and the rows of its table."""
    return [
        {
            "name": plain(one.origin.name),
            "recognised": plain(one.origin.title),
            "facts": [fact._asdict() for fact in one.facts],
            "sections": [
                {"title": part.title, "sentence": part.sentence, "rows": part.table.astype(object).to_dict("records")}
                for part in one.sections
            ],
        }
        for one in quality.files
    ]


def _of_file(loaded: Loaded, origin: Origin, problems: pd.DataFrame, alone: bool) -> FileQuality:
    incidents = loaded.incidents[list(dict.fromkeys(_COUNTED))]
    incidents = incidents if alone else incidents[_of(loaded.incidents["origin"], origin.name)]
    found = [_rows(origin, problems), _doubled(problems)]
    if len(incidents):
        found += [_missing(incidents), *places.sections(incidents), *dates.sections(incidents)]
        found += figures.sections(incidents, origin.format.key)
    found += [_silent(origin), _breaks(origin, incidents)]
    facts = lead.facts(origin, incidents, problems if alone else None)
    return FileQuality(origin, facts, tuple(part for part in found if part))


def _of(origins: pd.Series, name: str) -> pd.Series:
    """Whether each incident is, also, of the file of that name."""
    cells = origins.astype("category").cat
    return cells.codes.isin([at for at, cell in enumerate(cells.categories) if name in cell.split(";")])


def _rows(origin: Origin, problems: pd.DataFrame) -> Section:
    lost = problems[costs_row(problems)]
    # A row may have two faults, each enough: every row counts once under each.
    by_reason = lost.drop_duplicates(["row", "reason"])["reason"].astype("str").value_counts()
    table = pd.DataFrame([(short_reason(reason, 200), int(n)) for reason, n in by_reason.items()], columns=["Reason", "Rows"])
    sentence = _("{rows} read, {kept:,} kept, {set_aside:,} set aside.").format(
        rows=counted_rows(origin.read), kept=origin.kept, set_aside=origin.set_aside
    )
    sentence += _(" A row with two faults stands under both.") if table["Rows"].sum() > origin.set_aside else ""
    return Section(_("Rows"), sentence, table)


def _doubled(problems: pd.DataFrame) -> Section | None:
    again = problems[problems["code"] == "repeated_id"]
    if again.empty:
        return None
    ids = again["value"].astype("str")
    counts = ids[ids != ""].value_counts().head(MOST)
    table = pd.DataFrame([(plain(name, 80), int(n)) for name, n in counts.items()], columns=["Id", "Rows set aside"])
    many = counted_rows(len(again)) + (_(" repeats") if len(again) == 1 else _(" repeat"))
    return Section(_("Repeated ids"), _("{many} the id of a row before; the first of each is kept.").format(many=many), table)


def _missing(incidents: pd.DataFrame) -> Section:
    whole, rows = len(incidents), []
    for name in _MATTER:
        blank = lead.blank(incidents, name)
        rows.append((name, blank, round(blank / whole, 4)))
    table = pd.DataFrame(rows, columns=["Column", "Missing", "Share"])
    never = table.loc[table["Missing"] == whole, "Column"].tolist()
    sentence = _("Of {incidents}, in how many a column is blank or unknown.").format(incidents=counted_incidents(whole))
    sentence += _(" Never filled: {never}.").format(never=", ".join(never)) if never else ""
    return Section(_("Missing"), sentence, table)


def _silent(origin: Origin) -> Section | None:
    missing = origin.format.cannot_say
    return Section(_("What it cannot say"), " ".join(missing), pd.DataFrame()) if missing else None


def _breaks(origin: Origin, incidents: pd.DataFrame) -> Section | None:
    if incidents.empty:
        return None
    first, last = incidents["first_day"].min(), incidents["last_day"].max()
    inside = [(on, what) for on, what in origin.format.breaks if first < pd.Timestamp(on) <= last]
    if not inside:
        return None
    table = pd.DataFrame(inside, columns=["Since", "What changed"])
    days = ", ".join(day(pd.Timestamp(on)) for on, _unused in inside)
    sentence = _("How it is collected changed on {days}: counts across such a day do not compare.").format(days=days)
    return Section(_("Breaks of method"), sentence, table)


__all__ = ["FileQuality", "Quality", "Section", "as_json", "percent", "report"]
