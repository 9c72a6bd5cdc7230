"""An address as a lazy frame of Narwhals: connected, nothing read yet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from incident_atlas.dataset.sql.source_url import DUCKDB, FILE, SPARK, Address
from incident_atlas.errors import MissingFile, NotAFile, NotATable, SourceGone

DUCKDB_MEMORY = "1GB"
"""What DuckDB may hold at once; beyond that it works in parts."""

_NO_TABLE = ("CatalogException", "TableNotFound", "AnalysisException")
"""What DuckDB, Ibis and Spark call the error that there is no such table."""

FILE_ROW = "file_row_number"
"""The column in which DuckDB numbers the rows of a Parquet file."""


def table(at: Address) -> nw.LazyFrame:
    """The table of an address; raises `MissingFile`, `NotATable`, `NotAFile` when a package for it is missing, `SourceGone`."""
    opened = {FILE: _parquet, DUCKDB: _duckdb, SPARK: _spark}.get(at.engine, _ibis)
    if at.engine in (FILE, DUCKDB) and not Path(at.at).is_file():
        raise MissingFile(f"There is no file {at.at}.", "Check the path in INCIDENTS_SOURCE.")
    try:
        return nw.from_native(opened(at))
    except ImportError as missing:
        reason = f"The package {missing.name or 'for that kind of address'} is missing, which this source needs."
        raise NotAFile(reason, "Install it into .venv: the README says which one.") from missing
    except Exception as trouble:  # every driver has its own family of errors
        if at.engine == FILE:
            raise NotATable("The file is no Parquet file that can be read.", "Write it again.") from trouble
        if type(trouble).__name__ in _NO_TABLE:
            raise NotATable(f"There is no table {at.name}.", "Check table= in INCIDENTS_SOURCE.") from trouble
        raise SourceGone(type(trouble).__name__) from trouble


def _parquet(at: Address) -> Any:
    return _in_process().read_parquet(at.at, file_row_number=True)


def _duckdb(at: Address) -> Any:
    connection = _in_process()
    # Opened by its path it would be shared with who opened it before, and a file that replaced it never be seen.
    connection.execute(f"ATTACH '{at.at.replace(chr(39), 2 * chr(39))}' AS record (READ_ONLY); USE record")
    return connection.table(at.table)


def _in_process() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    # A file that is read again at every question: its footer need not be.
    connection.execute(f"SET memory_limit = '{DUCKDB_MEMORY}'; SET enable_external_file_cache = true; SET parquet_metadata_cache = true")
    # It would fetch what it lacks from its makers' server.
    connection.execute("SET autoinstall_known_extensions = false; SET autoload_known_extensions = false")
    return connection


def _spark(at: Address) -> Any:
    from pyspark.sql import SparkSession

    building = SparkSession.builder.appName("Incident Atlas").config("spark.sql.session.timeZone", "UTC")
    if at.table:
        master = f"spark://{at.at}" if ":" in at.at else at.at
        session = (building.master(master) if master else building).getOrCreate()
        return session.read.table(at.table)
    return building.getOrCreate().read.parquet(at.at)


def _ibis(at: Address) -> Any:
    import ibis

    schema, _, name = at.table.rpartition(".")
    return ibis.connect(at.at).table(name, database=schema or None)
