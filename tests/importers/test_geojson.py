"""GeoJSON points as a sheet: longitude comes first there, and a feature without a point is an incident all the same."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.errors import EmptyFile, FileError, NotATable
from tests.importers.test_sheet import cells, noted, opened
from tests.support.profile import scaled

POINT = {"type": "Point", "coordinates": [69.17, 34.53]}


def collection(*features) -> str:
    """A FeatureCollection of these properties and geometries."""
    made = [{"type": "Feature", "properties": properties, "geometry": geometry} for properties, geometry in features]
    return json.dumps({"type": "FeatureCollection", "name": {"x": [1]}, "features": made})


def test_the_point_is_latitude_and_longitude_and_the_properties_are_columns():
    sheet = opened(collection(({"id": 1, "n": 2.0, "x": None}, POINT), ({"id": "b", "deep": {"k": [1]}, "ok": True}, None)))
    assert sheet.columns == ("id", "n", "x", "deep", "ok", "latitude", "longitude") and sheet.kind == "GeoJSON"
    assert cells(sheet) == [(1, "1", "2", "", "", "", "34.53", "69.17"), (2, "b", "", "", '{"k": [1]}', "true", "", "")]
    assert noted(sheet) == [] and sheet.part() > 0.9


@pytest.mark.parametrize(
    ("geometry", "problem"),
    [
        (None, False),
        ({"type": "Polygon", "coordinates": []}, True),
        ({"type": "Point", "coordinates": ["69", "34"]}, True),
        ({"type": "Point"}, True),
        ("POINT", True),
    ],
)
def test_a_feature_without_a_point_is_kept_without_its_place(geometry, problem):
    sheet = opened(collection(({"id": 1}, geometry)))
    assert cells(sheet) == [(1, "1", "", "")] and bool(noted(sheet)) == problem


def test_degrees_among_the_properties_come_before_the_point():
    sheet = opened(collection(({"Latitude": "35", "longitude": "70"}, POINT), ({"Latitude": "", "longitude": None}, POINT)))
    assert sheet.columns == ("Latitude", "longitude") and cells(sheet) == [(1, "35", "70"), (2, "34.53", "69.17")]
    assert opened(collection(({"longitude": ""}, POINT))).columns == ("longitude", "latitude")
    assert cells(opened(collection(({"longitude": ""}, POINT)))) == [(1, "69.17", "34.53")]
    assert cells(opened(collection(({"latitude": ""}, POINT)))) == [(1, "34.53", "69.17")]


def test_a_point_that_we_found_ourselves_is_not_taken_for_a_source():
    sheet = opened(collection(({"latitude": None, "longitude": None, "found_by": "city: name"}, POINT)))
    assert cells(sheet)[0][1:3] == ("", "")


@pytest.mark.parametrize("cut", [1, 2, 20, 60])
def test_what_stands_before_a_break_is_kept(cut):
    text = collection(({"id": 1}, POINT), ({"id": 2}, POINT))
    sheet = opened(text[:-cut])
    assert len(cells(sheet)) == (2 if cut <= 2 else 1) and bool(noted(sheet)) == (cut > 1)


@pytest.mark.parametrize("text", ["{", '{"features": 3}', '{"type": "Feature"}', '{"a" "b"}', "{1: 2}", '{"a":' + "[" * 100_000])
def test_other_json_is_no_table(text):
    with pytest.raises(NotATable, match="no GeoJSON"):
        opened(text)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda each: (
        st.lists(each, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "geometry", "coordinates", "properties", "a", "A", "latitude"]), each, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=scaled(300), deadline=None)
@given(st.lists(JSON, max_size=5), st.text(max_size=3))
def test_any_features_are_a_sheet_or_a_file_error(features, tail):
    try:
        sheet = opened('{"features":' + json.dumps(features) + tail)
        found = cells(sheet)
    except FileError as trouble:
        assert trouble.reason
    else:
        assert len(found) == len(features) and all(type(cell) is str for row in found for cell in row[1:])
        assert all(cell.encode() is not None for row in found for cell in row[1:])


def test_a_property_that_is_longer_than_a_record_holds_is_cut_and_said():
    sheet = opened(collection(({"title": "b" * 10_001}, None)))
    assert len(next(sheet.chunks())["title"].item()) == 10_000
    assert [(one.row, one.column, one.reason) for one in sheet.notes] == [(1, "title", "10,001 characters; cut to 10,000")]


def test_a_collection_without_features_is_called_that():
    with pytest.raises(EmptyFile, match="FeatureCollection without features"):
        opened(collection())
