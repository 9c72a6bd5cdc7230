"""Words that people use for the terms of the record: "mosque" is a Place of Worship, "Daesh" the Islamic State.

One table for the search field, the choices of the filters, the address of a page and the options of the commands. A word that
means less than its term is not here: who looks for a gurdwara does not look for every mosque.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from incident_atlas.core.reference_data import perpetrators

_TERMS = {
    ("target_subtype", "Place of Worship"): "mosque, masjid",
    ("target_subtype", "Religious Figure"): "religious figure, religious leader, cleric",
    ("target_type", "Government (Diplomatic)"): "diplomatic",
    ("target_subtype", "Embassy/Consulate"): "embassy, consulate",
    ("target_subtype", "Diplomatic Personnel"): "diplomat",
    ("target_subtype", "International Organization"): "un, united nations, unama",
    ("target_subtype", "Hospital"): "hospital",
    ("target_type", "Educational Institution"): "education",
    ("target_subtype", "School/University"): "school, university",
    ("target_subtype", "Teacher"): "teacher",
    ("target_subtype", "Student"): "student",
    ("target_type", "Journalists & Media"): "journalist, reporter, media",
    ("target_subtype", "Television"): "television, tv",
    ("target_subtype", "Radio"): "radio",
    ("target_subtype", "Newspaper"): "newspaper",
    ("target_type", "Police"): "police, policeman, policemen",
    ("target_type", "Military"): "military, soldier, army, troops",
    ("target_type", "Government (General)"): "government",
    ("target_subtype", "Politician or Political Party Movement/Meeting/Rally"): "politician",
    ("target_subtype", "Judge/Attorney/Court"): "judge, court, attorney, lawyer",
    ("target_subtype", "Election-related"): "election",
    ("target_type", "Private Citizens & Property"): "civilian",
    ("target_subtype", "Procession/Gathering"): "procession",
    ("target_subtype", "Protester"): "protester",
    ("target_subtype", "Refugee"): "refugee",
    ("target_subtype", "Marketplace/Plaza/Square"): "marketplace, market, bazaar",
    ("target_type", "Airports & Aircraft"): "aviation",
    ("target_subtype", "Airport"): "airport",
    ("target_subtype", "Bus"): "bus",
    ("target_type", "Business"): "business",
    ("target_subtype", "Hotel/Resort"): "hotel",
    ("target_subtype", "Restaurant/Bar/Café"): "restaurant",
    ("target_subtype", "Bank/Commerce"): "bank",
    ("target_subtype", "Prison/Jail"): "prison, jail",
    ("target_type", "Tourists"): "tourist",
    ("target_type", "NGO"): "ngo, aid organisation, aid organization, aid worker, aid agency, humanitarian, charity",
    ("target_subtype", "NATO Related"): "prt, provincial reconstruction team",
    ("weapon", "Vehicle bomb"): "car bomb, truck bomb, vbied, svbied",
    ("weapon", "Roadside bomb"): "ied, improvised explosive device",
    ("weapon", "Suicide vest"): "suicide bomber, suicide vest, suicide belt",
    ("weapon", "Magnetic bomb"): "sticky bomb, limpet mine",
    ("weapon", "Landmine"): "landmine, land mine",
    ("weapon", "Grenade"): "grenade",
    ("weapon", "Drone"): "drone",
    ("weapon", "Air strike"): "airstrike, air strike",
    ("perpetrator", "Haqqani Network"): "haqqani",
    ("attack_type", "Assassination"): "assassination",
    ("attack_type", "Bombing/Explosion"): "bombing, explosion",
    ("attack_type", "Hostage Taking (Kidnapping)"): "kidnapping, abduction",
}
SYNONYMS = {word: key for key, words in _TERMS.items() for word in words.split(", ")}
"""Folded word or phrase to the column and the term that it stands for."""

_SPELLINGS = (
    ("centre", "center"), ("defence", "defense"), ("organisation", "organization"), ("neighbourhood", "neighborhood"),
    ("labour", "labor"), ("armoured", "armored"), ("harbour", "harbor"), ("programme", "program"), ("theatre", "theater"),
)  # fmt: skip
SPELLINGS = dict(_SPELLINGS) | {american: british for british, american in _SPELLINGS}
"""British to American spelling and back."""

LEFT_OUT = frozenset(
    """a an the this that these those who whom whose what when where which why how did do does was were is are be been has have had
    there in on of by at to from for with and any all happen happened attack attacks attacked attacking incident incidents""".split()
)
"""Words of a question, and words that fit every incident: a search leaves them out when it has others."""

_SINGULAR = {"buses": "bus", "hindus": "hindu", "news": "news"}
_NO_PLURAL = ("ss", "us", "is")
_WITH_ES = ("ches", "shes", "xes", "zes", "sses")
_SHORT = 3
"""Letters of a word that is looked for as a word: "un" is not looked for in "gunmen"."""
_MOST_WORDS = 3


class SearchTerm(NamedTuple):
    """One thing that is searched for, found by any of these.

    words: as they were typed, folded. texts: what is looked for in the text of an incident. whole: as words and not inside others.
    stands_for: column and term. days: the first and the last day that a date may mean.
    """

    words: str
    texts: tuple[str, ...] = ()
    whole: bool = False
    stands_for: tuple[str, str] | None = None
    days: tuple[date, date] | None = None


def search_terms(text: str) -> list[SearchTerm]:
    """The words of a folded text, phrases of the table kept together.

    >>> [term.words for term in search_terms("car bomb kabul")]
    ['car bomb', 'kabul']
    >>> search_terms("mosques")[0].texts, search_terms("mosques")[0].stands_for
    (('mosque',), ('target_subtype', 'Place of Worship'))
    """
    words, terms = text.split(), []
    while words:
        for n in range(min(_MOST_WORDS, len(words)), 0, -1):
            phrase = " ".join(words[:n])
            if (term := meaning(phrase)) or n == 1:
                known = singular(phrase)
                short = len(known) <= _SHORT and (term is not None or known != phrase)
                terms.append(SearchTerm(phrase, _texts(known), short, term))
                words = words[n:]
                break
    return terms


def singular(phrase: str) -> str:
    """A folded word or phrase without the ending of a simple plural.

    >>> [singular(word) for word in ("journalists", "embassies", "churches", "car bombs", "kunduz", "abbas", "news")]
    ['journalist', 'embassy', 'church', 'car bomb', 'kunduz', 'abba', 'news']
    """
    *before, word = phrase.split(" ")
    if word in _SINGULAR:
        word = _SINGULAR[word]
    elif len(word) > _SHORT and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif word.endswith(_WITH_ES):
        word = word[:-2]
    elif len(word) > _SHORT and word.endswith("s") and not word.endswith(_NO_PLURAL):
        word = word[:-1]
    return " ".join((*before, word))


def _texts(phrase: str) -> tuple[str, ...]:
    """A singular and what its plural and its other spelling do not have in common with it."""
    several = [plural for plural, one in _SINGULAR.items() if one == phrase != plural]
    if len(phrase) > _SHORT and phrase[-1] == "y" and phrase[-2] not in "aeiou":
        several.append(f"{phrase[:-1]}ies")
    return (phrase, *several, *([SPELLINGS[phrase]] if phrase in SPELLINGS else []))


def meaning(phrase: str) -> tuple[str, str] | None:
    """Column and term of a folded word or phrase, also of its plural; None for any other."""
    for word in (phrase, singular(phrase)):
        if word in SYNONYMS:
            return SYNONYMS[word]
        if word in perpetrators():
            return "perpetrator", perpetrators()[word]
    return None


def words_for(column: str, term: str) -> list[str]:
    """The words that stand for a term of this column, the usual ones first, without the term itself."""
    return [word for word in _TERMS.get((column, term), "").split(", ") if word and word != term.casefold()]
