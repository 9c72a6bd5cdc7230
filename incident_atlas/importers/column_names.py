"""What tables call the columns of the record: English, the questions of forms, the field names of humanitarian data, and where it is
sure French, German, Spanish, Russian and Dari.

A side may as well be the victim, so it is no perpetrator; an actor or a group is taken for one, and can be changed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from incident_atlas.core.schema import NAMES
from incident_atlas.geo.gazetteer import fold

DATE_PARTS = ("date_year", "date_month", "date_day")
PARTS = (*DATE_PARTS, "coordinates", "publisher", "url")
"""Beside the columns of the record: the parts of a date in columns of their own, both coordinates in one, and who reported it
with the address."""

OURS = (*NAMES, *PARTS)
"""All that a column of a table can be."""

ATTRIBUTION_OF_COLUMN = {
    "claimed by": "claimed",
    "responsibility claimed by": "claimed",
    "who claimed": "claimed",
    "who claimed it": "claimed",
    "attributed to": "attributed",
    "suspect": "suspected",
    "suspects": "suspected",
    "suspected perpetrator": "suspected",
    "suspected group": "suspected",
    "suspected by": "suspected",
    "suspected belligerent": "suspected",
    "suspected belligerents": "suspected",
    "alleged perpetrator": "suspected",
    "alleged perpetrators": "suspected",
    "perpetrator alleged": "suspected",
    "perpetrators alleged": "suspected",
    "auteur presume": "suspected",
    "auteurs presumes": "suspected",
}
"""Names of a column of perpetrators that say how sure they are, as `spellings` writes them."""


_FILLERS = set("number no num nr nb n of the total count name en how many were".split())
_WHO = "people|persons|victims|casualties|civilian|civilians|civ|civs|aid worker|aid workers|humanitarian workers|staff".split(
    "|"
)
"""Of whom a table counts the killed and the wounded where it counts no others."""


def _of_whom(*words: str) -> str:
    """These words for a harm: alone and as a total first, then of everybody in `_WHO`, in either order and with "reported" between."""
    totals = (
        "total {}",
        "{} total",
        "number of {}",
        "total number of {}",
        "no of {}",
        "all {}",
        "how many {}",
        "how many were {}",
        "how many people {}",
        "how many people were {}",
    )
    return "|".join(
        (
            *words,
            *(form.format(word) for form in totals for word in words),
            *(f"reported {word}" for word in words),
            *(name for word in words for who in _WHO for name in (f"{who} {word}", f"{who} reported {word}", f"{word} {who}")),
        )
    )


_KILLED = (
    f"{_of_whom('killed', 'deaths', 'dead', 'fatalities')}|how many died|how many people died|death toll|fatality|nkill|kia|morts|tués|tote|getötete|muertos"
    + (
        "|погибшие|погибло|убитые|убито|getötet|todesopfer|tote gesamt|anzahl tote|anzahl getötete|nombre de morts|nombre de tués|décès|fallecidos|número de muertos|muertes|کشته|کشته ها|کشته شده|کشته شدگان|تعداد کشته|تعداد کشته ها|تعداد کشته شدگان|کشته شده ها|کشتگان|تعداد کشتگان|وژل شوي|مړه"
    )
)
_WOUNDED = f"{_of_whom('wounded', 'injured', 'injuries')}|nwound|wia|blessés|verletzte|heridos" + (
    "|раненые|ранено|verwundete|verletzt|verwundet|anzahl verletzte|nombre de blessés|lesionados|número de heridos|زخمی|زخمی ها|مجروح|مجروحین|تعداد زخمی|تعداد زخمی ها|تعداد مجروحین|زخمیان|زخمی شده|تعداد زخمیان|ټپیان|ټپي"
)


def _bounds(names: str, *words: str) -> str:
    """Every name with one of these words before or behind it."""
    return "|".join(f"{name} {word}|{word} {name}" for name in names.split("|") for word in words)


_CALLED = {
    "incident_id": "id|event id|incident ref|incident reference|reference number|ref|event id cnty|eventid|incident number|case id|case number|record id|uid|uuid|objectid|№",
    "date": "incident date|dtg|date incident|date attack|date event|event date|attack date|date of incident|date of attack|date of event|date occurred|occurred on"
    "|occurred|start date|date start|begin date|date time|datetime|when|day|datum|date de l'incident|date de l'attaque"
    "|datum des vorfalls|fecha|fecha del incidente|fecha del ataque|date of the incident|date of the attack|when did it happen|when did the incident happen|дата|дата инцидента|дата события|تاریخ|تاریخ حادثه|fecha del suceso|fecha del evento|date de l'événement|tatdatum|datum des anschlags|datum des ereignisses|تاریخ وقوع|تاریخ رویداد|نېټه|نیټه",
    "date_year": "year|iyear|année|jahr|год|سال",
    "date_month": "month|imonth|mois|monat|месяц|ماه",
    "date_day": "day|iday|jour|tag|день|روز",
    "date_end": "end date|date end|date of end|ended",
    "time_local": "time|time incident|incident time|time of incident|time of attack|attack time|local time|time of day|heure|время|ساعت|uhrzeit|tatzeit|hora|زمان",
    "title": "headline|heading|event title|incident title|titre|titel|заголовок|عنوان",
    "summary": "description|event description|incident description|incident summary|details|narrative|what happened|desc|describe the incident|describe what happened"
    "|résumé|beschreibung|descripción|описание|شرح|توضیحات|resumen|was passiert ist|was ist passiert|was geschah|hergang|zusammenfassung|ce qui s'est passé|que pasó|qué pasó|شرح حادثه|شرح رویداد|خلاصه",
    "notes": "note|remarks|remark|comments|comment|remarques|commentaires|observations|observaciones|bemerkung|bemerkungen|anmerkung|anmerkungen|notizen|примечание|примечания|ملاحظات|یادداشت",
    "place": "location|area|neighbourhood|neighborhood|exact location|specific location|site|venue|address|where|where did it happen|where did the incident happen|location of incident|incident location|lieu|ort|lugar|lieu de l'incident|lieu de l'attaque|lugar del incidente|lugar del ataque|ubicación|tatort|ereignisort|ort des vorfalls|ort des anschlags|место|محل|مکان|محل حادثه|محل وقوع|محل رویداد|مکان حادثه|ځای",
    "city": "town|city town|town city|village|settlement|ville|stadt|ciudad|localité|localidad|commune|municipio|pueblo|dorf|gemeinde|город|شهر|قریه",
    "district": "admin2|admin 2|adm2|adm 2|admin level 2|nahia|nahiya|woluswali|bezirk|distrikt|distrito|район|ولسوالی|ناحیه",
    "province": "admin1|admin 1|adm1|adm 1|admin level 1|provstate|state province|wilayat|governorate|provinz|provincia|провинция|ولایت",
    "country": "country txt|admin0|adm0|adm 0|pays|страна|کشور",
    "latitude": "lat|gps latitude|latitude wgs84|y|breite|breitengrad|широта|عرض جغرافیایی",
    "longitude": "lon|lng|long|gps longitude|longitude wgs84|x|länge|laenge|längengrad|laengengrad|долгота|طول جغرافیایی",
    "coordinates": "coords|gps coordinates|gps|gps lat lon|gps lat long|coordinates lat lon|coordinates lat long|lat lon|lat long|lat lng|latlon|latlong|latlng|latitude longitude|geolocation"
    "|geometry|geom|geom wkt|wkt|point|coordonnées|koordinaten|координаты|مختصات",
    "geo_precision": "location precision|place precision|coordinate precision",
    "attack_type": "type of attack|attack mode|mode of attack|means of attack|method of attack|attack method|incident type|type of incident|event type|strike type|kind of attack|incident category|category of incident|attack category|event category|type|category|tactic|tactics|attack"
    "|attacktype1 txt|type d'attaque|art des angriffs|type d'incident|mode d'attaque|tipo de ataque|tipo de incidente|tipo|typ|art|art des vorfalls|art des anschlags|anschlagsart|angriffsart|vorfallsart|тип атаки|نوع حمله|نوع حادثه|نوع رویداد",
    "weapon": "weapons|weapon type|weapon used|weapons used|arme|waffe|arma|waffen|tatmittel|оружие|سلاح",
    "suicide": "suicide attack|suicide bombing",
    "outcome": "result",
    "target_type": "type of target|targtype1 txt|target category|target",
    "target_subtype": "target sub type",
    "target_name": "target|targeted|cible|ziel|objetivo|blanco|angriffsziel|anschlagsziel|цель|هدف",
    "target_country": "target nationality|nationality of target|country of target",
    "perpetrator": "perpetrators|by whom|who did it|who attacked|perpetrator group|perpetrator name|actor name|armed group|armed actor|group name|group|actor|actors|attacker|attackers|responsible group|group responsible|responsible party|party responsible|belligerent|belligerents|gname"
    "|auteurs de l'attaque|auteur de l'attaque|täter|tätergruppe|verantwortliche gruppe|gruppe|groupe|groupe armé|groupe responsable|grupo|grupo armado|grupo responsable|perpetrador|perpetradores|گروه مسئول|مسئول|исполнитель|исполнители|исполнители теракта|исполнитель теракта|عاملین حمله|عامل حمله|عامل|عاملین|گروه|"
    + "|".join(ATTRIBUTION_OF_COLUMN),
    "attribution": "attribution status|responsibility",
    "killed": f"{_KILLED}|{_bounds(_KILLED, 'best')}",
    "killed_low": _bounds(_KILLED, "low", "lowest", "min", "minimum"),
    "killed_high": _bounds(_KILLED, "high", "highest", "max", "maximum"),
    "wounded": f"{_WOUNDED}|{_bounds(_WOUNDED, 'best')}",
    "wounded_low": _bounds(_WOUNDED, "low", "lowest", "min", "minimum"),
    "wounded_high": _bounds(_WOUNDED, "high", "highest", "max", "maximum"),
    "attackers_killed": "perpetrators killed|attacker deaths|attackers dead|nkillter",
    "abducted": "kidnapped|hostages|hostages taken|people abducted|people kidnapped",
    "publisher": "source|sources|news source|media source|quelle|quellen|fuente|fuentes|источник|منبع",
    "url": "link|source url|source link|web link|article url",
    "added": "date added",
    "revised": "last updated|date updated|updated|last revised",
}


def spellings(name: str) -> tuple[str, ...]:
    """A name of a column as the lists here hold it: folded, and without the words that say nothing.

    >>> spellings("Number_of killed"), spellings("eventDate"), spellings("No.")
    (('number of killed', 'killed'), ('event date',), ('no',))
    """
    apart = (
        re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name[:200])
        .replace("_", " ")
        .replace("'", " ")
        .replace("’", " ")
        .replace("\u200c", " ")
    )
    words = fold(apart).split()
    telling = [word for word in words if word not in _FILLERS]
    return tuple(dict.fromkeys(filter(None, (" ".join(words), " ".join(telling)))))


_POINT_OF_A_FORM = re.compile(r"_.+_(latitude|longitude)", re.DOTALL)
_COUNTED = set("killed deaths dead fatalities wounded injured injuries".split())


def question_names(columns: Iterable[str]) -> dict[str, str]:
    """Each column and what it is called without the group of questions before it, as KoboToolbox and ODK write "group/question".

    The name stays whole where no other column is of that group, where the group is a column itself (then these are choices of one
    question), where it tells who is counted, and where the question alone would be the name of several columns.

    >>> question_names(["harm/killed", "harm/injured", "_where it was_latitude", "Town/City"])
    {'harm/killed': 'killed', 'harm/injured': 'injured', '_where it was_latitude': 'latitude', 'Town/City': 'Town/City'}
    >>> list(question_names(["civilians/killed", "soldiers/killed"]).values())
    ['civilians/killed', 'soldiers/killed']
    """
    names = list(columns)
    groups = Counter(name.rpartition("/")[0] for name in names)
    short = {}
    for name in names:
        group, _unused, question = name.rpartition("/")
        shared = groups[group] > 1 and group not in names
        apart = group and question.strip() and shared and not _COUNTED & set(fold(group.replace("_", " ")).split())
        point = _POINT_OF_A_FORM.fullmatch(name)
        short[name] = point[1] if point else question if apart else name
    once = Counter(short.values())
    return {name: question if once[question] == 1 else name for name, question in short.items()}


CALLED = {
    ours: tuple(dict.fromkeys(form for name in (ours, *_CALLED.get(ours, "").split("|")) for form in spellings(name.strip())[:1]))
    for ours in OURS
}
"""For each of ours, what it is called elsewhere, as `spellings` writes it; the surest name first."""
