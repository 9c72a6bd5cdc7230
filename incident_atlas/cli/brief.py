"""`brief`: two pages on what a filter shows, as PDF or as a Word document."""

from __future__ import annotations

import os
import sys
from datetime import date
from pathlib import Path
from typing import Any

import click

from incident_atlas.cli.options import (
    JSON,
    Command,
    FilePath,
    RecordFile,
    chosen,
    filter_options,
    note,
    print_json,
    record_file,
    same_file,
    say,
    stop,
    write_whole,
)
from incident_atlas.core.data_sets import asking
from incident_atlas.curation.privacy import policy, withheld
from incident_atlas.dataset.citation import origins_of
from incident_atlas.export.brief import content, pictures, typst_pdf, word
from incident_atlas.i18n import _

WRITERS = {".pdf": typst_pdf.pdf, ".docx": word.docx}


@click.command("brief", cls=Command)
@click.option(
    "-o", "--output", "out", type=FilePath(output=True), required=True, metavar="OUT", help=_("The file to write: .pdf or .docx.")
)
@click.option(
    "--paper", type=click.Choice(list(typst_pdf.PAPERS)), default="a4", show_default=True, help=_("Size of the two pages.")
)
@click.option("--title", default="", metavar="TEXT", help=_("Title; without it one is made from the filter."))
@click.option("--link", default="", metavar="URL", help=_("Address of the same view in a dashboard, printed at the end."))
@record_file(required=False)
@filter_options()
@JSON
def brief(
    record: RecordFile,
    out: Path,
    paper: str,
    title: str,
    link: str,
    as_json: bool,
    **options: Any,
) -> None:
    """Write two pages on FILE under a filter, for a meeting: figures, map, timeline, charts, the deadliest incidents, what is uncertain.

    Without FILE it is about the shipped record. What INCIDENTS_DISCRETION withholds on the pages is withheld here too. Ends with 1
    when a filter is not known to the record, with 2 when FILE cannot be used or OUT cannot be written.
    """
    write = WRITERS.get(out.suffix.casefold())
    if write is None:
        stop(_("Name a file that ends with .pdf or .docx."), 2)
    if same_file(out, record.path):
        stop(_("{out} is the file that is read. Choose another name for the output.").format(out=out), 2)
    # The bar is on stderr, and only where a person looks at it.
    with click.progressbar(length=4, label=_("Making the brief"), file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        loaded = record.load()
        asked_to_withhold = policy(os.environ.get("INCIDENTS_DISCRETION", ""))
        loaded = loaded if asked_to_withhold is None else withheld(loaded, asked_to_withhold)
        bar.update(1)
        filters, ignored = chosen(loaded, options)
        visible = filters.apply(loaded.incidents, columns=content.COLUMNS)
        shown = origins_of(visible, loaded.origins)
        made = content.make(loaded, filters, link, date.today(), title, shown, visible)
        bar.update(1)
        drawn = pictures.draw(made, loaded, visible, paper)
        bar.update(1)
        data = write(made, drawn, paper)
        bar.update(1)
    write_whole(out, lambda stream: stream.write(data))
    if as_json:
        print_json({"title": made.title, "sentence": made.sentence, "sha256": loaded.source.sha256, "written": [str(out)]})
    else:
        say(_("Wrote the brief “{title}” to {out}.").format(title=made.title, out=out))
    for origin in asking(shown):
        message = _("{format_name}: rows may not be passed on without permission; the brief names some.")
        note(message.format(format_name=origin.format.name))
    raise SystemExit(1 if ignored else 0)
