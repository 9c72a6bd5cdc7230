"""The base map: relief, rivers, borders and names from files of our own, which the browser loads once and keeps.

The files are in assets/basemap, made by the scripts in tools/data from public data (data/README.md); assets/atlas_base.js
draws them. The map's script holds only where they are, so nothing of them is sent again when a filter changes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import os
import re
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
import shapely

from incident_atlas.geo.countries import decoded_arcs
from incident_atlas.i18n import _
from incident_atlas.theme import BASE_MAP, Theme

FOLDER = Path(__file__).parents[1] / "assets" / "basemap"
DATA_FILES = ("world", "region", "close", "labels")
RELIEF_BOUNDS = ((26.5, 55.0), (41.5, 82.0))
"""South-west and north-east corner of the relief, as tools/data/sources.py cuts it."""
ATTRIBUTION = "Natural Earth, GSHHG, GeoNames"
"""Who the base map's data are from; licences in data/README.md."""
HOME = "AF"
"""The country that is drawn as the land; all others as abroad."""
KINDS = ("city", "foreign", "town", "province", "district", "neighbourhood", "village", "landmark")
"""Kinds of names, in the order in which they get their places."""
TILES = "INCIDENTS_TILES"
"""The environment variable that names another tile server: an address with {z}, {x} and {y}."""
_PLACES = re.compile(r"\{(\w+)\}")
OPENSTREETMAP = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"


def served_options(theme: Theme, assets: str, font: str | None = None) -> dict[str, Any]:
    """What assets/atlas_base.js needs in the dashboard, where it loads the files from `assets`, the address of that folder.

    font: the address of Source Sans, when the page around the map serves it.
    """
    return _shared_options(theme) | {"root": f"{assets}/basemap/", "version": version(), "font": font, "streets": street_tiles()}


def inline_options(theme: Theme) -> dict[str, Any]:
    """What assets/atlas_base.js needs in a page that loads nothing: the files themselves, reliefs as data addresses."""
    files: dict[str, Any] = {name: json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8")) for name in DATA_FILES}
    for scheme in BASE_MAP:
        picture = base64.b64encode((FOLDER / f"relief-{scheme}.webp").read_bytes()).decode()
        files[f"relief-{scheme}"] = f"data:image/webp;base64,{picture}"
    return _shared_options(theme) | {"files": files, "streets": None}


def colours(theme: Theme) -> dict[str, Any]:
    """The scheme's name and its colours of the base map."""
    return {"scheme": theme.name, "colours": asdict(BASE_MAP[theme.name])}


def street_tiles() -> dict[str, str] | None:
    """The map of streets that a reader can ask for: address of its tiles, its host, and whom it is from; None for none.

    Its server sees where the reader looks, so the host stands in the words of the button. INCIDENTS_TILES names another
    server; a value that is no address of tiles, such as "none", leaves the button out.
    """
    url = os.environ.get(TILES, "").strip() or OPENSTREETMAP
    if url == OPENSTREETMAP:
        return {"url": url, "host": "openstreetmap.org", "attribution": "© OpenStreetMap contributors"}
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    if (
        parts.scheme not in ("http", "https")
        or not re.fullmatch(r"[A-Za-z0-9.:\[\]-]+", host)
        or set(_PLACES.findall(url)) != {"x", "y", "z"}
    ):
        logging.getLogger(__name__).warning("%s is no address of tiles with {z}, {x} and {y}: no streets are offered", TILES)
        return None
    return {"url": url, "host": host, "attribution": _("Streets: {host}").format(host=host)}


@cache
def version() -> str:
    """A short hash of all files: a browser that keeps them asks for new ones after they changed."""
    digest = hashlib.sha256()
    for path in sorted(FOLDER.iterdir()):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:8]


def _shared_options(theme: Theme) -> dict[str, Any]:
    return colours(theme) | {"bounds": RELIEF_BOUNDS, "attribution": ATTRIBUTION}


# --- the files, for pictures that no browser draws


@cache
def lines(fine: bool) -> dict[str, shapely.MultiLineString]:
    """Rivers and the borders of provinces, degrees: the fine ones or those for a country in view."""
    topology, arcs = _file("close" if fine else "region")
    return {name: shapely.MultiLineString(_arcs(topology, name, arcs)) for name in ("rivers", "provinces")}


@cache
def lakes(fine: bool) -> list[shapely.Polygon]:
    """The shores of lakes, degrees."""
    topology, arcs = _file("close" if fine else "region")
    return [shapely.Polygon(shore) for shore in _arcs(topology, "lakes", arcs) if len(shore) > 3]


def place_names(zoom: float) -> list[tuple[str, str, float, float, str]]:
    """Name, name in Arabic script (or ""), latitude, longitude and kind of what is named at this zoom, large places first."""
    named = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    shown = [tuple(label) for label in named["labels"] if named["zooms"][label[4]][0] <= zoom <= named["zooms"][label[4]][1]]
    return sorted(shown, key=lambda label: KINDS.index(label[4]))


def _file(name: str) -> tuple[dict[str, Any], list[np.ndarray]]:
    """A TopoJSON file and its arcs, each an array of longitude and latitude."""
    topology = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    return topology, decoded_arcs(topology)


def _arcs(topology: dict[str, Any], name: str, arcs: list[np.ndarray]) -> list[np.ndarray]:
    return [arcs[number] for (number,) in topology["objects"][name]["arcs"]]
