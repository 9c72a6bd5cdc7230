"""A view as a reference for reference managers: plain text, BibTeX, RIS and CSL-JSON, each with the version of its data and the day it was seen.

RIS follows the RefMan format (types and tags as Zotero and EndNote read them), CSL-JSON the schema 1.0 of the Citation Style Language.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from incident_atlas.core.text import day, plain
from incident_atlas.dataset.citation import Citation
from incident_atlas.export.incident_citation import address, bibtex, bibtex_entry
from incident_atlas.i18n import _


class CitationFormat(NamedTuple):
    """One way to write a reference: its name for people, the ending of its file, its media type, the text."""

    name: str
    ending: str
    mime: str
    text: str


@dataclass(frozen=True)
class ViewCitation:
    """What is cited. sentence: what the view shows. link: its address. record: name and last day. version: sha256 of the data.

    accessed: the day on which it was seen. data: terms and citations of data sets of others, and what is withheld; may be empty.
    """

    sentence: str
    link: str
    record: str
    version: str
    last: str | None
    accessed: date
    data: str = ""

    @classmethod
    def of(cls, citation: Citation, accessed: date) -> ViewCitation:
        """The view that an export cites."""
        sentence, name, data = _line(citation.sentence), _line(citation.name()), _line(citation.data)
        return cls(sentence, address(citation.link), name, citation.sha256, citation.last, accessed, data)

    def formats(self) -> tuple[CitationFormat, ...]:
        """Text, BibTeX, RIS and CSL-JSON of the same reference."""
        return (
            CitationFormat("Text", "txt", "text/plain", self.text()),
            CitationFormat("BibTeX", "bib", "application/x-bibtex", self.bibtex()),
            CitationFormat("RIS", "ris", "application/x-research-info-systems", self.ris()),
            CitationFormat("CSL-JSON", "json", "application/vnd.citationstyles.csl+json", self.csl_json()),
        )

    def text(self) -> str:
        """One line for a footnote."""
        accessed = _("Accessed {day}.").format(day=day(self.accessed))
        return f"{self.record}: {self.sentence} {self._version()} {accessed} {self.link} {self.data}".strip()

    def bibtex(self) -> str:
        """A `@misc` entry; no author, because the record names none."""
        fields = {
            "title": f"{{{bibtex(self.sentence)}}}",
            "howpublished": bibtex(self.record),
            "year": self.last[:4] if self.last else "",
            "version": self.version,
            "note": bibtex(
                " ".join(
                    filter(None, (self._version(), _("Accessed {accessed}.").format(accessed=day(self.accessed)), self.data))
                )
            ),
            "urldate": self.accessed.isoformat(),
            "url": self.link,
        }
        return bibtex_entry(self._key(), fields)

    def ris(self) -> str:
        """A reference of type DATA; one tag a line, CRLF, as RIS wants it."""
        tags = [
            ("TY", "DATA"),
            ("TI", self.sentence),
            ("T2", self.record),
            ("PY", self.last[:4] if self.last else ""),
            ("ET", self.version),
            # Readers take a semicolon for the end of one address and the begin of another.
            ("UR", self.link.replace(";", "%3B")),
            ("Y2", f"{self.accessed:%Y/%m/%d}/"),
            ("N1", self.data),
        ]
        lines = [f"{tag}  - {value}" for tag, value in tags if value]
        return "\r\n".join([*lines, "ER  - ", ""])

    def csl_json(self) -> str:
        """A list with one item of type dataset."""
        accessed = [[self.accessed.year, self.accessed.month, self.accessed.day]]
        item = {
            "id": self._key(),
            "type": "dataset",
            "title": self.sentence,
            "container-title": self.record,
            "version": self.version,
            "URL": self.link,
            "accessed": {"date-parts": accessed},
            "note": self.data,
        }
        if self.last:
            item["issued"] = {"date-parts": [[int(part) for part in self.last.split("-")]]}
        return json.dumps([{name: value for name, value in item.items() if value}], ensure_ascii=False, indent=2) + "\n"

    def _version(self) -> str:
        return _("Data version sha256 {version}.").format(version=self.version) if self.version else ""

    def _key(self) -> str:
        """Another view is another key, also on the same day: a bibliography that holds one twice takes the second for the first."""
        view = hashlib.sha256(f"{self.sentence}\n{self.link}".encode("utf-8", "replace")).hexdigest()[:6]
        version = re.sub("[^0-9a-f]", "", self.version)[:10]
        return "-".join(filter(None, ("incident-atlas", version, self.accessed.isoformat(), view)))


def _line(text: str) -> str:
    return plain(" ".join(text.split()), 5000)
