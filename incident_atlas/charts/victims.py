"""Killed or wounded per month and per year: the best figure as a bar, the range of the reports as a line."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from incident_atlas.charts import vega_lite
from incident_atlas.charts.vega_lite import BRUSH, CLICK, Picture, TimeMark
from incident_atlas.core.formatting import NO_FIGURE
from incident_atlas.core.text import counted, counted_incidents
from incident_atlas.dataset.time_windows import month_number
from incident_atlas.dataset.totals import total_of
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, theme

MEASURES = ("incidents", "killed", "wounded")
"""What the time charts can count."""

HOW_TO_READ = _(
    "Bar: best figures; line: lowest to highest that the reports give; triangle: or more. "
    "?: incidents, but no figure for any of them, which is not zero."
)

_TIMELINE_HEIGHT = 170  # pixels

_Span = tuple[pd.Timestamp, pd.Timestamp]


def timeline(
    table: pd.DataFrame, measure: str, span: _Span, chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme
) -> Picture:
    """Killed or wounded per month, brushable.

    table: `summary.victims_by_month`; measure: killed or wounded; span: first and last day of the record; chosen: first and last
    day that are visible, or None.
    """
    months = vega_lite.every_period(table.fillna(0), "month", *map(month_number, span))
    data, rows = _drawn(months, measure, (months["month"].to_numpy() - 1970 * 12).astype("datetime64[M]"), chosen, _("Month"))
    lost = _("Quiet months are zeros; incidents known only to the year are in no month.")
    notes = (*_notes(months, measure), *vega_lite.explained(marks), lost)
    spec = _timeline_spec(vega_lite.year_span(span), marks, scheme.name)
    # A quiet month has nothing to draw; it is in the table.
    shown = data[months["incidents"].to_numpy() > 0].reset_index(drop=True)
    return Picture(spec, shown, _alt_text(data, measure, "month"), _title(measure, "month"), notes, lambda: rows)


def years(table: pd.DataFrame, measure: str, span: _Span, chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Killed or wounded per year. table: `summary.victims_by_year`; the rest as in `timeline`."""
    every = vega_lite.every_period(table.fillna(0), "year", span[0].year, span[1].year)
    data, rows = _drawn(every, measure, (every["year"].to_numpy() - 1970).astype("datetime64[Y]"), chosen, _("Year"))
    data["year"] = every["year"].to_numpy()
    notes = (*_notes(every, measure), _("Years without a bar had no recorded incident."), *vega_lite.explained(marks))
    spec = _years_spec(vega_lite.year_span(span), marks, scheme.name)
    return Picture(spec, data, _alt_text(data, measure, "year"), _title(measure, "year"), notes, lambda: rows)


