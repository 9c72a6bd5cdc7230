"""The loaded record, shared by all reruns: read once per version of the file, with a progress bar for a large one."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Lock

import streamlit as st

from incident_atlas.errors import FileError
from incident_atlas.load import RECORD, Loaded, load
from incident_atlas.text import plain

LARGE_FILE = 5_000_000  # bytes: from here on reading takes long enough to show how far it is


def record_path() -> Path:
    """The file that the dashboard shows: INCIDENTS_SOURCE of the environment or the secrets, else data/incidents.csv."""
    return Path(os.environ.get("INCIDENTS_SOURCE") or _secret() or RECORD)


def loaded_record() -> Loaded:
    """The record, or a plain message in place of the page when its file cannot be used."""
    path = record_path()
    try:
        # The version of the file is its time and size: hashing a large file at every rerun would cost more than the rerun.
        version = path.stat().st_mtime_ns, path.stat().st_size
    except OSError:
        version = 0, 0
    beside = tuple(_time(path.parent / name) for name in ("reports.csv", f"{path.stem}_reports.csv", "coverage.csv"))
    try:
        return _load(path, (str(path), version, beside))
    except FileError as trouble:
        st.error("The record cannot be shown.")
        st.text(plain(trouble))
        st.stop()


def _load(path: Path, version: tuple) -> Loaded:
    """The record of that version of the file, read by the first session that asks while the others wait."""
    shelf, lock = _shelf()
    if version in shelf:
        return shelf[version]
    bar = st.progress(0.0, text="Reading the record ...") if version[1][1] > LARGE_FILE else None
    with lock:
        if version not in shelf:
            # An older version is let go first: two large records at once would not fit a small machine.
            shelf.clear()
            shelf[version] = load(path, progress=lambda part: bar and bar.progress(part, text=f"Reading the record: {part:.0%}"))
    if bar:
        bar.empty()
    return shelf[version]


@st.cache_resource
def _shelf() -> tuple[dict[tuple, Loaded], Lock]:
    """Where the record is kept: Streamlit's caches cannot show progress while they wait for a value."""
    return {}, Lock()


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _secret() -> str | None:
    try:
        return st.secrets.get("INCIDENTS_SOURCE")
    except (FileNotFoundError, st.errors.StreamlitAPIException):
        return None
