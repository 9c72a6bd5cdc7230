"""INCIDENTS_SOURCE to the record it names, in memory or in its engine."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import narwhals as nw

from incident_atlas.core.data_sets import TABLE, Origin
from incident_atlas.core.text import counted
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.dataset.query import collected
from incident_atlas.dataset.sql import parquet_cache as prepared
from incident_atlas.dataset.sql.databases import FILE, Address, address, table
from incident_atlas.dataset.sql.derive import derived, mapped
from incident_atlas.dataset.sql.lazy_dataset import open_engine
from incident_atlas.errors import NotATable
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.native import open_binary
from incident_atlas.importers.mapping import Mapping, read

LARGE_BYTES = 200_000_000
"""A file from this size on stays on disk and is asked through DuckDB; a smaller one is held in memory."""


def opened(
    source: str,
    mapping: Path | None = None,
    progress: Callable[[float], None] | None = None,
    keep: Callable[[Path], Path] | None = None,
) -> Loaded:
    """The record that INCIDENTS_SOURCE names; raises `FileError` or `SourceGone`.

    mapping: a file of the columns, saved on Your data, for a table that has others. keep: where the Parquet file goes that is made of
    a large file of any other kind; without it such a file is read into memory.
    """
    at = address(source)
    columns_of = _mapping(mapping)
    if at.engine != FILE:
        return _of_table(at, columns_of)
    path = Path(at.at)
    large = path.is_file() and path.stat().st_size >= LARGE_BYTES
    if path.suffix.casefold() == ".parquet" and path.is_file():
        if (known := prepared.what_it_is(path)) is not None:
            return open_engine(table(at), known.origin, known.read)
        if large:
            return _of_table(at, columns_of)
    if large and keep is not None:
        made = prepared.prepare(path, keep(path), mapping=columns_of, progress=progress)
        return open_engine(table(Address(FILE, str(keep(path)))), made.origin, made.read, made.problems)
    return load(path, mapping=columns_of, progress=progress)


def _of_table(at: Address, columns_of: Mapping | None) -> Loaded:
    found = table(at)
    title = _("Table of {columns}").format(columns=counted(len(found.collect_schema().names()), "{n} column", "{n} columns"))
    called = at.name.replace(";", ",")
    incidents = derived(mapped(found, columns_of, at.key), called, at.key)
    rows = int(collected(found.select(n=nw.len()))["n"][0])
    return open_engine(incidents, Origin(called, TABLE, title, at.name, "", 0, 0, 0), rows)


def _mapping(path: Path | None) -> Mapping | None:
    if path is None:
        return None
    with open_binary(path) as file:
        found, problems = read(file.read())
    if problems:
        raise NotATable(
            _("{file}, line {row}: {reason}.").format(file=path.name, row=problems[0].row, reason=problems[0].reason),
            problems[0].advice,
        )
    return found
