"""Whatever the rows: a total's low, best and high are in order, its end is open, and every engine and question says the same."""

from __future__ import annotations

from datetime import date

import duckdb
import narwhals as nw
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.analysis import summary
from incident_atlas.analysis.compare import compare
from incident_atlas.analysis.periods import Period
from incident_atlas.core.formatting import format_total
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import by_actor, figures, victims
from incident_atlas.dataset.sql.derive import derived
from incident_atlas.dataset.totals import by_actor_kind, headline
from tests.support.tiny import record

CELLS = st.one_of(st.just(""), st.integers(0, 40).map(str))
NAMES = ("killed_low", "killed", "killed_high", "wounded_low", "wounded", "wounded_high")
ROWS = st.lists(
    st.fixed_dictionaries(
        {name: CELLS for name in NAMES}
        | {
            "date": st.dates(date(2019, 11, 1), date(2020, 3, 1)).map(str),
            "date_end": st.sampled_from(["", "2020-04-01"]),
            "date_precision": st.sampled_from(["day", "day", "week", "month", "year"]),
            "actor_kind": st.sampled_from(
                ["", "state forces", "non-state group", "state forces;non-state group", "non-state group;state forces"]
            ),
        }
    ),
    min_size=1,
    max_size=6,
)
FEW = settings(max_examples=12, deadline=None)


def in_duckdb(rows: list[dict]):
    """The rows as a table of DuckDB, as they are: nothing is checked before."""
    table = pd.DataFrame([{"incident_id": f"T-{n}", "row": n, "country": "", **row} for n, row in enumerate(rows, 2)])
    for name in NAMES:
        table[name] = pd.to_numeric(table[name].replace("", None)).astype("float64")
    for name in ("date", "date_end"):
        table[name] = pd.to_datetime(table[name].replace("", None))
    return derived(nw.from_native(duckdb.from_df(table, connection=duckdb.connect())), "mine").to_native()


def _victims(incidents) -> tuple:
    """All of a headline but the places, which an engine does not look up."""
    head = headline(incidents)
    return head.incidents, head.last, head.killed, head.wounded, head.killed_largest, head.wounded_largest


@FEW
@given(ROWS)
def test_a_total_is_in_order_and_open_when_any_row_has_no_high_on_every_engine(rows):
    loaded = record(*rows)
    for incidents in (loaded.incidents, in_duckdb(rows)):
        head = headline(incidents)
        for kind, total in (("killed", head.killed), ("wounded", head.wounded)):
            assert total.low <= total.best <= total.high
            highs = loaded.incidents[f"{kind}_high"]
            assert total.at_least == bool(highs.isna().any())
            figures_of = loaded.incidents[[f"{kind}_low", kind, f"{kind}_high"]]
            assert total.without_figure == int(figures_of.isna().all(axis=1).sum())
    assert _victims(in_duckdb(rows)) == _victims(loaded.incidents)


@FEW
@given(ROWS)
def test_the_years_add_up_to_the_total_and_each_is_said_in_the_same_words(rows):
    incidents = record(*rows).incidents
    years, head = summary.by_year(incidents), headline(incidents)
    assert years["killed"].sum() == head.killed.best and years["killed_low"].sum() == head.killed.low
    assert years["killed_high"].sum() == head.killed.high and years["at_least"].any() == head.killed.at_least
    for year, message in zip(years["year"], summary.killed_texts(years), strict=True):
        part = headline(incidents[incidents["year"] == year])
        assert message == part.killed.text(part.incidents)


@FEW
@given(ROWS)
def test_the_totals_by_who_acted_add_up_to_the_whole_on_every_engine(rows):
    incidents = record(*rows).incidents
    parts, head = by_actor_kind(incidents), headline(incidents)
    assert parts == by_actor_kind(in_duckdb(rows))
    assert sum(part.incidents for part in parts) == head.incidents and len({part.kinds for part in parts}) == len(parts)
    for kind in ("killed", "wounded"):
        totals, whole = [getattr(part, kind) for part in parts], getattr(head, kind)
        for bound in ("low", "best", "high", "without_figure"):
            assert sum(getattr(total, bound) for total in totals) == getattr(whole, bound)
        assert any(total.at_least for total in totals) == whole.at_least
    assert len(by_actor(parts)) == (len(parts) if len(parts) > 1 else 0)


@FEW
@given(ROWS, st.dates(date(2019, 12, 1), date(2020, 2, 1)), st.integers(0, 40))
def test_a_filter_a_period_and_each_engine_give_one_total_for_the_same_days(rows, first, days):
    # A day before and one behind, so that the record covers the period.
    rows = [*rows, {"date": "2019-01-01"}, {"date": "2021-12-31"}]
    loaded, last = record(*rows), date.fromordinal(first.toordinal() + days)
    chosen = Filters(since=first, until=last)
    shown = chosen.apply(loaded.incidents)
    head = headline(shown)
    assert _victims(chosen.apply(in_duckdb(rows))) == _victims(shown)
    before = Period(date(2019, 1, 1), date(2019, 1, 1))
    assert compare(loaded, Filters(), before, Period(first, last), coordinated_once=False).second.head == head
    began = loaded.incidents["date_precision"].astype("str").eq("day")
    inside = loaded.incidents["date"].between(pd.Timestamp(first), pd.Timestamp(last))
    assert set(shown.loc[began, "incident_id"]) == set(loaded.incidents.loc[began & inside, "incident_id"])


@pytest.mark.parametrize("kind", ["killed", "wounded"])
def test_a_file_of_one_figure_a_row_has_no_range_that_begins_at_zero(kind):
    head = headline(record({kind: "20"}, {kind: "5"}).incidents)
    total = head.killed if kind == "killed" else head.wounded
    assert (total.low, total.best, total.high, total.at_least) == (25, 25, 25, True)
    assert total.text(2, kind) == f"25 {kind} (or more)"


def test_up_to_so_many_counts_in_the_high_alone_and_is_a_figure():
    total = headline(record({"killed_high": "6"}, {"killed": "2", "killed_low": "2", "killed_high": "2"}).incidents).killed
    assert (total.low, total.best, total.high, total.at_least, total.without_figure) == (2, 2, 8, False, 0)


def test_the_headline_and_every_other_place_say_a_total_in_one_phrase():
    head = headline(record({"killed_low": "3", "killed": "4", "killed_high": "9"}, {}).incidents)
    message = format_total(3, 4, 9, True, 1, 2, "killed")
    assert message == "4 killed (range 3 to at least 9; no figure for 1 incident)"
    assert victims(head)[0] == message == " ".join(figures(head)[1])
