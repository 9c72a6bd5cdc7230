"""What else happened near one incident, in place and in time."""

from __future__ import annotations

from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE
from incident_atlas.dataset.query import engine_asked
from incident_atlas.dataset.selection import inside
from incident_atlas.geo.distance import box_around, kilometres

COARSEST = GEO_PRECISIONS.index("city")
"""Places known to less than their city have no neighbours: their point stands for a whole district or province."""

COLUMNS = ("row", "days", "km", "sure")

# Incidents by how many days their date may mean: a week, a month, a year, longer. See `Nearby.window`.
_LENGTHS = (0, 7, 31, 366)


@engine_asked()
def vicinity(incidents: Any, one: pd.Series, km: float = 2, days: int = 30) -> Any:
    """The incidents of any engine that may be near one, as the frame they came from: all in a box and some days around it."""
    box = box_around(one["latitude"], one["longitude"], km)
    first, last = (pd.Timestamp(day, unit="D") for day in _ends(one))
    begin, end = (first - pd.Timedelta(days=days)).to_pydatetime(), (last + pd.Timedelta(days=days)).to_pydatetime()
    soon = nw.col("first_day") <= end, (nw.col("last_day") >= begin) | (nw.col("date_end") >= begin)
    return nw.from_native(incidents).filter(*inside(box), *soon).to_native()


class Nearby:
    """The placed incidents of a record in the order of their days, to be asked what is near; built once per record.

    Two searches in sorted days leave the incidents of some weeks, and only those are measured. A tree over the points
    would do no better here: nearness in time throws away far more than nearness in place, as half of the record lies in
    one city and many of its incidents on one point, its centre, from which a tree returns the incidents of all years.
    """

    def __init__(self, incidents: pd.DataFrame) -> None:
        known = (incidents["precision_rank"] <= COARSEST) & incidents["latitude"].notna() & incidents["longitude"].notna()
        placed = incidents.loc[known].sort_values("first_day", kind="stable")
        self._row = placed["row"].to_numpy(dtype="int64")
        self._first, self._last = _day(placed["first_day"]), _day(placed[["last_day", "date_end"]].max(axis=1))
        self._latitude = placed["latitude"].to_numpy(dtype="float64")
        self._longitude = placed["longitude"].to_numpy(dtype="float64")
        self._precise = placed["precision_rank"].to_numpy() < len(PRECISE)
        lengths = np.searchsorted(_LENGTHS, self._last - self._first, side="left")
        classes = [of for n in range(len(_LENGTHS) + 1) if len(of := np.flatnonzero(lengths == n))]
        # Each class with its own sorted days: picking them out at every question would cost as much as the whole record.
        self._classes = [(of, self._first[of], int((self._last - self._first)[of].max())) for of in classes]

    def around(self, one: pd.Series, km: float = 2, days: int = 30) -> pd.DataFrame:
        """Other incidents within `km` and `days` of one, nearest in time first: row, days, km, sure.

        row: the line in the file. days: negative before, positive after; the fewest that both dates allow, so 0 when a month
        overlaps. sure: both places are known to at least the neighbourhood; otherwise the two are only possibly near. No
        rows when `one` has no place, or none known at least to its city.
        """
        if pd.isna(one["latitude"]) or pd.isna(one["longitude"]) or one["precision_rank"] > COARSEST:
            return _table([], [], [], [])
        at = self.window(one, days)
        apart = kilometres(one["latitude"], one["longitude"], self._latitude[at], self._longitude[at])
        near = (apart <= km) & (self._row[at] != one["row"])
        at, apart = at[near], apart[near]
        begins, ends = _ends(one)
        gap = np.where(self._first[at] > ends, self._first[at] - ends, np.minimum(self._last[at] - begins, 0))
        sure = self._precise[at] & (one["precision_rank"] < len(PRECISE))
        order = np.lexsort((self._row[at], apart, np.abs(gap)))
        return _table(self._row[at][order], gap[order], apart[order], sure[order])

    def window(self, one: pd.Series, days: int = 30) -> np.ndarray:
        """Positions, among the placed incidents by day, of those that may lie within `days` of one: all that is measured.

        An incident may last, or be dated by week, month or year, so the search by first days begins earlier by the longest of
        them. That is done for each class of length apart: one incident dated by its year widens no other's window.
        """
        begins, ends = _ends(one)
        found = [np.empty(0, dtype="int64")]
        for of, first, longest in self._classes:
            at = of[np.searchsorted(first, begins - days - longest) : np.searchsorted(first, ends + days, side="right")]
            found.append(at[self._last[at] >= begins - days])
        return np.concatenate(found)


def _day(days: pd.Series) -> np.ndarray:
    return days.to_numpy().astype("datetime64[D]").astype("int64")


def _ends(one: pd.Series) -> tuple[int, int]:
    """First day and last, in days since 1970: an attack that lasts is near until it ends, though it counts on its first day."""
    days = pd.to_datetime(pd.Series([one["first_day"], one["last_day"], one["date_end"]]))
    first, last = (int(np.datetime64(day, "D").astype("int64")) for day in (days[0], days[1:].max()))
    return first, last


def _table(row, days, km, sure) -> pd.DataFrame:
    table = pd.DataFrame(dict(zip(COLUMNS, (row, days, km, sure), strict=True)))
    return table.astype({"row": "int64", "days": "int64", "km": "float64", "sure": "bool"})
