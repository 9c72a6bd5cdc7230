"""Rows of any other table: every cell is used, kept as an extra, or kept in the notes, and every row is accounted for."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.core import reference_data
from incident_atlas.core.data_sets import Read
from incident_atlas.core.schema import NAMES, REPORT_NAMES
from incident_atlas.core.validation import Problems, check
from incident_atlas.dataset import pipeline
from incident_atlas.dataset.load import load_bytes
from incident_atlas.importers.mapping import DAY_FIRST, MONTH_FIRST, ORDERS, OURS, Mapping, guess
from tests.support.profile import scaled


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    """A table of these rows, the first on line 2."""
    return pd.DataFrame(list(rows), index=range(2, len(rows) + 2), dtype="str").fillna("")


def read(*rows: dict[str, str], id_counts: dict[str, int] | None = None, **mapping) -> tuple[Read, pd.DataFrame]:
    """What the rows become, and the problems; the columns of the table are named as ours."""
    table = frame(*rows)
    mapping.setdefault("columns", tuple((name, name) for name in table.columns if name in OURS))
    problems = Problems()
    return Mapping(**mapping).read(table, problems, id_counts), problems.frame()


def only(row: dict[str, str], **mapping) -> dict[str, str]:
    """The cells of one row of the record that are not blank."""
    (found,) = read(row, **mapping)[0].raw.to_dict("records")
    return {name: cell for name, cell in found.items() if cell}


def test_all_columns_of_the_record_are_there_and_the_others_are_extras():
    found, problems = read({"date": " 2022-09-05 ", "colour": " red "}, {"date": "2022-09-06", "colour": ""})
    assert tuple(found.raw.columns) == NAMES and tuple(found.reports.columns) == REPORT_NAMES
    assert list(found.raw.index) == list(found.extras.index) == [2, 3] and list(found.raw["date"]) == ["2022-09-05", "2022-09-06"]
    assert found.extras.to_dict("list") == {"colour": [" red ", ""]} and problems.empty


@pytest.mark.parametrize(
    ("cell", "perpetrator", "attribution"),
    [
        ("ISKP (claimed)", "ISKP", "claimed"),
        ("Taliban (denied)", "Taliban", "denied"),
        ("suspected Taliban", "Taliban", "suspected"),
        ("TTP?", "TTP", "suspected"),
        ("IS?", "ISIS", "suspected"),
        ("Taliban", "Taliban", None),
        ("Farmers (claimed)", "Farmers (claimed)", None),
    ],
)
def test_a_perpetrator_with_how_sure_it_is_is_read_as_both(cell, perpetrator, attribution):
    row = only({"date": "2022-09-05", "perpetrator": cell})
    assert (row["perpetrator"], row.get("attribution")) == (perpetrator, attribution)
    assert only({"date": "2022-09-05", "perpetrator": cell, "attribution": "attributed"})["attribution"] == "attributed"


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("Mosque", "Religious Figures/Institutions"),
        ("ANP; civilians", "Police;Private Citizens & Property"),
        ("the green house", None),
    ],
)
def test_the_name_of_a_target_says_its_kind_where_no_column_does(cell, kind):
    row = {"date": "2022-09-05", "target_name": cell}
    assert only(row).get("target_type") == kind and only(row)["target_name"] == cell
    assert only(row | {"target_type": "NGO"})["target_type"] == "NGO"


def test_a_tracker_as_people_keep_them_is_on_the_map():
    lines = [
        "No.,When,Where,District / Nahia,What happened,KIA,WIA,By whom?",
        '1,3 Apr 2024,Kabul - Paghman,Paghman,"Bomb on a police vehicle",0,2,unk',
        '2,13/04/2024,Kabul (PD 13),Dasht-e Barchi,"Magnetic bomb, minibus",1,3,ISKP (claimed)',
        '3,17 May 2024,Bamyan city,,Tourists shot in the bazaar,"6 (3 Spanish, 3 Afghan)",7,ISKP',
    ]
    loaded = load_bytes("\n".join(lines).encode(), "tracker.csv")
    found = loaded.incidents
    assert found["country"].astype("str").tolist() == ["Afghanistan"] * 3 and found["latitude"].notna().all()
    assert found["killed"].tolist() == [0, 1, 6] and loaded.problems.empty
    assert found["attribution"].astype("str").tolist() == ["unknown", "claimed", "not stated"]


def test_the_table_itself_is_not_changed():
    table = frame({"date": "16/02/2022", "killed": "10-15"})
    before = table.copy()
    guess(table).read(table, Problems())
    pd.testing.assert_frame_equal(table, before)


def test_a_row_whose_date_may_be_two_days_is_set_aside_and_said():
    found, problems = read({"date": "03/04/2012"}, {"date": "13/04/2012"}, {"date": ""}, {"date": "soon"})
    assert list(found.raw["date"]) == ["2012-04-13", "", "soon"] and list(found.extras.index) == [3, 4, 5]
    (problem,) = problems.itertuples(index=False)
    assert problem[:4] == (2, "date", "03/04/2012", "it may be 3 April or 4 March: the row is set aside")


def test_days_and_doubts_of_a_date_become_its_end_and_a_note():
    found, problems = read({"date": "3-5 September 2021"}, {"date": "2021-09-05?", "date_end": ""}, {"date": "1400/06/14"})
    assert found.raw[["date", "date_end", "notes"]].to_numpy().tolist() == [
        ["2021-09-03", "2021-09-05", 'In the file, date: "3-5 September 2021".'],
        ["2021-09-05", "", 'In the file, date: "2021-09-05?".'],
    ]
    assert problems[["row", "reason", "advice"]].to_numpy().tolist() == [
        [4, "Solar Hijri dates are not read: the row is set aside", "Write it as 2022-09-05."]
    ]
    own = "incident_id,date,title,place\nA,2021-09-03 to 2021-09-05,Siege,Kabul\n"
    (row,) = load_bytes(own.encode()).incidents.itertuples()
    assert (str(row.date_end)[:10], row.notes) == ("2021-09-05", 'In the file, date: "2021-09-03 to 2021-09-05".')


def test_dates_with_dots_have_the_day_first_which_is_said_and_can_be_changed():
    table = b"Date,Town,Killed\n05.09.2021,Kabul,1\n06.09.2021,Herat,2\n"
    loaded = load_bytes(table)
    assert loaded.incidents["date"].dt.month.tolist() == [9, 9]
    assert loaded.problems[["row", "code"]].to_numpy().tolist() == [[1, "order_of_dates"]]
    month_first = Mapping((("date", "Date"), ("city", "Town"), ("killed", "Killed")), date_order=MONTH_FIRST)
    changed = load_bytes(table, mapping=month_first)
    assert changed.incidents["date"].dt.month.tolist() == [5, 6] and changed.problems.empty


def test_headings_and_totals_between_incidents_are_set_aside_and_said():
    table = (
        "Date,Province,Town,What happened,Killed\n"
        "September 2021,,,,\n"
        "2021-09-05,Kabul,Kabul,Bomb on bus,3\n"
        "2021-09-16,Herat,Herat,Total of five shot,2\n"
        "September 2021,,,Total,5\n"
        "September 2021,,Sub-total:,,5\n"
        "2021,,,Total for the year,5\n"
        "Gesamt,,,,5\n"
    )
    loaded = load_bytes(table.encode())
    assert loaded.incidents["killed"].tolist() == [3, 2] and loaded.source.set_aside == 5
    assert loaded.problems[["row", "value", "code"]].to_numpy().tolist() == [
        [2, "September 2021", "not_an_incident"],
        [5, "Total", "not_an_incident"],
        [6, "Sub-total:", "not_an_incident"],
        [7, "Total for the year", "not_an_incident"],
        [8, "Gesamt", "not_an_incident"],
    ]
    assert loaded.problems["reason"].iloc[0].startswith("a heading") and loaded.problems["reason"].iloc[1].startswith("a total")


def test_a_date_alone_is_an_incident_where_the_table_has_hardly_another_column():
    assert list(read({"date": "2021-09-05", "city": ""})[0].raw["date"]) == ["2021-09-05"]


def test_a_row_that_contradicts_the_chosen_order_is_set_aside_and_said():
    found, problems = read({"date": "03/04/2012"}, {"date": "04/13/2012"}, date_order=DAY_FIRST)
    assert list(found.raw["date"]) == ["2012-04-03"]
    assert list(problems["reason"]) == ["not a date when the day is written first: the row is set aside"]


@pytest.mark.parametrize(
    ("row", "date"),
    [
        ({"date_year": "2012", "date_month": "4", "date_day": "3"}, "2012-04-03"),
        ({"date_year": "2012", "date_month": "4"}, "2012-04"),
        ({"date_year": "2012"}, "2012"),
        ({"date": "2012-05", "date_year": "2013"}, "2012-05"),
    ],
)
def test_a_date_is_as_precise_as_its_parts(row, date):
    assert only(row)["date"] == date


def test_parts_of_a_date_that_nothing_is_made_of_are_extras():
    assert list(read({"date": "2012-05", "date_year": "2013"})[0].extras) == ["date_year"]
    assert list(read({"date_day": "3"})[0].extras) == ["date_day"]


@pytest.mark.parametrize(
    ("row", "low", "best", "high"),
    [
        ({"killed": "12"}, "12", "12", "12"),
        ({"killed": "0"}, "0", "0", "0"),
        ({"killed": ""}, None, None, None),
        ({"killed": "n/a"}, None, None, None),
        ({"killed": "10-15"}, "10", None, "15"),
        ({"killed": "at least 10"}, "10", None, None),
        ({"killed": "about 10"}, None, "10", None),
        ({"killed_low": "3", "killed": "5", "killed_high": ""}, "3", "5", None),
        ({"killed_low": "3", "killed": "10-15"}, "3", None, "15"),
        ({"killed_low": "at least 3"}, "at least 3", None, None),
    ],
)
def test_one_figure_alone_is_low_best_and_high_and_a_range_its_ends(row, low, best, high):
    found = only(row)
    assert [found.get(name) for name in ("killed_low", "killed", "killed_high")] == [low, best, high]


def test_a_figure_that_may_be_a_thousand_is_read_as_its_column_says_and_blank_where_nothing_does():
    found, problems = read({"killed": "1.000", "wounded": "10.000"}, {"killed": "12", "wounded": "2.500"})
    assert found.raw[["killed", "wounded"]].to_numpy().tolist() == [["", "10000"], ["12", "2500"]]
    assert list(problems["reason"]) == ["it may be 1 or 1,000; the cell is blank"] and '"1.000"' in found.raw["notes"].iloc[0]


@pytest.mark.parametrize("name", ["killed", "wounded_high", "abducted"])
def test_a_code_for_unknown_is_blank_and_a_problem(name):
    found, problems = read({name: "-99"})
    assert found.raw[name].item() == "" and list(problems["column"]) == [name]


@pytest.mark.parametrize(
    ("row", "note"),
    [
        ({"killed": "dozens"}, 'In the file, killed: "dozens".'),
        ({"killed": "more than 10"}, 'In the file, killed: "more than 10".'),
        ({"outcome": "messy", "notes": "Seen."}, 'Seen. In the file, outcome: "messy".'),
        ({"perpetrator": "Somebody"}, None),
        ({"coordinates": "by the river"}, 'In the file, coordinates: "by the river".'),
        ({"date": "2022-09-05T10:50Z"}, 'In the file, date: "2022-09-05T10:50Z".'),
        ({"perpetrator": "ISKP", "weapon": "Car bomb", "killed": "unknown"}, None),
    ],
)
def test_words_that_have_no_place_in_the_record_are_kept_in_the_notes(row, note):
    assert only(row).get("notes") == note


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Taliban, ISKP", "Taliban;ISKP"),
        ("Taliban and Haqqani Network", "Taliban;Haqqani Network"),
        ("NOT KNOWN", "Unknown"),
        ("Taliban, Somebody", "Taliban, Somebody"),
        ("Taliban; Somebody", "Taliban; Somebody"),
        ("Taliban\nHaqqani Network", "Taliban;Haqqani Network"),
        ("Taliban\r\nSomebody", "Taliban;Somebody"),
        ("Haqqani\nNetwork", "Haqqani Network"),
    ],
)
def test_several_perpetrators_are_told_apart_where_each_is_known(cell, names):
    assert only({"perpetrator": cell})["perpetrator"] == names


@pytest.mark.parametrize(
    ("row", "time"),
    [
        ({"time_local": "10:50:00"}, "10:50"),
        ({"time_local": "2:30 PM", "date": "2022-09-05 08:00"}, "14:30"),
        ({"date": "2022-09-05 08:00"}, "08:00"),
        ({"time_local": "noon"}, "noon"),
    ],
)
def test_the_time_is_theirs_or_stands_behind_the_date(row, time):
    assert only(row)["time_local"] == time


@pytest.mark.parametrize(
    ("name", "cell", "attribution"),
    [
        ("Claimed by", "Taliban", "claimed"),
        ("Suspect", "ISKP", "suspected"),
        ("attributed_to", "Taliban", "attributed"),
        ("Claimed by", "unidentified", "unknown"),
        ("Claimed by", "Somebody", "claimed"),
        ("Claimed by", "", None),
        ("Perpetrator", "Taliban", None),
    ],
)
def test_a_column_that_says_how_sure_a_perpetrator_is_gives_the_attribution(name, cell, attribution):
    assert only({name: cell}, columns=(("perpetrator", name),)).get("attribution") == attribution


@pytest.mark.parametrize(
    ("row", "swapped", "latitude", "longitude"),
    [
        ({"latitude": "34,53", "longitude": "69°10'12\"E"}, None, "34.53", "69.17"),
        ({"latitude": "69.17", "longitude": "34.53"}, True, "34.53", "69.17"),
        ({"latitude": "69.17", "longitude": "34.53"}, False, "69.17", "34.53"),
        ({"coordinates": "34.53, 69.17"}, None, "34.53", "69.17"),
        ({"coordinates": "69.17, 34.53"}, True, "34.53", "69.17"),
        ({"latitude": "n/a", "longitude": "-"}, None, None, None),
    ],
)
def test_coordinates_are_decimal_degrees_and_exchanged_only_when_a_person_said_so(row, swapped, latitude, longitude):
    found = only(row, swapped=swapped)
    assert (found.get("latitude"), found.get("longitude")) == (latitude, longitude)


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ({"title": "A headline", "summary": "Two. Sentences."}, "A headline"),
        (
            {"title": "", "summary": "A bomb went off near the U.S. Embassy in Kabul. Many fled."},
            "A bomb went off near the U.S. Embassy in Kabul.",
        ),
        ({"attack_type": "bombing", "city": "Kabul", "date": "2022-09"}, "Bombing/Explosion, Kabul, Sep 2022"),
        (
            {"attack_type": "bombing", "place": "?", "city": "Kabul", "date": "2023-04-12"},
            "Bombing/Explosion, Kabul, 12 Apr 2023",
        ),
        ({"attack_type": "foo", "place": "a market", "city": "Kabul"}, "foo, a market"),
        ({"summary": "x" * 300}, "x" * 199 + "…"),
        ({"weapon": ""}, "Incident"),
    ],
)
def test_a_title_is_theirs_or_the_first_sentence_or_the_facts(row, title):
    assert only(row)["title"] == title


def test_an_id_that_is_theirs_is_kept_and_a_blank_one_is_made():
    ids = list(read({"incident_id": "A 1"}, {"incident_id": ""})[0].raw["incident_id"])
    assert ids[0] == "A 1" and len(ids[1]) == 12


def test_an_id_of_theirs_that_is_not_taken_does_not_pass_for_ours():
    found, _ = read({"incident_id": "a", "date": "2022-09-05"}, columns=(("date", "date"),))
    assert list(found.extras) == ["incident_id (theirs)"] and found.raw["incident_id"].item() != "a"


def test_a_made_id_belongs_to_the_row_and_not_to_its_place_in_the_file():
    one, two = {"date": "2022-09-05", "x": "1", "y": ""}, {"date": "2022-09-05", "x": "2", "y": ""}
    ids = list(read(one, two)[0].raw["incident_id"])
    assert list(read(two, one)[0].raw["incident_id"]) == ids[::-1] and len(set(ids)) == 2
    assert list(read({"x": " 1", "date": "2022-09-05"})[0].raw["incident_id"]) == ids[:1]


def test_identical_rows_are_numbered_across_the_chunks_of_a_file():
    id_counts: dict[str, int] = {}
    row = {"date": "2022-09-05"}
    ids = [*read(row, row, id_counts=id_counts)[0].raw["incident_id"], *read(row, id_counts=id_counts)[0].raw["incident_id"]]
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]


def test_sources_become_reports_of_their_row():
    found, _ = read({"incident_id": "a", "publisher": "Reuters; AP"}, {"incident_id": "b", "url": "https://example.org/x"})
    assert found.reports[["incident_id", "publisher"]].to_numpy().tolist() == [
        ["a", "Reuters"],
        ["a", "AP"],
        ["b", "example.org"],
    ]


def test_a_constant_stands_where_the_table_says_nothing():
    found, _ = read({"country": "Iraq"}, {"country": ""}, constants=(("country", "Pakistan"), ("city", "Quetta")))
    # The country of a file is that of rows whose point says none: it is set after the points are looked up.
    assert list(found.raw["country"]) == ["Iraq", ""] and list(found.raw["city"]) == ["Quetta"] * 2


def test_a_column_of_the_mapping_that_the_table_lacks_is_blank():
    assert read({"date": "2022-09-05"}, columns=(("date", "date"), ("city", "Town")))[0].raw["city"].item() == ""


def test_no_rows_are_no_rows():
    table = frame({"date": "2022-09-05", "killed": "3", "x": "y"})[:0]
    found = Mapping((("date", "date"), ("killed", "killed"))).read(table, Problems())
    assert len(found.raw) == len(found.extras) == len(found.reports) == 0 and tuple(found.raw.columns) == NAMES


CELLS = st.one_of(
    st.text(max_size=20),
    st.sampled_from(
        ["03/04/2012", "13/04/2012", "04/13/2012", "2022-09-05", "10-15", "-99", "34,53", "POINT (69 34)", "https://[", ""]
    ),
)


@settings(deadline=None, max_examples=scaled(50))
@given(
    st.lists(st.sampled_from(OURS), min_size=1, max_size=6, unique=True).flatmap(
        lambda names: st.lists(st.fixed_dictionaries(dict.fromkeys(names, CELLS)), min_size=1, max_size=5)
    ),
    st.sampled_from(ORDERS),
    st.sampled_from([None, True, False]),
)
def test_any_text_is_read_and_every_row_is_kept_or_said_to_be_set_aside(rows, order, swapped):
    table = frame(*rows)
    chosen = Mapping(tuple((name, name) for name in table.columns), date_order=order, swapped=swapped)
    for mapping in (chosen, guess(table)):
        problems = Problems()
        found = mapping.read(table, problems)
        aside = problems.frame()["reason"].astype(str).str.endswith("the row is set aside").sum()
        assert len(found.raw) + aside == len(table) and len(found.extras) == len(found.raw)
        assert not found.raw.isna().any().any() and (found.raw["incident_id"] != "").all()
        check(found.raw, problems, set(), reference_data.perpetrators())


def test_what_cannot_be_read_is_told_as_it_stands_in_the_file():
    data = b"Date,Town,Killed\n31/02/2019,Kabul,3\n13/03/2019,Herat,unknown\n2019-02-30,Herat,1\n14/03/2019,Herat,\n"
    loaded = load_bytes(data)
    text = loaded.problems[["row", "column", "value"]].astype(str).values.tolist()
    assert ["2", "date", "31/02/2019"] in text and ["3", "killed", "unknown"] in text and ["4", "date", "2019-02-30"] in text
    assert loaded.incidents["killed"].isna().all() and len(loaded.incidents) == 2


@pytest.mark.parametrize("size", [1, 2, 3, 50])
@pytest.mark.parametrize(("telling", "killed"), [("1.500", 1000), ("2.0", 1), ("3", -1)])
def test_what_a_point_means_is_decided_once_for_the_whole_file(monkeypatch, size, telling, killed):
    monkeypatch.setattr(pipeline.atlas, "CHUNK", size)
    cells = ["3", "4", "1.000", "5", telling, "1.000", "6"]
    rows = [f"{i},2020-01-0{i},Raid,{cell}" for i, cell in enumerate(cells, 1)]
    # A fault of the sheet is told once, although its rows are read again.
    rows[1] += ",more"
    loaded = load_bytes("\n".join(["Event ref,When,Headline,killed", *rows]).encode())
    found = loaded.incidents["killed"].fillna(-1).tolist()
    assert (found[2], found[5], found[0], found[6]) == (killed, killed, 3, 6)
    assert (loaded.source.read, loaded.source.kept) == (7, 7)
    assert loaded.problems.loc[loaded.problems["code"] == "cells_and_columns", "row"].tolist() == [3]
    assert loaded.problems.loc[loaded.problems["code"] == "not_a_count", "row"].tolist() == ([4, 7] if killed < 0 else [])
