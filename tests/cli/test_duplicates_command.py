"""`duplicates` proposes pairs of two files, or of one, and leaves out what was decided."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incident_atlas.cli.main import cli
from incident_atlas.curation.duplicates.kept_apart import OWN_REPORTS, OWN_SENTENCES
from tests.support.tiny import PROBES, text

ROW = {"title": "Grenade at the Baharistan cinema", "killed": "3"}


def ask(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["duplicates", *map(str, arguments)])


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    paths = tmp_path / "left.csv", tmp_path / "right.csv"
    other = ROW | {"incident_id": "B-1", "date": "2020-01-02"}
    for path, rows in zip(paths, ((ROW, {"date": "2011-01-01"}), (other,)), strict=True):
        path.write_text(text(*rows), encoding="utf-8")
    return paths


def test_pairs_are_told_with_score_reasons_and_both_titles(files):
    message = ask(*files)
    assert message.exit_code == 0 and "1 pair that may be one incident, among 2 incidents and 1 incident." in message.output
    assert "1 day apart" in message.output and message.output.count("Grenade at the Baharistan cinema") == 2


def test_json_is_one_value_with_every_pair(files):
    reported = json.loads(ask(*files, "--json").output)
    assert reported["left"] == {"name": "left.csv", "incidents": 2} and reported["right"]["incidents"] == 1
    (pair,) = reported["pairs"]
    assert (pair["left_id"], pair["right_id"], pair["left_row"], pair["right_row"]) == ("T-1", "B-1", 2, 2)
    assert 0.5 <= pair["score"] <= 1 and pair["days"] == 1 and pair["km"] == 0 and "same attack type" in pair["reasons"]


def test_without_a_second_file_duplicates_within_the_first_are_told(files):
    files[0].write_text(text(ROW, ROW), encoding="utf-8")
    pairs = json.loads(ask(files[0], "--json").output)["pairs"]
    assert [(pair["left_id"], pair["right_id"]) for pair in pairs] == [("T-1", "T-2")]


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_what_was_decided_is_left_out(files, tmp_path, decision):
    (tmp_path / "d.csv").write_text(f"left_id,right_id,decision\nT-1,B-1,{decision}\n", encoding="utf-8")
    message = ask(*files, "--decisions", tmp_path / "d.csv", "--json")
    assert message.exit_code == 0 and json.loads(message.output)["pairs"] == []


def test_a_row_of_the_decisions_that_cannot_be_read_is_said_and_ends_with_1(files, tmp_path):
    (tmp_path / "d.csv").write_text("left_id,right_id,decision\nT-1,B-1,perhaps\n", encoding="utf-8")
    message = ask(*files, "--decisions", tmp_path / "d.csv")
    assert message.exit_code == 1 and "neither accept nor reject" in message.stderr and "1 pair" in message.stdout


def test_files_that_cannot_be_used_end_with_2(files, tmp_path):
    (tmp_path / "bad.csv").write_bytes(b"PK\x03\x04")
    for arguments in (
        ("nowhere.csv",),
        (files[0], tmp_path),
        (*files, "--decisions", tmp_path / "bad.csv"),
        (*files, "--decisions", tmp_path),
    ):
        message = ask(*arguments)
        assert message.exit_code == 2 and message.stderr.strip() and "Traceback" not in message.output


def test_an_unplaced_pair_has_no_kilometres(tmp_path):
    (tmp_path / "a.csv").write_text(text(*[ROW | {"city": "", "place": "a road"}] * 2), encoding="utf-8")
    (pair,) = json.loads(ask(tmp_path / "a.csv", "--json").output)["pairs"]
    assert pair["km"] is None and "one has no place on the map" in pair["reasons"]


def test_control_characters_of_a_file_do_not_reach_the_terminal(tmp_path):
    rows = [ROW | {"title": f"\x1b[31m{probe}\x07 Baharistan"} for probe in PROBES]
    (tmp_path / "a.csv").write_text(text(*rows), encoding="utf-8")
    assert not set("\x1b\x07") & set(ask(tmp_path / "a.csv", tmp_path / "a.csv").output)


def test_rows_of_one_record_with_reports_of_their_own_are_marked_as_kept_apart(files):
    path, reports = files[0], files[0].with_name(f"{files[0].stem}_reports.csv")
    path.write_text(text(ROW, ROW), encoding="utf-8")

    def reported(*rows: str) -> list[str | None]:
        reports.write_text("\n".join(["incident_id,publisher,url", *rows, ""]), encoding="utf-8")
        return [pair["kept_apart"] for pair in json.loads(ask(path, "--json").output)["pairs"]]

    both = ("T-1,A,https://example.com/1", "T-2,B,https://example.com/2")
    assert reported(*both) == [OWN_REPORTS]
    message = ask(path).output
    assert (
        "Similarity 0.9" in message and f"But {OWN_REPORTS}." in message and "1 of them has a reason to be kept apart" in message
    )
    # A report of both beside those of each is none against it; one that has no other, or no report at all, is a copy as it seems.
    assert reported(*both, "T-1,C,https://example.com/3", "T-2,C,https://example.com/3") == [OWN_REPORTS]
    assert (
        reported(both[0], "T-2,A,https://example.com/1")
        == reported(*both, "T-1,B,https://example.com/2")
        == reported(both[0])
        == [None]
    )
    reports.write_text(
        "incident_id,publisher,url,says\nT-1,A,https://example.com/1,One blast.\nT-2,A,https://example.com/1,Another.\n",
        encoding="utf-8",
    )
    assert [pair["kept_apart"] for pair in json.loads(ask(path, "--json").output)["pairs"]] == [OWN_SENTENCES]


def test_a_part_of_an_operation_is_said_beside_a_pair_of_two_records(files):
    assert [pair["kept_apart"] for pair in json.loads(ask(*files, "--json").output)["pairs"]] == [None]
    files[0].write_text(text(ROW | {"coordinated_id": "op"}, {"date": "2011-01-01", "coordinated_id": "op"}), encoding="utf-8")
    (pair,) = json.loads(ask(*files, "--json").output)["pairs"]
    assert pair["kept_apart"] == "the first is one of 2 attacks of one operation, and the other may be another of them"
    # Within one record the parts of an operation are no pair.
    files[0].write_text(text(ROW | {"coordinated_id": "op"}, ROW | {"coordinated_id": "op"}), encoding="utf-8")
    assert json.loads(ask(files[0], "--json").output)["pairs"] == []
