"""Delimited text, whatever program saved it: bytes to lines, lines to rows of cells with the line each begins on.

Encoding and stray quotes are guessed; where a guess may be wrong it is told. A quote that is opened and never closed would
swallow every row after it, so its line is read as if the quote were a letter, and the others are kept.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from incident_atlas.errors import EmptyFile, NotATable, TooLarge
from incident_atlas.i18n import _

Note = Callable[[int, str, str, str, str, str], None]
"""Told of a fault: line, column, value, reason, advice, code."""

LONGEST_ROW = 1_000_000
"""Characters after which a row of several lines is taken for an opening quote without an end."""

MOST_READ_AGAIN = 2_000_000
"""Lines given back after such quotes; a file that needs more is read line by line."""

MOST_BLANK_ROWS = 2_000_000
"""Rows of separators alone; a spreadsheet program writes a million of them under a table, and no table has more."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SIGNATURES = {
    b"PK\x03\x04": _("a zip archive or an Excel workbook"),
    b"\x1f\x8b": _("a gzip archive"),
    b"PAR1": _("a Parquet file"),
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xd0\xcf\x11\xe0": _("an old Excel workbook"),
}
LONGEST_LINE = 20_000_000
"""Characters: a longer line holds more cells than there are columns, or a cell that no person wrote."""

_LINES = re.compile(r"\n+|[^\n]+\n")

_LOOKED_AT = 4 << 20
_ARABIC_WORDS = re.compile(
    b"[%s]{3,}" % re.escape(bytes(byte for byte in range(128, 256) if "\u0620" <= bytes([byte]).decode("cp1256") <= "\u06d3"))
)
_RUSSIAN_WORDS = re.compile(b"[\xc0-\xff\xa8\xb8]{3,}")

_SAVE_AS_CSV = _("Save the table as CSV UTF-8 and try again.")


def empty() -> EmptyFile:
    """The error of a file without a header line."""
    return EmptyFile(
        _("The file is empty."), _("It needs a header line with the names of the columns, then one row per incident.")
    )


def find_encoding(stream: BinaryIO, note: Note) -> tuple[str, str]:
    """The encoding of a file and how to treat its errors; a doubtful guess is noted. Raises `EmptyFile` or `NotATable`.

    Errors are "strict", "replace", or the encoding in which lines are read that are not UTF-8.
    """
    head = stream.read(65_536)
    if not head.strip():
        raise empty()
    for signature, what in _SIGNATURES.items():
        if head.startswith(signature):
            raise NotATable(_("The file is {what}, not a table of text.").format(what=what), _SAVE_AS_CSV)
    start = head.removeprefix(codecs.BOM_UTF8).lstrip()[:200].lower()
    if start.startswith((b"<!doctype html", b"<html")):
        raise NotATable(
            _("The file is a web page, not a table."), _("Sign in where it comes from, and download it again; or save it as CSV.")
        )
    if start.startswith((b"[{", b"[\n")):
        raise NotATable(
            _("The file is JSON, but not GeoJSON."), _("Save the table as CSV, or as GeoJSON with one point per incident.")
        )
    for bom, name in _BOMS:
        if head.startswith(bom):
            if name == "utf-8-sig":
                return (name, "strict") if _is_utf8(stream) else _guess(stream, note)
            return name, "replace"
    zeros = head[0::2].count(0), head[1::2].count(0)
    if max(zeros) > len(head) // 8:
        return ("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be"), "replace"
    utf8 = _is_utf8(stream)
    # A cell of a table may hold control characters; the names of its columns, or bytes that are no text at all, do not.
    suspect = head.lstrip().partition(b"\n")[0] if utf8 else head
    if _controls(suspect) and _controls(head) > len(head) // 50:
        raise NotATable(_("The file is not text."), _SAVE_AS_CSV)
    return ("utf-8", "strict") if utf8 else _guess(stream, note)


def _controls(data: bytes) -> int:
    return sum(byte < 32 and byte not in b"\t\r\n\x00\x1b" for byte in data)


