"""Files that people bring, and the shipped record, as `Loaded`: the end of the assembly line.

`Loaded` is the one value that is cached and shared by every rerun; nothing may change it afterwards.
"""

from __future__ import annotations

import hashlib
import io
import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pandas as pd

from incident_atlas.core.data_sets import ATLAS, TABLE, Origin
from incident_atlas.core.reference_data import DATA, milestones
from incident_atlas.core.schema import CATEGORIES, SEVERAL, split
from incident_atlas.core.text import file_name
from incident_atlas.core.validation import Problems
from incident_atlas.dataset import companion_tables
from incident_atlas.dataset.cache import Cache
from incident_atlas.dataset.pipeline import AUTO, assemble, give_back
from incident_atlas.errors import NotAFile
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.native import open_binary
from incident_atlas.importers.files.base import Sheet
from incident_atlas.importers.files.detect import in_this_process, open_sheet
from incident_atlas.importers.mapping import Mapping

RECORD = DATA / "incidents.csv"


@dataclass(frozen=True)
class Source:
    """Where a record came from, and what became of its rows: read = kept + set_aside.

    first, last: the days of its exposure: from its first incident to the day until which it was collected, or where that is not
    stated to its last incident. last_stated: whether it is stated.
    """

    name: str
    sha256: str
    encoding: str
    read: int
    kept: int
    set_aside: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    shipped: bool
    last_stated: bool = False

    def days(self) -> tuple[date, date] | tuple[None, None]:
        """`first` and `last` as dates; None when the record has no incident."""
        return (None, None) if self.first is None else (self.first.date(), self.last.date())


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A record, ready to be asked: incidents (typed, placed), reports, problems, source, context, options.

    incidents: the columns of `schema.NAMES` and row (line in the file), found_by, found_as, found_score, province_stated,
    precision_stated, origin (the file it came from, as `Origin.name`; several with ";" between once duplicates are joined),
    x, y (Web Mercator, 0 to 1, NaN when unplaced), spot (a number per point), killed_least, _best and _most (what a total adds), _none (no
    figure) and _open (a figure without a high), the same for wounded, first_day and last_day (what the date may mean), year, month (year * 12 +
    month - 1), precision_rank (0 exact ... 6 country, 7 unplaced), text (folded, for searching). Index 0 to n - 1.
    options: for each column that can be filtered, its distinct terms, sorted. origins: the files it was made of. extras: by
    name of the origin, the columns that have no place in the record, all text, behind incident_id. joined: for an incident
    that several rows were joined to, origin and id of each. discretion: a sentence on what is withheld of it, '' for nothing.
    serial: a number that no other record of this process has, for the keys of caches: the same bytes may be read under another
    name, or while they were being replaced. cache: values computed from this record, shared by all sessions.
    """

    incidents: pd.DataFrame
    reports: pd.DataFrame
    problems: pd.DataFrame
    source: Source
    milestones: pd.DataFrame
    coverage: pd.DataFrame
    options: dict[str, tuple[str, ...]] = field(default_factory=dict)
    origins: tuple[Origin, ...] = ()
    extras: dict[str, pd.DataFrame] = field(default_factory=dict)
    joined: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    discretion: str = ""
    serial: int = field(default_factory=itertools.count().__next__, init=False, compare=False)
    cache: Cache = field(default_factory=Cache, init=False, repr=False, compare=False)

    def at(self, rows) -> pd.DataFrame:
        """The incidents on these lines of the file, in the order asked; lines that hold none are left out."""
        lines = self.incidents["row"].to_numpy()
        numbers = np.asarray(rows, dtype="int64").reshape(-1)
        found = np.searchsorted(lines, numbers).clip(max=max(len(lines) - 1, 0))
        return self.incidents.iloc[found[lines[found] == numbers] if len(lines) else []]

    def find(self, incident_id: str) -> pd.Series | None:
        """The incident of that id, or None."""
        hashes, places = self._by_id
        digest = pd.util.hash_array(np.array([incident_id], dtype=object))[0]
        ids = self.incidents["incident_id"]
        for at in range(np.searchsorted(hashes, digest), len(hashes)):
            if hashes[at] != digest:
                break
            if ids.iat[places[at]] == incident_id:
                return self.incidents.iloc[places[at]]
        return None

    @cached_property
    def _by_id(self) -> tuple[np.ndarray, np.ndarray]:
        """Hashes of the ids, sorted, and the place of each: comparing half a million texts at every click takes longer."""
        hashes = pd.util.hash_array(self.incidents["incident_id"].to_numpy(dtype=object), categorize=False)
        places = np.argsort(hashes, kind="stable")
        return hashes[places], places.astype("int32")


def load(
    path: Path | str = RECORD,
    format: str = AUTO,
    mapping: Mapping | None = None,
    progress: Callable[[float], None] | None = None,
    until: date | None = None,
) -> Loaded:
    """The record at `path`, with the reports and the coverage that lie beside one in our own columns; raises `FileError`.

    format: one of `pipeline.KEYS`; auto recognises it by the columns. mapping: what the columns of any other table are; without
    one it is guessed, and `Undecided` is raised where a guess could be wrong. progress: told how far it is, 0 to 1. until: the day
    up to which it was collected, as its owner says; it goes before what the coverage says.
    """
    path = Path(path)
    with open_binary(path) as file:
        try:
            name, shipped = file_name(path), path.resolve() == RECORD.resolve()
            loaded = _loaded(
                open_sheet(file, name, mapping.worksheet if mapping else ""), file, name, format, mapping, progress, shipped
            )
        except OSError as trouble:
            raise NotAFile(
                _("{path} cannot be read to its end: {reason}.").format(path=path, reason=trouble.strerror),
                _("Copy it to this machine and try again."),
            ) from trouble
    give_back()
    if loaded.origins[0].format != ATLAS:
        return collected_to(loaded, until)
    problems = Problems()
    reports = loaded.reports
    if not len(reports):
        reports = companion_tables.reports(path, loaded.incidents, problems)
    coverage = companion_tables.coverage(path, problems)
    found = problems.frame()
    all_problems = pd.concat([loaded.problems, found], ignore_index=True) if len(found) else loaded.problems
    loaded = replace(loaded, reports=reports, problems=all_problems, coverage=coverage)
    return collected_to(loaded, until or companion_tables.collected_latest(coverage))


def collected_to(loaded: Loaded, day: date | None) -> Loaded:
    """The record with its exposure up to that day, to its last incident when None; an incident after the day was collected, too.

    Days without an incident before the end of collecting are days of the record: a rate that ends with an incident is too high.
    """
    source = replace(loaded.source, last=_last_incident(loaded.incidents), last_stated=False)
    if day is not None and source.last is not None:
        source = replace(source, last=max(source.last, pd.Timestamp(day)), last_stated=True)
    return loaded if source == loaded.source else replace(loaded, source=source)


def _last_incident(incidents: pd.DataFrame) -> pd.Timestamp | None:
    # What is dated by its month lies anywhere in it: the record does not end on the first of its last month. A year would
    # make months of silence that nobody looked at.
    latest = incidents["last_day"].where(incidents["date_precision"].isin(["week", "month"]), incidents["date"])
    return latest.max() if len(latest) else None


def load_bytes(
    data: bytes,
    name: str = "upload.csv",
    format: str = AUTO,
    mapping: Mapping | None = None,
    progress: Callable[[float], None] | None = None,
    open_sheet: Callable[[bytes, str, str], AbstractContextManager[Sheet]] = in_this_process,
) -> Loaded:
    """The record in `data`, for files that must never touch the disk; format, mapping and progress as in `load`; raises `FileError`.

    open_sheet: `in_this_process`, or `ReaderPool.sheet`, which reads the file in a process of its own.
    """
    with open_sheet(data, name, mapping.worksheet if mapping else "") as sheet:
        loaded = _loaded(sheet, io.BytesIO(data), name, format, mapping, progress)
    give_back()
    return loaded


def _loaded(
    sheet: Sheet, file: BinaryIO, name: str, format: str, mapping: Mapping | None, progress, shipped: bool = False
) -> Loaded:
    file.seek(0)
    sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    made = assemble(sheet, format, mapping, progress)
    incidents, problems, reports = made.incidents, made.problems, made.reports
    if made.format == ATLAS and sheet.reports:
        reports = companion_tables.reports_in(sheet.reports, "reports.csv", incidents, problems)
    called = "Incident Atlas" if shipped else name if made.format in (ATLAS, TABLE) else made.format.name
    called = called.replace(";", ",")
    incidents["origin"] = pd.Categorical.from_codes(np.zeros(len(incidents), dtype="int8"), categories=[called])
    first, last = (incidents["date"].min(), _last_incident(incidents)) if len(incidents) else (None, None)
    counts = made.read, len(incidents), made.read - len(incidents)
    return Loaded(
        incidents=incidents,
        reports=reports,
        problems=problems.frame(),
        source=Source(name, sha256, sheet.encoding, *counts, first, last, shipped),
        milestones=milestones(),
        coverage=pd.DataFrame(),
        options=options(incidents),
        origins=(Origin(called, made.format, made.title, name, sha256, *counts, shipped),),
        extras={called: made.extras},
    )


def options(incidents: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """For each column that can be filtered, its distinct terms, sorted; blanks are none."""
    options = {}
    for name in (*CATEGORIES, *SEVERAL):
        used = incidents[name].cat.remove_unused_categories().cat.categories
        terms = {term for cell in used for term in (split(cell) if name in SEVERAL else [cell])}
        options[name] = tuple(sorted(terms - {""}))
    return options


def with_terms_in_use(table: pd.DataFrame) -> pd.DataFrame:
    """The table with only those terms in its categories that its rows have: the others would travel along wherever it is sent."""
    return table.assign(**{name: cells.cat.remove_unused_categories() for name, cells in table.select_dtypes("category").items()})
