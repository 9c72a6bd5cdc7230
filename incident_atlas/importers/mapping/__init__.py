"""Any other table as a record: `guess` what its columns are, let a person correct it, `Mapping.read` its rows.

names.py what columns are called elsewhere; dates.py, figures.py, degrees.py, terms.py, sources.py cells of each kind; kinds.py
what the cells of a column can be; part_counts.py which figures are no totals; guessing.py the guess; questions.py what a person must say; mapping.py the mapping; rows.py
the mapping at work; saved.py the mapping as a file.
"""

from __future__ import annotations

from incident_atlas.importers.column_names import OURS
from incident_atlas.importers.mapping.guess import examples, guess
from incident_atlas.importers.mapping.mapping import Mapping, applied
from incident_atlas.importers.mapping.mapping_csv import read, written
from incident_atlas.importers.mapping.parse_dates import DAY_FIRST, ISO, MONTH_FIRST, ORDERS
from incident_atlas.importers.mapping.part_counts import part_counts
from incident_atlas.importers.mapping.questions import judged

__all__ = [
    "DAY_FIRST",
    "ISO",
    "MONTH_FIRST",
    "ORDERS",
    "OURS",
    "Mapping",
    "applied",
    "examples",
    "guess",
    "judged",
    "part_counts",
    "read",
    "written",
]
