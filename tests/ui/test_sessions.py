"""Two people at once, each with files of their own: nothing of the one reaches the other, a log, or what is kept for all."""

from __future__ import annotations

import gc
import io
import json
import logging
import uuid

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.dataset.query import Query
from incident_atlas.ui.session import logging as log
from tests.browser.test_browser_data import drop as drop_file
from tests.support.browser import App, Visit, settle
from tests.support.pages import everything, opened
from tests.support.tiny import text
from tests.ui.test_data_page import drop

PAGES = (
    "app.py",
    "pages/incidents.py",
    "pages/compare.py",
    "pages/nearby.py",
    "pages/claims.py",
    "pages/data.py",
    "pages/about.py",
)
FREE = "title", "summary", "place", "notes", "target_name", "perpetrator", "coordinated_id"
"""Cells that hold any words."""


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    """The dashboard was started with the shipped record."""
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)


def secret() -> str:
    """A word that is nowhere else in this process, always of one length."""
    return f"s{uuid.uuid4().hex}"


def mine(word: str, rows: int = 3, **cells: str) -> str:
    """A file all of whose free text is this word; one row has a fault that quotes it."""
    free = {name: f"{word} {name}" for name in FREE} | cells
    return text(*({"incident_id": f"T-{n:05}"} | free for n in range(rows)), {"attack_type": word, "date": word})


def everywhere(app: AppTest) -> str:
    """All that a session is sent, page by page."""
    shown = []
    for page in PAGES:
        app.switch_page(page).run()
        assert not app.exception, (page, app.exception)
        shown.append(everything(app))
    return "".join(shown)


def test_two_sessions_in_one_process_see_their_own_files_and_no_word_of_the_others():
    first, second = secret(), secret()
    one, other, third = (opened("pages/data.py") for _ in range(3))
    drop(one, (f"{first}.csv", mine(first)))
    drop(other, (f"{second}.csv", mine(second)))
    for app, own, foreign in ((one, first, second), (other, second, first), (one, first, second)):
        shown = everywhere(app)
        assert own in shown and foreign not in shown
    shown = everywhere(third)
    assert first not in shown and second not in shown


def test_results_of_the_whole_record_are_worked_out_once_for_all_sessions_and_those_of_a_filter_in_each(monkeypatch):
    queries = []
    answer = Query.answer
    monkeypatch.setattr(Query, "answer", lambda query: queries.append(query) or answer(query))
    counts = []
    for city in (None, None, "Herat", "Herat"):
        app = opened("app.py", {"city": [city]} if city else None)
        assert not app.exception
        counts.append(len(queries))
        queries.clear()
    # Only the marks are asked for again: they depend on the view.
    assert counts[1] < 4 < min(counts[2:])


def test_an_error_message_is_told_to_the_session_that_brought_the_file_alone():
    word = secret()
    one, other = opened("pages/data.py"), opened("pages/data.py")
    drop(one, (f"{word}.csv", f"{word}^b\n1^2\n"))
    assert word in everything(one)
    assert word not in everywhere(other)


def test_no_word_of_a_file_stays_in_what_the_process_keeps_when_its_session_is_gone():
    word = secret()
    app = opened("pages/data.py")
    drop(app, (f"{word}.csv", mine(word, city=f"{word} city", province=f"{word} province")))
    shown = everywhere(app)
    assert word in shown and _kept(word)
    del app, shown
    assert _kept(word) == []


def _kept(word: str) -> list[str]:
    """Kinds of the caches and containers of the product, of all that is alive, that hold a text or bytes with this word."""
    gc.collect()
    found = []
    for one in gc.get_objects():
        for held in gc.get_referents(one):
            if (isinstance(held, str) and held is not word and word in held) or (
                isinstance(held, bytes) and word.encode() in held
            ):
                found.append(f"{type(one).__module__}.{type(one).__name__}: {str(one)[:200]}")
                break
    return found


# --- logs


