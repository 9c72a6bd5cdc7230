"""The fast way through delimited text gives what the careful one gives, row for row and line for line."""

from __future__ import annotations

import io

import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from incident_atlas.importers.files import csv_arrow as blocks
from incident_atlas.importers.files.detect import open_sheet
from tests.support.profile import scaled


def read(data: bytes, fast: bool, size: int = 1 << 20, columns=None) -> tuple[pd.DataFrame, list, bool]:
    """All rows, all Problems, and whether any went the fast way."""
    parsed = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(blocks, "SIZE", size)
        parse = blocks.parse

        def counted(*arguments):
            table = parse(*arguments)
            parsed.append(table is not None)
            return table

        patch.setattr(blocks, "parse", counted)
        if not fast:
            patch.setattr(blocks, "scan", lambda *_: None)
        sheet = open_sheet(io.BytesIO(data), "x.csv")
        frames = list(sheet.chunks(columns))
    whole = pd.concat(frames) if frames else pd.DataFrame(columns=list(columns or sheet.columns), dtype="str")
    return whole, sheet.notes, any(parsed)


CLEAN = [
    "a,b\n1,2\n3,4\n",
    "a,b\n1,2\n3,4",
    "a,b\r\n1,2\r\n3,4\r\n",
    'a,b\n"x\ny",2\n\n"p ""q"" r",\n3,4\n',
    'a,b\r\n"x\r\ny",2\r\n\r\n3,4\r\n',
    'a;b\n"x;y";1,5\n;2\n',
    '\ufeffa,b\n"",1\n',
    "\n\na,b\n1,2\n",
    "Title\na,b,c\n1,2,3\n4,5,6\n",
    "a,b\n#x,#y\n1,2\n",
    "a\tb\nx\ty\n",
    "one\n1\n\n2\n",
    "a,b\n'=1,'tis\n",
    "a,b\n" + "x" * 12_000 + ",2\n",
    "جا,b\nکابل,é\n",
]
NOT_CLEAN = [
    'a,b\n1,2\nx"y,4\n',
    'a,b\n"x"y,4\n5,6\n',
    'a,b\n1,2\n"x,4\n5,6\n',
    "a,b\n1,2\n3\n4,5,6\n7,8\n",
    "a,b\n1,2\n,\n 	,\n3,4\n",
    "a,b\r1,2\r3,4\r",
    "a,b\n1,x\ry\n3,4\n",
    "a,b\n1,\0\n",
    "a,b\n1,\ufeff2\n",
    'a,b\n1, "x"\n',
    "a,b\n1,2\n\u00a0,\u3000\n3,4\n",
    'a,b\n"""",""\n',
]


@pytest.mark.parametrize("data", CLEAN)
@pytest.mark.parametrize("size", [8, 1 << 20])
def test_clean_text_goes_the_fast_way_and_reads_the_same(data, size):
    quick, notes, went = read(data.encode(), True, size)
    slow, others, _ = read(data.encode(), False)
    pd.testing.assert_frame_equal(quick, slow)
    assert notes == others and (went or size == 8)


@pytest.mark.parametrize("data", NOT_CLEAN)
def test_text_with_a_fault_is_read_with_care_and_loses_nothing(data):
    quick, notes, went = read(data.encode(), True)
    slow, others, _ = read(data.encode(), False)
    pd.testing.assert_frame_equal(quick, slow)
    assert notes == others and not went


def test_a_fault_far_down_costs_only_what_comes_after_it_the_fast_way():
    data = ("a,b\n" + "1,2\n" * 50 + '"x"y,4\n' + "5,6\n" * 50).encode()
    quick, notes, went = read(data, True, 40)
    slow, others, _ = read(data, False)
    pd.testing.assert_frame_equal(quick, slow)
    assert went and notes == others and [note.row for note in notes] == [52]


def test_only_the_columns_asked_for_are_read():
    quick, _, went = read(b"a,b,c\n1,2,3\n", True, columns=("c", "a"))
    assert went and quick.to_dict("list") == {"c": ["3"], "a": ["1"]}


PIECE = st.sampled_from(
    ["a", "1", ",", ",", "\n", "\n", '"', '"', '""', "\r\n", "\r", " ", "é", "\0", "'=", "#x", ";", "\u2028", "\u3000"]
)


@settings(max_examples=scaled(600), deadline=None)
@given(st.lists(PIECE, max_size=40).map("".join), st.sampled_from([4, 9, 1 << 20]))
@example('",\n"', 4)
@example('x\n""\n"a"', 4)
def test_both_ways_read_the_same_whatever_the_text(body, size):
    data = ("h,i\n" + body).encode()
    quick, notes, _ = read(data, True, size)
    slow, others, _ = read(data, False)
    pd.testing.assert_frame_equal(quick, slow)
    assert notes == others
