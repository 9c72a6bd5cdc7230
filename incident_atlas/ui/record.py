"""The record a session looks at. That of the file is shared by all sessions and read once per version of it."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from threading import Lock

import streamlit as st

from incident_atlas.discretion import Policy, policy, withheld
from incident_atlas.errors import FileError, UnknownPolicy
from incident_atlas.load import RECORD, Loaded, load
from incident_atlas.text import plain
from incident_atlas.ui.own import has_own, own

LARGE_FILE = 5_000_000  # bytes: from here on reading takes long enough to show how far it is


def record_path() -> Path:
    """The file that the dashboard shows: INCIDENTS_SOURCE of the environment or the secrets, else data/incidents.csv."""
    return Path(os.environ.get("INCIDENTS_SOURCE") or _secret("INCIDENTS_SOURCE") or RECORD)


def loaded_record() -> Loaded:
    """The record that this session looks at: the one the dashboard was started with, or its own files."""
    return own().gathered(started_with).loaded if has_own() else started_with()


def started_with() -> Loaded:
    """The record of `record_path`, less what INCIDENTS_DISCRETION withholds of it.

    A plain message stands in place of the page when its file, or that setting, cannot be used.
    """
    path, asked, today = record_path(), _discretion(), date.today()
    try:
        # The version of the file is its time and size: hashing a large file at every rerun would cost more than the rerun.
        version = path.stat().st_mtime_ns, path.stat().st_size
    except OSError:
        version = 0, 0
    beside = tuple(_time(path.parent / name) for name in ("reports.csv", f"{path.stem}_reports.csv", "coverage.csv"))
    try:
        return _load(path, (str(path), version, beside, asked, today if asked and asked.days else None), asked, today)
    except FileError as trouble:
        st.error("The record cannot be shown.")
        st.text(plain(trouble))
        st.stop()


def _load(path: Path, version: tuple, asked: Policy | None, today: date) -> Loaded:
    """The record of that version of the file, read by the first session that asks while the others wait.

    Only what is left of it is kept: no session can come by the rest.
    """
    shelf, lock = _shelf()
    if version in shelf:
        return shelf[version]
    bar = st.progress(0.0, text="Reading the record ...") if version[1][1] > LARGE_FILE else None
    with lock:
        if version not in shelf:
            # An older version is let go first: two large records at once would not fit a small machine.
            shelf.clear()
            loaded = load(path, progress=lambda part: bar and bar.progress(part, text=f"Reading the record: {part:.0%}"))
            shelf[version] = withheld(loaded, asked, today) if asked else loaded
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


def _discretion() -> Policy | None:
    """What is to be withheld; a setting that is not understood shows nothing at all, rather than everything."""
    try:
        return policy(os.environ.get("INCIDENTS_DISCRETION") or str(_secret("INCIDENTS_DISCRETION", "")))
    except UnknownPolicy as trouble:
        st.error("The record cannot be shown.")
        st.text(plain(trouble))
        st.stop()


def _secret(name: str, missing: str | None = None) -> str | None:
    try:
        return st.secrets.get(name, missing)
    except (FileNotFoundError, st.errors.StreamlitAPIException):
        if any(Path(path).exists() for path in st.config.get_option("secrets.files")):
            # What it would have withheld is not known.
            st.error("The record cannot be shown.")
            st.text("The file of secrets cannot be read. Correct it; it must be TOML.")
            st.stop()
        return missing
