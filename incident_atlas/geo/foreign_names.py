"""Whether a text names a place abroad: the gazetteer is Afghanistan's, and "Russian embassy, Tehran" is not in Kabul."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache

from incident_atlas.core.reference_data import DATA

FOREIGN_NAMES = DATA / "foreign_names.csv"

FAR_BETTER_KNOWN = 500_000
"""People in a city abroad from which on its name, without a province, means that city and not a village of the same name."""

_CLAUSES = re.compile(r"[,;()،؛]")
_WORD = re.compile(r"\w+")
_LONGEST_NAME = 5  # words
# What stands before a name that is only a direction, a partner or an owner: the road to Iran, the embassy of Pakistan.
_NOT_THERE = frozenset("of to from towards toward with for between and into via against by s".split())


def is_abroad(text: str, fold: Callable[[str], str], known: Callable[[str], bool]) -> bool:
    """Whether a clause of the text is, or ends with, the name of a country or city abroad.

    fold: `gazetteer.fold`; known: whether a folded name is one of the gazetteer, which goes before a city abroad unless that
    one is far larger. A name after "to", "from", "of" and the like says nothing about where it happened, and one written
    small at the end of a phrase is a common word (a van).

    >>> from incident_atlas.geo.gazetteer import fold
    >>> texts = "Russian embassy, Tehran", "the road to Iran", "mashhad", "in a police van", "the market in Van"
    >>> [is_abroad(text, fold, lambda name: False) for text in texts]
    [True, False, True, False, True]
    """
    return any(_ends_abroad(clause, fold(clause).split(), known) for clause in _CLAUSES.split(text))


def _ends_abroad(clause: str, words: list[str], known: Callable[[str], bool]) -> bool:
    suffixes = [" ".join(words[at:]) for at in range(len(words))][-_LONGEST_NAME:]
    for at, name in enumerate(suffixes):
        population = _foreign().get(name)
        if known(name) and (population is None or population < FAR_BETTER_KNOWN):
            # Camp Phoenix is not in Phoenix.
            return False
        if population is None:
            continue
        first = len(words) - (len(suffixes) - at)
        return first == 0 or (words[first - 1] not in _NOT_THERE and not _written_small(clause, words, first))
    return False


def _written_small(clause: str, words: list[str], at: int) -> bool:
    written = _WORD.findall(clause)
    return len(written) == len(words) and written[at][0].islower()


@cache
def _foreign() -> dict[str, int]:
    """Folded names of countries (0) and cities abroad (people in them)."""
    with FOREIGN_NAMES.open(encoding="utf-8", newline="") as file:
        return {row["name"]: int(row["population"]) for row in csv.DictReader(file)}
