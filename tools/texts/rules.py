"""Which strings of the code are texts that a person reads, and which of them stand outside the catalogue.

A text stands in `_()`, `ngettext()` or `counted()`. A string reads like a text when it has words of a language between blanks.
What looks like one and is none is told by its place (a key, a comparison, a column name, a regular expression), by its form
(SQL, CSS, a list of words that is split), or stands in `DATA`.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from incident_atlas.core import schema, vocabulary
from tools.texts.data_words import DATA, DATA_FILES

TRANSLATORS = frozenset({"_", "ngettext", "counted", "gettext_noop"})
"""Functions whose literal arguments are messages of the catalogue."""

# Python's own exceptions are for programmers; an AtlasError speaks to people.
_PYTHON_ERRORS = {
    "AssertionError",
    "AttributeError",
    "KeyError",
    "LookupError",
    "NotImplementedError",
    "RuntimeError",
    "TypeError",
}
NOT_TEXT_CALLS = (
    frozenset(
        """
    compile fullmatch match search sub findall finditer split partition rpartition startswith endswith removeprefix removesuffix
    replace strip lstrip rstrip execute sql read_sql getattr setattr hasattr get pop getenv strftime strptime Path open encode
    decode read_csv splitlines namedtuple NewType TypeVar groupby col lit alias rename drop import_module joinpath pop index find rfind count
    """.split()
    )
    | _PYTHON_ERRORS
)
"""Functions whose string arguments are no texts: patterns, names, SQL, formats."""
MATCHING_CALLS = frozenset({"endswith", "startswith", "removesuffix", "removeprefix"})
"""Methods that compare a text with words: with a message they would work in one language only."""
NOT_TEXT_ARGUMENTS = frozenset(
    {"key", "format", "pattern", "domain", "icon", "class_name", "prog_name", "family", "font", "usecols", "columns"}
)
SPLIT_OR_JOINED = frozenset({"split", "splitlines", "partition", "join", "encode"})
"""Methods of a string that is a list of words, or what stands between others."""
LOG_CALLS = frozenset({"debug", "info", "warning", "error", "exception"})
TEXT_CALLS = frozenset(
    """
    button link_button page_link selectbox multiselect radio toggle checkbox text_input text_area number_input slider select_slider
    date_input popover expander metric header subheader title caption download_button file_uploader segmented_control pills
    Column TextColumn NumberColumn LinkColumn DateColumn CheckboxColumn spinner toast status
    """.split()
)
"""Elements of Streamlit whose first argument is a text, be it one word."""
TEXT_ARGUMENTS = frozenset({"help", "label", "title", "placeholder", "show_spinner", "text", "caption", "sentence", "note"})
"""Arguments that are texts, be they one word."""

TEXT_ATTRIBUTES = re.compile(r"""\b(?:aria-label|title|alt|placeholder)=(['"])(.*?)\1""")
TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]*>|<!--.*?-->", re.DOTALL)
_SQL = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ATTACH|DETACH|SET|PRAGMA|WITH|COPY|FROM|WHERE|CASE|COALESCE|ORDER BY)\b"
)
_CSS = re.compile(
    r"[{;]\s*[a-z-]+\s*:\s*[^;{}]+[;}]|^[a-z-]+:[^ ].*;|\bpx\b.*\bsolid\b|color-mix\(|var\(--|aspect-ratio:|background-image:"
)
_SCRIPT = re.compile(
    r"\bfunction\s*\(|=>|\bconst \w|\bvar \w|document\.|addEventListener|\bdatum\.|\bmax\(|-src |frame-ancestors|font-family="
)
_SENTENCE_END = re.compile(r"[a-z][.?!](?:\s|$)")
_PATTERN = re.compile(r"\\[bdswSW]|\(\?[:=!<P]|\[\^|\.\*|\\\.|\]\+|\)\?")
_WORD = re.compile(r"[(\[“”\"'‘’–—·*_:…-]*[A-Za-zÀ-ÿ][a-zà-ÿ]*(?:[’'-][A-Za-z]+)*(?:/[a-z]+)*[)\].,:;?!”\"'’…*_]*")
_FIELD = re.compile(r"\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


class Found(NamedTuple):
    """A string that reads like a text and stands outside the catalogue."""

    line: int
    text: str


def bare(value: str) -> str:
    """What a person sees of a string: without tags, entities, addresses and fields."""
    value = re.sub(r"<style.*?</style>|<script.*?</script>", " ", value, flags=re.DOTALL)
    value = re.sub(r"&[a-z]+;|https?://\S+", " ", TAG.sub(" ", value.replace("{{", "").replace("}}", "")))
    return _FIELD.sub("\x00", value)


@cache
def record_words() -> frozenset[str]:
    """The terms and the names of columns of the record: they are data in every language."""
    found: set[str] = {column.name for column in schema.COLUMNS}

    def take(value: object) -> None:
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict):
            # The terms are the keys; what stands beside them is how they are said.
            for key in value:
                take(key)
        elif isinstance(value, list | tuple | set | frozenset):
            for one in value:
                take(one)

    for name, value in vars(vocabulary).items():
        if name.isupper():
            take(value)
    return frozenset(found)


