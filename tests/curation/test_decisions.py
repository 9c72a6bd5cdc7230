"""Decisions about duplicates: saved and read again, taken back, and broken files told of in plain words."""

from __future__ import annotations

import csv
import io
import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decision, decide, pairs, read, undo, written
from incident_atlas.errors import FileError
from tests.support.tiny import PROBES

HEAD = "left_id,right_id,decision,score,decided\n"
ONE = Decision("AFG-20200101-1", "acled:AFG1", ACCEPT, 0.9312, date(2026, 11, 20))


def read_decisions(text: str) -> tuple[list[tuple[str, str, str]], list[tuple[int, str]]]:
    """The pairs and decisions of a file, and row and column of its problems."""
    decisions, problems = read((HEAD + text).encode())
    return [one[:3] for one in decisions], [(problem.row, problem.column) for problem in problems]


def test_what_was_written_is_read_again():
    decisions = (ONE, Decision("a", "b", REJECT), *(Decision(probe, f"={probe}", ACCEPT, 0.5, None) for probe in PROBES))
    again, problems = read(written(decisions))
    assert not problems and [one[:3] for one in again] == [one[:3] for one in decisions]
    assert again[0] == ONE and math.isnan(again[1].score) and again[1].decided is None


def test_a_carriage_return_in_a_cell_begins_no_row():
    data = written([Decision("a\r=1+1", "b\n=2+2", ACCEPT)])
    assert [row[:2] for row in csv.reader(io.StringIO(data.decode(), newline=""))][1:] == [["a\r=1+1", "b\n=2+2"]]


def test_no_cell_of_the_file_begins_like_a_formula():
    body = written([Decision("=1+1", "@x", ACCEPT), Decision("+2", "-3", REJECT)]).decode().splitlines()[1:]
    assert not any(cell.startswith(("=", "@", "+", "-")) for line in body for cell in line.split(","))


def test_a_decision_is_replaced_and_taken_back():
    once = decide((), ONE)
    twice = decide(once, ONE._replace(decision=REJECT))
    assert once == (ONE,) and [one.decision for one in twice] == [REJECT]
    assert undo(twice, ONE.left_id, ONE.right_id) == () and undo(twice, "x", "y") == twice


def test_accepted_and_rejected_pairs_are_told_apart():
    decisions = (ONE, Decision("a", "b", REJECT))
    assert pairs(decisions, ACCEPT) == {ONE[:2]} and pairs(decisions, REJECT) == {("a", "b")}


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",b,accept,0.9,2026-11-20", (2, "left_id")),
        ("a,,accept,0.9,2026-11-20", (2, "right_id")),
        ("a,b,perhaps,0.9,2026-11-20", (2, "decision")),
        ("a,b,,0.9,2026-11-20", (2, "decision")),
        (f"{'x' * 2000},b,accept,0.9,", (2, "left_id")),
    ],
)
def test_a_row_without_two_ids_and_a_decision_is_left_out_and_said(row, problem):
    assert read_decisions(f"{row}\nc,d,reject,,\n") == ([("c", "d", REJECT)], [problem])


@pytest.mark.parametrize(
    "row", ["a,b,accept,1.5,", "a,b,accept,often,", "a,b,accept,,yesterday", "a,b,ACCEPT,inf,", "a,b,accept"]
)
def test_a_score_or_a_date_that_cannot_be_read_is_said_and_the_decision_kept(row):
    kept, problems = read_decisions(row)
    assert kept == [("a", "b", ACCEPT)] and len(problems) == 1


def test_of_two_rows_of_one_pair_the_last_counts():
    assert read_decisions("a,b,accept,,\na,b,reject,,\n") == ([("a", "b", REJECT)], [(3, "")])


@pytest.mark.parametrize("second", ["a,c", "c,b"])
def test_a_second_partner_is_kept_for_it_may_be_of_a_third_file(second):
    assert read_decisions(f"a,b,accept,,\n{second},accept,,\n") == ([("a", "b", ACCEPT), (*second.split(","), ACCEPT)], [])


def test_semicolons_windows_lines_a_byte_order_mark_and_other_columns_are_read():
    text = "\ufeffNote;Decision;Right_ID;Left_ID\r\nwell;Accept;b;a\r\n"
    decisions, problems = read(text.encode())
    assert [one[:3] for one in decisions] == [("a", "b", ACCEPT)] and not problems


def test_a_file_that_holds_no_decisions_is_refused_in_plain_words():
    # What else no saved file can be, tests/importers/test_columns_saved.py asks of the reader that all of them share.
    with pytest.raises(FileError, match=r"no column named left_id .*decisions"):
        read(b"a,b\n1,2\n")


@given(st.binary(max_size=400))
def test_any_bytes_are_decisions_or_a_file_error(data):
    for content in (data, HEAD.encode() + data):
        try:
            decisions, _ = read(content)
        except FileError:
            continue
        assert all(one.decision in (ACCEPT, REJECT) and one.left_id and one.right_id for one in decisions)
