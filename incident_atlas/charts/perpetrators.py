"""The charts of suspected perpetrators by attribution: all years as one bar, or year by year.

Hue is the perpetrator; full colour is claimed, lighter is attributed or suspected, striped is the rest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import CLICK, OTHERS_BAR, Picture, TimeMark, finished, hairlines, named_lines
from incident_atlas.core.vocabulary import ATTRIBUTION_MEANING, ATTRIBUTIONS, NOT_STATED, UNKNOWN
from incident_atlas.i18n import _
from incident_atlas.theme import ATTRIBUTION_OPACITY, Theme, perpetrator_colour, theme

MOST_PERPETRATORS = 5
SCALE_NOTE = _("One scale for all; the number is the most in one year.")
ROW_PX, COLUMN_PX, FOOT_PX = 82, 30, 10
"""Of one perpetrator's row by year: its height, its highest column, and the ground under its columns."""
LEGEND = (
    (_("Claimed"), "claimed", 0),
    (_("Attributed"), "attributed", 57),
    (_("Suspected"), "suspected", 124),
    (_("Contested, denied, unknown"), "denied", 189),
)
"""What a swatch stands for, an attribution that is drawn like it, and the pixels at which it begins in a row."""
LEGEND_WIDTH, LEGEND_UP, LEGEND_STEP = 300, 20, 15
"""A narrower chart has the striped swatch in a row of its own; pixels from the top of the bars to the last row, and between two."""


def perpetrators(table: pd.DataFrame, chosen: tuple[str, ...], scheme: Theme) -> Picture:
    """Incidents per suspected perpetrator, split by attribution. table: `summary.by_perpetrator`."""
    bars = _bars(table)
    rows = [_segment(name, bar, attribution, place) for name, bar in bars.items() for place, attribution in enumerate(bar)]
    data = pd.DataFrame(rows, columns=_SEGMENT)
    data["chosen"] = data["perpetrator"].isin(chosen) if chosen else True
    words = "; ".join(f"{name}: {_segment_label(name, bar)}" for name, bar in bars.items())
    alternative = _("Incidents per suspected perpetrator: {words}.").format(words=words)
    shown = [(name, "", bar) for name, bar in bars.items()]
    title = _("Incidents by suspected perpetrator")
    return Picture(_perpetrators_spec(scheme.name), data, alternative, title, (), lambda: _table(shown).drop(columns="Year"))


def perpetrators_by_year(
    table: pd.DataFrame, years: tuple[int, int], chosen: tuple[str, ...], scheme: Theme, marks: tuple[TimeMark, ...] = ()
) -> Picture:
    """The same bars, each as a row of yearly columns, quiet years as zeros; one scale, so that rows can be compared.

    table: `summary.by_perpetrator_and_year`; years: the first and the last year that were asked for.
    """
    bars = _bars(table[["perpetrator", "attribution", "incidents"]])
    found: dict[tuple[str, int], dict[str, int]] = {}
    for name, attribution, year, n in table.itertuples(index=False, name=None):
        column = found.setdefault((name if name in bars else OTHERS_BAR, year), {})
        column[attribution] = column.get(attribution, 0) + n
    every = range(min([years[0], *table["year"]]), max([years[1], *table["year"]]) + 1)
    columns = [(name, year, _in_order(found.get((name, year), {}))) for name in bars for year in every]
    most = max((sum(column.values()) for _unused, _unused, column in columns), default=0)
    peaks = {name: max(sum(found.get((name, year), {}).values()) for year in every) for name in bars}
    labels = {name: (row, _in_lines(_segment_label(name, bars[name]))) for row, name in enumerate(bars)}
    rows = []
    for name, year, column in columns:
        labelled = sum(column.values()) == peaks.get(name)
        if labelled:
            peaks.pop(name)
        rows += _column(name, year, column, most, labelled, *labels[name])
    data = pd.DataFrame(rows, columns=_COLUMN)
    # A few hundred rows go to the browser at every run of the page: as small as they can be.
    data = data.astype(_SMALL)
    data["chosen"] = data["perpetrator"].isin(chosen) if chosen else True
    period = _("{first} to {last}").format(first=every[0], last=every[-1])
    words = "; ".join(f"{name}: {_segment_label(name, bars[name])}" for name in bars)
    spec = _by_year_spec((f"{every[0]}-01-01", f"{every[-1] + 1}-01-01"), max(len(bars), 1), scheme.name, marks)
    notes = (SCALE_NOTE, *named_lines(marks))
    title = _("Incidents by suspected perpetrator and year")
    return Picture(spec, data, f"{title}, {period}: {words}.", title, notes, lambda: _table(columns))


