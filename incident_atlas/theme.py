"""Colours, once: perpetrators, rungs, map and chart, light and dark. Charts and the map read them from here.

The hues are Okabe and Ito's (2008), which colour-blind readers can tell apart; a letter on the map and a label at each
bar repeat what colour says. .streamlit/config.toml holds the same tokens for Streamlit's own elements.
"""

from __future__ import annotations

from dataclasses import dataclass

from incident_atlas.vocabulary import UNKNOWN

PERPETRATORS = {
    "Taliban": ("#0072B2", "T"),
    "Islamic State (Khorasan Province)": ("#D55E00", "IS"),
    "Haqqani Network": ("#CC79A7", "H"),
    UNKNOWN: ("#8A8F94", "?"),
}
OTHERS = ("#009E73", "O")
"""Colour and letter of every perpetrator not named above."""

SELECTED = "#E69F00"

RUNG_OPACITY = {"claimed": 1.0, "attributed": 0.75, "suspected": 0.45}
"""Attribution is lightness of the perpetrator's hue; contested, denied and the rest are hatched."""


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


LIGHT = Theme(
    "light", "#FFFFFF", "#F6F7F8", "#1B1F24", "#5B6570", "#D9DEE3", "#0B5FA5", "#F2F1ED", "#C9C6BE", "#3C4650", "#7D8A96"
)
DARK = Theme("dark", "#12161B", "#1A2027", "#E8ECF0", "#9AA7B2", "#2B333C", "#6CB2F0", "#1D232A", "#3A434D", "#B9C3CC", "#77838F")


def theme(name: str | None) -> Theme:
    """The scheme of that name; light when it is not known."""
    return DARK if name == "dark" else LIGHT


def mark(perpetrator: str) -> tuple[str, str]:
    """Colour and letter of a perpetrator; of joint or rival ones, those of others.

    >>> mark("Taliban"), mark("Taliban;al-Qaeda")
    (('#0072B2', 'T'), ('#009E73', 'O'))
    """
    return PERPETRATORS.get(perpetrator, OTHERS)
