"""Text that is out to harm, and how to see in what people are given that it did not."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections import Counter
from html.parser import HTMLParser
from typing import NamedTuple
from xml.etree import ElementTree

WORD = "Quillon"
"""Stands at the beginning of every probe: text that is shown must still be found by its words."""

ELSEWHERE = "probe.example"
"""The host that nothing may be asked of."""

PROBES = (
    "Quillon {{ 7919*104729 }} {% raw %} {# x #}",
    "Quillon {{ cycler.__init__ }} {} {0} {x.y} %s %(x)s",
    "Quillon ${7919*104729} ${document.title='probed'}",
    "Quillon `${window.probed=1}` $7919*104729$",
    "Quillon <script>window.probed=1;</script>",
    f"Quillon <img src=http://{ELSEWHERE}/i onerror=window.probed=1>",
    "Quillon <b title='x'>&lt;&#60;</b> <!--<script>",
    "Quillon '\"><svg onload=window.probed=1>",
    "Quillon </script></style></textarea></title> ]]>",
    f"Quillon ![x](http://{ELSEWHERE}/m.png) **x** # x",
    "Quillon [x](javascript:window.probed=1) :red[x] ~~x~~",
    "=Quillon(7919*104729)",
    "+Quillon",
    "-Quillon",
    "@Quillon",
    "\tQuillon",
    "\r=Quillon\r=1+1",
    "\n=Quillon\n=1+1",
    "Quillon \u202egnp.exe\u202c \u2066x\u2069 \u200fz \u200bz\ufeff",
    "Quillon \0 \x1b[31m \x07 \x85",
    "Quillon \\u003cscript\\u003e \\x3c \\",
    "Quillon datum.x signal:x {signal: 1} [x]['y']",
    "Quillon \\end{document} @misc{x,} % }",
    "Quillon " + "long " * 2_400,
)
"""Templates, script, HTML, Markdown, formulas, marks that turn the direction, controls, a chart's and LaTeX's words; last very long.

