"""About the record: what it holds, what it does not, and what became of every row of its file."""

import streamlit as st

from incident_atlas.ui.frame import frame

loaded = frame("About the record", "pages/about.py")
st.text("later")
