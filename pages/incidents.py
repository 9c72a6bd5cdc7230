"""Every visible incident as a table, and the page of each: what happened, who says so, how sure that is."""

from incident_atlas.ui.pages.incidents.list import incidents_page

incidents_page()
