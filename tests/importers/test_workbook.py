"""An Excel workbook as a sheet: dates, numbers and formulas as a reader sees them there, and every doubt said."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.dataset.load import load_bytes
from incident_atlas.errors import EmptyFile, FileError, NotATable, TooLarge, Undecided
from incident_atlas.importers.files import excel as workbook
from incident_atlas.importers.files.detect import open_sheet
from incident_atlas.importers.files.excel import PIECE
from incident_atlas.importers.mapping import Mapping, read, written
from tests.importers.test_packed import zipped
from tests.importers.test_sheet import cells, noted, opened
from tests.support.profile import scaled


def book(*rows: list, change=None, **others: list[list]) -> bytes:
    """An XLSX with these rows in its first worksheet, and other worksheets by name."""
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    for name, lines in others.items():
        sheet = made.create_sheet(name)
        for row in lines:
            sheet.append(row)
    if change:
        change(made)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def rewritten(data: bytes, name: str, old: bytes, new: bytes) -> bytes:
    """The same workbook with other XML in one of its files."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    assert name not in archive.namelist() or old in archive.read(name)
    return zipped(
        **{each: archive.read(each).replace(old, new) if each == name else archive.read(each) for each in archive.namelist()}
    )


def test_cells_are_written_as_a_person_reads_them():
    values = [datetime(2020, 1, 2), date(2020, 1, 3), datetime(2020, 1, 2, 10, 50), time(10, 50), 3.0, 34.529999999999994, True]
    sheet = opened(book(list("abcdefg"), values), "mine.xlsx")
    assert sheet.kind == "Excel workbook" and sheet.name == "mine.xlsx"
    assert cells(sheet) == [(2, "2020-01-02", "2020-01-03", "2020-01-02 10:50:00", "10:50", "3", "34.53", "TRUE")]
    assert noted(sheet) == [] and sheet.part() == 1


def test_rows_have_their_numbers_and_blank_ones_are_no_rows():
    sheet = opened(book(["My list"], [], ["id", "date", "dead"], ["#id", "#date", None], [1, "x"], [], [None, None, 5, "aside"]))
    assert cells(sheet) == [(5, "1", "x", ""), (7, "", "", "5")]
    assert [line for line, _ in noted(sheet)] == [1, 4, 7]


def test_a_formula_gives_the_value_last_calculated_and_is_said_once_per_column():
    data = book(["n", "sum", "blank"], [1, "=A2+1", "=A2"], [2, "=A3+1", "=A3"])
    data = rewritten(data, "xl/worksheets/sheet1.xml", b"<f>A2+1</f><v", b"<f>A2+1</f><v>2</v><v")
    data = rewritten(data, "xl/worksheets/sheet1.xml", b"<f>A3+1</f><v", b"<f>A3+1</f><v>3</v><v")
    sheet = opened(data)
    assert [row[2:] for row in cells(sheet)] == [("2", ""), ("3", "")]
    assert [(note.row, note.column, note.value) for note in sheet.notes] == [(2, "sum", "=A2+1"), (2, "blank", "=A2")]
    assert "2 formulas" in sheet.notes[0].reason and "without one" not in sheet.notes[0].reason
    assert "2 without one are blank" in sheet.notes[1].reason


def test_a_formula_that_gives_an_empty_text_has_a_value():
    data = book(["a", "b"], [1, '=IF(A2,"","x")'])
    data = rewritten(data, "xl/worksheets/sheet1.xml", b'<c r="B2">', b'<c r="B2" t="str">')
    assert "without one" not in noted(opened(data))[0][1]


def test_errors_of_excel_are_blank_and_said():
    sheet = opened(book(["a", "b"], [1, "#N/A"], [2, "#REF!"]))
    assert [row[2] for row in cells(sheet)] == ["", ""] and noted(sheet) == [
        (2, "2 cells of this column show an error of Excel; blank")
    ]


