"""One HTML file that works without internet, from a stick or a mail: map, charts, headline, table, citation, nothing to fetch.

All text of the record travels as data in a script element that no browser runs, and is written with `textContent` alone.
A content security policy names the hashes of our three scripts: no other script runs, and no address is asked for anything.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import defaultdict
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import xstatic.pkg.leaflet as leaflet

from incident_atlas.analysis import summary
from incident_atlas.core import fonts
from incident_atlas.core.formatting import format_figure
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted_incidents, day, plain, safe_text, safe_url
from incident_atlas.core.vocabulary import GEO_PRECISIONS, PRECISE, RADIUS_M, UNKNOWN
from incident_atlas.dataset.areas import area_of
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.headline_text import figures, without_largest
from incident_atlas.dataset.selection import reports_of
from incident_atlas.geo.geocoding import NOT_FOUND
from incident_atlas.i18n import LANGUAGE, _
from incident_atlas.maps import folium_map
from incident_atlas.maps.base_map import colours, inline_options
from incident_atlas.maps.clusters import (
    CELL_PX,
    NEAREST_ZOOM,
    PROVINCE_ZOOM,
    SAME_SPOT_PX,
    area_ranks,
    map_marks,
    principal_towns,
)
from incident_atlas.maps.mark_layout import GAP_PX, Mark
from incident_atlas.theme import ASSETS, DARK, LIGHT, OTHERS, PALETTE, PERPETRATORS, perpetrator_colour

MOST_INCIDENTS = 20_000
"""More would make a file that a browser opens only after minutes; the page says so in words."""

_USED = [
    "row", "x", "y", "precision_rank", "incident_id", "date", "date_precision", "title", "place", "city", "district", "province", "geo_precision", "found_by",
    "first_day", "last_day", "month", "year", "target_type", "killed_least", "killed_best", "killed_most", "killed_open", "killed_none",
    "wounded_least", "wounded_best", "wounded_most", "wounded_open", "wounded_none",
    "latitude", "longitude", "killed_low", "killed", "killed_high", "wounded_low", "wounded", "wounded_high", "perpetrator", "attribution",
]  # fmt: skip
"""The columns that the page shows."""

_MOST_SOURCES = 12
_EPOCH = pd.Timestamp("1970-01-01").toordinal()
_LEAFLET = Path(leaflet.BASE_DIR)


def standalone_html(
    visible: pd.DataFrame,
    reports: pd.DataFrame,
    citation: Citation,
    head: summary.Headline,
    bounds: tuple[float, float, float, float] | None = None,
    incident: str | None = None,
) -> bytes:
    """The page. visible: rows of `Loaded.incidents`; reports: `Loaded.reports`; head: the headline of all that is visible.

    bounds: south, west, north, east of the view it opens with, the country when None. incident: the id of the one that is
    selected, when it is among them.
    """
    # Sorting two columns and not all of them: of a large record all would be copied, for the newest alone.
    newest = visible.loc[visible[["date", "row"]].sort_values(["date", "row"], ascending=False).head(MOST_INCIDENTS).index, _USED]
    left_out = len(visible) - len(newest)
    placed = int((newest["found_by"].astype("str") != NOT_FOUND).sum())
    areas: dict[str, int] = {}
    terms: dict[str, int] = {}
    incidents = _incidents(newest, reports_of(newest, reports), areas, terms)
    data = {
        "figures": [(value, label, rest) for (value, label), rest in zip(figures(head), without_largest(head), strict=True)],
        "notes": _notes(head, citation, left_out),
        "placed": _("{placed:,} of {incidents} on the map, {count:,} with no known location.").format(
            placed=placed, incidents=counted_incidents(len(newest)), count=len(newest) - placed
        ),
        "citation": citation.rows(),
        "sentence": citation.sentence,
        "areas": list(areas),
        "terms": list(terms),
        "incidentFields": list(incidents[0]) if incidents else [],
        "incidents": [list(one.values()) for one in incidents],
        "selected": incident if (newest["incident_id"] == incident).any() else None,
        "view": bounds and [bounds[:2], bounds[2:]],
        "grid": {"cell": CELL_PX, "gap": GAP_PX, "sameSpot": SAME_SPOT_PX / (256 * 2**NEAREST_ZOOM)},
        "fields": Mark._fields,
        "areaFrom": _area_from(),
        "provinces": list(principal_towns()),
        "provinceMarks": _province_marks(newest),
        "provinceZoom": PROVINCE_ZOOM,
        "legend": [(name, *style) for name, style in {**PERPETRATORS, "others": OTHERS}.items()],
        "maxZoom": folium_map.MAX_ZOOM,
        "base": folium_map.base_options(LIGHT, inline_options(LIGHT)) | {"fit": None},
        "schemes": {scheme.name: _scheme(scheme) for scheme in (LIGHT, DARK)},
    }
    scripts = {
        "leaflet_js": _leaflet_js(),
        "atlas_js": "".join(_asset(f"{name}.js") for name in folium_map.SCRIPTS),
        "page_js": _asset("standalone_charts.js") + _asset("standalone.js"),
    }
    styles = {
        "leaflet_css": _leaflet_css(),
        "atlas_css": _asset("atlas.css"),
        "page_css": _asset("standalone.css"),
        "font_css": _font_css(),
    }
    parts = {**scripts, **styles, "policy": _policy(list(scripts.values())), "language": escape(LANGUAGE), "data": _as_json(data)}
    # All places in one pass: text that is filled in is never searched for further places.
    page = re.sub(
        r'@@(?:_\("(.+?)"\)|(\w+))@@',
        lambda place: escape(_(place[1])) if place[1] else parts[place[2]],
        _asset("standalone.html"),
    )
    return page.encode("utf-8", "replace")


def _notes(head: summary.Headline, citation: Citation, left_out: int) -> list[str]:
    notes = [citation.discretion] if citation.discretion else []
    notes += [
        _(
            "{citation} A blank means not reported; it is not zero. The record is a sample: no report does not mean no attack."
        ).format(citation=citation.days)
    ]
    if head.all_counts:
        notes.append(
            _("The dead or wounded of {incidents} may include attackers.").format(incidents=counted_incidents(head.all_counts))
        )
    if citation.figures:
        notes.append(citation.figures)
    if left_out:
        notes.append(
            _(
                "This page holds the newest {most_incidents:,} incidents, on the map and in the table; {left_out:,} older ones are left out here and are counted in the figures above."
            ).format(most_incidents=MOST_INCIDENTS, left_out=left_out)
        )
    return notes


def _area_from() -> list[float | None]:
    """For each rank of precision the least zoom from which it is an area and no mark; None for those that always are one."""
    zooms = [zoom / 2 for zoom in range(2 * folium_map.MIN_ZOOM, 2 * folium_map.MAX_ZOOM + 1)]
    return [next((zoom for zoom in zooms if rank in area_ranks(zoom)), None) for rank in range(len(GEO_PRECISIONS))]


def _province_marks(newest: pd.DataFrame) -> list[Mark]:
    """The marks of provinces as the dashboard draws them far out; each has as its id the place of its province in the list."""
    number = {town: n for n, town in enumerate((round(lat, 5), round(lon, 5)) for lat, lon in principal_towns().values())}
    cells = map_marks(newest, folium_map.COUNTRY_MIN_ZOOM)
    marks = folium_map.marks(cells[cells["province"] != ""], pd.DataFrame(), LIGHT, None, None)["marks"]
    return [mark._replace(id=number[mark[:2]]) for mark in marks]


def _incidents(newest: pd.DataFrame, reports: pd.DataFrame, areas: dict[str, int], terms: dict[str, int]) -> list[dict[str, Any]]:
    """What the page holds of each incident, newest first, by the names that assets/standalone.js reads.

    Names of areas are added to `areas`, target types and perpetrators to `terms`, and stand here as their numbers.
    """
    sources = _sources(reports)
    provinces = {name: n for n, name in enumerate(principal_towns())}
    rows = []
    for one in newest.to_dict("records"):
        place = plain(", ".join(dict.fromkeys(filter(None, (one["place"], one["city"], one["district"], one["province"])))), 300)
        precision = str(one["geo_precision"])
        placed = one["found_by"] != NOT_FOUND
        unknown = one["perpetrator"] == UNKNOWN
        area = area_of(one, precision).name() if placed and precision not in PRECISE else None
        rows.append(
            {
                "id": one["incident_id"],
                "date": day(one["date"], one["date_precision"]),
                "title": plain(one["title"], 300),
                "place": place or _("no place reported"),
                "known": _("known to the {precision}").format(precision=precision)
                if placed
                else _("no known location, not on the map"),
                "killed": format_figure(one["killed_low"], one["killed"], one["killed_high"]),
                "wounded": format_figure(one["wounded_low"], one["wounded"], one["wounded_high"]),
                "by": plain(", ".join(split(one["perpetrator"])), 200),
                "attribution": _("no group named") if unknown else str(one["attribution"]),
                "sources": sources.get(one["incident_id"], []),
                "point": [round(one["latitude"], 5), round(one["longitude"], 5)] if placed else None,
                "radius": RADIUS_M.get(precision, 0),
                "imprecise": int(precision not in PRECISE),
                "colour": PALETTE.index(perpetrator_colour(one["perpetrator"])),
                "province": provinces.get(one["province"], -1),
                "rank": int(one["precision_rank"]),
                "area": -1 if area is None else areas.setdefault(safe_text(area, 60), len(areas)),
                "first": one["first_day"].toordinal() - _EPOCH,
                "last": one["last_day"].toordinal() - _EPOCH,
                "month": -1 if one["date_precision"] == "year" else int(one["month"]),
                "year": int(one["year"]),
                "types": [terms.setdefault(plain(term, 100), len(terms)) for term in split(one["target_type"])],
                "names": [terms.setdefault(plain(term, 100), len(terms)) for term in split(one["perpetrator"])],
                "killedOf": _figure(one, "killed"),
                "woundedOf": _figure(one, "wounded"),
                "row": int(one["row"]),
            }
        )
    return rows


def _figure(one: dict[str, Any], kind: str) -> list[int] | None:
    """What an incident adds to a total: least, best, most, and 1 when there may be more; None without any figure."""
    if one[f"{kind}_none"]:
        return None
    parts = (one[f"{kind}_{part}"] for part in ("least", "best", "most"))
    return [*(0 if part != part else int(part) for part in parts), int(one[f"{kind}_open"])]


def _sources(reports: pd.DataFrame) -> dict[str, list[tuple[str, str | None]]]:
    """Publisher and address (http and https only) of the reports of each incident."""
    sources: dict[str, list[tuple[str, str | None]]] = defaultdict(list)
    for incident, publisher, url in reports[["incident_id", "publisher", "url"]].itertuples(index=False, name=None):
        if len(sources[incident]) < _MOST_SOURCES:
            sources[incident].append((plain(publisher, 120) or "source", safe_url(url)))
    return sources


def _scheme(scheme: Any) -> dict[str, Any]:
    """The colours of the base map and of cells; those of the page itself stand in standalone.css."""
    drawn = folium_map.marks(pd.DataFrame(columns=["imprecise"]), pd.DataFrame(), scheme, None, None)
    return {
        "theme": folium_map.base_options(scheme, {})["theme"],
        "base": colours(scheme),
        "cell": drawn["cell"],
        "cellInk": drawn["cellInk"],
    }


def _as_json(data: dict[str, Any]) -> str:
    """JSON that cannot end its script element."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _policy(scripts: list[str]) -> str:
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts)
    allowed = " ".join(f"'sha256-{one}'" for one in hashes)
    return f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none'; form-action 'none'"


def _leaflet_js() -> str:
    script = (_LEAFLET / "leaflet.js").read_text(encoding="utf-8")
    return re.sub(r"\n//# sourceMappingURL=.*", "", script)


def _leaflet_css() -> str:
    """Leaflet's styles without its pictures, which would be files beside the page."""
    return re.sub(r"url\([^)]*\)", "none", (_LEAFLET / "leaflet.css").read_text(encoding="utf-8"))


@cache
def _font_css() -> str:
    """Source Sans inside the page itself; without it the browser's own typeface is used."""
    file = fonts.page_file()
    if file is None:
        return ""
    data = base64.b64encode(file.read_bytes()).decode("ascii")
    return f'@font-face {{font-family: "Source Sans"; font-weight: 200 900; src: url("data:font/woff2;base64,{data}") format("woff2");}}'


def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")
