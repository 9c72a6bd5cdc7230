"""A table with one row per victim as one with one row per incident: the victims counted, totals that repeat in every row taken once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from incident_atlas.core.schema import COUNTS
from incident_atlas.core.validation import Problems
from incident_atlas.errors import Undecided
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import DATE_PARTS
from incident_atlas.importers.mapping import parse_counts as figures
from incident_atlas.importers.mapping import parse_dates as dates
from incident_atlas.importers.mapping.kinds import SOME
from incident_atlas.importers.mapping.units import FATE, fate, incident_id

_HARM = ("killed", "wounded")
_OF_VICTIMS = tuple(name for name in COUNTS if name != "attackers_killed")
"""Counts that may be 1 for a victim it happened to. A victim is no attacker, so the attackers killed are always a total."""

_FLAGS = {"0", "1"}


def grouped(
    rows: pd.DataFrame, columns: Mapping[str, str], problems: Problems, date_order: str = ""
) -> tuple[pd.DataFrame, dict[str, str]]:
    """One row per incident of a table with one row per victim, and `columns` with killed and wounded counted.

    rows: text, all of the table, index the line of each row. date_order: one of `parse_dates.ORDERS`. Rows of one id and different
    dates are different incidents. Of each column of ours the first cell that is not blank is kept, of any other all different
    cells, "; " between; different titles are a Problem. The index is the line of the first victim. Raises `Undecided` when no
    column names the incident of a row.

    Killed and wounded are counted from the column that says what happened to each victim; a victim of another fate, such as
    "missing", or of none, is in neither figure and becomes a Problem. Without that column, `_totals` says how columns of counts are
    read. A count of victims that would be 0 is blank, because a list of victims does not say that nobody was hurt.
    """
    rows = rows.fillna("")
    if not (name := incident_id(rows) or columns.get("incident_id", "") or incident_id(rows, blank=True)):
        reason = _("No column tells which incident a victim belongs to.")
        raise Undecided(reason, _("Name the column of the incident's id, or say that a row is one incident."))
    keys = _incidents(rows, name, columns, date_order)
    groups = rows.replace("", np.nan).groupby(keys.to_numpy(), sort=False)
    first = groups.first().fillna("")
    for other in set(rows.columns) - set(columns.values()) - {name}:
        first[other] = groups[other].agg(lambda cells: "; ".join(dict.fromkeys(cells.dropna())))
    found = {**columns, "incident_id": name}
    counts = {ours: theirs for ours, theirs in columns.items() if ours in COUNTS and theirs in rows.columns}
    if fate_column := fate(rows):
        fates = rows[fate_column].str.strip()
        _tell_of_uncounted(fates[~fates.map(lambda cell: fold(cell) in FATE)], problems)
        for kind in _HARM:
            hit = fates.map(lambda cell, kind=kind: FATE.get(fold(cell)) == kind)
            first[f"{kind} (counted)"] = _number_of(hit, keys)
            found[kind] = f"{kind} (counted)"
            counts.pop(kind, None)
    for ours, cells in _totals(rows, keys, counts, problems).items():
        first[counts[ours]] = cells
    _tell_of_titles(rows, keys, columns.get("title", ""), problems)
    first.index = pd.Index(rows.index.to_series().groupby(keys.to_numpy(), sort=False).first().to_numpy(), name=rows.index.name)
    return first.astype("str"), found


def _incidents(rows: pd.DataFrame, name: str, columns: Mapping[str, str], date_order: str) -> pd.Series:
    """A text for each row, the same for rows of one incident: its id, and its date where it has one. Without an id it is its line."""
    ids = rows[name].str.strip()
    ids = ids.where(ids != "", pd.Series([f"\x00{line}" for line in rows.index], index=rows.index))
    parts = [columns["date"]] if "date" in columns else [columns[part] for part in DATE_PARTS if part in columns]
    if not (parts := [part for part in parts if part in rows.columns]):
        return ids
    cells = rows[parts[0]].str.cat([rows[part] for part in parts[1:]], sep=" ") if len(parts) > 1 else rows[parts[0]]
    cells = cells.str.strip()
    texts = {
        cell: "" if cell.casefold() in figures.NOTHING else dates.day(cell, date_order).text or cell for cell in cells.unique()
    }
    days = cells.map({cell: text or np.nan for cell, text in texts.items()}).astype(object)
    # A row without a date is of the day of the rows before it.
    days = days.groupby(ids.to_numpy(), sort=False).ffill()
    days = days.groupby(ids.to_numpy(), sort=False).bfill().fillna("")
    return ids + "\x1f" + days


def _number_of(hit: pd.Series, keys: pd.Series) -> pd.Series:
    return hit.groupby(keys.to_numpy(), sort=False).sum().astype("int64").astype(str).replace("0", "")


def _totals(rows: pd.DataFrame, keys: pd.Series, counts: Mapping[str, str], problems: Problems) -> dict[str, pd.Series]:
    """For each count of ours the figure of every incident, text, index the keys.

    A column of 0 and 1 alone, in a table in which incidents have several rows, says of each victim whether it happened to them, and
    is summed. It does not where it hardly ever differs within an incident and another column holds larger totals, or many rows have
    both 1 killed and 1 wounded: then it repeats a total, as any other column does. Where such a total differs within an incident it
    is blank and a Problem; a column in which that is no exception is no total at all.
    """
    cells = {ours: rows[theirs].str.strip() for ours, theirs in counts.items()}
    numbers = {ours: _numbers(held, ours) for ours, held in cells.items()}
    several = keys.duplicated(keep=False).groupby(keys.to_numpy(), sort=False).any()
    differs = {ours: held.groupby(keys.to_numpy(), sort=False).nunique() > 1 for ours, held in numbers.items()}
    varies = [ours for ours in counts if differs[ours].sum() > SOME * several.sum()]
    flags = _flags(numbers, varies) if several.any() else []
    found = {}
    for ours, theirs in counts.items():
        if ours in flags:
            found[ours] = _number_of(numbers[ours] == "1", keys)
            continue
        known = cells[ours].where(numbers[ours].notna()).groupby(keys.to_numpy(), sort=False).first()
        any_cell = cells[ours].replace("", np.nan).groupby(keys.to_numpy(), sort=False).first()
        unclear = several & known.notna() if ours in varies else differs[ours]
        found[ours] = known.fillna(any_cell).fillna("").mask(unclear, "")
        _tell_of_unclear(ours, rows[theirs], keys, unclear, problems)
    harms = [ours for ours in _HARM if ours in counts]
    if harms and set(harms) <= set(flags):
        harmed = pd.concat([numbers[ours] == "1" for ours in harms], axis=1).any(axis=1)
        unread = ~pd.concat([numbers[ours].isin(_FLAGS) for ours in harms], axis=1).all(axis=1)
        # Without a column for the other harm, a 0 leaves nothing open.
        uncounted = ~harmed & (unread | (len(harms) == len(_HARM)))
        _tell_of_uncounted(cells[harms[0]][uncounted], problems)
    return found


def _flags(numbers: Mapping[str, pd.Series], varies: Sequence[str]) -> list[str]:
    """The counts of ours that are 1 for each victim it happened to. varies: those that often differ within an incident."""
    # One cell that cannot be read makes a column of flags no column of totals.
    values = {ours: set(held[held.str.fullmatch(r"\d+(-\d+)?", na=False)]) for ours, held in numbers.items()}
    larger = any(values.get(ours, set()) - _FLAGS for ours in _HARM)
    both = False
    if all(ours in numbers for ours in _HARM):
        killed, wounded = (numbers[ours] == "1" for ours in _HARM)
        both = (killed & wounded).sum() > SOME * (killed | wounded).sum()
    two_valued = [ours for ours in _OF_VICTIMS if {"1"} <= values.get(ours, set()) <= _FLAGS]
    return [ours for ours in two_valued if ours in varies or not (larger or both)]


def _numbers(cells: pd.Series, ours: str) -> pd.Series:
    """What each cell counts, "1" for "1.0" and "5-7" for "from 5 to 7"; NaN where nothing is known."""
    point = figures.point_means(cells.unique())
    parsed = {cell: figures.figure(cell, ours, point) for cell in cells.unique()}
    texts = {cell: held.best if held.alone else "-".join(held[:3]).strip("-") for cell, held in parsed.items()}
    return cells.map({cell: text or np.nan for cell, text in texts.items()}).astype(object)


def _tell_of_uncounted(cells: pd.Series, problems: Problems) -> None:
    reason, advice = _("neither killed nor wounded: not counted"), _("Write killed or wounded for a victim who was.")
    problems.add(cells.index, "killed", cells, reason, advice, "not_a_count")


def _tell_of_unclear(ours: str, cells: pd.Series, keys: pd.Series, unclear: pd.Series, problems: Problems) -> None:
    of_unclear = cells[keys.isin(unclear.index[unclear]).to_numpy()]
    groups = of_unclear.groupby(keys[of_unclear.index].to_numpy(), sort=False)
    lines = [held.index[0] for _unused, held in groups]
    texts = ["; ".join(held) for _unused, held in groups]
    reason = _("the rows of this incident may count each victim or repeat a total; the cell is blank")
    advice = _("Write 1 or 0 for each victim, or the same total in every row.")
    problems.add(lines, ours, texts, reason, advice, "not_a_count")


def _tell_of_titles(rows: pd.DataFrame, keys: pd.Series, theirs: str, problems: Problems) -> None:
    """A Problem for each row whose title is another than that of its incident."""
    if theirs not in rows.columns:
        return
    titles = rows[theirs].str.split().str.join(" ")
    kept = titles.replace("", np.nan).groupby(keys.to_numpy(), sort=False).transform("first")
    other = (titles != "") & (titles.str.casefold() != kept.str.casefold())
    reason = _("another title than that of the first victim of this incident, which is kept")
    advice = _("Nothing, if both are one incident; else give each an id of its own.")
    problems.add(rows.index[other], "title", titles[other], reason, advice, "title_not_kept")
