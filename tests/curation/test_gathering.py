"""Several files as one record: every origin keeps its name, accepted pairs are one incident, and all of it can be taken back."""

from __future__ import annotations

import pandas as pd

from incident_atlas.analysis import summary
from incident_atlas.curation.combine import gathered, under_own_name
from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decision
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.export import tables
from tests.support.record import shipped_record
from tests.support.tiny import text


def record(name: str, *ids: str, **cells: str) -> Loaded:
    return load_bytes(text(*({"incident_id": one, **cells} for one in ids)).encode(), name)


def ids(loaded: Loaded) -> list[str]:
    return loaded.incidents["incident_id"].tolist()


ONE, TWO, THREE = record("a.csv", "A-1", "A-2"), record("b.csv", "B-1"), record("c.csv", "C-1", "C-2")


def test_one_record_alone_stays_itself():
    assert gathered([ONE]).loaded is ONE


def test_every_row_is_there_once_under_the_name_of_its_file():
    whole = gathered([ONE, TWO, THREE]).loaded
    assert ids(whole) == ["A-1", "A-2", "B-1", "C-1", "C-2"]
    assert whole.incidents["origin"].tolist() == ["a.csv", "a.csv", "b.csv", "c.csv", "c.csv"]
    assert whole.options["origin"] == ("a.csv", "b.csv", "c.csv") and [one.name for one in whole.origins] == [
        "a.csv",
        "b.csv",
        "c.csv",
    ]
    assert (whole.source.read, whole.source.kept, whole.source.set_aside) == (5, 5, 0)
    assert whole.incidents["row"].is_monotonic_increasing and whole.incidents["row"].is_unique


def test_three_files_that_tell_of_one_attack_make_one_incident_of_three_origins():
    pairs = (Decision("A-1", "B-1", ACCEPT), Decision("A-1", "C-2", ACCEPT))
    whole = gathered([ONE, TWO, THREE], pairs).loaded
    assert ids(whole) == ["A-1", "A-2", "C-1"]
    assert whole.find("A-1")["origin"] == "a.csv;b.csv;c.csv"
    assert whole.joined == {"A-1": (("a.csv", "A-1"), ("b.csv", "B-1"), ("c.csv", "C-2"))}
    assert sorted(whole.reports["publisher"]) == ["a.csv", "b.csv", "c.csv"]


def test_a_pair_with_an_incident_that_was_joined_meanwhile_is_followed():
    pairs = (Decision("B-1", "C-1", ACCEPT), Decision("A-1", "B-1", ACCEPT))
    assert ids(gathered([ONE, TWO, THREE], pairs).loaded) == ["A-1", "A-2", "C-2"]


def test_what_is_taken_back_leaves_no_trace():
    with_pair = gathered([ONE, TWO], (Decision("A-1", "B-1", ACCEPT),)).loaded
    without, rejected = gathered([ONE, TWO]).loaded, gathered([ONE, TWO], (Decision("A-1", "B-1", REJECT),)).loaded
    assert len(with_pair.incidents) == 2 and ids(without) == ids(rejected) == ["A-1", "A-2", "B-1"]
    pd.testing.assert_frame_equal(without.incidents, rejected.incidents)


def test_what_is_remembered_of_one_mixture_is_not_taken_for_another():
    accepted = (Decision("A-1", "B-1", ACCEPT),)
    hashes = [
        gathered(*these).loaded.source.sha256 for these in (([ONE, TWO],), ([TWO, ONE],), ([ONE, TWO], accepted), ([ONE, THREE],))
    ]
    assert len(set(hashes)) == 4


def test_the_same_ids_in_two_files_are_counted_and_kept_apart():
    other = record("b.csv", "A-1", "B-9")
    found = gathered([ONE, other])
    assert found.same_ids == {"b.csv": 1} and ids(found.loaded) == ["A-1", "A-2", "b.csv:A-1", "B-9"]
    joined = gathered([ONE, other], (Decision("A-2", "b.csv:A-1", ACCEPT),)).loaded
    assert joined.joined == {"A-2": (("a.csv", "A-2"), ("b.csv", "b.csv:A-1"))}


def test_of_two_files_with_the_same_ids_a_decision_means_one():
    other = record("d.csv", "B-1")
    for name, origin in (("B-1", "b.csv"), ("d.csv:B-1", "d.csv")):
        found = gathered([ONE, TWO, other], (Decision("A-1", name, ACCEPT),))
        assert found.loaded.joined == {"A-1": (("a.csv", "A-1"), (origin, name))} and found.lost.empty


def test_a_decision_that_no_file_here_holds_is_said():
    lost = gathered([ONE, TWO], (Decision("A-1", "X-1", ACCEPT), Decision("A-1", "Y-1", REJECT))).lost
    assert lost["value"].tolist() == ["A-1, X-1"]


def test_problems_name_their_file():
    bad = load_bytes(text({"incident_id": "D-1", "killed": "-4"}).encode(), "d.csv")
    assert gathered([ONE, bad]).loaded.problems[["file", "column"]].to_numpy().tolist() == [["d.csv", "killed"]]


def test_files_beside_the_shipped_record_add_up():
    whole = gathered([shipped_record(), ONE]).loaded
    assert len(whole.incidents) == len(shipped_record().incidents) + 2
    head = summary.headline(whole.incidents)
    assert head.incidents == len(whole.incidents) and not whole.source.shipped
    citation = cite(whole, "All.", "", head)
    assert len(tables.archive(whole.incidents, whole.reports, citation)) > 10_000


def test_a_second_file_of_a_name_gets_another():
    other = record("a.csv", "A-9")
    assert under_own_name(other, []) is other
    assert under_own_name(other, ["a.csv"]).incidents["origin"].tolist() == ["a.csv, a.csv"]
    assert under_own_name(other, ["a.csv", "a.csv, a.csv"]).origins[0].name == "a.csv (2)"
    whole = gathered([ONE, under_own_name(other, ["a.csv"])]).loaded
    assert whole.options["origin"] == ("a.csv", "a.csv, a.csv")


def test_a_pair_inside_a_file_is_joined_in_it_and_still_has_a_partner_elsewhere():
    pairs = (Decision("C-1", "C-2", ACCEPT), Decision("A-1", "C-2", ACCEPT), Decision("A-1", "A-2", ACCEPT))
    found = gathered([ONE, THREE], pairs)
    assert ids(found.loaded) == ["A-1"] and found.lost.empty
    assert set(found.loaded.joined["A-1"]) == {("a.csv", "A-1"), ("a.csv", "A-2"), ("c.csv", "C-1"), ("c.csv", "C-2")}
    alone = gathered([ONE], pairs)
    assert ids(alone.loaded) == ["A-1"] and alone.lost["value"].tolist() == ["C-1, C-2", "A-1, C-2"]
    assert alone.loaded.source.sha256 != ONE.source.sha256 and ids(gathered([ONE]).loaded) == ["A-1", "A-2"]


def test_a_pair_inside_a_file_is_named_as_its_incidents_are_called_beside_the_files_before():
    other = record("b.csv", "A-1", "A-2", "A-3")
    found = gathered([ONE, other], (Decision("b.csv:A-1", "A-3", ACCEPT), Decision("A-2", "b.csv:A-2", ACCEPT)))
    assert ids(found.loaded) == ["A-1", "A-2", "b.csv:A-1"] and found.lost.empty
