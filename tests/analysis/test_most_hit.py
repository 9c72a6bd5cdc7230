"""Places most hit: which place an incident counts for, by hand; rates with their bounds; and who is in no row."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from incident_atlas.analysis import hotspots
from incident_atlas.analysis.hotspots import Places, places_sentence, uncounted_sentence
from incident_atlas.analysis.nearby import observed
from incident_atlas.analysis.statistics import rate_interval
from incident_atlas.charts import bars
from incident_atlas.dataset.exposure import Exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.theme import DARK, LIGHT
from tests.support.pages import address_parameters, words
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, record, text

BY_ID = {place.place_id: place for place in offline_gazetteer().places}


def hit(*rows: dict[str, str], exposure: float | None = 10.0) -> Places:
    return hotspots.most_hit(record(*rows).incidents, exposure)


def counts(*rows: dict[str, str]) -> dict[str, int]:
    table = hit(*rows).table
    return dict(zip(table["place_id"], table["incidents"], strict=True))


def at(latitude: float, longitude: float, precision: str = "street", **more: str) -> dict[str, str]:
    """A row with a point of its own."""
    return {"latitude": str(latitude), "longitude": str(longitude), "geo_precision": precision} | more


@pytest.mark.parametrize(
    "place, home",
    [
        ("Dasht-e Barchi", "kbl-dasht-e-barchi"),
        ("Embassy of Germany", "kbl-wazir-akbar-khan"),
        ("near the US embassy", "kbl-wazir-akbar-khan"),
        ("presidential palace", "kbl-arg"),
        ("Supreme Court", "kbl-supreme-court"),
        ("Ministry of Defence", "kbl-ministry-of-defence"),
        ("Kabul airport", "kbl-kabul-airport"),
        ("Abbey Gate", "kbl-kabul-airport"),
        ("Pul-e Charkhi prison", "kbl-pul-e-charkhi"),
    ],
    ids=[
        "itself",
        "its landmark",
        "near its landmark",
        "of no neighbourhood: itself",
        "nor this one",
        "nor this one, on the point of another",
        "none: itself",
        "none: what holds it",
        "imprecise, its landmark is not",
    ],
)
def test_a_place_of_the_gazetteer_counts_for_its_neighbourhood(place, home):
    assert counts({"place": place}) == {home: 1}


def test_a_landmark_outside_every_town_is_a_row_of_its_own():
    assert counts({"place": "Shindand Air Base", "city": "", "province": "Herat"}) == {"her-shindand-air-base": 1}


def test_a_point_counts_for_the_place_that_its_words_name_and_never_for_the_nearest():
    barchi = BY_ID["kbl-dasht-e-barchi"]
    around_it = at(barchi.latitude, barchi.longitude)
    assert counts(around_it | {"place": "Shaheed Mazari Road, Dasht-e Barchi"}) == {"kbl-dasht-e-barchi": 1}
    assert counts(around_it | {"place": "near the Supreme Court"}) == {"kbl-supreme-court": 1}
    found = hit(around_it, around_it | {"place": "a market"}, around_it | {"place": "Kabul"}, at(31.0, 66.0))
    assert not len(found.table) and found.elsewhere == 4
    assert uncounted_sentence(found) == (
        "Not counted in these places: 4 whose words name no neighbourhood, landmark or district that the gazetteer knows."
    )


def test_of_two_neighbourhoods_on_one_point_the_one_that_is_named_counts():
    sherpur, wazir = BY_ID["kbl-sherpur"], BY_ID["kbl-wazir-akbar-khan"]
    assert (sherpur.latitude, sherpur.longitude) == (wazir.latitude, wazir.longitude)
    assert counts({"place": "Sherpur"}, {"place": "Wazir Akbar Khan"}) == {"kbl-sherpur": 1, "kbl-wazir-akbar-khan": 1}


def test_a_place_known_only_to_its_district_counts_for_that_and_a_precise_one_inside_too():
    guzara = {"city": "", "district": "Guzara", "province": "Herat"}
    point = at(34.20, 62.20, "neighbourhood") | guzara
    assert counts(guzara, at(34.20, 62.20, "district") | guzara, point) == {"af-herat-guzara": 3}


def test_a_district_that_the_gazetteer_does_not_know_is_elsewhere():
    found = hit(at(34.2, 62.2, "district", district="Nowhere", city="", province="Herat"), at(34.2, 62.2, "district", city=""))
    assert not len(found.table) and found.elsewhere == 2


@pytest.mark.parametrize("precision", ["city", "province", "country"])
def test_a_city_is_no_place_that_was_hit(precision):
    wazir = BY_ID["kbl-wazir-akbar-khan"]
    found = hit(at(wazir.latitude, wazir.longitude, precision), at(wazir.latitude, wazir.longitude, precision, district="Guzara"))
    assert not len(found.table) and found.imprecise == 2
    assert uncounted_sentence(found) == "Not counted in these places: 2 incidents known only to their city, province or country."


def test_every_incident_is_in_one_row_or_in_the_sentence():
    incidents = shipped_record().incidents
    found = hotspots.most_hit(incidents[list(hotspots.COLUMNS)], 20.0)
    out = found.imprecise + found.unplaced + found.elsewhere
    assert found.table["incidents"].sum() + out == found.of == len(incidents)
    assert found.imprecise == incidents["geo_precision"].isin(["city", "province", "country"]).sum()
    assert set(found.table["kind"]) <= {"neighbourhood", "district", "landmark"} and found.table["place_id"].is_unique
    assert f"{found.imprecise:,} incidents known only to their city" in uncounted_sentence(found)


def test_a_rate_has_the_exact_bounds_of_its_count():
    [row] = hit(*[{"place": "Taimani"}] * 4, exposure=8.0).table.itertuples()
    assert (row.incidents, row.rate) == (4, 0.5)
    assert (row.rate_low, row.rate_high) == rate_interval(4, 8.0)


def test_the_dead_are_an_interval_and_unknown_is_not_zero():
    rows = [
        {"place": "Taimani", "killed_low": "2", "killed": "3", "killed_high": "5", "date": "2020-05-01"},
        {"place": "Taimani", "killed_low": "10", "date": "2021-02-01", "date_precision": "month"},
        {"place": "Taimani", "date": "2019-01-01"},
    ]
    [row] = hit(*rows).table.itertuples()
    assert (row.killed_low, row.killed, row.killed_high, row.at_least, row.without_figure) == (12, 13, 15, True, 1)
    assert (row.last, row.last_precision) == (pd.Timestamp("2021-02-01"), "month")


def test_places_stand_in_the_order_of_their_incidents_then_of_their_names():
    table = hit({"place": "Taimani"}, {"place": "Qargha"}, {"place": "Sherpur"}, {"place": "Sherpur"}).table
    assert table["name"].to_list() == ["Sherpur, Kabul", "Qargha, Kabul", "Taimani, Kabul"]


@pytest.mark.parametrize(
    "since, until, expected",
    [
        (None, None, 3653 / 365.25),
        (date(2005, 1, 1), date(2006, 12, 31), 730 / 365.25),
        (date(1990, 1, 1), date(2030, 1, 1), 3653 / 365.25),
        (date(2010, 1, 1), date(2010, 12, 31), 365 / 365.25),
        (date(2010, 3, 1), None, None),
        (date(2030, 1, 1), None, None),
    ],
    ids=["the record", "the dates", "dates beyond it", "a year", "less than a year", "none of it"],
)
def test_exposure_is_what_the_dates_leave_of_the_record(since, until, expected):
    found = observed(Exposure(pd.Timestamp("2001-01-01"), pd.Timestamp("2011-01-01")), Filters(since=since, until=until))
    assert (found and found.years()) == (pytest.approx(expected) if expected else None)


def test_without_a_year_of_dates_there_is_no_rate():
    table = hit({"place": "Taimani"}, exposure=None).table
    assert table["incidents"].to_list() == [1] and table[["rate", "rate_low", "rate_high"]].isna().all(axis=None)


@pytest.mark.parametrize("rows", [[], [{"city": ""}], [{"place": "Taimani"}]], ids=["none", "unplaced", "one"])
def test_any_record_can_be_asked(rows):
    found = hit(*rows)
    assert found.of == len(rows) and list(found.table.columns) == list(hotspots.TABLE_COLUMNS)
    assert places_sentence(found) or not rows


@pytest.mark.parametrize("probe", PROBES)
def test_hostile_names_lead_to_no_place_and_are_in_no_sentence(probe):
    row = at(31.0, 66.0, "district", district=probe, province=probe, place=probe, city=probe)
    found = hit(row, row | {"geo_precision": "street"}, {"place": probe, "city": "Kabul"})
    assert not len(found.table) and not any(mark in places_sentence(found) for mark in "<{$!")


def test_the_chart_shows_each_rate_with_its_bounds_and_its_table_says_them():
    table = hit(*[{"place": "Taimani"}] * 4, {"place": "Qargha"}, exposure=8.0).table
    light, dark = bars.place_rates(table, LIGHT), bars.place_rates(table, DARK)
    assert light.data["rate"].to_list() == [0.5, 0.125] and (light.data["low"] < light.data["rate"]).all()
    assert light.spec != dark.spec and "Taimani, Kabul: 0.5 (0.14–1.28)" in light.alt
    assert light.rows().to_dict("records")[0] == {"Place": "Taimani, Kabul", "Incidents": 4, "A year (95 %)": "0.5 (0.14–1.28)"}
    assert light.spec["layer"][0]["encoding"]["x"]["scale"] == {"domainMin": 0}


def test_the_chart_holds_no_more_places_than_the_table():
    names = [place.name for place in BY_ID.values() if place.kind == "neighbourhood" and place.geo_precision == "neighbourhood"]
    table = hit(*({"place": name, "city": "", "province": "Kabul"} for name in names)).table
    assert len(table) > bars.MOST_PLACES == len(bars.place_rates(table, LIGHT).data)


def opened(app):
    """The page with its section of repeats open."""
    app.session_state["repeats"] = True
    return app.run()


def test_the_page_leads_to_each_place_under_the_same_filter_and_keeps_a_private_point(run_page):
    app = run_page("pages/nearby.py", {"city": ["Kabul"]})
    app.text_input(key="w:where").set_value("34.5, 69.1").run()
    opened(app).button(key="look-kbl-wazir-akbar-khan").click().run()
    assert address_parameters(app) == {"city": ["Kabul"], "place": ["kbl-wazir-akbar-khan"], "km": ["1.5"]}
    assert app.session_state["point"] == (34.5, 69.1) and "Guzara district" not in words(app)
    herat = opened(run_page("pages/nearby.py"))
    herat.button(key="look-af-herat-guzara").click().run()
    assert address_parameters(herat) == {"place": ["af-herat-guzara"], "km": ["20"]} and "Not counted in these places" in words(
        herat
    )


def test_the_page_of_some_weeks_shows_no_rate(run_page):
    shown = words(opened(run_page("pages/nearby.py", {"from": ["2022-01-01"], "to": ["2022-06-30"]})))
    assert "A yearly rate needs a year of dates." in shown and "A year (95" not in shown


def test_a_figure_nobody_reported_is_no_zero_on_the_page(run_page, tmp_path):
    (tmp_path / "mine.csv").write_text(text({"place": "Taimani"}), encoding="utf-8")
    assert "no figure reported" in words(opened(run_page("pages/nearby.py", source=tmp_path / "mine.csv")))
