"""Colours, once: perpetrators, attributions, map and chart, light and dark. Charts and the map read them from here.

The hues are Okabe and Ito's (2008), which colour-blind readers can tell apart; a letter on the map and a label at each
bar repeat what colour says. .streamlit/config.toml holds the same tokens for Streamlit's own elements.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from incident_atlas.core.schema import split
from incident_atlas.core.text import plain
from incident_atlas.core.vocabulary import ACTOR_KINDS, UNKNOWN
from incident_atlas.i18n import _

ASSETS = Path(__file__).parent / "assets"
"""Style sheets, scripts and templates of pages, map and brief."""

PERPETRATORS = {
    "Taliban": ("#0072B2", "T"),
    "Islamic State (Khorasan Province)": ("#D55E00", "IS"),
    "Haqqani Network": ("#CC79A7", "H"),
    UNKNOWN: ("#8A8F94", "?"),
}
OTHERS = ("#009E73", "O")
"""Colour and letter of every perpetrator not named above."""

PALETTE = (*PERPETRATORS.values(), OTHERS)
"""Colours and letters, in the order by which the marks of a map count them."""

SELECTED = "#E69F00"

ATTRIBUTION_OPACITY = {"claimed": 1.0, "attributed": 0.75, "suspected": 0.45}
"""Attribution is lightness of the perpetrator's hue; contested, denied and the rest are hatched."""


RAMP = ("#11366C", "#3B4C6E", "#61636F", "#7E7B75", "#989278", "#B7AC73", "#DEC85F", "#FCE647")
"""Quantities, from dark to bright: cividis (Nuñez, Anderton & Renslow, PLOS ONE 13, 2018), which colour-blind readers see as
others do; without its darkest tenth, which a dark page would swallow."""


@dataclass(frozen=True)
class Theme:
    """The tokens of one colour scheme."""

    name: str
    background: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    land: str
    border: str
    cell: str
    bar: str
    origins: tuple[str, ...]


# The data sets' hues are Tol's (2021) and of the same family, and none of the perpetrators': a test holds that each stands out
# from the land and from one another, also to colour-blind eyes.
LIGHT = Theme(
    "light", "#FFFFFF", "#F6F7F8", "#1B1F24", "#5B6570", "#D9DEE3", "#0B5FA5", "#F2F1ED", "#C9C6BE", "#3C4650", "#7D8A96",
    ("#332288", "#997700", "#CC6677", "#117733", "#6B4C9A"),
)  # fmt: skip
DARK = Theme(
    "dark", "#12161B", "#1A2027", "#E8ECF0", "#9AA7B2", "#2B333C", "#6CB2F0", "#1D232A", "#3A434D", "#B9C3CC", "#77838F",
    ("#66CCEE", "#997700", "#EE6677", "#BBCC33", "#AA4499"),
)  # fmt: skip


@dataclass(frozen=True)
class MapColours:
    """The colours of the base map in one scheme; the shares say how strong shadow and light of the relief are, 0 to 1."""

    water: str
    land: str
    abroad: str
    province: str
    river: str
    country: str
    coast: str
    town: str
    foreign: str
    halo: str
    shadow: str
    light: str
    shadow_share: float
    light_share: float


BASE_MAP = {
    "light": MapColours(
        water="#E3EBF0", land="#F3F1EC", abroad="#FAF9F7", province="#A39D90", river="#5B89AE", country="#6F6A60", coast="#A9BCC9",
        town="#3D4349", foreign="#6B7076", halo="#FAF9F6", shadow="#6E675A", light="#FFFFFF", shadow_share=0.5, light_share=0.5,
    ),
    "dark": MapColours(
        water="#151D25", land="#232A31", abroad="#1B2127", province="#56616B", river="#5F8FB5", country="#8A949E", coast="#3C4B58",
        town="#C9D1D8", foreign="#8F9AA4", halo="#1A2026", shadow="#0B0F13", light="#6D7A85", shadow_share=0.75, light_share=0.4,
    ),
}  # fmt: skip
"""By name of the scheme. The relief in assets/basemap is painted with them: after a change, tools/data/build_relief.py."""


def theme(name: str | None) -> Theme:
    """The scheme of that name; light when it is not known."""
    return DARK if name == "dark" else LIGHT


