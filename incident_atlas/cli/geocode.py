"""`geocode`: where a place is, offline, or by Nominatim when a person asks for it."""

from __future__ import annotations

import os
import sys
from typing import Any, NoReturn

import click
from platformdirs import user_cache_path

from incident_atlas.cli.options import JSON, Command, note, print_json, say, say_table
from incident_atlas.core.text import plain
from incident_atlas.errors import GeocodingError
from incident_atlas.geo.gazetteer import Match, offline_gazetteer
from incident_atlas.geo.geocoding import OnlineGeocoder
from incident_atlas.i18n import _

OFFLINE = "INCIDENTS_OFFLINE"
"""The environment variable that forbids --online, for machines that several people share."""


@click.command(cls=Command)
@click.argument("words", nargs=-1, required=True, metavar="NAME...")
@click.option("--province", help=_("Look only there; needed for names that several provinces have, and for misspellings."))
@click.option(
    "--online", is_flag=True, help=_("Ask Nominatim when the gazetteer has nothing: it sees the name and your address.")
)
@JSON
def geocode(words: tuple[str, ...], province: str | None, online: bool, as_json: bool) -> None:
    """Find the place NAME, offline: in any spelling, in Latin or Persian script, or inside a phrase.

    A name of several words needs no quotes: geocode Wazir Akbar Khan.
    Ends with 1 when nothing is found; with --json that is null. A name that several places share is not placed: they are
    listed, with --json as a list, and it ends with 1. A score is 0 to 100; what Nominatim finds has none.
    Where INCIDENTS_OFFLINE is set, --online asks nobody.
    """
    name = " ".join(words)
    gazetteer = offline_gazetteer()
    if province and gazetteer.province_of(province) is None:
        note(_("No province is named {province}.").format(province=province))
    found = gazetteer.match(name, province)
    candidates = [] if found else gazetteer.candidates(name, province)
    if candidates:
        _candidates(name, candidates, as_json)
    place = _as_place(found) if found else _online(name, province) if online else None
    if found and (namesake := gazetteer.province_namesake(found)):
        message = _("{namesake} is also the name of a province; this is the {place_kind}.")
        note(message.format(namesake=namesake, place_kind=found.place.kind))
    if as_json:
        print_json(place)
    elif place:
        score = "" if place["score"] is None else _(", score {score:g}").format(score=place["score"])
        say(f"{place['place']}: {place['latitude']:.5f}, {place['longitude']:.5f}")
        if found and found.place.province and found.place.kind != "province":
            say(_("in the province: {province}").format(province=found.place.province))
        message = _("known to: {geo_precision}; found by {method}{score}\nsource: {source}")
        say(message.format(geo_precision=place["geo_precision"], method=place["method"], score=score, source=place["source"]))
    else:
        note(
            _("Nothing is known under {name}.").format(name=name)
            + ("" if online else _(" --province narrows the search; --online asks Nominatim."))
        )
    sys.exit(0 if place else 1)


def _as_place(found: Match) -> dict[str, Any]:
    place = found.place
    answer = {"place": place.name, "latitude": place.latitude, "longitude": place.longitude}
    return answer | {"geo_precision": found.geo_precision, "score": found.score, "method": found.method, "source": place.source}


def _candidates(name: str, candidates: list[Match], as_json: bool) -> NoReturn:
    """The places that share a name, and the end with 1: none of them is chosen."""
    if as_json:
        beside = ("place_id", "kind", "province")
        print_json([_as_place(found) | {key: getattr(found.place, key) for key in beside} for found in candidates])
    else:
        rows = [
            (one.place.name, one.place.kind, one.place.province, f"{one.place.latitude:.5f}, {one.place.longitude:.5f}")
            for one in candidates
        ]
        say_table((_("place"), _("kind"), _("province"), _("point")), rows)
    note(_("{count} places are called {name}: choose one with --province.").format(count=len(candidates), name=name))
    sys.exit(1)


def _online(name: str, province: str | None) -> dict[str, Any] | None:
    if os.environ.get(OFFLINE):
        note(_("{offline} is set: this machine asks nobody.").format(offline=OFFLINE))
        return None
    note(_("The gazetteer has nothing; asking Nominatim, the geocoder of OpenStreetMap."))
    folder = user_cache_path("incident-atlas", appauthor=False)
    geocoder = OnlineGeocoder(folder / "nominatim.sqlite")
    try:
        found = geocoder.geocode(", ".join(filter(None, [name, province])))
    except GeocodingError as trouble:
        note(str(trouble))
        return None
    if geocoder.unkept:
        message = _("The answer could not be kept in {folder} ({unkept}): Nominatim is asked again next time.")
        note(message.format(folder=folder, unkept=geocoder.unkept))
    if found is None:
        return None
    address, latitude, longitude, precision = found
    place = {"place": plain(address, 300), "latitude": latitude, "longitude": longitude, "geo_precision": precision}
    return place | {"score": None, "method": "Nominatim", "source": "© OpenStreetMap contributors, ODbL"}
