"""The map as a still picture: base map and marks as one SVG, and a sheet with title, legend and source as a PNG.

What is marked comes from `folium_map.marks`, so a mark means here what it means on the page; the base map is drawn from the
files that the browser loads (`base_map`). The offline page needs none of this: it draws its map itself.
"""

from __future__ import annotations

import math
from base64 import b64encode
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any

import numpy as np
import pandas as pd
import shapely
from PIL import Image

from incident_atlas.core import fonts
from incident_atlas.core.text import drawable, plain, safe_text, wrapped
from incident_atlas.core.vocabulary import EARTH_KM
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.load import Loaded
from incident_atlas.geo.countries import outlines
from incident_atlas.geo.projection import Bounds, Frame
from incident_atlas.i18n import _, ngettext
from incident_atlas.maps import base_map, folium_map, legend
from incident_atlas.maps.clusters import map_areas, map_marks
from incident_atlas.maps.mark_layout import Mark, laid_out
from incident_atlas.maps.sheet_text import in_part, source_lines
from incident_atlas.theme import BASE_MAP, DataSetColour, Theme, data_set_colours, with_colour_index

SHEET_WIDTH, SHEET_HEIGHTS = 1200, (480, 900)
"""Pixels of the map on a sheet, and the least and most of its height, which follows the shape of what is shown."""
SMALL_WIDTH, SMALL_HEIGHTS = 440, (240, 400)
"""The same of a map that stands beside another on a page."""
SCALE = 2
"""Pixels of the PNG for one of the sheet."""
CLOSE_ZOOM = 8
"""From here on the fine lines are drawn, as in assets/atlas_base.js."""

MARGIN = 24
"""Pixels around what is on a sheet."""
_MOST_AREAS = 3
_LABELS = {"city": (14, 600), "town": (12, 400), "province": (10, 400), "foreign": (11, 400)}
"""Size and weight of names; others are 11, 400."""
_CAPITALS = ("foreign", "province")
"""Kinds whose names are set in capitals, on the place itself; all others have a dot and stand beside it."""

_APART_PX = 14
"""Between the name of a town and a number, as in assets/atlas_labels.js."""


def shown_bounds(bounds: Bounds) -> Bounds:
    """What a small map of these bounds shows, which is a little more."""
    return Frame(bounds, SMALL_WIDTH, SMALL_HEIGHTS).bounds()


@dataclass(frozen=True)
class SmallMap:
    """svg: a document; no text of the record is in it but names of provinces and places. far: whether every mark counts a province.
    letters: which of `legend.entries` stand on it."""

    svg: str
    far: bool
    letters: set[int]

    def html(self, description: str, scheme: Theme) -> str:
        """It as an HTML image that fills its column. description: what a screen reader says; made harmless here."""
        source = b64encode(self.svg.encode("utf-8")).decode("ascii")
        style = f"width:100%;display:block;border:1px solid {scheme.line}"
        return f"<img alt='{safe_text(description, 600)}' style='{style}' src='data:image/svg+xml;base64,{source}'>"


def small_map(
    rows: Any, loaded: Loaded, bounds: Bounds, scheme: Theme, width: int = SMALL_WIDTH, heights: tuple[int, int] = SMALL_HEIGHTS
) -> SmallMap:
    """The incidents of `rows` (of any engine, with the columns of `map_marks`) inside `bounds`. width, heights: as `Frame`."""
    space = (bounds, width, heights)
    frame = Frame(*space)
    cells, areas = map_marks(rows, frame.zoom, frame.bounds()), map_areas(rows, frame.zoom, frame.bounds())
    singles = loaded.at(cells.loc[cells["incidents"] == 1, "row"]).set_index("row")
    marks = folium_map.marks(cells, singles, scheme, None, None, areas=areas)
    svg = document(frame.width, frame.height, _map(space, marks, scheme), scheme)
    return SmallMap(svg, folium_map.counts_provinces(marks), legend.letters(marks["marks"]))


