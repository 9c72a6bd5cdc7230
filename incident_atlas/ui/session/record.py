"""The record a session looks at. That of the file is shared by all sessions and read once per version of it."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Lock
from typing import NamedTuple, NoReturn

import streamlit as st

from incident_atlas.analysis.claims.claims_csv import SHIPPED, beside
from incident_atlas.core.text import plain
from incident_atlas.curation.allow_list import CHECK_THE_FILE
from incident_atlas.curation.privacy import Policy, policy, withheld
from incident_atlas.dataset.load import RECORD, Loaded
from incident_atlas.dataset.sql import DUCKDB, FILE, Engine, address, opened
from incident_atlas.errors import FileError, SourceGone, TooMany, UnknownPolicy
from incident_atlas.i18n import _
from incident_atlas.ui.session.state import has_uploads, uploads

LARGE_FILE = 5_000_000  # bytes: from here on reading takes long enough to show how far it is


SETTLED_SECONDS = 2.0
"""How long a file must have been left alone before it takes the place of what is shown: a writer may be in its middle."""


REOPEN_SECONDS = 600
"""How long the totals and terms of a database stand before they are asked again."""


class Version(NamedTuple):
    """What a record was made of: name of its file, times and sizes of it, of those beside it and of the file of its columns, what is withheld, and when.

    Hashing the files at every rerun would cost more than the rerun. day: None where the day makes no difference. Of a database
    the time is that of the `REOPEN_SECONDS` in which it was opened.
    """

    path: str
    file: tuple[int, int]
    beside: tuple[tuple[int, int], ...]
    policy: Policy | None
    day: date | None


def record_source() -> str:
    """What the dashboard shows: INCIDENTS_SOURCE of the environment or the secrets, else data/incidents.csv."""
    return str(os.environ.get("INCIDENTS_SOURCE") or _secret("INCIDENTS_SOURCE") or RECORD)


def record_path() -> Path:
    """The file that the dashboard shows, by which others may lie; for a database the shipped record."""
    at = address(record_source())
    return Path(at.at) if at.engine == FILE else RECORD


@contextmanager
def answering() -> Iterator[None]:
    """Around what asks the record: says in plain words when its database does not answer, or has too much to give."""
    try:
        yield
    except SourceGone as trouble:
        # The next run connects anew.
        _shelf()[0].clear()
        st.error(_("The database that holds the record does not answer. Reload the page in a moment."))
        st.text(_("It said: {fault}").format(fault=plain(trouble.fault, 80)))
        st.stop()
    except TooMany as trouble:
        st.info(plain(trouble))
        st.stop()


def claims_path() -> Path:
    """The table of claims for the record: where words are withheld only the shipped one, because claims are free text."""
    discretion = _discretion()
    return SHIPPED if discretion and discretion.wordless else beside(record_path())


def loaded_record() -> Loaded:
    """The record that this session looks at: the one the dashboard was started with, or its own files."""
    return uploads().gathered(started_with).loaded if has_uploads() else started_with()


def started_with() -> Loaded:
    """The record of `record_path`, less what INCIDENTS_DISCRETION withholds of it.

    A plain message stands in place of the page when its file, or that setting, cannot be used.
    """
    source, discretion = record_source(), _discretion()
    if discretion:
        # A mistake of this program may quote a cell in its message.
        st.set_option("client.showErrorDetails", "type")
    try:
        version = _version(source, discretion)
    except FileError as trouble:
        _cannot_be_shown(trouble, discretion)
    if (known := _shelf()[0].get(version)) is not None:
        return known
    older = _earlier(version)
    if older and _just_changed(version):
        st.caption(_("The file of the record is being changed. What it held before is shown: reload the page in a few seconds."))
        return older
    if version.file[1] > LARGE_FILE:
        # It is let go before the newer one is read: two large records at once would not fit a small machine.
        older = None
        _let_go(version)
    try:
        return _load(source, version)
    except (FileError, SourceGone, UnknownPolicy) as trouble:
        if older:
            st.warning(_("The file of the record cannot be used as it is now. What it held before is shown."))
            _say(trouble, discretion)
            return older
        _cannot_be_shown(trouble, discretion)


def _cannot_be_shown(trouble: Exception, discretion: Policy | None) -> NoReturn:
    st.error(_("The record cannot be shown."))
    _say(trouble, discretion)
    st.stop()


def _say(trouble: Exception, discretion: Policy | None) -> None:
    """Why a record cannot be used: not where something is withheld of it, because a reason may quote its cells."""
    withheld_too = discretion and not isinstance(trouble, UnknownPolicy)
    hidden = _("INCIDENTS_DISCRETION is set, so the reason is not shown. {check_the_file}")
    st.text(plain(hidden.format(check_the_file=CHECK_THE_FILE) if withheld_too else trouble))


def _load(source: str, version: Version) -> Loaded:
    """The record of that version of the file, read by the first session that asks while the others wait.

    Only what is left of it is kept: no session can come by the rest.
    """
    shelf, lock = _shelf()
    bar = st.progress(0.0, text=_("Reading the record ...")) if version.file[1] > LARGE_FILE else None
    try:
        with lock:
            # While this session waited, the file may have been replaced once more.
            if (known := shelf.get(_version(source, version.policy))) is None:
                for _unused in range(2):
                    # What was replaced while it was read is read again: it may be half of the one and half of the other.
                    version = _version(source, version.policy)
                    known = opened(
                        source,
                        mapping=_columns(),
                        progress=lambda part: (
                            bar and bar.progress(part, text=_("Reading the record: {part:.0%}").format(part=part))
                        ),
                        keep=_prepared,
                    )
                    if _version(source, version.policy) == version:
                        break
                if version.policy and isinstance(known, Engine):
                    reason = _(
                        "INCIDENTS_DISCRETION cannot withhold anything of a record that stays in a database or in a large file."
                    )
                    raise UnknownPolicy(reason, _("Withhold it in a view or a file of its own, and remove that setting."))
                if version.policy:
                    known = withheld(known, version.policy, version.day or date.today())
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


def _earlier(version: Version) -> Loaded | None:
    """Any version of the same file of which the same is withheld; not of a database, whose earlier content cannot be asked any more."""
    # A copy in one step: another session may clear the shelf meanwhile.
    shelf, same = _shelf()[0].copy(), (version.path, version.policy)
    return next((one for name, one in shelf.items() if (name.path, name.policy) == same and not isinstance(one, Engine)), None)


def _version(source: str, discretion: Policy | None) -> Version:
    at, columns = address(source), _columns()
    named = (_time_and_size(columns),) if columns else ()
    if at.engine == DUCKDB:
        return Version(at.at, _time_and_size(Path(at.at)), named, discretion, None)
    if at.engine != FILE:
        return Version(at.name, (int(time.time() // REOPEN_SECONDS), 0), named, discretion, None)
    path = Path(at.at)
    beside = ("reports.csv", f"{path.stem}_reports.csv", "coverage.csv")
    times = tuple(_time_and_size(path.parent / name) for name in beside)
    return Version(
        str(path), _time_and_size(path), times + named, discretion, date.today() if discretion and discretion.days else None
    )


def _just_changed(version: Version) -> bool:
    """Whether one of the files was written a moment ago, and perhaps not yet to its end."""
    ages = [time.time() - changed / 1e9 for changed, _unused in (version.file, *version.beside)]
    return any(0 <= age < SETTLED_SECONDS for age in ages)


def _time_and_size(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except (OSError, ValueError):
        return 0, 0
    return found.st_mtime_ns, found.st_size


def _columns() -> Path | None:
    """The file that names the columns of a table: INCIDENTS_COLUMNS of the environment or the secrets."""
    named = os.environ.get("INCIDENTS_COLUMNS") or _secret("INCIDENTS_COLUMNS")
    return Path(named) if named else None


def _prepared(path: Path) -> Path:
    """Where the Parquet file of a large file of the record goes: a folder of this process alone, removed at its end."""
    return _folder() / f"{path.name}.parquet"


@st.cache_resource
def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="incident-atlas-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _discretion() -> Policy | None:
    """What is to be withheld; a setting that is not understood shows nothing at all, rather than everything."""
    try:
        return policy(os.environ.get("INCIDENTS_DISCRETION") or str(_secret("INCIDENTS_DISCRETION", "")))
    except UnknownPolicy as trouble:
        st.error(_("The record cannot be shown."))
        st.text(plain(trouble))
        st.stop()


def _secret(name: str, missing: str | None = None) -> str | None:
    try:
        return st.secrets.get(name, missing)
    except (FileNotFoundError, st.errors.StreamlitAPIException):
        if any(Path(path).exists() for path in st.config.get_option("secrets.files")):
            # What it would have withheld is not known.
            st.error(_("The record cannot be shown."))
            st.text(_("The file of secrets cannot be read. Correct it; it must be TOML."))
            st.stop()
        return missing
