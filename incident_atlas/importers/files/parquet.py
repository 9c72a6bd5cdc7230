"""A Parquet file as a sheet: every column as text, days as ISO dates, whole numbers without a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from incident_atlas.errors import FileError, Locked, NotATable
from incident_atlas.importers.files.archive import MOST_UNPACKED, Allowance
from incident_atlas.importers.files.base import Sheet

_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)


class Parquet(Sheet):
    """A Parquet file; the index of a row is its number, from 1. Raises `NotATable`, `Locked` or `TooLarge`."""

    kind = "Parquet"

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        try:
            self._schema = pa.parquet.read_schema(stream)
        except _DAMAGED as trouble:
            raise _refused(trouble) from trouble
        self._name_columns(self._schema.names)
        self._total = max(self._opened().metadata.num_rows, 1)
        self._limit(self._total)
        # What is within them could unfold to any size, and no column of a record is one.
        nested = [name for name, each in zip(self.columns, self._schema, strict=True) if pa.types.is_nested(each.type)]
        if nested:
            reason = "columns that hold lists or tables are left blank"
            self.note(1, "", ", ".join(nested[:5]), reason, "Save them as text.", "nested_columns")

    def part(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return min(1.0, self.rows / self._total)

    def _opened(self) -> pa.parquet.ParquetFile:
        self._stream.seek(0)
        # Texts that repeat stay what they are in the file, a list and numbers, until it is known how much they unfold to.
        texts = [field.name for field in self._schema if _is_text(field.type)]
        try:
            return pa.parquet.ParquetFile(self._stream, read_dictionary=texts, pre_buffer=False)
        except _DAMAGED as trouble:
            raise _refused(trouble) from trouble

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        # How tightly numbers and repeated texts are packed says nothing of a bomb: the whole counts alone.
        allowance, first = Allowance(MOST_UNPACKED), 1
        simple = {field.name for field in self._schema if not pa.types.is_nested(field.type)}
        asked = {self._schema.names[self.columns.index(name)] for name in columns} & simple
        batches = self._opened().iter_batches(size, columns=sorted(asked), use_threads=False)
        while (batch := _next(batches)) is not None:
            allowance.add(sum(_size(column) for column in batch.columns))
            index = pd.RangeIndex(first, first + len(batch), name="row")
            # A name that stands twice in the file is read twice, in the order of the file.
            places = {name: iter(batch.schema.get_all_field_indices(name)) for name in asked}
            cells = {name: "" for name in columns}
            for called, name in zip(self.columns, self._schema.names, strict=True):
                if name in asked:
                    column = batch.column(next(places[name]))
                    if called in cells:
                        cells[called] = self._cells(column, called, index)
            yield pd.DataFrame(cells, index=index, dtype="str")
            first += len(batch)

    def _cells(self, column: pa.Array, name: str, index: pd.Index) -> pd.api.extensions.ExtensionArray:
        return pd.array(self._shortened(_texts(column), name, index), dtype="str")


def _next(batches: Iterator[pa.RecordBatch]) -> pa.RecordBatch | None:
    try:
        batch = next(batches, None)
        if batch is not None:
            # A damaged file may point beyond its own list of texts, or hold bytes that are none.
            batch.validate(full=True)
        return batch
    except _DAMAGED as trouble:
        raise _refused(trouble) from trouble


def _refused(trouble: Exception) -> FileError:
    if "crypt" in str(trouble):
        return Locked("The Parquet file is encrypted.", "Save it without encryption, and try again.")
    return NotATable("The Parquet file is damaged, or written in a way that is not known here.", "Save it again, or as CSV.")


def _size(column: pa.Array) -> int:
    """Bytes that a column takes as text, with the eight that say where a cell begins."""
    if pa.types.is_dictionary(column.type) and _is_text(column.type.value_type):
        return 8 * len(column) + (pc.sum(pc.take(pc.binary_length(column.dictionary), column.indices)).as_py() or 0)
    return 8 * len(column) + column.nbytes


def _is_text(type_: pa.DataType) -> bool:
    return any(is_(type_) for is_ in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary))


def _texts(column: pa.Array) -> pa.Array:
    """A column as text, '' for null and for what is no number."""
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_timestamp(column.type):
        # A moment at midnight is a day; a fraction of a second is nothing a source reports.
        moments = pc.floor_temporal(column.cast(pa.timestamp("us")), unit="second").cast(pa.timestamp("s"))
        texts = pc.replace_substring_regex(moments.cast(pa.large_string()), " 00:00:00$", "")
    elif pa.types.is_floating(column.type):
        texts = pc.if_else(pc.is_finite(column.cast(pa.float64())), column.cast(pa.large_string()), "")
    else:
        try:
            texts = column.cast(pa.large_string())
        except pa.ArrowException:
            # Bytes that are no text, durations and the like.
            values = (value.decode("utf-8", "replace") if isinstance(value, bytes) else value for value in column.to_pylist())
            texts = pa.array([None if value is None else str(value) for value in values], pa.large_string())
    return texts.fill_null("")
