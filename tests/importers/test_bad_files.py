"""Bad files, each through the command line: what is wrong is said by row and column, and good rows are kept."""

from __future__ import annotations

import codecs
import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.load import load_bytes
from tests.support.tiny import text

GOOD = text({}, {})


def check(path: Path, data: bytes | str | None = None) -> tuple[int, dict]:
    """Exit code and answer of `check --json`; rows read = kept + set aside, whatever the file."""
    if data is not None:
        path = path / "mine.csv"
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    result = CliRunner().invoke(cli, ["check", str(path), "--json"])
    assert isinstance(result.exception, SystemExit | None), result.exception
    answer = {name: value for name, value in json.loads(result.stdout).items() if name not in ("quality", "recognised")}
    assert answer["read"] == answer["kept"] + answer["set_aside"]
    assert all(problem["reason"] and problem["advice"] and type(problem["row"]) is int for problem in answer["problems"])
    return result.exit_code, answer


def found(answer: dict, row: int, column: str, reason: str) -> dict:
    """The problem of that row and column; its reason holds these words."""
    hits = [p for p in answer["problems"] if (p["row"], p["column"]) == (row, column) and reason in p["reason"]]
    assert len(hits) == 1, answer["problems"]
    return hits[0]


def numbers(answer: dict) -> tuple[int, int, int]:
    return answer["read"], answer["kept"], answer["set_aside"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"\n \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (bytes(range(256)) * 40, "not text"),
        (b"PK\x03\x04" + bytes(500), "Excel workbook"),
        (b"\x89PNG\r\n" + bytes(500), "a picture"),
        (b"a,b,c\n1,2,3\n", "no column named incident_id or date or title"),
        (b"incident_id,date\nT-1,2020-01-01\n", "no column named title"),
        (b'{"incident_id": 1}', "no column"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_2_and_says_why(tmp_path, data, reason):
    code, answer = check(tmp_path, data)
    assert (code, numbers(answer)) == (2, (0, 0, 0))
    found(answer, 1, "", reason)


def test_a_missing_file_and_a_folder_end_with_2(tmp_path):
    code, answer = check(tmp_path / "nowhere.csv")
    assert code == 2 and "Check the name" in found(answer, 1, "", "There is no file")["advice"]
    code, answer = check(tmp_path)
    assert code == 2 and found(answer, 1, "", "is a folder")
    code, answer = check(tmp_path / ("x" * 5000))
    assert code == 2 and found(answer, 1, "", "cannot be opened")


def test_a_header_alone_is_no_error_and_is_said(tmp_path):
    code, answer = check(tmp_path, text())
    assert (code, numbers(answer)) == (0, (0, 0, 0))
    found(answer, 1, "", "no rows")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_in_any_encoding_is_read_without_a_word(tmp_path, encoding):
    table = text({"title": "کابل – Kārte Seh"}, {})
    assert check(tmp_path, table.encode(encoding)) == (0, {"read": 2, "kept": 2, "set_aside": 0, "problems": []})
    assert load_bytes(table.encode(encoding)).incidents["title"][0] == "کابل – Kārte Seh"


@pytest.mark.parametrize(("encoding", "title"), [("latin-1", "Café bombé à Kaboul"), ("cp1252", "“Café” bombé – Kaboul")])
def test_a_spreadsheets_own_encoding_is_guessed_and_said(tmp_path, encoding, title):
    table = text({"title": title}, {}).encode(encoding)
    code, answer = check(tmp_path, table)
    assert (code, numbers(answer)) == (0, (2, 2, 0)) and found(answer, 1, "", "not UTF-8")
    assert load_bytes(table).incidents["title"][0] == title


def test_a_broken_byte_late_in_a_file_is_said_of_its_line(tmp_path):
    table = text({}, {"notes": "x" * 100, "title": "brokenX"}).encode().replace(b"brokenX", b"broken\xff")
    code, answer = check(tmp_path, b"\xd9\x83".join([table, b"\n"]))
    assert (code, answer["kept"]) == (1, 2)
    found(answer, 3, "", "UTF-8")


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_separator_and_any_line_end(tmp_path, delimiter, end):
    table = text({}, {"title": "TWO LINES"}, {"date": "2020-02-30"}, delimiter=delimiter, end=end)
    code, answer = check(tmp_path, table.replace("TWO LINES", f'"two{end}lines"'))
    assert (code, numbers(answer)) == (1, (3, 2, 1))
    found(answer, 5, "date", "no such day")


def test_rows_are_lines_of_the_file_after_blank_lines_and_line_breaks_in_cells(tmp_path):
    head, first, second, third = text({"summary": "SUMMARY"}, {"killed": "many"}, {"killed": "-4"}).splitlines()
    table = "\n".join(["", head, "", first.replace("SUMMARY", '"a\n\nb"'), "", " ", ",,,,", second, third])
    code, answer = check(tmp_path, table)
    assert (code, numbers(answer)) == (0, (3, 3, 0))
    assert [(p["row"], p["column"], p["value"]) for p in answer["problems"]] == [(10, "killed", "many"), (11, "killed", "-4")]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"incident_id": ""}, "incident_id", "no incident_id"),
        ({"incident_id": "T-1"}, "incident_id", "stands twice"),
        ({"title": " "}, "title", "no title"),
        ({"date": ""}, "date", "no date"),
        ({"date": "2020-02-30"}, "date", "no such day"),
        ({"date": "2020-13-01"}, "date", "no such day"),
        ({"date": "04/05/2020"}, "date", "not a date"),
        ({"date": "0000-01-01"}, "date", "no such day"),
    ],
)
def test_a_row_without_an_id_a_date_or_a_title_is_set_aside(tmp_path, cells, column, reason):
    code, answer = check(tmp_path, text({}, cells, {}))
    assert (code, numbers(answer)) == (1, (3, 2, 1))
    assert "the row is set aside" in found(answer, 3, column, reason)["reason"]


