"""GeoJSON points as a sheet: the properties of each feature are its columns, its point is latitude and longitude (RFC 7946).

Features are read one after another, so that what stands before a break in the file survives it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from incident_atlas.core.schema import LONGEST_CELL
from incident_atlas.errors import EmptyFile, NotATable
from incident_atlas.i18n import _
from incident_atlas.importers.files.base import LARGEST_PIECE, MOST_COLUMNS, Sheet

POINT = ("latitude", "longitude")

_SPACE = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()
_FAULTS = (ValueError, RecursionError, IndexError)


class GeoJson(Sheet):
    """A FeatureCollection of points; the index of a row is the number of its feature. Raises `NotATable` or `EmptyFile`."""

    kind = "GeoJSON"
    encoding = "utf-8"

    def __init__(self, stream: BinaryIO, name: str) -> None:
        super().__init__(name)
        stream.seek(0)
        self._text = stream.read().decode("utf-8-sig", "replace")
        self._at = self._begin = _features_at(self._text)
        if self._text[_SPACE.match(self._text, self._begin).end() :].startswith("]"):
            raise EmptyFile(_("The GeoJSON is a FeatureCollection without features."), _("Add one feature per incident."))
        names: dict[str, None] = {}
        features = cells = 0
        for feature in self._features():
            features += 1
            properties = _properties(feature)
            names.update(dict.fromkeys(properties))
            cells += len(properties)
        # As many as `MOST_COLUMNS` names are looked at next; of more no table is made.
        self._fill_limit(features * min(len(names), MOST_COLUMNS) - cells, cells)
        # The features are read again, and then a break among them is said.
        self.notes = []
        # Our own exports say how a point was found; what no source gave stays blank, as in the record it came from.
        self._ours = "found_by" in names
        self._names = list(names)
        written = {name.strip().casefold(): at for at, name in reversed(list(enumerate(self._names)))}
        added = [name for name in POINT if name not in written]
        self._point = [written.get(name, len(names) + at) for at, name in enumerate(POINT)]
        if len(added) == 1:
            self._point[POINT.index(added[0])] = len(names)
        self._name_columns([*self._names, *added])

    def part(self) -> float:
        """How much of the text has been read, 0 to 1."""
        return min(1.0, self._at / max(len(self._text), 1))

    def _features(self) -> Iterator[Any]:
        at, number = self._begin, 0
        while True:
            at = _SPACE.match(self._text, at).end()
            if self._text[at : at + 1] == "]":
                return
            try:
                if number:
                    if self._text[at] != ",":
                        raise ValueError
                    at = _SPACE.match(self._text, at + 1).end()
                feature, at = _DECODER.raw_decode(self._text, at)
            except _FAULTS as trouble:
                if not number:
                    raise NotATable(
                        _("The JSON breaks off before its first feature ends."), _("Download or save it again.")
                    ) from trouble
                reason = _("the JSON breaks off: what comes after feature {number:,} is lost").format(number=number)
                self.note(1, "", "", reason, _("Download or save the file again."), "end_is_missing")
                return
            number, self._at = number + 1, at
            yield feature

    def _frames(self, columns: tuple[str, ...], size: int) -> Iterator[pd.DataFrame]:
        places = [self.columns.index(name) for name in columns]
        rows: list[list[str]] = []
        number, begin = 0, self._begin
        for number, feature in enumerate(self._features(), 1):
            row = self._row(number, feature)
            rows.append([row[place] for place in places])
            if len(rows) == size or self._at - begin > LARGEST_PIECE:
                yield _frame(rows, columns, number)
                rows, begin = [], self._at
        if rows:
            yield _frame(rows, columns, number)

    def _row(self, number: int, feature: Any) -> list[str]:
        properties = _properties(feature)
        row = [_text(properties.get(name)) for name in self._names]
        row += [""] * (len(self.columns) - len(row))
        point = self._point_of(number, feature)
        if not self._ours and not any(row[at].strip() for at in self._point):
            for at, degrees in zip(self._point, point, strict=True):
                row[at] = degrees
        for at, cell in enumerate(row):
            if len(cell) > LONGEST_CELL:
                self.note_cut(number, self.columns[at], cell)
                row[at] = cell[:LONGEST_CELL]
        return row

    def _point_of(self, number: int, feature: Any) -> tuple[str, str]:
        """Latitude and longitude as text: GeoJSON writes them the other way round."""
        geometry = feature.get("geometry") if isinstance(feature, dict) else None
        if geometry is None:
            return "", ""
        kind = geometry.get("type") if isinstance(geometry, dict) else None
        position = geometry.get("coordinates") if kind == "Point" else None
        if isinstance(position, list) and len(position) >= 2 and all(type(each) in (int, float) for each in position[:2]):
            if abs(position[0]) <= 180 and abs(position[1]) <= 90:
                return _text(position[1]), _text(position[0])
            shown, reason = f"{position[0]:.15g}, {position[1]:.15g}", _("not a point in degrees")
        else:
            shown, reason = _text(kind), _("not a point")
        advice = _("Give every incident one point in degrees (WGS 84): longitude, then latitude.")
        reason = _("{reason}; the incident is read without its place").format(reason=reason)
        self.note(number, "geometry", shown, reason, advice, "not_degrees")
        return "", ""


def _frame(rows: list[list[str]], columns: tuple[str, ...], last: int) -> pd.DataFrame:
    index = pd.RangeIndex(last - len(rows) + 1, last + 1, name="row")
    cells = zip(*rows, strict=True) if columns else ()
    return pd.DataFrame(dict(zip(columns, cells, strict=True)), index=index, columns=list(columns), dtype="str")


def _features_at(text: str) -> int:
    """Where the first feature begins."""
    try:
        at = _SPACE.match(text).end()
        if text[at] != "{":
            raise ValueError
        while True:
            at = _SPACE.match(text, at + 1).end()
            name, at = _DECODER.raw_decode(text, at)
            at = _SPACE.match(text, at).end()
            if text[at] != ":":
                raise ValueError
            at = _SPACE.match(text, at + 1).end()
            if name == "features" and text[at] == "[":
                return at + 1
            _unused, at = _DECODER.raw_decode(text, at)
            at = _SPACE.match(text, at).end()
            if text[at] != ",":
                raise ValueError
    except _FAULTS as trouble:
        reason = _("The file is JSON, but no GeoJSON with features, so it has no columns.")
        raise NotATable(reason, _("Save the table as CSV, or as GeoJSON with one point per incident.")) from trouble


def _properties(feature: Any) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, str):
        # Half a pair of surrogates is no letter, and no text can be made of it.
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if value is None:
        return ""
    if isinstance(value, float):
        return np.format_float_positional(value, trim="-") if np.isfinite(value) else ""
    return json.dumps(value, ensure_ascii=True)
