"""The record a session looks at. That of the file is shared by all sessions and read once per version of it."""

from __future__ import annotations

import os
import time
from pathlib import Path
from threading import Lock

import streamlit as st

from incident_atlas.errors import FileError
from incident_atlas.load import RECORD, Loaded, load
from incident_atlas.text import plain
from incident_atlas.ui.own import has_own, own

LARGE_FILE = 5_000_000  # bytes: from here on reading takes long enough to show how far it is


SETTLED_SECONDS = 2.0
"""How long a file must have been left alone before it takes the place of what is shown: a writer may be in its middle."""

Version = tuple[str, tuple[int, int], tuple[tuple[int, int], ...]]


def record_path() -> Path:
    """The file that the dashboard shows: INCIDENTS_SOURCE of the environment or the secrets, else data/incidents.csv."""
    return Path(os.environ.get("INCIDENTS_SOURCE") or _secret() or RECORD)


def loaded_record() -> Loaded:
    """The record that this session looks at: the one the dashboard was started with, or its own files."""
    return own().gathered(started_with).loaded if has_own() else started_with()


def started_with() -> Loaded:
    """The record of `record_path`, or a plain message in place of the page when its file cannot be used."""
    path = record_path()
    version = _version(path)
    older = _kept(version, of_any_time=True)
    if older and _kept(version) is None and _just_changed(version):
        st.caption("The file of the record is being changed. What it held before is shown: reload the page in a few seconds.")
        return older
    if version[1][1] > LARGE_FILE:
        # It is let go before the newer one is read: two large records at once would not fit a small machine.
        older = None
        _let_go(version)
    try:
        return _load(path, version)
    except FileError as trouble:
        if older:
            st.warning("The file of the record cannot be used as it is now. What it held before is shown.")
            st.text(plain(trouble))
            return older
        st.error("The record cannot be shown.")
        st.text(plain(trouble))
        st.stop()


def _load(path: Path, version: Version) -> Loaded:
    """The record of that version of the file, read by the first session that asks while the others wait."""
    shelf, lock = _shelf()
    if (known := _kept(version)) is not None:
        return known
    bar = st.progress(0.0, text="Reading the record ...") if version[1][1] > LARGE_FILE else None
    try:
        with lock:
            # While this session waited, the file may have been replaced once more.
            if (known := _kept(_version(path))) is None:
                for _ in range(2):
                    # What was replaced while it was read is read again: it may be half of the one and half of the other.
                    version = _version(path)
                    known = load(path, progress=lambda part: bar and bar.progress(part, text=f"Reading the record: {part:.0%}"))
                    if _version(path) == version:
                        break
                shelf.clear()
                shelf[version] = known
    finally:
        if bar:
            bar.empty()
    return known


def _let_go(version: Version) -> None:
    """Take whatever is not this version from the shelf."""
    shelf = _shelf()[0]
    for other in [name for name in shelf.copy() if name != version]:
        shelf.pop(other, None)


@st.cache_resource
def _shelf() -> tuple[dict[Version, Loaded], Lock]:
    """Where the record is kept: Streamlit's caches cannot show progress while they wait for a value."""
    return {}, Lock()


def _kept(version: Version, of_any_time: bool = False) -> Loaded | None:
    """The record on the shelf, when it is this version, or any version of the same file."""
    # A copy in one step: another session may clear the shelf meanwhile.
    shelf = _shelf()[0].copy()
    return next((kept for name, kept in shelf.items() if name == version or (of_any_time and name[0] == version[0])), None)


def _version(path: Path) -> Version:
    """Name, then time and size of the file, then of those beside it: hashing them at every rerun would cost more than the rerun."""
    beside = ("reports.csv", f"{path.stem}_reports.csv", "coverage.csv")
    return str(path), _time_and_size(path), tuple(_time_and_size(path.parent / name) for name in beside)


def _just_changed(version: Version) -> bool:
    """Whether one of the files was written a moment ago, and perhaps not yet to its end."""
    ages = [time.time() - changed / 1e9 for changed, _ in (version[1], *version[2])]
    return any(0 <= age < SETTLED_SECONDS for age in ages)


def _time_and_size(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _secret() -> str | None:
    try:
        return st.secrets.get("INCIDENTS_SOURCE")
    except (FileNotFoundError, st.errors.StreamlitAPIException):
        return None
