"""Incidents that a person placed: candidates with scores, decisions saved and read again, and a record that holds them."""

from __future__ import annotations

import io
import math
from datetime import date

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_atlas.curation.placements import CANDIDATE, MOST, Placement, candidates, place, placed, read, undo, written
from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.errors import FileError
from incident_atlas.export.tables import write_incidents
from incident_atlas.geo.gazetteer import offline_gazetteer
from incident_atlas.geo.geocoding import BY_A_PERSON, FROM_SOURCE, PLACED_NOTE
from tests.export.test_conversion import once
from tests.support.tiny import PROBES, record

HEAD = "incident_id,place_id,latitude,longitude,geo_precision,decided\n"
ONE = Placement("T-1", "af-kabul", 34.5281, 69.1723, "city", date(2026, 11, 21))
LOST = {"city": "Atlantis"}


def found(**words: str) -> pd.DataFrame:
    return candidates(offline_gazetteer(), dict.fromkeys(("place", "city", "district", "province"), "") | words)


def first(table: pd.DataFrame) -> tuple[str, str]:
    return table["name"].iat[0], table["method"].iat[0]


@pytest.mark.parametrize(
    ("words", "name", "column"),
    [
        ({"city": "Kanduhar"}, "Kandahar", "city"),
        ({"city": "Mazari Sharief"}, "Mazar-e Sharif", "city"),
        ({"province": "Badakshann"}, "Badakhshan", "province"),
        ({"place": "bazaar of Jallalabad"}, "Jalalabad", "place"),
    ],
)
def test_the_likest_place_comes_first_with_its_score_and_the_column_that_named_it(words, name, column):
    table = found(**words)
    assert list(table.columns) == list(CANDIDATE) and 1 <= len(table) <= MOST
    assert first(table)[0] == name and first(table)[1].startswith(f"{column}: ")
    assert table["score"].between(60, 100).all() and table["place_id"].is_unique


def test_places_of_the_stated_province_come_before_likelier_ones_elsewhere():
    table = found(district="Chahar Darra", province="Kondoz")
    inside = (table["province"] == "Kunduz").tolist()
    assert inside[0] and not inside[-1] and inside == sorted(inside, reverse=True)
    assert table["score"].iat[inside.index(False)] > table["score"].iat[inside.index(False) - 1]


def test_a_name_of_several_places_has_all_of_them_as_candidates():
    table = found(district="Dowlatabad").query("score == 100")
    assert sorted(table["province"]) == ["Balkh", "Faryab"] and set(table["method"]) == {"district: name"}


def test_what_names_a_province_is_like_provinces_alone():
    assert set(found(province="Kabol")["kind"]) == {"province"}


@pytest.mark.parametrize("text", ["", "qqqqqqqq", "۔۔۔", *PROBES, "x" * 20_000])
def test_words_that_mean_no_place_have_few_candidates_or_none(text):
    assert len(found(place=text)) <= MOST and list(found(place=text).columns) == list(CANDIDATE)


def test_a_district_is_not_known_better_than_as_a_district():
    assert set(found(district="Injil")["geo_precision"]) <= {"district", "province"}


def test_an_incident_stands_where_a_person_put_it_and_nothing_else_moves():
    loaded = record(LOST, {"city": "Herat"}, {"city": "Nowhere"})
    now, problems = placed(loaded, (ONE,))
    at = now.incidents.iloc[0]
    assert not problems and (at["latitude"], at["longitude"], at["geo_precision"]) == (34.5281, 69.1723, "city")
    assert (at["found_by"], at["province"], at["precision_rank"]) == (BY_A_PERSON, "Kabul", 3)
    kabul = record({}).incidents.iloc[0]
    assert at["x"] == pytest.approx(kabul["x"], abs=1e-5) and at["y"] == pytest.approx(kabul["y"], abs=1e-5)
    pd.testing.assert_frame_equal(same(now).iloc[1:], same(loaded).iloc[1:])
    assert math.isnan(loaded.incidents["x"].iat[0]) and PLACED_NOTE not in loaded.incidents["notes"].iat[0]
    assert now.options["province"] == ("Herat", "Kabul")


