"""The chart of the places most hit: incidents a year with their bounds, so that nobody reads a rank into noise."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.analysis.hotspots import rate_words
from incident_atlas.charts.vega_lite import Picture, finished
from incident_atlas.theme import Theme, theme

MOST = 15
"""Places in the chart and in the table beside it."""

NOTE = "The line is the interval of each rate at 95 %; where lines overlap, the order of two places says little."


def rates(places: pd.DataFrame, scheme: Theme) -> Picture:
    """Incidents a year of the first `MOST` places. places: `most_hit.Places.table` of a filter of at least a year."""
    data = places[["name", "incidents", "rate", "rate_low", "rate_high"]].head(MOST).round(4)
    words = ", ".join(
        f"{row.name}: {row.rate:.2f} ({row.rate_low:.2f} to {row.rate_high:.2f})" for row in data.itertuples(index=False)
    )
    return Picture(
        _rates_spec(scheme.name),
        data,
        f"Incidents a year: {words}.",
        "Incidents a year, by place",
        (NOTE,),
        lambda: _rows(places),
    )


def _rows(places: pd.DataFrame) -> pd.DataFrame:
    rates = [rate_words(*bounds) for bounds in places[["rate", "rate_low", "rate_high"]].itertuples(index=False, name=None)]
    return pd.DataFrame({"Place": places["name"], "Incidents": places["incidents"], "A year (95 %)": rates})


@lru_cache(maxsize=4)
def _rates_spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("name:N", sort=None, title=None, axis=alt.Axis(labelLimit=190, ticks=False, domain=False))
    axis = alt.Axis(tickCount=4, domain=False, ticks=False, orient="top", format="~g")
    x = alt.X("rate:Q", title=None, scale=alt.Scale(domainMin=0), axis=axis)
    tip = [
        alt.Tooltip("name:N", title="Place"),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
        alt.Tooltip("rate:Q", title="A year", format=".2f"),
        alt.Tooltip("rate_low:Q", title="at least", format=".2f"),
        alt.Tooltip("rate_high:Q", title="at most", format=".2f"),
    ]
    bars = alt.Chart().mark_bar(height=11, color=scheme.bar).encode(x=x, y=y, tooltip=tip)
    lines = alt.Chart().mark_rule(color=scheme.ink, strokeWidth=1.2).encode(x="rate_low:Q", x2="rate_high:Q", y=y, tooltip=tip)
    return finished(alt.layer(bars, lines), scheme, height={"step": 19})
