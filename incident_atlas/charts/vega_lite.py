"""What all charts in altair share, and the bars of target types. A chart is a `Picture` of a spec that stays and data that moves.

A spec is built once per theme and context, because building it costs more than drawing it. A click or a brush names its
field in the selection called CLICK or BRUSH; bars outside what is chosen are grey, so that a choice made anywhere shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from incident_atlas.core import fonts
from incident_atlas.core.text import day
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.dataset.companion_tables import moments
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, theme

CLICK = "click"
BRUSH = "brush"
MOST_TYPES = 12
OTHERS_BAR = _("all others")
TIMELINE_HEIGHT = 110  # pixels
YEARS_HEIGHT = 220  # pixels
HAIRLINE_HEAD = 30  # pixels above the bars, for the numbers of the hairlines


@dataclass(frozen=True)
class Picture:
    """A Vega-Lite spec without its data, the data, and what a screen reader says.

    title, notes: what it shows and how to read it, for whoever meets it away from the page. rows: the table behind it in
    plain columns, worked out only when somebody asks.
    """

    spec: dict[str, Any]
    data: pd.DataFrame
    alt: str
    title: str
    notes: tuple[str, ...]
    rows: Callable[[], pd.DataFrame]


@dataclass(frozen=True)
class TimeMark:
    """A hairline on a time chart: a milestone (numbered) or a break of coverage (lettered), `row` apart from neighbours."""

    date: pd.Timestamp
    label: str
    name: str
    kind: str
    row: int = 0


def time_marks(milestones: pd.DataFrame, coverage: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[TimeMark, ...]:
    """The `moments` between two days with a label each, and rows so that near labels do not collide."""
    marks: list[TimeMark] = []
    counts = {"milestone": 0, "break": 0}
    free_from = [first] * 3
    width = (last - first) * 0.035
    for date, name, kind in moments(milestones, coverage, first, last):
        label = str(counts[kind] + 1) if kind == "milestone" else chr(ord("a") + counts[kind] % 26)
        counts[kind] += 1
        row = next((i for i, free in enumerate(free_from) if free <= date), len(free_from) - 1)
        free_from[row] = date + width
        marks.append(TimeMark(date, label, name, kind, row))
    return tuple(marks)


def target_types(table: pd.DataFrame, chosen: tuple[str, ...], scheme: Theme) -> Picture:
    """Incidents per target type, most first. table: `summary.by_target_type`; chosen: the types of the filter."""
    data = largest_bars(table, "target_type", MOST_TYPES)
    data["chosen"] = data["target_type"].isin(chosen) if chosen else True
    words = _("Incidents per target type: ") + ", ".join(f"{row.target_type}: {row.incidents}" for row in data.itertuples()) + "."
    notes = (_("An incident with two target types counts in both."),)
    return Picture(
        _target_types_spec(scheme.name), data, words, _("Incidents by target type"), notes,
        lambda: data[["target_type", "incidents"]].set_axis([_("Target type"), _("Incidents")], axis=1),
    )  # fmt: skip


def explained(marks: tuple[TimeMark, ...]) -> list[str]:
    """What the numbers and letters of the hairlines stand for, as plain sentences."""
    milestones = " · ".join(f"{mark.label} {mark.name}, {day(mark.date)}" for mark in marks if mark.kind == "milestone")
    breaks = " · ".join(f"{mark.label} {mark.name}, {mark.date.year}" for mark in marks if mark.kind == "break")
    return [
        *([f"{milestones}."] if milestones else []),
        *([_("Coverage breaks: {breaks}.").format(breaks=breaks)] if breaks else []),
    ]


def named_lines(marks: tuple[TimeMark, ...]) -> list[str]:
    """What `hairlines`, which have no numbers, stand for, as a sentence."""
    names = " · ".join(f"{mark.name}, {day(mark.date)}" for mark in marks)
    return [_("Lines: {names}.").format(names=names)] if names else []


def month_click() -> alt.Parameter:
    """The selection of the bar of a month; the brush of the same chart takes what is dragged."""
    return alt.selection_point(name=CLICK, fields=["begins"], clear=False)


def bar_numbers(field: str, scheme: Theme) -> alt.LayerChart:
    """The layer of a number over each bar that is not zero: `field` of the data, which is its height too."""
    # A halo keeps a number readable where a hairline runs through it.
    halo = alt.Chart().mark_text(dy=-5, fontSize=9, stroke=scheme.background, strokeWidth=3)
    numbers = alt.layer(halo, alt.Chart().mark_text(dy=-5, fontSize=9, color=scheme.muted))
    numbers = numbers.transform_calculate(middle="(+datum.begins + +datum.ends) / 2").transform_filter(f"datum.{field} > 0")
    return numbers.encode(x=alt.X("middle:T"), y=f"{field}:Q", text=f"{field}:Q")


@lru_cache(maxsize=4)
def _target_types_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["target_type"])
    y = alt.Y("target_type:N", sort=None, title=None, axis=alt.Axis(labelLimit=170, ticks=False, domain=False))
    x = alt.X("incidents:Q", title=None, axis=None)
    tip = [alt.Tooltip("target_type:N", title=_("Target")), alt.Tooltip("incidents:Q", title=_("Incidents"), format=",")]
    bars = alt.Chart().mark_bar(cursor="pointer", height=13).encode(color=_chosen(scheme), tooltip=tip).add_params(click)
    numbers = alt.Chart().mark_text(align="left", dx=4, color=scheme.ink).encode(text=alt.Text("incidents:Q", format=","))
    return finished(alt.layer(bars, numbers).encode(x=x, y=y), scheme, height={"step": 19})


def time_bars(domain: tuple[str, str], scheme: Theme, form: str) -> alt.Chart:
    """Bars of `incidents` from `begins` to `ends`, grey where not `chosen`; form: how the tooltip writes the period."""
    x = alt.X(
        "begins:T",
        title=None,
        scale=alt.Scale(domain=list(domain)),
        axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=6),
    )
    tip = [alt.Tooltip("begins:T", title=_("Period"), format=form), alt.Tooltip("incidents:Q", title=_("Incidents"), format=",")]
    return (
        alt.Chart()
        .mark_bar(binSpacing=1)
        .encode(x=x, x2="ends:T", y=heights("incidents"), y2=alt.Y2Datum(0), color=_chosen(scheme), tooltip=tip)
    )


def heights(field: str) -> alt.Y:
    """The axis of counts of a time chart, with room above the bars for the hairlines' numbers."""
    return alt.Y(
        f"{field}:Q",
        title=None,
        scale=alt.Scale(domainMin=0, range=[{"expr": "height"}, HAIRLINE_HEAD]),
        # Printed, a small count has ticks between whole numbers, whose labels would say 0, 1, 1.
        axis=alt.Axis(
            labelExpr="datum.value % 1 ? '' : format(datum.value, ',')", tickMinStep=1, tickCount=3, domain=False, ticks=False
        ),
    )


