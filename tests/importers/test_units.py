"""What a row of a table is: an incident, a victim of one, a total of many; and ACLED with few of its columns."""

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from incident_atlas.dataset import pipeline
from incident_atlas.dataset.load import load, load_bytes
from incident_atlas.dataset.sql import prepare, what_it_is
from incident_atlas.errors import Undecided
from incident_atlas.importers.mapping import Mapping, guess, read, written
from incident_atlas.importers.mapping.units import fate

CASES = Path(__file__).parent / "cases"


def test_one_row_per_victim_becomes_one_row_per_incident_with_the_victims_counted():
    loaded = load(CASES / "row_per_victim.csv")
    found = loaded.incidents[["incident_id", "killed", "wounded", "place"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [["X1", 3.0, 2.0, "Kabul"], ["X2", 1.0, None, "Herat"]]
    assert "6 victims in 2 incidents" in loaded.origins[0].title and (loaded.source.read, loaded.source.set_aside) == (2, 0)
    assert loaded.extras["row_per_victim.csv"]["name"].iloc[0] == "Person 0; Person 1; Person 2; Person 3; Person 4"


def test_victims_that_were_put_together_are_no_rows_set_aside_wherever_the_file_is_kept(tmp_path):
    made, loaded = prepare(CASES / "row_per_victim.csv", tmp_path / "made.parquet"), load(CASES / "row_per_victim.csv")
    assert (made.read, made.origin.kept, made.origin.set_aside) == (2, 2, 0)
    assert (made.origin.title, made.read) == (loaded.origins[0].title, loaded.source.read)
    assert what_it_is(tmp_path / "made.parquet")[:2] == made[:2]


def test_a_victim_of_another_fate_is_told_of_and_the_others_are_counted():
    loaded = load_bytes(
        b"Incident ID,Date,Victim name,Status,Sex,Description\n1,2021-09-05,Ali,killed,m,Bomb\n1,2021-09-05,Sara,Injured,w,Bomb\n"
        b"1,2021-09-05,Omid,missing,m,Bomb\n2,2021-09-06,Zia,killed,m,Gun\n"
    )
    found = loaded.incidents[["killed", "wounded"]].astype(object)
    assert found.where(found.notna(), None).to_numpy().tolist() == [[1.0, 1.0], [1.0, None]]
    problems = loaded.problems[loaded.problems["value"] == "missing"]
    assert problems["row"].tolist() == [4] and "neither killed nor wounded" in problems["reason"].item()


VICTIMS = "Incident ID,Date,Headline,Victim,Killed,Wounded\n"


def figures_of(text: str, columns: tuple[str, ...] = ("killed", "wounded")) -> list[list[float | None]]:
    found = load_bytes(text.encode()).incidents[list(columns)].astype(object)
    return found.where(found.notna(), None).to_numpy().tolist()


def test_a_victim_whose_fate_is_blank_is_told_of():
    rows = "Incident ID,Date,Victim name,Status,Description\n1,2021-09-05,Ali,killed,Bomb\n1,2021-09-05,Sara,,Bomb\n"
    problems = load_bytes(rows.encode()).problems
    assert problems.loc[problems["code"] == "not_a_count", "row"].tolist() == [3]


@pytest.mark.parametrize("counts", ["5,7,2", "5 killed,10+,unknown", "6,6,1", ",,"])
def test_a_count_of_casualties_makes_no_row_a_victim(counts):
    casualties = counts.split(",")
    rows = ["A,2020-01-01,bomb in Kabul,{},3", "A,2020-03-01,raid in Herat,{},4", "B,2020-01-02,shots,{},1"]
    lines = [row.format(count) for row, count in zip(rows, casualties, strict=True)]
    loaded = load_bytes("\n".join(["Event ID,Date,Headline,Casualties,Killed", *lines]).encode())
    assert loaded.incidents["killed"].tolist() == [3, 4, 1] and (loaded.source.read, loaded.source.kept) == (3, 3)
    assert loaded.problems.loc[loaded.problems["code"] == "id_replaced", "row"].tolist() == [3]


def test_incidents_that_share_an_id_by_mistake_are_no_victims_whatever_their_columns_are_called():
    rows = "Event ID,Date,Headline,Victims,Killed\nA,2020-01-01,bomb,police,3\nA,2020-03-01,raid,students,4\nB,2020-01-02,shots,a judge,1\n"
    assert figures_of(rows, ("killed",)) == [[3], [4], [1]]


@pytest.mark.parametrize("column", ["Victim,1,2,1", "Victim,1,2,3", "Victim ID,1,1,4", "Casualty,0,1,0"])
def test_the_number_of_a_victim_in_a_list_is_no_count(column):
    name, *numbers = column.split(",")
    rows = [f"{incident},bomb,2020-01-0{day},{number},1" for incident, day, number in zip("AAB", "112", numbers, strict=True)]
    assert figures_of("\n".join([f"Incident ID,Headline,Date,{name},Killed", *rows]), ("killed",)) == [[2], [1]]


def test_rows_of_victims_of_one_id_on_different_days_are_different_incidents():
    rows = (
        "A,2020-01-01,bomb,v,1,0\nA,2020-01-01,bomb,x,1,0\nA,1 January 2020,bomb,y,1,0\nA,,bomb,w,0,1\nA,2020-03-01,raid,z,0,1\n"
    )
    loaded = load_bytes((VICTIMS + rows).encode())
    assert loaded.incidents[["killed", "wounded"]].fillna(-1).to_numpy().tolist() == [[3, 1], [-1, 1]]
    assert loaded.incidents["title"].tolist() == ["bomb", "raid"]
    assert loaded.problems.loc[loaded.problems["code"] == "id_replaced", "row"].tolist() == [6]


def test_another_title_of_the_same_incident_is_told_of():
    rows = "A,2020-01-01,bomb,x,1,0\nA,2020-01-01,Bomb ,y,1,0\nA,2020-01-01,raid,z,0,1\n"
    problems = load_bytes((VICTIMS + rows).encode()).problems
    assert problems.loc[problems["code"] == "title_not_kept", ["row", "value"]].to_numpy().tolist() == [[4, "raid"]]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1,0|0,1|1,0", "0,1|1,0", [[2, 1], [1, 1]]),
        ("1,0|1,0", "1,0", [[2, 0], [1, 0]]),
        ("1,|1,|,1", "1,", [[2, 1], [1, None]]),
        ("1.0,0.0|1.0,0.0", "0.0,1.0", [[2, None], [None, 1]]),
        ("3,1|3,1|3,1", "1,0", [[3, 1], [1, 0]]),
        ("3,1|,|,", "1,0", [[3, 1], [1, 0]]),
        ("1,1|1,1", "1,0", [[1, 1], [1, 0]]),
        ("1,1", "1,0", [[1, 1], [1, 0]]),
        ("5-7,0|5-7,0", "2,0", [[None, 0], [2, 0]]),
    ],
)
def test_flags_of_victims_are_summed_and_totals_that_repeat_are_taken_once(first, second, expected):
    rows = [
        f"{name},2020-01-01,bomb,v{i},{one}"
        for name, held in (("A", first), ("B", second))
        for i, one in enumerate(held.split("|"))
    ]
    # A third incident, so that an id repeats in every case.
    rows += ["C,2020-01-02,shots,u,0,0"]
    assert figures_of(VICTIMS + "\n".join(rows))[:2] == expected


