"""Duplicates are proposed by their likeness, one to one, each with its reasons, and never twice once they are decided."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linear_sum_assignment

from incident_atlas.curation.duplicates import blocking as windows
from incident_atlas.curation.duplicates import features as traits
from incident_atlas.curation.duplicates import match
from incident_atlas.curation.duplicates.blocking import Pairs
from incident_atlas.curation.duplicates.match import propose
from incident_atlas.curation.duplicates.scoring import BASE, POINTS, outcomes, points
from tests.support.tiny import PROBES, record
from tools.synthetic.labelled_pairs import SEEDS, labelled

STREET = {"latitude": "34.53", "longitude": "69.17", "geo_precision": "street"}
FULL = STREET | {
    "title": "Suicide bomber at the gate of the Baharistan cinema",
    "attack_type": "Bombing/Explosion",
    "suicide": "yes",
    "killed_low": "6",
    "killed": "7",
    "killed_high": "7",
}


def frame(*rows: dict[str, str]) -> pd.DataFrame:
    return record(*rows).incidents


def pairs(found: pd.DataFrame) -> set[tuple[str, str]]:
    return set(zip(found["left_id"], found["right_id"], strict=True))


# Likeness


def test_the_same_incident_is_proposed_with_its_reasons():
    other = FULL | {"date": "2020-01-02", "title": "Baharistan cinema gate hit by bomber", "killed_low": "7", "killed_high": "9"}
    found = propose(frame(FULL), frame(other)).iloc[0]
    assert (found["left_id"], found["right_id"], found["left_row"], found["right_row"]) == ("T-1", "T-1", 2, 2)
    assert found["score"] > 0.9 and found["days"] == 1 and found["km"] == 0 and found["also"] == 0
    for reason in (
        "1 day apart",
        "0.0 km apart",
        "same attack type",
        "a suicide attack in both or in neither",
        "baharistan, cinema",
    ):
        assert reason in found["reasons"]
    assert "killed agree (6–7 and 7–9)" in found["reasons"] and "but" not in found["reasons"]


def test_a_neighbour_that_differs_in_everything_is_not_proposed():
    other = {"title": "Grenade thrown at the Lycee Istiqlal", "attack_type": "Armed Assault", "suicide": "no", "killed": "0"}
    assert propose(frame(FULL), frame(FULL | other | {"killed_low": "0", "killed_high": "0", "target_type": "NGO"})).empty


def test_what_speaks_against_a_pair_stands_after_but():
    other = FULL | {"suicide": "no", "killed_low": "30", "killed": "30", "killed_high": "31", "target_type": "NGO"}
    found = propose(frame(FULL), frame(other)).iloc[0]
    against = found["reasons"].partition("; but ")[2]
    assert against == "another target type, a suicide attack in one only, killed differ (6–7 and 30–31)"


@pytest.mark.parametrize(
    ("column", "value"),
    [("attack_type", "Unknown"), ("target_type", "Unknown"), ("perpetrator", "Unknown"), ("suicide", ""), ("weapon", "")],
)
def test_what_a_record_does_not_say_is_worth_nothing(column, value):
    other = {"attribution": "unknown"} if column == "perpetrator" else {}
    left, right = frame(FULL), frame(FULL | {column: value} | other)
    one, two = zip((windows.rows(left), windows.rows(right)), traits.of_both(left, right), strict=True)
    pair = Pairs(*(np.array([0]) for _ in range(4)))
    assert outcomes(one, two, pair)[column][0] == [*POINTS[column]].index("not compared")
    assert POINTS[column]["not compared"] == 0


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        (("", "", ""), ("3", "3", "3"), "not compared"),
        (("3", "3", "4"), ("4", "5", "5"), "a few"),
        (("12", "14", "15"), ("15", "16", "16"), "many"),
        (("0", "0", "0"), ("0", "0", "0"), "none"),
        (("1", "", "40"), ("22", "22", "22"), "wide"),
        (("10", "10", "10"), ("12", "12", "12"), "close"),
        (("10", "10", "10"), ("20", "20", "20"), "apart"),
        (("7", "", ""), ("15", "15", "15"), "close"),  # at least seven
        (("7", "7", "7"), ("150", "", ""), "far apart"),
        (("2", "2", "2"), ("90", "90", "95"), "far apart"),
    ],
)
def test_figures_are_compared_as_ranges(one, other, outcome):
    left, right = (frame(FULL | dict(zip(("killed_low", "killed", "killed_high"), each, strict=True))) for each in (one, other))
    both_sides = zip((windows.rows(left), windows.rows(right)), traits.of_both(left, right), strict=True)
    codes = outcomes(*both_sides, Pairs(*(np.array([0]) for _ in range(4))))
    assert [*POINTS["killed"]][codes["killed"][0]] == outcome


def test_a_part_of_the_taliban_is_the_taliban_and_aliases_are_one_name():
    taliban, rival = {"perpetrator": "Taliban"}, {"perpetrator": "Islamic State (Khorasan Province)"}
    assert "same perpetrator" in propose(frame(FULL | taliban), frame(FULL | {"perpetrator": "Haqqanis"}))["reasons"].iat[0]
    assert "same perpetrator" in propose(frame(FULL | rival), frame(FULL | {"perpetrator": "Daesh"}))["reasons"].iat[0]
    assert "another perpetrator" in propose(frame(FULL | taliban), frame(FULL | rival))["reasons"].iat[0]


def test_no_single_disagreement_decides():
    for of in POINTS.values():
        assert min(of.values()) >= -3 and max(of.values()) <= 3
    assert points({name: np.array([0]) for name in POINTS})[0] == BASE + POINTS["days"]["same day"]


def test_a_name_that_few_use_speaks_more_than_a_word_of_all():
    rows = [{"title": f"Bomb at the Froshgah market, number {n}", "date": f"2019-01-{n:02d}"} for n in range(1, 29)]
    text = traits.of_both(frame(*rows, {"title": "Bomb at the Froshgah market near Zarnegar"}), frame())[0].words
    assert text[-1] == "zarnegar"


# One to one


def test_a_row_is_in_one_pair_at_most_and_the_best_together_are_chosen():
    rng = np.random.default_rng(5)
    for _ in range(20):
        lefts, rights = rng.integers(1, 7, 2)
        odds = np.round(rng.uniform(-4, 6, (lefts, rights)))
        at, to = np.nonzero(odds >= 0)
        best = match._one_to_one(Pairs(at, to, at, to), odds[at, to])
        assert len(set(at[best])) == len(set(to[best])) == len(best)
        gain = np.where(odds >= 0, odds, 0)
        assert odds[at[best], to[best]].sum() == gain[linear_sum_assignment(-gain)].sum()


def test_of_two_that_could_be_it_the_likelier_is_proposed_and_the_other_is_counted():
    twin = FULL | {"date": "2020-01-02", "title": "Attack on a cinema", "killed_low": "", "killed": "", "killed_high": ""}
    found = propose(frame(FULL), frame(twin, FULL))
    assert pairs(found) == {("T-1", "T-2")} and found["also"].tolist() == [1]


def test_identical_rows_are_paired_one_by_one():
    found = propose(frame(FULL, FULL, FULL), frame(FULL, FULL))
    assert len(found) == 2 and found["left_id"].is_unique and found["right_id"].is_unique and (found["score"] > 0.9).all()


def test_a_crowd_of_neighbours_makes_the_same_pair_less_sure():
    alone = propose(frame(FULL), frame(FULL))["score"].iat[0]
    crowd = [STREET | {"title": f"Another matter {n}", "date": "2020-01-03"} for n in range(30)]
    assert propose(frame(FULL), frame(FULL, *crowd))["score"].iat[0] < alone


def test_the_order_of_rows_changes_no_pair():
    drawn = labelled("tuning", SEEDS["tuning"][1])
    left, right = drawn.left.incidents, drawn.right.incidents
    turned = propose(left.iloc[::-1].reset_index(drop=True), right.sample(frac=1, random_state=1).reset_index(drop=True))
    one, other = (found.set_index(["left_id", "right_id"])["score"].to_dict() for found in (propose(left, right), turned))
    assert one == other


def test_what_was_decided_is_not_proposed_again():
    left, right = frame(FULL, FULL | {"date": "2020-01-02"}), frame(FULL)
    assert pairs(propose(left, right)) == {("T-1", "T-1")}
    assert pairs(propose(left, right, rejected={("T-1", "T-1")})) == {("T-2", "T-1")}
    assert propose(left, right, accepted={("T-1", "T-1")}).empty


# Within one record


def test_within_one_record_no_row_meets_itself_and_each_pair_comes_once():
    one = frame(FULL, FULL | {"date": "2020-03-01"}, FULL)
    assert pairs(propose(one, one)) == {("T-1", "T-3")}


def test_three_of_a_kind_within_one_record_are_two_pairs():
    one = frame(FULL, FULL, FULL)
    assert len(propose(one, one)) == 2


def test_attacks_that_are_said_to_be_parts_of_one_operation_are_not_proposed_as_one():
    one = frame(FULL | {"coordinated_id": "OP-1"}, FULL | {"coordinated_id": "OP-1"})
    assert propose(one, one).empty


# Bad input


@pytest.mark.parametrize("both_sides", [((), ()), ((FULL,), ()), ((), (FULL,))])
def test_an_empty_side_has_no_pairs_and_the_same_columns(both_sides):
    found = propose(*(frame(*rows) for rows in both_sides))
    assert found.empty and tuple(found.columns) == match.COLUMNS
    assert found.dtypes.equals(propose(frame(FULL), frame(FULL)).dtypes)


def test_hostile_text_is_in_no_reason():
    rows = [FULL | {"title": f"{probe} Baharistan cinema", "place": probe, "target_name": probe} for probe in PROBES]
    found = propose(frame(*rows), frame(*rows))
    assert len(found) == len(PROBES) and not found["reasons"].str.contains(r"[<>{}$!`\\]").any()


def test_very_long_text_costs_no_more_than_its_beginning():
    long = FULL | {"title": "Baharistan cinema " + "x" * 9_000}
    assert len(propose(frame(long), frame(long))["reasons"].iat[0]) < 500


def test_no_frame_is_changed():
    left, right = frame(FULL, FULL), frame(FULL)
    before = left.copy(), right.copy()
    propose(left, right, accepted={("T-1", "T-1")})
    for was, now in zip(before, (left, right), strict=True):
        pd.testing.assert_frame_equal(was, now)
