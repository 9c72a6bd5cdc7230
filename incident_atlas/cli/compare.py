"""`compare`: two periods of a record, and whether the rate of incidents differs."""

from __future__ import annotations

import math
from typing import Any

import click

from incident_atlas.analysis import compare as comparison
from incident_atlas.analysis import compare_text
from incident_atlas.analysis.compare import Comparison, Side
from incident_atlas.analysis.compare_text import total
from incident_atlas.analysis.periods import Period, parse_period
from incident_atlas.analysis.statistics import Ratio
from incident_atlas.cli.options import (
    JSON,
    Command,
    RecordFile,
    chosen,
    filter_options,
    print_json,
    record_file,
    say,
    say_table,
    stop,
)
from incident_atlas.dataset.exposure import exposure
from incident_atlas.i18n import _


@click.command(cls=Command)
@record_file()
@click.option(
    "--first", required=True, metavar="DAY:DAY", help=_("First period, such as 2020-08-15:2021-08-14, both days included.")
)
@click.option("--second", required=True, metavar="DAY:DAY", help=_("Second period."))
@click.option(
    "--each", is_flag=True, help=_("Count every incident of a coordinated attack; without it an operation counts once.")
)
@click.option("--source", help=_("Count only what this source of coverage.csv reports; it must cover both periods."))
@click.option("--place", metavar="NAME", help=_("Only in this place, by its name or id; with --km also around it."))
@click.option("--km", metavar="R", help=_("The radius around --place in kilometres, 0.1 to 50."))
@filter_options("from", "to")
@JSON
def compare(
    record: RecordFile,
    first: str,
    second: str,
    each: bool,
    source: str | None,
    place: str | None,
    km: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Compare two periods of FILE under a filter: incidents per day, their ratio with its exact 95 % interval, a verdict.

    The ratio is second over first; without an upper bound, or for fewer than ten incidents, its parts are null. p is two-sided,
    twice the smaller tail. With --json these and the bounds of per_30_days assume independent attacks; the verdict rests on the
    widest of the exact interval, negative_binomial and slow_waves. The verdict is one of: higher, lower, no clear change, too few to say, too uncertain to say,
    cannot be told from reporting. Ends with 1 when a filter is not known to the record, with 2 when the periods cannot be compared.
    """
    if place and options["p_near"] or km and not place:
        stop(_("Give --near, or --place with or without --km."), 2)
    if place:
        options["p_near"] = ",".join(filter(None, [place, km]))
    loaded = record.load()
    filters, ignored = chosen(loaded, options)
    try:
        found = comparison.compare(loaded, filters, _period(first, "--first"), _period(second, "--second"), not each, source)
    except ValueError as trouble:
        stop(str(trouble), 2)
    if as_json:
        value: dict[str, Any] = {"first": _side(found.first), "second": _side(found.second)}
        value |= _ratio(found.ratio) | {"dispersion": _finite(found.dispersion), "verdict": found.verdict}
        models = {"negative_binomial": found.bursts, "slow_waves": found.waves}
        value |= {name: _ratio(model) if model else None for name, model in models.items()}
        answer, beside = compare_text.headline(found)
        print_json(value | {"answer": answer, "caution": beside})
    else:
        for sentence in filter(None, compare_text.headline(found)):
            say(sentence)
        say(exposure(loaded, filters).note())
        without_deadliest = _("killed, excluding the deadliest incident"), _("wounded, excluding the deadliest incident")
        names = ("days", "incidents", _("per 30 days"), "killed", "wounded", *without_deadliest)
        rows = zip(names, _column(found, found.first), _column(found, found.second), strict=True)
        say_table(("", found.first.period.words(), found.second.period.words()), rows, widest=120)
        say("")
        for sentence in compare_text.caveats(found):
            say(sentence)
    raise SystemExit(1 if ignored else 0)


def _period(text: str, option: str) -> Period:
    period = parse_period(text)
    if period is None:
        message = _("{option} {text} is no period: write its two days as 2020-08-15:2021-08-14, the earlier one first.")
        raise ValueError(message.format(option=option, text=text))
    return period


def _side(side: Side) -> dict[str, Any]:
    return {"incidents": side.incidents, "days": side.days, "per_30_days": [side.rate, side.low, side.high]}


def _ratio(ratio: Ratio | None) -> dict[str, float | None]:
    return {name: _finite(getattr(ratio, name, None)) for name in ("ratio", "low", "high", "p")}


def _finite(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _column(found: Comparison, side: Side) -> tuple[str, ...]:
    totals = [total(head, at) for head in (side.head, side.rest) for at in (1, 2)]
    return (f"{side.days:,}", f"{side.incidents:,}", compare_text.rate(found, side), *totals)
