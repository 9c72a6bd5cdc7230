"""A record in which every cell of every table says who it is: whatever gets out can be named.

Cells are made from the schema, so that a column that is added later has markers without a change here. A marker is a word that no
table of this project holds, in letters that neither folding nor an address changes.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from incident_atlas.analysis.claims.claims_csv import COLUMNS as CLAIM_COLUMNS
from incident_atlas.core.schema import COLUMNS, NAMES, REPORT_NAMES
from incident_atlas.curation import placements
from incident_atlas.curation.duplicates import decisions
from incident_atlas.importers.mapping import mapping_csv as mappings
from tests.support import secret

MARK = re.compile(rb"qx\d{5}xq", re.IGNORECASE)

COVERAGE = ("source", "area", "from", "to", "collected_until", "note")
HELD_DAYS = 30


@dataclass
class Markers:
    """Markers as they are handed out, each with the table, the row and the column in which it stands."""

    where: dict[str, tuple[str, str, str]] = field(default_factory=dict)

    def new(self, table: str, row: str, column: str) -> str:
        """A marker that stands nowhere else."""
        name = f"qx{len(self.where):05d}xq"
        self.where[name] = (table, row, column)
        return name

    def found(self, text: bytes) -> set[str]:
        """The markers in some bytes, also in files that are packed in them."""
        found = {mark.decode().lower() for mark in MARK.findall(text)}
        if text.startswith(b"PK\x03\x04"):
            with zipfile.ZipFile(io.BytesIO(text)) as folder:
                for name in folder.namelist():
                    found |= self.found(name.encode()) | self.found(folder.read(name))
        return found & self.where.keys()

    def tables(self) -> set[str]:
        """The tables in which markers stand."""
        return {table for table, _, _ in self.where.values()}

    def at(self, marks: set[str]) -> list[tuple[str, str, str]]:
        """Where these markers stand, sorted: what a failed test shows."""
        return sorted(self.where[mark] for mark in marks)


@dataclass(frozen=True)
class Planted:
    """Files with markers. path: the record. allowed: markers that may be told. kept, held: ids of incidents."""

    path: Path
    markers: Markers
    allowed: frozenset[str]
    kept: tuple[str, ...]
    held: tuple[str, ...]


_VALID = {
    "date_precision": "day",
    "attack_type": "Armed Assault",
    "weapon": "Firearms",
    "outcome": "carried out",
    "target_type": "Police",
    "target_country": "Afghanistan",
    "perpetrator": "Taliban",
    "attribution": "claimed",
    "city": "Kabul",
    "country": "Afghanistan",
    "latitude": str(secret.LATITUDE),
    "longitude": str(secret.LONGITUDE),
    "geo_precision": "exact",
    "killed_low": "2",
    "killed": "3",
    "killed_high": "4",
    "time_local": "10:50",
    "added": "2024-01-01",
    "revised": "2024-01-01",
}


def plant(folder: Path, today: date) -> Planted:
    """The record in its own columns, with reports, coverage and claims beside it; the folder and the files are named by markers."""
    markers = Markers()
    named = folder / markers.new("file names", "folder", "")
    named.mkdir()
    stem = markers.new("file names", "record", "")
    old, new = "2020-03-05", str(today - timedelta(days=3))
    rows = {
        # Each cell that is not needed to keep the row is nothing but a marker: terms, days, figures and points cannot be read.
        "markers alone": _row(markers, "markers alone", old),
        "terms and markers": _row(markers, "terms and markers", old, _VALID, beside=True),
        "terms": _row(markers, "terms", "2019-07-01", _VALID),
        "elsewhere": _row(markers, "elsewhere", "2021-04-04", {**_VALID, "country": "", "city": "", "province": ""}),
        "far from its province": _row(markers, "far from its province", old, {**_VALID, "province": "Herat"}),
        "no date": _row(markers, "no date", ""),
        "no title": _row(markers, "no title", old) | {"title": ""},
        "new": _row(markers, "new", new, _VALID, beside=True),
        "new, markers alone": _row(markers, "new, markers alone", new),
        "new, no title": _row(markers, "new, no title", new) | {"title": ""},
    }
    kept = [name for name in rows if not name.startswith(("new", "no "))]
    extras = [markers.new("extras", "header", str(n)) for n in range(3)]
    lines = [[*NAMES, *extras]]
    for name, row in rows.items():
        lines.append([*row.values(), *(markers.new("extras", name, column) for column in extras)])
        if name in ("markers alone", "new"):
            # A cell beyond the last column is quoted by a problem.
            lines[-1].append(markers.new("problems", name, "beyond the last column"))
    path = named / f"{stem}.csv"
    _write(path, lines)
    _write(named / f"{stem}_reports.csv", _reports(markers, rows))
    _write(named / "coverage.csv", _coverage(markers))
    _write(named / "claims.csv", _claims(markers))
    ids = {name: row["incident_id"] for name, row in rows.items()}
    return Planted(
        path,
        markers,
        frozenset(ids[name] for name in kept),
        tuple(ids[name] for name in kept),
        tuple(ids[name] for name in rows if name.startswith("new")),
    )


def _row(markers: Markers, row: str, day: str, valid: dict[str, str] | None = None, beside: bool = False) -> dict[str, str]:
    """A cell for each column of the schema: what is valid there, with a marker beside it where it holds several terms, or a marker."""
    valid, cells = valid or {}, {}
    for column in COLUMNS:
        marker = markers.new("incidents", row, column.name)
        text = valid.get(column.name, "")
        cells[column.name] = f"{text};{marker}" if text and beside and column.kind == "terms" else text or marker
    return cells | {"date": day or markers.new("incidents", row, "date")}


def _reports(markers: Markers, rows: dict[str, dict[str, str]]) -> list[list[str]]:
    extra = markers.new("reports", "header", "extra")
    lines = [[*REPORT_NAMES, extra]]
    valid = {
        "date": "2020-03-05",
        "killed_low": "2",
        "attack_type": "Armed Assault",
        "perpetrator": "Taliban",
        "publisher": "Reuters",
    }
    of = {name: row["incident_id"] for name, row in rows.items()}
    of["of no incident"] = markers.new("reports", "of no incident", "incident_id")
    for name, incident_id in of.items():
        for known in ({}, valid):
            cells = {column: known.get(column) or markers.new("reports", name, column) for column in REPORT_NAMES}
            lines.append([*(cells | {"incident_id": incident_id}).values(), markers.new("reports", name, extra)])
    lines[2].append(markers.new("problems", "reports", "beyond the last column"))
    return lines


def _coverage(markers: Markers) -> list[list[str]]:
    def row(name: str, **valid: str) -> list[str]:
        return [valid.get(column) or markers.new("coverage", name, column) for column in COVERAGE]

    dated = row("dated", **{"from": "2019-08-01", "to": "2020-12-31"})
    return [list(COVERAGE), dated, row("not dated"), row("known", source="RAND", **{"from": "2019-01-01", "to": "2020-06-30"})]


def _claims(markers: Markers) -> list[list[str]]:
    def row(name: str, **valid: str) -> list[str]:
        return [valid.get(column) or markers.new("claims", name, column) for column in CLAIM_COLUMNS]

    word = markers.new("claims", "asked", "query")
    query = row("asked", page="app.py", query=f"target_type=Police&q={word}", test="rarer than", value="1 a year")
    return [list(CLAIM_COLUMNS), query, row("not asked")]


def plant_table(folder: Path) -> tuple[Planted, Path]:
    """A table of its own columns, each named by a marker, and the file that says which column is which; it lacks one of them."""
    markers = Markers()
    stem = markers.new("file names", "table", "")
    ours = ("date", "title", "place", "city", "killed", "perpetrator", "weapon", "publisher", "url", "latitude", "longitude")
    theirs = {name: markers.new("mapping", "theirs", name) for name in ours}
    days = ("2020-03-05", "2021-04-06", "2019-07-01")
    lines = [[*theirs.values(), markers.new("extras", "header", "")]]
    for n, day in enumerate(days):
        cells = {name: markers.new("table", str(n), name) for name in theirs} | {"date": day}
        lines.append([*cells.values(), markers.new("extras", str(n), "")])
    path, columns = folder / f"{stem}.csv", folder / f"{markers.new('file names', 'mapping', '')}.csv"
    _write(path, lines)
    constants = {"target_name": markers.new("mapping", "value", "target_name"), "country": "Afghanistan"}
    named = (*theirs.items(), ("notes", markers.new("mapping", "theirs", "a column that the table lacks")))
    mapping = mappings.Mapping(tuple(named), tuple(constants.items()), "iso")
    columns.write_bytes(mappings.written(mapping))
    return Planted(path, markers, frozenset(), (), ()), columns


def plant_own(markers: Markers) -> dict[str, bytes]:
    """What a reader drops on Your data, by the name of the file: a record, decisions, placements. It is hers alone."""
    name = markers.new("own files", "record", "")
    rows = [_row(markers, f"own {n}", f"2018-02-0{n}", _VALID) for n in (1, 2)]
    out = io.StringIO()
    csv.writer(out).writerows([list(NAMES), *(row.values() for row in rows)])

    def saved(kind: str, columns: tuple[str, ...]) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows([columns, [markers.new(kind, "1", column) for column in columns]])
        return text.getvalue().encode()

    return {
        f"{name}.csv": out.getvalue().encode(),
        "decisions.csv": saved("decisions", decisions.COLUMNS),
        "placements.csv": saved("placements", placements.COLUMNS),
    }


def _write(path: Path, lines: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(lines)
    path.write_text(out.getvalue(), encoding="utf-8")
