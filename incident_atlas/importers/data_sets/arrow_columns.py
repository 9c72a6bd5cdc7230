"""Columns of text, worked on at their distinct values: what the readers of other data sets share.

A yearly release holds 350,000 rows, and a function call per row would take longer than reading the file. So columns are
Arrow arrays, their words are looked up once per distinct text, and sentences are joined by column.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from functools import cached_property, reduce

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from incident_atlas.core.schema import NAMES, REPORT_NAMES
from incident_atlas.core.text import plain
from incident_atlas.core.validation import Problems
from incident_atlas.i18n import _

Texts = pa.Array
"""A column of text, blank cells ''."""

_TEXT = pa.large_string()
CHECK = _("The cell is left blank; look it up in the codebook of the data set.")


class Chunk:
    """Some rows of a file, by column; faults go to `problems`. A column that the file lacks is blank."""

    def __init__(self, rows: pd.DataFrame, problems: Problems) -> None:
        self._rows, self._problems, self._read = rows, problems, {}

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, name: str) -> Texts:
        if name not in self._read:
            self._read[name] = self._column(name) if name in self._rows else self.blank
        return self._read[name]

    @cached_property
    def blank(self) -> Texts:
        """A column of blank cells."""
        return self.all("")

    @property
    def index(self) -> pd.Index:
        """The line of each row."""
        return self._rows.index

    def all(self, text: str) -> Texts:
        """A column of one text."""
        return pa.repeat(pa.scalar(text, _TEXT), len(self))

    def number(self, name: str) -> Texts:
        """A column of numbers that programs wrote as 700 or as 700.0, without the point."""
        return translated(self[name], whole)

    def degrees(self, name: str) -> Texts:
        """A column of coordinates; a comma in one, as spreadsheets of many countries write it, is a decimal point."""
        return pc.replace_substring_regex(self[name], r"^(\s*[+-]?\d{1,3}),(\d+\s*)$", r"\1.\2")

    def coded(self, name: str, meanings: Mapping[str, str]) -> Texts:
        """What the codes of a column mean, in any case; another code is a Problem, and blank."""
        codes = self.number(name)
        strange = pc.and_(pc.invert(one_of(codes, *meanings)), pc.not_equal(codes, ""))
        self.tell(strange, name, _("not a code of {name}").format(name=name), CHECK, "not_a_term")
        return translated(codes, lambda code: meanings.get(code.casefold(), ""))

    def tell(self, where: pa.BooleanArray, column: str, reason: str | Texts, advice: str, code: str) -> None:
        """A Problem of each row that is so marked, with what stands in that column."""
        if pc.any(where).as_py():
            at = np.asarray(where)
            reasons = reason if isinstance(reason, str) else np.array(reason.filter(where).to_pylist(), dtype=object)
            self._problems.add(self.index[at], column, self[column].filter(where).to_pylist(), reasons, advice, code)

    def without(self, where: pa.BooleanArray) -> Chunk:
        """The rows that are not so marked."""
        return Chunk(self._rows[~np.asarray(where)], self._problems) if pc.any(where).as_py() else self

    def record(self, **columns: Texts) -> pd.DataFrame:
        """The columns of `schema.NAMES`, those not given blank."""
        return _frame({name: columns.get(name, self.blank) for name in NAMES}, self.index)

    def extras(self, names: Sequence[str]) -> pd.DataFrame:
        """Those of the columns that the file has, as they are."""
        return _frame({name: self[name] for name in names if name in self._rows}, self.index)

    def row_ids(self, names: Sequence[str], stated: Texts) -> Texts:
        """For rows whose id is not given, one made of these columns, the same in every copy of the file; else ''.

        Twelve hexadecimal digits of BLAKE2b; of identical rows of a file the second has "-2" behind it, and so on.
        """
        blank = pc.equal(stated, "")
        if not pc.any(blank).as_py():
            return self.blank
        rows = joined(*(joined(name, "\x1f", self[name], "\x1e") for name in names)).filter(blank)
        made, known_ids = [], self._problems.made_ids
        for text in rows.to_pylist():
            one = hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=6).hexdigest()
            known_ids[one] += 1
            made.append(one if known_ids[one] == 1 else f"{one}-{known_ids[one]}")
        return pc.replace_with_mask(self.blank, blank, pa.array(made, _TEXT))

    def _column(self, name: str) -> Texts:
        cells = self._rows[name]
        # A file may hold a name twice.
        cells = cells if isinstance(cells, pd.Series) else cells.iloc[:, 0]
        texts = pa.array(cells, from_pandas=True)
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        return pc.utf8_trim_whitespace(pc.fill_null(texts.cast(_TEXT), ""))


def translated(cells: Texts, answer: Callable[[str], str] | Mapping[str, str]) -> Texts:
    """What `answer` says of every cell, asked once per distinct text; '' for a text that a mapping does not hold."""
    if isinstance(answer, Mapping):
        meanings = answer
        answer = lambda text: meanings.get(text, "")  # noqa: E731
    coded = cells.dictionary_encode()
    return pa.array([answer(text) for text in coded.dictionary.to_pylist()], _TEXT).take(coded.indices)


def row_wise(columns: Sequence[Texts], answer: Callable[..., tuple[str, ...]], width: int) -> list[Texts]:
    """`width` columns that `answer` gives for the cells of each row, asked once per distinct row."""
    codes = np.zeros(len(columns[0]), dtype="int64")
    for cells in columns:
        coded = cells.dictionary_encode()
        codes = pd.factorize(codes * max(len(coded.dictionary), 1) + np.asarray(coded.indices, dtype="int64"))[0]
    first = np.unique(codes, return_index=True)[1]
    distinct = zip(*(cells.take(pa.array(first)).to_pylist() for cells in columns), strict=True)
    answers = [answer(*row) for row in distinct]
    at = pa.array(codes)
    return [pa.array([answer_of[part] for answer_of in answers], _TEXT).take(at) for part in range(width)]


def joined(*parts: Texts | str, between: str = "") -> Texts:
    """The parts of each row in one text, blank ones left out."""
    texts = [pa.scalar(part, _TEXT) if isinstance(part, str) else part for part in parts]
    if between:
        blank = [pc.equal(part, "") for part in texts]
        none = reduce(pc.and_, blank)
        # Where all parts are null Arrow gives no row at all, so the first of them stays blank there.
        blank[0] = pc.and_not(blank[0], none)
        texts = [pc.if_else(empty, None, part) for empty, part in zip(blank, texts, strict=True)]
    return pc.binary_join_element_wise(*texts, pa.scalar(between, _TEXT), null_handling="skip")


def phrase(before: str, cells: Texts, after: str = ".") -> Texts:
    """Each cell between two words of ours; blank cells stay blank."""
    return where(pc.equal(cells, ""), "", joined(before, cells, after))


def where(condition: pa.BooleanArray, then: Texts | str, otherwise: Texts | str) -> Texts:
    """One column or the other, row by row."""
    then, otherwise = (pa.scalar(part, _TEXT) if isinstance(part, str) else part for part in (then, otherwise))
    chosen = pc.if_else(condition, then, otherwise)
    return chosen if isinstance(chosen, pa.Array) else pa.repeat(chosen, len(condition))


def one_of(cells: Texts, *texts: str) -> pa.BooleanArray:
    """Whether each cell is one of these, in any case."""
    return pc.is_in(pc.utf8_lower(cells), value_set=pa.array([text.lower() for text in texts], _TEXT))


def filled(*columns: Texts) -> Texts:
    """The first of the columns that is not blank, row by row."""
    first, *others = columns
    for cells in others:
        first = where(pc.equal(first, ""), cells, first)
    return first


def one_line(cells: Texts) -> Texts:
    """Line breaks and tabs as spaces."""
    odd = pc.match_substring_regex(cells, r"[\r\n\t]")
    return pc.replace_substring_regex(cells, r"[\r\n\t]+", " ") if pc.any(odd).as_py() else cells


def whole(text: str) -> str:
    """A number without the point and the zeros that a program put behind it.

    >>> whole("700.0"), whole("700"), whole("7.5"), whole("about 7")
    ('700', '700', '7.5', 'about 7')
    """
    head, _unused, tail = text.partition(".")
    return head if tail and not tail.strip("0") and head.lstrip("-").isdigit() else text


def day(text: str) -> str:
    """A date as 2021-05-28, also where a time of midnight stands behind it; anything else as it is.

    >>> day("2021-05-28 00:00:00.000"), day("2021-05-28T00:00:00"), day("May 2021")
    ('2021-05-28', '2021-05-28', 'May 2021')
    """
    return text[:10] if text[10:11] in (" ", "T") and not text[11:].strip("0:.Z") else text


def day_of_timestamp(text: str) -> str:
    """The day of a Unix timestamp, UTC; '' for what is none.

    >>> day_of_timestamp("1676505600"), day_of_timestamp("soon"), day_of_timestamp("9" * 40)
    ('2023-02-16', '', '')
    """
    text = whole(text)
    return str(datetime.fromtimestamp(int(text), UTC).date()) if text.isascii() and text.isdigit() and len(text) <= 10 else ""


def iso(year: int, month: int, of_month: int) -> str:
    """The date as text, '' when there is no such day."""
    try:
        return date(year, month, of_month).isoformat()
    except ValueError:
        return ""


def reported(parts: Sequence[Mapping[str, Texts]]) -> pd.DataFrame:
    """The columns of `schema.REPORT_NAMES`, from parts that each give some of them, in the order of the parts."""
    columns = {}
    for name in REPORT_NAMES:
        pieces = [part.get(name) for part in parts]
        sizes = [len(part["incident_id"]) for part in parts]
        figures = [
            pa.repeat(pa.scalar(piece or "", _TEXT), size) if piece is None or isinstance(piece, str) else piece
            for piece, size in zip(pieces, sizes, strict=True)
        ]
        columns[name] = pa.concat_arrays(figures)
    return _frame(columns, pd.RangeIndex(len(columns["incident_id"])))


def pieces(cells: Texts, separator: str) -> tuple[np.ndarray, Texts]:
    """The parts of cells that hold several, and the row of each; blank parts are left out."""
    lists = pc.split_pattern(cells, separator)
    rows, parts = pc.list_parent_indices(lists), pc.utf8_trim_whitespace(pc.list_flatten(lists))
    filled_in = pc.not_equal(parts, "")
    return np.asarray(rows.filter(filled_in)), parts.filter(filled_in)


def described(name: str, columns: Sequence[str], uses: Sequence[str], usual: int) -> str:
    """A line on the columns of a file: how many, and which of those that are read it lacks."""
    has = {plain(column, 60).strip().casefold() for column in columns}
    more = len(columns) - usual
    differs = ""
    if more:
        differs = (_(" ({n} more than the usual {usual})") if more > 0 else _(" ({n} fewer than the usual {usual})")).format(
            n=abs(more), usual=usual
        )
    lacking = [use for use in uses if use not in has]
    shown = ", ".join(lacking[:5]) + (_(" and {count} others").format(count=len(lacking) - 5) if len(lacking) > 5 else "")
    return _("{name}: {count} columns{differs}").format(name=name, count=len(columns), differs=differs) + (
        _(", without {shown}").format(shown=shown) if lacking else ""
    )


def _frame(columns: Mapping[str, Texts], index: pd.Index) -> pd.DataFrame:
    data = {name: pd.Series(pd.array(cells, dtype="str"), index=index, copy=False) for name, cells in columns.items()}
    return pd.DataFrame(data, index=index, copy=False)
