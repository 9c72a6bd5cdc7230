"""Which country a row lies in when it names none, and cells as people write them: invented files, each read once."""

from pathlib import Path

import numpy as np
import pytest

from incident_atlas.dataset.load import Loaded, load, load_bytes
from incident_atlas.geo.countries import country_at
from incident_atlas.geo.row_country import _countries_at

CASES = Path(__file__).parent / "cases"


def of(name: str) -> Loaded:
    return load(CASES / name)


def column(loaded: Loaded, name: str) -> list:
    return [None if value is np.nan or value != value else value for value in loaded.incidents[name].tolist()]


@pytest.mark.parametrize(
    ("name", "countries", "placed"),
    [
        ("another_country.csv", ["Burkina Faso"] * 3, 3),
        ("blank_country.csv", ["Kenya", "Somalia", "Unknown", "Afghanistan"], 3),
        ("native_ids_other_columns.csv", ["Unknown"] * 2, 2),  # within 10 km of two borders
        ("nan_and_zero.csv", ["Mali"] * 4, 1),
        ("semicolons_decimal_comma.csv", ["Afghanistan"] * 2, 2),
    ],
)
def test_a_row_is_where_it_or_its_point_says_and_keeps_its_point(name, countries, placed):
    loaded = of(name)
    assert column(loaded, "country") == countries and int(loaded.incidents["x"].notna().sum()) == placed
    assert loaded.source.set_aside == 0 and "outside_area" not in set(loaded.problems["code"])


def test_a_table_without_countries_or_points_is_afghan_only_where_its_places_are():
    afghan = load_bytes(b"date,title,city\n2020-01-01,One,Kabul\n2020-01-02,Two,Hirat\n")
    other = load_bytes(b"date,title,city\n2020-01-01,One,Nairobi\n2020-01-02,Two,Kabul\n")
    assert column(afghan, "country") == ["Afghanistan"] * 2 and column(other, "country") == ["Unknown"] * 2
    assert column(other, "latitude") == [None, None]


def test_a_province_of_afghanistan_is_in_afghanistan_whatever_the_point():
    loaded = load_bytes(b"date,title,province,latitude,longitude\n2020-01-01,One,Kabul,51.5,-0.1\n")
    assert column(loaded, "country") == ["Afghanistan"] and "outside_area" in set(loaded.problems["code"])


def test_zero_zero_is_told_and_no_point():
    loaded = of("nan_and_zero.csv")
    [problem] = loaded.problems[loaded.problems["code"] == "null_island"].itertuples()
    assert (problem.row, problem.value) == (3, "0, 0") and column(loaded, "latitude")[1] is None


@pytest.mark.parametrize(
    ("name", "ours", "values"),
    [
        ("times_and_zones.csv", "time_local", ["", "", "18:00"]),
        ("thousands.csv", "killed", [1234, 1234, None, None]),
        ("thousands.csv", "killed_low", [None, None, 10, 5]),
        ("thousands.csv", "killed_high", [None, None, None, 7]),
        ("bom_semicolons.csv", "latitude", [12.5]),
        ("semicolons_decimal_comma.csv", "killed", [3, 1024]),
        ("semicolons_decimal_comma.csv", "latitude", [34.5201, 34.53]),
        ("killed_by_another_name.csv", "killed", [6, None, 10]),
    ],
)
def test_cells_are_read_as_people_write_them(name, ours, values):
    assert column(of(name), ours) == values


def test_a_time_or_a_zone_loses_no_row():
    days = of("times_and_zones.csv").incidents["date"].dt.strftime("%Y-%m-%d").tolist()
    assert days == ["2020-01-02"] * 3


def test_the_short_way_for_points_well_inside_afghanistan_says_the_same():
    latitude, longitude = (grid.ravel() for grid in np.meshgrid(np.arange(28, 40, 0.21), np.arange(59, 76, 0.21)))
    assert (_countries_at(latitude, longitude) == country_at(latitude, longitude)).all()