def hairlines(marks: tuple[TimeMark, ...], scheme: Theme) -> alt.Chart:
    """The lines of the milestones and breaks alone, for a chart without room for their numbers; named on hover."""
    return _of_marks(_lines(scheme), marks)


def numbered_hairlines(marks: tuple[TimeMark, ...], scheme: Theme, flags: bool = False) -> list[alt.Chart]:
    """The layer of milestones, solid with a number, and breaks of coverage, dashed with a letter, both named on hover; none without marks.

    flags: lines end above the bars, where they would cross the numbers of these.
    """
    if not marks:
        return []
    lines = _lines(scheme)
    if flags:
        lines = lines.encode(y=alt.YValue(0), y2=alt.Y2Value(HAIRLINE_HEAD - 8))
    dots = alt.Chart().mark_point(
        shape="circle", size=130, filled=True, color=scheme.background, stroke=scheme.muted, strokeWidth=1, opacity=1
    )
    labels = alt.Chart().mark_text(fontSize=9, color=scheme.ink).encode(text="label:N")
    y = alt.Y("y:Q", scale=None, axis=None)
    # One layer with layers inside, so that the marks are sent once.
    return [_of_marks(alt.layer(lines, dots.encode(y=y), labels.encode(y=y)), marks)]


def _lines(scheme: Theme) -> alt.Chart:
    dash = alt.when("datum.kind == 'break'").then(alt.value([3, 3])).otherwise(alt.value([1, 0]))
    return alt.Chart().mark_rule(color=scheme.ink, strokeWidth=1).encode(strokeDash=dash)