def sheet_png(visible: pd.DataFrame, bounds: Bounds, scheme: Theme, citation: Citation, origins: tuple[str, ...] = ()) -> bytes:
    """The map of these incidents (rows of `Loaded.incidents`) inside `bounds`, with the filter sentence and the source.

    origins: the record's data sets, when colours stand for them in place of the perpetrators.
    """
    return fonts.png(drawable(sheet_svg(visible, bounds, scheme, citation, origins)), SCALE)


def sheet_svg(visible: pd.DataFrame, bounds: Bounds, scheme: Theme, citation: Citation, origins: tuple[str, ...] = ()) -> str:
    """The same as an SVG document that holds all it shows. With the column `uncertain_date` (`filters.with_uncertain_date`) its marks are lighter, as on the page."""
    space = (bounds, SHEET_WIDTH, SHEET_HEIGHTS)
    frame = Frame(*space)
    data_sets = data_set_colours(origins, scheme) if origins else ()
    visible = with_colour_index(visible, origins, scheme) if data_sets else visible
    uncertain_date = "uncertain_date" in visible.columns
    cells = map_marks(visible, frame.zoom, frame.bounds(), "colour_index" if data_sets else None, uncertain_date)
    areas = map_areas(visible, frame.zoom, frame.bounds())
    singles = visible[visible["row"].isin(cells.loc[cells["incidents"] == 1, "row"])].set_index("row")
    marks = folium_map.marks(cells, singles, scheme, None, None, data_sets=data_sets, areas=areas)
    lines = [text_line(text, 20, 600, scheme.ink, 26) for text in wrapped(plain(citation.sentence, 500), 112)]
    count = f"{in_part(visible, frame, areas, citation.incidents)} {citation.days}"
    lines += [text_line(text, 14, 400, scheme.muted, 20) for text in wrapped(count, 170)]
    head, top = stacked(lines, MARGIN)
    top += 8
    more, far = legend.LIGHTER if uncertain_date and visible["uncertain_date"].any() else "", folium_map.counts_provinces(marks)
    letters = legend.letters(marks["marks"])
    key, foot_top = _legend(scheme, data_sets, top + frame.height + 22, letters, more=more, far=far)
    foot, bottom = stacked([text_line(text, 12, 400, scheme.muted, 17) for text in source_lines(citation)], foot_top + 6)
    picture = f"<svg x='{MARGIN}' y='{top}' width='{frame.width}' height='{frame.height}'>{_map(space, marks, scheme)}</svg>"
    edge = f"<rect x='{MARGIN}' y='{top}' width='{frame.width}' height='{frame.height}' fill='none' stroke='{scheme.line}'/>"
    return document(frame.width + 2 * MARGIN, bottom + MARGIN, head + picture + edge + key + foot, scheme)


def document(width: float, height: float, content: str, scheme: Theme) -> str:
    """An SVG document of this size on the page's ground."""
    size = f"width='{width:.0f}' height='{height:.0f}' viewBox='0 0 {width:.0f} {height:.0f}'"
    letters = fonts.faces(content) if "<text" in content else ""
    return f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{letters}<rect width='100%' height='100%' fill='{scheme.background}'/>{content}</svg>"


def _map(space: tuple[Bounds, int, tuple[int, int]], marks: dict[str, Any], scheme: Theme) -> str:
    """Land, marks and names in pixels. space: what `Frame` is made of."""
    frame, base = Frame(*space), land(space, scheme.name)
    drawn = sorted(marks["marks"], key=lambda mark: -mark.px)
    places = [frame.at(mark.latitude, mark.longitude) for mark in drawn]
    stands = laid_out(drawn, places)
    areas = _area_list(marks.get("areas", ()), frame, scheme)
    lines = "".join(_line(mark, place, at, scheme) for mark, place, at in zip(drawn, places, stands, strict=True))
    circles = "".join(_mark(mark, at, marks, scheme) for mark, at in zip(drawn, stands, strict=True))
    return f"{base}{_names(frame, drawn, stands, scheme, bool(areas))}{lines}{circles}{areas}{_scale_bar(frame, scheme)}"


