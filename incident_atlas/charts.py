"""The only altair: one function per picture, each a `Picture` of a spec that stays and data that moves.

A spec is built once per theme and context, because building it costs more than drawing it. A click or a brush names its
field in the selection called CLICK or BRUSH; bars outside what is chosen are grey, so that a choice made anywhere shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from incident_atlas.text import day
from incident_atlas.theme import RUNG_OPACITY, Theme, mark, theme
from incident_atlas.vocabulary import RUNG_MEANING, UNKNOWN

CLICK = "click"
BRUSH = "brush"
MOST_TYPES = 12
MOST_PERPETRATORS = 5
OTHERS_BAR = "all others"
TIMELINE_HEIGHT = 110  # pixels
YEARS_HEIGHT = 220  # pixels
HAIRLINE_HEAD = 30  # pixels above the bars, for the numbers of the hairlines


@dataclass(frozen=True)
class Picture:
    """A Vega-Lite spec without its data, the data, and what a screen reader says."""

    spec: dict[str, Any]
    data: pd.DataFrame
    alt: str


@dataclass(frozen=True)
class TimeMark:
    """A hairline on a time chart: a milestone (numbered) or a break of coverage (lettered), `row` apart from neighbours."""

    date: pd.Timestamp
    label: str
    name: str
    kind: str
    row: int = 0


def time_marks(milestones: pd.DataFrame, coverage: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp) -> tuple[TimeMark, ...]:
    """Milestones and breaks of coverage between two days, by date, with rows so that near labels do not collide.

    A break is the day on which a source of data/coverage.csv begins or ends inside the record.
    """
    found = [(date, name, "milestone") for date, name in zip(milestones["date"], milestones["name"], strict=True)]
    for source, begins, ends in zip(coverage["source"], coverage["from"], coverage["to"], strict=True):
        found += [(begins, f"start of {source}", "break"), (ends, f"end of {source}", "break")]
    found = sorted((item for item in found if pd.notna(item[0]) and first < item[0] < last), key=lambda item: item[0])
    marks: list[TimeMark] = []
    counts = {"milestone": 0, "break": 0}
    free_from = [first] * 3
    width = (last - first) * 0.035
    for date, name, kind in found:
        label = str(counts[kind] + 1) if kind == "milestone" else chr(ord("a") + counts[kind] % 26)
        counts[kind] += 1
        row = next((i for i, free in enumerate(free_from) if free <= date), len(free_from) - 1)
        free_from[row] = date + width
        marks.append(TimeMark(date, label, name, kind, row))
    return tuple(marks)


def timeline(months: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Incidents per month, brushable. months: `summary.by_month`; chosen: first and last day that are visible, or None."""
    begins = (months["month"].to_numpy() - 1970 * 12).astype("datetime64[M]")
    data = pd.DataFrame({"begins": begins, "ends": _last_day(begins), "incidents": months["incidents"]})
    data["chosen"] = _within(data, chosen)
    words = f"Incidents per month, {day(span[0])} to {day(span[1])}; the most in one month are {data['incidents'].max() if len(data) else 0}."
    return Picture(_timeline_spec(_year_span(span), marks, scheme.name), data, words)


