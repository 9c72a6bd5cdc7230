"""Rows between the incidents of a table that are none: the heading of a month, the total of a month or a year.

Counted as incidents they multiply the dead, so they are set aside and said.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.errors import ROW_SET_ASIDE
from incident_atlas.geo.gazetteer import fold
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import DATE_PARTS
from incident_atlas.importers.mapping.parse_dates import MONTHS

_LONGEST = 60  # characters
_TOTAL = {
    fold(word)
    for word in (
        "total totals subtotal subtotals sum summe zwischensumme gesamt gesamtsumme gesamtzahl insgesamt totale totaal toplam suma "
        "итого всего مجموع جمع مجموعه المجموع الإجمالي"
    ).split()
}
_FOR = {fold(word) for word in "for за für pour para".split()}
_BESIDE = _FOR | {
    fold(word)
    for word in (
        "grand sub sous overall running general général générale generale year month quarter week period jahr monat "
        "год год г месяц كل کل "
        "killed wounded injured dead deaths casualties victims incidents attacks events"
    ).split()
}
"""Words that leave a total a total. "Total of five shot" has others, and is a title."""

_WORDS_OF_A_TOTAL = "(?i)" + "|".join(["total", "sum", "gesamt", "totaal", "toplam", "итого", "всего", "مجموع", "جمع", "جمالي"])
"""What any of them has in it, so that only few cells of a large table are looked at one by one."""

_SAYING_TOTAL = ("title", "summary", "place", "city", "district", "province", "incident_id", "date")
_WHEN = ("date", "date_end", *DATE_PARTS)


def is_total(cell: str) -> bool:
    """Whether a cell says by itself that its row is a total.

    >>> [is_total(cell) for cell in ("Total", "Sub-total:", "Grand total 2021", "Total for Kabul", "Gesamt", "Total général", "Итого")]
    [True, True, True, True, True, True, True]
    >>> [is_total(cell) for cell in ("Total of five shot", "Total station bombed", "Summer camp", "2021", "")]
    [False, False, False, False, False]
    """
    if len(cell) > _LONGEST:
        return False
    words = fold(cell).split()
    if not _TOTAL.intersection(words):
        return False
    # "Total for the year": what it is the total of can be anything.
    named = words[0] in _TOTAL | _BESIDE and words[-1] not in _FOR and bool(_FOR.intersection(words[1:3])) and len(words) <= 6
    return named or all(word in _TOTAL or word in _BESIDE or word in MONTHS or word.isdecimal() for word in words)


def reasons(table: pd.DataFrame, columns: Mapping[str, str]) -> tuple[np.ndarray, np.ndarray]:
    """Why each row is no incident, '' where it may be one; and the cell that says so.

    table: text without NaN. columns: ours to theirs.
    """
    found, saying = np.full(len(table), "", dtype=object), np.full(len(table), "", dtype=object)
    for ours in _SAYING_TOTAL:
        if ours not in columns:
            continue
        cells = table[columns[ours]]
        likely = np.flatnonzero(
            pc.match_substring_regex(pa.array(cells, pa.large_string()), _WORDS_OF_A_TOTAL).to_numpy(zero_copy_only=False)
        )
        totals = [at for at in likely if is_total(cells.iloc[at])]
        saying[totals] = cells.iloc[totals]
        found[totals] = _("a total, not an incident") + ROW_SET_ASIDE
    when = [columns[ours] for ours in _WHEN if ours in columns]
    others = [name for name in table.columns if name not in when]
    # In a table of one or two columns a date alone may be all that is known of an incident.
    if when and len(others) > 1:
        alone = found == ""
        for name in others:
            alone[alone] = (table[name][alone].str.strip() == "").to_numpy()
            if not alone.any():
                return found, saying
        cells = zip(*(table[name][alone] for name in when), strict=True)
        dates = np.array([" ".join(cells_of_row).strip() for cells_of_row in cells], dtype=object)
        saying[alone] = dates
        found[alone] = np.where(dates == "", "", _("a heading, for only its date is filled") + ROW_SET_ASIDE)
    return found, saying
