"""The Map page: what happened where, when, to whom and by whom, and how sure that is."""

import streamlit as st

from incident_atlas.dataset.load import give_back
from incident_atlas.ui.pages.map.charts import bars, time_pictures, timeline, wanted
from incident_atlas.ui.pages.map.map import map_view
from incident_atlas.ui.pages.map.switches import colour_switch
from incident_atlas.ui.parts.headline import headline
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.answers import ask_ahead
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.url_state import filters

with answering():
    loaded = frame("Map", "app.py")
    sidebar(loaded)
    chosen = filters()
    ask_ahead(loaded, chosen, wanted(loaded))
    headline(loaded, chosen)
    colour_switch(loaded)
    map_view(loaded, chosen)
    if pictures := time_pictures(loaded, chosen):
        months, per_year, key = pictures
        timeline(loaded, chosen, months, key)
        bars(loaded, chosen, per_year)
    else:
        st.info("The record holds no incident: nothing to draw.")
    give_back()