# --- the base map


@lru_cache(maxsize=16)
def land(space: tuple[Bounds, int, tuple[int, int]], scheme: str, quiet: bool = False) -> str:
    """Relief, land, water and borders of what is shown. Shapes are cut a little outside, so that the cut is not seen.

    quiet: without relief, with lines half as wide and, far out, without rivers, for a map the size of a stamp.
    """
    frame, colours = Frame(*space), BASE_MAP[scheme]
    width, height, zoom = frame.width, frame.height, frame.zoom
    window = shapely.box(-9, -9, width + 9, height + 9)

    def path(geometry: shapely.Geometry) -> str:
        moved = shapely.transform(geometry, lambda points: np.column_stack(frame.at(points[:, 1], points[:, 0])))
        shown = shapely.intersection(shapely.make_valid(moved), window).simplify(0.7)
        return "".join(_path(part) for part in shapely.get_parts(shown))

    def line(name: str, colour: str, weight: float, **also: Any) -> str:
        more = "".join(f" {key.replace('_', '-')}='{value}'" for key, value in also.items())
        return f"<path d='{path(lines[name])}' fill='none' stroke='{colour}' stroke-width='{weight:.2f}'{more}/>"

    south, west, north, east = frame.bounds()
    near = [country for country in outlines() if country.outline.intersects(shapely.box(west, south, east, north))]
    lines = base_map.lines(zoom >= CLOSE_ZOOM)
    abroad = "".join(path(country.outline) for country in near if country.iso2 != base_map.HOME)
    home = "".join(path(country.outline) for country in near if country.iso2 == base_map.HOME)
    lakes = "".join(path(lake) for lake in base_map.lakes(zoom >= CLOSE_ZOOM))
    thin = 0.5 if quiet else 1
    return (
        f"<rect width='{width}' height='{height}' fill='{colours.water}'/>"
        f"<path id='abroad' d='{abroad}'/><path id='home' d='{home}'/>".join(("<defs>", "</defs>"))
        + f"<use href='#abroad' fill='{colours.abroad}'/><use href='#home' fill='{colours.land}'/>"
        + ("" if quiet else _relief(frame, scheme))
        + (
            ""
            if quiet and zoom < CLOSE_ZOOM
            else line("rivers", colours.river, max(0.3, min(2.6, 0.25 * zoom - 0.8)), stroke_opacity=0.75)
        )
        + f"<path d='{lakes}' fill='{colours.water}' stroke='{colours.river}' stroke-width='0.7'/>"
        + line("provinces", colours.province, 0.8 * thin)
        + f"<use href='#abroad' fill='none' stroke='{colours.country}' stroke-width='{0.8 * thin}' stroke-opacity='0.55'/>"
        + f"<use href='#home' fill='none' stroke='{colours.country}' stroke-width='{1.6 * thin}'/>"
    )


def _path(part: shapely.Geometry) -> str:
    """A line or the rings of a polygon as SVG; nothing for a point."""
    if part.geom_type == "Polygon":
        return "".join(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring.coords) + "Z" for ring in (part.exterior, *part.interiors)
        )
    if part.geom_type in ("LineString", "LinearRing"):
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in part.coords)
    return "".join(_path(piece) for piece in shapely.get_parts(part)) if hasattr(part, "geoms") else ""


