"""What colours stand for on the map and in the charts of time: perpetrators, or data sets where a record has several."""

from __future__ import annotations

import streamlit as st

from incident_atlas.dataset.load import Loaded
from incident_atlas.ui.session import url_state as state

PERPETRATOR, DATA_SET = "Colour by perpetrator", "Colour by data set"


def colour_switch(loaded: Loaded) -> None:
    """The choice; nothing for a record of one data set. It stands outside the map's fragment because the charts follow it."""
    if len(loaded.options.get("origin", ())) > 1:
        st.session_state["w:colour"] = DATA_SET if state.view().by_origin else PERPETRATOR
        st.segmented_control(
            "Colours", (PERPETRATOR, DATA_SET), required=True, key="w:colour", on_change=_take, label_visibility="collapsed"
        )


def coloured_by(loaded: Loaded) -> tuple[str, ...]:
    """The names of the data sets, in the order of their colours, while colours stand for them; else none."""
    return loaded.options["origin"] if state.view().by_origin and len(loaded.options.get("origin", ())) > 1 else ()


def _take() -> None:
    state.set_view(by_origin=st.session_state["w:colour"] == DATA_SET)