def test_of_several_worksheets_the_one_that_fits_is_read_and_the_others_are_named_with_their_rows():
    good = [["Incident date", "Province", "Killed"], ["2020-01-02", "Kabul", 3], ["2020-01-03", "Herat", 1]]
    pivot = [["Row Labels", "Sum of killed"], *[[f"{n}", n] for n in range(30)]]
    yearly = [["Year", "Province", "Killed"], *[[2000 + n, "Kabul", n] for n in range(20)]]
    data = book(*pivot, Data=good, Yearly=yearly)
    sheet = opened(data)
    assert sheet.worksheet == "Data" and sheet.columns == ("Incident date", "Province", "Killed")
    assert sheet.worksheets == (("Sheet", 30), ("Data", 2), ("Yearly", 20))
    assert [(note.row, note.value) for note in sheet.notes] == [(1, "Sheet (30 rows), Yearly (20 rows)")]
    assert "the worksheet Data is read" in sheet.notes[0].reason and "--sheet" in sheet.notes[0].advice
    longer = [*good, ["2020-01-04", "Herat", 1]]
    assert opened(book(*good, More=longer, Same=longer)).worksheet == "More"


def test_a_worksheet_can_be_named_and_a_saved_mapping_keeps_the_name():
    data = book(
        ["date", "place", "killed"], ["2020-01-02", "Kabul", 3], Old=[["date", "city", "dead"], ["2019-01-02", "Herat", 1]]
    )
    sheet = open_sheet(io.BytesIO(data), "x.xlsx", "old")
    assert sheet.worksheet == "Old" and cells(sheet) == [(2, "2019-01-02", "Herat", "1")]
    mapping, problems = read(written(Mapping(worksheet="Old")))
    assert problems == [] and mapping == Mapping(worksheet="Old")
    assert load_bytes(data, "x.xlsx", mapping=mapping).incidents["city"].tolist() == ["Herat"]
    assert load_bytes(data, "x.xlsx").incidents["killed"].tolist() == [3]
    with pytest.raises(NotATable, match="no worksheet named Gone. Choose Sheet or Old"):
        open_sheet(io.BytesIO(data), "x.xlsx", "Gone")


def test_a_damaged_worksheet_beside_the_one_that_is_read_does_no_harm():
    data = book(["date", "place", "killed"], ["2020-01-02", "Kabul", 3], Other=[["a", "b"], [1, 2], [3, 4]])
    data = rewritten(data, "xl/worksheets/sheet2.xml", b"<sheetData>", b"<sheetData><row r='1'><c></row>")
    assert cells(opened(data)) == [(2, "2020-01-02", "Kabul", "3")]


def test_worksheets_of_equal_headers_are_ranked_by_their_rows():
    rows = [["a", "b"], [1, 2], [3, 4]]
    sheet = opened(book(["About"], ["nobody"], Data=rows))
    assert sheet.columns == ("a", "b") and [(note.row, note.value) for note in sheet.notes] == [(1, "Sheet (1 row)")]
    assert "the worksheet Data is read" in sheet.notes[0].reason

    def hide(made: openpyxl.Workbook) -> None:
        made["Long"].sheet_state = "hidden"

    assert noted(opened(book(*rows, change=hide, Long=[[n] for n in range(9)]))) == []
    assert noted(opened(book(*rows, Blank=[]))) == []


def test_a_header_of_two_lines_is_joined():
    sheet = opened(
        book(
            ["Security log"],
            ["Date", "Location", None, "Casualties", None, "Description"],
            [None, "Province", "Town", "Killed", "Injured", None],
            [date(2021, 9, 5), "Kabul", "Paghman", 1, 2, "Bomb"],
            change=lambda made: [made.active.merge_cells(cells) for cells in ("A2:A3", "B2:C2", "D2:E2", "F2:F3")],
        )
    )
    assert sheet.columns == ("Date", "Province", "Town", "Killed", "Injured", "Description")
    assert cells(sheet) == [(4, "2021-09-05", "Kabul", "Paghman", "1", "2", "Bomb")]
    assert [note.code for note in sheet.notes] == ["merged_cells", "rows_above_header", "two_lines"]
    text = opened(b"Date,Location,,Dead\n,Province,Town,\n2021-09-05,Kabul,Paghman,1\n")
    assert text.columns == ("Date", "Province", "Town", "Dead") and cells(text) == [(3, "2021-09-05", "Kabul", "Paghman", "1")]
    plain = opened(b"Date,Province,\n,Kabul,Bomb\n2021-09-05,Herat,Grenade\n")
    assert plain.columns[:2] == ("Date", "Province") and plain.sample().shape[0] == 2


