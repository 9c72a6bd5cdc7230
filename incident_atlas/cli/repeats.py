"""`repeats`: whether one attack is followed by another nearby, and which places are hit most."""

from __future__ import annotations

import sys
from typing import Any

import click

from incident_atlas.analysis import hotspots, near_repeats, nearby
from incident_atlas.cli.options import JSON, Command, RecordFile, chosen, filter_options, print_json, record_file, say, say_table
from incident_atlas.core.formatting import format_rate
from incident_atlas.core.text import day
from incident_atlas.dataset.exposure import exposure
from incident_atlas.i18n import _


@click.command("repeats", cls=Command)
@record_file()
@filter_options()
@JSON
def repeats_command(record: RecordFile, as_json: bool, **options: Any) -> None:
    """Whether attacks in FILE repeat near each other in place and time, and the places most hit, under a filter.

    A value that the record does not know is ignored with a note; then it ends with 1.
    """
    loaded = record.load()
    filters, ignored = chosen(loaded, options)
    near = near_repeats.near_repeats(filters.apply(loaded.incidents, columns=near_repeats.COLUMNS))
    days = exposure(loaded, filters)
    observed = nearby.observed(days, filters)
    visible = filters.apply(loaded.incidents, columns=hotspots.COLUMNS)
    places = hotspots.most_hit(visible, observed and observed.years(), days.last)
    if as_json:
        print_json(_as_json(near, places))
    else:
        for line in (*reversed(near_repeats.result_sentences(near)), *([near_repeats.NEAR_MEANS] if near.found else [])):
            say(line)
        say(days.note())
        rows = [(one.name, one.incidents, _rate(one), day(one.last, one.last_precision)) for one in places.table.itertuples()]
        say_table((_("place"), _("incidents"), _("a year (95 %)"), _("last")), rows)
        say(hotspots.uncounted_sentence(places))
    sys.exit(1 if ignored else 0)


def _rate(one: Any) -> str:
    return format_rate(one.rate, one.rate_low, one.rate_high) if one.rate == one.rate else "–"


def _as_json(near: near_repeats.NearRepeats, places: hotspots.Places) -> dict[str, Any]:
    tests = {name: found and found._asdict() for name, found in (("found", near.found), ("within_year", near.within_year))}
    table = places.table.assign(last=places.table["last"].astype("str").str[:10])
    rows = [{name: None if value != value else value for name, value in row.items()} for row in table.to_dict("records")]
    left_out = {"imprecise": places.imprecise, "unplaced": places.unplaced, "elsewhere": places.elsewhere}
    return {"near_repeats": near._asdict() | tests, "places": rows, "years": places.years, "left_out": left_out}
