"""The assembly line: bytes to raw text, to incidents and problems, to placed incidents, to `Loaded`.

`Loaded` is the one value that is cached and shared by every rerun; nothing may change it afterwards.
"""

from __future__ import annotations

import ctypes
import hashlib
import io
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import pyarrow as pa

from incident_atlas import context, geocode
from incident_atlas import vocabulary as words
from incident_atlas.check import Problems, check
from incident_atlas.errors import NotAFile
from incident_atlas.gazetteer import OfflineGazetteer, fold
from incident_atlas.origins import ATLAS, Origin
from incident_atlas.readers.atlas import Table, open_binary
from incident_atlas.record import CATEGORIES, LISTS, NAMES, split
from incident_atlas.totals import extents

Answer = TypeVar("Answer")
DATA = Path(__file__).parent.parent / "data"
RECORD = DATA / "incidents.csv"

# Arrow's own allocator keeps what was freed, a quarter of the process after a large file; the system's can be made to let go.
pa.set_memory_pool(pa.system_memory_pool())

SEARCHED = ("incident_id", "title", "summary", "place", "city", "target_name", "perpetrator")
"""Columns in which a reader's words are looked for."""

MOST_KEPT = 64
"""Answers that a record keeps for all its readers."""


@dataclass(frozen=True)
class Source:
    """Where a record came from, and what became of its rows: read = kept + set_aside."""

    name: str
    sha256: str
    encoding: str
    read: int
    kept: int
    set_aside: int
    first: pd.Timestamp | None
    last: pd.Timestamp | None
    shipped: bool


