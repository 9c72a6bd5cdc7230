"""The offline geocoder: a geopy `Geocoder` over data/gazetteer.csv, which says how it found a place and how well.

Names are compared folded: case, accents, hyphens and the variants of Arabic letters do not count. A name or an alias is
taken as it stands, unless several places far apart share it: then nothing is placed, and `candidates` lists them. A longer text ("near the Russian embassy, Darulaman Road") is searched for the names in it; a
misspelling is guessed (rapidfuzz) only among the places of the stated province, and its score is told.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from pathlib import Path
from secrets import token_bytes

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from rapidfuzz import fuzz, process

from incident_atlas.core.reference_data import DATA
from incident_atlas.core.vocabulary import GEO_PRECISIONS
from incident_atlas.geo import place_text
from incident_atlas.geo.distance import kilometres
from incident_atlas.geo.foreign_names import is_abroad

GAZETTEER = DATA / "gazetteer.csv"

SPELLING_CUTOFF = 85
"""rapidfuzz ratio, 0 to 100, below which a misspelling is no match: Hirat and Herat score 80 and need an alias."""

LIKE_CUTOFF = 60
"""The same for what is only shown to a person."""

LONGEST_TEXT = 200
"""Characters of a text in which names are looked for that are only like it."""

ONE_PLACE_KM = 30.0
"""A town this near to a district of its name is that district's; farther apart they are two places."""

SHORTEST_IN_TEXT = 5
"""Letters of a district's name that is looked for inside a longer text without the word district: Kot and Dara are in many names."""

MOST_REMEMBERED = 50_000
"""Answers that are kept; then all are dropped."""

NEAR_SCORE = 80.0
"""The score of a place that a text names only as being near: "opposite the hotel" is not in it."""

_NOTHING = object()
_REPLACED = {"ي": "ی", "ى": "ی", "ئ": "ی", "ك": "ک", "ة": "ه", "ۀ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ؤ": "و"} | dict.fromkeys(
    "\u200c\u200d\u0640'’`ʿʾ‘", ""
)
_LETTERS = str.maketrans(_REPLACED)
_KIND_ORDER = ("city", "province", "district", "neighbourhood", "landmark", "country")
_LONGEST_NAME = 7  # words
_NEAR = set("near outside opposite behind beside by close next toward towards between around approaching".split())
_WORD = re.compile(r"\w+")
_STEPS = re.compile(r"\b\d+ ?(m|met(?:re|er)s?|yards?)\b")
_FAR = re.compile(r"\b(\d+(?:\.\d+)?) ?(km|kilomet\w*|miles?)\b")
_ON_THE_WAY = re.compile(r"\boutskirts\b|\b(road|way|highway) (to|from)\b")
_HEDGE = re.compile(r"\b(near|outside|outskirts of|(?:km|miles?)(?: \w+)? (?:of|from)|in|at)\b")
_BETWEEN_AREAS = re.compile(r"\b(between|border|highway)\b")
_AT_ONCE = 4_000  # texts whose bytes fit the processor's own memory
_BLANK = ord(" ")
# What each byte of an ASCII text becomes when it is folded: 0 when it is left out, a blank when it parts two words.
_BYTES = bytes(
    [0 if at in _LETTERS else ord(chr(at).lower()) if _WORD.match(chr(at)) else _BLANK for at in range(128)] + [_BLANK] * 128
)
_CLAUSES = re.compile(r"[,;()،؛]")


@dataclass(frozen=True)
class Place:
    """One row of the gazetteer."""

    place_id: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    parent: str
    province: str
    latitude: float
    longitude: float
    geo_precision: str
    source: str


@dataclass(frozen=True)
class Match:
    """A place, how well it is known from this text, how surely it is meant (0 to 100), and how it was found."""

    place: Place
    geo_precision: str
    score: float
    method: str  # name, alias, in the text, spelling


