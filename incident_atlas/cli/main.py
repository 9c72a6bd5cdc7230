"""The same answers without the screen: `python -m incident_atlas check | convert | geocode | summary ...`.

The interface is kept stable for scripts. With `--json` exactly one JSON value is on stdout; notes and messages go to
stderr. Exit codes: 0; 1 when a row is set aside or a place is not found; 2 when the file, or the call, cannot be used.
"""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path
from typing import Any

import click
import pandas as pd

from incident_atlas.analysis import summary as tables
from incident_atlas.cli.commands import COMMANDS
from incident_atlas.cli.options import FILE, JSON, Group, chosen, filter_options, note, opened, print_json, say, say_table, stop
from incident_atlas.core.text import counted, plain, span
from incident_atlas.dataset.filter_sentence import describe, figures, last_day, without_largest
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.errors import GeocodingError
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import OnlineGeocoder

OFFLINE = "INCIDENTS_OFFLINE"
"""The environment variable that forbids --online, for machines that several people share."""


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Incident Atlas without the screen."""


def main() -> None:
    """The command line as a program: UTF-8 whatever the console, and a reader that goes away is no error.

    Where the answer cannot be written, such as to a full disk, it ends with 2 and says so.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        cli(prog_name="python -m incident_atlas")
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO):
            raise
        # What is left in the buffers would fail again, with a traceback, when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        stop(f"The answer cannot be written: {trouble.strerror}.", 2)


@cli.command()
@click.argument("name")
@click.option("--province", help="Look only there; needed for names that several provinces have, and for misspellings.")
@click.option("--online", is_flag=True, help="Ask Nominatim when the gazetteer has nothing: it sees the name and your address.")
@JSON
def geocode(name: str, province: str | None, online: bool, as_json: bool) -> None:
    """Find the place NAME, offline: in any spelling, in Latin or Persian script, or inside a phrase.

    Ends with 1 when nothing is found; with --json that is null. A score is 0 to 100; what Nominatim finds has none.
    Where INCIDENTS_OFFLINE is set, --online asks nobody.
    """
    gazetteer = offline_gazetteer()
    if province and gazetteer.province_of(province) is None:
        note(f"No province is named {province}.")
    found = gazetteer.geocode(name, province=province)
    if found:
        keys = ("geo_precision", "score", "method", "source")
        place: dict[str, Any] | None = {"place": found.address, "latitude": found.latitude, "longitude": found.longitude}
        place |= {key: found.raw[key] for key in keys}
    else:
        place = _online(name, province) if online else None
    if as_json:
        print_json(place)
    elif place:
        score = "" if place["score"] is None else f", score {place['score']:g}"
        say(f"{place['place']}: {place['latitude']:.5f}, {place['longitude']:.5f}")
        say(f"known to: {place['geo_precision']}; found by {place['method']}{score}\nsource: {place['source']}")
    else:
        note(f"Nothing is known under {name}." + ("" if online else " --province narrows the search; --online asks Nominatim."))
    sys.exit(0 if place else 1)


def _online(name: str, province: str | None) -> dict[str, Any] | None:
    if os.environ.get(OFFLINE):
        note(f"{OFFLINE} is set: this machine asks nobody.")
        return None
    note("The gazetteer has nothing; asking Nominatim, the geocoder of OpenStreetMap.")
    geocoder = OnlineGeocoder(_cache_folder() / "nominatim.json")
    try:
        found = geocoder.geocode(", ".join(filter(None, [name, province])))
    except GeocodingError as trouble:
        note(str(trouble))
        return None
    if geocoder.unkept:
        note(f"The answer could not be kept in {_cache_folder()} ({geocoder.unkept}): Nominatim is asked again next time.")
    if found is None:
        return None
    address, latitude, longitude, precision = found
    place = {"place": plain(address, 300), "latitude": latitude, "longitude": longitude, "geo_precision": precision}
    return place | {"score": None, "method": "Nominatim", "source": "© OpenStreetMap contributors, ODbL"}


def _cache_folder() -> Path:
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "incident-atlas"


@cli.command("summary")
@FILE
@filter_options()
@JSON
def summarise(file: Path, as_json: bool, **options: Any) -> None:
    """The numbers of the Map page for FILE under a filter: totals, by year, by target type, by perpetrator.

    A value that the record does not know is ignored with a note, as in the address of the page; then it ends with 1.
    """
    loaded = opened(file)
    asked, ignored = chosen(loaded, options)
    visible = asked.apply(loaded.incidents, columns=tables.COLUMNS)
    if as_json:
        print_json(tables.as_json(visible))
    else:
        _say_summary(loaded, asked, visible)
    sys.exit(1 if ignored else 0)


def _say_summary(loaded: Loaded, asked: Filters, visible: pd.DataFrame) -> None:
    head, first, last = tables.headline(visible), loaded.source.first, loaded.source.last
    counts = asked.loosely_dated(loaded.incidents), asked.without_figure(loaded.incidents)
    say(describe(asked, head, first and first.date(), last and last.date(), *counts))
    say(last_day(last))
    totals = zip(figures(head), without_largest(head), strict=True)
    say_table(None, [row for (best, extent, label), rest in totals for row in _total(label, f"{best} {extent}".strip(), rest)])
    say(f"{counted(head.placed, 'incident')} on the map, {head.unplaced:,} not locatable.")
    if head.all_counts:
        say(f"The dead or wounded of {counted(head.all_counts, 'incident')} may include attackers.")
    years = tables.by_year(visible)
    killed = [span(*row) for row in years[["killed_low", "killed", "killed_high"]].itertuples(index=False)]
    say_table(("year", "incidents", "killed"), zip(years["year"], years["incidents"], killed, strict=True))
    say_table(("target type", "incidents"), tables.by_target_type(visible).itertuples(index=False))
    say_table(("perpetrator", "attribution", "incidents"), tables.by_perpetrator(visible).itertuples(index=False))
    if len(visible):
        say("\nAn incident with several target types or perpetrators counts once under each.")


def _total(label: str, figure: str, rest: str) -> list[tuple[str, str]]:
    """A figure of the headline, and under it the same without its largest incident."""
    without, _, other = rest.rpartition(": ")
    return [(label, figure), *([(without, other)] if rest else [])]


for _command in COMMANDS:
    cli.add_command(_command)
