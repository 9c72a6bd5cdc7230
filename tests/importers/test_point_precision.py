"""How well the points of a file are known where it does not say: what its reader says, and what the points themselves allow."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.dataset.load import load, load_bytes
from incident_atlas.dataset.sql import prepare
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.point_precision import allowed_ranks
from incident_atlas.importers.mapping import Mapping, read, written

CASES = Path(__file__).parent / "cases"
HEAD = "day,what happened,lat,lon,dead\n"
EXACT = Mapping(constants=(("geo_precision", "exact"),))
TRUSTED = replace(EXACT, trust_shared_points=True)


def rows(*points: tuple[str, str], more: str = "", cells: tuple[str, ...] = ()) -> bytes:
    """A table of no known data set with a row for each of these points."""
    lines = [f"2022-01-{at + 1:02d},Shots,{n},{e},1" + (f",{cells[at]}" if cells else "") for at, (n, e) in enumerate(points)]
    return (HEAD.strip() + more + "\n" + "\n".join(lines) + "\n").encode()


def known(data: bytes, mapping: Mapping | None = None) -> list[str]:
    return load_bytes(data, "mine.csv", mapping=mapping).incidents["geo_precision"].tolist()


def allowed(*points: tuple[float, float], trust: bool = False) -> list[str]:
    found = allowed_ranks(*np.array(points).T, trust)
    return [GEO_PRECISIONS[rank] for rank in found]


def test_points_are_known_to_the_city_until_their_reader_says_otherwise():
    data = rows(("34.51234", "69.28331"), ("34.41234", "69.28335"))
    assert known(data) == ["city", "city"]
    for precision in ("exact", "street", "neighbourhood", "city"):
        assert known(data, Mapping(constants=(("geo_precision", precision),))) == [precision] * 2


@pytest.mark.parametrize(
    ("point", "expected"),
    [
        ((34.71234, 69.31334), "exact"),
        ((34.712, 69.313), "exact"),
        ((34.71, 69.31), "neighbourhood"),
        ((34.7, 69.3), "city"),
        ((35.0, 69.0), "city"),
        ((34.7, 69.31334), "exact"),
    ],
)
def test_few_decimals_coarsen_a_point_however_much_it_is_trusted(point, expected):
    assert allowed(point) == allowed(point, trust=True) == [expected]


def test_a_point_of_three_rows_is_known_to_the_city_unless_it_is_trusted():
    point, other = (34.71234, 69.31334), (34.61235, 69.31334)
    assert allowed(point, point, other) == ["exact"] * 3
    assert allowed(point, point, other, point) == ["city", "city", "exact", "city"]
    assert allowed(point, point, other, point, trust=True) == ["exact"] * 4


@pytest.mark.parametrize("kind", ["city", "neighbourhood", "district"])
def test_a_point_near_a_centre_is_known_no_better_than_that_place_and_never_worse_than_the_city(kind):
    place = next(one for one in offline_gazetteer().places if one.kind == kind and one.geo_precision == kind)
    at, expected = (place.latitude + 0.00091, place.longitude + 0.00012), "neighbourhood" if kind == "neighbourhood" else "city"
    assert allowed(at) == [expected] and allowed(at, at, at) == [expected] * 3
    assert allowed(at, trust=True) == ["exact"]


def test_rows_without_a_point_are_looked_up_as_ever():
    data = (HEAD.strip() + ",place\n2022-01-01,Shots,,,1,Wazir Akbar Khan\n2022-01-02,Shots,34.71234,69.31334,1,\n").encode()
    before = load_bytes(data, "mine.csv").incidents
    after = load_bytes(data, "mine.csv", mapping=EXACT).incidents
    assert after["geo_precision"].tolist() == [before["geo_precision"].iloc[0], "exact"]
    assert after["found_by"].tolist() == before["found_by"].tolist()


def test_a_column_says_it_of_each_row_within_the_same_limits():
    point = ("34.71234", "69.31334")
    data = rows(
        ("34.71", "69.32"), point, point, point, ("34.61234", "69.31334"), more=",location precision",
        cells=("exact", "exact", "street", "", "exact"),
    )  # fmt: skip
    loaded = load_bytes(data, "mine.csv")
    assert loaded.incidents["geo_precision"].tolist() == ["neighbourhood", "city", "city", "city", "exact"]
    [problem] = loaded.problems[loaded.problems["code"] == "precision_limited"].itertuples()
    assert (problem.row, problem.reason.split(" are ")[0]) == (1, "3 points")
    assert known(data, Mapping(trust_shared_points=True)) == ["neighbourhood", "exact", "street", "city", "exact"]
    assert known(data, TRUSTED) == ["neighbourhood", "exact", "street", "exact", "exact"]


def test_rows_that_share_a_point_are_counted_over_the_whole_file(monkeypatch, tmp_path):
    monkeypatch.setattr("incident_atlas.importers.data_sets.native.CHUNK", 2)
    point = ("34.71234", "69.31334")
    path = tmp_path / "mine.csv"
    path.write_bytes(rows(point, ("34.61234", "69.31334"), point, ("34.61235", "69.31335"), point))
    expected = ["city", "exact", "city", "exact", "city"]
    loaded = load(path, mapping=EXACT).incidents
    assert loaded["geo_precision"].tolist() == expected
    assert loaded["precision_rank"].tolist() == [GEO_PRECISIONS.index(name) for name in expected]
    prepare(path, tmp_path / "out.parquet", mapping=EXACT)
    assert pd.read_parquet(tmp_path / "out.parquet")["geo_precision"].tolist() == expected


def test_a_record_in_our_own_columns_keeps_what_it_says_and_takes_it_for_the_rest():
    head = "incident_id,date,title,latitude,longitude,geo_precision\n"
    data = f"{head}A,2020-01-01,One,34.71234,69.31334,street\nB,2020-01-02,Two,34.61234,69.31334,\nC,2020-01-03,Three,34.7,69.3,exact\n"
    assert known(data.encode(), EXACT) == ["street", "exact", "exact"]
    assert load(CASES / "aid_worker_columns.csv", mapping=EXACT).origins[0].format.key == "awsd"


def test_it_is_saved_with_the_mapping_and_read_again():
    mapping, problems = read(written(TRUSTED))
    assert (mapping.precision, mapping.trust_shared_points, problems) == ("exact", True, [])
    _, problems = read(b"ours,theirs,value\ngeo_precision,,about right\n")
    assert [problem.value for problem in problems] == ["about right"]


@pytest.mark.parametrize(
    ("name", "km", "more"),
    [
        # The first row lies near the centre of a neighbourhood, which no circle of one kilometre holds.
        ("semicolons_decimal_comma.csv", 2, []),
        ("semicolons_decimal_comma.csv", 1, ["--trust-shared-points"]),
        # Two decimals make a point a neighbourhood.
        ("native_ids_other_columns.csv", 2, []),
    ],
)
def test_the_very_coordinate_of_a_row_finds_its_incident_within_once_points_are_said_to_be_exact(name, km, more):
    one = load(CASES / name).incidents.iloc[0]
    query = ["nearby", str(CASES / name), "--at", f"{one.latitude},{one.longitude}", "--km", str(km), "--json"]
    before = json.loads(CliRunner().invoke(cli, query).stdout)
    assert (before["within"], before["possibly_within"][:1]) == ([], [one.incident_id])
    found = CliRunner().invoke(cli, [*query, "--location-precision", "exact", *more])
    assert json.loads(found.stdout)["within"] == [one.incident_id], found.output


def test_every_command_of_a_file_takes_the_option():
    text = {name: command for name, command in cli.commands.items() if any(param.name == "mapping" for param in command.params)}
    assert len(text) >= 8
    for command in text.values():
        assert {"location_precision", "trust_shared_points"} <= {param.name for param in command.params}
