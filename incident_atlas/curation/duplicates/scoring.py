"""How alike two incidents are: a few comparisons, their outcomes in words, and the points that each outcome is worth.

Their sum makes a similarity from 0 to 1. The points are log odds, as in Fellegi & Sunter, A Theory for Record Linkage (JASA 64, 1969): an outcome that is common
among pairs that are one incident, and rare among neighbours that are not, is worth much; what a record does not say is worth
nothing. They were chosen, in halves of a point, on the tuning half of tools/synthetic/labelled_pairs.py, and made smaller where its
invented compilers agree more than real ones do: no single disagreement decides.
"""

from __future__ import annotations

import numpy as np
from rapidfuzz import fuzz, process

from incident_atlas.core.vocabulary import PRECISE
from incident_atlas.curation.duplicates.blocking import BlockingRows, Pairs
from incident_atlas.curation.duplicates.features import Figures, Traits

BASE = -0.5
"""Points of a pair of which no more is known than that neither incident has another candidate within its windows."""

POINTS: dict[str, dict[str, float]] = {
    "days": {
        "same day": 2.5,
        "one apart": 0,
        "two apart": -1.5,
        "same week": 1,
        "weeks apart": -1.5,
        "same month": 0,
        "vague": -0.5,
    },
    "place": {"not compared": 0, "same spot": 1, "near": -0.5, "apart": -1.5},
    "attack_type": {"not compared": 0, "same": 1, "other": -0.5},
    "target_type": {"not compared": 0, "same": 1, "other": -1, "shared": 0.5},
    "weapon": {"not compared": 0, "same": 1, "other": -1},
    "suicide": {"not compared": 0, "same": 1, "other": -1.5},
    "perpetrator": {"not compared": 0, "same": 1, "other": -1.5},
    "killed": {
        "not compared": 0,
        "none": 0.5,
        "a few": 1.5,
        "many": 2,
        "wide": 0.5,
        "close": 0,
        "apart": -1.5,
        "far apart": -2.5,
    },
    "wounded": {"not compared": 0, "none": 0, "a few": 0.5, "many": 1, "wide": 0, "close": 0, "apart": -1, "far apart": -1},
    "words": {"not compared": 0, "same": 2.5, "alike": 1.5, "some": 0.5, "few": -1, "none": -1.5},
}
"""What is compared, its outcomes, and their points."""

SPOT_KM, NEAR_KM = 0.7, 3.0
"""Kilometres between two points, both known to at least the neighbourhood, that are the same spot, and near."""

MANY = 5
"""A toll of so many or more agrees by chance less often than one of a few."""

ALIKE = (90, 75, 60, 45)
"""Least rapidfuzz token set ratios, 0 to 100, of words that are the same, alike, some, few."""

Codes = dict[str, np.ndarray]
"""For each comparison the outcome of every pair, as its position in `POINTS`."""


def outcomes(left: tuple[BlockingRows, Traits], right: tuple[BlockingRows, Traits], pairs: Pairs) -> Codes:
    """What the comparison of each pair gave; the words of a pair that they could not save are not compared."""
    (mine, my), (theirs, their), a, b = left, right, pairs.left, pairs.right
    found = {"days": _days(mine, theirs, pairs), "place": _place(mine, theirs, pairs)}
    for name in ("attack_type", "target_type", "weapon", "suicide", "perpetrator"):
        found[name] = _terms(getattr(my, name)[a], getattr(their, name)[b])
    shared = (found["target_type"] == 1) & (my.first[a] != their.first[b])
    found["target_type"][shared] = 3
    for kind in ("killed", "wounded"):
        found[kind] = _figures(getattr(my, kind), getattr(their, kind), a, b)
    # Words are the dearest comparison: only where they can still decide.
    hopeful = points(found) + max(POINTS["words"].values()) >= 0
    found["words"] = np.zeros(len(a), dtype="int64")
    found["words"][hopeful] = _words(my.words[a[hopeful]], their.words[b[hopeful]])
    return found


def points(found: Codes) -> np.ndarray:
    """The log odds that each pair is one incident, before it is asked how many others it might be."""
    return BASE + sum(np.array([*POINTS[name].values()], dtype=float)[codes] for name, codes in found.items())


def _terms(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """0 where either says nothing, 1 where they share a term, 2 where they share none."""
    return np.where((one == 0) | (other == 0), 0, np.where(one & other != 0, 1, 2))


def _days(mine: BlockingRows, theirs: BlockingRows, pairs: Pairs) -> np.ndarray:
    width = np.maximum(mine.last[pairs.left] - mine.first[pairs.left], theirs.last[pairs.right] - theirs.first[pairs.right])
    meets = pairs.days == 0
    return np.select([width == 0, width <= 10, width <= 31], [np.minimum(pairs.days, 2), np.where(meets, 3, 4), 5], 6)


def _place(mine: BlockingRows, theirs: BlockingRows, pairs: Pairs) -> np.ndarray:
    precise = np.maximum(mine.rank[pairs.left], theirs.rank[pairs.right]) < len(PRECISE)
    return np.where(precise, np.select([pairs.km <= SPOT_KM, pairs.km <= NEAR_KM], [1, 2], 3), 0)


def _figures(mine: Figures, theirs: Figures, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Whether two ranges meet; an "at least 7" and a 15 are not apart."""
    low, high, other_low, other_high = mine.low[a], mine.high[a], theirs.low[b], theirs.high[b]
    gap = np.maximum(low - other_high, other_low - high)
    open_below = np.where(high < other_low, mine.at_least[a], theirs.at_least[b])
    least, most, large = np.fmin(low, other_low), np.fmax(high, other_high), np.fmax(low, other_low)
    meets = np.select([most == 0, most - least > 1 + most / 2, np.fmin(high, other_high) >= MANY], [1, 4, 3], 2)
    further = gap <= 1 + large * 0.6
    close = (gap <= 1 + large / 4) | (further & open_below)
    return np.select([np.isnan(gap), gap <= 0, close, further | open_below], [0, meets, 5, 6], 7)


def _words(mine: np.ndarray, theirs: np.ndarray) -> np.ndarray:
    """How alike the telling words of each pair are; where either has none there is nothing to compare."""
    filled = np.flatnonzero((mine != "") & (theirs != ""))
    codes = np.zeros(len(mine), dtype="int64")
    if len(filled):
        ratio = process.cpdist(mine[filled], theirs[filled], scorer=fuzz.token_set_ratio, dtype=np.float32)
        codes[filled] = np.select([ratio >= least for least in ALIKE], [1, 2, 3, 4], 5)
    return codes
