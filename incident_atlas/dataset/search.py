"""What a typed text looks for in a record: words, terms of the vocabulary, places in another script, and dates.

Every word must be found, in the text of an incident or as a term or a date of it. Words of a question are left out.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

import narwhals as nw

from incident_atlas.core.schema import SEVERAL, split
from incident_atlas.core.synonyms import LEFT_OUT, SearchTerm, search_terms
from incident_atlas.core.vocabulary import YEARS
from incident_atlas.geo.gazetteer import fold, offline_gazetteer

_MOST_PLACE_WORDS = 4
_NAMES = [name.lower() for name in calendar.month_name[1:]]
_MONTHS = {name: n for n, name in enumerate(_NAMES, 1)} | {name[:3]: n for n, name in enumerate(_NAMES, 1)} | {"sept": 9}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4})"
_DATES = [
    re.compile(rf"(?<![\w-]){pattern}(?![\w-])")
    for pattern in (
        rf"(?:{_DAY}\s+)?{_MONTH},?\s+{_YEAR}",
        rf"{_MONTH}\s+{_DAY},?\s+{_YEAR}",
        r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)",
        _YEAR,
    )
]
"""26 August 2021 or August 2021; August 26, 2021; 2021-08-26; 2021."""


@lru_cache(maxsize=64)
def parse_search(text: str) -> tuple[SearchTerm, ...]:
    """What a text looks for; empty when it holds no word.

    >>> [term.words for term in parse_search("Who attacked the Russian embassy in Sept. 2022?")]
    ['russian', 'embassy', 'sept 2022']
    >>> parse_search("August 2021")[0].days
    (datetime.date(2021, 8, 1), datetime.date(2021, 8, 31))
    """
    dates, rest = _dates(text)
    terms, others, words = [], [], fold(rest).split()
    while words:
        sizes = range(min(_MOST_PLACE_WORDS, len(words)), 0, -1) if not words[0].isascii() else ()
        named = ((n, offline_gazetteer().names_of(" ".join(words[:n]))) for n in sizes)
        n, names = next(((n, names) for n, names in named if names), (1, ()))
        if names:
            native = " ".join(words[:n])
            terms.append(SearchTerm(native, (native, *names)))
        else:
            others.append(words[0])
        words = words[n:]
    terms = [*search_terms(" ".join(others)), *terms, *dates]
    kept = tuple(term for term in terms if term.words not in LEFT_OUT or term.stands_for)
    return kept or tuple(terms)


def _dates(text: str) -> tuple[list[SearchTerm], str]:
    """The dates in a text, and the text without them. A number that is no year of an incident stays a word."""
    found, rest = [], text.lower()
    for pattern in _DATES:
        for match in pattern.finditer(rest):
            parts = match.groupdict()
            year, month, day = int(parts["year"]), parts.get("month"), parts.get("day")
            n = (_MONTHS.get(month) or int(month)) if month else 0
            try:
                first = date(year, n or 1, int(day or 1))
                last = first if day else date(year, n or 12, calendar.monthrange(year, n or 12)[1])
            except ValueError:
                continue
            if YEARS[0] <= year <= YEARS[1]:
                # A text may name a year, as that of an election; a month with its year is the date of what happened.
                found.append(SearchTerm(fold(match[0]), () if month else (match[0],), True, None, (first, last)))
        for term in found:
            rest = pattern.sub(lambda match, words=term.words: " " if fold(match[0]) == words else match[0], rest)
    return found, rest


def left_out(text: str) -> list[str]:
    """The words of a text, folded, that a search leaves out.

    >>> left_out("Who attacked the Russian embassy?")
    ['who', 'attacked', 'the']
    """
    used = {word for term in parse_search(text) for word in term.words.split()}
    return [word for word in dict.fromkeys(fold(text).split()) if word not in used]


def typed(text: str, words: Iterable[str]) -> str:
    """Of a text only these folded words, as they were typed.

    >>> typed("Who attacked the Russian embassy?", ["embassy", "russian"])
    'Russian embassy?'
    """
    kept = set(words)
    parts = ((word, fold(word).split()) for word in text.split())
    # Of a word that folds to several only some may be kept: hit-and-run.
    return " ".join(
        word if kept.issuperset(folded) else " ".join(part for part in folded if part in kept)
        for word, folded in parts
        if not folded or kept.intersection(folded)
    )


def mentioned(incidents: Any, text: str) -> nw.Expr:
    """That an incident has everything that a text looks for; the text holds a word at least.

    incidents: as for `filters.Filters.conditions`.
    """
    found = mentions_all(incidents, parse_search(text))
    if isinstance(nw.from_native(incidents), nw.LazyFrame) and fold(text) != text.lower():
        # An engine folds capitals alone: words with other signs are found as they are written, too.
        dates, rest = _dates(text)
        if words := [word for word in rest.split() if word not in LEFT_OUT]:
            as_written = (nw.col("text").str.contains(word, literal=True) for word in words)
            found |= nw.all_horizontal(*as_written, *(mentions(incidents, term) for term in dates), ignore_nulls=True)
    return found


def mentions_all(incidents: Any, terms: Iterable[SearchTerm]) -> nw.Expr:
    """That an incident has each of these; there is one at least."""
    return nw.all_horizontal(*(mentions(incidents, term) for term in terms), ignore_nulls=True)


def mentions(incidents: Any, term: SearchTerm) -> nw.Expr:
    """That an incident's text holds the words, that it has the term that they stand for (mosque, car bomb, Daesh), or their date."""
    text, found = nw.col("text"), []
    for words in term.texts:
        found.append(text.str.contains(rf"\b{re.escape(words)}s?\b") if term.whole else text.str.contains(words, literal=True))
    if term.stands_for:
        column, name = term.stands_for
        found.append(holds(incidents, column, {name}) if column in SEVERAL else nw.col(column) == name)
    if term.days:
        first, last = (datetime.combine(day, time.min) for day in term.days)
        found.append((nw.col("last_day") >= first) & (nw.col("first_day") <= last))
    return nw.any_horizontal(*found, ignore_nulls=True)


def holds(incidents: Any, name: str, terms: set[str]) -> nw.Expr:
    """That a cell of several terms has one of these."""
    frame = nw.from_native(incidents)
    if isinstance(frame, nw.LazyFrame):
        # Asking an engine for the distinct cells first would be a query more.
        cell = nw.concat_str(nw.lit(";"), nw.col(name), nw.lit(";"))
        return nw.any_horizontal(*(cell.str.contains(f";{term};", literal=True) for term in sorted(terms)), ignore_nulls=True)
    return nw.col(name).is_in([cell for cell in frame[name].unique().to_list() if terms & set(split(cell))])
