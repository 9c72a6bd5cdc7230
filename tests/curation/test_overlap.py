"""What each data set has that the others lack: every incident stands once under each of its data sets."""

from __future__ import annotations

import pandas as pd

from incident_atlas.charts.bars import overlap_bars
from incident_atlas.curation.overlap import NOTE, overlap, sentence
from incident_atlas.theme import DARK, LIGHT

ROWS = [("A", 2020), ("A", 2021), ("A;B", 2020), ("B;A;C", 2021), ("C", 2021), ("C", 2021), ("C", 2021)]


def frame(rows: list[tuple[str, int]] = ROWS) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["origin", "year"])
    return table.astype({"origin": "category"})


def test_incidents_are_alone_in_a_data_set_or_shared():
    found = overlap(frame()).by_origin
    assert found.values.tolist() == [["A", 4, 2, 2], ["C", 4, 3, 1], ["B", 2, 0, 2]]
    assert (found["alone"] + found["shared"] == found["incidents"]).all()


def test_the_years_of_a_data_set_add_up_to_it():
    found = overlap(frame())
    assert found.by_year.query("origin == 'A'").values.tolist() == [["A", 2020, 2, 1, 1], ["A", 2021, 2, 1, 1]]
    totals = found.by_year.groupby("origin")["incidents"].sum()
    assert totals.to_dict() == {"A": 4, "B": 2, "C": 4}


def test_an_incident_of_three_stands_in_three_pairs():
    assert overlap(frame()).between.values.tolist() == [["A", "B", 2], ["A", "C", 1], ["B", "C", 1]]


def test_a_record_of_one_data_set_shares_nothing_and_an_empty_one_has_empty_tables():
    alone = overlap(frame([("A", 2020)]))
    assert alone.by_origin.values.tolist() == [["A", 1, 1, 0]] and alone.between.empty
    nothing = overlap(frame([]))
    assert nothing.by_origin.empty and nothing.by_year.empty and sentence(nothing) == "There is no incident."


def test_the_chart_says_its_numbers_and_what_it_does_not_show():
    for scheme in (LIGHT, DARK):
        picture = overlap_bars(overlap(frame()), scheme)
        assert picture.alt == sentence(overlap(frame())) and NOTE in picture.notes
        assert picture.data.groupby("origin")["incidents"].sum().to_dict() == {"A": 4, "B": 2, "C": 4}
    assert picture.rows().columns.tolist() == ["Data set", "Year", "Incidents", "Only here", "Also in another"]
    assert len(picture.rows()) == len(overlap(frame()).by_year)


def test_a_name_of_a_data_set_is_plain_text_in_the_chart():
    picture = overlap_bars(overlap(frame([("x\u202ey", 2020)])), LIGHT)
    assert picture.data["origin"].tolist() == ["xy", "xy"]
