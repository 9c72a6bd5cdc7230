"""What a server holds of files that come and go: no upload once it is read, and of downloads the last of each session."""

from __future__ import annotations

import gc
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.elements.lib import policies
from streamlit.runtime.media_file_manager import MediaFileManager
from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from incident_atlas.ui.session import transfers
from tests.support.page_surfaces import everything_open
from tests.support.pages import opened
from tests.support.tiny import text
from tests.ui.test_data_page import choose, click, drop
from tests.ui.test_sessions import PAGES


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    """The dashboard was started with the shipped record."""
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)


@pytest.fixture
def uploads(monkeypatch) -> set[str]:
    """Ids of the uploaded files that Streamlit holds."""
    held, add, remove = set(), MemoryUploadedFileManager.add_file, MemoryUploadedFileManager.remove_file

    def added(self, session_id, file):
        held.add(file.file_id)
        add(self, session_id, file)

    def removed(self, session_id, file_id):
        held.discard(file_id)
        remove(self, session_id, file_id)

    monkeypatch.setattr(MemoryUploadedFileManager, "add_file", added)
    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", removed)
    return held


def test_no_copy_of_an_upload_is_held_once_it_was_read(uploads):
    app = opened("pages/data.py")
    for number in range(5):
        drop(app, (f"mine{number}.csv", text({"incident_id": f"T-{number}"})), (f"other{number}.csv", f"no,table\n{number}"))
        assert not uploads
    assert sum(button.label == "Remove" for button in app.button) == 10
    for _ in range(10):
        click(app, "Remove")
    assert not uploads and not app.session_state["session"].uploads.files


def test_no_copy_of_loaded_decisions_is_held_whether_they_can_be_read_or_not(uploads):
    app = opened("pages/data.py")
    drop(app, ("mine.csv", text({"incident_id": "T-1"})), ("other.csv", text({"incident_id": "T-2"})))
    choose(app, "Look at", "pairs")
    for turn, file in enumerate((b"nonsense", b"left_id,right_id,decision\nT-1,T-2,reject\n")):
        app.file_uploader(key=f"load-duplicates-{turn}").set_value(("saved.csv", file, "text/csv")).run()
        assert not app.exception and not uploads


class Server:
    """Streamlit's holder of files, and sessions that offer and take them."""

    def __init__(self, monkeypatch) -> None:
        self.monkeypatch, self.storage = monkeypatch, MemoryMediaFileStorage("/media")
        self.manager = MediaFileManager(self.storage)
        instance = SimpleNamespace(media_file_mgr=self.manager)
        monkeypatch.setattr(transfers, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: instance))

    def take(self, session: dict, data: bytes, name: str = "x.csv") -> bytes:
        """What the browser gets that pressed a button of this session."""
        self.monkeypatch.setattr(st, "session_state", session)
        make = transfers.one_at_a_time(lambda: data, name, "text/csv")
        url = self.manager.execute_deferred(self.manager.add_deferred(make, "text/csv", "1.2", name))
        return self.storage.get_file(url.rpartition("/")[2]).content

    def held(self) -> list[bytes]:
        return [file.content for file in self.storage._files_by_id.values()]


@pytest.fixture
def server(monkeypatch) -> Server:
    return Server(monkeypatch)


def test_of_many_downloads_the_last_of_each_session_is_held(server):
    sessions = [{} for _ in range(3)]
    for number in range(50):
        for at, session in enumerate(sessions):
            data = f"{at} {number}".encode()
            assert server.take(session, data, f"{number}.csv") == data
        assert len(server.held()) <= len(sessions)
    assert server.held() == [f"{at} 49".encode() for at in range(3)]
    for _ in range(2):  # as Streamlit does at the end of every run
        server.manager.remove_orphaned_files()
    assert server.held() == []


def test_a_file_that_another_session_took_last_is_not_taken_from_it(server):
    one, other = {}, {}
    assert server.take(one, b"same") == server.take(other, b"same") == b"same"
    server.take(one, b"next")
    assert sorted(server.held()) == [b"next", b"same"]
    server.take(other, b"next")
    assert server.held() == [b"next"]


def test_a_download_that_fails_leaves_nothing_behind_and_the_next_is_made(server, monkeypatch):
    session: dict = {}
    server.take(session, b"first")
    failing = transfers.one_at_a_time(lambda: 1 // 0, "x.csv", "text/csv")
    with pytest.raises(ZeroDivisionError):
        failing()
    assert server.held() == [] and server.take(session, b"second") == b"second"


def test_nothing_is_remembered_of_a_session_that_is_gone(server):
    session: dict = {}
    server.take(session, b"mine")
    gc.collect()  # what sessions of other tests left is none of this test's
    before = len(transfers._last)
    session.clear()
    server.manager.clear_session_refs()  # as Streamlit does when a session ends
    server.manager.remove_orphaned_files()
    gc.collect()
    assert len(transfers._last) == before - 1


def test_every_file_that_is_made_for_a_button_is_let_go_before_the_next(monkeypatch):
    offered, button = [], st.download_button

    def tab(label, data, *parts, **named):
        offered.append((label, data))
        return button(label, data, *parts, **named)

    with everything_open([], ()):
        monkeypatch.setattr(st, "download_button", tab)
        app = opened("pages/data.py")
        drop(app, ("mine.csv", text({}, {"killed": "some"})))
        for page in PAGES:
            assert not app.switch_page(page).run().exception
    made = [(label, data) for label, data in offered if callable(data)]
    assert len({label for label, _ in made}) >= 7
    assert all(data.__qualname__.startswith("one_at_a_time.") for _, data in made), made


def test_no_widget_has_both_a_default_and_a_value_of_the_session(monkeypatch):
    reported = []
    monkeypatch.setattr(policies._LOGGER, "warning", lambda message, *values: reported.append(message % values))
    app = opened("app.py")
    for page in PAGES:
        monkeypatch.setattr(policies, "_shown_default_value_warning", False)
        assert not app.switch_page(page).run().exception
    assert reported == []
