"""What the project says, cut into sentences, and the rules for them: docs and data have their own."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Iterator
from pathlib import Path

from streamlit.testing.v1 import AppTest

MOST_WORDS = 30
"""A reader under pressure reads a sentence once."""

BANNED = {
    r"Blur places|leave out words|each names its source": "Hide exact places and free text; Download this view",
    r"Data and picture": "Table and image",
    r"[Ww]ho says what\.": "Select an incident to see its sources.",
    r"not locatable|without a place\b": "no known location",
    r"nobody is named|nobody named": "no group named",
    r"said it did it": "claimed by the group",
    r"aimed at": "intended target",
    r"is taken here as": "here means",
    r"is a zero\b": "Years without a bar had no recorded incident.",
    r"Pale columns?": "Shaded",
    r"cannot tell": "cannot be determined",
    r"or coarser|or better\b": "only the city; at least",
    r"without a chosen date": "When did the rate change?",
    r"never added up": "These are never combined.",
    r"[Tt]ick a row": "Select a row",
    r"Previous, newer|Next, older": "Newer, Older",
    r"[Nn]othing that the record": "No other incident recorded.",
    r"the incident that killed most|without the largest": "excluding the deadliest incident",
    r"is the one to believe|says little\b": "the exact interval applies",
    r"lies? about where": "coincide with",
    r"This claim alone|Look at it\b": "Link to this claim; Open on the map",
    r"neither confirm nor contest": "do not count as confirmation",
    r"The record ends on": "Data to",
    r"as sharp as": "as precise as",
    r"Use a name of data/": "no file of the server is asked for on a page",
    r"[Tt]he (record|files?) holds? no (incident|attack)": "has no incidents",
}
"""Wordings that readers stumbled over, as patterns, each with what is said in their place."""

_BLOCK = re.compile(r"</?(?:p|li|h\d|td|th|dt|dd|div|br|summary|caption|ul|ol|tr|section|span|b|small)\b[^>]*>")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"'({0-9])")
_TEXT_FIELDS = ("body", "label", "help", "placeholder", "text", "caption")
_GAP = "…"  # stands for a value in a template


def sentences(text: str) -> list[str]:
    """The sentences of a text that may hold our HTML: a cell, an item, a heading or a part between dots is one of its own."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<style.*?</style>", "", _BLOCK.sub("\n", text), flags=re.DOTALL)))
    return [found.strip() for line in re.split(r"\n| · ", plain) for found in _END.split(line) if found.strip()]


def too_long(sentence: str) -> bool:
    """Whether it has more than `MOST_WORDS` words. What stands in brackets, such as an interval or a source, is not counted, and
    a list without a comma or a full stop is no sentence."""
    read = re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", sentence))
    return bool(re.search(r"[.,:;?!]", read)) and len([word for word in read.split() if re.search(r"\w|…", word)]) > MOST_WORDS


def banned(sentence: str) -> str:
    """What should be said in place of the first banned wording in it; '' when there is none."""
    return next((better for pattern, better in BANNED.items() if re.search(pattern, sentence)), "")


def on_page(app: AppTest) -> Iterator[str]:
    """Every text that a page gives to its reader as words, not those of charts, maps, grids and files."""
    for node in app._tree:
        proto = getattr(node, "proto", None)
        if proto is None or node.type in ("code", "component_instance", "vega_lite_chart", "arrow_data_frame"):
            continue
        for name in _TEXT_FIELDS:
            if isinstance(text := getattr(proto, name, ""), str) and text:
                yield text
        yield from (text for text in getattr(proto, "options", ()) if isinstance(text, str))


def in_code(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string in a module that is no docstring; a value in a template is one word."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if id(node) in inside:
            continue
        if isinstance(node, ast.JoinedStr):
            inside |= {id(part) for part in node.values}
            yield node.lineno, "".join(str(part.value) if isinstance(part, ast.Constant) else _GAP for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value
