"""Names are standard terms: no module, function, class, argument or variable is called by a word that says nothing of it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VAGUE = set(
    "asked away beyond blunt given here hues ladder look loose plane rung said seen sharp sides still together told twins wanted".split()
)


def bound_names(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of everything that a module defines, assigns, imports under another name or takes as an argument."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, node.name
        elif isinstance(node, ast.arg):
            yield node.lineno, node.arg
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.lineno, node.id
        elif isinstance(node, ast.alias) and node.asname:
            yield 0, node.asname
        elif isinstance(node, ast.ExceptHandler | ast.MatchAs) and node.name:
            yield node.lineno, node.name


def vague_names(source: str) -> list[tuple[int, str]]:
    """Those of them that are a vague word, whatever their case and underscores."""
    return [(line, name) for line, name in bound_names(source) if name.strip("_").casefold() in VAGUE]


@pytest.mark.parametrize("folder", ["incident_atlas", "tests", "tools", "pages"])
def test_no_name_is_a_word_that_says_nothing_of_its_thing(folder):
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    assert [file.name for file in files if file.stem in VAGUE] == []
    assert {
        str(file.relative_to(ROOT)): found for file in files if (found := vague_names(file.read_text(encoding="utf-8")))
    } == {}


@pytest.mark.parametrize(
    "source",
    [
        "def told(): ...",
        "def _said(): ...",
        "class Look: ...",
        "def read(rows, seen): ...",
        "read = lambda *given: given",
        "first, (wanted, *here) = rows",
        "[asked for asked in rows]",
        "if twins := 2: ...",
        "import numpy as plane",
        "async def beyond(): ...",
        "class Row:\n    blunt: int",
        "try: ...\nexcept OSError as sides: ...",
    ],
)
def test_the_check_finds_every_kind_of_name(source):
    assert vague_names(source)


def test_the_check_leaves_attributes_texts_and_longer_names():
    assert vague_names('row.told = "said"; seen_ids = read(asked=1)') == []
