"""INCIDENTS_SOURCE: what it may name, how a table becomes a record, and what is said when it does not."""

from __future__ import annotations

import importlib
import sys

import duckdb
import pandas as pd
import pytest

from incident_atlas.analysis.summary import headline
from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import load
from incident_atlas.dataset.paging import Order, count, newest
from incident_atlas.dataset.query import rows
from incident_atlas.dataset.sql import Engine, address, opened, prepare
from incident_atlas.dataset.sql.parquet_cache import what_it_is
from incident_atlas.errors import AtlasError, EmptyFile, MissingFile, NotAFile, NotATable, SourceGone, TooMany
from incident_atlas.importers.mapping import Mapping, written
from incident_atlas.maps.clusters import in_cells, map_cells
from tests.support.engines import differences, plain, raw
from tests.support.tiny import record, text

source = importlib.import_module("incident_atlas.dataset.sql.open")


@pytest.fixture
def table(tmp_path):
    """`table("SELECT ...")`: INCIDENTS_SOURCE of the table `attacks` of a database, made so."""

    def made(select: str, **views) -> str:
        with duckdb.connect(str(tmp_path / "record.duckdb")) as connection:
            for name, view in views.items():
                connection.register(name, view)
            connection.execute(f"CREATE OR REPLACE TABLE attacks AS {select}")
        return f"duckdb://{tmp_path}/record.duckdb?table=attacks"

    return made


FEW = "SELECT 'A-' || n AS incident_id, DATE '2020-01-01' + n::INTEGER AS date, 'Bomb' AS title FROM range(5) t(n)"


@pytest.mark.parametrize(
    ("message", "engine", "at", "table_named", "name"),
    [
        ("data/incidents.csv", "file", "data/incidents.csv", "", "incidents.csv"),
        ("/srv/a b.parquet", "file", "/srv/a b.parquet", "", "a b.parquet"),
        ("C://x.csv", "file", "C://x.csv", "", "x.csv"),
        ("duckdb:///srv/file.db?table=incidents", "duckdb", "/srv/file.db", "incidents", "incidents"),
        ("duckdb:///srv/a%20b.db?table=x", "duckdb", "/srv/a b.db", "x", "x"),
        ("duckdb://File.db?table=x", "duckdb", "File.db", "x", "x"),
        (
            "postgres://r:p@h:5433/acled?table=public.events",
            "ibis",
            "postgres://r:p@h:5433/acled",
            "public.events",
            "public.events",
        ),
        ("trino://u@h/hive/default?table=e&row=n", "ibis", "trino://u@h/hive/default", "e", "e"),
        ("pyspark://?path=s3a://b/x.parquet", "pyspark", "s3a://b/x.parquet", "", "x.parquet"),
        ("pyspark://h:7077?table=events", "pyspark", "h:7077", "events", "events"),
    ],
)
def test_an_address_says_where_a_record_is(message, engine, at, table_named, name):
    found = address(message)
    assert (found.engine, found.at, found.table, found.name) == (engine, at, table_named, name)


@pytest.mark.parametrize(
    "message",
    [
        "postgres://reader:s3cret@db.example.org/acled?table=events",
        "postgres://reader:s3cret@db.example.org/acled?table=events&sslmode=require&row=id",
        "postgres://s3cret@db.example.org/acled?table=events&password=s3cret",
        "postgres://reader:s3cret@p@ss@db.example.org/acled?table=events",
    ],
)
def test_neither_a_password_nor_a_host_is_in_what_is_shown_of_an_address(message):
    found = address(message)
    shown = repr(found) + str(found) + found.name + f"{[found]}"
    assert "s3cret" in found.at and "s3cret" not in shown and "example" not in shown


@pytest.mark.parametrize(
    "message",
    [
        "postgres://reader:s3cret@db.example.org/acled",
        "postgres://reader:s3cret@[db/acled?table=events",
        "postgres://reader:s3#cret@db.example.org/acled?table=events",
        "duckdb:///srv/s3cret.db",
        "pyspark://?table=",
        "trino://?row=s3cret",
    ],
)
def test_an_address_without_a_table_or_that_is_none_is_refused_without_its_words(message):
    with pytest.raises(NotAFile, match="INCIDENTS_SOURCE") as refused:
        address(message)
    assert "s3" not in str(refused.value)