def _drawn(table: pd.DataFrame, measure: str, begins: np.ndarray, chosen: tuple, name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What the chart draws, and the table behind it; both have a row for each row of `table`."""
    drawn, rows = [], []
    for period, row in zip(begins.astype(str), table.to_dict("records"), strict=True):
        n, total = int(row["incidents"]), total_of(row, measure)
        if n and total.without_figure == n:
            drawn.append((None, None, None, False, n, f"{counted_incidents(n)}, {NO_FIGURE}"))
            rows.append((period, n, *[NO_FIGURE] * 3, n))
            continue
        tooltip = f"{counted_incidents(n)}: {total.text(n, measure)}" if n else _("no incident")
        drawn.append((total.best, total.low, total.high, total.at_least, n, tooltip))
        highest = _("{total_high} or more").format(total_high=total.high) if total.at_least else total.high
        best = total.parts()[0] if total.unknown else total.best
        rows.append((period, n, best, total.low, highest, total.without_figure))
    figures = pd.DataFrame(drawn, columns=["best", "low", "high", "open", "incidents", "said"])
    figures = figures.astype(
        dict.fromkeys(("best", "low", "high"), "float64") | {"open": "bool", "incidents": "int64", "said": "str"}
    )
    columns = [name, _("Incidents"), _(measure.capitalize()), _("Lowest"), _("Highest"), _("Without a figure")]
    return vega_lite.dated(figures, begins, chosen), pd.DataFrame(rows, columns=columns)


def _notes(table: pd.DataFrame, measure: str) -> list[str]:
    mixed = int(table["all_counts"].sum())
    message = _("The {measure} of {incidents} may include attackers.")
    return [HOW_TO_READ, *([message.format(measure=measure, incidents=counted_incidents(mixed))] if mixed else [])]


def _title(measure: str, period: str) -> str:
    title = _("{measure} per month") if period == "month" else _("{measure} by year")
    return title.format(measure=_(measure.capitalize()))


def _alt_text(data: pd.DataFrame, measure: str, period: str) -> str:
    """The largest bar, and how many periods have no figure."""
    title = _title(measure, period)
    blank = int(data["high"].isna().sum())
    spans = counted(blank, "{n} month", "{n} months") if period == "month" else counted(blank, "{n} year", "{n} years")
    missing = _("; in {spans} no incident has a figure").format(spans=spans) if blank else ""
    if not (data["best"] > 0).any():
        message = _("{title}: no best figure{missing}.") if (data["high"] > 0).any() else _("{title}: none{missing}.")
        return message.format(title=title, missing=missing)
    peak = data.loc[data["best"].idxmax()]
    when = f"{peak['begins']:%b %Y}" if period == "month" else f"{peak['begins']:%Y}"
    return _("{title}; the most are {best:,}, in {when}{missing}.").format(
        title=title, best=int(peak["best"]), when=when, missing=missing
    )


@lru_cache(maxsize=64)
def _timeline_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    bars, *ranges = _layers(domain, theme(name), "%b %Y", 14)
    bars = bars.add_params(brush, vega_lite.month_click())
    layers = (bars, *vega_lite.numbered_hairlines(marks, theme(name)), *ranges)
    return vega_lite.finished(alt.layer(*layers), theme(name), height=_TIMELINE_HEIGHT)


@lru_cache(maxsize=64)
def _years_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    bars, *ranges = _layers(domain, theme(name), "%Y", 40)
    bars = bars.add_params(alt.selection_point(name=CLICK, fields=["year"]))
    layers = (bars, *vega_lite.numbered_hairlines(marks, theme(name)), *ranges)
    return vega_lite.finished(alt.layer(*layers), theme(name), height=vega_lite.YEARS_HEIGHT)


def _layers(domain: tuple[str, str], scheme: Theme, form: str, size: int) -> list[alt.Chart]:
    """The bars, and what is drawn over them: ranges, triangles for open ends (of `size` square pixels), marks for no figure."""
    tip = [alt.Tooltip("begins:T", title=_("Period"), format=form), alt.Tooltip("said:N", title=" ")]
    bars = vega_lite.time_bars(domain, scheme, form).encode(y=vega_lite.heights("best"), tooltip=tip)
    over = alt.Chart().transform_calculate(middle="(+datum.begins + +datum.ends) / 2").encode(x=alt.X("middle:T"), tooltip=tip)
    known = over.transform_filter("isValid(datum.high)")
    spread = known.transform_filter("datum.high > datum.low").mark_rule(color=scheme.ink, strokeWidth=1)
    more = known.transform_filter("datum.open && datum.high > 0").mark_point(
        shape="triangle-up", filled=True, color=scheme.ink, size=size, opacity=1, yOffset=-2
    )
    # On a phone months stand closer than letters.
    letter = alt.ExprRef("width < 500 ? 6 : 9")
    unknown = over.transform_filter("!isValid(datum.high)").mark_text(text="?", fontSize=letter, color=scheme.ink, dy=-5)
    return [
        bars,
        spread.encode(y=alt.Y("low:Q"), y2=alt.Y2("high:Q")),
        more.encode(y=alt.Y("high:Q")),
        unknown.encode(y=alt.YDatum(0)),
    ]
