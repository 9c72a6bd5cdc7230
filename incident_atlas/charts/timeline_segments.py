"""The charts of months and years with each bar in pieces: one per data set, or one per kind of actor."""

from __future__ import annotations

import copy
import json
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import altair as alt
import narwhals as nw
import numpy as np
import pandas as pd

from incident_atlas.analysis.summary import known_to_the_month
from incident_atlas.charts import vega_lite
from incident_atlas.charts.vega_lite import BRUSH, CLICK, Picture, TimeMark
from incident_atlas.core.schema import split
from incident_atlas.core.text import counted_incidents
from incident_atlas.core.vocabulary import ACTOR_KINDS
from incident_atlas.dataset.query import Query, Question, Steps
from incident_atlas.i18n import _
from incident_atlas.theme import DataSetColour, Theme, actor_colours, colour_indices, data_set_colours, theme

_LINE = 20  # pixels of a line of the legend
_Span = tuple[pd.Timestamp, pd.Timestamp]
_NOTE = _("Segments show data sets. An incident in several data sets is a segment of its own, counted once.")
ACTOR_NOTE = _(
    "Segments show who acted, as far as known. An incident for which rival accounts name different kinds is a segment of its own."
)


_Drawn = tuple[tuple[str, str], ...]
"""Column and colour of each hue that a chart shows."""


class Used(NamedTuple):
    """A hue that a chart shows: the column of its data, its name, its colour."""

    column: str
    name: str
    colour: str


