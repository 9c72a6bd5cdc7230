"""The chart of attacks per year near a point: bars, and over each the exact interval of its count."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import HAIRLINE_HEAD, Picture, TimeMark, explained, finished, numbered_hairlines
from incident_atlas.theme import Theme, theme

HEIGHT = 210  # pixels
NOTE = (
    "A year without an attack is a zero. Pale columns: exact 95 % interval, as if attacks were independent; "
    "they come in waves, so it is rather too narrow."
)


def per_year(table: pd.DataFrame, title: str, marks: tuple[TimeMark, ...], scheme: Theme) -> Picture:
    """Incidents per year with their intervals. table: `surroundings.per_year`, at least one row; title: what is counted."""
    years = table["year"].to_numpy()
    data = table.assign(begins=[f"{year}-01-01" for year in years], ends=[f"{year}-12-31" for year in years])
    data["middle"] = [f"{year}-07-01" for year in years]
    words = f"{title}: " + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    shown = tuple(mark for mark in marks if years[0] <= mark.date.year <= years[-1])
    domain = f"{years[0]}-01-01", f"{years[-1] + 1}-01-01"
    notes = (NOTE, *explained(shown))
    return Picture(_spec(domain, shown, scheme.name), data, words, title, notes, lambda: _table(table))


def interval(low: float, high: float) -> str:
    """The interval of a count in words.

    >>> interval(0.0253, 5.5716)
    '0.0–5.6'
    """
    return f"{low:,.1f}–{high:,.1f}"


def _table(table: pd.DataFrame) -> pd.DataFrame:
    rows = [(str(year), n, interval(low, high)) for year, n, low, high in table.itertuples(index=False)]
    return pd.DataFrame(rows, columns=["Year", "Incidents", "95 % interval"])


@lru_cache(maxsize=64)
def _spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
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
        alt.Tooltip("year:Q", title="Year"),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
        alt.Tooltip("low:Q", title="95 % interval from", format=",.1f"),
        alt.Tooltip("high:Q", title="to", format=",.1f"),
    ]
    x = alt.X("begins:T", title=None, scale=time, axis=axis)
    bars = alt.Chart().mark_bar(binSpacing=1, color=scheme.bar)
    bars = bars.encode(x=x, x2="ends:T", y=y, y2=alt.Y2Datum(0), tooltip=tip)
    whiskers = alt.Chart().mark_rule(color=scheme.ink, strokeWidth=4, opacity=0.28)
    whiskers = whiskers.encode(x="middle:T", y="low:Q", y2="high:Q", tooltip=tip)
    return finished(alt.layer(bars, whiskers, *numbered_hairlines(marks, scheme)), scheme, height=HEIGHT)
