"""Strategies that make whole files nobody should have to read: of every container, with cells and bytes that are out to harm."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json
import zipfile

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet
from hypothesis import strategies as st

from incident_atlas.core.schema import NAMES
from tests.support import foreign
from tests.support.hostile import PROBES
from tests.support.tiny import PLAIN, text

PLAUSIBLE = [
    "", " ", "2020-01-01", "13/04/2012", "04/03/2012", "2012", "2012-04", "9999-12-31", "0001-01-01", "43831", "1577836800", "24:61",
    "T-1", "Kabul", "Herat", "Hirat", "کابل", "Nowhere", "Afghanistan", "Iraq", "34.5", "69,1", "95", "-1", "1e309", "nan", "inf", "-0",
    "1.234,5", "9" * 40, "yes", "no", "Taliban", "Taliban;Unknown", ";;", "claimed", "unknown", "Police;Military", "exact", "#N/A",
    "\N{FULLWIDTH DIGIT THREE}", "٣", "'", '"', '""', "\\", "\n", "\r", "a\nb", "a,b;c\td|e",
]  # fmt: skip
CELL = st.sampled_from(PLAUSIBLE) | st.sampled_from(PROBES) | st.text(max_size=6)
ANY_NAME = st.sampled_from(
    "Date When Tag Monat Town City Lat Lon Longitude X Y Killed Dead Wounded Type Actor Group Source ID id Notes What Title Title".split()
) | st.sampled_from([*NAMES, *PROBES, "", " ", "0", "nan", "row", "origin", "x", "text"]) | st.text(max_size=5)  # fmt: skip


@st.composite
def own(draw) -> tuple[list[str], list[list[str]]]:
    """Our columns, most of what a row must have, and any cells."""
    rows = draw(st.lists(st.dictionaries(st.sampled_from(NAMES), CELL, max_size=9), max_size=4))
    ids = [{"incident_id": f"T-{n}"} | PLAIN | row for n, row in enumerate(rows)]
    return list(NAMES), [[row.get(name, "") for name in NAMES] for row in ids]


@st.composite
def of_others(draw) -> tuple[list[str], list[list[str]]]:
    """The columns of a data set that is recognised, now and then without one of them."""
    first = foreign.ROWS[draw(st.sampled_from(sorted(foreign.ROWS)))]
    gone = draw(st.none() | st.sampled_from(sorted(first)))
    names = [name for name in first if name != gone]
    rows = draw(st.lists(st.dictionaries(st.sampled_from(names), CELL, max_size=9), max_size=4))
    return names, [[(first | row)[name] for name in names] for row in rows]


@st.composite
def unknown(draw) -> tuple[list[str], list[list[str]]]:
    """Any columns, some of which may be dates and places; rows may be ragged."""
    names = draw(st.lists(ANY_NAME, min_size=1, max_size=6))
    days = st.integers(1, 28).map(lambda day: f"2012-04-{day:02}")
    rows = draw(st.lists(st.tuples(days | CELL, st.lists(CELL, max_size=len(names))), max_size=4))
    return ["When", *names], [[day, *cells] for day, cells in rows]


TABLES = {"own": own(), "of others": of_others(), "unknown": unknown()}

ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "latin-1", "cp1252", "cp1256", "utf-7"]


@st.composite
def delimited(draw, table: st.SearchStrategy) -> bytes:
    """A table as text: any separator, quotes, ends of lines, encoding; NUL and rows that break off among it."""
    names, rows = draw(table)
    into, quoting = io.StringIO(), draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, None]))
    delimiter, end = draw(st.sampled_from(",,,;\t|^")), draw(st.sampled_from(["\n", "\r\n", "\r"]))
    if quoting is None:
        into.write(end.join(delimiter.join(row) for row in [names, *rows]))
    else:
        csv.writer(
            into, delimiter=delimiter, lineterminator=end, quoting=quoting, quotechar=draw(st.sampled_from('""\''))
        ).writerows([names, *rows])
    before = draw(st.sampled_from(["", "", "", "\n\n", "An export\n\n", "sep=;\n", "\0", "#x,#y\n"]))
    return (before + into.getvalue()).encode(draw(st.sampled_from(ENCODINGS)), "replace")


def _frame(names: list[str], rows: list[list[str]]) -> pd.DataFrame:
    width = len(names)
    return pd.DataFrame([row[:width] + [""] * (width - len(row)) for row in rows], columns=names, dtype=object)


def as_parquet(names: list[str], rows: list[list[str]]) -> bytes:
    """The same as Parquet; names may stand twice there."""
    into = io.BytesIO()
    columns = [pa.array(cells.tolist(), pa.string()) for _, cells in _frame(names, rows).items()]
    pa.parquet.write_table(pa.Table.from_arrays(columns, names=names), into)
    return into.getvalue()


def as_workbook(names: list[str], rows: list[list[str]]) -> bytes:
    """The same as XLSX: what begins with = is a formula there, and what XML cannot hold is left out."""
    book, into = openpyxl.Workbook(), io.BytesIO()
    for row in [names, *rows]:
        book.active.append([openpyxl.cell.cell.ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in row])
    book.save(into)
    return into.getvalue()


NUMBER = st.sampled_from([34.5, 69.1, 95, -1e308, 0, float("nan"), float("inf"), "34.5", None, [1]])
GEOMETRY = st.none() | st.fixed_dictionaries(
    {"type": st.sampled_from(["Point", "LineString", "GeometryCollection", ""]), "coordinates": st.lists(NUMBER, max_size=3)}
)


@st.composite
def geojson(draw) -> bytes:
    """The same as points: properties may be of any kind, and geometries none at all."""
    names, rows = draw(st.one_of(*TABLES.values()))
    odd = st.sampled_from([None, True, 1e308, [], {}, ["x", {}], {"a": "{{ 7*191 }}"}])
    features = [
        {"type": "Feature", "properties": dict(zip(names, row, strict=False)) | {"odd": draw(odd)}, "geometry": draw(GEOMETRY)}
        for row in rows
    ]
    return json.dumps({"type": draw(st.sampled_from(["FeatureCollection", "Feature"])), "features": features}).encode()


def zipped(**files: bytes) -> bytes:
    """A zip of these files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


