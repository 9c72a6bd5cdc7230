"""Which incidents are in a place: by the words of the row, the gazetteer's parents, and the target of a site."""

from __future__ import annotations

import pytest

from incident_atlas.dataset.in_place import in_place
from incident_atlas.geo import sites
from incident_atlas.geo.gazetteer import offline_gazetteer
from tests.support.tiny import record

AREA, SITE = "kbl-wazir-akbar-khan", "embassy-russia-kabul"
EMBASSY = {"target_name": "Embassy of the Russian Federation; people in the queue", "target_type": "Government (Diplomatic)"}
POINT = {"latitude": "34.536", "longitude": "69.184", "geo_precision": "street"}
FAR = {"latitude": "34.34", "longitude": "62.2", "geo_precision": "street"}


def found(key: str, row: dict[str, str]) -> bool:
    return bool(in_place(record(row).incidents, key)[0])


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"place": "Wazir Akbar Khan"}, True),
        ({"place": "mosque in Wazir Akbar Khan"}, True),
        ({"place": "Zanbaq Square"}, True),
        ({"place": "near Zanbaq Square"}, True),
        ({"place": "near Wazir Akbar Khan"}, False),
        ({"place": "10 km from Wazir Akbar Khan"}, False),
        ({"place": "Wazir Akbar Khan", "geo_precision": "city"}, False),
        ({"place": "Shahr-e Naw"}, False),
        ({}, False),
        (POINT | {"place": "a house in Wazir Akbar Khan"}, True),
        (POINT, False),
        (FAR | {"place": "Wazir Akbar Khan", "city": "Kabul"}, False),
    ],
)
def test_an_area_has_what_is_located_to_it_or_to_a_place_inside_it(row, expected):
    assert found(AREA, row) == expected


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ({"place": "gate of the Russian embassy"}, True),
        ({"place": "gate of the Russian embassy", "geo_precision": "city"}, True),
        ({"place": "near the Russian embassy"}, False),
        (EMBASSY, True),
        (EMBASSY | {"place": "outside the Russian embassy", "geo_precision": "district"}, True),
        (EMBASSY | {"city": "Herat"}, False),
        (EMBASSY | POINT, True),
        ({"target_name": "Car of the Embassy of the Russian Federation"}, False),
        ({"place": "Darulaman"}, False),
    ],
)
def test_a_site_has_what_happened_at_it_and_what_it_was_the_target_of(row, expected):
    assert found(SITE, row) == expected
    assert found("kbl-embassy-russia", row) == expected or "Federation" in row.get("target_name", "")


def test_a_city_a_province_and_the_country_hold_what_lies_in_them():
    kabul = {"place": "Wazir Akbar Khan"}
    assert found("gn-1138958", kabul) and found("af-kabul", kabul) and found("af", kabul) and not found("af-herat", kabul)
    values = POINT | {"province": "Kabul"}
    assert found("af-kabul", values) and found("gn-1138958", values) and not found("gn-1140026", values)


def test_an_unknown_key_and_an_empty_record_are_in_no_place():
    assert not found("nonsense", {}) and not len(in_place(record().incidents, AREA))


def test_the_parents_of_the_gazetteer_end_and_every_site_with_a_row_there_is_found_in_it():
    gazetteer = offline_gazetteer()
    assert gazetteer.inside("af") == set(gazetteer.by_id)
    for site in sites.sites().itertuples():
        if site.source.startswith("Place "):
            assert sites.place_of_site(site.site_id) == site.source.split()[1], site.site_id
