"""Every text is a message of one catalogue: in the code, where it is extracted, and on the pages in a language of brackets."""

from __future__ import annotations

import ast
import csv
import gettext
import html
import json
import re
import subprocess
import sys
from bisect import bisect_left
from functools import cache
from pathlib import Path

import pytest

from incident_atlas import i18n
from incident_atlas.analysis.claims.answer import VERDICTS
from incident_atlas.core.reference_data import DATA
from incident_atlas.core.synonyms import SYNONYMS
from incident_atlas.maps.legend import entries
from incident_atlas.maps.script_texts import script_messages
from incident_atlas.theme import ASSETS
from tests.support import pseudo_language
from tests.support.pages import ROOT
from tests.support.pseudo_language import CLOSE, OPEN, outside
from tools.texts import catalogue
from tools.texts.data_words import DATA as DATA_WORDS
from tools.texts.rules import is_text, record_words, sweep, unwrapped

PACKAGE = ROOT / "incident_atlas"
STATES = (
    ("app.py", {}),
    ("app.py", {"q": "xyzzy embassy"}),
    ("app.py", {"incident": "AFG-20220905-1"}),
    ("pages/incidents.py", {}),
    ("pages/incidents.py", {"incident": "AFG-20170531-1"}),
    ("pages/compare.py", {"city": "Kabul", "first": "2020-02-29:2021-08-14", "second": "2021-08-15:2022-12-31"}),
    ("pages/nearby.py", {"site": "embassy-canada-kabul", "km": "2"}),
    ("pages/claims.py", {}),
    ("pages/data.py", {}),
    ("pages/about.py", {}),
)
COMMANDS = (
    ["summary", "data/incidents.csv", "--city", "Herat"],
    ["nearby", "data/incidents.csv", "--site", "embassy-canada-kabul"],
    ["check", "data/incidents.csv"],
    ["compare", "data/incidents.csv", "--first", "2020-08-15:2021-08-14", "--second", "2021-08-15:2022-08-14"],
    ["geocode", "Shahr-e Naw"],
)

# Texts of click, not ours; names that are the same in every language; how a citation is written.
NOT_OURS = {
    "usage",
    "options",
    "commands",
    "help",
    "show this message and exit",
    "incident atlas",
    "bibtex",
    "ris",
    "text",
    "csl-json",
}


def test_no_text_of_the_code_stands_outside_the_catalogue():
    assert sweep(PACKAGE) == []


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        ("x = 'No incident is here.'", True),
        ("x = _('No incident is here.')", False),
        ("x = f'{n} incidents in view'", True),
        ("x = _(f'{n} incidents in view')", True),
        ("x = _('{n} incidents in view').format(n=n)", False),
        ("x = counted(n, '{n} row', '{n} rows')", False),
        ("st.button('Undo')", True),
        ("x = f\"<p class='atlas-note'>Cite as</p>\"", True),
        ("x = f\"<p class='atlas-note'>{_('Cite as')}</p>\"", False),
        ("x = \"<a aria-label='Close the list'></a>\"", True),
        ("x = 'SELECT a FROM b WHERE c'", False),
        ("x = 'one two three'.split()", False),
        ("x = {'a long key of a dict': 1}", False),
        ("x = y == 'a value of data'", False),
        ("raise TypeError('a mistake of the program')", False),
        ("raise ValueError('The two periods share a day.')", True),
        ("def f():\n    yield 'No source is known to begin.'", True),
        ("def f():\n    'What it gives.'", False),
        ("x = 'Bar: best figures; line: the range; triangle: or more.'", True),
        ("x = 'color: red; margin: 0 auto; padding: 0'", False),
        ("x = f'Source: {name} of the record'.strip()", True),
        ("x = _('as many') if same else 'more'", True),
        ("x = _('as many') if same else ''", False),
        ("raise FileError('The file is empty.')", True),
        ("x = name.removesuffix(_(' town'))", True),
        ("x = name.startswith(('of', _('from')))", True),
        ("x = name.removesuffix(' town')", False),
        ("for kind in (' city', _(' town')):\n    pass", True),
        ("for kind in (_(' city'), _(' town')):\n    pass", False),
        ("x = f'{kind}_low'", False),
    ],
)
def test_the_sweep_tells_a_text_from_what_is_none(source, wrong):
    assert bool(list(unwrapped(source))) == wrong


