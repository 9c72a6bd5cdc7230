"""`python -m incident_atlas nearby`: its keys are agreed, its numbers are the page's, and bad input gets one sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from incident_atlas.analysis.nearby import around
from incident_atlas.cli.main import cli
from incident_atlas.dataset.filters import PARAMETERS, Filters
from incident_atlas.dataset.load import RECORD
from incident_atlas.geo.sites import located
from tests.support.record import shipped_record
from tests.support.tiny import text

AT = "34.5289,69.1725"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["nearby", *map(str, arguments)])


@pytest.fixture
def mine(tmp_path) -> Path:
    """Two attacks at the point, one near it on the map, one known to its city, one elsewhere; the record ends on 1 Mar 2021."""
    at = {"latitude": "34.5289", "longitude": "69.1725"}
    path = tmp_path / "mine.csv"
    path.write_text(
        text(
            at | {"geo_precision": "exact", "date": "2018-05-01"},
            {"latitude": "34.5379", "longitude": "69.1725", "geo_precision": "street", "date": "2020-12-31"},
            at | {"geo_precision": "city", "date": "2019-05-01"},
            {"city": "Herat", "date": "2021-03-01", "perpetrator": "Haqqani Network"},
            at | {"geo_precision": "exact", "date": "2018-07-01", "perpetrator": "Haqqani Network"},
        ),
        encoding="utf-8",
    )
    return path


def test_json_has_exactly_the_agreed_keys_ids_nearest_first_and_every_year(mine):
    result = run(mine, "--at", AT, "--km", "2", "--json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout) == {
        "in_place": [],
        "within": ["T-1", "T-5", "T-2"],
        "possibly_within": ["T-3"],
        "last": {"incident_id": "T-2", "date": "2020-12-31", "days_since": 60},
        "possibly_since": 0,
        "last_possibly": None,
        "per_year": {"2018": 2, "2019": 0, "2020": 1, "2021": 0},
        "as_of": "2021-03-01",
    }


def test_a_total_in_a_column_of_a_table_is_whole(tmp_path):
    at = {"latitude": "34.5289", "longitude": "69.1725", "geo_precision": "exact", "date": "2018-05-01"}
    path = tmp_path / "mine.csv"
    path.write_text(text(at | {"killed_low": "1001", "killed": "1002"}, *[at] * 10, {"date": "2020-05-01"}), encoding="utf-8")
    total = "1,002 (range 1,001 to at least 1,002; no figure for 10 incidents)"
    assert len(total) > 60
    assert f" {total} " in run(path, "--at", AT, "--km", "2").stdout
    periods = ("--first", "2018-01-01:2018-12-31", "--second", "2019-01-01:2019-12-31")
    assert f" {total} " in CliRunner().invoke(cli, ["compare", str(path), *periods]).stdout


def test_the_filters_of_summary_apply(mine):
    answer = json.loads(run(mine, "--at", AT, "--perpetrator", "Haqqani Network", "--json").stdout)
    assert (answer["within"], answer["possibly_within"]) == (["T-5"], [])
    assert answer["last"] == {"incident_id": "T-5", "date": "2018-07-01", "days_since": 974}
    later = json.loads(run(mine, "--at", AT, "--from", "2019-01-01", "--json").stdout)
    assert later["within"] == ["T-2"] and later["per_year"] == {"2019": 0, "2020": 1, "2021": 0}
    options = {option.opts[0] for option in cli.commands["nearby"].params}
    assert {f"--{name.replace('_', '-')}" for name in PARAMETERS} <= options


def test_what_possibly_came_later_is_counted_with_its_last(mine):
    answer = json.loads(run(mine, "--at", AT, "--to", "2019-12-31", "--json").stdout)
    assert answer["last"] == {"incident_id": "T-5", "date": "2018-07-01", "days_since": 548} and answer["as_of"] == "2019-12-31"
    assert answer["possibly_since"] == 1
    assert answer["last_possibly"] == {"incident_id": "T-3", "date": "2019-05-01", "days_since": 244}
    shown = run(mine, "--at", AT, "--to", "2019-12-31").stdout
    assert "548 days before the filter's last day, 31 Dec 2019; 1 possibly within came later, the last on 1 May 2019." in shown
    assert "possibly within was." in shown


def test_dates_that_hold_no_day_of_the_record_are_one_sentence_without_a_zero(mine):
    result = run(mine, "--at", AT, "--to", "1990-01-01")
    assert (result.exit_code, result.stdout) == (1, "") and "These dates hold no day of the record" in result.stderr
    answer = json.loads(run(mine, "--at", AT, "--to", "1990-01-01", "--json").stdout)
    assert answer["per_year"] == {} and answer["last"] is None


def test_a_point_abroad_has_its_list_and_neither_rate_nor_year():
    result = run(RECORD, "--at", "34.0,71.3", "--km", "50")
    assert result.exit_code == 1 and "possibly within" in result.stdout and "a year" not in result.stdout
    assert "outside Afghanistan, which the record does not cover" in result.stderr
    answer = json.loads(run(RECORD, "--at", "34.0,71.3", "--km", "50", "--json").stdout)
    assert answer["per_year"] == {} and len(answer["possibly_within"]) > 1 == len(result.stderr.strip().splitlines())


def test_a_circle_that_lies_partly_abroad_says_how_much_of_it():
    shown = run(RECORD, "--at", "34.2,70.9", "--km", "50").stdout
    assert "About 45 % of the circle lies outside Afghanistan" in shown and "a year (" in shown


def test_nothing_near_is_null_and_zeros(mine):
    result = run(mine, "--at", "31.6,65.7", "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert (answer["within"], answer["possibly_within"], answer["last"]) == ([], [], None)
    assert answer["per_year"] == {"2018": 0, "2019": 0, "2020": 0, "2021": 0}


@pytest.mark.parametrize("site", ["embassy-iraq-kabul", "mosque-great-herat", "embassy-russia-kabul"])
def test_a_site_is_asked_by_its_id_and_what_was_at_it_is_apart_from_the_circle_of_its_point(site):
    spot = located()[site]
    named = json.loads(run(RECORD, "--site", site, "--km", "5", "--json").stdout)
    point = json.loads(run(RECORD, "--at", f"{spot.latitude},{spot.longitude}", "--km", "5", "--json").stdout)
    parts = [named[name] for name in ("in_place", "within", "possibly_within")]
    assert named["in_place"] and sum(map(len, parts)) == len(set().union(*parts))
    assert set(point["within"]) <= {*named["in_place"], *named["within"]} and point["in_place"] == []
    assert set(named["within"]) <= set(point["within"]) and set(named["possibly_within"]) <= set(point["possibly_within"])
    assert sum(named["per_year"].values()) == len(named["in_place"]) + len(named["within"])


def test_the_bombing_at_an_embassys_gate_is_at_that_embassy_however_small_the_circle():
    for km in ("0.1", "1", "50"):
        answer = json.loads(run(RECORD, "--site", "embassy-russia-kabul", "--km", km, "--json").stdout)
        # The bomb of 2002 went off in front of the ruined Soviet embassy, a name of the same place in the gazetteer.
        assert answer["in_place"] == ["AFG-20020901-1", "AFG-20220905-1"] and answer["last"]["incident_id"]
    shown = run(RECORD, "--site", "embassy-russia-kabul", "--km", "0.1").stdout
    assert shown.startswith("2 at Embassy of the Russian Federation, Kabul, 7 killed (or more), the last on 5 Sep 2022. ")


@pytest.mark.parametrize("place", ["Wazir Akbar Khan", "kbl-wazir-akbar-khan", "وزیر اکبر خان"])
def test_a_place_is_asked_by_name_or_id_and_without_a_radius_only_what_is_in_it_counts(place):
    answer = json.loads(run(RECORD, "--place", place, "--from", "2019-12-12", "--json").stdout)
    assert sorted(answer["in_place"]) == ["AFG-20200602-1", "AFG-20211102-1", "AFG-20220923-1"]
    assert answer["within"] == answer["possibly_within"] == []
    near = json.loads(run(RECORD, "--place", place, "--km", "1", "--from", "2019-12-12", "--json").stdout)
    assert near["in_place"] == answer["in_place"]
    incidents = shipped_record().incidents
    known = incidents[incidents["date"] >= "2019-12-12"]
    vague = known[known["found_by"].astype(str).str.startswith("city") & (known["city"].astype(str) == "Kabul")]["incident_id"]
    assert len(vague) and set(vague) < set(near["possibly_within"]) < set(known["incident_id"]) - set(near["in_place"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "34.53"], "such as 34.53, 69.17"),
        (["--at", "95,69.17"], "cannot be read"),
        (["--at", "Kabul"], "cannot be read"),
        (["--at", AT, "--km", "0"], "from 0.1 to 50"),
        (["--at", AT, "--km", "51"], "from 0.1 to 50"),
        (["--at", AT, "--km", "-1"], "from 0.1 to 50"),
        (["--at", AT, "--km", "two"], "from 0.1 to 50"),
        (["--at", AT, "--km", "nan"], "from 0.1 to 50"),
        (["--site", "nonsense"], "no site nonsense"),
        (["--place", "Atlantis"], "no place of that name"),
        (["--place", "Kabul", "--at", AT], "not both"),
        (["--place", "Kabul", "--km", "0"], "from 0.1 to 50"),
        (["--site", "unama-herat"], "No open source gives a point for UNAMA office, Herat"),
        (["--site", "embassy-iraq-kabul", "--at", AT], "not both"),
        ([], "Give a point with --at"),
    ],
)
@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_call_that_cannot_be_used_is_one_sentence_and_ends_with_2(mine, arguments, message, form):
    result = run(mine, *arguments, *form)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_a_file_that_cannot_be_used_ends_with_2(tmp_path):
    result = run(tmp_path / "none.csv", "--at", AT, "--json")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_point_abroad_is_one_sentence_and_ends_with_1(mine):
    empty = {
        "in_place": [],
        "within": [],
        "possibly_within": [],
        "last": None,
        "possibly_since": 0,
        "last_possibly": None,
        "per_year": {},
    }
    empty |= {"as_of": "2021-03-01"}
    for at in ("48.86,2.35", "-34.5,69.2", "69.1725,34.5289"):
        result = run(mine, "--at", at)
        assert (result.exit_code, result.stdout) == (1, "")
        assert "lies outside Afghanistan" in result.stderr and "the record says nothing about it" in result.stderr
        result = run(mine, "--at", at, "--json")
        assert result.exit_code == 1 and json.loads(result.stdout) == empty and "outside Afghanistan" in result.stderr
    assert "34.5289, 69.1725 lies in Afghanistan" in result.stderr


def test_what_a_filter_does_not_know_is_noted_and_ends_with_1(mine):
    result = run(mine, "--at", AT, "--city", "Paris", "--json")
    assert result.exit_code == 1 and "Ignored --city Paris" in result.stderr
    assert json.loads(result.stdout)["within"] == ["T-1", "T-5", "T-2"]


def test_a_record_of_nothing_is_no_trouble(tmp_path):
    path = tmp_path / "none.csv"
    path.write_text(text(), encoding="utf-8")
    result = run(path, "--at", AT, "--json")
    assert result.exit_code == 0
    answer = json.loads(result.stdout)
    assert answer["within"] == answer["possibly_within"] == [] and answer["per_year"] == {} and answer["as_of"] is None
    assert run(path, "--at", AT).stdout == "The record has no incidents.\n"


def test_for_people_it_says_the_answer_its_uncertainty_and_the_silence_after(mine):
    shown = run(mine, "--at", AT).stdout
    assert shown.startswith(
        "3 within 2 km of 34.5289, 69.1725, no figure reported, the last on 31 Dec 2020. 1 more may lie within: 1 known"
    )
    assert "known only to Kabul. Out of 5 incidents, 1 May 2018 to 1 Mar 2021." in shown
    assert "Last: 31 Dec 2020, 60 days before the record's last day, 1 Mar 2021." in shown
    assert "a year (" in shown and "exact 95 % interval" in shown and "2019 0 0 1 0 0" in " ".join(shown.split())
    assert "1 km north, 0°" in shown and "the same point on the map" in shown
    assert "somewhere in Kabul" in shown
    site = run(mine, "--site", "embassy-canada-kabul").stdout
    assert "0 at Embassy of Canada, Kabul" in site and "Its exact place in its neighbourhood is not known" in site


def test_the_sentence_says_the_filter(mine):
    shown = run(mine, "--at", AT, "--perpetrator", "Haqqani Network").stdout
    assert "Out of 2 incidents, by Haqqani Network." in shown


def test_the_numbers_are_those_of_the_same_filter_on_the_page():
    loaded = shipped_record()
    chosen, _ = Filters.from_query({"city": ["Kabul"], "from": ["2015-01-01"]}, loaded.options)
    around_it = around(chosen.apply(loaded.incidents), 34.5289, 69.1725, 10)
    answer = json.loads(run(RECORD, "--at", AT, "--km", "10", "--city", "Kabul", "--from", "2015-01-01", "--json").stdout)
    assert answer["within"] == loaded.at(around_it.within["row"])["incident_id"].to_list()
    assert answer["possibly_within"] == loaded.at(around_it.possibly["row"])["incident_id"].to_list()
