"""UCDP GED: who fought is not who attacked, and every figure is the source's own."""

from __future__ import annotations

import pandas as pd
import pytest

from incident_atlas.core.validation import Problems
from incident_atlas.importers.data_sets.registry import FORMATS
from tests.support.foreign import UCDP, incident, one, read
from tools.synthetic.ucdp import write

STATE = {"type_of_violence": "1", "side_a": "Government of Afghanistan", "side_b": "Taleban"}


@pytest.mark.parametrize(
    "kind, side, perpetrator",
    [
        ("3", "Taleban", "Taliban"),
        ("3", "IS", "Islamic State (Khorasan Province)"),
        ("3", "Hizb-i Islami-yi Afghanistan", "Hezb-e Islami Gulbuddin"),
        ("1", "Government of Afghanistan", "Unknown"),
        ("2", "IS", "Unknown"),
        ("", "IS", "Unknown"),
        ("3", "", "Unknown"),
        ("3", "Unidentified armed men", "Unknown"),
    ],
)
def test_a_perpetrator_is_named_for_one_sided_violence_alone(kind, side, perpetrator):
    found = incident("ucdp", type_of_violence=kind, side_a=side)
    assert found["perpetrator"] == perpetrator
    assert found["attribution"] == ("unknown" if perpetrator == "Unknown" else "attributed")


@pytest.mark.parametrize(
    "day, perpetrator, de_facto",
    [("2021-08-14", "Afghan government forces", False), ("2021-08-15", "Taliban", True), ("2023-01-01", "Taliban", True)],
)
def test_the_government_of_afghanistan_is_whoever_governs_on_that_day(day, perpetrator, de_facto):
    found = one("ucdp", side_a="Government of Afghanistan", date_start=day, date_end=day)
    assert found["perpetrator"] == perpetrator and ("de facto" in found["notes"]) == de_facto
    assert "Named by UCDP GED: Government of Afghanistan." in found["notes"]


@pytest.mark.parametrize(
    "first, last", [("1999-05-01", "1999-05-01"), ("2021-01-01", "2021-12-31"), ("2021-08-01", "2021-08-31")]
)
def test_a_government_that_the_days_leave_open_is_not_guessed(first, last):
    change = {"side_a": "Government of Afghanistan", "date_start": first, "date_end": last, "date_prec": "4"}
    assert one("ucdp", **change)["perpetrator"] == "Government of Afghanistan"
    found = incident("ucdp", **change)
    assert (
        found["perpetrator"] == "Government of Afghanistan" and "Named by UCDP GED: Government of Afghanistan." in found["notes"]
    )


def test_the_islamic_state_elsewhere_is_not_its_province_of_khorasan():
    assert one("ucdp", country="Syria")["perpetrator"] == "IS"
    assert incident("ucdp", country="Syria")["perpetrator"] == "IS"
    assert "Named by UCDP GED: IS." in incident("ucdp", country="Syria")["notes"]


def test_both_sides_of_a_battle_are_in_the_notes():
    expected = "Fought by, says UCDP GED: Government of Afghanistan and Taleban; it does not say who attacked."
    assert one("ucdp", **STATE)["notes"] == expected


@pytest.mark.parametrize(
    "change, title",
    [
        ({}, "One-sided violence: IS and Civilians, Kabul city"),
        (STATE, "State-based violence: Government of Afghanistan and Taleban, Kabul city"),
        ({"type_of_violence": "2", "side_b": "Taleban"}, "Non-state violence: IS and Taleban, Kabul city"),
        ({"type_of_violence": "", "side_b": "", "where_coordinates": ""}, "Violence: IS, Kabul district"),
        ({"side_a": "A\nB"}, "One-sided violence: A B and Civilians, Kabul city"),
    ],
)
def test_the_title_is_made_of_facts(change, title):
    assert one("ucdp", **change)["title"] == title


