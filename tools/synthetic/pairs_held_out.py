"""How a second record tells the same incidents: the held-out half, made before duplicates.py and never used to tune it.

Other incidents (odd years), other compilers and other neighbours than in pairs_tuning.py: the press, word for word where the record
knows its headline; a data set that codes targets and weapons its own way; a translated list that puts the place first, spells by
ear and rounds; a digest that dates by week or month. None means that this compiler would not have the incident.
"""

from __future__ import annotations

import random
import re
from datetime import date, timedelta

from incident_atlas.core.schema import split
from incident_atlas.geo.gazetteer import OfflineGazetteer

Row = dict[str, str]

YEARS = 1
"""The incidents of odd years; the tuning half has the even ones."""

_GAZETTEER = OfflineGazetteer()
_NO_HEADLINE = re.compile(r"^row |^incident|^list of|^\(", re.IGNORECASE)
_BY_EAR = (
    ("kh", "h"),
    ("sh-e", "sh i"),
    ("-e ", " i "),
    ("w", "v"),
    ("ou", "u"),
    ("dd", "d"),
    ("q", "k"),
    ("ee", "i"),
    ("aw", "au"),
)
_OTHER_TYPE = {
    "Bombing/Explosion": ("Assassination", "Armed Assault", "Facility/Infrastructure Attack", "Unknown"),
    "Assassination": ("Armed Assault", "Bombing/Explosion"),
    "Armed Assault": ("Bombing/Explosion", "Assassination", "Unknown"),
}
_OTHER_TARGET = {
    "Police": ("Government (General)", "Military"),
    "Military": ("Government (Diplomatic)", "Police", "Transportation"),
    "Government (General)": ("Private Citizens & Property", "Police", "Unknown"),
    "Government (Diplomatic)": ("NGO", "Government (General)", "Business"),
    "Private Citizens & Property": ("Unknown", "Transportation", "Religious Figures/Institutions"),
    "Religious Figures/Institutions": ("Private Citizens & Property", "Educational Institution"),
    "Business": ("Private Citizens & Property", "Tourists"),
    "NGO": ("Government (Diplomatic)", "Private Citizens & Property"),
    "Educational Institution": ("Private Citizens & Property", "Religious Figures/Institutions"),
}
_OTHER_WEAPON = {"Magnetic bomb": "Other explosives", "Roadside bomb": "Landmine", "Suicide vest": "Other explosives"}
_THEIR_WORDS = {
    "Bombing/Explosion": "attaque à la bombe",
    "Armed Assault": "fusillade",
    "Assassination": "assassinat",
    "Hostage Taking (Kidnapping)": "enlèvement",
}


