"""The list of Nearby as files: every incident that is counted, where it is counted, and no distance to a private point."""

from __future__ import annotations

import io
import json
import zipfile

import pandas as pd
import pytest

from incident_atlas.analysis.nearby import around
from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.load import load_bytes
from incident_atlas.geo.sites import place
from tests.support.page_surfaces import everything_open
from tests.support.record import shipped_record

PAGE = "pages/nearby.py"
PLACE = "kbl-wazir-akbar-khan"


def files_of(make) -> dict[str, bytes]:
    files: list[tuple[str, bytes]] = []
    with everything_open(files, ("nearby.csv", "nearby.geojson", "nearby.zip")):
        make()
    return {name.rpartition(".")[2]: data for name, data in files if b"nearby_km" in data or name.endswith("zip")}


def table(data: bytes) -> pd.DataFrame:
    return pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def expected():
    spot = place(PLACE)
    return around(shipped_record().incidents, spot.latitude, spot.longitude, 1.0, spot.key)


def test_all_that_is_counted_is_in_each_file_with_where_it_is_counted(run_page, expected):
    found = files_of(lambda: run_page(PAGE, {"place": PLACE, "km": "1"}))
    rows = table(found["csv"]).set_index("incident_id")
    ids = shipped_record().at(pd.concat([expected.counted, expected.possibly])["row"])["incident_id"].to_list()
    assert list(rows.index) == ids and list(rows.columns)[: len(NAMES) - 1] == list(NAMES[1:])
    cited, *rest = rows["cite_as"]
    assert rows.columns[-1] == "cite_as" and not any(rest)
    assert shipped_record().source.sha256[:12] in cited and f"place={PLACE}" in cited and "within 1 km" in cited
    assert rows["nearby"].value_counts().to_dict() == {"in place": len(expected.in_place), "possibly": len(expected.possibly)}
    features = json.loads(found["geojson"])["features"]
    assert [one["id"] for one in features] == ids
    assert {one["id"]: one["properties"]["nearby"] for one in features} == rows["nearby"].to_dict()
    packed = zipfile.ZipFile(io.BytesIO(found["zip"]))
    assert table(packed.read("incidents.csv"))["nearby"].to_list() == rows["nearby"].to_list()
    assert set(table(packed.read("reports.csv"))["incident_id"]) <= set(ids)


def test_what_is_known_to_its_city_alone_has_no_distance(run_page):
    rows = table(files_of(lambda: run_page(PAGE, {"place": PLACE, "km": "1"}))["csv"])
    vague = rows["map_precision"].isin(["city", "district", "province", "country"])
    assert vague.any() and not vague.all()
    assert (rows.loc[vague, "nearby_km"] == "").all() and (rows.loc[~vague, "nearby_km"] != "").all()


def test_the_file_reads_back_as_the_same_incidents(run_page):
    data = files_of(lambda: run_page(PAGE, {"place": PLACE, "km": "1"}))["csv"]
    back, rows = load_bytes(data, "back.csv"), table(data)
    assert back.incidents["incident_id"].to_list() == rows["incident_id"].to_list()
    assert back.incidents["geo_precision"].astype("str").to_list() == rows["map_precision"].to_list()


def test_a_private_point_is_in_no_file(run_page):
    app = run_page(PAGE)
    files: list[tuple[str, bytes]] = []
    app.text_input(key="w:where").set_value("34.53123, 69.18321")
    with everything_open(files, ("nearby.csv", "nearby.geojson", "nearby.zip")):
        app.run()
    data = dict((name.rpartition(".")[2], data) for name, data in files if "-nearby." in name)
    assert "nearby_km" not in table(data["csv"]).columns and len(table(data["csv"])) > 0
    text = data["csv"] + data["geojson"] + zipfile.ZipFile(io.BytesIO(data["zip"])).read("CITATION.txt")
    assert b"34.53123" not in text and b"69.18321" not in text and b"at=" not in text
    dates = table(data["csv"])["date"].to_list()
    assert dates == sorted(dates, reverse=True), "the nearest first would tell as well"
