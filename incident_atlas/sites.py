"""The spots that a reader can name: the public places of data/sites.csv, and the places of the gazetteer."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import pandas as pd

from incident_atlas.gazetteer import Place
from incident_atlas.load import DATA, offline_gazetteer
from incident_atlas.vocabulary import RADIUS_M

_KNOWN = {
    "neighbourhood": "known only to the neighbourhood",
    "city": "one point for the whole city",
    "district": "one point for the whole district",
}


@dataclass(frozen=True)
class Spot:
    """A point that can be asked about. key: its id in its table; geo_precision: how well the point itself is known.

    A point that was given as coordinates has no key, and no precision: it is what it says.
    """

    key: str
    name: str
    latitude: float
    longitude: float
    geo_precision: str = ""

    def called(self) -> str:
        """Its name, and beside it how well its own point is known when that is less than to the street.

        >>> Spot("x", "Embassy of Italy, Kabul", 34.53, 69.19, "neighbourhood").called()
        'Embassy of Italy, Kabul (known only to the neighbourhood)'
        """
        return f"{self.name} ({_KNOWN[self.geo_precision]})" if self.geo_precision in _KNOWN else self.name


@cache
def sites() -> pd.DataFrame:
    """data/sites.csv, all text, blank where no open source gives a point."""
    return pd.read_csv(DATA / "sites.csv", dtype="str", keep_default_na=False, encoding="utf-8-sig")


@cache
def located() -> dict[str, Spot]:
    """The sites that have a point, by site_id, those of one city together."""
    table = sites()
    table = table[(table["latitude"] != "") & (table["longitude"] != "")].sort_values(["city", "kind", "name"], kind="stable")
    spots = (
        Spot(one.site_id, _full(one), float(one.latitude), float(one.longitude), one.geo_precision) for one in table.itertuples()
    )
    return {spot.key: spot for spot in spots}


def without_point(site_id: str) -> str | None:
    """The name of a site that is listed and has no point; None for any other id."""
    found = sites().loc[sites()["site_id"] == site_id]
    return _full(next(found.itertuples())) if len(found) and site_id not in located() else None


def place(place_id: str) -> Spot | None:
    """The place of the gazetteer with that id, or None; it may be `too_wide`."""
    found = _places().get(place_id)
    return None if found is None else _spot(found)


def place_named(text: str) -> Spot | None:
    """The place that the offline gazetteer finds in a text, or None; it may be `too_wide`.

    Any spelling and script it knows will do; a name that several provinces have, or a misspelling, wants its province
    after a comma.

    >>> place_named("هرات").name, place_named("Kanduhar, Kandahar").name
    ('Herat', 'Kandahar')
    """
    gazetteer = offline_gazetteer()
    found = gazetteer.match(text)
    name, comma, province = text.rpartition(",")
    if found is None and comma and gazetteer.province_of(province):
        found = gazetteer.match(name, province)
    return None if found is None else _spot(found.place)


@cache
def _places() -> dict[str, Place]:
    return {one.place_id: one for one in offline_gazetteer().places}


def _spot(found: Place) -> Spot:
    told = found.province if found.province != found.name and found.kind not in ("province", "country") else ""
    name = f"{found.name}, {told}" if told else found.name
    return Spot(found.place_id, name, found.latitude, found.longitude, found.geo_precision)


def _full(one) -> str:
    return one.name if one.city in one.name else f"{one.name}, {one.city}"


def too_wide(spot: Spot) -> bool:
    """Whether a spot's point stands for more than the widest radius that can be asked for.

    >>> too_wide(Spot("", "Badghis", 34.9, 63.6, "province")), too_wide(Spot("", "Herat", 34.3, 62.2, "city"))
    (True, False)
    """
    return RADIUS_M.get(spot.geo_precision, 0) >= RADIUS_M["province"]
