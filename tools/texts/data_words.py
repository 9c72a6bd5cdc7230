"""Strings that read like texts and are data: names, values and terms that stay the same in every language."""

from __future__ import annotations

DATA_FILES = frozenset(
    {
        "core/synonyms.py",
        "importers/column_names.py",
        "importers/mapping/count_words.py",
        "importers/mapping/parse_terms.py",
        "importers/data_sets/gtd_codes.py",
    }
)
"""Modules that hold words of files and of searches only."""

_NAMES = (
    *("Incident Atlas", "Global Terrorism Database", "Aid Worker Security Database", "INCIDENT ATLAS"),
    *(
        "Natural Earth",
        "Natural Earth, GSHHG, GeoNames",
        "Noto Sans Arabic",
        "Source Sans Pro",
        "Source Sans, Source Sans Pro, Noto Sans Arabic, sans-serif",
    ),
    *("Kabul", "Herat", "Taliban", "Nominatim", "Parquet", "Brotli", "Battles", "Air Base", "Airfield"),
    *("incident-atlas (offline-first research dashboard)", "Islamic State (Khorasan Province)", "Afghan government forces"),
)

# Values of the record and of the tables that people keep: they are compared, and read back.
_VALUES = (
    # the column `what` of the table of changes
    *("{} reworded", "{}: {} to {}"),
    # found_by of a row
    *("in the text", "given by a source", "placed by a person", "not found", "Placed by a person: no source gives this point."),
    # what became of an incident
    "read again",
    # verdicts
    *("partly supported", "cannot be determined"),
    # tests of claims
    *("rarer than", "more often than", "times as often", "not in the record"),
    # an assignment of columns
    *("value of", "day first", "month first", "{} (counted)", "column {}"),
    # withheld names
    *("publisher {}", "operation {}", "{} (file {})"),
    # entries of a cache
    *(
        "publisher counts",
        "report positions",
        "proposed pairs",
        "near repeats",
        "coverage hash",
        "which led to",
        "later file",
        "earlier files",
    ),
    # types of GeoJSON, a style of Word, a format of citations
    *("Point", "Feature", "Title", "Heading 2", "Text"),
    # name of a file
    "nearby {}",
    # slips of a programmer
    *("months are shown of one year", "two rates without any event have no ratio", "no column names the incident of a row"),
)

_ACLED = """
violence against civilians; explosions/remote violence; strategic developments; strategic development; remote violence
headquarters or base established; non-violent transfer of territory; battle-government regains territory
battle-no change of territory; battle-non-state actor overtakes territory; disrupted weapons use
excessive force against protesters; other forces; political militia; political militias; rebel group; rebel groups
identity militia; identity militias; external or other forces; external/other forces; suicide bomb; Violence against civilians
"""
_AWSD = """
actor type; actor name; attack context; means of attack; total kidnapped; total killed; total wounded; nrcs and ifrc
total affected; total internationals; total nationals; total victims; gender female; gender male; gender unknown; incident id
"""
_UCDP = "Non-state violence; One-sided violence; State-based violence; Candidate {}.{}.{}"

# Names of columns of tables; what shows a table translates them.
_HEADINGS = """
Before, low; Before, high; After, low; After, high; Nearest milestone; Months to it; Nearest break of coverage
Months to the break; p, slow waves; Rate per 30 days; Rate, low; Rate, high
"""


def _split(text: str) -> set[str]:
    return {word.strip() for line in text.splitlines() for word in line.split(";") if word.strip()}


DATA = frozenset({*_NAMES, *_VALUES} | _split(_ACLED) | _split(_AWSD) | _split(_UCDP) | _split(_HEADINGS))
"""Single strings."""