def test_a_good_row_is_not_lost_to_a_bad_one_with_its_id(tmp_path):
    code, answer = check(tmp_path, text({"date": "soon"}, {"incident_id": "T-1"}))
    assert (code, numbers(answer)) == (1, (2, 1, 1))
    assert [p["column"] for p in answer["problems"]] == ["date"]


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"latitude": "95", "longitude": "69"}, "latitude", "beyond 90 degrees"),
        ({"latitude": "34,5,1", "longitude": "69"}, "latitude", "not a number of degrees"),
        ({"latitude": "34.5"}, "longitude", "no longitude"),
        ({"longitude": "69.1"}, "latitude", "no latitude"),
        ({"latitude": "34.5", "longitude": "69.2", "province": "Herat"}, "latitude", "outside Herat"),
        ({"killed_low": "9", "killed_high": "3"}, "killed_low", "above killed_high"),
        ({"wounded_low": "9", "wounded": "3"}, "wounded_low", "above wounded"),
        ({"killed": "9", "killed_high": "3"}, "killed", "above killed_high"),
        ({"killed": "-1"}, "killed", "negative"),
        ({"killed": "12.5"}, "killed", "not a whole number"),
        ({"wounded": "a dozen"}, "wounded", "not a whole number"),
        ({"abducted": "1e3"}, "abducted", "not a whole number"),
        ({"weapon": "Firearms;Catapult"}, "weapon", "not a term"),
        ({"target_type": "Embassy"}, "target_type", "not a term"),
        ({"perpetrator": "The neighbours"}, "perpetrator", "not a term"),
        ({"attribution": "certain"}, "attribution", "not a term"),
        ({"attribution": "unknown"}, "attribution", "a perpetrator is named"),
        ({"perpetrator": "Unknown"}, "attribution", "without a perpetrator"),
        ({"date_end": "2019-12-31"}, "date_end", "ends before it begins"),
        ({"time_local": "25:00"}, "time_local", "not a time"),
        ({"outcome": ""}, "outcome", "blank"),
        ({"title": "x" * 200_000}, "title", "200,000 characters; cut"),
        ({"title": "a\0b"}, "", "NUL"),
    ],
)
def test_any_other_fault_is_said_and_the_row_is_kept(tmp_path, cells, column, reason):
    code, answer = check(tmp_path, text({}, cells, {}))
    assert (code, numbers(answer)) == (0, (3, 3, 0))
    found(answer, 3, column, reason)


