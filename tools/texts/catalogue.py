"""The catalogue of all texts, incident_atlas/locale/incident_atlas.pot: `python -m tools.texts.catalogue` writes it anew.

Messages are the literal arguments of `_()`, `ngettext()` and `counted()`, the help of the commands (their docstrings), and names of
columns and choices that are keys in the code and are translated where they are shown; and those of the map's scripts. They are sorted, with the files that hold
them and without lines, so that a change of the code changes only what it says.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import sys
from collections.abc import Iterator

from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from incident_atlas.i18n import DOMAIN, FOLDER
from incident_atlas.maps.script_texts import script_messages
from incident_atlas.theme import ASSETS
from tools.texts.data_words import DATA, DATA_FILES
from tools.texts.rules import record_words

PACKAGE = FOLDER.parent
POT = FOLDER / f"{DOMAIN}.pot"
KEYWORDS = {"_": (0,), "gettext_noop": (0,), "ngettext": (0, 1), "counted": (1, 2)}
"""Which arguments of a function are the message, or the messages for one and for many."""
JOINED = "Set beside another text: keep the blanks at its ends."
"""What a translator is told of a message that is a part of a longer text."""
_HEADER = """# Texts of Incident Atlas: written by `make texts`, not by hand.
msgid ""
msgstr ""
"Project-Id-Version: Incident Atlas\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
_NAME = re.compile(r"[A-Z][a-z]+(?:[ ,].*)?")


def messages(tree: ast.Module) -> Iterator[tuple[int, str | tuple[str, ...]]]:
    """Line and message of every call of a translator. Read from the syntax tree: Babel's own reader sees no call in an f-string."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            which = KEYWORDS[node.func.id]
            texts = [node.args[at].value for at in which if at < len(node.args) and isinstance(node.args[at], ast.Constant)]
            if len(texts) == len(which) and all(isinstance(text, str) for text in texts):
                yield node.lineno, tuple(texts) if len(texts) > 1 else texts[0]


def command_help(tree: ast.Module) -> Iterator[str]:
    """The docstrings of the functions that are commands: click shows them as help."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            calls = (one.func for one in node.decorator_list if isinstance(one, ast.Call))
            if any(isinstance(one, ast.Attribute) and one.attr in ("command", "group") for one in calls):
                yield ast.get_docstring(node) or ""


def names(tree: ast.Module) -> Iterator[str]:
    """Names of columns and choices: keys of dicts and `columns=`, such as Incidents; not the terms of the record."""
    for node in ast.walk(tree):
        literals: list[ast.expr | None] = []
        if isinstance(node, ast.Dict):
            literals = list(node.keys)
        elif isinstance(node, ast.keyword) and node.arg == "columns" and isinstance(node.value, ast.List | ast.Tuple):
            literals = [one for one in ast.walk(node.value) if isinstance(one, ast.Constant)]
        for one in literals:
            text = one.value if isinstance(one, ast.Constant) else None
            if isinstance(text, str) and _NAME.fullmatch(text) and text not in DATA and text not in record_words():
                yield text


def catalogue() -> Catalog:
    """Every message of the package with the files that hold it."""
    found = Catalog(domain=DOMAIN, fuzzy=False)
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE.parent).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"))
        more = [*command_help(tree), *(names(tree) if path.relative_to(PACKAGE).as_posix() not in DATA_FILES else ())]
        for line, message in [*messages(tree), *((1, text) for text in more)]:
            joined = isinstance(message, str) and message != message.strip()
            found.add(message, locations=[(name, line)], auto_comments=[JOINED] if joined else ())
    for path in sorted([*ASSETS.glob("*.js"), *ASSETS.glob("*.html")]):
        for message in script_messages(path.read_text(encoding="utf-8")):
            found.add(message, locations=[(path.relative_to(PACKAGE.parent).as_posix(), 1)])
    return found


def written() -> str:
    """The catalogue as the text of its file."""
    out = io.BytesIO()
    write_po(out, catalogue(), width=120, omit_header=True, sort_output=True, include_lineno=False)
    return _HEADER + out.getvalue().decode("utf-8")


def main(argv: list[str] | None = None) -> int:
    """Write the catalogue; with --check only say whether it is current: 0, or 1."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing; end with 1 when the catalogue is not current")
    text = written()
    if parser.parse_args(argv).check:
        return int(not POT.is_file() or POT.read_text(encoding="utf-8") != text)
    POT.parent.mkdir(exist_ok=True)
    POT.write_text(text, encoding="utf-8")
    print(f"{len(catalogue())} messages in {POT.relative_to(PACKAGE.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
