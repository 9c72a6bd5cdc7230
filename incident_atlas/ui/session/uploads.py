"""Files of one session: read in memory, kept in that session alone, gone with it. Never on disk, never in a shared cache."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache

import pandas as pd
from starlette.formparsers import MultiPartParser

from incident_atlas.core.data_sets import TABLE
from incident_atlas.curation import combine
from incident_atlas.curation.combine import Gathered, called, gathered
from incident_atlas.curation.duplicates.decisions import ACCEPT, Decisions
from incident_atlas.curation.placements import Placement, placed
from incident_atlas.curation.quality.lead import taken_for_towns
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.load import Loaded, collected_to, give_back, load_bytes
from incident_atlas.dataset.pipeline import SAMPLE
from incident_atlas.errors import FileError, Problem, Undecided
from incident_atlas.geo.swapped_points import SWAPPED
from incident_atlas.importers.data_sets import acled
from incident_atlas.importers.files.archive import MOST_PACKED
from incident_atlas.importers.files.base import Sheet, Worksheet
from incident_atlas.importers.files.detect import in_this_process
from incident_atlas.importers.files.reader_process import ReaderPool, is_enabled
from incident_atlas.importers.mapping import Mapping, guess, written

# Streamlit receives a file through Starlette, which would put what is larger than a megabyte into a temporary file on the disk.
MultiPartParser.spool_max_size = 2 * MOST_PACKED


@dataclass
class File:
    """One file of a session. loaded: its record, None as long as `trouble` says why not. until: up to which day it was collected.

    Of a table that is no known data set: data, its bytes; sample, its first rows, all text; mapping, what its columns are;
    messages, what was wrong with the last choice of them; attempts, how often columns were chosen.
    event_types: of an ACLED file, its event types with their rows, most first. worksheets, worksheet: of a workbook, those that have
    rows, and the name of the one that was read. settings: of a file of known columns, what its reader chose: which event types count,
    how well its points are known where it does not say, in which rows latitude and longitude are exchanged.
    """

    name: str
    sha256: str
    loaded: Loaded | None = None
    trouble: FileError | None = None
    data: bytes | None = None
    sample: pd.DataFrame | None = None
    mapping: Mapping | None = None
    messages: list[str] = field(default_factory=list)
    attempts: int = 0
    until: date | None = None
    event_types: dict[str, int] = field(default_factory=dict)
    worksheets: tuple[Worksheet, ...] = ()
    worksheet: str = ""
    settings: Mapping = field(default_factory=Mapping)

    @property
    def chosen_worksheet(self) -> str:
        """The worksheet that a saved mapping must name: '' where the file has no other."""
        return self.worksheet if len(self.worksheets) > 1 else ""


@dataclass
class Uploads:
    """The files of a session, and what its reader decided about them.

    combined: shown together with the record that the dashboard was started with. unplaced: the placements that the shown record
    could not follow.
    """

    files: list[File] = field(default_factory=list)
    combined: bool = False
    decisions: Decisions = ()
    placements: tuple[Placement, ...] = ()
    unplaced: list[Problem] = field(default_factory=list)
    cache: Cache = field(default_factory=Cache)

    def records(self) -> list[Loaded]:
        """The files that could be read, in the order in which they were added."""
        return [file.loaded for file in self.files if file.loaded is not None]

    def shown(self) -> bool:
        """Whether the dashboard shows files of this session."""
        return bool(self.records())

    def shown_records(self, started_with: Callable[[], Loaded]) -> list[Loaded]:
        """The records that the dashboard shows, its own before the files when they are combined."""
        return [*([started_with()] if self.combined else []), *self.records()]

    def gathered(self, started_with: Callable[[], Loaded]) -> Gathered:
        """The record that the dashboard shows; made again only when a file or a decision has changed."""
        records = self.shown_records(started_with)
        accepted = tuple(decision for decision in self.decisions if decision.decision == ACCEPT)
        key = serials(records), accepted, tuple(place for place in self.placements if place.latitude == place.latitude)
        return self.cache.cached("gathered", lambda: self._gather(records), key)

    def _gather(self, records: list[Loaded]) -> Gathered:
        whole, self.unplaced = gathered(records, self.decisions), []
        if not self.placements:
            return whole
        loaded, self.unplaced = placed(whole.loaded, self.placements)
        seed = "\n".join([whole.loaded.source.sha256, *map(repr, self.placements)])
        source = replace(loaded.source, sha256=hashlib.sha256(seed.encode("utf-8", "replace")).hexdigest())
        return replace(whole, loaded=replace(loaded, source=source))

    def add(self, name: str, data: bytes, progress: Callable[[float], None]) -> File:
        """Read a file into this session; a file that is here already is not read again."""
        sha256 = hashlib.sha256(data).hexdigest()
        known = next((file for file in self.files if file.sha256 == sha256), None)
        if known:
            return known
        file = File(name, sha256, data=data)
        self.files.append(file)
        self.read(file, progress=progress)
        return file

    def read(self, file: File, mapping: Mapping | None = None, progress: Callable[[float], None] | None = None) -> None:
        """Read a file of this session (again, with other columns); what is wrong with it is kept as its trouble."""
        taken = [origin.name for other in self.files if other is not file and other.loaded for origin in other.loaded.origins]
        file.loaded, file.trouble = None, None
        try:
            loaded = combine.under_own_name(
                load_bytes(file.data, file.name, mapping=mapping, progress=progress, open_sheet=_opener(file)),
                ["Incident Atlas", *taken],
            )
        except FileError as trouble:
            file.trouble = trouble
        else:
            if mapping is not None:
                # The same bytes read another way are another record.
                seed = file.sha256.encode() + written(mapping)
                loaded = replace(loaded, source=replace(loaded.source, sha256=hashlib.sha256(seed).hexdigest()))
            file.loaded = collected_to(loaded, file.until) if file.until else loaded
            file.event_types = _event_types(loaded)
        if file.sample is None:
            _guess(file)
        give_back()

    def read_worksheet(self, file: File, name: str) -> None:
        """Read another worksheet of a workbook; its columns are guessed anew."""
        file.mapping = file.sample = None
        file.settings = Mapping()
        file.event_types = {}
        file.messages, file.attempts = [], file.attempts + 1
        self.read(file, Mapping(worksheet=name))

    def read_with(self, file: File, settings: Mapping) -> None:
        """Read a file again with what its reader chose beside its columns; without any choice as it was at first."""
        settings = replace(settings, worksheet=file.chosen_worksheet)
        file.attempts += 1
        if file.mapping is not None:
            file.mapping = settings
        else:
            file.settings = settings
        self.read(file, settings if settings.columns or settings.leaves_columns else None)

    def set_until(self, file: File, day: date | None) -> None:
        """Say until when a file was collected; None where nobody knows."""
        file.until = day
        if file.loaded is not None:
            file.loaded = collected_to(file.loaded, day)

    def remove(self, file: File, started_with: Callable[[], Loaded]) -> None:
        """Forget a file, what was read of it, and what was decided of its incidents: another file may have incidents of the same ids."""
        if file.loaded is not None and (self.decisions or self.placements):
            before = [started_with()] if self.combined else []
            before += [other.loaded for other in itertools.takewhile(lambda other: other is not file, self.files) if other.loaded]
            names = called(gathered(before).loaded, file.loaded) if before else set(file.loaded.incidents["incident_id"].tolist())
            self.decisions = tuple(
                decision for decision in self.decisions if decision.left_id not in names and decision.right_id not in names
            )
            self.placements = tuple(decision for decision in self.placements if decision.incident_id not in names)
        self.files.remove(file)
        self.cache.drop("gathered")


def _opener(file: File) -> Callable[[bytes, str, str], AbstractContextManager[Sheet]]:
    """`sheet_opener`, which tells the file what worksheets it has."""

    @contextmanager
    def opened(data: bytes, name: str, worksheet: str) -> Iterator[Sheet]:
        with sheet_opener()(data, name, worksheet) as sheet:
            file.worksheets, file.worksheet = sheet.worksheets, sheet.worksheet
            yield sheet

    return opened


def _event_types(loaded: Loaded) -> dict[str, int]:
    """The event types of an ACLED file with the rows of each, those set aside as no attack among them; of any other file none."""
    (origin,) = loaded.origins
    if origin.format != acled.FORMAT:
        return {}
    kept = loaded.extras[origin.name].get("event_type", pd.Series(dtype="str"))
    aside = loaded.problems.loc[loaded.problems["code"] == "no_attack", "value"]
    return pd.concat([kept.astype("str"), aside.astype("str")]).value_counts().to_dict()


def _guess(file: File) -> None:
    """The first rows of a table of unknown columns and what they may be. The bytes of any other file are let go, unless the reader
    may choose another of its worksheets, or other event types, say how well its points are known, or exchange swapped coordinates."""
    unknown = file.loaded.origins[0].format is TABLE if file.loaded else isinstance(file.trouble, Undecided)
    if unknown:
        try:
            with sheet_opener()(file.data, file.name, file.worksheet) as sheet:
                file.sample = sheet.sample(SAMPLE)
        except FileError:
            unknown = False
        else:
            # A command that gets the mapping reads the same worksheet.
            file.mapping = replace(guess(file.sample), worksheet=file.chosen_worksheet)
    loaded = file.loaded
    has_question = loaded is not None and (
        taken_for_towns(loaded.origins[0], loaded.incidents) or (loaded.problems["code"] == SWAPPED).any()
    )
    chosen = file.settings != Mapping()
    if not (unknown or has_question or chosen or len(file.worksheets) > 1 or file.event_types):
        file.data = None


def serials(records: Sequence[Loaded]) -> tuple[int, ...]:
    """What tells these records from all others of the process."""
    return tuple(one.serial for one in records)


@cache
def _readers() -> ReaderPool:
    return ReaderPool()


def sheet_opener() -> Callable[[bytes, str, str], AbstractContextManager[Sheet]]:
    """What opens an upload: a reader process that is shared by all sessions, or this process where memory is short."""
    return _readers().sheet if is_enabled() else in_this_process


def warm_reader() -> None:
    """Start a reader process while a visitor looks for her file."""
    if is_enabled():
        _readers().warm()