_PLAIN = text({}, {"date": "soon"}, {"latitude": "34.5", "longitude": "69.1", "killed": "3"}).encode()
_FREE = b"When,Town,Dead,What\n2012-04-13,Kabul,3,A bomb\n2012-04-14,Herat,1,Shots\n"
_HEAD, *_ROWS = [line.split(",") for line in _PLAIN.decode().splitlines()]
_POINT = {"type": "Point", "coordinates": [69.1, 34.5]}
_POINTS = {"features": [{"properties": dict(zip(_HEAD, row, strict=True)), "geometry": _POINT} for row in _ROWS]}
TEXTS = [
    _PLAIN,
    _FREE,
    foreign.table("acled").to_csv(index=False).encode(),
    _PLAIN.decode().encode("utf-16"),
    json.dumps({"type": "FeatureCollection"} | _POINTS).encode(),
]
PACKED = [
    gzip.compress(_PLAIN),
    zipped(**{"mine.csv": _FREE, "README.txt": b"x"}),
    as_parquet(_HEAD, _ROWS),
    as_workbook(_HEAD, _ROWS),
]
"""A good file of every container."""

NAME = st.sampled_from([*PROBES, "mine.csv", "../../mine.csv", "/etc/mine.csv", "reports.csv", "a/b.xlsx", "x" * 300 + ".csv"])


@st.composite
def packed(draw, tables: st.SearchStrategy) -> bytes:
    """A file of text in gzip or zip, beside others, under names that are no names."""
    data = draw(tables)
    if draw(st.booleans()):
        return gzip.compress(data, 1)
    files = {draw(NAME): data} | {name: b"x" for name in draw(st.lists(NAME, max_size=2))}
    # A zip of Python ends a name at its first NUL.
    return zipped(**{name.encode("utf-8", "replace").decode() or "x": each for name, each in files.items()})


@st.composite
def broken(draw, good: list[bytes]) -> bytes:
    """A good file with bytes turned, taken out, doubled, cut off, or those of another in its middle."""
    data = bytearray(draw(st.sampled_from(good)))
    for _ in range(draw(st.integers(1, 4))):
        at, size = draw(st.integers(0, len(data))), draw(st.integers(0, 40))
        match draw(st.sampled_from("turn cut take double splice write".split())):
            case "turn" if at < len(data):
                data[at] ^= 1 << (size % 8)
            case "cut":
                del data[at:]
            case "take":
                del data[at : at + size]
            case "double":
                data[at:at] = data[at : at + size]
            case "splice":
                data[at:at] = draw(st.sampled_from(TEXTS + PACKED))[size : 2 * size]
            case _:
                data[at:at] = draw(st.sampled_from([b"\0", b'"', b"\n", b"\xff\xfe", b"{", b"\r", b",,,", b"\xf0\x9f"]))
    return bytes(data)


STARTS = [
    b"", codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b"PK\x03\x04", b"PK\x05\x06", b"PAR1", b"\x1f\x8b\x08\x00",
    b"{", b'{"features":[', b'{"type":"FeatureCollection","features":[{', b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<html>", b"a,b\n",
    b"incident_id,date,title\n", b"incident_id;date;title\nT-1;2020-01-01;x\n", b"%PDF-1.7", b"SQLite format 3\0", b"=1+1",
]  # fmt: skip
BYTES = st.builds(bytes.__add__, st.sampled_from(STARTS), st.binary(max_size=120))
