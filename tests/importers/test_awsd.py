"""Aid worker security data, and tables that others made of UCDP's: totals exact, words kept."""

from pathlib import Path

import pandas as pd
import pytest

from incident_atlas.dataset.load import load, load_bytes

CASES = Path(__file__).parent / "cases"


def test_the_totals_of_aid_worker_data_are_those_of_the_file():
    path = CASES / "aid_worker_columns.csv"
    theirs, loaded = pd.read_csv(path), load(path)
    assert loaded.origins[0].format.key == "awsd" and loaded.source.set_aside == 0 and loaded.problems.empty
    for ours, column in (("killed", "Total killed"), ("wounded", "Total wounded"), ("abducted", "Total kidnapped")):
        assert loaded.incidents[ours].tolist() == theirs[column].tolist()
    assert loaded.incidents["weapon"].tolist() == ["Firearms", "Vehicle bomb"]
    assert loaded.incidents["perpetrator"].tolist() == ["Islamic State (Khorasan Province)", "Unknown"]


def test_a_means_of_attack_without_a_term_and_an_actor_elsewhere_stay_as_they_are():
    lines = (CASES / "aid_worker_columns.csv").read_text().splitlines()
    row = (
        lines[1]
        .replace("Shooting", "Stoning")
        .replace("Afghanistan", "Mali")
        .replace("Islamic State", "JNIM")
        .replace(",6,8,", ",,,")
    )
    incidents = load_bytes("\n".join([lines[0], row]).encode()).incidents
    assert incidents[["attack_type", "perpetrator", "country", "date_precision"]].astype("str").to_numpy().tolist() == [
        ["Stoning", "JNIM", "Mali", "year"]
    ]


@pytest.mark.parametrize(
    ("month", "named"),
    [
        ("7", "Afghan government forces"),
        ("8", "Government of Afghanistan"),
        ("", "Government of Afghanistan"),
        ("9", "Taliban"),
    ],
)
def test_the_state_of_the_month_or_year_of_the_takeover_is_left_open(month, named):
    rows = pd.read_csv(CASES / "aid_worker_columns.csv", dtype="str", keep_default_na=False).head(1)
    rows = rows.assign(Year="2021", Month=month, Day="").assign(**{"Actor name": "Government of Afghanistan"})
    incidents = load_bytes(rows.to_csv(index=False).encode()).incidents
    assert incidents["perpetrator"].tolist() == [named]


def test_a_table_made_of_ucdp_has_its_sides_and_the_sum_of_its_dead():
    loaded = load(CASES / "ged_columns.geojson")
    assert loaded.origins[0].format.key == "ucdp" and loaded.incidents["killed"].tolist() == [36]
    assert "Government of Afghanistan and UIFSA" in loaded.incidents["notes"].iat[0]
