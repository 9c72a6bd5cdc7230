"""Small files that are made to cost much: they are refused early, or read in memory that the table itself explains."""

from __future__ import annotations

import gzip
import io
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.dataset.load import load_bytes
from incident_atlas.dataset.sql.databases import FILE, Address, table
from incident_atlas.errors import EmptyFile, NotATable, TooLarge, Undecided
from incident_atlas.importers.files import archive, base, csv_lines
from incident_atlas.importers.files.archive import unpacked
from incident_atlas.importers.files.csv_lines import Records, lines
from incident_atlas.importers.files.detect import open_sheet
from incident_atlas.importers.files.parquet_metadata import page_bytes, pieces
from tests.support.profile import with_nightly
from tools.synthetic import files

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = files.hostile()
REFUSED = {
    "blank lines first.csv": (EmptyFile, "empty"),
    "separators.csv": (TooLarge, "blank rows"),
    "spaces.csv": (TooLarge, "blank rows"),
    "rows of a letter.csv": (TooLarge, "2,000,000 rows"),
    "rows of a letter and a fault.csv": (NotATable, "Of its first 200,000 rows 1 have"),
    "latin.csv": (NotATable, "Of its first 200,000 rows 1 have"),
    "open quotes.csv": (NotATable, "Of its first 200,000 rows 1 have"),
    "odd quotes.csv": (NotATable, "Of its first 200,000 rows 1 have"),
    "short rows of many columns.csv": (TooLarge, "cells would be blank"),
    "the same column.csv": (Undecided, "no column named"),
    "empty members.zip": (Undecided, "40,000 tables"),
    "many names.zip": (Undecided, "65,535 tables"),
    "readme.zip": (Undecided, "70 tables"),
    "dictionary.parquet": (TooLarge, "texts unfold"),
    "plain.parquet": (TooLarge, "texts unfold"),
    "lying page.parquet": (TooLarge, "texts unfold"),
    "brotli.parquet": (NotATable, "Brotli"),
    "far header.xlsx": (TooLarge, "cells would be blank"),
    "files.xlsx": (NotATable, "30,006 files"),
    "names.geojson": (TooLarge, "cells would be blank"),
    "more names.geojson": (TooLarge, "cells would be blank"),
    "nested.geojson": (NotATable, "breaks off"),
}
SLOW = {"rows of a letter and a fault.csv", "open quotes.csv", "odd quotes.csv", "spaces.csv", "quotes.csv"}
"""Those that take seconds; another one is refused for the same reason, or is read the same way."""
ACCEPTED = {
    "carriage returns.csv": 0,
    "carriage returns after a row.csv": 1,
    "blank lines.csv": 1,
    "blank lines of windows.csv": 1,
    "line breaks in a cell.csv": 1,
    "quotes.csv": 1,
    "utf-16.csv": 1,
    "far cells.xlsx": 19_998,
}
"""Files that are a record, and how many rows of each are kept."""

CHILD = """
import pickle, sys
from incident_atlas.dataset.load import load_bytes
from incident_atlas.errors import FileError
from tools.bench.measure import peak_memory
load_bytes(b"incident_id,date,title\\nA1,2020-01-01,Kabul\\n", "x.csv")
while True:
    try:
        name, data = pickle.load(sys.stdin.buffer)
    except EOFError:
        break
    before = peak_memory()
    try:
        load_bytes(data, name)
        answer = "", "", ""
    except FileError as trouble:
        answer = type(trouble).__name__, trouble.reason, trouble.advice
    pickle.dump((*answer, peak_memory() - before), sys.stdout.buffer)
    sys.stdout.buffer.flush()
"""

Refusal = tuple[str, str, str, float]


def nothing(*_: object) -> None:
    """A note that nobody reads."""


@pytest.fixture(scope="module")
def refusal() -> Iterator[Callable[[str], Refusal]]:
    """`refusal(name)`: the error of that file, its reason and advice, and by how much the most memory of a process of their own grew."""
    with subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:

        @cache
        def of(name: str) -> Refusal:
            pickle.dump((name, HOSTILE[name]()), child.stdin)
            child.stdin.flush()
            return pickle.load(child.stdout)

        yield of


@pytest.mark.parametrize("name", with_nightly(REFUSED, SLOW))
def test_a_small_file_that_would_cost_much_is_refused_with_a_cure(name, refusal):
    error, words = REFUSED[name]
    kind, reason, advice, _ = refusal(name)
    assert kind == error.__name__ and words in reason and advice


@pytest.mark.parametrize("name", with_nightly(ACCEPTED, SLOW))
def test_a_small_file_with_a_record_in_it_is_read(name):
    assert load_bytes(HOSTILE[name](), name).source.kept == ACCEPTED[name]


@pytest.mark.nightly
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux for the most memory that a process held")
def test_no_refusal_takes_three_hundred_megabytes(refusal):
    # A process never gives back its most: what all of them add is what the worst of them adds.
    grew = {name: refusal(name)[-1] for name in REFUSED}
    assert sum(grew.values()) < 300, grew


class Counted(io.BytesIO):
    """Bytes that count how often they are read."""

    reads = 0

    def read(self, size=-1):
        self.reads += 1
        return super().read(size)


@pytest.mark.parametrize("text", ["\r", "\n", "\r\n", "x\r", '"x\n'])
def test_lines_take_a_read_for_each_block_and_no_more(text):
    stream = Counted(b"a,b\n" + text.encode() * (2_000_000 // len(text)))
    for _ in lines(stream, "utf-8", "strict", nothing):
        pass
    assert stream.reads < 12


def test_blank_lines_that_follow_one_another_are_one_step():
    stream = io.BytesIO(b"a,b\n" + b"\n" * 2_000_000 + b"1,2\n")
    text = list(lines(stream, "utf-8", "strict", nothing))
    assert len(text) < 20
    assert list(Records(text, ",", nothing)) == [(1, ["a", "b"]), (2_000_002, ["1", "2"])]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["a", ",", "\n", "\n\n", "\r", "\r\n", '"', "\u00e9", " "]), max_size=30).map("".join))
