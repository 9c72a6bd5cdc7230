"""Who a data set names, in the words of data/perpetrators.csv as far as the day and the country decide."""

from __future__ import annotations

import re

import pyarrow.compute as pc

from incident_atlas.core import vocabulary
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.i18n import _
from incident_atlas.importers.data_sets.arrow_columns import Chunk, Texts, row_wise, where

REPUBLIC, TAKEOVER = "2001-12-22", vocabulary.TAKEOVER.isoformat()
"""First day of the interim administration of 2001, and that of the Taliban as the de facto authorities."""

DE_FACTO = _("Named as the state of Afghanistan: the Taliban as de facto authorities.")

# State forces of Afghanistan, as ACLED and UCDP write them; the years of ACLED say which state.
_STATE = re.compile(
    r"(?:Military Forces|Police Forces|Government) of Afghanistan\b(?: *\((\d{4}) *- *(\d{4})?\))?", re.ASCII | re.I
)
# Of these nobody is named: a kind of people is not a perpetrator.
_NOBODY = re.compile(
    r"(?:unidentified|unknown|unaffiliated)\b.*|(?:civilians?|protesters|rioters|gunmen|militants|insurgents)(?: \(.*\))?|other|-9+",
    re.I | re.S,
)
_OF_AFGHANISTAN = {"is": "Islamic State (Khorasan Province)", "islamic state": "Islamic State (Khorasan Province)"}


def perpetrators(chunk: Chunk, names: Texts, begins: Texts, ends: Texts, countries: Texts) -> tuple[Texts, Texts]:
    """Of each named actor the perpetrator, Unknown where nobody is named; and a note where the day decided it.

    begins, ends: first and last day that the date may mean. A name that data/perpetrators.csv does not hold stays as it
    is: the check of the record tells of it. So does the government of Afghanistan before 2001, and where the days leave
    open which one it was.
    """
    republic = pc.and_(pc.greater_equal(begins, REPUBLIC), pc.less(ends, TAKEOVER))
    governs = where(pc.greater_equal(begins, TAKEOVER), "Taliban", where(republic, "Afghan government forces", chunk.blank))
    found, note = row_wise((names, governs, countries), _perpetrator, 2)
    return found, note


def is_nobody(name: str) -> bool:
    """Whether a name names nobody.

    >>> is_nobody("Unidentified Armed Group (Afghanistan)"), is_nobody("Taliban")
    (True, False)
    """
    return _NOBODY.fullmatch(name) is not None


def _perpetrator(name: str, governs: str, country: str) -> tuple[str, str]:
    if not name or is_nobody(name):
        return UNKNOWN, ""
    if state := _STATE.match(name):
        begins, ends = state.groups()
        if begins:
            # The state of 1996 to 2001 is neither of the two.
            republic = "Afghan government forces" if ends and ends > REPUBLIC[:4] else ""
            governs = republic if ends else "Taliban" if begins == TAKEOVER[:4] else governs
        return governs or name.replace(";", ","), DE_FACTO if governs == "Taliban" else ""
    if country.casefold() == "afghanistan":
        name = _OF_AFGHANISTAN.get(name.casefold(), name)
    return name.replace(";", ","), ""