def _relief(frame: Frame, scheme: str) -> str:
    """The part of the relief that is shown, cut to the frame and about as fine as the picture; nothing far from the country."""
    (south, west), (north, east) = base_map.RELIEF_BOUNDS
    left, top = frame.at(north, west)
    right, bottom = frame.at(south, east)
    x, y = max(0.0, left), max(0.0, top)
    width, height = min(frame.width, right) - x, min(frame.height, bottom) - y
    if width < 1 or height < 1:
        return ""
    with Image.open(base_map.FOLDER / f"relief-{scheme}.webp") as image:
        across, down = image.width / (right - left), image.height / (bottom - top)
        box = ((x - left) * across, (y - top) * down, (x + width - left) * across, (y + height - top) * down)
        # Close up the few pixels are made soft here: whoever draws the picture need not do so at its full size.
        share = min(1.0, max(0.5, across))
        piece = image.resize((max(1, round(width * share)), max(1, round(height * share))), Image.Resampling.BICUBIC, box)
    kept = BytesIO()
    piece.save(kept, "WEBP", quality=50)
    strength = max(0.3, min(1.0, 1 - (frame.zoom - 6.5) / 5))
    place = f"x='{x:.1f}' y='{y:.1f}' width='{width:.1f}' height='{height:.1f}' opacity='{strength:.2f}'"
    source = b64encode(kept.getvalue()).decode("ascii")
    # The renderer of the PNG would take seconds for its finest way to enlarge a picture.
    return f"<image {place} style='image-rendering:smooth' preserveAspectRatio='none' href='data:image/webp;base64,{source}'/>"


# --- names and marks


def _names(frame: Frame, marks: list[Mark], stands: list[tuple[float, float]], scheme: Theme, listed: bool) -> str:
    """Names of counted provinces beside their marks and of places: none touches a mark or another name, or it is left out."""
    colours = BASE_MAP[scheme.name]
    taken: list[tuple[float, float, float, float]] = [(0, frame.height - 40, 180, frame.height)]
    if listed:
        taken.append((0, 0, 240, 20 + 18 * (_MOST_AREAS + 1)))
    circles = [
        (x - mark.px / 2, y - mark.px / 2, x + mark.px / 2, y + mark.px / 2) for mark, (x, y) in zip(marks, stands, strict=True)
    ]
    taken += circles
    counting = [circle for mark, circle in zip(marks, circles, strict=True) if mark.incidents > 1]
    drawn = []
    for mark, circle in zip(marks, circles, strict=True):
        if mark.name and (box := _free(_beside(circle, _wide(mark.name, 12, 600), 15), taken, frame)):
            taken.append(box)
            drawn.append(_text(box, mark.name, 12, 600, scheme.ink, colours.halo))
    counted = any(mark.name for mark in marks)
    for text, native, latitude, longitude, kind in base_map.place_names(frame.zoom):
        x, y = frame.at(latitude, longitude)
        # Where provinces are counted, the name of a town beside a number would be read as the town's.
        if not frame.holds(x, y) or (counted and kind != "foreign"):
            continue
        size, weight = _LABELS.get(kind, (11, 400))
        capitals = kind in _CAPITALS
        text = text.upper() if capitals else text
        wide, high = max(_wide(text, size, weight), _wide(native, 12, 400)), size + 3 + (15 if native else 0)
        around = (x - 4, y - 4, x + 4, y + 4)
        covered = next((circle for circle in circles if _touch(around, circle)), None)
        if covered and (capitals or kind not in ("city", "town")):
            continue
        boxes = [(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)] if capitals else _beside(covered or around, wide, high)
        if covered and any(_touch(around, one) for one in counting):
            boxes = _around(x, y, wide, high)
        # Beside a number the name of a town would be read as the town's.
        keep_clear = [_grown(one, _APART_PX) for one in counting] if kind in ("city", "town") else []
        if not (box := _free(boxes, [*taken, *keep_clear], frame)):
            continue
        taken.append(box)
        colour = colours.town if kind in ("city", "town") else colours.foreign
        drawn.append(_text((box[0], box[1], box[2], box[1] + size + 3), text, size, weight, colour, colours.halo))
        if native:
            drawn.append(_text((box[0], box[1] + size + 3, box[2], box[3]), native, 12, 400, colour, colours.halo))
        if not capitals and not covered:
            taken.append(around)
            drawn.append(
                f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{3 if kind in ('city', 'town') else 2}' fill='{colour}' stroke='{colours.halo}'/>"
            )
    return "".join(drawn)


