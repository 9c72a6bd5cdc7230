"""The same map many times, a panel per year, month or perpetrator: one piece of land, one scale of marks, one legend.

A circle's area is the number of incidents, by the same scale in all panels (proportional symbols; the grid is Tufte's small multiples,
The Visual Display of Quantitative Information, 1983). It stands for a province far out and for a cell of the screen nearer, as on
the page. The land is that of `static_map`, drawn once for all panels.
"""

from __future__ import annotations

import math
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pandas as pd

from incident_atlas.analysis.panels import Panel, Panels, dated_for
from incident_atlas.core import fonts
from incident_atlas.core.text import counted_incidents, drawable, listed, plain, wrapped
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.query import Query, Question, Steps
from incident_atlas.dataset.selection import has_place, inside
from incident_atlas.geo.projection import Bounds, Frame, degrees_at
from incident_atlas.i18n import _, ngettext
from incident_atlas.maps.clusters import PROVINCE_ZOOM, area_ranks, principal_towns, square
from incident_atlas.maps.sheet_text import source_lines
from incident_atlas.maps.static_map import MARGIN, document, font_attributes, land, stacked, text_line
from incident_atlas.theme import BASE_MAP, Theme, perpetrator_colour

PANEL_WIDTH, PANEL_HEIGHTS = 220, (120, 190)
"""Pixels of one map, and the least and most of its height, which follows the shape of what is shown."""

LARGEST_PX, LEAST_PX = 13.0, 2.4
"""Radius of the largest circle, and of the least, so that one incident is seen."""

FEWEST_AT_LARGEST = 20
"""Incidents of the largest circle at least: with few incidents in all, one is still a small circle."""

PANEL_CELL_PX = 16
"""Side of a cell in pixels of a panel."""

_SHEET = 1200 + 2 * MARGIN
_GAP = 16


@Question
def place_marks(incidents: Any, by: str, bounds: Bounds) -> Steps[pd.DataFrame]:
    """What the panels of these bounds mark; by: their column. Places are the same in all panels.

    As `clusters.map_marks`: far out provinces at their principal towns, and cells of what lies in none; nearer cells alone. What is
    known only to an area that is too large for a point there has no mark. One row per place and value of the column: latitude,
    longitude (degrees), province (its name, "" for a cell), the column, incidents.
    """
    frame = panel_frame(bounds)
    rows, tables = nw.from_native(dated_for(incidents, by)), []
    if frame.zoom < PROVINCE_ZOOM:
        known = nw.col("province").is_in(list(principal_towns()))
        counts = yield Query(rows.filter(known).to_native(), {"incidents": nw.len()}, ["province", by])
        towns = [principal_towns()[name] for name in counts["province"]]
        tables.append(counts.assign(latitude=[town[0] for town in towns], longitude=[town[1] for town in towns]))
        rows = rows.filter(~known)
    scale = 256 * 2**frame.zoom / PANEL_CELL_PX
    spots = rows.filter(has_place(), nw.col("precision_rank") < area_ranks(frame.zoom).start, *inside(frame.bounds()))
    spots = spots.with_columns(cell=square(scale)).to_native()
    counts = yield Query(spots, {"incidents": nw.len(), "x": nw.col("x").sum(), "y": nw.col("y").sum()}, ["cell", by])
    middles = counts.groupby("cell")[["incidents", "x", "y"]].transform("sum")
    latitude, longitude = degrees_at(middles["x"] / middles["incidents"], middles["y"] / middles["incidents"])
    tables.append(counts.assign(province="", latitude=latitude, longitude=longitude))
    columns = ["latitude", "longitude", "province", by, "incidents"]
    found = pd.concat([table[columns] for table in tables if len(table)] or [counts.reindex(columns=columns)], ignore_index=True)
    return found.astype({"incidents": "int64"}).sort_values(columns[:4], ignore_index=True)


def panel_frame(bounds: Bounds) -> Frame:
    """The piece of the plane that every panel shows, in pixels of a panel."""
    return Frame(bounds, PANEL_WIDTH, PANEL_HEIGHTS)


@dataclass(frozen=True)
class PanelGrid:
    """Panels with their marks, ready to be drawn. marks: per panel latitude, longitude, name ("" of a cell) and incidents, the most first.

    largest: incidents of the largest circle. drawn: incidents with a mark in some panel, counted once.
    """

    panels: Panels
    bounds: Bounds
    marks: tuple[tuple[tuple[float, float, str, int], ...], ...]
    largest: int
    drawn: int

    def radius(self, incidents: int) -> float:
        """Pixels of a circle of so many incidents: its area is their number."""
        return max(LEAST_PX, LARGEST_PX * math.sqrt(incidents / max(self.largest, FEWEST_AT_LARGEST)))


