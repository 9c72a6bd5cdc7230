"""The assembly line: a sheet of any format to raw text, to incidents and problems, to placed incidents in one frame."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core import reference_data
from incident_atlas.core.data_sets import ATLAS, TABLE, Format, Read
from incident_atlas.core.schema import NAMES, REPORT_NAMES
from incident_atlas.core.text import counted, counted_incidents, listed, plain
from incident_atlas.core.validation import Problems, check
from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISION_RANK
from incident_atlas.dataset.query import month_of
from incident_atlas.dataset.totals import extents
from incident_atlas.errors import EmptyFile, NotATable, Undecided
from incident_atlas.geo import geocoding, point_precision, row_country, swapped_points
from incident_atlas.geo.gazetteer import folded, offline_gazetteer
from incident_atlas.geo.projection import mercator
from incident_atlas.i18n import _, ngettext
from incident_atlas.importers import mapping as columns
from incident_atlas.importers.data_sets import acled
from incident_atlas.importers.data_sets import native as atlas
from incident_atlas.importers.data_sets.registry import FORMATS, Reader, recognised, without
from incident_atlas.importers.files.detect import Sheet
from incident_atlas.importers.mapping import units
from incident_atlas.importers.mapping.parse_counts import needs_point, point_means

AUTO = "auto"
KEYS = (AUTO, ATLAS.key, *FORMATS, TABLE.key)
"""What can be asked for as a format."""

SAMPLE = 500
"""First rows by which the columns of a table are guessed."""

LOOKED_AT, LEAST_KEPT = 200_000, 1_000
"""Of so many rows at least one in so many must be fit to be kept, else the table is none of incidents."""

_MANY = 10_000
"""Rows of a chunk whose text takes enough memory to be given back at once."""

# Arrow's own allocator keeps what was freed, a quarter of the process after a large file; the system's can be made to let go.
pa.set_memory_pool(pa.system_memory_pool())

_CHOOSE = _("Choose on the page Your data. What is chosen there can be saved, and given to a command as --mapping.")

SEARCHED = ("incident_id", "title", "summary", "place", "city", "target_name", "perpetrator")
"""Columns in which a reader's words are looked for."""


@dataclass(frozen=True)
class Assembled:
    """What became of a sheet: its format and title, rows read (rows of one incident counted once), incidents as `load.Loaded` holds them, reports, extras, problems."""

    format: Format
    title: str
    read: int
    incidents: pd.DataFrame
    reports: pd.DataFrame
    extras: pd.DataFrame
    problems: Problems


@dataclass(frozen=True)
class _Reading:
    """How a sheet is read: which of its columns, in the case its reader wants, by what, the country of rows that do not say,
    whether all rows are needed at once, because several make one incident, how well points are known of which nothing says it,
    whether what is said of points is limited to what they show, and which columns count people, ours and theirs, of a table whose
    other cells may have to tell what "1.000" is."""

    format: Format
    title: str
    columns: tuple[str, ...]
    lower: bool
    read: Callable[[pd.DataFrame, Problems], Read]
    country: str = ""
    at_once: bool = False
    precision: str = ""
    limits_points: bool = False
    counts: tuple[tuple[str, str], ...] = ()


def assemble(sheet: Sheet, format: str = AUTO, mapping: columns.Mapping | None = None, progress=None) -> Assembled:
    """The incidents of a sheet; raises `FileError` when it has not the columns, or a person must say what they are."""
    problems = Problems()
    line = Line(sheet, format, mapping, problems, progress)
    parts: list[pd.DataFrame] = []
    reports, extras = [pd.DataFrame(columns=list(REPORT_NAMES), dtype="str")], []
    for part in line.parts():
        parts.append(part.incidents)
        reports.append(part.reports)
        extras.append(part.extras)
    left_over = _stacked(extras or [pd.DataFrame(columns=["incident_id"], dtype="str")])
    return Assembled(line.format, line.title, line.read, _joined(parts), _stacked(reports), left_over, problems)


