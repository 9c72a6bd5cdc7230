"""Text for people: made harmless, and written the same way everywhere.

Text from a CSV, a URL or an article is hostile until it has passed `safe_text`. Map scripts are compiled a second time as
templates on the server and run as script in the browser, so escaping HTML alone is not enough.
"""

from __future__ import annotations

import os
import re
import textwrap
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from incident_atlas.i18n import _, ngettext

_ENTITIES = {ord(char): f"&#{ord(char)};" for char in "&<>\"'{}$\\`"}
# Controls, marks that turn the direction of what follows (text that is not what it looks like), and halves of characters, as
# Python reads bytes that are not UTF-8: no table, browser or terminal takes them.
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
"""What `plain` leaves out; a tab and the ends of lines are not among it."""


def safe_text(text: object, longest: int = 500) -> str:
    """Text that is shown as itself in HTML, in a map's script and in a template; cut to `longest` characters.

    >>> safe_text("<b>{{ 7*191 }}</b> `${x}`")
    '&#60;b&#62;&#123;&#123; 7*191 &#125;&#125;&#60;/b&#62; &#96;&#36;&#123;x&#125;&#96;'
    """
    return plain(text, longest).translate(_ENTITIES)


def plain(text: object, longest: int = 500) -> str:
    """Text without control characters and direction overrides, cut: for elements that render plain text."""
    shown = INVISIBLE.sub("", str(text))
    return shown if len(shown) <= longest else shown[: longest - 1] + "…"


def is_utf8(text: str) -> bool:
    """Whether all of the text can be written in UTF-8; the names of files and what is typed in a terminal need not be."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def file_name(path: Path) -> str:
    """The name of a file as text for people: a byte that is not UTF-8 becomes the replacement character."""
    return os.fsencode(path.name).decode("utf-8", "replace")


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def drawable(value: Any) -> Any:
    """Text, or all texts in lists and dicts, without what no XML holds and without marks that turn the direction.

    vl-convert writes a label as SVG to measure it, and a sign that XML has not ends the whole process, with everybody's session.

    >>> drawable({"name": ["a\\x1b", "\\ufffeb", 1]})
    {'name': ['a', 'b', 1]}
    """
    if isinstance(value, str):
        return _NOT_XML.sub("", INVISIBLE.sub("", value))
    if isinstance(value, dict):
        return {drawable(key): drawable(inner) for key, inner in value.items()}
    return [drawable(inner) for inner in value] if isinstance(value, list | tuple) else value


_MARKDOWN = str.maketrans({char: f"\\{char}" for char in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"})


def as_label(text: object, longest: int = 200) -> str:
    """Text as the label of a widget, which Streamlit reads as Markdown: every sign of it is escaped, and lines are one.

    >>> as_label("![x](http://a) $1$")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/a\\\\) \\\\$1\\\\$'
    """
    return " ".join(plain(text, longest).split()).translate(_MARKDOWN)


def safe_url(url: str) -> str | None:
    """The address for a link when it is http or https with a host, else None: then it is shown as text."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return None
    return url.strip() if parts.scheme in ("http", "https") and parts.hostname else None


# What a spreadsheet takes for the beginning of a formula, the full-width signs included; apostrophes before it count along,
# so that `from_cell` undoes exactly what `as_cell` did.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")
FORMULA_STARTS = tuple("'=+-@\t\r\n＝＋－＠")
"""Characters that a cell which `as_cell` changes can begin with."""


def as_cell(text: str) -> str:
    """Text as a cell of a CSV file: what a spreadsheet would run as a formula gets an apostrophe before it.

    >>> as_cell("=HYPERLINK(1)"), as_cell("near the embassy")
    ("'=HYPERLINK(1)", 'near the embassy')
    """
    return f"'{text}" if _FORMULA.match(text) else text


def from_cell(cell: str) -> str:
    """The text that `as_cell` made this cell of.

    >>> from_cell("'=HYPERLINK(1)"), from_cell("'tis")
    ('=HYPERLINK(1)', "'tis")
    """
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def wrapped(text: str, width: int, **more: Any) -> list[str]:
    """The text in lines of at most `width` letters; a name such as Lashkar-e-Taiba is not cut at its hyphens. more: as `textwrap.wrap`.

    >>> wrapped("claimed by Lashkar-e-Taiba", 20)
    ['claimed by', 'Lashkar-e-Taiba']
    """
    return textwrap.wrap(text, width, break_on_hyphens=False, **more)


def day(value: date, precision: str = "day", short: bool = False) -> str:
    """A date as precise as it is known: 5 Sep 2022; Sep 2022 (month known only); 2022 (year known only).

    short: Sep 2022 (month); 2022 (year), for a row of a list.

    >>> day(date(2022, 9, 5)), day(date(2024, 10, 1), "month"), day(date(2024, 10, 1), "month", short=True)
    ('5 Sep 2022', 'Oct 2024 (month known only)', 'Oct 2024 (month)')
    """
    month = f"{value:%b} {value.year}"
    if precision == "month":
        return (_("{month} (month)") if short else _("{month} (month known only)")).format(month=month)
    if precision == "year":
        return (_("{year} (year)") if short else _("{year} (year known only)")).format(year=value.year)
    known = f"{value.day} {month}"
    return _("week of {day}").format(day=known) if precision == "week" else known


def listed(items: list[str] | tuple[str, ...], last: str = "and") -> str:
    """Items as a phrase: a, b and c; with `last` "or": a, b or c."""
    if len(items) < 2:
        return items[0] if items else ""
    pattern = _("{items} or {last}") if last == "or" else _("{items} and {last}")
    return pattern.format(items=", ".join(items[:-1]), last=items[-1])


def counted(n: int, one: str, many: str) -> str:
    """A count with its noun, from a message for one and a message for many, which both have the field {n}.

    >>> counted(1, "{n} city", "{n} cities"), counted(1200, "{n} city", "{n} cities")
    ('1 city', '1,200 cities')
    """
    return ngettext(one, many, int(n)).format(n=f"{n:,}")


def counted_incidents(n: int) -> str:
    """A number of incidents, such as 1 incident or 1,200 incidents."""
    return counted(n, "{n} incident", "{n} incidents")


def counted_rows(n: int) -> str:
    """A number of rows, such as 1 row or 1,200 rows."""
    return counted(n, "{n} row", "{n} rows")


_DIGITS = str.maketrans({chr(zero + n): str(n) for zero in (0x0660, 0x06F0, 0xFF10) for n in range(10)})


def ascii_digits(text: str) -> str:
    """The text with the digits of Arabic and Persian, and the wide ones, as 0 to 9.

    >>> ascii_digits("۱۶ ٢ ２")
    '16 2 2'
    """
    return text if text.isascii() else text.translate(_DIGITS)
