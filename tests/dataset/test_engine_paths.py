"""Every address of a record that has a path: odd signs in it stand for themselves, and no other file is opened in its place."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path
from unittest.mock import MagicMock
from urllib.parse import quote

import duckdb
import pytest

from incident_atlas.dataset.query import rows
from incident_atlas.dataset.sql import Engine, address, opened, prepare
from incident_atlas.errors import SourceGone
from tests.support.tiny import text

pytestmark = pytest.mark.nightly

source = importlib.import_module("incident_atlas.dataset.sql.open")

ODD_NAMES = (
    "inc[1]",
    "inc[!2]",
    "inc*",
    "inc?",
    "inc's",
    "inc 1",
    " inc",
    "inc#%41",
    "inc{1,2}",
    "year=2020",
    "~inc",
    "Attacke \u00e4",
)
LIKE_THEM = ("inc1", "inc2", "incs", "inc", "inc3", "incA", "incA1", "Attacke a")
"""Names that some of the odd ones mean when they are taken for patterns."""


@pytest.fixture
def odd_folder(tmp_path, monkeypatch):
    """A working folder of an odd name, in one whose name is the pattern of it."""
    folder = tmp_path / "year=2020" / "a [b] *?'"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    return folder


def copied(select: str, path: Path) -> None:
    """The rows as a Parquet file that nobody prepared."""
    quoted = str(path).replace("'", "''")
    duckdb.sql(f"COPY ({select}) TO '{quoted}' (FORMAT parquet)")


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_file_is_opened_by_its_name_and_no_other_that_is_like_it(odd_folder, monkeypatch, name):
    (odd_folder / f"{name}.csv").write_text(text({"incident_id": "A-0"}))
    prepare(odd_folder / f"{name}.csv", odd_folder / f"{name}.parquet")
    copied("SELECT 'A-0' AS incident_id, DATE '2020-01-01' AS date", odd_folder / f"{name}.raw.parquet")
    for called in LIKE_THEM:
        for ending in (".parquet", ".raw.parquet"):
            copied("SELECT 'another' AS incident_id, DATE '2020-01-01' AS date", odd_folder / f"{called}{ending}")
    monkeypatch.setattr(source, "LARGE_BYTES", 1)
    for ending in (".parquet", ".raw.parquet"):
        for path in (f"{name}{ending}", str(odd_folder / f"{name}{ending}")):
            engine = opened(path)
            assert isinstance(engine, Engine) and rows(engine.incidents)["incident_id"].tolist() == ["A-0"], path


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_database_is_opened_by_its_name_and_no_other_that_is_like_it(odd_folder, tmp_path, name):
    for called in (*LIKE_THEM, name):
        # DuckDB itself can write none where a folder's name has a question mark.
        with duckdb.connect(str(tmp_path / "plain.duckdb")) as connection:
            incident_id = "A-0" if called == name else "another"
            connection.execute(f"CREATE TABLE attacks AS SELECT '{incident_id}' AS incident_id, DATE '2020-01-01' AS date")
        (tmp_path / "plain.duckdb").rename(odd_folder / f"{called}.duckdb")
    for path in (f"{name}.duckdb", str(odd_folder / f"{name}.duckdb")):
        engine = opened(f"duckdb://{quote(path)}?table=attacks")
        assert rows(engine.incidents)["incident_id"].tolist() == ["A-0"], path


@pytest.mark.parametrize("path", ["/srv/a[1].duckdb", "a[1].duckdb", "a*'b c#d.duckdb", "[a].duckdb"])
def test_only_a_question_mark_and_a_percent_sign_need_be_written_otherwise_in_the_path_of_a_database(path):
    assert address(f"duckdb://{path}?table=t&row=n") == address(f"duckdb://{quote(path)}?table=t&row=n")
    assert address(f"duckdb://{path}?table=t").at == path


@pytest.mark.parametrize("name", [*ODD_NAMES, "inc\\1"])
def test_spark_is_given_a_path_in_which_nothing_is_a_pattern(monkeypatch, name):
    """As Hadoop reads one: a backslash takes the meaning of the next character away."""
    spark = MagicMock()
    monkeypatch.setitem(sys.modules, "pyspark", MagicMock(sql=spark))
    monkeypatch.setitem(sys.modules, "pyspark.sql", spark)
    read = spark.SparkSession.builder.appName().config().getOrCreate().read.parquet
    read.side_effect = RuntimeError("as far as this")
    with pytest.raises(SourceGone):
        opened(f"pyspark://?path={quote(f'/srv/{name}.parquet')}")
    ((path,), _) = read.call_args
    assert re.sub(r"\\(.)", r"\1", path) == f"/srv/{name}.parquet"
    assert not re.search(r"(?<!\\)[*?\[\]{}]", path)
