"""Where areas were collected to different days, whatever counts days ends where the area that it touches does, and says which."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner

from incident_atlas.analysis.compare import compare
from incident_atlas.analysis.periods import Period
from incident_atlas.cli.main import cli
from incident_atlas.dataset.circle import parse_circle
from incident_atlas.dataset.exposure import Exposure, exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load
from tests.support.tiny import text

ENDS = {"Afghanistan": "2024-12-31", "Kabul": "2026-11-20", "Herat": "2022-12-31"}
ROWS = [
    *({"date": f"{year}-01-01", "city": city, "province": city} for year in range(2015, 2023) for city in ("Kabul", "Herat")),
    {"date": "2024-06-01", "city": "Herat", "province": "Herat"},
    {"date": "2026-01-01", "city": "Kabul", "province": "Kabul"},
]


def written(folder: Path, ends: dict[str, str]) -> Path:
    path = folder / "incidents.csv"
    path.write_text(text(*ROWS), encoding="utf-8")
    rows = "".join(f"Incident Atlas,{area},,,{day},x\n" for area, day in ends.items())
    (folder / "coverage.csv").write_text(f"source,area,from,to,collected_until,note\n{rows}", encoding="utf-8")
    return path


@pytest.fixture
def loaded(tmp_path) -> Loaded:
    return load(written(tmp_path, ENDS))


CASES = {
    "": ("2022-12-31", "Herat"),
    "city=Kabul": ("2026-11-20", ""),
    "city=Herat": ("2022-12-31", "Herat"),
    "city=Kabul&city=Herat": ("2022-12-31", "Herat"),
    "province=Kabul": ("2026-11-20", ""),
    "city=Paghman": ("2026-11-20", ""),
    "city=Kunduz": ("2024-12-31", "Afghanistan"),
    "near=34.5289,69.1725,5": ("2026-11-20", ""),
    "near=34.35,62.2,20": ("2022-12-31", "Herat"),
    # Kabul and, with so wide a circle, the provinces around it.
    "near=34.5289,69.1725,50": ("2024-12-31", "Afghanistan"),
}


@pytest.mark.parametrize("query", CASES)
def test_days_end_with_the_first_area_to_end_that_the_filter_touches(loaded, query):
    values = [one.split("=") for one in query.split("&") if one]
    places = {name: tuple(value for key, value in values if key == name) for name in ("city", "province")}
    near = dict(values).get("near")
    found = exposure(loaded, Filters(**places, near=parse_circle(near) if near else None))
    day, area = CASES[query]
    assert found == Exposure(pd.Timestamp("2015-01-01"), pd.Timestamp(day), area)
    assert (f"Data for {area} to " in found.note()) == bool(area)


def test_one_day_for_all_names_no_area_and_an_incident_after_it_is_a_day_of_the_record(tmp_path):
    found = exposure(load(written(tmp_path, {"Afghanistan": "2024-12-31"})), Filters(city=("Herat",)))
    assert found == Exposure(pd.Timestamp("2015-01-01"), pd.Timestamp("2026-01-01")) and found.note() == "Data to 1 Jan 2026."


def test_a_comparison_counts_no_day_after_the_end_of_its_area(loaded):
    before, since = Period(date(2019, 1, 1), date(2020, 12, 31)), Period(date(2021, 1, 1), date(2024, 12, 31))
    herat = compare(loaded, Filters(city=("Herat",)), before, since)
    assert (herat.second.days, herat.second.incidents, herat.cut) == (730, 2, True)
    kabul = compare(loaded, Filters(city=("Kabul",)), before, since)
    assert (kabul.second.days, kabul.cut) == (1461, False)


@pytest.mark.parametrize(
    ("city", "at", "years", "area"), [("Herat", "34.35,62.2", 8.0, "Herat"), ("Kabul", "34.5289,69.1725", 11.9, "")]
)
def test_the_commands_count_days_to_the_end_of_the_area_and_name_it(tmp_path, city, at, years, area):
    path = str(written(tmp_path, ENDS))

    def message(*words: str) -> str:
        done = CliRunner().invoke(cli, list(words), catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    query = (("summary", path, "--city", city), ("repeats", path, "--city", city), ("nearby", path, "--at", at, "--km", "15"))
    pair = ("--first", "2017-01-01:2018-12-31", "--second", "2019-01-01:2020-12-31")
    for words in (*query, ("compare", path, "--city", city, *pair)):
        assert ("Data for Herat to " in message(*words)) == bool(area)
        assert "Traceback" not in message(*words)
    assert json.loads(message("repeats", path, "--city", city, "--json"))["years"] == pytest.approx(years, abs=0.02)
    as_of = json.loads(message("nearby", path, "--at", at, "--km", "15", "--json"))["as_of"]
    assert as_of == ENDS[city]


def test_a_rate_counts_no_incident_after_its_days(tmp_path):
    done = CliRunner().invoke(
        cli, ["nearby", str(written(tmp_path, ENDS)), "--at", "34.35,62.2", "--km", "20"], catch_exceptions=False
    )
    # Eight in eight years; the ninth lies after the day to which Herat was collected.
    assert "1 a year (0.43–1.97), exact 95 % interval, 1 Jan 2015 to 31 Dec 2022" in done.output
