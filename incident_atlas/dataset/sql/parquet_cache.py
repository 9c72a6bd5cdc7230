"""A file of any size as a Parquet file that an engine can be asked: read, checked, mapped and placed as every file is, in parts.

Its columns are those of `load.Loaded.incidents`, so nothing is worked out again; what the file was stands in its metadata.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from incident_atlas.core.data_sets import ATLAS, TABLE, Format, Origin
from incident_atlas.core.text import file_name
from incident_atlas.core.validation import Problems
from incident_atlas.dataset.pipeline import AUTO, Line, give_back
from incident_atlas.dataset.sql.derive import COLUMNS
from incident_atlas.errors import EmptyFile, NotAFile
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.native import open_binary
from incident_atlas.importers.data_sets.registry import FORMATS
from incident_atlas.importers.files.detect import open_sheet
from incident_atlas.importers.mapping import Mapping

_KEY = b"incident_atlas"
_TRUTHS = ("killed_none", "killed_open", "wounded_none", "wounded_open")


class Prepared(NamedTuple):
    """A prepared file: what it is, rows read, and, when it was just made, the problems of the file it was made of."""

    origin: Origin
    read: int
    problems: pd.DataFrame


def prepare(
    path: Path, out: Path, format: str = AUTO, mapping: Mapping | None = None, progress: Callable[[float], None] | None = None
) -> Prepared:
    """The file at `path` as a Parquet file at `out`, in memory for some thousand rows only; raises `FileError` as `load.load` does.

    Reports and columns that are none of the record's are left behind.
    """
    problems, name = Problems(), file_name(path)
    part_file = out.with_name(f".{out.name}.{os.getpid()}")
    writer, kept = None, 0
    try:
        with open_binary(path) as file:
            sheet = open_sheet(file, name, mapping.worksheet if mapping else "")
            file.seek(0)
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            line = Line(sheet, format, mapping, problems, progress)
            called = (name if line.format in (ATLAS, TABLE) else line.format.name).replace(";", ",")
            for incidents, _unused, _unused in line.parts():
                table = _table(incidents, called)
                writer = writer or pq.ParquetWriter(part_file, table.schema, compression="snappy")
                writer.write_table(table)
                kept += len(table)
            if writer is None:
                raise EmptyFile(_("No row of the file can be kept."), _("The command check says what is wrong with each."))
            facts = {
                "name": called, "format": line.format.key, "title": line.title, "file": name, "sha256": sha256,
                "read": line.read, "kept": kept,
            }  # fmt: skip
            writer.add_key_value_metadata({_KEY: json.dumps(facts).encode()})
            writer.close()
        os.replace(part_file, out)
    except OSError as trouble:
        reason = os.strerror(trouble.errno) if trouble.errno else _("the disk refused")
        raise NotAFile(
            _("{out} cannot be written: {reason}.").format(out=out, reason=reason), _("Choose another place, or make room.")
        ) from trouble
    finally:
        if writer is not None:
            writer.close()
        with suppress(OSError):
            part_file.unlink()
        give_back()
    return Prepared(_origin(facts), line.read, problems.frame())


def what_it_is(path: Path) -> Prepared | None:
    """What a Parquet file was prepared of; None for any other."""
    try:
        found = pq.read_metadata(path)
        text = (found.metadata or {}).get(_KEY)
        facts = json.loads(text) if text and set(COLUMNS) <= set(found.schema.names) else None
        return Prepared(_origin(facts), int(facts["read"]), Problems().frame()) if facts else None
    except (pa.ArrowException, ValueError, KeyError, TypeError, RecursionError, OverflowError, OSError):
        return None


def _origin(facts: dict) -> Origin:
    read, kept = int(facts["read"]), int(facts["kept"])
    format = _format(str(facts["format"]))
    return Origin(
        str(facts["name"]), format, str(facts["title"]), str(facts["file"]), str(facts["sha256"]), read, kept, read - kept
    )


def _format(key: str) -> Format:
    return {ATLAS.key: ATLAS, TABLE.key: TABLE}.get(key) or FORMATS[key].format


def _table(incidents: pd.DataFrame, origin: str) -> pa.Table:
    columns = {}
    for name in COLUMNS:
        if name == "origin":
            columns[name] = pa.array([origin], pa.string()).dictionary_encode().take(pa.array([0] * len(incidents)))
            continue
        series = incidents[name]
        if name in _TRUTHS:
            series = series.astype("int8")
        elif isinstance(series.dtype, pd.CategoricalDtype):
            series = series.astype("str")
        array = pa.Array.from_pandas(series)
        array = array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array
        columns[name] = array.cast(pa.string()) if pa.types.is_large_string(array.type) else array
    return pa.table(columns)
