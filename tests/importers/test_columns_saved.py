"""A mapping as a file: saved and read again, and broken files told of in plain words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.errors import FileError
from incident_atlas.importers.files.saved_csv import LARGEST, saved_rows
from incident_atlas.importers.mapping import DAY_FIRST, ORDERS, OURS, Mapping, applied, read, written
from tests.support.tiny import PROBES

HEAD = "ours,theirs,value\n"


def read_mapping(text: str) -> tuple[Mapping, list[tuple[int, str]]]:
    """The mapping of a file, and row and column of its problems."""
    mapping, problems = read((HEAD + text).encode())
    return mapping, [(problem.row, problem.column) for problem in problems]


def test_what_was_written_is_read_again():
    columns = (
        ("date", "When"),
        ("title", "=1+1"),
        ("date_day", 'a,b"c'),
        *zip(("city", "place", "notes", "url", "summary"), PROBES, strict=True),
    )
    mapping = Mapping(columns, (("country", "@Iraq"),), DAY_FIRST, True)
    assert read(written(mapping)) == (mapping, [])


def test_questions_are_not_saved_for_they_belong_to_a_table():
    assert read(written(Mapping((("date", "When"),), undecided=("What?",))))[0] == Mapping((("date", "When"),))


def test_no_cell_of_the_file_begins_like_a_formula():
    body = written(Mapping((("title", "=1+1"), ("place", "@x")), (("city", "-2"),))).decode().splitlines()[1:]
    assert not any(cell.startswith(("=", "@", "+", "-")) for line in body for cell in line.split(","))


def test_a_name_of_several_lines_is_found_again():
    name = "Date\nof  incident"
    mapping, problems = read(written(Mapping((("date", name),))))
    assert not problems and applied(mapping, [name]) == (Mapping((("date", name),)), [])


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("colour,Colour,", (2, "ours")),
        (",When,", (2, "ours")),
        ("date,,", (2, "date")),
        (f"title,{'x' * 2000},", (2, "title")),
        ("swapped,,perhaps", (1, "swapped")),
        ("date_order,,backwards", (1, "date_order")),
    ],
)
def test_a_row_that_says_nothing_of_ours_is_left_out_and_said(row, problem):
    assert read_mapping(f"{row}\ncity,Town,\n") == (Mapping((("city", "Town"),)), [problem])


def test_of_two_rows_for_one_of_ours_the_first_counts():
    assert read_mapping("city,Town,\ncity,Village,\ncountry,,Iraq\ncountry,,Iran\n") == (
        Mapping((("city", "Town"),), (("country", "Iraq"),)),
        [(3, "city"), (5, "country")],
    )


def test_semicolons_windows_lines_a_byte_order_mark_and_a_missing_column_are_read():
    assert read("\ufeffTheirs;Ours\r\nTown; City \r\n".encode()) == (Mapping((("city", "Town"),)), [])


@pytest.mark.parametrize("data", [b"", b"  \n", b"PK\x03\x04zip", b"a,b\n1,2\n", b"\x89PNG\r\n", b"x" * (LARGEST + 1)])
def test_a_file_that_was_not_saved_here_is_refused_in_plain_words(data):
    with pytest.raises(FileError, match=r"\w+.*\."):
        list(saved_rows(data, ("ours", "theirs"), ("ours",), "columns", lambda *problem: None))


def test_a_file_that_holds_no_mapping_is_refused_in_plain_words():
    with pytest.raises(FileError, match=r"no column named ours or theirs.*columns"):
        read(b"a,b\n1,2\n")


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_any_bytes_are_a_mapping_or_a_file_error(data):
    for content in (data, HEAD.encode() + data):
        try:
            mapping, _ = read(content)
        except FileError:
            continue
        assert {ours for ours, _ in mapping.columns} <= set(OURS) and mapping.date_order in ORDERS


@settings(deadline=None)
@given(
    st.dictionaries(st.sampled_from(OURS), st.text(min_size=1, max_size=20), max_size=5),
    st.sampled_from(ORDERS),
    st.sampled_from([None, True, False]),
)
def test_any_mapping_is_found_again_in_its_own_table(columns, order, swapped):
    mapping = Mapping(tuple(columns.items()), date_order=order, swapped=swapped)
    again, _ = read(written(mapping))
    found, _ = applied(again, list(columns.values()))
    assert (found.date_order, found.swapped) == (order, swapped)
    # Names of invisible characters alone have no written form, and of names that differ in nothing visible the first is found.
    assert {ours for ours, _ in found.columns} <= set(columns) and all(theirs in columns.values() for _, theirs in found.columns)
