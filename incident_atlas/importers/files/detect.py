"""Any file that people bring, as a sheet of text: unpacked, and recognised by what it holds, not by its name."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from incident_atlas.errors import Locked, NotATable
from incident_atlas.i18n import _
from incident_atlas.importers.files.archive import unpacked
from incident_atlas.importers.files.base import Sheet
from incident_atlas.importers.files.csv import DelimitedSheet
from incident_atlas.importers.files.geojson import GeoJson
from incident_atlas.importers.files.parquet import Parquet

_OLE = b"\xd0\xcf\x11\xe0"
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def open_sheet(stream: BinaryIO, name: str, worksheet: str = "") -> Sheet:
    """The table in a file: delimited text, an XLSX, Parquet or GeoJSON, as it is or in a gzip or zip; raises `FileError`.

    worksheet: the name of the one to read of a workbook; '' for the one that fits best.
    The stream must be seekable, and stay open as long as the sheet is read. Nothing is written anywhere.
    """
    found = unpacked(stream, name)
    sheet = _sheet(found.stream, found.name, worksheet)
    sheet.notes[:0] = found.notes
    sheet.reports = found.reports
    return sheet


@contextmanager
def in_this_process(data: bytes, name: str, worksheet: str = "") -> Iterator[Sheet]:
    """`open_sheet` of bytes, as a context like `reader_process.ReaderPool.sheet`."""
    yield open_sheet(io.BytesIO(data), name, worksheet)


def _sheet(stream: BinaryIO, name: str, worksheet: str) -> Sheet:
    stream.seek(0)
    head = stream.read(1024)
    if head.startswith(b"PK\x03\x04"):
        # openpyxl takes 12 MB, and most servers never meet a workbook.
        from incident_atlas.importers.files.excel import Workbook

        return Workbook(stream, name, worksheet)
    if head.startswith(b"PAR1"):
        return Parquet(stream, name)
    if head.startswith(b"PARE"):
        raise Locked(_("The Parquet file is encrypted."), _("Save it without encryption, and try again."))
    if head.startswith(_OLE):
        stream.seek(0, io.SEEK_SET)
        if _LOCKED in stream.read():
            raise Locked(
                _("The Excel workbook needs a password."), _("Open it in Excel, save it without a password, and try again.")
            )
        raise NotATable(_("The file is an old Excel workbook (XLS)."), _("Open it in a spreadsheet program and save it as XLSX."))
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"{":
        return GeoJson(stream, name)
    return DelimitedSheet(stream, name)
