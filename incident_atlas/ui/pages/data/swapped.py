"""Rows of a file whose latitude and longitude look swapped: exchanged for one or for all, taken back, saved with its mapping."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import streamlit as st

from incident_atlas.core.text import counted, counted_rows, safe_text
from incident_atlas.geo.swapped_points import EXCHANGED, SWAPPED
from incident_atlas.i18n import _
from incident_atlas.importers import mapping as tables
from incident_atlas.importers.mapping import Mapping
from incident_atlas.ui.parts.save_load import problem_sentences, saved
from incident_atlas.ui.session.state import read_again
from incident_atlas.ui.session.uploads import File

LISTED = 20
"""Rows that are listed, of those that look swapped and of those that were exchanged."""


def swapped_points(number: int, one: File) -> None:
    """The rows of one file, folded; nothing for a file without swapped coordinates."""
    if one.loaded is None or one.data is None:
        return
    waiting, done = _rows(one, SWAPPED), _rows(one, EXCHANGED)
    if waiting.empty and done.empty:
        return
    with st.expander(_label(len(waiting), len(done)), expanded=len(waiting) > 0):
        if len(waiting):
            if len(waiting) > 1:
                label = _("Exchange them in all {count:,} rows").format(count=len(waiting))
                st.button(label, key=_key(number, one, "all"), type="primary", on_click=_exchange_all, args=(one,))
            _list(number, one, waiting, _("Exchange"), _exchange)
        if len(done):
            note = _("Exchanged in {rows}. The file itself is not changed.").format(rows=counted_rows(len(done)))
            st.html(f"<p class='atlas-note'>{note}</p>")
            if len(done) > 1:
                label = _("Undo all {count:,}").format(count=len(done))
                st.button(label, key=_key(number, one, "none"), on_click=_choose, args=(one, ()))
            _list(number, one, done, _("Undo"), _undo)
        if one.mapping is None:
            data = tables.written(replace(one.settings, worksheet=one.chosen_worksheet))
            saved(f"exchanges-{number}", "choices", data, len(done) > 0, lambda data: _load(one, data))
        elif len(done):
            st.html(f"<p class='atlas-note'>{_('The assignment that is saved under Columns holds this choice.')}</p>")


def _label(waiting: int, done: int) -> str:
    if waiting:
        return _("Latitude and longitude look swapped in {rows}").format(rows=counted_rows(waiting))
    return _("Latitude and longitude exchanged in {rows}").format(rows=counted_rows(done))


def _rows(one: File, code: str) -> pd.DataFrame:
    """The incidents of the file with a problem of this code, in its order: row, incident_id, title, value (the point as it stands in it)."""
    problems = one.loaded.problems
    points = problems.loc[problems["code"] == code, ["row", "value"]]
    incidents = one.loaded.incidents[["row", "incident_id", "title"]]
    return incidents.merge(points, on="row")


def _list(number: int, one: File, rows: pd.DataFrame, label: str, act) -> None:
    for row in rows.head(LISTED).itertuples():
        button, text_column = st.columns([1, 6], vertical_alignment="center")
        button.button(label, key=_key(number, one, f"{label}-{row.row}"), on_click=act, args=(one, row.incident_id))
        words = _("Row {row:,}, {title}: {point}").format(
            row=row.row, title=safe_text(row.title, 160), point=safe_text(row.value, 60)
        )
        text_column.html(f"<p class='atlas-text'>{words}</p>")
    if len(rows) > LISTED:
        st.html(
            f"<p class='atlas-note'>{_('{more_rows}: see Problems.').format(more_rows=counted(len(rows) - LISTED, '{n} more row', '{n} more rows'))}</p>"
        )


def _key(number: int, one: File, part: str) -> str:
    return f"exchange-{number}-{one.attempts}-{part}"


def _settings(one: File) -> Mapping:
    return one.mapping if one.mapping is not None else one.settings


def _exchange_all(one: File) -> None:
    read_again(one, replace(_settings(one), exchange_all=True, exchange_ids=()))


def _exchange(one: File, incident_id: str) -> None:
    _choose(one, (*_settings(one).exchange_ids, incident_id))


def _undo(one: File, incident_id: str) -> None:
    _choose(one, tuple(name for name in _rows(one, EXCHANGED)["incident_id"] if name != incident_id))


def _choose(one: File, incident_ids: tuple[str, ...]) -> None:
    read_again(one, replace(_settings(one), exchange_all=False, exchange_ids=incident_ids))


def _load(one: File, data: bytes) -> list[str]:
    settings, problems = tables.read(data)
    if not settings.exchanges:
        return [_("This file names no row whose latitude and longitude are exchanged.")]
    read_again(one, settings)
    return problem_sentences(problems)
