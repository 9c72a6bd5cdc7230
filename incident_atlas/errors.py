"""What can go wrong, as values and as exceptions.

A bad row is a `Problem`: counted, shown, downloadable, never raised. A bad file raises one of a small family,
whose message says in plain words what is wrong and what to do:

    AtlasError                  anything this package refuses to do
    ├── FileError               the file cannot be used
    │   ├── MissingFile         there is no such file
    │   ├── NotAFile            a directory, or something that cannot be opened
    │   ├── EmptyFile           no bytes, or only blank lines
    │   ├── NotATable           binary, or a table without the columns of a record
    │   ├── Locked              needs a password
    │   ├── TooLarge            more than can be read, or than its packing may unfold to
    │   └── Undecided           a person must choose: how its dates are written, which of its sheets, which columns
    ├── SourceGone              the database that holds the record does not answer
    ├── TooMany                 a question needs more single incidents than may leave a database
    ├── UnknownPolicy           a setting asks to withhold something that is not known: nothing is shown
    ├── TooVague                two records whose dates and places are too vague to compare
    ├── Refused                 a row of a table of claims cannot be asked (analysis/claims/answer.py)
    ├── NotCovered              the record says nothing about such a row (analysis/claims/answer.py)
    └── GeocodingError          an online geocoder is in trouble; the row stays unplaced

A mistake of our own is none of these and is not caught.
"""

from __future__ import annotations

from typing import NamedTuple

from incident_atlas.i18n import _


class AtlasError(Exception):
    """Anything this package refuses to do."""


class FileError(AtlasError):
    """The file cannot be used: what is wrong with it, and what to do."""

    def __init__(self, reason: str, advice: str = "") -> None:
        super().__init__(f"{reason} {advice}".strip())
        self.reason = reason
        self.advice = advice


class MissingFile(FileError):
    """There is no such file."""


class NotAFile(FileError):
    """A directory, or something that cannot be opened."""


class EmptyFile(FileError):
    """No bytes, or only blank lines."""


class NotATable(FileError):
    """Binary, or a table without the columns of a record."""


class Locked(FileError):
    """Needs a password."""


class TooLarge(FileError):
    """More than can be read, or than its packing may unfold to."""


class Undecided(FileError):
    """A person must choose: how its dates are written, which of its sheets, which columns."""


class SourceGone(AtlasError):
    """The database that holds the record does not answer. fault: the name of its driver's error; its words may hold a password."""

    def __init__(self, fault: str) -> None:
        message = _("The database that holds the record does not answer as it should ({fault}). Reload the page in a moment.")
        super().__init__(message.format(fault=fault))
        self.fault = fault


