"""Words that people use for the terms of the record: "mosque" is a Place of Worship, "Daesh" the Islamic State.

One table for the search field, the choices of the filters, the address of a page and the options of the commands. A word that
means less than its term is not here: who looks for a gurdwara does not look for every mosque.
"""

from __future__ import annotations

from typing import NamedTuple

from incident_atlas.core.reference_data import perpetrators

_TERMS = {
    ("target_subtype", "Place of Worship"): "mosque, masjid",
    ("target_subtype", "Embassy/Consulate"): "embassy, embassies, consulate",
    ("target_subtype", "International Organization"): "un, united nations, unama",
    ("target_subtype", "Hospital"): "hospital",
    ("target_subtype", "School/University"): "school, university",
    ("target_subtype", "Procession/Gathering"): "procession",
    ("target_subtype", "Airport"): "airport",
    ("target_type", "NGO"): "ngo, aid organisation, aid organization, aid worker, charity",
    ("target_subtype", "NATO Related"): "prt, provincial reconstruction team",
    ("weapon", "Vehicle bomb"): "car bomb, truck bomb, vbied, svbied",
    ("weapon", "Roadside bomb"): "ied, improvised explosive device",
    ("weapon", "Suicide vest"): "suicide bomber, suicide vest, suicide belt",
    ("weapon", "Magnetic bomb"): "sticky bomb, limpet mine",
    ("perpetrator", "Haqqani Network"): "haqqani",
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

_MOST_WORDS = 3


class SearchTerm(NamedTuple):
    """One thing that is searched for: its word or phrase, other spellings, and the column and term that it stands for, if any."""

    words: str
    spellings: tuple[str, ...] = ()
    stands_for: tuple[str, str] | None = None


def search_terms(text: str) -> list[SearchTerm]:
    """The words of a folded text, phrases of the table kept together.

    >>> [term.words for term in search_terms("car bomb kabul")]
    ['car bomb', 'kabul']
    >>> search_terms("mosques")[0].stands_for
    ('target_subtype', 'Place of Worship')
    """
    words, terms = text.split(), []
    while words:
        for n in range(min(_MOST_WORDS, len(words)), 0, -1):
            phrase = " ".join(words[:n])
            if (term := meaning(phrase)) or n == 1:
                spellings = (SPELLINGS[phrase],) if phrase in SPELLINGS else ()
                terms.append(SearchTerm(phrase, spellings, term))
                words = words[n:]
                break
    return terms


def meaning(phrase: str) -> tuple[str, str] | None:
    """Column and term of a folded word or phrase, also of its plural; None for any other."""
    for word in (phrase, phrase.removesuffix("s")):
        if word in SYNONYMS:
            return SYNONYMS[word]
        if word in perpetrators():
            return "perpetrator", perpetrators()[word]
    return None


def words_for(column: str, term: str) -> list[str]:
    """The words that stand for a term of this column, the usual ones first."""
    return _TERMS[column, term].split(", ") if (column, term) in _TERMS else []
