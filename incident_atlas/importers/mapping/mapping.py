"""Which column of a table is which of ours, and how the table writes its dates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import pandas as pd

from incident_atlas.core.data_sets import TABLE, Format, Read
from incident_atlas.core.schema import COUNTS
from incident_atlas.core.text import counted, plain
from incident_atlas.core.validation import Problems
from incident_atlas.core.vocabulary import UNKNOWN
from incident_atlas.errors import Problem
from incident_atlas.i18n import _, ngettext
from incident_atlas.importers.mapping import apply as room
from incident_atlas.importers.mapping.parse_terms import key
from incident_atlas.importers.mapping.units import VICTIM
from incident_atlas.importers.mapping.victim_rows import grouped

_SHOWN = 20
"""Columns that are not assigned and are named."""


@dataclass(frozen=True)
class Mapping:
    """What the columns of a table are.

    columns: pairs of ours (`column_names.OURS`) and theirs as the file names it; the others become extras. constants: pairs of ours
    and the value for all rows that have none, such as a country; of geo_precision for all points of which nothing says how well they
    are known. trust_shared_points: whether that also holds of points that several rows share, or that lie on the centre of a place
    (`point_precision.allowed_ranks`). date_order: one of `parse_dates.ORDERS`. swapped: whether latitude
    and longitude are exchanged when they are read; None when nobody said. values: triples of ours, a
    word of the file, and the term that it means. unit: what a row is, one of `units.UNITS`. event_types: of an ACLED file, those that
    count as attacks; None when nobody said. worksheet: of a workbook, the name of the one to read. exchange_all: whether latitude and
    longitude are exchanged in every row where they look swapped; exchange_ids: the incidents where they are, if not. undecided: questions
    for a person, in plain words; `questions.judged` asks them anew when the mapping changes.
    """

    columns: tuple[tuple[str, str], ...] = ()
    constants: tuple[tuple[str, str], ...] = ()
    date_order: str = ""
    swapped: bool | None = None
    undecided: tuple[str, ...] = ()
    values: tuple[tuple[str, str, str], ...] = ()
    unit: str = ""
    event_types: tuple[str, ...] | None = None
    trust_shared_points: bool = False
    worksheet: str = ""
    exchange_all: bool = False
    exchange_ids: tuple[str, ...] = ()

    format: ClassVar[Format] = TABLE

    @property
    def uses(self) -> tuple[str, ...]:
        """Their columns that are one of ours. A loader reads the others too: they are the extras, and ids are made of all."""
        return tuple(dict.fromkeys(theirs for _unused, theirs in self.columns))

    def title(self, columns: Sequence[str]) -> str:
        """What the table is called: how many columns it has, and how many are one of ours.

        >>> Mapping((("date", "When"), ("title", "What"))).title(["When", "What", "Colour"])
        'Own table: 3 columns, 2 recognised'
        """
        known = sum(theirs in columns for theirs in self.uses)
        return _("Own table: {columns}, {known:,} recognised").format(
            columns=counted(len(columns), "{n} column", "{n} columns"), known=known
        )

    @property
    def precision(self) -> str:
        """How well the points of the file are known, one of `vocabulary.GEO_PRECISIONS`, or '' when nobody said."""
        return dict(self.constants).get("geo_precision", "")

    @property
    def leaves_columns(self) -> bool:
        """Whether it says how a file is read, but not what its columns are: they are recognised or guessed as without it."""
        settings = self.precision, self.trust_shared_points, self.worksheet, self.exchanges
        return self.event_types is not None or (not self.columns and any(settings))

    @property
    def exchanges(self) -> bool:
        """Whether latitude and longitude of single rows are exchanged."""
        return self.exchange_all or bool(self.exchange_ids)

    @property
    def country(self) -> str:
        """The country of rows that name none and whose point says none, or ''."""
        return "" if (country := dict(self.constants).get("country", "")) == UNKNOWN else country

    def theirs(self, ours: str) -> str:
        """Their name of one of ours, or ''."""
        return dict(self.columns).get(ours, "")

    @property
    def counts(self) -> dict[str, str]:
        """Ours that count people, to theirs."""
        return {ours: theirs for ours, theirs in self.columns if ours in COUNTS}

    def read(
        self,
        rows: pd.DataFrame,
        problems: Problems,
        id_counts: dict[str, int] | None = None,
        points: dict[str, str] | None = None,
    ) -> Read:
        """The rows as `data_sets.Read`, all text: raw with every column of the record, a report for each source that a row
        names, and as extras every column that is none of ours.

        rows: text, columns as the file names them, index the line of each; a column that is absent is blank. A row whose date
        may be two days is left out, with a Problem that says so. Where the table has no id, or an id that
        stands in a row before, one is made of what the row says; `id_counts`, one dict for all chunks of a file, knows the ids of all.
        points: what a point parts in each column of `counts`, as `apply.read` has it.
        """
        id_counts = {} if id_counts is None else id_counts
        columns = dict(self.columns)
        if self.unit == VICTIM:
            rows, columns = grouped(rows, columns, problems, self.date_order)
        values = {(ours, key(theirs)): term for ours, theirs, term in self.values}
        constants, swapped = dict(self.constants), self.swapped is True
        return room.read(rows, columns, constants, self.date_order, swapped, problems, id_counts, values, points)


def applied(mapping: Mapping, columns: Sequence[str]) -> tuple[Mapping, list[Problem]]:
    """The mapping for a table of these columns, and a Problem of line 1 for each of its columns that the table lacks.

    Names are compared without case and double spaces, so that a mapping fits next month's file as well.
    """
    named: dict[str, str] = {}
    for column in columns:
        named.setdefault(same(column), column)
    found = [(ours, theirs if theirs in columns else named.get(same(theirs), "")) for ours, theirs in mapping.columns]
    missing = [(ours, theirs) for (ours, theirs), (_unused, column) in zip(mapping.columns, found, strict=True) if not column]
    reason = _("the file has no column of that name, from which {} was taken")
    advice = _("Choose another column for it, or leave it blank.")
    problems = [
        Problem(1, ours, plain(theirs, 200), reason.format(ours.replace("_", " ")), advice, "missing_column")
        for ours, theirs in missing
    ]
    return replace(mapping, columns=tuple((ours, column) for ours, column in found if column)), problems


def not_assigned(mapping: Mapping, columns: Sequence[str]) -> list[Problem]:
    """A Problem of line 1 for the columns of a table that are none of ours; none where all are."""
    taken = set(mapping.uses)
    others = [column for column in columns if column not in taken]
    if not others:
        return []
    some = ", ".join(plain(column, 40) for column in others[:_SHOWN]) + (" ..." if len(others) > _SHOWN else "")
    reason = ngettext("{n:,} column is not assigned", "{n:,} columns are not assigned", len(others)).format(n=len(others))
    advice = _("Say what they are under Columns, or with --mapping; without that they are shown on an incident's own page only.")
    return [Problem(1, "", some, reason, advice, "columns_not_assigned")]


def same(name: str) -> str:
    """A name of a column as it is compared with another.

    >>> same(" Date  of\\nincident") == same("date of incident")
    True
    """
    return " ".join(plain(name, 1000).split()).casefold()
