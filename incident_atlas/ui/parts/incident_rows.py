"""A list of incidents beside a map: a title, and under it day, place, toll and who acted; nothing is cut at any width."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import as_label, day, safe_text
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.ui.session import state

_COLUMNS = [
    "title", "date", "date_precision", "city", "district", "province", "perpetrator", "attribution",
    "killed_low", "killed", "killed_high", "wounded_low", "wounded", "wounded_high", "origin",
]  # fmt: skip
"""What a label reads: a record has many more columns, and walking along all of them takes longer than writing the labels."""


def incident_rows(name: str, found: pd.DataFrame, height: int) -> None:
    """The rows as one widget, each a button: arrow keys walk, Enter or a click opens the incident. height: pixels, then it scrolls.

    A grid of cells would cut long titles and scroll sideways, because it draws text on a canvas and cannot wrap it by itself.
    """
    _rows(name, found["incident_id"].to_list(), _labels(found, _in_lines), height, lambda chosen: state.set_view(incident=chosen))


def incident_table(
    found: pd.DataFrame,
    loaded: Loaded,
    height: int,
    name: str = "table",
    where: Sequence[str] | None = None,
    opens: Callable[[str], None] | None = None,
) -> None:
    """The same in columns, under a head: date, title, place, toll with its ranges, who and how sure; on a phone one after the other.

    The title also says the data set where there are several. The columns are those of `.atlas-columns` in page.css. where: a
    phrase a row on how it lies to a point, instead of its place. opens: what opening a row does; else the map goes there too.
    """
    place = _("Place") if where is None else _("From the point")
    names = (_("Date"), _("What happened"), place, _("Killed"), _("Wounded"), _("Perpetrator"))
    st.html(f"<p class='atlas-columns' aria-hidden='true'>{''.join(f'<span>{safe_text(name)}</span>' for name in names)}</p>")
    found = found if len(loaded.options.get("origin", ())) > 1 else found.assign(origin="")
    found = found.assign(where=[_area(one) for one in found.itertuples()] if where is None else list(where))
    opens = opens or (lambda chosen: state.open_incident(loaded.find(chosen)))
    _rows(name, found["incident_id"].to_list(), _labels(found, _in_columns), height, opens)


def _rows(name: str, ids: list[str], labels: list[str], height: int, opens: Callable[[str], None]) -> None:
    key = state.session().widget_key(f"rows-{name}")
    with st.container(height=height, border=False, key=f"rows-box-{name}"):
        st.pills(
            _("Incidents"),
            range(len(ids)),
            format_func=labels.__getitem__,
            key=key,
            label_visibility="collapsed",
            width="stretch",
            on_change=_open,
            args=(key, f"rows-{name}", ids, opens),
        )


def _labels(found: pd.DataFrame, label: Callable[[Any, str], str]) -> list[str]:
    """One label a row, none twice: Streamlit tells the choices of a widget apart by their words."""
    labels, met = [], Counter()
    for one in found[[name for name in (*_COLUMNS, "where") if name in found]].itertuples():
        same = label(one, "")
        met[same] += 1
        labels.append(label(one, f" ({met[same]})") if met[same] > 1 else same)
    return labels


def _in_lines(one: Any, again: str) -> str:
    return f"{as_label(one.title, 200)}{again}  \n:gray[{as_label(_about(one), 240)}]"


def _in_columns(one: Any, again: str) -> str:
    """Six parts, each an element of its own in the label: that is what makes columns of them."""
    who = "" if one.perpetrator == UNKNOWN else one.perpetrator.replace(";", ", ")
    origin = f" ({one.origin.replace(';', ', ')})" if one.origin else ""
    cells = (
        as_label(day(one.date, one.date_precision, short=True)),
        f"**{as_label(one.title + origin, 240)}{again}**",
        as_label(one.where, 120),
        _figure(_("killed"), one.killed_low, one.killed, one.killed_high),
        _figure(_("wounded"), one.wounded_low, one.wounded, one.wounded_high),
        as_label(f"{who}, {one.attribution}" if who else _("unknown"), 120),
    )
    return " ".join(cell if n == 1 else f":gray[{cell}]" for n, cell in enumerate(cells))


def _area(one: Any) -> str:
    return ", ".join(dict.fromkeys(filter(None, (one.city or one.district, one.province)))) or _("no known location")


def _figure(noun: str, low: float, best: float, high: float) -> str:
    """A figure, and its noun for whoever does not see the head of the column."""
    return f"{as_label(format_figure(low, best, high, blank='–'))} :small[{as_label(noun)}]"


def _about(one: Any) -> str:
    who = one.perpetrator.replace(";", ", ")
    parts = [
        day(one.date, one.date_precision, short=True),
        one.city or one.district or one.province or _("no known location"),
        _toll("killed", one.killed_low, one.killed, one.killed_high),
        _toll("wounded", one.wounded_low, one.wounded, one.wounded_high),
        _("unknown perpetrator") if one.perpetrator == UNKNOWN else f"{who}, {one.attribution}",
    ]
    return " · ".join(filter(None, parts))


def _toll(noun: str, low: float, best: float, high: float) -> str:
    """'7 (3–7) killed'; what no source reports is said too, because a missing figure is not a zero."""
    words = format_figure(low, best, high, blank="")
    return f"{words} {_(noun)}" if words else _("{noun} not reported").format(noun=_(noun))


def _open(key: str, widget: str, ids: list[str], opens: Callable[[str], None]) -> None:
    row = st.session_state[key]
    if row is not None and row < len(ids):
        # A choice cannot be taken back from here: a list of a new key forgets it.
        state.session().renew_widget(widget)
        opens(ids[row])
