"""Bytes of any container (CSV, XLSX, Parquet, GeoJSON, archives) to a table of text."""
