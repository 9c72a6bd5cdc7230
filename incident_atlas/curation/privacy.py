"""What a record may tell others: places blurred, words left out, the newest incidents held back, so that sharing does no harm.

One pure step, before anything sees the record: `withheld` gives a record in which nothing more precise is left, so no map, table,
link or file that is made of it can tell more. What it cannot hide: kind, day, figures and town of a known attack are enough to
find it in the news, and whoever has the file that the record was read from finds a row in it by its id.
"""

from __future__ import annotations

import hashlib
import math
import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from incident_atlas.core.data_sets import ATLAS, TABLE, Origin
from incident_atlas.core.schema import NAMES, split
from incident_atlas.core.text import counted, listed, plain
from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, RADIUS_M
from incident_atlas.curation import allow_list
from incident_atlas.dataset.load import Loaded, Source, options, with_terms_in_use
from incident_atlas.dataset.pipeline import derive
from incident_atlas.errors import UnknownPolicy
from incident_atlas.geo.distance import on_sphere
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import BLURRED
from incident_atlas.geo.swapped_points import EXCHANGED, SWAPPED
from incident_atlas.i18n import _

GRID_KM = 10
KM_PER_DEGREE = math.pi * EARTH_KM / 180
"""Of latitude."""

PLACES = {
    "grid": _("places are blurred to a grid of {grid_km} km").format(grid_km=GRID_KM),
    "district": _("places are blurred to the centre of the nearest district or town"),
}
MOST_DAYS = 36_500

UNNAMED = _("Record (its name is left out)")
"""In place of the name of a file, which may tell what is in it."""

_BESIDE = ("found_by", "found_as", "found_score", "province_stated", "precision_stated")
"""Columns of `load.Loaded.incidents` that are neither of the file nor worked out by `derive`."""

_OF_THE_POINT = ("outside_area", SWAPPED, EXCHANGED)
"""Codes of problems that are facts of the exact point."""

_OF_THE_FILE = tuple(
    "bytes_not_text columns_not_assigned columns_of_its_own encoding_guessed end_is_missing merged_cells missing_column nested_columns no_rows "
    "other_tables part_of_a_count repeated_column rows_above_header table_not_read".split()
)
"""Codes of problems that, in line 1, are of the file as a whole and of no row of it."""

_DISTRICT = GEO_PRECISIONS.index("district")


@dataclass(frozen=True)
class Policy:
    """What is withheld. places: grid, district, or '' for not blurred; days: how new an incident is held back, 0 for none.

    without_text: words are left out although places are not blurred. Where they are, words always go with them: a point on a
    grid hides nothing beside "at the gate of the compound".
    """

    places: str = ""
    days: int = 0
    without_text: bool = False

    def sentence(self) -> str:
        """What is withheld, for every page and every file."""
        parts = [PLACES[self.places]] if self.places else []
        parts += [_("words that may tell more are left out")] if self.wordless else []
        if self.days:
            parts += [_("incidents of the last {days} are held back").format(days=counted(self.days, "{n} day", "{n} days"))]
        return _("To do no harm, {parts}.").format(parts=listed(parts)) if parts else ""

    @property
    def wordless(self) -> bool:
        """Whether free text is left out."""
        return bool(self.places) or self.without_text


def policy(text: str) -> Policy | None:
    """The policy that a setting asks for, None when it is blank; raises `UnknownPolicy` for anything that it does not know.

    >>> policy("grid, days=30"), policy(" ")
    (Policy(places='grid', days=30, without_text=False), None)
    """
    settings: dict[str, str | int | bool] = {}
    for part in text.casefold().split(",") if text.strip() else ():
        part = part.strip()
        days = re.fullmatch(r"days=([1-9][0-9]{0,4})", part)
        name = "places" if part in PLACES else "days" if days else "without_text" if part == "no-text" else ""
        if not name or name in settings or (days and int(days[1]) > MOST_DAYS):
            advice = _("Write INCIDENTS_DISCRETION as grid or district, days=30 and no-text, with commas between.")
            raise UnknownPolicy(_("It is not known what to withhold: {text}.").format(text=plain(text, 100)), advice)
        settings[name] = int(days[1]) if days else part if name == "places" else True
    return Policy(**settings) if settings else None


