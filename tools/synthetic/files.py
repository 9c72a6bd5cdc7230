"""Files of every container for the benchmark and the tests: usual ones, and small ones that are made to cost much.

All are invented here, the same at each run. A made file holds at most five megabytes.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

HEAD = "incident_id,date,title\n"
SIZE = 4_900_000

_TYPES = (
    b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Default Extension="xml" ContentType="application/xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    b'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
    b"</Types>"
)
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def rows(count: int, seed: int = 7) -> pd.DataFrame:
    """Invented incidents in our own columns, as many as asked, all text."""
    chance = random.Random(seed)
    words = [f"{a}{b}{c}" for a in ("ka", "lo", "mi", "re") for b in ("bul", "gar", "nan", "zad") for c in ("", "i", "abad", "s")]
    days = pd.date_range("2015-01-01", "2023-12-31").strftime("%Y-%m-%d").tolist()
    return pd.DataFrame(
        {
            "incident_id": [f"X{number:07d}" for number in range(count)],
            "date": chance.choices(days, k=count),
            "title": [" ".join(chance.choices(words, k=7)) for _ in range(count)],
            "summary": [" ".join(chance.choices(words, k=30)) if chance.random() < 0.5 else "" for _ in range(count)],
            "province": chance.choices(["Kabul", "Herat", "Balkh", "Kandahar", "Nangarhar"], k=count),
            "latitude": [f"{chance.uniform(31, 37):.4f}" for _ in range(count)],
            "longitude": [f"{chance.uniform(62, 71):.4f}" for _ in range(count)],
            "attack_type": chance.choices(["Bombing/Explosion", "Armed Assault", "Unknown"], k=count),
            "killed_low": [str(chance.randrange(9)) if chance.random() < 0.7 else "" for _ in range(count)],
            "note of mine": [chance.choice(words) if chance.random() < 0.1 else "" for _ in range(count)],
        }
    )


def usual(table: pd.DataFrame) -> dict[str, bytes]:
    """The same table in each container, by the name of its file."""
    text = table.to_csv(index=False).encode()
    quoted = table.assign(title=table["title"].str.replace(" ", '\n"', n=1)).to_csv(index=False).encode()
    points = table.drop(columns=["latitude", "longitude"]).to_dict("records")
    places = zip(table["longitude"].astype(float), table["latitude"].astype(float), strict=True)
    geojson = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "properties": point, "geometry": {"type": "Point", "coordinates": place}}
            for point, place in zip(points, places, strict=True)
        ],
    }
    found = {
        "commas.csv": text,
        "quoted line breaks.csv": quoted,
        "windows.csv": text.replace(b"\n", b"\r\n"),
        "a row with a fault.csv": text.replace(b"\n", b'\nX,2020-01-01,a "b" c\n', 2),
        "semicolons latin.csv": table.assign(title=table["title"] + " caf\u00e9").to_csv(index=False, sep=";").encode("cp1252"),
        "tabs.tsv": table.to_csv(index=False, sep="\t").encode(),
        "packed.csv.gz": gzip.compress(text, 6),
        "packed.zip": zipped({"incidents.csv": text}),
        "points.geojson": json.dumps(geojson).encode(),
        "book.xlsx": workbook(table),
    }
    for codec in ("none", "snappy", "gzip", "zstd", "lz4"):
        found[f"{codec}.parquet"] = parquet(pa.Table.from_pandas(table, preserve_index=False), compression=codec)
    return found


def hostile() -> dict[str, Callable[[], bytes]]:
    """Small files that are made to cost much, by name; each is made when it is asked for."""
    first = HEAD + "A1,2020-01-01,t\n"
    wide = ",".join(["incident_id", "date", "title", *(f"c{n}" for n in range(19_000))]) + "\n"
    long = "x" * 9_900
    return {
        "carriage returns.csv": lambda: _filled(HEAD, "\r"),
        "carriage returns after a row.csv": lambda: _filled(first, "\r"),
        "blank lines.csv": lambda: _filled(first, "\n"),
        "blank lines first.csv": lambda: ("\n" * SIZE + first).encode(),
        "blank lines of windows.csv": lambda: _filled(first, "\r\n"),
        "separators.csv": lambda: _filled(first, ",\n"),
        "spaces.csv": lambda: _filled(first, " \n"),
        "rows of a letter.csv": lambda: _filled(first, "x\n"),
        "rows of a letter and a fault.csv": lambda: _filled(first + 'a"b"c\n', "x\n"),
        "open quotes.csv": lambda: _filled(first, '"x\n'),
        "quotes.csv": lambda: _filled(first, '"\n'),
        "quotes alone.csv": lambda: _filled(first, '"'),
        "odd quotes.csv": lambda: _filled(first, 'x,"y"z\n'),
        "line breaks in a cell.csv": lambda: (first + 'A2,2020-01-01,"' + "\n" * SIZE + '"\n').encode(),
        "short rows of many columns.csv": lambda: _filled(wide, "x\n", 4_000_000),
        "many columns.csv": lambda: (wide + ("," * 19_002 + "\n") * 240).encode(),
        "commas.csv": lambda: _filled(first, ","),
        "commas first.csv": lambda: _filled("", ","),
        "NUL.csv": lambda: _filled(first, "x\0\n"),
        "latin.csv": lambda: _filled(first, "\u00e9,\u00fc\n", encoding="latin-1"),
        "utf-16.csv": lambda: _filled(first, "\r", SIZE // 2, encoding="utf-16"),
        "the same column.csv": lambda: (",".join(["a"] * 19_999) + "\n1\n").encode(),
        "bomb.csv.gz": lambda: gzip.compress(bytes(600_000_000), 9) + random.Random(1).randbytes(3_000_000),
        "bomb.gz": lambda: gzip.compress(random.Random(1).randbytes(4_000_000) + bytes(900_000_000), 9),
        "blank lines.csv.gz": lambda: gzip.compress(first.encode() + b"\n" * 90_000_000 + random.Random(1).randbytes(900_000)),
        "separators.csv.gz": lambda: gzip.compress(first.encode() + b",,\n" * 60_000_000 + random.Random(1).randbytes(2_000_000)),
        "empty members.zip": lambda: zipped({f"{n}.csv": b"" for n in range(40_000)}),
        "many names.zip": lambda: _many_members(80_000),
        "readme.zip": lambda: zipped({"readme" * 5_000 + f"/{n}/x": b"" for n in range(70)}),
        "bomb.zip": lambda: zipped({"a.csv": random.Random(1).randbytes(4_000_000) + bytes(900_000_000)}),
        "dictionary.parquet": lambda: parquet(_titles([long] * 100_000)),
        "dictionary, accepted.parquet": lambda: parquet(_titles([f"{long}{n % 90}" for n in range(60_000)], long_ids=True)),
        "plain.parquet": lambda: parquet(_titles([long] * 100_000), use_dictionary=False, compression="zstd"),
        "nulls.parquet": lambda: parquet(
            pa.table({"incident_id": pa.nulls(1_900_000), **{f"c{n}": pa.nulls(1_900_000) for n in range(3_000)}})
        ),
        "many columns.parquet": lambda: parquet(pa.table({f"c{n}": ["x"] for n in range(19_000)}), compression="none"),
        "brotli.parquet": lambda: parquet(_titles(["x"] * 10), compression="brotli"),
        "lying page.parquet": _lying_page,
        "far cells.xlsx": lambda: sheet(_far(20_000)),
        "far header.xlsx": lambda: sheet(_row(1, ["incident_id", "date", "title"], "XFD1") + _far(20_000, 2)),
        "bomb.xlsx": lambda: sheet(b"<row>" + b"<c/>" * 120_000_000 + b"</row>"),
        "one row.xlsx": lambda: sheet(
            _row(1, ["incident_id", "date", "title"]) + b'<row r="2">' + b"<c/>" * 20_000_000 + b"</row>"
        ),
        "blank rows.xlsx": lambda: sheet(_row(1, ["incident_id", "date", "title"]) + b"<row/>" * 10_000_000),
        "elements.xlsx": lambda: sheet(_row(1, ["incident_id", "date", "title"]), after=b"<x/>" * 20_000_000),
        "texts.xlsx": lambda: sheet(_row(1, ["incident_id", "date", "title"]), texts=b"<si><t>a</t></si>" * 5_100_000),
        "files.xlsx": lambda: sheet(_row(1, ["a"]), more={f"xl/media/{n}.png": b"" for n in range(30_000)}),
        "names.geojson": lambda: _points(f'"c{n % 19_000}":1' for n in range(60_000)),
        "more names.geojson": lambda: _points(f'"c{n}":1' for n in range(60_000)),
        "nested.geojson": lambda: _points(['"a":' + "[" * 2_000_000]),
        "numbers.geojson": lambda: _points(['"a":[' + "1," * 2_000_000 + "1]"]),
    }


def parquet(table: pa.Table, **options) -> bytes:
    """The table as a Parquet file."""
    into = io.BytesIO()
    pq.write_table(table, into, **options)
    return into.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return into.getvalue()


def workbook(table: pd.DataFrame) -> bytes:
    """The table as an XLSX file, with shared texts as Excel writes them."""
    from openpyxl import Workbook

    made = Workbook(write_only=True)
    page = made.create_sheet("Incidents")
    page.append(list(table.columns))
    figures = {"latitude", "longitude", "killed_low"}
    columns = [[float(cell) if name in figures and cell else cell or None for cell in cells] for name, cells in table.items()]
    for row in zip(*columns, strict=True):
        page.append(row)
    into = io.BytesIO()
    made.save(into)
    return into.getvalue()


def sheet(cells: bytes, after: bytes = b"", texts: bytes = b"", more: dict[str, bytes] | None = None) -> bytes:
    """An XLSX file of one worksheet with this XML within its sheetData, and behind it."""
    head = b'<?xml version="1.0"?>'
    book = (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    to_book = f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    to_sheet = f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>'
    main = f'xmlns="{_MAIN}"'.encode()
    return zipped(
        {
            "[Content_Types].xml": _TYPES,
            "_rels/.rels": head + to_book.encode(),
            "xl/workbook.xml": head + book.encode(),
            "xl/_rels/workbook.xml.rels": head + to_sheet.encode(),
            "xl/worksheets/sheet1.xml": head
            + b"<worksheet "
            + main
            + b"><sheetData>"
            + cells
            + b"</sheetData>"
            + after
            + b"</worksheet>",
            "xl/sharedStrings.xml": head + b"<sst " + main + b">" + texts + b"</sst>",
            **(more or {}),
        }
    )


def _filled(begin: str, piece: str, size: int = SIZE, encoding: str = "utf-8") -> bytes:
    return (begin + piece * ((size - len(begin)) // len(piece))).encode(encoding)


def _titles(titles: list[str], long_ids: bool = False) -> pa.Table:
    count, chance = len(titles), random.Random(3)
    ids = [f"A{n}{chance.randbytes(12).hex() if long_ids else ''}" for n in range(count)]
    return pa.table({"incident_id": ids, "date": ["2020-01-01"] * count, "title": titles})


def _lying_page() -> bytes:
    """A column whose page says that it unfolds to a hundred megabytes, while the footer says that it unfolds to nothing."""
    data = bytearray(parquet(_titles(["x" * 50_000_000] * 2), use_dictionary=False, compression="zstd", data_page_size=1 << 30))
    stated = pq.read_metadata(io.BytesIO(bytes(data))).row_group(0).column(2).total_uncompressed_size
    size = _varint(2 * stated)
    at = data.rfind(size)
    data[at : at + len(size)] = bytes([0x80] * (len(size) - 1) + [0])
    return bytes(data)


def _varint(value: int) -> bytes:
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    return bytes([*found, value])


def _row(number: int, texts: list[str], far: str = "") -> bytes:
    cells = "".join(f'<c r="{"ABCDEFGH"[at]}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for at, text in enumerate(texts))
    more = f'<c r="{far}" t="inlineStr"><is><t>far</t></is></c>' if far else ""
    return f'<row r="{number}">{cells}{more}</row>'.encode()


def _far(count: int, first: int = 1) -> bytes:
    head = [] if first > 1 else [_row(1, ["incident_id", "date", "title"])]
    return b"".join([*head, *(_row(n, [f"A{n}", "2020-01-01", "t"], f"XFD{n}") for n in range(2, count))])


def _many_members(count: int) -> bytes:
    """A zip whose list of members names one file over and over."""
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(b""), 0, 0, 5, 0) + b"a.csv"
    entry = struct.pack("<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, zlib.crc32(b""), 0, 0, 5, 0, 0, 0, 0, 0, 0) + b"a.csv"
    most = min(count, 65_535)
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, most, most, most * len(entry), len(local), 0)
    return local + entry * most + end


def _points(properties) -> bytes:
    features = ",".join(f'{{"type":"Feature","properties":{{{each}}},"geometry":null}}' for each in properties)
    return f'{{"type":"FeatureCollection","features":[{features}]}}'.encode()
