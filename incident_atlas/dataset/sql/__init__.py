"""A record that an engine holds: a Parquet file through DuckDB, a table of a database, a table of a Spark cluster.

databases.py      INCIDENTS_SOURCE -> an address, with what of it may be shown -> a lazy frame of Narwhals, connected
derive.py         a table -> the columns that questions are asked of, as expressions
lazy_dataset.py   `Engine`, the `load.Loaded` whose incidents stay where they are
open.py           INCIDENTS_SOURCE -> the record it names, in memory or in its engine
parquet_cache.py  a file of any size -> a Parquet file in those columns, checked, mapped and placed as every file is
"""

from __future__ import annotations

from incident_atlas.dataset.sql.databases import DUCKDB, FILE, Address, address
from incident_atlas.dataset.sql.lazy_dataset import Engine
from incident_atlas.dataset.sql.open import LARGE_BYTES, opened
from incident_atlas.dataset.sql.parquet_cache import prepare, what_it_is

__all__ = ["DUCKDB", "FILE", "LARGE_BYTES", "Address", "Engine", "address", "opened", "prepare", "what_it_is"]
