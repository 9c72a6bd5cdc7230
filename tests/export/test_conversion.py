"""A file in our own columns: check says only what it keeps, what could not be kept stands in its notes, and again is the same."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.cli.main import cli
from incident_atlas.core.schema import COUNTS, LONGEST_CELL, NAMES
from incident_atlas.dataset.load import load_bytes
from incident_atlas.export.native_csv import converted
from incident_atlas.export.tables import write_incidents
from tests.support.profile import scaled
from tests.support.tiny import PROBES, record, text

DAY = date(2026, 11, 21)
KABUL, HERAT, ROME = (("34.53", "69.17"), ("34.34", "62.2"), ("41.9", "12.5"))


def once(data: bytes) -> bytes:
    out = io.BytesIO()
    write_incidents(out, converted(load_bytes(data), DAY))
    return out.getvalue()


def kept_only(data: bytes) -> bool:
    """Whether every problem of the file is of what the check keeps as it is, or of an outcome that nobody stated."""
    problems = load_bytes(data).problems
    unstated = (problems["code"] == "blank") & (problems["column"] == "outcome")
    return set(problems["code"][~unstated]) <= {"outside_area", "swapped_coordinates", "own_term"}


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def one(**cells: str) -> dict[str, str]:
    """The converted row of a file of that row, of which check says only what it keeps, and which is the same again."""
    data = once(text(cells).encode())
    assert kept_only(data) and once(data) == data
    [row] = rows(data)
    return row


def test_cells_that_every_row_must_have_are_filled_honestly():
    blank = dict.fromkeys(("attack_type", "target_type", "outcome", "perpetrator", "attribution", "added", "revised"), "")
    row = one(**blank, date_precision="")
    assert [row[name] for name in ("attack_type", "target_type", "perpetrator", "attribution")] == ["Unknown"] * 3 + ["unknown"]
    assert (row["outcome"], row["notes"]) == ("", "")
    assert (row["added"], row["revised"], row["date_precision"]) == ("2026-11-21", "2026-11-21", "day")


def test_a_bomb_that_was_defused_is_not_said_to_have_gone_off():
    data = once(
        b"Date,City,What happened,Killed\n2021-09-05,Kabul,Car bomb found and defused by police,0\n2021-09-16,Herat,Bomb,2\n"
    )
    assert [(row["outcome"], row["notes"]) for row in rows(data)] == [("", ""), ("", "")]


def test_the_days_of_a_row_are_of_the_conversion_only_when_the_file_says_neither():
    assert one(added="2024-02-03", revised="")["revised"] == one(added="", revised="2024-02-03")["added"] == "2024-02-03"


def test_a_named_perpetrator_of_whom_nobody_says_how_sure_is_not_stated():
    assert one(attribution="")["attribution"] == "not stated"
    assert record({"attribution": "not stated"}).problems.empty
    assert one(attribution="not stated", perpetrator="Unknown")["attribution"] == "unknown"


@pytest.mark.parametrize(
    "cells",
    [
        {"latitude": KABUL[0], "longitude": KABUL[1], "geo_precision": "street", "province": "Herat", "city": "Herat"},
        {"latitude": KABUL[0], "longitude": KABUL[1], "geo_precision": "street", "province": "", "city": "Herat"},
        {"latitude": ROME[0], "longitude": ROME[1], "geo_precision": "city", "province": "Kabul", "country": "Afghanistan"},
        {"latitude": KABUL[1], "longitude": KABUL[0], "geo_precision": "city", "province": "Kabul", "country": "Afghanistan"},
    ],
)
def test_what_the_check_keeps_of_a_place_that_does_not_fit_the_conversion_keeps(cells):
    row = one(**cells)
    assert {name: row[name] for name in cells} == cells and row["notes"] == ""


def test_a_country_that_is_looked_up_or_not_known_is_the_same_in_the_converted_file():
    assert one(latitude=ROME[0], longitude=ROME[1], province="", city="")["country"] == "Italy"
    assert one(country="Unknown", province="", city="")["country"] == "Unknown"


@pytest.mark.parametrize(
    ("column", "value"),
    [("killed", "some"), ("killed", "-9"), ("suicide", "perhaps"), ("time_local", "noon")],
)
def test_a_value_that_the_check_cannot_keep_stands_in_the_notes(column, value):
    row = one(**{column: value, "notes": "As it was."})
    assert row["notes"].startswith("As it was. ") and f"{column} read “{value}”" in row["notes"]


def test_a_word_of_the_file_itself_stays_in_its_cell():
    row = one(weapon="Slingshot", perpetrator="The Unheard-of")
    assert (row["weapon"], row["perpetrator"], row["notes"]) == ("Slingshot", "The Unheard-of", "")


def test_figures_that_contradict_each_other_are_told_before_they_go():
    row = one(killed_low="9", killed="5", wounded="4")
    assert (row["killed_low"], row["killed"], row["wounded"]) == ("", "5", "4") and "killed_low read “9 > 5”" in row["notes"]


def test_no_figure_is_changed_and_blank_is_not_zero():
    figures = dict(zip(COUNTS, ["0", "3", "10", "", "5", "", "2", ""], strict=True))
    row = one(**figures)
    assert {name: row[name] for name in COUNTS} == figures and row["notes"] == ""


def test_a_row_without_coordinates_is_not_given_those_of_the_gazetteer():
    row = one(city="Kabil")
    assert (row["city"], row["latitude"], row["province"]) == ("Kabil", "", "")


def test_notes_at_their_longest_make_room_for_what_is_told():
    row = one(suicide="perhaps", notes="n" * LONGEST_CELL)
    assert len(row["notes"]) <= LONGEST_CELL and "n… suicide read “perhaps”" in row["notes"]


def test_a_cell_that_no_csv_can_hold_is_written_so_that_it_reads_back():
    loaded = record({})
    odd = loaded.incidents.assign(title=pd.array(["a\r\nb\x00c\ufeff"], dtype="str"), notes=pd.array(["x" * 12_000], dtype="str"))
    object.__setattr__(loaded, "incidents", odd)
    out = io.BytesIO()
    write_incidents(out, converted(loaded, DAY))
    [row] = rows(out.getvalue())
    assert row["title"] == "a\nb\ufffdc\ufffd" and len(row["notes"]) == LONGEST_CELL
    assert load_bytes(out.getvalue()).problems.empty and once(out.getvalue()) == out.getvalue()


cell = st.sampled_from(
    ["", *PROBES, "=1", "'=1", "Kabul", "Herat", "Hirat", "Kunduz", "7", "-9", "soon", "34.5", "69.2", "12", "a\nb"]
)
terms = st.sampled_from(["", "Taliban", "Unknown", "claimed", "unknown", "Police;Nobody", "foiled", "2020-02", "day", "month"])


@settings(max_examples=scaled(20), deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(NAMES[1:]), cell | terms, max_size=14), min_size=1, max_size=4))
def test_whatever_a_file_says_its_conversion_loses_nothing_more_and_is_the_same_again(records):
    data = text(*records).encode()
    if load_bytes(data).incidents.empty:
        return
    first = once(data)
    assert kept_only(first) and once(first) == first


def run(*arguments: object) -> Result:
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    return result


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """Two rows, one of which is set aside, and a report of the other."""
    (tmp_path / "mine.csv").write_text(text({"killed": "-9"}, {"date": "soon"}), encoding="utf-8")
    (tmp_path / "mine_reports.csv").write_text("incident_id,publisher,says\nT-1,=1+1,Nothing more.\n", encoding="utf-8")
    return tmp_path / "mine.csv"


def test_the_command_writes_incidents_and_reports_and_again_the_same_bytes(mine, tmp_path):
    first = run("convert", mine, "-o", tmp_path / "a.csv")
    assert first.exit_code == 1 and "Wrote 1 incident to" in first.stdout and "Wrote 1 report to" in first.stdout
    assert "check` says what is wrong" in first.stderr
    assert run("convert", tmp_path / "a.csv", "-o", tmp_path / "b.csv").exit_code == 0
    for name in ("{}.csv", "{}_reports.csv"):
        assert (tmp_path / name.format("a")).read_bytes() == (tmp_path / name.format("b")).read_bytes()
    assert json.loads(run("check", tmp_path / "a.csv", "--json").stdout)["problems"] == []


def test_the_command_as_json_has_exactly_the_agreed_keys(mine, tmp_path):
    answer = json.loads(run("convert", mine, "-o", tmp_path / "a.csv", "--json").stdout)
    assert list(answer) == "recognised read kept set_aside reports written left_out terms asks".split()
    assert (answer["read"], answer["kept"], answer["set_aside"], answer["reports"]) == (2, 1, 1, 1)
    assert answer["written"] == [str(tmp_path / "a.csv"), str(tmp_path / "a_reports.csv")] and answer["asks"] == []


def test_what_is_read_is_never_written_over(mine, tmp_path):
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    (tmp_path / "link.csv").symlink_to(mine)
    for out in (mine, tmp_path / "link.csv", tmp_path / "mine_reports.csv", tmp_path / "." / "mine.csv"):
        result = run("convert", mine, "-o", out)
        assert result.exit_code == 2 and "Choose another name" in result.stderr
    assert {path: path.read_bytes() for path in before} == before


def test_reports_that_lie_beside_the_output_are_not_taken_for_its_own(tmp_path):
    (tmp_path / "plain.csv").write_text(text({}), encoding="utf-8")
    (tmp_path / "out_reports.csv").write_text("incident_id\nT-1\n", encoding="utf-8")
    result = run("convert", tmp_path / "plain.csv", "-o", tmp_path / "out.csv")
    assert result.exit_code == 2 and "Move it away" in result.stderr and not (tmp_path / "out.csv").exists()


def test_a_file_or_an_output_that_cannot_be_used_ends_with_2_and_leaves_nothing(mine, tmp_path):
    (tmp_path / "none.csv").write_text(text({"date": "soon"}), encoding="utf-8")
    for file, out in (
        (tmp_path / "nowhere.csv", "o.csv"),
        (tmp_path / "none.csv", "o.csv"),
        (mine, "no/folder/o.csv"),
        (mine, ""),
    ):
        result = run("convert", file, "-o", tmp_path / out)
        assert result.exit_code == 2 and result.stderr and "Traceback" not in result.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mine.csv", "mine_reports.csv", "none.csv"]
