"""TopoJSON: countries that share their border lines, so that a border is stored, simplified and drawn once.

The format is the TopoJSON specification 1.0: an arc is a list of whole numbers, each the difference from the one before,
`~n` in a ring means arc n backwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from incident_atlas.geo.countries import Polygon, Ring, decoded_arcs, polygons_of, ring_points, shape

__all__ = ["arcs_used", "decoded_arcs", "encoded", "polygons_of", "ring_points", "shape", "simplified"]


def arcs_used(polygons: list[Polygon]) -> Iterator[int]:
    """The number of every arc of these polygons, forwards."""
    return (n if n >= 0 else ~n for polygon in polygons for ring in polygon for n in ring)


def simplified(arc: np.ndarray, tolerance: float) -> np.ndarray:
    """The arc with fewer points (Douglas-Peucker, tolerance in degrees); its ends stay, and a closed arc stays a ring."""
    closed = (arc[0] == arc[-1]).all()
    while True:
        fewer = np.asarray(shapely.LineString(arc).simplify(tolerance).coords)
        if not closed or len(fewer) > 4 or tolerance < 1e-4:
            return fewer if not closed or len(fewer) > 3 else arc
        tolerance /= 2


def encoded(
    named: dict[str, list[tuple[dict[str, Any], list[Polygon]]]],
    arcs: list[np.ndarray],
    step: float,
    lines: dict[str, list[np.ndarray]] | None = None,
) -> dict[str, Any]:
    """A topology of named collections of (properties, polygons), of the arcs that they use, and of named sets of lines.

    step: the size of the grid to which all points are rounded, degrees.
    """
    used = sorted({n for entries in named.values() for _, polygons in entries for n in arcs_used(polygons)})
    number = {old: new for new, old in enumerate(used)}

    def renumbered(ring: Ring) -> Ring:
        return [number[n] if n >= 0 else ~number[~n] for n in ring]

    objects: dict[str, Any] = {
        name: {
            "type": "GeometryCollection",
            "geometries": [
                {
                    "type": "MultiPolygon",
                    "properties": properties,
                    "arcs": [[renumbered(ring) for ring in part] for part in polygons],
                }
                for properties, polygons in entries
            ],
        }
        for name, entries in named.items()
    }
    kept = [_differences(arcs[n], step) for n in used]
    for name, several in (lines or {}).items():
        objects[name] = {"type": "MultiLineString", "arcs": [[len(kept) + n] for n in range(len(several))]}
        kept += [_differences(line, step) for line in several]
    return {"type": "Topology", "transform": {"scale": [step] * 2, "translate": [0, 0]}, "objects": objects, "arcs": kept}


def _differences(arc: np.ndarray, step: float) -> list[list[int]]:
    whole = np.rint(arc / step).astype(int)
    moved = np.any(np.diff(whole, axis=0) != 0, axis=1)
    # Points that fall together are one; the last point stays even then, because the next arc begins there.
    whole = np.concatenate([whole[:1], whole[1:][moved]]) if moved.any() else whole[[0, -1]]
    return np.concatenate([whole[:1], np.diff(whole, axis=0)]).tolist()
