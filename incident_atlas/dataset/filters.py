"""Which incidents are visible: a value that applies itself, says itself in English, and is a URL.

The criteria are Narwhals expressions, so that the same filter runs on any engine. An incident dated by week, month or year
counts when what its date may mean overlaps the range.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import Any

import narwhals as nw

from incident_atlas.core.reference_data import perpetrators
from incident_atlas.core.schema import SEVERAL
from incident_atlas.core.synonyms import SYNONYMS
from incident_atlas.core.vocabulary import ACTOR_KINDS, ATTRIBUTIONS, GEO_PRECISIONS, NOT_STATED
from incident_atlas.dataset.circle import Circle, parse_circle
from incident_atlas.dataset.query import Query, Question, Steps, engine_asked, how_many, month_of
from incident_atlas.dataset.search import holds, mentioned, mentions, mentions_all, parse_search
from incident_atlas.geo.gazetteer import fold

TERMS = (
    *("origin", "country", "province", "city", "target_type", "target_subtype", "target_country", "attack_type", "weapon"),
    *("perpetrator", "actor_kind", "attribution"),
)
"""Filters that hold one or more terms of a column of the same name."""

PRECISION_CHOICES = ("street", "neighbourhood", "city")
"""'Known to the ... or better': coarser than a city is no restriction that anybody asks for."""

MOST_TERMS = 2_000
"""Terms of a column that an engine lists for a filter: those of most incidents."""

PARAMETERS = ("from", "to", *TERMS, "min_killed", "precision", "near", "q")
"""URL parameters, and the options of the command line, of a filter."""

_MOST_WORDS_ASKED = 12
_VAGUE = ("week", "month", "year")
"""Precisions of a date whose day is not known."""


@dataclass(frozen=True)
class Filters:
    """What a reader asked to see; empty means everything. Never changed: `replace` gives another."""

    since: date | None = None
    until: date | None = None
    origin: tuple[str, ...] = ()
    country: tuple[str, ...] = ()
    province: tuple[str, ...] = ()
    city: tuple[str, ...] = ()
    target_type: tuple[str, ...] = ()
    target_subtype: tuple[str, ...] = ()
    target_country: tuple[str, ...] = ()
    attack_type: tuple[str, ...] = ()
    weapon: tuple[str, ...] = ()
    perpetrator: tuple[str, ...] = ()
    actor_kind: tuple[str, ...] = ()
    attribution: tuple[str, ...] = ()
    min_killed: int | None = None
    precision: str | None = None
    near: Circle | None = None
    q: str = ""

    def __bool__(self) -> bool:
        return self != Filters()

    @engine_asked()
    def apply(self, incidents: Any, columns: Iterable[str] | None = None) -> Any:
        """The rows that pass every criterion, as the frame they came from.

        With `columns`, only those: on a large record copying every column would cost more than the question.
        """
        frame = nw.from_native(incidents)
        conditions = self.conditions(incidents).values()
        selected = frame if columns is None else frame.select(*columns)
        if not conditions:
            return selected.to_native()
        if isinstance(frame, nw.LazyFrame):
            kept = frame.filter(*conditions)
            return (kept if columns is None else kept.select(*columns)).to_native()
        mask = frame.select(mask=nw.all_horizontal(*conditions, ignore_nulls=True))["mask"]
        return selected.filter(mask).to_native()

    def uncertain_dates(self, incidents: Any) -> int:
        """How many visible incidents overlap the chosen dates only with what their date may mean."""
        return uncertain_dates(incidents, self)

    def without_figure(self, incidents: Any) -> int:
        """How many incidents 'at least N killed' leaves out only because no source gives a figure."""
        return without_figure(incidents, self)

    def _count(self, incidents: Any, without: tuple[str, ...], condition: nw.Expr) -> Steps[int]:
        conditions = [each for name, each in self.conditions(incidents).items() if name not in without]
        counted = how_many(nw.all_horizontal(*conditions, condition, ignore_nulls=True))
        return int((yield Query(incidents, {"n": counted}))["n"].fillna(0).iloc[0])

    def conditions(self, incidents: Any) -> dict[str, nw.Expr]:
        """Criterion by field name, as Narwhals expressions over the columns of `load.Loaded.incidents`.

        `incidents` is asked only for the distinct cells of columns that hold several terms, and only when it is in memory.
        """
        found: dict[str, nw.Expr] = {}
        if self.since:
            found["since"] = nw.col("last_day") >= _midnight(self.since)
        if self.until:
            found["until"] = nw.col("first_day") <= _midnight(self.until)
        for name in TERMS:
            chosen = set(getattr(self, name))
            if chosen and name in SEVERAL:
                found[name] = holds(incidents, name, chosen)
            elif chosen:
                found[name] = nw.col(name).is_in(sorted(chosen))
        if self.min_killed:
            reported = nw.coalesce(nw.col("killed"), nw.col("killed_low"))
            found["min_killed"] = (reported >= self.min_killed) & ~reported.is_null()
        if self.precision:
            found["precision"] = nw.col("precision_rank") <= GEO_PRECISIONS.index(self.precision)
        if self.near:
            found["near"] = self.near.condition(incidents)
        if parse_search(self.q):
            found["q"] = mentioned(incidents, self.q)
        return found

    def to_query(self) -> dict[str, list[str]]:
        """The filter as URL parameters, without those that are empty."""
        query = {"from": _iso(self.since), "to": _iso(self.until)} | {name: list(getattr(self, name)) for name in TERMS}
        query |= {
            "min_killed": [str(self.min_killed)] if self.min_killed else [],
            "precision": [self.precision or ""],
            "near": [self.near.parameter() if self.near else ""],
            "q": [self.q],
        }
        return {name: values for name, values in query.items() if any(values)}

    @classmethod
    def from_query(cls, query: Mapping[str, list[str]], options: Mapping[str, Iterable[str]]) -> tuple[Filters, list[str]]:
        """The filter that URL parameters ask for, and what of them was ignored, as 'name=value'.

        options: the terms that occur in the record, by column. Case does not count; a term that occurs nowhere is ignored.
        """
        chosen: dict[str, Any] = {}
        ignored: list[str] = []
        for name in TERMS:
            terms = options.get(name, ())
            # Two files may differ in the case of their names only.
            known = {term.casefold(): term for term in terms} | {term: term for term in terms}
            synonyms = {word: term for word, (column, term) in SYNONYMS.items() if column == name and term in known.values()}
            known = synonyms | known
            if name == "perpetrator":
                known = {alias: term for alias, term in perpetrators().items() if term in known.values()} | known
            if name == "attribution":
                known |= {attribution: attribution for attribution in (*ATTRIBUTIONS, NOT_STATED)}
            if name == "actor_kind":
                known |= {kind: kind for kind in ACTOR_KINDS}
            # Of so many terms not all are listed: what is asked for may be there all the same.
            unlisted = len(terms) >= MOST_TERMS
            found = [
                known.get(value) or known.get(value.casefold()) or (value if unlisted else None) for value in query.get(name, [])
            ]
            ignored += [f"{name}={value}" for value, term in zip(query.get(name, []), found, strict=True) if not term]
            chosen[name] = tuple(dict.fromkeys(term for term in found if term))
        for name, parameter, parse in _SINGLE:
            values = query.get(parameter, [])
            chosen[name] = parse(values[-1]) if values and values[-1] else None
            if values and values[-1] and chosen[name] is None:
                ignored.append(f"{parameter}={values[-1]}")
        if chosen["since"] and chosen["until"] and chosen["since"] > chosen["until"]:
            ignored.append(f"to={chosen['until']}")
            chosen["until"] = None
        return cls(**{name: value for name, value in chosen.items() if value is not None}), ignored

    def without(self, *names: str) -> Filters:
        """The same filter with these fields empty."""
        empty = Filters()
        return replace(self, **{name: getattr(empty, name) for name in names})

    def active(self) -> list[str]:
        """The names of the fields that restrict anything."""
        empty = Filters()
        return [field.name for field in fields(self) if getattr(self, field.name) != getattr(empty, field.name)]


@Question
def uncertain_dates(incidents: Any, chosen: Filters) -> Steps[int]:
    """`Filters.uncertain_dates`, to be asked with others."""
    if not (chosen.since or chosen.until):
        return 0
    return (yield from chosen._count(incidents, (), _may_lie_outside(chosen)))


DATE_COLUMNS = ("date_precision", "first_day", "last_day")
"""What `with_uncertain_date` reads, for `Filters.apply(columns=...)`."""


@engine_asked()
def with_uncertain_date(incidents: Any, chosen: Filters) -> Any:
    """The incidents with the column uncertain_date: 1 for those that `uncertain_dates` counts, else 0."""
    uncertain_date = nw.when(_may_lie_outside(chosen)).then(nw.lit(1)).otherwise(nw.lit(0))
    return nw.from_native(incidents).with_columns(uncertain_date=uncertain_date).to_native()


@engine_asked()
def with_periods(incidents: Any, chosen: Filters) -> Any:
    """The incidents with the columns of `period_table`: first_month, last_month, uncertain_date as `with_uncertain_date` says for the filter, and vague.

    incidents: those that the filter leaves. vague: 1 for those whose day is not known, which may lie outside any window that does
    not hold the whole period of their date.
    """
    frame = nw.from_native(with_uncertain_date(incidents, chosen))
    vague = nw.when(nw.col("date_precision").is_in(_VAGUE)).then(nw.lit(1)).otherwise(nw.lit(0))
    months = {
        f"{end}_month": month_of(nw.col(f"{end}_day").dt.year().cast(nw.Int64), nw.col(f"{end}_day").dt.month())
        for end in ("first", "last")
    }
    return frame.with_columns(vague=vague, **months).to_native()


def _may_lie_outside(chosen: Filters) -> nw.Expr:
    begins = nw.col("first_day") < _midnight(chosen.since) if chosen.since else nw.lit(False)
    ends = nw.col("last_day") > _midnight(chosen.until) if chosen.until else nw.lit(False)
    return nw.col("date_precision").is_in(_VAGUE) & (begins | ends)


@Question
def without_figure(incidents: Any, chosen: Filters) -> Steps[int]:
    """`Filters.without_figure`, to be asked with others."""
    if not chosen.min_killed:
        return 0
    unknown = nw.col("killed").is_null() & nw.col("killed_low").is_null()
    return (yield from chosen._count(incidents, ("min_killed",), unknown))


@dataclass(frozen=True)
class WordFound:
    """One thing that a search looks for: its words, how many incidents of the record have it, and how many the filter leaves without it."""

    words: str
    incidents: int
    without: int


@Question
def words_found(incidents: Any, chosen: Filters) -> Steps[list[WordFound]]:
    """What each part of the search finds, to say why all of it finds nothing; empty when there are too many words to ask."""
    terms = parse_search(chosen.q)
    if not 0 < len(terms) <= _MOST_WORDS_ASKED:
        return []
    rest = chosen.without("q").conditions(incidents).values()
    values = {}
    for n, term in enumerate(terms):
        others = [one for one in terms if one is not term]
        without = [*rest, *([mentions_all(incidents, others)] if others else [])]
        values[f"alone{n}"] = how_many(mentions(incidents, term))
        values[f"without{n}"] = how_many(nw.all_horizontal(*without, ignore_nulls=True)) if without else nw.len()
    counts = (yield Query(incidents, values)).fillna(0).iloc[0].astype(int)
    return [WordFound(term.words, int(counts[f"alone{n}"]), int(counts[f"without{n}"])) for n, term in enumerate(terms)]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min)


def _iso(value: date | None) -> list[str]:
    return [value.isoformat()] if value else []


def _as_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text) else None
    except ValueError:
        return None


def _as_count(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[1-9]\d{0,6}", text) else None


def _as_precision(text: str) -> str | None:
    return text.casefold() if text.casefold() in GEO_PRECISIONS else None


def _as_words(text: str) -> str | None:
    words = " ".join(text.split())[:200]
    # Signs alone are no words: they would be shown as applied and leave nothing out.
    return words if fold(words) else None


_SINGLE = (
    ("since", "from", _as_date),
    ("until", "to", _as_date),
    ("min_killed", "min_killed", _as_count),
    ("precision", "precision", _as_precision),
    ("near", "near", parse_circle),
    ("q", "q", _as_words),
)