def test_a_small_file_is_held_in_memory_and_a_prepared_one_is_not(tmp_path):
    csv, made = tmp_path / "few.csv", tmp_path / "few.parquet"
    csv.write_text(text({}, {"date": "2021-05-05"}))
    reported = prepare(csv, made)
    assert (reported.read, reported.origin.kept, len(reported.problems)) == (2, 2, 0)
    assert what_it_is(made)[:2] == reported[:2] and what_it_is(csv) is None
    memory, engine = opened(str(csv)), opened(str(made))
    assert not isinstance(memory, Engine) and isinstance(engine, Engine)
    assert (engine.source.read, engine.source.kept, engine.source.set_aside) == (2, 2, 0)
    assert engine.source.sha256 == memory.source.sha256 and engine.origins == memory.origins


def test_a_large_file_of_any_kind_is_prepared_once_and_asked_there(tmp_path, monkeypatch):
    csv = tmp_path / "large.csv"
    csv.write_text(text({}, {"date": "2021-05-05"}, {"incident_id": "T-1"}))
    monkeypatch.setattr(source, "LARGE_BYTES", 1)
    assert not isinstance(opened(str(csv)), Engine)  # nobody said where it may be kept
    engine = opened(str(csv), keep=lambda path: tmp_path / f"{path.stem}.parquet")
    memory = load(csv)
    assert isinstance(engine, Engine) and engine.source.read == memory.source.read == 3 and engine.source.set_aside == 1
    assert engine.problems.equals(memory.problems)
    assert rows(engine.incidents)["incident_id"].tolist() == memory.incidents["incident_id"].tolist()


def test_a_file_of_which_no_row_can_be_kept_is_refused_and_leaves_nothing_behind(tmp_path):
    (tmp_path / "none.csv").write_text(text({"date": "yesterday"}))
    with pytest.raises(EmptyFile):
        prepare(tmp_path / "none.csv", tmp_path / "none.parquet")
    assert [path.name for path in tmp_path.iterdir()] == ["none.csv"]


def test_a_table_of_few_columns_is_a_record_and_what_it_lacks_is_unknown(table):
    engine = opened(table(FEW))
    assert (engine.source.kept, engine.source.first, engine.source.last) == (
        5,
        pd.Timestamp(2020, 1, 1),
        pd.Timestamp(2020, 1, 5),
    )
    it = engine.find("A-3")
    assert (it["date"], it["attribution"], it["country"], it["perpetrator"]) == (
        pd.Timestamp(2020, 1, 4),
        "not stated",
        "Afghanistan",
        "Unknown",
    )
    assert pd.isna(it["killed"]) and pd.isna(it["x"]) and it["killed_none"] == 1
    head = headline(engine.incidents)
    assert (head.incidents, head.unplaced, head.killed.without_figure, head.killed.high) == (5, 5, 5, 0)
    assert len(map_cells(engine.incidents, 5)) == 0


