"""The chart of what each data set has that the others lack: one bar per data set, what it alone holds and what it shares."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import Picture, finished
from incident_atlas.core.text import plain
from incident_atlas.curation.overlap import NOTE, Overlap, sentence
from incident_atlas.theme import Theme, theme

ALONE, SHARED = "only here", "also in another"

LABEL = 170
"""Pixels behind the longest bar, for its numbers."""

READING = "The first part of a bar is in that data set only, the second also in another."


def overlap_bars(found: Overlap, scheme: Theme) -> Picture:
    """Incidents per data set, those it alone holds and those it shares, each with its number. At least one data set.

    The years are in the table behind it: bars of every data set in every year would be too many to read.
    """
    table = found.by_origin.assign(origin=[plain(name, 60) for name in found.by_origin["origin"]])
    # Every row holds all three numbers: the label of a bar is written from one of them.
    wide = table.rename(columns={"incidents": "whole"})
    data = pd.concat([wide.assign(kind=kind, incidents=wide[name], order=at) for at, (kind, name) in enumerate(_KINDS)])
    data = data.reset_index(drop=True)
    title = "Incidents only in one data set, and shared"
    return Picture(_spec(scheme.name), data, sentence(found), title, (READING, NOTE), lambda: _rows(found))


_KINDS = ((ALONE, "alone"), (SHARED, "shared"))


def _rows(found: Overlap) -> pd.DataFrame:
    return found.by_year.astype({"year": "str"}).set_axis(
        ["Data set", "Year", "Incidents", ALONE.capitalize(), SHARED.capitalize()], axis=1
    )


@lru_cache(maxsize=4)
def _spec(name: str) -> dict[str, Any]:
    scheme = theme(name)
    y = alt.Y("origin:N", sort=None, title=None, axis=alt.Axis(labelLimit=130, ticks=False, domain=False))
    colour = alt.Color("kind:N", legend=None, scale=alt.Scale(domain=[ALONE, SHARED], range=[scheme.bar, scheme.cell]))
    tip = [
        alt.Tooltip("origin:N", title="Data set"),
        alt.Tooltip("kind:N", title=" "),
        alt.Tooltip("incidents:Q", title="Incidents", format=","),
    ]
    scale = alt.Scale(domainMin=0, nice=False, range=[0, {"expr": f"max(60, width - {LABEL})"}])
    x = alt.X("incidents:Q", title=None, axis=None, stack="zero", scale=scale)
    bars = alt.Chart().mark_bar(height=15).encode(x=x, y=y, color=colour, order="order:Q", tooltip=tip)
    # The numbers of both parts behind the bar: within a short part there is no room.
    label = "format(datum.alone, ',') + ' only here, ' + format(datum.shared, ',') + ' shared'"
    numbers = alt.Chart().transform_filter("datum.order == 0").transform_calculate(label=label)
    numbers = numbers.mark_text(align="left", dx=4, color=scheme.ink).encode(x=alt.X("whole:Q"), y=y, text="label:N")
    return finished(alt.layer(bars, numbers), scheme, height={"step": 26})
