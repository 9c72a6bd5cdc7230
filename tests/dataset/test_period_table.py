"""Answers by period: for every window they are what the filter with its dates gives, in memory and in an engine."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from incident_atlas.analysis.summary import COLUMNS, other_targets, plan_other_targets
from incident_atlas.dataset.filters import DATE_COLUMNS, Filters, uncertain_dates, with_periods, with_uncertain_date
from incident_atlas.dataset.load import Loaded, load_bytes
from incident_atlas.dataset.paging import PeriodOrder, newest
from incident_atlas.dataset.period_table import KEEP, MonthRange, headline_by_period, plan_by_period
from incident_atlas.dataset.query import Plan, Query, answer_all
from incident_atlas.dataset.selection import placed
from incident_atlas.dataset.sql import opened, prepare
from incident_atlas.dataset.time_windows import Windows, windows_of, within
from incident_atlas.dataset.totals import by_actor_kind, headline, plan_by_actor_kind
from incident_atlas.maps.clusters import map_areas, map_marks, plan_areas, plan_marks

AFGHANISTAN = (29.0, 60.0, 39.0, 75.0)
KABUL = (34.3, 68.9, 34.8, 69.6)
NEEDED = tuple(dict.fromkeys((*COLUMNS, *DATE_COLUMNS)))
FILTERS = {
    "all": Filters(),
    "dates in the middle of months": Filters(since=date(2014, 12, 10), until=date(2015, 9, 20)),
    "targets": Filters(target_type=("Police",), until=date(2015, 7, 4)),
    "nothing": Filters(province=("Herat",), city=("Kabul",)),
}


def table() -> pd.DataFrame:
    """Invented incidents of three years, dated by day, week, month and year, with figures that are missing, equal or large."""
    chance = random.Random(5)
    places = [
        ("Kabul", "Kabul", 34.53, 69.17),
        ("Herat", "Herat", 34.35, 62.2),
        ("Kandahar", "", 31.6, 65.7),
        ("Balkh", "", None, None),
    ]
    rows = []
    for number in range(900):
        province, city, latitude, longitude = chance.choice(places)
        spread = [chance.uniform(-0.2, 0.2) for _ in range(2)]
        rows.append({
            "incident_id": f"I{number}",
            "date": (date(2014, 10, 3) + timedelta(days=chance.randrange(430))).isoformat(),
            "date_precision": chance.choices(["day", "week", "month", "year"], [6, 2, 2, 1])[0],
            "title": f"An attack {number}", "province": province, "city": city,
            "latitude": "" if latitude is None else f"{latitude + spread[0]:.4f}",
            "longitude": "" if latitude is None else f"{longitude + spread[1]:.4f}",
            "geo_precision": "" if latitude is None else chance.choice(["exact", "street", "city", "district", "province"]),
            "target_type": chance.choice(["Police", "Police;Private citizens", "Military", ""]),
            "perpetrator": chance.choice(["Taliban", "Islamic State (ISKP)", "Unknown"]),
            "killed_low": chance.choice(["", "0", "1"]), "killed": chance.choices(["", "1", "2", "3", "900"], [20, 20, 20, 20, 1])[0], "killed_high": chance.choice(["", "50"]),
            "wounded": chance.choice(["", "0", "5", "5", "300"]),
        })  # fmt: skip
    return pd.DataFrame(rows)


@cache
def in_memory() -> Loaded:
    return load_bytes(table().to_csv(index=False).encode(), "invented.csv")


@pytest.fixture(scope="module")
def in_engine(tmp_path_factory) -> Loaded:
    folder: Path = tmp_path_factory.mktemp("periods")
    path = folder / "invented.csv"
    path.write_text(table().to_csv(index=False), encoding="utf-8")
    prepare(path, folder / "invented.parquet")
    return opened(str(folder / "invented.parquet"))


def windows(loaded: Loaded, chosen: Filters, length: str, grows: bool) -> Windows:
    found = windows_of(chosen, length, grows, loaded.source.first.date(), loaded.source.last.date())
    assert found is not None and len(found) > 1
    return found


def by_period(loaded: Loaded, chosen: Filters, plans):
    frame = with_periods(chosen.apply(loaded.incidents, columns=NEEDED), chosen)
    return answer_all([headline_by_period(frame), *(plan_by_period(plan(frame)) for plan in plans)])


def same(found: pd.DataFrame, expected: pd.DataFrame) -> None:
    assert_frame_equal(found.reset_index(drop=True), expected.reset_index(drop=True), check_dtype=False, check_column_type=False)


@cache
def figures_in_memory(name: str, length: str, grows: bool) -> list[tuple]:
    """Of each window what memory answers without a table of periods: headline, who acted, uncertain dates, other targets."""
    chosen, found = FILTERS[name], []
    for window in windows(in_memory(), chosen, length, grows):
        dates = within(chosen, window)
        shown = dates.apply(in_memory().incidents, columns=NEEDED)
        uncertain_date = uncertain_dates(in_memory().incidents, dates)
        found.append(
            (window, headline(shown), by_actor_kind(shown), uncertain_date, other_targets(shown, "target_type", ("Police",)))
        )
    return found


@pytest.mark.parametrize("engine", [False, True], ids=["memory", "duckdb"])
@pytest.mark.parametrize(("length", "grows"), [("month", False), ("month", True), ("quarter", False), ("year", True)])
@pytest.mark.parametrize("name", list(FILTERS))
def test_figures_of_every_window_are_those_of_the_filter_with_its_dates(in_engine, name, length, grows, engine):
    loaded, chosen = in_engine if engine else in_memory(), FILTERS[name]

    def vague(frame):
        return Plan(
            [Query(frame, {"uncertain_date": nw.col("uncertain_date").sum()})],
            lambda answers: int(answers[0]["uncertain_date"].iloc[0]),
        )

    targets = lambda frame: plan_other_targets(frame, "target_type", ("Police",))  # noqa: E731
    head, actors, uncertain_date, others = by_period(loaded, chosen, [plan_by_actor_kind, vague, targets])
    met = 0
    for window, *expected in figures_in_memory(name, length, grows):
        assert [one.within(window) for one in (head, actors, uncertain_date, others)] == expected
        met += expected[0].killed_largest is not None
    assert met or name != "all" or (length, grows) != ("month", False), "no window had a largest incident"


@pytest.mark.parametrize("engine", [False, True], ids=["memory", "duckdb"])
@pytest.mark.parametrize(("zoom", "bounds"), [(5.5, AFGHANISTAN), (8.0, AFGHANISTAN), (12.0, KABUL), (14.0, AFGHANISTAN)])
@pytest.mark.parametrize(("length", "grows"), [("month", False), ("quarter", True), ("year", False)])
def test_marks_and_areas_of_every_window_are_those_of_the_filter_with_its_dates(in_engine, length, grows, zoom, bounds, engine):
    loaded, chosen = in_engine if engine else in_memory(), FILTERS["dates in the middle of months"]
    marks = lambda frame: plan_marks(frame, zoom, bounds, None, KEEP)  # noqa: E731
    areas = lambda frame: plan_areas(frame, zoom, bounds)  # noqa: E731
    _, marked, listed = by_period(loaded, chosen, [marks, areas])
    for window in windows(in_memory(), chosen, length, grows):
        dates = within(chosen, window)
        expected = with_uncertain_date(dates.apply(in_memory().incidents, columns=NEEDED), dates)
        found, right = marked.within(window), map_marks(expected, zoom, bounds, None, True)
        same(found.drop(columns="extent"), right.drop(columns="extent"))
        for one, other in zip(found["extent"], right["extent"], strict=True):
            assert one == (pytest.approx(other) if other else other)
        same(listed.within(window), map_areas(expected, zoom, bounds))


@pytest.mark.parametrize("zoom", [5.5, 9.0])
def test_parts_of_the_marks_are_counted_by_window_too(zoom):
    chosen = Filters()
    coloured = in_memory().incidents.assign(colour_index=lambda table: table["row"] % 3)
    columns = (*NEEDED, "colour_index")
    frame = with_periods(chosen.apply(coloured, columns=columns), chosen)
    marked = answer_all([plan_by_period(plan_marks(frame, zoom, AFGHANISTAN, "colour_index", KEEP))])[0]
    for window in windows(in_memory(), chosen, "quarter", False):
        dates = within(chosen, window)
        right = map_marks(
            with_uncertain_date(dates.apply(coloured, columns=columns), dates), zoom, AFGHANISTAN, "colour_index", True
        )
        assert marked.within(window)["parts"].tolist() == right["parts"].tolist()


def test_the_newest_of_every_window_are_the_same_in_memory_and_in_an_engine(in_engine):
    for chosen in FILTERS.values():
        orders = [
            PeriodOrder(with_periods(chosen.apply(one.incidents, columns=NEEDED), chosen), 5) for one in (in_memory(), in_engine)
        ]
        for window in windows(in_memory(), chosen, "quarter", False):
            ours, engines = (order.within(MonthRange.of(window), None, 5)[1] for order in orders)
            placed_there = placed(within(chosen, window).apply(in_memory().incidents, columns=NEEDED))
            assert ours == engines == newest(placed_there, 5)


def test_a_window_of_one_day_at_the_end_of_the_range_cuts_its_month():
    chosen = replace(Filters(), since=date(2015, 1, 31))
    frame = with_periods(chosen.apply(in_memory().incidents, columns=NEEDED), chosen)
    head = answer_all([headline_by_period(frame)])[0]
    first = windows(in_memory(), chosen, "month", False)[0]
    whole = headline(Filters(since=date(2015, 1, 1), until=date(2015, 1, 31)).apply(in_memory().incidents))
    assert head.within(first) == headline(within(chosen, first).apply(in_memory().incidents)) != whole
