"""Who acted, when a row was checked, when a report gave its figures, and until when the record was collected."""

from __future__ import annotations

import io

import pandas as pd
import pytest

from incident_atlas.core.vocabulary import ACTOR_KINDS
from incident_atlas.dataset.companion_tables import Collected, collected_latest, collected_until
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import load, load_bytes
from tests.support.tiny import problems, record, text
from tools.data.migrate_record import migrate


def test_a_file_without_the_new_columns_reads_as_before_and_who_acted_is_unknown():
    old = pd.read_csv(io.StringIO(text({})), dtype="str").fillna("").drop(columns=["actor_kind", "checked"])
    loaded = load_bytes(old.to_csv(index=False).encode())
    assert loaded.problems.empty
    assert loaded.incidents["actor_kind"].tolist() == ["unknown"] and loaded.incidents["checked"].tolist() == [""]


def test_who_acted_is_a_term_and_rivals_may_differ():
    loaded = record({"actor_kind": "state forces; Non-State Group"}, {"actor_kind": "the army"})
    assert loaded.incidents["actor_kind"].tolist() == ["state forces;non-state group", "unknown"]
    assert problems(loaded) == [(3, "actor_kind")]


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("2026-11-29 BBC News", "2026-11-29 BBC News"),
        ("2026-11-29", "2026-11-29"),
        ("yesterday", ""),
        ("2026-11 BBC", ""),
        ("", ""),
    ],
)
def test_when_a_row_was_checked_begins_with_a_day(cell, kept):
    loaded = record({"checked": cell})
    assert loaded.incidents["checked"].tolist() == [kept]
    assert bool(problems(loaded)) == (cell != kept)


@pytest.mark.parametrize("kind", ACTOR_KINDS)
def test_a_filter_by_who_acted_is_an_address_and_finds_each_kind_alone_or_among_rivals(kind):
    loaded = record(
        {"actor_kind": "state forces"},
        {"actor_kind": "non-state group;state forces"},
        {"perpetrator": "Unknown", "attribution": "unknown"},
    )
    chosen, ignored = Filters.from_query({"actor_kind": [kind.upper()]}, loaded.options)
    assert not ignored and chosen.to_query() == {"actor_kind": [kind]}
    found = chosen.apply(loaded.incidents)["incident_id"].tolist()
    assert found == {"state forces": ["T-1", "T-2"], "non-state group": ["T-2"], "unknown": ["T-3"]}[kind]


def test_the_day_until_which_a_record_was_collected_is_read_and_a_wrong_one_is_said(tmp_path):
    path = tmp_path / "incidents.csv"
    path.write_text(text({}), encoding="utf-8")
    rows = "Incident Atlas,Kabul,,,2024-12-11,x\nIncident Atlas,Herat,,,soon,x\n"
    (tmp_path / "coverage.csv").write_text("source,area,from,to,collected_until,note\n" + rows, encoding="utf-8")
    loaded = load(path)
    assert loaded.coverage["collected_until"].tolist() == [pd.Timestamp("2024-12-11")]
    assert problems(loaded) == [(3, "coverage")]


def test_the_migration_fills_only_blanks_and_only_what_is_known(tmp_path):
    files = {
        "incidents": "incident_id,date,date_end,perpetrator\nA,2020-01-01,,Taliban\nB,2020-01-01,,Unknown\nC,2020-01-01,,Taliban;Nobody listed\n",
        "reports": "incident_id,publisher,published\nA,X,2020-01-02\nA,Y,2020-01-03\nB,X,\n",
        "publishers": "publisher,kind\nX,news\nY,news\n",
        "coverage": "source,area,from,to,note\nS,World,,,n\n",
        "knows": "publisher,knows\nX,yes\n",
    }
    for name, content in files.items():
        (tmp_path / f"{name}.csv").write_text(content, encoding="utf-8")
    assert migrate(tmp_path, tmp_path / "knows.csv") == {"actor_kind": 1, "stage": 2, "knows": 1}
    table = {name: pd.read_csv(tmp_path / f"{name}.csv", dtype="str", keep_default_na=False) for name in files}
    assert table["incidents"]["actor_kind"].tolist() == ["non-state group", "", ""]
    assert table["reports"]["stage"].tolist() == ["early", "settled", ""]
    assert table["publishers"]["knows"].tolist() == ["yes", ""] and "collected_until" in table["coverage"]
    assert migrate(tmp_path, tmp_path / "knows.csv") == {"actor_kind": 0, "stage": 0, "knows": 0}


@pytest.mark.parametrize(("until", "last"), [("2021-06-30", "2021-06-30"), ("2019-01-01", "2020-01-01"), ("", "2020-01-01")])
def test_the_record_ends_on_the_day_until_which_it_was_collected_and_not_with_its_last_incident(tmp_path, until, last):
    path = tmp_path / "incidents.csv"
    path.write_text(text({}), encoding="utf-8")
    (tmp_path / "coverage.csv").write_text(
        f"source,area,from,to,collected_until,note\nIncident Atlas,Afghanistan,,,{until},x\nRAND,World,,2030-01-01,2030-01-01,x\n",
        encoding="utf-8",
    )
    assert load(path).source.last == pd.Timestamp(last)


def test_until_when_it_was_collected_may_differ_by_area():
    rows = [
        ("Incident Atlas", "Afghanistan", "2024-12-11"),
        ("Incident Atlas", "Kabul", "2026-11-20"),
        ("Incident Atlas", "Herat", "2026-06-30"),
    ]
    table = pd.DataFrame(rows, columns=["source", "area", "collected_until"]).astype({"collected_until": "datetime64[s]"})
    query = ((), (("kabul",),), (("Paghman", "Kabul"), ("Herat",)), (("Kabul",), ("Kunduz",)))
    found = [collected_until(table, areas) for areas in query]
    ends = [("2024-12-11", "Afghanistan"), ("2026-11-20", "Kabul"), ("2026-06-30", "Herat"), ("2024-12-11", "Afghanistan")]
    assert found == [Collected(pd.Timestamp(day), area) for day, area in ends]
    assert collected_until(table[1:], (("Kunduz",),)) == Collected(pd.Timestamp("2026-06-30"), "Herat")
    assert collected_until(table[:1]) == Collected(pd.Timestamp("2024-12-11"))
    assert collected_until(pd.DataFrame()) == Collected(None) and collected_latest(table) == pd.Timestamp("2026-11-20")
