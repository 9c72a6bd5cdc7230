"""Which incidents count as those whose sources name a place inside a city."""

from __future__ import annotations

import pandas as pd
import pytest

from tools.data.named_places import known, named, names_a_place


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Qala-e Wazir", True),
        ("Qala-e Wazir, Kabul", True),
        ("police district 5", True),
        ("road to the airport", True),
        ("Kabul", False),
        ("near a mosque in western Kabul", False),
        ("Afghan army base outside the city", False),
        ("", False),
    ],
)
def test_a_proper_name_or_a_police_district_names_a_place(words, names):
    assert names_a_place(words, "Kabul") is names


def test_a_place_that_only_a_report_names_counts_and_other_cities_do_not():
    incidents = pd.DataFrame(
        [
            ("a", "Kabul", "police checkpoint", "city"),
            ("b", "Kabul", "police checkpoint", "city"),
            ("c", "Kabul", "the parliament", "neighbourhood"),
            ("d", "Herat", "Jibrail", "neighbourhood"),
        ],
        columns=["incident_id", "city", "place", "geo_precision"],
    )
    reports = pd.DataFrame([("a", "Qala-e Wazir, Kabul"), ("b", "eastern Kabul")], columns=["incident_id", "place"])
    telling = named(incidents, reports, "Kabul")
    assert list(telling["incident_id"]) == ["a", "c"]
    assert list(known(telling)) == [False, True]
