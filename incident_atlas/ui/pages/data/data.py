"""The page Your data: files of this session, what the dashboard shows of them, and the parts that look at them closer."""

from __future__ import annotations

import csv
from datetime import date

import streamlit as st

from incident_atlas.core.text import as_label, counted, counted_rows, day, plain, safe_text
from incident_atlas.dataset.load import Loaded, give_back
from incident_atlas.dataset.sql import Engine
from incident_atlas.errors import Undecided
from incident_atlas.i18n import _
from incident_atlas.importers.files.archive import MOST_PACKED
from incident_atlas.theme import ASSETS
from incident_atlas.ui.pages.data import (
    columns as data_columns,
)
from incident_atlas.ui.pages.data import (
    duplicates as data_pairs,
)
from incident_atlas.ui.pages.data import (
    event_types as data_event_types,
)
from incident_atlas.ui.pages.data import (
    overlap as data_overlap,
)
from incident_atlas.ui.pages.data import (
    places as data_places,
)
from incident_atlas.ui.pages.data import (
    quality as data_quality,
)
from incident_atlas.ui.pages.data import (
    swapped as data_swapped,
)
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.page import frame, notes
from incident_atlas.ui.parts.switch import switch
from incident_atlas.ui.session.record import answering, started_with
from incident_atlas.ui.session.state import reset, session, set_widget, uploads
from incident_atlas.ui.session.transfers import let_go
from incident_atlas.ui.session.uploads import File, warm_reader

ENDINGS = ["csv", "tsv", "txt", "gz", "zip", "xlsx", "xls", "parquet", "geojson", "json"]
PROMISE = _(
    "Files stay in the memory of this session: never on disk, not seen by anybody else who uses this address, and gone when you close or reload the page."
)
WHAT_IS_READ = f"<ul class='atlas-list'><li>{_('<b>ACLED, UCDP GED and GTD</b>, and the Aid Worker Security Database, as they are downloaded.')}</li><li>{_('<b>Any other table</b> with a date: its columns are guessed, and you can change the guess.')}</li><li>{_('CSV, TSV, gzip or zip of one of them, Excel (XLSX), Parquet, GeoJSON points; up to 300 MB.')}</li></ul>"
EXAMPLE = ASSETS / "example.csv"
WHAT_HAPPENS = f"<ol class='atlas-list'><li>{_('The file is recognised, or its columns are guessed and shown for you to change.')}</li><li>{_('Every row is checked. Rows without a usable date are set aside and listed with the reason.')}</li><li>{_('Places are found from coordinates or names; you decide about those that are not found.')}</li><li>{_('Map, Incidents, Compare and Nearby then show your file, alone or together with the record.')}</li></ol>"
ALONE, COMBINED = _("Your files alone"), _("Together with the record of this dashboard")


def files(loaded: Loaded) -> None:
    """The place to drop files, and what became of each."""
    st.html(f"<h1 class='atlas-sentence'>{_('Your data')}</h1><p class='atlas-note'>{PROMISE} {notes(loaded)}</p>")
    label = _("Add files")
    dropped = st.file_uploader(
        label, ENDINGS, accept_multiple_files=True, key=session().widget_key("upload"), max_upload_size=MOST_PACKED // 1_000_000
    )
    if dropped:
        for one in dropped:
            name = plain(one.name, 120)
            bar = st.progress(0.0, text=_("Reading {name} ...").format(name=as_label(name)))
            label = as_label(name)

            def progress(part: float, bar=bar, label=label) -> None:
                bar.progress(part, _("Reading {name}: {part:.0%}").format(name=label, part=part))

            uploads().add(name, one.getvalue(), progress)
            let_go(one)
            reset()
        # Another key empties the box, and with it goes the widget's copy of the bytes.
        session().renew_widget("upload")
        give_back()
        st.rerun()
    if not uploads().files:
        st.html(f"<h2 class='atlas-heading'>{_('What can be read')}</h2>{WHAT_IS_READ}")
        st.html(f"<h2 class='atlas-heading'>{_('What will happen')}</h2>{WHAT_HAPPENS}")
        _example()
    for number, one in enumerate(uploads().files):
        with st.container(border=True):
            _file(number, one)


def _example() -> None:
    """A small invented file: its rows as they stand in it, and a button that reads it like any upload."""
    head, *rows = csv.reader(EXAMPLE.read_text(encoding="utf-8").splitlines())
    st.html(f"<div class='atlas-whole'>{html_table(_('An example file, invented'), head, rows)}</div>")
    st.button(_("Try the example file"), key="example", on_click=_take_example)


def _take_example() -> None:
    uploads().add(EXAMPLE.name, EXAMPLE.read_bytes(), lambda part: None)
    reset()


def _file(number: int, one: File) -> None:
    left, right = st.columns([6, 1], vertical_alignment="center")
    with left:
        st.html(f"<p class='atlas-text'><b>{safe_text(one.name, 120)}</b></p>{_became(one)}")
    with right:
        st.button(_("Remove"), key=f"remove-{number}", on_click=_remove, args=(one,), width="stretch")
    _collected_until(number, one)
    _worksheets(number, one)
    data_event_types.event_types(number, one)
    if one.mapping is not None:
        if data_columns.has_points_of_unknown_precision(one):
            st.html(f"<p class='atlas-note'>{data_columns.CENTRES}</p>")
        data_columns.columns(number, one)
    data_columns.points(number, one)
    data_swapped.swapped_points(number, one)


