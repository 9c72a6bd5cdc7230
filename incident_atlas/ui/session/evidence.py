"""What the pages ask about evidence, computed once per record: grades, publishers, reports by incident, neighbours."""

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
    return loaded.cache.cached("grades", lambda: grade.grades(loaded.incidents, loaded.reports))


def publisher_counts(loaded: Loaded) -> pd.Series:
    """Distinct publishers of every incident that has reports, by incident_id."""
    return loaded.cache.cached("publisher counts", lambda: grade.publisher_counts(loaded.reports))


def neighbours(loaded: Loaded, incident: pd.Series) -> Nearby:
    """What else happened near an incident and about its time; of an engine, only what lies there is asked for."""
    if isinstance(loaded, Engine):
        placed = pd.notna(incident["latitude"]) and pd.notna(incident["longitude"])
        return Nearby(rows(vicinity(loaded.incidents, incident)) if placed else loaded.at([]))
    return loaded.cache.cached("neighbours", lambda: Nearby(loaded.incidents))


def reports(loaded: Loaded, incident_id: str) -> pd.DataFrame:
    """The reports of one incident, found without a walk through all of them."""
    positions = loaded.cache.cached("report positions", lambda: _report_positions(loaded))
    return loaded.reports.iloc[positions.get(incident_id, [])]


def extra_columns(incident: pd.Series, loaded: Loaded) -> list[tuple[str, str, str]]:
    """Data set, column and cell of what its files say of an incident beside the columns of the record, blank cells left out.

    A joined incident has the cells of each of its rows.
    """
    name = incident["incident_id"]
    extras = []
    for origin, incident_id in loaded.joined.get(name) or [(origin, name) for origin in split(incident["origin"])]:
        table = loaded.extras.get(origin)
        found = table[table["incident_id"] == incident_id] if table is not None else ()
        if len(found):
            cells = found.iloc[0].drop("incident_id").items()
            extras += [(origin, str(column), str(text)) for column, text in cells if str(text).strip()]
    return extras


def _report_positions(loaded: Loaded) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for at, incident_id in enumerate(loaded.reports["incident_id"].tolist() if len(loaded.reports) else ()):
        positions.setdefault(incident_id, []).append(at)
    return positions
