"""The Map page: what happened where, when, to whom and by whom, and how sure that is."""

from incident_atlas.ui.pages.map.map import map_page

map_page()
