"""PostgreSQL and Spark, each really started, give the numbers of a record in memory: `make test-engines`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from incident_atlas.analysis.summary import COLUMNS
from incident_atlas.dataset.filters import DATE_COLUMNS, Filters, with_periods
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.paging import PeriodOrder, count, newest
from incident_atlas.dataset.period_table import KEEP, MonthRange, headline_by_period, plan_by_period
from incident_atlas.dataset.query import answer_all
from incident_atlas.dataset.sql import Engine, opened, prepare
from incident_atlas.dataset.time_windows import windows_of, within
from incident_atlas.dataset.totals import by_actor_kind, headline, plan_by_actor_kind
from incident_atlas.errors import NotAFile, NotATable, SourceGone
from incident_atlas.importers.mapping import Mapping, written
from incident_atlas.maps.clusters import plan_marks
from tests.support import servers
from tests.support.engines import (
    MAP_PAGE,
    QUESTIONS,
    answers,
    answers_at_once,
    chosen,
    differences,
    filtered,
    plain,
    raw,
    records,
    steps_around,
    with_hue,
    write_raw,
)

pytestmark = pytest.mark.engines
FORMS = ("prepared", "raw")


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="module")
def memory(folder) -> Loaded:
    found = records(folder)["invented"]
    prepare(folder / "invented.csv", folder / "prepared.parquet")
    write_raw(found.incidents, folder / "raw.parquet")
    return found


@pytest.fixture(scope="module")
def expected(memory) -> dict:
    return answers(with_hue(memory.incidents))


@pytest.fixture(scope="module")
def server(memory, folder) -> Iterator:
    with servers.postgres() as started:
        started.put("prepared", pq.read_table(folder / "prepared.parquet"))
        started.put("raw", raw(memory.incidents))
        yield started


@pytest.fixture(scope="module")
def session(memory, folder) -> Iterator:
    with servers.spark(folder) as started:
        for form in FORMS:
            started.read.parquet(str(folder / f"{form}.parquet")).createOrReplaceTempView(form)
        yield started


@pytest.mark.parametrize("form", FORMS)
def test_postgresql_gives_every_answer_of_memory(memory, expected, server, form):
    engine = opened(server.address(form)).incidents
    assert differences(answers(with_hue(engine)), expected) == []
    assert differences(answers_at_once(with_hue(engine)), {name: expected[name] for name in QUESTIONS}) == []
    some = memory.incidents.iloc[[0, len(memory.incidents) // 2, -1]]
    assert steps_around(engine, some) == steps_around(memory.incidents, some)


@pytest.mark.parametrize("form", FORMS)
def test_every_filter_leaves_in_postgresql_what_it_leaves_in_memory(memory, server, form):
    engine = opened(server.address(form)).incidents
    for called, filter in chosen(memory.incidents).items():
        assert differences(filtered(engine, filter), filtered(memory.incidents, filter), called) == []


def test_spark_gives_every_answer_of_memory(memory, expected, session):
    engine = opened("pyspark://?table=raw").incidents
    assert differences(answers(with_hue(engine)), expected) == []
    some = memory.incidents.iloc[[0, -1]]
    assert steps_around(engine, some) == steps_around(memory.incidents, some)


@pytest.mark.parametrize("source", ["pyspark://?path={folder}/prepared.parquet", "pyspark://?table=raw"])
def test_spark_answers_the_map_page_at_once(expected, session, folder, source):
    engine = opened(source.format(folder=folder)).incidents
    assert differences(answers_at_once(engine, MAP_PAGE), {name: expected[name] for name in MAP_PAGE}) == []


def test_every_filter_leaves_in_spark_what_it_leaves_in_memory(memory, session):
    engine = opened("pyspark://?table=raw").incidents
    for called, filter in chosen(memory.incidents).items():
        assert newest(filter.apply(engine), 1000) == newest(filter.apply(memory.incidents), 1000), called


@pytest.mark.parametrize("engine", ["postgresql", "spark"])
def test_a_record_is_said_to_be_what_it_is_and_its_incidents_are_found(memory, server, session, engine):
    record = opened(server.address("raw") if engine == "postgresql" else "pyspark://?table=raw")
    assert isinstance(record, Engine)
    message = [(one.source.kept, one.source.first, one.source.last, one.options) for one in (record, memory)]
    assert message[0] == message[1]
    lines = memory.incidents["row"].iloc[[7, 3, 500]].tolist()
    for column in ("incident_id", "row", "date", "title", "killed", "perpetrator", "x"):
        assert differences(*([plain(cell) for cell in one.at(lines)[column]] for one in (record, memory))) == []
    it = memory.incidents.iloc[42]
    assert record.find(it["incident_id"])["row"] == it["row"] and record.find("no' such id") is None


@pytest.mark.parametrize("engine", ["postgresql", "spark"])
def test_the_windows_of_a_play_are_asked_for_at_once_and_are_those_of_memory(memory, server, session, engine):
    record = opened(server.address("prepared") if engine == "postgresql" else "pyspark://?table=prepared")
    every = Filters()
    columns = (*COLUMNS, *(name for name in DATE_COLUMNS if name not in COLUMNS))
    frame, in_memory = (with_periods(every.apply(one.incidents, columns=columns), every) for one in (record, memory))
    plans = [plan_by_actor_kind, lambda table: plan_marks(table, 6, (29.0, 60.0, 39.0, 75.0), None, KEEP)]
    head, actors, marks = answer_all([headline_by_period(frame), *(plan_by_period(plan(frame)) for plan in plans)])
    same_marks = answer_all([plan_by_period(plans[1](in_memory))])[0]
    orders = [PeriodOrder(table, 5) for table in (frame, in_memory)]
    windows = list(windows_of(every, "year", False, memory.source.first.date(), memory.source.last.date()))
    assert len(windows) > 3
    for window in windows[:: len(windows) // 4]:
        found = within(every, window).apply(memory.incidents, columns=columns)
        assert head.within(window) == headline(found) and actors.within(window) == by_actor_kind(found)
        names = ["incidents", "uncertain_date"]
        assert marks.within(window)[names].to_numpy().tolist() == same_marks.within(window)[names].to_numpy().tolist()
        newest_lines = [order.within(MonthRange.of(window), None, 5)[1] for order in orders]
        assert newest_lines[0] == newest_lines[1]


@pytest.mark.parametrize("engine", ["postgresql", "spark"])
def test_a_table_of_other_columns_is_read_by_its_mapping(memory, server, session, tmp_path, engine):
    ours = ("incident_id", "date", "title", "latitude", "longitude", "killed", "perpetrator")
    named = ", ".join(f'{name} AS "Their {name}"' for name in ours)
    view = f"CREATE VIEW theirs AS SELECT row AS number, {named} FROM raw"
    if engine == "postgresql":
        server.execute("DROP VIEW IF EXISTS theirs", view)
    else:
        session.sql(view.replace("CREATE VIEW", "CREATE OR REPLACE TEMP VIEW").replace('"', "`"))
    mapping = tmp_path / "columns.csv"
    mapping.write_bytes(written(Mapping(tuple((name, f"Their {name}") for name in ours), (("country", "Utopia"),))))
    address = server.address("theirs") if engine == "postgresql" else "pyspark://?table=theirs"
    record = opened(f"{address}&row=number", mapping)
    assert record.options["country"] == ("Utopia",) and record.source.kept == len(memory.incidents)
    assert newest(record.incidents, 30) == newest(memory.incidents, 30)
    bare = opened(address, mapping)  # without a number of its own, a row is numbered by its id
    assert sorted(bare.at(newest(bare.incidents, 3))["incident_id"]) == sorted(
        memory.incidents.sort_values(["date", "incident_id"])["incident_id"].tail(3)
    )


@pytest.mark.parametrize(
    ("change", "fault", "message"),
    [
        ("ALTER TABLE broken RENAME TO elsewhere", NotATable, "no table broken"),
        ("ALTER TABLE broken DROP COLUMN incident_id", NotATable, "no column incident_id"),
        ("ALTER TABLE broken ALTER COLUMN date TYPE text", NotATable, "date of the table holds text"),
    ],
)
def test_a_table_that_is_no_record_is_refused_in_plain_words(memory, server, change, fault, message):
    server.execute("DROP TABLE IF EXISTS broken, elsewhere", "CREATE TABLE broken AS SELECT * FROM raw", change)
    with pytest.raises(fault, match=message):
        opened(server.address("broken"))


@pytest.mark.parametrize("source", ["pyspark://?table=nowhere", "pyspark://?path=/srv/nowhere.parquet"])
def test_a_table_that_spark_does_not_have_is_refused_in_plain_words(session, source):
    with pytest.raises((NotATable, NotAFile), match="nowhere"):
        opened(source)


def test_a_server_that_is_not_there_is_told_without_the_password(server, caplog):
    distant = server.address("raw").replace(f":{server.port}/", ":1/")
    wrong = server.address("raw").replace(servers.PASSWORD, "wrong-" + servers.PASSWORD)
    with caplog.at_level(logging.DEBUG):
        for address in (distant, wrong):
            with pytest.raises(SourceGone) as gone:
                opened(address)
            assert servers.PASSWORD not in str(gone.value) + repr(gone.value)
    assert servers.PASSWORD not in caplog.text


def test_a_table_that_was_away_for_a_moment_answers_again(memory, server):
    record = opened(server.address("raw"))
    server.execute("ALTER TABLE raw RENAME TO away")
    try:
        with pytest.raises(SourceGone):
            count(record.incidents)
    finally:
        server.execute("ALTER TABLE away RENAME TO raw")
    assert count(record.incidents) == len(memory.incidents)


def test_a_database_that_goes_away_is_told_and_answers_when_it_is_back(memory, expected, server):
    record = opened(server.address("prepared"))
    everything = Filters().apply(record.incidents)
    assert count(everything) == len(memory.incidents)
    server.stop()
    try:
        with pytest.raises(SourceGone) as gone:
            count(everything)
        assert servers.PASSWORD not in str(gone.value)
        with pytest.raises(SourceGone):
            record.find("AFG-20100220-2")
        with pytest.raises(SourceGone):
            opened(server.address("prepared"))
    finally:
        server.start()
    again = opened(server.address("prepared")).incidents
    assert differences(answers_at_once(again, MAP_PAGE), {name: expected[name] for name in MAP_PAGE}) == []
