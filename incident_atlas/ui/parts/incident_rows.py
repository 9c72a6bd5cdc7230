"""A list of incidents beside a map: a title, and under it day, place, toll and who acted; nothing is cut at any width."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import as_label, day
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _
from incident_atlas.ui.session import state

_COLUMNS = [
    "title", "date", "date_precision", "city", "district", "province", "perpetrator", "attribution",
    "killed_low", "killed", "killed_high", "wounded_low", "wounded", "wounded_high",
]  # fmt: skip
"""What a label reads: a record has many more columns, and walking along all of them takes longer than writing the labels."""


def incident_rows(name: str, found: pd.DataFrame, height: int) -> None:
    """The rows as one widget, each a button: arrow keys walk, Enter or a click opens the incident. height: pixels, then it scrolls.

    A grid of cells would cut long titles and scroll sideways, because it draws text on a canvas and cannot wrap it by itself.
    """
    ids = found["incident_id"].to_list()
    labels = _labels(found)
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
            args=(key, f"rows-{name}", ids),
        )


def _labels(found: pd.DataFrame) -> list[str]:
    """One label a row, none twice: Streamlit tells the choices of a widget apart by their words."""
    labels, met = [], Counter()
    for one in found[_COLUMNS].itertuples():
        title, about = as_label(one.title, 200), as_label(_about(one), 240)
        met[title, about] += 1
        again = f" ({met[title, about]})" if met[title, about] > 1 else ""
        labels.append(f"{title}{again}  \n:gray[{about}]")
    return labels


def _about(one: Any) -> str:
    who = one.perpetrator.replace(";", ", ")
    parts = [
        day(one.date, one.date_precision).replace(" known only", ""),
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


def _open(key: str, widget: str, ids: list[str]) -> None:
    row = st.session_state[key]
    if row is not None and row < len(ids):
        # A choice cannot be taken back from here: a list of a new key forgets it.
        state.session().renew_widget(widget)
        state.set_view(incident=ids[row])
