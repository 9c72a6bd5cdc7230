"""Rows of text to typed incidents, with a Problem for every fault: good rows are kept, and nothing is silent.

A row is set aside only without an id of its own, a readable date or a title. Every other fault blanks its cell and
keeps the row. Work is done on the distinct values of a column, so that half a million rows cost little more than one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core import vocabulary as words
from incident_atlas.core.schema import BY_NAME, CATEGORIES, COLUMNS, LONGEST_TERM, MUST, OPEN_TERMS, PROPER_NAMES, split
from incident_atlas.core.text import plain
from incident_atlas.core.unknown_words import is_unknown
from incident_atlas.errors import ROW_SET_ASIDE, Problem
from incident_atlas.i18n import _

Parsed = tuple[object, str]
"""A typed value (None for blank) and what is wrong with the text, '' for nothing."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{4}-\d{2}|\d{4}", re.ASCII)
_ADVICE = {
    "id": _("Give every row an id of its own."),
    "date": _("Write it as 2022-09-05; 2022-09 or 2022 when no more is known."),
    "date_and_text": _("Write the date as 2026-11-29, then a space and the publisher of the report."),
    "time": _("Write it as 24 hours and minutes, 10:50."),
    "count": _("Write a whole number, or leave the cell blank when no source gives a figure."),
    "coordinate": _("Write decimal degrees: latitude -90 to 90, longitude -180 to 180."),
}


_CODES = {
    "date": "not_a_date",
    "date_and_text": "not_a_date",
    "time": "not_a_time",
    "count": "not_a_count",
    "coordinate": "not_degrees",
    "term": "not_a_term",
    "terms": "not_a_term",
}


class Problems:
    """Faults as they are found, kept in columns: a large bad file has millions. One of these goes through all chunks of a file.

    made_ids: how often each id was made from the content of a row, so that equal rows of different chunks get different ids.
    """

    COLUMNS = Problem._fields

    def __init__(self) -> None:
        self._parts: list[tuple] = []
        self.made_ids: Counter[str] = Counter()

    def add(self, rows, column: str, values, reason, advice: str, code: str) -> None:
        """Faults of one column: `rows` are line numbers; `values` and `reason` one text or one per row; code as `Problem` has it."""
        if len(rows):
            lines = np.asarray(rows)
            value = values.reset_index(drop=True) if isinstance(values, pd.Series) else pd.Series(values, index=range(len(lines)))
            value = value.astype(str).str.slice(0, 200)
            texts_of_rows = [_repeated(texts, len(lines)) for texts in (column, reason, advice, code)]
            self._parts.append((lines, value, *texts_of_rows))

    def extend(self, problems) -> None:
        """`errors.Problem` values, one by one."""
        if problems:
            lines, columns, values, reasons, advice, codes = zip(*problems, strict=True)
            columns_of_text = [pd.Categorical(texts) for texts in (columns, reasons, advice, codes)]
            self._parts.append((np.array(lines), pd.Series(values, dtype="str"), *columns_of_text))

    def frame(self) -> pd.DataFrame:
        """All faults by row, columns `COLUMNS`."""
        if not self._parts:
            return pd.DataFrame({name: pd.Series(dtype="int64" if name == "row" else "str") for name in self.COLUMNS})
        rows, values, *categories = zip(*self._parts, strict=True)
        lines = np.concatenate(rows)
        order = np.argsort(lines, kind="stable")
        cells = [pd.api.types.union_categoricals(texts, sort_categories=True) for texts in categories]
        columns = (lines, pd.concat(values, ignore_index=True).array, *cells)
        whole = {
            name: each[order] for name, each in zip(("row", "value", "column", "reason", "advice", "code"), columns, strict=True)
        }
        return pd.DataFrame({name: whole[name] for name in self.COLUMNS})


