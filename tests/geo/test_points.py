"""Coordinates as people paste them, and distances as they are said."""

import pytest

from incident_atlas.geo.coordinates import (
    compass,
    distance,
    looks_swapped,
    meant_as_point,
    outside,
    parse_km,
    parse_point,
    written,
)

KABUL = (34.53, 69.17)


@pytest.mark.parametrize(
    "text",
    [
        "34.53, 69.17",
        "34.53 69.17",
        "34.53,69.17",
        "34.53;69.17",
        "  (34.53,   69.17) ",
        "34.53N 69.17E",
        "34.53 n, 69.17 e",
        "N34.53, E69.17",
        "34.53° N, 69.17° E",
        "69.17E 34.53N",
        "E 69.17, N 34.53",
        "34.53N, 69.17",
        "34.53, 69.17E",
        "34,53 69,17",
        "34,53; 69,17",
        "34,53, 69,17",
        "34°31'48\"N 69°10'12\"E",
        "34°31′48″ N, 69°10′12″ E",
        "34°31.8'N 69°10.2'E",
        "34.53˚ N, 69.17˚ E",
        "34˚31′48″N 69˚10′12″E",
        "۳۴٫۵۳، ۶۹٫۱۷",
        "+34.53, +69.17",
        "N 34.53 E 69.17",
        "E 69.17 N 34.53",
        "N 34°31'48\" E 69°10'12\"",
        "lat: 34.53, lon: 69.17",
        "Longitude = 69.17; Latitude = 34.53",
        "34.53,69.17,1800",
        "34.53, 69.17, 1800.5 m",
        "34.53000000000000000000, 69.17000000000000000000",
    ],
)
def test_the_same_point_is_read_however_it_is_written(text):
    assert parse_point(text) == pytest.approx(KABUL)


def test_south_and_west_are_negative():
    assert parse_point("33.87S 151.21E") == (-33.87, 151.21)
    assert parse_point("-33.87, -70.5") == parse_point("33.87 S, 70.5 W") == (-33.87, -70.5)


@pytest.mark.parametrize(
    "text",
    [
        "", "Kabul", "34.53", "34.53,", "34.53, 69.17, 2", "91, 69.17", "34.53, 181", "34.53N 69.17N", "34.53E 69.17E", "-34.53N 69.17E",
        "N34.53N 69.17", "34°61'N 69°10'E", "nan, nan", "inf, 1", "1e1, 69", "34.53, x", "34.53; DROP", "--34.53, 69", "34..53, 69.17",
        "34.53" + " " * 200 + "69.17", "9" * 500, "34.53, 69.17 {{ 7*191 }}",
    ],
)  # fmt: skip
def test_what_is_no_point_is_none(text):
    assert parse_point(text) is None


def test_a_point_in_words_is_read_again():
    assert parse_point(written(*KABUL)) == KABUL and written(*KABUL) == "34.5300, 69.1700"


def test_text_of_figures_is_meant_as_a_point_and_a_name_is_not():
    assert all(map(meant_as_point, ("34.53", "34.53; 69", "95N 20E", "200, 300", "lat 95, lon 69")))
    assert not any(map(meant_as_point, ("Kabul", "District 9, Kabul", "هرات", "", "east")))


def test_swapped_coordinates_are_noticed_and_true_ones_abroad_are_not():
    assert outside(69.17, 34.53) and looks_swapped(69.17, 34.53)
    assert not outside(*KABUL) and not looks_swapped(*KABUL)
    assert outside(33.69, 73.06) and not looks_swapped(33.69, 73.06)
    assert not looks_swapped(34.53, 169.17)


@pytest.mark.parametrize("text", ["0", "0.09", "50.1", "-2", "2 km", "nan", "inf", "1e1", "", ".", "٢٠٠", "2,5"])
def test_a_radius_out_of_range_or_no_number_is_none(text):
    assert parse_km(text) is None


@pytest.mark.parametrize(
    ("text", "km"), [("0.1", 0.1), ("2", 2.0), ("0.75", 0.75), ("50", 50.0), ("12.3456", 12.3456), (".5", 0.5), ("2.00000", 2.0)]
)
def test_any_radius_in_range_is_kept(text, km):
    assert parse_km(text) == km


def test_distances_and_directions_in_words():
    assert [distance(km) for km in (0.1, 0.75, 1, 2.5, 50, 1234)] == ["100 m", "750 m", "1 km", "2.5 km", "50 km", "1,234 km"]
    assert [compass(bearing) for bearing in (0, 22, 23, 90, 225, 338, 359.9)] == [
        "north", "north", "north-east", "east", "south-west", "north", "north",
    ]  # fmt: skip
