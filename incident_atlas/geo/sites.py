"""The spots that a reader can name: the public places of data/sites.csv, and the places of the gazetteer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache

import pandas as pd

from incident_atlas.core.reference_data import DATA, read_table
from incident_atlas.core.vocabulary import KNOWN_TO, RADIUS_M
from incident_atlas.geo.gazetteer import Place, fold, offline_gazetteer
from incident_atlas.i18n import _, ngettext


@dataclass(frozen=True)
class Spot:
    """A point that can be asked about. key: its id in its table; geo_precision: how well the point itself is known.

    whole: its point stands for all of it, as for a town. borrowed: it has no point of its own, so its neighbourhood's
    stands for it. shared: other sites on that point. status: of a site, such as closed. A point that was given as
    coordinates has no key, and no precision: it is what it says.
    """

    key: str
    name: str
    latitude: float
    longitude: float
    geo_precision: str = ""
    whole: bool = False
    borrowed: bool = False
    shared: int = 0
    status: str = ""

    def called(self) -> str:
        """Its name, and beside it how well its own point is known when that is less than to the street.

        >>> Spot("x", "Embassy of Italy, Kabul", 34.53, 69.19, "neighbourhood", borrowed=True).called()
        'Embassy of Italy, Kabul (counted from the point of its neighbourhood)'
        """
        if self.borrowed:
            return _("{name} (counted from the point of its neighbourhood)").format(name=self.name)
        if self.geo_precision not in ("neighbourhood", "city", "district"):
            return self.name
        known = _("one point for the whole") if self.whole else _("known only to the")
        return f"{self.name} ({known} {self.geo_precision})"

    def labelled(self) -> str:
        """The same, shorter: for the map."""
        return _("{name} (its neighbourhood's point)").format(name=self.name) if self.borrowed else self.called()

    def known(self) -> str:
        """How well the point is known, who shares it, and what is known of the site today, as plain sentences."""
        if not self.geo_precision:
            return ""
        text = _("Its own point is known to {known_to}.").format(known_to=KNOWN_TO[self.geo_precision])
        if self.whole:
            text = _("The radius is measured from one point for the whole {geo_precision}.").format(
                geo_precision=self.geo_precision
            )
        elif self.borrowed:
            text = _("Its exact place in its neighbourhood is not known: it may be up to {neighbourhood:g} km away.").format(
                neighbourhood=RADIUS_M["neighbourhood"] / 1000
            )
        others = ""
        if self.shared:
            others = ngettext("{n:,} other site shares its point.", "{n:,} other sites share its point.", self.shared).format(
                n=self.shared
            )
        status = _("Status: {status}.").format(status=self.status) if self.status not in ("", "unknown") else ""
        return " ".join(filter(None, (text, others, status)))


@cache
def sites() -> pd.DataFrame:
    """data/sites.csv, all text, blank where no open source gives a point."""
    return read_table(DATA / "sites.csv")


@cache
def located() -> dict[str, Spot]:
    """The sites that have a point, by site_id, those of one city together."""
    table = sites()
    table = table[(table["latitude"] != "") & (table["longitude"] != "")].sort_values(["city", "kind", "name"], kind="stable")
    at = Counter(zip(table["latitude"], table["longitude"], strict=True))
    return {
        one.site_id: Spot(
            one.site_id,
            _full(one),
            float(one.latitude),
            float(one.longitude),
            one.geo_precision,
            borrowed=_borrowed(float(one.latitude), float(one.longitude), one.geo_precision),
            shared=at[one.latitude, one.longitude] - 1,
            status=one.status,
        )
        for one in table.itertuples()
    }


def site_named(text: str) -> str | None:
    """The site_id of the site of that name, with or without its city, "Kandahar airport" as well as "Airport, Kandahar".

    None when no site is called so, or several are. The site may be one that is `without_point`.
    """
    found = [one.site_id for one in sites().itertuples() if fold(text) in _names(one)]
    return found[0] if len(found) == 1 else None


def _names(one) -> set[str]:
    return {
        fold(name)
        for name in (one.name, _full(one), f"{one.name} {one.city}", f"{one.city} {one.name}", f"{one.city} {one.kind}")
    }


def place_of_site(site_id: str) -> str:
    """The place_id under which the gazetteer has a site of sites.csv by one of its names, or ''."""
    one = next(sites().loc[sites()["site_id"] == site_id].itertuples(), None)
    if one is None:
        return ""
    province = province_of_site(site_id)
    found = (offline_gazetteer().match(name, province or None) for name in (one.name, _full(one)))
    exact = [hit.place for hit in found if hit and hit.method in ("name", "alias") and hit.place.kind == "landmark"]
    return exact[0].place_id if exact else ""


def province_of_site(site_id: str) -> str:
    """The province in which the city of a site lies, or '' when the gazetteer does not know the city."""
    city = next(iter(sites().loc[sites()["site_id"] == site_id, "city"]), "")
    found = offline_gazetteer().match(city, kind="city") if city else None
    return found.place.province if found else ""


def target_names(site_id: str) -> frozenset[str]:
    """The folded names under which a site stands as the target of an incident."""
    one = next(sites().loc[sites()["site_id"] == site_id].itertuples(), None)
    return frozenset(fold(name) for name in (one.name, _full(one), f"{one.city} {one.name}")) if one else frozenset()


def without_point(site_id: str) -> str | None:
    """The name of a site that is listed and has no point; None for any other id."""
    found = sites().loc[sites()["site_id"] == site_id]
    return _full(next(found.itertuples())) if len(found) and site_id not in located() else None


def place(place_id: str) -> Spot | None:
    """The place of the gazetteer with that id, or None; it may be `too_wide`."""
    found = offline_gazetteer().by_id.get(place_id)
    return None if found is None else _spot(found)


def place_named(text: str) -> Spot | None:
    """The place that the offline gazetteer finds in a text, or None; it may be `too_wide`.

    Any spelling and script it knows will do; a name that several provinces have, or a misspelling, wants its province
    after a comma. What stands after a comma and is a city or a province is where it is looked for, and nowhere else.

    >>> place_named("هرات").name, place_named("Kanduhar, Kandahar").name, place_named("Sherpur, Herat")
    ('Herat', 'Kandahar', None)
    """
    name, province = _inside(text)
    found = offline_gazetteer().match(name, province)
    if found is None or (province and found.place.province != province):
        return None
    # The city alone is no answer to a question about a place in it, unless the city is what was asked about.
    if province and found.method == "in the text" and found.place.kind in ("city", "province"):
        return None
    return _spot(found.place)


def places_named(text: str) -> list[Spot]:
    """The places that a name may mean where it does not say which; empty when it names one place or none.

    >>> [spot.name for spot in places_named("Arghandab")], places_named("Kabul")
    (['Arghandab, Kandahar', 'Arghandab, Zabul'], [])
    """
    name, province = _inside(text)
    return [_spot(found.place) for found in offline_gazetteer().candidates(name, province)]


def elsewhere(text: str) -> str:
    """For a place that was not found in the city or province that stands after its comma: where one of that name lies."""
    name, province = _inside(text)
    found = offline_gazetteer().match(name) if province else None
    if found is None or found.place.province in ("", province):
        return ""
    return _("{place} is known; write it so to ask about it.").format(place=_spot(found.place).name)


def _inside(text: str) -> tuple[str, str | None]:
    """A text without its last part where that is a city or a province, and the province in which it is to be looked for."""
    gazetteer = offline_gazetteer()
    name, comma, last = text.rpartition(",")
    if not comma or not name.strip():
        return text, None
    if province := gazetteer.province_of(last):
        return name, province
    found = gazetteer.match(last)
    exact = found is not None and found.method in ("name", "alias")
    if exact and found.place.kind == "country":
        return _inside(name)
    return (name, found.place.province) if exact and found.place.kind == "city" else (text, None)


def _spot(found: Place) -> Spot:
    province = found.province if found.province != found.name and found.kind not in ("province", "country") else ""
    name = f"{found.name}, {province}" if province else found.name
    whole = found.kind in ("city", "district", "neighbourhood", "province", "country") and found.kind == found.geo_precision
    point = found.latitude, found.longitude, found.geo_precision
    return Spot(found.place_id, name, *point, whole=whole, borrowed=not whole and _borrowed(*point))


def _borrowed(latitude: float, longitude: float, geo_precision: str) -> bool:
    """Whether a point known to the neighbourhood is that of a neighbourhood, not one of its own, such as an airport's."""
    return geo_precision == "neighbourhood" and (latitude, longitude) in _neighbourhoods()


@cache
def _neighbourhoods() -> set[tuple[float, float]]:
    return {(one.latitude, one.longitude) for one in offline_gazetteer().places if one.kind == "neighbourhood"}


def _full(one) -> str:
    return one.name if one.city in one.name else f"{one.name}, {one.city}"


def too_wide(spot: Spot) -> bool:
    """Whether a spot's point stands for more than the widest radius that can be asked for.

    >>> too_wide(Spot("", "Badghis", 34.9, 63.6, "province")), too_wide(Spot("", "Herat", 34.3, 62.2, "city"))
    (True, False)
    """
    return RADIUS_M.get(spot.geo_precision, 0) >= RADIUS_M["province"]
