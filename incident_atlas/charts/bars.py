"""Bars: of counts, of rates with their intervals, of two periods side by side, of years, and of what data sets share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import (
    HAIRLINE_HEAD,
    OTHERS_BAR,
    Picture,
    TimeMark,
    every_period,
    explained,
    finished,
    hairlines,
    numbered_hairlines,
)
from incident_atlas.core.formatting import format_number, format_rate
from incident_atlas.core.text import day, listed, plain
from incident_atlas.curation.overlap import NOTE, Overlap, sentence
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, theme

LIMIT_HEIGHT, YEAR_HEIGHT = 110, 210  # pixels
MOST_BARS = 12
MOST_PLACES = 15
"""Places in the chart and in the table beside it."""

_NUMBER = ",.3~r"
"""How Vega writes a rate about as `format_number` does: three figures."""

ALONE, SHARED = _("only here"), _("also in another")
OVERLAP_LABEL = 170
"""Pixels behind the longest bar, for its numbers."""

PLACE_NOTE = _("The line is the interval of each rate at 95 %; where lines overlap, the order of two places is uncertain.")
RATE_NOTE = _(
    "the number counts incidents, the line at each bar is its exact 95 % interval. It assumes independent attacks; where they cluster, it is too narrow."
)
PAIR_NOTES = (
    _("Incidents per 30 days; the upper bar is the first period, the lower one the second; the number counts incidents."),
    _(
        "The line at each bar is the exact 95 % interval of its rate. It assumes independent attacks; where they cluster, it is too narrow."
    ),
    _("An incident with several counts once under each."),
)
YEAR_NOTE = _(
    "The line is the exact 95 % interval; for years without incidents it is in the table. It assumes independent attacks; they cluster, so real uncertainty is larger."
)
OVERLAP_NOTE = _("The first part of a bar is in that data set only, the second also in another.")


def rates(rows: Sequence[tuple[str, int, float, float, float]], unit: str, scheme: Theme) -> Picture:
    """Rates one below the other, each with its interval: name, incidents, rate, low, high, per `unit`."""
    data = pd.DataFrame(rows, columns=["name", "incidents", "rate", "low", "high"])
    title = _("Incidents per {unit}").format(unit=unit)
    table = (
        data[["name", "incidents"]]
        .assign(**_number_texts(data))
        .set_axis(["", _("Incidents"), _("Per {unit}").format(unit=unit), "from", "to"], axis=1)
    )
    words = f"{title}: {'; '.join(_rate_words(data))}."
    return Picture(_rates_spec(title, False, scheme.name), data, words, title, (f"{title}; {RATE_NOTE}",), lambda: table)


def place_rates(places: pd.DataFrame, scheme: Theme) -> Picture:
    """Incidents a year of the first `MOST_PLACES` places. places: `hotspots.Places.table` of a filter of at least a year."""
    columns = ["name", "incidents", "rate", "rate_low", "rate_high"]
    data = places[columns].head(MOST_PLACES).round(4).set_axis(["name", "incidents", "rate", "low", "high"], axis=1)
    words = _("Incidents a year: {rate_words}.").format(rate_words=", ".join(_rate_words(data)))
    bounds = places[columns[2:]].itertuples(index=False, name=None)
    table = pd.DataFrame(
        {"Place": places["name"], "Incidents": places["incidents"], "A year (95 %)": [format_rate(*one) for one in bounds]}
    )
    spec = _rates_spec(_("Incidents a year"), False, scheme.name)
    return Picture(spec, data, words, _("Incidents a year, by place"), (PLACE_NOTE,), lambda: table)


def period_pairs(bars: pd.DataFrame, what: str, title: str, scheme: Theme) -> Picture:
    """The bars of `compare_terms.bars`: each term in the first and the second period. what: its column's name for people."""
    data = bars.rename(columns={"term": "name"})
    words = f"{title}: " + "; ".join(
        _("{first_name}: {first_incidents} then {second_incidents}").format(
            first_name=first.name, first_incidents=first.incidents, second_incidents=second.incidents
        )
        for first, second in zip(data[::2].itertuples(index=False), data[1::2].itertuples(index=False), strict=True)
    )
    table = data[["name", "period", "incidents"]].assign(**_number_texts(data))
    table = table.set_axis([what, _("Period"), _("Incidents"), _("Per 30 days"), "from", "to"], axis=1)
    return Picture(_rates_spec(_("Per 30 days"), True, scheme.name), data, f"{words}.", title, PAIR_NOTES, lambda: table)


