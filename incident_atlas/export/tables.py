"""What is visible, as files to take away: a zip of plain tables, and GeoJSON. Each carries what it is and how to cite it.

A file that was exported reads back as the very rows it was made of: what the gazetteer filled is left blank again, and
text that a spreadsheet would run as a formula gets an apostrophe that our reader takes off.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import IO, Any

import numpy as np
import pandas as pd

from incident_atlas.core.schema import COLUMNS, COUNTS, FOUND_COLUMNS, NAMES, REPORT_NAMES
from incident_atlas.core.text import FORMULA_STARTS, as_cell
from incident_atlas.core.vocabulary import RADIUS_M
from incident_atlas.dataset.citation import Citation
from incident_atlas.dataset.selection import reports_of
from incident_atlas.geo.geocoding import FINAL_METHODS, NOT_FOUND
from incident_atlas.i18n import _

HOW_PLACED = _(
    "The map shows an incident at map_latitude and map_longitude: it happened within radius_m metres of that point. How that point was found is in found_by, found_as and found_score. What a source gives is in latitude and longitude."
)

BLANK = _("A blank cell means: not reported. It is not zero. The record is a sample: no report does not mean no attack.")

CHUNK = 5_000
"""Rows that are text at the same time."""


def archive(visible: pd.DataFrame, reports: pd.DataFrame, citation: Citation, more: pd.DataFrame | None = None) -> bytes:
    """A zip of incidents.csv (columns `schema.NAMES` and `schema.FOUND_COLUMNS`), reports.csv and CITATION.txt.

    Of several data sets also data_sets.csv: which of them each incident is in, because what they allow differs.
    visible: rows of `Loaded.incidents` with all its columns; reports: `Loaded.reports`, of which theirs are taken; more: further
    columns of the incidents, row by row, such as their distance from a point. The same rows give the same bytes.
    """
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, (header, rows) in sheets(visible, reports_of(visible, reports), citation, more).items():
            with folder.open(_entry(f"{name}.csv"), "w") as file:
                _write(file, header, rows)
        width = max(len(label) for label, _unused in citation.rows()) + 2
        lines = [f"{label + ':':<{width}}{text}" for label, text in citation.rows()]
        lines += ["", HOW_PLACED, BLANK]
        folder.writestr(_entry("CITATION.txt"), "\ufeff" + "\r\n".join(lines) + "\r\n")
    return packed.getvalue()


Sheet = tuple[tuple[str, ...], Iterator[tuple[str, ...]]]
"""A table on its way into a file: its header, and its rows as text, each text as `as_cell` writes it."""


def sheets(visible: pd.DataFrame, theirs: pd.DataFrame, citation: Citation, more: pd.DataFrame | None = None) -> dict[str, Sheet]:
    """The tables of `archive` by name. theirs: the reports of these incidents."""
    found = {
        "incidents": _placed(visible, more),
        "reports": (REPORT_NAMES, _rows(_report_columns(part) for part in parts_of(theirs))),
    }
    if len(citation.data_sets) > 1 or (citation.data_sets and visible["origin"].nunique() > 1):
        columns = ("incident_id", "origin")
        cells = ([_cells(part[name].astype("str")).to_list() for name in columns] for part in parts_of(visible))
        found["data_sets"] = columns, _rows(cells)
    return found


def incidents_csv(visible: pd.DataFrame, citation: Citation, more: pd.DataFrame | None = None) -> bytes:
    """The table incidents.csv of `archive` alone. A last column holds in its first row what the file is: sentence, link, source, terms."""
    columns = pd.DataFrame(index=visible.index) if more is None else more
    columns = columns.assign(cite_as=[citation.cite_as(), *[""] * (len(columns) - 1)][: len(columns)])
    file = io.BytesIO()
    _write(file, *_placed(visible, columns))
    return file.getvalue()


def _placed(visible: pd.DataFrame, more: pd.DataFrame | None) -> Sheet:
    """Rows with the columns of the record, of where they are on the map, and `more`."""
    further = [] if more is None else [_cells(_plain_text(more[name])).to_list() for name in more]
    names = () if more is None else tuple(more.columns)
    parts = (
        [*_as_text(part), *_found(part), *(column[start : start + CHUNK] for column in further)]
        for start, part in zip(range(0, len(visible), CHUNK), parts_of(visible), strict=True)
    )
    return (*NAMES, *FOUND_COLUMNS, *names), _rows(parts)


def _rows(parts: Iterable[list[list[str]]]) -> Iterator[tuple[str, ...]]:
    """Rows of parts that come as columns."""
    return (row for columns in parts for row in zip(*columns, strict=True))


def _report_columns(part: pd.DataFrame) -> list[list[str]]:
    return [_cells(part[name]).to_list() for name in REPORT_NAMES]


def _plain_text(cells: pd.Series) -> pd.Series:
    """Cells as text, blank where there is none; whole numbers without a point."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return cells.map(lambda value: "" if pd.isna(value) else f"{value:g}").astype("str")
    return cells.astype("str")


def _found(part: pd.DataFrame) -> list[list[str]]:
    """The columns `schema.FOUND_COLUMNS` as text; all but found_by blank where an incident could not be placed."""
    placed = (part["found_by"].astype("str") != NOT_FOUND).to_list()
    radius = [RADIUS_M.get(precision) for precision in part["geo_precision"]]
    columns = [
        [f"{degrees:.6f}".rstrip("0").rstrip(".") for degrees in part["latitude"]],
        [f"{degrees:.6f}".rstrip("0").rstrip(".") for degrees in part["longitude"]],
        part["geo_precision"].astype("str").to_list(),
        ["" if metres is None else str(metres) for metres in radius],
    ]
    score = ["" if np.isnan(score) else f"{score:.1f}" for score in part["found_score"].to_list()]
    found = [part["found_by"].astype("str").to_list(), _cells(part["found_as"].astype("str")).to_list(), score]
    return [*([cell if there else "" for cell, there in zip(column, placed, strict=True)] for column in columns), *found]