def panel_grid(panels: Panels, places: pd.DataFrame, bounds: Bounds) -> PanelGrid:
    """The panels with the marks that lie within what their maps show. places: `place_marks`."""
    frame = panel_frame(bounds)
    counts: list[Counter[tuple[float, float, str]]] = [Counter() for _unused in panels.panels]
    drawn = 0
    for *place, key, n in places.itertuples(index=False, name=None):
        shown = panels.positions.get(key, ())
        if shown and frame.holds(*frame.at(*place[:2])):
            drawn += n
            for position in shown:
                counts[position][tuple(place)] += n
    marks = tuple(tuple((*place, n) for place, n in sorted(found.items(), key=lambda one: (-one[1], one[0]))) for found in counts)
    return PanelGrid(panels, bounds, marks, max((found[0][3] for found in marks if found), default=0), drawn)


def not_drawn(grid: PanelGrid, incidents: int) -> str:
    """What no panel holds and what no map draws, of so many incidents that the filter leaves; '' for nothing."""
    left, parts = incidents - grid.panels.outside - grid.drawn, []
    if grid.panels.outside:
        parts.append(
            _("{outside:,} of {incidents}, {reason}, are in no map.").format(
                outside=grid.panels.outside,
                incidents=counted_incidents(incidents),
                reason=grid.panels.reason,
            )
        )
    if left > 0:
        parts.append(
            ngettext(
                "{n:,} of {incidents} has no mark: the place is not known, lies outside these maps, or is known only to a wide area.",
                "{n:,} of {incidents} have no mark: the place is not known, lies outside these maps, or is known only to a wide area.",
                left,
            ).format(n=left, incidents=counted_incidents(incidents))
        )
    return " ".join(parts)


def description(panel: Panel, marks: tuple[tuple[float, float, str, int], ...], measure: str) -> str:
    """A panel in words, for who does not see it; not safe to show as markup."""
    most = [_("{name} province {n:,}").format(name=name, n=n) for _unused, _unused, name, n in marks if name][:3]
    return _("Map of {title}: {words}").format(title=panel.title, words=", ".join(panel.words(measure))) + (
        _("; most in {most}").format(most=listed(most)) if most else ""
    )


HOW_TO_READ = _("Area of a circle: incidents of a province, drawn at its principal town; the same scale in every map.")
HOW_TO_READ_NEAR = _("Area of a circle: incidents at about this place; the same scale in every map.")


def how_to_read(grid: PanelGrid) -> str:
    """What the circles of these panels stand for."""
    far = panel_frame(grid.bounds).zoom < PROVINCE_ZOOM
    double = _(" An incident with two suspected perpetrators is in both maps.") if grid.panels.by == "perpetrator" else ""
    return (HOW_TO_READ if far else HOW_TO_READ_NEAR) + double


# --- pictures


def land_address(bounds: Bounds, scheme: Theme) -> str:
    """The land below all panels as the address of an image, for a style sheet."""
    frame = panel_frame(bounds)
    return _address(document(frame.width, frame.height, _land(bounds, scheme), scheme))


def marks_address(grid: PanelGrid, position: int, scheme: Theme) -> str:
    """The circles of one panel, on nothing, as the address of an image of the size of the land."""
    frame = panel_frame(grid.bounds)
    size = f"width='{frame.width}' height='{frame.height}' viewBox='0 0 {frame.width} {frame.height}'"
    return _address(f"<svg xmlns='http://www.w3.org/2000/svg' {size}>{_circles(grid, position, frame, scheme)}</svg>")


def grid_png(grid: PanelGrid, measure: str, scheme: Theme, citation: Citation, notes: str) -> bytes:
    """`grid_svg` as a PNG of twice its size in pixels."""
    return fonts.png(drawable(grid_svg(grid, measure, scheme, citation, notes)), 2)


