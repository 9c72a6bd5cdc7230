"""Write docs/columns.md, the columns of a record: `python -m tools.docs.columns_table`."""

from __future__ import annotations

import argparse
from pathlib import Path

from incident_atlas.core.schema import COLUMNS, Column

_VALUES = {
    "id": "any text, each once",
    "date": "2022-09-05, 2022-09 or 2022",
    "date_and_text": "2022-09-05, then text",
    "time": "HH:MM",
    "text": "text",
    "terms": "one or more, `;` between",
    "coordinate": "decimal degrees",
    "count": "whole number",
}
_FEW = 10  # terms that fit into a cell of the table


PAGE = Path(__file__).resolve().parents[2] / "docs" / "columns.md"

_INTRODUCTION = """# Columns

One row of a record is one incident. A row without one of the *required* columns is set aside. A complete record fills the *expected* columns in every row: `check` lists their blanks, but the row is kept. Everything else may be blank, and blank means "not reported". Several values in one cell are separated by `;`.

This page is written by `python -m tools.docs.columns_table`.
"""


def columns_page() -> str:
    """The page in Markdown: one row per column with its name, whether it is needed, its values and its meaning."""
    rows = [f"| {column.name} | {column.need} | {_values(column)} | {column.meaning} |" for column in COLUMNS]
    return "\n".join([_INTRODUCTION, "| column | needed | values | meaning |", "| --- | --- | --- | --- |", *rows, ""])


def _values(column: Column) -> str:
    if column.terms and len(column.terms) <= _FEW:
        return "; ".join(column.terms) + ("; several with `;` between" if column.kind == "terms" else "")
    if column.terms:
        several = "; `;` between" if column.kind == "terms" else ""
        return f"{len(column.terms)} terms, {column.terms[0]} ... {column.terms[-1]}{several}"
    return _VALUES[column.kind]


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    PAGE.write_text(columns_page(), encoding="utf-8")
    print(f"{PAGE.name}: {len(COLUMNS)} columns")
