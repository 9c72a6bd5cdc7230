"""Text for people: harmless, and written the same way everywhere."""

from __future__ import annotations

import html
import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_atlas.cli.options import print_json, say
from incident_atlas.core.text import INVISIBLE, as_cell, counted, day, from_cell, listed, plain, safe_text, safe_url


@given(st.text())
def test_safe_text_holds_no_character_of_html_scripts_or_templates(text):
    shown = safe_text(text, longest=10_000)
    assert not set("<>\"'{}$\\`") & set(shown)
    assert "&" not in shown.replace("&#", "")


PROBES = ["<img src=x onerror=1>", "{{ 7*191 }}", "{% for %}", "${x}", "`x`", "</script>", "&lt;", "\\u003c"]


@pytest.mark.parametrize("probe", PROBES)
def test_probes_are_shown_as_themselves(probe):
    assert html.unescape(safe_text(probe)) == probe


def test_long_text_is_cut_and_says_so():
    assert plain("x" * 600) == "x" * 499 + "…" and plain("x" * 500) == "x" * 500
    assert len(safe_text("<" * 600, longest=10)) == len("&#60;") * 9 + 1


def test_controls_and_marks_that_turn_the_direction_are_left_out():
    assert plain("a\x00\x1b[1m\u202eb\ufeff\u200f\x85") == "a[1mb" and plain("a\tb\nc") == "a\tb\nc"


def test_a_command_prints_nothing_that_a_terminal_obeys(capsys):
    odd = "a\x1b[31m\x9b\u202eb\u061c\n"
    say(odd)
    print_json({odd: odd})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "a[31mb" and json.loads(lines[-1]) == {odd: odd} and not INVISIBLE.search(lines[-1])


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.org/a?b=c", "https://example.org/a?b=c"),
        (" http://example.org ", "http://example.org"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//example.org", None),
        ("https://", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_only_web_addresses_become_links(url, safe):
    assert safe_url(url) == safe


@given(st.text())
def test_a_cell_gives_back_its_text_and_begins_no_formula(text):
    cell = as_cell(text)
    assert from_cell(cell) == text and not cell.startswith(tuple("=+-@\t\r\n＝＋－＠"))


def test_a_date_is_as_precise_as_it_is_known():
    known = {precision: day(date(2022, 9, 5), precision) for precision in ("day", "week", "month", "year")}
    assert known["day"] == "5 Sep 2022" and known["week"] == "week of 5 Sep 2022"
    assert known["month"] == "Sep 2022 (month known only)" and known["year"] == "2022 (year known only)"


def test_lists_and_counts_read_as_english():
    assert [listed(items) for items in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]
    assert listed(("a", "b"), "or") == "a or b"
    assert [counted(n, "{n} city", "{n} cities") for n in (0, 1, 1200)] == ["0 cities", "1 city", "1,200 cities"]
