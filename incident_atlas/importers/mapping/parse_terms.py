"""Words of other tables as terms of the record: in any case, and a short list of words that mean the same.

Only what is exact in meaning is here: as a weapon, an IED may lie beside a road, in a car or on a body. What is no term stays as
it is: as the file's own word in the columns of `schema.OPEN_TERMS`, in the notes for any other.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from incident_atlas.core.schema import BY_NAME
from incident_atlas.core.unknown_words import is_unknown
from incident_atlas.geo.gazetteer import fold

_MEAN = {
    "attack_type": {
        "Bombing/Explosion": "bombing|bomb attack|bomb blast|bomb explosion|explosion|blast|explosives|ied|ied attack|roadside ied"
        "|vbied|vehicle-borne ied|vehicle-born ied|body-borne ied|person-borne ied|suicide bombing|suicide attack|suicide bomb|car bomb|svbied|rcied|vbied attack|magnetic ied|maied"
        "|truck bomb|airstrike|air strike|aerial bombardment|drone strike|shelling|mortar attack|rocket attack|landmine|remote explosive"
        "|complex attack|other explosives|landmine/uxo detonation|remote violence|explosions/remote violence|air/drone strike|grenade"
        "|grenade attack|shelling/artillery/missile attack|remote explosive/landmine/ied|detonation of ied|ied detonation|ied explosion"
        "|bombenanschlag|sprengstoffanschlag|sprengfalle|selbstmordanschlag|selbstmordattentat|autobombe|raketenangriff|luftangriff"
        "|attentat suicide|attentat à la bombe|voiture piégée|engin explosif improvisé|frappe aérienne|atentado suicida"
        "|atentado con bomba|coche bomba|explosión|ataque aéreo"
        "|انفجار|انفجار بمب|بمب گذاری|حمله انتحاری|انتحاری|حمله هوایی|حمله راکتی|انفجار ماین|ماین",
        "Hostage Taking (Kidnapping)": "kidnapping|kidnap|abduction|abductions|kidnapping-killing|kidnap-killing|entführung|enlèvement|secuestro"
        "|abduction/forced disappearance|اختطاف|آدم ربایی|ربودن",
        "Hijacking": "hijack",
        "Armed Assault": "armed attack|shooting|shootings|mass shooting|drive-by shooting|gun attack|gunfire|small arms fire|saf|schießerei|bewaffneter überfall|fusillade|attaque armée|tiroteo|ataque armado|battle|battles|armed clash"
        "|government regains territory|non-state actor overtakes territory|تیراندازی|حمله مسلحانه|درگیری|درگیری مسلحانه",
        "Unarmed Assault": "beating|bodily assault|assault without weapons|rape/sexual assault|sexual assault",
        "Assassination": "targeted killing|ترور",
    },
    "weapon": {
        "Vehicle bomb": "car bomb|truck bomb|motorcycle bomb|vbied|svbied|vehicle-borne ied|vehicle-born ied|rcvbied",
        "Suicide vest": "body-borne ied|person-borne ied|pbied|bbied|suicide belt|explosive vest|explosive belt",
        "Roadside bomb": "roadside ied",
        "Magnetic bomb": "magnetic ied|sticky bomb|magnetic mine",
        "Landmine": "land mine|landmines|land mines|ماین",
        "Grenade": "grenades|hand grenade|hand grenades",
        "Rocket or mortar": "rocket|rockets|mortar|mortars|rocket/mortar|shelling|shelling/artillery/missile attack",
        "Firearms": "firearm|gun|guns|small arms|small arms fire|rifle|pistol|gunfire",
        "Melee": "knife|knives",
        "Incendiary": "petrol bomb|molotov cocktail",
        "Drone": "drones|uav",
        "Chemical": "chemical weapon|chemical weapons",
        "Air strike": "airstrike|airstrikes|air strikes|aerial bombing|aerial bombardment",
    },
    "target_type": {
        "Government (General)": "government|government official|government officials|government employees|officials|civil servants",
        "Government (Diplomatic)": "diplomatic|diplomat|diplomats|embassy|embassies|consulate|سفارت",
        "Military": "army|armed forces|soldier|soldiers|troops|afghan national army|ana|nato|nato forces|isaf|us forces|us troops|foreign forces"
        "|foreign troops|coalition forces|military convoy|military base|نظامی|نظامیان|سربازان|اردوی ملی",
        "Police": "police officer|police officers|policeman|policemen|afghan national police|anp|police station|police checkpoint|پولیس|پلیس",
        "Religious Figures/Institutions": "mosque|mosques|shrine|church|temple|gurdwara|worshippers|religious scholar|religious scholars|cleric|clerics|مسجد",
        "Educational Institution": "school|schools|university|universities|student|students|teacher|teachers|مکتب|پوهنتون|دانشگاه",
        "Business": "hotel|restaurant|bank|hospital|clinic|شفاخانه|هتل|بانک",
        "Airports & Aircraft": "airport|میدان هوایی",
        "Journalists & Media": "media|journalist|journalists|press|خبرنگار|خبرنگاران|رسانه",
        "Private Citizens & Property": "civilian|civilians|private citizens|غیرنظامی|غیرنظامیان|افراد ملکی|ملکی",
        "NGO": "ngos|ingo|nngo|lngo|international ngo|national ngo|local ngo|ngo staff|humanitarian workers|aid workers|aid worker|humanitarian",
        "Tourists": "tourist",
    },
    "actor_kind": {
        "non-state group": "non-state|non-state actor|non-state armed group|armed group|insurgents|rebels"
        "|non-state armed group: national|non-state armed group: subnational|non-state armed group: regional"
        "|non-state armed group: global|non-state armed group: unknown|rebel group|rebel groups|political militia|political militias"
        "|identity militia|identity militias",
        "state forces": "state|state actor|government forces|military forces|security forces|host state|foreign or coalition forces|police or paramilitary",
    },
    "attribution": {
        "claimed": "claim|claimed responsibility",
        "suspected": "suspect|alleged|presumed",
        "unknown": "not known|unclaimed",
    },
    "outcome": {"carried out": "success|successful|completed", "foiled": "prevented|thwarted"},
    "suicide": {"yes": "y|true|1|oui|да|بله", "no": "n|false|0|non|нет|نه|نخیر"},
}
_MEAN["intended_target_type"] = _MEAN["target_type"]
_UNKNOWN_SOMEBODY = re.compile(
    r"(?:unknown|unidentified|unspecified|undetermined|unnamed|unbekannte[rn]?|desconocid[oa]s?|неизвестные)\b.*"
    r"|.*\b(?:inconnue?s?|non identifiee?s?|desconocid[oa]s|no identificad[oa]s?|ناشناس)"
)
"""As it stands in a folded text."""


def is_not_known(cell: str) -> bool:
    """Whether a cell says that nobody is known: "?", "unknown", "Unidentified armed men".

    >>> is_not_known("Unknown gunmen"), is_not_known("?"), is_not_known("hommes armés non identifiés"), is_not_known("JNIM")
    (True, True, True, False)
    """
    return is_unknown(cell) or _UNKNOWN_SOMEBODY.fullmatch(key(cell)) is not None


def key(text: str) -> str:
    """A word as it is looked up: case, accents, signs and the word "and" do not count.

    >>> key("Journalists and Media") == key("JOURNALISTS & MEDIA")
    True
    """
    return " ".join(word for word in fold(text).split() if word != "and")


@cache
def known(column: str) -> dict[str, str]:
    """The words that this column understands, as `key` writes them, and the term of each."""
    terms = BY_NAME[column].terms
    found = {key(word): term for term, names in _MEAN.get(column, {}).items() for word in names.split("|")}
    found |= {key(term): term for term in terms}
    return found


def term(column: str) -> Callable[[str], tuple[str, bool]]:
    """A function that gives a cell as terms of this column, and whether words in it are none of them.

    >>> term("weapon")("Car bomb, firearms"), term("weapon")("IED"), term("attack_type")("armed assault; bombing")
    (('Vehicle bomb;Firearms', False), ('IED', True), ('Bombing/Explosion', False))
    """
    table, order = known(column), BY_NAME[column].terms
    several = BY_NAME[column].kind == "terms"
    unknown = next((term for term in order if term.casefold() == "unknown"), "")

    def read(cell: str) -> tuple[str, bool]:
        if is_unknown(cell) and key(cell) not in table:
            return unknown, False
        if whole := table.get(key(cell)):
            return whole, False
        parts = [part.strip() for part in re.split(r"[;|,\r\n]", cell) if part.strip()]
        found = [table.get(key(part)) or (unknown if unknown and is_unknown(part) else None) for part in parts]
        if None in found or not found:
            # What is no term stays where it stands: the check tells of it.
            if parts and not any(found):
                return cell, True
            mixed = ";".join(term or part for term, part in zip(found, parts, strict=True))
            return (mixed if several else cell), bool(parts)
        if several:
            return ";".join(dict.fromkeys(found)), False
        # Of several types of attack the first in the order of the vocabulary counts.
        return (min(found, key=order.index), False) if column == "attack_type" or len(set(found)) == 1 else (cell, True)

    return read
