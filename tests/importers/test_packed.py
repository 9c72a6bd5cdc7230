"""Out of gzip and zip: one table, never more than is allowed, and a clear word about every archive that is none."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.errors import FileError, Locked, NotATable, TooLarge, Undecided
from incident_atlas.importers.files import archive as packed
from incident_atlas.importers.files.archive import unpacked
from tests.importers.test_sheet import cells, noted, opened
from tests.support.profile import scaled

TABLE = "a,b\n1,2\n3,4\n"


def zipped(**files: str | bytes) -> bytes:
    """A zip of these files; two underscores in a name are a slash, one before the ending is a dot."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return into.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(TABLE.encode()),
        gzip.compress(TABLE[:6].encode()) + gzip.compress(TABLE[6:].encode()),
        zipped(**{"mine.csv": TABLE}),
        zipped(**{"mine.csv": TABLE, "__MACOSX/._mine.csv": "x", ".DS_Store": "x", "README.txt": "x", "a/CITATION.txt": "x"}),
        zipped(**{"folder/mine.csv": TABLE, "folder/": ""}),
    ],
)
def test_one_table_comes_out_of_its_packing(data):
    sheet = opened(data, "mine.csv.gz")
    assert cells(sheet) == [(2, "1", "2"), (3, "3", "4")] and noted(sheet) == [] and sheet.name == "mine.csv"


def test_files_beside_the_table_are_named_and_not_read():
    sheet = opened(zipped(**{"mine.csv": TABLE, "codebook.pdf": "x", "notes.txt": "x"}))
    assert [(note.row, note.value) for note in sheet.notes] == [(1, "codebook.pdf and notes.txt")]
    assert sheet.notes[0].reason == "2 other files of the archive are not read"


@pytest.mark.parametrize("names", [("incidents.csv", "reports.csv"), ("x/mine_reports.csv", "x/mine.csv")])
def test_the_reports_of_a_record_are_no_second_table(names):
    sheet = opened(zipped(**{name: "r\n" if "reports" in name else TABLE for name in names}))
    assert len(cells(sheet)) == 2 and sheet.reports.read() == b"r\n"


@pytest.mark.parametrize(
    ("files", "error", "words"),
    [
        ({"a.csv": TABLE, "b.csv": TABLE}, Undecided, "2 tables: a.csv and b.csv"),
        ({"acled.csv": TABLE, "ged.xlsx": "x"}, Undecided, "acled.csv and ged.xlsx"),
        ({"a.csv": TABLE, "b.zip": "x"}, NotATable, "another archive, b.zip"),
        ({"a.csv": gzip.compress(b"x")}, NotATable, "another archive"),
        ({"a.csv": zipped(b="x")}, NotATable, "another archive"),
        ({"a.pdf": "x"}, NotATable, "no table; it holds a.pdf"),
        ({}, NotATable, "holds nothing"),
        ({"content.xml": "x", "mimetype": "x"}, NotATable, "OpenDocument"),
        ({"xl/workbook.bin": "x"}, NotATable, "binary form"),
    ],
)
def test_an_archive_that_holds_anything_else_says_so(files, error, words):
    with pytest.raises(error, match=words) as raised:
        opened(zipped(**files))
    assert raised.value.advice


def test_a_locked_zip_needs_its_password():
    data = bytearray(zipped(**{"mine.csv": TABLE}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + offset] |= 1
    with pytest.raises(Locked, match="password"):
        opened(bytes(data))


@pytest.mark.parametrize(
    "pack", [gzip.compress, lambda data: zipped(**{"a.csv": data}), lambda data: zipped(**{"xl/workbook.xml": data})]
)
def test_a_bomb_is_refused_while_it_unfolds(pack, monkeypatch):
    with pytest.raises(TooLarge, match="100 times its size"):
        opened(pack(bytes(8_000_000)))
    monkeypatch.setattr(packed, "MOST_UNPACKED", 10_000)
    text = "".join(random.Random(1).choices("abcdef,\n", k=20_000)).encode()
    with pytest.raises(TooLarge, match="unfolds to more than"):
        opened(pack(text))


def test_a_header_that_lies_about_the_size_changes_nothing():
    data = bytearray(zipped(**{"a.csv": bytes(8_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        data[data.index(mark) + offset : data.index(mark) + offset + 4] = struct.pack("<I", 100)
    # What is read ends where the header says, and does not fit its sum: refused either way.
    with pytest.raises((NotATable, TooLarge)):
        opened(bytes(data))


def test_a_short_table_of_equal_rows_is_no_bomb():
    assert len(cells(opened(gzip.compress(b"a,b\n" + b"1,2\n" * 100_000)))) == 100_000


def test_a_file_above_the_limit_is_refused_before_it_is_read(monkeypatch):
    monkeypatch.setattr(packed, "MOST_PACKED", 5)
    with pytest.raises(TooLarge, match="at most"):
        opened(TABLE)


def test_of_a_gzip_that_breaks_off_every_whole_row_is_kept():
    rows = "".join(f"{n},{random.Random(n).random()}\n" for n in range(5_000))
    data = gzip.compress(f"a,b\n{rows}".encode())
    for size in (len(data) // 2, len(data) - 4):
        sheet = opened(data[:size], "x.csv.gz")
        found = cells(sheet)
        assert 1_000 < len(found) <= 5_000 and [f"{a},{b}" for _, a, b in found] == rows.split("\n")[: len(found)]
        assert noted(sheet) == [(1, f"the archive breaks off: what comes after line {len(found) + 1:,} is lost")]
    with pytest.raises(NotATable, match="breaks off before"):
        opened(data[:12])


@settings(max_examples=scaled(200), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.data(),
    st.sampled_from([gzip.compress(TABLE.encode()), zipped(**{"mine.csv": TABLE}), zipped(**{"xl/workbook.xml": "<a/>"})]),
)
def test_a_damaged_archive_is_a_sheet_or_a_file_error(data, archive):
    broken = bytearray(archive)
    for at in data.draw(st.lists(st.integers(0, len(broken) - 1), max_size=4)):
        broken[at] = data.draw(st.integers(0, 255))
    try:
        cells(opened(bytes(broken[: data.draw(st.integers(0, len(broken)))])))
    except FileError as trouble:
        assert trouble.reason and trouble.advice


def test_what_is_not_packed_is_handed_on_as_it_is():
    stream = io.BytesIO(TABLE.encode())
    assert unpacked(stream, "x.csv").stream is stream
