"""Files of every format and container as one record: nothing is lost, every row is accounted for, and all else is told."""

from __future__ import annotations

import gzip
import io
import json
import re

import openpyxl
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_atlas.analysis.summary import headline
from incident_atlas.core import data_sets
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.dataset import load, pipeline
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.load import load_bytes
from incident_atlas.errors import FileError, NotATable, Undecided
from incident_atlas.export.tables import archive, geojson
from incident_atlas.importers.data_sets import native as atlas
from incident_atlas.importers.mapping import Mapping
from tests.importers.test_packed import zipped
from tests.importers.test_parquet import parquet
from tests.support.foreign import ROWS, table, write
from tests.support.profile import scaled
from tests.support.tiny import problems, record, text

FILES = ("csv", "csv.gz", "zip", "xlsx", "parquet")


def packed(frame: pd.DataFrame, form: str) -> bytes:
    """A table of text in a file of that form."""
    data = frame.to_csv(index=False).encode()
    if form == "xlsx":
        book, into = openpyxl.Workbook(), io.BytesIO()
        for row in [list(frame.columns), *frame.to_numpy().tolist()]:
            book.active.append(row)
        book.save(into)
        return into.getvalue()
    if form == "parquet":
        return parquet(pa.Table.from_pandas(frame, preserve_index=False))
    return gzip.compress(data) if form == "csv.gz" else zipped(**{"table.csv": data}) if form == "zip" else data


def plain(incidents: pd.DataFrame) -> pd.DataFrame:
    """Incidents without what depends on the file they came in."""
    return incidents.drop(columns=["row", "origin"])


@pytest.mark.parametrize("form", FILES)
@pytest.mark.parametrize("key", ["acled", "ucdp", "gtd"])
def test_a_data_set_is_recognised_in_any_container(key, form):
    loaded = load_bytes(packed(table(key, {}), form), f"mine.{form}")
    origin = loaded.origins[0]
    assert origin.format.key == key and origin.name == origin.format.name and origin.file == f"mine.{form}"
    assert (origin.read, origin.kept, origin.set_aside) == (1, 1, 0)
    assert loaded.incidents["origin"].tolist() == [origin.name] and loaded.options["origin"] == (origin.name,)
    assert loaded.incidents["incident_id"][0].startswith(f"{key}:")
    assert set(loaded.reports["incident_id"]) == set(loaded.incidents["incident_id"]) and list(loaded.reports) == list(
        REPORT_NAMES
    )
    assert list(loaded.extras) == [origin.name] and list(loaded.extras[origin.name])[0] == "incident_id"
    assert list(loaded.incidents.columns) == list(record().incidents.columns)


@pytest.mark.parametrize("form", FILES)
def test_our_own_columns_read_the_same_out_of_any_container(form):
    frame = pd.read_csv(io.StringIO(text({}, {"killed": "3", "latitude": "34.5", "longitude": "69.1"})), dtype=str).fillna("")
    loaded = load_bytes(packed(frame, form), f"mine.{form}")
    pd.testing.assert_frame_equal(plain(loaded.incidents), plain(load_bytes(packed(frame, "csv")).incidents))
    assert loaded.origins[0].format is data_sets.ATLAS and problems(loaded) == []


def test_columns_that_are_not_ours_are_kept_for_the_page_of_the_incident():
    head, row, bad = text({}, {"date": "soon"}).splitlines()
    loaded = load_bytes(f"{head},Colour,Shape\n{row},red,\n{bad},blue,round\n".encode(), "my;list.csv")
    assert loaded.extras["my,list.csv"].to_dict("list") == {"incident_id": ["T-1"], "Colour": ["red"], "Shape": [""]}
    assert problems(loaded) == [(1, ""), (3, "date")] and "incident's own page only" in loaded.problems["reason"][0]
    assert loaded.problems["value"][0] == "Colour, Shape" and loaded.origins[0].title == "Incident Atlas: 46 columns"


