"""The country of a point: sure inside, unknown near a border and at sea; outlines that share their borders."""

import json
from itertools import combinations

import numpy as np
import pytest
import shapely

from incident_atlas.geo.boundaries import provinces
from incident_atlas.geo.countries import WORLD, countries, country_at

BY_CODE = {country.iso2: country for country in countries()}

PLACES = [
    ("Afghanistan", 34.53, 69.17),
    ("Afghanistan", 34.35, 62.2),
    ("Pakistan", 33.69, 73.05),
    ("Iran", 36.3, 59.6),
    ("Mali", 14.5, -4.2),
    ("Burkina Faso", 12.37, -1.53),
    ("Somalia", 2.04, 45.34),  # Mogadishu, on a coast
    ("Somalia", 9.56, 44.06),  # Hargeisa
    ("Nigeria", 11.83, 13.15),
    ("Iraq", 33.31, 44.36),
    ("Ukraine", 50.45, 30.52),
    ("Colombia", 4.71, -74.07),
    ("South Sudan", 4.85, 31.6),
    ("Philippines", 14.6, 121.0),
    ("New Zealand", -41.29, 174.78),
]


def test_points_inside_a_country_are_in_it():
    names, latitude, longitude = zip(*PLACES, strict=True)
    assert country_at(np.array(latitude), np.array(longitude)).tolist() == list(names)


@pytest.mark.parametrize("latitude, longitude", [(34.1, 71.09), (30.0, -30.0), (0.0, 0.0), (float("nan"), 69.0)])
def test_a_point_near_a_border_or_at_sea_or_without_a_coordinate_is_in_none(latitude, longitude):
    assert country_at(np.array([latitude]), np.array([longitude])).tolist() == [""]


def test_a_border_may_be_taken_at_its_word():
    # Torkham, 2 km inside Afghanistan.
    at = np.array([34.14]), np.array([71.05])
    assert country_at(*at).tolist() == [""] and country_at(*at, border_km=0).tolist() == ["Afghanistan"]


def test_small_places_with_long_borders_keep_their_shape():
    gaza, kyrenia = shapely.Point(34.38, 31.44), shapely.Point(33.32, 35.33)
    assert BY_CODE["PS"].outline.contains(gaza) and not BY_CODE["IL"].outline.contains(gaza)
    assert BY_CODE["CY"].outline.contains(kyrenia)


def test_every_country_has_an_outline_a_name_and_both_codes():
    assert len(BY_CODE) == len(countries()) > 230
    assert all(c.name and len(c.iso2) == 2 and c.outline.is_valid and c.outline.area > 0 for c in countries())
    geometries = json.loads(WORLD.read_text(encoding="utf-8"))["objects"]["countries"]["geometries"]
    assert all(len(one["properties"]["iso3"]) == 3 for one in geometries if one["properties"]["iso2"])


def test_neighbours_share_their_border_without_gap_or_overlap():
    around = [BY_CODE[code].outline for code in ("AF", "CN", "IR", "PK", "TJ", "TM", "UZ")]
    assert all(one.intersection(other).area < 0.01 for one, other in combinations(around, 2))
    gaps = [shapely.Polygon(hole) for part in shapely.get_parts(shapely.union_all(around)) for hole in part.interiors]
    assert sum(gap.area for gap in gaps if gap.intersects(BY_CODE["AF"].outline)) < 0.01


def test_the_country_is_that_of_its_provinces():
    joined = shapely.union_all(list(provinces().values()))
    assert joined.symmetric_difference(BY_CODE["AF"].outline).area / joined.area < 0.01
