"""The small tables around a record: who is named, what happened meanwhile, what its sources covered, who reported."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd

from incident_atlas.check import Problems
from incident_atlas.record import REPORT_NAMES, split
from incident_atlas.vocabulary import UNKNOWN

DATA = Path(__file__).parent.parent / "data"


@cache
def perpetrators() -> dict[str, str]:
    """Casefolded name or alias of a perpetrator to the name that the record uses."""
    table = _table(DATA / "perpetrators.csv")
    names = {UNKNOWN.casefold(): UNKNOWN}
    for name, aliases in zip(table["name"], table["aliases"], strict=True):
        names |= {alias.casefold(): name for alias in [name, *split(aliases)]}
    return names


@cache
def milestones() -> pd.DataFrame:
    """Dates a reader compares against: date (datetime64), name, description, url."""
    return _dated(_table(DATA / "milestones.csv"), "date")


def coverage(record: Path) -> pd.DataFrame:
    """What covered what and when, beside the record: source, area, from, to (datetime64 or NaT), note; may be empty."""
    path = record.parent / "coverage.csv"
    return _dated(_table(path), "from", "to") if path.is_file() else pd.DataFrame(columns=["source", "area", "from", "to", "note"])


def reports(record: Path, incidents: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """The reports beside a record (reports.csv, or NAME_reports.csv of NAME.csv), all text; empty when there are none.

    A report of an incident that the record does not hold is a Problem, and is left out.
    """
    path = record.with_name("reports.csv" if record.stem == "incidents" else f"{record.stem}_reports.csv")
    if not path.is_file():
        return pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")
    try:
        table = _table(path, on_bad_lines="skip")
    except (ValueError, OSError) as trouble:
        problems.add([1], "reports", path.name, f"the reports cannot be read: {type(trouble).__name__}", "Save them as CSV UTF-8.")
        return pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")
    table = table.reindex(columns=list(REPORT_NAMES), fill_value="")
    known = table["incident_id"].isin(incidents["incident_id"])
    advice = "Correct the incident_id, or add the incident."
    lines = table.index[~known] + 2
    problems.add(lines, "reports.incident_id", table.loc[~known, "incident_id"], "a report of no incident of this record", advice)
    return table[known].reset_index(drop=True)


def _table(path: Path, **options) -> pd.DataFrame:
    return pd.read_csv(path, dtype="str", keep_default_na=False, encoding="utf-8-sig", **options)


def _dated(table: pd.DataFrame, *names: str) -> pd.DataFrame:
    return table.assign(**{name: pd.to_datetime(table[name], errors="coerce") for name in names})