def geojson(visible: pd.DataFrame, citation: Citation, more: pd.DataFrame | None = None) -> bytes:
    """A FeatureCollection (RFC 7946), one feature per incident; one that could not be placed has the geometry null.

    The properties are the record's columns as the page shows them, blank as null, and radius_m (nominal radius of the
    precision), origin (its data sets), found_by, found_as, found_score (how the point was found); latitude and longitude among
    them are a source's own, or a person's, as in the record, and the columns of `more`, row by row. `metadata` is the citation.
    """
    packed = io.BytesIO()
    opening = json.dumps({"type": "FeatureCollection", "metadata": asdict(citation)}, ensure_ascii=False)
    packed.write(f'{opening[:-1]}, "features": ['.encode("utf-8", "replace"))
    between = "\n"
    for start, part in zip(range(0, len(visible), CHUNK), parts_of(visible), strict=True):
        for feature in _features(part, None if more is None else more.iloc[start : start + CHUNK]):
            text = json.dumps(feature, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
            packed.write((between + text).encode("utf-8", "replace"))
            between = ",\n"
    packed.write(b"\n]}\n")
    return packed.getvalue()


def _features(part: pd.DataFrame, more: pd.DataFrame | None = None) -> Iterator[dict[str, Any]]:
    columns = dict(zip(NAMES, _as_text(part, for_file=False), strict=True))
    for name in (*COUNTS, "latitude", "longitude"):
        number = int if name in COUNTS else float
        columns[name] = [number(cell) if cell else None for cell in columns[name]]
    columns["radius_m"] = [RADIUS_M.get(precision) for precision in columns["geo_precision"]]
    columns["found_by"] = part["found_by"].astype("str").to_list()
    columns["origin"] = part["origin"].astype("str").to_list()
    columns["found_as"] = part["found_as"].astype("str").to_list()
    columns["found_score"] = [None if np.isnan(score) else round(score, 1) for score in part["found_score"].to_list()]
    for name in () if more is None else more:
        columns[name] = [None if pd.isna(value) else value for value in more[name].astype(object)]
    points = zip(part["longitude"].to_list(), part["latitude"].to_list(), strict=True)
    for cells, (longitude, latitude) in zip(zip(*columns.values(), strict=True), points, strict=True):
        properties = {name: None if cell == "" else cell for name, cell in zip(columns, cells, strict=True)}
        placed = properties["found_by"] != NOT_FOUND
        geometry = {"type": "Point", "coordinates": [round(longitude, 6), round(latitude, 6)]} if placed else None
        yield {"type": "Feature", "id": properties["incident_id"], "geometry": geometry, "properties": properties}


def parts_of(visible: pd.DataFrame) -> Iterator[pd.DataFrame]:
    """Rows in parts of `CHUNK`, so that few are text at the same time."""
    return (visible.iloc[start : start + CHUNK] for start in range(0, len(visible), CHUNK))


def _as_text(part: pd.DataFrame, for_file: bool = True) -> list[list[str]]:
    """The columns `schema.NAMES` as text; `for_file`: blank where the record's file left the answer to us, and escaped."""
    has_own_point = part["found_by"].astype("str").isin(FINAL_METHODS)
    blank = {"latitude": ~has_own_point, "longitude": ~has_own_point}
    if for_file:
        blank |= {"geo_precision": ~(has_own_point | part["precision_stated"]), "province": ~part["province_stated"]}
    columns = []
    for column in COLUMNS:
        cells = part[column.name]
        if column.kind == "date":
            texts = pd.Series(cells.to_numpy().astype("datetime64[D]").astype(str), index=cells.index).mask(cells.isna(), "")
        elif column.kind == "count":
            texts = cells.astype("Int64").astype("str").mask(cells.isna(), "")
        elif column.kind == "coordinate":
            texts = cells.map(lambda value: "" if np.isnan(value) else np.format_float_positional(value, trim="-"))
        else:
            texts = cells.astype("str")
            texts = _cells(texts) if for_file else texts
        if column.name in blank:
            texts = texts.mask(blank[column.name], "")
        columns.append(texts.to_list())
    return columns


def _cells(texts: pd.Series) -> pd.Series:
    """Every text as `as_cell` writes it; looked for at once, because hardly any needs it."""
    suspect = texts.str.slice(0, 1).isin(FORMULA_STARTS)
    return texts.mask(suspect, texts[suspect].map(as_cell)) if suspect.any() else texts


def write_incidents(file: IO[bytes], parts: Iterable[pd.DataFrame]) -> None:
    """The rows of `Loaded.incidents` that come in `parts`, as a CSV file of the columns `schema.NAMES`."""
    _write(file, NAMES, _rows(_as_text(part) for part in parts))


def write_reports(file: IO[bytes], reports: pd.DataFrame) -> None:
    """Reports as a CSV file of the columns `schema.REPORT_NAMES`."""
    _write(file, REPORT_NAMES, _rows(_report_columns(part) for part in parts_of(reports)))


def _write(file: IO[bytes], header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> None:
    """One CSV file: comma, CRLF, and the mark that makes Excel read it as UTF-8."""
    text = io.TextIOWrapper(file, "utf-8", "replace", newline="")
    text.write("\ufeff")
    written = csv.writer(text)
    written.writerow(header)
    written.writerows(rows)
    # The file belongs to the caller, who closes it.
    text.detach()


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
