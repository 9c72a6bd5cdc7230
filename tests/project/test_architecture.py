"""The house rules of CONTRIBUTING.md, held by reading every file: imports go one way, and each library has its one room."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = "incident_atlas"
CEILING, FLOOR = 500, 40

# Who may import what. A library that is not listed is free.
OWNERS = {
    "streamlit": ("ui",),
    "streamlit_folium": ("ui",),
    "folium": ("maps",),
    "branca": ("maps",),
    "altair": ("charts",),
    "vl_convert": ("core", "charts"),
    "typst": ("export",),
    "docx": ("export",),
    "geopy": ("geo",),
    # Nobody else talks to the network: geo/geocoding.py does, through geopy.
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


def folder(module: str) -> str:
    """The folder of the package (or its single module) that a module is in; empty for the package itself."""
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


def test_the_package_itself_imports_none_of_its_modules():
    # Whoever imports one small module must not pay for all of them.
    assert not own_imports(PACKAGE)


def test_the_layers_of_the_package_hold():
    # The contract is in pyproject.toml: each folder imports from the folders below it only, and tools/ has no circle.
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_the_map_page_begins_without_what_only_other_pages_and_files_compute_with():
    # Together 47 MB and most of a second of the first page.
    code = "import sys, incident_atlas.ui.pages.map.map; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines())
    assert "incident_atlas.maps.clusters" in loaded
    assert not loaded & {
        "scipy.stats",
        "scipy.optimize",
        "openpyxl",
        "xlsxwriter",
        "typst",
        "docx",
        "incident_atlas.export.brief.content",
    }


def test_the_product_imports_neither_tests_nor_tools():
    wrong = [
        where(module, line) for module in modules() for name, line in imported(module) if name.split(".")[0] in ("tests", "tools")
    ]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("library", OWNERS)
def test_each_library_is_imported_in_one_folder(library):
    wrong = [
        f"{where(module, line)} imports {name}"
        for module in modules()
        if folder(module) not in OWNERS[library]
        for name, line in imported(module)
        if name == library or name.startswith(library + ".")
    ]
    assert not wrong, f"{library} belongs to {', '.join(OWNERS[library]) or 'nobody'}:\n" + "\n".join(wrong)


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]])
def test_the_code_passes_the_linter_and_is_formatted(command):
    done = subprocess.run([sys.executable, "-m", "ruff", *command, "--quiet", "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_no_file_is_longer_than_the_ceiling():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files(*COUNTED)}
    long = [f"{path.relative_to(ROOT)}: {lines} lines" for path, lines in lengths.items() if lines > CEILING]
    assert not long, f"over {CEILING} lines:\n" + "\n".join(long)


SMALL = {
    "charts/window_band.py": "what any time chart gets while a window of time is shown",
    "core/fonts.py": "the typefaces are shared by every picture",
    "geo/distance.py": "the one place for the distance of two points",
    "i18n.py": "the functions of gettext, which every folder imports",
    "maps/legend.py": "who changes how a legend reads looks for it by that name",
    "ui/pages/data/overlap.py": "one part of the page, beside the others of its folder",
    "ui/pages/incidents/targets.py": "one part of the page, beside the others of its folder",
    "ui/parts/headline.py": "shared by several pages, and nothing else belongs to it",
    "ui/parts/incident_links.py": "shared by several pages, and nothing else belongs to it",
    "ui/parts/problems_table.py": "shared by several pages, and nothing else belongs to it",
}
"""Modules under the floor, and why each stands alone."""


def test_no_module_is_smaller_than_the_floor_without_a_reason():
    small = {
        path.relative_to(ROOT / PACKAGE).as_posix()
        for path in (ROOT / PACKAGE).rglob("*.py")
        if path.stem not in ("__init__", "__main__") and len(path.read_text(encoding="utf-8").splitlines()) < FLOOR
    }
    assert small - set(SMALL) == set(), f"under {FLOOR} lines: join it with its neighbour, or say in SMALL why not"
    assert all((ROOT / PACKAGE / name).is_file() for name in SMALL), "SMALL names a module that is gone"


SAME_SUBJECT = {"claims", "compare", "duplicates", "nearby", "overlap", "periods", "places", "repeats", "summary"}
"""Subjects that have a file in several folders: the numbers, their command, their page."""

OF_EVERY_PAGE = {"list", "map"}
"""Parts that several pages have in their folder of ui/pages/."""


def test_a_file_name_occurs_twice_only_for_one_subject():
    named: dict[str, list[str]] = {}
    for path in (ROOT / PACKAGE).rglob("*.py"):
        if path.stem not in ("__init__", "__main__"):
            named.setdefault(path.stem, []).append(path.relative_to(ROOT / PACKAGE).parent.as_posix())
    twice = {name: folders for name, folders in named.items() if len(folders) > 1 and name not in SAME_SUBJECT}
    wrong = {
        name: folders
        for name, folders in twice.items()
        if name not in OF_EVERY_PAGE or not all(one.startswith("ui/pages/") for one in folders)
    }
    assert wrong == {}


def test_a_class_name_occurs_once_in_the_package():
    named: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                named.setdefault(node.name, []).append(module)
    assert {name: found for name, found in named.items() if len(found) > 1} == {}


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


ELSEWHERE = {"StreamReader": "a class of Python's codecs", "textContent": "a property of an element in a browser"}
"""Names in backquotes that belong to no file of the package, and whose they are."""


def docstrings(path: Path) -> list[ast.Constant]:
    """The texts of a module that stand alone: what documents it, its functions, classes and values."""
    found = [node.value for node in ast.walk(tree(path)) if isinstance(node, ast.Expr)]
    return [node for node in found if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def code_words(path: Path) -> Iterator[str]:
    """The identifiers of a module, its strings, and the words of strings that are no messages to people."""
    documented = set(docstrings(path))
    messages: set[ast.expr] = set()
    for node in ast.walk(tree(path)):
        match node:
            case ast.Call(func=ast.Name(id="_" | "ngettext" | "counted" | "gettext_noop")):
                messages.update(node.args)
            case ast.Constant(value=str(text)) if node not in documented:
                yield from (text,) if node in messages else (text, *text.split())
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name):
                yield from name.split(".")


def own_names(path: Path) -> set[str]:
    """What a module or the folder of an `__init__` holds: its functions, classes and values, or its files."""
    inside = {one.stem for one in path.parent.iterdir()} if path.stem == "__init__" else set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            inside.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            inside.add(node.id)
    return inside


def test_a_name_in_backquotes_of_a_docstring_is_in_the_code():
    paths = [path for path in product() if path.relative_to(ROOT).parts[0] == PACKAGE]
    known = {word for path in paths for word in code_words(path)} | set(ELSEWHERE)
    known |= {part for path in files(".py", ".csv", ".js", ".json") for part in (path.stem, path.parent.name, str(path))}
    held: dict[str, set[str]] = {}
    for path in paths:
        held.setdefault(path.parent.name if path.stem == "__init__" else path.stem, set()).update(own_names(path))

    def is_there(name: str, path: Path) -> bool:
        if re.search(r"\.(py|csv|js|json)$", name):
            # A file of the same folder, or named with its folder.
            return (path.parent / name).is_file() or ("/" in name and any(one.endswith("/" + name) for one in known))
        first, dot, rest = name.partition(".")
        if dot and first in held:
            return rest.partition(".")[0] in held[first]
        return name in known or all(part in known for part in re.split("[./]", name))

    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name}"
        for path in paths
        for node in docstrings(path)
        for name in re.findall(r"`([A-Za-z_][\w./]*)`", node.value)
        if not is_there(name, path)
    ]
    assert not wrong, "\n".join(wrong)


def test_tables_and_charts_are_sent_in_one_place_each_which_leaves_out_terms_that_no_row_has():
    senders = {"st.dataframe(": "html_table.py", "st.vega_lite_chart(": "chart_menu.py"}
    for call, name in senders.items():
        found = [path.name for path in (ROOT / "incident_atlas").rglob("*.py") if call in path.read_text(encoding="utf-8")]
        assert found == [name], call