CELLS = {
    "a moment of a day is that day": (
        "TIMESTAMP '2020-02-03 23:59:59' AS date",
        {"date": "2020-02-03", "last_day": "2020-02-03"},
    ),
    "a week lasts seven days": ("'week' AS date_precision", {"last_day": "2020-02-09"}),
    "a month lasts to its end": ("'month' AS date_precision", {"last_day": "2020-02-29"}),
    "a year lasts to its end": ("'year' AS date_precision", {"last_day": "2020-12-31"}),
    "an unknown precision of the date is a day": ("'hour' AS date_precision", {"date_precision": "day"}),
    "an end after the day widens nothing": ("DATE '2020-02-07' AS date_end", {"last_day": "2020-02-03"}),
    "an end before the day does not": ("DATE '2019-02-07' AS date_end", {"last_day": "2020-02-03"}),
    "coordinates without a precision are of a city": (
        "34.5 AS latitude, 69.2 AS longitude",
        {"geo_precision": "city", "precision_rank": 3},
    ),
    "coordinates beyond the world are none": (
        "95 AS latitude, 69.2 AS longitude",
        {"precision_rank": 7, "longitude": None, "x": None},
    ),
    "half a point is none": ("34.5 AS latitude", {"precision_rank": 7, "geo_precision": "", "x": None}),
    "a precision without coordinates is none": ("'street' AS geo_precision", {"geo_precision": "", "precision_rank": 7}),
    "a low alone is the best there is": (
        "2 AS killed_low",
        {"killed_best": 2, "killed_most": 2, "killed_open": 1, "killed_none": 0},
    ),
    "a high alone is no best": (
        "9 AS wounded_high",
        {"wounded_best": None, "wounded_most": 9, "wounded_open": 0, "wounded_none": 0},
    ),
    "nobody hurt is a figure": ("0 AS killed", {"killed_best": 0, "killed_none": 0}),
    "terms stand without blanks between": ("'Police ; Military' AS target_type", {"target_type": "Police;Military"}),
    "a blank term is unknown": (
        "NULL::VARCHAR AS target_type, '' AS attack_type",
        {"target_type": "Unknown", "attack_type": "Unknown"},
    ),
    "an unknown attribution is not stated": ("'sure' AS attribution", {"attribution": "not stated"}),
}


@pytest.fixture(scope="module")
def cells_of_a_table(tmp_path_factory):
    path = tmp_path_factory.mktemp("cells") / "record.duckdb"
    selects = []
    for case, (cells, _) in CELLS.items():
        date = "" if cells.endswith(" AS date") else "DATE '2020-02-03' AS date, "
        selects.append(f"SELECT '{case}' AS incident_id, 'Bomb' AS title, {date}{cells}")
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE TABLE attacks AS " + " UNION ALL BY NAME ".join(selects))
    return opened(f"duckdb://{path}?table=attacks")


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_of_a_table_becomes(cells_of_a_table, case):
    it = cells_of_a_table.find(case)
    expected = CELLS[case][1]
    found = {name: it[name].date().isoformat() if isinstance(it[name], pd.Timestamp) else plain(it[name]) for name in expected}
    assert found == expected


def test_the_last_day_of_a_filter_holds_its_evening(table):
    engine = opened(table("SELECT 'A' AS incident_id, TIMESTAMP '2020-02-03 23:59:59' AS date"))
    assert count(Filters(until=pd.Timestamp(2020, 2, 3).date()).apply(engine.incidents)) == 1


def test_rows_without_an_id_or_a_date_are_set_aside_and_counted(table):
    engine = opened(
        table(f"{FEW} UNION ALL VALUES (NULL, DATE '2020-01-01', 'x'), ('', DATE '2020-01-01', 'x'), ('B', NULL, 'x')")
    )
    assert (engine.source.read, engine.source.kept, engine.source.set_aside) == (8, 5, 3)


def test_a_mapping_names_the_columns_of_another_table(table, tmp_path):
    mapping = tmp_path / "columns.csv"
    ours = {"incident_id": "Code", "date": "When it was", "latitude": "X", "longitude": "Y"}
    mapping.write_bytes(written(Mapping(tuple(ours.items()), (("country", "Utopia"),), "", True)))
    where = table("SELECT 'A' AS Code, DATE '2020-01-01' AS \"When it was\", 10.5 AS X, 20.5 AS Y, 7 AS Key")
    it = opened(f"{where}&row=Key", mapping).find("A")
    assert (it["latitude"], it["longitude"], it["country"], it["row"]) == (20.5, 10.5, "Utopia", 7)
    with pytest.raises(NotATable, match="no column Key2"):
        opened(f"{where}&row=Key2", mapping)
    mapping.write_bytes(written(Mapping((*ours.items(), ("title", "Words")))))
    with pytest.raises(NotATable, match="no column Words"):
        opened(where, mapping)
    mapping.write_text("ours,theirs,value\nnonsense,x,\n")
    with pytest.raises(NotATable, match="columns.csv, line 2"):
        opened(where, mapping)