def test_a_term_of_the_record_is_data():
    assert not is_text("Place of Worship", False) and is_text("Place of something", False)


def test_the_catalogue_is_current():
    # `make texts` writes it.
    assert catalogue.POT.read_text(encoding="utf-8") == catalogue.written()


def test_no_message_is_the_name_of_a_style():
    assert [
        message.id for message in catalogue.catalogue() if "atlas-" in str(message.id) and "incident_atlas" not in str(message.id)
    ] == []


def test_every_call_of_a_translator_is_extracted():
    """A message that is put together while the program runs is in no catalogue."""
    lost = []
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("ngettext", "gettext_noop"):
                messages = node.args[: 2 if node.func.id == "ngettext" else 1]
                if path.name != "i18n.py" and not all(isinstance(one, ast.Constant) for one in messages):
                    lost.append(f"{path.relative_to(PACKAGE)}:{node.lineno}")
    # What `counted` passes on has been extracted where it is called.
    assert [one for one in lost if not one.startswith("core/text.py")] == []


def test_the_messages_for_one_and_for_many_have_the_same_fields():
    for message in catalogue.catalogue():
        if isinstance(message.id, tuple):
            one, many = (set(re.findall(r"\{(\w+)", text)) for text in message.id)
            assert one == many or one == many - {"n"}, message.id


def test_without_a_catalogue_texts_stay_english(tmp_path):
    found = i18n.translations("fr", tmp_path)
    assert found.gettext("No incident passes this filter.") == "No incident passes this filter."
    assert [found.ngettext("{n} row", "{n} rows", n) for n in (0, 1, 2)] == ["{n} rows", "{n} row", "{n} rows"]


def test_a_catalogue_is_found_by_its_language(tmp_path):
    pseudo_language.write_catalogue(catalogue.catalogue(), tmp_path)
    found = i18n.translations(pseudo_language.LANGUAGE, tmp_path)
    assert isinstance(found, gettext.GNUTranslations)
    assert found.gettext("No incident passes this filter.") == f"{OPEN}No incident passes this filter.{CLOSE}"
    assert found.ngettext("{n} row", "{n} rows", 2) == f"{OPEN}{{n}} rows{CLOSE}"


_APART = re.compile(r"[·;:,()\[\]|/–—“”\"\t\n]|\. |  +")


def pieces(text: str) -> list[str]:
    """The words of a text between its punctuation, as they are compared: small, without signs at their ends."""
    return [
        piece
        for part in _APART.split(text)
        if (piece := part.strip(" .!?'*_–→&x…\xa0").casefold()) and re.search("[a-z]{2}", piece)
    ]


def without_code(text: str) -> str:
    """A text without styles, addresses, names of files and what Markdown shows as code."""
    return re.sub(
        r"<style.*?</style>|sha256 [0-9a-f]+|https?://\S+|`[^`]*`|\b[\w.-]+\.(?:csv|md|py)\b", " ", text, flags=re.DOTALL
    )


@cache
def record() -> frozenset[str]:
    """Every piece of text in the files of the data: words of the record, in the language that it is written in."""
    found: set[str] = set()
    for path in (*DATA.glob("*.csv"), ROOT / "incident_atlas/assets/example.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            for row in csv.reader(file):
                # A claim shows its test and its value together.
                for cell in (*row, " ".join(row[7:9]), " ".join(row[8:6:-1])):
                    found |= {*pieces(cell.replace("_", " ")), *pieces(cell), cell.strip().casefold()}
    found |= set(pieces(without_code((DATA / "README.md").read_text(encoding="utf-8"))))
    # Terms, and the words by which a search finds them.
    found |= {piece for text in (*record_words(), *DATA_WORDS) for piece in pieces(text)}
    found |= set(SYNONYMS) | {mark.casefold() for *_rest, mark in entries()}
    return frozenset(found)


@cache
def in_order() -> list[str]:
    """The same, sorted."""
    return sorted(record())


def in_part(piece: str) -> bool:
    """Whether a piece is the beginning of one of the record: a command cuts long titles."""
    at = bisect_left(in_order(), piece)
    return len(piece) > 3 and at < len(in_order()) and in_order()[at].startswith(piece)


def is_data(piece: str) -> bool:
    """Whether a piece is of the record, a date, a number with its unit, or a name."""
    if piece in record() or in_part(piece):
        return True
    piece = re.sub(r"^\d[\d.,\xa0 ]*", "", piece)
    date = r"(?:\d{1,2}[ \xa0])?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[ \xa0]\d{4}|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    return (
        not re.search("[a-z]{2}", piece)
        or piece in ("km", "m")
        or piece in record()
        or piece in NOT_OURS
        or bool(re.fullmatch(date, piece))
    )


