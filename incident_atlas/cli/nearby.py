"""What happened at a place or around a point: `python -m incident_atlas nearby FILE --at 34.53,69.17 --km 2`."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

import click
import pandas as pd

from incident_atlas.analysis import nearby as surroundings
from incident_atlas.analysis import nearby_text, summary
from incident_atlas.analysis.nearby import ObservedPeriod, Surroundings
from incident_atlas.cli.options import (
    JSON,
    Command,
    RecordFile,
    chosen,
    filter_options,
    line,
    print_json,
    record_file,
    say,
    say_table,
    stop,
)
from incident_atlas.core.formatting import format_figure, format_number
from incident_atlas.core.text import day
from incident_atlas.dataset.circle import Circle
from incident_atlas.dataset.exposure import Exposure, exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import filter_sentence, victims
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo import sites
from incident_atlas.geo.coordinates import BAD_RADIUS, DEFAULT_KM, UNREADABLE, parse_km, parse_point, written
from incident_atlas.geo.sites import Spot
from incident_atlas.i18n import _

LISTED = 50
"""Incidents that are listed for people; with --json all of them."""


@click.command("nearby", cls=Command)
@record_file()
@click.option("--at", metavar="LAT,LON", help=_("The point in degrees, latitude first, such as 34.53,69.17."))
@click.option("--place", metavar="NAME", help=_("A place by its name or its id in data/gazetteer.csv: what happened in it."))
@click.option("--site", metavar="SITE_ID", help=_("A site of data/sites.csv: what happened at it and around it."))
@click.option(
    "--km",
    metavar="R",
    help=_("The radius in kilometres, 0.1 to 50; {default_km:g}, or with --place the place alone.").format(default_km=DEFAULT_KM),
)
@filter_options()
@JSON
def nearby(
    record: RecordFile,
    at: str | None,
    place: str | None,
    site: str | None,
    km: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """What happened at a place or site, within R kilometres of it or of a point, and what possibly did.

    In place are the incidents located to the place or to one inside it, and at a site also those whose target it was. Within
    are those whose whole possible area lies inside the circle. Ends with 1 when a filter is ignored, when the point lies
    outside Afghanistan, or when the dates hold no day of the record: then there is no rate and no zero.
    """
    if [bool(at), bool(place), bool(site)].count(True) != 1:
        stop(
            _("Give a point with --at, such as --at 34.53,69.17, or a place with --place, or a site with --site: one, not both."),
            2,
        )
    spot = _point(at) if at else _place(place) if place else _site(site or "")
    radius = None if place and km is None else parse_km(f"{DEFAULT_KM:g}" if km is None else km)
    if radius is None and (km is not None or not place):
        stop(_("--km {km}: {bad_radius}").format(km=km, bad_radius=BAD_RADIUS), 2)
    loaded = record.load()
    filters, ignored = chosen(loaded, options)
    visible = filters.apply(loaded.incidents, columns=surroundings.COLUMNS)
    found = surroundings.around(visible, spot.latitude, spot.longitude, radius, spot.key)
    days = exposure(loaded, replace(filters, near=Circle.around(spot, radius)))
    # An empty record is no trouble: it says that it holds nothing.
    nothing = nearby_text.no_day(days, filters)
    trouble = nothing if days.first is not None and nothing else nearby_text.outside_coverage(loaded.incidents, found)
    if as_json:
        print_json(_as_json(found, loaded, surroundings.observed(days, filters), days.last, counts=trouble is None))
    elif nothing and not trouble:
        say(nothing)
    elif not trouble:
        _say(found, spot, loaded, filters, visible, days)
    if trouble:
        if not as_json:
            _say_lists(found, loaded)
        stop(trouble, 1)
    sys.exit(1 if ignored else 0)


def _point(at: str) -> Spot:
    """The point of --at; the program ends with 2 when it cannot be read."""
    point = parse_point(at)
    if point is None:
        stop(_("--at {at}: {unreadable}").format(at=at, unreadable=UNREADABLE), 2)
    return Spot("", written(*point), *point)


def _place(text: str) -> Spot:
    """The place of --place, by its id or its name; the program ends with 2 when there is none."""
    found = sites.place(text) or sites.place_named(text)
    if found is None and (several := sites.places_named(text)):
        names = "; ".join(f"{spot.name} ({spot.key})" for spot in several)
        stop(
            _("--place {text}: several places have that name: {names}. Give the id in brackets.").format(text=text, names=names),
            2,
        )
    if found is None:
        message = _("--place {text}: no place of that name is known offline. {elsewhere}")
        stop(message.format(text=text, elsewhere=sites.elsewhere(text)).strip(), 2)
    return found


def _site(site: str) -> Spot:
    """The site of --site; the program ends with 2 when there is none, or it has no point."""
    if found := sites.located().get(site):
        return found
    name = sites.without_point(site)
    stop(
        _("No open source gives a point for {name}.").format(name=name)
        if name
        else _("data/sites.csv has no site {site}.").format(site=site),
        2,
    )


def _as_json(
    found: Surroundings, loaded: Loaded, days: ObservedPeriod | None, ends: pd.Timestamp | None, counts: bool
) -> dict[str, Any]:
    """The answer as plain values, ids nearest first. counts: whether years without an attack are zeros, and silence is silence.

    last and per_year count the incidents in the place and within the radius together.
    """
    until = days.last if days else ends
    later = surroundings.possibly_later(found)
    years = surroundings.per_year(found.counted, days) if counts else pd.DataFrame({"year": [], "incidents": []})
    return {
        "in_place": _ids(loaded, found.in_place["row"]),
        "within": _ids(loaded, found.within["row"]),
        "possibly_within": _ids(loaded, found.possibly["row"]),
        "last": _last(found.counted, loaded, until),
        "possibly_since": len(later),
        "last_possibly": _last(later, loaded, until),
        "per_year": {str(year): int(n) for year, n in zip(years["year"], years["incidents"], strict=True)},
        "as_of": None if until is None else until.date().isoformat(),
    }


def _last(incidents: pd.DataFrame, loaded: Loaded, until: pd.Timestamp | None) -> dict[str, Any] | None:
    """The last of these incidents, with its days until the last day of the period."""
    latest = surroundings.last(incidents)
    if latest is None or until is None:
        return None
    found = {"incident_id": _ids(loaded, [latest["row"]])[0], "date": latest["date"].date().isoformat()}
    return found | {"days_since": surroundings.days_since(latest, until)}


def _ids(loaded: Loaded, rows: Any) -> list[str]:
    return loaded.at(rows)["incident_id"].to_list()


def _say(found: Surroundings, spot: Spot, loaded: Loaded, filters: Filters, visible: pd.DataFrame, span: Exposure) -> None:
    filtered = filter_sentence(loaded, filters, summary.headline(visible))
    say(line(nearby_text.answer(found, spot, spot.called(), filtered), 2000))
    measured_from = spot.known() if found.km is not None else ""
    for words in (
        measured_from,
        nearby_text.partly_abroad(found),
        _("{span} Fewer reports are not fewer attacks.").format(span=span.note()),
    ):
        say(words) if words else None
    for words in victims(summary.headline(found.counted)):
        say(f"{words}.")
    days = surroundings.observed(span, filters)
    _say_last_and_rate(found, days, span.last)
    say_table([name.lower() for name in nearby_text.YEAR_COLUMNS], nearby_text.year_rows(found, days), widest=120)
    say_table((_("kind of attack"), _("within"), _("possibly within")), surroundings.kinds(found).itertuples(index=False))
    _say_lists(found, loaded)


def _say_last_and_rate(found: Surroundings, days: ObservedPeriod | None, until: pd.Timestamp | None) -> None:
    latest, later = surroundings.last(found.counted), nearby_text.later_possible(found)
    if latest is not None:
        ago = nearby_text.time_since_last(found.counted, days, until)
        message = _("Last: {date}, {ago}{later}.")
        say(message.format(date=day(latest["date"], latest["date_precision"]), ago=ago, later=f"; {later}" if later else ""))
    elif later:
        say(_("None within; {later}.").format(later=later))
    if reason := nearby_text.no_rate(found):
        say(reason)
    elif days and (rate := surroundings.rate_around(found, days)):
        best, low, high = map(format_number, rate)
        highest = nearby_text.highest_rate(found, days)
        more = f"; {highest}" if highest else ""
        message = _("{rate} a year ({low}–{high}), exact 95 % interval, {days_first} to {days_last}{more}.")
        say(message.format(rate=best, low=low, high=high, days_first=day(days.first), days_last=day(days.last), more=more))


def _say_lists(found: Surroundings, loaded: Loaded) -> None:
    for title, rows in ((_("in place"), found.in_place), ("within", found.within), (_("possibly within"), found.possibly)):
        if len(rows):
            _say_list(title, rows, loaded)


def _say_list(title: str, rows: pd.DataFrame, loaded: Loaded) -> None:
    shown = rows.head(LISTED)
    incidents = loaded.at(shown["row"])
    vague = nearby_text.somewhere(incidents)
    say_table(
        (_("from the point"), _("date"), title, _("killed"), _("place known to"), _("id")),
        [
            (
                area or nearby_text.direction(km, bearing),
                day(one.date, one.date_precision),
                one.title,
                format_figure(one.killed_low, one.killed, one.killed_high),
                one.geo_precision,
                one.incident_id,
            )
            for area, km, bearing, one in zip(vague, shown["km"], shown["bearing"], incidents.itertuples(), strict=True)
        ],
    )
    if len(rows) > LISTED:
        say(_("... and {count:,} more; --json names all.").format(count=len(rows) - LISTED))
