"""Incidents around a point as a table: how far, which way, how sure that is; a row leads to the incident's page."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas.analysis.nearby import SAME_POINT_KM, Surroundings
from incident_atlas.core.text import plain, span
from incident_atlas.core.vocabulary import KNOWN_TO
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.coordinates import compass
from incident_atlas.ui.pages.incidents.list import iso
from incident_atlas.ui.parts.html_table import grid
from incident_atlas.ui.session import url_state as state

LISTED = 600
"""Rows that are sent to the browser: what a person may read."""


def incidents_around(loaded: Loaded, here: Surroundings | None, private: bool = False) -> None:
    """Those within, then those possibly within, each nearest first; nothing without an answer. private: as in `table`."""
    if here is None:
        return
    rows = pd.concat([here.within, here.possibly.head(max(0, LISTED - len(here.within)))]).head(LISTED)
    if not len(rows):
        return
    many = len(here.within) + len(here.possibly)
    cut = f" The {len(rows):,} first of {many:,}: a smaller radius or a filter shows the others." if many > len(rows) else ""
    st.html(
        "<h2 class='atlas-heading'>The incidents</h2><p class='atlas-note'>Those within first, each nearest first. Distances are to "
        f"the point on the map: where only the city is known, to its middle.{cut}</p>"
    )
    table(loaded, rows, "around", private)
    st.html(
        "<p class='atlas-key'>Tick a row to open its page (with the keyboard: Shift and space); a click on a column's name sorts by it.</p>"
    )


def table(loaded: Loaded, rows: pd.DataFrame, name: str, private: bool = False) -> None:
    """The table of these rows (as `surroundings.measured` gives them, or without a point to measure from).

    private: the point asked about is; then an incident that is opened does not move the map of other pages, whose address
    would tell where that was.
    """
    found = loaded.at(rows["row"])
    ids = found["incident_id"].to_list()
    shown: dict[str, list] = {"Date": [iso(one) for one in found[["date", "date_precision"]].itertuples()]}
    if "km" in rows:
        shown |= {"Within": rows["where"].to_list(), "Km": rows["km"].round(2).to_list()}
    shown["What happened"] = [plain(title, 200) for title in found["title"]]
    if "km" in rows:
        shown["Bearing"] = [_bearing(km, bearing) for km, bearing in zip(rows["km"], rows["bearing"], strict=True)]
    killed = found[["killed_low", "killed", "killed_high"]]
    shown["Killed"] = [span(*three) for three in killed.itertuples(index=False)]
    shown["Place known to"] = [KNOWN_TO.get(name, "not locatable") for name in found["geo_precision"]]
    columns = {
        "Date": st.column_config.TextColumn(width=92),
        "What happened": st.column_config.TextColumn(width=380),
        "Within": st.column_config.TextColumn(width=76),
        "Km": st.column_config.NumberColumn(format="%.2f", width=64),
        "Bearing": st.column_config.TextColumn(width=120),
        "Killed": st.column_config.TextColumn(width=130),
    }
    key = f"near-{name}-{st.session_state.get('picked', 0)}"
    grid(
        pd.DataFrame(shown),
        key=key,
        height=38 + 35 * min(len(ids), 12),
        column_config=columns,
        on_select=lambda: _pick(key, ids, None if private else loaded),
        selection_mode="single-row",
    )


def open_picked_page() -> None:
    """Go to the page of the incident that was chosen in a table: a callback may not, only a run of the page."""
    if st.session_state.pop("open_picked", False):
        st.switch_page("pages/incidents.py")


def _pick(key: str, ids: list[str], loaded: Loaded | None) -> None:
    before = st.session_state.get("picked", 0)
    state.open_picked(key, ids, loaded)
    st.session_state["open_picked"] = st.session_state.get("picked", 0) != before


def _bearing(km: float, bearing: float) -> str:
    return f"{compass(bearing)}, {bearing:.0f}°" if km >= SAME_POINT_KM else "same point"
