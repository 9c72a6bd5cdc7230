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
"""The column of a table that says `YES`, `PART` or `NO`; only where the chart's own filter leaves something out."""

YES, PART, NO = _("yes"), _("in part"), _("no")
"""A bar of a month or year counts all of it, also where the chosen dates begin or end within."""


def marked(picture: Picture, chosen: Filters, own: Iterable[str]) -> Picture:
    """The picture with a note and the column `IN_FILTER` where its own filter leaves something out, else unchanged.

    own: the fields of the filter that the chart itself sets: its dates, or one with terms. The first column of the table names
    the months or years (2015-03, 2015), or the terms.
    """
    own = tuple(own)
    if "chosen" not in picture.data or not set(own) & set(chosen.active()):
        return picture
    by_date, every = "since" in own, picture.data["chosen"].all()
    if every and not by_date:
        return picture
    table = picture.rows()
    if by_date:
        label, inside = _("dates, {period}").format(period=period(chosen, None, None)), _within(chosen)
    else:
        terms = getattr(chosen, own[0])
        label, inside = _("ones, {terms}").format(terms=listed(list(terms), "or")), lambda cell: YES if cell in terms else NO
    found = {cell: inside(cell) for cell in table.iloc[:, 0].unique()}
    partly = [cell for cell, answer in found.items() if answer == PART]
    if every and (not partly or _draws_what_lies_outside(picture.data, chosen)):
        return picture
    note = (
        _("The rest of the filter applies, but bars are not cut at the chosen {label}.")
        if every
        else _("The rest of the filter applies; pale bars are outside the chosen {label}.")
    ).format(label=label)
    if partly:
        note += _(" Of {periods} only a part lies within these; the bar counts all of it.").format(periods=listed(partly))
    marks = table.iloc[:, 0].map(found)
    return replace(picture, notes=(*picture.notes, note), rows=lambda: table.assign(**{IN_FILTER: marks}))


def _within(chosen: Filters) -> Callable[[str], str]:
    """Whether the days of a month or year are in the chosen dates: all, some or none of them."""
    since, until = _days(chosen)

    def inside(cell: str) -> str:
        first, last = pd.Period(cell).start_time, pd.Period(cell).end_time.normalize()
        if last < since or first > until:
            return NO
        return YES if since <= first and last <= until else PART

    return inside


def _draws_what_lies_outside(data: pd.DataFrame, chosen: Filters) -> bool:
    """Whether a bar outside the chosen dates is drawn like the others: then the chart does not follow the dates at all."""
    since, until = _days(chosen)
    return bool(((data["ends"] < since) | (data["begins"] > until)).any())


def _days(chosen: Filters) -> tuple[pd.Timestamp, pd.Timestamp]:
    since = pd.Timestamp(chosen.since) if chosen.since else pd.Timestamp.min
    return since, pd.Timestamp(chosen.until) if chosen.until else pd.Timestamp.max