def _wide(text: str, size: float, weight: int) -> float:
    """About the width of a text in pixels: Source Sans has letters of half their size."""
    return len(text) * size * (0.54 if weight > 400 else 0.5) * (1.25 if text.isupper() else 1)


def _beside(box: tuple[float, float, float, float], wide: float, high: float) -> list[tuple[float, float, float, float]]:
    """Where a text may stand beside a box, best first: right, left, below, above."""
    left, top, right, bottom = box
    x, y = (left + right - wide) / 2, (top + bottom - high) / 2
    corners = [(right + 4, y), (left - 4 - wide, y), (x, bottom + 2), (x, top - 2 - high)]
    return [(x, y, x + wide, y + high) for x, y in corners]


def _around(x: float, y: float, wide: float, high: float) -> list[tuple[float, float, float, float]]:
    """Where the name of a town may stand whose own place a number covers: ever farther from it, on eight sides."""
    directions = [(0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, 1), (1, -1), (-1, -1)]
    corners = [
        (x + right * (far + wide / 2) - wide / 2, y + down * (far + high / 2) - high / 2)
        for far in (30, 45, 60, 80, 110, 140)
        for right, down in directions
    ]
    return [(left, top, left + wide, top + high) for left, top in corners]


def _grown(box: tuple[float, float, float, float], by: float) -> tuple[float, float, float, float]:
    return box[0] - by, box[1] - by, box[2] + by, box[3] + by


def _free(boxes: list[tuple], taken: list[tuple], frame: Frame) -> tuple[float, float, float, float] | None:
    inside = (box for box in boxes if box[0] >= 2 and box[1] >= 2 and box[2] <= frame.width - 2 and box[3] <= frame.height - 2)
    return next((box for box in inside if not any(_touch(box, other) for other in taken)), None)


def _touch(one: tuple, other: tuple) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _text(box: tuple, text: str, size: float, weight: int, colour: str, halo: str) -> str:
    """A text in the middle of its box, with a rim of the ground's colour. text: safe already, or of our own tables."""
    x, y = (box[0] + box[2]) / 2, box[3] - size * 0.3
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='middle' {font_attributes(text, size, weight)} fill='{colour}' {_rim(halo)}>{text}</text>"


def _rim(halo: str) -> str:
    """The attributes that keep a text legible over lines."""
    return f"stroke='{halo}' stroke-width='3' stroke-linejoin='round' paint-order='stroke'"


def font_attributes(text: str, size: float, weight: int) -> str:
    """The attributes of an SVG text in the typeface that has its letters."""
    bold = f" font-weight='{weight}'" if weight != 400 else ""
    return f"font-family='{fonts.family(text)}, sans-serif' font-size='{size:g}'{bold}"


def _line(mark: Mark, place: tuple[float, float], at: tuple[float, float], scheme: Theme) -> str:
    """From its place to the rim of a mark that found no room there."""
    far = math.dist(place, at)
    if far <= mark.px / 2:
        return ""
    (x, y), (right, down) = place, ((end - start) * (1 - mark.px / 2 / far) for start, end in zip(place, at, strict=True))
    return f"<path d='M{x:.1f} {y:.1f}l{right:.1f} {down:.1f}' stroke='{scheme.ink}' stroke-opacity='0.6'/>"


