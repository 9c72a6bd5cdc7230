"""Figures with their ranges, written in one way everywhere: on pages and charts, in exports and by commands."""

from __future__ import annotations

import math

from incident_atlas.core.text import counted_incidents
from incident_atlas.i18n import _, gettext_noop

NO_FIGURE = _("no figure reported")
_NOUNS = gettext_noop("killed"), gettext_noop("wounded")


def format_number(value: float) -> str:
    """A rate, a ratio or a limit: at most two places after the point, and of small ones two figures.

    >>> [format_number(value) for value in (0, 0.0042, 0.351, 5.0, 12.34, 1234.5)]
    ['0', '0.0042', '0.35', '5', '12.3', '1,234']
    """
    if value >= 100:
        return f"{value:,.0f}"
    if value < 0.01:
        return f"{value:.2g}"
    return f"{value:.{1 if value >= 10 else 2}f}".rstrip("0").rstrip(".")


def format_rate(rate: float, low: float, high: float) -> str:
    """A rate with the bounds of its interval.

    >>> format_rate(1.0041, 0.6365, 12.5067)
    '1 (0.64–12.5)'
    """
    return f"{format_number(rate)} ({format_number(low)}–{format_number(high)})"


def format_total(low: int, best: int, high: int, at_least: bool, without_figure: int, incidents: int, noun: str = "") -> str:
    """A total of several incidents as the one phrase in which every page, chart, export and command says it.

    at_least: an incident has no highest figure, so the total has no upper end. without_figure: incidents, of all
    `incidents`, for which no source gives any figure. noun: what is counted, such as killed.

    >>> format_total(2832, 3806, 4323, True, 134, 529, "killed")
    '3,806 killed (range 2,832 to at least 4,323; no figure for 134 incidents)'
    >>> format_total(25, 25, 25, True, 0, 3, "killed"), format_total(3, 3, 3, False, 0, 2), format_total(0, 0, 0, True, 2, 2)
    ('25 killed (or more)', '3', 'no figure reported')
    >>> format_total(0, 0, 5, False, 1, 2, "killed")
    '0–5 killed (no figure for 1 incident)'
    """
    noun = noun and _(noun)
    if incidents and without_figure == incidents:
        return f"{noun}: {NO_FIGURE}" if noun else NO_FIGURE
    figure, note = total_parts(low, best, high, at_least, without_figure)
    return " ".join(filter(None, (figure, noun, note and f"({note})")))


def total_parts(low: int, best: int, high: int, at_least: bool, without_figure: int) -> tuple[str, str]:
    """`format_total` in two: the figure, and its range with the number of incidents without a figure, '' where there is none.

    A total of which nothing is known but that it may be more than nobody has its range for a figure: its best is no zero.
    """
    figure, spread = f"{best:,}", ""
    if not best and high:
        figure = f"0–{high:,}" + (_(" or more") if at_least else "")
    elif low != high:
        spread = _("range {low:,} to {at_least}{high:,}").format(low=low, at_least=_("at least ") if at_least else "", high=high)
    elif at_least:
        spread = _("or more")
    missing = _("no figure for {incidents}").format(incidents=counted_incidents(without_figure)) if without_figure else ""
    return figure, "; ".join(filter(None, (spread, missing)))


def format_figure(low: float, best: float, high: float, blank: str = NO_FIGURE) -> str:
    """The figure of one incident with its range, as reported: best (low–high), or what there is of it; `blank` for none.

    >>> format_figure(380, 412, 455), format_figure(3, 3, 3), format_figure(2, math.nan, 6), format_figure(80, 150, math.nan)
    ('412 (380–455)', '3', '2–6', '150 (80–150 or more)')
    """
    value, note = figure_parts(low, best, high, blank)
    return f"{value} ({note})" if note else value


def figure_parts(low: float, best: float, high: float, blank: str = NO_FIGURE) -> tuple[str, str]:
    """`format_figure` in two: the figure, and its range, '' where there is none.

    >>> figure_parts(380, 412, 455), figure_parts(2, math.nan, 6)
    (('412', '380–455'), ('2–6', ''))
    """
    low, best, high = (None if value is None or math.isnan(value) else int(value) for value in (low, best, high))
    if best is None:
        if low is None and high is None:
            return blank, ""
        if high is None:
            return _("{low:,} or more").format(low=low), ""
        return (_("up to {high:,}").format(high=high) if low is None else "–".join(dict.fromkeys((f"{low:,}", f"{high:,}")))), ""
    # As in a total: a low without a high is a toll of which nobody says where it ends.
    more = _(" or more") if high is None and low is not None else ""
    low, most = (best if low is None else low), (best if high is None else high)
    return (f"{best:,}{more}", "") if low == most == best else (f"{best:,}", f"{low:,}–{most:,}{more}")
