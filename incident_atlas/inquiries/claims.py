"""`claims`: the claims of others, asked of a record."""

from __future__ import annotations

from pathlib import Path

import click

from incident_atlas.claims import judge_all, tally
from incident_atlas.claims.reading import beside, read
from incident_atlas.console import FILE, JSON, line, note, opened, print_json, say, stop
from incident_atlas.errors import FileError
from incident_atlas.sentence import last_day


@click.command()
@FILE
@JSON
def claims(file: Path, as_json: bool) -> None:
    """Ask FILE about each claim of the claims.csv beside it, or of the shipped one: a verdict, a sentence, its numbers.

    The verdict is one of: supported, contradicted, partly, cannot tell from this record. Ends with 1 when a row cannot be
    asked, which the sentence then says, without a number; with 2 when a file cannot be used.
    """
    loaded = opened(file)
    try:
        rows, odd = read(beside(file))
    except FileError as trouble:
        stop(str(trouble), 2)
    for sentence in odd:
        note(sentence)
    judged = judge_all(loaded, rows)
    if as_json:
        print_json(
            [
                {
                    "claim": claim.claim_id,
                    "text": claim.text,
                    "verdict": answer.verdict,
                    "answer": answer.said,
                    "numbers": answer.numbers,
                    "days": answer.days,
                    "evidence": [one.incident_id for one in answer.evidence],
                }
                for claim, answer in judged
            ]
        )
    else:
        say(f"{tally(judged)} {last_day(loaded.source.last)}")
        for claim, answer in judged:
            say(f"\n{line(claim.claim_id, 100)}: {answer.verdict}")
            source = f" ({line(claim.source, 200)})" if claim.source else ""
            rest = (answer.said, *([f"Looked at: {answer.days}."] if answer.days else []), *answer.notes)
            for text in (
                f"{line(claim.text, 400)}{source}",
                *rest,
                *(f"{one.incident_id}: {one.words}" for one in answer.evidence),
            ):
                say(f"  {line(text, 1200)}")
    raise SystemExit(1 if any(answer.fault for _, answer in judged) else 0)
