"""The kinds of place a record can be in: how INCIDENTS_SOURCE names each, and how its table is opened, nothing read yet."""

from __future__ import annotations

import glob
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

import duckdb
import narwhals as nw

from incident_atlas.core.text import file_name
from incident_atlas.errors import FileError, MissingFile, NotAFile, NotATable, SourceGone
from incident_atlas.i18n import _
from incident_atlas.importers.files.parquet_metadata import check_codecs, pieces

FILE, DUCKDB, SPARK, IBIS = "file", "duckdb", "pyspark", "ibis"

DUCKDB_MEMORY = "1GB"
"""What DuckDB may hold at once; beyond that it works in parts."""

_NO_TABLE = ("CatalogException", "TableNotFound", "AnalysisException")
"""What DuckDB, Ibis and Spark call the error that there is no such table."""

FILE_ROW = "file_row_number"
"""The column in which DuckDB numbers the rows of a Parquet file."""


@dataclass(frozen=True)
class Address:
    """Where a record is. engine: one of `FILE`, `DUCKDB`, `SPARK`, `IBIS`; at: path or URL, which may hold a password; table: its name.

    key: the column of whole numbers by which a row is found again, '' when nobody said. name: what people are shown.
    """

    engine: str
    at: str
    table: str = ""
    name: str = ""
    key: str = ""

    def __repr__(self) -> str:
        # A password must not get into a log with the value.
        return f"Address({self.name!r})"


def address(source: str) -> Address:
    """The value of INCIDENTS_SOURCE, read; raises `NotAFile` when it is no address, or a database without its table.

    >>> address("postgres://reader:secret@db.example.org/acled?table=public.events")
    Address('public.events')
    >>> address("data/incidents.csv").engine
    'file'
    """
    scheme, _unused, rest = source.partition("://")
    if not rest and re.match(r"[A-Za-z][\w+.-]+:|.*password=", source):
        # A slip in an address with a password must not be shown as the name of a file.
        raise NotAFile(_("INCIDENTS_SOURCE is no address."), _("Write it as docs/large-records.md says."))
    if not rest or len(scheme) < 2:
        return Address(FILE, source, name=file_name(Path(source)))
    if scheme == DUCKDB:
        # What stands before the question mark is a path and no host: brackets and # are characters of a name.
        path, _unused, query = rest.partition("?")
    else:
        try:
            parts = urlsplit(source)
        except ValueError:  # its words quote the address, and so perhaps a password
            raise NotAFile(_("INCIDENTS_SOURCE is no address."), _("Write it as docs/large-records.md says.")) from None
        path, query = parts.netloc, parts.query
    options = dict(parse_qsl(query))
    table, key = options.pop("table", ""), options.pop("row", "")
    if not table and not (scheme == SPARK and options.get("path")):
        raise NotAFile(_("INCIDENTS_SOURCE names a database without a table."), _("Add ?table= and its name."))
    # Its host is nobody's business who only looks at the dashboard.
    name = table or Path(options.get("path", "")).name
    if scheme == DUCKDB:
        return Address(DUCKDB, unquote(path), table, name, key)
    if scheme == SPARK:
        return Address(SPARK, options.get("path", "") or path, table, name, key)
    return Address(IBIS, urlunsplit(parts._replace(query=urlencode(options))), table, name, key)


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
        raise NotAFile(reason, _("Install it into .venv: docs/large-records.md says which one.")) from missing
    except FileError:
        raise
    except Exception as trouble:  # every driver has its own family of errors
        if at.engine == FILE:
            raise NotATable(_("The file is no Parquet file that can be read."), _("Write it again.")) from trouble
        if type(trouble).__name__ in _NO_TABLE:
            raise NotATable(
                _("There is no table {table}.").format(table=at.name), _("Check table= in INCIDENTS_SOURCE.")
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
