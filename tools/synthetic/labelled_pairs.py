"""Two records of which it is known which incidents are the same: `python -m tools.synthetic.labelled_pairs HALF FOLDER`

The first is the shipped record's, as it is; the second tells the same incidents as others would (pairs_tuning.py,
pairs_held_out.py). Only some incidents of each have a partner in the other. Both also hold incidents that are close in time and
place and not the same: real ones of the record, invented neighbours, and invented second attacks of one operation. The halves share no incident, no compiler and
no kind of neighbour; the weights of duplicates.py were chosen on the first, and the second was made before them.
Crowded sets fold all years into one, so that real incidents of one city stand a day or two apart.
"""

from __future__ import annotations

import argparse
import csv
import io
import random
from datetime import date
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from incident_atlas.core.reference_data import DATA
from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.load import Loaded, load_bytes
from tools.synthetic import pairs_held_out, pairs_tuning

Row = dict[str, str]

HALVES = {"tuning": pairs_tuning, "held-out": pairs_held_out}
SEEDS = {"tuning": (11, 12, 13, 14), "held-out": (71, 72, 73, 74)}
"""Drawn with each; what is told of a half is told of all its draws together."""

BOTH, LEFT_ONLY = 0.55, 0.22
"""Shares of the real incidents; the rest is in the second record alone."""

NEIGHBOURS = 0.6
"""Invented neighbours per real incident; one in three of them is in both records."""

PARTS = 0.05
"""Second attacks of the operation of a real incident, per real incident: the same day, city, kind of attack and hand, other people."""

_FAR_APART = 45
"""Days in the year between an incident and one that is moved beside it, so that it is never moved beside itself."""


class Labelled(NamedTuple):
    """Two loaded records, and the pairs of incident_id (of the first, of the second) that are one incident."""

    left: Loaded
    right: Loaded
    pairs: frozenset[tuple[str, str]]


def labelled(half: str, seed: int, crowded: bool = False) -> Labelled:
    """The labelled set of one half, always the same for the same seed, loaded as any file is: places looked up by name."""
    left, right, pairs = texts(half, seed, crowded)
    return Labelled(load_bytes(left.encode(), "left.csv"), load_bytes(right.encode(), "right.csv"), pairs)


def texts(half: str, seed: int, crowded: bool = False) -> tuple[str, str, frozenset[tuple[str, str]]]:
    """The same as two CSV files."""
    recipe, chance = HALVES[half], random.Random(f"{half} {seed}")
    text = _reports()
    real = [row for row in _read(DATA / "incidents.csv") if int(row["date"][:4]) % 2 == recipe.YEARS]
    if crowded:
        real = [row | {"date": _folded(row["date"]), "date_end": ""} for row in real]
        text = {one: [report | {"date": _folded(report["date"])} for report in reports] for one, reports in text.items()}
    left: list[Row] = []
    right: list[Row] = []
    pairs: set[tuple[str, str]] = set()

    def enter(row: Row, reports: list[Row], both: float, left_only: float) -> None:
        where = chance.random()
        habit = chance.choices([habit for habit, _ in recipe.HABITS], [often for _, often in recipe.HABITS])[0]
        other = habit(row, reports, chance) if where < both or where >= both + left_only else None
        if where < both + left_only:
            left.append(row)
        if other is not None:
            # As in any second record: ids of its own, in an order of its own.
            name = f"second-{chance.randrange(10**9):09d}"
            right.append({"country": "Afghanistan", "outcome": row["outcome"], **other, "incident_id": name})
            if where < both:
                pairs.add((row["incident_id"], name))

    for row in real:
        enter(row, text.get(row["incident_id"], []), BOTH, LEFT_ONLY)
    used: set[str] = set()
    for number, row in enumerate(chance.sample(real, round(NEIGHBOURS * len(real)))):
        donors = [one for one in real if one["incident_id"] not in used and _apart(one["date"], row["date"]) > _FAR_APART]
        beside = recipe.neighbour(row, donors, chance)
        used.add(beside["incident_id"])
        enter(beside | {"incident_id": f"invented-{number}"}, [], 1 / 3, 1 / 3)
    for number, row in enumerate(chance.sample(real, round(PARTS * len(real)))):
        donors = [one for one in real if one["incident_id"] not in used and _apart(one["date"], row["date"]) > _FAR_APART]
        operation = row["coordinated_id"] or f"invented-operation-{number}"
        row["coordinated_id"] = operation
        enter(_second_attack(row, recipe.neighbour(row, donors, chance), f"part-{number}", operation), [], 1 / 3, 1 / 3)
    chance.shuffle(left)
    chance.shuffle(right)
    return _text(left), _text(right), frozenset(pairs)


def _second_attack(row: Row, beside: Row, name: str, operation: str) -> Row:
    """A neighbour as another attack of the same operation: told of other people, with all that the two have in common."""
    shared = (
        "date",
        "date_precision",
        "date_end",
        "city",
        "province",
        "attack_type",
        "weapon",
        "suicide",
        "perpetrator",
        "actor_kind",
    )
    common = {key: row[key] for key in (*shared, "attribution")}
    return {**beside, **common, "incident_id": name, "coordinated_id": operation}


def _read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _reports() -> dict[str, list[Row]]:
    by_incident: dict[str, list[Row]] = {}
    for report in _read(DATA / "reports.csv"):
        by_incident.setdefault(report["incident_id"], []).append(report)
    return by_incident


def _folded(day: str) -> str:
    """The same day of the one year 2013, leap days a day earlier; blank stays blank."""
    return f"2013{day[4:]}".replace("-02-29", "-02-28") if day else ""


def _apart(one: str, other: str) -> int:
    """Days of the year between two dates, the shorter way round."""
    days = abs(date.fromisoformat(f"2012{one[4:]}") - date.fromisoformat(f"2012{other[4:]}")).days
    return min(days, 366 - days)


def _text(rows: list[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows({"added": "2026-11-20", "revised": "2026-11-20", **row} for row in rows)
    return out.getvalue()


def main() -> None:
    """Write left.csv, right.csv and pairs.csv into a folder."""
    options = argparse.ArgumentParser(description="Write two records of which it is known which incidents are the same.")
    options.add_argument("half", choices=tuple(HALVES))
    options.add_argument("folder", type=Path)
    options.add_argument("seed", type=int, nargs="?", help="by default the first of the half")
    options.add_argument("--crowded", action="store_true", help="all years folded into one")
    chosen = options.parse_args()
    seed = SEEDS[chosen.half][0] if chosen.seed is None else chosen.seed
    left, right, pairs = texts(chosen.half, seed, chosen.crowded)
    chosen.folder.mkdir(parents=True, exist_ok=True)
    (chosen.folder / "left.csv").write_text(left, encoding="utf-8")
    (chosen.folder / "right.csv").write_text(right, encoding="utf-8")
    known = pd.DataFrame(sorted(pairs), columns=["left_id", "right_id"])
    known.to_csv(chosen.folder / "pairs.csv", index=False)
    print(f"{len(known)} pairs among {left.count(chr(10)) - 1} and {right.count(chr(10)) - 1} incidents.")


if __name__ == "__main__":
    main()
