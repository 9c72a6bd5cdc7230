"""What every page with a map shares: the served folders, the way past the map, what colours stand for."""

from __future__ import annotations

from pathlib import Path

import streamlit as st
import streamlit.components.v1 as components
import xstatic.pkg.leaflet as leaflet

from incident_atlas.core import fonts
from incident_atlas.dataset.load import Loaded
from incident_atlas.i18n import _
from incident_atlas.maps import folium_map
from incident_atlas.maps.legend import AFTER_MAP
from incident_atlas.theme import ASSETS
from incident_atlas.ui.session import state


def skip_link() -> None:
    """A link past the map to its legend, seen when the Tab key reaches it; drawn before a map."""
    st.html(f"<a class='atlas-skip' href='#{AFTER_MAP}'>{_('Skip the map')}</a>")


def padded(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """A little more than is seen, so that a short pan finds marks already there."""
    south, west, north, east = bounds
    high, wide = (north - south) / 5, (east - west) / 5
    return south - high, west - wide, north + high, east + wide


def addresses() -> folium_map.Addresses:
    """The folders of Leaflet and of our own files, and Streamlit's typeface; addresses as the map's frame sees them."""
    folders = {"leaflet": leaflet.BASE_DIR, "assets": str(ASSETS)}
    served = {name: components.declare_component(f"atlas_{name}", path=folder).name for name, folder in folders.items()}
    return folium_map.Addresses(**{name: f"../{address}" for name, address in served.items()}, font=_font())


def _font() -> str | None:
    """The address of Source Sans among Streamlit's own files; None if there is none."""
    found = fonts.page_file()
    return found and f"../../{found.relative_to(Path(st.__file__).parent / 'static').as_posix()}"


def coloured_by(loaded: Loaded) -> tuple[str, ...]:
    """The names of the data sets, in the order of their colours, while colours stand for them; else none."""
    return loaded.options["origin"] if state.view().by_origin and len(loaded.options.get("origin", ())) > 1 else ()
