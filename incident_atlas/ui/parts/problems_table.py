"""What was wrong in a file, row by row, as a table and as a file to take away."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas.core.text import as_cell, counted
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.parts import permission
from incident_atlas.ui.parts.html_table import grid
from incident_atlas.ui.session.transfers import one_at_a_time

SHOWN = 1_000
"""Problems in the table; the file has all."""


def problem_table(loaded: Loaded, key: str) -> None:
    """The problems of a record with their lines. key: of the place where the right to share is asked."""
    problems = loaded.problems
    if not len(problems):
        st.html(f"<p class='atlas-text'>{_('Nothing: every row was kept as it stands.')}</p>")
        return
    first = _(", the first {shown:,} here").format(shown=SHOWN) if len(problems) > SHOWN else ""
    caption = _("{problems}{first}. Row is the line in the file; line 1 names the columns.").format(
        problems=_counted(problems), first=first
    )
    st.html(f"<p class='atlas-text'>{caption}</p>")
    grid(problems.head(SHOWN).rename(columns=str.capitalize))
    # A problem quotes the cell that it is about.
    if permission.permitted(loaded.origins, key):
        name = f"problems-{loaded.source.sha256[:10]}.csv"
        made = one_at_a_time(lambda: as_csv(problems), name, "text/csv")
        st.download_button(_("All problems as CSV"), made, name, "text/csv", key=f"problems-{key}", on_click="ignore")


def _counted(problems: pd.DataFrame) -> str:
    """How many problems, and how many words of the file's own, which are none."""
    own = int((problems["code"] == "own_term").sum())
    words = counted(own, "{n} word of the file's own", "{n} words of the file's own") if own else ""
    trouble = counted(len(problems) - own, "{n} problem", "{n} problems")
    return _("{problems} and {words}").format(problems=trouble, words=words) if words else trouble


def as_csv(problems: pd.DataFrame) -> bytes:
    """The problems as a file for a spreadsheet, where text that begins like a formula stays text."""
    safe = problems.astype(object).map(lambda cell: as_cell(cell) if isinstance(cell, str) else cell)
    # With this end of a line a carriage return in a cell is quoted; else what follows it would be a row, and may be a formula.
    return safe.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig", "replace")
