"""The citation of what a filter leaves of a record: which incidents, of which data, from where, under which licences."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import pandas as pd

from incident_atlas.core.data_sets import NOT_STATED as NO_TERMS
from incident_atlas.core.data_sets import Origin, citations_and_terms, cited, named, terms
from incident_atlas.core.text import day, plain
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.totals import Headline
from incident_atlas.i18n import _

_OURS = {
    "the incidents and their reports, as compiled here": _("CC BY 4.0, Incident Atlas (data/README.md names the sources)"),
    "points of places that no source gives": _("GeoNames, CC BY 4.0; others as data/gazetteer.csv and data/README.md say"),
    "outlines of the country and its provinces": _("Natural Earth, public domain"),
    "the base map of the page in one file": _(
        "Natural Earth, public domain; rivers of GSHHG, LGPL; names of GeoNames, CC BY 4.0"
    ),
    "the code, also of the page in one file": _("MIT; Leaflet, which that page contains: BSD 2-Clause"),
}


VERSION_DIGITS = 12
"""Hexadecimal digits of the sha256 of a record that name a version of it, in tables, links and sentences."""


def version(sha256: str) -> str:
    """How a version of the data is named."""
    return sha256[:VERSION_DIGITS]


@dataclass(frozen=True)
class Cited:
    """A data set as an export names it: what it is, its file, how to cite it and what it allows, all plain text."""

    name: str
    title: str
    file: str
    sha256: str
    citation: str
    terms: str


@dataclass(frozen=True)
class Citation:
    """What every export carries: which incidents, of which record and data sets, from where, under which licences.

    last: the record's last day, ISO. sha256: of the record's file, or of what is left of it. placed + unplaced = incidents.
    licences: what, and its licence; of a file that is not the shipped record only what this project itself adds is licensed
    here. data_sets: those of the incidents, without the shipped record. data: what is withheld, and citations and terms as sentences;
    '' when there are none. discretion: a sentence on what is withheld. days: to which day the data go, and whether later ones are
    incomplete, as the page says it. figures: what the totals of these incidents hold beside what the filter asks for; may be empty.
    """

    sentence: str
    link: str
    record: str
    shipped: bool
    last: str | None
    sha256: str
    incidents: int
    placed: int
    unplaced: int
    days: str
    licences: dict[str, str]
    data_sets: tuple[Cited, ...] = ()
    data: str = ""
    discretion: str = ""
    figures: str = ""

    def file_stem(self, view: str = "") -> str:
        """A file name without its ending: another record, filter or view is another name."""
        seed = "\n".join((self.sha256, self.sentence, self.link, view))
        return f"incident-atlas-{hashlib.sha256(seed.encode('utf-8', 'replace')).hexdigest()[:10]}"

    def rows(self) -> list[tuple[str, str]]:
        """The citation as labelled lines, plain text."""
        counts = _("{incidents:,}, of which {placed:,} on the map and {unplaced:,} with no known location").format(
            incidents=self.incidents, placed=self.placed, unplaced=self.unplaced
        )
        licences = [(_("Licence"), f"{what}: {licence}") for what, licence in self.licences.items()]
        return [
            (_("What this is"), self.sentence),
            (_("Link"), self.link),
            (_("Record"), f"{self.record}. {self.days}"),
            *([(_("Its sha256"), self.sha256)] if self.sha256 else []),
            (_("Incidents"), counts),
            *([(_("Figures"), self.figures)] if self.figures else []),
            *([(_("Withheld"), self.discretion)] if self.discretion else []),
            *(row for one in self.data_sets for row in _about(one)),
            *licences,
            (_("Cite as"), self.cite_as()),
        ]

    def name(self) -> str:
        """The record in a few words: name and last day."""
        if self.shipped:
            name = _("Incident Atlas, record of armed attacks in Afghanistan")
        else:
            name = _("{record}, shown with Incident Atlas").format(record=self.record)
        return _("{name}, to {timestamp}").format(name=name, timestamp=day(pd.Timestamp(self.last))) if self.last else name

    def source(self) -> str:
        """`name`, and what tells this version of it from another."""
        return f"{self.name()} (sha256 {version(self.sha256)})" if self.sha256 else self.name()

    def cite_as(self) -> str:
        """One line for a footnote."""
        return f"{self.source()}: {self.sentence} {self.link} {self.data}".strip()


def _about(one: Cited) -> list[tuple[str, str]]:
    message = _("{name}: {title}, file {file}, sha256 {sha256}")
    text = message.format(name=one.name, title=one.title, file=one.file, sha256=one.sha256)
    return [(_("Data set"), text), (_("Its citation"), one.citation)]


def origins_of(visible: pd.DataFrame, origins: tuple[Origin, ...]) -> tuple[Origin, ...]:
    """The data sets that these incidents came from."""
    return named(visible["origin"].unique(), origins)


def cite(
    loaded: Loaded,
    sentence: str,
    link: str,
    head: Headline,
    shown: tuple[Origin, ...] | None = None,
    chosen: Filters | None = None,
) -> Citation:
    """The citation of what a filter leaves of a record. shown: the data sets that are left, all of the record when None.

    chosen: the filter, where its places may be known; without it the days are those of the record's area that ends first.
    """
    source = loaded.source
    shown = loaded.origins if shown is None else shown
    foreign = [origin for origin in shown if not origin.shipped]
    [(what, licence), *added] = _OURS.items()
    licences = {what: licence} if source.shipped or any(origin.shipped for origin in shown) else {}
    if len(shown) == 1 or not foreign:
        licences |= {} if licences else {"the incidents and their reports": terms(shown[0]) if shown else NO_TERMS}
    else:
        licences |= {
            _("the incidents of {origin_name} and their reports").format(origin_name=plain(origin.name)): terms(origin)
            for origin in foreign
        }
    licences |= dict(added)
    data_sets = tuple(Cited(*map(plain, (one.name, one.title, one.file, one.sha256)), cited(one), terms(one)) for one in foreign)
    last = None if source.last is None else source.last.date().isoformat()
    counts, discretion = (head.incidents, head.placed, head.unplaced), plain(loaded.discretion, 1000)
    record = plain(source.name), source.shipped, last, source.sha256
    data = " ".join(filter(None, (discretion, citations_and_terms(foreign))))
    days = exposure(loaded, chosen).note()
    return Citation(plain(sentence, 2000), link, *record, *counts, days, licences, data_sets, data, discretion)