def withheld(loaded: Loaded, policy: Policy, today: date | None = None) -> Loaded:
    """The record with that withheld, in every part of it; the one given stays as it is.

    An incident is as new as the last day on which it went on or that its date may mean, counted back from `today`. Ids stay, so that links work. With
    words goes every column and every cell that `allow_list` does not name: free text, addresses, names that no table of this
    project knows, columns of the file's own, and the names of the file and of its columns; the title is made anew of our own
    terms. A blurred place is known to the district at best: half the diagonal of a cell and the radius of a city, 15 km, are
    within its 20; what is moved farther than that is known to the province. What was coarser stays as it is. Problems are told
    by their code in any case, and the sha256 is of what is left, not of the file.
    """
    last = pd.Timestamp((today or date.today()) - timedelta(days=policy.days)) if policy.days else None
    before = loaded.incidents
    kept = before if last is None else before[(before[["last_day", "date_end"]].max(axis=1) <= last).to_numpy()]
    names = _origin_names(loaded.origins) if policy.wordless else {}
    incidents = kept.set_axis(kept["row"].to_numpy(), axis=0)
    if policy.places:
        incidents = _blurred(incidents, policy.places)
    if policy.wordless:
        incidents = _wordless(incidents, replace(policy, days=0).sentence(), names)
    incidents = derive(with_terms_in_use(incidents)).reset_index(drop=True)
    ids = incidents["incident_id"]
    known = set(ids)
    reports, coverage = _reports(loaded.reports, ids), loaded.coverage
    if policy.wordless:
        publishers = allow_list.Publishers()
        reports, coverage = publishers.reports(reports) if len(reports) else reports, publishers.coverage(coverage)
    sha256 = _sha256(policy, incidents, reports)
    # Part by part: what is added to `Loaded` later is not passed on unless it is named here.
    return Loaded(
        incidents=incidents,
        reports=reports,
        problems=_problems(loaded.problems, policy, set(kept["row"])),
        source=_source(loaded.source, sha256, incidents, last, names),
        milestones=loaded.milestones,
        coverage=coverage,
        options=options(incidents),
        origins=tuple(_origin(one, sha256, before, kept, names) for one in loaded.origins),
        extras={} if policy.wordless else {name: table[table["incident_id"].isin(ids)] for name, table in loaded.extras.items()},
        joined={
            name: tuple((names.get(origin, origin), one) for origin, one in parts)
            for name, parts in loaded.joined.items()
            if name in known
        },
        discretion=" ".join(dict.fromkeys(filter(None, (loaded.discretion, policy.sentence())))),
    )


