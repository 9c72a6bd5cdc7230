"""The only folium: a base map that never changes, and one small layer of marks that does.

streamlit-folium keeps a map as long as its script is the same, so the script holds nothing that a filter moves. The marks
travel as a feature group of numbers, letters and text made harmless; the browser draws them with assets/atlas.js.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import folium
import pandas as pd
import shapely
from branca.element import MacroElement
from folium.template import Template
from jinja2.utils import htmlsafe_json_dumps

from incident_atlas.core.text import day, safe_text
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO, PRECISE, RADIUS_M
from incident_atlas.dataset.areas import Area, area_of
from incident_atlas.geo.boundaries import provinces
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.i18n import _
from incident_atlas.maps.base_map import served_options
from incident_atlas.maps.clusters import CAPITALS
from incident_atlas.maps.mark_layout import Mark, mark_px
from incident_atlas.maps.script_texts import script_texts
from incident_atlas.theme import PALETTE, SELECTED, DataSetColour, Theme, ink_on, perpetrator_colour

SCRIPTS = (
    "atlas",
    "atlas_movement",
    "atlas_keyboard",
    "atlas_areas",
    "atlas_layout",
    "atlas_labels",
    "atlas_streets",
    "atlas_base",
)
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
TOWNS = CAPITALS[4:28]
"""Jalalabad, Kunduz and the capitals of the other provinces, named on the base map when it is nearer."""
WHOLE_PROVINCE = -1
"""In the id of a mark: all incidents of the province, in place of a rank of precision."""
SINGLES = ["row", "title", "date", "date_precision", "perpetrator", "geo_precision"]
"""The columns of an incident that is alone in its cell which its mark reads."""


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
class DrawnCircle:
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
        self._name = _("Base")
        self.options = options


class Marks(folium.FeatureGroup):
    """The marks of what is visible; always sent, also when empty, because a missing group would leave the old one."""

    # Emptying the component's list of old groups lets the browser free them: it never does so itself.
    _template = Template(
        "{% macro script(this, kwargs) %}window.feature_group = [];"
        "var {{ this.get_name() }} = atlas.marks({{ this._parent.get_name() }}, {{ this.payload_json() }});{% endmacro %}"
    )

    def __init__(self, payload: dict[str, Any]) -> None:
        super().__init__()
        self.payload = payload

    def payload_json(self) -> str:
        """The payload as a script may hold it, without blanks: it is sent with every change of the filter."""
        return htmlsafe_json_dumps(self.payload, separators=(",", ":"))


def base_map(view: tuple[float, ...] | None, theme: Theme, addresses: Addresses, extent: tuple | None = None) -> folium.Map:
    """The map before any incident: `base_map`, and streets as a choice; view: latitude, longitude and zoom, or
    south, west, north and east of what is to be seen whole; None for the country.

    extent: south-west and north-east corner of all incidents, a place to go to when some lie outside the country.
    """
    fit = None if view and len(view) == 3 else (view[:2], view[2:]) if view else COUNTRY
    latitude, longitude, zoom = COUNTRY_VIEW if fit else view
    options = {"maxZoom": MAX_ZOOM, "minZoom": MIN_ZOOM if extent else COUNTRY_MIN_ZOOM, "zoomSnap": 0.5}
    drawn = _Map(addresses, location=(latitude, longitude), zoom_start=zoom, tiles=None, **options)
    options = base_options(theme, served_options(theme, addresses.assets, addresses.font))
    if extent:
        options["places"] = [*PLACES, (_("All incidents"), extent)]
    _Base(options | {"fit": fit}).add_to(drawn)
    return drawn


def base_options(theme: Theme, base: dict[str, Any]) -> dict[str, Any]:
    """What assets/atlas.js needs for the map, as plain values. base: `base_map.served_options` or `base_map.inline_options`."""
    colours = {
        "border": theme.border,
        "muted": theme.muted,
        "ink": theme.ink,
        "surface": theme.surface,
        "selected": SELECTED,
    }
    palette = [(colour, ink_on(colour), letter) for colour, letter in PALETTE]
    return {"base": base, "theme": colours, "palette": palette, "places": PLACES, "texts": script_texts()}


def marks(
    cells: pd.DataFrame,
    singles: pd.DataFrame,
    theme: Theme,
    selected: Selected | None,
    focus: tuple | None,
    circle: DrawnCircle | None = None,
    choosing: bool = False,
    data_sets: tuple[DataSetColour, ...] = (),
    areas: pd.DataFrame | None = None,
    area: Area | None = None,
    fitted: tuple[float, float, float, float] | None = None,
) -> dict[str, Any]:
    """What assets/atlas.js needs for the marks, as plain values: the only data of the record that reaches the map.

    cells: `clusters.map_marks` or `map_cells`. singles: the incidents that are alone in their cell, index `row`, with the
    columns `SINGLES`. focus: latitude, longitude, least zoom, and a number that is new
    whenever the map is to move there. circle: drawn with its label, and the map is fitted to it whenever it is another
    one. choosing: a click on the land chooses a point, which a double click must not do by the way. data_sets: their colours,
    when marks are coloured by them in place of the perpetrators; `cells` then has the column `parts`. areas: `map_areas`,
    listed at the map's edge. area: the one whose incidents are listed; it is drawn. fitted: south, west, north, east of what the map
    is to show whole when it goes where `focus` says.
    """
    drawn = [
        _mark(cell, singles, selected, data_sets)._replace(uncertain_date=int(cell.get("uncertain_date", 0)))
        for cell in cells.to_dict("records")
    ]
    payload: dict[str, Any] = {
        "fields": Mark._fields,
        "marks": drawn,
        "cell": theme.cell,
        "cellInk": ink_on(theme.cell),
        "focus": focus,
        "selected": None,
    }
    if fitted:
        payload["fitted"] = (fitted[:2], fitted[2:])
    if selected and selected.latitude == selected.latitude:
        payload["selected"] = (round(selected.latitude, 5), round(selected.longitude, 5), RADIUS_M.get(selected.geo_precision, 0))
    if circle:
        payload["circle"] = (circle.latitude, circle.longitude, circle.km * 1000, safe_text(circle.label, 80))
    if choosing:
        payload["choosing"] = True
    if data_sets:
        payload["palette"] = [(one.colour, one.ink, one.letter, safe_text(one.name, 60)) for one in data_sets]
    if areas is not None and len(areas):
        payload["areas"] = [_area(one) for one in areas.to_dict("records")]
    if area and area.precision != "country":
        payload["outline"] = _outline(area)
    return payload


def counts_provinces(drawn: dict[str, Any]) -> bool:
    """Whether every one of these `marks` counts a province; False where there is none."""
    return bool(drawn["marks"]) and all(mark.name for mark in drawn["marks"])


def _mark(cell: dict[str, Any], singles: pd.DataFrame, selected: Selected | None, data_sets: tuple[DataSetColour, ...]) -> Mark:
    n, row, province = int(cell["incidents"]), int(cell["row"]), cell.get("province", "")
    place = (round(float(cell["latitude"]), 5), round(float(cell["longitude"]), 5))
    parts = [list(part) for part in cell["parts"]] if data_sets else []
    colour = parts[0][0] if len(parts) == 1 else max(len(data_sets) - 1, 0)
    shares = parts if len(parts) > 1 else ""
    if province:
        click = row if n == 1 else [WHOLE_PROVINCE, row]
        words = hover(singles.loc[row]) if n == 1 and row in singles.index else shares
        return Mark(
            *place, n, 1, safe_text(_("{province} province").format(province=province)), None, colour, click, words, 0, mark_px(n)
        )
    extent = [round(degrees, 4) for degrees in cell["extent"]] if cell["extent"] else None
    if n > 1:
        click = [float(cell["at"]), [int(number) for number in cell["cells"]]]
        main = [round(degrees, 4) for degrees in main] if extent and (main := cell.get("main_place")) else None
        return Mark(*place, n, int(cell["imprecise"]), "", extent, colour, click, shares, 0, mark_px(n), main_place=main)
    one = singles.loc[row]
    words = hover(one)
    if data_sets:
        words += f"<br>{safe_text(data_sets[colour].name, 60)}"
    else:
        colour = PALETTE.index(perpetrator_colour(one["perpetrator"]))
    ring = int(cell["imprecise"] or one["geo_precision"] not in PRECISE)
    return Mark(*place, 1, ring, "", None, colour, row, words, int(selected is not None and selected.row == row), mark_px(1))


def _area(one: dict[str, Any]) -> tuple[str, int, list[int]]:
    """Its name as safe text, the incidents that are known to no finer place, and what a click says."""
    rank = int(one["precision_rank"])
    name = area_of(one, GEO_PRECISIONS[rank]).name()
    return safe_text(name, 60), int(one["incidents"]), [rank, int(one["row"])]


def _outline(area: Area) -> list[list[tuple[float, float]]] | None:
    """The province's edge as lines of latitude and longitude, a few hundred metres exact; None for another area."""
    shape = provinces().get(area.province) if area.precision in ("", "province") else None
    if shape is None:
        return None
    edge = shapely.get_parts(shape.simplify(0.01).boundary)
    return [[(round(latitude, 3), round(longitude, 3)) for longitude, latitude in line.coords] for line in edge]


