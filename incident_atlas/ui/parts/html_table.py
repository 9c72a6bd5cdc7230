"""A small table as HTML, which screen readers can walk through cell by cell: Streamlit draws its own as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from incident_atlas.core.text import safe_text

_NUMBER = " class='atlas-number'"


class Link(NamedTuple):
    """A cell that leads somewhere: its words, and an address of this app."""

    text: str
    address: str


def html_table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """The table with its caption; the first cell of a row names the row and may be a `Link`. All text made harmless, whole
    numbers set right."""
    rows = list(rows)
    right = [bool(rows) and not isinstance(cell, (str, Link)) for cell in (rows[0] if rows else columns)]
    head = "".join(
        f"<th scope='col'{_NUMBER * sets}>{safe_text(name, 120)}</th>" for name, sets in zip(columns, right, strict=True)
    )
    body = "".join(f"<tr><th scope='row'>{_named(first)}</th>{''.join(map(_cell, cells))}</tr>" for first, *cells in rows)
    said = safe_text(caption, 900)
    table = f"<table><caption>{said}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    # A box that scrolls must be reachable by keyboard.
    return f"<div class='atlas-table' role='region' aria-label='{said}' tabindex='0'>{table}</div>"


def _named(first: object) -> str:
    if isinstance(first, Link):
        return f"<a href='{safe_text(first.address, 2000)}' target='_self'>{safe_text(first.text, 120)}</a>"
    return safe_text(first, 120)


def _cell(value: object) -> str:
    if isinstance(value, str):
        return f"<td>{safe_text(value, 900)}</td>"
    return f"<td{_NUMBER}>{value:,}</td>" if value else "<td class='atlas-number atlas-none'>0</td>"
