"""Which incidents of two records may be one: pairs within a window of days and kilometres that widens with their precisions.

Found by sorting, never by comparing every row with every other: the rows of one record stand by cell of the Earth and by
day, and those that may be near a row of the other are a few stretches of that order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.vocabulary import EARTH_KM, GEO_PRECISIONS, PRECISION_RANK, RADIUS_M, UNPLACED
from incident_atlas.errors import TooVague
from incident_atlas.geo.distance import on_sphere
from incident_atlas.geo.gazetteer import fold

DAYS = 2
"""Two accounts of one attack differ by so many days, beyond what the precision of each allows."""

KM = 2.0
"""Their points lie so far apart, beside the radius of each precision."""

BLOCK = 500_000
"""Pairs that are looked at together, so that memory does not grow with their number."""

MOST = 100_000_000
"""Pairs of days that are looked at in all, some minutes of work."""

CITY, DISTRICT, PROVINCE = (GEO_PRECISIONS.index(name) for name in ("city", "district", "province"))

_RADII = np.array([*(RADIUS_M[name] / 1000 for name in GEO_PRECISIONS), np.inf])
# Wider than the window of two cities, so that a cell and its neighbours hold all of it.
_CELL_KM = 25.0
_AXIS = 2 * int(EARTH_KM // _CELL_KM) + 5
_NEIGHBOURS = [a * _AXIS**2 + b * _AXIS + c for a in (-1, 0, 1) for b in (-1, 0, 1) for c in (-1, 0, 1)]
_ROOM = 1 << 20  # more days than any calendar here has
_LENGTHS = (0, 10, 31)
_WEEK = 10


class BlockingRows(NamedTuple):
    """What candidates are found by, one entry per row.

    first, last: the days that the date may mean, from 1970 on. points: on the unit sphere, n by 3, NaN without a place.
    radius: kilometres within which the place lies, infinite without one. rank: of the precision, 0 exact to 7 unplaced.
    named: city, district and province, folded, as numbers, 0 when blank. dated: there is a date, and without a place one known to the week.
    """

    first: np.ndarray
    last: np.ndarray
    points: np.ndarray
    radius: np.ndarray
    rank: np.ndarray
    named: tuple[np.ndarray, np.ndarray, np.ndarray]
    dated: np.ndarray


class Pairs(NamedTuple):
    """Candidates: positions in both frames, days between the dates (0 when they may overlap), kilometres (NaN unplaced)."""

    left: np.ndarray
    right: np.ndarray
    days: np.ndarray
    km: np.ndarray


def rows(incidents: pd.DataFrame) -> BlockingRows:
    """The days and places of incidents.

    A month is all of its days even when the date stands in its middle, and a week without an end the days before and
    after: compilers put a vague date at the beginning or in the middle of what it means.
    """
    date, end = (incidents[name].to_numpy().astype("datetime64[D]") for name in ("date", "date_end"))
    known = incidents["date_precision"].astype("str").to_numpy()
    ranged = end > date
    first, last = date.copy(), np.where(ranged, end, date)
    week = (known == "week") & ~ranged
    first[week] -= 3
    last[week] += 6
    for name, unit in (("month", "M"), ("year", "Y")):
        of = known == name
        whole = date[of].astype(f"datetime64[{unit}]")
        first[of] = whole.astype("datetime64[D]")
        last[of] = np.fmax(last[of], (whole + 1).astype("datetime64[D]") - 1)
    points = on_sphere(incidents["latitude"], incidents["longitude"])
    ranks = incidents["geo_precision"].astype("str").map(PRECISION_RANK).fillna(CITY)
    rank = np.where(np.isnan(points).any(axis=1), UNPLACED, ranks.to_numpy(dtype="int64"))
    named = tuple(_numbers(incidents[name]) for name in ("city", "district", "province"))
    first, last = first.astype("int64"), last.astype("int64")
    dated = ~np.isnat(date)
    dated &= (rank < UNPLACED) | (last - first <= _WEEK)
    return BlockingRows(first, last, points, _RADII[rank], rank, named, dated)


def candidates(left: BlockingRows, right: BlockingRows, within_one: bool = False) -> Iterator[Pairs]:
    """Pairs that may be one incident, in blocks; each pair once, in no order.

    Days: at most `DAYS` between the nearest days that both dates may mean. Kilometres: at most `KM` and both radii; where one
    is known to its city, district or province only, the same name of that will do, too. A place that is not known at all rules nothing out, when
    both dates are known to the week. within_one: both are the same record, of which no row meets itself and no pair comes
    twice. Raises `TooVague` when there is too much to look at.
    """
    found = [*_stretches(left, right)]
    if (total := sum(int((stop - start).sum()) for _, _, start, stop in found)) > MOST:
        raise TooVague(total)
    for of, order, start, stop in found:
        for at, to in _expanded(of, order, start, stop):
            if within_one:
                at, to = at[at < to], to[at < to]
            gap = np.maximum(left.first[at] - right.last[to], right.first[to] - left.last[at])
            near = gap <= DAYS
            at, to, gap = at[near], to[near], gap[near]
            chord = np.sqrt(((left.points[at] - right.points[to]) ** 2).sum(axis=1))
            km = 2 * EARTH_KM * np.arcsin(np.minimum(chord / 2, 1))
            coarsest = np.maximum(left.rank[at], right.rank[to])
            near = km <= KM + left.radius[at] + right.radius[to]
            for rank, mine, theirs in zip((CITY, DISTRICT, PROVINCE), left.named, right.named, strict=True):
                near |= (coarsest == rank) & (mine[at] == theirs[to]) & (mine[at] != 0)
            near |= (coarsest == UNPLACED) & (np.maximum(_span(left, at), _span(right, to)) <= _WEEK)
            yield Pairs(at[near], to[near], np.maximum(gap[near], 0), km[near])


def _stretches(left: BlockingRows, right: BlockingRows) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Rows of the left, an order of rows of the right, and for each of the former the stretch of that order to look at.

    Places known to their city are looked up by cell, as are their twins; all others by day alone, in both directions.
    Dates of one length stand together: one incident dated by its year widens no other's stretch.
    """
    precise, other_precise = left.rank <= CITY, right.rank <= CITY
    lengths = np.searchsorted(_LENGTHS, right.last - right.first, side="left")
    mine, theirs = _cells(left.points), _cells(right.points)
    everywhere = np.zeros(1, dtype="int64")
    for length in range(len(_LENGTHS) + 1):
        dated = right.dated & (lengths == length)
        for of, among, cells, steps in (
            (left.dated & precise, dated & other_precise, (mine, theirs), _NEIGHBOURS),
            (left.dated & ~precise, dated & other_precise, None, everywhere),
            (left.dated, dated & ~other_precise, None, everywhere),
        ):
            of, among = np.flatnonzero(of), np.flatnonzero(among)
            if not len(of) or not len(among):
                continue
            longest = int((right.last - right.first)[among].max())
            key = right.first[among] + (theirs[among] * _ROOM if cells else 0)
            order = np.argsort(key, kind="stable")
            key, among = key[order], among[order]
            for step in steps:
                cell = (mine[of] + step) * _ROOM if cells else 0
                start = np.searchsorted(key, cell + left.first[of] - DAYS - longest)
                stop = np.searchsorted(key, cell + left.last[of] + DAYS, side="right")
                some = stop > start
                if some.any():
                    yield of[some], among, start[some], stop[some]


