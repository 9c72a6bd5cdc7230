"""The quality report of a file: every count is of rows that are there, and a file of several says which it means."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest

from incident_atlas.core.data_sets import Format, Origin
from incident_atlas.curation.privacy import Policy, withheld
from incident_atlas.curation.quality.report import Section, as_json, percent, report
from incident_atlas.dataset.load import Loaded
from tests.support.tiny import PROBES, record


def sections(loaded: Loaded, n: int = 0) -> dict[str, Section]:
    return {part.title: part for part in report(loaded).files[n].sections}


def rows(section: Section) -> list[tuple]:
    return list(section.table.itertuples(index=False, name=None))


def of(loaded: Loaded, format: Format) -> Loaded:
    """The same record, said to be of that data set."""
    return replace(loaded, origins=(replace(loaded.origins[0], format=format),))


def test_rows_read_are_kept_or_set_aside_by_reason():
    found = sections(record({}, {"date": "soon"}, {"date": "later", "title": ""}, {"killed": "some"}))["Rows"]
    assert found.sentence.startswith("4 rows read, 2 kept, 2 set aside.") and "both" in found.sentence
    assert rows(found) == [("not a date", 2), ("no title", 1)]


def test_repeated_ids_are_named_with_the_rows_they_cost():
    found = sections(record({"incident_id": "A"}, {"incident_id": "A"}, {"incident_id": "A"}, {"incident_id": "B"}))
    assert rows(found["Repeated ids"]) == [("A", 2)] and "2 rows repeat" in found["Repeated ids"].sentence
    assert "Repeated ids" not in sections(record({}))


def test_unknown_counts_as_missing_and_zero_does_not():
    found = sections(record({"killed": "0"}, {"killed_low": "2"}, {"perpetrator": "Unknown", "attribution": "unknown"}))[
        "Missing"
    ]
    shares = {name: n for name, n, _ in rows(found)}
    assert (shares["killed"], shares["wounded"], shares["perpetrator"], shares["attribution"]) == (1, 3, 1, 1)
    assert "wounded" in found.sentence and "perpetrator" not in found.sentence


def test_blurred_places_are_not_called_found_in_the_gazetteer():
    found = sections(withheld(record({"city": "Kabul"}, {"city": "Herat"}), Policy(places="grid")))
    assert (
        found["How places are found"].sentence
        == "0 points given by the source, 0 found in the gazetteer, 2 blurred, 0 not found."
    )


def test_places_are_told_by_how_they_were_found_and_how_precisely():
    values = {"latitude": "34.5", "longitude": "69.2", "geo_precision": "street"}
    found = sections(record(values, {"city": "Kabil"}, {"city": "Atlantis"}))
    assert found["How places are found"].sentence == "1 point given by the source, 1 found in the gazetteer, 1 not found."
    assert {how for how, *_ in rows(found["How places are found"])} == {
        "given by a source",
        "gazetteer, city by alias",
        "not found",
    }
    assert [(known, n) for known, n, _ in rows(found["How well places are known"])] == [
        ("the street", 1),
        ("the city only", 1),
        ("no place", 1),
    ]


def test_incidents_on_identical_coordinates_are_counted_at_their_point():
    found = sections(record({}, {}, {}, {"city": "Herat"}, {"city": "Atlantis"}))["Incidents on one point"]
    [(point, name, n, share)] = rows(found)
    assert (name, n, share) == ("Kabul", 3, 0.75) and point.startswith("34.5")
    assert found.sentence.startswith("3 of 4 incidents with a point")


def test_points_outside_their_province_and_outside_the_country_are_told_apart():
    kabul, herat, rome = ("34.53", "69.17"), ("34.34", "62.2"), ("41.9", "12.5")
    points = [(kabul, "Kabul"), (herat, "Kabul"), (rome, "Kabul"), (rome, "")]
    at = [{"latitude": p[0], "longitude": p[1], "province": name, "city": ""} for p, name in points]
    found = sections(record(*at))["Points that do not fit"]
    assert {where: n for where, n, _ in rows(found)} == {"outside the province": 1, "outside the country": 1}


def test_silent_months_are_those_between_the_first_and_the_last():
    dates = [{"date": day} for day in ("2020-01-05", "2020-04-05", "2020-06-01", "2020-07-01")]
    found = sections(record(*dates, {"date": "2019"}))["Silent months"]
    assert rows(found) == [("2020-02", "2020-03", 2), ("2020-05", "2020-05", 1)]
    assert found.sentence.startswith("3 of the 7 months from 2020-01 to 2020-07")
    assert "known to the month" in sections(record({"date": "2019"}))["Silent months"].sentence


def test_dates_that_heap_on_the_first_of_the_month_are_told_and_those_of_months_are_no_part_of_it():
    spread = [{"date": f"2020-01-{day:02d}"} for day in range(1, 32)]
    heaped = sections(record(*spread, *[{"date": "2020-01-01"}] * 9, {"date": "2020-03"}))["First of the month"]
    assert rows(heaped)[0] == ("the first", 10, round(40 / 31, 1)) and "only the month" in heaped.sentence
    assert "only the month" not in sections(record(*spread))["First of the month"].sentence


def test_round_figures_are_held_against_their_neighbours():
    even = [{"killed": str(n)} for n in range(9, 42)]
    assert "estimates" not in sections(record(*even))["Round figures, killed"].sentence
    found = sections(record(*even, *[{"killed": "20"}] * 20))["Round figures, killed"]
    assert rows(found) == [("multiples of ten", 24), ("one below or above", 8)] and "Some are estimates" in found.sentence
    assert "Round figures, killed" not in sections(record({"killed": "4"}))


def test_figures_that_may_be_words_are_told_of_acled_alone():
    loaded = record(*({"killed_low": n} for n in ("3", "3", "12", "100", "7", "")))
    found = sections(of(loaded, Format("acled", "ACLED")))["Figures that may be words"]
    assert [(text.split(":")[0], n) for text, n, _ in rows(found)] == [("no figure", 1), ("3", 2), ("12", 1), ("100", 1)]
    assert "Figures that may be words" not in sections(loaded)


def test_whether_attackers_are_among_the_dead_is_asked_of_figures_alone():
    found = sections(record({"killed": "3", "killed_counts": "all"}, {"killed": "1"}, {"killed_counts": "victims"}))
    assert [row[:2] for row in rows(found["Attackers among the dead"])] == [("attackers may be among them", 1), ("not said", 1)]


def test_what_a_data_set_cannot_say_and_the_breaks_within_its_dates_are_told():
    format = Format("x", "X", cannot_say=("It holds no wounded.",), breaks=(("2019-06-01", "Before."), ("2020-02-01", "Within.")))
    found = sections(of(record({"date": "2020-01-01"}, {"date": "2020-03-01"}), format))
    assert found["What it cannot say"].sentence == "It holds no wounded."
    assert rows(found["Breaks of method"]) == [("2020-02-01", "Within.")] and "1 Feb 2020" in found["Breaks of method"].sentence
    assert "Breaks of method" not in sections(of(record({"date": "2020-01-01"}), format))


def test_each_file_of_a_record_has_its_own_report_and_a_joined_incident_stands_in_both():
    loaded = record({"killed": "1"}, {}, {})
    one = loaded.origins[0]
    other = Origin("B", Format("ucdp", "UCDP GED"), "B", "b.csv", "", 2, 2, 0)
    origin = pd.Categorical([one.name, "B", f"{one.name};B"])
    both = replace(loaded, incidents=loaded.incidents.assign(origin=origin), origins=(one, other))
    killed = [next(row for row in rows(sections(both, n)["Missing"]) if row[0] == "killed") for n in (0, 1)]
    assert killed == [("killed", 1, 0.5), ("killed", 2, 1.0)]


def test_a_record_without_incidents_has_a_report_of_its_rows():
    assert [part.title for part in report(record({"date": "soon"})).files[0].sections] == ["Rows"]


@pytest.mark.parametrize("probe", PROBES)
def test_the_report_is_one_json_value_whatever_the_file_says(probe):
    answer = as_json(report(record({"city": probe, "title": probe, "killed": "2"}, {"date": probe})))
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer
    assert list(answer[0]) == ["name", "recognised", "facts", "sections"]
    assert all(list(part) == ["title", "sentence", "rows"] for part in answer[0]["sections"])


@pytest.mark.parametrize(("part", "whole", "message"), [(0, 5, "0 %"), (5, 5, "100 %"), (1, 500, "under 1 %"), (1, 3, "33 %")])
def test_a_share_is_never_told_as_nothing_when_there_is_some(part, whole, message):
    assert percent(part, whole) == message


def facts(loaded: Loaded) -> dict[str, str]:
    """The five things to know about a record of one file."""
    return {fact.title: fact.sentence for fact in report(loaded).files[0].facts}


def test_five_things_lead_the_report_and_agree_with_its_rows():
    point = {"latitude": "34.71234", "longitude": "69.31334", "geo_precision": "street"}
    found = facts(
        record(
            point | {"perpetrator": "Unknown", "killed": "2", "date": "2020-03-01"},
            {"city": "Herat", "killed": "0", "date": "2020-05"},
            {"city": "", "place": "Nowhere", "target_type": "Unknown", "killed": ""},
            {"date": "soon"},
        )
    )
    assert list(found) == ["Rows", "Dates", "Places", "Known", "Problems"]
    assert found["Rows"] == "4 rows read, 3 kept, 1 set aside. Most often: not a date (1 row)."
    assert found["Dates"] == "From 1 Jan 2020 to 31 May 2020; 67 % are dated to the day."
    assert found["Places"].startswith("2 of 3 incidents have a place on the map, 1 of them by a point of the file's own.")
    assert "Known to at least the neighbourhood: 33 %." in found["Places"] and "GPS" not in found["Places"]
    assert found["Known"].startswith("Who acted is known in 67 % of the incidents") and "the target in 67 %" in found["Known"]
    assert found["Known"].endswith("the number of killed in 67 %.") and "problem" in found["Problems"]


def test_points_that_are_taken_for_towns_and_copies_are_among_them():
    point = {"latitude": "34.71234", "longitude": "69.31334"}
    found = facts(record(point, point, point | {"title": "Another"}))
    assert found["Places"].endswith("Its points are treated as the centre of a town, unless you say that they are GPS points.")
    assert "1 incident may be a copy: day, place, title and killed are those of another." in found["Problems"]


def test_of_a_file_without_a_usable_row_its_rows_and_problems_are_told():
    found = facts(record({"date": "soon"}))
    assert list(found) == ["Rows", "Problems"] and found["Rows"].startswith("1 row read, 0 kept, 1 set aside.")
