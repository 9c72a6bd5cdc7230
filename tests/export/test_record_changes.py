"""What changed between two versions of a record, the table that keeps it, and what a link of an older version says."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.core.reference_data import DATA
from incident_atlas.core.text import day
from incident_atlas.dataset.load import RECORD, load
from incident_atlas.errors import NotAFile
from incident_atlas.export import record_changes
from tests.support import tiny
from tests.support.pages import opened, words
from tests.support.record import shipped_record

DAY = date(2026, 5, 3)


def test_added_removed_and_corrected_incidents_are_told_with_their_cells():
    old = tiny.record({"killed": "3", "summary": "One account. " * 9}, {}, {"city": "Herat"})
    new = tiny.record({"killed": "5", "summary": "Another account. " * 9}, {}, {"incident_id": "T-9", "city": "Herat"})
    found = {one.incident: one for one in record_changes.compared(old, new, DAY, "a later report")}
    assert set(found) == {"T-1", "T-3", "T-9"}
    assert found["T-1"].what == "summary reworded; killed: 3 to 5"
    assert (found["T-3"].what, found["T-9"].what) == (record_changes.REMOVED, record_changes.ADDED)
    assert found["T-1"].before == old.source.sha256[:12] and found["T-1"].after == new.source.sha256[:12]
    assert {one.date for one in found.values()} == {"2026-05-03"} and {one.why for one in found.values()} == {"a later report"}
    assert record_changes.compared(old, old, DAY) == []


def test_an_incident_that_was_only_read_again_keeps_the_chain_of_versions_and_is_no_correction():
    old, new = tiny.record({}), tiny.record({"checked": "2026-05-02 BBC News"})
    (change,) = record_changes.compared(old, new, DAY)
    assert change.what == record_changes.READ_AGAIN and change.after == new.source.sha256[:12]
    packed = record_changes.with_changes(record_changes.read_changes(DATA / "none.csv"), [change])
    table = pd.read_csv(io.BytesIO(packed), dtype="str", keep_default_na=False)
    assert "0 were added since and 0 corrected" in record_changes.what_changed(table, change.before, ["T-1"])


def test_the_table_is_kept_once_however_often_the_command_runs(tmp_path):
    old, new, out = (tmp_path / name for name in ("old.csv", "new.csv", "CHANGES.csv"))
    old.write_text(tiny.text({"killed": "3"}), encoding="utf-8")
    new.write_text(tiny.text({"killed": "5"}, {"incident_id": "=1+1"}), encoding="utf-8")
    line = ["changes", str(old), str(new), "--why", "=HYPERLINK(1)", "--on", "2026-05-03", "-o", str(out)]
    for _ in range(2):
        assert CliRunner().invoke(cli, line).exit_code == 0
    table = record_changes.read_changes(out)
    assert table["incident"].tolist() == ["=1+1", "T-1"] and set(table["why"]) == {"=HYPERLINK(1)"}
    assert "'=1+1" in out.read_text(encoding="utf-8") and ",=" not in out.read_text(encoding="utf-8")
    text = CliRunner().invoke(cli, ["changes", str(old), str(new)]).output
    assert "1 incident added, 0 removed, 1 corrected." in text


def test_no_other_file_is_written_over(tmp_path):
    mine = tmp_path / "mine.csv"
    mine.write_text(tiny.text({}), encoding="utf-8")
    before = mine.read_bytes()
    done = CliRunner().invoke(cli, ["changes", str(mine), str(mine), "-o", str(mine)])
    assert done.exit_code == 2 and mine.read_bytes() == before
    with pytest.raises(NotAFile):
        record_changes.read_changes(mine)


def test_what_changed_after_a_version_counts_each_incident_once():
    one, two = tiny.record({"killed": "3"}), tiny.record({"killed": "5"}, {})
    three = tiny.record({"killed": "6"}, {"killed": "1"})
    first = record_changes.compared(one, two, DAY)
    both = record_changes.with_changes(record_changes.read_changes(DATA / "none.csv"), first)
    assert both.count(b"\n") == 3
    table = pd.read_csv(io.BytesIO(both), dtype="str", keep_default_na=False)
    more = record_changes.with_changes(table, record_changes.compared(two, three, DAY))
    table = pd.read_csv(io.BytesIO(more), dtype="str", keep_default_na=False)
    sha = [record_changes.version(loaded.source.sha256) for loaded in (one, two, three)]
    assert "1 was added since and 1 corrected" in record_changes.what_changed(table, sha[0], ["T-1", "T-2"])
    assert "0 were added since and 1 corrected" in record_changes.what_changed(table, sha[1], ["T-1"])
    assert record_changes.what_changed(table, sha[2], ["T-1"]) == ""
    assert len(record_changes.of_incident(table, "T-1")) == 2
    again = [replace(one, why="said better") for one in first]
    table = pd.read_csv(io.BytesIO(record_changes.with_changes(table, again)), dtype="str", keep_default_na=False)
    assert table["why"].tolist() == ["said better", "said better", "", ""], "what is run again stays in its place"
    assert table["after"].tolist() == [sha[1], sha[1], sha[2], sha[2]]


def test_the_shipped_table_ends_with_the_shipped_record():
    table, loaded = record_changes.read_changes(), shipped_record()
    known = set(loaded.incidents["incident_id"])
    last = table.drop_duplicates("incident", keep="last")
    assert len(table) and set(last.loc[last["what"] != record_changes.REMOVED, "incident"]) <= known
    assert table["after"].iloc[-1] == record_changes.version(loaded.source.sha256), (
        "the record changed: run `python -m incident_atlas changes OLD NEW -o data/CHANGES.csv`"
    )


def test_a_link_of_a_listed_version_says_what_changed_under_its_filter():
    table = record_changes.read_changes()
    text = words(opened("app.py", {"city": "Kabul", "version": table["before"].iloc[0]}))
    loaded = load(RECORD)
    kabul = set(loaded.incidents.loc[loaded.incidents["city"] == "Kabul", "incident_id"])
    added = set(table.loc[table["what"] == record_changes.ADDED, "incident"]) & kabul
    assert f"{len(added):,} were added since" in text
    assert "were added since" not in words(opened("app.py", {"city": "Kabul", "version": "0" * 12}))


def test_about_lists_the_changes_and_an_incident_shows_its_own(monkeypatch):
    changed = record_changes.read_changes()
    corrected = changed[~changed["what"].isin([record_changes.ADDED, record_changes.REMOVED])].iloc[0]
    text = words(opened("pages/incidents.py", {"incident": corrected["incident"]}))
    assert "Changes of this entry" in text and day(pd.Timestamp(corrected["date"])) in text
    about = opened("pages/about.py")
    assert any(list(table.value.columns) == ["Date", "Incident", "What", "Why"] for table in about.dataframe)
    monkeypatch.setenv("INCIDENTS_DISCRETION", "grid")
    assert "Changes of this entry" not in words(opened("pages/incidents.py", {"incident": corrected["incident"]}))