def lines(stream: BinaryIO, encoding: str, errors: str, note: Note, before: int = 0) -> Iterator[str]:
    """The lines of a file, each with \\n at its end, without NUL characters and byte order marks; `before` it were so many.

    Blank lines that follow one another come as one text of several \\n: a file of nothing else costs no step per line.
    Lines end at \\n, \\r\\n or \\r only: `StreamReader` would also break at form feeds and separators inside a cell.
    """
    at = before
    for line in _split(stream, encoding, errors):
        at += _height(line)
        if len(line) > LONGEST_LINE and line[0] != "\n":
            reason = _("Line {at:,} has more than {longest_line:,} characters.").format(at=at, longest_line=LONGEST_LINE)
            raise TooLarge(reason, _("Look for the line breaks that it lacks."))
        if "\0" in line:
            reason = _("a NUL character, which no text holds; it is left out")
            note(at, "", line.replace("\0", "\u2400").strip(), reason, _("Save the file again as text."), "bytes_not_text")
            line = line.replace("\0", "")
        yield line.replace("\ufeff", "") if "\ufeff" in line else line


class Records:
    """The rows of delimited lines: pairs of the line on which a row begins and its cells. Blank rows are left out.

    before: lines of the file that came before the text.
    """

    def __init__(self, text: Iterable[str], delimiter: str, note: Note, before: int = 0) -> None:
        self._feed = _Feed(text, before, f"{delimiter} \t\n")
        self._delimiter = delimiter
        self._note = note

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        # The limit is on rows, in `_Feed`: one long cell is cut later, and costs no other row its place.
        csv.field_size_limit(2**31 - 1)
        reader = csv.reader(self._feed, delimiter=self._delimiter, strict=True)
        while True:
            self._feed.held.clear()
            try:
                row = next(reader)
            except StopIteration:
                return
            except (csv.Error, _TooLong):
                row = self._repaired(self._feed.first)
            line = self._feed.first
            text = "".join(row)
            if text and not text.isspace():
                yield line, row

    def _repaired(self, line: int) -> list[str]:
        """The cells of a row with a stray quote: of its first line alone, the other lines are rows of their own."""
        first = self._feed.held[0]
        self._feed.take_back()
        parsed = list(csv.reader([first, "\n"], delimiter=self._delimiter))
        row = parsed[0]
        if len(parsed) == 1:
            *row, opened = row
            row += opened.rstrip("\n").split(self._delimiter)
            reason, advice = _("a quote is opened and never closed; it is left out"), _("Remove it, or add the closing quote.")
        else:
            reason, advice = _("a quote inside a quoted cell"), _("Write it twice, or remove it.")
        self._note(line, "", first.strip(), reason, advice, "stray_quote")
        return row


class _TooLong(Exception):
    """A row of several lines beyond `LONGEST_ROW`."""


class _Feed:
    """Lines, counted, of which those since the last `held.clear()` can be taken back.

    Blank lines and rows of the characters `blank` alone are passed over where a row would begin. first: the line on which
    the row begins that is held.
    """

    def __init__(self, text: Iterable[str], before: int, blank: str) -> None:
        self.at = before
        self.first = before + 1
        self.held: list[str] = []
        self._text = iter(text)
        self._blank = blank
        self._blank_rows = 0
        self._back: deque[str] = deque()
        self._taken_back = 0
        self._size = 0

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        held = self.held
        while True:
            line = self._back.popleft() if self._back else next(self._text)
            if held or line[0] not in self._blank or line.strip(self._blank):
                break
            self.at += _height(line)
            self._blank_rows += line[0] != "\n"
            if self._blank_rows > MOST_BLANK_ROWS:
                reason = _("The table has more than {most_blank_rows:,} blank rows.").format(most_blank_rows=MOST_BLANK_ROWS)
                raise TooLarge(reason, _("Remove the blank rows, and save it again."))
        if not held:
            self.first = self.at + 1
            self._size = 0
        self.at += _height(line)
        self._size += len(line)
        held.append(line)
        if len(held) > 1 and self._size > (LONGEST_ROW if self._taken_back < MOST_READ_AGAIN else 0):
            raise _TooLong
        return line

    def take_back(self) -> None:
        """All held lines but the first come again."""
        again = self.held[1:]
        self._back.extendleft(reversed(again))
        self.at -= sum(map(_height, again))
        self._taken_back += len(again)


def _height(line: str) -> int:
    """How many lines of the file a text is that `lines` gives."""
    return len(line) if line[0] == "\n" else 1


