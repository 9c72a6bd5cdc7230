"""Latitude and longitude that look swapped: exchanged only where a person chose it, by the page's mapping and the commands alike."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.dataset.load import load_bytes
from incident_atlas.importers import mapping as tables
from incident_atlas.importers.mapping import Mapping
from tests.support.tiny import text

SWAPPED = {"latitude": "69.17", "longitude": "34.53", "geo_precision": "exact"}
NATIVE = text(
    {},
    {**SWAPPED, "incident_id": "S-1"},
    {**SWAPPED, "incident_id": "S-2", "latitude": "62.2", "longitude": "34.35", "city": "Herat", "province": "Herat"},
)
TABLE = (
    "Date,What,Lat,Lon\n2019-01-02,A bomb,34.52,69.18\n2019-01-03,Shots,34.53,69.17\n2019-01-04,A mine,69.20,34.50\n"
    "2019-01-05,A rocket,34.50,69.11\n2019-01-06,A bomb,65.71,31.61\n2019-01-07,Shots,34.51,69.15\n"
)


def points(data: str, mapping: Mapping | None) -> list[tuple[float, float]]:
    found = load_bytes(data.encode(), "x.csv", mapping=mapping).incidents
    return list(zip(found["latitude"], found["longitude"], strict=True))


@pytest.mark.parametrize("data", [NATIVE, TABLE], ids=["native", "table"])
def test_every_point_that_looks_swapped_is_exchanged_and_no_other(data):
    before, after = points(data, None), points(data, Mapping(exchange_all=True))
    assert after == [(lon, lat) if lat > 60 else (lat, lon) for lat, lon in before] and after != before


def test_one_row_is_exchanged_by_its_id_and_the_other_is_still_told_of():
    loaded = load_bytes(NATIVE.encode(), "x.csv", mapping=Mapping(exchange_ids=("S-2",)))
    found = loaded.incidents.set_index("incident_id")
    assert found.loc["S-2", ["latitude", "longitude"]].tolist() == [34.35, 62.2] and found.loc["S-2", "province"] == "Herat"
    assert found.loc["S-1", ["latitude", "longitude"]].tolist() == [69.17, 34.53]
    reported = loaded.problems.set_index("code")["value"]
    assert reported["swapped_coordinates"] == "69.1700, 34.5300" and reported["exchanged_coordinates"] == "62.2000, 34.3500"


def test_an_id_of_no_swapped_row_is_said_and_changes_nothing():
    loaded = load_bytes(NATIVE.encode(), "x.csv", mapping=Mapping(exchange_ids=("T-1", "=none")))
    assert points(NATIVE, Mapping(exchange_ids=("T-1",))) == points(NATIVE, None)
    assert loaded.problems.loc[loaded.problems["code"] == "decision_not_followed", "value"].tolist() == ["=none", "T-1"]


def test_a_point_abroad_of_a_row_of_another_country_is_never_exchanged():
    row = {**SWAPPED, "country": "Russia", "province": "", "city": ""}
    assert points(text(row), Mapping(exchange_all=True)) == [(69.17, 34.53)]


@pytest.mark.parametrize("chosen", [Mapping(exchange_all=True), Mapping(exchange_ids=("S-1", "=1+1", "twelve, 12"))])
def test_the_choice_comes_back_from_its_file(chosen):
    found, problems = tables.read(tables.written(chosen))
    assert found == chosen and problems == []


def test_check_and_convert_do_what_the_saved_mapping_says(tmp_path):
    source, mapping, out = tmp_path / "x.csv", tmp_path / "mapping.csv", tmp_path / "out.csv"
    source.write_text(NATIVE)
    mapping.write_bytes(tables.written(Mapping(exchange_all=True)))
    checked = CliRunner().invoke(cli, ["check", str(source), "--mapping", str(mapping), "--json"])
    answer = json.loads(checked.stdout)
    codes = [problem["code"] for problem in answer["problems"]]
    assert codes.count("exchanged_coordinates") == 2 and "swapped_coordinates" not in codes
    assert CliRunner().invoke(cli, ["convert", str(source), "--mapping", str(mapping), "-o", str(out)]).exit_code == 0
    rows = {row["incident_id"]: row for row in csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))}
    assert (rows["S-1"]["latitude"], rows["S-1"]["longitude"]) == ("34.53", "69.17")
    assert "69.1700, 34.5300" in rows["S-1"]["notes"] and "exchanged" in rows["S-1"]["notes"]