def years(table: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Incidents per year, quiet years as zeros. table: `summary.by_year`."""
    data = table[["year", "incidents"]].copy()
    begins = (data["year"].to_numpy() - 1970).astype("datetime64[Y]")
    data["begins"], data["ends"] = begins, _last_day(begins)
    data["chosen"] = _within(data, chosen)
    words = "Incidents per year: " + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    return Picture(_years_spec(_year_span(span), marks, scheme.name), data, words)


def target_types(table: pd.DataFrame, chosen: tuple[str, ...], scheme: Theme) -> Picture:
    """Incidents per target type, most first. table: `summary.by_target_type`; chosen: the types of the filter."""
    data = _top(table, "target_type", MOST_TYPES)
    data["chosen"] = data["target_type"].isin(chosen) if chosen else True
    words = "Incidents per target type: " + ", ".join(f"{row.target_type}: {row.incidents}" for row in data.itertuples()) + "."
    return Picture(_target_types_spec(scheme.name), data, words)


def perpetrators(table: pd.DataFrame, chosen: tuple[str, ...], scheme: Theme) -> Picture:
    """Incidents per suspected perpetrator, split by the rungs of the ladder. table: `summary.by_perpetrator`."""
    totals = table.groupby("perpetrator", sort=False, as_index=False)["incidents"].sum()
    bars = dict.fromkeys(_top(totals, "perpetrator", MOST_PERPETRATORS)["perpetrator"])
    rungs: dict[str, dict[str, int]] = {name: {} for name in bars}
    for name, rung, n in table.itertuples(index=False, name=None):
        bar = rungs[name if name in rungs else OTHERS_BAR]
        bar[rung] = bar.get(rung, 0) + n
    rows = [_segment(name, bar, rung, place) for name, bar in rungs.items() for place, rung in enumerate(bar)]
    data = pd.DataFrame(rows, columns=_SEGMENT)
    data["chosen"] = data["perpetrator"].isin(chosen) if chosen else True
    said = data[data["ladder"] == 0]
    alternative = "Incidents per suspected perpetrator: " + "; ".join(f"{row.perpetrator}: {row.said}" for row in said.itertuples()) + "."
    return Picture(_perpetrators_spec(scheme.name), data, alternative)


_SEGMENT = ["perpetrator", "attribution", "incidents", "total", "ladder", "hue", "hatched", "opacity", "meaning", "said"]


def _segment(name: str, bar: dict[str, int], rung: str, place: int) -> tuple:
    """One rung of one perpetrator's bar; its words stand at the first rung."""
    said = ", ".join(f"{n:,} {each}" for each, n in bar.items()) if name != UNKNOWN else "nobody is named"
    hatched = rung not in RUNG_OPACITY or name == UNKNOWN
    look = (mark(name)[0], hatched, RUNG_OPACITY.get(rung, 1.0), RUNG_MEANING.get(rung, rung))
    return (name, rung, bar[rung], sum(bar.values()), place, *look, said)


@lru_cache(maxsize=64)
def _timeline_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    bars = _time_bars(domain, theme(name), "%b %Y").add_params(brush)
    return _spec(alt.layer(bars, *_hairlines(marks, theme(name))), theme(name), height=TIMELINE_HEIGHT)


@lru_cache(maxsize=64)
def _years_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["year"])
    bars = _time_bars(domain, scheme, "%Y").add_params(click)
    numbers = alt.Chart().mark_text(dy=-5, fontSize=9, color=scheme.muted, xOffset=0)
    middle = alt.X("middle:T")
    numbers = numbers.transform_calculate(middle="(+datum.begins + +datum.ends) / 2").transform_filter("datum.incidents > 0")
    numbers = numbers.encode(x=middle, y="incidents:Q", text="incidents:Q")
    return _spec(alt.layer(bars, numbers, *_hairlines(marks, scheme)), scheme, height=YEARS_HEIGHT)


@lru_cache(maxsize=4)
def _target_types_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["target_type"])
    y = alt.Y("target_type:N", sort=None, title=None, axis=alt.Axis(labelLimit=170, ticks=False, domain=False))
    x = alt.X("incidents:Q", title=None, axis=None)
    tip = [alt.Tooltip("target_type:N", title="Target"), alt.Tooltip("incidents:Q", title="Incidents", format=",")]
    bars = alt.Chart().mark_bar(cursor="pointer", height=13).encode(x=x, y=y, color=_chosen(scheme), tooltip=tip).add_params(click)
    numbers = alt.Chart().mark_text(align="left", dx=4, color=scheme.ink).encode(x=x, y=y, text=alt.Text("incidents:Q", format=","))
    return _spec(alt.layer(bars, numbers), scheme, height={"step": 19})


@lru_cache(maxsize=4)
def _perpetrators_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["perpetrator"])
    y = alt.Y("perpetrator:N", sort=None, title=None, axis=None)
    x = alt.X("incidents:Q", title=None, axis=None, stack="zero")
    tip = [
        alt.Tooltip("perpetrator:N", title="Suspected perpetrator"),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
        alt.Tooltip("attribution:N", title="Attribution"),
        alt.Tooltip("meaning:N", title="Meaning"),
    ]
    bars = alt.Chart().mark_bar(cursor="pointer", height=13, stroke=scheme.background, strokeWidth=0.5)
    shade = alt.when("datum.chosen").then(alt.Opacity("opacity:Q", scale=None, legend=None)).otherwise(alt.value(0.15))
    placed = bars.encode(x=x, y=y, order="ladder:Q", tooltip=tip)
    solid = placed.encode(fill=alt.Fill("hue:N", scale=None, legend=None), opacity=shade).add_params(click)
    # Stripes of the background over the whole stack, seen only where the rung is hatched: a stack cannot be filtered.
    striped = alt.when("datum.hatched").then(alt.value(_stripes(scheme))).otherwise(alt.value("transparent"))
    stripes = placed.encode(fill=striped)
    first = alt.Chart().transform_filter("datum.ladder == 0")
    totals = first.mark_text(align="left", dx=4, color=scheme.ink).encode(x=alt.X("total:Q"), y=y, text=alt.Text("total:Q", format=","))
    names = first.mark_text(align="left", dy=-15, color=scheme.muted).encode(x=alt.datum(0), y=y, text="perpetrator:N")
    said = first.mark_text(align="left", dy=14, fontSize=10, color=scheme.muted, limit=400).encode(x=alt.datum(0), y=y, text="said:N")
    return _spec(alt.layer(solid, stripes, totals, names, said), scheme, height={"step": 50})


