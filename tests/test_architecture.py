"""The house rules of CONTRIBUTING.md, held by reading every file: imports go one way, and each library has its one room."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = "incident_atlas"
CEILING = 300

# A module imports only from lower levels; a folder (readers, ui) is one room, whose files may import each other.
# A new module is not allowed in until it has its line here.
LEVEL = {
    "errors": 0,
    "vocabulary": 0,
    "text": 1,
    "theme": 2,
    "record": 1,
    "origins": 2,
    "hues": 3,
    "stacks": 7,
    "outlines": 2,
    "plane": 3,
    "check": 2,
    "readers": 3,
    "queries": 2,
    "totals": 3,
    "cells": 3,
    "statistics": 2,
    "knox": 3,
    "gazetteer": 3,
    "context": 4,
    "summary": 4,
    "columns": 5,
    "filters": 5,
    "sequence": 5,
    "nearby": 4,
    "points": 3,
    "surroundings": 5,
    "beyond": 8,
    "sites": 8,
    "sentence": 6,
    "geocode": 5,
    "assembly": 6,
    "engines": 8,
    "base_map": 3,
    "countries": 4,
    "maps": 6,
    "charts": 6,
    "ladder": 7,
    "changes": 5,
    "history": 7,
    "yearly": 7,
    "claim_pictures": 7,
    "load": 7,
    "export": 8,
    "periods": 6,
    "regimes": 8,
    "comparison": 9,
    "compared": 10,
    "shifts": 10,
    "duplicates": 4,
    "decisions": 4,
    "merging": 8,
    "gathering": 9,
    "quality": 8,
    "conversion": 9,
    "placements": 8,
    "discretion": 8,
    "overlap": 4,
    "overlap_chart": 7,
    "claims": 11,
    "inquiries": 12,
    "console": 8,
    "evidence": 8,
    "still": 9,
    "sketch": 8,
    "twins": 9,
    "figure": 9,
    "heat": 5,
    "most_hit": 8,
    "rates_chart": 9,
    "repeats": 4,
    "standalone": 9,
    "ui": 12,
    "cli": 13,
    "__main__": 14,
    "pages": 14,
}

# Who may import what. A library that is not listed is free.
OWNERS = {
    "streamlit": ("ui", "pages"),
    "streamlit_folium": ("ui", "pages"),
    "folium": ("maps",),
    "branca": ("maps",),
    "altair": ("charts", "claim_pictures", "history", "ladder", "overlap_chart", "rates_chart", "stacks", "still", "twins", "yearly"),
    "vl_convert": ("figure", "still"),
    "geopy": ("gazetteer", "geocode"),
    # Nobody else talks to the network: geocode does, through geopy.
    "requests": (),
    "urllib3": (),
    "urllib.request": (),
    "http.client": (),
    "socket": (),
    "httpx": (),
    "aiohttp": (),
}

DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
COUNTED = {".py", ".js", ".css", ".sh", ".md"}
NOT_OURS = {".git", ".venv", "__pycache__", ".pytest_cache", ".hypothesis", ".ruff_cache", "screenshots", "bench_out"}


def files(*suffixes: str) -> Iterator[Path]:
    """Every file of the project with one of these endings, generated folders left out."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = sorted(set(folders) - NOT_OURS)
        yield from (Path(folder, name) for name in sorted(names) if Path(name).suffix in suffixes)


def product() -> list[Path]:
    """The files a reader's computer runs: app.py, pages/ and the package. Tests and tools stand outside the levels."""
    return [path for path in files(".py") if path.relative_to(ROOT).parts[0] in ("app.py", "pages", PACKAGE)]


