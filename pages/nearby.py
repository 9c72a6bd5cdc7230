"""What happened around one point: a site, a place, coordinates, or a click on the map, and how sure that is."""

from incident_atlas.ui.pages.nearby.nearby import nearby_page

nearby_page()
