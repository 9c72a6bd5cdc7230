"""The case files read a second time, with pandas alone: rows, figures, dates, points and what is known agree."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from incident_atlas.dataset.load import load

CASES = Path(__file__).parent / "cases"


def cells(name: str, separator: str = ",") -> pd.DataFrame:
    return pd.read_csv(CASES / name, sep=separator, dtype=str, encoding="utf-8-sig", keep_default_na=False)


def aid_workers() -> pd.DataFrame:
    table = cells("aid_worker_columns.csv")
    return table.assign(day=table["Year"] + "-" + table["Month"] + "-" + table["Day"])


def victims() -> pd.DataFrame:
    groups = cells("row_per_victim.csv").groupby("incident_id", sort=False)
    fate = groups["killed_or_injured"]
    counts = {kind: fate.agg(lambda held, kind=kind: str((held == kind).sum())) for kind in "ki"}
    return pd.DataFrame({"day": groups["incident_date"].first(), **counts})


def persons() -> pd.DataFrame:
    groups = cells("victims_with_attack.csv").groupby("event_id", sort=False)
    fate = groups["status"]
    counts = {kind: fate.agg(lambda held, kind=kind: str((held == kind).sum())) for kind in ("killed", "injured")}
    return pd.DataFrame({"day": groups["date"].first(), "attack": groups["attack"].first(), **counts})


def without_tags() -> pd.DataFrame:
    return cells("aid_access_hxl.csv").iloc[1:]


def ged() -> pd.DataFrame:
    features = json.loads((CASES / "ged_columns.geojson").read_text())["features"]
    table = pd.DataFrame([one["properties"] for one in features])
    points = [one["geometry"]["coordinates"] for one in features]
    dead = table["deaths_a"].astype(int) + table["deaths_b"].astype(int)
    return table.assign(lat=[str(at[1]) for at in points], lon=[str(at[0]) for at in points], dead=dead.astype(str))


def decimal_commas() -> pd.DataFrame:
    table = cells("semicolons_decimal_comma.csv", ";").replace({",": "."}, regex=True)
    return table.assign(Tote=table["Tote"].str.replace(".", ""))


def attacks_alone() -> pd.DataFrame:
    table = cells("acled_few_columns.csv")
    return table[~table["event_type"].isin(["Protests", "Riots", "Strategic developments"])]


# For each case: the table, the format of its dates, and its columns of the date, killed, wounded, latitude, longitude, and of who
# acted and the kind of attack where the file names them.
KNOWN = {
    "acled_day_first.csv": (None, "%d/%m/%Y", "EVENT_DATE", "FATALITIES", "", "LATITUDE", "LONGITUDE", "ACTOR1", "EVENT_TYPE"),
    "acled_few_columns.csv": (attacks_alone, "%Y-%m-%d", "event_date", "fatalities", "", "", "", "", "sub_event_type"),
    "acled_without_ids.csv": (None, "%Y-%m-%d", "event_date", "fatalities", "", "latitude", "longitude", "", "sub_event_type"),
    "aid_worker_columns.csv": (
        aid_workers, "%Y-%m-%d", "day", "Total killed", "Total wounded", "Latitude", "Longitude", "Actor name", "Means of attack",
    ),
    "aid_access_hxl.csv": (
        without_tags, "%d/%m/%Y", "Date", "Aid workers killed", "Aid workers injured", "", "", "Perpetrator", "Incident category",
    ),
    "another_country.csv": (None, "%Y-%m-%d", "date", "deaths", "", "lat", "lon", "", "type"),
    "blank_country.csv": (None, "%Y-%m-%d", "Date", "Total killed", "", "Latitude", "Longitude", "", ""),
    "ged_columns.geojson": (ged, "%Y-%m-%d", "date_start", "dead", "", "lat", "lon", "", ""),
    "killed_by_another_name.csv": (None, "%B %d %Y", "Incident date", "Civilians reported killed", "", "", "", "", ""),
    "nan_and_zero.csv": (None, "%Y-%m-%d", "date", "killed", "", "latitude", "longitude", "", ""),
    "native_ids_other_columns.csv": (None, "%Y-%m-%d", "date", "killed", "", "lat", "lon", "", ""),
    "persian_columns.csv": (None, "%Y-%m-%d", "تاریخ", "کشته", "زخمی", "", "", "عامل", "نوع حمله"),
    "row_per_victim.csv": (victims, "%Y-%m-%d", "day", "k", "i", "", "", "", ""),
    "semicolons_decimal_comma.csv": (decimal_commas, "%Y/%m/%d", "Datum", "Tote", "", "Breite", "Laenge", "", ""),
    "strikes_reported_min_max.csv": (
        None, "%Y-%m-%d", "incident_date", "civilians_reported_killed_min", "civilians_reported_injured_min", "latitude", "longitude",
        "belligerents", "strike_type",
    ),
    "victims_with_attack.csv": (persons, "%Y-%m-%d", "day", "killed", "injured", "", "", "", "attack"),
}  # fmt: skip


@pytest.mark.parametrize("name", KNOWN)
def test_pandas_reads_the_same(name):
    table, dates, day, killed, wounded, latitude, longitude, who, kind = KNOWN[name]
    theirs, ours = table() if table else cells(name), load(CASES / name).incidents
    assert sorted(ours["date"]) == sorted(pd.to_datetime(theirs[day], format=dates))
    for harm, theirs_of in (("killed", killed), ("wounded", wounded)):
        hurt = ours[harm].fillna(ours[f"{harm}_low"]).fillna(ours[f"{harm}_high"])
        assert hurt.sum() == (pd.to_numeric(theirs[theirs_of], errors="coerce").sum() if theirs_of else 0)
    values = ours[ours["found_by"] == "given by a source"]
    points = pd.DataFrame()
    if latitude:
        points = theirs[[latitude, longitude]].apply(pd.to_numeric, errors="coerce").dropna()
        points = points[(points != 0).any(axis=1)]
    found = values[["latitude", "longitude"]].round(6)
    assert sorted(found.itertuples(index=False, name=None)) == sorted(points.itertuples(index=False, name=None))
    for ours_of, theirs_of in (("perpetrator", who), ("attack_type", kind)):
        if theirs_of:
            known = ~theirs[theirs_of].str.casefold().isin(["", "unknown", "نامعلوم"])
            assert (ours[ours_of] != "Unknown").sum() == known.sum()


def test_words_of_other_languages_and_makers_become_the_terms_that_they_mean():
    found = load(CASES / "persian_columns.csv").incidents
    assert found["attack_type"].tolist() == ["Bombing/Explosion", "Armed Assault", "Bombing/Explosion"]
    assert found["perpetrator"].tolist() == ["Taliban", "Unknown", "Islamic State (Khorasan Province)"]
    found = load(CASES / "aid_access_hxl.csv").incidents
    assert found["attack_type"].tolist() == ["Armed Assault", "Intimidation", "Bombing/Explosion", "Hostage Taking (Kidnapping)"]
    assert found["perpetrator"].tolist() == ["Afghan government forces", "Unknown", "Taliban", "Unknown"]


def test_least_and_most_reported_are_the_ends_of_the_range():
    found = load(CASES / "strikes_reported_min_max.csv").incidents
    assert found[["killed_low", "killed_high", "wounded_low", "wounded_high"]].to_numpy().tolist() == [
        [2, 4, 1, 1],
        [0, 0, 3, 5],
        [5, 9, 0, 2],
    ]
