"""A record that holds what must not get out: every free text says so, and the point is to the metre."""

from __future__ import annotations

import re
import struct
from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from incident_atlas.core.schema import REPORT_NAMES
from tests.support import tiny

WORD = "Sesame"
"""Stands in every free text; the newest incident is named by it alone."""

LATITUDE, LONGITUDE = 34.61873, 69.31221
NEAR_DEGREES = 0.0005
TODAY = date(2024, 1, 31)
IN_WORDS = "title summary place district target_name target_community intended_target coordinated_id notes".split()


def write(folder: Path, word: str = WORD, latitude: float = LATITUDE, longitude: float = LONGITUDE) -> Path:
    """The record as a file, with a report of each incident beside it.

    T-1 at the secret point; T-2 in a village of that name; T-3 three days before `TODAY`; T-4 found by a landmark in its place.
    """
    message = {name: f"{word} {name}" for name in IN_WORDS} | {"time_local": f"{word} o'clock", "killed": f"{word} dead"}
    point = {"latitude": str(latitude), "longitude": str(longitude), "geo_precision": "exact"}
    rows = [
        message | point | {"city": "Kabul"},
        message | {"city": f"{word}abad", "province": f"{word} province", **point},
        point | {"date": str(TODAY - timedelta(days=3)), "title": f"{word} anew", "city": "Kabul"},
        message | {"place": "Kabul airport", "city": "Kabul", "date": "2019-05-05"},
    ]
    path = folder / "incidents.csv"
    path.write_text(tiny.text(*rows), encoding="utf-8")
    reports = [
        dict.fromkeys(REPORT_NAMES, "")
        | {"incident_id": f"T-{n}", "publisher": "Reuters", "killed_low": "1"}
        | {name: f"{word} {name}" for name in ("title", "place", "says")}
        | {"url": f"https://example.org/{word}", "archive_url": f"https://example.org/old/{word}"}
        for n in range(1, 5)
    ]
    pd.DataFrame(reports).to_csv(folder / "reports.csv", index=False)
    return path


def leaks(text: bytes) -> set[str]:
    """What of it is told: the words, a number that is near the point, or the point on the plane of the map."""
    x = LONGITUDE / 360 + 0.5
    found = {"words"} if WORD.casefold().encode() in text.lower() else set()
    numbers = [float(number) for number in re.findall(rb"\d{1,3}\.\d{2,17}", text)]
    if any(abs(number - LATITUDE) < NEAR_DEGREES or abs(number - LONGITUDE) < NEAR_DEGREES for number in numbers):
        found.add("degrees")
    if any(abs(number - x) < NEAR_DEGREES / 360 for number in numbers):
        found.add("x")
    return found | {"binary" for value in (LATITUDE, LONGITUDE, x) if struct.pack("<d", value) in text}