@dataclass(frozen=True)
class Loaded:
    """A record, ready to be asked: incidents (typed, placed), reports, problems, source, context, options.

    incidents: the columns of `record.NAMES` and row (line in the file), found_by, found_as, found_score, province_stated,
    origin (the file it came from, as `Origin.name`; several with ";" between once duplicates are joined),
    x, y (Web Mercator, 0 to 1, NaN when unplaced), spot (a number per point), killed_best and _most (what a total adds), _none (no
    figure) and _open (a figure without a high), the same for wounded, first_day and last_day (what the date may mean), year, month (year * 12 +
    month - 1), precision_rank (0 exact ... 6 country, 7 unplaced), text (folded, for searching). Index 0 to n - 1.
    options: for each column that can be filtered, its distinct terms, sorted. origins: the files it was made of. extras: by
    name of the origin, the columns that have no place in the record, all text, behind incident_id. joined: for an incident
    that several rows were joined to, origin and id of each.
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
    _answers: dict[Callable, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    _kept: dict[tuple, Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    def once(self, question: Callable[[Loaded], Answer]) -> Answer:
        """`question` asked of this record, worked out the first time and kept as long as the record itself.

        A cache that knows a record by its hash would outlive it, miss a change of its reports, and be shared by all.
        """
        if question not in self._answers:
            self._answers[question] = question(self)
        return self._answers[question]

    def kept(self, key: tuple, make: Callable[[], Answer]) -> Answer:
        """What `make` gives, worked out once for this key and shared by all sessions; the newest `MOST_KEPT` are kept.

        key: all that the answer depends on beside the record: the name of the question, the filter, its parameters. For
        small answers that take long, such as those of permutations.
        """
        nothing = object()
        # Sessions run side by side: what is there now may be dropped by another a moment later.
        if (answer := self._kept.get(key, nothing)) is nothing:
            answer = make()
            for old in list(self._kept)[: max(0, len(self._kept) + 1 - MOST_KEPT)]:
                self._kept.pop(old, None)
            self._kept[key] = answer
        return answer

    def at(self, rows) -> pd.DataFrame:
        """The incidents on these lines of the file, in the order asked; lines that hold none are left out."""
        lines = self.incidents["row"].to_numpy()
        wanted = np.asarray(rows, dtype="int64").reshape(-1)
        found = np.searchsorted(lines, wanted).clip(max=max(len(lines) - 1, 0))
        return self.incidents.iloc[found[lines[found] == wanted] if len(lines) else []]

    def find(self, incident_id: str) -> pd.Series | None:
        """The incident of that id, or None."""
        hashes, places = self._by_id
        wanted = pd.util.hash_array(np.array([incident_id], dtype=object))[0]
        ids = self.incidents["incident_id"]
        for at in range(np.searchsorted(hashes, wanted), len(hashes)):
            if hashes[at] != wanted:
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


def load(path: Path | str = RECORD, progress: Callable[[float], None] | None = None) -> Loaded:
    """The record at `path`, with the reports and the coverage that lie beside it; raises `FileError`."""
    path = Path(path)
    with open_binary(path) as file:
        size = path.stat().st_size
        try:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            loaded = _assemble(file, path.name, sha256, size, path.resolve() == RECORD.resolve(), progress)
        except OSError as trouble:
            raise NotAFile(
                f"{path} cannot be read to its end: {trouble.strerror}.", "Copy it to this machine and try again."
            ) from trouble
    give_back()
    problems = Problems()
    reports = context.reports(path, loaded.incidents, problems)
    coverage = context.coverage(path, problems)
    told = pd.concat([loaded.problems, problems.frame()], ignore_index=True) if len(problems.frame()) else loaded.problems
    return replace(loaded, reports=reports, problems=told, coverage=coverage)


def load_bytes(data: bytes, name: str = "upload.csv", progress: Callable[[float], None] | None = None, mapping=None) -> Loaded:
    """The record in `data`, without reports: for files that must never touch the disk; raises `FileError`."""
    loaded = _assemble(io.BytesIO(data), name, hashlib.sha256(data).hexdigest(), len(data), False, progress)
    give_back()
    return loaded


def _assemble(file, name: str, sha256: str, size: int, shipped: bool, progress) -> Loaded:
    table = Table(file)
    problems, seen, parts, kept = Problems(), set(), [], 0
    for raw in table.chunks():
        good = check(raw, problems, seen, context.perpetrators())
        if len(good):
            parts.append(derive(geocode.place(good, offline_gazetteer(), problems)))
            kept += len(good)
        if progress:
            progress(min(1.0, file.tell() / max(size, 1)))
    problems.extend(table.notes)
    if not table.rows:
        problems.add([1], "", "", "the file has a header and no rows", "Add one row per incident.")
    seen.clear()
    called = "Incident Atlas" if shipped else name.replace(";", ",")
    incidents = _joined(parts)
    incidents["origin"] = pd.Categorical.from_codes(np.zeros(len(incidents), dtype="int8"), categories=[called])
    days = incidents["date"]
    # What is dated by its month lies anywhere in it: the record does not end on the first of its last month. A year would
    # make months of silence that nobody looked at.
    latest = incidents["last_day"].where(incidents["date_precision"].isin(["week", "month"]), days)
    first, last = (days.min(), latest.max()) if len(days) else (None, None)
    source = Source(name, sha256, table.encoding, table.rows, kept, table.rows - kept, first, last, shipped)
    origin = Origin(called, ATLAS, ATLAS.name, name, sha256, table.rows, kept, table.rows - kept, shipped)
    milestones, none = context.milestones(), pd.DataFrame()
    return Loaded(incidents, none, problems.frame(), source, milestones, none, options(incidents), (origin,))


@cache
def offline_gazetteer() -> OfflineGazetteer:
    """The shipped gazetteer, read once."""
    return OfflineGazetteer()


def derive(incidents: pd.DataFrame) -> pd.DataFrame:
    """What filters, summaries and the map ask of every row, computed once."""
    days = incidents["date"]
    ends = incidents["date_end"].where(incidents["date_end"] >= days, days)
    precision = incidents["date_precision"]
    incidents["row"] = incidents.index.astype("int32")
    incidents["first_day"] = days
    ends = ends.mask(precision == "week", np.maximum(ends, days + pd.Timedelta(days=6)))
    ends = ends.mask(precision == "month", np.maximum(ends, days + pd.offsets.MonthEnd(0)))
    incidents["last_day"] = ends.mask(precision == "year", np.maximum(ends, days + pd.offsets.YearEnd(0))).astype("datetime64[s]")
    incidents["year"] = days.dt.year.astype("int32")
    incidents["month"] = (days.dt.year * 12 + days.dt.month - 1).astype("int32")
    ranks = {name: rank for rank, name in enumerate(words.GEO_PRECISIONS)}
    incidents["precision_rank"] = incidents["geo_precision"].astype("str").map(ranks).fillna(len(ranks)).astype("int8")
    # Web Mercator ends at 85.05 degrees; beyond it y would be infinite.
    latitude = np.radians(incidents["latitude"].clip(-85.05, 85.05))
    incidents["x"] = incidents["longitude"] / 360 + 0.5
    incidents["y"] = 0.5 - np.log(np.tan(np.pi / 4 + latitude / 2)) / (2 * np.pi)
    # One number per point, so that cells can tell one spot from several: 2^26 steps round the world are 60 cm.
    incidents["spot"] = (incidents["x"] * 2**26).round() * 2**26 + (incidents["y"] * 2**26).round()
    for kind in ("killed", "wounded"):
        for name, values in extents(incidents, kind).items():
            incidents[name] = values
    searched = [incidents[name].to_numpy(dtype=object) for name in SEARCHED]
    # Each text once: many a summary repeats the title.
    folded = [fold(" ".join(dict.fromkeys(cells))) for cells in zip(*searched, strict=True)]
    incidents["text"] = pd.Series(folded, index=incidents.index, dtype="str")
    return incidents


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame of all chunks, column by column so that no second copy of the whole is ever alive."""
    if not parts:
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in NAMES}, index=pd.Index([], name="row"))
        problems = Problems()
        return _joined([derive(geocode.place(check(empty, problems, set(), {}), offline_gazetteer(), problems))])
    columns = {}
    for name in parts[0].columns:
        pieces = [part.pop(name) for part in parts]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            columns[name] = pd.Series(pd.api.types.union_categoricals(pieces, sort_categories=True))
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
        if columns[name].dtype == "str":
            # One piece of memory per column: picking a few rows out of many pieces joins them anew each time.
            whole = pa.array(columns[name])
            whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
            columns[name] = pd.Series(pd.array(whole, dtype="str"))
            del pieces, whole
            give_back()
    return pd.DataFrame(columns, copy=False)


def give_back() -> None:
    """Return freed memory to the system, in milliseconds: after a large file a third of the process, after a rerun 100 MB."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def options(incidents: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    """For each column that can be filtered, its distinct terms, sorted; blanks are none."""
    options = {}
    for name in (*CATEGORIES, *LISTS, "origin"):
        used = incidents[name].cat.remove_unused_categories().cat.categories
        terms = {term for cell in used for term in (split(cell) if name in (*LISTS, "origin") else [cell])}
        options[name] = tuple(sorted(terms - {""}))
    return options
