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
    └── GeocodingError          an online geocoder is in trouble; the row stays unplaced

A mistake of our own is none of these and is not caught.
"""

from __future__ import annotations

from typing import NamedTuple


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
        super().__init__(f"The database that holds the record does not answer as it should ({fault}). Reload the page in a moment.")
        self.fault = fault


class TooMany(AtlasError):
    """A question needs more single incidents than may leave a database: `most`."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"This asks for single incidents, of which at most {most:,} leave a database at once. "
            "Choose fewer days or places, or take a part of the record as a file of its own."
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
            f"{pairs:,} pairs of incidents lie within days of each other, too many to compare. Choose fewer years or places."
        )
        self.pairs = pairs


class GeocodingError(AtlasError):
    """An online geocoder is in trouble; the row stays unplaced."""


class Problem(NamedTuple):
    """One fault of one cell: where it is, what stands there, what is wrong, what to do.

    `row` is the line number in the file, so that an editor or a spreadsheet finds it; line 1 is the header.
    """

    row: int
    column: str
    value: str
    reason: str
    advice: str