def test_lines_are_those_of_python_wherever_blocks_are_cut(text):
    class Slow(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 3))

    found = "".join(lines(Slow(text.encode()), "utf-8", "strict", nothing))
    expected = text.replace("\r\n", "\n").replace("\r", "\n")
    assert found == (expected if expected.endswith("\n") or not expected else expected + "\n")


def test_a_blank_row_above_a_faulty_one_keeps_the_numbers_of_lines():
    text = 'a,b\n\n,\n\n"x\ny"z,1\n2,3\n\n\n4,"5\n\n6"\n7,8\n'
    reported = []
    found = list(
        Records(lines(io.BytesIO(text.encode()), "utf-8", "strict", nothing), ",", lambda *note: reported.append(note[0]))
    )
    assert found == [(1, ["a", "b"]), (5, ["x"]), (6, ['y"z', "1"]), (7, ["2", "3"]), (10, ["4", "5\n\n6"]), (13, ["7", "8"])]
    assert reported[0] == 5


def test_of_very_many_faults_the_number_is_told(monkeypatch):
    monkeypatch.setattr(base, "MOST_NOTES", 10)
    sheet = open_sheet(io.BytesIO(b"a,b,c\n" + b"x\n" * 50), "x.csv")
    assert sum(len(frame) for frame in sheet.chunks()) == 50
    assert len(sheet.notes) == 11 and sheet.notes[-1].reason.startswith("40 more faults")


def test_a_bomb_is_not_held_while_it_is_counted(monkeypatch):
    monkeypatch.setattr(archive, "_KEPT", 1_000)
    text = b"a,b\n" + b"1,2\n" * 100_000
    for data in (files.zipped({"a.csv": text}), gzip.compress(text)):
        assert unpacked(io.BytesIO(data), "a.csv.gz").stream.read() == text


def test_blank_rows_have_an_end(monkeypatch):
    monkeypatch.setattr(csv_lines, "MOST_BLANK_ROWS", 5)
    with pytest.raises(TooLarge, match="blank rows"):
        list(Records(["a,b\n", *[" ,\n"] * 6], ",", nothing))


def simple(rows: int = 1_000) -> pa.Table:
    """A table of ids, numbers and texts that repeat."""
    return pa.table({"incident_id": [f"A{n}" for n in range(rows)], "n": range(rows), "title": ["a", "bc"] * (rows // 2)})


@pytest.mark.parametrize("codec", ["none", "snappy", "gzip", "zstd", "lz4"])
def test_what_a_parquet_file_says_of_itself_is_what_arrow_says_of_it(codec):
    stream = io.BytesIO(files.parquet(simple(), compression=codec, row_group_size=400, data_page_size=500))
    text, found = pq.read_metadata(stream), pieces(stream)
    theirs = [text.row_group(group).column(at) for group in range(3) for at in range(3)]
    assert [each.path for each in found] == [(one.path_in_schema,) for one in theirs]
    assert [each.size for each in found] == [one.total_compressed_size for one in theirs]
    assert {each.codec for each in found} == {codec}
    # Arrow counts the heads of the pages too.
    for size, one in zip(page_bytes(stream, found), theirs, strict=True):
        assert size <= one.total_uncompressed_size


def test_a_codec_that_is_not_read_is_refused_before_a_page_is_looked_at(tmp_path):
    data = bytearray(files.parquet(simple(), compression="brotli"))
    last = max(piece.begin + piece.size for piece in pieces(io.BytesIO(bytes(data))))
    # Pages that cannot be decoded: whoever tries says so.
    data[4:last] = b"\xff" * (last - 4)
    path = tmp_path / "brotli.parquet"
    path.write_bytes(data)
    for opened in (lambda: open_sheet(io.BytesIO(bytes(data)), "x.parquet"), lambda: table(Address(FILE, str(path)))):
        with pytest.raises(NotATable, match="compressed with Brotli") as raised:
            opened()
        assert "snappy, zstd, gzip, lz4 or none" in raised.value.advice


def test_texts_are_measured_before_they_are_unfolded(monkeypatch):
    monkeypatch.setattr("incident_atlas.importers.files.parquet._SMALL", 100_000)
    monkeypatch.setattr("incident_atlas.importers.files.parquet.MOST_RATIO", 1)
    for options in ({"use_dictionary": True}, {"use_dictionary": False}):
        rows = pa.table({"incident_id": [str(n) for n in range(400)], "title": ["x" * 9_000] * 400})
        sheet = open_sheet(io.BytesIO(files.parquet(rows, **options)), "x.parquet")
        assert next(sheet.chunks(("incident_id",)))["incident_id"].iloc[-1] == "399"
        with pytest.raises(TooLarge, match="texts unfold"):
            next(sheet.chunks())


def test_long_texts_come_in_short_pieces(monkeypatch):
    monkeypatch.setattr("incident_atlas.importers.files.parquet.LARGEST_PIECE", 30_000)
    rows = pa.table({"a": [str(n) for n in range(40)], "b": ["x" * 9_000] * 40})
    frames = list(open_sheet(io.BytesIO(files.parquet(rows)), "x.parquet").chunks())
    assert [len(frame) for frame in frames][:3] == [3, 3, 3] and sum(map(len, frames)) == 40
    assert [row for frame in frames for row in frame.index] == list(range(1, 41))
