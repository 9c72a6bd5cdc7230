"""Tables as people really have them: what is no figure, no day, no key or no column of ours is not taken for one."""

from __future__ import annotations

import json
import threading

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from incident_atlas.analysis.summary import by_target_type, by_year, headline
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.sql import address, opened, what_it_is
from incident_atlas.errors import AtlasError, NotAFile, NotATable

pytestmark = pytest.mark.nightly

FEW = "'A-' || n AS incident_id, DATE '2020-01-01' + n::INTEGER AS date, 'Bomb' AS title, n::INTEGER AS row"


@pytest.fixture
def table(tmp_path):
    """`table(columns)`: the record of a table `attacks` of ten rows with `FEW` and these columns."""

    def made(columns: str):
        path = tmp_path / "record.duckdb"
        path.unlink(missing_ok=True)
        with duckdb.connect(str(path)) as connection:
            connection.execute(f"CREATE TABLE attacks AS SELECT * FROM (SELECT {columns} FROM range(10) t(n))")
        return opened(f"duckdb://{path}?table=attacks")

    return made


@pytest.mark.parametrize("nobody_knows", ["-99", "'nan'::DOUBLE", "'inf'::DOUBLE", "NULL"])
def test_what_is_no_figure_is_not_added(table, nobody_knows):
    killed = headline(table(f"{FEW}, CASE WHEN n < 4 THEN {nobody_knows} ELSE 10 END AS killed").incidents).killed
    assert (killed.best, killed.without_figure) == (60, 4)


@pytest.mark.parametrize("day", ["DATE '9999-12-31'", "DATE '1500-03-15'", "'infinity'::DATE", "NULL::DATE"])
def test_a_row_whose_year_is_none_of_ours_is_set_aside(table, day):
    loaded = table(FEW.replace("DATE '2020-01-01' + n::INTEGER", f"CASE WHEN n = 3 THEN {day} ELSE DATE '2020-01-01' END"))
    assert (loaded.source.read, loaded.source.kept, loaded.source.set_aside) == (10, 9, 1)
    assert by_year(loaded.incidents)["year"].tolist() == [2020]


def test_columns_that_mean_something_else_are_not_taken_for_ours(table):
    others = "69.1 AS x, 34.5 AS y, n AS month, 'many' AS year, 'hello' AS text, 'me' AS found_by, 0 AS precision_rank"
    loaded = table(f"{FEW}, {others}")
    assert headline(loaded.incidents).unplaced == 10 and by_year(loaded.incidents)["incidents"].tolist() == [10]


def test_rows_without_a_number_are_set_aside_and_those_that_share_one_are_one_mark(table):
    assert table(FEW.replace("n::INTEGER AS row", "CASE WHEN n > 2 THEN n END::INTEGER AS row")).source.set_aside == 3
    assert table(FEW.replace("n::INTEGER AS row", "n::INTEGER // 2 AS row")).at([1, 2])["row"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("Ghānī killed", "ghānī"),
        ("Straße", "Straße"),
        ("O''Brien at home", "O'Brien"),
        ("50 % of it\\", "50 %"),
        ("plain", "PLAIN"),
    ],
)
def test_words_are_found_as_the_table_writes_them(table, title, words):
    loaded = table(FEW.replace("'Bomb'", f"CASE WHEN n = 3 THEN '{title}' ELSE 'Bomb' END"))
    assert headline(Filters(q=words).apply(loaded.incidents)).incidents == 1


def test_a_term_with_blanks_around_it_is_found(table):
    loaded = table(f"{FEW}, CASE WHEN n < 4 THEN ' Police ; Military ' ELSE 'NGO' END AS target_type")
    assert by_target_type(loaded.incidents).set_index("target_type")["incidents"].to_dict() == {
        "NGO": 6,
        "Military": 4,
        "Police": 4,
    }
    assert headline(Filters(target_type=("Police",)).apply(loaded.incidents)).incidents == 4


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (f"{FEW}, 'four' AS killed", "killed: text where numbers should be"),
        (FEW.replace("n::INTEGER AS row", "'r' || n AS row"), "row holds no whole numbers"),
    ],
)
def test_a_column_of_the_wrong_type_is_said(table, columns, message):
    with pytest.raises(NotATable, match=message):
        table(columns)


@pytest.mark.parametrize("slip", ["postgres:/reader:s3cr3t@db/x", "postgres:reader:s3cr3t@db/x", "host=db password=s3cr3t"])
def test_a_slip_in_an_address_shows_no_password(slip):
    with pytest.raises(NotAFile) as refused:
        address(slip)
    assert "s3cr3t" not in str(refused.value)


@pytest.mark.parametrize("message", ["[" * 200_000, json.dumps({"read": float("inf")}), "7", '{"read": 1}'])
def test_hostile_words_of_a_parquet_file_about_itself_are_not_believed(tmp_path, message):
    path = tmp_path / "record.parquet"
    pq.write_table(pa.table({"a": [1]}).replace_schema_metadata({"incident_atlas": message}), path)
    assert what_it_is(path) is None
    with pytest.raises(AtlasError):
        opened(str(path))


def test_sessions_ask_one_connection_side_by_side(table):
    loaded, wrong = table(FEW), []

    def session(year: int) -> None:
        for _ in range(20):
            try:
                found = headline(Filters(q=f"bomb{'' if year else 'x'}").apply(loaded.incidents)).incidents
                wrong.extend([found] if found != (10 if year else 0) else [])
            except AtlasError as trouble:
                wrong.append(trouble)

    threads = [threading.Thread(target=session, args=(n % 2,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_a_database_file_that_took_the_place_of_another_is_seen(table):
    assert table(FEW).source.kept == 10
    assert table(FEW.replace("'A-' || n", "CASE WHEN n > 4 THEN '' ELSE 'A-' || n END")).source.kept == 5