def clicked_area(clicked: Any, incident: pd.Series) -> Area:
    """The area of a mark or of an entry at the map's edge, from the id that its click said, of the incident on its line."""
    return area_of(incident, GEO_PRECISIONS[clicked[0]] if clicked[0] != WHOLE_PROVINCE else "")


def hover(one: pd.Series) -> str:
    """The words of a single mark, harmless: date, title, and how well the place is known."""
    return _("{date}<br>{title}<br>place known to {known_to}").format(
        date=day(one["date"], one["date_precision"]), title=safe_text(one["title"], 60), known_to=KNOWN_TO[one["geo_precision"]]
    )


@cache
def towns() -> list[tuple[str, float, float, int]]:
    """Name, latitude, longitude of the towns and neighbourhoods that a still picture names, and the zoom from which it does."""
    gazetteer = offline_gazetteer()
    shown = [(gazetteer.by_id[place_id], 4) for place_id in CAPITALS[:4]] + [(gazetteer.by_id[place_id], 7) for place_id in TOWNS]
    shown += [(place, 11) for place in gazetteer.places if place.kind == "neighbourhood" and gazetteer.has_own_point(place)]
    return [(safe_text(place.name), round(place.latitude, 4), round(place.longitude, 4), zoom) for place, zoom in shown]
