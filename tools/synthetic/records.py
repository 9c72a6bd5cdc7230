"""Write invented incidents in the columns of the record, and reports of some of them: `python -m tools.synthetic.records ROWS OUT [SEED]`

They are for measuring, not for looking at: no row of them happened. They are uneven on purpose, as real records are:
blanks, several targets, dates known to the month only, places without coordinates, figures that disagree.
"""

from __future__ import annotations

import argparse
import csv
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from incident_atlas.core import vocabulary as words
from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import NAMES, REPORT_NAMES
from incident_atlas.geo.gazetteer import OfflineGazetteer

FIRST, DAYS = date(2001, 10, 7), 8400
WITH_REPORTS = 2_000
"""Incidents that have reports, whatever the number of rows: a card shows those of one incident."""

_WHAT = (
    "A bomb hit",
    "Gunmen attacked",
    "A rocket struck",
    "A mine went off under",
    "An attacker blew himself up near",
    "Grenades were thrown at",
)
_WHOM = (
    "a convoy",
    "a checkpoint",
    "worshippers",
    "a bus of employees",
    "an aid office",
    "a market",
    "a police station",
    "a school",
    "a reporter",
)
_MORE = (
    "The police closed the road for the rest of the day.",
    "Hospitals spoke of more victims than the ministry did.",
    "Nobody spoke for the attackers, and the ministry named no group.",
    "Witnesses heard a second blast some minutes later.",
    "A statement in the evening named the unit that was aimed at.",
    "The figure was corrected twice in the following week.",
)


def write(path: Path, rows: int, seed: int = 7) -> None:
    """`rows` incidents at `path` and, beside it, the reports of the first of them; the same for the same seed."""
    chance = random.Random(seed)
    reported = path.with_name(f"{path.stem}_reports.csv")
    with path.open("w", newline="", encoding="utf-8") as file, reported.open("w", newline="", encoding="utf-8") as beside:
        incidents, reports = csv.DictWriter(file, NAMES, restval=""), csv.DictWriter(beside, REPORT_NAMES, restval="")
        incidents.writeheader()
        reports.writeheader()
        for number, incident in enumerate(_incidents(rows, chance)):
            incidents.writerow(incident)
            if number < WITH_REPORTS:
                reports.writerows(_reports(incident, chance))


def _incidents(rows: int, chance: random.Random) -> Iterator[dict[str, object]]:
    places = [place for place in OfflineGazetteer().places if place.kind in ("city", "neighbourhood", "landmark")]
    # As in real records, a few places see most of it.
    often = [1 / (1 + rank) for rank in range(len(places))]
    names = sorted(set(perpetrators().values()) - {words.UNKNOWN})
    of_day: Counter[date] = Counter()
    for place in chance.choices(places, often, k=rows):
        day = FIRST + timedelta(days=int(DAYS * chance.random() ** 0.7))
        known_to = chance.choices(("day", "week", "month", "year"), (90, 2, 7, 1))[0]
        day = day if known_to in ("day", "week") else day.replace(day=1)
        of_day[day] += 1
        what = f"{chance.choice(_WHAT)} {chance.choice(_WHOM)} in {place.name}"
        who = ";".join(chance.sample(names, chance.choice((1, 1, 1, 1, 2)))) if chance.random() < 0.6 else words.UNKNOWN
        yield {
            "incident_id": f"AFG-{day:%Y%m%d}-{of_day[day]}",
            "date": f"{day:%Y-%m}" if known_to == "month" and chance.random() < 0.5 else day.isoformat(),
            "date_precision": known_to,
            "time_local": f"{chance.randrange(24):02d}:{chance.randrange(60):02d}" if chance.random() < 0.2 else "",
            "title": what,
            "summary": " ".join([f"{what}.", *chance.sample(_MORE, chance.choice((0, 1, 1, 2)))]),
            "country": "Afghanistan",
            "attack_type": chance.choice(words.ATTACK_TYPES),
            "weapon": ";".join(chance.sample(words.WEAPONS, chance.choice((0, 1, 1, 2)))),
            "suicide": chance.choice(("yes", "no", "no", "")),
            "outcome": chance.choices(words.OUTCOMES, (90, 6, 4))[0],
            "target_type": ";".join(chance.sample(words.TARGET_TYPES[:-1], chance.choice((1, 1, 1, 2)))),
            "target_name": f"{place.name} office" if chance.random() < 0.2 else "",
            "target_country": chance.choice(("Afghanistan", "Afghanistan", "Afghanistan", "NATO", "United Nations", "")),
            "perpetrator": who,
            "attribution": "unknown"
            if who == words.UNKNOWN
            else chance.choice(("claimed", "suspected", "attributed", "contested")),
            "killed_counts": chance.choice(("victims", "victims", "all", "")),
            "notes": chance.choice(_MORE) if chance.random() < 0.1 else "",
            "added": "2026-11-20",
            "revised": f"2026-11-{chance.randrange(1, 21):02d}",
            **_where(place, chance),
            **_figures("killed", 4, chance),
            **_figures("wounded", 9, chance),
        }


def _where(place, chance: random.Random) -> dict[str, object]:
    """Two thirds with a point of their own; of the others most have a place that is found, some have none."""
    kind = chance.random()
    if kind < 0.66:
        point = {
            "latitude": f"{place.latitude + chance.gauss(0, 0.02):.5f}",
            "longitude": f"{place.longitude + chance.gauss(0, 0.02):.5f}",
        }
        known_to = chance.choice(("street", "neighbourhood", "city", "district", ""))
        return {
            **point,
            "city": place.name if place.kind == "city" else "",
            "province": place.province,
            "geo_precision": known_to,
        }
    if kind < 0.95:
        return {
            "place": place.name if place.kind != "city" else "",
            "city": place.name if place.kind == "city" else "",
            "province": place.province,
        }
    return {"place": "a road that is not named"} if kind < 0.98 else {}


def _figures(kind: str, about: int, chance: random.Random) -> dict[str, object]:
    if chance.random() < 0.15:
        return {}
    low = int(chance.expovariate(1 / about))
    best = low + chance.choice((0, 0, 0, 1, 3))
    high = best + chance.choice((0, 0, 0, 2, 5)) if chance.random() < 0.9 else ""
    return {f"{kind}_low": low, kind: best if chance.random() < 0.9 else "", f"{kind}_high": high}


def _reports(incident: dict[str, object], chance: random.Random) -> Iterator[dict[str, object]]:
    for number in range(chance.choice((1, 1, 2, 3))):
        yield {
            "incident_id": incident["incident_id"],
            "publisher": f"Invented Daily {number + 1}",
            "title": incident["title"],
            "url": f"https://example.org/{incident['incident_id']}/{number}",
            "language": "en",
            "date": incident["date"],
            "killed_low": incident.get("killed_low", ""),
            "killed_high": incident.get("killed_high", ""),
            "says": chance.choice(_MORE),
        }


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("rows", type=int)
    options.add_argument("out", type=Path)
    options.add_argument("seed", type=int, nargs="?", default=7)
    chosen = options.parse_args()
    write(chosen.out, chosen.rows, chosen.seed)