def _of_marks(chart: Any, marks: tuple[TimeMark, ...]) -> Any:
    """A chart of the marks at their days, each named on hover."""
    rows = [
        {"at": f"{m.date:%Y-%m-%d}", "label": m.label, "name": f"{m.name}, {day(m.date)}", "kind": m.kind, "y": m.row * 12 + 5}
        for m in marks
    ]
    return chart.properties(data=alt.Data(values=rows)).encode(x=alt.X("at:T"), tooltip=alt.Tooltip("name:N", title=" "))


def _chosen(scheme: Theme) -> Any:
    return alt.when("datum.chosen").then(alt.value(scheme.bar)).otherwise(alt.value(scheme.line))


def finished(chart: Any, scheme: Theme, height: Any) -> dict[str, Any]:
    """A layered chart as a spec in the look of the page, without its data."""
    axis = {"labelColor": scheme.muted, "gridColor": scheme.line, "domainColor": scheme.line, "tickColor": scheme.line}
    chart = chart.properties(height=height).configure(background="transparent", font=fonts.STACK)
    chart = chart.configure_axis(**axis, labelFontSize=11).configure_view(stroke=None)
    spec = chart.to_dict(validate=False)
    for unused in ("$schema", "datasets"):
        spec.pop(unused, None)
    _drop_missing_data(spec)
    # Streamlit leaves 20 pixels below a chart that says nothing of it.
    return spec | {"padding": {"left": 5, "top": 5, "right": 5, "bottom": 5}}


def _drop_missing_data(part: dict[str, Any]) -> None:
    """Altair names missing data; without the name a layer takes the data that is given with the spec."""
    if "values" not in part.get("data", {}):
        part.pop("data", None)
    for layer in part.get("layer", ()):
        _drop_missing_data(layer)


def every_period(table: pd.DataFrame, period: str, first: int, last: int) -> pd.DataFrame:
    """A row for each month or year, whole numbers in the column `period`: those without an incident are zeros.

    first, last: those of the record; a row of the table before or after them widens it.
    """
    every = range(min([first, *table[period]]), max([last, *table[period]]) + 1)
    return table.set_index(period).reindex(every, fill_value=0).rename_axis(period).reset_index()


def dated(data: pd.DataFrame, begins: np.ndarray, chosen: tuple) -> pd.DataFrame:
    """The data of a time chart with begins, ends and chosen; begins: datetime64[M] or [Y], one per row."""
    data = data.assign(begins=begins, ends=_last_days(begins))
    return data.assign(chosen=_within(data, chosen))


def _last_days(periods: np.ndarray) -> np.ndarray:
    """Last days of months or years (datetime64[M] or [Y]): numpy counts in them, and pandas takes ten times as long."""
    return (periods + 1).astype("datetime64[D]") - 1


def _within(data: pd.DataFrame, chosen: tuple) -> pd.Series:
    since, until = chosen
    inside = pd.Series(True, index=data.index)
    if since is not None:
        inside &= data["ends"] >= pd.Timestamp(since)
    if until is not None:
        inside &= data["begins"] <= pd.Timestamp(until)
    return inside


def year_span(span: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[str, str]:
    """The whole years around two days: the domain of every time axis, so that charts stand under one another."""
    return f"{span[0].year}-01-01", f"{span[1].year + 1}-01-01"


def largest_bars(table: pd.DataFrame, name: str, most: int) -> pd.DataFrame:
    """The `most` largest bars, the rest as one bar before Unknown. table: the column `name` and incidents, the largest first."""
    unknown = table[name] == UNKNOWN
    named = table[~unknown]
    if len(named) <= most:
        return table.copy()
    rest = pd.DataFrame({name: [OTHERS_BAR], "incidents": [named["incidents"].iloc[most:].sum()]})
    return pd.concat([named.iloc[:most], rest, table[unknown]], ignore_index=True)