def written(report) -> str:
    """What a logger writes while `report` is called with it."""
    into, logger = io.StringIO(), logging.getLogger(f"tests.{uuid.uuid4().hex}")
    logger.propagate = False
    logger.addHandler(logging.StreamHandler(into))
    log.keep_words_out()
    report(logger)
    return into.getvalue()


def stumble() -> None:
    """An exception that quotes a cell, led to by another that does."""
    try:
        float("cell words")
    except ValueError as trouble:
        raise KeyError("cell words") from trouble


@pytest.mark.parametrize(
    "report",
    [
        lambda logger, trouble: logger.exception("Uncaught"),
        lambda logger, trouble: logger.error("Uncaught", exc_info=trouble),
        lambda logger, trouble: logger.error("Uncaught", exc_info=(type(trouble), trouble, trouble.__traceback__)),
    ],
)
def test_a_log_names_kind_and_place_of_a_mistake_and_no_word_of_a_row(report):
    def caught(logger):
        try:
            stumble()
        except KeyError as trouble:
            report(logger, trouble)

    reported = written(caught)
    assert "Uncaught" in reported and "KeyError" in reported and "ValueError" in reported and "in stumble" in reported
    assert "KeyError: " not in reported and "'cell words'" not in reported


def test_an_exception_that_is_the_sentence_of_a_log_or_a_part_of_it_is_its_kind_alone():
    trouble = ValueError("cell words")
    reported = written(lambda logger: (logger.warning(trouble), logger.warning("It was %s, %d times", trouble, 3)))
    assert reported == "ValueError\nIt was ValueError, 3 times\n"


def test_a_log_without_a_mistake_is_as_it_was():
    assert written(lambda logger: logger.warning("Port %d is %s", 8501, "taken")) == "Port 8501 is taken\n"


def test_an_uncaught_mistake_of_a_page_leaves_no_word_in_the_servers_log(start_app, visit, tmp_path):
    script = tmp_path / "app.py"
    # Made up while it runs: the line of the code itself is in the log, and may be.
    script.write_text(
        "from incident_atlas.ui.parts import page\npage.PAGES = ()\npage.frame('x', 'app.py')\nraise KeyError(chr(113) * 40)\n"
    )
    app = start_app(script, PYTHONPATH=".")
    tab = visit(f"/?q={'q' * 40}", app=app)
    tab.page.locator("[data-testid=stException]").wait_for()
    assert "KeyError" in app.printed() and "q" * 40 not in app.printed()


# --- the real server


def saved(tab: Visit, button: str) -> tuple[str, bytes]:
    """Name and bytes of what this button saves."""
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=button).click()
    return download.value.suggested_filename, download.value.path().read_bytes()


def test_downloads_of_equal_length_over_a_mebibyte_are_each_their_own_sessions(start_app, visit):
    app: App = start_app()
    words = [secret(), secret()]
    sessions = [visit("/data", app=app) for _ in words]
    for tab, word in zip(sessions, words, strict=True):
        drop_file(tab, f"{word}.csv", mine(word, 1500, notes=f"{word} {'long ' * 60}").encode())
        tab.page.get_by_role("link", name="Map", exact=True).click()
        tab.page.get_by_role("heading", name="1,500 incidents").wait_for()
        settle(tab.page)
    for tab in sessions:
        tab.page.get_by_role("button", name="Share and export").click()
        settle(tab.page)
    got = [saved(tab, "GeoJSON for a map program") for tab in sessions]
    again = [saved(tab, "GeoJSON for a map program") for tab in reversed(sessions)][::-1]
    assert got == again and got[0][0] != got[1][0]
    assert len({len(data) for _, data in got}) == 1 and len(got[0][1]) > 2**20
    for (_, data), own, foreign in zip(got, words, reversed(words), strict=True):
        assert len(json.loads(data)["features"]) == 1500 and own.encode() in data and foreign.encode() not in data
    assert not any(word in app.printed() for word in words), "words of a file, or its name, are in the server's log"
