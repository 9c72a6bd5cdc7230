"""Small incidents for tests, made by the real assembly line from a few lines of CSV."""

import io

import pandas as pd

from incident_atlas.load import load_bytes


def incidents(rows: list[dict], **defaults) -> pd.DataFrame:
    """Typed, placed incidents from rows of text; id, date and title are filled in where a row has none."""
    basic = {"date": "2020-01-01", "title": "An attack", **defaults}
    table = pd.DataFrame([{"incident_id": f"T-{i}", **basic, **row} for i, row in enumerate(rows)] or None)
    if not rows:
        table = pd.DataFrame(columns=["incident_id", "date", "title"])
    text = io.StringIO()
    table.to_csv(text, index=False)
    return load_bytes(text.getvalue().encode()).incidents


def placed(points: list[tuple[float, float, str]]) -> pd.DataFrame:
    """Incidents at these latitudes and longitudes, known to that precision."""
    rows = [{"latitude": str(lat), "longitude": str(lon), "geo_precision": precision} for lat, lon, precision in points]
    return incidents(rows)
