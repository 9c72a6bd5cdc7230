"""The legend of a map: letters and colours, and how rings, numbers and lighter marks are worded. A page shows it as HTML; `static_map` draws it."""

from __future__ import annotations

from collections.abc import Sequence

from incident_atlas.core.text import safe_text
from incident_atlas.i18n import _
from incident_atlas.maps.mark_layout import Mark
from incident_atlas.theme import OTHERS, PERPETRATORS, DataSetColour, ink_on

RING = _("Dashed ring: only the city or district is known")
NUMBER = _("Number: incidents")
PRECISION_IN_PICTURE = _(
    "Dashed ring: only the city or district is known. Number: incidents, of a whole province where its name says so"
)
PROVINCES = _("Each number counts the incidents in a province.")
"""While every mark counts a province."""
ZOOM_IN = _("Zoom in for single incidents, marked by perpetrator.")
AROUND = _("Dashed ring: possibly within the circle, or outside it. Filled: within it, or in the place")
LIGHTER = _("Lighter: may lie outside these dates")
"""Of marks in a window of time, by how well their day is known."""

AFTER_MAP = "after-map"
"""The id of the legend's element: a page has one map, or two with one legend."""


def entries() -> list[tuple[str, str, str, str]]:
    """Name, colour, colour of the letter, letter of every kind of mark."""
    kinds = {**PERPETRATORS, _("others"): OTHERS}
    return [(name, colour, ink_on(colour), letter) for name, (colour, letter) in kinds.items()]


def letters(marks: Sequence[Mark]) -> set[int]:
    """Which of `entries` stand on the map: those of marks of a single incident."""
    return {mark.colour for mark in marks if mark.incidents == 1 and not mark.name}


def html(
    marks: Sequence[Mark] | None = None,
    rings: str = RING,
    own: tuple[DataSetColour, ...] = (),
    window: bool = False,
    far: bool = False,
    picture: bool = False,
) -> str:
    """The legend under a map, as HTML: only of what `marks` hold, or of everything where they are not given.

    rings: when a mark is a ring, one of the wordings above. own: the colours of data sets. window: whether some marks may be
    lighter. far: whether every mark counts a province; then no letter is explained. picture: whether the map cannot be zoomed.
    """
    lighter = f" &ensp; <span>{LIGHTER}</span>" if window else ""
    if far and not own:
        zoom = "" if picture else f" {ZOOM_IN}"
        return f"<p class='atlas-key' id='{AFTER_MAP}' tabindex='-1'>{PROVINCES}{zoom}{lighter}</p>"
    every, marks = marks is None, marks or ()
    singles = letters(marks)
    dots = [
        f"<span><i style='background:{colour};color:{ink}'>{letter}</i>{safe_text(name, 60)}</span>"
        for n, (name, colour, ink, letter) in enumerate(own or entries())
        if own or n in singles or every
    ]
    ringed = every or any(mark.ring and not mark.name for mark in marks)
    ring = [f"<i style='border:1.5px dashed currentColor'></i>{rings}"] if ringed else []
    number = [NUMBER] if every or any(mark.incidents > 1 for mark in marks) else []
    shapes = f"{'. '.join((*ring, *number))}{lighter}"
    lines = "<br>".join(filter(None, (" &ensp; ".join(dots), shapes)))
    return f"<p class='atlas-key' id='{AFTER_MAP}' tabindex='-1'>{lines}</p>"
