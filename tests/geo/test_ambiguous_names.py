"""Names that several places share, names abroad, and the districts: what is not sure is not placed."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.geo import sites
from incident_atlas.geo.distance import kilometres
from incident_atlas.geo.gazetteer import offline_gazetteer

GAZETTEER = offline_gazetteer()


def run(*arguments: str):
    return CliRunner().invoke(cli, ["geocode", *arguments])


@pytest.mark.parametrize(
    ("name", "provinces"),
    [
        ("Arghandab", {"Kandahar", "Zabul"}),
        ("Faizabad", {"Badakhshan", "Faryab", "Jawzjan"}),
        ("Shahr-e Now", {"Herat", "Kabul"}),
        ("Jani Khel", {"Paktia", "Paktika"}),
    ],
)
def test_an_ambiguous_name_is_placed_nowhere_and_gives_each_of_its_places(name, provinces):
    assert GAZETTEER.match(name) is None and GAZETTEER.geocode(name) is None
    candidates = GAZETTEER.candidates(name)
    assert {found.place.province for found in candidates} >= provinces and len(candidates) == len(
        {c.place.place_id for c in candidates}
    )
    for province in provinces:
        found = GAZETTEER.match(name, province)
        assert found.place.province == province and GAZETTEER.candidates(name, province) == []
        assert GAZETTEER.match(f"{name}, {province}").place == found.place
    result = run(name, "--json")
    assert result.exit_code == 1 and len(json.loads(result.stdout)) == len(candidates)
    assert {place["province"] for place in json.loads(result.stdout)} >= provinces
    assert {spot.key for spot in sites.places_named(name)} == {found.place.place_id for found in candidates}


@pytest.mark.parametrize(
    "text",
    [
        "Russian embassy, Tehran",
        "Embassy of Pakistan in Moscow",
        "Mashhad",
        "mashhad",
        "near Mashhad",
        "Kabul Serena Hotel, India",
    ]
    + ["US embassy, Islamabad", "Peshawar", "Embassy of Russia (Dushanbe)"],
)
def test_a_name_abroad_is_nothing(text):
    assert GAZETTEER.match(text) is None and GAZETTEER.candidates(text) == [] and sites.place_named(text) is None
    result = run(text, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (1, None)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Embassy of Pakistan", "kbl-embassy-pakistan"),
        ("near Camp Phoenix", "kbl-camp-phoenix"),
        ("US embassy, Kabul, Afghanistan", "kbl-embassy-us"),
        ("Serena Hotel, on the way to Iran", "kbl-serena-hotel"),
        ("Massoud Square, a police van", "kbl-massoud-square"),
    ],
)
def test_a_country_or_a_city_abroad_that_is_only_mentioned_takes_nothing_away(text, place):
    assert GAZETTEER.match(text, "Kabul").place.place_id == place


def test_a_village_with_the_name_of_a_large_city_abroad_is_found_in_its_province():
    assert GAZETTEER.match("Mashhad", "Badakhshan").place.kind == "city"


def test_a_village_far_from_the_district_of_its_name_is_not_what_the_name_means():
    for found in (GAZETTEER.match("Kushk"), GAZETTEER.match("Kushk", "Herat")):
        assert (found.place.place_id, found.geo_precision) == ("af-herat-kushk", "district")


def test_a_name_that_is_a_province_as_well_says_so():
    for name in ("Uruzgan", "Baghlan", "Kabul"):
        result = run(name, "--json")
        assert result.exit_code == 0 and f"{name} is also the name of a province" in result.stderr
    assert run("Marjah").stderr == ""


@pytest.mark.parametrize(
    "name",
    "Marjah;Musa Qala;Garmser;Panjwai;Torkham;Hairatan;Bagram;Chahar Asyab;Karte Naw;Karte Char;Kolola Pushta;Qala-e Fathullah;"
    "Pul-e Sokhta;Mazar;Nad Ali;Zhari;Sangin;Kajaki;Achin;Haska Mena;Dand Patan;Istalif;حیرتان;کلوله پشته".split(";"),
)
def test_names_that_people_use_are_found(name):
    assert GAZETTEER.match(name) is not None


def test_every_district_is_found_as_a_district_in_its_province_and_none_has_the_point_of_another():
    districts = [place for place in GAZETTEER.places if place.kind == "district"]
    assert len(districts) > 390 and len({place.province for place in districts}) == 34
    for place in districts:
        assert GAZETTEER.match(place.name, place.province, "district").place.kind == "district", place.place_id
        assert GAZETTEER.by_id[place.parent].name == place.province
    points = [(place.latitude, place.longitude) for place in districts if place.geo_precision == "district"]
    assert len(set(points)) == len(points)


def test_a_district_lies_near_the_town_of_its_name():
    apart = []
    for place in GAZETTEER.places:
        towns = [
            one for one in GAZETTEER.places if one.kind == "city" and (one.name, one.province) == (place.name, place.province)
        ]
        if place.kind == "district" and place.geo_precision == "district" and towns:
            apart += [float(kilometres(place.latitude, place.longitude, one.latitude, one.longitude)) for one in towns]
    assert len(apart) > 60 and sorted(apart)[len(apart) * 9 // 10] < 30


@pytest.mark.parametrize(
    ("text", "province", "names"),
    [
        ("road from Kushk-e Kohna to Herat", "Herat", ["Kushk-e Kohna"]),
        ("Spera, Khost", "Khost", ["Sperah"]),
        ("Khost and Nangarhar", "", ["Khost", "Nangarhar"]),
        ("a village in Herat", "Herat", ["Herat"]),
        ("Atlantis", "", []),
    ],
)
def test_the_places_that_a_text_names_are_those_that_lie_in_no_other_of_them(text, province, names):
    assert [place.name for place in GAZETTEER.mentioned(text, province or None)] == names


def test_a_name_of_a_province_stands_for_it_unless_a_city_is_said():
    assert [place.kind for place in GAZETTEER.mentioned("Herat")] == ["province"]
    (city,) = GAZETTEER.mentioned("Herat city")
    (province,) = GAZETTEER.mentioned("Herat province")
    assert city.kind == "city" and GAZETTEER.contains(province, city)
    assert not GAZETTEER.contains(city, province) and not GAZETTEER.contains(city, city)


def test_the_command_names_the_province_of_a_place():
    assert "\nin the province: Samangan\n" in run("Langar").stdout
    assert "in the province" not in run("Nuristan").stdout
