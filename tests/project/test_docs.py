"""The words around the code name what is there: every page, command, option and make target, and the columns as they are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from incident_atlas.cli.main import cli
from tools.docs.columns_table import columns_table

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
DATA = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
INSTANCE = (ROOT / "docs" / "instance.md").read_text(encoding="utf-8")
SECURITY = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
DOCUMENTS = {
    "README.md": README,
    "CONTRIBUTING.md": CONTRIBUTING,
    "data/README.md": DATA,
    "docs/instance.md": INSTANCE,
    "SECURITY.md": SECURITY,
}


@pytest.mark.parametrize("page", ["app.py", *(f"pages/{path.name}" for path in sorted((ROOT / "pages").glob("*.py")))])
def test_the_readme_names_every_page(page):
    assert f"`{page}`" in README


def test_the_readme_names_no_page_that_is_not_there():
    assert [page for page in re.findall(r"`(pages/\w+\.py)`", README) if not (ROOT / page).is_file()] == []


@pytest.mark.parametrize("command", cli.commands)
def test_the_readme_names_every_command_and_each_says_how_it_is_used(command):
    assert f"python -m incident_atlas {command}" in README
    result = CliRunner().invoke(cli, [command, "--help"])
    assert result.exit_code == 0 and "--json" in result.output


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_that_a_document_names_exists(document):
    named = re.findall(r"python -m incident_atlas (\w+)", DOCUMENTS[document])
    assert set(named) <= set(cli.commands)


def test_every_option_that_the_readme_names_exists():
    known = {option for command in cli.commands.values() for parameter in command.params for option in parameter.opts}
    theirs = {"--server", "--headless"}  # of Streamlit
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", README)) <= known | theirs
    filters = {option for parameter in cli.commands["summary"].params for option in parameter.opts if option.startswith("--")}
    assert filters <= set(re.findall(r"--[a-z-]+", README))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_that_a_document_names_exists(document):
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "test-engines", "bench"} <= targets
    assert set(re.findall(r"(?:^    |`)(?:\w+=\S+ )?make ([\w-]+)", DOCUMENTS[document], re.MULTILINE)) <= targets


def test_the_readmes_table_is_the_one_that_the_record_gives():
    table = re.search(r"<!-- columns -->\n(.*)<!-- /columns -->", README, re.DOTALL)
    assert table, "the README has lost its markers"
    assert table[1].strip() == columns_table(), "put what `python -m tools.docs.columns_table` prints between the README's markers"


def test_contributing_names_the_script_of_the_table():
    assert "python -m tools.docs.columns_table" in CONTRIBUTING


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_file_that_a_document_names_is_there(document):
    named = re.findall(r"`((?:data|deploy|docs|tools|tests|incident_atlas|pages)/[\w./-]+\w)`", DOCUMENTS[document])
    named += re.findall(r"\]\((?!https?:|#)([\w./-]+)\)", DOCUMENTS[document])
    near = (ROOT, (ROOT / document).parent)
    assert [name for name in named if not any((folder / name).exists() for folder in near)] == []