def is_no_language(value: str) -> bool:
    """Whether a string is code of another kind, or a list that is split: SQL, CSS, a script, a pattern, names between bars."""
    value = TAG.sub(" ", re.sub(r"<style.*?</style>|<script.*?</script>", " ", value, flags=re.DOTALL)) if "<" in value else value
    if re.search("[\u0400-\u04ff\u0600-\u06ff]", value):
        # Words of files in several scripts; our own texts are English.
        return True
    if _SQL.match(value) or value.count("|") > 1 or any(kind.search(value) for kind in (_SCRIPT, _PATTERN)):
        return True
    # "line: the range; triangle: or more." has the form of CSS, but ends as a sentence does.
    return bool(_CSS.search(value)) and not _SENTENCE_END.search(value)


def is_text(value: str, with_fields: bool, alone: bool = False) -> bool:
    """Whether a string reads like a text. with_fields: values are set into it; alone: its place is one of a text, be it a word."""
    if bare(value).strip() in DATA or value.strip() in DATA or value.strip() in record_words() or is_no_language(value):
        return False
    if any(is_text(found[2], "{" in found[2], alone=True) for found in TEXT_ATTRIBUTES.finditer(value)):
        return True
    tokens = [token for token in bare(value).replace("\x00", " \x00 ").split() if token != "\x00"]
    words = [token for token in tokens if _WORD.fullmatch(token) and len(re.sub(r"\W", "", token)) > 1]
    if not with_fields and re.fullmatch(r"[A-Z][a-z]{2,}", value):
        # A heading or a label of one word.
        return True
    if alone and len(tokens) == 1 and words:
        return value.strip()[:1].isupper()
    if value.strip() != value and words and len(words) == len(tokens):
        # A piece that is set beside another one.
        return True
    if with_fields or "{}" in value:
        return bool(words) and bool(re.search(r"\s", bare(value)))
    if TAG.search(value):
        return bool(words) and len(words) >= 0.5 * len(tokens)
    if words and len(tokens) > 1 and all(token in words or re.fullmatch(r"[\d.,]+|%", token) for token in tokens):
        return True
    return len(words) > 1 and len(words) >= 0.4 * len(tokens)


def fields(node: ast.JoinedStr) -> str:
    """The literal parts of an f-string, with an empty field for each value."""
    return "".join(
        str(part.value).replace("{", "{{").replace("}", "}}") if isinstance(part, ast.Constant) else "{}" for part in node.values
    )


def unwrapped(source: str, name: str = "") -> Iterator[Found]:
    """The texts of a module that stand outside the catalogue, and the messages that cannot be extracted.

    name: path from the folder of the package; a file of `DATA_FILES` holds data only.
    """
    if name in DATA_FILES:
        return
    yield from _Sweep().of(ast.parse(source))