def test_a_figure_that_contradicts_another_is_blank_and_never_zero():
    incidents = load_bytes(text({"killed_low": "9", "killed": "5", "killed_high": "3"}).encode()).incidents
    assert incidents[["killed_low", "killed_high"]].isna().all(axis=None) and incidents["killed"][0] == 5


def test_a_row_with_too_few_or_too_many_cells_is_kept_and_said(tmp_path):
    head, few, many = text({}, {}).splitlines()
    few = ",".join(few.split(",")[:30])
    code, answer = check(tmp_path, "\n".join([head, few, many + ",extra"]))
    assert (code, numbers(answer)) == (0, (2, 2, 0))
    found(answer, 2, NAMES[30], f"30 cells under {len(NAMES)} columns")
    assert found(answer, 3, "", f"{len(NAMES) + 1} cells under {len(NAMES)} columns")["value"] == "extra"


def test_an_unclosed_quote_costs_no_other_row(tmp_path):
    table = text({}, {"title": "STRAY"}, {"title": "with, comma"}, {"title": "two\nlines"}, {}).replace("STRAY", '"Bomb')
    code, answer = check(tmp_path, table)
    assert (code, numbers(answer)) == (0, (5, 5, 0))
    found(answer, 3, "", "never closed")
    kept = load_bytes(table.encode()).incidents
    assert kept["title"].tolist() == ["An attack", "Bomb", "with, comma", "two\nlines", "An attack"]
    assert kept["row"].tolist() == [2, 3, 4, 5, 7]


@pytest.mark.nightly
def test_ten_thousand_columns_are_one_problem(tmp_path):
    head, *rows = GOOD.splitlines()
    wide = [head + "".join(f",x{n}" for n in range(10_000)), *(row + "," * 10_000 for row in rows)]
    code, answer = check(tmp_path, "\n".join(wide))
    assert (code, numbers(answer), len(answer["problems"])) == (0, (2, 2, 0), 1)
    found(answer, 1, "", "10,000 columns are not of the record")


def test_a_huge_line_is_one_row(tmp_path):
    code, answer = check(tmp_path, text({}, {"notes": "word " * 400_000}, {}))
    assert (code, numbers(answer), len(answer["problems"])) == (0, (3, 3, 0), 1)


def test_byte_order_marks_inside_and_columns_twice_or_missing(tmp_path):
    code, answer = check(tmp_path, "incident_id,date,\ufefftitle,Title\nT-1,2020-01-01,\ufeffone,two\n")
    assert (code, numbers(answer)) == (0, (1, 1, 0))
    found(answer, 1, "title", "stands twice")
    found(answer, 1, "target_type", "the column is missing")
    assert {problem["row"] for problem in answer["problems"]} == {1}


def test_reports_beside_a_record_are_told_by_their_own_lines(tmp_path):
    reports = 'incident_id,title,says\nT-1,"two\nlines",x\nT-9,x,y\nT-2,x\n'
    (tmp_path / "mine_reports.csv").write_text(reports, encoding="utf-8")
    code, answer = check(tmp_path, GOOD)
    assert (code, len(answer["problems"])) == (0, 2)
    assert found(answer, 4, "reports.incident_id", "no incident of this record")["value"] == "T-9"
    found(answer, 5, "reports", "2 cells under 3 columns")
    for data in (b"", b"a,b\n1,2\n", bytes(range(256)) * 9):
        (tmp_path / "mine_reports.csv").write_bytes(data)
        (tmp_path / "coverage.csv").write_bytes(data)
        code, answer = check(tmp_path, GOOD)
        assert code == 0 and found(answer, 1, "reports", "cannot be read")