def _mark(mark: Mark, at: tuple[float, float], marks: dict[str, Any], scheme: Theme) -> str:
    """A mark as assets/atlas.js draws it. at: pixels right and down of its middle."""
    (x, y), radius = at, mark.px / 2 - 1
    data_sets = marks.get("palette")
    counts = mark.incidents > 1 or bool(mark.name)
    palette = data_sets or folium_map.base_options(scheme, {})["palette"]
    colour, ink, letter = palette[mark.colour][:3] if data_sets or not counts else (marks["cell"], marks["cellInk"], "")
    edge = scheme.ink if counts and not data_sets else colour
    circle = f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}'"
    if mark.name:
        drawn = f"{circle} fill='{scheme.surface}' stroke='{edge}' stroke-width='2'/>"
    elif mark.ring:
        drawn = f"{circle} fill='{scheme.surface}' fill-opacity='0.7' stroke='{edge}' stroke-width='2' stroke-dasharray='5 3'/>"
    else:
        drawn = f"{circle} fill='{colour}' stroke='#FFFFFF' stroke-width='1.5'/>"
        if letter == "?" and not counts:
            drawn += _stripes(x, y, radius)
    if data_sets and mark.incidents > 1 and mark.words and (mark.name or not mark.ring):
        drawn += _shares(mark, palette, x, y, radius)
    label = f"{mark.incidents:,}" if counts else letter
    fill = scheme.ink if mark.ring else ink
    drawn += (
        f"<text x='{x:.1f}' y='{y + 4:.1f}' text-anchor='middle' {font_attributes(label, 12, 600)} fill='{fill}'>{label}</text>"
    )
    return f"<g opacity='{1 - 0.5 * mark.uncertain_date / mark.incidents:.2f}'>{drawn}</g>" if mark.uncertain_date else drawn


def _stripes(x: float, y: float, radius: float) -> str:
    """Lines across a circle: nobody is named."""
    lines = []
    for step in range(-2, 3):
        off = step * radius / 2.5
        half = math.sqrt(max(radius**2 - off**2, 0)) / math.sqrt(2)
        cx, cy = x + off / math.sqrt(2), y + off / math.sqrt(2)
        lines.append(f"M{cx - half:.1f} {cy + half:.1f}L{cx + half:.1f} {cy - half:.1f}")
    return f"<path d='{''.join(lines)}' stroke='#FFFFFF' stroke-opacity='0.35' stroke-width='2'/>"


def _shares(mark: Mark, palette: list, x: float, y: float, radius: float) -> str:
    """Around a mark of several data sets a ring with the share of each."""
    inner, length = radius * 0.84, 2 * math.pi * radius * 0.84
    pieces, done = [], 0.0
    for colour, n in mark.words:
        share = n / mark.incidents * length
        pieces.append(
            f"<circle class='share' cx='{x:.1f}' cy='{y:.1f}' r='{inner:.1f}' fill='none' stroke='{palette[colour][0]}' "
            f"stroke-width='{radius * 0.32:.1f}' stroke-dasharray='{share:.2f} {length - share:.2f}' stroke-dashoffset='{-done:.2f}'/>"
        )
        done += share
    return "".join(pieces)


def _area_list(areas: Any, frame: Frame, scheme: Theme) -> str:
    """What is known only to an area: no point, a list in the corner."""
    if not areas:
        return ""
    rest = areas[_MOST_AREAS:]
    texts = [_("{n:,} known only to {name}").format(n=n, name=name) for name, n, _unused in areas[:_MOST_AREAS]]
    if rest:
        texts.append(
            ngettext("{n:,} in {count} more area", "{n:,} in {count} more areas", len(rest)).format(
                n=sum(n for _unused, n, _unused in rest), count=len(rest)
            )
        )
    wide = max(_wide(text, 12, 400) for text in texts) + 20
    box = f"<rect x='8' y='8' width='{wide:.0f}' height='{18 * len(texts) + 8}' rx='2' fill='{scheme.surface}' stroke='{scheme.line}'/>"
    lines = (
        f"<text x='16' y='{26 + 18 * n}' {font_attributes(text, 12, 400)} fill='{scheme.ink}'>{text}</text>"
        for n, text in enumerate(texts)
    )
    return box + "".join(lines)


