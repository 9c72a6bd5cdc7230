"""The timeline with a band behind the bars: the part of it that the rest of the page shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from incident_atlas.charts.vega_lite import Picture
from incident_atlas.theme import Theme


def with_band(picture: Picture, begins: date, ends: date, scheme: Theme) -> Picture:
    """A time chart with the days from `begins` to `ends` marked over its whole height, also where nothing happened.

    The band is a row of the data, so that the spec is the same for every window.
    """
    data = picture.data.assign(window=False)
    values = {"begins": pd.Timestamp(begins), "ends": pd.Timestamp(ends), "window": True}
    values |= {name: False for name in data.columns if data[name].dtype == bool and name not in values}
    row = pd.DataFrame(
        {name: pd.Series([values.get(name)], dtype=data[name].dtype if name in values else None) for name in data.columns}
    )
    marked = pd.concat([data, row.dropna(axis=1)], ignore_index=True)
    band = {
        "mark": {
            "type": "rect",
            "color": scheme.accent,
            "opacity": 0.18,
            "stroke": scheme.accent,
            "strokeWidth": 1,
            "tooltip": None,
        },
        "transform": [{"filter": "datum.window"}],
        "encoding": {"x": {"field": "begins", "type": "temporal"}, "x2": {"field": "ends"}},
    }
    # Bars without a height would be drawn for the row of the band.
    bars = [
        layer if "data" in layer else layer | {"transform": [{"filter": "!datum.window"}, *layer.get("transform", [])]}
        for layer in picture.spec["layer"]
    ]
    return replace(picture, spec=picture.spec | {"layer": [band, *bars]}, data=marked)