def _bars(table: pd.DataFrame) -> dict[str, dict[str, int]]:
    """Incidents per attribution of the largest bars and of all others as one."""
    # The table has the largest first and Unknown last; in plain Python, because pandas would take longer than the drawing.
    names = list(dict.fromkeys(table["perpetrator"].tolist()))
    named = [name for name in names if name != UNKNOWN]
    if len(named) > MOST_PERPETRATORS:
        names = [*named[:MOST_PERPETRATORS], OTHERS_BAR, *(name for name in names if name == UNKNOWN)]
    bars: dict[str, dict[str, int]] = {name: {} for name in names}
    for name, attribution, n in table.itertuples(index=False, name=None):
        bar = bars[name if name in bars else OTHERS_BAR]
        bar[attribution] = bar.get(attribution, 0) + n
    return {name: _in_order(bar) for name, bar in bars.items()}


def _in_order(bar: dict[str, int]) -> dict[str, int]:
    """Attributions from strong to weak, also where several perpetrators were added up; a file's own words behind them."""
    return {
        attribution: bar[attribution]
        for attribution in dict.fromkeys((*ATTRIBUTIONS, NOT_STATED, *sorted(bar)))
        if attribution in bar
    }


def _segment_label(name: str, bar: dict[str, int]) -> str:
    return ", ".join(f"{n:,} {each}" for each, n in bar.items()) if name != UNKNOWN else _("no group named")


