"""What is taken away reads back as what it was, says what it is, and runs nowhere."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.analysis import summary
from incident_atlas.core.schema import FOUND_COLUMNS, NAMES, REPORT_NAMES
from incident_atlas.dataset.citation import Citation, cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load, load_bytes
from incident_atlas.export import tables
from tests.support import tiny
from tests.support.profile import scaled
from tests.support.record import shipped_record
from tests.support.tiny import PROBES

FORMULAS = ["=HYPERLINK(1)", "+1", "-1 incident", "@SUM(A1)", "'=1", "''=1", "＝1", "'tis quoted", "plain"]


@pytest.fixture(scope="module")
def shipped() -> Loaded:
    return shipped_record()


def cited(loaded: Loaded, sentence: str = "All of it.", link: str = "http://localhost/?q=a") -> Citation:
    return cite(loaded, sentence, link, summary.headline(loaded.incidents))


def packed(loaded: Loaded) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(tables.archive(loaded.incidents, loaded.reports, cited(loaded))))


def read_back(loaded: Loaded, folder: Path) -> Loaded:
    packed(loaded).extractall(folder)
    return load(folder / "incidents.csv")


def same_rows(one: Loaded, other: Loaded) -> None:
    # A category that no row has (any more) is no difference, and the file and the line in it may be others.
    plain = [
        frame.astype({name: "str" for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)}).drop(
            columns=["row", "origin"]
        )
        for frame in (one.incidents, other.incidents)
    ]
    pd.testing.assert_frame_equal(*plain)


def exported(loaded: Loaded) -> pd.DataFrame:
    return pd.read_csv(packed(loaded).open("incidents.csv"), dtype="str", keep_default_na=False, encoding="utf-8-sig")


def features(loaded: Loaded) -> list[dict]:
    return json.loads(tables.geojson(loaded.incidents, cited(loaded)))["features"]


def test_the_shipped_record_comes_back_as_it_was_without_a_problem(shipped, tmp_path):
    back = read_back(shipped, tmp_path)
    same_rows(shipped, back)
    pd.testing.assert_frame_equal(shipped.reports, back.reports)
    assert len(back.problems) == 0
    assert back.source.read == back.source.kept == len(shipped.incidents)


def test_only_the_visible_rows_and_their_reports_are_in_the_zip(shipped, tmp_path):
    visible = Filters(city=("Herat",)).apply(shipped.incidents)
    folder = zipfile.ZipFile(io.BytesIO(tables.archive(visible, shipped.reports, cited(shipped))))
    folder.extractall(tmp_path)
    back = load(tmp_path / "incidents.csv")
    assert list(back.incidents["incident_id"]) == list(visible["incident_id"])
    assert set(back.reports["incident_id"]) == set(visible["incident_id"])
    assert len(back.problems) == 0


def test_a_zip_holds_three_files_with_the_columns_of_the_record_and_where_each_is_on_the_map(shipped):
    folder = packed(shipped)
    assert folder.namelist() == ["incidents.csv", "reports.csv", "CITATION.txt"]
    for name, columns in (("incidents.csv", (*NAMES, *FOUND_COLUMNS)), ("reports.csv", REPORT_NAMES)):
        text = folder.read(name).decode("utf-8")
        assert text.startswith("\ufeff" + ",".join(columns) + "\r\n"), "the mark by which Excel knows UTF-8"


def test_the_table_places_every_incident_where_geojson_does(shipped):
    table = exported(shipped).set_index("incident_id")
    for feature in features(shipped):
        row, message = table.loc[feature["id"]], feature["properties"]
        if feature["geometry"] is None:
            assert (row["map_latitude"], row["radius_m"], row["found_by"]) == ("", "", "not found")
            continue
        assert [float(row["map_longitude"]), float(row["map_latitude"])] == feature["geometry"]["coordinates"]
        assert (row["map_precision"], int(row["radius_m"])) == (message["geo_precision"], message["radius_m"])
        assert (row["found_by"], row["found_as"] or None) == (message["found_by"], message["found_as"])
        assert (float(row["found_score"]) if row["found_score"] else None) == message["found_score"]
    assert tables.HOW_PLACED in packed(shipped).read("CITATION.txt").decode("utf-8")


def test_a_column_of_a_file_that_only_sounds_like_ours_is_kept_as_its_own():
    loaded = load_bytes(tiny.text({}).replace("notes", "notes,found_by", 1).encode(), "x.csv")
    assert any("found_by" in problem for problem in loaded.problems["value"])


def test_the_same_rows_give_the_same_bytes(shipped):
    make = lambda: tables.archive(shipped.incidents, shipped.reports, cited(shipped))  # noqa: E731
    assert make() == make()


@pytest.mark.parametrize("text", FORMULAS)
def test_text_that_begins_like_a_formula_is_made_harmless_and_comes_back(text, tmp_path):
    loaded = tiny.record({"title": text, "notes": text, "target_name": text, "city": text})
    cell = exported(loaded).loc[0, "notes"]
    assert cell[0] not in "=+-@＝"
    same_rows(loaded, read_back(loaded, tmp_path))


def test_the_reports_are_made_harmless_and_come_back_too(tmp_path):
    (tmp_path / "incidents.csv").write_text(tiny.text({}), encoding="utf-8")
    report = dict.fromkeys(REPORT_NAMES, "") | {"incident_id": "T-1", "publisher": "=1+1", "says": "-5 degrees, 'quoted'"}
    pd.DataFrame([report]).to_csv(tmp_path / "reports.csv", index=False)
    loaded = load(tmp_path / "incidents.csv")
    assert b"'=1+1" in packed(loaded).read("reports.csv")
    (tmp_path / "back").mkdir()
    pd.testing.assert_frame_equal(loaded.reports, read_back(loaded, tmp_path / "back").reports)


def test_a_cell_of_the_longest_length_is_not_cut_by_its_apostrophe(tmp_path):
    loaded = tiny.record({"notes": "=" + "x" * 9_999})
    back = read_back(loaded, tmp_path)
    same_rows(loaded, back)
    assert len(back.problems) == 0


any_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    [*FORMULAS, *PROBES, 'a"b', "a,b;c", "a\nb", "\ta", " \r=1"]
)
place = st.sampled_from(["", "Kabul", "Kabil", "Herat", "Hirat", "Shahr-e Naw", "Injil", "near the embassy", "Nowhere"])
count = st.sampled_from(["", "0", "3", "12.0"])
row = st.fixed_dictionaries(
    {
        "title": any_text.filter(str.strip),
        "summary": any_text,
        "notes": any_text,
        "target_country": any_text,
        "date": st.sampled_from(["2020-02-29", "2020-02", "1999", "0987-01-01"]),
        "date_precision": st.sampled_from(["", "week", "month"]),
        "time_local": st.sampled_from(["", "9:05"]),
        "place": place | any_text,
        "city": place,
        "district": place,
        "province": place,
        "country": st.sampled_from(["", "Pakistan"]),
        "latitude": st.sampled_from(["", "34.5", "-0.00001", "34.123456789"]),
        "longitude": st.sampled_from(["", "69.2"]),
        "geo_precision": st.sampled_from(["", "street", "province"]),
        "weapon": st.sampled_from(["", "Firearms;Grenade"]),
        "perpetrator": st.sampled_from(["", "Unknown", "Taleban"]),
        "attribution": st.sampled_from(["", "unknown", "claimed"]),
        "killed_low": count,
        "killed": count,
        "wounded": count,
    }
)


@settings(max_examples=scaled(60), deadline=None)
@given(rows=st.lists(row, max_size=3))
def test_whatever_a_row_says_it_comes_back_as_it_was(rows, tmp_path_factory):
    loaded = tiny.record(*rows)
    same_rows(loaded, read_back(loaded, tmp_path_factory.mktemp("back")))


def test_a_point_of_the_gazetteer_is_not_exported_as_one_that_a_source_gave():
    ours, theirs = {"city": "Kabul"}, {"city": "Kabul", "latitude": "34.53", "longitude": "69.17", "geo_precision": "street"}
    table = exported(tiny.record(ours, theirs))
    assert list(table["latitude"]) == ["", "34.53"]
    assert list(table["longitude"]) == ["", "69.17"]
    assert list(table["geo_precision"]) == ["", "street"]
    assert list(table["province"]) == ["", ""], "found by us, so blank again"


def test_a_blank_figure_stays_blank_and_a_zero_stays_zero():
    table = exported(tiny.record({"killed": ""}, {"killed": "0"}, {"killed": "12"}))
    assert list(table["killed"]) == ["", "0", "12"]


def test_no_incident_at_all_is_a_table_with_a_header(tmp_path):
    loaded = tiny.record()
    assert len(exported(loaded)) == 0
    assert features(loaded) == []


def test_the_citation_says_what_it_is_from_where_and_under_which_licences(shipped):
    text = packed(shipped).read("CITATION.txt").decode("utf-8-sig")
    last = f"{shipped.source.last.day} {shipped.source.last:%b %Y}"
    for part in (
        "All of it.",
        "http://localhost/?q=a",
        last,
        shipped.source.sha256,
        "CC BY 4.0",
        "GeoNames",
        "Natural Earth",
        "MIT",
    ):
        assert part in text


def test_of_another_file_no_licence_is_claimed():
    loaded = tiny.record({})
    own = cited(loaded).licences["the incidents and their reports"]
    assert "not stated" in own and "CC BY" not in own
    assert cited(loaded).record == "upload.csv"
    assert "record of armed attacks" not in cited(loaded).cite_as()


def test_another_filter_link_or_view_has_another_file_name(shipped):
    names = {
        cited(shipped).file_stem(),
        cited(shipped, sentence="Less.").file_stem(),
        cited(shipped, link="x").file_stem(),
        cited(shipped).file_stem("Kabul"),
    }
    assert len(names) == 4
    assert all(re.fullmatch(r"incident-atlas-[0-9a-f]{10}", name) for name in names)


def test_geojson_is_a_feature_collection_with_its_citation(shipped):
    collection = json.loads(tables.geojson(shipped.incidents, cited(shipped)))
    assert collection["type"] == "FeatureCollection"
    assert collection["metadata"]["sha256"] == shipped.source.sha256
    assert collection["metadata"]["sentence"] == "All of it."
    assert len(collection["features"]) == len(shipped.incidents)
    assert "crs" not in collection, "RFC 7946 knows WGS 84 only"
    for feature in collection["features"]:
        assert feature["type"] == "Feature"
        assert {*NAMES, "radius_m", "origin", "found_by", "found_as", "found_score"} == set(feature["properties"])
        if feature["geometry"] is not None:
            longitude, latitude = feature["geometry"]["coordinates"]
            assert 55 < longitude < 80 and 25 < latitude < 42


def test_an_incident_without_a_place_is_a_feature_without_a_geometry():
    placed, lost = features(tiny.record({"city": "Kabul"}, {"city": "", "place": "somewhere"}))
    assert placed["geometry"]["type"] == "Point"
    assert placed["properties"]["radius_m"] == 8_000
    assert placed["properties"]["found_by"] == "city: name"
    assert lost["geometry"] is None
    assert lost["properties"]["radius_m"] is None
    assert lost["properties"]["found_by"] == "not found"


def test_geojson_tells_blank_from_zero_and_text_from_numbers():
    one, two = features(tiny.record({"killed": "0", "notes": "=1"}, {"killed": "", "latitude": "34.5", "longitude": "69.2"}))
    assert one["properties"]["killed"] == 0 and one["properties"]["notes"] == "=1" and one["properties"]["latitude"] is None
    assert two["properties"]["killed"] is None and two["properties"]["latitude"] == 34.5


def test_a_precision_that_is_coarser_than_the_place_that_was_found_comes_back(tmp_path):
    loaded = tiny.record({"geo_precision": "province"}, {"geo_precision": "street"}, {})
    assert loaded.incidents["geo_precision"].tolist() == ["province", "city", "city"]
    same_rows(loaded, read_back(loaded, tmp_path))
