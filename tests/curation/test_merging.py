"""Two records as one: accepted pairs are one incident with the reports of both and a range, and everything else is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from incident_atlas.analysis import summary
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decision
from incident_atlas.curation.merge import Merged, fused, merged
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load, load_bytes
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, text

NAN = float("nan")
LEFT = {"killed_low": "6", "killed": "7", "killed_high": "7", "killed_counts": "victims"}
RIGHT = {"killed_low": "5", "killed": "9", "killed_high": "12", "killed_counts": "all", "wounded": "20"}


def record(name: str, *rows: dict[str, str]) -> Loaded:
    return load_bytes(text(*rows).encode(), name)


def accept(left_id: str, right_id: str) -> Decision:
    return Decision(left_id, right_id, ACCEPT)


@pytest.fixture
def two() -> tuple[Loaded, Loaded]:
    left = record("ours.csv", LEFT, {"title": "Only here", "date": "2020-02-01"})
    right = record("theirs.csv", {"title": "Only there", "incident_id": "B-1"}, RIGHT | {"incident_id": "B-2"})
    return left, right


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    """Equal cells; categories may have got terms of the other record."""
    columns = [name for name in one if name not in ("row", "incident_id")]
    plain = [frame[columns].astype(dict.fromkeys(frame[columns].select_dtypes("category"), "str")) for frame in (one, other)]
    pd.testing.assert_frame_equal(*(frame.reset_index(drop=True) for frame in plain))


def test_without_decisions_both_records_stand_one_after_the_other(two):
    whole = merged(*two, ())
    assert whole.incidents["incident_id"].tolist() == ["T-1", "T-2", "B-1", "B-2"]
    assert whole.incidents["row"].tolist() == [2, 3, 5, 6] and not whole.joined and not len(whole.reports)
    same(whole.incidents.iloc[:2], two[0].incidents)
    same(whole.incidents.iloc[2:], two[1].incidents)


def test_an_accepted_pair_is_one_incident_with_a_range_and_a_report_of_either(two):
    whole = merged(*two, (accept("T-1", "B-2"),))
    assert whole.incidents["incident_id"].tolist() == ["T-1", "T-2", "B-1"]
    one = whole.incidents.iloc[0]
    assert (one["killed_low"], one["killed"], one["killed_high"]) == (5, 7, 12)
    assert (one["wounded_low"], one["wounded"], one["wounded_high"]) == (20, 20, 20)
    assert one["killed_counts"] == "all" and (one["killed_best"], one["killed_most"]) == (7, 12)
    assert not one["wounded_none"] and not one["killed_open"]
    reports = whole.reports
    assert tuple(reports.columns) == REPORT_NAMES and set(reports["incident_id"]) == {"T-1"}
    assert dict(zip(reports["publisher"], reports["killed_high"], strict=True)) == {"ours.csv": "7", "theirs.csv": "12"}
    assert whole.joined == {"T-1": (("ours.csv", "T-1"), ("theirs.csv", "B-2"))}


def test_nothing_else_changes(two):
    whole = merged(*two, (accept("T-1", "B-2"),)).incidents
    assert whole["origin"].tolist() == ["ours.csv;theirs.csv", "ours.csv", "theirs.csv"]
    figures = [name for name in whole if name.startswith(("killed", "wounded", "origin"))]
    same(whole.iloc[:1].drop(columns=figures), two[0].incidents.iloc[:1].drop(columns=figures))
    same(whole.iloc[1:2], two[0].incidents.iloc[1:2])
    same(whole.iloc[2:], two[1].incidents.iloc[:1])


def test_the_originals_stay_and_a_decision_taken_back_undoes_all(two):
    before = [record.incidents.copy() for record in two]
    merged(*two, (accept("T-1", "B-2"),))
    for was, now in zip(before, two, strict=True):
        pd.testing.assert_frame_equal(was, now.incidents)
    pd.testing.assert_frame_equal(merged(*two, ()).incidents, merged(*two, (Decision("T-1", "B-2", REJECT),)).incidents)


@pytest.mark.parametrize(
    ("figures", "range_"),
    [
        ([(1, 2, 3), (2, 3, 9)], (1, 2, 9)),
        ([(NAN, NAN, NAN), (2, 3, 9)], (2, 3, 9)),
        ([(NAN, 4, NAN), (NAN, 6, NAN)], (4, 4, 6)),  # one figure alone is its own low and high
        ([(5, NAN, NAN), (NAN, NAN, NAN)], (5, NAN, NAN)),  # five or more
        ([(150, NAN, NAN), (100, 100, 120)], (100, 100, NAN)),  # more than any high
        ([(80, NAN, NAN), (100, 100, 120)], (80, 100, 120)),
        ([(NAN, NAN, 12), (3, NAN, NAN)], (3, NAN, 12)),
        ([(0, 0, 0), (NAN, NAN, NAN)], (0, 0, 0)),
        ([(NAN, NAN, NAN)] * 2, (NAN, NAN, NAN)),
        ([(1, 1, 1), (2, 2, 2), (9, 9, 9)], (1, 1, 9)),
    ],
)
def test_figures_become_the_range_of_all_and_the_best_of_the_better(figures, range_):
    np.testing.assert_array_equal(fused(figures), range_)


@pytest.mark.parametrize(
    ("left", "right", "best"),
    [
        ({"killed_counts": "victims"}, {"killed_counts": "all"}, 7),
        ({"killed_counts": "all"}, {"killed_counts": "victims"}, 9),
        ({"killed_counts": ""}, {"killed_counts": "victims"}, 9),
        ({"killed_counts": ""}, {"killed_counts": ""}, 7),
        ({"killed_counts": "victims", "killed": ""}, {"killed_counts": "all"}, 9),
    ],
)
def test_the_best_is_that_of_the_source_that_counts_victims_alone_then_of_the_first(left, right, best):
    pair = record("a.csv", LEFT | left), record("b.csv", RIGHT | right | {"incident_id": "B"})
    assert merged(*pair, (accept("T-1", "B"),)).incidents["killed"].iat[0] == best


@pytest.mark.parametrize(
    ("counts", "message"), [(("victims", "victims"), "victims"), (("victims", ""), ""), (("", "all"), "all")]
)
def test_what_a_range_counts_is_only_as_sure_as_both(counts, message):
    pair = [record(f"{n}.csv", LEFT | {"killed_counts": count, "incident_id": f"{n}"}) for n, count in enumerate(counts)]
    assert merged(*pair, (accept("0", "1"),)).incidents["killed_counts"].iat[0] == message


def test_reports_of_either_record_go_along(tmp_path: Path):
    (tmp_path / "mine.csv").write_text(text(LEFT | {"incident_id": "AFG-20220905-1"}), encoding="utf-8")
    beside = "incident_id,publisher,says\nAFG-20220905-1,A paper,What it says.\n"
    (tmp_path / "mine_reports.csv").write_text(beside, encoding="utf-8")
    shipped, mine = shipped_record(), load(tmp_path / "mine.csv")
    whole = merged(shipped, mine, (accept("AFG-20220905-1", "AFG-20220905-1"),))
    own = shipped.reports["incident_id"] == "AFG-20220905-1"
    reported = whole.reports[whole.reports["incident_id"] == "AFG-20220905-1"]
    assert len(reported) == own.sum() + 1 and "A paper" in set(reported["publisher"])
    assert len(whole.incidents) == len(shipped.incidents) and len(whole.reports) == len(shipped.reports) + 1


def test_an_id_that_both_records_have_is_kept_apart_by_the_name_of_the_second():
    left, right = record("a.csv", {}, {}), record("b.csv", {}, {})
    assert merged(left, right, ()).incidents["incident_id"].tolist() == ["T-1", "T-2", "b.csv:T-1", "b.csv:T-2"]
    joined = merged(left, right, (accept("T-1", "T-2"),))
    assert joined.incidents["incident_id"].tolist() == ["T-1", "T-2", "b.csv:T-1"]
    assert joined.joined == {"T-1": (("a.csv", "T-1"), ("b.csv", "b.csv:T-2"))}


def test_within_one_record_pairs_that_share_an_incident_are_one():
    one = record("a.csv", {"killed": "3"}, {"killed": "5"}, {"title": "Another"}, {"killed": "4"})
    whole = merged(one, one, (accept("T-2", "T-4"), accept("T-1", "T-2")))
    assert whole.incidents["incident_id"].tolist() == ["T-1", "T-3"] and len(whole.reports) == 3
    assert whole.incidents[["killed_low", "killed", "killed_high"]].iloc[0].tolist() == [3, 3, 5]
    assert [name for _, name in whole.joined["T-1"]] == ["T-1", "T-2", "T-4"]


@pytest.mark.parametrize("pair", [("T-1", "nobody"), ("nobody", "B-2"), ("B-2", "T-1")])
def test_a_decision_about_an_incident_that_is_not_there_is_said_and_changes_nothing(two, pair):
    whole = merged(*two, (accept(*pair),))
    assert len(whole.incidents) == 4 and [problem.column for problem in whole.problems] == ["decision"]


def test_an_incident_keeps_its_first_partner_and_the_second_is_said(two):
    whole = merged(*two, (accept("T-1", "B-2"), accept("T-1", "B-1"), accept("T-2", "B-2")))
    assert whole.incidents["incident_id"].tolist() == ["T-1", "T-2", "B-1"] and len(whole.problems) == 2


def test_an_incident_is_no_duplicate_of_itself():
    one = record("a.csv", {}, {})
    whole = merged(one, one, (accept("T-1", "T-1"),))
    assert len(whole.incidents) == 2 and len(whole.problems) == 1


def test_empty_records_merge(two):
    empty = load_bytes(text().encode(), "empty.csv")
    for pair in ((two[0], empty), (empty, two[0]), (empty, empty)):
        whole = merged(*pair, (accept("T-1", "B-1"),))
        assert len(whole.incidents) == sum(len(record.incidents) for record in pair) and len(whole.problems) == 1


def test_hostile_text_stays_text_in_a_report():
    left, right = record("a.csv", {}), record("b.csv", {"title": PROBES[2], "place": PROBES[0], "incident_id": "B"})
    report = merged(left, right, (accept("T-1", "B"),)).reports.iloc[1]
    assert report["title"] == PROBES[2] and report["says"] == "A row of b.csv, without reports of its own."


def test_a_merged_record_can_be_filtered_and_summed(two):
    whole: Merged = merged(*two, (accept("T-1", "B-2"),))
    total = summary.headline(Filters().apply(whole.incidents)).killed
    assert (total.low, total.best, total.high, total.without_figure) == (5, 7, 12, 2)


def test_figures_of_early_reports_alone_widen_no_range_of_settled_ones(two):
    def reported(loaded: Loaded, **stages: str) -> Loaded:
        rows = [dict.fromkeys(REPORT_NAMES, "") | {"incident_id": name, "stage": stage} for name, stage in stages.items()]
        return replace(loaded, reports=pd.DataFrame(rows, columns=list(REPORT_NAMES), dtype="str"))

    def range_of(left: dict[str, str], right: dict[str, str]) -> tuple[float, ...]:
        whole = merged(reported(two[0], **left), reported(two[1], **right), (accept("T-1", "B-2"),)).incidents.iloc[0]
        return tuple(whole[name] for name in ("killed_low", "killed", "killed_high", "wounded_none"))

    every, ours, theirs = (5, 7, 12, False), (6, 7, 7, True), (5, 9, 12, False)
    assert range_of({"T-1": "settled"}, {"B-2": "early"}) == ours
    assert range_of({"T-1": "early"}, {"B-2": "settled"}) == theirs
    # What is not known to be early counts, and so does everything where nothing is settled.
    assert range_of({"T-1": "settled"}, {"B-2": ""}) == range_of({"T-1": "early"}, {"B-2": "early"}) == every
    assert range_of({"T-1": "settled"}, {}) == range_of({"T-1": "settled"}, {"B-2": "settled"}) == every
