"""Every text of a record, an address, a file's name and columns, a claim, a site, through every surface: shown, and nothing more.

Two projects differ in nothing but that the texts of one are out to harm. Whatever words people find in a surface of the harmless
one they find in that of the other, and its shape (elements, keys, what is run as script) is none that the harmless one has not.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.project.test_architecture import PACKAGE, module_name, modules, product, tree
from tests.support import hostile_project
from tests.support.hostile import COUNTED, HARMLESS, PROBES, Piece, shape, tag, words
from tests.support.hostile_project import World
from tests.support.surfaces import SURFACES

Surfaces = dict[str, list[Piece] | Exception]


@pytest.fixture(scope="module")
def both_projects(tmp_path_factory) -> Iterator[tuple[Surfaces, Surfaces]]:
    """What every surface tells of the harmless project, and of the hostile one."""
    both = []
    with pytest.MonkeyPatch.context() as patch:
        try:
            for probes in (HARMLESS, PROBES):
                folder, out = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("out")
                record = hostile_project.write(folder, probes)
                patch.setenv("INCIDENTS_SOURCE", str(record))
                hostile_project.use(folder)
                world = World(probes, record, out)
                both.append({name: _of(row.tells, world) for name, row in SURFACES.items()})
            yield both[0], both[1]
        finally:
            hostile_project.use(hostile_project.OWN)


def _of(tells, world: World) -> list[Piece] | Exception:
    """What a surface tells, or what it stumbled over: the other surfaces are asked all the same."""
    try:
        return list(tells(world))
    except Exception as trouble:
        return trouble


@pytest.mark.nightly
@pytest.mark.parametrize("name", SURFACES)
def test_a_surface_shows_every_word_and_obeys_none(both_projects, name):
    harmless, hostile = (each[name] for each in both_projects)
    for each in (harmless, hostile):
        if isinstance(each, Exception):
            raise each
    usual: dict[str, Counter] = {}
    for piece in harmless:
        usual[piece.form] = usual.get(piece.form, Counter()) | shape(piece)
    wrong = []
    for piece in hostile:
        try:
            known = usual.get(piece.form, Counter())
            more = {what: n for what, n in shape(piece).items() if n > known[what] and (piece.form in COUNTED or not known[what])}
            wrong += [(piece.name, piece.form, more)] if more else []
        except AssertionError as harm:
            wrong.append((piece.name, piece.form, str(harm)))
    assert not wrong
    tab, looked_for = ({word for piece in each for word in words(piece)} for each in (hostile, harmless))
    # A chart has room for some of a file's own terms, and which of many equals it names goes by their spelling: one of each kind counts.
    kinds = {_kind(word) for word in tab if _kind(word)}
    assert looked_for and {word for word in looked_for - tab if _kind(word) not in kinds} == set()


def _kind(word: str) -> str:
    """The field of a word that stands in place of a term, without its number; '' for all other words."""
    found = re.fullmatch(r"(\w*faulty\w+?)x\d+x", word)
    return found[1] if found else ""


GIVES = {"streamlit", "streamlit_folium", "folium", "altair", "vl_convert", "click", "csv", "zipfile", "html", "typst", "docx"}
"""Libraries by which text leaves the product, or is made ready to."""


def test_every_module_that_gives_text_to_people_is_behind_a_surface():
    giving = set()
    for path in product():
        imported = {
            name.split(".")[0]
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in ([one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""])
        }
        if imported & GIVES:
            giving.add(module_name(path).removeprefix(f"{PACKAGE}."))
    named = {name for row in SURFACES.values() for name in row.modules.split()}
    assert [module for module in giving if not any(f"{module}.".startswith(f"{name}.") for name in named)] == []
    assert named - {"pages"} <= {module.removeprefix(f"{PACKAGE}.") for module in modules()}


@pytest.mark.nightly
def test_the_hostile_project_says_something_in_every_column_that_may_hold_words(both_projects):
    shown = {word for pieces in both_projects[1].values() for piece in pieces for word in words(piece)}
    assert not [name for name in hostile_project.OPEN if not {tag(name, 0), tag(f"faulty_{name}", 0)} & shown]
    for name, columns in hostile_project.tables().items():
        texts = [column for column in columns if column not in hostile_project.NEEDED[name]]
        assert texts and any(tag(f"{Path(name).stem}_{column}", 0) in shown for column in texts), name
