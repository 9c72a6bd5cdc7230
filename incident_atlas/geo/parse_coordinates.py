"""Cells that say where in degrees: decimals with a point or a comma, degrees and minutes, both coordinates in one cell."""

from __future__ import annotations

import re

from incident_atlas.core.text import ascii_digits
from incident_atlas.geo.coordinates import LONGEST, SIGNS, parse_point

_DECIMAL = re.compile(r"([-+]?)0*(\d{1,3})(?:[.,](\d+))?", re.ASCII)
_PARTS = re.compile(r"[-+]?\d+(?:[.,]\d+)?", re.ASCII)
_WKT = re.compile(
    r"(?:SRID=\d+;)?\s*POINT\s*Z?\s*\(\s*([-+]?\d+(?:\.\d+)?)\s+([-+]?\d+(?:\.\d+)?)(?:\s+[-+]?\d+(?:\.\d+)?)?\s*\)", re.ASCII
)
_GPS = re.compile(r"([-+]?\d{1,2}\.\d+) ([-+]?\d{1,3}\.\d+) [-+]?\d+(?:\.\d+)? \d+(?:\.\d+)?", re.ASCII)
"""Latitude, longitude, altitude and accuracy in metres, as KoboToolbox and ODK write a point."""

_SLASH = re.compile(r"([-+]?\d{1,2}\.\d+)\s*[/|]\s*([-+]?\d{1,3}\.\d+)", re.ASCII)
_COMMA = re.compile(r"[-+]?\d+,\d+", re.ASCII)
"""A number with a decimal comma; as a pair it would name a crossing of whole degrees, which nobody writes down."""
_LETTERS = {"latitude": "NS", "longitude": "EW"}


def degrees(cell: str, axis: str) -> str:
    """A latitude or a longitude as decimal degrees, in text; the cell itself when it cannot be read.

    >>> degrees("34,53", "latitude"), degrees("34°31'48\\"N", "latitude"), degrees("69 10 12 E", "longitude")
    ('34.53', '34.53', '69.17')
    >>> degrees("69°10'E", "latitude"), degrees("34.53°", "latitude"), degrees("34°75'", "latitude")
    ("69°10'E", '34.53', "34°75'")
    """
    if len(cell) > LONGEST:
        return cell
    text = ascii_digits(cell).translate(SIGNS).strip().upper()
    if found := _DECIMAL.fullmatch(text.rstrip("° ")):
        return found[1].strip("+") + found[2] + (f".{found[3]}" if found[3] else "")
    letters = re.findall(r"[A-Z]", text)
    numbers = [number.replace(",", ".") for number in _PARTS.findall(text)]
    rest = re.sub(r"[NSEW°'\"\s]", "", _PARTS.sub("", text))
    if rest or len(letters) > 1 or not 1 <= len(numbers) <= 3:
        return cell
    if (letters and letters[0] not in _LETTERS[axis]) or any(part[0] in "+-" for part in numbers[1:]):
        return cell
    if (letters and numbers[0][0] in "+-") or any("." in part for part in numbers[:-1]):
        return cell
    values = [abs(float(number)) for number in numbers]
    if values[0] > 180 or any(value >= 60 for value in values[1:]):
        return cell
    value = sum(value / 60**power for power, value in enumerate(values))
    negative = numbers[0][0] == "-" or (letters and letters[0] in "SW")
    return f"{-value if negative else value:.7f}".rstrip("0").rstrip(".")


def point(cell: str) -> tuple[str, str] | None:
    """Latitude and longitude of a cell that holds both, in text, or None. A WKT point names its longitude first.

    >>> point("34.53, 69.17"), point("POINT (69.17 34.53)"), point("34.53/69.17")
    (('34.53', '69.17'), ('34.53', '69.17'), ('34.53', '69.17'))
    """
    if len(cell) > LONGEST:
        return None
    text = ascii_digits(cell).strip()
    if found := _WKT.fullmatch(text.upper()):
        return degrees(found[2], "latitude"), degrees(found[1], "longitude")
    if found := _GPS.fullmatch(text):
        text = f"{found[1]}, {found[2]}"
    if found := _SLASH.fullmatch(text):
        text = f"{found[1]}, {found[2]}"
    if _COMMA.fullmatch(text):
        return None
    both = parse_point(text)
    return (f"{both[0]:.7f}".rstrip("0").rstrip("."), f"{both[1]:.7f}".rstrip("0").rstrip(".")) if both else None
