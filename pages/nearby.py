"""Nearby: where attacks repeat."""

import streamlit as st

from incident_atlas.ui.frame import frame, notes
from incident_atlas.ui.repeats import repeats
from incident_atlas.ui.sidebar import sidebar
from incident_atlas.ui.state import filters

loaded = frame("Nearby", "pages/nearby.py")
sidebar(loaded)
st.html(f"<p class='atlas-note'>{notes(loaded)}</p>")
repeats(loaded, filters())
