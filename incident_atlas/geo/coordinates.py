"""Coordinates and distances as people write them: read from text, told apart from swapped ones, said in words."""

from __future__ import annotations

import re

import numpy as np

from incident_atlas.geo.boundaries import abroad
from incident_atlas.i18n import _

EXAMPLE = "34.53, 69.17"
UNREADABLE = _("These coordinates cannot be read: write latitude and longitude in degrees, such as {example}.").format(
    example=EXAMPLE
)

DEFAULT_KM = 2.0
LEAST_KM, MOST_KM = 0.1, 50.0
BAD_RADIUS = _("The radius is a number of kilometres from {least_km:g} to {most_km:g}, such as 2.").format(
    least_km=LEAST_KM, most_km=MOST_KM
)

LONGEST = 100
"""Characters of a text that can be coordinates."""

SIGNS = str.maketrans(
    {"٫": ".", "،": ",", "−": "-", "–": "-", "º": "°", "˚": "°", "′": "'", "’": "'", "″": '"', "”": '"', "“": '"'}
)
"""Signs that people and programs write for those of coordinates."""

_NUMBER = r"\d{1,3}(?:\.\d{1,40})?"
_VALUE = rf"([-+])?\s*({_NUMBER})\s*°?\s*(?:({_NUMBER})\s*'\s*(?:({_NUMBER})\s*\"\s*)?)?"
_BEFORE = re.compile(rf"([NSEW])\s*{_VALUE}[,;\s]*([NSEW])\s*{_VALUE}")
_AFTER = re.compile(rf"{_VALUE}([NSEW])?\s*[,;\s]\s*{_VALUE}([NSEW])?")
_WORDS = re.compile(r"\b(?:(LAT(?:ITUDE)?)|LON(?:G(?:ITUDE)?)?|LNG)\b\s*[:=]?")
_ALTITUDE = re.compile(r"(?<=\d)\s*,\s*\d{3,4}(?:\.\d+)?\s*M?$")
_LETTERS = re.compile(r"[^\W\d_NSEWnsew]")


def parse_point(text: str) -> tuple[float, float] | None:
    """Latitude and longitude in degrees from what a person pasted, or None when it cannot be read.

    Latitude comes first unless letters say otherwise; degrees may have minutes and seconds, decimals a comma.

    >>> parse_point("34.53, 69.17"), parse_point("69.17E 34.53N"), parse_point("34°31'48\\"N 69°10'12\\"E")
    ((34.53, 69.17), (34.53, 69.17), (34.53, 69.17))
    >>> parse_point("N 34.53 E 69.17"), parse_point("lat: 34.53, lon: 69.17"), parse_point("34.53,69.17,1800")
    ((34.53, 69.17), (34.53, 69.17), (34.53, 69.17))
    >>> parse_point("34.53"), parse_point("95, 69.17"), parse_point("Kabul")
    (None, None, None)
    """
    text = text.translate(SIGNS).strip(" ()[]\t\r\n").upper()
    if len(text) > LONGEST:
        return None
    # A label may stand before a sign, "lat: -34.5"; beside a letter, "-34.5 N", it would be said twice.
    text, labels = _WORDS.subn(lambda word: "N" if word[1] else "E", text)
    if len(re.findall(r"\d,\d", text)) == 2 and "." not in text:
        text = re.sub(r"(?<=\d),(?=\d)", ".", text)
    if text.count(".") >= 2 and text.count(",") == 2:
        # A third number is the altitude, as telephones copy it.
        text = _ALTITUDE.sub("", text)
    if found := _BEFORE.fullmatch(text):
        (axis, *one), (other, *two) = found.groups()[:5], found.groups()[5:]
    elif found := _AFTER.fullmatch(text):
        (*one, axis), (*two, other) = found.groups()[:5], found.groups()[5:]
    else:
        return None
    if not labels and ((axis and one[0]) or (other and two[0])):
        return None
    (first, axis), (second, other) = _degrees(*one, axis), _degrees(*two, other)
    if first is None or second is None or (axis and axis == other):
        return None
    if axis == "E" or other == "N":
        first, second = second, first
    return (first, second) if abs(first) <= 90 and abs(second) <= 180 else None


def _degrees(sign: str, whole: str, minutes: str, seconds: str, letter: str) -> tuple[float | None, str]:
    """One coordinate, and its axis (N, E) when a letter says so; None when its parts contradict one another."""
    letter, parts = letter or "", [float(part or 0) for part in (minutes, seconds)]
    if max(parts) >= 60:
        return None, ""
    value = round(float(whole) + parts[0] / 60 + parts[1] / 3600, 7)
    return (-value if sign == "-" or letter in ("S", "W") else value), {"S": "N", "W": "E"}.get(letter, letter)


def meant_as_point(text: str) -> bool:
    """Whether text is rather coordinates, readable or not, than the name of a place: figures, and no letters but N, S, E, W.

    >>> meant_as_point("34.53; x"), meant_as_point("34.53 N"), meant_as_point("Kabul"), meant_as_point("lat 34.53 lon 69")
    (False, True, False, True)
    """
    return bool(re.search(r"\d", text)) and (not _LETTERS.search(_WORDS.sub("", text.upper())) or parse_point(text) is not None)


def written(latitude: float, longitude: float) -> str:
    """A point as text that `parse_point` reads: four decimals are 11 metres.

    >>> written(34.53, 69.17)
    '34.5300, 69.1700'
    """
    return f"{latitude:.4f}, {longitude:.4f}"


def outside(latitude: float, longitude: float) -> bool:
    """Whether a point lies outside Afghanistan, by more than the outlines may be wrong."""
    return bool(abroad(np.array([latitude]), np.array([longitude]))[0])


def looks_swapped(latitude: float, longitude: float) -> bool:
    """Whether a point lies outside Afghanistan and would lie inside with latitude and longitude exchanged.

    >>> looks_swapped(69.17, 34.53), looks_swapped(34.53, 69.17), looks_swapped(48.86, 2.35)
    (True, False, False)
    """
    return abs(longitude) <= 90 and outside(latitude, longitude) and not outside(longitude, latitude)


def parse_km(text: str) -> float | None:
    """A radius in kilometres to the nearest 10 cm, or None when it is no plain number from `LEAST_KM` to `MOST_KM`.

    >>> parse_km("2.00000"), parse_km(".5"), parse_km("12.345678"), parse_km("0"), parse_km("51"), parse_km("1e1")
    (2.0, 0.5, 12.3457, None, None, None)
    """
    km = float(text) if re.fullmatch(r"(?=\.?[0-9])[0-9]{0,2}(\.[0-9]{1,20})?", text.strip()) else 0.0
    return round(km, 4) if LEAST_KM <= km <= MOST_KM else None


def distance(km: float) -> str:
    """A distance in words.

    >>> distance(0.1), distance(2.0), distance(12.5), distance(1234.5)
    ('100 m', '2 km', '12.5 km', '1,234 km')
    """
    if km < 1:
        return f"{km * 1000:.0f} m"
    return _("{km:,.0f} km").format(km=km) if km >= 100 else _("{km:.4g} km").format(km=km)


_COMPASS = (
    *(_("north"), _("north-east"), _("east"), _("south-east")),
    *(_("south"), _("south-west"), _("west"), _("north-west")),
)


def compass(bearing: float) -> str:
    """A bearing in degrees as the nearest of eight words.

    >>> compass(0), compass(44), compass(337.6), compass(191)
    ('north', 'north-east', 'north', 'south')
    """
    return _COMPASS[round(bearing / 45) % 8]
