"""Until when a file was collected: said by its owner, by the coverage beside it, or by nobody, and then that is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.dataset.load import collected_to, load
from tests.support.record import shipped_record
from tests.support.tiny import record, text

DAYS = ["2020-01-10", "2020-03-10", "2020-06-10", "2020-12-10", "2021-05-01", "2021-11-30"]
AT = {"latitude": "34.5289", "longitude": "69.1725", "geo_precision": "exact"}
PERIODS = ("--first", "2020-01-10:2020-12-31", "--second", "2021-01-01:2021-12-31")


@pytest.fixture
def mine(tmp_path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(text(*({"date": day, **AT} for day in DAYS)), encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(cli, [*map(str, arguments)])


def test_a_period_reaches_to_the_day_until_which_the_file_was_collected(mine):
    without = json.loads(run("compare", mine, *PERIODS, "--json").stdout)
    stated = json.loads(run("compare", mine, *PERIODS, "--record-until", "2021-12-31", "--json").stdout)
    assert (without["second"]["days"], stated["second"]["days"]) == (334, 365)
    assert stated["second"]["per_30_days"][0] < without["second"]["per_30_days"][0], "an end at an incident overstates the rate"


@pytest.mark.parametrize(
    "command", [("summary",), ("compare", *PERIODS), ("nearby", "--at", "34.5289,69.1725")], ids=lambda command: command[0]
)
def test_without_it_the_last_incident_is_said_to_be_the_end(mine, command):
    name, *more = command
    message = run(name, mine, *more).stdout
    assert "Data to 30 Nov 2021, the last incident; the end of collection is not stated." in message
    message = run(name, mine, *more, "--record-until", "2021-12-31").stdout
    assert "Data to 31 Dec 2021." in message


def test_nearby_and_repeats_count_the_days_until_then(mine):
    found = json.loads(run("nearby", mine, "--at", "34.5289,69.1725", "--record-until", "2023-06-30", "--json").stdout)
    assert found["as_of"] == "2023-06-30" and found["per_year"]["2023"] == 0 and found["last"]["days_since"] == 577
    assert run("repeats", mine, "--record-until", "2023-06-30").exit_code == 0


def test_the_owner_goes_before_the_coverage_and_an_incident_before_both(mine):
    (mine.parent / "coverage.csv").write_text(
        "source,area,from,to,collected_until,note\nIncident Atlas,Afghanistan,,,2022-03-31,\n", encoding="utf-8"
    )
    assert (load(mine).source.last.date().isoformat(), load(mine).source.last_stated) == ("2022-03-31", True)
    assert "31 Jan 2022." in run("summary", mine, "--record-until", "2022-01-31").stdout
    early = run("summary", mine, "--record-until", "2021-06-30")
    assert "the last incident is on 2021-11-30" in early.stderr and "Data to 30 Nov 2021." in early.stdout


@pytest.mark.parametrize("bad", ["yesterday", "31.12.2021", "2021-13-01", "2999-01-01", ""])
def test_what_is_no_day_of_the_past_is_refused_in_one_line(mine, bad):
    result = run("summary", mine, "--record-until", bad)
    assert result.exit_code == 2 and "--record-until" in result.stderr and result.stdout == ""


def test_the_end_can_be_stated_and_taken_back():
    loaded = record({"date": "2020-05-01"})
    stated = collected_to(loaded, shipped_record().source.last.date())
    assert stated.source.last_stated and stated.source.last > loaded.source.last and stated.serial != loaded.serial
    assert collected_to(stated, None).source == loaded.source and not loaded.source.last_stated
    assert collected_to(loaded, None) is loaded, "caches know the same record"
