"""Files of one session: read in memory, kept in that session alone, gone with it. Never on disk, never in a shared cache."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import cache

import pandas as pd
import streamlit as st
from starlette.formparsers import MultiPartParser

from incident_atlas.core.data_sets import TABLE
from incident_atlas.curation import combine
from incident_atlas.curation.combine import Gathered, called, gathered
from incident_atlas.curation.duplicates.decisions import ACCEPT, Decisions
from incident_atlas.curation.placements import Placement, placed
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, give_back, load_bytes
from incident_atlas.dataset.pipeline import SAMPLE
from incident_atlas.errors import FileError, Problem, Undecided
from incident_atlas.importers.files.archive import MOST_PACKED
from incident_atlas.importers.files.base import Sheet
from incident_atlas.importers.files.detect import in_this_process
from incident_atlas.importers.files.reader_process import ReaderPool, wanted
from incident_atlas.importers.mapping import Mapping, guess, written
from incident_atlas.ui.session import url_state as state

# Streamlit receives a file through Starlette, which would put what is larger than a megabyte into a temporary file on the disk.
MultiPartParser.spool_max_size = 2 * MOST_PACKED


@dataclass
class File:
    """One file of a session. loaded: its record, None as long as `trouble` says why not.

    Of a table that is no known data set: data, its bytes; sample, its first rows, all text; mapping, what its columns are; told,
    what was wrong with the last choice of them; turn, a number that is new with each choice.
    """

    name: str
    sha256: str
    loaded: Loaded | None = None
    trouble: FileError | None = None
    data: bytes | None = None
    sample: pd.DataFrame | None = None
    mapping: Mapping | None = None
    told: list[str] = field(default_factory=list)
    turn: int = 0


@dataclass
class SessionFiles:
    """What a session has brought, and decided of it. together: with the record that the dashboard was started with.

    unplaced: the placements that the record which is shown could not follow.
    """

    files: list[File] = field(default_factory=list)
    together: bool = False
    decisions: Decisions = ()
    placements: tuple[Placement, ...] = ()
    made: tuple[tuple, Gathered] | None = None
    unplaced: list[Problem] = field(default_factory=list)

    def records(self) -> list[Loaded]:
        """The files that could be read, in the order in which they were added."""
        return [one.loaded for one in self.files if one.loaded is not None]

    def shown(self) -> bool:
        """Whether the dashboard shows files of this session."""
        return bool(self.records())

    def mixed(self, started_with: Callable[[], Loaded]) -> list[Loaded]:
        """The records that the dashboard shows, its own before the files when they are together."""
        return [*([started_with()] if self.together else []), *self.records()]

    def gathered(self, started_with: Callable[[], Loaded]) -> Gathered:
        """The record that the dashboard shows; worked out again only when a file or a decision has changed."""
        records = self.mixed(started_with)
        accepted = tuple(one for one in self.decisions if one.decision == ACCEPT)
        key = serials(records), accepted, tuple(one for one in self.placements if one.latitude == one.latitude)
        if self.made is None or self.made[0] != key:
            self.made = key, self._made(records)
        return self.made[1]

    def _made(self, records: list[Loaded]) -> Gathered:
        found, self.unplaced = gathered(records, self.decisions), []
        if not self.placements:
            return found
        whole, self.unplaced = placed(found.loaded, self.placements)
        seed = "\n".join([found.loaded.source.sha256, *map(repr, self.placements)])
        source = replace(whole.source, sha256=hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest())
        return replace(found, loaded=replace(whole, source=source))


def serials(records: Sequence[Loaded]) -> tuple[int, ...]:
    """What tells these records from all others of the process."""
    return tuple(one.serial for one in records)


@cache
def _readers() -> ReaderPool:
    return ReaderPool()


def sheet_opener() -> Callable[[bytes, str], AbstractContextManager[Sheet]]:
    """What opens an upload: a reader process that is shared by all sessions, or this process where memory is short."""
    return _readers().sheet if wanted() else in_this_process


def warm_reader() -> None:
    """Start a reader process while a visitor looks for her file."""
    if wanted():
        _readers().warm()


def own() -> SessionFiles:
    """This session's files."""
    return st.session_state.setdefault("own", SessionFiles())


def has_own() -> bool:
    """Whether the dashboard shows files of this session, which no link can take along."""
    return "own" in st.session_state and own().shown()


def changed() -> None:
    """Forget filter and view after another file, or another mixture: they were of another record."""
    state.set_filters(Filters())
    st.session_state["view"] = state.View()
    st.session_state["visit"] = st.session_state.get("visit", 0) + 1


def add(name: str, data: bytes, progress: Callable[[float], None]) -> File:
    """Read a file into this session; one that is here already is not read again."""
    sha256 = hashlib.sha256(data).hexdigest()
    known = next((one for one in own().files if one.sha256 == sha256), None)
    if known:
        return known
    one = File(name, sha256, data=data)
    own().files.append(one)
    read(one, progress=progress)
    return one


def read(one: File, mapping: Mapping | None = None, progress: Callable[[float], None] | None = None) -> None:
    """Read a file of this session (again, with other columns); what is wrong with it is kept as its trouble."""
    taken = [origin.name for other in own().files if other is not one and other.loaded for origin in other.loaded.origins]
    one.loaded, one.trouble = None, None
    try:
        loaded = combine.under_own_name(
            load_bytes(one.data, one.name, mapping=mapping, progress=progress, open_sheet=sheet_opener()),
            ["Incident Atlas", *taken],
        )
    except FileError as trouble:
        one.trouble = trouble
    else:
        if mapping is not None:
            # The same bytes read another way are another record.
            seed = one.sha256.encode() + written(mapping)
            loaded = replace(loaded, source=replace(loaded.source, sha256=hashlib.sha256(seed).hexdigest()))
        one.loaded = loaded
    if mapping is None:
        _guess(one)
    give_back()
    changed()


def _guess(one: File) -> None:
    """The first rows of a table of unknown columns and what they may be; of any other file the bytes are let go."""
    unknown = one.loaded.origins[0].format is TABLE if one.loaded else isinstance(one.trouble, Undecided)
    if unknown:
        try:
            with sheet_opener()(one.data, one.name) as sheet:
                one.sample = sheet.sample(SAMPLE)
        except FileError:
            unknown = False
        else:
            one.mapping = guess(one.sample)
    if not unknown:
        one.data = None


def remove(one: File, started_with: Callable[[], Loaded]) -> None:
    """Forget a file, what was read of it, and what was decided of its incidents: another file may have incidents of the same ids."""
    mine = own()
    if one.loaded is not None and (mine.decisions or mine.placements):
        before = [started_with()] if mine.together else []
        before += [other.loaded for other in itertools.takewhile(lambda other: other is not one, mine.files) if other.loaded]
        names = called(gathered(before).loaded, one.loaded) if before else set(one.loaded.incidents["incident_id"].tolist())
        mine.decisions = tuple(each for each in mine.decisions if each.left_id not in names and each.right_id not in names)
        mine.placements = tuple(each for each in mine.placements if each.incident_id not in names)
    mine.files.remove(one)
    mine.made = None
    changed()