def same(loaded: Loaded) -> pd.DataFrame:
    """The incidents without what another file of the same rows may say."""
    frame = loaded.incidents.drop(columns=["origin", "row"])
    return frame.astype({name: "str" for name in frame if isinstance(frame[name].dtype, pd.CategoricalDtype)})


@pytest.mark.parametrize(
    "cells", [LOST, {"city": "Nowhere", "notes": "As told."}, {"city": "", "place": "=1", "province": "Kabol"}]
)
def test_a_record_with_placements_reads_back_from_its_file_as_the_same(cells):
    now, _ = placed(record(cells, {"city": "Herat"}), (ONE._replace(geo_precision="neighbourhood"),))
    back = load_bytes(once(written_as_csv(now)))
    pd.testing.assert_frame_equal(same(back), same(now))
    assert back.incidents["found_by"].tolist()[0] == BY_A_PERSON and back.problems.empty


def written_as_csv(loaded: Loaded) -> bytes:
    """The record as an export has it."""
    out = io.BytesIO()
    write_incidents(out, [loaded.incidents])
    return out.getvalue()


def test_a_point_outside_the_stated_province_is_a_problem_and_stays():
    now, problems = placed(record({"city": "", "province": "Herat", "country": "Afghanistan"}), (ONE,))
    assert [problem.column for problem in problems] == ["latitude"] and "outside Herat" in problems[0].reason
    assert now.incidents["found_by"].tolist() == [BY_A_PERSON] and now.incidents["province"].tolist() == ["Herat"]


def test_a_point_of_the_source_is_not_moved_and_an_unknown_incident_is_said():
    loaded = record({"latitude": "34.34", "longitude": "62.2"})
    now, problems = placed(loaded, (ONE, ONE._replace(incident_id="T-9")))
    assert now is loaded and now.incidents["found_by"].tolist() == [FROM_SOURCE]
    assert sorted(problem.value for problem in problems) == ["T-1", "T-9"]


def test_an_incident_that_stays_unplaced_is_a_decision_that_moves_nothing():
    loaded = record(LOST)
    stays = Placement("T-1", decided=date(2026, 11, 21))
    assert placed(loaded, (stays,)) == (loaded, [])
    assert read(written([stays]))[0][0]._replace(latitude=0.0, longitude=0.0) == stays._replace(latitude=0.0, longitude=0.0)


def test_a_placement_is_replaced_and_taken_back():
    again = place(place((), ONE), ONE._replace(geo_precision="street"))
    assert [one.geo_precision for one in again] == ["street"]
    assert undo(again, "T-1") == () and undo(again, "T-2") == again
    loaded = record(LOST)
    assert placed(loaded, undo(again, "T-1"))[0] is loaded


def test_what_was_written_is_read_again():
    placements = (ONE, *(ONE._replace(incident_id=f"={probe}", place_id="") for probe in PROBES))
    again, problems = read(written(placements))
    assert not problems and again == placements
    assert not any(line.startswith(("=", "+", "-", "@")) for line in written(placements).decode().splitlines())


@pytest.mark.parametrize(
    ("row", "column", "kept"),
    [
        (",,34,69,city,", "incident_id", 0),
        ("a,,95,69,city,", "latitude", 0),
        ("a,,34,,city,", "latitude", 0),
        ("a,,nan,nan,city,", "latitude", 0),
        ("a,,inf,69,city,", "latitude", 0),
        ("a,,34,69,a town,", "geo_precision", 1),
        ("a,,34,69,city,yesterday", "decided", 1),
    ],
)
def test_what_is_wrong_with_a_row_is_said_and_only_a_point_or_an_id_costs_it(row, column, kept):
    placements, problems = read((HEAD + row).encode())
    assert len(placements) == kept and [(one.row, one.column) for one in problems] == [(2, column)]


def test_of_two_rows_of_one_incident_the_last_counts():
    placements, problems = read((HEAD + "a,,34,69,city,\na,,35,70,city,\n").encode())
    assert [one.latitude for one in placements] == [35] and [one.row for one in problems] == [3]


@given(st.binary(max_size=300))
def test_any_bytes_are_placements_or_a_file_error(data):
    for content in (data, HEAD.encode() + data):
        try:
            placements, _ = read(content)
        except FileError:
            continue
        assert all(one.incident_id and not abs(one.latitude) > 90 for one in placements)
