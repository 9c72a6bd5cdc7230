"""The switches of the Map page: what colours stand for, what the time charts count, and the heat layer with its warning."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from incident_atlas.charts.victims import MEASURES
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.maps import heat_layer as heat
from incident_atlas.maps.heat_layer import Heat
from incident_atlas.theme import Theme
from incident_atlas.ui.parts.switch import switch, toggle
from incident_atlas.ui.session import state

PERPETRATOR, DATA_SET = _("Colour by perpetrator"), _("Colour by data set")


def colour_switch(loaded: Loaded) -> None:
    """The choice; nothing for a record of one data set. It stands outside the map's fragment because the charts follow it."""
    if len(loaded.options.get("origin", ())) > 1:
        switch(
            _("Colours"),
            (PERPETRATOR, DATA_SET),
            DATA_SET if state.view().by_origin else PERPETRATOR,
            lambda colour: state.set_view(by_origin=colour == DATA_SET),
            key="w:colour",
        )


def measure_switch() -> None:
    """The choice of what the timeline and the chart of years count."""
    switch(
        _("What the time charts count"),
        MEASURES,
        state.view().measure,
        lambda measure: state.set_view(measure=measure),
        key="w:measure",
        name=lambda measure: _(measure.capitalize()),
    )


def heat_layer(shown: pd.DataFrame, now: state.View) -> Heat | None:
    """The layer of what is visible where the map is, or None while it is switched off."""
    return heat.heat_spots(shown, now.zoom, now.box()) if now.heat else None


def for_marks(layer: Heat | None, colours: Theme) -> dict[str, Any]:
    """What is sent with the marks: numbers alone, and nothing while it is switched off."""
    return {"heat": {"spots": layer.spots, "km": layer.km, "dark": int(colours.name == "dark")}} if layer else {}


def heat_switch() -> None:
    """The switch of the layer."""
    toggle(_("Heat layer"), state.view().heat, lambda heat: state.set_view(heat=heat), key="w:heat")


def heat_note(layer: Heat | None) -> None:
    """What the layer does not show, while it is on."""
    if layer:
        st.html(f"<p class='atlas-note' role='status'>{heat.caption(layer)}</p>")