def _number_texts(data: pd.DataFrame) -> dict[str, pd.Series]:
    return {name: data[name].map(format_number) for name in ("rate", "low", "high")}


def _rate_words(data: pd.DataFrame) -> list[str]:
    return [f"{row.name}: {format_rate(row.rate, row.low, row.high)}" for row in data.itertuples(index=False)]


@lru_cache(maxsize=16)
def _rates_spec(title: str, paired: bool, name: str) -> dict[str, Any]:
    """Rates with a line from low to high and the number of incidents behind it; paired: two periods under each name."""
    scheme = theme(name)
    size = 10 if paired else 12
    channels: dict[str, Any] = {
        "y": alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    }
    fill: Any = alt.value(scheme.bar)
    if paired:
        channels["yOffset"] = alt.YOffset("side:N", sort=["first", "second"])
        fill = alt.when("datum.side == 'first'").then(alt.value(scheme.line)).otherwise(fill)
    axis = alt.Axis(tickCount=4, grid=True, domain=False, ticks=False, format=",~f")
    tip = [
        alt.Tooltip("name:N", title=" "),
        *([alt.Tooltip("period:N", title=_("Period"))] if paired else []),
        alt.Tooltip("incidents:Q", title=_("Incidents"), format=","),
        alt.Tooltip("rate:Q", title=title, format=_NUMBER),
        alt.Tooltip("low:Q", title="from", format=_NUMBER),
        alt.Tooltip("high:Q", title="to", format=_NUMBER),
    ]
    base = alt.Chart().encode(**channels, tooltip=tip)
    x = alt.X("rate:Q", title=None, scale=alt.Scale(domainMin=0), axis=axis)
    bars = base.mark_bar(height=size, stroke=scheme.bar, strokeWidth=1).encode(x=x, color=fill)
    lines = base.mark_rule(color=scheme.ink, strokeWidth=1.2).encode(x=alt.X("low:Q"), x2="high:Q")
    numbers = base.mark_text(align="left", dx=5, fontSize=10, color=scheme.ink)
    numbers = numbers.encode(x=alt.X("high:Q"), text=alt.Text("incidents:Q", format=","))
    return finished(alt.layer(bars, lines, numbers), scheme, height={"step": size + (3 if paired else 8)})


def counts(rows: Sequence[tuple[str, int]], title: str, what: str, scheme: Theme) -> Picture:
    """Named counts, most first, the smallest of many as one bar. what: the names' column for people, such as Country."""
    shown = [*rows[:MOST_BARS], *([(OTHERS_BAR, sum(n for _unused, n in rows[MOST_BARS:]))] if len(rows) > MOST_BARS else [])]
    data = pd.DataFrame(shown, columns=["name", "incidents"])
    words = f"{title}: " + ", ".join(f"{name}: {n}" for name, n in shown) + "."
    table = pd.DataFrame(rows, columns=[what, "Incidents"])
    return Picture(_counts_spec(scheme.name), data, words, title, (f"{title}.",), lambda: table)


@lru_cache(maxsize=4)
def _counts_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=170, ticks=False, domain=False))
    x = alt.X("incidents:Q", axis=None)
    tip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("incidents:Q", title=_("Incidents"), format=",")]
    bars = alt.Chart().mark_bar(height=10, color=scheme.bar).encode(x=x, y=y, tooltip=tip)
    numbers = alt.Chart().mark_text(align="left", dx=4, fontSize=10, color=scheme.ink)
    return finished(
        alt.layer(bars, numbers.encode(x=x, y=y, text=alt.Text("incidents:Q", format=","))), scheme, height={"step": 15}
    )