Short, so that four of them in one line are not cut; that cutting harms nothing is for the last one to show.
"""

EVALUATED = str(7919 * 104729)
"""What a probe would have become had anything reckoned with it; long enough to be in no hash by chance."""


def tag(field: str, n: int) -> str:
    """The word by which that field of the probe of that number is found again: letters and digits, as nothing escapes them.

    >>> tag("target_name", 3)
    'Quillontargetnamex3x'
    """
    return f"{WORD}{re.sub('[^A-Za-z0-9]', '', field)}x{n}x"


def probe_text(field: str, n: int, probes: tuple[str, ...] = PROBES) -> str:
    """The probe of that number as the text of a field."""
    return probes[n].replace(WORD, tag(field, n))


HARMLESS = tuple(f"{WORD} {'o' * (len(probe) - len(WORD) - 1)}".strip() for probe in PROBES)
"""Texts of the same lengths without what is harmful in them, cut where the others are: what a surface should show."""


class Piece(NamedTuple):
    """One text or file that people are given. form: one of `FORMS`."""

    name: str
    form: str
    content: str | bytes


def words(piece: Piece) -> set[str]:
    """The tags in it, as a reader would find them; those of the very long probe are left out, which may be cut anywhere."""
    text = piece.content.decode("utf-8", "replace") if isinstance(piece.content, bytes) else piece.content
    return {found for found in re.findall(rf"{WORD}[A-Za-z0-9]+?x(?:\d+)x", text) if not found.endswith(f"x{len(PROBES) - 1}x")}


# --- what each form may hold: a shape that is the same whatever the text


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.addresses: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.found[" ".join([tag, *sorted(name for name, _ in attrs)])] += 1
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src")]


def _html(text: str) -> Counter:
    parser = _Elements()
    parser.feed(text)
    parser.close()
    assert not [
        one
        for one in parser.addresses
        if not one.strip().startswith(("http://", "https://", "data:image/", "#", "?", "/", "compare?"))
    ]
    _visible(text)
    return parser.found


_TURNS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def _visible(text: str) -> Counter:
    """Fails on controls and on marks that turn the direction, as Unicode has them."""
    odd = {
        sign
        for sign in set(text) - set("\t\n\r")
        if unicodedata.category(sign) == "Cc" or unicodedata.bidirectional(sign) in _TURNS or sign in "\u061c\u200e\u200f\ufeff"
    }
    assert not odd, {hex(ord(sign)) for sign in odd}
    return Counter()


_ACTIVE = ("![", "](", "<", "`", "**", "$", ":red[", "http://", "# ")


def _markdown(text: str) -> Counter:
    """Signs of Markdown that no backslash takes away."""
    bare = re.sub(r"\\[!-/:-@\[-`{-~]", "", _escaped_html(text))
    _visible(text)
    return Counter({sign: bare.count(sign) for sign in _ACTIVE if sign in bare})


def _escaped_html(text: str) -> str:
    return re.sub(r"&#\d+;", "", text)


def _json(text: str) -> Counter:
    """Its keys; texts in it are data, and so are the terms that `by_...` counts, as a file has terms of its own."""
    found: Counter[str] = Counter()

    def walk(value, terms=False):
        if isinstance(value, dict):
            for key, inner in value.items():
                found["a name of theirs" if terms or WORD in key else key] += 1
                walk(inner, terms=key.startswith("by_") and key != "by_year")
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(json.loads(text))
    return found


def _csv(text: str) -> Counter:
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    for cell in (cell for row in rows for cell in row):
        assert not cell.startswith(tuple("=+-@\t\r\n")) or re.fullmatch(r"-?\d+(\.\d+)?", cell), cell
    return Counter(str(len(row)) for row in rows)


def _svg(text: str) -> Counter:
    root = ElementTree.fromstring(text)
    for one in root.iter():
        # The relief of the base map is an image within the file itself, and what is drawn twice is named within it.
        addresses = [value for name, value in one.attrib.items() if name.rpartition("}")[2] in ("href", "src")]
        assert all(value.startswith(("data:image/", "#")) for value in addresses) and not any(
            name.startswith("on") for name in one.attrib
        )
    _visible(text)
    return Counter({one.tag: 1 for one in root.iter()})


def _bibtex(text: str) -> Counter:
    depth = 0
    for sign in text:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0 and text.count("\n@") == 0
    _visible(text)
    return Counter()


def _map(text: str) -> Counter:
    """What the map is given is compiled as a template and run as script: what is its own of both is the same whatever the text."""
    return Counter({sign: text.count(sign) for sign in _SCRIPT if sign in text}) + _visible(text)


_SCRIPT = ("{{", "{%", "{#", "${", "`", "<img", "<script", "<svg", "<b", "</script")


def _png(text: bytes) -> Counter:
    assert text.startswith(b"\x89PNG") and len(text) > 1_000
    return Counter()


FORMS = {
    "html": _html, "markdown": _markdown, "plain": _visible, "json": _json, "csv": _csv, "svg": _svg, "bibtex": _bibtex,
    "map": _map, "png": _png, "data": lambda _: Counter(),
}  # fmt: skip
"""Name of a form to what looks at it: it fails where text became more than text, and gives a shape that no text changes.

plain: shown as it is, on a page or in a terminal. data: text that its surface shows as text alone, such as a cell of a table.
"""


COUNTED = ("map", "markdown")
"""Forms of which not only what is in them is the same, but how often."""


def shape(piece: Piece) -> Counter:
    """The shape of a piece; fails where text in it did something."""
    text = piece.content
    if isinstance(text, bytes) and piece.form != "png":
        text = text.decode("utf-8")
    if piece.form != "png":
        assert EVALUATED not in text, piece.name
    try:
        return FORMS[piece.form](text)
    except AssertionError as harm:
        raise AssertionError(f"{piece.name} ({piece.form}): {harm}") from harm
