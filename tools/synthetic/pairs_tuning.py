"""How a second record tells the same incidents: the tuning half, on which the weights of duplicates.py were chosen.

Three compilers with the habits that shared documentation of such data sets describes: one codes towns and the lowest toll, one
counts deaths, one keeps a list by hand. Each habit is a function of a row, its reports and chance; None means that this
compiler would not have the incident. The habits of the held-out half are others, in pairs_held_out.py.
"""

from __future__ import annotations

import random
from datetime import date, timedelta

from incident_atlas.core.schema import split
from incident_atlas.geo.gazetteer import OfflineGazetteer

Row = dict[str, str]

YEARS = 0
"""The incidents of even years; the held-out half has the odd ones."""

_GAZETTEER = OfflineGazetteer()
_WORDS = {
    "suicide bomber": ("suicide attacker", "bomber on foot", "suicide attack"),
    "suicide car bomb": ("car bomb", "suicide vehicle", "SVBIED"),
    "bomb": ("explosive device", "IED", "blast"),
    "attack": ("assault", "raid"),
    "gunmen": ("armed men", "militants"),
    "rockets": ("rocket fire", "missiles"),
    "killed": ("dead", "dies"),
    "wounds": ("injures",),
    "embassy": ("diplomatic mission", "Embassy"),
    "police": ("policemen", "ANP"),
    "soldiers": ("troops",),
    "kidnapped": ("abducted",),
    "shot dead": ("killed by gunfire",),
    "mosque": ("place of worship",),
    "near": ("close to",),
}
_TARGETS = {
    "Police": "Afghan police",
    "Military": "military forces",
    "Government (Diplomatic)": "a diplomatic mission",
    "Government (General)": "government officials",
    "Religious Figures/Institutions": "worshippers",
    "Business": "a private company",
    "NGO": "aid workers",
    "Educational Institution": "students",
    "Transportation": "a vehicle",
    "Journalists & Media": "journalists",
}


