"""Every sentence that a reader meets is short and in the project's own terms: on the pages as they run, and in all strings of the code."""

from __future__ import annotations

import html
from pathlib import Path

import pytest

import incident_atlas
from incident_atlas.core.reference_data import DATA
from tests.support.pages import opened
from tests.support.record import shipped_record
from tests.support.wording import BANNED, banned, in_code, on_page, sentences, too_long

PACKAGE = Path(incident_atlas.__file__).parent
STATES = (
    ("app.py", {}),
    ("app.py", {"city": "Herat"}),
    ("app.py", {"q": "xyzzy embassy"}),
    ("app.py", {"incident": "AFG-20220905-1"}),
    ("pages/incidents.py", {}),
    ("pages/incidents.py", {"incident": "AFG-20201201-1"}),
    ("pages/incidents.py", {"incident": "AFG-20170531-1"}),
    ("pages/compare.py", {}),
    ("pages/compare.py", {"city": "Kabul", "first": "2020-02-29:2021-08-14", "second": "2021-08-15:2022-12-31"}),
    ("pages/nearby.py", {}),
    ("pages/nearby.py", {"site": "embassy-canada-kabul", "km": "2"}),
    ("pages/claims.py", {}),
    ("pages/data.py", {}),
    ("pages/about.py", {}),
)


def of_the_record(query: dict[str, str]) -> list[str]:
    """Texts of the record and its changes on a page: other people's words, or quoted ones, longest first."""
    found = [(DATA / "README.md").read_text(encoding="utf-8").partition("\n## Changes\n")[2]]
    for table, columns in (
        (shipped_record().incidents, ("summary", "title", "notes", "place")),
        (shipped_record().reports, ("says", "title")),
    ):
        rows = table[table["incident_id"] == query.get("incident")]
        found += [text for column in columns for text in rows[column].astype(str) if text]
    return sorted({text.strip() for text in found}, key=len, reverse=True)


@pytest.mark.nightly
@pytest.mark.parametrize(("page", "query"), STATES)
def test_a_page_has_no_long_sentence_and_no_banned_wording(page, query):
    quoted = of_the_record(query)
    message = set()
    for text in on_page(opened(page, query)):
        text = html.unescape(text)
        for other in quoted:
            text = text.replace(other, "").replace(other.rstrip("."), "")
        message |= set(sentences(text))
    assert len(message) > 20
    assert {one: banned(one) for one in message if banned(one)} == {}
    assert sorted(one for one in message if too_long(one)) == []


@pytest.mark.parametrize("folder", sorted(path.name for path in PACKAGE.iterdir() if path.is_dir() and any(path.rglob("*.py"))))
def test_no_string_of_the_code_is_a_long_sentence_or_a_banned_wording(folder):
    found = {
        (f"{path.relative_to(PACKAGE)}:{line}", sentence): banned(sentence) or "more than 30 words"
        for path in sorted((PACKAGE / folder).rglob("*.py"))
        for line, text in in_code(path)
        if " " in text
        for sentence in sentences(text)
        if too_long(sentence) or banned(sentence)
    }
    assert found == {}


def test_the_check_finds_what_it_is_for():
    assert too_long("One " + "word " * 30 + "more, too many.") and not too_long("One, two (" + "word " * 40 + ") three.")
    assert sentences("<p>One. Two <b>three</b></p><li>Four · Five") == ["One.", "Two", "three", "Four", "Five"]
    assert banned("3 incidents, 1 not locatable") and not banned("3 incidents, 1 with no known location")
    assert all(banned(expected) == "" for expected in BANNED.values())
