"""Bad files dropped on the page and given to the commands: each is told in words that help, and good rows survive."""

from __future__ import annotations

import csv
import gzip
import io
import json
import zipfile
from datetime import date

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
import pytest

from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.errors import EmptyFile, FileError, NotATable, TooLarge, Undecided
from incident_atlas.export import tables
from incident_atlas.importers.files import base as rows
from incident_atlas.importers.files import csv_lines as delimited
from incident_atlas.ui.parts.problems_table import as_csv
from tests.export.test_export import cited
from tests.support import foreign
from tests.support.pages import opened, words
from tests.support.record import shipped_record
from tests.support.tiny import text
from tests.ui.test_data_page import drop

FREE = "When,Town,Dead,What\n2012-04-13,Kabul,3,A bomb\n2012-04-14,Herat,1,Shots\n"


def zipped(**files: str) -> bytes:
    """A zip of these files, `_` in a name for its point."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "."), data)
    return into.getvalue()


def book(*lines: list) -> bytes:
    """A workbook of one worksheet; its formulas were never calculated."""
    into, made = io.BytesIO(), openpyxl.Workbook()
    for line in lines:
        made.active.append(line)
    made.save(into)
    return into.getvalue()


def parquet(**columns) -> bytes:
    """A Parquet file of these columns, in this order."""
    into = io.BytesIO()
    pa.parquet.write_table(pa.table(columns), into)
    return into.getvalue()


def points(*geometries: dict) -> bytes:
    """A GeoJSON file of an incident with each geometry."""
    features = [
        {"type": "Feature", "properties": {"date": f"2012-04-{at:02d}", "title": "x"}, "geometry": geometry}
        for at, geometry in enumerate(geometries, 1)
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def exported(key: str, **form) -> str:
    """Two rows of a data set as a CSV."""
    first = foreign.table(key).columns[0]
    return foreign.table(key, {first: "201906150001"}, {first: "201906150002"}).to_csv(index=False, **form)


def reasons(loaded: Loaded, row: int = 1) -> dict[str, str]:
    """Column to reason of the Problems of a line."""
    found = loaded.problems[loaded.problems["row"] == row].astype(str)
    return dict(zip(found["column"], found["reason"], strict=True))


@pytest.mark.parametrize(
    ("data", "reason", "advice"),
    [
        (zipped(a_csv=exported("ucdp"), b_csv=exported("acled")), "holds 2 tables", "one table at a time"),
        (zipped(a_csv="a,b\n" + "1,2\n" * 500_000), "more than 100 times its size", "Unpack it yourself"),
        (gzip.compress(b"a,b\n" + b"1,2\n" * 500_000), "more than 100 times its size", "Unpack it yourself"),
        (gzip.compress(gzip.compress(text({}).encode())), "another archive", "Unpack it yourself"),
        (gzip.compress(b"\0" * 257 + b"ustar" + bytes(300)), "another archive", "Unpack it yourself"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(200), "a kind that is not read", "Unpack it yourself"),
        (b"a.csv" + bytes(252) + b"ustar" + bytes(300), "a kind that is not read", "Unpack it yourself"),
        (b"\xef\xbb\xbf\n<!DOCTYPE html><html><body>Sign in</body></html>", "a web page", "Sign in"),
        (b'[{"date": "2012-04-13", "title": "x"}]', "not GeoJSON", "as CSV"),
        (b'{"type":"FeatureCollection","features":[{"type":', "breaks off before", "again"),
        (FREE.replace(",", "^").encode(), "When^Town", "Separate the cells"),
        (b"When,Town,Dead\n", "no rows", "one row per incident"),
        (book(["When", "Town"]), "no rows", "one row per incident"),
        (b'{"type":"FeatureCollection","features":[]}', "without features", "one feature per incident"),
        (book(["When", "Town"], ["=TODAY()", "Kabul"]), "formulas", "page Your data"),
        (FREE.replace("2012-04-13", "03/04/2012").encode(), "3 April or 4 March", "--mapping"),
        (foreign.table("ucdp").drop(columns="date_start").to_csv().encode(), "no column named date_start", "all columns"),
    ],
)
def test_a_file_that_cannot_be_used_says_what_to_do(data, reason, advice):
    with pytest.raises(FileError) as trouble:
        load_bytes(data, "mine")
    assert reason in trouble.value.reason and advice in trouble.value.advice


@pytest.mark.parametrize(
    ("key", "column", "reason"),
    [
        ("acled", "fatalities", "the column is missing"),
        ("acled", "time_precision", "the column is missing; dates are taken as known to the day"),
        ("acled", "geo_precision", "the column is missing; coordinates are taken as known to the town"),
        ("ucdp", "date_prec", "the column is missing; dates are taken as known to the day"),
        ("ucdp", "where_prec", "the column is missing; coordinates are taken as known to the town"),
        ("gtd", "gname", "the column is missing"),
        ("gtd", "specificity", "the column is missing; coordinates are taken as known to the town"),
    ],
)
def test_a_data_set_without_a_column_is_read_and_what_is_assumed_is_said(key, column, reason):
    loaded = load_bytes(foreign.table(key).drop(columns=column).to_csv(index=False).encode())
    assert loaded.source.kept == 1 and loaded.origins[0].format.key == key and reasons(loaded)[column] == reason


@pytest.mark.parametrize("key", foreign.ROWS)
@pytest.mark.parametrize("form", [{}, {"sep": ";"}, {"sep": "\t"}, {"lineterminator": "\r\n"}])
def test_an_export_is_the_same_in_whatever_it_was_saved(key, form):
    plain = load_bytes(exported(key).encode()).incidents
    hxl = "#x" + ",#x" * (len(foreign.table(key).columns) - 1)
    ways = [
        b"\xef\xbb\xbf" + exported(key, **form).encode(),
        exported(key, **form).encode("utf-16"),
        gzip.compress(exported(key, **form).encode()),
        ("An export\n\n" + exported(key)).encode(),
        exported(key).replace("\n", f"\n{hxl}\n", 1).encode(),
    ]
    for data in ways:
        found = load_bytes(data).incidents
        pd.testing.assert_frame_equal(found.drop(columns=["row", "origin"]), plain.drop(columns=["row", "origin"]))


@pytest.mark.parametrize("key", foreign.ROWS)
def test_coordinates_of_an_export_may_have_decimal_commas(key):
    data = exported(key, sep=";").replace("34.5", "34,5").replace(";69.1", ";69,1")
    found = load_bytes(data.encode())
    assert (
        ";34,5" in data
        and found.incidents["latitude"].between(34.5, 34.6).all()
        and found.incidents["longitude"].between(69.1, 69.2).all()
    )
    assert "latitude" not in reasons(found, 2)


def test_the_columns_of_a_parquet_file_stay_what_they_are_in_any_order():
    loaded = load_bytes(parquet(When=[date(2012, 4, 13)], Town=["Herat"], Dead=[3], About=[["x"]]), "mine.parquet")
    assert loaded.incidents[["city", "killed"]].values.tolist() == [["Herat", 3]]
    columns = {name: foreign.table("ucdp")[name].to_list() for name in foreign.UCDP}
    read, plain = (
        load_bytes(parquet(**columns)).incidents,
        load_bytes(foreign.table("ucdp").to_csv(index=False).encode()).incidents,
    )
    pd.testing.assert_frame_equal(read.drop(columns=["row", "origin"]), plain.drop(columns=["row", "origin"]))


def test_a_table_of_too_many_rows_or_with_a_line_too_long_is_refused(monkeypatch):
    monkeypatch.setattr(rows, "MOST_ROWS", 2)
    assert load_bytes(FREE.encode()).source.kept == 2
    for data in (FREE + "2012-04-15,Kabul,1,x\n").encode(), parquet(When=["2012-04-13"] * 3):
        with pytest.raises(TooLarge, match="more than 2 rows"):
            load_bytes(data)
    monkeypatch.setattr(delimited, "LONGEST_LINE", 40)
    with pytest.raises(TooLarge, match="Line 3 has more than 40 characters"):
        load_bytes((FREE.replace("Shots", "Shots é" + "x" * 40)).encode("latin-1"))


def test_geometries_that_are_no_points_in_degrees_cost_the_place_and_not_the_incident():
    far, line = {"type": "Point", "coordinates": [514000, 3820000]}, {"type": "LineString", "coordinates": [[69, 34], [70, 34]]}
    loaded = load_bytes(points(far, line, {"type": "Point", "coordinates": [69.1, 34.5]}), "mine.geojson")
    assert loaded.source.kept == 3 and loaded.incidents["latitude"].isna().tolist() == [True, True, False]
    assert reasons(loaded, 1)["geometry"].startswith("not a point in degrees") and reasons(loaded, 2)["geometry"].startswith(
        "not a point;"
    )


def test_our_own_export_is_read_back_whole_from_its_zip():
    shipped = shipped_record()
    found = load_bytes(tables.archive(shipped.incidents, shipped.reports, cited(shipped)), "export.zip")
    assert (found.source.kept, len(found.reports), len(found.problems)) == (len(shipped.incidents), len(shipped.reports), 0)


@pytest.mark.parametrize("raised", [NotATable, EmptyFile, Undecided])
def test_the_page_says_reason_and_advice_and_keeps_the_good_file(raised, monkeypatch):
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)
    data = {NotATable: FREE.replace(",", "^"), EmptyFile: "When,Town\n", Undecided: FREE.replace("2012-04-13", "03/04/2012")}[
        raised
    ]
    page = drop(opened("pages/data.py"), ("bad.csv", data), ("good.csv", text({}, {"date": "soon"})))
    trouble = page.session_state["session"].uploads.files[0].trouble
    shown = words(page)
    assert type(trouble) is raised and "2 rows read: 1 kept, 1 set aside" in shown
    # What a person can answer on the page is asked there, in place of advice.
    shown += " ".join(warning.value.replace("\\", "") for warning in page.warning)
    parts = (trouble.reason,) if raised is Undecided else (trouble.reason, trouble.advice)
    assert all(part.split("|")[0].split('"')[0] in shown for part in parts)


def test_pages_survive_files_without_a_row_that_can_be_used(monkeypatch):
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)
    page = drop(opened("pages/data.py"), ("aside.csv", text({"date": "soon"}, {"title": ""})), ("none.csv", text()))
    assert "2 rows read: 0 kept, 2 set aside" in words(page) and "0 rows read" in words(page)
    for other in ("app.py", "pages/incidents.py", "pages/compare.py", "pages/claims.py", "pages/about.py"):
        assert not page.switch_page(other).run().exception, other


def test_the_file_of_problems_holds_a_row_for_each_whatever_their_cells_hold():
    odd = {
        "incident_id": "a",
        "date": "2012-04-13",
        "title": "x",
        "killed": "=1+1\r=3",
        "wounded": "x\n=2+2",
        "latitude": "\ud800",
    }
    feature = {"type": "Feature", "properties": odd, "geometry": None}
    loaded = load_bytes(json.dumps({"type": "FeatureCollection", "features": [feature]}).encode(), "mine.geojson")
    table = list(csv.reader(io.StringIO(as_csv(loaded.problems).decode("utf-8-sig"), newline="")))
    assert len(table) == 1 + len(loaded.problems) and {"'=1+1\r=3", "x\n=2+2"} <= {row[2] for row in table}
