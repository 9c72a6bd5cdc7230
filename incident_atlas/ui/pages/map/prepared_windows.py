"""What the Map page shows of each window while it plays, prepared for all windows at once and kept in the session.

The record is asked once for a filter, and once more for another view of the map; every step then adds up months. A page at rest
asks the record itself, unless its windows are prepared already.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any, NamedTuple

import narwhals as nw
import pandas as pd

from incident_atlas.analysis import summary
from incident_atlas.dataset.filters import DATE_COLUMNS, Filters, uncertain_dates, with_periods, without_figure
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.paging import PeriodOrder
from incident_atlas.dataset.period_table import KEEP, MonthRange, PeriodHeadline, PeriodPlan, headline_by_period, plan_by_period
from incident_atlas.dataset.query import MOST_ROWS, Plan, Query, answer_all
from incident_atlas.dataset.selection import inside
from incident_atlas.dataset.sql import Engine
from incident_atlas.dataset.time_windows import MONTHS, TimeWindow
from incident_atlas.dataset.totals import plan_by_actor_kind
from incident_atlas.geo.projection import Bounds
from incident_atlas.maps.clusters import plan_areas, plan_marks
from incident_atlas.theme import Theme, with_colour_index
from incident_atlas.ui.session import state
from incident_atlas.ui.session.results import keep_result
from incident_atlas.ui.session.state import session

LISTED = 40
"""Incidents of a page of the list beside the map."""

_BATCH = MOST_ROWS // LISTED
"""Windows whose lists an engine is asked for at once."""

_COLUMNS = tuple(dict.fromkeys((*summary.COLUMNS, *DATE_COLUMNS)))


class _Figures(NamedTuple):
    head: PeriodHeadline
    actors: PeriodPlan
    uncertain_date: PeriodPlan[int]
    without_figure: PeriodPlan[int] | None
    others: PeriodPlan | None
    order: PeriodOrder | None


def prepared(loaded: Loaded) -> bool:
    """Whether the figures of the filter's windows are at hand."""
    return session().cache.has("window_figures", (loaded.serial, state.filters()))


def window_prepared(loaded: Loaded) -> TimeWindow | None:
    """The window that is shown, when it is one of those prepared."""
    return state.window() if prepared(loaded) else None


def prepare(loaded: Loaded) -> None:
    """Ask the record for the figures of all windows of the filter, unless they are at hand."""
    _figures(loaded, state.filters())


def keep_figures(loaded: Loaded, chosen: Filters, window: TimeWindow) -> None:
    """Let `results.result` and `results.sentence` find the figures of a window. chosen: the filter with the dates of the window."""
    found = _figures(loaded, state.filters())
    keep_result(summary.headline, loaded, chosen, found.head.within(window))
    keep_result(summary.by_actor_kind, loaded, chosen, found.actors.within(window))
    keep_result(uncertain_dates, loaded, chosen, found.uncertain_date.within(window))
    keep_result(without_figure, loaded, chosen, found.without_figure.within(window) if found.without_figure else 0)
    if found.others:
        column = summary.target_column(chosen)
        keep_result(summary.other_targets, loaded, chosen, found.others.within(window), (column, getattr(chosen, column)))


def marks_of(
    loaded: Loaded, window: TimeWindow, zoom: float, box: Bounds, view: Bounds, names: tuple[str, ...], colours: Theme
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The marks of a window within the box, and its areas in the view, as `map_marks` and `map_areas` give them."""

    def ask() -> list[PeriodPlan]:
        frame = _frame(loaded, state.filters(), names, colours)
        marks = plan_marks(frame, zoom, box, "colour_index" if names else None, KEEP)
        return answer_all([plan_by_period(marks), plan_by_period(plan_areas(frame, zoom, view))])

    key = loaded.serial, state.filters(), zoom, box, view, names
    cells, areas = session().cache.cached("window_marks", ask, key)
    return cells.within(window), areas.within(window)


def newest_in(loaded: Loaded, window: TimeWindow, box: Bounds | None) -> tuple[int, pd.DataFrame]:
    """How many incidents of a window lie in the box (None: that have a place), and the newest `LISTED` of them."""
    figures = _figures(loaded, state.filters())
    if figures.order:
        n, lines = figures.order.within(MonthRange.of(window), box, LISTED)
        return n, loaded.at(lines)
    n = counted_in(loaded, window, box) if box else figures.head.within(window).placed
    return n, _newest_of_engine(loaded, window, box)


def _newest_of_engine(loaded: Loaded, window: TimeWindow, box: Bounds | None) -> pd.DataFrame:
    """The newest incidents of a window, those of the windows around it brought along in the same query."""
    key = loaded.serial, state.filters(), box
    order = session().cache.cached("window_order", lambda: PeriodOrder(_frame(loaded, state.filters()), LISTED, box), key)
    lines = order.within(MonthRange.of(window), None, LISTED)[1]
    months = MONTHS[window.length]
    begin = window.month // (months * _BATCH) * months * _BATCH

    def ask() -> pd.DataFrame:
        windows = (replace(window, month=begin + n * months) for n in range(_BATCH))
        lines_of_each = (order.within(MonthRange.of(each), None, LISTED)[1] for each in windows)
        return loaded.at(dict.fromkeys(itertools.chain(*lines_of_each))).set_index("row", drop=False)

    held = session().cache.cached("window_incidents", ask, (*key, window.length, window.grows, begin))
    return held.loc[lines]


def counted_in(loaded: Loaded, window: TimeWindow, box: Bounds) -> int:
    """How many incidents of a window lie in the box."""

    def ask() -> PeriodPlan[int]:
        frame = nw.from_native(_frame(loaded, state.filters())).filter(*inside(box)).to_native()
        return answer_all([plan_by_period(_count(frame, {"n": nw.len()}))])[0]

    return session().cache.cached("window_counts", ask, (loaded.serial, state.filters(), box), size=2).within(window)


def _figures(loaded: Loaded, chosen: Filters) -> _Figures:
    def ask() -> _Figures:
        frame = _frame(loaded, chosen)
        column = summary.target_column(chosen)
        plans: dict[str, Any] = {
            "head": headline_by_period(frame),
            "actors": plan_by_period(plan_by_actor_kind(frame)),
            "uncertain_date": plan_by_period(_count(frame, {"uncertain_date": nw.col("uncertain_date").sum()})),
        }
        if column:
            plans["others"] = plan_by_period(summary.plan_other_targets(frame, column, getattr(chosen, column)))
        if chosen.min_killed:
            figureless = (
                nw.from_native(_frame(loaded, chosen.without("min_killed"))).filter(nw.col("killed_best").is_null()).to_native()
            )
            plans["without_figure"] = plan_by_period(_count(figureless, {"n": nw.len()}))
        answers = dict(zip(plans, answer_all(list(plans.values())), strict=True))
        order = None if isinstance(loaded, Engine) else PeriodOrder(frame, LISTED)
        return _Figures(**{"others": None, "without_figure": None, **answers}, order=order)

    return session().cache.cached("window_figures", ask, (loaded.serial, chosen))


def _frame(loaded: Loaded, chosen: Filters, names: tuple[str, ...] = (), colours: Theme | None = None) -> Any:
    frame = with_periods(chosen.apply(loaded.incidents, columns=_COLUMNS), chosen)
    return with_colour_index(frame, names, colours) if names else frame


def _count(frame: Any, value: dict[str, nw.Expr]) -> Plan[int]:
    return Plan([Query(frame, value)], lambda answers: int(answers[0].iloc[0, 0]))