@pytest.mark.parametrize("cells", ["5|6", "2|1", "1|dozens"])
def test_a_total_that_differs_within_an_incident_is_blank_and_told_of(cells):
    rows = [f"{name},2020-01-01,bomb,v{i},{4 + (name > 'C')},0" for name in "BCDEFG" for i in range(2)]
    rows += [f"Z,2020-01-01,bomb,v{i},{cell},0" for i, cell in enumerate(cells.split("|"))]
    loaded = load_bytes((VICTIMS + "\n".join(rows)).encode())
    assert loaded.incidents["killed"].fillna(-1).tolist() == [4, 4, 5, 5, 5, 5, -1]
    problems = loaded.problems[loaded.problems["code"] == "not_a_count"]
    assert problems[["row", "value"]].to_numpy().tolist() == [[14, cells.replace("|", "; ")]]


def test_a_column_that_often_differs_is_no_total_where_it_is_the_same_either():
    rows = "A,2020-01-01,bomb,x,2,0\nA,2020-01-01,bomb,y,1,0\nB,2020-01-02,shots,u,1,0\nB,2020-01-02,shots,v,1,0\nC,2020-01-03,raid,w,2,0\n"
    assert figures_of(VICTIMS + rows, ("killed",)) == [[None], [None], [2]]


def test_attackers_who_died_are_a_total_in_every_row_of_a_victim():
    rows = "Incident ID,Date,Victim name,Killed,Attackers killed\nA,2020-01-01,x,1,1\nA,2020-01-01,y,1,1\nB,2020-01-02,z,0,0\n"
    assert figures_of(rows, ("killed", "attackers_killed")) == [[2, 1], [None, 0]]


def test_a_victim_of_neither_flag_is_told_of():
    rows = "A,2020-01-01,bomb,x,1,0\nA,2020-01-01,bomb,y,0,0\nA,2020-01-01,bomb,z,,\nB,2020-01-02,shots,u,0,1\n"
    problems = load_bytes((VICTIMS + rows).encode()).problems
    assert problems.loc[problems["code"] == "not_a_count", "row"].tolist() == [3, 4]


def test_a_person_who_says_one_victim_of_a_table_without_an_id_is_asked_for_it():
    rows = b"Date,Headline,Victim\n2020-01-01,bomb,Ali\n2020-01-02,shots,Sara\n"
    mapping = Mapping(columns=(("date", "Date"), ("title", "Headline")), unit="victim")
    with pytest.raises(Undecided, match="which incident a victim belongs to"):
        load_bytes(rows, mapping=mapping)


