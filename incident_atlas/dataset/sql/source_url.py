"""INCIDENTS_SOURCE as a value: a file, or a table of a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit, urlunsplit

from incident_atlas.core.text import file_name
from incident_atlas.errors import NotAFile
from incident_atlas.i18n import _

FILE, DUCKDB, SPARK, IBIS = "file", "duckdb", "pyspark", "ibis"


@dataclass(frozen=True)
class Address:
    """Where a record is. engine: one of `FILE`, `DUCKDB`, `SPARK`, `IBIS`; at: path or URL, which may hold a password; table: its name.

    key: the column of whole numbers by which a row is found again, '' when nobody said. name: what people are shown.
    """

    engine: str
    at: str
    table: str = ""
    name: str = ""
    key: str = ""

    def __repr__(self) -> str:
        # A password must not get into a log with the value.
        return f"Address({self.name!r})"


def address(source: str) -> Address:
    """The value of INCIDENTS_SOURCE, read; raises `NotAFile` when it is no address, or a database without its table.

    >>> address("postgres://reader:secret@db.example.org/acled?table=public.events")
    Address('public.events')
    >>> address("data/incidents.csv").engine
    'file'
    """
    scheme, _unused, rest = source.partition("://")
    if not rest and re.match(r"[A-Za-z][\w+.-]+:|.*password=", source):
        # A slip in an address with a password must not be shown as the name of a file.
        raise NotAFile(_("INCIDENTS_SOURCE is no address."), _("Write it as the README says under Large records."))
    if not rest or len(scheme) < 2:
        return Address(FILE, source, name=file_name(Path(source)))
    if scheme == DUCKDB:
        # What stands before the question mark is a path and no host: brackets and # are characters of a name.
        path, _unused, query = rest.partition("?")
    else:
        try:
            parts = urlsplit(source)
        except ValueError:  # its words quote the address, and so perhaps a password
            raise NotAFile(_("INCIDENTS_SOURCE is no address."), _("Write it as the README says under Large records.")) from None
        path, query = parts.netloc, parts.query
    options = dict(parse_qsl(query))
    table, key = options.pop("table", ""), options.pop("row", "")
    if not table and not (scheme == SPARK and options.get("path")):
        raise NotAFile(_("INCIDENTS_SOURCE names a database without a table."), _("Add ?table= and its name."))
    # Its host is nobody's business who only looks at the dashboard.
    name = table or Path(options.get("path", "")).name
    if scheme == DUCKDB:
        return Address(DUCKDB, unquote(path), table, name, key)
    if scheme == SPARK:
        return Address(SPARK, options.get("path", "") or path, table, name, key)
    return Address(IBIS, urlunsplit(parts._replace(query=urlencode(options))), table, name, key)
