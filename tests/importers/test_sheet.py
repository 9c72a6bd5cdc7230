"""Any file as a sheet: its separator, encoding and header are found, every row comes through, and a bad file says what it is."""

from __future__ import annotations

import codecs
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.errors import FileError, Locked, NotATable, TooLarge
from incident_atlas.importers.files import base as rows
from incident_atlas.importers.files.detect import open_sheet
from incident_atlas.importers.files.reader_process import ReaderPool
from tests.support.profile import scaled

OLE = b"\xd0\xcf\x11\xe0" + bytes(600)


def opened(data: bytes | str, name: str = "mine.csv"):
    """The sheet in these bytes."""
    return open_sheet(io.BytesIO(data.encode() if isinstance(data, str) else data), name)


def cells(sheet) -> list[tuple]:
    """Line and cells of every row."""
    return [row for frame in sheet.chunks() for row in frame.itertuples(name=None)]


def noted(sheet) -> list[tuple[int, str]]:
    """Line and reason of every Problem, once all is read."""
    cells(sheet)
    return [(note.row, note.reason) for note in sheet.notes]


@pytest.mark.parametrize(
    ("data", "kind", "columns"),
    [
        ("a,b\n1,2\n", "CSV", ("a", "b")),
        ("a;b\n1,5;2,5\n3,5;4,5\n", "CSV with semicolons", ("a", "b")),
        ("a\tb\n1, or 2\t2\n", "TSV", ("a", "b")),
        ("a|b\n1|2\n", "CSV with bars", ("a", "b")),
        ("a,b,c\n1;2;3;4,2,3\n", "CSV", ("a", "b", "c")),
        ("when;what\n2020-01-01;one, two, three\n2020-01-02;four\n", "CSV with semicolons", ("when", "what")),
        ("only\n1\n2\n", "CSV", ("only",)),
    ],
)
def test_the_separator_is_found(data, kind, columns):
    sheet = opened(data)
    assert (sheet.kind, sheet.columns) == (kind, columns) and noted(sheet) == []


@pytest.mark.parametrize(
    ("data", "header", "first"),
    [
        ("a,b,c\n1,2,3\n", ("a", "b", "c"), 2),
        ("Incidents 2020\n\na,b,c\n1,2,3\n4,5,6\n", ("a", "b", "c"), 4),
        ("Incidents 2020,,\nby nobody,,\na,b,c\n1,2,3\n4,5,6\n", ("a", "b", "c"), 4),
        ("Made by nobody\nincident_id,date,title,x,y,z\n1,,,,,\n", ("incident_id", "date", "title", "x", "y", "z"), 3),
        # A header of fewer names than its rows have cells is a header still.
        ("a,b\n1,2,3,4,5\n1,2,3,4,5\n", ("a", "b"), 2),
        # What stands under a title that looks like no header is no header: nothing is guessed away.
        ("2020\n1,2,3\n4,5,6\n", ("2020",), 2),
        ("a,b,c\n,,\n1,,\n2,,\n3,,\n", ("a", "b", "c"), 3),
    ],
)
def test_the_header_is_found_among_the_first_rows(data, header, first):
    sheet = opened(data)
    assert sheet.columns == header and cells(sheet)[0][0] == first
    assert any("the header is in line" in reason for _, reason in noted(sheet)) == (
        data.split("\n")[0].split(",")[0] not in header
    )


def test_what_is_above_the_header_and_a_row_of_tags_count_as_no_rows():
    sheet = opened("My list\nid,date,dead\n#id,#date,\n1,2020,3\n2,2021,\n")
    assert cells(sheet) == [(4, "1", "2020", "3"), (5, "2", "2021", "")] and sheet.rows == 2
    assert [line for line, _ in noted(sheet)] == [1, 3] and "HXL" in noted(sheet)[1][1]


