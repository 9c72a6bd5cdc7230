"""Which incidents of two records, or of one, may be the same: pairs with a similarity and its reasons, for a person to review.

Candidates within windows of days and kilometres that widen with the precision of both, compared by category, figures and words,
and joined one to one: the idea of MELTT (Donnay, Dunford, McGrath, Backer & Cunningham, Integrating Conflict Event Data,
Journal of Conflict Resolution 63, 2019). Nothing is merged here, nor anywhere without a person.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from incident_atlas.curation.duplicates import blocking as windows
from incident_atlas.curation.duplicates import explain as reasons
from incident_atlas.curation.duplicates import features as traits
from incident_atlas.curation.duplicates.blocking import Pairs
from incident_atlas.curation.duplicates.scoring import outcomes, points
from incident_atlas.errors import TooVague

LEAST = 0.5
"""The score below which nothing is proposed."""

_CUT = float(np.log(LEAST / (1 - LEAST)))

MOST_ALIKE = 5_000_000
"""Pairs above `LEAST` among which the best are chosen; two records with more of them say too little to be told apart."""

COLUMNS = ("left_id", "right_id", "left_row", "right_row", "score", "days", "km", "also", "reasons")

IdPairs = Collection[tuple[str, str]]


def propose(left: pd.DataFrame, right: pd.DataFrame, accepted: IdPairs = (), rejected: IdPairs = ()) -> pd.DataFrame:
    """Pairs that may be one incident, best first: left_id, right_id, left_row, right_row, score, days, km, also, reasons.

    left, right: incidents as in `Loaded.incidents`. A row is in one pair at most: the pairs whose log odds have the largest sum.
    The same frame twice asks for duplicates within it; a row may then stand once on each side, so that three of a kind are
    two pairs. score: a similarity from 0 to 1, no probability, from the points of scoring.py less the logarithm of how many candidates the more crowded of
    the two rows has: in a crowd, the same day and city say little. days: between the dates, 0 when they may be the same. km:
    between the points, NaN where one has none. also: other pairs of either row that would have been proposed without this
    one. reasons: one line of plain words.

    accepted, rejected: pairs of ids that a person has decided. Rejected pairs, and rows of accepted ones, are not proposed
    again. Raises `TooVague` when too much lies on the same days to be compared.
    """
    within_one = left is right
    ids = left["incident_id"].to_numpy(dtype=object), right["incident_id"].to_numpy(dtype=object)
    mine, theirs = windows.rows(left), windows.rows(right)
    for of, decided, side in ((mine, ids[0], 0), (theirs, ids[1], 1)):
        of.dated[np.isin(decided, [pair[side] for pair in accepted])] = False
    both = ((mine, theirs), traits.of_both(left, right))
    one, other = zip(*both, strict=True)
    found = [Pairs(*(np.empty(0, dtype=kind) for kind in ("int64", "int64", "int64", "float64")))]
    odds, total = [np.empty(0)], 0
    crowd, other_crowd = np.zeros(len(left), dtype="int64"), np.zeros(len(right), dtype="int64")
    for pairs in windows.candidates(mine, theirs, within_one):
        crowd += np.bincount(pairs.left, minlength=len(left))
        other_crowd += np.bincount(pairs.right, minlength=len(right))
        log_odds = points(outcomes(one, other, pairs))
        alike = log_odds >= _CUT
        found.append(Pairs(*(part[alike] for part in pairs)))
        odds.append(log_odds[alike])
        total += len(odds[-1])
        if total > MOST_ALIKE:
            raise TooVague(total)
    pairs, log_odds = Pairs(*map(np.concatenate, zip(*found, strict=True))), np.concatenate(odds)
    if within_one:
        crowd = other_crowd = crowd + other_crowd
    log_odds = log_odds - np.log(np.maximum(crowd[pairs.left], other_crowd[pairs.right]))
    open_to_choice = (log_odds >= _CUT) & _not_decided(pairs, ids, rejected, left["coordinated_id"] if within_one else None)
    pairs, log_odds = Pairs(*(part[open_to_choice] for part in pairs)), log_odds[open_to_choice]
    also = np.bincount(pairs.left)[pairs.left] + np.bincount(pairs.right)[pairs.right] - 2
    # By the order of the ids: of equally good answers the same one is chosen, however the rows stand.
    left_rank, right_rank = (np.argsort(np.argsort(names, kind="stable")) for names in ids)
    best = _one_to_one(pairs._replace(left=left_rank[pairs.left], right=right_rank[pairs.right]), log_odds)
    best = best[np.lexsort((pairs.right[best], pairs.left[best], -log_odds[best]))]
    pairs, log_odds, also = Pairs(*(part[best] for part in pairs)), log_odds[best], also[best]
    table = {
        "left_id": ids[0][pairs.left],
        "right_id": ids[1][pairs.right],
        "left_row": left["row"].to_numpy()[pairs.left],
        "right_row": right["row"].to_numpy()[pairs.right],
        "score": 1 / (1 + np.exp(-log_odds)),
        "days": pairs.days,
        "km": pairs.km,
        "also": also,
        "reasons": reasons.pair_sentences(one, other, pairs, outcomes(one, other, pairs)),
    }
    return pd.DataFrame(table).astype({"left_id": "str", "right_id": "str", "reasons": "str", "score": "float64"})


def _not_decided(pairs: Pairs, ids: tuple[np.ndarray, np.ndarray], rejected: IdPairs, operation: pd.Series | None) -> np.ndarray:
    """Which pairs nobody has rejected; within one record, nor said to be different attacks of one operation."""
    kept = np.ones(len(pairs.left), dtype=bool)
    if rejected:
        refused = set(rejected)
        kept &= [pair not in refused for pair in zip(ids[0][pairs.left], ids[1][pairs.right], strict=True)]
    if operation is not None:
        joined = operation.to_numpy(dtype=object)
        kept &= (joined[pairs.left] != joined[pairs.right]) | (joined[pairs.left] == "")
    return kept


def _one_to_one(pairs: Pairs, log_odds: np.ndarray) -> np.ndarray:
    """Positions of the pairs, no row of a side in two of them, whose log odds have the largest sum.

    The assignment problem, solved on the candidates alone (LAPJVsp): every left row may also take a partner of its own that
    is nobody, worth nothing. A table of all rows by all rows, at 5,000 by 50,000, would be 2 GB.
    """
    if not len(pairs.left):
        return np.empty(0, dtype="int64")
    # Rows without a candidate do not take part.
    (lefts, left), (rights, right) = (np.unique(rows, return_inverse=True) for rows in (pairs.left, pairs.right))
    nobody = np.arange(len(lefts))
    # A pair just at the cut-off is still better than none; LAPJVsp wants costs that are not zero.
    gain = log_odds - _CUT + 1e-6
    worst = gain.max() + 1
    cost = np.concatenate([worst - gain, np.full(len(lefts), worst)])
    to = np.concatenate([left, nobody]), np.concatenate([right, len(rights) + nobody])
    shape = len(lefts), len(rights) + len(lefts)
    of, taken = min_weight_full_bipartite_matching(coo_array((cost, to), shape=shape).tocsr())
    partner = np.full(len(lefts), -1)
    partner[of] = taken
    return np.flatnonzero(partner[left] == right)
