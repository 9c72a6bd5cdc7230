"""Write assets/basemap/labels.json: the names on the base map, in the order in which they get their place.

    python -m tools.data.build_labels

Source: data/gazetteer.csv; the six largest cities also in Persian script. Names of other countries are in world.json.
Run it after a change to the gazetteer: a test holds that the file is what this script writes.
"""

from __future__ import annotations

import re
from typing import Any

from rapidfuzz import fuzz

from incident_atlas.geo.gazetteer import Place, offline_gazetteer
from incident_atlas.maps.clusters import NEIGHBOURHOOD_ZOOM, neighbourhoods
from incident_atlas.maps.folium_map import TOWNS
from tools.data.sources import compact, write

LARGEST = 40_000
CITIES = {
    "gn-1138958": "کابل",
    "gn-1138336": "کندهار",
    "gn-1140026": "هرات",
    "gn-1133616": "مزار شریف",
    "gn-1139715": "جلال آباد",
    "gn-1135689": "کندز",
}
"""Kabul, Kandahar, Herat, Mazar-e Sharif, Jalalabad, Kunduz, with the name that stands under the Latin one."""
NEIGHBOURS = {
    "Turkmenistan": (37.3, 61.6),
    "Uzbekistan": (39.0, 66.2),
    "Tajikistan": (39.0, 71.0),
    "Iran": (33.6, 59.4),
    "Pakistan": (30.3, 69.2),
    "China": (38.0, 76.3),
    "India": (32.2, 76.6),
}
"""Where the name of a country stands when only its part near Afghanistan is in view: latitude, longitude."""
ZOOMS = {
    "city": (4, 14.5),
    "foreign": (5, 9),
    "town": (7, 13),
    "province": (8, 10),
    "district": (9.5, 14),
    "neighbourhood": (NEIGHBOURHOOD_ZOOM, 18),
    "village": (9, 18),
    "landmark": (13, 18),
}
"""The least and the largest zoom at which a kind of name is drawn, in the order of importance."""
NEAR_DEGREES = 0.25


def display_name(name: str) -> str:
    """The name without the mark of a glottal stop and without the word for a sub-district."""
    return re.sub(r"^['‘’]?(Alaqahdari(-ye)? )?", "", name)


def kind(place: Place) -> str | None:
    """What kind of name it is on the map; None for those that the map does not name."""
    if place.place_id in CITIES:
        return "city"
    if place.place_id in TOWNS:
        return "town"
    return {
        "city": "village",
        "province": "province",
        "district": "district",
        "neighbourhood": "neighbourhood",
        "landmark": "landmark",
    }.get("neighbourhood" if place in neighbourhoods() else place.kind)


def labels() -> list[list[Any]]:
    """Name, name in Persian script or '', latitude, longitude, kind; those that get their place first come first."""
    found: list[list[Any]] = [[name, "", *at, "foreign"] for name, at in NEIGHBOURS.items()]
    gazetteer = offline_gazetteer()
    for place in gazetteer.places:
        what = kind(place)
        # A name without a point of its own would stand where nothing of that name is.
        if (
            what is None
            or (what == "landmark" and place.geo_precision not in ("exact", "street"))
            or (what in ("district", "neighbourhood") and not gazetteer.has_own_point(place))
        ):
            continue
        at = [round(place.latitude, 4), round(place.longitude, 4)]
        found.append([display_name(place.name), CITIES.get(place.place_id, ""), *at, what])
    rank = list(ZOOMS).index
    cities = list(CITIES.values())
    found.sort(key=lambda label: (rank(label[4]), cities.index(label[1]) if label[1] else 0))
    return [label for n, label in enumerate(found) if not any(named_already(label, other) for other in found[:n])]


def named_already(label: list[Any], other: list[Any]) -> bool:
    """Whether a more important name of the map is that of the same place: a district and its seat are often one point."""
    if label[4] == other[4] == "neighbourhood":
        # Two quarters of one town are often named alike: Karte Seh, Karte Sakhi.
        return label[0] == other[0]
    near = max(abs(label[2] - other[2]), abs(label[3] - other[3])) < NEAR_DEGREES
    return near and label[4] != "province" and other[4] not in ("province", "foreign") and fuzz.ratio(label[0], other[0]) > 75


def content() -> str:
    """The file as it is to be."""
    return compact({"zooms": ZOOMS, "labels": labels()})


def main() -> None:
    """Write the file."""
    write("labels.json", content(), LARGEST)


if __name__ == "__main__":
    main()
