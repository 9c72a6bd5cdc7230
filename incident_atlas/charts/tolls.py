"""The counts of one incident's reports side by side: each report a dot, so that their spread is seen at a glance."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import Picture, finished
from incident_atlas.core.formatting import figure_parts, format_figure
from incident_atlas.core.text import plain
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, theme

STEP = 11
"""Pixels from one report to the one above it; a dot is a little smaller."""
_AXIS = 28  # pixels
_WIDTH_OF_A_DOT = 0.035
"""Share of the axis that a dot takes where the chart is at its narrowest."""
_SETTLED, _OTHER = _("settled report"), _("early report, or without a stage")

NOTE = _(
    "Filled: settled reports; hollow: the others. A triangle means “or more”. Line and band: best figure and range of the record."
)


def spread(one: pd.Series, reports: pd.DataFrame, kind: str, scheme: Theme) -> Picture | None:
    """What each report counts, as a dot, or a line where it gives a range; None where reports do not differ.

    one: an incident; reports: its reports, typed as `evidence.grade.reports_of` gives them; kind: killed or wounded.
    The shaded band is the range of the record, paler where it has no upper end, the line its best figure.
    """
    low, high = reports[f"{kind}_low"], reports[f"{kind}_high"]
    data = pd.DataFrame({"low": low.fillna(high), "high": high.fillna(low)})
    data["name"] = [_name(*each) for each in zip(reports["publisher"], reports["agency"], strict=True)]
    data["figure"] = [figure_parts(*ends)[0] for ends in zip(low, [float("nan")] * len(low), high, strict=True)]
    data["open"] = high.isna()
    data["stage"] = reports["stage"].map(lambda stage: _SETTLED if stage == "settled" else _OTHER)
    data = data.dropna(subset=["low"]).sort_values(["low", "high", "stage"], ascending=[True, True, False], ignore_index=True)
    if data[["low", "high", "open"]].drop_duplicates().shape[0] < 2:
        return None
    ends = [one[f"{kind}_{end}"] for end in ("low", "high")]
    most = max([1, data["high"].max(), *(end for end in ends if pd.notna(end))])
    data["row"] = _rows(data, most * _WIDTH_OF_A_DOT)
    title = _("Killed, by report") if kind == "killed" else _("Wounded, by report")
    words = f"{title}: {'; '.join(f'{each.name} {each.figure}' for each in data.itertuples())}."
    band = tuple(None if pd.isna(end) else float(end) for end in (*ends, one[kind]))
    spec = _spec(scheme.name, band, float(most), int(data["row"].max()) + 1)
    notes = (_("The record: {figure}.").format(figure=format_figure(ends[0], one[kind], ends[1])), NOTE)
    if pd.isna(ends[1]):
        notes += (_("The paler part has no upper end."),)
    table = data[["name", "figure", "stage"]].set_axis([_("Publisher"), title, _("Stage")], axis=1)
    return Picture(spec, data, words, title, notes, lambda: table)


def _name(publisher: str, agency: str) -> str:
    return plain(" ".join(f"{publisher} ({agency})".split()) if agency else " ".join(publisher.split()), 120)


def _rows(data: pd.DataFrame, dot: float) -> list[int]:
    """For each report the lowest row in which it touches no other one."""
    taken: list[float] = []
    rows = []
    for low, high in zip(data["low"], data["high"], strict=True):
        row = next((n for n, end in enumerate(taken) if end < low - dot), len(taken))
        taken[row : row + 1] = [high]
        rows.append(row)
    return rows


@lru_cache(maxsize=32)
def _spec(name: str, band: tuple[float | None, ...], most: float, rows: int) -> dict[str, Any]:
    scheme = theme(name)
    low, high, best = band
    axis = alt.Axis(format=",d", tickMinStep=1, tickCount=5, grid=False, ticks=True)
    scale = alt.Scale(domain=[0, most], nice=False, padding=8)
    x = alt.X("low:Q", title=None, scale=scale, axis=axis)
    height = rows * STEP + _AXIS
    y = alt.Y("row:Q", axis=None, scale=alt.Scale(domain=[-0.6, rows - 0.4], nice=False))
    tip = [
        alt.Tooltip("name:N", title=" "),
        alt.Tooltip("figure:N", title=_("Count")),
        alt.Tooltip("stage:N", title=_("Stage")),
    ]
    fill = alt.when(f"datum.stage == '{_SETTLED}'").then(alt.value(scheme.accent)).otherwise(alt.value(scheme.background))
    shape = alt.when("datum.open").then(alt.value("triangle-right")).otherwise(alt.value("circle"))
    base = alt.Chart().encode(y=y, tooltip=tip)
    lines = base.mark_rule(color=scheme.accent, strokeWidth=2).encode(x=x, x2="high:Q").transform_filter("datum.low < datum.high")
    dots = base.mark_point(size=55, stroke=scheme.accent, strokeWidth=1.4, opacity=1).encode(fill=fill, shape=shape)
    layers = [lines, dots.encode(x=x), dots.encode(x=alt.X("high:Q", scale=scale)).transform_filter("datum.low < datum.high")]
    record = []
    if low is not None:
        known = max(low, best or low) if high is None else high
        parts = [(low, known, 0.7), *([(known, most, 0.3)] if high is None else [])]
        for begins, ends, opacity in parts:
            area = alt.Chart(alt.Data(values=[{"from": begins, "to": ends}]))
            record.append(area.mark_rect(color=scheme.line, opacity=opacity).encode(x=alt.X("from:Q", scale=scale), x2="to:Q"))
    if best is not None:
        line = alt.Chart(alt.Data(values=[{"best": best}]))
        record.append(line.mark_rule(color=scheme.ink, strokeWidth=1.5).encode(x=alt.X("best:Q", scale=scale)))
    return finished(alt.layer(*record, *layers), scheme, height=height)
