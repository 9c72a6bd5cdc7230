"""A record that an engine holds: a Parquet file through DuckDB, a table of a database, a table of a Spark cluster.

    address.py    INCIDENTS_SOURCE as a value, with what of it may be shown
    tables.py     an address -> a lazy frame of Narwhals, connected
    derived.py    a table -> the columns that questions are asked of, as expressions
    opened.py     a lazy frame -> `Engine`, the `load.Loaded` whose incidents stay where they are
    prepared.py   a file of any size -> a Parquet file in those columns, checked, mapped and placed as every file is
    source.py     INCIDENTS_SOURCE -> the record it names, in memory or in its engine
"""

from __future__ import annotations

from incident_atlas.dataset.sql.lazy_dataset import Engine
from incident_atlas.dataset.sql.open import LARGE_BYTES, opened
from incident_atlas.dataset.sql.parquet_cache import prepare, what_it_is
from incident_atlas.dataset.sql.source_url import DUCKDB, FILE, Address, address

__all__ = ["DUCKDB", "FILE", "LARGE_BYTES", "Address", "Engine", "address", "opened", "prepare", "what_it_is"]