def perpetrator_colour(perpetrator: str) -> tuple[str, str]:
    """Colour and letter of a perpetrator; of joint or rival ones, those of others.

    >>> perpetrator_colour("Taliban"), perpetrator_colour("Taliban;al-Qaeda")
    (('#0072B2', 'T'), ('#009E73', 'O'))
    """
    return PERPETRATORS.get(perpetrator, OTHERS)


def ramp_colour(share: float, scheme: Theme) -> str:
    """The colour of a quantity on the `RAMP`: share 0 is nearest to the page's ground, 1 is farthest from it.

    >>> ramp_colour(0, LIGHT), ramp_colour(1, LIGHT), ramp_colour(1, DARK)
    ('#FCE647', '#11366C', '#FCE647')
    """
    at = min(max(share if scheme.name == "dark" else 1 - share, 0.0), 1.0) * (len(RAMP) - 1)
    below, above = (_channels(RAMP[min(int(at) + more, len(RAMP) - 1)]) for more in (0, 1))
    return "#" + "".join(f"{round(low + (high - low) * (at % 1)):02X}" for low, high in zip(below, above, strict=True))


def ink_on(ground: str) -> str:
    """Black or white, whichever stands out more from this ground: one of them always has a contrast of 4.5.

    >>> ink_on("#FCE647"), ink_on("#11366C")
    ('#000000', '#FFFFFF')
    """
    return max(("#000000", "#FFFFFF"), key=lambda ink: contrast(ink, ground))


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21 (WCAG 2.2).

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (n / 255 for n in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


SEVERAL_DATA_SETS = _("several data sets")
OTHER_DATA_SETS = _("other data sets")


class DataSetColour(NamedTuple):
    """How one data set is drawn: its name as plain text, its colour, that of the letter on it, the letter."""

    name: str
    colour: str
    ink: str
    letter: str


def data_set_colours(origins: Sequence[str], scheme: Theme) -> tuple[DataSetColour, ...]:
    """A hue for each of the first data sets, one for all others when there are more, and last, neutral, that of several.

    origins: their names, in an order that no filter changes, so that a data set keeps its colour.
    """
    named = [(plain(name, 60), colour, letter) for name, colour, letter in zip(origins, scheme.origins, "ABCDE", strict=False)]
    if len(origins) > len(named):
        named.append((OTHER_DATA_SETS, scheme.bar, "+"))
    return tuple(
        DataSetColour(name, colour, ink_on(colour), letter)
        for name, colour, letter in [*named, (SEVERAL_DATA_SETS, scheme.cell, "&")]
    )


def colour_indices(cells: Iterable[str], origins: Sequence[str], scheme: Theme) -> list[int]:
    """For each cell of the column `origin`, the position of its colour in `data_set_colours`.

    >>> colour_indices(["b.csv", "a.csv", "a.csv;b.csv"], ["a.csv", "b.csv"], LIGHT)
    [1, 0, 2]
    """
    last, own = len(data_set_colours(origins, scheme)) - 1, len(scheme.origins)
    at = {name: min(place, own) for place, name in enumerate(origins)}
    found = (split(cell) for cell in cells)
    return [at.get(names[0], last) if len(names) == 1 else last for names in found]


SEVERAL_ACTOR_KINDS = _("rival accounts")


def actor_colours(scheme: Theme) -> tuple[DataSetColour, ...]:
    """A hue for each term of `vocabulary.ACTOR_KINDS`, and last that of incidents for which rival accounts name different ones."""
    colours = (*scheme.origins[:2], scheme.bar, scheme.cell)
    names = (*ACTOR_KINDS, SEVERAL_ACTOR_KINDS)
    return tuple(
        DataSetColour(name, colour, ink_on(colour), letter) for name, colour, letter in zip(names, colours, "NSUR", strict=True)
    )


def with_colour_index(incidents: pd.DataFrame, origins: Sequence[str], scheme: Theme) -> pd.DataFrame:
    """The incidents with a column `colour_index`, the position of their colour in `data_set_colours`; each distinct cell is looked at once."""
    cells = incidents["origin"].astype("category").cat
    known = np.array(colour_indices(cells.categories, origins, scheme), dtype="int8")
    return incidents.assign(colour_index=known[cells.codes] if len(incidents) else np.zeros(0, dtype="int8"))
