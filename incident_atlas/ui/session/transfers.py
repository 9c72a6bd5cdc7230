"""Files between a browser and a session: an upload is let go once it is read, a download once the session takes the next."""

from __future__ import annotations

import threading
from collections.abc import Callable
from weakref import WeakKeyDictionary

from streamlit import runtime
from streamlit.runtime.media_file_storage import MediaFileKind, MediaFileStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.uploaded_file_manager import UploadedFile

from incident_atlas.ui.session.state import Session, session


def let_go(upload: UploadedFile) -> None:
    """Drop Streamlit's copy of an uploaded file, which it would keep until the session ends; only after the file was read."""
    context = get_script_run_ctx()
    if context is not None and isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        context.uploaded_file_mgr.remove_file(session_id=context.session_id, file_id=upload.file_id)


# File id of the last download of each session. Two sessions that take the same bytes under the same name share one file.
_last: WeakKeyDictionary[Session, str] = WeakKeyDictionary()
_lock = threading.Lock()


def one_at_a_time(make: Callable[[], bytes], name: str, mime: str) -> Callable[[], bytes]:
    """`make`, for a download button with that file name and type; before it makes a file, the session's last one is let go.

    Streamlit holds what it made for a button until the whole page has run twice more; while a menu is open no page runs.
    """
    owner = session()

    def made() -> bytes:
        storage = _storage()
        with _lock:
            old = _last.pop(owner, None)
            if storage is not None and old is not None and old not in _last.values():
                storage.delete_file(old)
        data = make()
        if storage is not None:
            # Streamlit stores the same bytes a moment later and finds them there, under this id.
            with _lock:
                _last[owner] = storage.load_and_get_id(data, mime, MediaFileKind.DOWNLOADABLE, name)
        return data

    return made


def _storage() -> MediaFileStorage | None:
    """Where Streamlit holds files for browsers to fetch; None where no server runs."""
    return runtime.get_instance().media_file_mgr._storage if runtime.exists() else None