def test_our_own_export_reads_back_with_its_reports():
    first = record({"title": "'=1+1", "killed": "3"}, {"city": "", "latitude": "34.5", "longitude": "69.1"})
    reports = pd.DataFrame([{"incident_id": "T-1", "publisher": "One", "says": "=x"}], columns=REPORT_NAMES, dtype="str").fillna(
        ""
    )
    citation = cite(first, "All.", "", headline(first.incidents))
    again = load_bytes(archive(first.incidents, reports, citation), "export.zip")
    pd.testing.assert_frame_equal(plain(again.incidents), plain(first.incidents))
    pd.testing.assert_frame_equal(again.reports, reports)
    assert problems(again) == []
    points = load_bytes(geojson(first.incidents, citation), "export.geojson").incidents
    assert points["latitude"].tolist() == first.incidents["latitude"].tolist()
    assert points["found_by"].tolist() == first.incidents["found_by"].tolist()


def test_any_other_table_is_read_through_what_its_columns_are():
    data = b"Day,Dead,Colour,What\n2020-01-02,3,red,A bomb\n2020-01-03,,blue,Shots\n"
    mapping = Mapping((("date", "day"), ("killed", "DEAD"), ("title", "What"), ("weapon", "Gun")))
    loaded = load_bytes(data, "list.csv", mapping=mapping)
    assert loaded.incidents["killed"].fillna(-1).tolist() == [3, -1] and loaded.origins[0].format is data_sets.TABLE
    assert loaded.extras["list.csv"]["Colour"].tolist() == ["red", "blue"]
    assert (1, "weapon") in problems(loaded) and "no column of that name" in loaded.problems["reason"][0]


def test_where_a_guess_could_be_wrong_a_person_is_asked():
    with pytest.raises(Undecided, match=re.escape("03/04/2012")) as raised:
        load_bytes(b"Date,Place,Killed\n03/04/2012,Kabul,1\n05/04/2012,Kabul,1\n", "list.csv")
    assert raised.value.advice
    chosen = Mapping((("date", "Date"), ("city", "Place"), ("killed", "Killed")), date_order="day first")
    days = load_bytes(b"Date,Place,Killed\n03/04/2012,Kabul,1\n05/04/2012,Kabul,1\n", "list.csv", mapping=chosen).incidents[
        "date"
    ]
    assert days.dt.month.tolist() == [4, 4]


@pytest.mark.parametrize(
    ("key", "error", "words"),
    [
        ("xlsx", Undecided, "no format named xlsx.*Choose one of: auto, atlas, acled, ucdp, gtd, awsd, table"),
        ("gtd", NotATable, "not Global Terrorism Database.*no column named"),
        ("atlas", NotATable, "no column named incident_id or date or title"),
    ],
)
def test_a_format_that_is_asked_for_and_is_not_there_is_told(key, error, words):
    with pytest.raises(error, match=words):
        load_bytes(table("ucdp", {}).to_csv(index=False).encode(), format=key)


def test_a_format_can_be_asked_for():
    data = table("ucdp", {}).to_csv(index=False).encode()
    assert load_bytes(data, format="ucdp").origins[0].format.key == "ucdp"
    own = load_bytes(text({}).encode(), format="table")
    assert own.origins[0].format is data_sets.TABLE and own.incidents["incident_id"].tolist() == ["T-1"]


def test_a_row_of_another_country_is_not_looked_up_and_no_outline_is_held_against_it():
    rows = [
        {"country": "Pakistan", "city": "Kabul", "province": "Herat"},
        {"country": "Pakistan", "city": "Quetta", "latitude": "30.2", "longitude": "67.0", "province": "Kabul"},
        {"country": "Finland", "latitude": "61.0", "longitude": "30.0", "city": ""},
        {"country": "Islamic Republic of Afghanistan"},
        {"country": "افغانستان"},
    ]
    loaded = record(*rows)
    incidents = loaded.incidents
    assert problems(loaded) == [] and incidents["found_by"].tolist()[:3] == [
        "not found",
        "given by a source",
        "given by a source",
    ]
    assert incidents["x"].isna().tolist() == [True, False, False, False, False]
    assert incidents["province"].tolist()[:3] == ["Herat", "Kabul", ""]


def test_coordinates_that_look_swapped_are_kept_and_said():
    for province in ("", "Kabul", "Nowhere"):
        loaded = record({"latitude": "69.17", "longitude": "34.53", "city": "", "province": province})
        assert loaded.incidents["latitude"].tolist() == [69.17] and problems(loaded) == [(2, "latitude")]
        assert "swapped" in loaded.problems["reason"][0]


