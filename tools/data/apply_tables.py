"""Applies tables of additions and corrections to the record: `python -m tools.data.apply_tables ADDITIONS [--to FOLDER]`.

ADDITIONS is a folder that holds any of these CSV files. Each is in the columns of the table of data/ that it changes, or in fewer:

- incidents*.csv: new incidents.
- publishers*.csv, perpetrators*.csv: new publishers and perpetrators; a name that is known already is left as it is.
- changes*.csv: incident_id, column, old, new: one cell each. `old` has to be what the cell holds now. The column `(delete row)`
  takes the incident out; where `new` says "joined with INCIDENT", its reports go to that incident.
- summaries*.csv: incident_id, summary: for incidents without one.
- reports_read*.csv: reports that were read again, found by incident_id, publisher and url; cells that are not blank replace what stood.
- reports*.csv, other than those: new reports.

What stands already as the additions want it is passed over, so that the same folder can be applied again after a rebase. What cannot
be applied is printed with its reason, and then nothing is written unless --skip is given.
"""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from incident_atlas.core.reference_data import DATA, read_table
from incident_atlas.core.schema import NAMES, REPORT_NAMES

TABLES = ("incidents", "reports", "publishers", "perpetrators")
DELETE = "(delete row)"
_JOINED = re.compile(r"joined with (\S+)")

Row = dict[str, str]


