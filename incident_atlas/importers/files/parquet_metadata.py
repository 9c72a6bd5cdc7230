"""What a Parquet file says of itself: the compression of each column and the size of each page, before any page is unpacked.

Read here and not through pyarrow, whose metadata objects end the whole process when a damaged footer makes no sense; and neither
it nor DuckDB tells how large a page says that it will be. The footer and the head of each page are Thrift structures in the
compact protocol (apache/thrift, doc/specs/thrift-compact-protocol.md; apache/parquet-format, src/main/thrift/parquet.thrift).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from incident_atlas.core.text import listed
from incident_atlas.errors import FileError, NotATable, TooLarge
from incident_atlas.i18n import _

CODECS = ("none", "snappy", "gzip", "LZO", "Brotli", "lz4", "zstd", "lz4")
"""Compressions by their number in the format."""

READ = frozenset({"none", "snappy", "gzip", "lz4", "zstd"})
"""Those that are read: programs write them by default, or people choose them. Each more is one more decoder for bytes of strangers."""

MOST_PIECES = 50_000
"""Pieces of columns: two hundred columns in two hundred and fifty groups of rows."""

MOST_PAGES = 100_000
"""Pages of all pieces together; usual ones hold some ten thousand values."""

_MARK = b"PAR1"
_DICTIONARIES = {2, 8}
_HEAD = 1 << 12
_DEEPEST = 30
_FAULTS = (IndexError, ValueError, KeyError, TypeError, OverflowError)


class Piece(NamedTuple):
    """A column in one group of rows: its path of names, its compression, whether values stand in a list, its first byte and bytes."""

    path: tuple[str, ...]
    codec: str
    listed: bool
    begin: int
    size: int


def damaged() -> FileError:
    """The error of a file whose structure cannot be followed."""
    return NotATable(
        _("The Parquet file is damaged, or written in a way that is not known here."), _("Save it again, or as CSV.")
    )


def pieces(stream: BinaryIO) -> list[Piece]:
    """All pieces of columns, in the order of the footer; raises `NotATable` for a damaged footer and `TooLarge` for too many."""
    end = stream.seek(0, 2)
    stream.seek(max(0, end - 8))
    tail = stream.read(8)
    size = int.from_bytes(tail[:4], "little")
    if tail[4:] != _MARK or size + 12 > end:
        raise damaged()
    stream.seek(end - 8 - size)
    footer = stream.read(size)
    found: list[Piece] = []
    try:
        for group in _Thrift(footer).struct({4})[4]:
            for column in group[1]:
                found.append(_piece(column[3]))
                if len(found) > MOST_PIECES:
                    reason = _("The Parquet file cuts its columns into more than {most_pieces:,} pieces.")
                    raise TooLarge(
                        reason.format(most_pieces=MOST_PIECES), _("Write it again with fewer columns, or larger groups of rows.")
                    )
    except _FAULTS as trouble:
        raise damaged() from trouble
    return found


def check_codecs(pieces: list[Piece]) -> None:
    """Raise `NotATable` when a column is compressed in a way that is not read."""
    if others := sorted({piece.codec for piece in pieces} - READ):
        reason = _("The Parquet file is compressed with {others}, which is not read here.").format(others=listed(others))
        raise NotATable(reason, _("Write it again with compression snappy, zstd, gzip, lz4 or none."))


def page_bytes(stream: BinaryIO, pieces: list[Piece]) -> Iterator[int]:
    """How many bytes the pages of each piece say that they unfold to; raises `NotATable` or `TooLarge`."""
    pages = 0
    for piece in pieces:
        at, end, size = piece.begin, piece.begin + piece.size, 0
        while at < end:
            head, length = _head(stream, at, end)
            unfolded, packed = _number(head, 2), _number(head, 3)
            size += unfolded
            at += length + packed
            pages += 1
            if pages > MOST_PAGES:
                reason = _("The Parquet file has more than {most_pages:,} pages.").format(most_pages=MOST_PAGES)
                raise TooLarge(reason, _("Write it again with larger pages."))
        yield size


def _head(stream: BinaryIO, at: int, end: int) -> tuple[dict[int, Any], int]:
    """The head of a page and its length."""
    size = min(_HEAD, end - at)
    while True:
        stream.seek(at)
        reader = _Thrift(stream.read(size))
        try:
            return reader.struct({2, 3}), reader.at
        except IndexError as trouble:
            # It may hold the least and the largest value of its page, which may be long.
            if size >= end - at:
                raise damaged() from trouble
            size = min(16 * size, end - at)
        except _FAULTS as trouble:
            raise damaged() from trouble


def _piece(fields: dict[int, Any]) -> Piece:
    begin = min(offset for field in (9, 11) if field in fields and (offset := _number(fields, field)) > 0)
    path = tuple(bytes.decode(name, "utf-8", "replace") for name in fields[3])
    number = _number(fields, 4)
    codec = CODECS[number] if number < len(CODECS) else _("codec {number}").format(number=number)
    return Piece(path, codec, bool(_DICTIONARIES & set(fields[2])), begin, _number(fields, 7))


def _number(fields: dict[int, Any], field: int) -> int:
    """A size, offset or code of a structure; raises `NotATable` unless it is a whole number of at least 0.

    The kind of each field is written in the file beside it, so a damaged one may be bytes, a list or a truth value.
    """
    value = fields.get(field)
    if type(value) is not int or value < 0:
        raise damaged()
    return value


class _Thrift:
    """A reader of the compact protocol; beyond the end of the data it raises `IndexError`."""

    def __init__(self, data: bytes) -> None:
        self.at = 0
        self._data = data

    def struct(self, numbers: set[int] | None = None, depth: int = 0) -> dict[int, Any]:
        """Its fields by number; of `numbers` those alone are kept."""
        if depth > _DEEPEST:
            raise ValueError
        fields: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            step, kind = head >> 4, head & 15
            number = number + step if step else self._zigzag()
            value = self._value(kind, depth)
            if numbers is None or number in numbers:
                fields[number] = value
        return fields

    def _value(self, kind: int, depth: int) -> Any:
        if kind in (4, 5, 6):
            return self._zigzag()
        if kind in (1, 2):
            return kind == 1
        if kind == 8:
            return self._bytes(self._varint())
        if kind == 12:
            return self.struct(None, depth + 1)
        if kind in (9, 10):
            return self._list(depth)
        if kind == 3:
            return self._byte()
        if kind == 7:
            return self._bytes(8)
        if kind == 13:
            return self._bytes(16)
        raise ValueError

    def _list(self, depth: int) -> list[Any]:
        head = self._byte()
        size, kind = head >> 4, head & 15
        if size == 15:
            size = self._varint()
        if size > len(self._data) - self.at:
            # Each element takes a byte at least.
            raise ValueError
        if kind in (1, 2):
            return [self._byte() == 1 for _unused in range(size)]
        return [self._value(kind, depth + 1) for _unused in range(size)]

    def _byte(self) -> int:
        value = self._data[self.at]
        self.at += 1
        return value

    def _bytes(self, size: int) -> bytes:
        end = self.at + size
        if end > len(self._data):
            raise IndexError
        value = self._data[self.at : end]
        self.at = end
        return value

    def _varint(self) -> int:
        value = shift = 0
        while True:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7
            if shift > 63:
                raise ValueError

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
