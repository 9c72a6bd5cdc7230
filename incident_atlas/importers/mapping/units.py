"""What one row of a table is: an incident, a victim of one, or a total of many, which is none.

Recognised from names of columns and the first rows; a person may say otherwise (`Mapping.unit`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from incident_atlas.core.validation import Problems
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import spellings
from incident_atlas.importers.mapping.kinds import ENOUGH, MOST, filled, share

INCIDENT, VICTIM, TOTAL = "incident", "victim", "total"
UNITS = ("", INCIDENT, VICTIM)
"""What a person may say that a row is; '' when nobody said."""

_ID = re.compile(r"(incident|event|attack|case) ?(id|no|number|code|ref)?|id")
_VICTIM = set("victim victims casualty casualties person deceased".split())
_ABOUT_A_PERSON = set("name age sex gender nationality".split())
_EVENTS = re.compile(
    r"(number|no|count|sum|total|num)?( of)? ?(events|incidents|attacks)( count| number| total)?|event count|incident count"
)
_PERIODS = set("year month quarter week period date".split())
_FATE = {
    **dict.fromkeys("k killed dead died death deceased fatal fatality".split(), "killed"),
    **dict.fromkeys("i w injured wounded hurt injury".split(), "wounded"),
}


def unit_of(sample: pd.DataFrame) -> str:
    """`VICTIM` where the id of an incident repeats and columns tell of one person; `TOTAL` where a column counts events; else `INCIDENT`.

    sample: the first rows of the table, all text.
    """
    words = {name: set(" ".join(spellings(name)).split()) for name in sample.columns}
    if (id_column := incident_id(sample)) and (fate(sample) or any(held & _VICTIM for held in words.values())):
        persons = any(held & (_VICTIM | _ABOUT_A_PERSON) for name, held in words.items() if name != id_column)
        return VICTIM if persons else INCIDENT
    counted = [
        name
        for name in sample.columns
        if _EVENTS.fullmatch(fold(name))
        and share(filled(sample[name]), lambda cell: re.fullmatch(r"\d[\d.,]*", cell) is not None) >= MOST
    ]
    periods = any(held & _PERIODS for held in words.values())
    if counted and periods and not any("id" in held and held & {"event", "incident"} for held in words.values()):
        return TOTAL
    return INCIDENT


def incident_id(sample: pd.DataFrame) -> str:
    """The column that names the incident of a row and repeats, or ''."""
    for name in sample.columns:
        cells = filled(sample[name])
        if _ID.fullmatch(fold(name.replace("_", " "))) and len(cells) == len(sample) and len(set(cells)) < len(cells):
            return name
    return ""


def fate(sample: pd.DataFrame) -> str:
    """The column that says whether a victim was killed or wounded, or ''.

    Other fates may stand beside these where they are words; letters alone may mean anything, so all of them must be known.
    """
    known = {name: share(filled(sample[name]), lambda cell: fold(cell) in _FATE) for name in sample.columns}
    words = {name: share(filled(sample[name]), lambda cell: len(cell) > 1 and fold(cell) in _FATE) for name in sample.columns}
    telling = [name for name in sample.columns if known[name] == 1 or words[name] >= ENOUGH]
    return max(telling, key=known.__getitem__, default="")


def grouped(rows: pd.DataFrame, columns: Mapping[str, str], problems: Problems) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row per incident of a table with one row per victim, and `columns` with killed and wounded counted.

    rows: text, index the line of each row. Of each column of ours the first cell that is not blank is kept, of any other all different
    cells, "; " between; a figure that would be 0 is blank, because a list of victims does not say that nobody was hurt. A victim of another fate, such as "missing", is
    in neither figure and becomes a Problem. The index is the line of the first victim. Raises ValueError when no column names the incident of a row.
    """
    rows = rows.fillna("")
    if not (name := incident_id(rows) or columns.get("incident_id", "")):
        raise ValueError("no column names the incident of a row")
    keys = rows[name].where(rows[name].str.strip() != "", pd.Series([f"\x00{line}" for line in rows.index], index=rows.index))
    groups = rows.replace("", np.nan).groupby(keys.to_numpy(), sort=False)
    first = groups.first().fillna("")
    for other in set(rows.columns) - set(columns.values()) - {name}:
        first[other] = groups[other].agg(lambda cells: "; ".join(dict.fromkeys(cells.dropna())))
    first.index = pd.Index(rows.index.to_series().groupby(keys.to_numpy(), sort=False).first().to_numpy(), name=rows.index.name)
    found = {**columns, "incident_id": name}
    if fate_column := fate(rows):
        fates = rows[fate_column].str.strip()
        other = (fates != "") & ~fates.map(lambda cell: fold(cell) in _FATE)
        reason, advice = _("neither killed nor wounded: not counted"), _("Write killed or wounded for a victim who was.")
        problems.add(rows.index[other], "killed", fates[other], reason, advice, "not_a_count")
        for kind in ("killed", "wounded"):
            hit = rows[fate_column].map(lambda cell, kind=kind: _FATE.get(fold(cell)) == kind)
            first[f"{kind} (counted)"] = hit.groupby(keys.to_numpy(), sort=False).sum().astype(str).replace("0", "").to_numpy()
            found[kind] = f"{kind} (counted)"
    return first.astype("str"), found
