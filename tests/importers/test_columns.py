"""The columns of any other table: guessed by name and by content, asked where nobody can know, and told when they are missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.core import reference_data
from incident_atlas.core.schema import NAMES
from incident_atlas.core.validation import Problems, check
from incident_atlas.importers.mapping import (
    DAY_FIRST,
    ISO,
    MONTH_FIRST,
    Mapping,
    applied,
    examples,
    guess,
    judged,
    not_assigned,
    part_counts,
)
from tests.support.profile import scaled
from tests.support.tiny import PROBES


def table(**columns: str) -> pd.DataFrame:
    """A table of these columns, the cells of each separated by bars; "_" in a name is a space."""
    cells = {name.replace("_", " "): value.split("|") for name, value in columns.items()}
    return pd.DataFrame(cells, dtype="str")


def guessed(**columns: str) -> dict[str, str]:
    """Ours and theirs, as guessed."""
    return dict(guess(table(**columns)).columns)


@pytest.mark.parametrize(
    ("name", "cells", "ours"),
    [
        ("Date of incident", "2022-09-05|2022-09-06", "date"),
        ("event_date", "16 February 2023|17 February 2023", "date"),
        ("DATUM", "16.02.2023|17.02.2023", "date"),
        ("تاریخ", "۲۰۲۲-۰۹-۰۵", "date"),
        ("Day", "2022-09-05", "date"),
        ("Year", "2021|2022", "date"),
        ("Excel date", "44809|44810", "date"),
        ("Number", "44809|44810", None),
        ("Date reported", "2022-09-05", None),
        ("Date of the incident", "2022-09-05", "date"),
        ("How many people were killed?", "3", "killed"),
        ("Time", "10:50:00|2:30 pm", "time_local"),
        ("Date", "44809|44810", "date"),
        ("Event ID", "a|b", "incident_id"),
        ("Event ID", "a|a", None),
        ("No. of killed", "3|10-15|n/a", "killed"),
        ("Total killed", "3|dozens|4", "killed"),
        ("fatalities", "3", "killed"),
        ("Killed", "3 civilians|2 soldiers, 1 child|4|1 child|5 police", "killed"),
        ("Killed", "several|dozens|3|a few|3 cars", "killed"),
        ("Погибшие", "3", "killed"),
        ("dead", "Ahmad|Bashir", None),
        ("killed (min)", "3", "killed_low"),
        ("max_deaths", "3", "killed_high"),
        ("blessés", "3", "wounded"),
        ("civilians killed", "3", "killed"),
        ("KIA", "3|0", "killed"),
        ("WIA", "3|0", "wounded"),
        ("How many dead?", "3", "killed"),
        ("How many people were injured?", "3", "wounded"),
        ("Where did it happen?", "x|y", "place"),
        ("Ort / Location", "x|y", "place"),
        ("Place/Ort", "x|y", "place"),
        ("Location (city)", "x|y", "city"),
        ("Province / District", "x|y", "place"),
        ("Date - Datum", "2021-09-05|2021-09-06", "date"),
        ("# killed (civilians)", "3|4", "killed"),
        ("Killed / کشته", "3|4", "killed"),
        ("Killed (police)", "3|4", None),
        ("Killed / Missing", "3|4", None),
        ("Perpetrator (if known)", "Taliban|ISKP", "perpetrator"),
        ("Quelle(n)", "BBC|Reuters", "publisher"),
        ("Uhrzeit", "10:30|k.A.|unbekannt", "time_local"),
        ("کشته\u200cشدگان", "3|4", "killed"),
        ("Was passiert ist", "x|y", "summary"),
        ("Fuente", "BBC|Reuters", "publisher"),
        ("Describe the incident", "x|y", "summary"),
        ("GPS (lat, long)", "34.5281, 69.1723", "coordinates"),
        ("Perpetrators (alleged)", "Taliban|ISKP", "perpetrator"),
        ("Who", "Taliban|ISKP", None),
        ("Fecha", "5 de septiembre de 2021|13 de enero de 2021", "date"),
        ("Muertos", "3", "killed"),
        ("Heridos", "3", "wounded"),
        ("Descripción", "x|y", "summary"),
        ("Lugar", "x|y", "place"),
        ("Ciudad", "x|y", "city"),
        ("Provincia", "x|y", "province"),
        ("Beschreibung", "x|y", "summary"),
        ("Art des Angriffs", "Sprengstoffanschlag|Bombenanschlag", "attack_type"),
        ("Bezirk", "x|y", "district"),
        ("Исполнитель", "ИГ|Талибан", "perpetrator"),
        ("Auteur présumé", "EI-K|Talibans", "perpetrator"),
        ("casualties", "3", None),
        ("admin1", "x|y", "province"),
        ("ADM2_EN", "x|y", "district"),
        ("ولایت", "x|y", "province"),
        ("Town/City", "x|y", "city"),
        ("location", "x|y", "place"),
        ("Weapon used", "Car bomb|something", "weapon"),
        ("Weapon used", "a|b|c", "weapon"),
        ("Target", "Police|Military", "target_type"),
        ("Target", "a mosque|a bus|police", "target_name"),
        ("Type", "Bombing|a|b", "attack_type"),
        ("Type of attack", "Bombing|a|b", "attack_type"),
        ("Description", "x|y", "summary"),
        ("Source", "BBC|Reuters", "publisher"),
        ("Number of sources", "2|3", None),
        ("perpetrator_group", "x|y", "perpetrator"),
        ("Attacker", "x|y", "perpetrator"),
        ("Suspect", "x|y", "perpetrator"),
        ("claimed by", "x|y", "perpetrator"),
        ("attackers", "2|3", None),
    ],
)
def test_a_column_is_known_by_its_name_unless_its_cells_say_otherwise(name, cells, ours):
    found = guess(table(**{name: cells})).columns
    assert found == (((ours, name.replace("_", " ")),) if ours else ())


def test_the_questions_of_a_form_are_known_without_their_groups():
    found = guess(
        pd.DataFrame(
            {
                "start": ["2021-09-02T10:00:00.000+04:30"],
                "today": ["2021-09-02"],
                "grp_incident/date_incident": ["2021-09-01"],
                "grp_incident/incident_type": ["bombing"],
                "grp_harm/killed": ["3"],
                "grp_harm/injured": ["4"],
                "_grp_place/gps_latitude": ["34.52"],
                "_grp_place/gps_longitude": ["69.12"],
                "_submission_time": ["2021-09-03T10:00:00"],
            },
            dtype="str",
        )
    )
    assert dict(found.columns) == {
        "date": "grp_incident/date_incident",
        "attack_type": "grp_incident/incident_type",
        "killed": "grp_harm/killed",
        "wounded": "grp_harm/injured",
        "latitude": "_grp_place/gps_latitude",
        "longitude": "_grp_place/gps_longitude",
    }
    assert found.undecided == ()


@pytest.mark.parametrize(
    "names",
    [
        ("Taliban killed/wounded", "Police killed/wounded"),
        ("dead/wounded", "dead/other"),
        ("harm", "harm/killed", "harm/injured"),
        ("missing/killed",),
    ],
)
def test_a_slash_that_parts_no_group_from_its_question_names_no_count(names):
    assert not {"killed", "wounded"} & dict(guess(pd.DataFrame({name: ["3"] for name in names}, dtype="str")).columns).keys()


def test_when_a_form_was_filled_in_is_not_when_it_happened():
    stamp = "2021-09-02T10:00:00.000+04:30"
    sample = table(start=stamp, end=stamp, today="2021-09-02", _submission_time="2021-09-03T10:00:00")
    assert "date" not in dict(guess(sample).columns)
    assert guessed(start="2021-09-02", end="2021-09-03") == {"date": "start"}


@pytest.mark.parametrize("name", ["actor1", "side_a", "Actor 1", "organisation", "party", "auteur"])
def test_the_perpetrator_is_never_taken_from_a_column_that_does_not_say_so(name):
    assert "perpetrator" not in guessed(**{name: "Taliban|Haqqani Network|Taliban"})


@pytest.mark.parametrize(
    ("cells", "ours"),
    [
        ("2022-09-05|2022-09-06", "date"),
        ("16/02/2022|17/02/2022", "date"),
        ("34.53, 69.17|34.35, 62.20", "coordinates"),
        ("POINT (69.17 34.53)|POINT (62.20 34.35)", "coordinates"),
        ("Kunar|Herat|کابل", "province"),
        ("Bombing/Explosion|Armed Assault", "attack_type"),
        ("Car bomb|Firearms;Grenade", "weapon"),
        ("3|0|12", None),
        ("20220905|20220906", None),
        ("44809|44810", None),
        ("2021|2022", None),
        ("Unknown|Other", None),
        ("34.53|34.35", None),
        ("||", None),
    ],
)
def test_a_column_without_a_telling_name_is_known_by_its_cells_where_they_fit_one_thing_only(cells, ours):
    assert guessed(Q7=cells) == ({ours: "Q7"} if ours else {})


def test_two_unnamed_columns_of_degrees_within_afghanistan_are_its_coordinates():
    assert guessed(A="34.53|34.35", B="69.17|62.20") == {"latitude": "A", "longitude": "B"}
    assert guessed(A="34.53|34.35", B="69.17|62.20", C="33.1|33.2") == {}


def test_one_coordinate_alone_is_none():
    assert guessed(Lat="34.53") == {} and guessed(y="34.53", x="69.17") == {"latitude": "y", "longitude": "x"}


def test_year_month_and_day_in_three_columns_are_the_date():
    parts = {"date_year": "Year", "date_month": "Month", "date_day": "Day"}
    assert guessed(Year="2012", Month="4", Day="3") == parts
    assert guessed(Year="2012", Month="April", Day="0") == parts


def test_a_whole_date_is_taken_rather_than_its_parts():
    assert guessed(Year="2012", Month="4", Date="2012-04-03") == {"date": "Date"}
    assert guessed(Year="2012", Month="4", Q1="2012-04-03") == {"date": "Q1"}


def test_no_two_of_ours_come_from_one_of_theirs_and_every_name_of_ours_is_known():
    sample = pd.DataFrame({"Date": ["2022-09-05"], "date": ["2022-09-06"], "Killed": ["3"], "deaths": ["4"]}, dtype="str")
    columns = guess(sample).columns
    assert len({ours for ours, _ in columns}) == len({theirs for _, theirs in columns}) == len(columns) == 2
    text = {
        name: "x" for name in ("title", "summary", "place", "target_name", "coordinated_id", "perpetrator", "intended_target")
    }
    assert guessed(**text) == {name: name.replace("_", " ") for name in text} and set(text) <= set(NAMES)


@pytest.mark.parametrize(
    ("columns", "question"),
    [
        ({"Date": "03/04/2012|05/06/2012"}, "03/04/2012: it may be 3 April or 4 March. Choose how dates are written."),
        ({"Date": "13/04/2012|04/13/2012"}, "13/04/2012 and 04/13/2012 are not written in one way"),
        ({"Place": "Kabul"}, "No column was found that says when: choose the column of the date."),
        ({"Date": "2-16-23|2-17-23"}, 'Cells of "Date" are no dates, such as "2-16-23": write'),
        ({"Date": "1400/06/14"}, 'Cells of "Date", such as "1400/06/14": Solar Hijri dates are not read. Write'),
        ({"A": "2012-04-03", "B": "2012-04-05"}, 'Several columns hold dates ("A", "B"): choose'),
        ({"Date": "2012-04-03", "Lat": "69.17", "Lon": "34.53"}, "longitudes such as 34.53 lie outside Afghanistan"),
        ({"Date": "2012-04-03", "GPS": "69.17, 34.53"}, "choose whether to exchange them"),
    ],
)
def test_what_nobody_can_know_is_a_question(columns, question):
    (query,) = guess(table(**columns)).undecided
    assert question in query


@pytest.mark.parametrize(
    ("cells", "order"),
    [("03/04/2012|16/04/2012", DAY_FIRST), ("03/04/2012|04/16/2012", MONTH_FIRST), ("2012-04-03|4 May 2012", ISO)],
)
def test_dates_that_tell_their_order_need_no_question(cells, order):
    mapping = guess(table(Date=cells))
    assert (mapping.date_order, mapping.undecided) == (order, ())


def test_a_question_is_gone_once_it_is_answered():
    sample = table(Date="03/04/2012", Lat="69.17", Lon="34.53")
    mapping = guess(sample)
    answered = judged(replace(mapping, date_order=MONTH_FIRST, swapped=False), sample)
    assert len(mapping.undecided) == 2 and answered.undecided == () and answered.date_order == MONTH_FIRST


def test_a_column_that_was_chosen_for_the_date_and_holds_none_is_asked_about():
    sample = table(A="1401/06/14|1401/06/15", B="2022-09-05|2022-09-06")
    (query,) = judged(Mapping((("date", "A"),)), sample).undecided
    assert 'Most cells of "A" are no dates, such as "1401/06/14"' in query


def test_an_order_that_most_dates_contradict_is_asked_about():
    sample = table(Date="16/04/2012|17/04/2012|03/04/2012")
    (query,) = judged(Mapping((("date", "Date"),), date_order=MONTH_FIRST), sample).undecided
    assert query == "Most dates, such as 16/04/2012, are written with the day first: choose how dates are written."


def test_a_mapping_made_before_takes_the_order_of_dates_from_the_new_table():
    assert judged(Mapping((("date", "Date"),), date_order=ISO), table(Date="16/04/2012")).date_order == DAY_FIRST


def test_a_mapping_fits_a_table_whose_names_differ_in_case_and_spaces_only():
    mapping = Mapping((("date", "Date of  Incident"), ("title", "What")))
    assert applied(mapping, ["date of incident", "What"]) == (
        replace(mapping, columns=(("date", "date of incident"), ("title", "What"))),
        [],
    )


def test_a_perpetrator_that_is_presumed_is_suspected():
    rows = table(Date="2021-09-05", Auteur_présumé="Taliban")
    found = guess(rows).read(rows, Problems()).raw
    assert found[["perpetrator", "attribution"]].to_numpy().tolist() == [["Taliban", "suspected"]]


def test_the_soldiers_beside_the_civilians_are_told_of():
    (problem,) = part_counts(Mapping((("killed", "Civilians killed"),)), ["Civilians killed", "KIA", "WIA"])
    assert problem.code == "part_of_a_count" and "KIA" in problem.reason and "WIA" not in problem.reason


def test_the_columns_that_are_not_assigned_are_one_problem_of_the_header():
    mapping = Mapping((("date", "When"),))
    assert not_assigned(mapping, ["When"]) == []
    (one,), (several,) = (not_assigned(mapping, ["When", *others]) for others in (["Colour"], [f"c{n}" for n in range(30)]))
    assert (one.row, one.value, one.reason, one.code) == (1, "Colour", "1 column is not assigned", "columns_not_assigned")
    assert (
        several.reason == "30 columns are not assigned"
        and several.value.startswith("c0, c1, ")
        and several.value.endswith("c19 ...")
    )


def test_a_column_that_the_table_lacks_is_said_and_left_out():
    found, (problem,) = applied(Mapping((("date", "When"), ("title", PROBES[0]))), ["When"])
    assert found.columns == (("date", "When"),)
    assert problem[:3] == (1, "title", PROBES[0]) and "no column of that name" in problem.reason


def test_a_table_is_named_by_its_columns_and_how_many_are_recognised():
    sample = table(Date="2022-09-05", Killed="3", Colour="red")
    assert guess(sample).title(list(sample.columns)) == "Own table: 3 columns, 2 recognised"
    assert Mapping().title(["a"]) == "Own table: 1 column, 0 recognised"


def test_examples_are_the_first_different_cells_that_are_not_blank():
    assert examples(table(A="|x|x| |y|z|w"), "A") == ["x", "y", "z"]
    assert examples(table(A="|"), "A") == [] and len(examples(table(A="x" * 999), "A")[0]) == 80


def test_a_guessed_table_passes_the_check_without_a_problem():
    sample = pd.DataFrame(
        [
            {
                "Date": "16/02/2022",
                "Town": "Kabul",
                "Lat": "34,53",
                "Long": "69,17",
                "Type of attack": "bombing",
                "Target": "police",
                "Claimed by": "ISKP",
                "Killed": "10 to 15",
                "Injured": "n/a",
                "Outcome": "successful",
            }
        ],
        dtype="str",
    )
    problems = Problems()
    found = guess(sample).read(sample, problems)
    incidents = check(found.raw, problems, set(), reference_data.perpetrators())
    assert problems.frame().empty and found.extras.columns.empty
    (row,) = incidents.to_dict("records")
    assert (row["latitude"], row["killed_low"], row["killed_high"]) == (34.53, 10, 15)
    assert (row["attack_type"], row["perpetrator"], row["attribution"]) == (
        "Bombing/Explosion",
        "Islamic State (Khorasan Province)",
        "claimed",
    )


@settings(deadline=None, max_examples=scaled(50))
@given(st.dictionaries(st.text(max_size=15), st.lists(st.text(max_size=15), min_size=2, max_size=2), min_size=1, max_size=4))
def test_any_table_has_a_mapping_of_its_own_columns_each_used_once(cells):
    sample = pd.DataFrame(cells, dtype="str")
    mapping = guess(sample)
    assert len(set(mapping.uses)) == len(mapping.columns) and set(mapping.uses) <= set(cells)
    assert judged(mapping, sample) == mapping and all(question.endswith(".") for question in mapping.undecided)
    assert len(mapping.read(sample, Problems()).extras.columns) >= len(cells) - len(mapping.columns)


def test_a_table_of_few_points_one_of_them_exchanged_is_afghan_by_its_names():
    points = "34.5312, 69.1723|36.7, 67.1|31.61, 65.71|64.37, 31.59"
    sample = table(date="2023-04-03|2023-04-04|2023-04-05|2023-04-06", gps=points, place="Kābul|Mazar-i-Sharif|?|Springfield")
    assert guess(sample).country == "Afghanistan"
