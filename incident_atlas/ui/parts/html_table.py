"""Tables of a page: as HTML, which screen readers can walk through cell by cell; as a grid; and pages of a list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import pandas as pd
import streamlit as st

from incident_atlas.core.text import safe_text
from incident_atlas.dataset.load import with_terms_in_use
from incident_atlas.i18n import _
from incident_atlas.ui.session.state import session

_NUMBER = " class='atlas-number'"


class Link(NamedTuple):
    """A cell that leads somewhere: its words, and an address of this app."""

    text: str
    address: str


def grid(table: pd.DataFrame, **options: Any) -> None:
    """A table that a reader can sort and pick rows of, without its index; options as `streamlit.dataframe` takes them.

    Terms that no row has are left out: the browser would get all categories of a column, also those of rows that a filter or a
    policy left out.
    """
    if "column_config" in options:
        options["column_config"] = {_(name): column for name, column in options["column_config"].items()}
    st.dataframe(with_terms_in_use(table).rename(columns=_), hide_index=True, **options)


def html_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table with its caption; the first cell of a row names the row and may be a `Link`. All text made harmless, whole
    numbers set right."""
    rows = list(rows)
    right = [bool(rows) and not isinstance(cell, (str, Link)) for cell in (rows[0] if rows else columns)]
    head = "".join(
        f"<th scope='col'{_NUMBER * sets}>{safe_text(_(name), 120)}</th>" for name, sets in zip(columns, right, strict=True)
    )
    body = "".join(f"<tr><th scope='row'>{_named(first)}</th>{''.join(map(_cell, cells))}</tr>" for first, *cells in rows)
    caption_text = safe_text(caption, 900)
    table = f"<table><caption>{caption_text}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # A box that scrolls must be reachable by keyboard.
    return f"<div class='atlas-table' role='region' aria-label='{caption_text}' tabindex='0'>{table}</div>"


def _named(first: object) -> str:
    if isinstance(first, Link):
        return f"<a href='{safe_text(first.address, 2000)}' target='_self'>{safe_text(first.text, 120)}</a>"
    return safe_text(first, 120)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"<td>{safe_text(value, 900)}</td>"
    return f"<td{_NUMBER}>{value:,}</td>" if value else "<td class='atlas-number atlas-none'>0</td>"


def pager(name: str, pages: int, page: int, most_shown: int = 7) -> None:
    """The pages of a list to choose from, from 1; what the reader chooses is in `Session.page_numbers` under `name`.

    It is kept apart from the widget, which is forgotten while it is not drawn. Where the two differ a new widget begins at
    `page`: one that was given a value of its own as well as a default is a warning in the log.
    """
    if st.session_state.get(session().widget_key(f"w:{name}")) != page:
        session().renew_widget(f"w:{name}")
    key = session().widget_key(f"w:{name}")
    st.pagination(pages, default=page, key=key, max_visible_pages=most_shown, on_change=_take_page, args=(name, key))


def _take_page(name: str, key: str) -> None:
    session().page_numbers[name] = st.session_state[key]
