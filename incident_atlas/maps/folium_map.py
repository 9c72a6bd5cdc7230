"""The only folium: a base map that never changes, and one small layer of marks that does.

streamlit-folium keeps a map as long as its script is the same, so the script holds nothing that a filter moves. The marks
travel as a feature group of numbers, letters and text made harmless; the browser draws them with assets/atlas.js.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import folium
import numpy as np
import pandas as pd
from branca.element import MacroElement
from folium.template import Template

from incident_atlas.core.text import day, safe_text
from incident_atlas.core.vocabulary import KNOWN_TO, RADIUS_M, SHARP
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.maps.base_map import served_options
from incident_atlas.theme import OTHERS, PERPETRATORS, SELECTED, DataSetColour, Theme, perpetrator_colour

ASSETS = Path(__file__).parents[1] / "assets"
SCRIPTS = ("atlas", "atlas_labels", "atlas_streets", "atlas_base")
"""Our own scripts, in the order in which a page loads them."""
HEIGHT_PX = 430
MIN_ZOOM, COUNTRY_MIN_ZOOM, MAX_ZOOM = 2, 4, 18
"""Least and largest zoom; one country needs no view of the world."""
COUNTRY = ((29.4, 60.5), (38.5, 74.9))
"""South-west and north-east corner; the browser fits the map to it, however wide the screen is."""
COUNTRY_VIEW = (34.072, 67.7, 5.5)
"""About what that fit gives: latitude and longitude of the middle, and zoom."""
PLACES = (("Afghanistan", COUNTRY), ("Kabul", ((34.44, 69.02), (34.62, 69.33))), ("Herat", ((34.28, 62.08), (34.43, 62.3))))
NEAR_ZOOM = {"exact": 16, "street": 15, "neighbourhood": 13, "city": 11, "district": 9.5, "province": 8, "country": 5}
"""The zoom at which the radius of each precision fits the map."""
MAIN_TOWNS = ("gn-1138958", "gn-1140026", "gn-1138336", "gn-1133616")
"""Kabul, Herat, Kandahar, Mazar-e Sharif, in data/gazetteer.csv: named at every zoom."""
TOWNS = tuple(
    f"gn-{number}"
    for number in (
        1139715, 1135689, 1141269, 1147242, 1142264, 1120985, 1134720, 1136469, 1141857, 1142170, 1133453, 1123004, 1130490, 1145352,
        1148311, 1131833, 1122747, 1130131, 1129867, 1429434, 1133574, 8534261, 1130469, 1127110,
    )
)  # fmt: skip
"""Jalalabad, Kunduz and the capitals of the other provinces, named when the map is nearer."""
_PALETTE = (*PERPETRATORS.values(), OTHERS)
@dataclass(frozen=True)
class Addresses:
    """Where the browser finds the files that draw the map: folders served by the app itself."""

    leaflet: str
    assets: str
    font: str | None = None


@dataclass(frozen=True)
class Selected:
    """The incident whose card is open: its line in the record, and its point when it has one."""

    row: int
    latitude: float
    longitude: float
    geo_precision: str


@dataclass(frozen=True)
class Circle:
    """The point that is asked about and the radius around it; the label is text of our own tables."""

    latitude: float
    longitude: float
    km: float
    label: str


class _Map(folium.Map):
    """A folium map whose Leaflet comes from this app, not from four hosts on the internet."""

    def __init__(self, addresses: Addresses, **options: Any) -> None:
        super().__init__(**options)
        own = [(name, f"{addresses.assets}/{name}.js") for name in SCRIPTS]
        self.default_js = [("leaflet", f"{addresses.leaflet}/leaflet.js"), *own]
        self.default_css = [("leaflet", f"{addresses.leaflet}/leaflet.css"), ("atlas", f"{addresses.assets}/atlas.css")]


class _Base(MacroElement):
    _template = Template(
        "{% macro script(this, kwargs) %}atlas.base({{ this._parent.get_name() }}, {{ this.options|tojson }});{% endmacro %}"
    )

    def __init__(self, options: dict[str, Any]) -> None:
        super().__init__()
        self._name = "Base"
        self.options = options


class Marks(folium.FeatureGroup):
    """The marks of what is visible; always sent, also when empty, because a missing group would leave the old one."""

    # Emptying the component's list of old groups lets the browser free them: it never does so itself.
    _template = Template(
        "{% macro script(this, kwargs) %}window.feature_group = [];"
        "var {{ this.get_name() }} = atlas.marks({{ this._parent.get_name() }}, {{ this.payload|tojson }});{% endmacro %}"
    )

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()
        self.payload = payload


def base_map(
    view: tuple[float, float, float] | None, theme: Theme, addresses: Addresses, extent: tuple | None = None
) -> folium.Map:
    """The map before any incident: `base_map`, and streets as a choice; without `view` the country.

    extent: south-west and north-east corner of all incidents, a place to go to when some lie outside the country.
    """
    latitude, longitude, zoom = view or COUNTRY_VIEW
    options = {"maxZoom": MAX_ZOOM, "minZoom": MIN_ZOOM if extent else COUNTRY_MIN_ZOOM, "zoomSnap": 0.5}
    drawn = _Map(addresses, location=(latitude, longitude), zoom_start=zoom, tiles=None, **options)
    options = base_options(theme, served_options(theme, addresses.assets, addresses.font))
    if extent:
        options["places"] = [*PLACES, ("All incidents", extent)]
    _Base(options | {"fit": None if view else COUNTRY}).add_to(drawn)
    return drawn


def base_options(theme: Theme, base: dict[str, Any]) -> dict[str, Any]:
    """What assets/atlas.js needs for the map, as plain values. base: `base_map.served` or `base_map.inline`."""
    colours = {
        "border": theme.border,
        "muted": theme.muted,
        "ink": theme.ink,
        "surface": theme.surface,
        "selected": SELECTED,
    }
    palette = [(colour, _ink(colour), letter) for colour, letter in _PALETTE]
    return {"base": base, "theme": colours, "palette": palette, "places": PLACES}


def marks(
    cells: pd.DataFrame,
    singles: pd.DataFrame,
    theme: Theme,
    selected: Selected | None,
    focus: tuple | None,
    circle: Circle | None = None,
    choosing: bool = False,
    hues: tuple[DataSetColour, ...] = (),
) -> dict[str, Any]:
    """What assets/atlas.js needs for the marks, as plain values: the only data of the record that reaches the map.

    cells: `cells.map_cells`. singles: the incidents that are alone in their cell, index `row`, with title, date,
    date_precision, perpetrator, geo_precision. focus: latitude, longitude, least zoom, and a number that is new
    whenever the map is to move there. circle: drawn with its label, and the map is fitted to it whenever it is another
    one. choosing: a click on the land chooses a point, which a double click must not do by the way. hues: those of the data
    sets, when marks are coloured by them in place of the perpetrators; `cells` then has the column `parts`, of places in
    them. A cell of several has its parts, place and incidents of each, where a single mark has its words on hover.
    """
    nudged = zip(cells.itertuples(), _nudges(cells), strict=True)
    drawn = [[*_mark(cell, singles, selected, hues), mark_px(cell.incidents), *nudge] for cell, nudge in nudged]
    payload: dict[str, Any] = {"marks": drawn, "cell": theme.cell, "cellInk": _ink(theme.cell), "focus": focus, "selected": None}
    if selected and selected.latitude == selected.latitude:
        payload["selected"] = (round(selected.latitude, 5), round(selected.longitude, 5), RADIUS_M.get(selected.geo_precision, 0))
    if circle:
        payload["circle"] = (circle.latitude, circle.longitude, circle.km * 1000, safe_text(circle.label, 80))
    if choosing:
        payload["choosing"] = True
    if hues:
        payload["palette"] = [(hue.colour, hue.ink, hue.letter, safe_text(hue.name, 60)) for hue in hues]
    return payload


def _mark(cell: Any, singles: pd.DataFrame, selected: Selected | None, hues: tuple[DataSetColour, ...]) -> list[Any]:
    at = [round(float(cell.latitude), 5), round(float(cell.longitude), 5), int(cell.incidents)]
    parts = cell.parts if hues else []
    hue = parts[0][0] if len(parts) == 1 else max(len(hues) - 1, 0)
    if cell.incidents > 1:
        cell_id = [float(cell.at), [int(number) for number in cell.cells]]
        return [*at, int(cell.blunt), int(cell.spread), hue, cell_id, [list(part) for part in parts] if len(parts) > 1 else "", 0]
    one = singles.loc[cell.row]
    index = hue if hues else _PALETTE.index(perpetrator_colour(one["perpetrator"]))
    words = hover(one) + (f"<br>{safe_text(hues[hue].name, 60)}" if hues else "")
    chosen = int(selected is not None and selected.row == cell.row)
    blunt = cell.blunt or one["geo_precision"] not in SHARP
    return [*at, int(blunt), 0, index, int(cell.row), words, chosen]


def hover(one: pd.Series) -> str:
    """The words of a single mark, harmless: date, title, and how well the place is known."""
    return f"{day(one['date'], one['date_precision'])}<br>{safe_text(one['title'], 60)}<br>place known to {KNOWN_TO[one['geo_precision']]}"


@cache
def towns() -> list[tuple[str, float, float, int]]:
    """Name, latitude, longitude of the towns and neighbourhoods that a still picture names, and the zoom from which it does."""
    places = offline_gazetteer().places
    at = {place.place_id: place for place in places}
    shown = [(at[place_id], 4) for place_id in MAIN_TOWNS] + [(at[place_id], 7) for place_id in TOWNS]
    shown += [(place, 11) for place in places if place.kind == "neighbourhood"]
    return [(safe_text(place.name), round(place.latitude, 4), round(place.longitude, 4), zoom) for place, zoom in shown]


def legend() -> list[tuple[str, str, str, str]]:
    """Name, colour, colour of the letter, letter of every kind of mark."""
    names = (*PERPETRATORS, "others")
    return [(name, colour, _ink(colour), letter) for name, (colour, letter) in zip(names, _PALETTE, strict=True)]


def _nudges(cells: pd.DataFrame) -> list[tuple[int, int]]:
    """For each cell, pixels right and down by which its mark is moved: rings of areas give way to marks of spots.

    A place known only to the city has no spot of its own, so its ring may stand beside the city's middle; the mark of a
    place that is known never moves.
    """
    if not len(cells) or not cells["blunt"].any():
        return [(0, 0)] * len(cells)
    px = 256 * 2 ** float(cells["at"].iloc[0])
    x = (cells["longitude"].to_numpy() / 360 + 0.5) * px
    y = (0.5 - np.log(np.tan(np.pi / 4 + np.radians(cells["latitude"].to_numpy()) / 2)) / (2 * np.pi)) * px
    size = np.array([mark_px(n) / 2 for n in cells["incidents"]])
    taken = ~cells["blunt"].to_numpy(dtype=bool)
    moved = [(0, 0)] * len(cells)
    for i in np.flatnonzero(~taken):
        for dx, dy in _STEPS:
            if not taken.any() or (np.hypot(x[taken] - x[i] - dx, y[taken] - y[i] - dy) > size[taken] + size[i]).all():
                x[i], y[i], moved[i] = x[i] + dx, y[i] + dy, (dx, dy)
                break
        taken[i] = True
    return moved


_STEPS = [(0, 0)] + [
    (round(r * np.cos(a)), round(r * np.sin(a))) for r in (26, 40, 56, 72) for a in np.arange(8) * np.pi / 4 + np.pi / 2
]


def mark_px(incidents: int) -> int:
    """Diameter of a mark in pixels: 22 for one incident, growing with the order of magnitude."""
    return 22 if incidents == 1 else min(48, round(24 + 8 * math.log10(incidents)))


def _ink(colour: str) -> str:
    """Black or white, whichever is easier to read on `colour` (WCAG 2.2 relative luminance)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    return "#FFFFFF" if luminance < 0.18 else "#111111"
