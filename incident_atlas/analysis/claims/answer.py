"""What a claim is answered with: a verdict, a sentence, its numbers, the incidents that show it, and what to draw."""

from __future__ import annotations

import math
from dataclasses import KW_ONLY, dataclass, field
from typing import NamedTuple

import pandas as pd

from incident_atlas.analysis.periods import Period
from incident_atlas.core.formatting import format_number
from incident_atlas.dataset.totals import Headline
from incident_atlas.errors import AtlasError
from incident_atlas.i18n import _, gettext_noop

# Values of a table and of JSON; what shows one translates it.
SUPPORTED, CONTRADICTED = gettext_noop("supported"), gettext_noop("contradicted")
PARTLY, CANNOT_TELL = gettext_noop("partly supported"), gettext_noop("cannot be determined")
VERDICTS = (SUPPORTED, CONTRADICTED, PARTLY, CANNOT_TELL)


class Refused(AtlasError):
    """A row that cannot be asked: the message says in one sentence what is wrong with it."""


class NotCovered(AtlasError):
    """A row that this record says nothing about: the message says why in one sentence."""


class Years(NamedTuple):
    """Incidents per year of the whole record (table: year, incidents, inside: those in the days looked at), these days, and a
    rate to hold them against."""

    table: pd.DataFrame
    looked: Period
    limit: float | None = None


class Bars(NamedTuple):
    """Named counts, most first: label, incidents."""

    rows: tuple[tuple[str, int], ...]


class Rates(NamedTuple):
    """Two or more rates with their bounds: label, incidents, rate, low, high. unit: what the rate is per."""

    rows: tuple[tuple[str, int, float, float, float], ...]
    unit: str


class SideTable(NamedTuple):
    """Counts by perpetrator and side. rows: the name, then one count per side."""

    parties: tuple[str, ...]
    rows: tuple[tuple[str | int, ...], ...]


class Shown(NamedTuple):
    """An incident that shows what the answer says, and what it shows."""

    incident_id: str
    words: str


@dataclass(frozen=True)
class Answer:
    """The record's answer to one claim.

    finding: what the record holds, in a sentence or two, plain text and not yet safe. why: what makes that the verdict, a
    sentence or two each. numbers: by name, rounded; empty when the row could not be asked. days: what was looked at. notes: what
    a reader must know besides. links: the queries of addresses that show it, each with its name. shown: which incidents
    `evidence` is. head: totals of the incidents it rests on.
    fault: why the row cannot be asked, as a sentence. rows_to_change: with so many rows fewer (of a rate: fewer or more) the verdict
    would be another; None where leaving out rows of the record changes nothing.
    """

    verdict: str
    finding: str
    why: tuple[str, ...] = ()
    _: KW_ONLY
    numbers: dict[str, float] = field(default_factory=dict)
    days: str = ""
    notes: tuple[str, ...] = ()
    links: tuple[tuple[str, dict[str, list[str]]], ...] = ()
    picture: Years | Bars | Rates | SideTable | None = None
    evidence: tuple[Shown, ...] = ()
    shown: str = ""
    head: Headline | None = None
    fault: str = ""
    rows_to_change: int | None = None

    @property
    def sentence(self) -> str:
        """The whole answer: the finding and why."""
        return " ".join((self.finding, *self.why))


def plain_numbers(**values: float) -> dict[str, float]:
    """Numbers that JSON knows: whole ones as they are, others to four digits, infinite ones left out.

    >>> plain_numbers(incidents=2, rate=0.351234, high=float("inf"))
    {'incidents': 2, 'rate': 0.3512}
    """
    kept = {name: value for name, value in values.items() if math.isfinite(value)}
    return {name: value if isinstance(value, int) else round(value, 4) for name, value in kept.items()}


def interval(low: float, high: float) -> str:
    """Bounds for people.

    >>> interval(0.04, 1.27), interval(2.3, float("inf"))
    ('95 % interval 0.04 to 1.27', '95 % interval 2.3 to any number')
    """
    return _("95 % interval {low} to {high}").format(
        low=format_number(low), high=_("any number") if math.isinf(high) else format_number(high)
    )