def years_with_limit(
    table: pd.DataFrame,
    period: tuple,
    span: tuple[pd.Timestamp, pd.Timestamp],
    breaks: tuple[TimeMark, ...],
    limit: float | None,
    scheme: Theme,
) -> Picture:
    """Incidents per year, quiet years as zeros; those outside the days looked at are pale. table: year, incidents, inside.

    limit: a number per year that the claim names, as a line.
    """
    data = every_period(table[["year", "incidents", "inside"]], "year", span[0].year, span[1].year)
    begins = (data["year"].to_numpy() - 1970).astype("datetime64[Y]")
    data["begins"], data["ends"] = begins, (begins + 1).astype("datetime64[D]") - 1
    words = _("Incidents per year: ") + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    message = _("Incidents per year; pale ones are outside the days looked at, {first} to {last}.")
    notes = [message.format(first=day(period[0]), last=day(period[1]))]
    notes += [_("The line is {limit:g} a year.").format(limit=limit)] if limit else []
    if breaks:
        notes += [_("Dashed: {breaks}.").format(breaks=listed([f"{mark.name} ({mark.date.year})" for mark in breaks]))]
    domain = (f"{data['year'].min()}-01-01", f"{data['year'].max() + 1}-01-01")
    return Picture(
        _limit_spec(domain, breaks, limit, scheme.name), data, words, _("Incidents per year"), tuple(notes),
        lambda: data[["year", "incidents", "inside"]].astype({"year": "str"}).set_axis([_("Year"), _("Incidents"), _("Looked at")], axis=1),
    )  # fmt: skip


@lru_cache(maxsize=128)
def _limit_spec(domain: tuple[str, str], breaks: tuple[TimeMark, ...], limit: float | None, name: str) -> dict[str, Any]:
    scheme = theme(name)
    axis = alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=8)
    x = alt.X("begins:T", title=None, scale=alt.Scale(domain=list(domain)), axis=axis)
    count = alt.Axis(format=",d", tickMinStep=1, tickCount=3, domain=False, ticks=False)
    y, scale = {"title": None, "axis": count}, alt.Scale(domainMin=0)
    tip = [alt.Tooltip("begins:T", title=_("Year"), format="%Y"), alt.Tooltip("incidents:Q", title=_("Incidents"), format=",")]
    tip.append(alt.Tooltip("inside:Q", title=_("In the days looked at"), format=","))
    base = alt.Chart().encode(x=x, x2="ends:T", tooltip=tip)
    pale = base.mark_bar(binSpacing=1, color=scheme.line).encode(y=alt.Y("incidents:Q", scale=scale, **y), y2="inside:Q")
    dark = base.mark_bar(binSpacing=1, color=scheme.bar).encode(y=alt.Y("inside:Q", scale=scale, **y), y2=alt.Y2Datum(0))
    layers = [pale, dark, *([hairlines(breaks, scheme)] if breaks else [])]
    if limit:
        layers.append(alt.Chart(alt.Data(values=[{"limit": limit}])).mark_rule(color=scheme.accent).encode(y="limit:Q"))
    return finished(alt.layer(*layers), scheme, height=LIMIT_HEIGHT)


