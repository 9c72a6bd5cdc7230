"""An address as a lazy frame of Narwhals: connected, nothing read yet."""

from __future__ import annotations

import glob
import re
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw

from incident_atlas.dataset.sql.source_url import DUCKDB, FILE, SPARK, Address
from incident_atlas.errors import FileError, MissingFile, NotAFile, NotATable, SourceGone
from incident_atlas.i18n import _
from incident_atlas.importers.files.parquet_metadata import check_codecs, pieces

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
        raise MissingFile(_("There is no file {at}.").format(at=at.at), _("Check the path in INCIDENTS_SOURCE."))
    try:
        return nw.from_native(opened(at))
    except ImportError as missing:
        reason = _("The package {missing_name} is missing, which this source needs.").format(
            missing_name=missing.name or _("for that kind of address")
        )
        raise NotAFile(reason, _("Install it into .venv: the README says which one.")) from missing
    except FileError:
        raise
    except Exception as trouble:  # every driver has its own family of errors
        if at.engine == FILE:
            raise NotATable(_("The file is no Parquet file that can be read."), _("Write it again.")) from trouble
        if type(trouble).__name__ in _NO_TABLE:
            raise NotATable(
                _("There is no table {at_name}.").format(at_name=at.name), _("Check table= in INCIDENTS_SOURCE.")
            ) from trouble
        raise SourceGone(type(trouble).__name__) from trouble


def _parquet(at: Address) -> Any:
    with Path(at.at).open("rb") as file:
        check_codecs(pieces(file))
    # DuckDB takes a path for a pattern, and folders such as year=2020 in it for columns.
    return _in_process().read_parquet(glob.escape(_absolute(at.at)), file_row_number=True, hive_partitioning=False)


def _duckdb(at: Address) -> Any:
    connection = _in_process()
    # Opened by its path it would be shared with who opened it before, and a file that replaced it never be seen.
    path = _absolute(at.at).replace("'", "''")
    connection.execute(f"ATTACH '{path}' AS record (READ_ONLY); USE record")
    return connection.table(at.table)


def _absolute(path: str) -> str:
    """The path from the root: no beginning of a name is taken for a home folder or a scheme."""
    return str(Path(path).absolute())


def _in_process() -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    # A file that is read again at every question: its footer need not be.
    connection.execute(
        f"SET memory_limit = '{DUCKDB_MEMORY}'; SET enable_external_file_cache = true; SET parquet_metadata_cache = true"
    )
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
    # Spark takes a path for a pattern, in which a backslash quotes the next character.
    return building.getOrCreate().read.parquet(re.sub(r"[\\*?\[\]{}]", r"\\\g<0>", at.at))


def _ibis(at: Address) -> Any:
    import ibis

    schema, _unused, name = at.table.rpartition(".")
    return ibis.connect(at.at).table(name, database=schema or None)