def _in_lines(label: str) -> str:
    """Two lines where one would run out of a narrow column: the last attribution, denied, must not be the one that is cut."""
    at = label.find(", ", len(label) // 2)
    return label if len(label) <= 45 or at < 0 else f"{label[: at + 1]}\n{label[at + 2 :]}"


def _table(bars: list[tuple[str, Any, dict[str, int]]]) -> pd.DataFrame:
    """One row per bar or column: who, when, how many, and of these how many with each attribution that occurs."""
    own = sorted({attribution for _unused, _unused, bar in bars for attribution in bar})
    attributions = [
        attribution
        for attribution in dict.fromkeys((*ATTRIBUTIONS, NOT_STATED, *own))
        if any(attribution in bar for _unused, _unused, bar in bars)
    ]
    rows = [
        (name, str(year), sum(bar.values()), *(bar.get(attribution, 0) for attribution in attributions))
        for name, year, bar in bars
    ]
    return pd.DataFrame(
        rows, columns=["Suspected perpetrator", "Year", "Incidents", *(attribution.capitalize() for attribution in attributions)]
    )


_SEGMENT = ["perpetrator", "attribution", "incidents", "total", "ladder", "hue", "hatched", "opacity", "meaning", "said"]


def _segment(name: str, bar: dict[str, int], attribution: str, place: int) -> tuple:
    """One attribution of one perpetrator's bar; its words stand at the first attribution."""
    style = (*_fill_style(name, attribution), ATTRIBUTION_MEANING.get(attribution, attribution))
    return (name, attribution, bar[attribution], sum(bar.values()), place, *style, _in_lines(_segment_label(name, bar)))


def _fill_style(name: str, attribution: str) -> tuple[str, bool, float]:
    """Hue, striped or not, and lightness of one attribution of one perpetrator."""
    return (
        perpetrator_colour(name)[0],
        attribution not in ATTRIBUTION_OPACITY or name == UNKNOWN,
        ATTRIBUTION_OPACITY.get(attribution, 1.0),
    )


_COLUMN = [
    "perpetrator",
    "year",
    "incidents",
    "ladder",
    "hue",
    "hatched",
    "opacity",
    "top",
    "bottom",
    "peak",
    "high",
    "row",
    "said",
    "inside",
]


_SMALL = dict.fromkeys(("perpetrator", "hue", "said", "inside"), "category") | {
    "year": "int16", "incidents": "int32", "ladder": "int8", "row": "int8",
    "opacity": "float32", "top": "float32", "bottom": "float32", "high": "float32",
}  # fmt: skip


def _column(name: str, year: int, column: dict[str, int], most: int, labelled: bool, row: int, label: str) -> list[tuple]:
    """The attributions of one perpetrator in one year, stacked in pixels; a quiet year is one segment of nothing."""
    total, high = sum(column.values()), (row + 1) * ROW_PX - FOOT_PX
    inside = f"{total:,}: {_segment_label(name, column)}" if total else "0"
    rows: list[tuple] = []
    for place, (attribution, n) in enumerate(column.items() or [(NOT_STATED, 0)]):
        low, high = high, high - COLUMN_PX * n / max(most, 1)
        peak = f"{total:,}" if labelled and not place else None
        rows.append(
            (
                name,
                year,
                n,
                place,
                *_fill_style(name, attribution),
                high,
                low,
                peak,
                COLUMN_PX * total / max(most, 1),
                row,
                label,
                inside,
            )
        )
    return rows


@lru_cache(maxsize=4)
def _perpetrators_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["perpetrator"])
    y = alt.Y("perpetrator:N", sort=None, title=None, axis=None)
    x = alt.X("incidents:Q", title=None, axis=None, stack="zero")
    tip = [
        alt.Tooltip("perpetrator:N", title=_("Suspected perpetrator")),
        alt.Tooltip("incidents:Q", title=_("Incidents"), format=","),
        alt.Tooltip("attribution:N", title=_("Attribution")),
        alt.Tooltip("meaning:N", title=_("Meaning")),
    ]
    bars = alt.Chart().mark_bar(cursor="pointer", height=13, stroke=scheme.background, strokeWidth=0.5)
    shade = alt.when("datum.chosen").then(alt.Opacity("opacity:Q", scale=None, legend=None)).otherwise(alt.value(0.15))
    solid = bars.encode(fill=alt.Fill("hue:N", scale=None, legend=None), opacity=shade, x=x, order="ladder:Q", tooltip=tip)
    solid = solid.add_params(click)
    ends = alt.Chart().transform_stack(
        stack="incidents", groupby=["perpetrator"], sort=[alt.SortField("ladder")], as_=["starts", "ends"]
    )
    striped = ends.transform_filter("datum.hatched").mark_rule(**_stripes(scheme), strokeWidth=13)
    striped = striped.encode(x=alt.X("starts:Q", title=None, axis=None), x2="ends:Q")
    placed = alt.layer(solid, striped)
    words = alt.Chart()
    totals = words.mark_text(align="left", dx=4, color=scheme.ink).encode(
        x=alt.X("total:Q"), text=alt.Text("total:Q", format=",")
    )
    names = words.mark_text(align="left", dy=-15, color=scheme.muted).encode(x=alt.datum(0), text="perpetrator:N")
    labels = words.mark_text(align="left", dy=14, fontSize=10, color=scheme.muted, limit=400, lineBreak="\n", lineHeight=11)
    labels = labels.encode(x=alt.datum(0), text="said:N")
    once = alt.layer(totals, names, labels).transform_filter("datum.ladder == 0")
    return finished(alt.layer(alt.layer(placed, once).encode(y=y), _legend(scheme)), scheme, height={"step": 53})


