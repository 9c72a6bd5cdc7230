"""Two periods as pairs of bars: incidents per 30 days of each term in the first and in the second, with exact intervals."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import Picture, finished
from incident_atlas.theme import Theme, theme

NOTES = (
    "Incidents per 30 days; the upper bar is the first period, the lower one the second; the number counts incidents.",
    "The line at each bar is the exact 95 % interval of its rate. An incident with several counts once under each.",
)


def pairs(bars: pd.DataFrame, what: str, title: str, look: Theme) -> Picture:
    """The bars of `shifts.bars`. what: the column's name for people, such as Target type."""
    words = f"{title}: " + "; ".join(
        f"{first.term}: {first.incidents} then {second.incidents}"
        for first, second in zip(bars[::2].itertuples(), bars[1::2].itertuples(), strict=True)
    )
    return Picture(_spec(look.name), bars, f"{words}.", title, NOTES, lambda: _rows(bars, what))


def _rows(bars: pd.DataFrame, what: str) -> pd.DataFrame:
    table = bars[["term", "period", "incidents"]].copy()
    for name, label in (("rate", "Per 30 days"), ("low", "from"), ("high", "to")):
        table[label] = bars[name].map(lambda value: f"{value:.2f}")
    return table.rename(columns={"term": what, "period": "Period", "incidents": "Incidents"})


@lru_cache(maxsize=4)
def _spec(name: str) -> dict[str, Any]:
    look = theme(name)
    y = alt.Y("term:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    offset = alt.YOffset("side:N", sort=["first", "second"])
    fill = alt.when("datum.side == 'first'").then(alt.value(look.line)).otherwise(alt.value(look.bar))
    axis = alt.Axis(tickCount=4, grid=True, domain=False, ticks=False)
    tip = [
        alt.Tooltip("term:N", title=" "),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
        alt.Tooltip("rate:Q", title="Per 30 days", format=".2f"),
        alt.Tooltip("low:Q", title="from", format=".2f"),
        alt.Tooltip("high:Q", title="to", format=".2f"),
    ]
    base = alt.Chart().encode(y=y, yOffset=offset, tooltip=tip)
    bars = base.mark_bar(height=10, stroke=look.bar, strokeWidth=1).encode(x=alt.X("rate:Q", title=None, axis=axis), color=fill)
    lines = base.mark_rule(color=look.ink, strokeWidth=1).encode(x=alt.X("low:Q"), x2="high:Q")
    numbers = base.mark_text(align="left", dx=5, fontSize=10, color=look.ink)
    numbers = numbers.encode(x=alt.X("high:Q"), text=alt.Text("incidents:Q", format=","))
    return finished(alt.layer(bars, lines, numbers), look, height={"step": 13})