def _repeated(texts, count: int) -> pd.Categorical:
    """One text for all rows, or one per row, each text held once."""
    if isinstance(texts, str):
        return pd.Categorical.from_codes(np.zeros(count, dtype="int8"), categories=[texts])
    return pd.Categorical(texts)


def check(
    raw: pd.DataFrame, problems: Problems, known_ids: set[str], perpetrators: dict[str, str], tell_own_terms: bool = True
) -> pd.DataFrame:
    """The typed incidents of `raw`, fewer rows where some are set aside; faults go to `problems`.

    raw: text, columns `schema.NAMES`, index the line of each row. known_ids: ids met so far, extended here.
    perpetrators: casefolded name or alias to name. tell_own_terms: whether a word that is none of our terms is a Problem, as in a table
    where it may be a slip; the words of a data set are those of its codebook. Counts are floats with NaN for blank, dates are datetime64[s], terms
    and places are categories, other text is str with '' for blank.
    """
    raw = pd.DataFrame({name: cells if _is_blank(cells) else cells.str.strip() for name, cells in raw.items()}, index=raw.index)
    named = _named(raw, problems)
    title = raw["title"] != ""
    advice = _("Write one line that says what happened.")
    problems.add(raw.index[~title & named], "title", "", _("no title") + ROW_SET_ASIDE, advice, "no_title")
    dated, date_precision = _dates(raw, problems)
    # An id counts as seen only when its row is kept: a second, better row with it must not be lost to a bad first.
    good = _first(raw["incident_id"], named & title & dated.notna(), problems, known_ids)
    known_ids.update(raw.loc[good, "incident_id"].to_numpy(dtype=object))
    if not good.all():
        raw, dated, date_precision = raw[good], dated[good], date_precision[good]
    typed: dict[str, pd.Series] = {}
    for column in COLUMNS:
        cells = raw[column.name]
        if column.name == "date":
            typed["date"] = dated
        elif column.name == "date_precision":
            typed["date_precision"] = date_precision.astype("category")
        elif column.kind == "date":
            typed[column.name] = _typed(cells, "datetime64[s]", _day, problems)
        elif column.kind == "date_and_text":
            typed[column.name] = _typed(cells, "str", _date_and_text, problems)
        elif column.kind == "time":
            typed[column.name] = _typed(cells, "str", _time, problems)
        elif column.kind in ("count", "coordinate"):
            parse = _count if column.kind == "count" else _degrees(_LIMITS[column.name])
            typed[column.name] = _typed(cells, "float64", parse, problems)
        elif column.kind in ("term", "terms"):
            known = perpetrators if column.name == "perpetrator" else _folded(column.terms)
            own = column.name in OPEN_TERMS
            typed[column.name] = _typed(cells, "category", _terms(known, column.kind == "terms", own, tell_own_terms), problems)
        else:
            cells = _without_unknown(cells) if column.name in PROPER_NAMES else cells
            typed[column.name] = cells.astype("category" if column.name in CATEGORIES else "str")
    incidents = pd.DataFrame(typed, index=raw.index)
    return _consistent(_required(incidents, raw, problems), raw, problems)


def _is_blank(cells: pd.Series) -> bool:
    """Whether a column has no text at all, as most of ours have in a file of another format."""
    return not len(cells) or pc.max(pc.binary_length(pa.array(cells, pa.large_string()))).as_py() == 0


def _without_unknown(cells: pd.Series) -> pd.Series:
    """The cells with those blank that say that nothing is known: "?" is no place."""
    if _is_blank(cells):
        return cells
    unknown = [cell for cell in cells.unique() if is_unknown(cell)]
    return cells.mask(cells.isin(unknown), "") if unknown else cells


def _named(raw: pd.DataFrame, problems: Problems) -> pd.Series:
    blank = raw["incident_id"] == ""
    problems.add(raw.index[blank], "incident_id", "", _("no incident_id") + ROW_SET_ASIDE, _ADVICE["id"], "no_id")
    return ~blank