def left_out(text: str) -> list[str]:
    """What a person would read in English of a text whose messages stand in brackets."""
    text = without_code(text)
    text = html.unescape(re.sub(r"<[^>]+>", "\n", text)).replace("\\", "")
    return [piece for piece in pieces(outside(text)) if not is_data(piece)]


# Slow: every page and command starts anew. `make test` sweeps the code for texts that are none.
@pytest.mark.nightly
def test_every_visible_text_of_pages_and_commands_is_a_message(tmp_path):
    """In the language of brackets: what pages say, what commands answer, their help and that of their options."""
    answer = in_brackets(tmp_path, pages=STATES, commands=COMMANDS)
    shown = {str(state): texts for state, texts in zip((*STATES, *COMMANDS), answer["pages"] + answer["commands"], strict=True)}
    assert {state for state, texts in shown.items() if not any(OPEN in text for text in texts)} == set()
    wrong = {(state, text[:200]): left_out(text) for state, texts in shown.items() for text in texts}
    assert {where: left for where, left in wrong.items() if left} == {}


def in_brackets(folder: Path, **request) -> dict:
    """What `pseudo_language` says of these pages and commands, and the page in one file."""
    pseudo_language.write_catalogue(catalogue.catalogue(), folder)
    request = json.dumps({"pages": [], "commands": []} | request)
    call = [sys.executable, "-m", "tests.support.pseudo_language", str(folder), request]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]
    return json.loads(done.stdout.partition("\x1e")[2])


def test_every_claim_is_answered_alike_in_any_language(tmp_path):
    (answer,) = in_brackets(tmp_path, commands=[["claims", "data/incidents.csv"]])["commands"]
    verdicts = re.findall(f"^[a-z0-9-]+: {OPEN}(.*){CLOSE}$", answer[0], flags=re.MULTILINE)
    assert len(verdicts) == 11 and set(verdicts) <= set(VERDICTS)


EVENTS = {"moveend", "zoomend", "remove", "pale"}
NO_TEXT = {"use strict", "noopener noreferrer", "Source Sans", "Feature", "Enter", "Ctrl", "Unknown"}
"""Strings of the scripts that look like a text: words of JavaScript and CSS, a typeface, a term of the record."""


def test_no_text_of_the_scripts_stands_outside_the_catalogue():
    lost = []
    for path in sorted(ASSETS.glob("*.js")):
        script = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        messages = {text for one in script_messages(script) for text in ((one,) if isinstance(one, str) else one)}
        for plain, template in re.findall(r'"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`', script):
            text = re.sub(r"\$\{[^}]*\}", "X", plain or template)
            # Classes and events are all in small letters, with a hyphen or without a word of more than one kind.
            reads = re.search(r"[A-Za-z]{2,},? [a-z]{2,}", text) or re.fullmatch(r"[A-Z][a-z]+", text)
            code = re.fullmatch(r"[a-z -]+", text) and ("-" in text or EVENTS & set(text.split()))
            if (
                reads
                and not code
                and text not in messages | NO_TEXT
                and not re.search(r"gradient\(|=", text)
                and not text.startswith("Jan Feb")
            ):
                lost.append(f"{path.name}: {text}")
    assert lost == []


def test_a_text_outside_the_brackets_is_found():
    assert left_out(f"{OPEN}In{CLOSE} <b>Kabul</b>, 5 Sep 2022 · nobody said so") == ["nobody said so"]
    assert left_out(f"<p class='atlas-note'>{OPEN}all of <b>it</b>, and {OPEN}more{CLOSE}{CLOSE}</p> 12 km") == []


def test_the_language_comes_from_one_setting():
    settings = {
        path.relative_to(ROOT).as_posix()
        for path in PACKAGE.rglob("*.py")
        if "ATLAS_LANGUAGE" in path.read_text(encoding="utf-8")
    }
    assert settings == {"incident_atlas/i18n.py"} and Path(i18n.__file__).is_relative_to(PACKAGE)