class TooMany(AtlasError):
    """A question needs more single incidents than may leave a database: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(
            _(
                "This asks for single incidents, of which at most {most:,} leave a database at once. Choose fewer days or places, or take a part of the record as a file of its own."
            ).format(most=most)
        )
        self.most = most


class UnknownPolicy(AtlasError):
    """A setting asks to withhold something that is not known: nothing is shown."""

    def __init__(self, reason: str, advice: str) -> None:
        super().__init__(f"{reason} {advice}")


class TooVague(AtlasError):
    """Two records whose dates and places are too vague to compare, or too many on the same days: `pairs` to look at."""

    def __init__(self, pairs: int) -> None:
        super().__init__(
            _(
                "{pairs:,} pairs of incidents lie within days of each other, too many to compare. Choose fewer years or places."
            ).format(pairs=pairs)
        )
        self.pairs = pairs


class GeocodingError(AtlasError):
    """An online geocoder is in trouble; the row stays unplaced."""


class Problem(NamedTuple):
    """One fault of one cell: where it is, what stands there, what is wrong, what to do.

    `row` is the line number in the file, so that an editor or a spreadsheet finds it; line 1 is the header. `code` is one of
    `PROBLEM_CODES` and stays the same when a sentence is reworded; reason and advice may quote the file, the code never does.
    """

    row: int
    column: str
    value: str
    reason: str
    advice: str
    code: str


ROW_SET_ASIDE = _(": the row is set aside")
"""What stands behind the reason of a problem that costs its row."""

PROBLEM_CODES = {
    "attribution_and_perpetrator": _("attribution and perpetrator do not fit together"),
    "blank": _("a cell that every row must have is blank"),
    "bytes_not_text": _("there are bytes that are no text"),
    "cell_too_long": _("a cell is too long; it was cut"),
    "cells_and_columns": _("there are more or fewer cells than columns"),
    "columns_not_assigned": _("there are columns of which nobody said what they are"),
    "columns_of_its_own": _("there are columns that the record does not have"),
    "decision_not_followed": _("a decision on a pair cannot be followed"),
    "direction_signs": _("signs in a cell turn the direction of text"),
    "encoding_guessed": _("the file is not UTF-8; its encoding was guessed"),
    "end_is_missing": _("the file breaks off; the end of it is missing"),
    "ends_before_it_begins": _("the incident ends before it begins"),
    "error_cells": _("cells show an error of a spreadsheet program"),
    "file_not_used": _("the file cannot be used"),
    "figures_out_of_order": _("a low figure is above a high one"),
    "formulas": _("cells are formulas; the values last calculated were read"),
    "half_a_point": _("one of latitude and longitude is missing"),
    "hxl_tags": _("the row holds HXL tags; it was left out"),
    "merged_cells": _("cells are merged, and only the first of each range has a value of its own"),
    "missing_column": _("a column is missing"),
    "nested_columns": _("columns that hold lists or tables were left blank"),
    "no_attack": _("no attack") + ROW_SET_ASIDE,
    "no_date": _("no date") + ROW_SET_ASIDE,
    "no_id": _("no incident_id") + ROW_SET_ASIDE,
    "no_rows": _("the file has a header and no rows"),
    "no_title": _("no title") + ROW_SET_ASIDE,
    "not_a_count": _("not a whole number"),
    "exchanged_coordinates": _("latitude and longitude were exchanged, as a person chose"),
    "more_problems": _("there are more problems than are listed"),
    "not_an_incident": _("a total or a heading") + ROW_SET_ASIDE,
    "not_a_date": _("not a date that can be used"),
    "not_a_term": _("not a term of this column"),
    "not_a_time": _("not a time of day"),
    "null_island": _("the point 0, 0 stands for no point; it is left out"),
    "not_degrees": _("not a point in degrees"),
    "order_of_dates": _("dates are read with the day first, because they are written with dots"),
    "other_tables": _("the file holds other tables, which were not read"),
    "outside_area": _("the coordinates lie outside the province or the country of the row"),
    "own_term": _("not a term of this column: kept as the file's own word"),
    "part_of_a_count": _("a figure counts some of the people alone"),
    "placement_not_followed": _("a place that a person gave cannot be used"),
    "precision_limited": _("points are not as well known as was said; they are treated as known to a larger place"),
    "repeated_column": _("a column stands twice; the first was used"),
    "id_replaced": _("the id stands twice: the row has one made of its content"),
    "repeated_id": _("the id stands twice") + ROW_SET_ASIDE,
    "report_without_incident": _("a report names no incident of this record"),
    "row_or_cell_not_used": _("a row or a cell cannot be used"),
    "rows_above_header": _("there are rows above the header; they were not read"),
    "stray_quote": _("a quote is never closed, or stands inside a quoted cell"),
    "swapped_coordinates": _("latitude and longitude look swapped"),
    "table_not_read": _("a table beside the record cannot be read"),
    "title_not_kept": _("a victim's row has another title than the first row of its incident, which is kept"),
    "two_lines": _("the header has two lines"),
}
"""What can be wrong in a file, by its code, in words that quote nothing of the file."""
