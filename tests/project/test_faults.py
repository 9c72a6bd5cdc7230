"""Files and services that fail while somebody looks: the page says what it could not do, and keeps the rest."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.dataset.load import load, load_bytes
from incident_atlas.errors import FileError
from incident_atlas.importers.mapping import Mapping, written
from incident_atlas.ui.session import record
from tests.browser.test_browser_map import map_frame
from tests.support.pages import everything, words
from tests.support.tiny import text

BEFORE = text({"title": "Oldworde"}, {"title": "Oldworde too", "city": "Herat"})
AFTER = text({"title": "Newworde"}, {"title": "Newworde too"}, {"title": "Newworde as well"})


@pytest.fixture
def source(tmp_path) -> Path:
    """The file of the record, as it was before."""
    path = tmp_path / "mine.csv"
    path.write_text(BEFORE)
    return path


@pytest.fixture
def settled(monkeypatch):
    """A file counts as left alone at once."""
    monkeypatch.setattr(record, "SETTLED_SECONDS", 0)


def again(app: AppTest) -> str:
    """What the page says after one more run: of itself, then of the record."""
    app.run()
    assert not app.exception, app.exception
    return " ".join([*(each.value for each in [*app.warning, *app.error, *app.caption, *app.text]), words(app)])


def in_view(app: AppTest) -> int:
    """How many incidents the Map page counts, which is an answer that a session remembers."""
    return int(re.search(r"(\d+) incidents? in view", words(app))[1])


@pytest.mark.parametrize("page", ["app.py", "pages/incidents.py", "pages/nearby.py", "pages/compare.py", "pages/about.py"])
def test_every_page_shows_a_replaced_file_at_its_next_run(run_page, source, settled, page):
    app = run_page(page, {}, source=source)
    source.write_text(AFTER)
    again(app)
    shown = record._shelf()[0][record._version(str(source), None)]
    assert shown.incidents["title"].tolist() == ["Newworde", "Newworde too", "Newworde as well"]
    assert "Oldworde" not in everything(app)


def test_a_filter_that_the_replaced_file_does_not_know_is_dropped_and_said(run_page, source, settled):
    app = run_page("app.py", {"city": "Herat"}, source=source)
    assert "1 incident in Herat" in words(app) and in_view(app) == 1
    source.write_text(AFTER)
    shown = again(app)
    assert in_view(app) == 3 and "in Herat" not in shown and "city=Herat" in shown


def test_a_file_of_the_same_bytes_read_with_other_reports_is_another_record(run_page, source, settled):
    app = run_page("pages/incidents.py", {"incident": "T-1"}, source=source)
    assert "The Daily Example" not in words(app)
    (source.parent / "mine_reports.csv").write_text("incident_id,publisher,says\nT-1,The Daily Example,It happened.\n")
    assert "The Daily Example" in again(app)


def test_another_file_of_columns_makes_another_record(run_page, tmp_path, settled, monkeypatch):
    table, columns = tmp_path / "mine.csv", tmp_path / "columns.csv"
    table.write_text("when,what,where,dead,hurt\n2020-01-01,An attack,Kabul,41,73\n")
    monkeypatch.setenv("INCIDENTS_COLUMNS", str(columns))
    shown = []
    for killed in ("dead", "hurt"):
        pairs = (("date", "when"), ("title", "what"), ("city", "where"), ("killed", killed))
        columns.write_bytes(written(Mapping(columns=pairs)))
        shown.append(words(run_page("app.py", {}, source=table)))
    assert [re.search(r">(41|73)<", text)[1] for text in shown] == ["41", "73"]


def test_a_file_changed_a_moment_ago_takes_no_place_until_it_is_left_alone(run_page, source, monkeypatch):
    app = run_page("app.py", {}, source=source)
    source.write_text(AFTER)
    monkeypatch.setattr(record, "SETTLED_SECONDS", 1e9)
    shown = again(app)
    assert in_view(app) == 2 and "reload the page in a few seconds" in shown
    monkeypatch.setattr(record, "SETTLED_SECONDS", 0)
    shown = again(app)
    assert in_view(app) == 3 and "reload the page" not in shown


def test_a_file_that_the_app_never_saw_is_shown_however_new_it_is(run_page, source, monkeypatch):
    monkeypatch.setattr(record, "SETTLED_SECONDS", 1e9)
    assert in_view(run_page("app.py", {}, source=source)) == 2


@pytest.mark.parametrize("broken", [b"", b"incident_id,da", b"PK\x03\x04 broken off", None])
def test_a_file_that_cannot_be_used_now_leaves_what_it_held_before_and_says_so(run_page, source, settled, broken):
    app = run_page("app.py", {}, source=source)
    source.unlink() if broken is None else source.write_bytes(broken)
    shown = again(app)
    assert in_view(app) == 2 and "cannot be used as it is now" in shown
    source.write_text(AFTER)
    shown = again(app)
    assert in_view(app) == 3 and "cannot be used" not in shown


def test_what_another_file_held_before_is_never_shown_in_its_place(run_page, source, settled, tmp_path):
    run_page("app.py", {}, source=source)
    shown = again(run_page("app.py", {}, source=tmp_path / "missing.csv"))
    assert "cannot be shown" in shown and "in view" not in shown


@pytest.mark.parametrize("fails", ["just changed", "broken"])
def test_what_was_read_before_something_is_withheld_never_stands_in_for_what_is_left(run_page, source, monkeypatch, fails):
    app = run_page("pages/incidents.py", {}, source=source)
    assert "Oldworde" in everything(app)
    monkeypatch.setenv("INCIDENTS_DISCRETION", "no-text")
    monkeypatch.setattr(record, "SETTLED_SECONDS", 1e9 if fails == "just changed" else 0)
    source.write_bytes(b"" if fails == "broken" else source.read_bytes())
    again(app)
    assert "Oldworde" not in everything(app)


def test_what_is_replaced_while_it_is_read_is_read_again(run_page, source, settled, monkeypatch):
    def interrupted(path, progress, **how):
        loaded = load(path, progress=progress)
        source.write_text(AFTER)
        return loaded

    monkeypatch.setattr(record, "opened", interrupted)
    assert in_view(run_page("app.py", {}, source=source)) == 3


def test_a_large_record_is_let_go_before_the_next_is_read(run_page, source, settled, monkeypatch):
    held = []

    def watched(path, progress, **how):
        held.append(len(record._shelf()[0]))
        return load(path, progress=progress)

    app = run_page("app.py", {}, source=source)
    monkeypatch.setattr(record, "LARGE_FILE", 0)
    monkeypatch.setattr(record, "opened", watched)
    source.write_text(AFTER)
    again(app)
    assert in_view(app) == 3 and held == [0]
    source.write_bytes(b"PK\x03\x04 broken off")
    assert "cannot be shown" in again(app)
    source.write_text(BEFORE)
    again(app)
    assert in_view(app) == 2


def test_answers_go_by_the_record_and_not_by_a_sum_that_was_taken_while_its_file_was_replaced(
    run_page, source, settled, monkeypatch
):
    after = load_bytes(AFTER.encode()).source.sha256

    def torn(path, progress, **how):
        loaded = load(path, progress=progress)
        return replace(loaded, source=replace(loaded.source, sha256=after))

    with monkeypatch.context() as during:
        during.setattr(record, "opened", torn)
        app = run_page("app.py", {}, source=source)
        assert in_view(app) == 2
    source.write_text(AFTER)
    again(app)
    assert in_view(app) == 3


def test_a_file_cut_anywhere_is_refused_or_loses_no_row_but_the_one_that_was_cut():
    data = text({"notes": "one, two"}, {"notes": 'a "word"\nand a line'}, {"wounded": "12"}).encode()
    whole = load_bytes(data).incidents
    read = 0
    for end in range(0, len(data), 17):
        try:
            loaded = load_bytes(data[:end])
        except FileError as trouble:
            assert trouble.advice
            continue
        assert loaded.source.read == loaded.source.kept + loaded.source.set_aside
        sure = loaded.incidents.iloc[: max(loaded.source.read - 1, 0)]
        assert sure["title"].tolist() == whole["title"].tolist()[: len(sure)]
        assert sure["incident_id"].tolist() == whole["incident_id"].tolist()[: len(sure)]
        read = max(read, loaded.source.read)
    assert read == 3


def test_a_map_whose_tiles_cannot_be_loaded_says_so_and_keeps_outlines_and_marks(visit):
    tab = visit("/")
    frame = map_frame(tab)
    marks = frame.locator(".atlas-mark").count()
    frame.get_by_role("button", name="Show streets (asks openstreetmap.org)").click()
    frame.get_by_text("openstreetmap.org cannot be reached").wait_for()
    assert any("tile.openstreetmap.org" in url for url in tab.foreign)
    assert frame.locator(".atlas-trouble").count() == 1 and frame.locator(".atlas-mark").count() == marks > 0
    assert frame.evaluate("getComputedStyle(document.querySelector('.leaflet-land-pane')).display") == "block"
    frame.get_by_role("button", name="Hide streets").click()
    frame.locator(".atlas-trouble").wait_for(state="detached")
