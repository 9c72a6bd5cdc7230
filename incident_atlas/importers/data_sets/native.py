"""Our own format: a table with the columns of `schema.COLUMNS`, in whatever it was saved.

What can be recognised is read and, where the guess may be wrong, said as a Problem of line 1. A row's number is the line
on which it begins, also after quoted line breaks, so that an editor finds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import BinaryIO

import pandas as pd

from incident_atlas.core.data_sets import ATLAS, Read
from incident_atlas.core.schema import BY_NAME, ESSENTIAL, FOUND_COLUMNS, MUST, NAMES, REPORT_NAMES
from incident_atlas.core.text import counted, plain
from incident_atlas.core.validation import Problems
from incident_atlas.errors import MissingFile, NotAFile, NotATable
from incident_atlas.geo.row_country import AFGHANISTAN
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.native_cells import written
from incident_atlas.importers.files.header import normal, own_names
from incident_atlas.importers.mapping import Mapping, guess, judged

CHUNK = 50_000
"""Rows that are text at the same time; more would cost memory, fewer would cost time."""


def open_binary(path: Path) -> BinaryIO:
    """The file, opened for reading bytes; raises `MissingFile` or `NotAFile` in plain words."""
    try:
        if path.is_dir():
            raise NotAFile(_("{path} is a folder.").format(path=path), _("Name the CSV file inside it."))
        if path.exists() and not path.is_file():
            reason = _("{path} is not a file that can be read twice.").format(path=path)
            raise NotAFile(reason, _("Save what it gives as a CSV file, and name that."))
        return path.open("rb")
    except FileNotFoundError as trouble:
        advice = _("Check the name, or set INCIDENTS_SOURCE to the file you mean.")
        raise MissingFile(_("There is no file {path}.").format(path=path), advice) from trouble
    except (OSError, ValueError) as trouble:
        reason = getattr(trouble, "strerror", None) or _("that is no name of a file")
        raise NotAFile(
            _("{path} cannot be opened: {reason}.").format(path=path, reason=reason), _("Check its name, and who may read it.")
        ) from trouble


def is_own(columns: Sequence[str]) -> bool:
    """Whether a table is one of ours: it has what every row must have, or, incomplete, no column that is not of the record."""
    own = own_names(columns)
    return own.issuperset(ESSENTIAL) or ("incident_id" in own and len(own) == len(columns))


def no_columns_of_ours(columns: Sequence[str]) -> NotATable:
    """The error of a table that has not the columns without which a row is set aside."""
    own = own_names(columns)
    missing = [name for name in ESSENTIAL if name not in own]
    found = plain(", ".join(name for name in columns[:8]), 200)
    reason = _("The file has no column named {missing}; its first line reads: {found}.").format(
        missing=" or ".join(missing), found=found
    )
    if len(columns) == 1:
        return NotATable(reason, _("Separate the cells of a row by commas, semicolons, tabs or |: save the table as CSV UTF-8."))
    return NotATable(reason, _("The first line must name the columns, with the names that docs/columns.md lists."))


class Own:
    """The reader of tables in our own columns; raises `NotATable` when one of `schema.ESSENTIAL` is missing."""

    format = ATLAS

    def __init__(
        self, columns: Sequence[str], note: Callable[[int, str, str, str, str, str], None], sample: pd.DataFrame | None = None
    ) -> None:
        """sample: the first rows, from which the columns under other names, the order of dates and the country are taken."""
        if not own_names(columns).issuperset(ESSENTIAL):
            raise no_columns_of_ours(columns)
        self._theirs: dict[str, str] = {}
        for column in columns:
            if (name := normal(column)) in BY_NAME:
                self._theirs.setdefault(name, column)
        self.country = AFGHANISTAN
        self._date_order = ""
        if sample is not None:
            self._look_at(sample)
        # What our own exports add is worked out again.
        added = FOUND_COLUMNS if set(FOUND_COLUMNS) <= set(columns) else ()
        self._strange = [column for column in columns if column not in {*self._theirs.values(), *added}]
        for name in MUST:
            if name not in self._theirs:
                advice = _("Add it: {meaning}.").format(meaning=BY_NAME[name].meaning)
                note(1, name, "", _("the column is missing"), advice, "missing_column")
        if self._strange:
            some = ", ".join(self._strange[:5]) + (" ..." if len(self._strange) > 5 else "")
            reason = _("{count:,} columns are not of the record and are shown on an incident's own page only").format(
                count=len(self._strange)
            )
            note(1, "", some, reason, _("Rename them if they are."), "columns_of_its_own")

    def _look_at(self, sample: pd.DataFrame) -> None:
        """Take what a complete record has no need of: names such as lat and lon, an order of dates, a country of the file."""
        strange = [column for column in sample.columns if column not in {*self._theirs.values(), *FOUND_COLUMNS}]
        mapping = guess(sample[strange]) if strange else Mapping()
        known = [(ours, theirs) for ours, theirs in mapping.columns if ours in BY_NAME and ours not in self._theirs]
        self._theirs |= dict(known)
        mapping = judged(Mapping(tuple(self._theirs.items())), sample)
        self._date_order = mapping.date_order
        if not self._theirs.keys() >= set(MUST):
            # Only a complete record is known to be of Afghanistan.
            self.country = mapping.country

    def title(self, columns: Sequence[str]) -> str:
        """What the table is called."""
        return _("Incident Atlas: {columns}").format(columns=counted(len(columns), "{n} column", "{n} columns"))

    def read(self, rows: pd.DataFrame, problems: Problems) -> Read:
        """The rows: our columns, cells as `native_cells.written` writes them, no reports, and as extras what is not of the record."""
        raw = pd.DataFrame({name: rows[self._theirs[name]] if name in self._theirs else "" for name in NAMES}, index=rows.index)
        return Read(
            written(raw.astype("str"), self._date_order),
            pd.DataFrame(columns=list(REPORT_NAMES), dtype="str"),
            rows[self._strange],
        )