class Part(NamedTuple):
    """Some rows of a sheet: incidents as `load.Loaded` holds them, their reports, their extras."""

    incidents: pd.DataFrame
    reports: pd.DataFrame
    extras: pd.DataFrame


class Line:
    """The assembly line for one sheet, which gives its rows part by part and tells `problems` what became of the others.

    format: what the sheet was recognised as. Raises `FileError` as `assemble` does.
    """

    def __init__(self, sheet: Sheet, format: str, mapping: columns.Mapping | None, problems: Problems, progress=None) -> None:
        self._sheet, self._problems, self._progress = sheet, problems, progress
        self._reading = _reading(sheet, format, mapping)
        if mapping is not None and mapping.precision:
            self._reading = replace(self._reading, precision=mapping.precision, limits_points=True)
        self._trust_shared_points = mapping is not None and mapping.trust_shared_points
        self._exchange = mapping if mapping is not None and mapping.exchanges else None
        self._exchanged: set[str] = set()
        self.format = self._reading.format
        self._merged = 0  # rows that were put together with another, one victim each

    @property
    def title(self) -> str:
        """What the sheet was recognised as, and, once its parts were given, how many victims its incidents were made of."""
        if not self._merged:
            return self._reading.title
        victims = counted(self._sheet.rows, "{n} victim", "{n} victims")
        return self._reading.title + _("; {victims} in {incidents}").format(
            victims=victims, incidents=counted_incidents(self.read)
        )

    @property
    def read(self) -> int:
        """Rows of which an incident could be made, as far as the parts were given: the victims of one incident are one row."""
        return self._sheet.rows - self._merged

    def parts(self) -> Iterator[Part]:
        """The incidents of the sheet, some `native.CHUNK` rows at a time."""
        if not self._reading.limits_points:
            yield from (part for part, _unused in self._parts())
            return
        # How many rows share a point is known at the end of the file.
        held = list(self._parts())
        _limit_precision(held, self._trust_shared_points, self._problems)
        yield from (part for part, _unused in held)

    def _parts(self) -> Iterator[tuple[Part, np.ndarray]]:
        """The same before the precision of their points is limited, and of each row whether it has a point that must be."""
        known_ids: set[str] = set()
        found = kept = 0
        chunks = self._chunks()
        if self._reading.at_once:
            parts = list(chunks)
            chunks = [pd.concat(parts)] if parts else []
        for rows in chunks:
            if self._reading.lower:
                rows.columns = rows.columns.str.casefold()
            raw, reports, more = self._reading.read(rows, self._problems)
            good = check(raw, self._problems, known_ids, reference_data.perpetrators(), self.format in (ATLAS, TABLE))
            self._merged += len(rows) - len(raw) if self._reading.at_once else 0
            found, kept = found + len(raw), kept + len(good)
            if found >= LOOKED_AT and kept * LEAST_KEPT < found:
                reason = _("Of its first {found:,} rows {kept:,} have an id of their own, a date and a title.")
                raise NotATable(
                    reason.format(found=found, kept=kept), _("Check that it is the file you mean, and what separates its cells.")
                )
            if len(good):
                ids = good["incident_id"]
                if len(good) < len(raw):
                    # Of a row that is set aside nothing stays.
                    more, reports = more.loc[good.index], reports[reports["incident_id"].isin(set(ids))]
                more = more.assign(incident_id=ids)[["incident_id", *more.columns]]
                good = row_country.without_null_island(good, self._problems)
                good = row_country.with_countries(good, self._reading.country, offline_gazetteer())
                good = self._with_exchanged(good)
                good, limited = self._with_precision(good)
                yield Part(derive(geocoding.place(good, offline_gazetteer(), self._problems)), reports, more), limited
            if len(rows) > _MANY:
                give_back()
            if self._progress:
                self._progress(self._sheet.part())
        if self._exchange and (unknown := set(self._exchange.exchange_ids) - self._exchanged):
            swapped_points.tell_of_unknown_ids(unknown, self._problems)
        self._problems.extend(self._sheet.notes)
        if not self._sheet.rows:
            self._problems.add([1], "", "", _("the file has a header and no rows"), _("Add one row per incident."), "no_rows")

    def _chunks(self) -> Iterator[pd.DataFrame]:
        """The rows of the sheet. Before the first of which a count depends on what a point means, the whole file is asked for that."""
        reading, before = self._reading, 0
        if not reading.at_once:
            chunks = self._sheet.chunks(reading.columns, atlas.CHUNK)
            for rows in chunks:
                if any(needs_point(rows[theirs].unique()) for _unused, theirs in reading.counts):
                    chunks.close()
                    self._reading = replace(reading, read=partial(reading.read, points=self._points()))
                    break
                before += 1
                yield rows
            else:
                return
        yield from islice(self._sheet.chunks(reading.columns, atlas.CHUNK), before, None)

    def _points(self) -> dict[str, str]:
        """For each count of ours what a point parts in its column."""
        names = dict.fromkeys(theirs for _unused, theirs in self._reading.counts)
        cells: dict[str, set[str]] = {theirs: set() for theirs in names}
        for rows in self._sheet.chunks(tuple(names), atlas.CHUNK):
            for theirs, held in cells.items():
                held.update(cell for cell in rows[theirs].unique() if "." in cell)
        return {ours: point_means(cells[theirs]) for ours, theirs in self._reading.counts}

    def _with_exchanged(self, incidents: pd.DataFrame) -> pd.DataFrame:
        """The incidents with latitude and longitude exchanged where they look swapped and a person chose it."""
        if self._exchange is None:
            return incidents
        in_country = geocoding.in_afghanistan(incidents, offline_gazetteer())
        ids = None if self._exchange.exchange_all else self._exchange.exchange_ids
        incidents, exchanged = swapped_points.with_exchanged(incidents, in_country, ids, self._problems)
        self._exchanged |= exchanged
        return incidents

    def _with_precision(self, incidents: pd.DataFrame) -> tuple[pd.DataFrame, np.ndarray]:
        """The incidents with the precision that the reader says for points of which the file says none, and of each row whether what is
        said of its point is limited: of a table of unknown columns also what a column says."""
        has_point = incidents["latitude"].notna() & incidents["longitude"].notna()
        stated = incidents["geo_precision"].astype("str")
        blank = has_point & (stated == "")
        if self._reading.precision and blank.any():
            incidents = incidents.assign(geo_precision=stated.mask(blank, self._reading.precision).astype("category"))
        return incidents, (has_point if self.format == TABLE else blank).to_numpy()


