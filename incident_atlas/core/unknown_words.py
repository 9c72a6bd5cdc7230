"""What a cell says when nothing is known: "?", "n/a", "unclear", "unbekannt". One list for names, places, terms and figures of any file.

A cell of it is as good as blank: it names no perpetrator, no place and no target, and nothing is attributed to it.
"""

from __future__ import annotations

UNKNOWN_SIGNS = frozenset(
    "? ?? ??? ؟ . .. ... … - -- --- – — / // * _ n/a #n/a #na na n.a. n.a n.d. n/d n/k n.k. s/d н/д k.a. k.a nan null".split()
) | {"k. a.", "n. a."}
"""Signs, abbreviations and words of programs, in lower case."""

UNKNOWN_WORDS = frozenset(
    word.strip()
    for word in (
        "unknown|unk|unkn|not known|unclear|not clear|unspecified|not specified|undetermined|not determined|to be determined|tbd|tbc"
        "|to be confirmed|not confirmed|unconfirmed|not available|not reported|not stated|not given|none given|not provided"
        "|none provided|not disclosed|undisclosed|not identified|unidentified|no data|no info|no information|not sure|unsure"
        "|don't know|don’t know|dont know|do not know"
        "|unbekannt|nicht bekannt|unklar|ungeklärt|keine angabe|keine angaben|nicht angegeben|keine information|keine informationen"
        "|inconnu|inconnue|inconnus|inconnues|non connu|non précisé|non précisée|non spécifié|non spécifiée|non identifié|non identifiée"
        "|non identifiés|non communiqué|non renseigné|indéterminé|à déterminer|à confirmer|pas clair"
        "|desconocido|desconocida|desconocidos|desconocidas|se desconoce|no se sabe|sin datos|sin dato|sin información|no especificado"
        "|no identificado|no identificados|no disponible|por determinar|por confirmar"
        "|sconosciuto|ignoto|onbekend|desconhecido|bilinmiyor|belirsiz"
        "|неизвестно|неизвестен|неизвестна|неизвестны|неизвестный|неизвестные|нет данных|не указано|не установлено"
        "|نامعلوم|نا معلوم|نامشخص|ناشناس|معلوم نیست|مشخص نیست|مجهول|غير معروف|غير محدد"
    ).split("|")
)
"""Words with which somebody said that it is not known, in lower case."""

_NO_NAME = frozenset(
    "none|nil|no one|nobody|not applicable|unnamed|unclaimed|no claim|not claimed|unknown location|unknown place|location unknown|unknown target"
    "|keiner|niemand|keine|kein bekenntnis|aucun|aucune|non revendiqué|ninguno|ninguna|sin reivindicar|нет|هیچ".split("|")
)
"""Words that name nobody and nothing. Of a figure some of them say 0."""

_AROUND = " \t\r\n()[]{}<>\"'“”„«».!*?؟"
_PERSIAN = str.maketrans("يك\u200c", "یک ")  # Arabic letters that stand for Persian ones, and the joiner that parts a word
_LONGEST = max(map(len, UNKNOWN_WORDS | _NO_NAME)) + 10


def is_unknown(cell: str) -> bool:
    """Whether a cell of a name, a place or a term says that it is not known, or holds signs alone; a blank cell says nothing.

    >>> [is_unknown(cell) for cell in ("?", "--", "N/A", "tbd", "(unclear)", "Unbekannt", "none given", "نامعلوم")]
    [True, True, True, True, True, True, True, True]
    >>> [is_unknown(cell) for cell in ("", "@cmd", "Taliban?", "Unknown gunmen", "Nangarhar")]
    [False, False, False, False, False]
    """
    if not cell or len(cell) > _LONGEST:
        return False
    text = " ".join(cell.casefold().translate(_PERSIAN).split())
    if text in UNKNOWN_SIGNS or (text and not any(map(str.isalnum, text))):
        return True
    text = text.strip(_AROUND)
    return text in UNKNOWN_WORDS or text in _NO_NAME or text in UNKNOWN_SIGNS