class _Sweep(ast.NodeVisitor):
    def of(self, tree: ast.AST) -> list[Found]:
        self.found: list[Found] = []
        self._around: list[ast.AST] = []
        self.visit(tree)
        return sorted(self.found)

    def visit(self, node: ast.AST) -> None:
        if isinstance(node, ast.JoinedStr):
            self._examine(node, fields(node), any(isinstance(part, ast.FormattedValue) for part in node.values))
            self._around.append(node)
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    self.visit(part.value)
            self._around.pop()
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            self._examine(node, node.value, False)
        if isinstance(node, ast.IfExp):
            self.found += _beside_messages(_outcomes(node))
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.iter, ast.Tuple | ast.List | ast.Set):
            self.found += _beside_messages(node.iter.elts)
        if isinstance(node, ast.Call):
            self.found += _matched_messages(node)
        self._around.append(node)
        self.generic_visit(node)
        self._around.pop()

    def _examine(self, node: ast.expr, value: str, with_fields: bool) -> None:
        place = self._place(node)
        if place == "message":
            if isinstance(node, ast.JoinedStr):
                self.found.append(Found(node.lineno, f"an f-string cannot be extracted: {value[:80]}"))
        elif place != "data" and is_text(value, with_fields, place == "text"):
            self.found.append(Found(node.lineno, value[:100]))

    def _place(self, node: ast.AST) -> str:
        """What a string is for, by what stands around it: message, data, text, or nothing that says so."""
        inside = node
        for around in reversed(self._around):
            match around:
                case ast.Yield():
                    return ""
                case ast.Expr() | ast.Compare() | ast.Assert() | ast.MatchValue() | ast.arg():
                    return "data"
                case ast.Assign(targets=[ast.Name(id="__all__")]):
                    return "data"
                case ast.AnnAssign() if inside is around.annotation:
                    return "data"
                case ast.FunctionDef() if inside is around.returns:
                    return "data"
                case ast.Dict() if inside in around.keys:
                    return "data"
                case ast.Dict():
                    return ""
                case ast.Subscript() if inside is around.slice:
                    return "data"
                case ast.Attribute():
                    return "data" if around.attr in SPLIT_OR_JOINED else ""
                case ast.Call():
                    return self._call(around, inside)
                case ast.keyword():
                    if around.arg in NOT_TEXT_ARGUMENTS:
                        return "data"
                    if around.arg in TEXT_ARGUMENTS:
                        return "text"
                case ast.JoinedStr() | ast.stmt():
                    return ""
            inside = around
        return ""

    def _call(self, call: ast.Call, inside: ast.AST) -> str:
        function = call.func
        name = function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
        if inside is function:
            return ""
        if name in TRANSLATORS:
            return "message"
        if name in LOG_CALLS and not (isinstance(function.value, ast.Name) and function.value.id == "st"):
            return "data"
        if name in NOT_TEXT_CALLS:
            # What stands in for a missing entry is shown.
            return "" if name in ("get", "pop") and call.args and inside is not call.args[0] else "data"
        return "text" if name in TEXT_CALLS and call.args and inside is call.args[0] else ""


def _outcomes(choice: ast.IfExp) -> list[ast.expr]:
    """What a choice, and the choices in it, can come to."""
    outcomes: list[ast.expr] = []
    left: list[ast.expr] = [choice]
    while left:
        one = left.pop()
        if isinstance(one, ast.IfExp):
            left += [one.body, one.orelse]
        else:
            outcomes.append(one)
    return outcomes


def _is_message(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TRANSLATORS


def _matched_messages(call: ast.Call) -> list[Found]:
    """The messages that a text is compared with: name.removesuffix(_(" town"))."""
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in MATCHING_CALLS):
        return []
    messages = [node for argument in call.args for node in ast.walk(argument) if _is_message(node)]
    return [Found(one.lineno, f"a translation in {call.func.attr}: keep what is compared apart") for one in messages]


def _beside_messages(alternatives: list[ast.expr]) -> list[Found]:
    """The words beside which stands a message: _("as many") if ... else "more", or one in ("more", _("as many"))."""
    if not any(map(_is_message, alternatives)):
        return []
    words = (
        one
        for one in alternatives
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.search("[a-z]", one.value)
    )
    return [Found(one.lineno, one.value) for one in words]


def sweep(folder: Path, names: Iterator[Path] | None = None) -> list[str]:
    """The texts outside the catalogue in all modules of a folder: file, line and text of each."""
    wrong = []
    for path in sorted(names or folder.rglob("*.py")):
        name = path.relative_to(folder).as_posix()
        wrong += [f"{name}:{one.line}: {one.text}" for one in unwrapped(path.read_text(encoding="utf-8"), name)]
    return wrong