def test_names_of_columns_are_made_unique_and_none_is_blank():
    sheet = opened(" a ,A,,a,column 3\n1,2,3,4,5\n")
    assert sheet.columns == ("a", "A (2)", "column 3", "a (3)", "column 3 (2)")
    assert [reason for _, reason in noted(sheet) if "stands twice" not in reason] == [] and len(sheet.notes) == 3


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1251", ["Взрыв у автобуса", "ТАСС", "Всё о гранате"]),
        ("cp1252", ["Straße größer, Täter überführt", "Überfälle", "Größe"]),
        ("cp1252", ["L’hôtel a été bombé", "créée à Hérat", "« Blessés »"]),
        ("cp1256", ["انفجار قرب حافلة", "هرات", "داعش"]),
    ],
)
def test_words_of_a_single_byte_are_read_in_the_encoding_whose_words_they_are(encoding, words):
    sheet = opened(("place\n" + "".join(f'"{word}"\n' for word in words)).encode(encoding))
    assert ([row[1] for row in cells(sheet)], sheet.notes[0].value) == (words, encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252", "latin-1"])
def test_text_is_read_in_the_encoding_it_was_saved_in(encoding):
    data = "place,note\nCafé à Kaboul,“x”\n" if encoding != "latin-1" else "place,note\nCafé à Kaboul,x\n"
    sheet = opened(data.encode(encoding))
    assert cells(sheet)[0][1] == "Café à Kaboul" and sheet.columns == ("place", "note")
    assert bool(sheet.notes) == (encoding in ("cp1252", "latin-1"))


def test_faults_are_told_by_line_and_the_rows_are_kept():
    sheet = opened('a,b\n1\n2,3,4\n"5,6\n7,8\0\n9,"x"y\n')
    assert [row[0] for row in cells(sheet)] == [2, 3, 4, 5, 6] and sheet.rows == 5
    assert sorted(line for line, _ in noted(sheet)) == [2, 3, 4, 5, 6]


def test_what_an_export_made_harmless_is_read_as_it_was_and_a_long_cell_is_cut():
    sheet = opened("a,b\n'=1+1,'tis\n" + "x" * 20_000 + ",\n")
    assert cells(sheet)[0] == (2, "=1+1", "'tis") and len(cells(sheet)[1][1]) == 10_000
    assert noted(sheet)[-1] == (3, "20,000 characters; cut to 10,000")


def test_a_sample_leaves_the_sheet_as_it_was():
    sheet = opened("a,b\n1\n2,3\n")
    sample = sheet.sample(1)
    assert sample.to_dict("list") == {"a": ["1"], "b": [""]} and sheet.rows == 0 and sheet.notes == []
    assert len(cells(sheet)) == 2 and len(sheet.notes) == 1
    assert list(opened("a,b\n").sample().columns) == ["a", "b"]


def test_chunks_give_the_columns_asked_for_and_the_part_read_rises():
    sheet = opened("a,b,c\n1,2,3\n4,5,6\n7,8\n")
    parts = []
    for frame in sheet.chunks(("c", "a"), 1):
        assert list(frame.columns) == ["c", "a"] and len(frame) == 1
        parts.append(sheet.part())
    assert parts == sorted(parts) and parts[-1] == 1


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), Locked, "password"),
        (OLE + "Workbook".encode("utf-16-le"), NotATable, "old Excel workbook"),
        (b"PARE" + bytes(50), Locked, "encrypted"),
        (b"%PDF-1.4", NotATable, "PDF"),
        (b'{"a": 1}', NotATable, "no GeoJSON"),
        (",".join(f"x{n}" for n in range(20_001)).encode(), TooLarge, "20,001 columns"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is_and_what_to_do(data, error, words):
    with pytest.raises(error, match=words) as raised:
        opened(data)
    assert raised.value.advice


START = st.sampled_from(
    [b"", b"a,b\n", b"PK\x03\x04", b"PAR1", b"\x1f\x8b\x08\x00", b"{", b'{"features":[', b"\xd0\xcf\x11\xe0", codecs.BOM_UTF16_LE]
)


@settings(max_examples=scaled(400), deadline=None, suppress_health_check=list(HealthCheck))
@given(START, st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_a_file_error(start, data):
    try:
        sheet = opened(start + data)
        found = [line for frame in sheet.chunks(size=3) for line in frame.index]
    except FileError as trouble:
        assert trouble.reason and trouble.advice
    else:
        assert len(found) == sheet.rows == len(set(found)) and found == sorted(found)
        assert len(set(sheet.columns)) == len(sheet.columns) <= rows.MOST_COLUMNS


def test_control_characters_in_the_cells_of_a_table_make_it_no_binary_file():
    assert cells(opened("title,date\n\x1f\x1f\x08\x08,2020-01-02\n")) == [(2, "\x1f\x1f\x08\x08", "2020-01-02")]
    with pytest.raises(NotATable, match="not text"):
        opened("\x1f\x1f\x08\x08,date\nx,2020-01-02\n")


def test_a_line_that_is_utf8_is_read_as_that_and_only_the_others_are_guessed_together():
    table = "place,note\nکابل,x\nCafé,y\n".encode()
    sheet = opened(table + "كابل جلال,z\n".encode("cp1256"))
    assert [row[1] for row in cells(sheet)] == ["کابل", "Café", "كابل جلال"]
    assert [(note.row, note.value, note.code) for note in sheet.notes] == [(4, "cp1256", "encoding_guessed")]
    sheet = opened(table + "Hôtel,z\n".encode("cp1252"))
    assert [row[1] for row in cells(sheet)] == ["کابل", "Café", "Hôtel"] and sheet.notes[0].value == "cp1252"
    whole = opened("place,note\nكابل,x\nجلال,y\n".encode("cp1256"))
    assert [row[1] for row in cells(whole)] == ["كابل", "جلال"] and [note.row for note in whole.notes] == [1]


def test_a_broken_byte_costs_a_line_of_utf8_one_letter():
    sheet = opened("place,note\nکابل,x\n".encode() + "جلال‌آباد".encode() + b"\xff,y\n")
    assert cells(sheet)[1][1] == "جلال‌آباد\ufffd" and [(note.row, note.code) for note in sheet.notes] == [(3, "bytes_not_text")]


@pytest.mark.parametrize("quote", ["", '"'])
def test_cells_that_turn_the_direction_of_text_are_named_and_other_signs_of_persian_are_not(quote):
    data = f"id,date,title\n1,2020-01-02,{quote}may\u202egnp.exe{quote}\n2,2020-01-03,\u2067x\u2069\n3,2020-01-04,می\u200cشود\u200f – “a”\n"
    sheet = opened(data)
    list(sheet.chunks())
    assert [(note.row, note.column, note.code) for note in sheet.notes] == [
        (2, "title", "direction_signs"),
        (3, "title", "direction_signs"),
    ]
    list(sheet.chunks(["id", "date"]))
    assert sheet.notes == []


def test_direction_signs_are_noted_once_when_a_reader_process_reads_the_file():
    data = "id,date,title\n1,2020-01-02,may\u202egnp.exe\n".encode()
    with ReaderPool().sheet(data, "x.csv") as sheet:
        list(sheet.chunks())
        assert [note.code for note in sheet.notes] == ["direction_signs"]
