"""`duplicates`: which incidents of two records, or of one, may be the same, for a person to decide."""

from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import click
import pandas as pd

from incident_atlas.cli.options import JSON, Command, FilePath, line, note, print_json, saved_bytes, say, stop
from incident_atlas.core.text import counted, counted_incidents, day
from incident_atlas.curation.duplicates.decisions import ACCEPT, REJECT, Decisions, pairs, read
from incident_atlas.curation.duplicates.kept_apart import heading, kept_apart
from incident_atlas.curation.duplicates.match import propose
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.errors import FileError
from incident_atlas.i18n import _

LISTED = 50
"""Pairs that are listed for people; with --json all of them."""

_FILE = FilePath()


@click.command("duplicates", cls=Command)
@click.argument("left", type=_FILE)
@click.argument("right", type=_FILE, required=False)
@click.option(
    "--decisions", "decided", type=_FILE, metavar="FILE", help=_("Decisions saved before: what they settle is not proposed.")
)
@JSON
def duplicates(left: Path, right: Path | None, decided: Path | None, as_json: bool) -> None:
    """Pairs of incidents of LEFT and RIGHT that may be one, best first, each with its similarity and reasons.

    Without RIGHT, duplicates within LEFT. Nothing is merged: a person decides. The similarity (score in the JSON) runs from 0 to
    1 and is no probability. kept_apart says what speaks against a pair: parts of one operation, rows of one record that have
    reports of their own. Ends with 1 when a row of the decisions cannot be read.
    """
    one = load(left)
    other = load(right) if right else one
    decisions, problems = _decisions(decided) if decided else ((), [])
    for problem in problems:
        message = _("{decided}, line {row}: {reason}. {advice}")
        note(message.format(decided=decided, row=problem.row, reason=problem.reason, advice=problem.advice))
    found = propose(one.incidents, other.incidents, pairs(decisions, ACCEPT), pairs(decisions, REJECT))
    if as_json:
        print_json(_as_json(found, one, other))
    else:
        _say(found, one, other)
    sys.exit(1 if problems else 0)


def _decisions(path: Path) -> tuple[Decisions, list]:
    data = saved_bytes(path)
    try:
        return read(data)
    except FileError as trouble:
        stop(f"{path}: {trouble}", 2)


def _as_json(found: pd.DataFrame, left: Loaded, right: Loaded) -> dict[str, Any]:
    apart = kept_apart(found, left, right)
    listed_pairs = [
        {
            **row,
            "kept_apart": reason or None,
            "score": round(row["score"], 4),
            "km": None if math.isnan(row["km"]) else round(row["km"], 2),
        }
        for row, reason in zip(found.to_dict("records"), apart, strict=True)
    ]
    records = {name: {"name": of.source.name, "incidents": len(of.incidents)} for name, of in (("left", left), ("right", right))}
    return {**records, "pairs": listed_pairs}


def _say(found: pd.DataFrame, left: Loaded, right: Loaded) -> None:
    among = counted_incidents(len(left.incidents))
    among += _(" and {incidents}").format(incidents=counted_incidents(len(right.incidents))) if left is not right else ""
    each = _("may be one incident") + ("" if len(found) == 1 else _(" each"))
    message = _("{pairs} that {each}, among {among}. Nothing is merged: a person decides. The similarity is no probability.")
    say(message.format(pairs=counted(len(found), "{n} pair", "{n} pairs"), each=each, among=among))
    apart = kept_apart(found, left, right)
    if text := heading(found, apart):
        say(text)
    shown = found.head(LISTED)
    rows = zip(left.at(shown["left_row"]).itertuples(), right.at(shown["right_row"]).itertuples(), strict=True)
    for pair, reason, (one, other) in zip(shown.itertuples(), apart, rows, strict=False):
        say("")
        say(_("Similarity {score:.2f}: {reasons}").format(score=min(pair.score, 0.99), reasons=line(pair.reasons, 500)))
        if reason:
            say(_("      But {reason}.").format(reason=line(reason, 300)))
        for incident in (one, other):
            say(
                f"      {line(incident.incident_id, 40)}, {day(incident.date, incident.date_precision)}: {line(incident.title, 90)}"
            )
    if len(found) > LISTED:
        say("")
        say(_("... and {count:,} more; --json names all.").format(count=len(found) - LISTED))
