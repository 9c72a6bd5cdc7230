"""A record that stays in its engine gives the numbers of one in memory: here through DuckDB, which runs in this process."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from dataclasses import fields
from itertools import product
from pathlib import Path

import duckdb
import narwhals as nw
import pandas as pd
import pytest

from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.paging import newest
from incident_atlas.dataset.query import MOST_ROWS, Query, answer_all, rows
from incident_atlas.dataset.sql import opened, prepare
from incident_atlas.dataset.totals import headline
from incident_atlas.errors import TooMany
from tests.support.engines import (
    MAP_PAGE,
    QUESTIONS,
    answers,
    answers_at_once,
    chosen,
    differences,
    filtered,
    questions_of_the_product,
    raw,
    records,
    steps_around,
    with_hue,
    write_raw,
)
from tests.support.tiny import record

FORMS = ("prepared file", "raw file", "raw table")
SOON = [("shipped", "prepared file")]
"""What `make test` takes of every record in every form; the rest takes longer."""
BOTH = [
    pytest.param(*pair, id=" ".join(pair), marks=[] if pair in SOON else pytest.mark.nightly)
    for pair in product(("shipped", "invented"), FORMS)
]
SOME = [BOTH[0], BOTH[2], BOTH[4]]  # every form, once


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("engines")


@pytest.fixture(scope="module")
def in_memory(folder) -> dict[str, Loaded]:
    return records(folder)


@pytest.fixture(scope="module")
def held(in_memory, folder) -> Iterator[dict[tuple[str, str], Loaded]]:
    """Each record by its name and the form in which DuckDB has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(importlib.import_module("incident_atlas.dataset.sql.open"), "LARGE_BYTES", 1)
        found = {}
        for name, memory in in_memory.items():
            prepare(folder / f"{name}.csv", folder / f"{name}.parquet")
            found[name, "prepared file"] = opened(str(folder / f"{name}.parquet"))
            found[name, "raw file"] = opened(str(write_raw(memory.incidents, folder / f"{name}_raw.parquet")))
            found[name, "raw table"] = opened(f"duckdb://{_database(memory.incidents, folder / f'{name}.duckdb')}?table=attacks")
        yield found


def _database(incidents: pd.DataFrame, path: Path, times: int = 1) -> Path:
    """A database with the incidents so many times, each time under other ids and rows."""
    again = (
        f"SELECT * REPLACE (incident_id || '/' || n AS incident_id, row + n * 1000000 AS row) FROM memory, range({times}) t(n)"
    )
    with duckdb.connect(str(path)) as connection:
        connection.register("memory", raw(incidents))
        connection.execute(f"CREATE TABLE attacks AS {again if times > 1 else 'FROM memory'}")
    return path


@pytest.fixture
def row_counts(monkeypatch) -> list[int]:
    """The rows of each answer that an engine gives from now on."""
    tab: list[int] = []
    collect = nw.LazyFrame.collect

    def spy(frame, *also, **named):
        answer = collect(frame, *also, **named)
        tab.append(len(answer))
        return answer

    monkeypatch.setattr(nw.LazyFrame, "collect", spy)
    return tab


def test_every_question_of_the_product_is_asked_here():
    assert {
        question.__name__ for question in questions_of_the_product() - {row_counts.question for row_counts in QUESTIONS.values()}
    } == set()


def test_every_field_of_the_filters_is_tried_and_leaves_something(in_memory):
    tried = {name: chosen(memory.incidents) for name, memory in in_memory.items()}
    assert {name for filters in tried.values() for filter in filters.values() for name in filter.active()} == {
        field.name for field in fields(Filters)
    }
    empty = [
        {called for called, filter in tried[name].items() if not len(filter.apply(memory.incidents))}
        for name, memory in in_memory.items()
    ]
    assert set.intersection(*empty) == {"words: 100%_", "words: no such word at all"}


def test_a_comparison_of_answers_tells_a_count_that_is_off_by_one():
    assert differences({"n": [1, 34.5]}, {"n": [1, 34.50005]}) == []
    assert differences({"n": [1, 2]}, {"n": [1, 3]}) == [" n[1]: 2 instead of 3"]
    assert differences([1], [1, 2]) and differences([None], [0]) and differences({"n": 1}, {"m": 1}) and differences([34.5], [35])


