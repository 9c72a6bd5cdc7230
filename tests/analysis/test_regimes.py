"""What a record's sources covered when, and what that does to a comparison."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from incident_atlas.analysis import compare_text
from incident_atlas.analysis.compare import compare
from incident_atlas.analysis.coverage import breaks, regime, reported
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import load
from tests.support.pairs import FIRST, SECOND, covered, two
from tests.support.record import shipped_record
from tests.support.tiny import text


@pytest.mark.parametrize(
    "rows", [("AP", "APA Baku", 0), ("RAND", "RAND Database of Worldwide Terrorism Incidents", 10), ("RAND", "rand", 10)]
)
def test_a_source_is_a_publisher_by_its_whole_name_or_by_whole_words_of_it(rows):
    source, publisher, n = rows
    loaded = two(5, 5)
    reports = pd.DataFrame({"incident_id": loaded.incidents["incident_id"][1:-1], "publisher": publisher})
    loaded = covered(replace(loaded, reports=reports), (source, "2000-01-01", ""))
    assert len(reported(loaded, source)) == n


def test_without_reports_nobody_is_said_to_report_nothing():
    content = " ".join(compare_text.caveats(compare(two(9, 9), Filters(), FIRST, SECOND)))
    assert "Who reports the incidents is not stated" in content and "0 publishers" not in content


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("A,World,,2019-12-32,x", "no ISO date"),
        ("A,World,31.12.2009,,x", "no ISO date"),
        ("A,World,2020-01-01,2019-01-01,x", "ends before it begins"),
    ],
)
def test_a_coverage_row_with_a_bad_date_is_a_problem_and_costs_no_other_row(tmp_path, row, reason):
    (tmp_path / "mine.csv").write_text(text({"date": "2019-06-01"}), encoding="utf-8")
    (tmp_path / "coverage.csv").write_text(f"source,area,from,to,note\n{row}\nB,World,,2018-12-31,y\n", encoding="utf-8")
    loaded = load(tmp_path / "mine.csv")
    assert loaded.coverage["source"].to_list() == ["B"] and loaded.coverage["to"].iloc[0] == pd.Timestamp("2018-12-31")
    content = loaded.problems[loaded.problems["column"] == "coverage"]
    assert len(content) == 1 and reason in content["reason"].iloc[0]


def test_a_break_between_the_periods_cannot_be_told_from_reporting():
    loaded = covered(two(40, 10), ("A list", "2010-01-01", "2020-12-31"))
    found = compare(loaded, Filters(), FIRST, SECOND)
    assert found.verdict == "cannot be told from reporting"
    assert compare_text.answer_sentence(found).endswith("but the two were not covered alike: A list (to 31 Dec 2020).")


@pytest.mark.parametrize(
    ("source", "days"),
    [
        (("whole", "2001-01-01", ""), []), (("ended long before", "", "2009-12-31"), []), (("begins after", "2022-01-01", ""), []),
        (("within the first", "", "2020-06-30"), ["2020-06-30"]), (("begins in the second", "2021-06-30", ""), ["2021-06-30"]),
        (("between", "", "2020-12-31"), ["2020-12-31"]), (("last day of the first", "", "2020-12-30"), ["2020-12-30"]),
        (("last day of the second", "2001-01-01", "2021-12-31"), []), (("no dates", "", ""), []),
        (("only the first", "2020-01-01", "2020-12-30"), ["2020-01-01", "2020-12-30"]),
    ],
)  # fmt: skip
def test_a_source_breaks_a_comparison_when_it_does_not_cover_both_periods_alike(source, days):
    found = breaks(covered(two(1, 1), source).coverage, FIRST, SECOND)
    assert [one.day.isoformat() for one in found] == days


def test_a_source_that_covers_both_sides_may_be_asked_alone():
    loaded = two(20, 8)
    ids = loaded.incidents["incident_id"]
    reports = pd.DataFrame({"incident_id": [*ids[2:7], *ids[22:28]], "publisher": "Steady List of Attacks"})
    loaded = covered(replace(loaded, reports=reports), ("A list", "2010-01-01", "2020-12-31"), ("Steady List", "2000-01-01", ""))
    assert compare(loaded, Filters(), FIRST, SECOND).others == ("Steady List",)
    found = compare(loaded, Filters(), FIRST, SECOND, source="Steady List")
    assert (found.first.incidents, found.second.incidents, found.breaks) == (5, 6, ())
    assert any("one source on both sides" in sentence for sentence in compare_text.caveats(found))
    with pytest.raises(ValueError, match="covers both periods"):
        compare(loaded, Filters(), FIRST, SECOND, source="A list")


def test_the_latest_days_of_one_regime_begin_after_the_last_break():
    loaded = shipped_record()
    assert regime(loaded.coverage, date(2002, 1, 17), date(2024, 12, 11)).first == date(2019, 4, 1)
    assert regime(loaded.coverage, date(2020, 1, 1), date(2024, 12, 11)).first == date(2020, 1, 1)
    assert regime(loaded.coverage, date(2002, 1, 17), date(2010, 12, 11)).first == date(2010, 1, 1)