def test_letters_among_others_are_no_fates():
    sample = pd.DataFrame({"id": ["1", "1", "2"], "Sex": ["w", "w", "m"], "name": ["A", "B", "C"]}, dtype="str")
    assert fate(sample) == ""


def test_totals_are_refused_unless_the_reader_says_that_a_row_is_an_incident():
    path = CASES / "monthly_totals.csv"
    with pytest.raises(Undecided, match="totals of several events"):
        load(path)
    mapping = replace(guess(pd.read_csv(path, dtype=str)), unit="incident")
    again, _ = read(written(mapping))
    assert again.unit == "incident" and load(path, mapping=again).source.kept == 2


def test_a_repeated_id_of_incidents_loses_no_row():
    loaded = load_bytes(b"id,date,title,killed\n1,2020-01-01,One,2\n1,2020-01-02,Two,3\n")
    assert loaded.incidents["killed"].tolist() == [2, 3]


def test_a_repeated_id_leaves_the_ids_of_the_other_rows():
    loaded = load_bytes(b"Event ID,Date,Title\nK-1,2020-01-01,One\nK-2,2020-01-02,Two\nK-2,2020-01-02,Two\nK-4,2020-01-04,Four\n")
    first, second, _made, last = loaded.incidents["incident_id"]
    assert (first, second, last) == ("K-1", "K-2", "K-4") and loaded.incidents["incident_id"].is_unique
    problems = loaded.problems[loaded.problems["code"] == "id_replaced"]
    assert problems[["row", "value"]].to_numpy().tolist() == [[4, "K-2"]] and loaded.source.set_aside == 0


@pytest.mark.parametrize("size", [1, 2, 50])
def test_a_repeated_id_is_found_in_whatever_chunks_the_rows_are_read(monkeypatch, size):
    monkeypatch.setattr(pipeline.atlas, "CHUNK", size)
    loaded = load_bytes(
        b"Event ID,Date,Title\nK-1,2020-01-01,One\nK-2,2020-01-02,Two\nK-2,2020-01-03,Three\nK-4,2020-01-04,Four\n"
    )
    assert loaded.problems.loc[loaded.problems["code"] == "id_replaced", "row"].tolist() == [4] and len(loaded.incidents) == 4


def test_an_id_that_never_repeats_is_preferred():
    sample = pd.DataFrame({"id": ["a", "b", "b"], "record id": ["1", "2", "3"]}, dtype="str")
    assert dict(guess(sample).columns) == {"incident_id": "record id"}


@pytest.mark.parametrize(
    ("name", "days", "low"),
    [
        ("acled_few_columns.csv", ["2022-09-21"], [2]),
        ("acled_day_first.csv", ["2001-04-18", "2001-04-03"], [1, 1]),
        ("acled_without_ids.csv", ["2023-05-01", "2023-06-01", "2023-07-01"], [2, 1, None]),
    ],
)
def test_acled_is_read_as_acled_however_many_columns_are_left(name, days, low):
    loaded = load(CASES / name)
    assert loaded.origins[0].format.key == "acled" and loaded.incidents["date"].dt.strftime("%Y-%m-%d").tolist() == days
    assert [None if one != one else one for one in loaded.incidents["killed_low"]] == low


def test_the_event_types_that_count_as_attacks_are_the_readers_choice_and_said():
    path = CASES / "acled_few_columns.csv"
    mapping, _ = read(written(Mapping(event_types=("Protests", "Violence against civilians"))))
    loaded = load(path, mapping=mapping)
    assert (loaded.source.kept, loaded.source.set_aside) == (2, 1)
    assert loaded.origins[0].title.endswith("counted as attacks: Protests and Violence against civilians")
    assert "Battles, Explosions/Remote violence and Violence against civilians" in load(path).origins[0].title


def test_an_id_made_of_a_row_is_the_same_in_a_copy_in_another_order():
    lines = (CASES / "acled_without_ids.csv").read_bytes().splitlines(keepends=True)
    other = load_bytes(b"".join([lines[0], lines[3], lines[2], lines[1]]))
    assert set(other.incidents["incident_id"]) == set(load(CASES / "acled_without_ids.csv").incidents["incident_id"])


@pytest.mark.parametrize("size", [1, 2, 50])
def test_ids_made_from_content_do_not_depend_on_the_chunks_that_are_read(monkeypatch, size):
    header, *rows = (CASES / "acled_without_ids.csv").read_bytes().splitlines(keepends=True)
    data = b"".join([header, *[rows[0].rstrip() + b"\n"] * 5])
    whole = load_bytes(data).incidents["incident_id"]
    monkeypatch.setattr(pipeline.atlas, "CHUNK", size)
    assert whole.is_unique and list(load_bytes(data).incidents["incident_id"]) == list(whole) and len(whole) == 5
