"""`claims`: the claims of others, asked of a record."""

from __future__ import annotations

import click

from incident_atlas.analysis.claims.claim_text import details
from incident_atlas.analysis.claims.claims_csv import beside, read
from incident_atlas.analysis.claims.verdict import judge_all, tally, word
from incident_atlas.cli.options import JSON, Command, RecordFile, line, note, print_json, record_file, say
from incident_atlas.core.text import counted
from incident_atlas.dataset.exposure import exposure
from incident_atlas.i18n import _


@click.command(cls=Command)
@record_file()
@JSON
def claims(record: RecordFile, as_json: bool) -> None:
    """Ask FILE about each claim of the claims.csv beside it, or of the shipped one: a verdict, a sentence, its numbers.

    The verdict is one of: supported, contradicted, partly supported, cannot be determined. Ends with 1 when a row cannot be
    asked, which the sentence then says, without a number; with 2 when a file cannot be used.
    """
    loaded = record.load()
    rows, odd = read(beside(record.path))
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
                    "fault": answer.fault or None,
                    "answer": answer.sentence,
                    "numbers": answer.numbers,
                    "days": answer.days,
                    "evidence": [one.incident_id for one in answer.evidence],
                }
                for claim, answer in judged
            ]
        )
    elif loaded.source.last is None:
        message = _("{claims}, not asked. {exposure}")
        say(message.format(claims=counted(len(judged), "{n} claim", "{n} claims"), exposure=exposure(loaded).note()))
    else:
        say(f"{tally(judged)} {exposure(loaded).note()}")
        for claim, answer in judged:
            say(f"\n{line(claim.claim_id, 100)}: {_(word(answer))}")
            source = f" ({line(claim.source, 200)})" if claim.source else ""
            texts = [f"{line(claim.text, 400)}{source}", answer.sentence]
            if answer.fault:
                cells = details(claim, answer)
                texts += [f"{name}: {cell}" for name, cell in cells if name not in (_("Question"), _("Days"))]
            if answer.days:
                texts.append(_("Looked at: {days}.").format(days=answer.days))
            texts += answer.notes
            if answer.shown:
                texts.append(_("{shown}, newest first:").format(shown=answer.shown))
            texts += [f"{one.incident_id}: {one.words}" for one in answer.evidence]
            for text in texts:
                say(f"  {line(text, 1200)}")
    raise SystemExit(1 if any(answer.fault for _unused, answer in judged) else 0)
