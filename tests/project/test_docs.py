"""The words around the code name what is there: every page, command, option and make target, and the columns as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from incident_atlas.core.schema import ESSENTIAL
from tools.docs.columns_table import PAGE, columns_page

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "data" / "README.md"])
    if path.name != "CHANGELOG.md"
}


@pytest.mark.parametrize("page", ["app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))])
def test_the_readme_names_every_page(page):
    assert f"`{page}`" in README


def test_the_readme_names_no_page_that_is_not_there():
    assert [page for page in re.findall(r"`(pages/\w+\.py)`", README) if not (ROOT / page).is_file()] == []


@pytest.mark.parametrize("command", cli.commands)
def test_the_docs_name_every_command_and_each_says_how_it_is_used(command):
    assert f"python -m incident_atlas {command}" in COMMANDS
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0 and "--json" in result.output


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_names_exists(document):
    named = re.findall(r"python -m incident_atlas (\w+)", DOCUMENTS[document])
    assert set(named) <= set(cli.commands)


def test_every_option_that_the_docs_of_the_command_line_name_exists_and_every_filter_is_named():
    known = {option for command in cli.commands.values() for parameter in command.params for option in parameter.opts}
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", COMMANDS))
    assert named <= known | {"--help"}
    filters = {option for parameter in cli.commands["summary"].params for option in parameter.opts if option.startswith("--")}
    assert filters <= named


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(document):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "test-all", "test-engines", "bench"} <= targets
    assert set(re.findall(r"(?:^    |`)(?:\w+=\S+ )?make ([\w-]+)", DOCUMENTS[document], re.MULTILINE)) <= targets


def test_the_page_of_columns_is_the_one_that_the_schema_gives():
    assert PAGE.read_text(encoding="utf-8") == columns_page(), "run `python -m tools.docs.columns_table`"


def test_the_readme_is_short_shows_one_picture_and_leads_to_every_page_of_the_docs():
    assert len(README.splitlines()) <= 120 and len(re.findall(r"!\[", README)) == 1
    pages = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert pages <= set(re.findall(r"\(docs/([\w-]+\.md)\)", README))


@pytest.mark.parametrize("document", ["README.md", "docs/your-data.md"])
def test_the_columns_that_a_row_cannot_do_without_are_named(document):
    assert all(f"`{name}`" in DOCUMENTS[document] for name in ESSENTIAL)


def test_every_module_that_a_comment_or_a_document_names_is_there():
    """A text keeps the name of a module that has moved, and sends its reader to nothing."""
    sources = [path for folder in ("incident_atlas", "tools", "pages", "tests") for path in (ROOT / folder).rglob("*.py")]
    modules = {path.name for path in (*sources, *ROOT.glob("*.py"))}
    texts = [path for path in sources if path.relative_to(ROOT).parts[0] != "tests"]
    texts += [ROOT / name for name in (*DOCUMENTS, ".streamlit/config.toml") if name != "CHANGELOG.md"]
    named = {(path.name, name) for path in texts for name in re.findall(r"\b[a-z_]+\.py\b", path.read_text("utf-8"))}
    assert len(modules) > 100 and len(named) > 20
    assert {(path, name) for path, name in named if name not in modules} == set()


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document):
    named = re.findall(r"`((?:data|deploy|docs|tools|tests|incident_atlas|pages)/[\w./-]+\w)`", DOCUMENTS[document])
    named += re.findall(r"\]\((?!https?:|#)([\w./-]+)\)", DOCUMENTS[document])
    near = (ROOT, (ROOT / document).parent)
    assert [name for name in named if not any((folder / name).exists() for folder in near)] == []