def fold(text: str) -> str:
    """A name reduced to what spellings share.

    >>> fold("Mazār-e-Sharīf"), fold("كابل") == fold("کابل")
    ('mazar e sharif', True)
    """
    if text.isascii():
        kept = text.translate(_LETTERS)
    else:
        # A text has few different letters: each is looked at once, which takes a tenth of the time of looking at every one.
        kept = text
        for char in set(text) & _REPLACED.keys():
            kept = kept.replace(char, _REPLACED[char])
        kept = unicodedata.normalize("NFKD", kept)
        for char in {char for char in set(kept) if unicodedata.combining(char)}:
            kept = kept.replace(char, "")
    return " ".join(_WORD.findall(kept.casefold()))


def folded(texts: pa.LargeStringArray) -> pa.LargeStringArray:
    """`fold` of every text, at once: that of half a million rows one by one takes longer than all the rest of loading them.

    The bytes of all texts are looked at as one array; only a text that is not ASCII is folded by itself.
    """
    if len(texts) > _AT_ONCE:
        return pa.concat_arrays([folded(texts.slice(start, _AT_ONCE)) for start in range(0, len(texts), _AT_ONCE)])
    offsets = np.frombuffer(texts.buffers()[1], dtype="int64")[texts.offset : texts.offset + len(texts) + 1]
    held = texts.buffers()[2]
    data = held[offsets[0] : offsets[-1]].to_pybytes() if held and len(texts) else b""
    kept, ends = np.frombuffer(data.translate(_BYTES), dtype="uint8"), offsets - offsets[:1]
    if b"'" in data or b"`" in data:
        kept, ends = _without(kept, ends, kept == 0)
    # Of several blanks the last stays, unless the text ends, or begins, with it.
    before_blank = np.append((kept == _BLANK)[1:], True)
    before_blank[ends[1:][ends[:-1] < ends[1:]] - 1] = True
    kept, ends = _without(kept, ends, (kept == _BLANK) & before_blank[: len(kept)])
    begins = ends[:-1][ends[:-1] < ends[1:]]
    if (begins := begins[kept[begins] == _BLANK]).size:
        first = np.zeros(len(kept), dtype=bool)
        first[begins] = True
        kept, ends = _without(kept, ends, first)
    plain = pa.LargeStringArray.from_buffers(len(texts), pa.py_buffer(ends.astype("int64")), pa.py_buffer(kept))
    other = pc.invert(pc.string_is_ascii(texts))
    if not pc.any(other).as_py():
        return plain
    by_itself = pa.array([fold(text) for text in texts.filter(other).to_pylist()], pa.large_string())
    return pc.replace_with_mask(plain, other, by_itself)


