"""Tables of additions and corrections are applied whole, once, and never over a cell that holds something else."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from incident_atlas.core.schema import NAMES, REPORT_NAMES
from tools.data import apply_tables

Row = dict[str, str]


def write(path: Path, columns: tuple[str, ...], rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def record(tmp_path: Path) -> Path:
    folder = tmp_path / "record"
    folder.mkdir()
    incidents = [
        {"incident_id": "AFG-20200101-1", "date": "2020-01-01", "title": "A", "killed": "3"},
        {"incident_id": "AFG-20200101-2", "date": "2020-01-01", "title": "B", "summary": "Stands."},
    ]
    write(folder / "incidents.csv", NAMES, incidents)
    reports = [
        {
            "incident_id": "AFG-20200101-1",
            "publisher": "One",
            "url": "https://one.example/a",
            "killed_low": "3",
            "killed_high": "4",
        },
        {"incident_id": "AFG-20200101-2", "publisher": "One", "says": "First."},
    ]
    write(folder / "reports.csv", REPORT_NAMES, reports)
    write(folder / "publishers.csv", ("publisher", "kind", "knows"), [{"publisher": "One", "kind": "news", "knows": "yes"}])
    write(folder / "perpetrators.csv", ("name", "aliases"), [{"name": "Taliban"}])
    return folder


@pytest.fixture
def additions(tmp_path: Path) -> Path:
    folder = tmp_path / "additions"
    folder.mkdir()
    return folder


def change(incident_id: str, column: str, old: str, new: str) -> Row:
    return {"incident_id": incident_id, "column": column, "old": old, "new": new, "why": "read", "source_url": ""}


CHANGE = ("incident_id", "column", "old", "new", "why", "source_url")


def test_new_rows_stand_in_their_order_and_are_added_once(record, additions):
    write(additions / "incidents.csv", NAMES, [{"incident_id": "AFG-20200101-10"}, {"incident_id": "AFG-20191231-1"}])
    new = [
        {"incident_id": "AFG-20191231-1", "publisher": "Alpha", "url": "https://a.example", "says": "x"},
        {"incident_id": "AFG-20200101-10", "publisher": "One", "says": "y"},
        {"incident_id": "AFG-20200101-2", "publisher": "One", "says": "First."},
    ]
    write(additions / "reports_new.csv", REPORT_NAMES, new)
    write(additions / "publishers.csv", ("publisher", "kind", "why"), [{"publisher": "Alpha", "kind": "agency", "why": "z"}])
    for again in (False, True):
        applied = apply_tables.apply(additions, record)
        assert not applied.refused and bool(applied.counts) != again
        names = [row["incident_id"] for row in read(record / "incidents.csv")]
        assert names == ["AFG-20191231-1", "AFG-20200101-1", "AFG-20200101-2", "AFG-20200101-10"]
        assert [row["incident_id"] for row in read(record / "reports.csv")] == names
        assert read(record / "publishers.csv")[0] == {"publisher": "Alpha", "kind": "agency", "knows": ""}


def test_a_change_needs_the_old_value_and_a_known_column(record, additions):
    rows = [
        change("AFG-20200101-1", "killed", "3", "4"),
        change("AFG-20200101-2", "title", "C", "D"),
        change("AFG-20200101-2", "colour", "", "red"),
        change("AFG-20200101-2", "incident_id", "AFG-20200101-2", "AFG-20200101-3"),
        change("AFG-19990101-1", "title", "", "D"),
    ]
    write(additions / "changes.csv", CHANGE, rows)
    before = (record / "incidents.csv").read_bytes()
    assert len(apply_tables.apply(additions, record).refused) == 4
    assert (record / "incidents.csv").read_bytes() == before
    apply_tables.apply(additions, record, revised="2020-02-02", skip=True)
    first, second = read(record / "incidents.csv")
    assert (first["killed"], first["revised"]) == ("4", "2020-02-02")
    assert (second["title"], second["revised"]) == ("B", "")


def test_a_row_that_is_joined_leaves_its_reports_to_the_other(record, additions):
    write(additions / "changes.csv", CHANGE, [change("AFG-20200101-2", apply_tables.DELETE, "", "joined with AFG-20200101-1")])
    assert not apply_tables.apply(additions, record).refused
    assert [row["incident_id"] for row in read(record / "incidents.csv")] == ["AFG-20200101-1"]
    assert [row["incident_id"] for row in read(record / "reports.csv")] == ["AFG-20200101-1"] * 2


def test_a_summary_fills_a_blank_and_replaces_none(record, additions):
    rows = [{"incident_id": f"AFG-20200101-{number}", "summary": "New."} for number in (1, 2)]
    write(additions / "summaries.csv", ("incident_id", "summary"), rows)
    apply_tables.apply(additions, record)
    assert [row["summary"] for row in read(record / "incidents.csv")] == ["New.", "Stands."]


def test_a_report_read_again_gets_what_was_read_and_keeps_the_rest(record, additions):
    columns = ("incident_id", "publisher", "url", "accessed", "killed_low", "killed_high", "wounded_low", "wounded_high", "says")
    row = {
        "incident_id": "AFG-20200101-1",
        "publisher": "One",
        "url": "https://one.example/a",
        "accessed": "2020-03-01",
        "killed_low": "5",
    }
    write(additions / "reports_read.csv", columns, [row, row | {"url": "https://two.example"}])
    applied = apply_tables.apply(additions, record, skip=True)
    assert len(applied.refused) == 1 and applied.counts == {"reports read again": 1}
    report = read(record / "reports.csv")[0]
    assert (report["accessed"], report["killed_low"], report["killed_high"]) == ("2020-03-01", "5", "")
    assert len(read(record / "reports.csv")) == 2


def test_a_report_of_no_incident_or_of_an_unknown_publisher_is_refused(record, additions):
    rows = [{"incident_id": "AFG-20200101-9", "publisher": "One"}, {"incident_id": "AFG-20200101-1", "publisher": "Nobody"}]
    write(additions / "reports.csv", REPORT_NAMES, rows)
    assert len(apply_tables.apply(additions, record).refused) == 2
