"""A Parquet file as a sheet: typed columns as the text a person would write."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.errors import FileError, NotATable, TooLarge
from incident_atlas.importers.files import archive as packed
from incident_atlas.importers.files.parquet_metadata import Piece, page_bytes
from tests.importers.test_sheet import cells, noted, opened
from tests.support.profile import scaled


def parquet(table: pa.Table, **options) -> bytes:
    """The table as a Parquet file."""
    into = io.BytesIO()
    pa.parquet.write_table(table, into, **options)
    return into.getvalue()


@pytest.mark.parametrize(
    ("values", "texts"),
    [
        ([1.0, 34.53, None, float("nan")], ["1", "34.53", "", ""]),
        ([3, None], ["3", ""]),
        ([date(2020, 1, 2), None], ["2020-01-02", ""]),
        ([datetime(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5, 678)], ["2020-01-02", "2020-01-02 03:04:05"]),
        (pa.array([datetime(2020, 1, 2)], pa.timestamp("ns", "UTC")), ["2020-01-02"]),
        ([True, None], ["true", ""]),
        ([Decimal("1.50")], ["1.50"]),
        (["x", None, ""], ["x", "", ""]),
        (pa.array(["x", None]).dictionary_encode(), ["x", ""]),
        ([b"x", b"\xff"], ["x", "\ufffd"]),
        (pa.nulls(2), ["", ""]),
    ],
)
def test_every_type_is_text(values, texts):
    sheet = opened(parquet(pa.table({"a": values})), "mine.parquet")
    assert [row[1] for row in cells(sheet)] == texts and noted(sheet) == [] and sheet.kind == "Parquet"


def test_rows_are_numbered_from_one_in_any_chunk_and_columns_read_as_asked():
    sheet = opened(parquet(pa.table({"a": range(5), "b": range(5), "c": list("vwxyz")})))
    frames = list(sheet.chunks(("c", "a"), 2))
    assert [list(frame.index) for frame in frames] == [[1, 2], [3, 4], [5]] and list(frames[0].columns) == ["c", "a"]
    assert frames[2].to_dict("list") == {"c": ["z"], "a": ["4"]} and sheet.part() == 1


def test_a_column_of_lists_is_left_blank_and_said():
    sheet = opened(parquet(pa.table({"a": [1], "b": [[1, 2]], "c": [{"x": 1}]})))
    assert cells(sheet) == [(1, "1", "", "")] and sheet.notes[0].value == "b, c"


def test_columns_of_the_same_name_are_both_read():
    table = pa.Table.from_arrays([pa.array(["x"]), pa.array(["y"])], names=["a", "a"])
    assert cells(opened(parquet(table))) == [(1, "x", "y")]


def test_a_short_file_that_unfolds_to_much_text_is_refused(monkeypatch):
    monkeypatch.setattr(packed, "MOST_UNPACKED", 100_000)
    data = parquet(pa.table({"a": pa.array(["x" * 1000] * 50_000)}))
    assert len(data) < 20_000
    with pytest.raises(TooLarge):
        cells(opened(data))


@settings(max_examples=scaled(100), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_a_damaged_file_is_a_sheet_or_a_file_error(data):
    broken = bytearray(parquet(pa.table({"a": [1.0, None], "b": ["x", "y"]})))
    for at in data.draw(st.lists(st.integers(0, len(broken) - 1), min_size=1, max_size=3)):
        broken[at] = data.draw(st.integers(0, 255))
    try:
        cells(opened(bytes(broken)))
    except FileError as trouble:
        assert trouble.reason and trouble.advice


def test_a_file_cut_short_is_refused():
    with pytest.raises(NotATable, match="damaged"):
        opened(parquet(pa.table({"a": [1]}))[:-20])


def test_a_cell_that_is_longer_than_a_record_holds_is_cut_and_said():
    sheet = opened(parquet(pa.table({"a": ["é" * 10_000, "b" * 10_001]})))
    assert [len(cell) for cell in next(sheet.chunks())["a"]] == [10_000, 10_000]
    assert [(one.row, one.column, one.reason) for one in sheet.notes] == [(2, "a", "10,001 characters; cut to 10,000")]


@pytest.mark.parametrize(
    "unfolded", [b"\x18\x01x", b"\x11", b"\x19\x05", b"\x15\x01"], ids=["bytes", "truth", "list", "negative"]
)
def test_a_size_of_a_page_that_is_no_number_is_damage(unfolded):
    # The head of a page in Thrift: its kind, its size unfolded and packed, and the end of the structure.
    page = b"\x15\x00" + unfolded + b"\x15\x02\x00x"
    with pytest.raises(NotATable, match="damaged"):
        list(page_bytes(io.BytesIO(page), [Piece(("a",), "none", False, 0, len(page))]))
    sound = b"\x15\x00\x15\x02\x15\x02\x00x"
    assert list(page_bytes(io.BytesIO(sound), [Piece(("a",), "none", False, 0, len(sound))])) == [1]
