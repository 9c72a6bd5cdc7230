"""Nearby: where attacks repeat."""

from incident_atlas.ui.frame import frame
from incident_atlas.ui.repeats import repeats
from incident_atlas.ui.sidebar import sidebar
from incident_atlas.ui.state import filters

loaded = frame("Nearby", "pages/nearby.py")
sidebar(loaded)
repeats(loaded, filters())