@dataclass
class Applied:
    """What was done, one count per kind of step, and what was refused, one line each."""

    counts: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def done(self, kind: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1


def apply(additions: Path, folder: Path, revised: str = "", skip: bool = False) -> Applied:
    """Applies the tables of `additions` to the record in `folder`, which is rewritten when nothing was refused, or with `skip`.

    revised: ISO date for the column of that name of every incident that a change touches; blank leaves it.
    """
    applied = Applied()
    record = {name: read_table(folder / f"{name}.csv").to_dict("records") for name in TABLES}
    _add_named(record, additions, applied)
    _add_incidents(record, _rows(additions, "incidents"), applied)
    _change_cells(record, _rows(additions, "changes"), revised, applied)
    _fill_summaries(record, _rows(additions, "summaries"), revised, applied)
    _read_again(record, _rows(additions, "reports_read"), applied)
    _add_reports(record, _rows(additions, "reports", but="reports_read"), applied)
    if not applied.refused or skip:
        _write(record, folder)
    return applied


def _rows(additions: Path, stem: str, but: str = "") -> list[Row]:
    paths = [path for path in sorted(additions.glob(f"{stem}*.csv")) if not (but and path.stem.startswith(but))]
    return [row for path in paths for row in read_table(path).to_dict("records")]


def _add_named(record: dict[str, list[Row]], additions: Path, applied: Applied) -> None:
    for table, key in (("publishers", "publisher"), ("perpetrators", "name")):
        columns = list(record[table][0])
        known = {row[key] for row in record[table]}
        for row in _rows(additions, table):
            if row[key] not in known:
                known.add(row[key])
                record[table].append({name: row.get(name, "") for name in columns})
                applied.done(f"{table} added")


def _add_incidents(record: dict[str, list[Row]], rows: list[Row], applied: Applied) -> None:
    known = {row["incident_id"]: row for row in record["incidents"]}
    for row in rows:
        name = row["incident_id"]
        if unknown := set(row) - set(NAMES):
            applied.refused.append(f"incident {name}: no such column: {', '.join(sorted(unknown))}")
        elif name not in known:
            known[name] = {column: row.get(column, "") for column in NAMES}
            record["incidents"].append(known[name])
            applied.done("incidents added")


def _change_cells(record: dict[str, list[Row]], rows: list[Row], revised: str, applied: Applied) -> None:
    incidents = {row["incident_id"]: row for row in record["incidents"]}
    for change in rows:
        name, column, old, new = (change[key] for key in ("incident_id", "column", "old", "new"))
        if column == DELETE:
            _delete(record, name, new, applied)
        elif name not in incidents:
            applied.refused.append(f"change of {name}, {column}: no such incident")
        elif column not in NAMES or column == "incident_id":
            applied.refused.append(f"change of {name}, {column}: no such column, or one that stays")
        elif incidents[name][column] == new:
            pass
        elif incidents[name][column] != old:
            applied.refused.append(f"change of {name}, {column}: it holds {incidents[name][column]!r}, not {old!r}")
        else:
            incidents[name] |= {column: new} | ({"revised": revised} if revised else {})
            applied.done("cells changed")


def _delete(record: dict[str, list[Row]], name: str, reason: str, applied: Applied) -> None:
    joined = _JOINED.search(reason)
    target = joined[1] if joined else ""
    names = {row["incident_id"] for row in record["incidents"]}
    if name not in names:
        return
    if target and target not in names:
        applied.refused.append(f"deletion of {name}: no incident {target} to join it with")
        return
    record["incidents"] = [row for row in record["incidents"] if row["incident_id"] != name]
    if target:
        record["reports"] = [row | {"incident_id": target} if row["incident_id"] == name else row for row in record["reports"]]
    else:
        record["reports"] = [row for row in record["reports"] if row["incident_id"] != name]
    applied.done("incidents deleted")


def _fill_summaries(record: dict[str, list[Row]], rows: list[Row], revised: str, applied: Applied) -> None:
    incidents = {row["incident_id"]: row for row in record["incidents"]}
    for row in rows:
        found = incidents.get(row["incident_id"])
        if found is None:
            applied.refused.append(f"summary of {row['incident_id']}: no such incident")
        elif not found["summary"]:
            found |= {"summary": row["summary"]} | ({"revised": revised} if revised else {})
            applied.done("summaries filled")


def _read_again(record: dict[str, list[Row]], rows: list[Row], applied: Applied) -> None:
    key = ("incident_id", "publisher", "url")
    reports = {tuple(row[name] for name in key): row for row in record["reports"]}
    for row in rows:
        found = reports.get(tuple(row[name] for name in key))
        if found is None:
            applied.refused.append(f"report of {row['incident_id']}, {row['publisher']}: not in the record with that address")
            continue
        new = {name: cell for name, cell in row.items() if name in REPORT_NAMES and cell and cell != found[name]}
        # A report that states one bound states no other: what stood in the blank one is gone, not mixed with the new one.
        for low, high in (("killed_low", "killed_high"), ("wounded_low", "wounded_high")):
            if row.get(low) or row.get(high):
                new |= {name: row[name] for name in (low, high) if row[name] != found[name]}
        if new:
            found |= new
            applied.done("reports read again")


def _add_reports(record: dict[str, list[Row]], rows: list[Row], applied: Applied) -> None:
    incidents = {row["incident_id"] for row in record["incidents"]}
    publishers = {row["publisher"] for row in record["publishers"]}
    known = {_same_report(row) for row in record["reports"]}
    for row in rows:
        name = row["incident_id"]
        if unknown := set(row) - set(REPORT_NAMES):
            applied.refused.append(f"report of {name}, {row['publisher']}: no such column: {', '.join(sorted(unknown))}")
        elif name not in incidents:
            applied.refused.append(f"report of {name}, {row['publisher']}: no such incident")
        elif row["publisher"] not in publishers:
            applied.refused.append(f"report of {name}: the publisher {row['publisher']!r} is in no table")
        elif _same_report(row) not in known:
            known.add(_same_report(row))
            record["reports"].append({column: row.get(column, "") for column in REPORT_NAMES})
            applied.done("reports added")


def _same_report(row: Row) -> tuple[str, ...]:
    """A report is the same when incident, publisher and address are; without an address, when it also says the same."""
    return (row["incident_id"], row["publisher"], row["url"], "" if row["url"] else row["says"])


def _place_in_file(incident_id: str) -> tuple[str, int]:
    """
    >>> _place_in_file("AFG-20201201-10") > _place_in_file("AFG-20201201-9")
    True
    """
    day, _, number = incident_id.rpartition("-")
    return day, int(number)


def _write(record: dict[str, list[Row]], folder: Path) -> None:
    """Incidents by date and running number, reports in the same order, publishers by name, perpetrators as they came."""
    for table in ("incidents", "reports"):
        record[table].sort(key=lambda row: _place_in_file(row["incident_id"]))
    used = {row["publisher"] for row in record["reports"]}
    record["publishers"] = [row for row in record["publishers"] if row["publisher"] in used]
    record["publishers"].sort(key=lambda row: row["publisher"].casefold())
    for table, rows in record.items():
        pd.DataFrame(rows).to_csv(folder / f"{table}.csv", index=False, lineterminator="\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("additions", type=Path, help="folder with the tables to apply")
    parser.add_argument("--to", type=Path, default=DATA, help="folder of the record")
    parser.add_argument("--revised", default="", help="ISO date for the column `revised` of the incidents that change")
    parser.add_argument("--skip", action="store_true", help="write what can be applied even when something was refused")
    arguments = parser.parse_args()
    result = apply(arguments.additions, arguments.to, arguments.revised, arguments.skip)
    for line in result.refused:
        print(line, file=sys.stderr)
    for kind, count in result.counts.items():
        print(f"{kind}: {count:,}")
    sys.exit(1 if result.refused and not arguments.skip else 0)
