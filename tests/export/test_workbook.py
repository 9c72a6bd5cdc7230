"""The workbook holds what the zip holds, as numbers and as text that Excel does not evaluate."""

from __future__ import annotations

import csv
import io
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from incident_atlas.analysis import summary
from incident_atlas.core.schema import COUNTS
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.load import Loaded
from incident_atlas.export import tables, workbook
from tests.support import tiny
from tests.support.disk import files_written
from tests.support.record import shipped_record
from tests.support.tiny import PROBES

ODD = ["=HYPERLINK(1)", "+1", "-1 incident", "@SUM(A1)", "＝1", "#N/A", "\t=1", "a\x0bb\ufffe", "x" * 40_000, *PROBES]


def written(loaded: Loaded) -> tuple[bytes, zipfile.ZipFile]:
    message = cite(loaded, "All of it.", "http://localhost/?q=a", summary.headline(loaded.incidents))
    archive = tables.archive(loaded.incidents, loaded.reports, message)
    return workbook.workbook(loaded.incidents, loaded.reports, message), zipfile.ZipFile(io.BytesIO(archive))


def test_the_sheets_are_the_tables_of_the_zip_and_the_citation():
    data, packed = written(shipped_record())
    book = load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["incidents", "reports", "Citation"]
    for name in book.sheetnames[:2]:
        header, *rows = list(csv.reader(io.StringIO(packed.read(f"{name}.csv").decode("utf-8-sig"), newline="")))
        found = list(book[name].iter_rows(values_only=True))
        assert list(found[0]) == header and len(found) == len(rows) + 1
        for cells, row in zip(found[1:], rows, strict=True):
            for column, cell, text in zip(header, cells, row, strict=True):
                same = float(text) == cell if isinstance(cell, int | float) else (cell or "") == text
                assert same, (name, column, cell, text)
    about = {label: text for label, text in book["Citation"].iter_rows(values_only=True, min_row=2)}
    assert about["What this is"] == "All of it." and about["Link"] == "http://localhost/?q=a"


def test_counts_and_coordinates_are_numbers_and_an_id_of_digits_is_text():
    book = load_workbook(
        io.BytesIO(written(tiny.record({"incident_id": "007", "killed": "3", "latitude": "34.5", "longitude": "69.2"}))[0])
    )
    header, row = book["incidents"].iter_rows(values_only=True)
    cells = dict(zip(header, row, strict=True))
    assert (cells["incident_id"], cells["killed"], cells["latitude"]) == ("007", 3, 34.5) and "killed" in COUNTS
    assert cells["wounded"] is None


def test_nothing_of_a_workbook_is_written_to_the_disk():
    with files_written() as files:
        data, _ = written(shipped_record())
    assert len(data) > 100_000 and files == []


@pytest.mark.parametrize("odd", ODD, ids=lambda text: ascii(text[:20]))
def test_nothing_in_a_workbook_is_a_formula_a_link_or_an_error(odd):
    loaded = tiny.record({"title": odd, "summary": odd, "city": odd, "target_type": odd})
    data, _ = written(loaded)
    folder = zipfile.ZipFile(io.BytesIO(data))
    assert not [name for name in folder.namelist() if "external" in name.lower() or name.endswith(".bin")]
    for name in folder.namelist():
        if name.startswith("xl/worksheets/"):
            root = ElementTree.fromstring(folder.read(name))
            kinds = {element.tag.rpartition("}")[2] for element in root.iter()}
            assert not kinds & {"f", "hyperlink", "hyperlinks"}, kinds
            assert {cell.get("t") for cell in root.iter() if cell.tag.endswith("}c")} <= {"inlineStr", "s", "n"}
    for sheet in load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows(values_only=True):
            assert all(
                not isinstance(cell, str) or (not cell.startswith(("=", "+", "-", "@")) and len(cell) <= workbook.LONGEST)
                for cell in row
            )