def per_year(table: pd.DataFrame, title: str, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Incidents per year with their intervals. table: `nearby.per_year`, at least one row; title: what is counted."""
    years = table["year"].to_numpy()
    data = table.assign(begins=[f"{year}-01-01" for year in years], ends=[f"{year}-12-31" for year in years])
    data["middle"] = [f"{year}-07-01" for year in years]
    words = f"{title}: " + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    shown = tuple(mark for mark in marks if years[0] <= mark.date.year <= years[-1])
    domain = f"{years[0]}-01-01", f"{years[-1] + 1}-01-01"
    notes = (YEAR_NOTE, *explained(shown))
    return Picture(_year_spec(domain, shown, scheme.name), data, words, title, notes, lambda: _year_rows(table))


def _year_rows(table: pd.DataFrame) -> pd.DataFrame:
    rows = [(str(year), n, f"{low:,.1f}–{high:,.1f}") for year, n, low, high in table.itertuples(index=False)]
    return pd.DataFrame(rows, columns=["Year", "Incidents", "95 % interval"])


@lru_cache(maxsize=64)
def _year_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    scheme = theme(name)
    axis = alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=6)
    time = alt.Scale(domain=list(domain))
    y = alt.Y(
        "incidents:Q",
        title=None,
        scale=alt.Scale(domainMin=0, range=[{"expr": "height"}, HAIRLINE_HEAD]),
        axis=alt.Axis(format=",d", tickMinStep=1, tickCount=4, domain=False, ticks=False),
    )
    tip = [
        alt.Tooltip("year:Q", title=_("Year")),
        alt.Tooltip("incidents:Q", title=_("Incidents"), format=","),
        alt.Tooltip("low:Q", title=_("95 % interval from"), format=",.1f"),
        alt.Tooltip("high:Q", title="to", format=",.1f"),
    ]
    x = alt.X("begins:T", title=None, scale=time, axis=axis)
    bars = alt.Chart().mark_bar(binSpacing=1, color=scheme.bar)
    bars = bars.encode(x=x, x2="ends:T", y=y, y2=alt.Y2Datum(0), tooltip=tip)
    # Over a year without incidents it would be read as attacks.
    whiskers = alt.Chart().transform_filter("datum.incidents > 0").mark_rule(color=scheme.muted, strokeWidth=1)
    whiskers = whiskers.encode(x="middle:T", y="low:Q", y2="high:Q", tooltip=tip)
    return finished(alt.layer(bars, whiskers, *numbered_hairlines(marks, scheme)), scheme, height=YEAR_HEIGHT)


def overlap_bars(found: Overlap, scheme: Theme) -> Picture:
    """Incidents per data set, those it alone holds and those it shares, each with its number. At least one data set.

    The years are in the table behind it: bars of every data set in every year would be too many to read.
    """
    table = found.by_origin.assign(origin=[plain(name, 60) for name in found.by_origin["origin"]])
    # Every row holds all three numbers: the label of a bar is written from one of them.
    wide = table.rename(columns={"incidents": "whole"})
    data = pd.concat([wide.assign(kind=kind, incidents=wide[name], order=at) for at, (kind, name) in enumerate(_KINDS)])
    data = data.reset_index(drop=True)
    title = _("Incidents only in one data set, and shared")
    return Picture(_overlap_spec(scheme.name), data, sentence(found), title, (OVERLAP_NOTE, NOTE), lambda: _overlap_rows(found))


_KINDS = ((ALONE, "alone"), (SHARED, "shared"))


def _overlap_rows(found: Overlap) -> pd.DataFrame:
    return found.by_year.astype({"year": "str"}).set_axis(
        [_("Data set"), _("Year"), _("Incidents"), ALONE.capitalize(), SHARED.capitalize()], axis=1
    )


@lru_cache(maxsize=4)
def _overlap_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("origin:N", sort=None, title=None, axis=alt.Axis(labelLimit=130, ticks=False, domain=False))
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=[ALONE, SHARED], range=[scheme.bar, scheme.cell]))
    tip = [
        alt.Tooltip("origin:N", title=_("Data set")),
        alt.Tooltip("kind:N", title=" "),
        alt.Tooltip("incidents:Q", title=_("Incidents"), format=","),
    ]
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"max(60, width - {OVERLAP_LABEL})"}])
    x = alt.X("incidents:Q", title=None, axis=None, stack="zero", scale=scale)
    bars = alt.Chart().mark_bar(height=15).encode(x=x, y=y, color=colour, order="order:Q", tooltip=tip)
    # The numbers of both parts behind the bar: within a short part there is no room.
    label = "format(datum.alone, ',') + ' only here, ' + format(datum.shared, ',') + ' shared'"
    numbers = alt.Chart().transform_filter("datum.order == 0").transform_calculate(label=label)
    numbers = numbers.mark_text(align="left", dx=4, color=scheme.ink).encode(x=alt.X("whole:Q"), y=y, text="label:N")
    return finished(alt.layer(bars, numbers), scheme, height={"step": 26})
