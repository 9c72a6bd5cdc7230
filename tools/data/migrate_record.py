"""Fills the columns that came later of a record in our own files: `python -m tools.data.migrate_record [FOLDER] [--knows CSV]`.

Only blank cells are filled, so that it can be run again. What cannot be known from the record itself stays blank:

- stage of a report from its date of publication: the day of the incident or the next is early, later is settled. The list is of
  the first day where the incident lasted longer: a figure of its first night is not its last.
- actor_kind of an incident from its perpetrators, as data/perpetrators.csv tells their kind; blank when one of them is none of these.
- knows of a publisher from a table (publisher, knows) that a person wrote.

With --ranges it then draws the low and high of each incident anew (`settled_range`), and prints every row that this moves.
"""

from __future__ import annotations

import argparse
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from incident_atlas.core.reference_data import DATA, read_table
from incident_atlas.core.schema import NAMES, REPORT_NAMES, split
from incident_atlas.core.vocabulary import UNKNOWN

PUBLISHER_NAMES = ("publisher", "kind", "knows", "country", "url", "licence")
COVERAGE_NAMES = ("source", "area", "from", "to", "collected_until", "note")


def stage_of(published: str, happened: str, ended: str = "") -> str:
    """`early`, `settled`, or blank when it is not known when the report was published.

    >>> stage_of("2022-09-30", "2022-09-30"), stage_of("2022-10-01", "2022-09-30"), stage_of("2022-10-02", "2022-09-30")
    ('early', 'early', 'settled')
    >>> stage_of("", "2022-09-30")
    ''
    """
    if not published:
        return ""
    last = date.fromisoformat(ended or happened)
    return "early" if date.fromisoformat(published) <= last + timedelta(days=1) else "settled"


def actor_kind_of(perpetrator: str, kinds: dict[str, str]) -> str:
    """The kinds of the perpetrators of a cell, `;` between; blank when one is not known.

    >>> actor_kind_of("Taliban;al-Qaeda", {"Taliban": "non-state group", "al-Qaeda": "non-state group"})
    'non-state group'
    >>> actor_kind_of("Unknown", {})
    ''
    """
    found = [kinds.get(name, "") for name in split(perpetrator) if name != UNKNOWN]
    return ";".join(dict.fromkeys(found)) if all(found) else ""


def migrate(folder: Path, knows: Path | None = None) -> dict[str, int]:
    """Rewrites the tables of a folder with all columns of the record; how many cells of each new column were filled."""
    incidents = _with_columns(read_table(folder / "incidents.csv"), NAMES)
    reports = _with_columns(read_table(folder / "reports.csv"), REPORT_NAMES)
    publishers = _with_columns(read_table(folder / "publishers.csv"), PUBLISHER_NAMES)
    coverage = _with_columns(read_table(folder / "coverage.csv"), COVERAGE_NAMES)
    actors = read_table(DATA / "perpetrators.csv")
    kinds = dict(zip(actors["name"], actors["actor_kind"], strict=True))
    filled = {}
    derived = incidents["perpetrator"].map(lambda cell: actor_kind_of(cell, kinds))
    incidents["actor_kind"], filled["actor_kind"] = _fill(incidents["actor_kind"], derived)
    days = incidents.set_index("incident_id")[["date", "date_end"]].T.to_dict("list")
    derived = [stage_of(day, *days[name]) for name, day in zip(reports["incident_id"], reports["published"], strict=True)]
    reports["stage"], filled["stage"] = _fill(reports["stage"], pd.Series(derived, index=reports.index))
    if knows is not None:
        values = read_table(knows).drop_duplicates("publisher").set_index("publisher")["knows"]
        publishers["knows"], filled["knows"] = _fill(publishers["knows"], publishers["publisher"].map(values).fillna(""))
    tables = {"incidents": incidents, "reports": reports, "publishers": publishers, "coverage": coverage}
    for name, table in tables.items():
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    return filled


def settled_range(reports: list[dict[str, str]], knows: dict[str, str], kind: str, best: str) -> tuple[str, str, str] | None:
    """Low, best and high of an incident that its settled reports give, by publishers that can know; None where it has no such report.

    The best figure, which a person chose, stays within the range; one that only early reports give is replaced by the settled
    figure nearest to it. The high is blank when the largest figure is "at least" in every
    report but early ones. kind: killed or wounded.

    >>> row = {"publisher": "UN", "stage": "settled", "killed_low": "53", "killed_high": "54"}
    >>> settled_range([row, row | {"stage": "early", "killed_high": "100"}], {"UN": "yes"}, "killed", "53")
    ('53', '53', '54')
    """
    values = [
        (row[f"{kind}_low"], row[f"{kind}_high"])
        for row in reports
        if row["stage"] == "settled" and knows.get(row["publisher"]) == "yes" and (row[f"{kind}_low"] or row[f"{kind}_high"])
    ]
    if not values:
        return None
    figures = {int(figure) for pair in values for figure in pair if figure}
    lasting = [row for row in reports if row["stage"] != "early"]
    if best and best not in {row[f"{kind}_{end}"] for row in lasting for end in ("low", "high")}:
        best = str(min(figures, key=lambda figure: abs(figure - int(best))))
    figures |= {int(best)} if best else set()
    highs = {int(row[f"{kind}_high"]) for row in lasting if row[f"{kind}_high"]}
    return str(min(figures)), best, str(max(figures)) if max(figures) in highs else ""


def settle_ranges(folder: Path) -> list[tuple[str, ...]]:
    """Rewrites the lows and highs that the settled reports move: incident, killed or wounded, low, best and high before and after."""
    incidents = read_table(folder / "incidents.csv")
    knows = dict(read_table(folder / "publishers.csv")[["publisher", "knows"]].itertuples(index=False))
    text = {name: rows.to_dict("records") for name, rows in read_table(folder / "reports.csv").groupby("incident_id")}
    moved = []
    for at, row in incidents.iterrows():
        for kind in ("killed", "wounded"):
            names = [f"{kind}_low", kind, f"{kind}_high"]
            figures, before = settled_range(text.get(row["incident_id"], []), knows, kind, row[kind]), tuple(row[names])
            if figures is not None and figures != before:
                incidents.loc[at, names] = figures
                moved.append((row["incident_id"], kind, *before, *figures))
    incidents.to_csv(folder / "incidents.csv", index=False, lineterminator="\n")
    return moved


def _with_columns(table: pd.DataFrame, names: tuple[str, ...]) -> pd.DataFrame:
    """The table with these columns in this order, new ones blank, and its own other columns behind them."""
    others = [name for name in table if name not in names]
    return table.reindex(columns=[*names, *others], fill_value="")


def _fill(cells: pd.Series, values: pd.Series) -> tuple[pd.Series, int]:
    blank = (cells == "") & (values != "")
    return cells.mask(blank, values), int(blank.sum())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA)
    parser.add_argument("--knows", type=Path, help="a table of publisher and knows (yes or no)")
    parser.add_argument("--ranges", action="store_true", help="draw lows and highs anew from the settled reports")
    arguments = parser.parse_args()
    for name, cells in migrate(arguments.folder, arguments.knows).items():
        print(f"{name}: {cells:,} cells filled")
    if arguments.ranges:
        print("incident_id,kind,low_before,best_before,high_before,low,best,high")
        for cells in settle_ranges(arguments.folder):
            print(",".join(cells))
