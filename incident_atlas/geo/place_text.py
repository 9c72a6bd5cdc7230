"""How people write where it was: "Kabul (PD 13)", "Nangarhar - Jalalabad", "Ghazni province", "Jalalabad City, Afghanistan"."""

from __future__ import annotations

import re
from collections.abc import Callable

_PARTED = re.compile(r"[,;()،؛/|]|\s[-–—]\s")
_KINDS = {
    **dict.fromkeys(("city", "town", "center", "centre", "شهر"), "city"),
    **dict.fromkeys(("province", "ولایت"), "province"),
    **dict.fromkeys(("district", "ولسوالی"), "district"),
}
_COUNTRY = frozenset(("afghanistan", "افغانستان"))
_QUARTER = re.compile(r"\b(?:(?:pd|police district|nahia|ناحیه|حوزه|district) ?\d+|\d+(?:st|nd|rd|th) (?:police )?district)\b")


def clauses(text: str, fold: Callable[[str], str]) -> list[tuple[str, str]]:
    """The parts of a text and the kind of place that each says it names: city, province, district, or '' where it says none.

    Afghanistan beside others is left out. A numbered district is one of a city, which it says the name beside it is. fold: `gazetteer.fold`.

    >>> from incident_atlas.geo.gazetteer import fold
    >>> clauses("Kabul (PD 13)", fold), clauses("Ghazni province", fold), clauses("City of Herat", fold)
    ([('kabul', 'city')], [('ghazni', 'province')], [('herat', 'city')])
    >>> clauses("Nangarhar - Jalalabad City", fold), clauses("Karte-Seh", fold)
    ([('nangarhar', ''), ('jalalabad', 'city')], [('karte seh', '')])
    """
    found, quarters = [], False
    for part in _PARTED.split(text):
        name, numbered = _QUARTER.subn(" ", fold(part))
        words, kind = name.split(), "city" if numbered else ""
        while len(words) > 1 and words[-1] in _KINDS:
            kind = _KINDS[words.pop()]
        if len(words) > 1 and words[0] in _KINDS:
            kind = _KINDS[words.pop(0)]
        if len(words) > 1 and words[0] == "of":
            words.pop(0)
        quarters = quarters or bool(numbered and not words)
        if words:
            found.append((" ".join(words), kind))
    found = [part for part in found if part[0] not in _COUNTRY] or found
    return [(name, kind or "city") for name, kind in found] if quarters else found
