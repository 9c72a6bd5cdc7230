"""What a header of several parts names: "Ort / Location", "Location (city)", "Date - Datum", "Date (dd/mm/yyyy)".

A name is guessed from its parts only where all of them agree: "Killed / Wounded" and "Killed (police)" name none of our columns,
because a count of some people is no count of all.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from incident_atlas.core.schema import COUNTS
from incident_atlas.importers.column_names import CALLED, spellings

_BRACKETS = re.compile(r"[(\[{]([^()\[\]{}]*)[)\]}]")
_BETWEEN = re.compile(r"\s*[/|\n\r;,،:]\s*|\s+[-–—]\s*|\s*[–—]\s+|\s+-\s+")
_PLURAL = re.compile(r"(?<=\w)\((?:s|e|es|n|en|er|in|innen)\)")
_HINT = re.compile(r"(?:e ?g|z ?b|p ?ex|for example|see|if|please|select|such as|format|max|optional|required)\b")
_UNITS = set(
    "dd mm yy yyyy tt jj jjjj aa aaaa d m y hh min ss h hrs hours local time utc gmt gregorian ad wgs wgs84 84 decimal degree degrees deg"
    " optional required mandatory en de fr es fa ps ru english deutsch francais espanol dari persian pashto text free string".split()
)
"""Words that say how a column is written, or in which language its name is."""

_WHERE = frozenset(("place", "city", "district", "province"))
_POINT = frozenset(("latitude", "longitude", "coordinates"))


@cache
def named_by_parts(name: str) -> frozenset[str]:
    """The columns of ours that all parts of this name are a name of; empty where it has one part, or its parts do not agree.

    Names of places agree with each other: what stands in a bracket tells which of them, else the column is the place. A part in
    another script is taken for a translation.

    >>> sorted(named_by_parts("Ort / Location")), sorted(named_by_parts("Location (city)")), sorted(named_by_parts("Date - Datum"))
    (['place'], ['city'], ['date'])
    >>> sorted(named_by_parts("Province/District")), sorted(named_by_parts("Location / ځای")), sorted(named_by_parts("Location (GPS)"))
    (['place'], ['place'], ['coordinates'])
    >>> sorted(named_by_parts("Quelle(n)")), sorted(named_by_parts("Location (Province, District)"))
    (['publisher'], ['place'])
    >>> [sorted(named_by_parts(name)) for name in ("Killed / Wounded", "Killed (police)", "Date (reported)", "Location", "Missing/killed")]
    [[], [], [], [], []]
    """
    name, whole = _PLURAL.sub("", name[:200]), name
    outer = [part for part in _BETWEEN.split(_BRACKETS.sub(" ", name)) if part.strip()]
    brackets = [part for part in _BRACKETS.findall(name) if part.strip()]
    if len(outer) + len(brackets) < 2:
        return _named(name) if name != whole[:200] else frozenset()
    known = [found for part in outer if (found := _named(part))]
    if not known:
        return frozenset()
    found = frozenset.intersection(*known)
    if not all(_named(part) or _says_nothing(part, outer, found) for part in outer):
        return frozenset()
    if not found and all(names & _WHERE for names in known):
        found = frozenset(("place",))
    for part in brackets:
        found = _within(found, part, outer)
    return found


def _within(found: frozenset[str], part: str, outer: list[str]) -> frozenset[str]:
    """What the name is with this in brackets behind it."""
    inner = _named(part)
    if not inner and all(_named(one) & _WHERE for one in _BETWEEN.split(part)):
        inner = frozenset(("place",))
    if not inner:
        hint = _HINT.match(" ".join(spellings(part)[:1])) and not found & set(COUNTS)
        return found if hint or _says_nothing(part, outer, found) else frozenset()
    if found & inner:
        return found & inner
    if "place" in found and inner & (_WHERE | _POINT):
        return inner & (_WHERE | _POINT)
    return frozenset(("place",)) if found & _WHERE and inner & _WHERE else frozenset()


def _named(part: str) -> frozenset[str]:
    forms = spellings(part)
    return frozenset(ours for ours, names in CALLED.items() if any(form in names for form in forms))


def _says_nothing(part: str, others: list[str], found: frozenset[str]) -> bool:
    """Whether a part says only how the column is written, or says the same as the others in another script. A word beside a count
    may say who is counted, so it always says something."""
    words = set(" ".join(spellings(part)[:1]).split())
    translated = all(_script(part) != _script(other) for other in others if _named(other))
    return words <= _UNITS or (translated and not found & set(COUNTS))


def _script(text: str) -> str:
    """The first word of the Unicode name of the first letter: LATIN, CYRILLIC, ARABIC."""
    letter = next(filter(str.isalpha, text), "")
    return unicodedata.name(letter, "").split(" ")[0] if letter else ""