def module_name(path: Path) -> str:
    """incident_atlas/ui/__init__.py -> incident_atlas.ui"""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The entry of LEVEL and OWNERS a module falls under; empty for the package itself."""
    parts = module.split(".")
    if parts[0] != PACKAGE:
        return "pages"
    return parts[1] if len(parts) > 1 else ""


@cache
def modules() -> dict[str, Path]:
    """Every module of the product by its dotted name."""
    return {module_name(path): path for path in product()}


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def imported(module: str) -> list[tuple[str, int]]:
    """What a module imports, dotted, with the line: imports inside functions and for type checkers count as well."""
    path = modules()[module]
    base = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            near = base[: len(base) - node.level + 1] if node.level else []
            source = ".".join([*near, *([node.module] if node.module else [])])
            # `from package import name`: the name may be a module of its own.
            found += [(f"{source}.{alias.name}", node.lineno) for alias in node.names]
    return found


def own_imports(module: str) -> list[tuple[str, int]]:
    """The modules of the product among them."""
    found = []
    for name, line in imported(module):
        while name and name not in modules():
            name = name.rpartition(".")[0]
        if name and name != module:
            found.append((name, line))
    return found


def where(module: str, line: int) -> str:
    return f"{modules()[module].relative_to(ROOT)}:{line}"


def test_every_module_has_its_level():
    unknown = sorted({room(module) for module in modules()} - {""} - set(LEVEL))
    assert not unknown, f"give these a level in LEVEL, and a line in CONTRIBUTING.md: {unknown}"


def test_imports_go_one_way():
    wrong = [
        f"{where(module, line)} {room(module)} imports {room(name)}"
        for module in modules()
        if room(module)
        for name, line in own_imports(module)
        if room(name) and room(name) != room(module) and LEVEL.get(room(name), 99) >= LEVEL.get(room(module), 99)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_package_itself_imports_none_of_its_modules():
    # Whoever imports one small module must not pay for all of them.
    assert not own_imports(PACKAGE)


def test_no_imports_in_a_circle():
    graph = {module: {name for name, _ in own_imports(module)} for module in modules()}
    finished: set[str] = set()

    def walk(module: str, trail: tuple[str, ...]) -> None:
        assert module not in trail, " -> ".join([*trail[trail.index(module) :], module])
        if module not in finished:
            for name in graph[module]:
                walk(name, (*trail, module))
            finished.add(module)

    for module in graph:
        walk(module, ())


def test_the_product_imports_neither_tests_nor_tools():
    wrong = [
        where(module, line) for module in modules() for name, line in imported(module) if name.split(".")[0] in ("tests", "tools")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_stays_in_its_room(library):
    wrong = [
        f"{where(module, line)} imports {name}"
        for module in modules()
        if room(module) not in OWNERS[library]
        for name, line in imported(module)
        if name == library or name.startswith(library + ".")
    ]
    assert not wrong, f"{library} belongs to {', '.join(OWNERS[library]) or 'nobody'}:\n" + "\n".join(wrong)


def test_no_file_is_longer_than_the_ceiling():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*COUNTED)}
    long = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > CEILING]
    assert not long, f"over {CEILING} lines:\n" + "\n".join(long)


def test_no_module_is_a_drawer_for_anything():
    drawers = [
        str(path.relative_to(ROOT)) for path in files(".py") if DRAWERS & set(path.relative_to(ROOT).with_suffix("").parts)
    ]
    assert not drawers, f"name these for what they hold: {drawers}"


def without_docstring(body: list[ast.stmt], inside: str) -> Iterator[str]:
    """The public functions and classes of a body, and the methods of those classes, that do not say what they give."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and not node.name.startswith("_"):
            if ast.get_docstring(node) is None:
                yield f"{inside}:{node.lineno} {node.name}"
            if isinstance(node, ast.ClassDef):
                yield from without_docstring(node.body, inside)


def test_every_public_function_and_class_says_what_it_gives():
    missing = [
        entry
        for module, path in modules().items()
        if module.startswith(PACKAGE)
        for entry in without_docstring(tree(path).body, str(path.relative_to(ROOT)))
    ]
    assert not missing, "\n".join(missing)


def test_every_module_says_what_it_is():
    missing = [str(path.relative_to(ROOT)) for path in product() if tree(path).body and ast.get_docstring(tree(path)) is None]
    assert not missing, "\n".join(missing)