def test_cells_merged_downwards_have_their_value_in_every_row_but_a_count():
    sheet = opened(
        book(
            ["Date", "Province", "Incident", "Killed", "Victims", "Injured"],
            [date(2021, 9, 5), "Kabul", "Bomb", 3, 7, "at least 2"],
            [None, None, "Shooting", None, None, None],
            [None, None, None, None, None, None],
            [date(2021, 9, 6), "Herat", "Grenade", 1, 1, 1],
            [None, None, "Mine", 1, 1, 1],
            change=lambda made: [made.active.merge_cells(f"{column}2:{column}4") for column in "ABDEF"],
        )
    )
    assert cells(sheet) == [
        (2, "2021-09-05", "Kabul", "Bomb", "3", "7", "at least 2"),
        (3, "2021-09-05", "Kabul", "Shooting", "", "", ""),
        (5, "2021-09-06", "Herat", "Grenade", "1", "1", "1"),
        (6, "", "", "Mine", "1", "1", "1"),
    ]
    (note,) = sheet.notes
    assert note.code == "merged_cells" and "5 ranges" in note.reason and "every row" in note.reason


def test_merged_cells_are_said():
    sheet = opened(book(["a", "b"], [1, 2], [3, 4], change=lambda made: made.active.merge_cells("A2:A3")))
    assert [(note.row, note.value) for note in sheet.notes] == [(1, "A2:A3")]


def test_a_worksheet_that_lies_about_its_size_is_read_whole():
    data = rewritten(book(["a", "b"], [1, 2], [3, 4]), "xl/worksheets/sheet1.xml", b'ref="A1:B3"', b'ref="A1:A1"')
    assert cells(opened(data)) == [(2, "1", "2"), (3, "3", "4")]


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (book(), EmptyFile, "empty"),
        (zipped(**{"xl/workbook.xml": "<a"}), NotATable, "damaged"),
        (zipped(**{"xl/workbook.xml": "<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"}), NotATable, "does not write"),
        (rewritten(book(["a"], [1]), "xl/worksheets/sheet1.xml", b'r="A2"', b'r="?"'), NotATable, "damaged"),
    ],
)
def test_a_workbook_that_cannot_be_read_says_so(data, error, words):
    with pytest.raises(error, match=words) as raised:
        cells(opened(data))
    assert raised.value.advice


def test_a_worksheet_of_too_many_cells_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_CELLS", 50)
    with pytest.raises(TooLarge, match="more than 50 cells"):
        cells(opened(book(*[["a", "b"]] * 60)))


def test_a_workbook_of_too_many_texts_is_refused(monkeypatch):
    monkeypatch.setattr(workbook, "MOST_TEXTS", 50)
    with pytest.raises(TooLarge, match="more than 50 different texts"):
        opened(zipped(**{"xl/workbook.xml": "<a/>", "xl/sharedStrings.xml": f"<sst>{'<si><t>a</t></si>' * 60}</sst>"}))


def test_a_row_far_below_costs_little():
    data = book(["a"], [1])
    far = rewritten(data, "xl/worksheets/sheet1.xml", b'<row r="2"', b'<row r="999999999"')
    assert cells(opened(far)) == []


def test_two_workbooks_in_a_zip_are_a_choice_and_one_is_read():
    data = book(["a", "b"], [1, 2])
    assert cells(opened(zipped(**{"x.xlsx": data}))) == [(2, "1", "2")]
    with pytest.raises(Undecided):
        opened(zipped(**{"x.xlsx": data, "y.xlsx": data}))


VALUE = (
    st.none()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates()
    | st.sampled_from(["", "x", "=A1", "#N/A", "کابل"])
)


@settings(max_examples=scaled(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.lists(VALUE, max_size=4), max_size=6))
def test_any_cells_are_a_sheet_or_a_file_error(rows):
    try:
        sheet = opened(book(*rows))
        found = cells(sheet)
    except FileError as trouble:
        assert trouble.reason
    else:
        assert sheet.rows == len(found) and all(type(cell) is str for row in found for cell in row[1:])


def test_a_long_worksheet_says_on_the_way_how_far_it_is():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(["incident_id", "date", "title"])
    for number in range(2 * PIECE + 1):
        sheet.append([f"A-{number}", "2020-01-02", "An attack"])
    packed = io.BytesIO()
    book.save(packed)
    text: list[float] = []
    loaded = load_bytes(packed.getvalue(), "long.xlsx", progress=text.append)
    assert len(loaded.incidents) == 2 * PIECE + 1 and len(text) == 3 and 0.3 < text[0] < 0.7 < text[2] <= 1