@pytest.mark.parametrize(
    "code, precision", [("1", "day"), ("2", "week"), ("3", "week"), ("4", "month"), ("5", "year"), ("", ""), ("6", "")]
)
def test_date_precision(code, precision):
    found = one("ucdp", date_prec=code)
    assert found["date_precision"] == precision
    assert ("how well the date is known is missing" in found["notes"]) == (not precision)


@pytest.mark.parametrize(
    "code, precision",
    [
        ("1", "city"),
        ("2", "district"),
        ("3", "district"),
        ("4", "province"),
        ("5", "country"),
        ("6", "country"),
        ("7", "country"),
    ],
)
def test_place_precision(code, precision):
    found = one("ucdp", where_prec=code)
    assert found["geo_precision"] == precision and (found["city"] == "Kabul") == (precision == "city")


@pytest.mark.parametrize("column", ["date_prec", "where_prec", "type_of_violence"])
def test_a_code_that_is_none_is_a_problem_of_its_row_and_column(column):
    found, text = read("ucdp", {}, {column: "8"})
    assert len(found.raw) == 2
    assert text[["row", "column", "value"]].to_numpy().tolist() == [[3, column, "8"]]


@pytest.mark.parametrize("written", ["2019-06-15", "2019-06-15 00:00:00.000", "2019-06-15T00:00:00Z"])
def test_a_date_with_a_time_of_midnight_is_a_day(written):
    assert one("ucdp", date_start=written, date_end="2019-06-15")["date"] == "2019-06-15"


def test_the_last_day_is_kept_when_it_is_another():
    assert one("ucdp")["date_end"] == ""
    found = one("ucdp", date_end="2019-06-18", date_prec="2")
    assert found["date_end"] == "2019-06-18" and "The day lies between the date and 2019-06-18." in found["notes"]


@pytest.mark.parametrize("blank", ["", "-9", "-99", "-9.0"])
def test_unknown_figures_are_blank(blank):
    found = one("ucdp", low=blank, best=blank, high=blank)
    assert [found[name] for name in ("killed_low", "killed", "killed_high", "killed_counts")] == [""] * 4


def test_figures_are_those_of_the_source_and_zero_is_a_figure():
    found = one("ucdp", low="0", best="3.0", high="12")
    figures = [found[name] for name in ("killed_low", "killed", "killed_high", "killed_counts")]
    assert figures == ["0", "3", "12", "all"]
    assert found["wounded_low"] == found["wounded"] == found["wounded_high"] == found["attackers_killed"] == ""


@pytest.mark.parametrize("low, best, high, noted", [("12", "11", "11", True), ("2", "1", "1", True), ("1", "", "2", False)])
def test_figures_out_of_order_stand_in_the_notes(low, best, high, noted):
    found = incident("ucdp", low=low, best=best, high=high)
    assert (f"UCDP GED gives low {low}, best {best}, high {high} dead." in found["notes"]) == noted


def test_places_of_afghanistan_are_written_as_the_record_writes_them():
    found = one("ucdp")
    assert (found["province"], found["district"], found["place"]) == ("Kabul", "Kabul", "an invented gate in Kabul")
    assert one("ucdp", country="Yemen")["province"] == "Kabul province"
    assert one("ucdp", where_description="")["place"] == "Kabul city"
    assert one("ucdp", where_coordinates="Bakwa plains")["city"] == ""


def test_what_makes_a_row_doubtful_is_in_its_notes():
    assert "Status of the row in UCDP GED: Check dyad." in one("ucdp", code_status="Check dyad")["notes"]
    assert "may sum up several" in one("ucdp", event_clarity="2")["notes"]
    assert one("ucdp")["notes"] == "Named by UCDP GED: IS."


def sources(**change: str) -> list[list[str]]:
    """Publisher, title and day of the sources of a row."""
    reports = read("ucdp", change)[0].reports
    return reports[["publisher", "title", "published"]].to_numpy().tolist()[1:]


