"""Every visible incident as a table, and the page of each: what happened, who says so, how sure that is."""

from incident_atlas.ui.pages.incidents.incident import incident
from incident_atlas.ui.pages.incidents.list import aimed_and_hit, incidents, not_found
from incident_atlas.ui.parts.page import frame
from incident_atlas.ui.parts.sidebar import sidebar
from incident_atlas.ui.session.record import answering
from incident_atlas.ui.session.url_state import filters, view

with answering():
    loaded = frame("Incidents", "pages/incidents.py")
    sidebar(loaded)
    if view().incident:
        incident(loaded, filters(), view().incident)
    else:
        not_found()
        incidents(loaded, filters())
        aimed_and_hit(loaded, filters())
