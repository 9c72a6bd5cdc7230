"""About the record: what it holds, what it does not say, and what became of every row of its file."""

import streamlit as st

from incident_atlas.ui.pages import about
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.session.record import answering

with answering():
    loaded = frame("About the record", "pages/about.py")
    st.html("<h1 style='font-size:1.5rem;margin:0;padding:0'>About the record</h1>")
    about.what_it_holds(loaded)
    about.its_data_sets(loaded)
    about.what_it_does_not_say(loaded)
    about.its_numbers(loaded)
    about.coverage_by_source_and_year(loaded)
    about.what_became_of_rows(loaded)
    about.how_it_is_made()
    about.changes(loaded)
    about.codebook()
