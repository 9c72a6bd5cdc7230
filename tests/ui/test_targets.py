"""Who was aimed at against who was hit: only where they are thought to differ, the rest is a count; and tables as HTML."""

from __future__ import annotations

from xml.etree import ElementTree

from incident_atlas.analysis.summary import AIMED_COLUMNS, aimed_and_hit
from incident_atlas.ui.pages.incidents.targets import as_html
from incident_atlas.ui.parts.html_table import html_table
from tests.support.record import shipped_record
from tests.support.tiny import record

ROWS = [
    {"target_type": "Police"},
    {"target_type": "Police", "intended_target_type": ""},
    {"target_type": "Private Citizens & Property", "intended_target_type": "Military"},
    {"target_type": "Private Citizens & Property;Police", "intended_target_type": "Military"},
    {"target_type": "Government (Diplomatic)", "intended_target_type": "Government (Diplomatic);Military"},
    {"target_type": "Unknown", "intended_target_type": "Police"},
]


def parsed(html: str) -> ElementTree.Element:
    return ElementTree.fromstring(f"<html>{html}</html>")


def test_a_blank_intended_type_stands_in_no_cell_and_in_a_count_of_its_own():
    found = aimed_and_hit(record(*ROWS).incidents)
    assert (found.differ, found.as_aimed) == (4, 2)
    assert list(found.pairs.itertuples(index=False, name=None)) == [
        ("Military", "Private Citizens & Property", 2),
        ("Military", "Government (Diplomatic)", 1),
        ("Military", "Police", 1),
        ("Government (Diplomatic)", "Government (Diplomatic)", 1),
        ("Police", "Unknown", 1),
    ]


def test_the_two_counts_are_all_incidents_of_the_shipped_record():
    incidents = shipped_record().incidents
    found = aimed_and_hit(incidents[list(AIMED_COLUMNS)])
    assert found.differ + found.as_aimed == len(incidents) and found.differ > 0
    assert found.pairs["incidents"].min() > 0 and not (found.pairs == "").any(axis=None)


def test_the_table_names_every_row_and_column_and_writes_zeros():
    root = parsed(as_html(aimed_and_hit(record(*ROWS).incidents)))
    assert "4 incidents hit another target" in root[0].text and "2 hit the intended target." in root[0].text
    rows = [[cell.text for cell in row] for row in root.iter("tr")]
    assert rows[0] == ["Intended target", "Government (Diplomatic)", "Private Citizens & Property", "Police", "Unknown"]
    assert rows[1] == ["Military", "1", "2", "1", "0"] and rows[3] == ["Police", "0", "0", "0", "1"]
    scopes = [cell.get("scope") for cell in root.iter("th")]
    assert scopes.count("col") == 5 and scopes.count("row") == 3


def test_without_a_difference_there_is_a_sentence_and_no_table():
    for rows, n in ((ROWS[:2], 2), ([], 0)):
        root = parsed(as_html(aimed_and_hit(record(*rows).incidents)))
        assert root.find(".//table") is None and f"{n} hit the intended target." in root[0].text


def test_a_table_shows_hostile_text_as_text():
    probe = "<img src=x onerror=x> {{ 7*191 }} ${x} `z`"
    root = parsed(html_table(probe, [probe, "n"], [(probe, 1200), (probe, 0)]))
    assert root.find(".//img") is None and [cell.text for cell in root.iter("td")] == ["1,200", "0"]
    assert {cell.text for cell in root.iter("th")} == {probe, "n"} and root.find(".//caption").text == probe
    region = root.find("div")
    assert (region.get("role"), region.get("tabindex")) == ("region", "0")


def test_a_table_of_nothing_is_a_table():
    assert parsed(html_table("None", ["a", "b"], [])).find(".//caption").text == "None"
