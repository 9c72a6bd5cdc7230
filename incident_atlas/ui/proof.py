"""What the pages ask about evidence, worked out once per record and shared: grades, publishers, neighbours."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from incident_atlas import evidence
from incident_atlas.load import Loaded
from incident_atlas.nearby import Nearby


def grades(loaded: Loaded) -> pd.Series:
    """Grade of every incident that has reports, by incident_id."""
    return _grades(loaded.source.sha256, len(loaded.reports), loaded)


def publisher_counts(loaded: Loaded) -> pd.Series:
    """Distinct publishers of every incident that has reports, by incident_id."""
    return _publisher_counts(loaded.source.sha256, len(loaded.reports), loaded)


def nearby(loaded: Loaded) -> Nearby:
    """What else happened near an incident and about its time."""
    return _nearby(loaded.source.sha256, loaded)


def reports(loaded: Loaded, incident_id: str) -> pd.DataFrame:
    """The reports of one incident, found without a walk through all of them."""
    return loaded.reports.iloc[_filed(loaded.source.sha256, len(loaded.reports), loaded).get(incident_id, [])]


@st.cache_resource(max_entries=2, show_spinner=False)
def _filed(sha256: str, reports: int, _loaded: Loaded) -> dict[str, list[int]]:
    filed: dict[str, list[int]] = {}
    for at, incident_id in enumerate(_loaded.reports["incident_id"].tolist() if len(_loaded.reports) else ()):
        filed.setdefault(incident_id, []).append(at)
    return filed


# The record is told apart by its hash; hashing a whole frame at every rerun would cost more than the answer.
@st.cache_resource(max_entries=2, show_spinner=False)
def _grades(sha256: str, reports: int, _loaded: Loaded) -> pd.Series:
    return evidence.grades(_loaded.incidents, _loaded.reports)


@st.cache_resource(max_entries=2, show_spinner=False)
def _publisher_counts(sha256: str, reports: int, _loaded: Loaded) -> pd.Series:
    return evidence.publisher_counts(_loaded.reports)


@st.cache_resource(max_entries=2, show_spinner=False)
def _nearby(sha256: str, _loaded: Loaded) -> Nearby:
    return Nearby(_loaded.incidents)
