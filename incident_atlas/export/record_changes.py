"""What changed between two versions of a record, and the table data/CHANGES.csv that keeps it.

A change is of one incident: added, removed, or corrected, with the cells that differ. Each is kept with the versions of the data
before and after it, so that a link made on an older version can say what has changed since.
"""

from __future__ import annotations

import io
from collections.abc import Collection
from dataclasses import astuple, dataclass
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from incident_atlas.core.reference_data import DATA, read_table
from incident_atlas.core.schema import NAMES
from incident_atlas.core.text import as_cell, day, from_cell, listed, plain
from incident_atlas.dataset.citation import version
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import NotAFile
from incident_atlas.export.tables import write_incidents
from incident_atlas.i18n import _, ngettext

CHANGES = DATA / "CHANGES.csv"
ADDED, REMOVED, READ_AGAIN = "added", "removed", "read again"
COLUMNS = ("date", "incident", "what", "why", "before", "after")

_BOOKKEEPING = ("incident_id", "added", "revised", "checked")
_LONGEST_CELL = 40
"""Longer cells are words: that they changed is said, and not how."""


@dataclass(frozen=True)
class IncidentChange:
    """One row of the table, all text. date: ISO. what: added, removed, read again when that alone differs, or each cell that differs.

    before, after: versions.
    """

    date: str
    incident: str
    what: str
    why: str
    before: str
    after: str


def compared(old: Loaded, new: Loaded, on: date, why: str = "") -> list[IncidentChange]:
    """The incidents that were added, removed or corrected from one version to the next, by id."""
    before, after = _cells(old), _cells(new)
    versions = version(old.source.sha256), version(new.source.sha256)
    found = []
    for incident_id in sorted(before.keys() | after.keys()):
        one, other = before.get(incident_id), after.get(incident_id)
        what = ADDED if one is None else REMOVED if other is None else _what(one, other)
        if what:
            found.append(IncidentChange(on.isoformat(), incident_id, what, why, *versions))
    return found


def _cells(loaded: Loaded) -> dict[str, dict[str, str]]:
    """Each incident as the cells of a file, by id: what the gazetteer filled is no change of the record."""
    packed = io.BytesIO()
    write_incidents(packed, [loaded.incidents])
    table = pd.read_csv(io.BytesIO(packed.getvalue()), dtype="str", keep_default_na=False, encoding="utf-8-sig").map(from_cell)
    return {row["incident_id"]: row for row in table.to_dict("records")}


def _what(one: dict[str, str], other: dict[str, str]) -> str:
    """The cells that differ, in the words of the table: the same in every language, as it is data."""
    parts = []
    for name in NAMES:
        if name in _BOOKKEEPING or one[name] == other[name]:
            continue
        if max(len(one[name]), len(other[name])) > _LONGEST_CELL:
            parts.append(f"{name} reworded")
        else:
            parts.append(f"{name}: {one[name] or 'blank'} to {other[name] or 'blank'}")
    # Without a row for it a link that was made on the older version would not be known.
    return "; ".join(parts) or (READ_AGAIN if one["checked"] != other["checked"] else "")


def read_changes(path: Path | None = None) -> pd.DataFrame:
    """The table, that of the shipped record when no path is given, all text, oldest first, without rows when there is no such file; raises `NotAFile` for a file that is no such table."""
    path = CHANGES if path is None else path
    if not path.is_file():
        return pd.DataFrame(columns=list(COLUMNS), dtype="str")
    try:
        table = read_table(path)
    except (ValueError, OSError) as trouble:
        reason = _("{path} cannot be read: {fault}.").format(path=path, fault=type(trouble).__name__)
        raise NotAFile(reason, _("Name the table of changes.")) from trouble
    if tuple(table.columns) != COLUMNS:
        reason = _("{path} is no table of changes.").format(path=path)
        raise NotAFile(reason, _("Its columns are {columns}.").format(columns=", ".join(COLUMNS)))
    return table.map(from_cell)


def with_changes(table: pd.DataFrame, found: list[IncidentChange]) -> bytes:
    """The table with these changes, as the bytes of its file: in the place of those between the same two versions, else at its end."""
    added = pd.DataFrame([astuple(one) for one in found], columns=list(COLUMNS), dtype="str")
    pairs = set(zip(added["before"], added["after"], strict=True))
    known = np.array([pair in pairs for pair in zip(table["before"], table["after"], strict=True)], dtype=bool)
    at = int(known.argmax()) if known.any() else len(table)
    table = pd.concat([table[:at], added, table[at:][~known[at:]]], ignore_index=True).map(as_cell)
    return table.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace")


def since(table: pd.DataFrame, made_on: str) -> pd.DataFrame | None:
    """The changes that came after a version; None when the table does not know that version."""
    rows = (table["before"] == made_on).to_numpy().nonzero()[0]
    return table.iloc[rows[0] :] if len(rows) else None


def what_changed(table: pd.DataFrame, made_on: str, visible: Collection[str]) -> str:
    """What changed after a version, in all and among the visible incidents, as sentences; '' when the version is not known."""
    later = since(table, made_on)
    if later is None:
        return ""
    visible = set(visible)
    shown = later[later["incident"].isin(visible)]
    rest = later.loc[later["what"] == REMOVED, "incident"].nunique()
    gone = (
        ngettext(" {n:,} incident of any kind was removed.", " {n:,} incidents of any kind were removed.", rest).format(n=rest)
        if rest
        else ""
    )
    return _("The data changed on {date}. Of the incidents shown here {counts}.{gone}").format(
        date=plain(listed(sorted(set(later["date"]))[-3:]), 60), counts=_counts(shown), gone=gone
    )


def _counts(changes: pd.DataFrame) -> str:
    added = set(changes.loc[changes["what"] == ADDED, "incident"])
    corrected = set(changes.loc[~changes["what"].isin([ADDED, REMOVED, READ_AGAIN]), "incident"]) - added
    return ngettext(
        "{n:,} was added since and {count:,} corrected", "{n:,} were added since and {count:,} corrected", len(added)
    ).format(n=len(added), count=len(corrected))


def of_incident(table: pd.DataFrame, incident_id: str) -> list[tuple[str, str, str]]:
    """Date, what and why of each change of one incident, newest first, as a reader sees them: plain text, not harmless."""
    mine = for_readers(table[table["incident"] == incident_id])
    return list(mine[["date", "what", "why"]].itertuples(index=False, name=None))


def for_readers(table: pd.DataFrame) -> pd.DataFrame:
    """All changes, newest first, with days as pages write them: date, incident, what, why."""
    shown = table[["date", "incident", "what", "why"]].iloc[::-1]
    return shown.assign(date=shown["date"].map(_day), what=shown["what"].str.replace("_", " "))


def _day(text: str) -> str:
    """A day as pages write it; what is none stays as it is, because the table is a file that anybody may have changed."""
    try:
        return day(pd.Timestamp(date.fromisoformat(text)))
    except ValueError:
        return text
