"""The columns of the record as a Markdown table, for the README: `python -m tools.docs.columns_table`, between its two markers."""

from __future__ import annotations

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


def columns_table() -> str:
    """One row per column of `record.COLUMNS`: its name, whether every row needs it, its values and its meaning."""
    rows = [f"| {column.name} | {'yes' if column.must else ''} | {_values(column)} | {column.meaning} |" for column in COLUMNS]
    return "\n".join(["| column | must | values | meaning |", "| --- | --- | --- | --- |", *rows])


def _values(column: Column) -> str:
    if column.terms and len(column.terms) <= _FEW:
        return "; ".join(column.terms) + ("; several with `;` between" if column.kind == "terms" else "")
    if column.terms:
        several = "; `;` between" if column.kind == "terms" else ""
        return f"{len(column.terms)} terms, {column.terms[0]} ... {column.terms[-1]}{several}"
    return _VALUES[column.kind]


if __name__ == "__main__":
    print(columns_table())
