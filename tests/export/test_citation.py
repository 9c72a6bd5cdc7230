"""How one incident is cited, whatever its title holds."""

from __future__ import annotations

import re
from datetime import date

import pandas as pd

from incident_atlas.export import incident_citation
from tests.support.tiny import record

HOSTILE = "</script>{{ 7*7 }}}\\end\n@misc{x, %|"


def one(**cells: str) -> pd.Series:
    return record(cells).incidents.iloc[0]


def braces(entry: str) -> int:
    """How many braces are open at the end, as BibTeX counts them: a backslash before one does not matter to it."""
    depth = 0
    for sign in entry:
        depth += {"{": 1, "}": -1}.get(sign, 0)
        assert depth >= 0
    return depth


def test_an_incident_is_cited_as_text_and_as_bibtex():
    text, entry = incident_citation.cite(
        one(), "http://127.0.0.1:8501/incidents?incident=T-1&city=Kabul", pd.Timestamp("2024-12-11")
    )
    where = "http://127.0.0.1:8501/incidents?incident=T-1&city=Kabul"
    assert text == f"Incident Atlas: “An attack”, 1 Jan 2020. Incident T-1, record to 11 Dec 2024. {where}"
    assert entry.startswith("@misc{T-1,\n  title = {{An attack}},\n") and braces(entry) == 0
    assert f"  url = {{{where}}}\n}}" in entry


def test_a_hostile_title_cannot_leave_its_field():
    for title in (HOSTILE, "{", "}", "}}\n@misc{evil,", "100 % \\input{x}", 'a_b^c~d#e$f&g"'):
        text, entry = incident_citation.cite(one(title=title), f"javascript:{title}", None)
        assert braces(entry) == 0 and len(entry.splitlines()) == 6 and "\n" not in text
        value = entry.splitlines()[1].removeprefix("  title = {{").removesuffix("}},")
        assert not re.search(r"(?<!\\)[%#$&_]", value) and not re.search(r"[~^\n]", value)
        assert not re.search(r"\\(?!text|[%#$&_])", value)


def test_a_citation_may_say_when_it_was_seen():
    text, entry = incident_citation.cite(one(), "http://localhost/", None, accessed=date(2026, 11, 30))
    assert "Accessed 30 Nov 2026. http://localhost/" in text and "urldate = {2026-11-30}" in entry
