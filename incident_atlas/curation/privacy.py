"""What a record may tell others: places blurred, words left out, the newest incidents held back, so that sharing does no harm.

One pure step, before anything sees the record: `withheld` gives a record in which nothing sharper is left, so no map, table,
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

from incident_atlas.core.data_sets import Origin
from incident_atlas.core.schema import COLUMNS, split
from incident_atlas.core.text import counted, listed, plain
from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, RADIUS_M
from incident_atlas.dataset.load import Loaded, Source, options
from incident_atlas.dataset.pipeline import derive
from incident_atlas.errors import UnknownPolicy
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import BLURRED, in_afghanistan

GRID_KM = 10
KM_PER_DEGREE = math.pi * EARTH_KM / 180
"""Of latitude."""

PLACES = {
    "grid": f"places are blurred to a grid of {GRID_KM} km",
    "district": "places are blurred to the centre of the nearest district or town",
}
MOST_DAYS = 36_500

_NAMES_OF_AREAS = ("city", "district", "province", "country")
_WORDS = tuple(column.name for column in COLUMNS if column.kind == "text" and column.name not in _NAMES_OF_AREAS)
_WORDS_OF_REPORTS = ("title", "url", "archive_url", "place", "says")
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
        parts += ["words that may tell more are left out"] if self.wordless else []
        parts += [f"incidents of the last {counted(self.days, 'day')} are held back"] if self.days else []
        return f"To do no harm, {listed(parts)}." if parts else ""

    @property
    def wordless(self) -> bool:
        """Whether free text is left out."""
        return bool(self.places) or self.without_text


def policy(text: str) -> Policy | None:
    """The policy that a setting asks for, None when it is blank; raises `UnknownPolicy` for anything that it does not know.

    >>> policy("grid, days=30"), policy(" ")
    (Policy(places='grid', days=30, without_text=False), None)
    """
    asked: dict[str, str | int | bool] = {}
    for part in text.casefold().split(",") if text.strip() else ():
        part = part.strip()
        days = re.fullmatch(r"days=([1-9][0-9]{0,4})", part)
        name = "places" if part in PLACES else "days" if days else "without_text" if part == "no-text" else ""
        if not name or name in asked or (days and int(days[1]) > MOST_DAYS):
            raise UnknownPolicy(
                f"It is not known what to withhold: {plain(text, 100)}.",
                "Write INCIDENTS_DISCRETION as grid or district, days=30 and no-text, with commas between.",
            )
        asked[name] = int(days[1]) if days else part if name == "places" else True
    return Policy(**asked) if asked else None


def withheld(loaded: Loaded, policy: Policy, today: date | None = None) -> Loaded:
    """The record with that withheld, in every part of it; the one given stays as it is.

    An incident is as new as the last day that its date may mean, counted back from `today`. Ids stay, so that links work. With
    words go every column of free text, the words and addresses of reports, and columns of its file that the record has no
    place for; the title is made anew of our own terms, and of towns, districts and Afghan provinces only names that the
    gazetteer knows are left. A blurred place is known to the district at best: half the diagonal of a cell and the radius of a
    city, 15 km, are within its 20; what is moved farther than that is known to the province. What was coarser stays as it is.
    Values of problems go in any case, and the sha256 is of what is left, not of the file.
    """
    last = pd.Timestamp((today or date.today()) - timedelta(days=policy.days)) if policy.days else None
    before = loaded.incidents
    kept = before if last is None else before[(before["last_day"] <= last).to_numpy()]
    incidents = kept.set_axis(kept["row"].to_numpy(), axis=0)
    if policy.places:
        incidents = _blurred(incidents, policy.places)
    if policy.wordless:
        incidents = _wordless(incidents, replace(policy, days=0).sentence())
    categories = {name: incidents[name].astype("str").astype("category") for name in before.select_dtypes("category")}
    incidents = derive(incidents.assign(**categories)).reset_index(drop=True)
    ids = incidents["incident_id"]
    extras = {name: table[table["incident_id"].isin(ids)] for name, table in loaded.extras.items() if not policy.wordless}
    known, reports = set(ids), _reports(loaded.reports, ids, policy.wordless)
    sha256 = _sha256(policy, incidents, reports)
    return replace(
        loaded,
        incidents=incidents,
        reports=reports,
        problems=_problems(loaded.problems, set(before["row"]) - set(kept["row"])),
        source=_source(loaded.source, sha256, incidents, last),
        options=options(incidents),
        origins=tuple(_origin(one, sha256, before, incidents) for one in loaded.origins),
        extras=extras,
        joined={name: parts for name, parts in loaded.joined.items() if name in known},
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
    straight, nearest = tree.query(_on_sphere(latitude, longitude))
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
    return cKDTree(_on_sphere(degrees[:, 0], degrees[:, 1])), degrees


def _on_sphere(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    north, east = np.radians(latitude), np.radians(longitude)
    return np.column_stack((np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)))


def _blurred(incidents: pd.DataFrame, places: str) -> pd.DataFrame:
    placed = incidents["x"].notna().to_numpy()
    latitude, longitude = (incidents[name].to_numpy(dtype="float64").copy() for name in ("latitude", "longitude"))
    bluntest = np.full(len(incidents), _DISTRICT)
    if places == "grid":
        latitude[placed], longitude[placed] = to_grid(latitude[placed], longitude[placed])
    else:
        latitude[placed], longitude[placed], far = to_districts(latitude[placed], longitude[placed])
        bluntest[placed] += far > RADIUS_M["district"] / 1000
    # A half of a coordinate, or a place of its own words, may lie in a row that is not on the map.
    latitude[~placed], longitude[~placed] = np.nan, np.nan
    precision = np.array([*GEO_PRECISIONS, ""], dtype=object)
    ranks = np.where(placed, np.maximum(incidents["precision_rank"], bluntest), len(GEO_PRECISIONS))
    return incidents.assign(
        latitude=latitude,
        longitude=longitude,
        geo_precision=precision[np.minimum(ranks, len(GEO_PRECISIONS))],
        found_by=incidents["found_by"].astype("str").mask(placed, BLURRED),
        found_score=np.where(placed, 100.0, np.nan),
    ).astype({"geo_precision": "category", "found_by": "category"})


def _wordless(incidents: pd.DataFrame, note: str) -> pd.DataFrame:
    province, here = incidents["province"].astype("str"), in_afghanistan(incidents, offline_gazetteer())
    areas = {
        "city": _only(incidents["city"].astype("str"), ("city",)),
        "district": _only(incidents["district"].astype("str"), ("district", "city")),
        "province": province.where(~here | province.map(offline_gazetteer().province_of).notna(), ""),
    }
    incidents = incidents.assign(**areas, found_as=pd.Categorical([""] * len(incidents)))
    operations, _ = pd.factorize(incidents["coordinated_id"].where(incidents["coordinated_id"] != ""))
    words = {name: pd.array([""] * len(incidents), dtype="str") for name in _WORDS}
    words["coordinated_id"] = pd.array(["" if n < 0 else f"operation {n + 1}" for n in operations], dtype="str")
    words["notes"] = pd.array([note] * len(incidents), dtype="str")
    told = zip(
        *(incidents[name].astype("str") for name in ("attack_type", "target_type", "city", "province", "country")), strict=True
    )
    titles = [
        ", ".join(filter(None, (attack, *split(target)[:1], city or province or country)))
        for attack, target, city, province, country in told
    ]
    words["title"] = pd.array([title or "An incident" for title in titles], dtype="str")
    return incidents.assign(**words)


def _only(texts: pd.Series, kinds: tuple[str, ...]) -> pd.Series:
    """The cells of which the whole is the name of a place of such a kind, and not of a compound in it; the others blank."""
    found = {text: offline_gazetteer().match(text, kind=kinds[0]) for text in texts.unique() if text}
    known = [
        text
        for text, match in found.items()
        if match is not None and match.method in ("name", "alias") and match.place.kind in kinds
    ]
    return texts.where(texts.isin(known), "")


def _reports(reports: pd.DataFrame, ids: pd.Series, wordless: bool) -> pd.DataFrame:
    if not len(reports):
        return reports
    kept = reports[reports["incident_id"].isin(ids)].reset_index(drop=True)
    return kept.assign(**{name: pd.array([""] * len(kept), dtype="str") for name in _WORDS_OF_REPORTS}) if wordless else kept


def _problems(problems: pd.DataFrame, held: set[int]) -> pd.DataFrame:
    """Without the cells themselves, and without the rows that are held back."""
    # A line of the reports or of the coverage is none of the record's.
    beside = problems["column"].astype("str").str.startswith(("reports", "coverage"))
    return problems[beside | ~problems["row"].isin(held)].assign(value="").reset_index(drop=True)


def _sha256(policy: Policy, *tables: pd.DataFrame) -> str:
    """The name of this version, of what is left alone: by the hash of the file itself a guess of the rest could be proved."""
    seed = hashlib.sha256(repr(policy).encode())
    for table in tables:
        seed.update(pd.util.hash_pandas_object(table, index=False).to_numpy().tobytes())
    return seed.hexdigest()


def _source(source: Source, sha256: str, incidents: pd.DataFrame, last: pd.Timestamp | None) -> Source:
    """The source as it is told: no row more than is left, no day later."""
    held = max(source.kept - len(incidents), 0)
    days = incidents["date"]
    return replace(
        source,
        sha256=sha256,
        read=source.read - held,
        kept=source.kept - held,
        first=days.min() if len(days) else None,
        last=(source.last if last is None else min(source.last, last)) if len(days) else None,
    )


def _origin(origin: Origin, sha256: str, before: pd.DataFrame, after: pd.DataFrame) -> Origin:
    held = _of(before, origin.name) - _of(after, origin.name)
    return replace(origin, sha256=sha256, read=origin.read - held, kept=origin.kept - held)


def _of(incidents: pd.DataFrame, name: str) -> int:
    counts = incidents["origin"].astype("str").value_counts()
    return int(sum(n for cell, n in counts.items() if name in split(cell)))
