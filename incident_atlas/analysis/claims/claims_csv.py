"""The table of claims: one row per claim, read as it stands. Whether a row can be asked is for `verdict.judge` to say."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from pathlib import Path

from incident_atlas.core.reference_data import DATA
from incident_atlas.core.text import counted, from_cell, listed, plain
from incident_atlas.errors import EmptyFile, MissingFile, NotAFile, NotATable
from incident_atlas.i18n import _
from incident_atlas.importers.files.csv_lines import Records, empty, find_encoding, lines

SHIPPED = DATA / "claims.csv"
COLUMNS = tuple("claim_id text source url question page query test value against made attempts actors".split())
"""Every column of data/claims.csv, in its order."""

MUST = tuple(name for name in COLUMNS if name not in ("url", "against", "made", "attempts", "actors"))
"""Those that must be there, whatever is in their cells."""

DELIMITERS = ",;\t"

MOST_CLAIMS = 50
"""A page of more would be read by nobody; the rest is left out, and said."""

LONGEST = 1_000
"""Characters of a cell; a query that was cut would ask something else, so a longer one is a fault."""


@dataclass(frozen=True)
class Claim:
    """One row, all text. made: the day of the claim, as 2020-12-01, or blank. attempts: whether foiled ones count, yes or no.

    actors: whose attacks count, any or terms of `vocabulary.ACTOR_KINDS`. line: where it begins in its file. fault: why it
    cannot be asked, as far as reading tells.
    """

    claim_id: str
    text: str = ""
    source: str = ""
    url: str = ""
    question: str = ""
    page: str = ""
    query: str = ""
    test: str = ""
    value: str = ""
    against: str = ""
    made: str = ""
    attempts: str = ""
    actors: str = ""
    line: int = 0
    fault: str = ""

    @property
    def test_name(self) -> str:
        """The test as `verdict.TESTS` names it, however it is written."""
        return " ".join(self.test.split()).casefold()


def beside(record: Path) -> Path:
    """The table of claims for a record: claims.csv in its folder, else the one that is shipped."""
    own = record.parent / "claims.csv"
    return own if own.is_file() else SHIPPED


def read(path: Path = SHIPPED) -> tuple[tuple[Claim, ...], tuple[str, ...]]:
    """The claims of a table in its order, and what was odd in it, as sentences; raises `FileError`.

    A row whose claim_id is missing or taken, or whose cells do not fit the header, is kept with its fault.
    """
    notes: list[str] = []

    def note(line: int, column: str, value: str, reason: str, advice: str, code: str) -> None:
        notes.append(_("Line {line:,}: {reason}.").format(line=line, reason=reason))

    try:
        with path.open("rb") as stream:
            encoding, errors = find_encoding(stream, note)
            stream.seek(0)
            text = lines(stream, encoding, errors, note)
            skipped = []
            for first in text:
                if first.strip():
                    break
                skipped.append(first)
            else:
                raise empty()
            delimiter = max(DELIMITERS, key=lambda one: len({_name(cell) for cell in first.split(one)} & set(COLUMNS)))
            records = iter(Records(chain(skipped, [first], text), delimiter, note))
            _unused, header = next(records, (1, []))
            rows = list(zip(range(MOST_CLAIMS), records, strict=False))
            more = sum(1 for _unused in records)
    except EmptyFile as trouble:
        raise EmptyFile(_("{file} is empty.").format(file=path.name), _("Its columns are in data/README.md.")) from trouble
    except FileNotFoundError as trouble:
        raise MissingFile(
            _("There is no {file}.").format(file=path.name), _("Put the table of claims beside the record.")
        ) from trouble
    except OSError as trouble:
        raise NotAFile(
            _("{file} cannot be read: {reason}.").format(file=path.name, reason=trouble.strerror),
            _("Copy it to this machine and try again."),
        ) from trouble
    names = [_name(cell) for cell in header]
    notes += _columns(names, path.name)
    if more:
        claims = counted(more, "{n} claim", "{n} claims")
        notes.append(_("{claims} after the first {most_claims} left out.").format(claims=claims, most_claims=MOST_CLAIMS))
    known_ids: set[str] = set()
    return tuple(_claim(line, row, names, known_ids) for _unused, (line, row) in rows), tuple(notes)


def _name(cell: str) -> str:
    return cell.strip().casefold().replace(" ", "_")


def _columns(names: list[str], file: str) -> list[str]:
    """What is odd in the names of the columns, as sentences; raises `NotATable` when a row would be read wrongly."""
    where = _("Its columns are in data/README.md.")
    if twice := [name for name in names if name in COLUMNS and names.count(name) > 1]:
        reason = _("{file} has the column {twice} {count} times.").format(file=file, twice=twice[0], count=names.count(twice[0]))
        raise NotATable(reason, where)
    missing, strange = ([name for name in some if name not in others] for some, others in ((COLUMNS, names), (names, COLUMNS)))
    near = {name: get_close_matches(name, missing or COLUMNS, 1, 0.6) for name in strange if name}
    messages = [
        _("“{name}” is no column of claims{close_may}.").format(
            name=plain(name, 40), close_may=_("; {close} may be meant").format(close=close[0]) if close else ""
        )
        for name, close in near.items()
    ]
    if lacking := [name for name in missing if name in MUST or any(name in close for close in near.values())]:
        reason = _("{file} has no column {lacking}.").format(file=file, lacking=listed(lacking, "or"))
        raise NotATable(" ".join([reason, *messages[:3]]), where)
    return messages


def _claim(line: int, row: list[str], names: list[str], known_ids: set[str]) -> Claim:
    cells = dict(zip(names, row, strict=False))
    kept = {name: from_cell(cells.get(name, "").strip()) for name in COLUMNS}
    kept["page"] = kept["page"] or "app.py"
    fault = ""
    if not kept["claim_id"]:
        kept["claim_id"], fault = _("line {line}").format(line=line), _("The row has no claim_id.")
    elif kept["claim_id"] in known_ids:
        fault = _("The claim_id {claim_id} is taken by a row above.").format(claim_id=kept["claim_id"])
        kept["claim_id"] = _("line {line}").format(line=line)
    elif len(row) != len(names):
        fault = _("The row has {cells} under {columns}.").format(
            cells=counted(len(row), "{n} cell", "{n} cells"), columns=counted(len(names), "{n} column", "{n} columns")
        )
    elif long := [name for name in COLUMNS if len(kept[name]) > LONGEST]:
        fault = _("Its {long} is longer than {longest:,} characters.").format(long=long[0], longest=LONGEST)
    known_ids.add(kept["claim_id"])
    kept = {name: cell[:LONGEST] for name, cell in kept.items()}
    return Claim(**kept, line=line, fault=fault)
