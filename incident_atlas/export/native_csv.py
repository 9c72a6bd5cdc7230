"""A record of any format as rows of our own columns: read again, it is the same record.

Nothing of the source is lost on the way: what could not be kept in its cell stands in `notes`, and no figure changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from incident_atlas.core.schema import BY_NAME, COLUMNS, LONGEST_CELL, REPORT_NAMES
from incident_atlas.core.text import plain
from incident_atlas.dataset.load import Loaded
from incident_atlas.export.tables import parts_of
from incident_atlas.geo.swapped_points import SWAPPED
from incident_atlas.i18n import _

_TEXTS = tuple(
    column.name
    for column in COLUMNS
    if column.kind in ("id", "text", "date_and_text") or (column.kind == "terms" and not column.terms)
)

_ODD = str.maketrans(dict.fromkeys([*range(9), *range(11, 32), 0x7F, 0xFEFF], "\ufffd"))
_SUSPECT = r"[\x00-\x08\x0b-\x1f\x7f\ufeff]"


def converted(loaded: Loaded, today: date) -> Iterator[pd.DataFrame]:
    """The incidents in parts, as in `Loaded.incidents`, each cell such that it reads back as it is.

    An outcome of which the file says nothing stays blank; blank days of the row itself are `today`. What the check keeps, stays: a
    point outside the province or the country of its row, a word that is no term. Values that it could not keep stand in `notes`,
    each with its reason.
    """
    problems_of = _problem_sentences(loaded)
    for part in parts_of(loaded.incidents):
        yield _clean(_honest(part, problems_of, today))


def reports(loaded: Loaded) -> pd.DataFrame:
    """The reports of the incidents, columns `schema.REPORT_NAMES`, as they read back."""
    found = loaded.reports.reindex(columns=list(REPORT_NAMES), fill_value="")
    return found.apply(lambda cells: _plain(cells).str.strip()).reset_index(drop=True)


def _problem_sentences(loaded: Loaded) -> dict[int, str]:
    """Line of a row to sentences on the values of it that were not kept."""
    problems = loaded.problems[["row", "column", "value", "reason", "code"]].astype(
        dict.fromkeys(("column", "value", "reason", "code"), "str")
    )
    # Coordinates that do not fit are kept, or told of below; reports have lines of their own; line 1 may be the whole file's.
    kept = (problems["value"].str.strip() != "") & (problems["column"] != "") & ~problems["column"].str.startswith("reports")
    kept &= ~problems["code"].isin(["outside_area", SWAPPED, "own_term"])
    kept &= (problems["row"] > 1) | problems["column"].isin(list(BY_NAME))
    rows = problems[kept & problems["row"].isin(loaded.incidents["row"])]
    sentences = [
        _("{column} read “{value}”: {reason}.").format(
            column=plain(column, 100), value=plain(value, 200), reason=plain(reason, 200)
        )
        for column, value, reason in rows[["column", "value", "reason"]].itertuples(index=False, name=None)
    ]
    return pd.Series(sentences, index=rows["row"], dtype=object).groupby(level=0, sort=False).agg(" ".join).to_dict()


def _honest(part: pd.DataFrame, problems_of: dict[int, str], today: date) -> pd.DataFrame:
    part = part.reset_index(drop=True)
    sentences: list[list[str]] = [[problems_of[row]] if row in problems_of else [] for row in part["row"].to_list()]
    day = pd.Timestamp(today)
    columns = {"revised": part["revised"].fillna(part["added"]).fillna(day)}
    columns["added"] = part["added"].fillna(part["revised"]).fillna(day)
    columns["notes"] = [_with(notes, more) for notes, more in zip(part["notes"].to_list(), sentences, strict=True)]
    return part.assign(**columns)


def _with(notes: str, more: list[str]) -> str:
    """Notes with the sentences behind them; of what is too long for a cell, the end of the notes is cut."""
    behind = plain(" ".join(more), LONGEST_CELL // 2)
    room = LONGEST_CELL - len(behind) - 1
    return f"{_cut(notes, room)} {behind}".strip() if behind else notes


def _cut(text: str, longest: int) -> str:
    """Text cut to so many characters, as it is but for its end."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _clean(part: pd.DataFrame) -> pd.DataFrame:
    """Text without what no CSV can hold, or that would be cut when it is read."""
    columns = {}
    for name in _TEXTS:
        cells = _plain(part[name].astype("str"))
        long = cells.str.len() > LONGEST_CELL
        columns[name] = cells.mask(long, cells.str.slice(0, LONGEST_CELL - 1) + "…") if long.any() else cells
    return part.assign(**columns)


def _plain(cells: pd.Series) -> pd.Series:
    odd = cells.str.contains(_SUSPECT)
    if not odd.any():
        return cells
    return cells.mask(odd, cells[odd].map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n").translate(_ODD)))
