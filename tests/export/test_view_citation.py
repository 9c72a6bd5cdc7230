"""A view as a reference: four formats of the same thing, each as its own readers want it, whatever the words are."""

from __future__ import annotations

import json
from datetime import date

import pybtex.database
import pytest
import rispy

from incident_atlas.analysis import summary
from incident_atlas.dataset.citation import cite
from incident_atlas.export.view_citation import ViewCitation
from tests.support import tiny
from tests.support.hostile import PROBES
from tests.support.pages import opened, words

LINK = "http://localhost:8501/?city=Kabul"
TODAY = date(2026, 5, 3)


def view(sentence: str = "2 incidents in Kabul, 2020.", link: str = LINK) -> ViewCitation:
    loaded = tiny.record({}, {})
    return ViewCitation.of(cite(loaded, sentence, link, summary.headline(loaded.incidents)), TODAY)


def test_every_format_holds_sentence_version_link_and_day():
    reported = {one.name: one.text for one in view().formats()}
    version = view().version
    assert set(reported) == {"Text", "BibTeX", "RIS", "CSL-JSON"} and len(version) == 64
    for name, text in reported.items():
        assert "2 incidents in Kabul, 2020." in text and version in text and LINK in text, name
    assert "Accessed 3 May 2026." in reported["Text"] and "urldate = {2026-05-03}" in reported["BibTeX"]
    assert "\r\nY2  - 2026/05/03/\r\n" in reported["RIS"]
    [item] = json.loads(reported["CSL-JSON"])
    assert item["type"] == "dataset" and item["accessed"] == {"date-parts": [[2026, 5, 3]]} and item["version"] == version


def test_another_sentence_or_link_of_the_same_day_is_another_key_and_the_same_view_the_same():
    made = [view(), view("1 incident in Herat."), view(link="http://localhost:8501/?city=Herat"), view()]
    keys = [json.loads(one.csl_json())[0]["id"] for one in made]
    assert len(set(keys)) == 3 and keys[0] == keys[3]
    assert all(one.bibtex().startswith(f"@misc{{{key},") for one, key in zip(made, keys, strict=True))


@pytest.mark.parametrize("probe", [*PROBES, "a\r\nER  - \r\nTY  - BOOK", "}\n@book{x,"])
def test_no_text_ends_a_field_or_begins_a_tag(probe):
    made = view(probe, f"http://localhost/?q={probe[:300]}")
    assert all(line[2:6] == "  - " for line in made.ris().splitlines() if line)
    assert [line[:2] for line in made.ris().splitlines()].count("TY") == 1 and made.ris().endswith("ER  - \r\n")
    assert len(json.loads(made.csl_json())) == 1


@pytest.mark.parametrize(
    "probe", [*PROBES, "a\r\nER  - \r\nTY  - BOOK", "}\n@book{x,", "\\input{/etc/passwd} 100 % {sure} \\", "کابل"]
)
def test_readers_of_others_find_one_reference_with_all_its_fields(probe):
    made = view(probe, f"http://localhost/?q={probe[:300]}")
    entries = pybtex.database.parse_string(made.bibtex(), "bibtex").entries
    [(_, entry)] = entries.items()
    assert entry.type == "misc" and set(entry.fields) == {"title", "howpublished", "year", "version", "note", "urldate", "url"}
    assert (entry.fields["url"], entry.fields["version"]) == (made.link, made.version)
    [reference] = rispy.loads(made.ris())
    assert reference["type_of_reference"] == "DATA" and reference["urls"] == [made.link.replace(";", "%3B")]
    assert reference.get("title", "").strip() == made.sentence.strip() and "unknown_tag" not in reference


def test_a_link_says_when_it_was_made_on_other_data_and_only_then():
    app = opened("app.py", {"city": "Kabul", "version": "0123456789ab"})
    assert "made on another version of the data (0123456789ab" in words(app) and "Ignored in the address" not in words(app)
    app = opened("app.py")
    app.session_state["share"] = True
    app.run()
    cited = next(code.value for code in app.code if "Data version sha256" in code.value)
    version = cited.split("version=")[1][:12]
    assert cited.split("sha256 ")[1].startswith(version)
    assert "another version of the data" not in words(opened("app.py", {"version": version}))
    odd = words(opened("app.py", {"version": "<blink>"}))
    assert "<blink>" not in odd and "another version" not in odd and "Ignored in the address: version=" in odd


def test_the_format_that_is_chosen_is_shown():
    app = opened("app.py")
    app.session_state["share"] = True
    app.session_state["w:cite-view"] = "RIS"
    app.run()
    assert any(code.value.startswith("TY  - DATA") for code in app.code)
