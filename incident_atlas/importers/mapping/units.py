"""What one row of a table is: an incident, a victim of one, or a total of many, which is none.

Recognised from names of columns and the first rows; a person may say otherwise (`Mapping.unit`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from incident_atlas.geo.gazetteer import fold
from incident_atlas.importers.column_names import DATE_PARTS, spellings
from incident_atlas.importers.mapping import parse_counts as figures
from incident_atlas.importers.mapping.kinds import ENOUGH, MOST, filled, share

INCIDENT, VICTIM, TOTAL = "incident", "victim", "total"
UNITS = ("", INCIDENT, VICTIM)
"""What a person may say that a row is; '' when nobody said."""

_ID = re.compile(r"(incident|event|attack|case) ?(id|no|number|code|ref)?|id")
_VICTIM = set("victim victims casualty casualties person deceased".split())
_ABOUT_ONE = set("age sex gender".split())
_ABOUT_A_PERSON = _ABOUT_ONE | {"name", "nationality"}
_OF_ONE_VICTIM = _ABOUT_A_PERSON | set("id code ref".split())
_EVENTS = re.compile(
    r"(number|no|count|sum|total|num)?( of)? ?(events|incidents|attacks)( count| number| total)?|event count|incident count"
)
_PERIODS = set("year month quarter week period date".split())
FATE = {
    **dict.fromkeys("k killed dead died death deceased fatal fatality".split(), "killed"),
    **dict.fromkeys("i w injured wounded hurt injury".split(), "wounded"),
}
"""Words and letters for what happened to a victim, folded."""


def unit_of(sample: pd.DataFrame, columns: Mapping[str, str] | None = None) -> str:
    """`VICTIM` where the id of an incident repeats and columns tell of one person; `TOTAL` where a column counts events; else `INCIDENT`.

    sample: the first rows of the table, all text. columns: ours to theirs. Where no two rows of one id agree in date and title, the
    id is that of several incidents by mistake. A column of figures such as "Casualties" counts people, and tells of no single one.
    """
    words = {name: set(" ".join(spellings(name)).split()) for name in sample.columns}
    if id_column := incident_id(sample):
        named = [name for name, held in words.items() if held & _VICTIM]
        victims = [name for name in named if not _counts_people(sample, name, words[name], id_column)]
        persons = [name for name, held in words.items() if held & _ABOUT_A_PERSON and name != id_column] + victims
        if victims or fate(sample) or (named and any(words[name] & _ABOUT_ONE for name in persons)):
            return VICTIM if persons and _agree(sample, id_column, columns or {}) else INCIDENT
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


def _counts_people(sample: pd.DataFrame, name: str, words: set[str], id_column: str) -> bool:
    """Whether a column such as "Casualties" holds how many there are, or nothing, and neither who they are nor their number in a list."""
    if words & _OF_ONE_VICTIM:
        return False
    found = [figures.figure(cell) for cell in filled(sample[name])]
    known = [figure for figure in found if any(figure[:3])]
    if sum(any(number.isdigit() for number in figure[:3]) for figure in known) < ENOUGH * len(known):
        return False
    distances = pd.to_numeric(sample[name], errors="coerce").groupby(sample[id_column]).diff().dropna()
    return distances.empty or bool((distances != 1).any())


def _agree(sample: pd.DataFrame, id_column: str, columns: Mapping[str, str]) -> bool:
    """Whether two rows of one id have the same date and title, as far as the table has them."""
    names = {columns[ours] for ours in ("date", *DATE_PARTS, "title") if columns.get(ours) in sample.columns}
    texts = sample[[id_column, *(names - {id_column})]].fillna("")
    return bool(texts.apply(lambda cells: cells.str.split().str.join(" ").str.casefold()).duplicated().any())


def incident_id(sample: pd.DataFrame, blank: bool = False) -> str:
    """The column that names the incident of a row and repeats, or ''. blank: it may be blank in some rows."""
    for name in sample.columns:
        cells = filled(sample[name])
        if _ID.fullmatch(fold(name.replace("_", " "))) and (blank or len(cells) == len(sample)) and len(set(cells)) < len(cells):
            return name
    return ""


def fate(sample: pd.DataFrame) -> str:
    """The column that says whether a victim was killed or wounded, or ''.

    Other fates may stand beside these where they are words; letters alone may mean anything, so all of them must be known.
    """
    known = {name: share(filled(sample[name]), lambda cell: fold(cell) in FATE) for name in sample.columns}
    words = {name: share(filled(sample[name]), lambda cell: len(cell) > 1 and fold(cell) in FATE) for name in sample.columns}
    telling = [name for name in sample.columns if known[name] == 1 or words[name] >= ENOUGH]
    return max(telling, key=known.__getitem__, default="")
