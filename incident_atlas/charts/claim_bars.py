"""The small pictures beside claims: years as bars with the breaks of coverage, named counts, rates with their intervals."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import Picture, TimeMark, finished, hairlines
from incident_atlas.core.text import day, listed
from incident_atlas.theme import Theme, theme

YEARS_HEIGHT = 110  # pixels
MOST_BARS = 12
OTHERS = "all others"


def years(
    table: pd.DataFrame,
    looked: tuple,
    span: tuple[pd.Timestamp, pd.Timestamp],
    breaks: tuple[TimeMark, ...],
    limit: float | None,
    scheme: Theme,
) -> Picture:
    """Incidents per year, quiet years as zeros; those outside the days looked at are pale. table: year, incidents, inside.

    limit: a number per year that the claim names, as a line.
    """
    every = range(min([span[0].year, *table["year"]]), max([span[1].year, *table["year"]]) + 1)
    data = table.set_index("year")[["incidents", "inside"]].reindex(every, fill_value=0).rename_axis("year").reset_index()
    begins = (data["year"].to_numpy() - 1970).astype("datetime64[Y]")
    data["begins"], data["ends"] = begins, (begins + 1).astype("datetime64[D]") - 1
    words = "Incidents per year: " + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    notes = [f"Incidents per year; pale ones are outside the days looked at, {day(looked[0])} to {day(looked[1])}."]
    notes += [f"The line is {limit:g} a year."] if limit else []
    notes += [f"Dashed: {listed([f'{mark.name} ({mark.date.year})' for mark in breaks])}."] if breaks else []
    domain = (f"{every[0]}-01-01", f"{every[-1] + 1}-01-01")
    return Picture(
        _years_spec(domain, breaks, limit, scheme.name), data, words, "Incidents per year", tuple(notes),
        lambda: data[["year", "incidents", "inside"]].astype({"year": "str"}).set_axis(["Year", "Incidents", "Looked at"], axis=1),
    )  # fmt: skip


def counts(rows: Sequence[tuple[str, int]], title: str, what: str, scheme: Theme) -> Picture:
    """Named counts, most first, the smallest of many as one bar. what: the names' column for people, such as Country."""
    shown = [*rows[:MOST_BARS], *([(OTHERS, sum(n for _, n in rows[MOST_BARS:]))] if len(rows) > MOST_BARS else [])]
    data = pd.DataFrame(shown, columns=["name", "incidents"])
    words = f"{title}: " + ", ".join(f"{name}: {n}" for name, n in shown) + "."
    table = pd.DataFrame(rows, columns=[what, "Incidents"])
    return Picture(_counts_spec(scheme.name), data, words, title, (f"{title}.",), lambda: table)


def rates(rows: Sequence[tuple[str, int, float, float, float]], unit: str, scheme: Theme) -> Picture:
    """Rates one below the other, each with its interval: name, incidents, rate, low, high, per `unit`."""
    data = pd.DataFrame(rows, columns=["name", "incidents", "rate", "low", "high"])
    data["label"] = [f"{row.incidents:,}: {row.name}" for row in data.itertuples(index=False)]
    told = [f"{row.name}: {row.rate:.2f} ({row.low:.2f} to {row.high:.2f})" for row in data.itertuples(index=False)]
    title = f"Incidents per {unit}"
    notes = (f"{title}; the line at each bar is its exact 95 % interval, the number counts incidents.",)
    names = ["", "Incidents", f"Per {unit}", "from", "to"]
    table = data[["name", "incidents"]].assign(
        **{name: data[name].map(lambda value: f"{value:.2f}") for name in ("rate", "low", "high")}
    )
    return Picture(
        _rates_spec(title, scheme.name), data, f"{title}: {'; '.join(told)}.", title, notes, lambda: table.set_axis(names, axis=1)
    )


@lru_cache(maxsize=128)
def _years_spec(domain: tuple[str, str], breaks: tuple[TimeMark, ...], limit: float | None, name: str) -> dict[str, Any]:
    scheme = theme(name)
    axis = alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=8)
    x = alt.X("begins:T", title=None, scale=alt.Scale(domain=list(domain)), axis=axis)
    count = alt.Axis(format=",d", tickMinStep=1, tickCount=3, domain=False, ticks=False)
    y, scale = {"title": None, "axis": count}, alt.Scale(domainMin=0)
    tip = [alt.Tooltip("begins:T", title="Year", format="%Y"), alt.Tooltip("incidents:Q", title="Incidents", format=",")]
    tip.append(alt.Tooltip("inside:Q", title="In the days looked at", format=","))
    base = alt.Chart().encode(x=x, x2="ends:T", tooltip=tip)
    pale = base.mark_bar(binSpacing=1, color=scheme.line).encode(y=alt.Y("incidents:Q", scale=scale, **y), y2="inside:Q")
    dark = base.mark_bar(binSpacing=1, color=scheme.bar).encode(y=alt.Y("inside:Q", scale=scale, **y), y2=alt.Y2Datum(0))
    layers = [pale, dark, *([hairlines(breaks, scheme)] if breaks else [])]
    if limit:
        layers.append(alt.Chart(alt.Data(values=[{"limit": limit}])).mark_rule(color=scheme.accent).encode(y="limit:Q"))
    return finished(alt.layer(*layers), scheme, height=YEARS_HEIGHT)


@lru_cache(maxsize=4)
def _counts_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=170, ticks=False, domain=False))
    x = alt.X("incidents:Q", axis=None)
    tip = [alt.Tooltip("name:N", title=" "), alt.Tooltip("incidents:Q", title="Incidents", format=",")]
    bars = alt.Chart().mark_bar(height=10, color=scheme.bar).encode(x=x, y=y, tooltip=tip)
    numbers = alt.Chart().mark_text(align="left", dx=4, fontSize=10, color=scheme.ink)
    return finished(
        alt.layer(bars, numbers.encode(x=x, y=y, text=alt.Text("incidents:Q", format=","))), scheme, height={"step": 15}
    )


@lru_cache(maxsize=8)
def _rates_spec(title: str, name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("name:N", sort=None, axis=None)
    axis = alt.Axis(tickCount=4, domain=False, ticks=False, titleColor=scheme.muted, titleFontWeight="normal", titleFontSize=11)
    tip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
        alt.Tooltip("rate:Q", title=title, format=".2f"),
        alt.Tooltip("low:Q", title="from", format=".2f"),
        alt.Tooltip("high:Q", title="to", format=".2f"),
    ]
    base = alt.Chart().encode(y=y, tooltip=tip)
    bars = base.mark_bar(height=12, color=scheme.bar, yOffset=8).encode(x=alt.X("rate:Q", title=title, axis=axis))
    lines = base.mark_rule(color=scheme.ink, strokeWidth=1.5, yOffset=8).encode(x=alt.X("low:Q"), x2="high:Q")
    ends = [
        base.mark_tick(color=scheme.ink, thickness=1.5, size=9, yOffset=8).encode(x=alt.X(f"{end}:Q")) for end in ("low", "high")
    ]
    names = base.mark_text(align="left", dy=-9, fontSize=11, color=scheme.ink, limit=alt.ExprRef("width")).encode(
        x=alt.XDatum(0), text="label:N"
    )
    return finished(alt.layer(bars, lines, *ends, names), scheme, height={"step": 44})