@pytest.mark.parametrize(("name", "form"), BOTH)
def test_every_answer_is_that_of_memory(in_memory, held, name, form):
    memory, engine = in_memory[name].incidents, held[name, form].incidents
    assert isinstance(nw.from_native(engine), nw.LazyFrame)
    expected = answers(with_hue(memory))
    assert differences(answers(with_hue(engine)), expected) == []
    assert differences(answers_at_once(with_hue(engine)), {name: expected[name] for name in QUESTIONS}) == []
    some = memory.iloc[[0, 5, len(memory) // 2, -1]]
    elsewhere = some.assign(row=some["row"] + 10**6)
    assert steps_around(engine, pd.concat([some, elsewhere])) == steps_around(memory, pd.concat([some, elsewhere]))


@pytest.mark.parametrize(("name", "form"), SOME)
def test_every_filter_leaves_the_incidents_that_it_leaves_in_memory(in_memory, held, name, form):
    memory, engine = in_memory[name].incidents, held[name, form].incidents
    for called, filter in chosen(memory).items():
        assert differences(filtered(engine, filter), filtered(memory, filter), called) == []


@pytest.mark.parametrize("form", [FORMS[0], pytest.param(FORMS[2], marks=pytest.mark.nightly)])
def test_a_record_without_a_row_left_gives_the_answers_of_none(in_memory, held, form):
    none = Filters(q="no such word at all")
    memory, engine = (none.apply(with_hue(one.incidents)) for one in (in_memory["shipped"], held["shipped", form]))
    expected = answers(memory)
    assert expected["headline"]["incidents"] == 0
    assert differences(answers(engine), expected) == []
    assert differences(answers_at_once(engine), {name: expected[name] for name in QUESTIONS}) == []


@pytest.mark.parametrize("form", FORMS)
def test_what_a_record_is_said_to_be_is_the_same(in_memory, held, form):
    for name, memory in in_memory.items():
        engine = held[name, form]
        message = [(one.source.kept, one.source.first, one.source.last, one.options) for one in (engine, memory)]
        assert message[0] == message[1]


def test_headline_and_charts_and_cells_are_one_query(held, row_counts):
    engine = held["invented", "prepared file"].incidents
    found = answers_at_once(engine, MAP_PAGE)
    assert found["headline"]["killed_largest"] is None and found["headline"]["wounded_largest"] is None
    assert len(row_counts) == 1


def test_two_incidents_that_stand_out_take_one_query_each_more(row_counts, tmp_path):
    memory = record(
        *({"killed": n, "wounded": m, "latitude": "34.5", "longitude": "69.2"} for n, m in ((90, 1), (2, 70), (3, 4)))
    )
    engine = opened(f"duckdb://{_database(memory.incidents, tmp_path / 'large.duckdb')}?table=attacks").incidents
    row_counts.clear()
    found = answers_at_once(engine, MAP_PAGE)
    assert found["headline"]["killed_largest"] and found["headline"]["wounded_largest"]
    assert len(row_counts) == 3
    assert differences(found, answers_at_once(memory.incidents, MAP_PAGE)) == []


def test_questions_of_two_frames_are_asked_in_one_query(held, row_counts):
    engine = held["shipped", "raw table"].incidents
    some = Filters(since=pd.Timestamp(2010, 1, 1).date()).apply(engine)
    every, part = answer_all([headline.steps(engine), headline.steps(some)])
    assert every.incidents > part.incidents > 0 and len(row_counts) <= 3


def test_a_question_in_memory_is_asked_of_memory_though_others_are_asked_of_an_engine(in_memory, held):
    both = in_memory["shipped"].incidents, held["shipped", "raw table"].incidents
    one, other = answer_all([headline.steps(incidents) for incidents in both])
    assert differences([one.incidents, one.killed.low], [other.incidents, other.killed.low]) == []


def test_words_as_keys_come_back_as_they_are_when_asked_with_others():
    table = duckdb.sql("FROM (VALUES ('1', 2.5), ('', 0.1), ('é;\"x', NULL)) t(word, n)")

    def sums(*keys):
        return (yield Query(table, {"total": nw.col("n").sum()}, keys))

    every, by_word = answer_all([sums(), sums("word")])
    assert set(by_word["word"]) == {"1", "", 'é;"x'} and float(by_word.set_index("word").loc["1", "total"]) == 2.5
    assert float(every["total"].iloc[0]) == 2.6


def test_no_answer_of_a_large_table_is_longer_than_a_page(in_memory, row_counts, tmp_path):
    path = _database(in_memory["invented"].incidents, tmp_path / "many.duckdb", 20)
    engine = opened(f"duckdb://{path}?table=attacks").incidents
    assert answers(with_hue(engine))["count"] == 12_000
    with pytest.raises(TooMany, match="1,000"):
        rows(engine)
    assert max(row_counts) <= MOST_ROWS + 1 and row_counts[-1] == MOST_ROWS + 1  # one more, to see that there are more


def test_only_the_page_asked_for_leaves_the_engine(held, row_counts):
    engine = held["invented", "raw file"].incidents
    assert len(newest(engine, 20, page=5)) == 20
    assert max(row_counts) == 20
