"""The heat layer: points for the browser to smooth, of incidents known to at least the neighbourhood alone.

A city's middle, where the incidents known only to their city are marked, would glow brightest and be no place at all. What
is smoothed is never smoothed finer than a neighbourhood is known.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import narwhals as nw

from incident_atlas.core.text import counted_incidents
from incident_atlas.core.vocabulary import EARTH_KM, PRECISE, RADIUS_M
from incident_atlas.dataset.query import Query, Question, Steps, how_many
from incident_atlas.dataset.selection import inside
from incident_atlas.geo.distance import degrees
from incident_atlas.geo.projection import degrees_at
from incident_atlas.i18n import _
from incident_atlas.maps.clusters import square

GRID_PX = 12
"""Side of the grid in screen pixels within which incidents are one spot."""

MOST_SPOTS = 400
"""More would be no more precise once they are smoothed; the grid is made coarser instead."""

SMOOTH_PX = 36
"""Radius of the smoothing in screen pixels, where that is wider than a neighbourhood is known: more than the marks hide."""

_SMOOTH_KM = RADIUS_M["neighbourhood"] / 1000


class Heat(NamedTuple):
    """What the layer shows. spots: latitude, longitude, incidents. km: radius over which each is smoothed.

    known: the incidents of the filter that are known well enough, in view or not, of `of`. drawn: those of them in view;
    in_view: all that are marked in view, however well they are known.
    """

    spots: tuple[tuple[float, float, int], ...]
    km: float
    known: int
    of: int
    drawn: int
    in_view: int


@Question
def heat_spots(incidents: Any, zoom: float, bounds: tuple[float, float, float, float]) -> Steps[Heat]:
    """At most `MOST_SPOTS` spots in and just outside `bounds` (south, west, north, east in degrees) at that zoom.

    incidents: columns x, y, precision_rank, of any engine Narwhals knows.
    """
    precise = (nw.col("precision_rank") < len(PRECISE)) & ~nw.col("x").is_null()
    in_bounds = nw.all_horizontal(*inside(bounds), ignore_nulls=False).fill_null(False)
    counts = {"known": precise, "drawn": precise & in_bounds, "in_view": in_bounds}
    totals = (
        (yield Query(incidents, {"of": nw.len()} | {name: how_many(rows) for name, rows in counts.items()})).iloc[0].fillna(0)
    )
    px = GRID_PX
    while len(cells := (yield _cells(incidents, precise, zoom, px, _wider(bounds, _km(zoom, px, bounds))))) > MOST_SPOTS:
        px *= 2
    cells = cells.sort_values("cell")
    latitude, longitude = degrees_at(cells["mx"], cells["my"])
    spots = zip(latitude.round(4).tolist(), longitude.round(4).tolist(), cells["incidents"].tolist(), strict=True)
    numbers = (int(totals[name]) for name in ("known", "of", "drawn", "in_view"))
    return Heat(tuple(spots), round(_km(zoom, px, bounds), 3), *numbers)


def caption(layer: Heat) -> str:
    """What the layer is, and what it is not, with its numbers: stands beside the switch. Plain text."""
    if not layer.known:
        none = (
            _("the incident is not")
            if layer.of == 1
            else _("none of {incidents} is").format(incidents=counted_incidents(layer.of))
        )
        return _("Heat: {none} known to at least the neighbourhood, so there is nothing to draw.").format(none=none)
    if not layer.drawn:
        none = (
            _("{in_view:,} marked there, none of them known so well").format(in_view=layer.in_view)
            if layer.in_view
            else _("none at all there")
        )
        return _(
            "Heat: no incident known to at least the neighbourhood is in view ({none}). No colour does not mean no attacks."
        ).format(none=none)
    rest = layer.in_view - layer.drawn
    out = (
        _(
            " The {rest:,} in view that are known only to their city or less are not in it: no colour does not mean no attacks."
        ).format(rest=rest)
        if rest
        else ""
    )
    wide = f"{layer.km:.1f}" if layer.km < 10 else f"{round(layer.km, -1):,.0f}"
    return _(
        "Heat: {drawn:,} of {incidents} in view, those known to at least the neighbourhood, smoothed over about {km} km. Colour is relative to the strongest place in view, by its square root, so it changes as the map moves. It shows where the record has such incidents, not how likely the next one is.{out} Pictures of the map leave this layer out."
    ).format(
        drawn=layer.drawn,
        incidents=counted_incidents(layer.in_view),
        km=wide.removesuffix(".0"),
        out=out or _(" No colour does not mean no attacks."),
    )


def _cells(incidents: Any, precise: nw.Expr, zoom: float, px: int, bounds: tuple[float, float, float, float]) -> Query:
    scale = 256 * 2**zoom / px
    frame = nw.from_native(incidents).select("x", "y", "precision_rank").filter(precise, *inside(bounds))
    middle = {"mx": nw.col("x").mean(), "my": nw.col("y").mean(), "incidents": nw.len()}
    return Query(frame.with_columns(cell=square(scale)).to_native(), middle, ["cell"])


def _km(zoom: float, px: int, bounds: tuple[float, float, float, float]) -> float:
    """Radius of the smoothing: that of a neighbourhood, or as many pixels as can be seen, in the middle of the view."""
    middle = math.cos(math.radians((bounds[0] + bounds[2]) / 2))
    return max(_SMOOTH_KM, max(SMOOTH_PX, px) * 2 * math.pi * EARTH_KM * middle / (256 * 2**zoom))


def _wider(bounds: tuple[float, float, float, float], km: float) -> tuple[float, float, float, float]:
    """The bounds with what lies so near that its smoothing reaches in."""
    south, west, north, east = bounds
    high, wide = degrees(km, (south + north) / 2)
    return south - high, west - wide, north + high, east + wide
