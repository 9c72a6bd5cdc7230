"""Files of other data sets, and any other table, in our own columns: no problem, no figure changed, and again the same."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.curation.quality.report import as_json, report
from incident_atlas.dataset.load import load
from incident_atlas.importers import mapping
from tests.export.test_conversion import run
from tests.support import foreign
from tests.support.profile import scaled

pytestmark = pytest.mark.nightly

TROUBLE = {
    "acled": (
        *({"event_id_cnty": f"AFG{n}", "fatalities": str(dead)} for n, dead in enumerate((0, 3, 12, 100, 7))),
        {"event_id_cnty": "AFG7", "latitude": "41.9", "longitude": "12.5"},
        {"event_id_cnty": "AFG8", "admin1": "Herat", "admin2": "Herat"},
        {
            "event_id_cnty": "AFG9",
            "event_type": "Violence against civilians",
            "sub_event_type": "Attack",
            "actor1": "Nobody Known",
        },
        {"event_id_cnty": "AFG10", "event_type": "Protests", "sub_event_type": "Peaceful protest"},
    ),
    "ucdp": (
        {"id": "1", "low": "0", "best": "1", "high": "9"},
        {"id": "2", "country": "Iraq", "adm_1": "Baghdad", "latitude": "33.3", "longitude": "44.4"},
        {"id": "3", "adm_1": "Herat province"},
        {"id": "4", "side_a": "Somebody New"},
        {"id": "5", "latitude": "69.2", "longitude": "34.5"},
        {"id": "5"},
    ),
    "gtd": (
        {"eventid": "201906150001", "nkill": "5", "nkillter": "2"},
        {"eventid": "201906150002", "nkill": "-99", "nwound": "-9"},
        {"eventid": "201900000003", "imonth": "0", "iday": "0"},
        {"eventid": "201906150004", "gname": "Somebody New", "provstate": "Herat"},
        {"eventid": "201906150005", "iyear": "soon"},
    ),
}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def converted_twice(file: Path, folder: Path, *options: object) -> list[dict[str, str]]:
    """The rows of the conversion, of which check says only what it keeps, and whose own conversion is the same byte for byte."""
    assert run("convert", file, "-o", folder / "one.csv", *options).exit_code in (0, 1)
    answer = json.loads(run("check", folder / "one.csv", "--json").stdout)
    codes = {problem["code"] for problem in answer["problems"]}
    assert codes <= {"outside_area", "swapped_coordinates", "own_term"} and answer["set_aside"] == 0
    assert run("convert", folder / "one.csv", "-o", folder / "two.csv").exit_code == 0
    for name in ("{}.csv", "{}_reports.csv"):
        first, second = (folder / name.format(which) for which in ("one", "two"))
        assert first.exists() == second.exists() and (not first.exists() or first.read_bytes() == second.read_bytes())
    return rows(folder / "one.csv")


@pytest.mark.parametrize("key", TROUBLE)
def test_an_export_with_trouble_is_converted_and_again_the_same(key, tmp_path):
    file = foreign.write(key, tmp_path / "theirs.csv", *TROUBLE[key])
    made, loaded = converted_twice(file, tmp_path, "--format", key), load(file)
    assert [row["incident_id"] for row in made] == loaded.incidents["incident_id"].tolist()
    assert len(made) == len(TROUBLE[key]) - 1 == loaded.source.kept
    assert len(rows(tmp_path / "one_reports.csv")) == len(loaded.reports) >= len(made)


@pytest.mark.parametrize("key", TROUBLE)
def test_no_figure_of_an_export_changes_on_the_way(key, tmp_path):
    file = foreign.write(key, tmp_path / "theirs.csv", *TROUBLE[key])
    made, before = converted_twice(file, tmp_path), load(file).incidents
    for name in ("killed_low", "killed", "killed_high", "wounded", "attackers_killed"):
        assert [row[name] for row in made] == ["" if pd.isna(n) else f"{n:.0f}" for n in before[name]]


def test_what_does_not_fit_of_an_export_stays_as_it_is(tmp_path):
    acled = converted_twice(foreign.write("acled", tmp_path / "a.csv", *TROUBLE["acled"]), tmp_path)
    abroad, elsewhere, unheard = acled[5:8]
    assert (abroad["latitude"], abroad["country"]) == ("41.9", "Afghanistan")
    assert elsewhere["province"] == "Herat" and elsewhere["latitude"]
    assert unheard["perpetrator"] == "Nobody Known"
    ucdp = converted_twice(foreign.write("ucdp", tmp_path / "u.csv", *TROUBLE["ucdp"]), tmp_path)
    assert (ucdp[1]["country"], ucdp[1]["latitude"]) == ("Iraq", "33.3") and ucdp[4]["latitude"] == "69.2"


@pytest.mark.parametrize(("key", "asks"), [("acled", True), ("ucdp", False), ("gtd", True)])
def test_the_terms_of_a_data_set_are_told_and_what_may_not_be_passed_on(key, asks, tmp_path):
    file = foreign.write(key, tmp_path / "theirs.csv")
    reported = run("convert", file, "-o", tmp_path / "one.csv")
    answer = json.loads(run("convert", file, "-o", tmp_path / "two.csv", "--json").stdout)
    assert answer["terms"] and all(text in reported.stdout for text in answer["terms"])
    assert bool(answer["asks"]) == asks == ("may not be passed on" in reported.stderr)
    assert answer["left_out"] and answer["left_out"][0] in reported.stdout


def test_a_file_that_is_not_of_the_format_named_is_refused(tmp_path):
    file = foreign.write("ucdp", tmp_path / "theirs.csv")
    for command in (("check", file), ("convert", file, "-o", tmp_path / "one.csv")):
        result = run(*command, "--format", "gtd")
        assert result.exit_code == 2 and "eventid" in result.stderr
    assert not (tmp_path / "one.csv").exists()


def test_another_table_is_read_with_a_mapping_that_was_saved(tmp_path):
    table, saved = tmp_path / "own.csv", tmp_path / "mapping.csv"
    table.write_text("When,Town,Dead\n2020-01-05,Kabul,3\n2021-02-01,Herat,0\n", encoding="utf-8")
    saved.write_bytes(mapping.written(mapping.guess(pd.read_csv(table, dtype="str", keep_default_na=False))))
    made = converted_twice(table, tmp_path, "--mapping", saved)
    assert [(row["date"], row["city"], row["killed"]) for row in made] == [
        ("2020-01-05", "Kabul", "3"),
        ("2021-02-01", "Herat", "0"),
    ]
    assert json.loads(run("check", table, "--mapping", saved, "--json").stdout)["read"] == 2
    assert run("convert", table, "--mapping", saved, "-o", saved).exit_code == 2
    lost = run("check", table, "--mapping", tmp_path / "nowhere.csv")
    assert lost.exit_code == 2 and "cannot be read" in lost.stderr


@pytest.mark.parametrize("key", TROUBLE)
def test_the_report_of_a_data_set_names_it_and_what_it_cannot_say(key, tmp_path):
    [file] = as_json(report(load(foreign.write(key, tmp_path / "theirs.csv", *TROUBLE[key]))))
    titles = {part["title"] for part in file["sections"]}
    assert "What it cannot say" in titles and file["sections"][0]["sentence"].startswith(f"{len(TROUBLE[key])} rows read")
    assert ("Figures that may be words" in titles) == (key == "acled")


cell = st.sampled_from(
    ["", "0", "1", "3", "-9", "-99", "soon", "2019-06-15", "Herat", "Iraq", "Unknown", "34.3", "62.2", "=1", "a;b"]
)


@settings(max_examples=scaled(6), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("key", TROUBLE)
@given(data=st.data())
def test_whatever_an_export_says_its_conversion_has_no_problem_and_is_the_same_again(key, data, tmp_path):
    names = st.sampled_from([name for name in foreign.ROWS[key] if name not in ("id", "eventid", "event_id_cnty")])
    file = foreign.write(key, tmp_path / "theirs.csv", {}, data.draw(st.dictionaries(names, cell, max_size=12)))
    for name in ("one", "two"):
        (tmp_path / f"{name}_reports.csv").unlink(missing_ok=True)
    converted_twice(file, tmp_path)
