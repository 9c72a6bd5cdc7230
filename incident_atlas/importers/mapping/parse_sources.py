"""Who reported a row, where a column of the table names them: one report for each source."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import numpy as np
import pandas as pd

from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.core.text import safe_url
from incident_atlas.i18n import _
from incident_atlas.importers.mapping.parse_counts import NOTHING

SAYS = _("Named as a source in the table.")
"""All that is known of what such a report says."""

_MOST = 50
"""Sources of one row that are told apart; what follows them stays together."""


def reports(ids: np.ndarray, sources: np.ndarray, urls: np.ndarray) -> pd.DataFrame:
    """The columns of `schema.REPORT_NAMES` for these rows, one row for each source that one of them names.

    sources, urls: a cell per row, several sources with ";" or the end of a line between; addresses in either. An address is joined to the source
    when the row has one of each; else its host stands for the publisher.
    """
    found = [
        (one, publisher, url)
        for one, source, url in zip(ids, sources, urls, strict=True)
        if source or url
        for publisher, url in _named(source, url)
    ]
    table = pd.DataFrame(found, columns=["incident_id", "publisher", "url"], dtype="str").assign(says=SAYS)
    return table.reindex(columns=list(REPORT_NAMES), fill_value="").astype("str")


def _named(source: str, url: str) -> list[tuple[str, str]]:
    """Pairs of publisher and address; "-", "unknown" and other words for none are no publisher.

    >>> _named("Reuters; BBC", ""), _named("Reuters", "https://example.org/1"), _named("https://www.example.org/1", "")
    ([('Reuters', ''), ('BBC', '')], [('Reuters', 'https://example.org/1')], [('example.org', 'https://www.example.org/1')])
    """
    parts = [
        part.strip()
        for cell in (source, url)
        for part in re.split(r";|[\r\n]+|\s+(?=https?://)", cell, maxsplit=_MOST)
        if part.strip().casefold() not in NOTHING
    ]
    addresses = list(dict.fromkeys(part for part in parts if safe_url(part)))
    names = list(dict.fromkeys(part for part in parts if not safe_url(part)))
    if len(names) == len(addresses) == 1:
        return [(names[0], addresses[0])]
    return [(name, "") for name in names] + [
        ((urlsplit(address).hostname or "").removeprefix("www."), address) for address in addresses
    ]