def _limit_precision(held: list[tuple[Part, np.ndarray]], trust_shared: bool, problems: Problems) -> None:
    """Make the points of a file no better known than they can be, in place; how many became coarser is a Problem of line 1."""
    if not held:
        return
    latitude, longitude = (
        np.concatenate([part.incidents[axis].to_numpy(dtype=float)[limited] for part, limited in held])
        for axis in ("latitude", "longitude")
    )
    ranks, start, coarser = point_precision.allowed_ranks(latitude, longitude, trust_shared), 0, 0
    for part, limited in held:
        known = part.incidents["precision_rank"].to_numpy(copy=True)
        before = known[limited]
        known[limited] = np.maximum(before, ranks[start : start + len(before)])
        start, coarser = start + len(before), coarser + int((known[limited] > before).sum())
        part.incidents["precision_rank"] = known
        part.incidents["geo_precision"] = pd.Categorical(np.array([*GEO_PRECISIONS, ""], dtype=object)[known])
    if coarser:
        reason = ngettext(
            "{n:,} point is taken as known less well than is said",
            "{n:,} points are taken as known less well than is said",
            coarser,
        ).format(n=coarser)
        cause = _("few decimals") if trust_shared else _("few decimals, several rows on one point, or the centre of a place")
        if not trust_shared:
            advice = _("Say that shared points are to be trusted, where each was measured.")
        else:
            advice = _("Give more decimals.")
        problems.add([1], "geo_precision", "", f"{reason}: {cause}", advice, "precision_limited")


