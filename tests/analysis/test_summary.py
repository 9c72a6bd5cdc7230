"""The tables behind every picture: unknown is not zero, nothing counts twice, and cells hold every incident once."""

from __future__ import annotations

import json
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.analysis import summary
from incident_atlas.analysis.summary import headline
from incident_atlas.core.schema import split
from incident_atlas.dataset import paging
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.selection import unplaced
from incident_atlas.dataset.totals import Total
from incident_atlas.maps.clusters import MOST_CELLS, in_cells, map_cells
from tests.support.profile import scaled
from tests.support.record import shipped_record
from tests.support.tiny import record

LOADED = shipped_record()


def killed(*rows: dict) -> Total:
    return headline(record(*rows).incidents).killed


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([{"killed_low": "1", "killed": "2", "killed_high": "3"}], Total(1, 2, 3, False, 0)),
        ([{}], Total(0, 0, 0, True, 1)),
        ([{"killed_low": "0", "killed": "0", "killed_high": "0"}], Total(0, 0, 0, False, 0)),
        ([{"killed_low": "4"}], Total(4, 4, 4, True, 0)),
        ([{"killed": "4"}], Total(4, 4, 4, True, 0)),
        ([{"killed_high": "4"}], Total(0, 0, 4, False, 0)),
        ([{"killed_low": "4", "killed_high": "9"}, {"killed": "2", "killed_high": "2"}, {}], Total(6, 6, 11, True, 1)),
    ],
)
def test_a_total_is_the_sum_of_lows_bests_and_highs(rows, total):
    assert killed(*rows) == total


FIGURES = st.lists(st.integers(0, 50), min_size=3, max_size=3).map(sorted)
BLANKS = st.lists(st.booleans(), min_size=3, max_size=3)


@settings(max_examples=scaled(20), deadline=None)
@given(st.lists(st.tuples(FIGURES, BLANKS), min_size=1, max_size=5))
def test_a_total_is_never_below_its_low_nor_above_its_high(rows):
    names = ("killed_low", "killed", "killed_high")
    cells = [{name: "" if blank else str(n) for name, n, blank in zip(names, *row, strict=True)} for row in rows]
    total = killed(*cells)
    assert total.low <= total.best <= total.high
    assert total.without_figure == sum(not any(row.values()) for row in cells)
    assert total.at_least == any(not row["killed_high"] for row in cells)


def test_the_headline_reconciles():
    head = headline(LOADED.incidents)
    assert head.incidents == head.placed + head.unplaced == LOADED.source.kept
    assert head.unplaced == len(unplaced(LOADED.incidents)) and head.last == LOADED.source.last
    assert headline(record({"killed_counts": "all"}, {}).incidents).all_counts == 1


def test_nothing_visible_is_a_headline_of_zeros_without_a_last_day():
    nothing = LOADED.incidents.iloc[:0]
    head = headline(nothing)
    assert (head.incidents, head.last, head.killed) == (0, None, Total(0, 0, 0, False, 0))
    for table in (summary.by_year, summary.by_month, summary.by_target_type, summary.by_perpetrator):
        assert table(nothing).empty
    assert map_cells(nothing, 6).empty and summary.without_month(nothing) == 0 and paging.newest(nothing, 5) == []


def test_a_quiet_year_is_zero_and_a_year_nobody_counted_is_blank():
    rows = [{"date": "2018-05-01", "killed": "3"}, {"date": "2020-05-01"}, {"date": "2020", "killed_high": ""}]
    years = summary.by_year(record(*rows).incidents).set_index("year")
    assert years.index.tolist() == [2018, 2019, 2020] and years["incidents"].tolist() == [1, 0, 2]
    assert years.loc[2019, ["killed_low", "killed", "killed_high"]].tolist() == [0, 0, 0]
    assert years.loc[2020, ["killed_low", "killed", "killed_high"]].isna().all()
    assert years["without_figure"].tolist() == [0, 0, 2]


def test_an_incident_known_only_to_the_year_is_in_no_month():
    incidents = record({"date": "2020"}, {"date": "2020-03"}, {"date": "2020-03-09"}).incidents
    assert summary.by_month(incidents).to_dict("records") == [{"month": 2020 * 12 + 2, "incidents": 2}]
    assert summary.without_month(incidents) == 1


def test_an_incident_with_two_targets_counts_once_under_each_and_once_in_all():
    loaded = record(*[{"target_type": cell} for cell in ("Police;Military", "Military", "Unknown", "Unknown")])
    bars = summary.by_target_type(loaded.incidents)
    assert bars.to_dict("list") == {"target_type": ["Military", "Police", "Unknown"], "incidents": [2, 1, 2]}
    assert headline(loaded.incidents).incidents == 4


