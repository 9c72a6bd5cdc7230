"""What is visible as one Excel workbook: the tables of the zip as sheets, and the citation behind them.

Counts and coordinates are numbers. All else is text that is stored as text, so that Excel evaluates none of it; it keeps the
apostrophe that `core.text.as_cell` puts before what looks like a formula, because a workbook may be saved as CSV again.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pandas as pd
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from incident_atlas.core.schema import COUNTS
from incident_atlas.core.text import as_cell, drawable
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.selection import reports_of
from incident_atlas.export import tables
from incident_atlas.i18n import _

MOST_INCIDENTS = 20_000
"""So many take 17 s and 170 MB to write. Of more the zip holds them."""

LONGEST = 32_767
"""Signs that Excel keeps in a cell."""

_NUMBERS = {*COUNTS, "latitude", "longitude", "map_latitude", "map_longitude", "radius_m", "found_score"}


def workbook(visible: pd.DataFrame, reports: pd.DataFrame, citation: Citation) -> bytes:
    """An XLSX file with the sheets incidents and reports, data_sets where there are several, and Citation.

    The arguments and the columns are those of `tables.archive`; at most `MOST_INCIDENTS` rows are meant.
    """
    file = io.BytesIO()
    # In memory: what a reader dropped is never written to the disk, not even for a moment.
    with Workbook(file, {"in_memory": True}) as book:
        for name, (header, rows) in tables.sheets(visible, reports_of(visible, reports), citation).items():
            _fill(book.add_worksheet(name), header, rows)
        about = [*citation.rows(), (_("Places"), tables.HOW_PLACED), (_("Blank cells"), tables.BLANK)]
        _fill(book.add_worksheet(_("Citation")), ("", ""), ([as_cell(cell) for cell in row] for row in about))
    return file.getvalue()


def _fill(sheet: Worksheet, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A header that stays in view, and the rows below it."""
    sheet.freeze_panes(1, 0)
    numbers = [name in _NUMBERS for name in header]
    for column, name in enumerate(header):
        _write(sheet, 0, column, name)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _write(sheet, number, column, cell, numbers[column])


def _write(sheet: Worksheet, row: int, column: int, text: str, is_number: bool = False) -> None:
    """A cell, unless it is blank: a number where one is meant and written, else text, whatever it looks like."""
    if not text:
        return
    if is_number:
        try:
            sheet.write_number(row, column, float(text))
            return
        except (ValueError, TypeError):
            pass  # a word, or a number that Excel has none for
    sheet.write_string(row, column, drawable(text)[:LONGEST])
