"""What is visible as one Excel workbook: the tables of the zip as sheets, and the citation behind them.

Counts and coordinates are numbers. All else is text that is stored as text, so that Excel evaluates none of it; it keeps the
apostrophe that `core.text.as_cell` puts before what looks like a formula, because a workbook may be saved as CSV again.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from incident_atlas.core.schema import COUNTS
from incident_atlas.core.text import as_cell, drawable
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.selection import reports_of
from incident_atlas.export import tables
from incident_atlas.i18n import _

MOST_INCIDENTS = 20_000
"""Of more, writing a workbook takes a minute and more: the zip holds them."""

LONGEST = 32_767
"""Signs that Excel keeps in a cell."""

_NUMBERS = {*COUNTS, "latitude", "longitude", "map_latitude", "map_longitude", "radius_m", "found_score"}


def workbook(visible: pd.DataFrame, reports: pd.DataFrame, citation: Citation) -> bytes:
    """An XLSX file with the sheets incidents and reports, data_sets where there are several, and Citation.

    The arguments and the columns are those of `tables.archive`; at most `MOST_INCIDENTS` rows are meant.
    """
    book = Workbook(write_only=True)
    for name, (header, rows) in tables.sheets(visible, reports_of(visible, reports), citation).items():
        _fill(book.create_sheet(name), header, rows)
    about = [*citation.rows(), (_("Places"), tables.HOW_PLACED), (_("Blank cells"), tables.BLANK)]
    _fill(book.create_sheet(_("Citation")), ("", ""), ([as_cell(cell) for cell in row] for row in about))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _fill(sheet: WriteOnlyWorksheet, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A header that stays in view, and the rows below it."""
    sheet.freeze_panes = "A2"
    numbers = [name in _NUMBERS for name in header]
    sheet.append([_text(sheet, name) for name in header])
    for row in rows:
        sheet.append([_number(sheet, cell) if number else _text(sheet, cell) for cell, number in zip(row, numbers, strict=True)])


def _text(sheet: WriteOnlyWorksheet, text: str) -> WriteOnlyCell | None:
    if not text:
        return None
    cell = WriteOnlyCell(sheet, drawable(text)[:LONGEST])
    # openpyxl takes what begins with "=" for a formula, and "#N/A" for an error.
    cell.data_type = "s"
    return cell


def _number(sheet: WriteOnlyWorksheet, text: str) -> float | WriteOnlyCell | None:
    try:
        return float(text) if text else None
    except ValueError:
        return _text(sheet, text)
