"""`check`: what is wrong with a file, row by row, and how good it is as a source."""

from __future__ import annotations

import sys

import click
import pandas as pd

from incident_atlas.cli.options import JSON, Command, RecordFile, line, print_json, record_file, say, say_table, stop
from incident_atlas.core.text import counted, counted_rows
from incident_atlas.curation.quality.report import Quality, percent, report
from incident_atlas.curation.quality.report import as_json as quality_json
from incident_atlas.curation.quality.section import costs_row
from incident_atlas.errors import FileError, Problem
from incident_atlas.i18n import _

SHOWN = 50
"""Problems that are printed without --all."""


@click.command("check", cls=Command)
@record_file(until=False)
@click.option("--all", "everything", is_flag=True, help=_("Every problem, not only the first {shown}.").format(shown=SHOWN))
@JSON
def check_command(record: RecordFile, everything: bool, as_json: bool) -> None:
    """Say what is wrong with FILE: every problem by row (line of the file) and column, with what to do.

    Then how good it is as a source: what is missing, how places, dates and figures are known. Ends with 1 when a row is set
    aside, with 2 when the file cannot be used; with --json that file is one problem of line 1.
    """
    try:
        loaded = record.load()
    except FileError as trouble:
        if as_json:
            problem = Problem(1, "", str(record.path), trouble.reason, trouble.advice, "file_not_used")
            print_json(_answer(0, 0, 0, [problem._asdict()], None, []))
        stop(str(trouble), 2)
    source, quality = loaded.source, report(loaded)
    recognised = "; ".join(origin.title for origin in loaded.origins)
    if as_json:
        problems = [{**problem, "row": int(problem["row"])} for problem in loaded.problems.astype(object).to_dict("records")]
        print_json(_answer(source.read, source.kept, source.set_aside, problems, recognised, quality_json(quality)))
    else:
        many = counted(len(loaded.problems), "{n} problem", "{n} problems") if len(loaded.problems) else _("no problem")
        message = _("{rows} read, {kept:,} kept, {set_aside:,} set aside; {many}.")
        say(message.format(rows=counted_rows(source.read), kept=source.kept, set_aside=source.set_aside, many=many))
        say(_("Recognised: {recognised}.").format(recognised=line(recognised, 300)))
        _say_facts(quality)
        _say_problems(loaded.problems, None if everything else SHOWN)
        _say_quality(quality)
    sys.exit(1 if source.set_aside else 0)


def _answer(read: int, kept: int, set_aside: int, problems: list[dict], recognised: str | None, quality: list) -> dict:
    numbers = {"read": read, "kept": kept, "set_aside": set_aside}
    return {**numbers, "problems": problems, "recognised": recognised, "quality": quality}


def _say_problems(problems: pd.DataFrame, most: int | None) -> None:
    """Problems of one kind together, those that cost a row first; the rows of a kind in the order of the file."""
    if problems.empty:
        return
    ranked = problems.assign(costly=~costs_row(problems)).astype({name: "str" for name in ("column", "reason", "advice")})
    first = ranked.groupby(["costly", "column", "reason", "advice"])["row"].transform("min")
    ranked = ranked.assign(first=first).sort_values(["costly", "first", "column", "reason", "row"], kind="stable")
    for (_unused, _unused, column, reason, advice), group in ranked.head(most or len(ranked)).groupby(
        ["costly", "first", "column", "reason", "advice"], sort=True
    ):
        say(f"\n{column + ': ' if column else ''}{line(reason, 200)}\n  {advice}")
        for row, value in zip(group["row"], group["value"], strict=True):
            say(_("  row {row:<7} {value}").format(row=row, value=line(value, 80)))
    if most and len(ranked) > most:
        message = _("\n... and {more_problems}; --all shows them.")
        say(message.format(more_problems=counted(len(ranked) - most, "{n} more problem", "{n} more problems")))


def _say_facts(quality: Quality) -> None:
    """The five things to know about each file, before everything that is listed."""
    for one in quality.files:
        say("")
        for fact in one.facts:
            say(f"{fact.title + ':':<10}{line(fact.sentence, 600)}")


def _say_quality(quality: Quality) -> None:
    for one in quality.files:
        for part in one.sections:
            say(f"\n{part.title}\n  {line(part.sentence, 2000)}")
            table = part.table
            if "Share" in table:
                table = table.assign(Share=[percent(share, 1) for share in table["Share"]])
            say_table(tuple(map(_, table.columns)), table.itertuples(index=False, name=None))
