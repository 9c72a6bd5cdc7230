"""Any other table as a record: `guess` what its columns are, let a person correct it, `Mapping.read` its rows.

kinds.py, part_counts.py  what the cells of a column can be, and which figures are no totals
guess.py, questions.py    the guess, and what only a person can say
mapping.py                which column is which: the mapping, as a value
mapping_csv.py            the same as a file
parse_*.py                cells of each kind: dates, counts, terms, sources
count_words.py            the words that stand beside counts
units.py                  whether a row is an incident, a victim of one, or a total of many
victim_rows.py            one row per victim to one row per incident
total_rows.py             headings and totals between the incidents
apply.py                  the mapping at work
"""

from __future__ import annotations

from incident_atlas.importers.column_names import OURS
from incident_atlas.importers.mapping.guess import examples, guess
from incident_atlas.importers.mapping.mapping import Mapping, applied, not_assigned
from incident_atlas.importers.mapping.mapping_csv import read, written
from incident_atlas.importers.mapping.parse_dates import DAY_FIRST, ISO, MONTH_FIRST, ORDERS
from incident_atlas.importers.mapping.part_counts import part_counts
from incident_atlas.importers.mapping.questions import assumed_order, judged

__all__ = ["DAY_FIRST", "ISO", "MONTH_FIRST", "ORDERS", "OURS", "Mapping", "applied", "examples", "guess", "judged"]
__all__ += ["assumed_order", "not_assigned", "part_counts", "read", "written"]