def _scale_bar(frame: Frame, scheme: Theme) -> str:
    """A length of at most 160 pixels that is 1, 2 or 5 times a power of ten, measured at the middle of the map."""
    south, _unused, north, _unused = frame.bounds()
    metres = 2000 * math.pi * EARTH_KM * math.cos(math.radians((south + north) / 2)) / frame.px
    most = max(min(160, frame.width / 4) * metres, 10)
    length = max(step * 10**power for power in range(1, 8) for step in (1, 2, 5) if step * 10**power <= most)
    label = _("{length:,} km").format(length=length // 1000) if length >= 1000 else f"{length} m"
    y, end = frame.height - 14, 14 + length / metres
    rule = f"<path d='M14 {y - 5}V{y}H{end:.1f}V{y - 5}' fill='none' stroke='{scheme.muted}' stroke-width='1.5'/>"
    attributes = f"{font_attributes(label, 11, 400)} fill='{scheme.muted}' {_rim(scheme.background)}"
    return f"<text x='18' y='{y - 5}' {attributes}>{label}</text>{rule}"


# --- the sheet around the map


def text_line(text: str, size: float, weight: int, colour: str, step: float) -> tuple[str, float]:
    """A line of text to be put somewhere, and its height. text: made harmless here."""
    safe = safe_text(text)
    return f"<text x='{MARGIN}' y='@' {font_attributes(text, size, weight)} fill='{colour}'>{safe}</text>", step


def stacked(lines: list[tuple[str, float]], top: float) -> tuple[str, float]:
    """The lines one under the other from `top`, and where they end."""
    drawn = []
    for line, step in lines:
        top += step
        drawn.append(line.replace("y='@'", f"y='{top - step * 0.25:.0f}'", 1))
    return "".join(drawn), top


def legend_svg(scheme: Theme, width: int, of: SmallMap) -> tuple[str, float]:
    """What the marks of a small map mean, as an SVG document of its own, and its height."""
    drawn, bottom = _legend(scheme, (), 14, of.letters, width, 0, far=of.far)
    return document(width, bottom, drawn, scheme), bottom


def _legend(
    scheme: Theme,
    data_sets: tuple[DataSetColour, ...],
    y: float,
    letters: set[int],
    width: int = SHEET_WIDTH,
    left: int = MARGIN,
    more: str = "",
    far: bool = False,
) -> tuple[str, float]:
    """Letters and names of the perpetrators, or of the data sets, and what rings, numbers and `more` mean; and where it ends.

    far: whether every mark counts a province; then no letter is explained.
    """
    if far and not data_sets:
        meaning = f"{legend.PROVINCES} {more}".strip()
        attributes = font_attributes(meaning, 13, 400)
        return f"<text x='{left}' y='{y + 4:.0f}' {attributes} fill='{scheme.muted}'>{meaning}</text>", y + 14
    drawn, x = [], left + 9.0
    for name, colour, ink, letter in data_sets or [one for n, one in enumerate(legend.entries()) if n in letters]:
        circle = f"<circle cx='{x:.0f}' cy='{y:.0f}' r='9' fill='{colour}'/>" + (_stripes(x, y, 9) if letter == "?" else "")
        mark = f"<text x='{x:.0f}' y='{y + 4:.0f}' text-anchor='middle' {font_attributes(letter, 11, 600)} fill='{ink}'>{safe_text(letter)}</text>"
        words = f"<text x='{x + 15:.0f}' y='{y + 4:.0f}' {font_attributes(name, 13, 400)} fill='{scheme.muted}'>{safe_text(name)}</text>"
        drawn += [circle, mark, words]
        x += 48 + 6.6 * len(name)
        if x > width - 120:
            x, y = left + 9.0, y + 24
    y += 24 if drawn else 0
    circle = (
        f"<circle cx='{left + 9}' cy='{y:.0f}' r='8' fill='none' stroke='{scheme.ink}' stroke-width='2' stroke-dasharray='5 3'/>"
    )
    meaning = legend.PRECISION_IN_PICTURE
    meaning += f". {more}" if more else ""
    words = f"<text x='{left + 24}' y='{y + 4:.0f}' {font_attributes(meaning, 13, 400)} fill='{scheme.muted}'>{meaning}</text>"
    return "".join(drawn) + circle + words, y + 14