def _cells(points: np.ndarray) -> np.ndarray:
    """A number for the cube of `_CELL_KM` that holds each point; those without a place are in none that is looked up."""
    of = np.floor(np.nan_to_num(points, nan=0.0) * EARTH_KM / _CELL_KM).astype("int64") + _AXIS // 2
    return (of[:, 0] * _AXIS + of[:, 1]) * _AXIS + of[:, 2]


def _expanded(of: np.ndarray, order: np.ndarray, start: np.ndarray, stop: np.ndarray) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The pairs of some stretches, `BLOCK` or so at a time."""
    ends = np.cumsum(stop - start)
    begin = 0
    while begin < len(of):
        done = ends[begin - 1] if begin else 0
        end = max(begin + 1, int(np.searchsorted(ends, done + BLOCK, side="right")))
        size = (stop - start)[begin:end]
        at = np.repeat(of[begin:end], size)
        step = np.arange(len(at)) - np.repeat(np.cumsum(size) - size, size)
        yield at, order[np.repeat(start[begin:end], size) + step]
        begin = end


def _numbers(names: pd.Series) -> np.ndarray:
    """The same number for the same name in any record; 0 for none."""
    codes, texts = pd.factorize(names.astype("str").fillna("").to_numpy(dtype=object))
    folded = np.array([fold(text) for text in texts], dtype=object)
    numbers = np.where(folded == "", 0, pd.util.hash_array(folded, categorize=False)) if len(folded) else np.zeros(0)
    return numbers.astype("uint64")[codes]


def _span(rows: BlockingRows, at: np.ndarray) -> np.ndarray:
    return rows.last[at] - rows.first[at]
