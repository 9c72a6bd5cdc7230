"""The codes of the Global Terrorism Database in the words of the record (START, Codebook 2021).

A code is looked up before its text: the texts were reworded between releases, the codes never. What the record has no
word for is Other, and the GTD's word goes into the notes.
"""

from __future__ import annotations

from incident_atlas.core.vocabulary import ATTACK_TYPES, TARGET_SUBTYPES, TARGET_TYPES, UNKNOWN, WEAPONS

ATTACKS = {
    "1": "Assassination",
    "2": "Armed Assault",
    "3": "Bombing/Explosion",
    "4": "Hijacking",
    "5": "Hostage Taking (Barricade Incident)",
    "6": "Hostage Taking (Kidnapping)",
    "7": "Facility/Infrastructure Attack",
    "8": "Unarmed Assault",
    "9": UNKNOWN,
} | {term.casefold(): term for term in ATTACK_TYPES}

_TARGETS = (
    "Business;Government (General);Police;Military;Abortion Related;Airports & Aircraft;Government (Diplomatic);"
    "Educational Institution;Food or Water Supply;Journalists & Media;Maritime;NGO;Other;Private Citizens & Property;"
    "Religious Figures/Institutions;Telecommunication;Terrorists/Non-State Militia;Tourists;Transportation;Unknown;Utilities;"
    "Violent Political Party"
).split(";")
TARGETS = {str(code): term for code, term in enumerate(_TARGETS, 1) if term in TARGET_TYPES} | {
    term.casefold(): term for term in TARGET_TYPES
}

_SUBTYPES = {
    1: "Gas/Oil/Electric;Restaurant/Bar/Café;Bank/Commerce;Multinational Corporation;Industrial/Textiles/Factory;"
    "Medical/Pharmaceutical;Retail/Grocery/Bakery;Hotel/Resort;Farm/Ranch;Mining;Entertainment/Cultural/Stadium/Casino;"
    "Construction;Private Security Company/Firm;Judge/Attorney/Court;Politician or Political Party Movement/Meeting/Rally;"
    "Royalty;Head of State;Government Personnel;Election-related;Intelligence;Government Building/Facility/Office;Building;"
    "Patrol;Checkpoint;Security Forces/Officers;Prison/Jail;Barracks/Base/HQ/Checkpost;Recruiting/Academy;Unit/Patrol/Convoy;"
    "Weaponry;Aircraft;Maritime;Non-combatant Personnel;Personnel;Transport/Vehicle;Checkpoint;NATO Related",
    39: "Paramilitary",
    42: "Aircraft;Airline personnel;Airport;Diplomatic Personnel;Embassy/Consulate;International Organization;Teacher;"
    "School/University;Other Personnel;Food;Water Supply;Newspaper;Radio;Television;Other (incl. online)",
    61: "Domestic NGO;International NGO;Ambulance;Fire Fighter/Truck;Refugee;Demilitarized Zone;Unnamed Civilian/Unspecified;"
    "Named Civilian;Religion Identified;Student;Race/Ethnicity Identified;Farmer;Vehicles/Transportation;"
    "Marketplace/Plaza/Square;Village/City/Town/Suburb;House/Apartment/Residence;Laborer/Occupation;Procession/Gathering;"
    "Public Area;Memorial/Cemetery;Museum/Cultural Center;Labor Union;Protester;Political Party Member/Rally;Religious Figure;"
    "Place of Worship;Affiliated Institution;Radio;Television;Telephone;Internet;Multiple Telecommunication Targets;Terrorist;"
    "Non-State Militia;Tourism Agency;Tour Bus/Van;Tourist;Other;Bus;Train;Bus Station;Subway;Bridge/Tunnel;Highway/Road;"
    "Taxi/Rickshaw;Gas;Electricity;Oil;Party Official;Party Office;Rally;Legal Services;Alleged Informant",
}
SUBTYPES = {str(first + at): term for first, terms in _SUBTYPES.items() for at, term in enumerate(terms.split(";"))} | {
    term.casefold(): term for term in TARGET_SUBTYPES
}

