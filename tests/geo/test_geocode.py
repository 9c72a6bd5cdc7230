"""Missing coordinates, filled offline; the only network, which is asked only by a person and once a second."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import pytest
from geopy.exc import GeocoderTimedOut
from geopy.extra.rate_limiter import RateLimiter
from geopy.geocoders import Nominatim

from incident_atlas.errors import GeocodingError
from incident_atlas.geo import geocoding
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import FROM_SOURCE, NOT_FOUND, USER_AGENT, OnlineGeocoder, find
from tests.project.test_architecture import modules, tree
from tests.support.tiny import problems, record


def test_a_sources_own_coordinates_are_kept_and_taken_for_a_citys_when_no_precision_is_given():
    point = {"latitude": "34.5", "longitude": "69.1"}
    incidents = record(point, point | {"geo_precision": "street"}).incidents
    assert incidents["geo_precision"].tolist() == ["city", "street"] and incidents["found_by"].tolist() == [FROM_SOURCE] * 2
    assert incidents["latitude"].tolist() == [34.5, 34.5] and incidents["province"].tolist() == ["Kabul", "Kabul"]


@pytest.mark.parametrize(
    ("cells", "level", "precision"),
    [
        ({"place": "Russian embassy", "city": "Kabul"}, "place", "neighbourhood"),
        ({"place": "somewhere", "city": "Hirat"}, "city", "city"),
        ({"city": "", "district": "Sarobi", "province": "Kabul"}, "district", "city"),
        ({"city": "", "province": "Helmand"}, "province", "province"),
    ],
)
def test_place_comes_before_city_before_district_before_province(cells, level, precision):
    incident = record(cells).incidents.iloc[0]
    assert incident["found_by"].startswith(f"{level}: ") and incident["found_as"] and incident["found_score"] > 0
    assert incident["geo_precision"] in (precision, "district") and incident["province"]


@pytest.mark.parametrize(
    ("place", "city", "level", "town"),
    [
        ("Kabul", "Paghman", "city", "Paghman"),
        ("Herat", "Ghoryan", "city", "Ghoriyan"),
        ("کابل", "Paghman", "city", "Paghman"),
        ("Kabul", "Kabul", "place", "Kabul"),
        ("Herat", "Paghman", "city", "Paghman"),
        ("Kabul airport", "Paghman", "place", ""),
        ("Afghanistan", "Paghman", "city", "Paghman"),
    ],
)
def test_a_place_that_names_the_area_around_the_city_of_the_row_does_not_outweigh_it(place, city, level, town):
    incident = record({"place": place, "city": city, "province": ""}).incidents.iloc[0]
    assert incident["found_by"].startswith(f"{level}: ")
    assert not town or offline_gazetteer().by_id[incident["found_as"]].name == town


def test_a_place_that_nobody_knows_lies_in_the_area_that_its_text_names_and_nowhere_beside_the_province_of_its_row():
    assert find(offline_gazetteer(), "Kabul, an unknown street", "", "", "")[1].geo_precision == "province"
    assert find(offline_gazetteer(), "Kabul, an unknown street", "", "", "Bavaria") == ("", None)


def test_what_is_found_nowhere_stays_unplaced_and_is_counted():
    loaded = record({"city": "Atlantis"}, {"city": "", "country": "Afghanistan"})
    assert loaded.incidents["found_by"].tolist() == [NOT_FOUND] * 2 and loaded.incidents["x"].isna().all()
    assert loaded.source.kept == 2


def test_a_precision_without_coordinates_is_the_gazetteers():
    assert record({"geo_precision": "exact"}).incidents["geo_precision"].tolist() == ["city"]


def test_a_place_that_is_looked_up_is_no_better_known_than_its_row_says():
    found = record({"geo_precision": "province"}, {"geo_precision": "country"}, {"geo_precision": "street"}).incidents
    assert found["geo_precision"].tolist() == ["province", "country", "city"] and found["latitude"].notna().all()


def test_coordinates_outside_the_stated_province_are_kept_and_told():
    loaded = record({"latitude": "34.5", "longitude": "69.2", "city": "", "province": "Herat"})
    assert problems(loaded) == [(2, "latitude")] and loaded.incidents["latitude"][0] == 34.5


@pytest.fixture
def nominatim(monkeypatch):
    """What Nominatim was asked; `service.answer` is what it says, or raises."""
    place = SimpleNamespace(address="Somewhere", latitude=34.0, longitude=69.0, raw={"addresstype": "state"})
    service = SimpleNamespace(queries=[], answer=place)

    def answer(query, country_codes):
        service.queries.append((query, country_codes))
        if isinstance(service.answer, Exception):
            raise service.answer
        return service.answer

    monkeypatch.setattr(geocoding, "_nominatim", lambda: answer)
    return service


def test_an_answer_is_asked_for_once_and_kept_in_a_file(nominatim, tmp_path):
    file = tmp_path / "new folder" / "cache.sqlite"
    expected = ("Somewhere", 34.0, 69.0, "province")
    assert OnlineGeocoder(file).geocode("Foo") == OnlineGeocoder(file).geocode("Foo") == expected
    assert nominatim.queries == [("Foo", "af")] and file.is_file()


def test_nothing_found_is_none_and_is_kept_too(nominatim, tmp_path):
    nominatim.answer = None
    assert [OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo") for _ in range(2)] == [None, None]
    assert len(nominatim.queries) == 1


def test_a_place_of_an_unknown_kind_is_known_to_the_city_only(nominatim, tmp_path):
    nominatim.answer.raw = {}
    assert OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")[3] == "city"


def test_trouble_of_the_service_is_an_error_of_ours_and_is_not_kept(nominatim, tmp_path):
    nominatim.answer = GeocoderTimedOut("too slow")
    with pytest.raises(GeocodingError, match="GeocoderTimedOut"):
        OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")
    assert not (tmp_path / "cache.sqlite").exists()


@pytest.mark.parametrize("content", ["", "[1]", '{"Foo"', "\0" * 5000])
def test_a_broken_or_unwritable_cache_costs_only_another_question(nominatim, tmp_path, content):
    (tmp_path / "cache.sqlite").write_text(content)
    assert OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")
    assert OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo") and len(nominatim.queries) == 1  # it began anew
    assert OnlineGeocoder(tmp_path / "cache.sqlite" / "inside a file").geocode("Foo")


def test_nominatim_is_asked_once_a_second_under_our_own_name():
    limiter = geocoding._nominatim()
    assert isinstance(limiter, RateLimiter) and limiter.min_delay_seconds >= 1 and limiter is geocoding._nominatim()
    service = limiter.func.__self__
    assert isinstance(service, Nominatim) and service.headers["User-Agent"] == USER_AGENT and "geopy" not in USER_AGENT


def test_a_closed_network_is_trouble_of_the_service_and_no_traceback(tmp_path, monkeypatch):
    monkeypatch.setattr(geocoding._nominatim(), "max_retries", 0)
    with pytest.raises(GeocodingError):
        OnlineGeocoder(tmp_path / "cache.sqlite").geocode("Foo")


def test_only_the_command_line_can_ask_the_network():
    users = {
        module
        for module, path in modules().items()
        for node in ast.walk(tree(path))
        if isinstance(node, (ast.Name, ast.Attribute, ast.alias))
        and "OnlineGeocoder" in (getattr(node, "id", ""), getattr(node, "attr", ""), getattr(node, "name", ""))
    }
    assert users == {"incident_atlas.cli.geocode"}


def test_a_point_abroad_or_outside_the_province_of_its_city_is_a_problem_and_kept():
    rows = [
        {"latitude": "69.17", "longitude": "34.53"},
        {"latitude": "51.5", "longitude": "-0.1", "city": "", "country": "Afghanistan"},
        {"latitude": "34.5", "longitude": "69.1"},
    ]
    loaded = record(*rows)
    assert problems(loaded) == [(2, "latitude"), (3, "latitude")]
    assert loaded.incidents["latitude"].tolist() == [69.17, 51.5, 34.5]
    assert loaded.problems["reason"].tolist() == [
        "latitude and longitude look swapped",
        "the coordinates lie outside Afghanistan",
    ]