def _time_bars(domain: tuple[str, str], scheme: Theme, form: str) -> alt.Chart:
    x = alt.X("begins:T", title=None, scale=alt.Scale(domain=list(domain)), axis=alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=6))
    y = alt.Y("incidents:Q", title=None, scale=alt.Scale(domainMin=0, range=[{"expr": "height"}, HAIRLINE_HEAD]), axis=alt.Axis(tickMinStep=1, tickCount=3, domain=False, ticks=False))
    tip = [alt.Tooltip("begins:T", title="Period", format=form), alt.Tooltip("incidents:Q", title="Incidents", format=",")]
    return alt.Chart().mark_bar(binSpacing=1).encode(x=x, x2="ends:T", y=y, y2=alt.Y2Datum(0), color=_chosen(scheme), tooltip=tip)


def _hairlines(marks: tuple[TimeMark, ...], scheme: Theme) -> list[alt.Chart]:
    """Milestones solid with a number, breaks of coverage dashed with a letter, both named on hover."""
    if not marks:
        return []
    rows = [{"at": f"{m.date:%Y-%m-%d}", "label": m.label, "name": f"{m.name}, {day(m.date)}", "kind": m.kind, "y": m.row * 12 + 5} for m in marks]
    base = alt.Chart(alt.Data(values=rows)).encode(x=alt.X("at:T"), tooltip=alt.Tooltip("name:N", title=" "))
    dash = alt.when("datum.kind == 'break'").then(alt.value([3, 3])).otherwise(alt.value([1, 0]))
    lines = base.mark_rule(color=scheme.ink, strokeWidth=1).encode(strokeDash=dash)
    dots = base.mark_point(shape="circle", size=130, filled=True, color=scheme.background, stroke=scheme.muted, strokeWidth=1, opacity=1)
    y = alt.Y("y:Q", scale=None, axis=None)
    labels = base.mark_text(fontSize=9, color=scheme.ink).encode(y=y, text="label:N")
    return [lines, dots.encode(y=y), labels]


def _stripes(scheme: Theme) -> dict[str, Any]:
    """Stripes as a gradient of hard stops, because Vega has no patterns."""
    stops = [{"offset": (i + edge) / 40, "color": ("transparent", scheme.background)[i % 2]} for i in range(40) for edge in (0, 1)]
    return {"gradient": "linear", "stops": stops}


def _chosen(scheme: Theme) -> Any:
    return alt.when("datum.chosen").then(alt.value(scheme.bar)).otherwise(alt.value(scheme.line))


def _spec(chart: Any, scheme: Theme, height: Any) -> dict[str, Any]:
    font = "system-ui, sans-serif"
    axis = {"labelColor": scheme.muted, "gridColor": scheme.line, "domainColor": scheme.line, "tickColor": scheme.line, "labelFont": font}
    chart = chart.properties(height=height).configure(background="transparent", font=font)
    chart = chart.configure_axis(**axis, labelFontSize=11).configure_view(stroke=None)
    spec = chart.to_dict(validate=False)
    for unused in ("$schema", "datasets"):
        spec.pop(unused, None)
    for part in [spec, *spec["layer"]]:
        # Altair names missing data; without the name a layer takes the data that is given with the spec.
        if "values" not in part.get("data", {}):
            part.pop("data", None)
    return spec


def _last_day(periods: np.ndarray) -> np.ndarray:
    """Of months or years (datetime64[M] or [Y]): numpy counts in them, and pandas takes ten times as long."""
    return (periods + 1).astype("datetime64[D]") - 1


def _within(data: pd.DataFrame, chosen: tuple) -> pd.Series:
    since, until = chosen
    inside = pd.Series(True, index=data.index)
    if since is not None:
        inside &= data["ends"] >= pd.Timestamp(since)
    if until is not None:
        inside &= data["begins"] <= pd.Timestamp(until)
    return inside


def _year_span(span: tuple[pd.Timestamp, pd.Timestamp]) -> tuple[str, str]:
    return f"{span[0].year}-01-01", f"{span[1].year + 1}-01-01"


def _top(table: pd.DataFrame, name: str, most: int) -> pd.DataFrame:
    """The largest bars, the rest as one bar before Unknown."""
    unknown = table[name] == UNKNOWN
    named = table[~unknown]
    if len(named) <= most:
        return table.copy()
    rest = pd.DataFrame({name: [OTHERS_BAR], "incidents": [named["incidents"].iloc[most:].sum()]})
    return pd.concat([named.iloc[:most], rest, table[unknown]], ignore_index=True)