_EXPLOSIVES = {
    "7": "Grenade",
    "8": "Landmine",
    "11": "Rocket or mortar",
    "13": "Suicide vest",
    "15": "Vehicle bomb",
    "29": "Magnetic bomb",
}
_EXPLOSIVE_WORDS = {
    "grenade": "7",
    "landmine": "8",
    "projectile": "11",
    "suicide": "13",
    "vehicle": "15",
    "sticky bomb": "29",
}
_WEAPONS = {
    "2": "Chemical",
    "5": "Firearms",
    "6": "Other explosives",
    "8": "Incendiary",
    "9": "Melee",
    "13": UNKNOWN,
    "chemical": "Chemical",
    "firearms": "Firearms",
    "explosives": "Other explosives",
    "explosives/bombs/dynamite": "Other explosives",
    "incendiary": "Incendiary",
    "melee": "Melee",
    "unknown": UNKNOWN,
}


def weapon(code: str, text: str, subcode: str, subtext: str) -> str:
    """The record's word for one weapon, "Other" for what it has no word for, '' when none is given.

    >>> weapon("6", "Explosives", "15", "Vehicle"), weapon("6", "Explosives", "12", "Remote Trigger")
    ('Vehicle bomb', 'Other explosives')
    >>> weapon("10", "Vehicle (not to include vehicle-borne explosives, i.e., car or truck bombs)", "", "")
    'Other'
    """
    if not code and not text:
        return ""
    found = _WEAPONS.get(code) or _WEAPONS.get(text.casefold(), "Other")
    if found == "Other explosives":
        word = subtext.casefold().partition("(")[0].strip()
        return _EXPLOSIVES.get(subcode or _EXPLOSIVE_WORDS.get(word.partition(",")[0], ""), found)
    return found


def targets(*cells: str) -> tuple[str, str, str]:
    """Target types and subtypes in their order, and the words of the GTD that the record has no word for.

    cells: for each target code and text of its type, code and text of its subtype.

    >>> targets("3", "Police", "24", "Checkpoint", "11", "Maritime", "", "")
    ('Police;Other', 'Checkpoint', 'Maritime')
    """
    types, subtypes, no_word = [], [], []
    for at in range(0, len(cells), 4):
        code, text, subcode, subtext = cells[at : at + 4]
        if code or text:
            types.append(TARGETS.get(code) or TARGETS.get(text.casefold(), "Other"))
            if types[-1] == "Other" and code != "13" and text.casefold() != "other":
                no_word.append(text or f"target type {code}")
        if subcode or subtext:
            subtypes.append(SUBTYPES.get(subcode) or SUBTYPES.get(subtext.casefold(), "Other"))
            if subtypes[-1] == "Other" and subcode != "98" and subtext.casefold() != "other":
                no_word.append(subtext or f"target subtype {subcode}")
    return ";".join(dict.fromkeys(types)) or UNKNOWN, ";".join(dict.fromkeys(subtypes)), "; ".join(dict.fromkeys(no_word))


def weapons_of(*cells: str) -> tuple[str, str]:
    """Weapons, the worst first, and the words of the GTD that the record has no word for.

    cells: for each weapon code and text of its type, code and text of its subtype.

    >>> weapons_of("5", "Firearms", "", "", "6", "Explosives", "7", "Grenade")
    ('Grenade;Firearms', '')
    """
    found, no_word = [], []
    for at in range(0, len(cells), 4):
        word = weapon(*cells[at : at + 4])
        found += [word] if word else []
        if word == "Other" and cells[at] != "12" and cells[at + 1].casefold() != "other":
            no_word.append(cells[at + 1] or f"weapon type {cells[at]}")
    return ";".join(sorted(set(found), key=WEAPONS.index)), "; ".join(dict.fromkeys(no_word))
