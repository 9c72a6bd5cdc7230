"""The map as a PNG: the marks of assets/atlas.js drawn once more with Vega, for a slide or a page that cannot be clicked.

Whatever the dashboard would draw comes from `maps.marks`; only the drawing is repeated here. vl-convert runs inside this
process and is allowed no address at all.
"""

from __future__ import annotations

import math
import textwrap
from typing import Any

import altair as alt
import pandas as pd
import shapely
import vl_convert
from shapely.geometry import mapping

from incident_atlas.core.text import drawable, plain
from incident_atlas.export.tables import Citation
from incident_atlas.geo.projection import Bounds, Frame, outlines
from incident_atlas.maps import folium_map
from incident_atlas.maps.clusters import map_cells
from incident_atlas.theme import DataSetColour, Theme, data_set_colours, with_colour_index

WIDTH = 1200  # pixels, before SCALE
HEIGHTS = (480, 900)
"""Least and most pixels of the map; within them the height follows the shape of what is shown."""
SCALE = 2
_FONT = "Segoe UI, Arial, Helvetica, DejaVu Sans, Liberation Sans, sans-serif"
_MARK = ["latitude", "longitude", "incidents", "blunt", "spread", "index", "id", "hover", "selected", "size", "right", "down"]


def map_png(visible: pd.DataFrame, bounds: Bounds, theme: Theme, citation: Citation, origins: tuple[str, ...] = ()) -> bytes:
    """The map of these incidents (rows of `Loaded.incidents`) inside `bounds`, with the filter sentence and the source.

    origins: the record's data sets, when colours stand for them in place of the perpetrators.
    """
    return vl_convert.vegalite_to_png(drawable(map_spec(visible, bounds, theme, citation, origins)), scale=SCALE, allowed_base_urls=[])


