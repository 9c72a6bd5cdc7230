"""Records of several data sets, of rows written down in the test that needs them."""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

import pandas as pd

from incident_atlas.core.data_sets import Format
from incident_atlas.curation.merge import merged
from incident_atlas.dataset.load import Loaded, load_bytes
from tests.support import tiny

OPEN = Format("open", "Open Events", citation="Doe (2024): Open Events 1.0.", terms="CC BY 4.0")
CLOSED = Format("closed", "Closed Events", citation="Roe (2023): Closed Events.", terms="No rows may be passed on.", asks=True)
IRAQ = {"country": "Iraq", "city": "Baghdad", "latitude": "33.3", "longitude": "44.4"}


def of(form: Format, name: str, *rows: dict) -> Loaded:
    """A record of one file of that data set; its extras are a column that says the id again."""
    start = {"incident_id": ""}
    numbered = [start | {"incident_id": f"{form.key}:{n}"} | row for n, row in enumerate(rows, 1)]
    loaded = load_bytes(tiny.text(*numbered).encode(), name)
    [origin] = loaded.origins
    ids = loaded.incidents["incident_id"].astype("str")
    extras = pd.DataFrame({"incident_id": ids, "dyad": "<b>" + ids, "region": ""})
    return replace(loaded, origins=(replace(origin, format=form, title=f"{form.name} 1"),), extras={name: extras})


def combined(*parts: Loaded) -> Loaded:
    """All of them as one record, nothing joined."""
    return reduce(_both, parts)


def joined(loaded: Loaded, keeps: str, gone: str) -> Loaded:
    """The record with two of its incidents as one, which carries the names of both their data sets."""
    origin_of = dict(zip(loaded.incidents["incident_id"], loaded.incidents["origin"].astype("str"), strict=True))
    incidents = loaded.incidents[loaded.incidents["incident_id"] != gone].reset_index(drop=True)
    names = incidents["origin"].astype("str")
    names = names.mask(incidents["incident_id"] == keeps, f"{origin_of[keeps]};{origin_of[gone]}")
    text = {keeps: ((origin_of[keeps], keeps), (origin_of[gone], gone))}
    return replace(loaded, incidents=incidents.assign(origin=names.astype("category")), joined=text)


def _both(one: Loaded, other: Loaded) -> Loaded:
    both = merged(one, other, ())
    source = replace(
        one.source,
        name=f"{one.source.name} and {other.source.name}",
        sha256=f"{one.source.sha256[:32]}{other.source.sha256[:32]}",
        read=one.source.read + other.source.read,
        kept=len(both.incidents),
        last=max(one.source.last, other.source.last),
        first=min(one.source.first, other.source.first),
        shipped=False,
    )
    options = {name: tuple(sorted({*terms, *other.options[name]})) for name, terms in one.options.items()}
    return replace(
        one, incidents=both.incidents, reports=both.reports, source=source, options=options,
        problems=pd.concat([one.problems, other.problems], ignore_index=True),
        origins=(*one.origins, *other.origins), extras=one.extras | other.extras,
    )  # fmt: skip