@Question
def by_year_and_origin(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per calendar year and cell of `origin`, quiet years left out: year, origin, incidents."""
    return (yield Query(incidents, {"incidents": nw.len()}, ["year", "origin"])).astype({"incidents": "int64"})


@Question
def by_year_and_actor_kind(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per calendar year and cell of `actor_kind`, quiet years left out: year, actor_kind, incidents."""
    return (yield Query(incidents, {"incidents": nw.len()}, ["year", "actor_kind"])).astype({"incidents": "int64"})


@Question
def by_month_and_origin(incidents: Any) -> Steps[pd.DataFrame]:
    """Incidents per month (year * 12 + month - 1) and cell of `origin`: month, origin, incidents; as `summary.by_month` else."""
    table = yield Query(known_to_the_month(incidents), {"incidents": nw.len()}, ["month", "origin"])
    return table.astype({"incidents": "int64"})


def timeline(
    table: pd.DataFrame, origins: Sequence[str], span: _Span, chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme
) -> Picture:
    """`timeline.timeline` in pieces. table: `by_month_and_origin`; origins: the names of all data sets of the record."""
    data, used = _pieces(table, "month", data_set_colours(origins, scheme), colour_indices(table["origin"], origins, scheme))
    begins = (data.pop("month").to_numpy() - 1970 * 12).astype("datetime64[M]")
    data = vega_lite.dated(data, begins, chosen)
    quiet = _("Quiet months are left out; incidents known only to the year are in no month.")
    notes = (_NOTE, *vega_lite.explained(marks), quiet)
    spec = _named(_timeline_spec(vega_lite.year_span(span), marks, scheme.name, _drawn(used)), used)
    description = _("Incidents per month by data set: {alt_text}.").format(alt_text=_alt_text(data, used))
    return Picture(
        spec, data, description, _("Incidents per month"), notes, lambda: _rows(data, used, _("Month"), begins.astype(str))
    )


def years(
    table: pd.DataFrame, origins: Sequence[str], span: _Span, chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme
) -> Picture:
    """`timeline.years` in pieces. table: `by_year_and_origin`; origins: the names of all data sets of the record."""
    data, used = _pieces(table, "year", data_set_colours(origins, scheme), colour_indices(table["origin"], origins, scheme))
    return _years(data, used, span, chosen, marks, scheme, _NOTE, _("data set"))


def years_by_actor(table: pd.DataFrame, span: _Span, chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """`timeline.years` in pieces of who acted. table: `by_year_and_actor_kind`."""
    data, used = _pieces(table, "year", actor_colours(scheme), [_actor_index(cell) for cell in table["actor_kind"]])
    return _years(data, used, span, chosen, marks, scheme, ACTOR_NOTE, _("who acted"))


def _actor_index(cell: str) -> int:
    """The position of a cell of `actor_kind` in `theme.actor_colours`."""
    kinds = set(split(cell)) or {"unknown"}
    return ACTOR_KINDS.index(kinds.pop()) if len(kinds) == 1 else len(ACTOR_KINDS)


def _years(
    data: pd.DataFrame,
    used: tuple[Used, ...],
    span: tuple[pd.Timestamp, pd.Timestamp],
    chosen: tuple,
    marks: tuple[TimeMark, ...],
    scheme: Theme,
    note: str,
    pieces: str,
) -> Picture:
    data = vega_lite.every_period(data, "year", span[0].year, span[1].year)
    data = vega_lite.dated(data, (data["year"].to_numpy() - 1970).astype("datetime64[Y]"), chosen)
    spec = _named(_years_spec(vega_lite.year_span(span), marks, scheme.name, _drawn(used), pieces.capitalize()), used)
    notes = (note, _("Years without a bar had no recorded incident."), *vega_lite.explained(marks))
    description = _("Incidents per year by {pieces}: {alt_text}.").format(pieces=pieces, alt_text=_alt_text(data, used))
    return Picture(
        spec, data, description, _("Incidents by year"), notes, lambda: _rows(data, used, _("Year"), data["year"].astype("str"))
    )


def _pieces(
    table: pd.DataFrame, period: str, known: Sequence[DataSetColour], indices: Sequence[int]
) -> tuple[pd.DataFrame, tuple[Used, ...]]:
    """One row per period: the period, incidents, and those of each hue in a column of its own; and the hues that occur.

    Wide, because hundreds of months, each in pieces, are sent at every change of a filter. indices: for each row of the table,
    the position of its hue in `known`.
    """
    place = pd.Series(indices, index=table.index, dtype="int64")
    wide = table.assign(place=place).pivot_table(index=period, columns="place", values="incidents", aggfunc="sum", fill_value=0)
    # A chart without a piece would have no data at all.
    wide = wide if len(wide.columns) else pd.DataFrame(columns=[0], index=pd.Index([], name=period, dtype="int64"))
    used = tuple(Used(f"h{at}", known[at].name, known[at].colour) for at in wide.columns)
    wide = wide.astype("int32").set_axis([one.column for one in used], axis=1)
    return wide.assign(incidents=wide.sum(axis=1).astype("int32")).reset_index(), used


def _alt_text(data: pd.DataFrame, used: tuple[Used, ...]) -> str:
    return ", ".join(f"{one.name}: {counted_incidents(int(data[one.column].sum()))}" for one in used) or _("none")


def _rows(data: pd.DataFrame, used: tuple[Used, ...], name: str, periods: Any) -> pd.DataFrame:
    """The table behind a chart: a row per period, a column per piece, and the sum."""
    columns = [np.asarray(periods), *(data[one.column].to_numpy() for one in used), data["incidents"].to_numpy()]
    table = pd.DataFrame(dict(enumerate(columns)))
    return table.set_axis([name, *(one.name for one in used), _("Incidents")], axis=1)


def _drawn(used: tuple[Used, ...]) -> _Drawn:
    return tuple((one.column, one.colour) for one in used)


def _named(spec: dict[str, Any], used: tuple[Used, ...]) -> dict[str, Any]:
    """The spec with the names of the pieces: names of a person's files must not be in a cache that all sessions share."""
    bars = copy.deepcopy(spec["layer"][0])
    bars["encoding"]["color"]["condition"]["scale"]["domain"] = [one.name for one in used]
    # They are in no field's name, where a dot would be a path, and in the expression as JSON alone.
    names = json.dumps({one.column: one.name for one in used})
    step = next(step for step in bars["transform"] if step.get("as") == "data_set")
    step["calculate"] = f"{names}[datum.column]"
    return spec | {"layer": [bars, *spec["layer"][1:]]}


def _bars(domain: tuple[str, str], scheme: Theme, drawn: _Drawn, form: str, beside: int, title: str = _("Data set")) -> alt.Chart:
    """The bars with columns in place of names; beside: how many names of the legend stand in a line."""
    legend = alt.Legend(
        orient="top",
        title=None,
        columns=beside,
        labelColor=scheme.muted,
        labelFontSize=11,
        labelLimit=170,
        symbolType="square",
        offset=4,
    )
    scale = alt.Scale(domain=[column for column, _unused in drawn], range=[colour for _unused, colour in drawn])
    colour = alt.when("datum.chosen").then(alt.Color("data_set:N", scale=scale, legend=legend)).otherwise(alt.value(scheme.line))
    tip = [
        alt.Tooltip("begins:T", title=_("Period"), format=form),
        alt.Tooltip("data_set:N", title=title),
        alt.Tooltip("n:Q", title=_("Incidents"), format=","),
    ]
    bars = vega_lite.time_bars(domain, scheme, form)
    bars = bars.encode(y=vega_lite.heights("high"), y2=alt.Y2("low:Q"), color=colour, tooltip=tip)
    bars = bars.transform_fold([column for column, _unused in drawn], as_=["column", "n"]).transform_filter("datum.n > 0")
    bars = bars.transform_calculate(data_set="datum.column")
    return bars.transform_stack(stack="n", as_=["low", "high"], groupby=["begins"], sort=[alt.SortField("column")])


@lru_cache(maxsize=16)
def _timeline_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str, drawn: _Drawn) -> dict[str, Any]:
    scheme = theme(name)
    bars = _bars(domain, scheme, drawn, "%b %Y", len(drawn)).add_params(
        alt.selection_interval(name=BRUSH, encodings=["x"]), vega_lite.month_click()
    )
    return vega_lite.finished(
        alt.layer(bars, *vega_lite.numbered_hairlines(marks, scheme)), scheme, height=vega_lite.TIMELINE_HEIGHT + _LINE
    )


@lru_cache(maxsize=16)
def _years_spec(
    domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str, drawn: _Drawn, title: str = _("Data set")
) -> dict[str, Any]:
    scheme = theme(name)
    bars = _bars(domain, scheme, drawn, "%Y", 3, title).add_params(alt.selection_point(name=CLICK, fields=["year"]))
    numbers = vega_lite.bar_numbers("incidents", scheme)
    return vega_lite.finished(
        alt.layer(bars, *vega_lite.numbered_hairlines(marks, scheme), numbers),
        scheme,
        height=vega_lite.YEARS_HEIGHT + _LINE * math.ceil(len(drawn) / 3),
    )
