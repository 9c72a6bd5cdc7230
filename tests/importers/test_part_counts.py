"""A figure of some of the killed or wounded alone is not taken for the total without a word."""

from __future__ import annotations

import pytest

from incident_atlas.dataset.load import load_bytes


@pytest.mark.parametrize(
    ("head", "text"),
    [
        ("Civilians killed,Soldiers killed", [("killed", "Civilians killed")]),
        ("Civilians killed,Total killed", []),
        ("Civilians killed,Civilians injured", []),
        ("Deaths,Civilians wounded,Police wounded", [("wounded", "Civilians wounded")]),
        ("Killed,Killed women", []),
        ("People killed,Perpetrators killed", []),
        ("civilians_reported_killed_min,militants_killed_min", [("killed", "civilians_reported_killed_min")]),
    ],
)
def test_a_count_of_some_is_told_where_other_columns_count_others(head, text):
    n = head.count(",") + 1
    rows = "".join(f"2019-01-0{day},A bomb{',3' * n}\n" for day in (1, 2, 3))
    problems = load_bytes(f"Date,What,{head}\n{rows}".encode()).problems
    found = problems[problems["code"] == "part_of_a_count"]
    assert list(found[["column", "value"]].astype(str).itertuples(index=False, name=None)) == text
