"""Rows of a table to rows of the record, text in and text out: the mapping at work.

Each distinct cell is read once, so that a hundred thousand rows take a second or two. What cannot be read is left as it is:
the check of every record tells of it, and the words are kept in the notes. Only a date that may be two days, or that is
written against the order of its column, sets its row aside here; and so does a row that is a total or a heading.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import date

import numpy as np
import pandas as pd

from incident_atlas.core import reference_data
from incident_atlas.core.data_sets import Read
from incident_atlas.core.schema import BY_NAME, NAMES, OPEN_TERMS, PROPER_NAMES, split
from incident_atlas.core.text import day, plain
from incident_atlas.core.unknown_words import is_unknown
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import NOT_STATED, UNKNOWN
from incident_atlas.errors import ROW_SET_ASIDE
from incident_atlas.geo import parse_coordinates as degrees
from incident_atlas.i18n import _
from incident_atlas.importers.column_names import ATTRIBUTION_OF_COLUMN, DATE_PARTS, spellings
from incident_atlas.importers.mapping import (
    parse_counts as figures,
)
from incident_atlas.importers.mapping import (
    parse_dates as dates,
)
from incident_atlas.importers.mapping import (
    parse_sources as sources,
)
from incident_atlas.importers.mapping import (
    parse_terms as terms,
)
from incident_atlas.importers.mapping import total_rows

_NO_TEXT = frozenset("-|--|–|—|n/a|#n/a|nan|null".split("|"))
_AFGHANISTAN = frozenset(("af", "afg", "افغانستان"))
_BETWEEN = re.compile(r"[;,/&]|\band\b")
_SURE = {word: word for word in ("claimed", "attributed", "denied")} | dict.fromkeys(
    ("suspected", "alleged", "presumed", "probable", "probably", "likely", "unconfirmed", "?"), "suspected"
)
_SHORT_NAMES = {"is": "ISIS"}
"""Names that are a word of another meaning anywhere but in a cell of perpetrators."""

_SAYS_HOW_SURE = (
    re.compile(r"(?P<name>.+?) ?\((?P<word>\w+)\)"),
    re.compile(r"(?P<name>.+?) ?(?P<word>\?)"),
    re.compile(r"(?P<word>\w+) (?P<name>.+)"),
)
_LINES = re.compile(r"\s*[\r\n]\s*")
_AXES = ("latitude", "longitude")


class Rows:
    """Some rows of a table being read: `cells` of theirs, what they become in `raw`, and words to be kept in the notes."""

    def __init__(
        self,
        rows: pd.DataFrame,
        columns: Mapping[str, str],
        constants: Mapping[str, str],
        points: Mapping[str, str] | None = None,
    ) -> None:
        self.points = points
        self.table = rows.fillna("")
        self.columns = {ours: theirs for ours, theirs in columns.items() if theirs in rows.columns}
        if "date" in self.columns or "date_year" not in self.columns:
            # Parts of a date that nothing is made of stay extras.
            self.columns = {ours: theirs for ours, theirs in self.columns.items() if ours not in DATE_PARTS}
        # Both depend on the point of a row, which is not looked at here.
        self.constants = {ours: value for ours, value in constants.items() if ours not in ("country", "geo_precision")}
        self.raw: dict[str, np.ndarray] = {}
        self.notes: list[tuple[str, np.ndarray, np.ndarray]] = []

    def cells(self, ours: str) -> np.ndarray:
        """The cells of the column that is this one of ours, without spaces around them; the constant, or '' without one."""
        if ours not in self.columns:
            return np.full(len(self.table), self.constants.get(ours, ""), dtype=object)
        cells = self.table[self.columns[ours]].str.strip().to_numpy(dtype=object)
        return np.where(cells == "", self.constants[ours], cells) if ours in self.constants else cells

    def has(self, *ours: str) -> bool:
        """Whether one of these is in the table."""
        return any(name in self.columns or name in self.constants for name in ours)

    def keep(self, ours: str, cells: np.ndarray, where: np.ndarray) -> None:
        """The words of these cells go into the notes, behind the name of their column."""
        if where.any():
            called = plain(self.columns.get(ours, ours), 100)
            self.notes.append((called, cells, where))


def read(
    rows: pd.DataFrame,
    columns: Mapping[str, str],
    constants: Mapping[str, str],
    date_order: str,
    swapped: bool,
    problems: Problems,
    id_counts: dict[str, int],
    values: Mapping[tuple[str, str], str] | None = None,
    points: Mapping[str, str] | None = None,
) -> Read:
    """Rows of a table, index the line of each, as `data_sets.Read`; no cell of `rows` is changed.

    columns: ours to theirs. constants: ours to the value of every row that has none. swapped: latitude and longitude are
    exchanged. id_counts: how often each id occurred so far, extended here. values: ours and a word of the file, as
    `parse_terms.key` writes it, to the term that a person says it means. points: for each count of ours what a point parts in
    the whole file, as `parse_counts.point_means` says; None where these rows are the whole file.
    """
    if swapped:
        other = dict(zip(_AXES, reversed(_AXES), strict=True))
        columns = {other.get(ours, ours): theirs for ours, theirs in columns.items()}
    at = Rows(rows, columns, constants, points)
    values = values or {}
    for name in NAMES:
        at.raw[name] = _text(at, name)
    wrong = _dates(at, date_order)
    _points(at, swapped)
    _matched(at, values)
    for kind in ("killed", "wounded"):
        _figures(at, kind, problems)
    for name in ("attackers_killed", "abducted"):
        _count(at, name, problems)
    _terms(at)
    _perpetrators(at)
    at.raw["notes"] = _notes(at)
    at.raw["title"] = np.where(at.raw["title"] == "", _titles(at), at.raw["title"])
    no_incident, saying = total_rows.reasons(at.table, at.columns)
    named = no_incident != ""
    at.raw["incident_id"] = _first_ids(at, (wrong == "") & ~named, problems, id_counts)
    if (at.raw["incident_id"] == "").any():
        at.raw["incident_id"] = np.where(at.raw["incident_id"] == "", _ids(at.table, id_counts), at.raw["incident_id"])
    advice = _("Nothing, if it is none; else write a title and what else is known of it.")
    problems.add(rows.index[named], "", saying[named], no_incident[named], advice, "not_an_incident")
    wrong[named] = ""
    aside = wrong != ""
    write, choose = _("Write it as 2022-09-05."), _("Choose how dates are written, or write it as 2022-09-05.")
    advice = [write if reason == dates.SOLAR_HIJRI else choose for reason in wrong[aside]]
    reasons = [f"{reason}{ROW_SET_ASIDE}" for reason in wrong[aside]]
    problems.add(rows.index[aside], "date", at.raw["date"][aside], reasons, advice, "not_a_date")
    aside |= named
    raw = pd.DataFrame(at.raw, index=rows.index, columns=list(NAMES), dtype="str")
    extras = at.table.drop(columns=list(set(at.columns.values())))
    # Extras stand beside our id: one of theirs that was not taken, for it is not unique, needs another name.
    extras = extras.rename(columns={"incident_id": "incident_id (theirs)"})
    report_cells = (cells[~aside] for cells in (at.raw["incident_id"], at.cells("publisher"), at.cells("url")))
    return Read(raw[~aside], sources.reports(*report_cells), extras[~aside])


def distinct(cells: np.ndarray, parse: Callable[[str], tuple], width: int) -> list[np.ndarray]:
    """What `parse` gives for each cell, one array per part of it; it is called once for every distinct text."""
    codes, texts = pd.factorize(cells)
    parsed = [parse(text) for text in texts]
    parts = []
    for i in range(width):
        values = np.empty(len(texts), dtype=object)
        values[:] = [one[i] for one in parsed]
        parts.append(values[codes])
    return parts


def _text(at: Rows, name: str) -> np.ndarray:
    cells = at.cells(name)
    if name not in at.columns:
        return cells
    if name == "perpetrator":
        return distinct(cells, lambda cell: (_perpetrator_names(cell),), 1)[0]
    if name == "country":
        return distinct(cells, lambda cell: ("Afghanistan" if cell.casefold() in _AFGHANISTAN else _text_or_blank(cell),), 1)[0]
    if name in PROPER_NAMES:
        return distinct(cells, lambda cell: ("" if is_unknown(cell) else cell,), 1)[0]
    return distinct(cells, lambda cell: (_text_or_blank(cell),), 1)[0]


def _perpetrator_names(cell: str) -> str:
    """The names of a cell with ";" between those that stand on lines of their own, unless they are one name on two lines."""
    whole = " ".join(cell.split())
    return _text_or_blank(whole if whole.casefold() in reference_data.perpetrators() else _LINES.sub(";", cell))


def _text_or_blank(cell: str) -> str:
    return "" if cell.casefold() in _NO_TEXT else cell


def _dates(at: Rows, order: str) -> np.ndarray:
    """Fills the dates and the time; gives why a row is set aside, '' where it is not."""
    for name in ("date_end", "added", "revised"):
        if name in at.columns:
            at.raw[name] = distinct(at.raw[name], lambda cell, name=name: (_other_date(cell, name, order),), 1)[0]
    if at.has("time_local"):
        at.raw["time_local"] = distinct(at.raw["time_local"], lambda cell: (dates.time(cell) or cell,), 1)[0]
    wrong = np.full(len(at.table), "", dtype=object)
    if at.has("date"):
        cells = np.array([_known(cell) for cell in at.raw["date"]], dtype=object)
        parts = distinct(cells, lambda cell: dates.day(cell, order) if cell else dates.Day(""), len(dates.Day._fields))
        at.raw["date"], time, wrong, _unused, kept, _unused, end = parts
        at.keep("date", cells, kept.astype(bool))
        at.raw["date_end"] = np.where(at.raw["date_end"] == "", end, at.raw["date_end"])
        at.raw["time_local"] = np.where(at.raw["time_local"] == "", time, at.raw["time_local"])
    elif at.has("date_year"):
        parts = [at.cells(name) for name in DATE_PARTS]
        whole = np.array(
            ["\x1f".join(cell.replace("\x1f", " ") for cell in row) for row in zip(*parts, strict=True)], dtype=object
        )
        at.raw["date"] = distinct(whole, lambda cell: (dates.joined(*cell.split("\x1f")),), 1)[0]
    return wrong


def _other_date(cell: str, name: str, order: str) -> str:
    """A cell of another date than that on which the incident began; of several days in date_end the last."""
    found = dates.day(cell, order) if cell else dates.Day("")
    return (name == "date_end" and found.end) or found.text


def _known(cell: str) -> str:
    return "" if cell.casefold() in figures.NOTHING else cell


def _points(at: Rows, swapped: bool) -> None:
    for axis in _AXES:
        if at.has(axis):
            at.raw[axis] = distinct(at.raw[axis], lambda cell, axis=axis: (degrees.degrees(_known(cell), axis),), 1)[0]
    if at.has("coordinates"):
        cells = at.cells("coordinates")
        found = distinct(cells, lambda cell: degrees.point(cell) or ("", _known(cell)), 2)
        lost = (found[0] == "") & (found[1] != "")
        # Neither is known: the cell becomes the latitude that the check cannot read, and tells of.
        found = [np.where(lost, found[1], found[0]), np.where(lost, "", found[1])]
        for axis, values in zip(_AXES, reversed(found) if swapped else found, strict=True):
            at.raw[axis] = np.where(at.raw[axis] == "", values, at.raw[axis])
        at.keep("coordinates", cells, lost)


def _figures(at: Rows, kind: str, problems: Problems) -> None:
    """Low, best and high of the killed or the wounded: where one figure alone is reported, low = best = high."""
    low, high = f"{kind}_low", f"{kind}_high"
    for name in (low, high):
        _count(at, name, problems)
    if not at.has(kind):
        return
    cells = at.raw[kind]
    parts = _counts(at, cells, kind)
    least, best, most, alone, kept, wrong = parts
    _keep_unread(at, kind, cells, kept, wrong, problems)
    at.raw[kind] = best
    if not at.has(low, high):
        single = alone.astype(bool)
        least, most = np.where(single, best, least), np.where(single, best, most)
    for name, values in ((low, least), (high, most)):
        at.raw[name] = np.where(at.raw[name] == "", values, at.raw[name])


def _count(at: Rows, name: str, problems: Problems) -> None:
    """A column of one figure: a bound or a range in it is no such figure, and is left to be told of."""
    if at.has(name):
        cells = at.raw[name]
        _unused, best, _unused, alone, kept, wrong = _counts(at, cells, name)
        nothing = distinct(cells, lambda cell: (_known(cell) == "",), 1)[0].astype(bool) | (wrong != "")
        plain = alone.astype(bool)
        at.raw[name] = np.where(plain, best, np.where(nothing, "", cells))
        _keep_unread(at, name, cells, (~plain & ~nothing) | kept.astype(bool), wrong, problems)


def _counts(at: Rows, cells: np.ndarray, name: str) -> list[np.ndarray]:
    """The parts of `parse_counts.Figure` for cells of this column of ours, an array of each."""
    point = figures.point_means(pd.unique(cells)) if at.points is None else at.points.get(name, "")
    return distinct(cells, lambda cell: figures.figure(cell, name, point), len(figures.Figure._fields))


def _keep_unread(at: Rows, name: str, cells: np.ndarray, kept: np.ndarray, wrong: np.ndarray, problems: Problems) -> None:
    at.keep(name, cells, kept.astype(bool))
    bad = wrong != ""
    advice = _("Write a whole number, or leave the cell blank when no source gives a figure.")
    problems.add(at.table.index[bad], name, cells[bad], wrong[bad], advice, "not_a_count")


def _matched(at: Rows, values: Mapping[tuple[str, str], str]) -> None:
    """Words of the file that a person matched to a term: the whole cell, or each part of one that holds several."""
    for name in {ours for ours, _unused in values} & set(OPEN_TERMS):
        if at.has(name):

            def read(cell: str, name: str = name) -> tuple[str]:
                whole = values.get((name, terms.key(cell)))
                parts = [values.get((name, terms.key(part)), part) for part in split(cell)]
                return (whole or ";".join(parts),)

            at.raw[name] = distinct(at.raw[name], read, 1)[0]


def _terms(at: Rows) -> None:
    for name, column in BY_NAME.items():
        if column.terms and at.has(name):
            cells = at.raw[name]
            at.raw[name], strange = distinct(cells, terms.term(name), 2)
            if name not in OPEN_TERMS:
                at.keep(name, cells, strange.astype(bool))
    if at.has("target_name") and not at.has("target_type"):
        # A name such as "mosque" says what was aimed at, too.
        found, strange = distinct(at.raw["target_name"], terms.term("target_type"), 2)
        at.raw["target_type"] = np.where(strange.astype(bool), "", found)


def _perpetrators(at: Rows) -> None:
    """Names as they are, known or not: the check knows ours. A column called "claimed by", or a cell, may say how sure they are."""
    if not at.has("perpetrator"):
        return
    names = reference_data.perpetrators()

    def known(cell: str) -> tuple[str, str]:
        if terms.is_not_known(cell):
            return UNKNOWN, ""
        for text, attribution in ((cell, ""), *_how_sure(cell)):
            text = _SHORT_NAMES.get(text.casefold(), text)
            parts = split(text) if text.casefold() in names else split(_BETWEEN.sub(";", text))
            if parts and all(part.casefold() in names for part in parts):
                return ";".join(parts), attribution
        return cell, ""

    at.raw["perpetrator"], of_cell = distinct(at.raw["perpetrator"], known, 2)
    if at.has("attribution"):
        return
    headings = spellings(at.columns.get("perpetrator", ""))
    attribution = next((ATTRIBUTION_OF_COLUMN[name] for name in headings if name in ATTRIBUTION_OF_COLUMN), "")
    if attribution or (of_cell != "").any():
        of_cell = np.where(of_cell == "", attribution or NOT_STATED, of_cell)
        unknown = at.raw["perpetrator"] == UNKNOWN
        at.raw["attribution"] = np.where(at.raw["perpetrator"] == "", "", np.where(unknown, "unknown", of_cell))


def _how_sure(cell: str) -> list[tuple[str, str]]:
    """The name in a cell that says how sure it is as well, and the attribution; [] for any other.

    >>> _how_sure("ISKP (claimed)"), _how_sure("suspected Taliban"), _how_sure("TTP?"), _how_sure("Taliban")
    ([('ISKP', 'claimed')], [('Taliban', 'suspected')], [('TTP', 'suspected')], [])
    """
    found = filter(None, (form.fullmatch(cell) for form in _SAYS_HOW_SURE))
    return [(one["name"], _SURE[word]) for one in found if (word := one["word"].casefold()) in _SURE]


def _notes(at: Rows) -> np.ndarray:
    """The notes of the table, and behind them every word of it that has no place in the record."""
    notes = at.raw["notes"].copy()
    for name, cells, where in at.notes:
        added = [_('In the file, {name}: "{cell}".').format(name=name, cell=cell) for cell in cells[where]]
        notes[where] = [f"{note} {more}".strip() for note, more in zip(notes[where], added, strict=True)]
    return notes


def _titles(at: Rows) -> np.ndarray:
    """The first sentence of the summary, else what the facts say: the type of attack, the place, the date."""
    places = at.raw["place"]
    for name in ("city", "district", "province"):
        places = np.where(places == "", at.raw[name], places)
    kinds = distinct(at.raw["attack_type"], lambda cell: (cell if (cell not in ("", UNKNOWN)) else _("Incident"),), 1)[0]
    facts = zip(kinds, places, distinct(at.raw["date"], lambda cell: (_day_of_a_title(cell),), 1)[0], strict=True)
    titles = np.array([", ".join(fact for fact in row if fact) for row in facts], dtype=object)
    if not at.has("summary"):
        return titles
    first = distinct(at.raw["summary"], lambda cell: (_first_sentence(cell),), 1)[0]
    return np.where(first == "", titles, first)


def _day_of_a_title(iso: str) -> str:
    """A date as the pages write it, as precise as it is known; what is no date stays.

    >>> _day_of_a_title("2023-04-12"), _day_of_a_title("2023-03"), _day_of_a_title("2023"), _day_of_a_title("soon")
    ('12 Apr 2023', 'Mar 2023', '2023', 'soon')
    """
    try:
        known = date.fromisoformat(f"{iso}-01-01"[:10])
    except ValueError:
        return iso
    return day(known) if len(iso) == 10 else f"{known:%b} {known.year}" if len(iso) == 7 else iso


def _first_sentence(text: str) -> str:
    text = " ".join(text[:1000].split())
    sentence = re.split(r"(?<=[^\s.]{2}[.!?؟])\s", text, maxsplit=1)[0]
    return sentence if len(sentence) <= 200 else sentence[:199].rstrip() + "…"


def _first_ids(at: Rows, kept: np.ndarray, problems: Problems, id_counts: dict[str, int]) -> np.ndarray:
    """The ids of the table, blank where a row that is kept before has the same: that row is told of, and loses nothing else."""
    ids, again = at.raw["incident_id"].copy(), np.zeros(len(at.table), dtype=bool)
    for place in np.flatnonzero(kept & (ids != "")):
        id_counts[ids[place]] = number = id_counts.get(ids[place], 0) + 1
        again[place] = number > 1
    reason = _("the id stands twice: the row has one made of its content")
    problems.add(at.table.index[again], "incident_id", ids[again], reason, _("Give every row an id of its own."), "id_replaced")
    ids[again] = ""
    return ids


def _ids(table: pd.DataFrame, id_counts: dict[str, int]) -> np.ndarray:
    """Ids made of what the rows say, so that the same row has the same id in every copy of the file, in whatever order.

    Twelve hexadecimal digits of BLAKE2b over the names and the cells that are not blank; of identical rows the second has
    "-2" behind it, and so on.
    """
    parts = []
    for name in sorted(table.columns):
        cells = table[name].str.strip().to_numpy(dtype=object)
        parts.append([f"{name}\x1f{cell}\x1e" if cell else "" for cell in cells])
    ids = []
    for row in zip(*parts, strict=True) if parts else ((),) * len(table):
        one = hashlib.blake2b("".join(row).encode("utf-8", "replace"), digest_size=6).hexdigest()
        id_counts[one] = number = id_counts.get(one, 0) + 1
        ids.append(one if number == 1 else f"{one}-{number}")
    return np.array(ids, dtype=object)
