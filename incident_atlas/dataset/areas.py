"""The areas that incidents are known to where their place is no better known: a city, a district, a province, the country.

The map lists them at its edge, Nearby counts them, a file names them: all by the same names.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, PRECISION_RANK
from incident_atlas.dataset.query import engine_asked
from incident_atlas.i18n import _

COLUMNS = ("precision_rank", "province", "district", "city")
"""What `counted_by_area` reads."""


class Area(NamedTuple):
    """Which incidents a province, or a place of no finer precision, stands for.

    precision: "" for all incidents of the province, however well their place is known; else one of `GEO_PRECISIONS`, and the
    names are empty below that level.
    """

    precision: str
    province: str
    district: str
    city: str

    def name(self) -> str:
        """The place, as a reader says it. Text of the record: not safe to show as markup."""
        if self.precision == "country":
            return _("the country")
        if self.precision in ("", "province"):
            return _("{province} province").format(province=self.province or _("an unnamed"))
        if self.precision == "city" and self.city:
            return self.city
        return (
            _("{district} district").format(district=self.district)
            if self.district
            else _("a {precision} in {province} province").format(
                precision=self.precision, province=self.province or _("an unnamed")
            )
        )


def area_of(incident: Mapping[str, Any], precision: str) -> Area:
    """The area of this precision ("" for the whole province) that holds the incident, a row of the record."""
    province, district, city = (str(incident[name]) for name in ("province", "district", "city"))
    if precision in ("", "province"):
        return Area(precision, province, "", "")
    if precision == "country":
        return Area(precision, "", "", "")
    if precision == "district":
        return Area(precision, province, district, "")
    return Area(precision, province, "" if city else district, city)


@engine_asked()
def in_area(incidents: Any, area: Area) -> Any:
    """The incidents that an area stands for, as the frame they came from."""
    city = ("province", "city") if area.city else ("province", "district", "city")
    columns = {"": ("province",), "province": ("province",), "district": ("province", "district"), "city": city, "country": ()}
    conditions = [nw.col(name) == getattr(area, name) for name in columns[area.precision]]
    if area.precision:
        conditions.append(nw.col("precision_rank") == PRECISION_RANK[area.precision])
    return nw.from_native(incidents).filter(*conditions).to_native()


def counted_by_area(incidents: pd.DataFrame) -> list[tuple[Area, int]]:
    """How many of these incidents (columns `COLUMNS`) are known to each area and no better, the most first.

    Those known to at least the neighbourhood, and those without a place, are in none.
    """
    rank = incidents["precision_rank"]
    coarse = incidents.loc[(rank >= len(PRECISE)) & (rank < len(GEO_PRECISIONS)), list(COLUMNS)]
    totals: Counter[Area] = Counter()
    for (rank, *names), n in coarse.groupby(list(COLUMNS), observed=True, sort=False, dropna=False).size().items():
        words = dict(zip(COLUMNS[1:], names, strict=True))
        totals[area_of(words, GEO_PRECISIONS[rank])] += int(n)
    return sorted(totals.items(), key=lambda one: (-one[1], one[0]))
