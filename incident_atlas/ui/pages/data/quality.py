"""How well each file was read: what became of its rows, what is missing, and what its format cannot say."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas.core.text import plain, safe_text
from incident_atlas.curation.quality import report
from incident_atlas.curation.quality.section import Section, percent
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.parts.html_table import html_table
from incident_atlas.ui.parts.problems_table import problem_table
from incident_atlas.ui.session.state import uploads


def quality_report(_unused: Loaded) -> None:
    """The report of one file; of several, the one that is chosen."""
    files = [one for one in uploads().files if one.loaded is not None]
    at = 0
    if len(files) > 1:
        at = st.selectbox(
            _("File"), range(len(files)), format_func=lambda n: f"{plain(files[n].name, 80)}: {files[n].loaded.origins[0].name}"
        )
    one = files[at]
    found = one.loaded.cache.cached("quality", lambda: report.report(one.loaded)).files[0]
    facts = "".join(f"<li><b>{safe_text(fact.title, 40)}.</b> {safe_text(fact.sentence, 600)}</li>" for fact in found.facts)
    st.html(f"<h2 class='atlas-heading'>{_('Five things to know about this file')}</h2><ul class='atlas-list'>{facts}</ul>")
    st.html(f"<div class='atlas-findings'>{''.join(map(_finding, found.sections))}</div>")
    st.html(f"<h2 class='atlas-heading'>{_('Problems')}</h2>")
    problem_table(one.loaded, "quality")


def _finding(section: Section) -> str:
    """A finding as harmless HTML: its heading is the table's name, too."""
    table = ""
    if len(section.table):
        rows = (_row(section.table, cells) for cells in section.table.itertuples(index=False, name=None))
        table = html_table(section.title, list(section.table), rows)
    sentence = safe_text(section.sentence, 1500)
    return f"<section><h2 class='atlas-heading'>{safe_text(section.title, 120)}</h2><p class='atlas-text'>{sentence}</p>{table}</section>"


def _row(table: pd.DataFrame, cells: tuple) -> list[object]:
    """A row for people: shares as percents, what chance makes as a number, counts as they are."""
    return [
        percent(cell, 1) if name == "Share" else f"{cell:,.1f}" if isinstance(cell, float) else cell
        for name, cell in zip(table, cells, strict=True)
    ]