@pytest.mark.parametrize(
    ("select", "message"),
    [
        ("SELECT 1 AS n", "no column incident_id and date"),
        ("SELECT 'A' AS incident_id", "no column date"),
        ("SELECT 'A' AS incident_id, '2020-01-01' AS date", "date of the table holds text"),
    ],
)
def test_a_table_that_is_no_record_is_refused(table, select, message):
    with pytest.raises(NotATable, match=message):
        opened(table(select))


def test_other_days_that_are_text_are_left_out(table):
    engine = opened(table("SELECT 'A' AS incident_id, DATE '2020-01-01' AS date, 'in spring' AS added"))
    assert pd.isna(engine.find("A")["added"])


def test_what_is_not_there_is_said_in_plain_words(table, tmp_path, monkeypatch):
    where = table(FEW)
    with pytest.raises(NotATable, match="There is no table attack2"):
        opened(where.replace("table=attacks", "table=attack2"))
    with pytest.raises(MissingFile, match="nowhere.duckdb"):
        opened(f"duckdb://{tmp_path}/nowhere.duckdb?table=attacks")
    with pytest.raises(AtlasError, match="nowhere.parquet"):
        opened(str(tmp_path / "nowhere.parquet"))
    (tmp_path / "broken.duckdb").write_bytes(b"no database")
    with pytest.raises(SourceGone):
        opened(f"duckdb://{tmp_path}/broken.duckdb?table=attacks")
    for package, address_of in (("ibis", "postgres://r:s3cret@127.0.0.1:1/x?table=t"), ("pyspark.sql", "pyspark://?table=t")):
        monkeypatch.setitem(sys.modules, package, None)
        with pytest.raises(NotAFile, match=f"package {package.partition('.')[0]}") as missing:
            opened(address_of)
        assert "s3cret" not in str(missing.value)


def test_a_file_that_goes_away_is_told_and_one_that_is_back_answers(table, tmp_path):
    prepare_from = tmp_path / "few.csv"
    prepare_from.write_text(text({}, {"killed": "3"}))
    prepare(prepare_from, tmp_path / "few.parquet")
    engine = opened(str(tmp_path / "few.parquet"))
    assert count(engine.incidents) == 2
    (tmp_path / "few.parquet").rename(tmp_path / "away.parquet")
    query = (
        lambda: headline(engine.incidents),
        lambda: Filters(min_killed=1).apply(engine.incidents),
        lambda: newest(engine.incidents, 5),
        lambda: in_cells(engine.incidents, 5, [1.0]),
        lambda: engine.at([2]),
        lambda: engine.find("T-1"),
        lambda: rows(engine.incidents),
        lambda: Order(engine.incidents).around(pd.Timestamp(2020, 1, 1), 2),
    )
    for question in query:
        with pytest.raises(SourceGone):
            question()
    (tmp_path / "away.parquet").rename(tmp_path / "few.parquet")
    assert headline(engine.incidents).killed.low == 3 and headline(engine.incidents).killed.best == 3


def test_incidents_of_an_engine_come_in_the_order_asked(table):
    memory = record(*({"date": f"2020-01-{day:02d}", "title": f"No {day} 'é\"; --"} for day in range(1, 10)))
    engine = opened(table("FROM memory", memory=raw(memory.incidents)))
    lines = [5, 3, 9, 5000, 3]
    for column in NAMES:
        assert differences(*(plain(list(one.at(lines[:3])[column])) for one in (engine, memory))) == [], column
    assert engine.at(lines[:4])["row"].tolist() == [5, 3, 9] and len(engine.at([])) == 0
    assert engine.find("T-4")["row"] == 5 and engine.find("T'; DROP TABLE attacks --") is None and engine.find("") is None
    assert newest(engine.incidents, 3) == newest(memory.incidents, 3)


def test_more_incidents_than_a_page_do_not_leave_an_engine_one_by_one(table):
    where = table(FEW.replace("range(5)", "range(1001)"))
    with pytest.raises(TooMany):
        rows(opened(where).incidents)
    assert len(rows(opened(where).incidents, 1001)) == 1001
    with pytest.raises(TooMany):
        opened(where).at(range(2000))
