"""What happened around one point: a site, a place, coordinates, or a click on the map, and how sure that is."""

import streamlit as st

from incident_atlas.ui.pages.nearby.list import incidents_around, open_picked_page
from incident_atlas.ui.pages.nearby.nearby import headline, pictures
from incident_atlas.ui.pages.nearby.place_picker import question
from incident_atlas.ui.pages.nearby.repeats import repeats
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.url_state import filters

with answering():
    loaded = frame("Nearby", "pages/nearby.py")
    open_picked_page()
    sidebar(loaded)
    # Containers keep the map where it is on the page, whatever is said above it: moved, it would be built anew.
    with st.container():
        asked = question()
    with st.container():
        found = headline(loaded, filters(), asked)
    pictures(loaded, filters(), asked, found)
    incidents_around(loaded, found and found.here, asked.private)
    repeats(loaded, filters())
