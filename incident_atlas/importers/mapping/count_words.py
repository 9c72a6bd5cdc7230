"""Words beside a count: for nobody, for the people who are counted, and for attackers, who are not among the victims.

Only words of these lists are read, so that "3 vehicles" or "2 dozen" is never taken for a number of people.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import combinations

from incident_atlas.geo.gazetteer import fold

NOBODY = frozenset(
    "none|nil|zero|nobody|no one|no-one|nobody killed|nobody hurt|none killed|none injured|none wounded|no casualties"
    "|no victims|no deaths|no fatalities|no injuries|no injured|no wounded|no killed|aucun|aucune|aucun mort|aucun blessé|personne"
    "|нет|нет погибших|нет раненых|никто|keine|keiner|niemand|keine toten|keine verletzten|ninguno|ninguna|nadie|هیچ|هیچکس|هیچ کس".split(
        "|"
    )
)
"""What a cell says when nobody was hurt, in lower case."""

_HARM = {
    "killed": "killed kia dead deaths death fatalities fatality died martyred morts mort tués tué tote toter getötete убиты убито погибли погибло"
    " погибших погибший muertos muerto کشته شهید",
    "wounded": "wounded wia injured injuries injury hurt blessés blessé verletzte verletzter ранены ранено раненых раненый heridos herido"
    " زخمی مجروح",
}
_ANYBODY = (
    "people persons person victims victim casualties personnes personne victimes victime personen person menschen opfer человек человека"
    " люди personas persona نفر تن"
)
_CIVILIANS = "civilian civilians civils civil zivilisten zivilist civiles غیرنظامی غیرنظامیان ملکی гражданских мирных жителей"
_ARMED = (
    "soldier soldiers troops police policeman policemen policewoman policewomen officer officers guard guards serviceman servicemen"
    " marine marines commander commanders soldats soldat policiers policier soldaten polizisten polizist солдат солдата солдаты"
    " полицейских полицейский полицейские военных soldados soldado policías policía سرباز سربازان پولیس نظامی"
)
_OTHERS = (
    "child children kid kids boy boys girl girls infant infants baby babies woman women man men male males female females adult adults"
    " student students pupil pupils teacher teachers journalist journalists reporter reporters doctor doctors nurse nurses worker workers"
    " staff employee employees official officials judge judges worshipper worshippers worshiper worshipers driver drivers passenger"
    " passengers pedestrian pedestrians shopkeeper shopkeepers bystander bystanders local locals resident residents villager villagers"
    " elder elders cleric clerics imam imams scholar scholars mourner mourners farmer farmers diplomat diplomats foreigner foreigners"
    " national nationals national afghan afghans member members enfant enfants femme femmes homme hommes kind kinder frau frauen mann"
    " männer ребенок ребенка детей дети женщин женщина женщины niño niños mujer mujeres کودک کودکان طفل زن زنان مرد مردان"
)
_QUALITY_WORDS = frozenset(
    (
        "a an of the other others young old elderly unarmed afghan foreign local international american british german french russian"
        " pakistani indian iranian chinese hazara shia shiite sikh sunni aid health polio humanitarian un ngo embassy government security"
        " army military border traffic national ana anp ansf us nato coalition tribal religious school university media female male reported"
    ).split()
)


def _words(text: str) -> frozenset[str]:
    return frozenset(fold(text).split())


_HARM_WORDS = {kind: _words(text) for kind, text in _HARM.items()}
_PEOPLE = _words(" ".join((_ANYBODY, _CIVILIANS, _ARMED, _OTHERS)))


def _trait(*values: tuple[str, str]) -> dict[str, frozenset[str]]:
    """For each word the values that it leaves possible, from pairs of values and words."""
    return {word: frozenset(possible.split()) for possible, words in values for word in _words(words)}


_TRAITS = (
    _trait(
        (
            "civilian",
            f"{_CIVILIANS} child children kid kids boy boys girl girls infant infants baby babies enfant enfants kind kinder ребенок ребенка"
            " детей дети niño niños کودک کودکان طفل student students pupil pupils teacher teachers journalist journalists reporter"
            " reporters nurse nurses judge judges pedestrian pedestrians shopkeeper shopkeepers bystander bystanders locals resident"
            " residents villager villagers elder elders cleric clerics imam imams farmer farmers diplomat diplomats",
        ),
        (
            "police",
            "police policeman policemen policewoman policewomen policiers policier polizisten polizist полицейских полицейский"
            " полицейские policías policía پولیس anp",
        ),
        (
            "army",
            "soldier soldiers troops serviceman servicemen marine marines soldats soldat soldaten солдат солдата солдаты soldados"
            " soldado سرباز سربازان army military ana",
        ),
        ("police army", "officer officers guard guards commander commanders военных نظامی ansf"),
    ),
    _trait(
        (
            "child",
            "child children kid kids boy boys girl girls infant infants baby babies enfant enfants kind kinder ребенок ребенка детей"
            " дети niño niños کودک کودکان طفل",
        ),
        (
            "adult",
            "adult adults man men woman women homme hommes femme femmes mann männer frau frauen женщин женщина женщины mujer mujeres"
            " مرد مردان زن زنان teacher teachers journalist journalists reporter reporters doctor doctors nurse nurses judge judges"
            " elder elders diplomat diplomats",
        ),
    ),
    _trait(
        ("male", "male males man men boy boys homme hommes mann männer مرد مردان policeman policemen serviceman servicemen"),
        (
            "female",
            "female females woman women girl girls femme femmes frau frauen женщин женщина женщины mujer mujeres زن زنان policewoman"
            " policewomen",
        ),
    ),
    _trait(
        ("student", "student students pupil pupils"),
        ("teacher", "teacher teachers"),
        ("journalist", "journalist journalists reporter reporters"),
        ("doctor", "doctor doctors"),
        ("nurse", "nurse nurses"),
        ("driver", "driver drivers"),
        ("judge", "judge judges"),
        ("farmer", "farmer farmers"),
        ("shopkeeper", "shopkeeper shopkeepers"),
    ),
    _trait(
        ("afghan", "afghan afghans ana anp ansf"),
        ("american", "american us"),
        *((name, name) for name in "british french german russian pakistani indian iranian chinese".split()),
        (
            "american british french german russian pakistani indian iranian chinese other",
            "foreign foreigner foreigners international nato coalition",
        ),
    ),
    _trait(
        ("gun", "gunman gunmen shooter shooters"),
        ("bomb", "bomber bombers kamikaze kamikazes смертник смертника смертники смертников انتحاری"),
    ),
    _trait(("taliban", "taliban talib talibs талиб талибы талибов طالب طالبان"), ("is", "isis isil iskp daesh islamic داعش")),
)
"""Service, age, sex, occupation and nationality of people, weapon and group of attackers: nobody has two values of one of these."""

_ATTACKER = re.compile(
    r"\b(?:taliban\w*|talib|talibs|attackers?|assailants?|(?:suicide )?bombers?|gunm[ae]n|shooters?|militants?|insurgents?|terrorists?"
    r"|fighters?|perpetrators?|extremists?|rebels?|jihadis?|jihadists?|mujahid\w*|isis\w*|is k|iskp|isil|daesh|islamic state|al qaeda"
    r"|haqqanis?|assaillants?|terroristes?|kamikazes?|angreifer|attentater|terroristen|kampfer|atacantes?|terroristas?"
    r"|боевик\w*|террорист\w*|смертник\w*|нападавш\w*|талиб\w*|طالب|طالبان|طالب\w*|مهاجم\w*|انتحاری|داعش|تروریست\w*)\b"
)
"""As it stands in a folded text."""

_PARTS = re.compile(r"(?:,(?!\d)|،|[;+&\n]|\b(?:and|et|und|y)\b|(?<=\s)[ию](?=\s)|(?<=\s)و(?=\s))")
_OF_THEM = re.compile(
    r"[ ,]*\(?(?:incl(?:uding|\.)?|among them|of (?:them|whom)|dont|y compris|darunter|davon|в том числе|из них|incluid[oa]s?|به شمول|از جمله)\b.*"
)
_NUMBER_AND_WORDS = re.compile(r"(.*\d\+?)[ -]*([^\d+]*)")


def names_attackers(text: str) -> bool:
    """Whether there is a word for attackers or an armed group in it.

    >>> names_attackers("3 + attacker"), names_attackers("2 Taliban"), names_attackers("2 soldiers")
    (True, True, False)
    """
    return _ATTACKER.search(fold(text)) is not None


def counted_people(text: str, column: str) -> list[str]:
    """The numbers of a text in lower case that counts people in words, each without its words; [] where it says anything else.

    column: one of ours that counts people: "5 killed" is a number of the killed, "3 gunmen" one of the attackers killed. Several parts
    are read only where nobody can be in two of them.

    >>> counted_people("2 soldiers, 1 child", "killed"), counted_people("at least 3 (incl. 2 children)", "killed")
    (['2', '1'], ['at least 3'])
    >>> counted_people("5 people, 2 children", "killed"), counted_people("2 dozen", "killed"), counted_people("5 hurt", "killed")
    ([], [], [])
    >>> counted_people("3 gunmen", "attackers_killed"), counted_people("3 army", "attackers_killed")
    (['3'], [])
    """
    whole = _OF_THEM.sub("", text)
    found = [_NUMBER_AND_WORDS.fullmatch(part.strip()) for part in _PARTS.split(whole)]
    if not all(found):
        return []
    words = [_words(part[2]) for part in found]
    if column == "attackers_killed":
        known = all(_are_attackers(fold(part[2])) for part in found)
    else:
        harm = _HARM_WORDS[column.split("_")[0]] if column.startswith(tuple(_HARM_WORDS)) else frozenset()
        known = all(_are_people(held, harm) or (not held and whole != text) for held in words)
    return [part[1].strip() for part in found] if known and not _overlap(words) else []


def _are_people(words: frozenset[str], harm: frozenset[str]) -> bool:
    return bool(words & (_PEOPLE | harm)) and words <= _PEOPLE | _QUALITY_WORDS | harm


def _are_attackers(words: str) -> bool:
    return _ATTACKER.search(words) is not None and set(_ATTACKER.sub("", words).split()) <= _QUALITY_WORDS


def _overlap(parts: Sequence[frozenset[str]]) -> bool:
    """Whether parts may count the same people: "10 students, 4 women" may, "3 civilians, 2 soldiers" do not."""
    return not all(_exclude(first, second) for first, second in combinations(parts, 2))


def _exclude(first: frozenset[str], second: frozenset[str]) -> bool:
    """Whether some trait keeps the people of these words apart."""
    pairs = ((_possible(first, trait), _possible(second, trait)) for trait in _TRAITS)
    return any(mine and theirs and not mine & theirs for mine, theirs in pairs)


def _possible(words: frozenset[str], trait: dict[str, frozenset[str]]) -> frozenset[str]:
    """The values of a trait that all words leave possible; none where no word tells, or two contradict each other."""
    values = [trait[word] for word in words if word in trait]
    return frozenset.intersection(*values) if values else frozenset()
