"""A small map as one picture, to stand beside another of the same piece of land: nothing to move, nothing to load.

Whatever the Map page would draw comes from `maps.marks`, so a mark means here what it means there.
"""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from typing import Any

import pandas as pd
import shapely

from incident_atlas.core.text import safe_text
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.projection import Bounds, Frame, outlines
from incident_atlas.maps import folium_map
from incident_atlas.maps.clusters import APART_ZOOM, map_cells
from incident_atlas.theme import Theme, theme

WIDTH = 440
HEIGHTS = (240, 400)


def shown(bounds: Bounds) -> Bounds:
    """What a map of these bounds shows, which is a little more."""
    return Frame(bounds, WIDTH, HEIGHTS).bounds()


def map_image(rows: pd.DataFrame, loaded: Loaded, bounds: Bounds, look: Theme, words: str) -> str:
    """The incidents of `rows` (columns of `map_cells`) inside `bounds`, as an HTML image that fills its column.

    words: what a screen reader says; made harmless here. The picture is an SVG in the element itself.
    """
    svg = map_svg(rows, loaded, bounds, look)
    source = b64encode(svg.encode("utf-8")).decode("ascii")
    edge = f"border:1px solid {look.line}"
    return f"<img alt='{safe_text(words, 600)}' style='width:100%;display:block;{edge}' src='data:image/svg+xml;base64,{source}'>"


def map_svg(rows: pd.DataFrame, loaded: Loaded, bounds: Bounds, look: Theme) -> str:
    """The same as an SVG document; no text of the record is in it."""
    frame = Frame(bounds, WIDTH, HEIGHTS)
    # A town fills the picture a little below the zoom at which areas part from spots; here they must part.
    zoom = max(frame.zoom, APART_ZOOM) if frame.zoom > APART_ZOOM - 1 else frame.zoom
    cells = map_cells(rows, zoom, frame.bounds())
    singles = loaded.at(cells.loc[cells["incidents"] == 1, "row"]).set_index("row")
    palette = folium_map.base_options(look, None)["palette"]
    drawn = folium_map.marks(cells, singles, look, None, None)
    shapes = "".join(_mark(mark, frame, palette, drawn, look) for mark in sorted(drawn["marks"], key=lambda mark: -mark[9]))
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {frame.width} {frame.height}' width='{frame.width}' "
        f"height='{frame.height}' font-family='system-ui, sans-serif'><rect width='100%' height='100%' fill='{look.background}'/>"
        f"{_land(bounds, look.name)}{_towns(bounds, look.name)}{shapes}</svg>"
    )


def _mark(mark: list[Any], frame: Frame, palette: list, drawn: dict[str, Any], look: Theme) -> str:
    latitude, longitude, incidents, blunt, _, index, _, _, _, size, right, down = mark
    x, y = frame.at(latitude, longitude)
    single = incidents == 1
    colour, ink, letter = palette[index] if single else (drawn["cell"], drawn["cellInk"], "")
    line = colour if single else look.ink
    paint = f"fill='{look.background}' fill-opacity='.6' stroke='{line}' stroke-width='1.6' stroke-dasharray='4 3'"
    if not blunt:
        paint = f"fill='{colour}' stroke='#FFFFFF' stroke-width='1.2'"
    at = f"cx='{x + right:.1f}' cy='{y + down:.1f}' r='{size / 2 - 1:.1f}'"
    label = letter if single else f"{incidents:,}"
    words = (
        f"<text x='{x + right:.1f}' y='{y + down + 4:.1f}' text-anchor='middle' font-size='11' font-weight='600' "
        f"fill='{look.ink if blunt else ink}'>{label}</text>"
    )
    return f"<circle {at} {paint}/>{words}"


@lru_cache(maxsize=32)
def _land(bounds: Bounds, name: str) -> str:
    """The country filled, provinces and country as lines, cut a little outside of what is shown."""
    frame, look = Frame(bounds, WIDTH, HEIGHTS), theme(name)

    def path(geometry: Any) -> str:
        moved = shapely.transform(geometry, lambda points: [frame.at(latitude, longitude) for longitude, latitude in points])
        cut = shapely.clip_by_rect(moved, -9, -9, frame.width + 9, frame.height + 9).simplify(0.4)
        rings = [ring for part in shapely.get_parts(cut) for ring in (part.exterior, *part.interiors)]
        return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords) + "Z" for ring in rings)

    country = "".join(path(geometry) for kind, geometry in outlines() if kind == "country")
    provinces = "".join(path(geometry) for kind, geometry in outlines() if kind == "province")
    return (
        f"<path d='{country}' fill='{look.land}'/>"
        f"<path d='{provinces}' fill='none' stroke='{look.border}' stroke-width='.7'/>"
        f"<path d='{country}' fill='none' stroke='{look.border}' stroke-width='1.6'/>"
    )


@lru_cache(maxsize=32)
def _towns(bounds: Bounds, name: str) -> str:
    """Names under their towns, the main ones first; one that would run into another is left out."""
    frame, look = Frame(bounds, WIDTH, HEIGHTS), theme(name)
    taken: list[tuple[float, float, float]] = []
    words = []
    for town, latitude, longitude, zoom in folium_map.towns():
        x, y = frame.at(latitude, longitude)
        half = len(town) * 3
        if (
            frame.zoom < zoom
            or not frame.holds(x, y)
            or any(abs(x - left) < half + wide and abs(y - top) < 12 for left, top, wide in taken)
        ):
            continue
        taken.append((x, y, half))
        words.append(f"<text x='{x:.1f}' y='{y + 26:.1f}' text-anchor='middle' font-size='10' fill='{look.muted}'>{town}</text>")
    return "".join(words)