def map_spec(
    visible: pd.DataFrame, bounds: Bounds, theme: Theme, citation: Citation, origins: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The same as a Vega-Lite spec that holds all its data."""
    frame = Frame(bounds, WIDTH, HEIGHTS)
    own = data_set_colours(origins, theme) if origins else ()
    visible = with_colour_index(visible, origins, theme) if own else visible
    cells = map_cells(visible, frame.zoom, frame.bounds(), hue="hue" if own else None)
    singles = visible[visible["row"].isin(cells.loc[cells["incidents"] == 1, "row"])].set_index("row")
    drawn = folium_map.marks(cells, singles, theme, None, None, hues=own)
    spots = _placed(drawn, frame, theme)
    layers = [*_land(frame, theme), *_towns(frame, theme, spots), *_spots(spots, theme), *_shares(spots), *_scale_bar(frame, theme)]
    view = alt.layer(*layers).properties(
        width=WIDTH, height=frame.height, view=alt.ViewBackground(fill=theme.background, stroke=theme.line)
    )
    chart = alt.vconcat(view, _legend(theme, own), _foot(citation, theme), spacing=8)
    title = alt.TitleParams(
        textwrap.wrap(plain(citation.sentence, 500), 112),
        subtitle=f"{int(cells['incidents'].sum()):,} of {citation.incidents:,} are in this part of the map. {citation.ends()}",
        anchor="start", fontSize=19, lineHeight=25, subtitleFontSize=13, subtitlePadding=6, offset=12,
        color=theme.ink, subtitleColor=theme.muted,
    )  # fmt: skip
    spec = (
        chart.properties(title=title, padding=24, background=theme.background)
        .configure(font=_FONT)
        .configure_view(stroke=theme.line)
    )
    return spec.to_dict(validate=False)


def _land(frame: Frame, theme: Theme) -> list[alt.Chart]:
    """The country filled, provinces and country as lines."""

    def flat(geometry: Any) -> dict[str, Any]:
        moved = shapely.transform(geometry, lambda points: [frame.at(latitude, longitude) for longitude, latitude in points])
        # Lines far outside the picture take seconds to draw; cut a little outside, so that the cut is not seen.
        return {"type": "Feature", "geometry": mapping(shapely.clip_by_rect(moved, -9, -9, WIDTH + 9, frame.height + 9))}

    def drawn(kind: str, **look: Any) -> alt.Chart:
        shapes = alt.Data(values=[flat(geometry) for one, geometry in outlines() if one == kind])
        # Already in pixels: Vega projects nothing, so the rings' direction does not matter either.
        return alt.Chart(shapes).mark_geoshape(clip=True, **look).project("identity", scale=1, translate=[0, 0])

    return [
        drawn("country", fill=theme.land, stroke=None),
        drawn("province", filled=False, stroke=theme.border, strokeWidth=1),
        drawn("country", filled=False, stroke=theme.border, strokeWidth=2),
    ]


def _towns(frame: Frame, theme: Theme, marks: list[dict[str, Any]]) -> list[alt.Chart]:
    """Names under their towns, the main ones first; a name that would run into a mark or another name is left out."""
    taken = [(m["x"], m["y"], math.sqrt(m["size"]) / 2, math.sqrt(m["size"]) / 2) for m in marks]
    rows = []
    for name, latitude, longitude, zoom in folium_map.towns():
        x, y = frame.at(latitude, longitude)
        half = len(name) * 3.2
        free = (
            y + down
            for down in (27, -27, 42)
            if all(abs(x - left) > half + wide or abs(y + down - top) > 6 + high for left, top, wide, high in taken)
        )
        if frame.zoom >= zoom and frame.holds(x, y) and (at := next(free, None)) is not None:
            rows.append({"x": x, "y": at, "label": name})
            taken.append((x, at, half, 6))
    return [_text(rows, color=theme.muted, fontSize=11, baseline="middle")]


def _placed(drawn: dict[str, Any], frame: Frame, theme: Theme) -> list[dict[str, Any]]:
    """Cells and single incidents as assets/atlas.js draws them; largest first, so that a small one is never hidden."""
    own = [look[:3] for look in drawn.get("palette", ())]
    palette = own or folium_map.base_options(theme, None)["palette"]
    rows = []
    for one in sorted((dict(zip(_MARK, mark, strict=True)) for mark in drawn["marks"]), key=lambda one: -one["size"]):
        x, y = frame.at(one["latitude"], one["longitude"])
        single = one["incidents"] == 1
        colour, ink, letter = palette[one["index"]] if single or own else (drawn["cell"], drawn["cellInk"], "")
        label = letter if single else f"{one['incidents']:,}"
        row = {
            "x": x + one["right"],
            "y": y + one["down"],
            "size": (one["size"] - 2) ** 2,
            "label": label,
            "blunt": bool(one["blunt"]),
            "parts": [] if single or one["blunt"] or not own else [(own[hue][0], n) for hue, n in one["hover"] or ()],
        }
        line = colour if single or own else theme.ink
        rows.append(row | {"fill": colour, "line": line, "ink": theme.ink if one["blunt"] else ink, "unknown": letter == "?"})
    return rows


def _spots(rows: list[dict[str, Any]], theme: Theme) -> list[alt.Chart]:
    """Filled circles for spots, hollow dashed rings for areas, stripes over Unknown, and the letter or count."""
    sharp, blunt = [row for row in rows if not row["blunt"]], [row for row in rows if row["blunt"]]
    size = alt.Size("size:Q", scale=None)
    rings = _points(blunt, filled=False, strokeWidth=2, strokeDash=[5, 3]).encode(
        size=size, stroke=alt.Stroke("line:N", scale=None)
    )
    spots = _points(sharp, strokeWidth=1.5, stroke="#FFFFFF").encode(size=size, fill=alt.Fill("fill:N", scale=None))
    stripes = _points([row for row in sharp if row["unknown"]], fill=_STRIPES, strokeWidth=0).encode(size=size)
    labels = _text(rows, fontSize=11, fontWeight=600, baseline="middle").encode(color=alt.Color("ink:N", scale=None))
    return [rings, spots, stripes, labels]


def _shares(rows: list[dict[str, Any]]) -> list[alt.Chart]:
    """Around each cell of several data sets a ring with the share of each."""
    pieces = []
    for row in rows:
        done, whole = 0.0, sum(n for _, n in row["parts"])
        for colour, n in row["parts"]:
            ends = {"from": done * 2 * math.pi / whole, "to": (done + n) * 2 * math.pi / whole}
            outer = math.sqrt(row["size"]) / 2
            pieces.append({"x": row["x"], "y": row["y"], "fill": colour, "outer": outer, "inner": outer * 0.68} | ends)
            done += n
    if not pieces:
        return []
    arcs = alt.Chart(alt.Data(values=pieces)).mark_arc(clip=True).encode(
        x=_at("x"), y=_at("y"), fill=alt.Fill("fill:N", scale=None),
        theta=alt.Theta("from:Q", scale=None, stack=None), theta2="to:Q",
        radius=alt.Radius("outer:Q", scale=None, stack=None), radius2="inner:Q",
    )  # fmt: skip
    return [arcs]


_STRIPE, _GAP = "rgba(255,255,255,0.35)", "rgba(255,255,255,0)"
_STRIPES = {
    **{"gradient": "linear", "x1": 0, "y1": 0, "x2": 1, "y2": 1},
    "stops": [{"offset": (i + edge) / 12, "color": (_STRIPE, _GAP)[i % 2]} for i in range(12) for edge in (0, 1)],
}
"""Stripes as a gradient of hard stops, because Vega has no patterns."""


def _scale_bar(frame: Frame, theme: Theme) -> list[alt.Chart]:
    """A length of at most 160 pixels that is 1, 2 or 5 times a power of ten, measured at the middle of the map."""
    south, _, north, _ = frame.bounds()
    metres = 40_075_017 * math.cos(math.radians((south + north) / 2)) / frame.px  # in one pixel
    length = max(step * 10**power for power in range(1, 8) for step in (1, 2, 5) if step * 10**power <= max(160 * metres, 10))
    x, y = 16, frame.height - 16
    bar = alt.Chart(alt.Data(values=[{"x": x, "x2": x + length / metres, "y": y}])).mark_rule(color=theme.muted, strokeWidth=2)
    label = f"{length // 1000:,} km" if length >= 1000 else f"{length} m"
    return [
        bar.encode(x=_at("x"), x2="x2:Q", y=_at("y")),
        _text([{"x": x, "y": y - 5, "label": label}], color=theme.muted, fontSize=11, align="left", baseline="bottom"),
    ]


def _legend(theme: Theme, own: tuple[DataSetColour, ...]) -> alt.LayerChart:
    """Letters and names of the perpetrators, or of the data sets, and what a ring and a number mean."""
    marks, words, x = [], [], 10.0
    for name, colour, ink, letter in own or folium_map.legend():
        marks.append(
            {
                "x": x,
                "y": 12,
                "size": 18**2,
                "label": letter,
                "blunt": False,
                "fill": colour,
                "ink": ink,
                "unknown": letter == "?",
            }
        )
        words.append({"x": x + 16, "y": 12, "label": name})
        x += 46 + 6.5 * len(name)
    marks.append(
        {"x": x, "y": 12, "size": 18**2, "label": "", "blunt": True, "line": theme.ink, "ink": theme.ink, "unknown": False}
    )
    words.append({"x": x + 16, "y": 12, "label": "ring: known only to the city or coarser; a number counts incidents"})
    layers = [*_spots(marks, theme), _text(words, color=theme.muted, fontSize=12, align="left", baseline="middle")]
    return alt.layer(*layers).properties(width=WIDTH, height=26, view=alt.ViewBackground(stroke=None))


def _foot(citation: Citation, theme: Theme) -> alt.Chart:
    lines = textwrap.wrap(f"Source: {citation.source()}. {citation.link}", 175, max_lines=3, placeholder=" ...")
    lines += textwrap.wrap(plain(citation.data, 5000), 175)
    lines.append("Points: given by a source, else found in the gazetteer (GeoNames, CC BY 4.0). Outlines: Natural Earth.")
    rows = [{"x": 0, "y": 10 + 16 * i, "label": line} for i, line in enumerate(lines)]
    text = _text(rows, color=theme.muted, fontSize=11, align="left", baseline="middle")
    return text.properties(width=WIDTH, height=16 * len(lines) + 4, view=alt.ViewBackground(stroke=None))


def _points(rows: list[dict[str, Any]], **look: Any) -> alt.Chart:
    chart = alt.Chart(alt.Data(values=rows)).mark_point(**{"shape": "circle", "filled": True, "opacity": 1, "clip": True} | look)
    return chart.encode(x=_at("x"), y=_at("y"))


def _text(rows: list[dict[str, Any]], **look: Any) -> alt.Chart:
    return alt.Chart(alt.Data(values=rows)).mark_text(**{"clip": True} | look).encode(x=_at("x"), y=_at("y"), text="label:N")


def _at(name: str) -> Any:
    """A position that is already in pixels."""
    return alt.X("x:Q", scale=None, axis=None) if name == "x" else alt.Y("y:Q", scale=None, axis=None)
