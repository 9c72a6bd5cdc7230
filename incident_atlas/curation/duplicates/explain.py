"""Why two incidents are proposed as one: what speaks for it and what against, in a line of plain words.

The words of other people are in it only folded, as letters and digits.
"""

from __future__ import annotations

import numpy as np

from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import counted
from incident_atlas.core.vocabulary import GEO_PRECISIONS, KNOWN_TO, PRECISE, UNPLACED
from incident_atlas.curation.duplicates.blocking import BlockingRows, Pairs
from incident_atlas.curation.duplicates.features import Figures, Traits
from incident_atlas.curation.duplicates.scoring import POINTS, Codes
from incident_atlas.i18n import _

WORDS = 6
"""Words in common that are named."""

_DAYS = {
    "same day": _("same day"),
    "same week": _("the dates overlap, one is known to some days"),
    "weeks apart": _("one date is known to some days, and they do not overlap"),
    "same month": _("one date is known to the month"),
    "vague": _("one date is known to the year, or to months"),
}
_NAMES = {
    "attack_type": _("attack type"),
    "target_type": _("target type"),
    "weapon": "weapon",
    "perpetrator": "perpetrator",
}
_SUICIDE = {"same": _("a suicide attack in both or in neither"), "other": _("a suicide attack in one only")}
_ALIKE = {"same": _("the same names and words"), "alike": _("names and words alike"), "some": _("some names and words alike")}


def pair_sentences(
    left: tuple[BlockingRows, Traits], right: tuple[BlockingRows, Traits], pairs: Pairs, found: Codes
) -> list[str]:
    """A line for each pair: what agrees, and after "but" what does not."""
    (mine, my), (theirs, their) = left, right
    lines = []
    for n, (a, b) in enumerate(zip(pairs.left, pairs.right, strict=True)):
        outcome = {name: [*POINTS[name]][codes[n]] for name, codes in found.items()}
        days = counted(int(pairs.days[n]), "{n} day", "{n} days") + _(" apart")
        yes, no = [_DAYS.get(outcome["days"], days)], []
        (no if outcome["place"] in ("near", "apart") else yes).append(_place(mine.rank[a], theirs.rank[b], pairs.km[n]))
        for name, called in _NAMES.items():
            if outcome[name] in ("same", "shared"):
                message = _("same {called}") if outcome[name] == "same" else _("a {called} in common")
                yes.append(message.format(called=called))
            elif outcome[name] == "other":
                no.append(_("another {called}").format(called=called))
        if outcome["suicide"] != "not compared":
            (yes if outcome["suicide"] == "same" else no).append(_SUICIDE[outcome["suicide"]])
        for kind in ("killed", "wounded"):
            figures = _("({figure} and {other_figure})").format(
                figure=_figure(getattr(my, kind), a), other_figure=_figure(getattr(their, kind), b)
            )
            if outcome[kind] in ("apart", "far apart"):
                no.append(_("{kind} differ {figures}").format(kind=kind, figures=figures))
            elif outcome[kind] != "not compared":
                agreement = _("{kind} close {figures}") if outcome[kind] == "close" else _("{kind} agree {figures}")
                yes.append(agreement.format(kind=kind, figures=figures))
        if outcome["words"] in _ALIKE:
            yes.append(_words(_ALIKE[outcome["words"]], my.words[a], their.words[b]))
        elif outcome["words"] != "not compared":
            no.append(_("hardly a name or word in common"))
        lines.append("; ".join(yes) + (_("; but {no}").format(no=", ".join(no)) if no else ""))
    return lines


def _place(rank: int, other: int, km: float) -> str:
    coarsest = max(rank, other)
    if coarsest == UNPLACED:
        return _("one has no place on the map")
    apart = _("{km:.1f} km apart").format(km=km)
    if coarsest < len(PRECISE):
        return apart
    return _("{apart}, a place known to {known_to}").format(apart=apart, known_to=KNOWN_TO[GEO_PRECISIONS[coarsest]])


def _figure(figures: Figures, at: int) -> str:
    low, high = figures.low[at], figures.high[at]
    if figures.at_least[at]:
        return _("{low:,.0f} or more").format(low=low)
    return f"{low:,.0f}" if low == high else format_figure(low, np.nan, high)


def _words(words: str, one: str, other: str) -> str:
    shared = sorted(set(one.split()) & set(other.split()), key=lambda word: (-len(word), word))[:WORDS]
    return f"{words}: {', '.join(shared)}" if shared else words