def test_each_source_of_an_article_is_a_report():
    assert sources() == [
        ["Example News", "Bomb at an invented gate", "2019-06-16"],
        ["Example Agency", "Three dead, police say", "2019-06-17"],
    ]


@pytest.mark.parametrize(
    "article, report",
    [
        ('"Example News, Kabul, 2019-06-16, A bomb; two dead"', ["Example News, Kabul", "A bomb; two dead", "2019-06-16"]),
        ('EX 1 June 2009 "12 killed', ["EX", 'EX 1 June 2009 "12 killed', ""]),
        ("An invented agency", ["An invented agency", "An invented agency", ""]),
        ("16 June", ["16 June", "16 June", ""]),
        ('"Example News,2019-06-16,A bomb\nin two lines"', ["Example News", "A bomb\nin two lines", "2019-06-16"]),
    ],
)
def test_a_source_in_other_words_is_kept_whole(article, report):
    assert sources(source_article=article) == [report]


def test_without_an_article_the_offices_are_the_sources():
    assert sources(source_article="") == [["Example News", "", ""], ["Example Agency", "", ""]]
    alone = {"source_office": "Example News", "source_date": "2019-06-16", "source_headline": "A bomb; two dead"}
    assert sources(source_article="", **alone) == [["Example News", "A bomb; two dead", "2019-06-16"]]
    assert sources(source_article="", source_office="") == []


def test_reports_belong_to_their_incident():
    found, _ = read(
        "ucdp", {"id": "1", "source_article": ""}, {"id": "2"}, {"id": "3", "source_article": "", "source_office": ""}
    )
    counts = found.reports["incident_id"].value_counts().to_dict()
    assert counts == {"ucdp:1": 3, "ucdp:2": 3, "ucdp:3": 1}


def test_the_report_of_the_data_set_says_what_the_row_says():
    report = read("ucdp")[0].reports.iloc[0]
    assert report[["date", "killed_low", "killed_high", "attribution"]].tolist() == ["2019-06-15", "2", "5", "attributed"]
    assert read("ucdp", STATE)[0].reports.iloc[0][["perpetrator", "attribution"]].tolist() == ["", ""]


def test_a_row_without_an_id_has_none_of_ours():
    assert one("ucdp", id="")["incident_id"] == "" and one("ucdp", id="7001.0")["incident_id"] == "ucdp:7001"


def test_extras_are_the_columns_as_they_are():
    extras = read("ucdp")[0].extras.iloc[0]
    assert extras["dyad_name"] == UCDP["dyad_name"] and extras["deaths_civilians"] == "2" and "latitude" not in extras


def test_columns_that_a_file_lacks_are_named_in_its_title():
    title = FORMATS["ucdp"].title
    assert title([name for name in UCDP if name != "where_description"]).endswith(
        "48 columns (1 fewer than the usual 49), without where_description"
    )
    assert title([*UCDP, "mine"]).endswith("50 columns (1 more than the usual 49)")


def test_a_generated_file_has_the_shape_and_is_read_without_a_fault(tmp_path):
    write(tmp_path / "events.csv", 300)
    rows = pd.read_csv(tmp_path / "events.csv", dtype="str", keep_default_na=False)
    problems = Problems()
    found = FORMATS["ucdp"].read(rows, problems)
    assert list(rows) == list(UCDP) and len(found.raw) == 300 and not len(problems.frame())
    assert found.raw["incident_id"].is_unique and len(found.reports) > 600


@pytest.mark.parametrize(
    ("violence", "side", "kind"),
    [
        ("1", "Government of Afghanistan", ""),
        ("2", "Taliban", "non-state group"),
        ("3", "IS", "non-state group"),
        ("3", "Government of Afghanistan", "state forces"),
    ],
)
def test_the_type_of_violence_says_who_acted_where_only_one_side_did(violence, side, kind):
    assert one("ucdp", type_of_violence=violence, side_a=side)["actor_kind"] == kind
