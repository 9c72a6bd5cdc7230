"""The record a session looks at. That of the file is shared by all sessions and read once per version of it."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple

import streamlit as st

from incident_atlas.discretion import Policy, policy, withheld
from incident_atlas.errors import FileError, UnknownPolicy
from incident_atlas.load import RECORD, Loaded, load
from incident_atlas.text import plain
from incident_atlas.ui.own import has_own, own

LARGE_FILE = 5_000_000  # bytes: from here on reading takes long enough to show how far it is


SETTLED_SECONDS = 2.0
"""How long a file must have been left alone before it takes the place of what is shown: a writer may be in its middle."""


class Version(NamedTuple):
    """What a record was made of: name of its file, times and sizes of it and of those beside it, what is withheld, and when.

    Hashing the files at every rerun would cost more than the rerun. day: None where the day makes no difference.
    """

    path: str
    file: tuple[int, int]
    beside: tuple[tuple[int, int], ...]
    asked: Policy | None
    day: date | None


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
    path, asked = record_path(), _discretion()
    version = _version(path, asked)
    older = _kept(version, of_any_time=True)
    if older and _kept(version) is None and _just_changed(version):
        st.caption("The file of the record is being changed. What it held before is shown: reload the page in a few seconds.")
        return older
    if version.file[1] > LARGE_FILE:
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
    """The record of that version of the file, read by the first session that asks while the others wait.

    Only what is left of it is kept: no session can come by the rest.
    """
    shelf, lock = _shelf()
    if (known := _kept(version)) is not None:
        return known
    bar = st.progress(0.0, text="Reading the record ...") if version.file[1] > LARGE_FILE else None
    try:
        with lock:
            # While this session waited, the file may have been replaced once more.
            if (known := _kept(_version(path, version.asked))) is None:
                for _ in range(2):
                    # What was replaced while it was read is read again: it may be half of the one and half of the other.
                    version = _version(path, version.asked)
                    known = load(path, progress=lambda part: bar and bar.progress(part, text=f"Reading the record: {part:.0%}"))
                    if _version(path, version.asked) == version:
                        break
                if version.asked:
                    known = withheld(known, version.asked, version.day or date.today())
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
    """The record on the shelf, when it is this version, or any version of the same file of which the same is withheld."""
    # A copy in one step: another session may clear the shelf meanwhile.
    shelf = _shelf()[0].copy()
    if version in shelf or not of_any_time:
        return shelf.get(version)
    return next((kept for name, kept in shelf.items() if (name.path, name.asked) == (version.path, version.asked)), None)


def _version(path: Path, asked: Policy | None) -> Version:
    beside = ("reports.csv", f"{path.stem}_reports.csv", "coverage.csv")
    times = tuple(_time_and_size(path.parent / name) for name in beside)
    return Version(str(path), _time_and_size(path), times, asked, date.today() if asked and asked.days else None)


def _just_changed(version: Version) -> bool:
    """Whether one of the files was written a moment ago, and perhaps not yet to its end."""
    ages = [time.time() - changed / 1e9 for changed, _ in (version.file, *version.beside)]
    return any(0 <= age < SETTLED_SECONDS for age in ages)


def _time_and_size(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


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
