"""What of an incident is compared with another: its terms as bits, its figures as ranges, and the words that tell it apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.reference_data import PART_OF
from incident_atlas.core.schema import BY_NAME, split
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.geo.gazetteer import fold

COMMON_SHARE, COMMON_LEAST = 0.04, 5
"""A word that stands in more of all incidents than this share, and in so many at least, tells none from another."""

LONGEST = 300
"""Characters of each text that are read."""

COMPARED_TEXTS = ("title", "place", "target_name")
"""The columns whose words are compared."""

_SAID_BY_ALL = frozenset(
    "the and for with from into near after before while was were its their his her that this who whose not first second other "
    "another than outside inside between during against two three four five six seven eight nine ten several many least about "
    "attack attacks attacked attackers attacker assault bomb bombing bomber bombs blast blasts explosion explosions explosive "
    "explosives device detonated suicide killed kills kill killing dead died wounded wounds injured shot hit hits struck car "
    "vehicle police policemen forces troops soldiers officials government diplomatic civilians gunmen gunman assailants armed "
    "men people group unknown afghan afghanistan province district city road area north south east west eastern western northern "
    "southern central target targets targeting targeted incident reported said january february march april may june july august "
    "september october november december monday tuesday wednesday thursday friday saturday sunday".split()
)


class Figures(NamedTuple):
    """A toll per row: lowest and highest figure, NaN for none, and whether the highest is only "at least" so many."""

    low: np.ndarray
    high: np.ndarray
    at_least: np.ndarray


class Traits(NamedTuple):
    """One entry per row. Terms are bits, 0 where the row does not say; `first` is the bit of the main target.

    words: the telling words of title, place and target, sorted, with spaces between.
    """

    attack_type: np.ndarray
    target_type: np.ndarray
    first: np.ndarray
    weapon: np.ndarray
    suicide: np.ndarray
    perpetrator: np.ndarray
    killed: Figures
    wounded: Figures
    words: np.ndarray


def of_both(left: pd.DataFrame, right: pd.DataFrame) -> tuple[Traits, Traits]:
    """What is compared of two frames, which are read together: a word is telling by how seldom both use it."""
    bits: dict[str, dict[str, int]] = {}
    used: Counter[str] = Counter()
    words_of_both = [_words(incidents, used) for incidents in (left, right)]
    most = max(COMMON_LEAST, COMMON_SHARE * (len(left) + len(right)))
    common = {word for word, times in used.items() if times > most}
    cells_of_both = [
        np.array([" ".join(word for word in words.split() if word not in common) for words in each], dtype=object)
        for each in words_of_both
    ]
    one, other = (_traits(incidents, bits, words) for incidents, words in zip((left, right), cells_of_both, strict=True))
    return one, other


def _traits(incidents: pd.DataFrame, bits: dict[str, dict[str, int]], words: np.ndarray) -> Traits:
    names = ("attack_type", "target_type", "weapon", "suicide", "perpetrator")
    cells = {name: _cells(incidents, name) for name in names}
    attack, target, weapon, suicide, perpetrator = (
        _terms(cells[name], bits.setdefault(name, {}), BY_NAME[name].terms) for name in names
    )
    main = np.array([cell.partition(";")[0] for cell in cells["target_type"]], dtype=object)
    first = _terms(main, bits["target_type"], BY_NAME["target_type"].terms)
    return Traits(
        attack, target, first, weapon, suicide, perpetrator, *(_figures(incidents, kind) for kind in ("killed", "wounded")), words
    )


def _cells(incidents: pd.DataFrame, name: str) -> np.ndarray:
    return incidents[name].astype("str").fillna("").to_numpy(dtype=object)


def _terms(cells: np.ndarray, known: dict[str, int], vocabulary: Collection[str]) -> np.ndarray:
    """The terms of cells as bits, the same for both frames; 0 when a cell is blank or says Unknown, also among others, or holds a
    file's own word, which may mean the same as a term. vocabulary: the terms, none where names are free."""
    codes, cells = pd.factorize(cells)
    values = []
    for cell in cells:
        terms = {PART_OF.get(term, term) for term in split(cell)}
        # More names than bits share some; the record knows twenty perpetrators.
        bit = (known.setdefault(term, 1 << len(known) % 63) for term in sorted(terms))
        own = vocabulary and not terms <= set(vocabulary)
        values.append(0 if not terms or UNKNOWN in terms or own else sum(set(bit)))
    return np.array(values, dtype="int64")[codes] if len(codes) else np.zeros(0, dtype="int64")


def _figures(incidents: pd.DataFrame, kind: str) -> Figures:
    low, best, high = (incidents[name].to_numpy(dtype="float64") for name in (f"{kind}_low", kind, f"{kind}_high"))
    most = np.fmax(best, high)
    return Figures(np.fmin(np.fmin(low, best), high), np.fmax(low, most), np.isnan(most) & ~np.isnan(low))


def _words(incidents: pd.DataFrame, used: Counter[str]) -> list[str]:
    """Per row the words of title, place and target, sorted, without those that all attacks share and those of its own city.

    Each row's words are counted in `used`. Kept as text: a set per row takes several times the memory.
    """
    cells_by_column = [_cells(incidents, name) for name in COMPARED_TEXTS]
    where = zip(*(_cells(incidents, name) for name in ("city", "district", "province")), strict=True)
    own: dict[tuple[str, ...], set[str]] = {}
    found = []
    for cells, names in zip(zip(*cells_by_column, strict=True), where, strict=True):
        if names not in own:
            own[names] = set(fold(" ".join(names)).split())
        text = fold(" ".join(cell[:LONGEST] for cell in cells))
        words = {word for word in text.split() if len(word) > 2 and not word.isdigit()} - _SAID_BY_ALL - own[names]
        used.update(words)
        found.append(" ".join(sorted(words)))
    return found