def _reading(sheet: Sheet, format: str, mapping: columns.Mapping | None) -> _Reading:
    if format not in KEYS:
        reason = _("There is no format named {format}.").format(format=plain(format, 50))
        raise Undecided(reason, _("Choose one of: {keys}.").format(keys=", ".join(KEYS)))
    if (mapping is not None and not mapping.leaves_columns) or format == TABLE.key:
        return _of_table(sheet, mapping)
    if format == ATLAS.key or (format == AUTO and atlas.is_own(sheet.columns)):
        own = atlas.Own(sheet.columns, sheet.note, sheet.sample(SAMPLE))
        return _Reading(own.format, own.title(sheet.columns), sheet.columns, False, own.read, own.country)
    lower = {column.casefold(): column for column in sheet.columns}
    reader = (recognised(lower) or _by_event_types(sheet, lower)) if format == AUTO else FORMATS[format]
    event_types = mapping.event_types if mapping else None
    if reader is None:
        return _of_table(sheet, mapping)
    if format != AUTO and len(missing := sorted(reader.marks - lower.keys())) > 1:
        reason = _("The file is not {format_name}: it has no column named {missing}.").format(
            format_name=reader.format.name, missing=" or ".join(missing[:8])
        )
        raise NotATable(reason, _("Leave the choice of its format to the file, or check that it is the file you mean."))
    if missing := [name for name in reader.needs if name not in lower]:
        reason = _("The file looks like {format_name}, but has no column named {missing}.").format(
            format_name=reader.format.name, missing=" or ".join(missing)
        )
        message = _("Add it, or download the file again with all columns: no row can be kept without {missing}.")
        raise NotATable(reason, message.format(missing=listed(missing)))
    for name, assumed in without(reader, lower).items():
        reason = _("the column is missing{assumed}").format(assumed=assumed and f"; {assumed}")
        sheet.note(1, name, "", reason, _("Download the file again with all columns."), "missing_column")
    used = tuple(lower[name] for name in reader.uses if name in lower)
    title, read = reader.title(tuple(lower), sheet.name), reader.read
    if reader.format is acled.FORMAT:
        read = partial(acled.read, event_types=event_types)
        title += _("; counted as attacks: {event_types}").format(event_types=listed(event_types or acled.ATTACKS))
    return _Reading(reader.format, title, used, True, read)


def _by_event_types(sheet: Sheet, lower: dict[str, str]) -> Reader | None:
    """ACLED's reader for a file that has not its columns but its event types."""
    if "event_type" not in lower:
        return None
    cells = sheet.sample(SAMPLE)[lower["event_type"]].fillna("").tolist()
    return FORMATS[acled.FORMAT.key] if acled.is_acled(tuple(lower), cells) else None


def _of_table(sheet: Sheet, mapping: columns.Mapping | None) -> _Reading:
    sample = sheet.sample(SAMPLE, [theirs for _unused, theirs in mapping.columns] if mapping else ())
    if mapping is None or (mapping.leaves_columns and not mapping.columns):
        guessed = columns.guess(sample)
        mapping = guessed if mapping is None else columns.judged(replace(mapping, columns=guessed.columns), sample)
        if sample.empty and mapping.undecided:
            raise EmptyFile(_("The file has no rows under its header."), _("Add one row per incident."))
        if not mapping.columns:
            refusal = atlas.no_columns_of_ours(sheet.columns)
            # Of a table in a language that is not known here a person can say what the columns are.
            raise Undecided(refusal.reason, _CHOOSE) if len(sheet.columns) > 1 else refusal
    else:
        mapping, missing = columns.applied(mapping, sheet.columns)
        sheet.notes += missing
        mapping = columns.judged(mapping, sample)
    if mapping.undecided:
        raise Undecided(" ".join(mapping.undecided), _CHOOSE)
    sheet.notes += columns.part_counts(mapping, sheet.columns)
    sheet.notes += columns.assumed_order(mapping, sample)
    sheet.notes += columns.not_assigned(mapping, sheet.columns)
    read = partial(mapping.read, id_counts={})
    return _Reading(
        mapping.format,
        mapping.title(sheet.columns),
        sheet.columns,
        False,
        read,
        mapping.country,
        at_once=mapping.unit == units.VICTIM,
        limits_points=bool(mapping.theirs("geo_precision")),
        counts=tuple(mapping.counts.items()),
    )