def test_a_table_of_tags_and_titles_counts_only_its_rows():
    data = table("acled", {}, {"event_id_cnty": "AFG2"}).to_csv(index=False).splitlines()
    tags = ",".join(f"#x{n}" for n in range(data[0].count(",") + 1))
    loaded = load_bytes("\n".join(["ACLED export", "", data[0], tags, *data[1:]]).encode())
    assert loaded.source.read == 2 and loaded.incidents["row"].tolist() == [5, 6]


def test_chunks_do_not_change_what_a_foreign_file_says(monkeypatch):
    changes = [{"event_id_cnty": f"AFG{n}", "fatalities": str(n)} for n in range(7)] + [{"event_type": "Protests"}]
    data = table("acled", *changes).to_csv(index=False).encode()
    whole = load_bytes(data)
    monkeypatch.setattr(atlas, "CHUNK", 2)
    cut = load_bytes(data)
    pd.testing.assert_frame_equal(whole.incidents, cut.incidents)
    # A reader lists reports source by source, so their order between incidents is that of the chunks.
    reports = (each.reports.sort_values("incident_id", kind="stable", ignore_index=True) for each in (whole, cut))
    pd.testing.assert_frame_equal(*reports)
    pd.testing.assert_frame_equal(whole.extras["ACLED"], cut.extras["ACLED"])
    assert problems(whole) == problems(cut) and whole.source == cut.source and whole.source.set_aside == 1


def test_a_file_of_a_data_set_has_no_coverage_and_no_reports_of_its_neighbours(tmp_path):
    path = write("gtd", tmp_path / "gtd.csv", {})
    (tmp_path / "gtd_reports.csv").write_text("incident_id,publisher\nT-1,One\n", encoding="utf-8")
    (tmp_path / "coverage.csv").write_text("source,from,to\nRAND,2000-01-01,\n", encoding="utf-8")
    loaded = load.load(path)
    assert loaded.coverage.empty and "One" not in loaded.reports["publisher"].tolist() and not loaded.source.shipped


def test_nothing_of_an_upload_is_written_anywhere(monkeypatch, tmp_path):
    files = {form: packed(table("ucdp", {}), form) for form in FILES}
    written, really = [], open

    def watched(file, mode="r", *rest, **more):
        written.append(mode)
        return really(file, mode, *rest, **more)

    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("builtins.open", watched)
    monkeypatch.setattr("io.open", watched)
    for form, data in files.items():
        load_bytes(data, f"mine.{form}")
    assert list(tmp_path.iterdir()) == [] and not set("".join(written)) & set("wax+")


CELL = st.sampled_from(["", "1", "-9", "2020-01-01", "Kabul", "x", "=1", "61.2", "a;b", "Afghanistan", '"'])


@settings(max_examples=scaled(60), deadline=None, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(sorted(ROWS)), st.data(), st.sampled_from(FILES))
def test_read_is_kept_and_set_aside_whatever_the_cells(key, data, form):
    names = st.sampled_from(list(ROWS[key]))
    rows = data.draw(st.lists(st.dictionaries(names, CELL, max_size=6), min_size=1, max_size=6))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(atlas, "CHUNK", 4)
        patch.setattr(pipeline, "give_back", lambda: None)
        patch.setattr(load, "give_back", lambda: None)
        try:
            loaded = load_bytes(packed(table(key, *rows), form))
        except FileError as trouble:
            raise AssertionError(trouble) from trouble
    source = loaded.source
    assert source.read == source.kept + source.set_aside == len(rows) and len(loaded.incidents) == source.kept
    assert len(loaded.extras[loaded.origins[0].name]) == source.kept


def test_geojson_of_any_table_gives_its_points():
    feature = {"properties": {"Date": "2020-01-02", "Killed": 3}, "geometry": {"type": "Point", "coordinates": [69.17, 34.53]}}
    loaded = load_bytes(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), "points.geojson")
    row = loaded.incidents.iloc[0]
    assert (row["latitude"], row["longitude"], row["killed"], row["row"]) == (34.53, 69.17, 3, 1)
