"""The colours of a record's data sets, for its map and its charts of time when a reader asks for them.

They are none of the perpetrators' colours, and a letter, a label or words on hover repeat what each says.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.schema import split
from incident_atlas.core.text import plain
from incident_atlas.theme import Theme, ink_on

SEVERAL = "several data sets"
OTHERS = "other data sets"


class Hue(NamedTuple):
    """How one data set is drawn: its name as plain text, its colour, that of the letter on it, the letter."""

    name: str
    colour: str
    ink: str
    letter: str


def hues(origins: Sequence[str], scheme: Theme) -> tuple[Hue, ...]:
    """A hue for each of the first data sets, one for all others when there are more, and last, neutral, that of several.

    origins: their names, in an order that no filter changes, so that a data set keeps its colour.
    """
    named = [(plain(name, 60), colour, letter) for name, colour, letter in zip(origins, scheme.origins, "ABCDE", strict=False)]
    if len(origins) > len(named):
        named.append((OTHERS, scheme.bar, "+"))
    return tuple(Hue(name, colour, ink_on(colour), letter) for name, colour, letter in [*named, (SEVERAL, scheme.cell, "&")])


def places(cells: Iterable[str], origins: Sequence[str], scheme: Theme) -> list[int]:
    """For each cell of the column `origin`, the place of its hue in `hues`.

    >>> from incident_atlas.theme import LIGHT
    >>> places(["b.csv", "a.csv", "a.csv;b.csv"], ["a.csv", "b.csv"], LIGHT)
    [1, 0, 2]
    """
    last, own = len(hues(origins, scheme)) - 1, len(scheme.origins)
    at = {name: min(place, own) for place, name in enumerate(origins)}
    found = (split(cell) for cell in cells)
    return [at.get(names[0], last) if len(names) == 1 else last for names in found]


def coloured(incidents: pd.DataFrame, origins: Sequence[str], scheme: Theme) -> pd.DataFrame:
    """The incidents with a column `hue`, the place of their hue in `hues`; each distinct cell is looked at once."""
    cells = incidents["origin"].astype("category").cat
    known = np.array(places(cells.categories, origins, scheme), dtype="int8")
    return incidents.assign(hue=known[cells.codes] if len(incidents) else np.zeros(0, dtype="int8"))