def to_grid(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centre of the cell that holds each point, degrees: nothing else of the point is left in it.

    A cell is `GRID_KM` high and, at its middle, as wide, so that no point is moved by more than 7.2 km.
    """
    step = GRID_KM / KM_PER_DEGREE
    row = np.clip((np.floor(latitude / step) + 0.5) * step, -89.9, 89.9)
    wide = step / np.cos(np.radians(row))
    return row.round(4), np.clip((np.floor(longitude / wide) + 0.5) * wide, -180, 180).round(4)


def to_districts(latitude: np.ndarray, longitude: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The nearest centre of a district or town of the gazetteer to each point, and how far it is, km.

    Where none is within the radius of a province, abroad for example, it is the centre of the cell of the grid.
    """
    tree, centres = _centres()
    straight, nearest = tree.query(on_sphere(latitude, longitude))
    far = 2 * np.degrees(np.arcsin(np.clip(straight / 2, 0, 1))) * KM_PER_DEGREE
    lone = far > RADIUS_M["province"] / 1000
    cells = to_grid(latitude, longitude)
    moved = (np.where(lone, cell, centre) for cell, centre in zip(cells, centres[nearest].T, strict=True))
    return *moved, np.where(lone, 0.0, far)


def widened(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """South, west, north, east of a view, outward to the next tenth of a degree: a close view would tell the place it shows."""
    south, west, north, east = (value * 10 for value in bounds)
    return float(np.floor(south)) / 10, float(np.floor(west)) / 10, float(np.ceil(north)) / 10, float(np.ceil(east)) / 10


@cache
def _centres() -> tuple[cKDTree, np.ndarray]:
    places = [place for place in offline_gazetteer().places if place.kind in ("district", "city")]
    degrees = np.array([(place.latitude, place.longitude) for place in places])
    return cKDTree(on_sphere(degrees[:, 0], degrees[:, 1])), degrees


def _blurred(incidents: pd.DataFrame, places: str) -> pd.DataFrame:
    placed = incidents["x"].notna().to_numpy()
    latitude, longitude = (incidents[name].to_numpy(dtype="float64").copy() for name in ("latitude", "longitude"))
    coarsest = np.full(len(incidents), _DISTRICT)
    if places == "grid":
        latitude[placed], longitude[placed] = to_grid(latitude[placed], longitude[placed])
    else:
        latitude[placed], longitude[placed], far = to_districts(latitude[placed], longitude[placed])
        coarsest[placed] += far > RADIUS_M["district"] / 1000
    # A half of a coordinate, or a place of its own words, may lie in a row that is not on the map.
    latitude[~placed], longitude[~placed] = np.nan, np.nan
    precision = np.array([*GEO_PRECISIONS, ""], dtype=object)
    ranks = np.where(placed, np.maximum(incidents["precision_rank"], coarsest), len(GEO_PRECISIONS))
    return incidents.assign(
        latitude=latitude,
        longitude=longitude,
        geo_precision=precision[np.minimum(ranks, len(GEO_PRECISIONS))],
        found_by=incidents["found_by"].astype("str").mask(placed, BLURRED),
        found_score=np.where(placed, 100.0, np.nan),
    ).astype({"geo_precision": "category", "found_by": "category"})


def _wordless(incidents: pd.DataFrame, note: str, names: dict[str, str]) -> pd.DataFrame:
    """What is on the list, with a title made of it; other columns than `load.Loaded` has before `derive` are left out.

    note: what stands in the notes of every incident. names: of origins, as they may be told.
    """
    operations, _unused = pd.factorize(incidents["coordinated_id"].where(incidents["coordinated_id"] != ""))
    made = allow_list.allowed(incidents[[*NAMES, *(name for name in _BESIDE if name in incidents)]], allow_list.INCIDENTS)
    cells = zip(
        *(made[name].astype("str") for name in ("attack_type", "target_type", "city", "province", "country")), strict=True
    )
    titles = [
        ", ".join(filter(None, (attack, *split(target)[:1], city or province or country)))
        for attack, target, city, province, country in cells
    ]
    origins = incidents["origin"].astype("str").map(lambda cell: ";".join(names.get(one, UNNAMED) for one in split(cell)))
    return made.assign(
        title=pd.array([title or _("An incident") for title in titles], dtype="str"),
        coordinated_id=pd.array(["" if n < 0 else f"operation {n + 1}" for n in operations], dtype="str"),
        notes=pd.array([note] * len(made), dtype="str"),
        origin=origins.astype("category"),
    )


def _reports(reports: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    return reports[reports["incident_id"].isin(ids)].reset_index(drop=True) if len(reports) else reports


def _problems(problems: pd.DataFrame, policy: Policy, kept: set[int]) -> pd.DataFrame:
    """Problems by their code, without those that tell of the exact point, and of rows that are held back or may be.

    How new a row is that was set aside is not known, nor of which incident a report's line is: with days their problems go.
    """
    codes, columns = problems["code"].astype("str"), problems["column"].astype("str")
    stay = pd.Series(True, index=problems.index)
    if policy.places:
        stay &= ~codes.isin(_OF_THE_POINT)
    if policy.days:
        of_file = codes.isin(_OF_THE_FILE) & (problems["row"] == 1)
        of_kept = problems["row"].isin(kept) & ~columns.str.startswith(("reports", "coverage"))
        stay &= of_file | of_kept | (columns == "coverage")
    return allow_list.problems(problems[stay])


def _sha256(policy: Policy, *tables: pd.DataFrame) -> str:
    """The name of this version, of what is left alone: by the hash of the file itself a guess of the rest could be proved."""
    seed = hashlib.sha256(repr(policy).encode())
    for table in tables:
        seed.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return seed.hexdigest()


def _source(source: Source, sha256: str, incidents: pd.DataFrame, last: pd.Timestamp | None, names: dict[str, str]) -> Source:
    """The source as it is told: no row more than is left, no day later. names: what origins may be called, none for as they are."""
    held = max(source.kept - len(incidents), 0)
    days = incidents["date"]
    return Source(
        name=_(" and ").join(names.values()) if names and not source.shipped else source.name,
        sha256=sha256,
        encoding=source.encoding,
        read=source.read - held,
        kept=source.kept - held,
        set_aside=source.set_aside,
        first=days.min() if len(days) else None,
        last=(source.last if last is None else min(source.last, last)) if len(days) else None,
        shipped=source.shipped,
        last_stated=source.last_stated or (last is not None and source.last is not None and last <= source.last),
    )


def _origin_names(origins: tuple[Origin, ...]) -> dict[str, str]:
    """The name of each origin to what may be told of it: the shipped record and known data sets by their names, others by none."""
    names: dict[str, str] = {}
    for origin in origins:
        shown = origin.name if origin.shipped else UNNAMED if origin.format in (ATLAS, TABLE) else origin.format.name
        again = sum(name == shown or name.startswith(f"{shown} (file ") for name in names.values())
        names[origin.name] = f"{shown} (file {again + 1})" if again else shown
    return names


def _origin(origin: Origin, sha256: str, before: pd.DataFrame, kept: pd.DataFrame, names: dict[str, str]) -> Origin:
    held = _of(before, origin.name) - _of(kept, origin.name)
    may_be_named = not names or origin.shipped
    return Origin(
        name=names.get(origin.name, origin.name),
        format=origin.format,
        title=origin.title if may_be_named else origin.format.name,
        file=origin.file if may_be_named else UNNAMED,
        sha256=sha256,
        read=origin.read - held,
        kept=origin.kept - held,
        set_aside=origin.set_aside,
        shipped=origin.shipped,
        wordless=bool(names) or origin.wordless,
    )


def _of(incidents: pd.DataFrame, name: str) -> int:
    counts = incidents["origin"].astype("str").value_counts()
    return int(sum(n for cell, n in counts.items() if name in split(cell)))
