"""What a file is packed in, taken off: gzip, or a zip that holds one table. In memory only, and never larger than said here.

Sizes are counted while unpacking: what a header says of them is no promise.
"""

from __future__ import annotations

import gzip
import io
import lzma
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

from incident_atlas.core.text import listed, plain
from incident_atlas.errors import Locked, NotATable, Problem, TooLarge, Undecided
from incident_atlas.i18n import _, ngettext

MOST_PACKED = 300_000_000
"""Bytes of a file as it comes."""

MOST_UNPACKED = 1_000_000_000
"""Bytes that it may unfold to."""

MOST_RATIO = 100
"""Text packs to a tenth or a twentieth; what unfolds to more than this is made to fill a memory."""

DAMAGED = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError),
    *(NotImplementedError, RuntimeError, ValueError, LookupError, OverflowError),
)
"""What the library raises for an archive that is not as archives are."""

_SMALL = 1_000_000  # bytes that any packing may unfold to: a short table of equal rows is no bomb
_KEPT = 64_000_000  # bytes that are kept while it is still open whether the whole is too large
_BLOCK = 1 << 20
_LESS = _("Leave out years, countries or columns that you do not need, and try again.")
_UNPACK = _("Unpack it yourself, and choose the table in it.")

_ZIP, _EMPTY_ZIP, _GZIP = b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b"
_ARCHIVES = (_ZIP, _EMPTY_ZIP, _GZIP, b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")
_NESTED = {".zip", ".gz", ".tgz", ".7z", ".rar", ".bz2", ".xz", ".tar", ".zst"}
_TABLES = {".csv", ".tsv", ".tab", ".xlsx", ".xlsm", ".xls", ".parquet", ".geojson"}
_PERHAPS = {".txt", ".json", ".dat", ""}
_ASIDE = ("thumbs.db", "desktop.ini")
_ABOUT = ("readme", "citation", "license", "licence")


@dataclass
class Unpacked:
    """One table out of its packing: its bytes, its name, Problems of the packing, and the table of reports beside it."""

    stream: BinaryIO
    name: str
    notes: list[Problem] = field(default_factory=list)
    reports: BinaryIO | None = None


class Allowance:
    """Counts what a file of so many packed bytes unfolds to: `size`, in bytes."""

    def __init__(self, packed: int) -> None:
        self._most = max(_SMALL, packed * MOST_RATIO)
        self.size = 0

    def add(self, size: int) -> None:
        """More bytes; raises `TooLarge` when it is enough."""
        self.size += size
        if self.size > MOST_UNPACKED:
            raise TooLarge(
                _("The file unfolds to more than {most_unpacked:,.0f} GB.").format(most_unpacked=MOST_UNPACKED / 1e9), _LESS
            )
        if self.size > self._most:
            reason = _("The file unfolds to more than {most_ratio} times its size; no table of incidents does.")
            raise TooLarge(reason.format(most_ratio=MOST_RATIO), _UNPACK)


def unpacked(stream: BinaryIO, name: str) -> Unpacked:
    """The table in a file as it comes, packed or not; raises `TooLarge`, `Locked`, `NotATable` or `Undecided`."""
    size = stream.seek(0, io.SEEK_END)
    if size > MOST_PACKED:
        reason = _("The file has {size:,.0f} MB; at most {most_packed:,.0f} MB can be read.")
        raise TooLarge(reason.format(size=size / 1e6, most_packed=MOST_PACKED / 1e6), _LESS)
    stream.seek(0)
    head = stream.read(512)
    stream.seek(0)
    if head.startswith(_GZIP):
        return _out_of_gzip(stream, name, size)
    if head.startswith((_ZIP, _EMPTY_ZIP)):
        return _out_of_zip(stream, name, size)
    if head.startswith(_ARCHIVES) or head[257:262] == b"ustar":
        raise NotATable(_("The file is an archive of a kind that is not read here, such as tar, 7z or RAR."), _UNPACK)
    return Unpacked(stream, name)


def _out_of_gzip(stream: BinaryIO, name: str, size: int) -> Unpacked:
    allowance, text = Allowance(size), io.BytesIO()
    result = Unpacked(text, re.sub(r"(?i)\.gz$", "", name))

    def unfold(take: Callable[[bytes], object]) -> Exception | None:
        stream.seek(0)
        archive = gzip.GzipFile(fileobj=stream)
        try:
            # In pieces as they come: a read of more would lose what stands before the end that is missing.
            while piece := archive.read1(_BLOCK):
                take(piece)
        except (EOFError, OSError, zlib.error) as trouble:
            return trouble
        return None

    broken = unfold(_keeper(text, allowance))
    if allowance.size > text.tell():
        text.seek(0)
        unfold(text.write)
    if broken:
        # The last row may be half there, so nothing of it is kept.
        whole = text.getvalue()
        end = whole.rfind(b"\n") + 1
        if not end:
            raise NotATable(
                _("The gzip archive breaks off before its first row ends."), _("Download or copy it again.")
            ) from broken
        count = whole.count(b"\n", 0, end)
        reason = _("the archive breaks off: what comes after line {count:,} is lost").format(count=count)
        del whole
        text.truncate(end)
        result.notes.append(Problem(1, "", "", reason, _("Download or copy the file again."), "end_is_missing"))
    return _alone(result)


def _out_of_zip(stream: BinaryIO, name: str, size: int) -> Unpacked:
    try:
        archive = zipfile.ZipFile(stream)
        names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
        if "xl/workbook.xml" in archive.NameToInfo:
            return Unpacked(stream, name)
        if foreign := next((what for mark, what in _OFFICE.items() if mark in archive.NameToInfo), ""):
            raise NotATable(
                _("The file is {foreign}.").format(foreign=foreign), _("Save the table as XLSX or CSV, and try again.")
            )
        names = [each for each in names if not _aside(each)]
        table, reports = _chosen(names)
        for entry in filter(None, (table, reports)):
            if archive.getinfo(entry).flag_bits & 1:
                raise Locked(_("The zip needs a password."), _("Unpack it with the password, and choose the table in it."))
        allowance = Allowance(size)
        result = Unpacked(_read(archive, table, allowance), PurePosixPath(table).name)
        if reports:
            result.reports = _read(archive, reports, allowance)
    except DAMAGED as trouble:
        reason = _("The file begins like a zip archive or an Excel workbook, but it is damaged or packed in an unusual way.")
        raise NotATable(reason, _("Download it again, or: unpack it yourself, and choose the table in it.")) from trouble
    if others := [each for each in names if each not in (table, reports)]:
        reason = ngettext(
            "{n:,} other file of the archive is not read", "{n:,} other files of the archive are not read", len(others)
        ).format(n=len(others))
        advice = _("Nothing, if they are no tables of incidents.")
        result.notes.append(Problem(1, "", _some(others), reason, advice, "other_tables"))
    return _alone(result)


_OFFICE = {"xl/workbook.bin": _("an Excel workbook in its binary form"), "content.xml": _("an OpenDocument file")}


def _chosen(names: list[str]) -> tuple[str, str]:
    """The table among the files of a zip, and the table of reports that belongs to it or ''."""
    if archives := [each for each in names if _ending(each) in _NESTED]:
        raise NotATable(_("The archive holds another archive, {some}.").format(some=_some(archives)), _UNPACK)
    tables = [each for each in names if _ending(each) in _TABLES] or [each for each in names if _ending(each) in _PERHAPS]
    if not tables:
        raise NotATable(_("The archive holds no table; it holds {some}.").format(some=_some(names) or _("nothing")), _UNPACK)
    if len(tables) == 1:
        return tables[0], ""
    if len(tables) == 2:
        for table, other in (tables, reversed(tables)):
            if other in (re.sub(r"incidents\.csv$", "reports.csv", table), re.sub(r"\.csv$", "_reports.csv", table)):
                return table, other
    reason = _("The archive holds {count:,} tables: {some}.").format(count=len(tables), some=_some(tables))
    raise Undecided(reason, _("Unpack it, and choose one table at a time."))


def _aside(name: str) -> bool:
    """Whether a file of a zip is no table but what a system or a publisher puts beside one.

    >>> [_aside(name) for name in ("__MACOSX/a.csv", "a/.DS_Store", "a/README.txt", "licence.md", "readme/b.csv")]
    [True, True, True, True, False]
    """
    *folders, last = name.casefold().split("/")
    hidden = any(each.startswith(".") for each in (*folders, last))
    return hidden or "__macosx" in folders or last in _ASIDE or any(word in last for word in _ABOUT)


def _read(archive: zipfile.ZipFile, name: str, allowance: Allowance) -> BinaryIO:
    text, before = io.BytesIO(), allowance.size
    take = _keeper(text, allowance)
    with archive.open(name) as file:
        while piece := file.read(_BLOCK):
            take(piece)
    if allowance.size - before > text.tell():
        text.seek(0)
        with archive.open(name) as file:
            shutil.copyfileobj(file, text, _BLOCK)
    text.seek(0)
    return text


def _keeper(text: BinaryIO, allowance: Allowance) -> Callable[[bytes], None]:
    """Counts the pieces of an archive and keeps the first ones: a bomb must not take the memory that it is refused for."""

    def take(piece: bytes) -> None:
        allowance.add(len(piece))
        if text.tell() < _KEPT:
            text.write(piece)

    return take


def _alone(result: Unpacked) -> Unpacked:
    """What was unpacked, unless it is packed itself: nobody packs a table twice but to hide what it unfolds to."""
    result.stream.seek(0)
    head = result.stream.read(512)
    result.stream.seek(0)
    if (head.startswith(_ARCHIVES) or head[257:262] == b"ustar") and not (
        head.startswith(_ZIP) and _ending(result.name) in (".xlsx", ".xlsm")
    ):
        raise NotATable(_("The archive holds another archive."), _UNPACK)
    return result


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()


def _some(names: list[str]) -> str:
    return plain(listed(names[:8]) + (" ..." if len(names) > 8 else ""), 300)
