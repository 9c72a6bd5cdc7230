"""The spots that can be named: sites with a point, those without, and places of the gazetteer."""

import pytest

from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.geo import sites
from incident_atlas.geo.boundaries import abroad
from incident_atlas.geo.gazetteer import offline_gazetteer


def test_every_site_with_a_point_can_be_chosen_and_no_other():
    table = sites.sites()
    placed = table[(table["latitude"] != "") & (table["longitude"] != "")]
    assert set(sites.located()) == set(placed["site_id"]) and 0 < len(placed) < len(table)
    assert table["site_id"].is_unique


def test_a_sites_point_lies_in_the_country_and_says_how_well_it_is_known():
    spots = sites.located().values()
    assert not abroad([spot.latitude for spot in spots], [spot.longitude for spot in spots]).any()
    assert {spot.geo_precision for spot in spots} <= set(GEO_PRECISIONS)


def test_a_site_is_called_with_its_city_and_with_its_own_uncertainty():
    canada = sites.located()["embassy-canada-kabul"]
    assert canada.called() == "Embassy of Canada, Kabul (counted from the point of its neighbourhood)"
    assert canada.labelled() == "Embassy of Canada, Kabul (its neighbourhood's point)"
    assert sites.located()["airport-kandahar"].called() == "Kandahar Airport (known only to the neighbourhood)"
    assert sites.located()["embassy-iraq-kabul"].called() == "Embassy of Iraq, Kabul"
    assert sites.located()["mosque-great-herat"].name == "Great Mosque of Herat"


def test_a_site_says_who_shares_its_point_and_what_is_known_of_it_today():
    known = sites.located()["embassy-united-kingdom-kabul"].known()
    same = [one for one in sites.located().values() if (one.latitude, one.longitude) == (34.536116, 69.183869)]
    assert f"{len(same) - 1} other sites share its point." in known and "up to 1.5 km away" in known and known.endswith("moved.")
    assert "Status" not in sites.located()["embassy-canada-kabul"].known()
    assert sites.located()["embassy-iraq-kabul"].known() == "Its own point is known to the street."


def test_a_road_is_not_called_a_city():
    assert sites.place("kbl-darulaman-road").called() == "Darulaman Road, Kabul (known only to the city)"
    assert sites.place("kbl-pul-e-charkhi").called() == "Pul-e Charkhi, Kabul (known only to the city)"


@pytest.mark.parametrize("text", ["Shahr-e Naw, Herat", "Shahr-e Naw, Herat, Afghanistan"])
def test_a_name_with_a_city_is_looked_for_there(text):
    found = sites.place_named(text)
    assert found is None or sites.place(found.key).name.endswith("Herat")


@pytest.mark.parametrize(
    "text", ["Embassy of India, Herat", "Wazir Akbar Khan, Kandahar", "Kabul airport, Herat", "Khair Khana, Balkh"]
)
def test_a_name_that_the_city_after_its_comma_does_not_have_is_not_found_and_the_one_elsewhere_is_a_hint(text):
    assert sites.place_named(text) is None and ", Kabul" in sites.elsewhere(text)


def test_a_name_with_its_own_city_is_found_and_has_no_hint():
    assert sites.place_named("Wazir Akbar Khan, Kabul").key == "kbl-wazir-akbar-khan"
    assert sites.elsewhere("Wazir Akbar Khan, Kabul") == sites.elsewhere("Atlantis, Kabul") == sites.elsewhere("Atlantis") == ""


def test_a_site_is_found_by_its_name_with_or_without_its_city():
    assert sites.site_named("Kandahar airport") == sites.site_named("kandahar Airport") == "airport-kandahar"
    assert sites.site_named("Embassy of China, Kabul") == sites.site_named("embassy of china") == "embassy-china-kabul"
    assert sites.site_named("UNAMA office") is None and sites.site_named("UNAMA office, Herat") == "unama-herat"


def test_a_site_without_a_point_is_known_by_name():
    assert sites.without_point("unama-herat") == "UNAMA office, Herat"
    assert sites.without_point("embassy-canada-kabul") is None and sites.without_point("nonsense") is None


@pytest.mark.parametrize("text", ["Kabul", "Kabil", "کابل", "kabul "])
def test_a_city_is_found_in_any_spelling_and_said_to_be_one_point(text):
    found = sites.place_named(text)
    assert found.key == "gn-1138958" and found.called() == "Kabul (one point for the whole city)"


def test_a_misspelling_or_a_name_of_several_provinces_wants_its_province():
    assert sites.place_named("Kanduhar") is None
    assert sites.place_named("Kanduhar, Kandahar").name == "Kandahar"
    assert sites.place_named("Atlantis, Kabul") is None


def test_what_is_known_to_its_province_at_best_is_too_wide_and_all_others_are_not():
    places = [sites.place(place.place_id) for place in offline_gazetteer().places]
    assert {place.key for place in places if sites.too_wide(place)} == {
        place.place_id
        for place in offline_gazetteer().places
        if place.kind in ("province", "country") or place.geo_precision == "province"
    }
    assert sites.place("nonsense") is None
