"""The data sets that people bring, each by the columns that identify it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import pandas as pd

from incident_atlas.core.data_sets import Format, Read
from incident_atlas.core.validation import Problems
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets import acled, awsd, gtd, ucdp


@dataclass(frozen=True)
class Reader:
    """How one data set is recognised and read.

    marks: casefolded columns that together only this data set has. needs: those without which no row can be kept. uses: all
    columns that are read, extras included; a file may lack any of the others. title(columns, name): what columns and name of the
    file tell of it, for people. read(rows, problems): rows
    of text, columns casefolded, index the line of each row, to incidents, reports and extras; rows that are no attacks
    are left out, each with a Problem whose reason ends in "the row is set aside".
    """

    format: Format
    marks: frozenset[str]
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    title: Callable[..., str]
    read: Callable[[pd.DataFrame, Problems], Read]


FORMATS = {
    module.FORMAT.key: Reader(module.FORMAT, module.MARKS, module.NEEDS, module.USES, module.title, module.read)
    for module in (acled, ucdp, gtd, awsd)
}
"""By the name of the format on the command line."""

_PARTS = {ucdp.FORMAT.key: ucdp.PARTS}

_TO_THE_DAY, _TO_THE_TOWN = _("dates are taken as known to the day"), _("coordinates are taken as known to the town")
_ASSUMED = {
    **dict.fromkeys(("time_precision", "date_prec"), _TO_THE_DAY),
    **dict.fromkeys(("geo_precision", "where_prec", "specificity"), _TO_THE_TOWN),
}


def recognised(columns: Iterable[str]) -> Reader | None:
    """The reader of the data set that these columns are of; None when it is none of ours, or may be two.

    One of the identifying columns may be missing, in any case and with any further columns.
    """
    has = {str(column).replace("\ufeff", "").strip().casefold() for column in columns}
    found = [reader for reader in FORMATS.values() if len(reader.marks - has) <= 1]
    found = found or [FORMATS[key] for key, parts in _PARTS.items() if parts <= has]
    return found[0] if len(found) == 1 else None


def without(reader: Reader, columns: Iterable[str]) -> dict[str, str]:
    """The columns, of those that matter most, which a file of this data set lacks, and what is assumed without each, or ''."""
    return {
        name: _ASSUMED.get(name, "") for name in reader.uses if name in reader.marks | _ASSUMED.keys() and name not in columns
    }
