"""The record month by month, as two pictures: the monthly rate with its changes, and a calendar of years and months."""

from __future__ import annotations

import math
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from incident_atlas.analysis.change_points import Changes, Step, headline, month_name, month_rows, what_was_counted
from incident_atlas.charts.vega_lite import (
    HAIRLINE_HEAD,
    Picture,
    TimeMark,
    explained,
    finished,
    numbered_hairlines,
    time_bars,
    year_span,
)
from incident_atlas.core.formatting import NO_FIGURE as NO_FIGURE_REPORTED
from incident_atlas.core.formatting import format_rate
from incident_atlas.core.text import counted, counted_incidents, day
from incident_atlas.dataset.time_windows import month_label, month_number
from incident_atlas.dataset.totals import total_of
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, ink_on, ramp_colour, theme

RATE_HEIGHT = 200  # pixels
CELL_HEIGHT = 21  # pixels
NO_FIGURE = "?"
"""In the cell of a month whose incidents have no figure, which its tooltip says in words."""

RATE_NOTES = (
    _(
        "Line: incidents per 30 days, with its 95 % interval as a band; where it steps the rate changed. Shaded: the change may have come anywhere in here."
    ),
    _("Quiet months are zeros; incidents known only to the year are in no month."),
)


def monthly_rate(found: Changes, span: tuple[pd.Timestamp, pd.Timestamp], marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Incidents per month with their rate as a step line, and the changes of the rate where they are. span: the record's."""
    series = found.series
    begins = _months(np.arange(series.begins, series.begins + len(series.days)))
    data = pd.DataFrame({"begins": begins, "ends": _months(begins, 1) - 1, "incidents": series.incidents, "chosen": True})
    # Stretches and changes stand in the row of the month with which they begin, so that one table carries the picture.
    data = data.join(pd.DataFrame(_stretches(found), columns=_STRETCH).set_index("at")).astype(_DAYS)
    sentence = headline(found)
    once = _(" (an operation counts once)") if series.joined else ""
    return Picture(
        _rate_spec(year_span(span), marks, scheme.name),
        data,
        _("Incidents per month, and their rate. {sentence}").format(sentence=sentence),
        _("Incidents per month{once} and their rate").format(once=once),
        (sentence, *RATE_NOTES, what_was_counted(found), *explained(marks)),
        lambda: month_rows(found),
    )


def calendar(
    table: pd.DataFrame,
    measure: str,
    span: tuple[pd.Timestamp, pd.Timestamp],
    marks: tuple[TimeMark, ...],
    scheme: Theme,
    complete: pd.Timestamp | None = None,
) -> Picture:
    """A cell per month of the record, years as rows, the oldest on top: how many incidents, killed or wounded.

    table: `summary.victims_by_month`; measure: one of `victims.MEASURES`; span: the record's first and last day, beyond which there
    is no cell. complete: the last day of the complete record, where `span` goes on. A month whose incidents have no figure is
    no zero, nor is one after `complete`.
    """
    first, last = map(month_number, span)
    known = {int(row.month): row for row in table.itertuples(index=False)}
    whole = last if complete is None else month_number(complete) - (complete != complete + pd.offsets.MonthEnd(0))
    months = [_month(month, known.get(month), measure, month <= whole) for month in range(first, last + 1)]
    most = max((one.value for one in months if one.value is not None), default=0)
    at: dict[int, list[TimeMark]] = {}
    for mark in marks:
        at.setdefault(month_number(mark.date), []).append(mark)
    cells = [_cell(one, most, measure, at.get(one.month, []), scheme) for one in months]
    data = pd.DataFrame(cells, columns=_CELL).astype(_SMALL)
    title = _("{measure} per month").format(measure=measure.capitalize())
    words = _("{title} as a calendar, {first} to {last}. {summary}").format(
        title=title, first=span[0].year, last=span[1].year, summary=_summary(months, most, measure)
    )
    notes = (*calendar_notes(measure, scheme, complete), *explained(marks))

    def rows() -> pd.DataFrame:
        return pd.DataFrame([one.row for one in months], columns=_columns(measure))

    return Picture(_calendar_spec(scheme.name), data, words, title, notes, rows)


def calendar_notes(measure: str, scheme: Theme, complete: pd.Timestamp | None = None) -> tuple[str, ...]:
    """How to read the calendar but for its letters and numbers, as plain sentences."""
    notes = [
        _("The brighter the cell, the higher the number. Months outside the record have no cell.")
        if scheme.name == "dark"
        else _("The darker the cell, the higher the number. Months outside the record have no cell.")
    ]
    if measure != "incidents":
        notes.append(
            _(
                "Most credible figures, on a square-root scale. {no_figure}: its incidents have no figure; 0 in dashes: it may be more."
            ).format(no_figure=NO_FIGURE)
        )
    if complete is not None:
        notes.append(_("Collected to {day}; a 0 in dashes after it may be more.").format(day=day(complete)))
    notes.append(_("Every incident counts, those of one operation too; incidents known only to the year are in no month."))
    return tuple(notes)


_STRETCH = ["at", "rate", "low", "high", "until", "said", "was", "label", "left", "lies_from", "lies_to", "change"]
_DAYS = dict.fromkeys(("until", "lies_from", "lies_to"), "datetime64[s]")


def _stretches(found: Changes) -> list[tuple]:
    """One row per stretch of one rate: its months, its rate with bounds, and the change with which it begins, if it does."""
    rows: list[tuple] = []
    for stretch, step in zip(found.stretches, (None, *found.steps), strict=False):
        text = _("{rate} per 30 days, ").format(rate=format_rate(stretch.rate, stretch.low, stretch.high))
        text += _("{first} to {last}").format(first=month_name(stretch.first), last=month_name(stretch.last))
        until = _months(stretch.last, 1)
        row = (stretch.first - found.series.begins, stretch.rate, stretch.low, stretch.high, until, text)
        if step is None:
            rows.append((*row, None, None, None, None, None, None))
            continue
        tooltip = _("{month}, p {p:.3f}; it may lie from {first} to {last}").format(
            month=month_name(step.month), p=step.p, first=month_name(step.first), last=month_name(step.last)
        )
        lies = _months(step.first), _months(step.last, 1)
        rows.append((*row, step.before.rate, month_name(step.month), _named_left(found, step), *lies, tooltip))
    return rows


def _named_left(found: Changes, step: Step) -> bool:
    """Whether the name of a change stands left of it: above the lower of the two rates, but not outside the picture."""
    share = (step.month - found.series.begins) / len(found.series.days)
    return share > 0.12 if step.after.rate > step.before.rate else share > 0.88


def _months(months: Any, more: int = 0) -> Any:
    """First days of months given as year * 12 + month - 1 or as datetime64, `more` months later."""
    if not np.issubdtype(np.asarray(months).dtype, np.datetime64):
        months = (np.asarray(months) - 1970 * 12).astype("datetime64[M]")
    return (months.astype("datetime64[M]") + more).astype("datetime64[D]")


class CalendarMonth(NamedTuple):
    """month: its number. value: None when nobody gives a best figure. more: whether it may be more. words: its tooltip. row: of the table."""

    month: int
    value: int | None
    more: bool
    words: str
    row: tuple


def _month(month: int, row: Any, measure: str, whole: bool) -> CalendarMonth:
    """What the calendar shows of a month. whole: whether the record is complete in that month."""
    name, n = month_label(month), 0 if row is None else int(row.incidents)
    incidents = counted_incidents(n) if n else _("no incident")
    incidents += "" if whole else _(", collected in part")
    if measure == "incidents":
        return CalendarMonth(month, n, not whole, incidents, (name, n))
    if row is None:
        return CalendarMonth(month, 0, not whole, incidents, (name, 0, 0, 0, 0, 0))
    total = total_of(row._asdict(), measure)
    if total.without_figure == n:
        cells = (name, n, *[NO_FIGURE_REPORTED] * 3, n)
        return CalendarMonth(month, None, True, f"{incidents}, {NO_FIGURE_REPORTED}", cells)
    most = _("{total_high:,} or more").format(total_high=total.high) if total.at_least else total.high
    best = total.parts()[0] if total.unknown else total.best
    cells = (name, n, best, total.low, most, total.without_figure)
    words = f"{incidents}: {total.text(n, measure)}"
    value = None if total.unknown else total.best
    return CalendarMonth(month, value, total.at_least or total.high > total.best, words, cells)


def _columns(measure: str) -> list[str]:
    return [_("Month"), _("Incidents")] + (
        [measure.capitalize(), _("Lowest"), _("Highest"), _("Without a figure")] if measure != "incidents" else []
    )


_CELL = ["year", "month", "name", "text", "said", "fill", "edge", "ink", "open", "mark", "moment"]
_SMALL = dict.fromkeys(("text", "said", "fill", "edge", "ink"), "category") | {"year": "int16", "month": "int8"}


def _cell(of: CalendarMonth, most: int, measure: str, marks: list[TimeMark], scheme: Theme) -> tuple:
    """How a month looks: zero is the ground with an outline, unknown an outline of dashes, all else a colour of the ramp."""
    month, value, more, tooltip, _unused = of
    if not value:
        text, fill, edge, ink = "0" if value == 0 else NO_FIGURE, scheme.surface, scheme.line, scheme.muted
        fill, edge = (scheme.background, scheme.muted) if more else (fill, edge)
    else:
        # One attack with hundreds of dead would make all other months look alike.
        fill = edge = ramp_colour(value / most if measure == "incidents" else math.sqrt(value / most), scheme)
        text, ink = f"{value}" if value < 10_000 else f"{value / 1000:.0f}k", ink_on(fill)
    label = " ".join(mark.label for mark in marks) or None
    moment = " · ".join(mark.name for mark in marks) or None
    return month // 12, month % 12 + 1, month_name(month), text, tooltip, fill, edge, ink, not value and more, label, moment


def _summary(months: list[CalendarMonth], most: int, measure: str) -> str:
    peak = next((month_name(one.month) for one in months if one.value == most), "")
    zeros = sum(one.value == 0 for one in months)
    blank = sum(one.value is None for one in months)
    none = _("No {measure}").format(measure=measure if measure != "incidents" else "incident")
    sentences = [_("The most are {most:,}, in {peak}").format(most=most, peak=peak) if most else none]
    sentences += [_("{months_are} zero").format(months_are=counted(zeros, "{n} month is", "{n} months are"))]
    sentences += (
        [_("in {months} no incident has a figure").format(months=counted(blank, "{n} month", "{n} months"))] if blank else []
    )
    return "; ".join(sentences) + "."


@lru_cache(maxsize=64)
def _rate_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    scheme = theme(name)
    bars = time_bars(domain, scheme, "%b %Y")
    steps = alt.Chart().transform_filter("isValid(datum.was)")
    lies = steps.mark_rect(color=scheme.accent, opacity=0.12).encode(
        x="lies_from:T",
        x2="lies_to:T",
        y=alt.value(HAIRLINE_HEAD),
        y2=alt.value("height"),
        tooltip=alt.Tooltip("change:N", title=_("Change")),
    )
    rates = alt.Chart().transform_filter("isValid(datum.rate)")
    band = rates.mark_rect(color=scheme.accent, opacity=0.3).encode(x="begins:T", x2="until:T", y="low:Q", y2="high:Q")
    tooltip = alt.Tooltip("said:N", title=_("Rate"))
    line = rates.mark_rule(color=scheme.accent, strokeWidth=2.5).encode(x="begins:T", x2="until:T", y="rate:Q", tooltip=tooltip)
    riser = steps.mark_rule(color=scheme.accent, strokeWidth=2.5).encode(x="begins:T", y="was:Q", y2="rate:Q")
    words = steps.transform_calculate(top="max(datum.rate, datum.was)")
    named = []
    for test, align, dx in (("datum.left", "right", -5), ("!datum.left", "left", 5)):
        place = {"align": align, "dx": dx, "dy": -7, "fontSize": 11, "fontWeight": 600}
        one = words.transform_filter(test)
        for style in ({"stroke": scheme.background, "strokeWidth": 3}, {"color": scheme.ink}):
            named.append(one.mark_text(**style, **place).encode(x="begins:T", y="top:Q", text="label:N"))
    layers = alt.layer(lies, bars, *numbered_hairlines(marks, scheme), band, line, riser, *named)
    return finished(layers, scheme, height=RATE_HEIGHT)


@lru_cache(maxsize=4)
def _calendar_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    names = [f"{date(2000, month, 1):%b}" for month in range(1, 13)]
    # On a phone a month has the room of one letter.
    short = f"slice({names}[datum.value - 1], 0, width < 420 ? 1 : 3)"
    gaps = alt.Scale(paddingInner=0.08, paddingOuter=0)
    plain = {"title": None, "scale": gaps}
    axis = {"domain": False, "ticks": False, "labelAngle": 0}
    x = alt.X("month:O", **plain, axis=alt.Axis(orient="top", labelExpr=short, **axis))
    y = alt.Y("year:O", **plain, axis=alt.Axis(**axis))
    tip = [alt.Tooltip("name:N", title=_("Month")), alt.Tooltip("said:N", title=" ")]
    where = {"x": x, "y": y, "tooltip": tip, "description": "said:N"}
    channels = {"fill": alt.Fill("fill:N", scale=None), "stroke": alt.Stroke("edge:N", scale=None)}
    # One layer for both edges: an empty one would be an image without a name to a screen reader.
    dash = alt.when("datum.open").then(alt.value([3, 2])).otherwise(alt.value([1, 0]))
    cells = alt.Chart().mark_rect(strokeWidth=1).encode(**where, **channels, strokeDash=dash)
    # Where a milestone or a break has its label in the corner, the number makes room.
    marked, ink = "isValid(datum.mark)", alt.Color("ink:N", scale=None)
    then = [*tip, alt.Tooltip("moment:N", title=_("Then"))]
    numbers = alt.Chart().transform_filter(f"!{marked}").mark_text(fontSize=11)
    below = alt.Chart().transform_filter(marked).mark_text(fontSize=10, dy=4)
    corner = alt.Chart().transform_filter(marked).mark_text(fontSize=8, align="left", baseline="top", dx=2, dy=1, fontWeight=700)
    corner_at = {"x": alt.X("month:O", bandPosition=0), "y": alt.Y("year:O", bandPosition=0)}
    layers = [
        cells,
        numbers.encode(x=x, y=y, color=ink, text="text:N", tooltip=tip),
        below.encode(x=x, y=y, color=ink, text="text:N", tooltip=then),
        corner.encode(**corner_at, color=ink, text="mark:N", tooltip=then),
    ]
    return finished(alt.layer(*layers), scheme, height={"step": CELL_HEIGHT})
