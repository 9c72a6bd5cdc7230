"""What happened around a point: `python -m incident_atlas nearby FILE --at 34.53,69.17 --km 2`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click
import pandas as pd

from incident_atlas.analysis import nearby as surroundings
from incident_atlas.analysis import nearby_text, summary
from incident_atlas.analysis.nearby import Period, Surroundings
from incident_atlas.cli.options import (
    FILE,
    JSON,
    Command,
    chosen,
    filter_options,
    format_options,
    line,
    print_json,
    read_as,
    say,
    say_table,
    stop,
)
from incident_atlas.core.text import day, span
from incident_atlas.dataset.filter_sentence import describe, figures, last_day
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo import sites
from incident_atlas.geo.coordinates import BAD_RADIUS, DEFAULT_KM, UNREADABLE, parse_km, parse_point, written
from incident_atlas.geo.sites import Spot

LISTED = 50
"""Incidents that are listed for people; with --json all of them."""


@click.command("nearby", cls=Command)
@FILE
@format_options
@click.option("--at", metavar="LAT,LON", help="The point in degrees, latitude first, such as 34.53,69.17.")
@click.option("--site", metavar="SITE_ID", help="A site of data/sites.csv in its place.")
@click.option("--km", default=f"{DEFAULT_KM:g}", show_default=True, metavar="R", help="The radius in kilometres, 0.1 to 50.")
@filter_options()
@JSON
def nearby(file: Path, format: str, mapping: Path | None, at: str | None, site: str | None, km: str, as_json: bool, **options: Any) -> None:
    """What happened within R kilometres of a point or a site, and what possibly did.

    An incident counts as within only when all of where it may have been is. Ends with 1 when a filter is ignored, when
    the point lies outside Afghanistan, or when the dates hold no day of the record: then there is no rate and no zero.
    """
    spot, radius = _spot(at, site), parse_km(km)
    if radius is None:
        stop(f"--km {km}: {BAD_RADIUS}", 2)
    loaded = read_as(file, format, mapping)
    asked, ignored = chosen(loaded, options)
    visible = asked.apply(loaded.incidents, columns=surroundings.COLUMNS)
    here = surroundings.around(visible, spot.latitude, spot.longitude, radius)
    source = loaded.source
    # An empty record is no trouble: it is asked, and says that it holds nothing.
    nothing = surroundings.no_day(source.first, source.last, asked.since, asked.until)
    trouble = nothing if source.first is not None and nothing else nearby_text.beyond(loaded.incidents, here)
    if as_json:
        print_json(_as_json(here, loaded, asked, counts=trouble is None))
    elif nothing and not trouble:
        say(nothing)
    elif not trouble:
        _say(here, spot, loaded, asked, visible)
    if trouble:
        if not as_json:
            _say_lists(here, loaded)
        stop(trouble, 1)
    sys.exit(1 if ignored else 0)


def _spot(at: str | None, site: str | None) -> Spot:
    """The point asked for; the program ends with 2 when there is not exactly one that can be used."""
    if bool(at) == bool(site):
        stop("Give a point with --at, such as --at 34.53,69.17, or a site with --site, not both.", 2)
    if site:
        if found := sites.located().get(site):
            return found
        name = sites.without_point(site)
        stop(f"No open source gives a point for {name}." if name else f"data/sites.csv has no site {site}.", 2)
    point = parse_point(at or "")
    if point is None:
        stop(f"--at {at}: {UNREADABLE}", 2)
    return Spot("", written(*point), *point)


def _period(loaded: Loaded, asked: Filters) -> Period | None:
    return surroundings.period(loaded.source.first, loaded.source.last, asked.since, asked.until)


def _as_json(here: Surroundings, loaded: Loaded, asked: Filters, counts: bool) -> dict[str, Any]:
    """The answer as plain values, ids nearest first. counts: whether years without an attack are zeros, and silence is silence."""
    days = _period(loaded, asked)
    until = days.last if days else loaded.source.last
    later = surroundings.later(here)
    years = surroundings.per_year(here.within, days) if counts else pd.DataFrame({"year": [], "incidents": []})
    return {
        "within": _ids(loaded, here.within["row"]),
        "possibly_within": _ids(loaded, here.possibly["row"]),
        "last": _last(here.within, loaded, until),
        "possibly_since": len(later),
        "last_possibly": _last(later, loaded, until),
        "per_year": {str(year): int(n) for year, n in zip(years["year"], years["incidents"], strict=True)},
        "as_of": None if until is None else until.date().isoformat(),
    }


def _last(rows: pd.DataFrame, loaded: Loaded, until: pd.Timestamp | None) -> dict[str, Any] | None:
    """The last of these incidents, with its days until the last day that was asked about."""
    one = surroundings.last(rows)
    if one is None or until is None:
        return None
    told = {"incident_id": _ids(loaded, [one["row"]])[0], "date": one["date"].date().isoformat()}
    return told | {"days_since": surroundings.days_since(one, until)}


def _ids(loaded: Loaded, rows: Any) -> list[str]:
    return loaded.at(rows)["incident_id"].to_list()


def _say(here: Surroundings, spot: Spot, loaded: Loaded, asked: Filters, visible: pd.DataFrame) -> None:
    first, until = loaded.source.first, loaded.source.last
    counts = asked.loosely_dated(loaded.incidents), asked.without_figure(loaded.incidents)
    among = describe(asked, summary.headline(visible), first and first.date(), until and until.date(), *counts)
    say(line(surroundings.said(here, spot.called(), among), 2000))
    for words in (
        surroundings.because(here.possibly),
        nearby_text.partly_abroad(here),
        f"{last_day(until)} Fewer reports are not fewer attacks.",
    ):
        say(words) if words else None
    say_table(None, [(label, f"{best} {extent}".strip()) for best, extent, label in figures(summary.headline(here.within))[1:3]])
    one, asked_for = surroundings.last(here.within), _period(loaded, asked)
    later, most = surroundings.came_later(here), surroundings.at_most(here, asked_for)
    if one is not None:
        ago = surroundings.silence(here.within, asked_for, until)
        say(f"Last within: {day(one['date'], one['date_precision'])}, {ago}{f'; {later}' if later else ''}.")
    elif later:
        say(f"None within; {later}.")
    if asked_for and (rate := surroundings.yearly_rate(len(here.within), asked_for)):
        best, extent = surroundings.a_year(rate)
        more = f"; {most}" if most else ""
        say(f"{best} a year {extent}, exact 95 % interval, {day(asked_for.first)} to {day(asked_for.last)}{more}.")
    years = surroundings.per_year(here.within, asked_for)
    say_table(
        ("year", "within", "95 % interval"),
        [(year, n, f"{low:.1f}–{high:.1f}") for year, n, low, high in years.itertuples(index=False)],
    )
    say_table(("kind of attack", "within", "possibly within"), surroundings.kinds(here).itertuples(index=False))
    _say_lists(here, loaded)


def _say_lists(here: Surroundings, loaded: Loaded) -> None:
    for title, rows in (("within", here.within), ("possibly within", here.possibly)):
        if len(rows):
            _say_list(title, rows, loaded)


def _say_list(title: str, rows: pd.DataFrame, loaded: Loaded) -> None:
    shown = rows.head(LISTED)
    found = loaded.at(shown["row"]).itertuples()
    say_table(
        ("from the point", "date", title, "killed", "place known to", "id"),
        [
            (
                surroundings.towards(km, bearing),
                day(one.date, one.date_precision),
                one.title,
                span(one.killed_low, one.killed, one.killed_high),
                one.geo_precision,
                one.incident_id,
            )
            for km, bearing, one in zip(shown["km"], shown["bearing"], found, strict=True)
        ],
    )
    if len(rows) > LISTED:
        say(f"... and {len(rows) - LISTED:,} more; --json names all.")
