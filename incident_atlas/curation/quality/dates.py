"""How a file's dates are known: to which precision, with which silences, and whether they heap on the first of the month."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import binom

from incident_atlas.core.text import counted
from incident_atlas.core.vocabulary import DATE_PRECISIONS
from incident_atlas.curation.quality.section import CHANCE, MOST, Section, percent, shares
from incident_atlas.dataset.time_windows import month_label
from incident_atlas.i18n import _


def sections(incidents: pd.DataFrame) -> list[Section]:
    """The findings on dates of at least one incident."""
    return [_precision(incidents), _gaps(incidents), _heaping(incidents)]


def _precision(incidents: pd.DataFrame) -> Section:
    counts = incidents["date_precision"].astype("str").value_counts().reindex(DATE_PRECISIONS, fill_value=0)
    exact = int(counts["day"])
    sentence = _("{exact:,} of {count:,} ({percent}) are dated to the day.").format(
        exact=exact, count=len(incidents), percent=percent(exact, len(incidents))
    )
    return Section(_("How well dates are known"), sentence, shares(counts.index, counts, len(incidents), _("Known to the")))


def _gaps(incidents: pd.DataFrame) -> Section:
    """Months between the first and the last without an incident; what is dated by its year alone is in no month."""
    dated = incidents.loc[incidents["date_precision"] != "year", "month"]
    months = np.unique(dated.to_numpy())
    silent = np.diff(months) - 1
    order = [at for at in np.argsort(-silent, kind="stable")[:MOST] if silent[at] > 0]
    rows = [(month_label(months[at] + 1), month_label(months[at + 1] - 1), int(silent[at])) for at in order]
    table = pd.DataFrame(rows, columns=["From", "To", "Months"])
    if not len(months):
        return Section(_("Silent months"), _("No date is known to the month."), table)
    between = int(months[-1] - months[0] + 1)
    every = counted(between, "{n} month", "{n} months")
    sentence = _("{silent:,} of the {months} from {first} to {last} have no incidents.").format(
        silent=int(silent.sum()), months=every, first=month_label(months[0]), last=month_label(months[-1])
    )
    if rows:
        sentence += _(" The longest silence is {months}. Silence may be that of the sources.").format(
            months=counted(rows[0][2], "{n} month", "{n} months")
        )
    return Section(_("Silent months"), sentence, table)


def _heaping(incidents: pd.DataFrame) -> Section:
    days = incidents.loc[incidents["date_precision"] == "day", "date"].dt
    n, first = len(days.day), int((days.day == 1).sum())
    expected = float((1 / days.days_in_month).sum()) if n else 0.0
    rows = [(_("the first"), first, round(expected, 1)), (_("all others"), n - first, round(n - expected, 1))]
    table = pd.DataFrame(rows if n else [], columns=["Day of the month", "Incidents", "By chance"])
    sentence = _(
        "{first:,} of {dates} known to the day fall on the first of a month; chance makes about {expected:,.0f}."
    ).format(first=first, dates=counted(n, "{n} date", "{n} dates"), expected=expected)
    if n and binom.sf(first - 1, n, expected / n) < CHANCE:
        sentence += _(" Some of them may be dates of which only the month is known.")
    return Section(_("First of the month"), sentence, table)
