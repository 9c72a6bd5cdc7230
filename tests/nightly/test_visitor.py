"""Readers without a browser get the real app's answers, hold them against what they asked, and report what is wrong."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from incident_atlas.dataset.load import RECORD
from incident_atlas.ui.session.record import LARGE_FILE
from tools.bench import load
from tools.bench.visitor import MAP, VisitFailed, Visitor
from tools.synthetic import records


@pytest.fixture(scope="module")
def known() -> load.Facts:
    """What is true of the shipped record."""
    return load.facts(RECORD)


def test_two_readers_slide_pan_open_and_close_without_a_fault(server, known):
    met = asyncio.run(load.level(server, known, users=2, seconds=3, pause=0.2))
    assert met.faults == []
    assert met.users == 2 and len(met.seconds) >= 2 and all(seconds > 0 for seconds in met.seconds)
    assert met.memory > 50 and met.server > 0


def test_every_act_of_a_reader_changes_what_the_server_answers(server, known):
    async def acts() -> list[str]:
        reader = load.Reader(Visitor(server.url), known, load.random.Random(3))
        await reader.open()
        addresses = [reader.visitor.query]
        for act in (reader.slide, reader.pan, reader.open_or_close, reader.open_or_close, reader.slide):
            await act()
            addresses.append(reader.visitor.query)
        await reader.visitor.close()
        return addresses

    opened, slid, panned, opened_one, closed, slid_again = asyncio.run(acts())
    assert "from=" in slid and "from=" not in opened
    assert "lat=" in panned and "lat=" not in slid
    assert "incident=" in opened_one and "incident=" not in panned + closed
    assert slid_again != closed


def test_a_wrong_count_is_a_fault(server, known):
    wrong = replace(known, spans=tuple((since, until, count + 1) for since, until, count in known.spans))
    met = asyncio.run(load.level(server, wrong, users=1, seconds=2, pause=0.1))
    assert len(met.faults) == 1 and "holds" in met.faults[0] and not met.seconds


SCRIPTS = {
    "raise ValueError('broken')": "ValueError broken",
    "import streamlit as st\nst.error('nothing to see')": "nothing to see",
    "def (": "SyntaxError|compiled",
}


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_page_that_fails_is_a_failed_visit(script: str, tmp_path: Path, start_app):
    page = tmp_path / "page.py"
    page.write_text(script, encoding="utf-8")
    with pytest.raises(VisitFailed, match=SCRIPTS[script]):
        asyncio.run(Visitor(start_app(page).url).open())


def test_the_map_of_the_reader_for_whom_a_large_record_is_read_stays_in_its_place(tmp_path: Path, start_app):
    records.write(tmp_path / "large.csv", 14_000)
    assert (tmp_path / "large.csv").stat().st_size > LARGE_FILE

    def place(visitor: Visitor) -> tuple[int, ...]:
        return next(path for path, one in visitor.shown.items() if one is visitor.find(MAP))

    async def places() -> list[tuple[int, ...]]:
        visitor = Visitor(start_app(INCIDENTS_SOURCE=str(tmp_path / "large.csv")).url)
        await visitor.open()
        first = place(visitor)
        await visitor.touch("w:q", string_value="convoy")
        await visitor.close()
        return [first, place(visitor)]

    first, second = asyncio.run(places())
    assert first == second


def test_the_table_holds_every_number_of_readers_against_the_first():
    one = load.Level(1, [0.1, 0.1, 0.2], [], 10, 300, 1, 0.1)
    many = load.Level(11, [0.4, 0.2, 0.3, 0.3], ["no"], 10, 320, 8, 0.5)
    first, second = load.line(one, one), load.line(many, one)
    assert first.split() == ["1", "3", "0.100", "s", "0.190", "s", "1.0", "1.0", "0", "300", "0.10", "0.01"]
    assert second.split() == ["11", "4", "0.300", "s", "0.385", "s", "3.0", "2.0", "1", "320", "2.0", "0.80", "0.05"]