def _is_utf8(stream: BinaryIO) -> bool:
    stream.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while block := stream.read(1 << 20):
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _guess(stream: BinaryIO, note: Note) -> tuple[str, str]:
    """The encoding of a file that is not all UTF-8, and for its lines that are not: "replace", or the encoding they are read in.

    Lines that are UTF-8 say nothing about the others, which are looked at together. Each of these is noted, or the file once
    when no line of it holds letters in UTF-8.
    """
    stream.seek(0)
    others: list[int] = []
    odd: list[bytes] = []
    line, size, in_utf8 = 1, 0, False
    while block := stream.read(1 << 20) + stream.readline(1 << 20):
        if block.isascii():
            line += block.count(b"\n")
            continue
        for piece in io.BytesIO(block):
            if not piece.isascii():
                if _mostly_utf8(piece):
                    in_utf8 = True
                    if "\ufffd" in piece.decode("utf-8", "replace"):
                        reason = _("some bytes are not UTF-8 and show as \ufffd")
                        note(line, "", "", reason, _("Save the file as UTF-8 again."), "bytes_not_text")
                else:
                    others.append(line)
                    if size < _LOOKED_AT:
                        odd.append(piece)
                        size += len(piece)
            line += piece.endswith(b"\n")
    name = _single_byte(b"\n".join(odd))
    advice = _("Check the accents; save as CSV UTF-8.")
    if not in_utf8:
        note(1, "", name, _("the file is not UTF-8; it was read as {name}").format(name=name), advice, "encoding_guessed")
        return name, "replace"
    reason = _("the line is not UTF-8, as others are; it was read as {name}").format(name=name)
    for line in others:
        note(line, "", name, reason, advice, "encoding_guessed")
    return "utf-8", name if others else "replace"


def _mostly_utf8(line: bytes) -> bool:
    """Whether a line is UTF-8, a few broken bytes aside."""
    text = line.decode("utf-8", "replace")
    return len(text) - len(text.encode("ascii", "ignore")) > 2 * text.count("\ufffd")


def _single_byte(odd: bytes) -> str:
    """Arabic or Persian, or Russian, when most bytes beyond ASCII stand in runs as its words do; accents of Latin words stand alone.

    >>> _single_byte("\u0643\u0627\u0628\u0644".encode("cp1256")), _single_byte("Caf\u00e9".encode("cp1252"))
    ('cp1256', 'cp1252')
    >>> _single_byte("\u0412\u0437\u0440\u044b\u0432".encode("cp1251"))
    'cp1251'
    """
    not_ascii = sum(byte > 127 for byte in odd)
    # Most letters of Arabic are letters of Russian too, and few small letters of Russian are letters of Arabic.
    for name, words in (("cp1256", _ARABIC_WORDS), ("cp1251", _RUSSIAN_WORDS)):
        if 2 * sum(map(len, words.findall(odd))) > not_ascii:
            return name
    return "cp1252"


class _LineDecoder(codecs.IncrementalDecoder):
    """Each line as UTF-8 where it is that, else in the encoding of a single byte that `errors` names."""

    def __init__(self, errors: str) -> None:
        super().__init__(errors)
        self._held = b""

    def decode(self, data: bytes, final: bool = False) -> str:
        data = self._held + data
        # A line that is too long is refused by its letters, so it is not held back for ever.
        end = len(data) if final or len(data) > 4 * LONGEST_LINE else max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
        data, self._held = data[:end], data[end:]
        if data.isascii():
            return data.decode("ascii")
        return "".join(
            line.decode("utf-8" if _mostly_utf8(line) else self.errors, "replace") for line in data.splitlines(keepends=True)
        )


def _split(stream: BinaryIO, encoding: str, errors: str) -> Iterator[str]:
    """The lines, each with \\n at its end; blank lines that follow one another as one text."""
    # It turns \r\n and \r into \n, and waits for what follows a \r at the end of a block.
    by_line = errors not in ("strict", "replace")
    decoder = io.IncrementalNewlineDecoder(
        _LineDecoder(errors) if by_line else codecs.getincrementaldecoder(encoding)(errors), translate=True
    )
    parts: list[str] = []  # of a line that began in an earlier block
    size = 0
    while block := stream.read(1 << 18):
        whole, newline, rest = decoder.decode(block).rpartition("\n")
        if newline:
            yield from _LINES.findall("".join([*parts, whole, newline]))
            parts, size = [], 0
        parts.append(rest)
        size += len(rest)
        if size > LONGEST_LINE:
            break
    if rest := "".join([*parts, decoder.decode(b"", final=True)]):
        yield from _LINES.findall(rest if rest[-1] == "\n" else rest + "\n")