@lru_cache(maxsize=64)
def _by_year_spec(domain: tuple[str, str], rows: int, name: str, marks: tuple[TimeMark, ...]) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["perpetrator"])
    axis = alt.Axis(format="%Y", tickCount="year", grid=False, labelOverlap="greedy", labelSeparation=6)
    x = alt.X("begins:T", title=None, scale=alt.Scale(domain=list(domain)), axis=axis)
    # Pixels from the top; as a scale, because the page may give the rows a little less room than they ask for.
    scale = alt.Scale(domain=[0, rows * ROW_PX], range=[0, {"expr": "height"}], nice=False, zero=False)
    y = alt.Y("top:Q", scale=scale, axis=None)
    columns = alt.Chart().mark_bar(stroke=scheme.background, strokeWidth=0.5).encode(x=x, x2="ends:T", y=y, y2="bottom:Q")
    shade = alt.when("datum.chosen").then(alt.Opacity("opacity:Q", scale=None, legend=None)).otherwise(alt.value(0.15))
    solid = columns.encode(fill=alt.Fill("hue:N", scale=None, legend=None), opacity=shade)
    years = int(domain[1][:4]) - int(domain[0][:4])
    stripes = alt.Chart().transform_filter("datum.hatched").transform_calculate(middle="(+datum.begins + +datum.ends) / 2")
    stripes = stripes.mark_rule(**_stripes(scheme), strokeWidth={"expr": f"width/{years}"}).encode(
        x="middle:T", y=y, y2="bottom:Q"
    )
    first = alt.Chart().transform_filter("datum.ladder == 0")
    # The ground of every year, on which a quiet one stands as nothing.
    ground = first.mark_rule(color=scheme.line, strokeWidth=1)
    ground = ground.transform_calculate(at=f"(datum.row + 1) * {ROW_PX} - {FOOT_PX}").encode(x="begins:T", x2="ends:T", y="at:Q")
    peaks = alt.Chart().transform_filter("isValid(datum.peak)")
    peaks = peaks.transform_calculate(
        middle="(+datum.begins + +datum.ends) / 2", over=f"(datum.row + 1) * {ROW_PX} - {FOOT_PX} - datum.high"
    )
    peaks = peaks.mark_text(dy=-5, fontSize=9, color=scheme.muted).encode(x="middle:T", y="over:Q", text="peak:N")
    one = alt.Chart().transform_aggregate(groupby=["perpetrator", "row", "said"])
    one = one.transform_calculate(
        y=f"datum.row * {ROW_PX} + 8", below=f"datum.row * {ROW_PX} + 22", named="datum.perpetrator + ':'"
    )
    names = one.mark_text(align="left", color=scheme.ink).encode(x=alt.value(0), y="y:Q", text="named:N")
    labels = one.mark_text(align="left", fontSize=10, color=scheme.muted, limit=400, lineBreak="\n", lineHeight=11)
    labels = labels.encode(x=alt.value(0), y="below:Q", text="said:N")
    # Above all others, so that a click on a quiet year, or on a column of two pixels, finds its perpetrator.
    tip = [
        alt.Tooltip("perpetrator:N", title=_("Suspected perpetrator")),
        alt.Tooltip("year:Q", title=_("Year"), format="d"),
        alt.Tooltip("inside:N", title=_("Incidents")),
    ]
    touch = first.mark_bar(cursor="pointer", opacity=0).transform_calculate(
        from_=f"datum.row * {ROW_PX}", to=f"(datum.row + 1) * {ROW_PX}"
    )
    touch = touch.encode(x="begins:T", x2="ends:T", y="from_:Q", y2="to:Q", tooltip=tip).add_params(click)
    lines = [hairlines(marks, scheme)] if marks else []
    rows_of_years = alt.layer(solid, stripes, ground, *lines, peaks, names, labels, _legend(scheme), touch)
    rows_of_years = rows_of_years.transform_calculate(begins="datetime(datum.year, 0, 1)", ends="datetime(datum.year + 1, 0, 1)")
    return finished(rows_of_years, scheme, height=rows * ROW_PX + 20)


def _legend(scheme: Theme) -> alt.LayerChart:
    """The attributions' swatches above the bars, drawn as they are, each with its words."""
    rows = []
    for words, attribution, at in LEGEND:
        _unused, hatched, opacity = _fill_style("", attribution)
        rows.append({"words": words, "at": at, "hatched": hatched, "opacity": opacity})
    # Values and no fields say where: with a field the legend would take part in the scales of the bars.
    narrow = f"width<{LEGEND_WIDTH}"
    x = f"5 + ({narrow} && datum.hatched ? 0 : datum.at)"
    y = alt.value({"expr": f"{narrow} && !datum.hatched ? -{LEGEND_UP + LEGEND_STEP} : -{LEGEND_UP}"})
    place = {"x": alt.value({"expr": x}), "y": y}
    # The words beside a swatch say what it is.
    shade = alt.Opacity("opacity:Q", scale=None, legend=None)
    solid = (
        alt.Chart()
        .mark_point(shape="square", size=90, filled=True, aria=False, color=scheme.muted)
        .encode(opacity=shade, **place)
    )
    stripes = alt.Chart().transform_filter("datum.hatched").mark_rule(**_stripes(scheme), strokeWidth=9.5, aria=False)
    stripes = stripes.encode(x=alt.value({"expr": f"{x} - 5"}), x2=alt.value({"expr": f"{x} + 5"}), y=y)
    words = alt.Chart().mark_text(align="left", dx=9, fontSize=10, color=scheme.muted).encode(text="words:N", **place)
    return alt.layer(solid, stripes, words, data=alt.Data(values=rows))


def _stripes(scheme: Theme) -> dict[str, Any]:
    """A thick dashed line of the background, which stripes what it lies on: Vega has no patterns, and its gradients, which are
    found by the address of the page, are lost when that changes.
    """
    return {"stroke": scheme.background, "strokeDash": [2, 2], "strokeDashOffset": 2}
