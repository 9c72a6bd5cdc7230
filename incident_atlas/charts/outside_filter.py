"""A chart is filtered by every filter but its own: what of it lies outside that one is said under it and marked in its table."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

import pandas as pd

from incident_atlas.charts.vega_lite import Picture
from incident_atlas.core.text import listed
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import period
from incident_atlas.i18n import _

IN_FILTER = _("In the filter")
"""The column of a table that says yes or no; only where the chart's own filter leaves something out."""


def marked(picture: Picture, chosen: Filters, own: Iterable[str]) -> Picture:
    """The picture with a note and the column `IN_FILTER` where its own filter leaves something out, else unchanged.

    own: the fields of the filter that the chart itself sets: its dates, or one with terms. The first column of the table names
    the months or years (2015-03, 2015), or the terms.
    """
    own = tuple(own)
    if "chosen" not in picture.data or picture.data["chosen"].all() or not set(own) & set(chosen.active()):
        return picture
    if "since" in own:
        label, inside = _("dates, {period}").format(period=period(chosen, None, None)), _within(chosen)
    else:
        terms = getattr(chosen, own[0])
        label, inside = _("ones, {terms}").format(terms=listed(list(terms), "or")), lambda cell: cell in terms

    def rows() -> pd.DataFrame:
        table = picture.rows()
        return table.assign(**{IN_FILTER: ["yes" if inside(cell) else "no" for cell in table.iloc[:, 0]]})

    note = _("The rest of the filter applies; pale bars are outside the chosen {label}.").format(label=label)
    return replace(picture, notes=(*picture.notes, note), rows=rows)


def _within(chosen: Filters) -> Callable[[str], bool]:
    """Whether a month or year has a day in the chosen dates."""
    since = pd.Timestamp(chosen.since) if chosen.since else pd.Timestamp.min
    until = pd.Timestamp(chosen.until) if chosen.until else pd.Timestamp.max

    def inside(cell: str) -> bool:
        period = pd.Period(cell)
        return period.start_time <= until and period.end_time >= since

    return inside