def test_perpetrators_are_split_by_attribution_and_unknown_comes_last():
    rows = [
        {"attribution": "suspected"},
        {"attribution": "claimed", "perpetrator": "Taliban;Islamic State (Khorasan Province)"},
        {"attribution": "", "perpetrator": "Daesh"},
        *[{"perpetrator": "Unknown", "attribution": "unknown"}] * 3,
    ]
    bars = summary.by_perpetrator(record(*rows).incidents)
    assert list(bars.itertuples(index=False, name=None)) == [
        ("Islamic State (Khorasan Province)", "claimed", 1),
        ("Islamic State (Khorasan Province)", "not stated", 1),
        ("Taliban", "claimed", 1),
        ("Taliban", "suspected", 1),
        ("Unknown", "unknown", 3),
    ]


def test_the_bars_of_the_shipped_record_are_what_counting_by_hand_gives():
    cells = Counter(term for cell in LOADED.incidents["target_type"] for term in split(cell))
    assert dict(summary.by_target_type(LOADED.incidents).itertuples(index=False, name=None)) == cells
    assert summary.by_year(LOADED.incidents)["incidents"].sum() == LOADED.source.kept


@pytest.mark.parametrize("zoom", [0, 4, 5.5, 6, 8, 10, 11, 13, 16, 18])
def test_the_cells_hold_every_placed_incident_exactly_once(zoom):
    cells = map_cells(LOADED.incidents, zoom)
    held = [in_cells(LOADED.incidents, cell["at"], cell["cells"])["row"].tolist() for cell in cells.to_dict("records")]
    assert [len(rows) for rows in held] == cells["incidents"].tolist()
    rows = Counter(row for cell in held for row in cell)
    assert set(rows.values()) == {1} and len(rows) == headline(LOADED.incidents).placed
    assert all(row in cell for row, cell in zip(cells["row"], held, strict=True))
    assert len(cells) <= MOST_CELLS


def spread_out(n: int):
    """Incidents one by one on a fine lattice, as no real record has them."""
    incidents = LOADED.incidents.iloc[np.zeros(n, dtype=int)].reset_index(drop=True)
    side = int(n**0.5)
    x, y = 0.66 + np.arange(n) % side / side / 25, 0.39 + np.arange(n) // side / side / 25
    return incidents.assign(x=x, y=y, spot=np.arange(n, dtype=float), row=np.arange(n), precision_rank=1)


@pytest.mark.parametrize("zoom", [3, 8, 18])
def test_there_are_never_more_cells_than_a_browser_likes(zoom):
    incidents = spread_out(10_000)
    cells = map_cells(incidents, zoom)
    assert 0 < len(cells) <= MOST_CELLS and cells["incidents"].sum() == 10_000 and (cells["at"] <= zoom).all()


def test_several_incidents_on_one_spot_or_a_few_steps_apart_have_no_extent_and_two_spots_have():
    one = {"latitude": "34.5", "longitude": "69.15", "geo_precision": "exact"}
    same, near = record(one, one).incidents, record(one, one | {"latitude": "34.5001"}).incidents
    far = record(one, one | {"latitude": "34.505"}).incidents
    extents = [map_cells(incidents, 12)["extent"].iloc[0] for incidents in (same, near, far)]
    assert extents[:2] == [None, None] and extents[2] == pytest.approx((34.5, 69.15, 34.505, 69.15))
    assert map_cells(near, 22)["incidents"].tolist() == [1, 1]
    cell = map_cells(same, 12).iloc[0]
    assert abs(cell["latitude"] - 34.5) < 1e-6 and abs(cell["longitude"] - 69.15) < 1e-6


def test_a_place_known_only_to_the_city_is_apart_from_a_street_at_every_zoom():
    row = {"latitude": "34.5", "longitude": "69.15"}
    incidents = record(row | {"geo_precision": "city"}, row | {"geo_precision": "street"}).incidents
    assert all(sorted(map_cells(incidents, zoom)["imprecise"]) == [False, True] for zoom in (4, 10, 12))


def test_bounds_leave_out_what_lies_outside():
    bounds = (34.0, 61.0, 35.0, 63.0)  # Herat
    inside = LOADED.incidents.query("34 <= latitude <= 35 and 61 <= longitude <= 63")
    assert 0 < len(inside) < len(LOADED.incidents)
    assert map_cells(LOADED.incidents, 7, bounds)["incidents"].sum() == len(inside)
    assert paging.count(LOADED.incidents, bounds) == len(inside) and paging.count(LOADED.incidents) == len(LOADED.incidents)


def test_the_newest_come_first_page_by_page():
    incidents = record(*[{"date": f"2020-01-{n:02d}"} for n in (3, 9, 5, 9)]).incidents
    assert [paging.newest(incidents, 2, page) for page in (1, 2, 3)] == [[5, 3], [4, 2], []]


def test_as_json_is_plain_json_under_any_filter():
    for filters in (Filters(), Filters(city=("Herat",)), Filters(q="xyzzy anywhere")):
        visible = filters.apply(LOADED.incidents, columns=summary.COLUMNS)
        answer = summary.as_json(visible)
        assert json.loads(json.dumps(answer, allow_nan=False)) == answer
        assert answer["incidents"] == sum(answer["by_year"].values()) and answer["last"] in (None, str(answer["last"])[:10])
        assert sum(n for attributions in answer["by_perpetrator"].values() for n in attributions.values()) >= answer["incidents"]