def as_the_press_has_it(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """What one report of the incident says, under its own headline, dated now and then by the day of the paper."""
    if not reports:
        return None
    one = chance.choice(reports)
    day = date.fromisoformat(row["date"])
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", one["date"]):
        day = date.fromisoformat(one["date"])
    day += timedelta(chance.choices((0, 1), (85, 15))[0])
    dead = one["killed_low"] or one["killed_high"]
    wire = f"{_event(row)} in {row['city'] or row['province']}" + (f" kills {dead}" if dead not in ("", "0") else "")
    headline = one["title"] if one["title"] and not _NO_HEADLINE.match(one["title"]) else wire
    unknown = one["perpetrator"] in ("", "Unknown")
    return {
        "date": day.isoformat(),
        "date_precision": row["date_precision"],
        "title": headline,
        "place": one["place"],
        "city": row["city"] if chance.random() < 0.85 else "",
        "province": row["province"],
        "attack_type": one["attack_type"] or "Unknown",
        "suicide": row["suicide"] if chance.random() < 0.5 else "",
        "target_type": row["target_type"] if chance.random() < 0.5 else "Unknown",
        "perpetrator": "Unknown" if unknown else one["perpetrator"],
        "attribution": "unknown" if unknown else one["attribution"].replace("unknown", "suspected") or "suspected",
        **{name: one[name] for name in ("killed_low", "killed_high", "wounded_low", "wounded_high")},
    }


def as_another_codebook(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """The town by name or its point to two decimals; attack, target and weapon coded otherwise; attackers among the dead."""
    day = date.fromisoformat(row["date"]) + timedelta(chance.choices((0, 1, -1), (91, 5, 4))[0])
    precision = "month" if chance.random() < 0.03 else row["date_precision"]
    attack, target = row["attack_type"], split(row["target_type"])[0]
    attack = chance.choice(_OTHER_TYPE.get(attack, (attack,))) if chance.random() < 0.25 else attack
    target = chance.choice(_OTHER_TARGET.get(target, ("Unknown",))) if chance.random() < 0.3 else target
    victims = row["target_name"] if row["target_name"] and chance.random() < 0.5 else f"{target.split(' (')[0].lower()} targets"
    more = (row["suicide"] == "yes") + (chance.random() < 0.15)
    dead = str(int(row["killed"]) + more) if row["killed"] else ""
    wounded = str(round(int(row["wounded"]) * chance.choice((1, 1, 1, 0.8, 1.2)))) if row["wounded"] else ""
    named = row["perpetrator"] != "Unknown" and chance.random() < 0.75
    where = {"city": row["city"], "district": row["district"], "province": row["province"]}
    found = _GAZETTEER.geocode(row["city"], province=row["province"] or None) if row["city"] else None
    if found and chance.random() < 0.6:
        point = f"{found.latitude:.2f}", f"{found.longitude:.2f}"
        where |= {"latitude": point[0], "longitude": point[1], "geo_precision": "city"}
    who = "Assailants" if not named else split(row["perpetrator"])[0] + " gunmen"
    did = "detonated explosives targeting" if "bomb" in row["weapon"].lower() or row["suicide"] == "yes" else "attacked"
    return {
        "date": day.replace(day=1).isoformat() if precision == "month" else day.isoformat(),
        "date_precision": precision,
        "title": f"{day:%m/%d/%Y}: {who} {did} {victims} in {row['city'] or row['province']}, Afghanistan",
        "attack_type": attack,
        "suicide": "yes" if row["suicide"] == "yes" else "no",
        "weapon": ";".join(dict.fromkeys(_OTHER_WEAPON.get(term, term) for term in split(row["weapon"]))),
        "target_type": target,
        "target_name": row["target_name"] if chance.random() < 0.5 else "",
        "perpetrator": split(row["perpetrator"])[0] if named else "Unknown",
        "attribution": "attributed" if named else "unknown",
        "killed": dead,
        "killed_counts": "all",
        "wounded": wounded,
        **where,
    }


def as_translated(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """Place first, names by ear, a calendar converted one day off, figures early or round, the place coarse or not there."""
    day = date.fromisoformat(row["date"]) + timedelta(chance.choices((0, 1, -1, 2), (82, 7, 9, 2))[0])
    dead, hurt = (int(row[kind] or row[f"{kind}_low"] or 0) for kind in ("killed", "wounded"))
    early = chance.random() < 0.3
    dead, hurt = (round(n * chance.uniform(0.6, 1)) if early else n for n in (dead, hurt))
    if dead > 12 and chance.random() < 0.3:
        dead = round(dead, -1)
    deed = _THEIR_WORDS.get(row["attack_type"], "attaque") if chance.random() < 0.4 else _event(row).lower()
    target = _by_ear(row["target_name"], chance) if chance.random() < 0.5 else split(row["target_type"])[0].lower()
    text = row["place"].split(",")[-1].strip() if chance.random() < 0.5 else row["place"]
    spot = _by_ear(text or row["city"] or row["province"], chance)
    coarse = chance.random()
    if coarse < 0.04:
        where = {}
    elif coarse < 0.16:
        where = {"province": row["province"]}
    else:
        where = {"place": spot, "city": row["city"], "province": row["province"]}
    known = {name: row[name] if chance.random() < 0.65 else "Unknown" for name in ("attack_type", "target_type", "perpetrator")}
    return {
        "date": day.isoformat(),
        "date_precision": row["date_precision"],
        "title": f"{spot}: {deed}" + (f", {target}" if target else "") + (f", {dead} morts" if dead else ""),
        **known,
        "attribution": "unknown" if known["perpetrator"] == "Unknown" else "suspected",
        "killed_high" if chance.random() < 0.2 else "killed": str(dead or ""),
        "wounded": str(hurt or "") if chance.random() < 0.7 else "",
        **where,
    }


def as_a_digest(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """A line in a list of the week, now and then of the month: what and where, and how many dead."""
    day = date.fromisoformat(row["date"])
    monthly = row["date_precision"] == "month" or chance.random() < 0.15
    begins = day.replace(day=1) if monthly else day - timedelta(day.weekday())
    kind, dead = _event(row), row["killed"] or row["killed_low"]
    aim = row["target_name"] or split(row["target_type"])[0]
    return {
        "date": begins.isoformat(),
        "date_precision": "month" if monthly else "week",
        "title": f"{kind}, {aim}, {row['city'] or row['province']}",
        "place": row["place"] if chance.random() < 0.5 else "",
        "city": row["city"],
        "province": row["province"],
        "attack_type": row["attack_type"],
        "target_type": split(row["target_type"])[0] if chance.random() < 0.6 else "Unknown",
        "perpetrator": "Unknown",
        "attribution": "unknown",
        "killed": dead if chance.random() < 0.8 else "",
    }


HABITS = ((as_the_press_has_it, 35), (as_another_codebook, 35), (as_translated, 25), (as_a_digest, 5))
"""Who tells it, and how often."""


def neighbour(row: Row, donors: list[Row], chance: random.Random) -> Row:
    """A different incident close to `row`: moved beside it from another year, a second the same day, or the same site again."""
    day, kind = date.fromisoformat(row["date"]), chance.random()
    if kind < 0.5:
        near = [one for one in donors if one["city"] == row["city"] and one["date_precision"] == "day"] or donors
        return {
            **chance.choice(near),
            "date": (day + timedelta(chance.randint(-2, 2))).isoformat(),
            "date_end": "",
            "coordinated_id": "",
        }
    killed = chance.choice((0, 1, 1, 2, 4, 6, 11, 25))
    other = {
        "summary": "",
        "date_end": "",
        "coordinated_id": "",
        "killed_low": str(killed),
        "killed": str(killed),
        "killed_high": str(killed + chance.choice((0, 0, 2))),
        "wounded_low": "",
        "wounded": str(killed * 3) if killed else "",
        "wounded_high": "",
    }
    if kind < 0.75:
        spots = [
            one for one in _GAZETTEER.places if one.kind == "landmark" and one.province == row["city"] and one.parent[:3] != "af-"
        ]
        spot = chance.choice(spots).name if spots else "a second spot"
        other |= {
            "place": spot,
            "latitude": "",
            "longitude": "",
            "target_name": spot,
            "target_type": chance.choice(tuple(_OTHER_TARGET)),
        }
        return {
            **row,
            **other,
            "date": day.isoformat(),
            "title": f"Explosion at {spot}" + (f" leaves {killed} dead" if killed else ""),
        }
    weapon = chance.choice(("Magnetic bomb", "Grenade", "Firearms", "Rocket or mortar"))
    attack = "Armed Assault" if weapon in ("Firearms", "Grenade") else "Bombing/Explosion"
    other |= {"weapon": weapon, "attack_type": attack, "suicide": "no", "perpetrator": "Unknown", "attribution": "unknown"}
    site = row["target_name"] or row["place"] or row["city"]
    again = (day + timedelta(chance.randint(3, 9))).isoformat()
    return {**row, **other, "date": again, "title": f"{site} attacked again, this time with {weapon.lower()}"}


def _event(row: Row) -> str:
    if row["suicide"] == "yes":
        return "Suicide attack"
    names = {"Bombing/Explosion": "Blast", "Assassination": "Targeted killing", "Hostage Taking (Kidnapping)": "Abduction"}
    return names.get(row["attack_type"], "Gun attack")


def _by_ear(name: str, chance: random.Random) -> str:
    for one, other in _BY_EAR:
        if chance.random() < 0.5:
            name = name.replace(one, other).replace(one.capitalize(), other.capitalize())
    return name