def _first(ids: pd.Series, good: pd.Series, problems: Problems, known_ids: set[str]) -> pd.Series:
    """The good rows whose id no good row before them has."""
    ids = ids[good]
    again = ids.duplicated() | np.array([one in known_ids for one in ids.to_numpy(dtype=object)], dtype=bool)
    reason = _("the id stands twice") + ROW_SET_ASIDE
    problems.add(ids.index[again], "incident_id", ids[again], reason, _ADVICE["id"], "repeated_id")
    return good & ~again.reindex(good.index, fill_value=False)


def _dates(raw: pd.DataFrame, problems: Problems) -> tuple[pd.Series, pd.Series]:
    """Dates, and how well each is known: the shorter of what the date and what date_precision says."""
    text = raw["date"]
    blank = text == ""
    problems.add(text.index[blank], "date", "", _("no date") + ROW_SET_ASIDE, _ADVICE["date"], "no_date")
    days = _typed(text, "datetime64[s]", _day, problems, ROW_SET_ASIDE)
    stated = _typed(raw["date_precision"], "category", _terms(_folded(words.DATE_PRECISIONS), False), problems)
    written = text.str.len().map({4: "year", 7: "month"})
    return days, written.fillna(stated.astype("str").replace("", "day"))


def _required(incidents: pd.DataFrame, raw: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """Blank cells that every row must have: said, and Unknown where the vocabulary has that word."""
    for name in MUST:
        # A column that is missing altogether is one Problem of line 1, not one of every row.
        blank = raw[name] == ""
        if name not in ("incident_id", "date", "title") and not blank.all():
            problems.add(
                raw.index[blank], name, "", "blank", _("Fill it: {meaning}.").format(meaning=BY_NAME[name].meaning), "blank"
            )
    for name in ("attack_type", "target_type", "perpetrator"):
        incidents[name] = _fill(incidents[name], incidents[name] == "", words.UNKNOWN)
    incidents["actor_kind"] = _fill(incidents["actor_kind"], incidents["actor_kind"] == "", "unknown")
    return incidents


def _consistent(incidents: pd.DataFrame, raw: pd.DataFrame, problems: Problems) -> pd.DataFrame:
    """What one row may not say in two cells at once."""
    unknown = incidents["perpetrator"] == words.UNKNOWN
    attribution = incidents["attribution"]
    unnamed = raw["perpetrator"].isin(["", *filter(is_unknown, raw["perpetrator"].unique())])
    odd = unknown & unnamed & ~attribution.isin(["unknown", "", words.NOT_STATED])
    advice = _("Name one, or write unknown.")
    reason = _("an attribution without a perpetrator")
    problems.add(attribution.index[odd], "attribution", attribution[odd], reason, advice, "attribution_and_perpetrator")
    odd = ~unknown & (attribution == "unknown")
    reason, advice = _("unknown, though a perpetrator is named"), _("Say how sure it is.")
    problems.add(attribution.index[odd], "attribution", "unknown", reason, advice, "attribution_and_perpetrator")
    attribution = _fill(attribution, unknown, "unknown")
    incidents["attribution"] = _fill(attribution, ~unknown & attribution.isin(["unknown", ""]), words.NOT_STATED)
    early = incidents["date_end"] < incidents["date"]
    ends = incidents.loc[early, "date_end"].dt.strftime("%Y-%m-%d")
    advice = _("Check both dates; leave it blank within one day.")
    problems.add(incidents.index[early], "date_end", ends, _("it ends before it begins"), advice, "ends_before_it_begins")
    incidents.loc[early, "date_end"] = pd.NaT
    for name, other in (("latitude", "longitude"), ("longitude", "latitude")):
        lonely = incidents[name].isna() & incidents[other].notna()
        reason = _("no {name}, so the {other} is left out").format(name=name, other=other)
        problems.add(incidents.index[lonely], name, "", reason, _ADVICE["coordinate"], "half_a_point")
        incidents.loc[lonely, other] = np.nan
    for kind in ("killed", "wounded"):
        low, best, high = f"{kind}_low", kind, f"{kind}_high"
        for first, second, blanked in ((low, high, [low, high]), (low, best, [low]), (best, high, [high])):
            wrong = incidents[first] > incidents[second]
            if not wrong.any():
                continue
            figures = zip(incidents.loc[wrong, first], incidents.loc[wrong, second], strict=True)
            pair = [f"{above:.0f} > {below:.0f}" for above, below in figures]
            advice = _("Check the figures: {low} <= {best} <= {high}.").format(low=low, best=best, high=high)
            reason = _("{first} is above {second}").format(first=first, second=second)
            problems.add(incidents.index[wrong], first, pair, reason, advice, "figures_out_of_order")
            incidents.loc[wrong, blanked] = np.nan
    return incidents


def _fill(cells: pd.Series, where: pd.Series, value: str) -> pd.Series:
    if value not in cells.cat.categories:
        cells = cells.cat.add_categories([value])
    return cells.mask(where, value).cat.remove_unused_categories()


def _typed(cells: pd.Series, dtype: str, parse: Callable[[str], Parsed], problems: Problems, then: str = "") -> pd.Series:
    """`parse` of every cell as that type, called once per distinct text; what it finds wrong becomes Problems."""
    codes, texts = (np.zeros(len(cells), dtype="int64"), pd.Index([""], dtype="str")) if _is_blank(cells) else pd.factorize(cells)
    values = np.full(len(texts), _BLANKS[dtype][1], dtype=_BLANKS[dtype][0])
    left = np.asarray(texts != "")
    if dtype in _AT_ONCE and left.sum() > _MANY:
        known, found = _AT_ONCE[dtype](pa.array(texts.to_numpy(dtype=object), pa.large_string()), cells.name)
        values[known], left = found, left & ~known
    reasons = np.full(len(texts), "", dtype=object)
    for at, text in zip(np.flatnonzero(left), texts[left].tolist(), strict=True):
        value, reasons[at] = parse(text)
        if value is not None:
            values[at] = value
    if (wrong := reasons != "").any():
        at = wrong[codes]
        column = BY_NAME[cells.name]
        values_of, reasons_of = cells[at].to_numpy(), (reasons + then)[codes[at]]
        code = "own_term" if column.name in OPEN_TERMS else _CODES[column.kind]
        problems.add(cells.index[at], column.name, values_of, reasons_of, _advice(column.name), code)
    if dtype == "category":
        terms, places = np.unique(values.astype(object), return_inverse=True)
        values = pd.Categorical.from_codes(places[codes], categories=pd.Index(terms, dtype="str"))
        return pd.Series(values, index=cells.index)
    return pd.Series(values[codes], index=cells.index, dtype=dtype)


_MANY = 64  # distinct texts, from which on it pays to look at all of them at once
_BLANKS = {
    "category": (object, ""),
    "str": (object, ""),
    "float64": ("float64", np.nan),
    "datetime64[s]": ("datetime64[s]", np.datetime64("NaT")),
}


def _days_at_once(texts: pa.LargeStringArray, _unused: str) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are days of 1900 to 2099, and these days; none of them when one is no day of the calendar."""
    known = pc.match_substring_regex(texts, r"^(19|20)\d{2}-\d{2}-\d{2}$")
    try:
        days = texts.filter(known).cast(pa.date32())
    except pa.ArrowInvalid:
        known, days = pa.array([False] * len(texts), pa.bool_()), texts.slice(0, 0).cast(pa.date32())
    return known.to_numpy(zero_copy_only=False), days.to_numpy(zero_copy_only=False).astype("datetime64[s]")


def _numbers_at_once(texts: pa.LargeStringArray, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Which texts are plain numbers of degrees within their limits, or plain counts, and these numbers."""
    degrees = _LIMITS.get(name)
    known = pc.match_substring_regex(texts, r"^-?\d{1,3}(\.\d+)?$" if degrees else r"^\d{1,7}$")
    numbers = texts.filter(known).cast(pa.float64()).to_numpy(zero_copy_only=False)
    known = known.to_numpy(zero_copy_only=False).copy()
    if degrees:
        known[known], numbers = np.abs(numbers) <= degrees, numbers[np.abs(numbers) <= degrees]
    return known, numbers


_AT_ONCE = {"float64": _numbers_at_once, "datetime64[s]": _days_at_once}
_LIMITS = {"latitude": 90, "longitude": 180}


def _advice(name: str) -> str:
    column = BY_NAME[name]
    if name == "perpetrator":
        return _("Leave it, or match it to a name of the record.")
    if column.terms:
        lead = _("Leave it, or use one of: ") if name in OPEN_TERMS else _("Use one of: ")
        return lead + "; ".join(column.terms[:20]) + ("; ..." if len(column.terms) > 20 else ".")
    return _ADVICE.get(column.kind, _("Correct the cell."))


@cache
def _folded(terms: tuple[str, ...]) -> dict[str, str]:
    return {term.casefold(): term for term in terms}


def _terms(known: dict[str, str], several: bool, own: bool = False, tell_own: bool = True) -> Callable[[str], Parsed]:
    """A reader of cells of these terms. own: a word that is none of them is kept as it is, and told unless `tell_own` is false.

    What says that it is not known is Unknown where that is one of the terms.
    """
    unknown = known.get("unknown")

    def parse(text: str) -> Parsed:
        parts = split(text) if several else [text]
        found = [known.get(part.casefold()) if known else part for part in parts]
        if unknown and None in found:
            found = [unknown if term is None and is_unknown(part) else term for part, term in zip(parts, found, strict=True)]
        strange = [part for part, term in zip(parts, found, strict=True) if term is None]
        if own:
            found = [term or plain(part, LONGEST_TERM) for part, term in zip(parts, found, strict=True)]
        kept = ";".join(dict.fromkeys(term for term in found if term is not None))
        then = _(", kept as the file's own word") if own else ""
        tell = strange and (tell_own or not own)
        return kept or None, _("not a term of this column{then}: {strange}").format(
            then=then, strange="; ".join(strange)[:100]
        ) if tell else ""

    return parse


def _day(text: str) -> Parsed:
    if not _DATE.fullmatch(text):
        return None, _("not a date")
    try:
        day = date.fromisoformat((text + "-01-01")[:10])
    except ValueError:
        return None, _("no such day")
    first, last = words.YEARS
    return (np.datetime64(day, "s"), "") if first <= day.year <= last else (None, _("not a year from 1900 to 2100"))


def _date_and_text(text: str) -> Parsed:
    start, _unused, rest = text.partition(" ")
    if len(start) != 10:
        return None, _("no full date at its beginning")
    value, reason = _day(start)
    return (f"{start} {rest.strip()}".strip(), "") if value is not None else (None, reason)


def _time(text: str) -> Parsed:
    found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", text, re.ASCII)
    return (f"{int(found[1]):02d}:{found[2]}", "") if found else (None, _("not a time"))


def _count(text: str) -> Parsed:
    if not re.fullmatch(r"\d{1,7}(\.0+)?", text, re.ASCII):
        return None, _("a negative number") if re.fullmatch(r"-\d+(\.\d+)?", text, re.ASCII) else _("not a whole number")
    return float(text), ""


def _degrees(limit: int) -> Callable[[str], Parsed]:
    def parse(text: str) -> Parsed:
        if not re.fullmatch(r"[+-]?\d{1,3}(\.\d+)?", text, re.ASCII):
            return None, _("not a number of degrees")
        value = float(text)
        return (value, "") if abs(value) <= limit else (None, _("beyond {limit} degrees").format(limit=limit))

    return parse
