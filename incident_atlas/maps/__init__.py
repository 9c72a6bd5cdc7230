"""The only folium: the interactive map, static maps, the offline page."""
