"""Cells of our own columns that are written as other tables write them: times behind dates, decimal commas, "10+" and "5-7".

They are read as in any other table (`importers.mapping`). What is written as the record has it is not looked at, so that a
large record costs one comparison per cell.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.schema import COLUMNS
from incident_atlas.geo.parse_coordinates import degrees
from incident_atlas.i18n import _
from incident_atlas.importers.mapping.parse_counts import NOTHING, UNKNOWN_CODES, figure
from incident_atlas.importers.mapping.parse_dates import day

_USUAL = {
    "date": r"^\s*(\d{4}(-\d{2}(-\d{2})?)?)?\s*$",
    "coordinate": r"^\s*([+-]?\d{1,3}(\.\d+)?)?\s*$",
    "count": r"^\s*(-?\d{1,7}(\.0+)?)?\s*$",
}
"""How the record writes a cell of each kind, blank cells among them."""


def written(raw: pd.DataFrame, date_order: str) -> pd.DataFrame:
    """The rows (text, columns of the record) with odd dates, coordinates and figures as the record writes them.

    What cannot be read stays, for the check to tell; the notes keep a date that says more than a day, such as a doubt. A bound or a range of the killed or the wounded goes into the low and the
    high figure where these are blank.
    """
    columns = dict(raw.items())
    for column in COLUMNS:
        name = column.name
        if column.kind not in _USUAL or not (odd := _odd(columns[name], column.kind)).any():
            continue
        cells = columns[name][odd].str.strip()
        if column.kind == "date":
            columns[name] = _with(columns[name], odd, _each(cells, lambda cell: day(cell, date_order).text))
            if name == "date":
                for other in ("time_local", "date_end"):
                    part = "time" if other == "time_local" else "end"
                    known, own = _each(cells, lambda cell, part=part: getattr(day(cell, date_order), part)), columns[other][odd]
                    columns[other] = _with(columns[other], odd, known.where(own == "", own))
                kept = _each(cells, lambda cell: _in_the_file(cell) if day(cell, date_order).kept else "")
                columns["notes"] = _with(columns["notes"], odd, (columns["notes"][odd] + " " + kept).str.strip())
        elif column.kind == "coordinate":
            columns[name] = _with(
                columns[name],
                odd,
                _each(cells, lambda cell, name=name: "" if cell.casefold() in NOTHING else degrees(cell, name)),
            )
        elif name in ("killed", "wounded"):
            for end in ("low", "high"):
                bound, own = f"{name}_{end}", columns[f"{name}_{end}"][odd]
                known = _each(cells, lambda cell, end=end: getattr(figure(cell), end))
                columns[bound] = _with(columns[bound], odd, known.where(own == "", own))
            columns[name] = _with(columns[name], odd, _each(cells, _best))
        else:
            columns[name] = _with(columns[name], odd, _each(cells, lambda cell, name=name: _number(cell, name)))
    return pd.DataFrame(columns, index=raw.index)


def _odd(cells: pd.Series, kind: str) -> pd.Series:
    texts = pa.array(cells, pa.large_string())
    usual = pc.match_substring_regex(texts, _USUAL[kind])
    return ~pd.Series(usual.to_numpy(zero_copy_only=False), index=cells.index)


def _number(cell: str, name: str) -> str:
    found = figure(cell, name)
    return found.best if found.alone and not found.kept else cell


def _in_the_file(cell: str) -> str:
    return _('In the file, {name}: "{cell}".').format(name="date", cell=cell)


def _best(cell: str) -> str:
    # A code for unknown is told of by the check, as a number below zero; so are words, which have no place in these columns.
    found = figure(cell)
    return cell if found.wrong or (found.alone and found.kept) or cell in UNKNOWN_CODES else found.best


def _each(cells: pd.Series, read: Callable[[str], str]) -> pd.Series:
    return cells.map({cell: read(cell) for cell in cells.unique()}).astype("str")


def _with(cells: pd.Series, where: pd.Series, values: pd.Series) -> pd.Series:
    found = cells.to_numpy(dtype=object, copy=True)
    found[where.to_numpy()] = values.to_numpy(dtype=object)
    return pd.Series(pd.array(found, dtype="str"), index=cells.index)