def derive(incidents: pd.DataFrame) -> pd.DataFrame:
    """What filters, summaries and the map ask of every row, computed once."""
    # An incident counts on the day on which it began: its date_end widens nothing, what its date may mean does.
    days = ends = incidents["date"]
    precision = incidents["date_precision"]
    incidents["row"] = incidents.index.astype("int32")
    incidents["first_day"] = days
    ends = ends.mask(precision == "week", np.maximum(ends, days + pd.Timedelta(days=6)))
    ends = ends.mask(precision == "month", np.maximum(ends, days + pd.offsets.MonthEnd(0)))
    incidents["last_day"] = ends.mask(precision == "year", np.maximum(ends, days + pd.offsets.YearEnd(0))).astype("datetime64[s]")
    incidents["year"] = days.dt.year.astype("int32")
    incidents["month"] = month_of(days.dt.year, days.dt.month).astype("int32")
    ranks = incidents["geo_precision"].astype("str").map(PRECISION_RANK)
    incidents["precision_rank"] = ranks.fillna(len(PRECISION_RANK)).astype("int8")
    incidents["x"], incidents["y"] = mercator(incidents["latitude"], incidents["longitude"])
    # One number per point, so that cells can tell one spot from several: 2^26 steps round the world are 60 cm.
    incidents["spot"] = (incidents["x"] * 2**26).round() * 2**26 + (incidents["y"] * 2**26).round()
    for kind in ("killed", "wounded"):
        for name, values in extents(incidents, kind).items():
            incidents[name] = values
    incidents["text"] = pd.Series(pd.array(_searched(incidents), dtype="str"), index=incidents.index)
    return incidents


def _searched(incidents: pd.DataFrame) -> pa.LargeStringArray:
    """What is looked for in each incident, folded. Each text once: many a summary repeats the title."""
    columns: list[pa.LargeStringArray] = []
    for name in SEARCHED:
        cells = pa.array(incidents[name].astype("str"), pa.large_string())
        cells = cells.combine_chunks() if isinstance(cells, pa.ChunkedArray) else cells
        for other in columns:
            cells = pc.if_else(pc.equal(cells, other), "", cells)
        columns.append(cells)
    return folded(pc.binary_join_element_wise(*columns, pa.scalar(" ", pa.large_string())))


def _joined(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame of all chunks, column by column so that no second copy of the whole is ever alive."""
    if not parts:
        empty = pd.DataFrame({name: pd.Series(dtype=object) for name in NAMES}, index=pd.Index([], name="row"))
        problems = Problems()
        return _joined([derive(geocoding.place(check(empty, problems, set(), {}), offline_gazetteer(), problems))])
    return _stacked(parts)


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """The parts one below the other; they are let go on the way, column by column."""
    # Taking thousands of columns out of a frame one by one would make as many frames.
    held = [dict(part.items()) for part in parts]
    parts.clear()
    columns = {}
    for name in list(held[0]):
        pieces = [part.pop(name) for part in held]
        if isinstance(pieces[0].dtype, pd.CategoricalDtype):
            columns[name] = pd.Series(pd.api.types.union_categoricals(pieces, sort_categories=True))
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
        if columns[name].dtype == "str":
            # One piece of memory per column: picking a few rows out of many pieces joins them anew each time.
            whole = pa.array(columns[name])
            whole = whole.combine_chunks() if isinstance(whole, pa.ChunkedArray) else whole
            columns[name] = pd.Series(pd.array(whole, dtype="str"))
            rows = len(whole)
            del pieces, whole
            if rows > _MANY:
                give_back()
    return pd.DataFrame(columns, copy=False)


def give_back() -> None:
    """Return freed memory to the system, in milliseconds: after a large file a third of the process, after a rerun 100 MB."""
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