def _without(data: np.ndarray, ends: np.ndarray, dropped: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Bytes without some, and where each text ends among those that are left."""
    return data[~dropped], ends - np.searchsorted(np.flatnonzero(dropped), ends)


class OfflineGazetteer(Geocoder):
    """A geopy geocoder that needs no network: `geocode` returns a `Location`, or None when nothing fits."""

    def __init__(self, path: Path = GAZETTEER) -> None:
        super().__init__(user_agent="incident-atlas")
        with path.open(encoding="utf-8", newline="") as file:
            self.places = tuple(_place(row) for row in csv.DictReader(file))
        self.by_id = {place.place_id: place for place in self.places}
        self._children: dict[str, list[str]] = defaultdict(list)
        for place in self.places:
            self._children[place.parent].append(place.place_id)
        self._named: dict[str, list[tuple[Place, str]]] = defaultdict(list)
        for place in self.places:
            self._named[fold(place.name)].append((place, "name"))
            for alias in place.aliases:
                self._named[fold(alias)].append((place, "alias"))
        self._named.pop("", None)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for name, found in self._named.items():
            for province in {fold(place.province) for place, _ in found}:
                self._spellings[province].append(name)
        self._found: dict[bytes, Match | None] = {}
        self._secret = token_bytes(16)

    def geocode(self, query: str, *, province: str | None = None, exactly_one: bool = True, timeout=None) -> Location | None:
        """The place that `query` names, as geopy gives it; `raw` holds place_id, kind, province, geo_precision, score,
        method and source. With `exactly_one` false, a list of one. `timeout` is accepted and of no use here."""
        found = self.match(query, province)
        if found is None:
            return None
        place = found.place
        raw = {"place_id": place.place_id, "kind": place.kind, "province": place.province, "source": place.source}
        raw |= {"geo_precision": found.geo_precision, "score": found.score, "method": found.method}
        location = Location(place.name, (place.latitude, place.longitude), raw)
        return location if exactly_one else [location]

    def inside(self, place_id: str) -> frozenset[str]:
        """The place_ids of a place and of all that lies in it, by the parents that the gazetteer states."""
        found, waiting = set(), [place_id]
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += self._children.get(one, ())
        return frozenset(found)

    def names_of(self, text: str) -> tuple[str, ...]:
        """The folded names of all places that are called so, sorted; none for what names no place.

        >>> offline_gazetteer().names_of("هرات")
        ('herat',)
        """
        return tuple(sorted({fold(place.name) for place, _ in self._named.get(fold(text), [])}))

    def has_own_point(self, place: Place) -> bool:
        """Whether the place has a point of its own. One that no source gives is that of the larger place it lies in.

        >>> gazetteer = offline_gazetteer()
        >>> [gazetteer.has_own_point(gazetteer.by_id[place_id]) for place_id in ("kbl-taimani", "kbl-pul-e-sokhta")]
        [True, False]
        """
        above = self.by_id.get(place.parent)
        return above is None or (place.latitude, place.longitude) != (above.latitude, above.longitude)

    def is_unique(self, place: Place) -> bool:
        """Whether no place of another id goes by the name of this one."""
        return {other.place_id for other, _ in self._named[fold(place.name)]} == {place.place_id}

    def province_of(self, name: str) -> str | None:
        """The usual name of a province from any spelling of it, or None."""
        found = [place for place, _ in self._named.get(fold(name), []) if place.kind == "province"]
        return found[0].name if found else None

    def areas_named(self, text: str) -> list[Place]:
        """The countries, provinces and districts of which the whole text is a name.

        >>> [place.kind for place in offline_gazetteer().areas_named("Kabul")], offline_gazetteer().areas_named("Kabul airport")
        (['province'], [])
        """
        return [place for place, _ in self._named.get(fold(text), []) if place.kind in ("country", "province", "district")]

    def candidates(self, text: str, province: str | None = None) -> list[Match]:
        """The places that a name may mean, where it is a name but does not say which: of each province the one that it means there.

        Empty when nothing has that name, when only one place does, and for a name abroad; the larger kinds of place come first.
        """
        name = fold(text)
        within = fold(self.province_of(province) or province) if province else ""
        if not name or self.match(text, province) is not None or self._abroad(text, within):
            return []
        hits = [hit for hit in self._named.get(name, []) if not within or fold(hit[0].province) == within]
        found: dict[str, Match] = {}
        for place, method in sorted(hits, key=lambda hit: (_KIND_ORDER.index(hit[0].kind), hit[0].province, hit[1] != "name")):
            same = [other.place for other in found.values() if other.place.province == place.province]
            if not any(_km(other, place) <= ONE_PLACE_KM for other in same):
                found[place.place_id] = Match(place, place.geo_precision, 100.0, method)
        return list(found.values())

    def province_namesake(self, match: Match) -> str:
        """The province that has the same name as a town or district that was found by its name; blank for none."""
        names = {fold(match.place.name), *map(fold, match.place.aliases)}
        shared = [place.name for place in self.places if place.kind == "province" and fold(place.name) in names]
        by_name = match.method in ("name", "alias") and match.place.kind != "province"
        return shared[0] if shared and by_name else ""

    def mentioned(self, text: str, province: str | None = None) -> list[Place]:
        """Every place that a text names, longest names first, without the areas around others; those of the province are meant first.

        "Spera, Khost" names Spera alone. A name that a province has as well stands for the province, unless the text says city.
        """
        within = fold(self.province_of(province) or province) if province else ""
        found: list[Place] = []
        for words in (fold(part).split() for part in _CLAUSES.split(text)):
            start = 0
            while start < len(words):
                for size in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
                    name = " ".join(words[start : start + size])
                    provinces = [place for place, _ in self._named.get(name, []) if place.kind == "province"]
                    if provinces and "city" not in words:
                        found += provinces[:1]
                        break
                    picked = self._pick(name, within) or self._pick(name, "")
                    if picked and picked[0].kind != "country":
                        found.append(picked[0])
                        break
                start += size
        return [place for place in found if not any(self.contains(place, other) for other in found)]

    def contains(self, area: Place, place: Place) -> bool:
        """Whether a place lies in an area, as far as parents and provinces are stated; none lies in itself."""
        if area.place_id == place.place_id:
            return False
        if area.kind == "province":
            return place.province == area.name
        while (above := self.by_id.get(place.parent)) is not None:
            if above.place_id == area.place_id:
                return True
            place = above
        return False

    def _abroad(self, text: str, within: str) -> bool:
        """Whether the text names a place abroad. within: the stated province, in which its village of such a name is meant."""
        return not (within and fold(text) in self._named) and is_abroad(text, fold, self._named.__contains__)

    def alike(self, text: str, province: str | None = None, level: str = "", most: int = 20) -> list[Match]:
        """Places whose name is spelled like the text or some words of it, for a person to choose from, likest first; those of the
        province alone when one is given. level: as `kind` in `match`; what names a province is like provinces only.

        Score: the best rapidfuzz ratio of the name with the text, or with words in a row of it (then at most 95).
        """
        words = fold(text[:LONGEST_TEXT]).split()
        sizes = range(1, min(_LONGEST_NAME, len(words)) + 1)
        spans = [words, *(words[at : at + size] for size in sizes for at in range(len(words) - size + 1) if size < len(words))]
        within = fold(self.province_of(province) or province) if province else None
        names = self._spellings.get(within, []) if within else list(self._named)
        if not words or not names:
            return []
        weights = [1.0] + [0.95] * (len(spans) - 1)
        likeness = process.cdist([" ".join(span) for span in spans], names, scorer=fuzz.ratio, score_cutoff=LIKE_CUTOFF)
        scores = (likeness.T * weights).max(axis=1)
        coarsest = level if level in ("district", "province") else "exact"
        found = []
        for at in (-scores).argsort(kind="stable")[:most]:
            for place, method in self._named[names[at]] if scores[at] else []:
                if place.kind == "country" or (level == "province" and place.kind != "province"):
                    continue
                if within and fold(place.province) != within:
                    continue
                how = method if scores[at] == 100 else "similar"
                found.append(Match(place, _coarser(place.geo_precision, coarsest), round(float(scores[at]), 1), how))
        return found

    def match(self, text: str, province: str | None = None, kind: str = "") -> Match | None:
        """The best match, or None. `kind` says what the text is meant to name: Uruzgan as a province is not the town of that name,
        and no place named by its district alone is known better than to the district.

        What was looked up is remembered for all sessions, by a keyed digest: nobody's words stay in memory.
        """
        cache_key = "\0".join((text, province or "", kind)).encode("utf-8", "surrogatepass")
        key = blake2b(cache_key, digest_size=16, key=self._secret).digest()
        if (known := self._found.get(key, _NOTHING)) is not _NOTHING:
            return known
        if len(self._found) >= MOST_REMEMBERED:
            self._found.clear()
        self._found[key] = answer = self._match(text, province, kind)
        return answer

    def _match(self, text: str, province: str | None, kind: str) -> Match | None:
        name = fold(text)
        within = fold(self.province_of(province) or province) if province else ""
        if not name:
            return None
        if self._abroad(text, within):
            return None
        inside, comma, last = text.rpartition(",")
        if not within and comma and (stated := self.province_of(last)) and (found := self._match(inside, stated, kind)):
            return found
        coarsest = kind if kind in ("district", "province") else "exact"
        if exact := self._pick(name, within, kind):
            place, method = exact
            return Match(place, _coarser(place.geo_precision, coarsest), 100.0, method)
        parts = place_text.clauses(text, fold)
        if len(parts) == 1 and (found := self._of_kind(*parts[0], within)):
            return replace(found, geo_precision=_coarser(found.geo_precision, coarsest))
        if contained := self._contained(text, within):
            return replace(contained, geo_precision=_coarser(contained.geo_precision, coarsest))
        stated = {usual for part, says in parts if says in ("", "province") and (usual := self.province_of(part))}
        if not within and len(parts) > len(stated) == 1 and (found := self._inside(parts, *stated)):
            return replace(found, geo_precision=_coarser(found.geo_precision, coarsest))
        if within:
            guesses = process.extract(name, self._spellings.get(within, []), scorer=fuzz.ratio, score_cutoff=SPELLING_CUTOFF)
            for spelled, score, _ in guesses:
                if _word_by_word(name, spelled):
                    place, _ = self._pick(spelled, within, kind)
                    return Match(place, _coarser(place.geo_precision, coarsest), round(score, 1), "spelling")
        return None

    def _pick(self, name: str, within: str, kind: str = "") -> tuple[Place, str] | None:
        """The place of that name; None when it may be several: in several provinces, none being stated, or far apart in one."""
        found = self._named.get(name, [])
        if within:
            found = [hit for hit in found if fold(hit[0].province) == within or hit[0].kind == "country"]
        if not found or len({place.province for place, _ in found if place.kind != "country"}) > 1:
            return None
        preferred = [hit for hit in found if hit[0].kind == kind] or found
        towns, districts = ([hit for hit in preferred if hit[0].kind == of] for of in ("city", "district"))
        towns = [hit for hit in towns if hit[1] == "name"] or towns
        if districts and towns and not kind:
            # A village far from the district of its name is not what a name without more means.
            towns = [hit for hit in towns if _km(hit[0], districts[0][0]) <= ONE_PLACE_KM]
            preferred = towns or districts
        elif any(_km(towns[0][0], other) > ONE_PLACE_KM for other, _ in towns[1:]):
            return None
        # A name before an alias would prefer a hamlet of that very name to the city that is meant: kind decides first.
        return min(preferred, key=lambda hit: (hit[0].kind != kind, _KIND_ORDER.index(hit[0].kind), hit[1] != "name"))

    def area_stated(self, text: str) -> Match | None:
        """The town, district or province that one part of a text names, where nothing is known of its other parts; None for several.

        >>> [offline_gazetteer().area_stated(text).place.kind for text in ("Jalalabad, an unknown street", "Kabul, an unknown street")]
        ['city', 'province']
        """
        if self._abroad(text, "") or _BETWEEN_AREAS.search(fold(text)):
            return None
        areas: dict[str, Place] = {}
        for name, kind in place_text.clauses(text, fold):
            *_unused, hedge, name = _HEDGE.split(name) if _HEDGE.search(name) else ("", name)
            # A village may be meant, of which the province is named and not the town.
            found = self._of_kind(name.strip(), kind or ("province" if self.province_of(name) else ""), "")
            if found and found.place.kind in ("city", "district", "province"):
                precision = found.geo_precision if hedge in ("", "in", "at") else _coarser(found.geo_precision, "district")
                areas[found.place.place_id] = Match(found.place, precision, 90.0, "in the text")
        inner = [area for area in areas.values() if not any(self.contains(area.place, other.place) for other in areas.values())]
        return inner[0] if len(inner) == 1 else None

    def _of_kind(self, name: str, kind: str, within: str) -> Match | None:
        """The place of a folded name which is said to be of this kind, '' for any; a town may be meant by the district of its name."""
        picked = self._pick(name, within, kind)
        if picked is None or (kind and picked[0].kind != kind and (kind, picked[0].kind) != ("district", "city")):
            return None
        place, method = picked
        return Match(place, _coarser(place.geo_precision, kind if kind == "district" else "exact"), 100.0, method)

    def _inside(self, parts: list[tuple[str, str]], province: str) -> Match | None:
        """The most precise place that a part names in the province, which another part names."""
        others = [(name, kind) for name, kind in parts if self.province_of(name) != province or kind in ("city", "district")]
        found = [
            match
            for name, kind in others
            if (match := self._of_kind(name, kind, fold(province)) or self._match(name, province, kind))
        ]
        return min(found, key=lambda match: GEO_PRECISIONS.index(match.geo_precision), default=None)

    def _contained(self, text: str, within: str) -> Match | None:
        """The most telling name inside a longer text: the most precise, of the finest kind, mentioned first, the longest."""
        whole = fold(text)
        best: tuple[tuple[int, int, bool, int, int], Match] | None = None
        for clause, words in enumerate(fold(part).split() for part in _CLAUSES.split(text)):
            for start in range(len(words)):
                for size in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
                    hit = self._pick(" ".join(words[start : start + size]), within)
                    if hit is None or hit[0].kind in ("country", "province") or (not within and hit[0].kind == "city"):
                        continue
                    place = hit[0]
                    if (
                        place.kind == "district"
                        and size == 1
                        and len(words[start]) < SHORTEST_IN_TEXT
                        and "district" not in words
                    ):
                        continue
                    near = bool(_NEAR & set(words[:start])) or bool(_STEPS.search(" ".join(words[:start])))
                    precision = _hedged(place.geo_precision, whole, near)
                    rank = (GEO_PRECISIONS.index(precision), -_KIND_ORDER.index(place.kind), near, clause * 1000 + start, -size)
                    if best is None or rank < best[0]:
                        best = (rank, Match(place, precision, NEAR_SCORE if near else 90.0, "in the text"))
                    break
        return best[1] if best else None


def _hedged(precision: str, text: str, near: bool) -> str:
    """Near a point is not on it: the precision of the name, made coarser by the words around it."""
    if far := _FAR.search(text):
        return _coarser(precision, "district" if float(far[1]) > 5 else "city")
    if _ON_THE_WAY.search(text):
        return _coarser(precision, "city")
    return _coarser(precision, "neighbourhood") if near else precision


def _word_by_word(name: str, spelled: str) -> bool:
    """Whether every word of a guess is a spelling of its twin: ministries differ in one word, and that word is the name.

    >>> _word_by_word("shar e now", "shahr e naw"), _word_by_word("ministry of womens affairs", "ministry of foreign affairs")
    (True, False)
    """
    words, others = name.split(), spelled.split()
    if len(words) != len(others):
        return fuzz.ratio("".join(words), "".join(others)) >= 93
    return all(fuzz.ratio(word, other) >= 60 for word, other in zip(words, others, strict=True))


def _km(one: Place, other: Place) -> float:
    return float(kilometres(one.latitude, one.longitude, np.array([other.latitude]), np.array([other.longitude]))[0])


def _coarser(first: str, second: str) -> str:
    return max(first, second, key=GEO_PRECISIONS.index)


def _place(row: dict[str, str]) -> Place:
    aliases = tuple(alias.strip() for alias in row["aliases"].split(";") if alias.strip())
    point = {"latitude": float(row["latitude"]), "longitude": float(row["longitude"])}
    return Place(**{**row, **point, "aliases": aliases})


@cache
def offline_gazetteer() -> OfflineGazetteer:
    """The shipped gazetteer, read once."""
    return OfflineGazetteer()
