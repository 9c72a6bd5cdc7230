"""What the pages ask about evidence, worked out once per record: grades, publishers, reports by incident, neighbours."""

from __future__ import annotations

import pandas as pd

from incident_atlas.analysis.evidence import grade
from incident_atlas.analysis.neighbours import Nearby, vicinity
from incident_atlas.core.schema import split
from incident_atlas.dataset.load import Loaded
from incident_atlas.dataset.query import rows
from incident_atlas.dataset.sql import Engine


def grades(loaded: Loaded) -> pd.Series:
    """Grade of every incident, by incident_id."""
    return loaded.once(_grades)


def publisher_counts(loaded: Loaded) -> pd.Series:
    """Distinct publishers of every incident that has reports, by incident_id."""
    return loaded.once(_publisher_counts)


def nearby(loaded: Loaded, one: pd.Series) -> Nearby:
    """What else happened near an incident and about its time; of an engine, only what lies there is asked for."""
    if isinstance(loaded, Engine):
        placed = pd.notna(one["latitude"]) and pd.notna(one["longitude"])
        return Nearby(rows(vicinity(loaded.incidents, one)) if placed else loaded.at([]))
    return loaded.once(_nearby)


def reports(loaded: Loaded, incident_id: str) -> pd.DataFrame:
    """The reports of one incident, found without a walk through all of them."""
    return loaded.reports.iloc[loaded.once(_filed).get(incident_id, [])]


def extras(one: pd.Series, loaded: Loaded) -> list[tuple[str, str, str]]:
    """Data set, column and cell of what its files say of an incident beside the columns of the record, blank cells left out.

    A joined incident has the cells of each of its rows.
    """
    name = one["incident_id"]
    told = []
    for origin, incident_id in loaded.joined.get(name) or [(origin, name) for origin in split(one["origin"])]:
        table = loaded.extras.get(origin)
        found = table[table["incident_id"] == incident_id] if table is not None else ()
        if len(found):
            cells = found.iloc[0].drop("incident_id").items()
            told += [(origin, str(column), str(text)) for column, text in cells if str(text).strip()]
    return told


def _grades(loaded: Loaded) -> pd.Series:
    return grade.grades(loaded.incidents, loaded.reports)


def _publisher_counts(loaded: Loaded) -> pd.Series:
    return grade.publisher_counts(loaded.reports)


def _nearby(loaded: Loaded) -> Nearby:
    return Nearby(loaded.incidents)


def _filed(loaded: Loaded) -> dict[str, list[int]]:
    filed: dict[str, list[int]] = {}
    for at, incident_id in enumerate(loaded.reports["incident_id"].tolist() if len(loaded.reports) else ()):
        filed.setdefault(incident_id, []).append(at)
    return filed
