"""The timeline: incidents per month, and per year, one bar each. `timeline_segments` draws each bar in pieces."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import altair as alt
import pandas as pd

from incident_atlas.charts.vega_lite import (
    BRUSH,
    CLICK,
    TIMELINE_HEIGHT,
    YEARS_HEIGHT,
    Picture,
    TimeMark,
    bar_numbers,
    dated,
    every_period,
    explained,
    finished,
    month_click,
    numbered_hairlines,
    time_bars,
    year_span,
)
from incident_atlas.core.text import day
from incident_atlas.dataset.time_windows import month_label, month_number
from incident_atlas.i18n import _
from incident_atlas.theme import Theme, theme


def timeline(
    months: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme
) -> Picture:
    """Incidents per month, brushable. months: `summary.by_month`; chosen: first and last day that are visible, or None."""
    begins = (months["month"].to_numpy() - 1970 * 12).astype("datetime64[M]")
    data = dated(months[["incidents"]], begins, chosen)
    words = _("Incidents per month, {first} to {last}; the most in one month are {incidents}.").format(
        first=day(span[0]), last=day(span[1]), incidents=data["incidents"].max() if len(data) else 0
    )
    notes = (*explained(marks), _("Quiet months are zeros; incidents known only to the year are in no month."))
    title = _("Incidents per month")
    return Picture(
        _timeline_spec(year_span(span), marks, scheme.name), data, words, title, notes, lambda: _every_month(months, span)
    )


def years(
    table: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp], chosen: tuple, marks: tuple[TimeMark, ...], scheme: Theme
) -> Picture:
    """Incidents per year, quiet years as zeros. table: `summary.by_year`."""
    # Quiet years at both ends are zeros too: the record covers them.
    data = every_period(table[["year", "incidents"]], "year", span[0].year, span[1].year)
    begins = (data["year"].to_numpy() - 1970).astype("datetime64[Y]")
    data = dated(data, begins, chosen)
    words = _("Incidents per year: ") + ", ".join(f"{row.year}: {row.incidents}" for row in data.itertuples()) + "."
    notes = (_("Years without a bar had no recorded incident."), *explained(marks))
    return Picture(
        _years_spec(year_span(span), marks, scheme.name), data, words, _("Incidents by year"), notes,
        lambda: data[["year", "incidents"]].astype({"year": "str"}).set_axis([_("Year"), _("Incidents")], axis=1),
    )  # fmt: skip


def _every_month(months: pd.DataFrame, span: tuple[pd.Timestamp, pd.Timestamp]) -> pd.DataFrame:
    """Every month of the record, quiet ones as zeros."""
    first, last = map(month_number, span)
    known = dict(months.itertuples(index=False, name=None))
    every = range(min([first, *known]), max([last, *known]) + 1)
    rows = [(month_label(month), int(known.get(month, 0))) for month in every]
    return pd.DataFrame(rows, columns=["Month", "Incidents"])


@lru_cache(maxsize=64)
def _timeline_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    brush = alt.selection_interval(name=BRUSH, encodings=["x"])
    bars = time_bars(domain, theme(name), "%b %Y").add_params(brush, month_click())
    return finished(alt.layer(bars, *numbered_hairlines(marks, theme(name))), theme(name), height=TIMELINE_HEIGHT)


@lru_cache(maxsize=64)
def _years_spec(domain: tuple[str, str], marks: tuple[TimeMark, ...], name: str) -> dict[str, Any]:
    scheme = theme(name)
    click = alt.selection_point(name=CLICK, fields=["year"])
    bars = time_bars(domain, scheme, "%Y").add_params(click)
    return finished(
        alt.layer(bars, *numbered_hairlines(marks, scheme, flags=True), bar_numbers("incidents", scheme)),
        scheme,
        height=YEARS_HEIGHT,
    )
