"""Records of a few rows, written down in the test that needs them."""

from __future__ import annotations

import csv
import io

import pandas as pd

from incident_atlas.core.schema import NAMES
from incident_atlas.dataset.load import Loaded, load_bytes

PLAIN = {
    "date": "2020-01-01",
    "date_precision": "day",
    "title": "An attack",
    "city": "Kabul",
    "attack_type": "Armed Assault",
    "outcome": "carried out",
    "target_type": "Police",
    "perpetrator": "Taliban",
    "attribution": "claimed",
    "added": "2024-01-01",
    "revised": "2024-01-01",
}
"""A row without a problem; its id is its number."""

PROBES = [
    "{{ 7*191 }}",
    "${document.title='x'}",
    "<img src=x onerror=alert(1)>",
    "![x](http://example.com/x.png)",
    "</script><script>",
]
"""Harmless text that a template, a script, a page or Markdown would take for its own."""


def text(*rows: dict, delimiter: str = ",", end: str = "\n") -> str:
    """A CSV with all columns; what a row does not say is as in `PLAIN`."""
    out = io.StringIO()
    writer = csv.DictWriter(out, NAMES, delimiter=delimiter, lineterminator=end)
    writer.writeheader()
    writer.writerows({"incident_id": f"T-{n}", **PLAIN, **row} for n, row in enumerate(rows, 1))
    return out.getvalue()


def record(*rows: dict) -> Loaded:
    """The same, loaded."""
    return load_bytes(text(*rows).encode())


def placed(*points: tuple[float, float, str]) -> pd.DataFrame:
    """Incidents at these latitudes and longitudes, known to that precision."""
    rows = ({"latitude": str(lat), "longitude": str(lon), "geo_precision": precision} for lat, lon, precision in points)
    return record(*rows).incidents


def problems(loaded: Loaded) -> list[tuple[int, str]]:
    """Row and column of every problem."""
    return list(loaded.problems[["row", "column"]].astype(object).itertuples(index=False, name=None))
