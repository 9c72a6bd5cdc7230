"""`summary`: the numbers of the Map page."""

from __future__ import annotations

import sys
from typing import Any

import click
import pandas as pd

from incident_atlas.analysis import summary as tables
from incident_atlas.cli.options import JSON, Command, RecordFile, chosen, filter_options, print_json, record_file, say, say_table
from incident_atlas.core.text import counted_incidents, day
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import by_actor, filter_sentence, other_targets, victims
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _


@click.command("summary", cls=Command)
@record_file()
@filter_options()
@JSON
def summary_command(record: RecordFile, as_json: bool, **options: Any) -> None:
    """The numbers of the Map page for FILE under a filter: totals, by year, by target type, by perpetrator.

    A value that the record does not know is ignored with a note, as in the address of the page; then it ends with 1.
    """
    loaded = record.load()
    filters, ignored = chosen(loaded, options)
    visible = filters.apply(loaded.incidents, columns=tables.COLUMNS)
    if as_json:
        print_json(tables.as_json(visible))
    else:
        _say_summary(loaded, filters, visible)
    sys.exit(1 if ignored else 0)


def _say_summary(loaded: Loaded, filters: Filters, visible: pd.DataFrame) -> None:
    head = tables.headline(visible)
    say(filter_sentence(loaded, filters, head))
    say(exposure(loaded, filters).note())
    for words in victims(head):
        say(f"{words}.")
    for words in by_actor(tables.by_actor_kind(visible)):
        say(f"{words}.")
    if head.last is not None:
        say(_("The last of these incidents: {last}.").format(last=day(head.last, head.last_precision)))
    message = _("{incidents} on the map, {unplaced:,} with no known location.")
    say(message.format(incidents=counted_incidents(head.placed), unplaced=head.unplaced))
    if head.all_counts:
        say(_("The dead or wounded of {incidents} may include attackers.").format(incidents=counted_incidents(head.all_counts)))
    if column := tables.target_column(filters):
        hit = filters.apply(loaded.incidents, columns=(column, "killed_best"))
        if note := other_targets(*tables.other_targets(hit, column, getattr(filters, column))):
            say(note)
    years = tables.by_year(visible)
    say_table(
        (_("year"), _("incidents"), _("killed")), zip(years["year"], years["incidents"], tables.killed_texts(years), strict=True)
    )
    say_table((_("target type"), _("incidents")), tables.by_target_type(visible).itertuples(index=False))
    say_table((_("perpetrator"), _("attribution"), _("incidents")), tables.by_perpetrator(visible).itertuples(index=False))
    if len(visible):
        say(_("\nAn incident with several target types or perpetrators counts once under each."))
