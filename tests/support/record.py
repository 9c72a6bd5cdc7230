"""The shipped record, read once for all tests of a process: they look at it, and change nothing."""

from __future__ import annotations

from functools import cache

from incident_atlas.dataset.load import Loaded, load


@cache
def shipped_record() -> Loaded:
    """The record of data/incidents.csv as the dashboard loads it."""
    return load()
