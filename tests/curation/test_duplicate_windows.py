"""Candidates lie within windows of days and kilometres that widen with the precision of both; none is missed, none comes twice."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from incident_atlas.core.vocabulary import RADIUS_M
from incident_atlas.curation.duplicates import blocking as windows
from incident_atlas.curation.duplicates.match import propose
from incident_atlas.errors import TooVague
from incident_atlas.geo.distance import kilometres
from tests.support.tiny import record
from tools.synthetic.labelled_pairs import SEEDS, labelled

STREET = {"latitude": "34.53", "longitude": "69.17", "geo_precision": "street"}


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    return record(*rows).incidents


def near(one: dict[str, str], other: dict[str, str]) -> list[tuple[int, float]]:
    """Days and kilometres of the candidate that two rows are, or none."""
    left, right = windows.rows(frame(one)), windows.rows(frame(other))
    found = [*windows.candidates(left, right)]
    return [(int(days), float(km)) for pairs in found for days, km in zip(pairs.days, pairs.km, strict=True)]


def test_two_days_apart_may_be_one_incident_and_three_may_not():
    assert [days for days, _ in near(STREET | {"date": "2020-01-01"}, STREET | {"date": "2020-01-03"})] == [2]
    assert not near(STREET | {"date": "2020-01-01"}, STREET | {"date": "2020-01-04"})


@pytest.mark.parametrize(
    ("vague", "day", "within"),
    [
        ({"date": "2020-01-15", "date_precision": "month"}, "2020-01-01", True),  # mid-month, as ACLED writes it
        ({"date": "2020-01-01", "date_precision": "month"}, "2020-01-31", True),
        ({"date": "2020-01-01", "date_precision": "month"}, "2020-02-03", False),
        ({"date": "2020-01-08", "date_precision": "week"}, "2020-01-14", True),
        ({"date": "2020-01-08", "date_precision": "week"}, "2020-01-05", True),  # the middle of the week, not its first day
        ({"date": "2020-01-08", "date_precision": "week"}, "2020-01-17", False),
        ({"date": "2020-01-08", "date_precision": "week", "date_end": "2020-01-09"}, "2020-01-14", False),
        ({"date": "2020", "date_precision": "year"}, "2020-11-30", True),
        ({"date": "2020-01-05", "date_end": "2020-01-20"}, "2020-01-18", True),
    ],
)
def test_the_window_of_days_widens_with_the_precision_of_either_date(vague, day, within):
    exact = STREET | {"date": day}
    assert bool(near(STREET | vague, exact)) is bool(near(exact, STREET | vague)) is within


@pytest.mark.parametrize("precision", ["exact", "street", "neighbourhood", "city", "district", "province"])
def test_the_window_of_kilometres_widens_with_the_precision_of_either_place(precision):
    widest = 2 + RADIUS_M[precision] / 1000 + RADIUS_M["exact"] / 1000
    exact = {"latitude": "34.5", "longitude": "69.2", "geo_precision": "exact", "city": "", "province": ""}
    for factor, within in ((0.98, True), (1.02, False)):
        other = exact | {"latitude": f"{34.5 - widest * factor / 111.195:.5f}", "geo_precision": precision}
        assert bool(near(exact, other)) is bool(near(other, exact)) is within


@pytest.mark.parametrize(("precision", "name"), [("city", "city"), ("district", "district"), ("province", "province")])
def test_the_same_name_will_do_where_no_more_is_known(precision, name):
    around_it = {"latitude": "34.53", "longitude": "69.17", "geo_precision": "exact", "city": "", name: "Helmand"}
    there = around_it | {"latitude": "34.37", "geo_precision": precision}
    assert near(around_it, there) and near(around_it, there | {name: "HELMAND"})
    assert precision != "city" or not near(around_it, there | {name: "Lashkar Gah"})


def test_a_place_that_is_not_known_rules_nothing_out_when_both_days_are_known():
    nowhere = {"city": "", "place": "a road that is not named"}
    assert len(near(nowhere, STREET)) == 1 and np.isnan(near(nowhere, STREET)[0][1])
    assert not near(nowhere | {"date_precision": "month"}, STREET)


def test_a_row_without_a_date_is_a_candidate_of_nothing():
    undated = frame(STREET, STREET).assign(date=pd.NaT)
    assert propose(undated, frame(STREET)).empty and propose(frame(STREET), undated).empty


@pytest.mark.parametrize("crowded", [False, True])
def test_the_search_by_cell_and_day_finds_what_comparing_all_with_all_finds(crowded):
    drawn = labelled("tuning", SEEDS["tuning"][0], crowded)
    left, right = (windows.rows(of.incidents) for of in (drawn.left, drawn.right))
    expected = set()
    for a, row in enumerate(drawn.left.incidents.itertuples()):
        gap = np.maximum(left.first[a] - right.last, right.first - left.last[a])
        km = kilometres(row.latitude, row.longitude, drawn.right.incidents["latitude"], drawn.right.incidents["longitude"])
        inside = km <= windows.KM + left.radius[a] + right.radius
        imprecise = np.maximum(left.rank[a], right.rank)
        for coarsest, mine, theirs in zip((3, 4, 5), left.named, right.named, strict=True):
            inside |= (imprecise == coarsest) & (mine[a] == theirs) & (mine[a] != 0) & ((coarsest > 3) | (km < 25))
        precise = np.maximum(left.last[a] - left.first[a], right.last - right.first) <= 10
        inside |= (imprecise == windows.UNPLACED) & precise
        expected |= {(a, int(b)) for b in np.flatnonzero(inside & (gap <= windows.DAYS))}
    found = [*windows.candidates(left, right)]
    text = [(int(a), int(b)) for part in found for a, b in zip(part.left, part.right, strict=True)]
    assert len(text) == len(set(text)) and expected <= set(text)
    # Cities of one name are found a little further than the cell's edge, too.
    assert all(left.rank[a] == 3 or right.rank[b] == 3 for a, b in set(text) - expected)


def test_small_blocks_find_the_same(monkeypatch):
    drawn = labelled("tuning", SEEDS["tuning"][0])
    whole = propose(drawn.left.incidents, drawn.right.incidents)
    monkeypatch.setattr(windows, "BLOCK", 7)
    pd.testing.assert_frame_equal(propose(drawn.left.incidents, drawn.right.incidents), whole)


def test_too_much_on_the_same_days_is_one_clear_sentence(monkeypatch):
    monkeypatch.setattr(windows, "MOST", 3)
    with pytest.raises(TooVague, match="4 pairs of incidents lie within days of each other, too many to compare"):
        propose(frame(STREET, STREET), frame(STREET, STREET))
