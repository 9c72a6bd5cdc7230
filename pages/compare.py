"""Compare: for now, change without a chosen date and the calendar."""

import streamlit as st

from incident_atlas.ui.frame import frame, notes
from incident_atlas.ui.history import calendar, change
from incident_atlas.ui.sidebar import sidebar
from incident_atlas.ui.state import filters

loaded = frame("Compare", "pages/compare.py")
sidebar(loaded, dates=False)
st.html(f"<h1 class='atlas-title'>Compare</h1><p class='atlas-note'>{notes(loaded)}</p>")
change(loaded, filters(), together=True)
calendar(loaded, filters())
