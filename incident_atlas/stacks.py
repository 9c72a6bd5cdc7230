"""The charts of months and years with each bar in pieces, one per data set: which of them the record rests on, and when."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas import charts
from incident_atlas.charts import BRUSH, CLICK, Picture, TimeMark
from incident_atlas.hues import hues, places
from incident_atlas.text import counted
from incident_atlas.theme import Theme, theme
from incident_atlas.totals import grouped

_LINE = 20  # pixels of a line of the legend
_NOTE = "Pieces are data sets; an incident that several hold is a piece of its own, counted once."


def by_year_and_origin(incidents: Any) -> pd.DataFrame:
    """Incidents per calendar year and cell of `origin`, quiet years left out: year, origin, incidents."""
    return grouped(incidents, ["year", "origin"], nw.len().alias("incidents"))


def by_month_and_origin(incidents: Any) -> pd.DataFrame:
    """Incidents per month (year * 12 + month - 1) and cell of `origin`: month, origin, incidents; as `summary.by_month` else."""
    frame = nw.from_native(incidents).filter(nw.col("date_precision") != "year").to_native()
    return grouped(frame, ["month", "origin"], nw.len().alias("incidents"))


def timeline(
    table: pd.DataFrame,
    origins: Sequence[str],
    span: tuple[pd.Timestamp, pd.Timestamp],
    chosen: tuple,
    marks: tuple[TimeMark, ...],
    scheme: Theme,
) -> Picture:
    """`charts.timeline` in pieces. table: `by_month_and_origin`; origins: the names of all data sets of the record."""
    data = _pieces(table, "month", origins, scheme)
    begins = (data["month"].to_numpy() - 1970 * 12).astype("datetime64[M]")
    data = charts.dated(data.drop(columns="month"), begins, chosen)
    notes = (_NOTE, *charts.explained(marks), "Quiet months are left out; incidents known only to the year are in no month.")
    spec = _timeline_spec(charts.year_span(span), marks, scheme.name, _used(data, origins, scheme))
    return Picture(spec, data, f"Incidents per month by data set: {_told(data)}.", "Incidents per month", notes,
                   lambda: _rows(data, "Month", begins.astype(str)))  # fmt: skip


def years(
    table: pd.DataFrame,
    origins: Sequence[str],
    span: tuple[pd.Timestamp, pd.Timestamp],
    chosen: tuple,
    marks: tuple[TimeMark, ...],
    scheme: Theme,
) -> Picture:
    """`charts.years` in pieces. table: `by_year_and_origin`; origins: the names of all data sets of the record."""
    data = _pieces(table, "year", origins, scheme)
    data = charts.dated(data, (data["year"].to_numpy() - 1970).astype("datetime64[Y]"), chosen)
    spec = _years_spec(charts.year_span(span), marks, scheme.name, _used(data, origins, scheme))
    notes = (_NOTE, *charts.explained(marks))
    return Picture(spec, data, f"Incidents per year by data set: {_told(data)}.", "Incidents by year", notes,
                   lambda: _rows(data, "Year", data["year"].astype("str")))  # fmt: skip


def _pieces(table: pd.DataFrame, period: str, origins: Sequence[str], scheme: Theme) -> pd.DataFrame:
    """One row per period and hue: from `low` to `high` in the bar, and on its topmost piece the bar's `total`."""
    known = hues(origins, scheme)
    hue = pd.Series(places(table["origin"], origins, scheme), index=table.index, dtype="int64")
    data = table.assign(hue=hue).groupby([period, "hue"], as_index=False)["incidents"].sum().sort_values([period, "hue"])
    data["high"] = data.groupby(period)["incidents"].cumsum()
    data["low"] = data["high"] - data["incidents"]
    data["total"] = data["high"].where(~data[period].duplicated(keep="last"))
    data["data_set"] = [known[place].name for place in data["hue"]]
    return data.drop(columns="hue").reset_index(drop=True)


def _used(data: pd.DataFrame, origins: Sequence[str], scheme: Theme) -> tuple[tuple[str, str], ...]:
    """Name and colour of the hues that the chart shows, for its legend."""
    shown = set(data["data_set"])
    return tuple((hue.name, hue.colour) for hue in hues(origins, scheme) if hue.name in shown)


def _told(data: pd.DataFrame) -> str:
    sums = data.groupby("data_set", sort=False)["incidents"].sum()
    return ", ".join(f"{name}: {counted(int(n), 'incident')}" for name, n in sums.items()) or "none"


def _rows(data: pd.DataFrame, name: str, periods: Any) -> pd.DataFrame:
    """The table behind a chart: a row per period, a column per data set, and the sum."""
    wide = data.assign(period=np.asarray(periods)).pivot_table(
        index="period", columns="data_set", values="incidents", aggfunc="sum", fill_value=0, sort=False
    )
    wide = wide.astype("int64").rename_axis(None, axis=1)
    wide["Incidents"] = wide.sum(axis=1)
    return wide.rename_axis(name).reset_index()


def _bars(domain: tuple[str, str], scheme: Theme, used: tuple[tuple[str, str], ...], form: str, beside: int) -> alt.Chart:
    """beside: how many names of the legend stand in a line."""
    legend = alt.Legend(
        orient="top", title=None, columns=beside, labelColor=scheme.muted, labelFontSize=11, labelLimit=170, symbolType="square", offset=4
    )
    scale = alt.Scale(domain=[name for name, _ in used], range=[colour for _, colour in used])
    colour = alt.when("datum.chosen").then(alt.Color("data_set:N", scale=scale, legend=legend)).otherwise(alt.value(scheme.line))
    tip = [
        alt.Tooltip("begins:T", title="Period", format=form),
        alt.Tooltip("data_set:N", title="Data set"),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
    ]
    bars = charts.time_bars(domain, scheme, form)
    return bars.encode(y=charts.heights("high"), y2=alt.Y2("low:Q"), color=colour, tooltip=tip)


@lru_cache(maxsize=16)
def _timeline_spec(
    domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str, used: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    scheme = theme(name)
    bars = _bars(domain, scheme, used, "%b %Y", len(used)).add_params(alt.selection_interval(name=BRUSH, encodings=["x"]))
    return charts.finished(alt.layer(bars, *charts.numbered_hairlines(marks, scheme)), scheme, height=charts.TIMELINE_HEIGHT + _LINE)


@lru_cache(maxsize=16)
def _years_spec(
    domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str, used: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    scheme = theme(name)
    bars = _bars(domain, scheme, used, "%Y", 3).add_params(alt.selection_point(name=CLICK, fields=["year"]))
    numbers = charts.bar_numbers("total", scheme)
    return charts.finished(
        alt.layer(bars, *charts.numbered_hairlines(marks, scheme), *numbers), scheme, height=charts.YEARS_HEIGHT + _LINE * math.ceil(len(used) / 3)
    )