def grid_svg(grid: PanelGrid, measure: str, scheme: Theme, citation: Citation, notes: str) -> str:
    """All panels on one sheet, with the filter sentence, how to read them, the source and the link. notes: plain text."""
    columns = 6 if len(grid.panels.panels) > 12 else max(3, min(4, len(grid.panels.panels)))
    frame = panel_frame(grid.bounds)
    title_px = 28 + 16 * max((len(panel.words(measure)) for panel in grid.panels.panels), default=1)
    wide = (_SHEET - 2 * MARGIN - _GAP * (columns - 1)) / columns
    high = wide * frame.height / frame.width
    lines = [text_line(text, 20, 600, scheme.ink, 26) for text in wrapped(plain(citation.sentence, 500), 112)]
    head, top = stacked(lines, MARGIN)
    drawn = [f"<defs><g id='land'>{_land(grid.bounds, scheme)}</g></defs>", head]
    row_px = title_px + high + _GAP
    for n, panel in enumerate(grid.panels.panels):
        x, y = MARGIN + n % columns * (wide + _GAP), top + 12 + n // columns * row_px
        drawn.append(_titled(panel, measure, x, y, wide, scheme))
        view = f"viewBox='0 0 {frame.width} {frame.height}'"
        faded = "" if panel.collected else " opacity='0.35'"
        place = f"x='{x:.1f}' y='{y + title_px:.1f}' width='{wide:.1f}' height='{high:.1f}'"
        drawn.append(f"<svg {place} {view}><use href='#land'{faded}/>{_circles(grid, n, frame, scheme)}</svg>")
        drawn.append(f"<rect {place} fill='none' stroke='{scheme.line}'/>")
    bottom = top + 12 + math.ceil(len(grid.panels.panels) / columns) * row_px
    legend = _legend(grid, MARGIN, bottom + 8, scheme, wide / PANEL_WIDTH)
    texts = [*wrapped(f"{how_to_read(grid)} {plain(notes, 2000)}", 185), *source_lines(citation)]
    foot, end = stacked([text_line(text, 12, 400, scheme.muted, 17) for text in texts], bottom + 30)
    return document(_SHEET, end + MARGIN, "".join([*drawn, legend, foot]), scheme)


def _titled(panel: Panel, measure: str, x: float, y: float, wide: float, scheme: Theme) -> str:
    """Title and figures above a map, cut to its width."""
    lines = [(panel.title, 15, 600, scheme.ink, 16)]
    lines += [(words, 12, 400, scheme.muted, 33 + 16 * n) for n, words in enumerate(panel.words(measure))]
    drawn = []
    for text, size, weight, colour, down in lines:
        most = int(wide / (size * (0.52 if weight > 400 else 0.47)))
        words = text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
        line, _unused = text_line(words, size, weight, colour, 0)
        drawn.append(line.replace(f"x='{MARGIN}' y='@'", f"x='{x:.1f}' y='{y + down:.1f}'", 1))
    return "".join(drawn)


def _land(bounds: Bounds, scheme: Theme) -> str:
    return land((bounds, PANEL_WIDTH, PANEL_HEIGHTS), scheme.name, quiet=True)


def _circles(grid: PanelGrid, position: int, frame: Frame, scheme: Theme) -> str:
    """The largest first, so that none hides a smaller one."""
    title = grid.panels.panels[position].title
    colour = perpetrator_colour(title)[0] if grid.panels.by == "perpetrator" else scheme.cell
    edge = BASE_MAP[scheme.name].halo
    drawn = []
    for latitude, longitude, _unused, n in grid.marks[position]:
        x, y = frame.at(latitude, longitude)
        drawn.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{grid.radius(n):.1f}'/>")
    return f"<g fill='{colour}' fill-opacity='0.85' stroke='{edge}' stroke-width='0.8'>{''.join(drawn)}</g>" if drawn else ""


def _legend(grid: PanelGrid, x: float, y: float, scheme: Theme, scale: float) -> str:
    """Circles of one, of some and of many incidents in a row around the height y; scale: of a map on the sheet."""
    drawn = []
    for n in round_sizes(grid.largest):
        radius, words = grid.radius(n) * scale, counted_incidents(n)
        x += radius + 2
        drawn.append(f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius:.1f}' fill='{scheme.cell}' fill-opacity='0.85'/>")
        x += radius + 6
        drawn.append(f"<text x='{x:.1f}' y='{y + 4:.1f}' {font_attributes(words, 12, 400)} fill='{scheme.muted}'>{words}</text>")
        x += 6.4 * len(words) + 14
    return "".join(drawn)


def round_sizes(largest: int) -> list[int]:
    """One, some and many incidents for a legend, each 1, 2 or 5 times a power of ten and none above the largest.

    >>> round_sizes(86), round_sizes(3), round_sizes(0)
    ([1, 10, 50], [1, 2], [1])
    """
    steps = [step * 10**power for power in range(9) for step in (1, 2, 5) if step * 10**power <= max(largest, 1)]
    some = [step for step in steps if step <= steps[-1] / 4]
    return sorted({1, steps[-1], *some[-1:]})


def _address(svg: str) -> str:
    return f"data:image/svg+xml;base64,{b64encode(svg.encode('utf-8')).decode('ascii')}"
