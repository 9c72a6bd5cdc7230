"""What the two founding articles say is in the record, every disagreement between the reports kept."""

from __future__ import annotations

import csv
from pathlib import Path

DATA = Path(__file__).resolve().parents[2] / "data"
CAR, GATE, SPAIN, GERMANY, HERAT = "AFG-20201201-1", "AFG-20220905-1", "AFG-20151211-1", "AFG-20170531-1", "AFG-20220902-1"
IS = "Islamic State (Khorasan Province)"

Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (DATA / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def incident(incident_id: str) -> Row:
    return next(row for row in table("incidents") if row["incident_id"] == incident_id)


def reports(incident_id: str, publisher: str = "") -> list[Row]:
    return [row for row in table("reports") if row["incident_id"] == incident_id and publisher in ("", row["publisher"])]


def test_no_casualties_and_concussions_of_2020_are_both_kept():
    (founding,) = reports(CAR, "SouthFront")
    assert "no casualties" in founding["says"] and "concussions" in founding["says"]
    assert founding["killed_low"] == founding["killed_high"] == "0"
    assert (founding["wounded_low"], founding["wounded_high"]) == ("0", "")
    row = incident(CAR)
    assert (row["killed_low"], row["killed"], row["killed_high"]) == ("0", "0", "0")
    assert (row["wounded_low"], row["wounded"], row["wounded_high"]) == ("0", "", "")


def test_who_was_aimed_at_in_2020_stays_open_and_nobody_is_named():
    row = incident(CAR)
    assert row["target_country"] == "Russia" and row["target_type"] == "Government (Diplomatic)"
    assert "Pick-up" in row["intended_target"] and row["intended_target_country"] == "Afghanistan"
    assert "did not rule out" in row["summary"]
    assert (row["perpetrator"], row["attribution"]) == ("Unknown", "unknown")
    assert not any(report["perpetrator"] for report in reports(CAR))


def test_the_car_of_2020_is_near_the_embassy_and_not_on_it():
    row = incident(CAR)
    assert "near the Russian embassy" in row["place"] and not row["latitude"]


def test_two_embassy_employees_of_2022_are_told_as_each_source_tells_them():
    (arabic,) = [row for row in reports(GATE, "Al Jazeera") if row["language"] == "ar"]
    assert "deaths and injuries, two embassy employees among them" in arabic["says"]
    assert "official of the Afghan forces" in arabic["says"]
    assert not arabic["killed_low"] and arabic["perpetrator"] == "Unknown"
    (bbc,) = reports(GATE, "BBC News")
    assert "both embassy staff" in bbc["says"] and bbc["killed_low"] == "2"
    assert "Two embassy employees" in incident(GATE)["summary"]


def test_the_claim_of_2022_is_cited_and_reports_of_the_day_name_nobody():
    row = incident(GATE)
    assert (row["perpetrator"], row["attribution"]) == (IS, "claimed")
    claims = [report for report in reports(GATE) if report["attribution"] == "claimed"]
    assert claims and all(report["perpetrator"] == IS for report in claims)
    assert any(report["url"] and "claim" in report["says"] for report in claims)
    assert sum(report["attribution"] == "unknown" for report in reports(GATE)) >= 2


def test_the_gate_of_2022_keeps_every_toll_and_has_the_settled_one():
    row = incident(GATE)
    # Reports of the day go from the two employees to 25; days later the Security Council says at least six.
    assert {"2", "25"} <= {report["killed_low"] for report in reports(GATE)}
    assert (row["killed_low"], row["killed"], row["killed_high"]) == ("6", "6", "")
    assert row["suicide"] == "yes" and row["target_country"] == "Russia;Afghanistan"


def test_the_spanish_embassy_of_2015_has_its_car_bomb_and_its_guard():
    row = incident(SPAIN)
    assert row["weapon"].startswith("Vehicle bomb") and "Spain" in row["target_country"] and row["attribution"] == "claimed"
    (recalled,) = reports(SPAIN, "Al Jazeera")
    assert "car bomb" in recalled["says"] and "killed its guard" in recalled["says"] and recalled["published"] == "2022-09-05"


def test_more_than_90_and_more_than_150_dead_of_2017_are_both_kept():
    row = incident(GERMANY)
    assert (row["killed"], row["killed_high"]) == ("150", "")  # "more than 150" has no upper bound
    (recalled,) = reports(GERMANY, "Al Jazeera")
    assert (recalled["killed_low"], recalled["killed_high"]) == ("90", "") and "India and Iraq" in recalled["says"]
    assert any(report["killed_low"] == "150" for report in reports(GERMANY))
    assert {"Germany", "India", "Iraq"} <= set(row["target_country"].split(";"))


def test_the_mosque_of_herat_is_three_days_before_the_embassy():
    row = incident(HERAT)
    assert (row["city"], row["date"]) == ("Herat", "2022-09-02") and "Place of Worship" in row["target_subtype"]
    assert row["attribution"] == "suspected" and any(report["attribution"] == "claimed" for report in reports(HERAT))