def _worksheets(number: int, one: File) -> None:
    """The choice of a worksheet, of a workbook that has several with rows."""
    if len(one.worksheets) < 2:
        return
    names = {sheet.name: f"{sheet.name}: {counted_rows(sheet.rows)}" for sheet in one.worksheets}
    key = f"w:worksheet-{number}-{one.sha256[:12]}"
    set_widget(key, one.worksheet)

    def take() -> None:
        uploads().read_worksheet(one, st.session_state[key])
        reset()

    st.selectbox(
        _("Worksheet that is read"), list(names), key=key, format_func=lambda name: as_label(names[name]), on_change=take
    )


def _collected_until(number: int, one: File) -> None:
    """The field for the day up to which the file was collected: rates and periods end there."""
    if one.loaded is None or one.loaded.source.first is None:
        return
    source, key = one.loaded.source, f"w:until-{number}-{one.sha256[:12]}"
    set_widget(key, one.until)
    st.date_input(
        _("Collected until"),
        value=None,
        key=key,
        min_value=source.first.date(),
        max_value=max(date.today(), source.last.date()),
        format="YYYY-MM-DD",
        help=_("The day up to which this file was collected. Rates and periods count the days until then."),
        on_change=lambda: uploads().set_until(one, st.session_state[key]),
        width=220,
    )
    if not source.last_stated:
        words = _("Days are counted to its last incident, {day}, until you say up to which day it was collected.").format(
            day=day(source.last)
        )
        st.html(f"<p class='atlas-note'>{words}</p>")
    elif one.until and source.last.date() > one.until:
        st.html(
            f"<p class='atlas-note'>{_('Its last incident is on {day}, so days are counted to that.').format(day=day(source.last))}</p>"
        )


def _remove(file: File) -> None:
    uploads().remove(file, started_with)
    reset()


def _became(one: File) -> str:
    """What the file was recognised as, and what became of its rows."""
    if one.loaded is None:
        trouble = one.trouble
        if isinstance(trouble, Undecided) and one.mapping is not None:
            return f"<p class='atlas-text'>{_('Not read yet: answer below.')}</p>"
        return f"<p class='atlas-text'>{safe_text(trouble.reason, 900)}</p><p class='atlas-note'>{safe_text(trouble.advice, 900)}</p>"
    (origin,), head = one.loaded.origins, one.loaded.incidents
    lost = int(head["x"].isna().sum())
    aside = _("{set_aside:,} set aside").format(set_aside=origin.set_aside) if origin.set_aside else _("none set aside")
    rows = _("{rows} read: {kept:,} kept, {aside}; {lost:,} with no known location.").format(
        rows=counted_rows(origin.read), kept=origin.kept, aside=aside, lost=lost
    )
    known = ""
    if origin.format.citation:
        known = f"<p class='atlas-note'>{_('Cite: {citation} {terms}').format(citation=safe_text(origin.format.citation, 900), terms=safe_text(origin.format.terms, 900))}</p>"
    return f"<p class='atlas-text'>{safe_text(origin.title, 300)}. {rows}</p>{known}"


def mixture() -> None:
    """Whether the dashboard shows the files alone or together with the record it was started with."""
    if not uploads().shown():
        return
    if isinstance(started_with(), Engine):
        st.html(f"<p class='atlas-note'>{_('The record of this dashboard stays in a database: your files are shown alone.')}</p>")
        return
    switch(_("The dashboard shows"), (ALONE, COMBINED), COMBINED if uploads().combined else ALONE, _take_mixture, key="w:mixture")
    same = uploads().gathered(started_with).same_ids
    for name, n in same.items():
        words = _("{ids} of {name} stand in an earlier file, too; here the name of the file stands before them.").format(
            ids=counted(n, "{n} id", "{n} ids"), name=name
        )
        st.html(
            f"<p class='atlas-note'>{_('{words} See Duplicates for incidents that are the same.').format(words=safe_text(words, 400))}</p>"
        )


def _take_mixture(mixture: str) -> None:
    uploads().combined = mixture == COMBINED
    reset()


def sections(loaded: Loaded) -> None:
    """How well the files were read, places and duplicates for a person to decide, and what each file adds. One at a time."""
    if not uploads().shown():
        return
    several = len(loaded.origins) > 1
    lost = len(data_places.waiting(loaded))
    names = {
        "quality": _("Quality"),
        "places": _("Places to find ({lost:,})").format(lost=lost) if lost or uploads().placements else None,
        "pairs": _("Duplicates"),
        "overlap": _("What each adds") if several else None,
    }
    choices = [name for name, label in names.items() if label]
    chosen = session().section if session().section in choices else choices[0]
    switch(_("Look at"), choices, chosen, _take_section, key="w:section", name=names.__getitem__)
    parts = {
        "quality": data_quality.quality_report,
        "places": data_places.places,
        "pairs": data_pairs.pairs,
        "overlap": data_overlap.overlap,
    }
    parts[chosen](loaded)


def _take_section(section: str) -> None:
    session().section = section


def data_page() -> None:
    """The whole page."""
    with answering():
        loaded = frame(_("Your data"), "pages/data.py")
        warm_reader()
        files(loaded)
        mixture()
        sections(loaded)
