"""A Parquet file as a sheet: every column as text, days as ISO dates, whole numbers without a point."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet

from incident_atlas.errors import FileError, Locked, TooLarge
from incident_atlas.i18n import _
from incident_atlas.importers.files import archive
from incident_atlas.importers.files.base import LARGEST_PIECE, Sheet
from incident_atlas.importers.files.parquet_metadata import check_codecs, damaged, page_bytes, pieces

MOST_RATIO = 1_000
"""Repeated texts pack to less than anything else does, but a table of incidents has an id or a day in each row."""

_SMALL = 100_000_000  # bytes of text that any file may unfold to

_COUNTED = 1 << 18  # rows whose texts are measured at a time
_DAMAGED = (pa.ArrowException, OSError, ValueError, KeyError, TypeError)


class Parquet(Sheet):
    """A Parquet file; the index of a row is its number, from 1. Raises `NotATable`, `Locked` or `TooLarge`."""

    kind = "Parquet"

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        self._stream = stream
        try:
            file = pa.parquet.ParquetFile(stream, pre_buffer=False)
            self._metadata, self._schema = file.metadata, file.schema_arrow
        except _DAMAGED as trouble:
            raise _refused(trouble) from trouble
        self._pieces = pieces(stream)
        check_codecs(self._pieces)
        self._name_columns(self._schema.names)
        self._names = dict(zip(self.columns, self._schema.names, strict=True))
        self._most_text = max(_SMALL, MOST_RATIO * stream.seek(0, 2))
        self._checked: set[str] = set()
        self._total = max(self._metadata.num_rows, 1)
        self._limit(self._total)
        # What is within them could unfold to any size, and no column of a record is one.
        nested = [name for name, each in zip(self.columns, self._schema, strict=True) if pa.types.is_nested(each.type)]
        if nested:
            reason = _("columns that hold lists or tables are left blank")
            self.note(1, "", ", ".join(nested[:5]), reason, _("Save them as text."), "nested_columns")

    def part(self) -> float:
        """How much of the file has been read, 0 to 1."""
        return min(1.0, self.rows / self._total)

    def _opened(self) -> pa.parquet.ParquetFile:
        self._stream.seek(0)
        # Texts that repeat stay what they are in the file, a list and numbers, until it is known how much they unfold to.
        texts = [field.name for field in self._schema if _is_text(field.type)]
        try:
            return pa.parquet.ParquetFile(self._stream, metadata=self._metadata, read_dictionary=texts, pre_buffer=False)
        except _DAMAGED as trouble:
            raise _refused(trouble) from trouble

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        simple = {field.name for field in self._schema if not pa.types.is_nested(field.type)}
        columns_read = {self._names[name] for name in columns} & simple
        self._check_size(columns_read)
        first = 1
        for whole in _batches(self._opened(), size, sorted(columns_read)):
            for batch in _pieces(whole):
                index = pd.RangeIndex(first, first + len(batch), name="row")
                yield pd.DataFrame(self._of_batch(batch, columns, columns_read, index), index=index, dtype="str")
                first += len(batch)

    def _of_batch(
        self, batch: pa.RecordBatch, columns: tuple[str, ...], columns_read: set[str], index: pd.Index
    ) -> dict[str, Any]:
        # A name that stands twice in the file is read twice, in the order of the file.
        places: dict[str, list[int]] = {}
        for at, name in reversed(list(enumerate(batch.schema.names))):
            places.setdefault(name, []).append(at)
        cells: dict[str, Any] = dict.fromkeys(columns, "")
        for called, name in self._names.items():
            if name in columns_read:
                column = batch.column(places[name].pop())
                if called in cells:
                    cells[called] = self._cells(column, called, index)
        return cells

    def _check_size(self, columns_read: set[str]) -> None:
        """Raise `TooLarge` for a table that would unfold to too much, before any text of it does.

        How tightly numbers are packed says nothing of a bomb: rows times columns are counted, and the bytes of all texts, of
        repeated ones by the length of each and the number of its rows.
        """
        if columns_read <= self._checked:
            return
        texts = {field.name for field in self._schema if _holds_text(field.type)} & columns_read
        cells = self._metadata.num_rows * (8 * len(texts) + 16 * len(columns_read - texts))
        too_much = _("The file unfolds to more than {most_unpacked:,.0f} GB.").format(most_unpacked=archive.MOST_UNPACKED / 1e9)
        _check(cells, archive.MOST_UNPACKED, too_much)
        most = min(self._most_text, archive.MOST_UNPACKED - cells)
        long_texts = _("Its texts unfold to more than {most:,.0f} MB, which no table of incidents of its size does.").format(
            most=most / 1e6
        )
        read = [piece for piece in self._pieces if len(piece.path) == 1 and piece.path[0] in columns_read]
        sizes = dict.fromkeys(columns_read, 0)
        unfolded = text = 0
        for piece, size in zip(read, page_bytes(self._stream, read), strict=True):
            sizes[piece.path[0]] += size
            unfolded += size
            text += size if piece.path[0] in texts else 0
            _check(text, most, long_texts)
            _check(unfolded, archive.MOST_UNPACKED, too_much)
        # A list of texts was counted once so far; what counts is how often each of its texts stands in a row.
        repeated = {piece.path[0] for piece in read if piece.listed} & texts
        text = sum(sizes[name] for name in texts - repeated)
        file = self._opened()
        for name in sorted(repeated):
            for batch in _batches(file, _COUNTED, [name]):
                text += sum(int(_lengths(column).sum()) for column in batch.columns)
                _check(text, most, long_texts)
        self._checked |= columns_read

    def _cells(self, column: pa.Array, name: str, index: pd.Index) -> pd.api.extensions.ExtensionArray:
        return pd.array(self._shortened(_texts(column), name, index), dtype="str")


def _check(size: int, most: int, reason: str) -> None:
    if size > most:
        raise TooLarge(reason, _("Leave out years, countries or columns that you do not need, and try again."))


def _batches(file: pa.parquet.ParquetFile, size: int, columns: list[str]) -> Iterator[pa.RecordBatch]:
    batches = file.iter_batches(size, columns=columns, use_threads=False)
    while (batch := _next(batches)) is not None:
        yield batch


def _pieces(batch: pa.RecordBatch) -> Iterator[pa.RecordBatch]:
    """The rows of a batch, few enough at a time that their text is no more than some `LARGEST_PIECE` bytes."""
    ends = np.zeros(len(batch), dtype="int64")
    for column in batch.columns:
        if (lengths := _lengths(column)) is not None:
            ends += lengths
    ends = np.cumsum(ends)
    begin = 0
    while begin < len(batch):
        before = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, before + LARGEST_PIECE, side="right")))
        yield batch.slice(begin, end - begin)
        begin = end


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
        return Locked(_("The Parquet file is encrypted."), _("Save it without encryption, and try again."))
    return damaged()


def _lengths(column: pa.Array) -> np.ndarray | None:
    """Bytes of each text of a column, without unfolding those that repeat; None for a column of anything else."""
    if pa.types.is_dictionary(column.type):
        if not _is_text(column.type.value_type):
            return None
        lengths = pc.take(pc.binary_length(column.dictionary), column.indices)
    elif _is_text(column.type):
        lengths = pc.binary_length(column)
    else:
        return None
    return lengths.fill_null(0).to_numpy(zero_copy_only=False).astype("int64", copy=False)


def _is_text(type_: pa.DataType) -> bool:
    return any(is_(type_) for is_ in (pa.types.is_string, pa.types.is_large_string, pa.types.is_binary, pa.types.is_large_binary))


def _holds_text(type_: pa.DataType) -> bool:
    """Whether the cells are text, written once each or one by one."""
    return _is_text(type_.value_type if pa.types.is_dictionary(type_) else type_)


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