def coded_by_town(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """Towns and their centres, the lowest toll, no name for who did it, a sentence that begins with the date."""
    day = date.fromisoformat(row["date"]) + timedelta(chance.choices((0, 1, -1), (90, 6, 4))[0])
    precision = chance.choices(("day", "week", "month"), (92, 5, 3))[0] if row["date_precision"] == "day" else "month"
    if precision == "week":
        day += timedelta(chance.randint(-3, 3))
    text = f"On {day.day} {day:%B} {day.year}, {_deed(row)} {_aim(row, chance)} in {row['city'] or row['district'] or row['province']}"
    toll = int(row["killed_low"] or row["killed"] or 0) + (row["suicide"] == "yes" and chance.random() < 0.5)
    civilian = "Private Citizens" in row["target_type"] or chance.random() < 0.2
    return {
        "date": day.isoformat() if precision != "month" else day.replace(day=15).isoformat(),
        "date_precision": precision,
        "title": text + (f". {toll} were killed." if toll else "."),
        "province": row["province"],
        "attack_type": "Armed Assault" if "Firearms" in row["weapon"] and chance.random() < 0.5 else row["attack_type"],
        "suicide": row["suicide"] if row["suicide"] == "yes" else "",
        "target_type": _coarse(row["target_type"], chance),
        "perpetrator": row["perpetrator"] if civilian else "Unknown",
        "attribution": "attributed" if civilian and row["perpetrator"] != "Unknown" else "unknown",
        "killed_low": str(toll or ""),
        "killed_counts": "all",
        **_town(row, chance),
    }


def counted_by_deaths(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """Only what killed somebody, with three counts and a headline, and neither target nor kind of attack."""
    best = int(row["killed"] or row["killed_low"] or 0)
    if not best:
        return None
    low, high = int(row["killed_low"] or best), int(row["killed_high"] or best)
    day, until, precision = date.fromisoformat(row["date"]), "", row["date_precision"]
    if precision == "day" and chance.random() < 0.1:
        until = (day + timedelta(chance.randint(0, 2))).isoformat()
        day, precision = day - timedelta(chance.randint(0, 2)), "week"
    elif chance.random() < 0.04:
        day, precision = day.replace(day=1), "month"
    spot = row["city"] or row["district"] or row["province"]
    best = min(max(best + chance.choice((0, 0, 0, -1, 1, 2)), low), high + 2)
    headlines = (
        f"{best} killed in {spot} attack",
        f"{_aim(row, chance)} hit in {spot}, {best} dead",
        f"{spot} blast kills {best}",
    )
    where = {"city": row["city"], "district": row["district"], "province": row["province"]}
    if chance.random() < 0.12:
        where = {"province": row["province"]}
    elif row["place"] and chance.random() < 0.5:
        where["place"] = row["place"]
    named = row["perpetrator"] != "Unknown" and chance.random() < 0.6
    return {
        "date": day.isoformat(),
        "date_end": until,
        "date_precision": precision,
        "title": chance.choice(headlines),
        "attack_type": "Unknown",
        "target_type": "Private Citizens & Property" if chance.random() < 0.3 else "Unknown",
        "perpetrator": split(row["perpetrator"])[0] if named else "Unknown",
        "attribution": "attributed" if named else "unknown",
        "killed_low": str(min(low, best)),
        "killed": str(best),
        "killed_high": str(max(high, best) + (row["suicide"] == "yes")),
        "killed_counts": "all",
        **where,
    }


def kept_by_hand(row: Row, reports: list[Row], chance: random.Random) -> Row | None:
    """A notebook: other words and spellings, a day or two off, one figure, much left blank."""
    day = date.fromisoformat(row["date"]) + timedelta(chance.choices((0, 1, -1, 2, -2), (78, 9, 7, 4, 2))[0])
    words = row["title"]
    for one, others in _WORDS.items():
        if chance.random() < 0.6:
            words = words.replace(one, chance.choice(others)).replace(one.capitalize(), chance.choice(others).capitalize())
    if chance.random() < 0.4:
        words = " ".join(words.split()[: chance.randint(4, 7)])
    unknown = chance.random() < 0.4 or row["perpetrator"] == "Unknown"
    figures = {kind: row[kind] for kind in ("killed", "wounded") if chance.random() < 0.7}
    where = {"city": _spelled(row["city"], chance), "place": row["place"] if chance.random() < 0.5 else ""}
    found = _GAZETTEER.geocode(row["place"] or row["city"] or row["province"], province=row["province"] or None)
    if found and chance.random() < 0.3:
        where |= _moved(found.latitude, found.longitude, 3, chance) | {"geo_precision": chance.choice(("neighbourhood", "city"))}
    return {
        "date": day.isoformat(),
        "date_precision": row["date_precision"],
        "title": words,
        "district": row["district"],
        "province": row["province"],
        "attack_type": row["attack_type"] if chance.random() < 0.75 else "Unknown",
        "weapon": row["weapon"] if chance.random() < 0.4 else "",
        "target_type": split(row["target_type"])[0] if chance.random() < 0.75 else "Unknown",
        "perpetrator": "Unknown" if unknown else row["perpetrator"],
        "attribution": "unknown" if unknown else "suspected",
        **figures,
        **where,
    }


HABITS = ((coded_by_town, 4), (counted_by_deaths, 3), (kept_by_hand, 3))
"""Who tells it, and how often."""


def neighbour(row: Row, donors: list[Row], chance: random.Random) -> Row:
    """A different incident close to `row`: one of another year moved beside it, or another bomb in the same city."""
    day = date.fromisoformat(row["date"])
    if chance.random() < 0.6:
        near = [one for one in donors if one["city"] == row["city"] and one["date_precision"] == "day"] or donors
        after = timedelta(chance.choice((-3, -2, -1, 1, 2, 3)))
        return {**chance.choice(near), "date": (day + after).isoformat(), "date_end": "", "coordinated_id": ""}
    spots = [one for one in _GAZETTEER.places if one.kind == "neighbourhood" and one.province == row["city"]]
    spot = chance.choice(spots).name if spots else ""
    whom = chance.choice(tuple(_TARGETS))
    dead = chance.choice((0, 0, 1, 2, 3, 5, 9))
    return {
        **row,
        "date": (day + timedelta(chance.choice((1, 1, 2)))).isoformat(),
        "date_end": "",
        "coordinated_id": "",
        "title": f"Another bomb {f'in {spot}' if spot else 'elsewhere'} hits {_TARGETS[whom]}",
        "summary": "",
        "place": spot,
        "latitude": "",
        "longitude": "",
        "target_type": whom,
        "target_name": "",
        "killed_low": str(dead or ""),
        "killed": str(dead or ""),
        "killed_high": str(dead or ""),
        "wounded_low": "",
        "wounded": str(dead * 2 + 1),
        "wounded_high": "",
    }


def _deed(row: Row) -> str:
    if row["suicide"] == "yes":
        return "a suicide bomber detonated explosives against"
    deeds = {
        "Bombing/Explosion": "an explosion hit",
        "Assassination": "gunmen shot",
        "Hostage Taking (Kidnapping)": "armed men took",
    }
    return deeds.get(row["attack_type"], "armed men fired on")


def _aim(row: Row, chance: random.Random) -> str:
    if row["target_name"] and chance.random() < 0.6:
        return row["target_name"]
    return _TARGETS.get(split(row["target_type"])[0], "civilians")


def _coarse(target_type: str, chance: random.Random) -> str:
    first = split(target_type)[0]
    if first in ("Military", "Police"):
        return chance.choice(("Military", "Police", first))
    return chance.choice(("Private Citizens & Property", "Unknown", first))


def _town(row: Row, chance: random.Random) -> Row:
    """The centre of the city, or of one of its police districts; without a city, of the province."""
    found = _GAZETTEER.geocode(row["city"] or row["district"] or row["province"], province=row["province"] or None)
    if not found:
        return {"city": row["city"], "district": row["district"]}
    point = found.latitude, found.longitude
    if row["city"] == "Kabul" and chance.random() < 0.35:
        return {"city": "Kabul", "place": "", **_moved(*point, 4, chance), "geo_precision": "city"}
    precision = "city" if row["city"] else "district" if row["district"] else "province"
    return {
        "city": row["city"],
        "district": row["district"],
        "latitude": f"{point[0]:.4f}",
        "longitude": f"{point[1]:.4f}",
        "geo_precision": precision,
    }


def _moved(latitude: float, longitude: float, km: float, chance: random.Random) -> Row:
    """A point some kilometres off."""
    return {
        "latitude": f"{latitude + chance.gauss(0, km / 2) / 111.2:.4f}",
        "longitude": f"{longitude + chance.gauss(0, km / 2) / 91.6:.4f}",
    }


def _spelled(city: str, chance: random.Random) -> str:
    if not city or chance.random() < 0.6:
        return city
    known = [place for place in _GAZETTEER.places if place.kind == "city" and place.name == city]
    return chance.choice((city, *known[0].aliases)) if known else city
