"""The offline geocoder: spellings, scripts and phrases; what it does not know it does not guess."""

from __future__ import annotations

from collections import defaultdict

import pytest
from geopy.location import Location

from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.geo.gazetteer import OfflineGazetteer, fold, offline_gazetteer

GAZETTEER = offline_gazetteer()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Kabul", "Kabul"),
        ("Kabil", "Kabul"),
        ("Caboul", "Kabul"),
        ("KABUL", "Kabul"),
        ("كابل", "Kabul"),
        ("کابل", "Kabul"),
        ("Hirat", "Herat"),
        ("هرات", "Herat"),
        ("Qondoz", "Kunduz"),
        ("Mazar-i-Sharif", "Mazar-e Sharif"),
        ("mazār e sharīf", "Mazar-e Sharif"),
    ],
)
def test_every_spelling_of_a_city_is_that_city(written, meant):
    place = GAZETTEER.geocode(written)
    assert place.address == meant and place.raw["kind"] == "city" and place.raw["score"] == 100


def test_spellings_that_share_their_letters_fold_to_one():
    assert fold("كابل") == fold("کابل") and fold("Kārte Seh") == fold("karte-seh") and fold("Jalal‌abad") == "jalalabad"
    assert fold(" !? ") == ""


def test_a_place_near_a_landmark_is_never_known_to_the_spot():
    found = GAZETTEER.match("near the Russian embassy, Darulaman Road")
    assert found.place.province == "Kabul" and found.method == "in the text" and found.score < 100
    assert GEO_PRECISIONS.index(found.geo_precision) >= GEO_PRECISIONS.index("neighbourhood")


@pytest.mark.parametrize(
    ("text", "precision"),
    [("20 miles south-west of Jalalabad", "district"), ("3 km from Jalalabad", "city")],
)
def test_a_distance_makes_a_name_coarser(text, precision):
    found = GAZETTEER.match(text, "Nangarhar")
    assert (found.place.name, found.geo_precision) == ("Jalalabad", precision)


@pytest.mark.parametrize(
    ("written", "meant", "precision"),
    [
        ("Kabul City", "Kabul", "city"),
        ("City of Herat", "Herat", "city"),
        ("Kabul, Afghanistan", "Kabul", "city"),
        ("Kabul (PD 13)", "Kabul", "city"),
        ("Kabul PD13", "Kabul", "city"),
        ("district 9 of Kabul", "Kabul", "city"),
        ("ناحیه ۵ کابل", "Kabul", "city"),
        ("شهر هرات", "Herat", "city"),
        ("Nangarhar, Jalalabad", "Jalalabad", "city"),
        ("Farah City, Farah, Afghanistan", "Farah", "city"),
        ("Balkh - Mazar-e-Sharif", "Mazar-e Sharif", "city"),
        ("Kabul/Paghman", "Paghman", "city"),
        ("Ghazni province", "Ghazni", "province"),
        ("Khost Province, Afghanistan", "Khost", "province"),
        ("Zabul, Shah Joy district", "Shah Joi", "district"),
    ],
)
def test_an_address_is_read_part_by_part_in_any_order(written, meant, precision):
    found = GAZETTEER.match(written)
    assert (found.place.name, found.geo_precision) == (meant, precision)


def test_a_name_is_no_better_known_than_the_kind_of_place_that_is_said():
    assert GAZETTEER.match("Khost province", "Khost").geo_precision == "province"
    assert GAZETTEER.match("Mandol district", "Nuristan").geo_precision == "district"
    assert [GAZETTEER.match(text) for text in ("Herat, Kandahar", "PD 13", "Kabul, Moscow", "Wardak city")] == [None] * 4


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("Kabul, an unknown street", "province"),
        ("Jalalabad, an unknown street", "city"),
        ("outskirts of Jalalabad", "district"),
        ("3 km south of Jalalabad", "district"),
        ("a bazaar in Jalalabad", "city"),
        ("near Kabul", "province"),
        ("Kandahar - Herat highway", None),
        ("border of Kabul / Logar", None),
        ("Herat, Kandahar", None),
        ("an unknown street", None),
        ("Kabul, Tehran", None),
    ],
)
def test_of_an_unknown_place_the_area_is_known_that_the_text_names(text, area):
    found = GAZETTEER.area_stated(text)
    assert GAZETTEER.match(text) is None and (found and found.geo_precision) == area


def test_a_misspelling_is_guessed_only_within_the_stated_province():
    assert GAZETTEER.geocode("Kanduhar") is None and GAZETTEER.geocode("Kanduhar", province="Herat") is None
    guess = GAZETTEER.geocode("Kanduhar", province="Qandahar")
    assert guess.address == "Kandahar" and guess.raw["method"] == "spelling" and 85 <= guess.raw["score"] < 100


def test_a_name_of_two_provinces_is_nothing_until_one_is_stated():
    assert GAZETTEER.geocode("Sarobi") is None
    assert {GAZETTEER.geocode("Sarobi", province=name).raw["province"] for name in ("Kabul", "Paktika")} == {"Kabul", "Paktika"}


def test_what_nobody_knows_is_none():
    assert [GAZETTEER.geocode(text) for text in ("Atlantis", "", "  ", "!?", "x" * 10_000)] == [None] * 5
    assert GAZETTEER.geocode("Kabul", province="Bavaria") is None


def test_geopys_contract_is_kept():
    place = GAZETTEER.geocode("Kabul", timeout=3)
    assert isinstance(place, Location) and GAZETTEER.geocode("Kabul", exactly_one=False) == [place]
    assert GAZETTEER.geocode("Atlantis", exactly_one=False) is None
    assert set(place.raw) == {"place_id", "kind", "province", "source", "geo_precision", "score", "method"}


def test_every_place_is_found_by_its_own_name_within_its_province():
    places = [place for place in GAZETTEER.places if place.kind != "country"]
    assert not [place.name for place in places if GAZETTEER.match(place.name, place.province) is None]


def test_places_that_share_a_point_say_whose_it_is():
    by_point = defaultdict(list)
    for place in GAZETTEER.places:
        if place.kind in ("landmark", "neighbourhood"):
            by_point[place.latitude, place.longitude].append(place)
    silent = {
        point: [place.name for place in places if "point" not in place.source.lower()] for point, places in by_point.items()
    }
    assert any(len(places) > 1 for places in by_point.values())
    assert not [names for names in silent.values() if len(names) > 1]


def test_a_province_is_known_in_any_spelling():
    assert GAZETTEER.province_of("hirat") == "Herat" and GAZETTEER.province_of("Bavaria") is None


def test_what_was_looked_up_stays_nowhere_in_words():
    gazetteer = OfflineGazetteer()
    assert gazetteer.match("my informant's house near Kabul") == gazetteer.match("my informant's house near Kabul")
    assert gazetteer.match("my informant's house") is None is gazetteer.match("my informant's house")
    assert "informant" not in repr(vars(gazetteer))
