"""How many incidents of a city whose sources name a place inside it are known to at least the neighbourhood.

    python -m tools.data.named_places [--city Kabul] [--list]

A source names a place when the `place` of the incident, or of one of its reports, holds a proper name other than the city's, the
number of a police district, or one of `ONE_OF_A_KIND`, or when the place is known to at least the neighbourhood. "A checkpoint in
the east of Kabul" names none. Summaries are not asked: the ministry that they name is often the one that counted the dead.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

import pandas as pd

from incident_atlas.core.vocabulary import PRECISION_RANK
from incident_atlas.dataset.load import load

NOT_A_NAME = {"Afghan", "Afghanistan", "MP"}
"""Words with a capital letter that name no place inside a city."""

ONE_OF_A_KIND = ("airport", "passport office", "police headquarters")
"""Places of which a city has one, and which need no name."""

_NAME = re.compile(r"\b[A-Z]\w+")
_POLICE_DISTRICT = re.compile(r"\bdistrict \d")


def names_a_place(text: str, city: str) -> bool:
    """Whether the words name a place inside the city.

    >>> [names_a_place(text, "Kabul") for text in ("eastern Kabul", "Qala-e Wazir, Kabul", "police district 5", "airport road")]
    [False, True, True, True]
    """
    if _POLICE_DISTRICT.search(text) or any(words in text for words in ONE_OF_A_KIND):
        return True
    return any(name not in NOT_A_NAME and name not in city.split() for name in _NAME.findall(text))


def named(incidents: pd.DataFrame, reports: pd.DataFrame, city: str) -> pd.DataFrame:
    """The incidents of the city of which a source names a place inside it."""
    of_city = incidents[incidents["city"].astype("str") == city]
    places = pd.concat([of_city[["incident_id", "place"]], reports[["incident_id", "place"]]]).astype("str")
    telling = {row.incident_id for row in places.itertuples() if names_a_place(row.place, city)}
    return of_city[of_city["incident_id"].isin(telling) | known(of_city)]


def known(incidents: pd.DataFrame) -> pd.Series:
    """Whether each incident is known to at least the neighbourhood."""
    return incidents["geo_precision"].astype("str").map(PRECISION_RANK) <= PRECISION_RANK["neighbourhood"]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--city", default="Kabul")
    parser.add_argument("--list", action="store_true", help="name those that are known to the city alone")
    chosen = parser.parse_args(arguments)
    dataset = load()
    of_city = dataset.incidents[dataset.incidents["city"].astype("str") == chosen.city]
    telling = named(dataset.incidents, dataset.reports, chosen.city)
    for which, rows in (("all incidents", of_city), ("a source names a place", telling)):
        share = known(rows).mean() if len(rows) else 0.0
        print(f"{chosen.city}, {which}: {known(rows).sum()} of {len(rows)} known to at least the neighbourhood, {share:.1%}")
    if chosen.list:
        for row in telling[~known(telling)].itertuples():
            print(f"{row.incident_id}  {row.place}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
