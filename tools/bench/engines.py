"""The Map page from a thousand to ten million invented incidents: in memory, and in a Parquet file through DuckDB."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path
from statistics import median

import duckdb
import pyarrow.parquet as pq

from tools.bench.measure import Row, choose_dates, in_own_process, peak_memory, raise_on_exception, silence_warnings
from tools.synthetic import records

PART = 500_000
"""Larger records are copies of one of so many incidents, each a little elsewhere and with ids of its own."""

IN_MEMORY = 100_000


def written(folder: Path, rows: int, seed: int) -> Path:
    """A prepared Parquet file of so many incidents; made once."""
    from incident_atlas.dataset.sql import prepare

    out = folder / f"synthetic-{rows}-{seed}.parquet"
    if out.is_file():
        return out
    few = folder / f"synthetic-{min(rows, PART)}-{seed}.csv"
    if not few.is_file():
        records.write(few, min(rows, PART), seed)
    part = out if rows <= PART else few.with_suffix(".parquet")
    if not part.is_file():
        prepare(few, part)
    if rows > PART:
        _copied(part, out, rows // PART, seed)
    return out


def _copied(part: Path, out: Path, times: int, seed: int) -> None:
    message = pq.read_metadata(part).metadata[b"incident_atlas"]
    text = json.loads(message)
    text |= {name: text[name] * times for name in ("read", "kept")}
    metadata = json.dumps(text).replace("'", "''")
    waiting = out.with_suffix(".part")
    connection = duckdb.connect()
    connection.execute(f"SELECT setseed({seed / 1000})")
    # One copy after the other: rows stay in the order of their numbers without being sorted.
    some = [
        f"SELECT * REPLACE (incident_id || '-{n}' AS incident_id, (row + {n} * {PART + 2}) AS row, "
        f"x + (random() - 0.5) * 1e-4 AS x, y + (random() - 0.5) * 1e-4 AS y) FROM '{part}'"
        for n in range(times)
    ]
    kept = f"(FORMAT parquet, COMPRESSION snappy, KV_METADATA {{incident_atlas: '{metadata}'}})"
    connection.execute(f"COPY ({' UNION ALL '.join(some)}) TO '{waiting}' {kept}")
    waiting.rename(out)


def reruns(script: str, record: str, runs: str) -> dict[str, float]:
    """A rerun with the dates changed: seconds of the clock and of all processors (medians), queries, megabytes at the peak.

    queries: what an engine was asked for headline, charts and cells, of one such rerun.
    """
    os.environ["INCIDENTS_SOURCE"] = record
    from streamlit.testing.v1 import AppTest

    from incident_atlas.dataset import query

    silence_warnings()
    request: list[str] = []
    collect = query.collected

    def counted(frame):
        request.append(sys._getframe(1).f_code.co_qualname)
        return collect(frame)

    query.collected = counted
    shown = AppTest.from_file(script, default_timeout=3600)
    shown.run()
    raise_on_exception(shown)
    first, last = shown.slider[0].value
    clock, processor, most = [], [], 0
    for number in range(1, int(runs) + 2):
        choose_dates(shown, first + number * (last - first) / 1000, last)
        request.clear()
        began = time.perf_counter(), time.process_time()
        shown.run()
        clock.append(time.perf_counter() - began[0])
        processor.append(time.process_time() - began[1])
        raise_on_exception(shown)
        most = max(most, sum(caller in ("_answered", "Query.answer") for caller in request))
    return {"clock": median(clock[1:]), "processor": median(processor[1:]), "queries": most, "peak": peak_memory()}


def curve(folder: Path, largest: int, seed: int, runs: int, script: Path) -> list[tuple[int, str, dict[str, float]]]:
    """For each size from a thousand on, in memory up to `IN_MEMORY` and through DuckDB: incidents, where, what `reruns` gives."""
    found = []
    size = 1_000
    while size <= largest:
        made = written(folder, size, seed)
        if size <= IN_MEMORY:
            found.append((size, "memory", in_own_process("reruns", script, folder / f"synthetic-{size}-{seed}.csv", runs)))
        found.append((size, "DuckDB", in_own_process("reruns", script, made, max(3, runs // 3))))
        size *= 10
    return found


def rows(found: list[tuple[int, str, dict[str, float]]]) -> list[Row]:
    """The lines of the table: what, figure, target."""
    lines = [
        (f"rerun at {n:,}, {where}: seconds of the clock, of processor", f"{one['clock']:.2f}, {one['processor']:.2f}", "")
        for n, where, one in found
    ]
    by = {(n, where): one for n, where, one in found}
    n, last = max(n for n, where, _ in found if where == "DuckDB"), None
    last, base = by[n, "DuckDB"], by.get((IN_MEMORY, "memory"))
    if base:
        lines.append(
            (f"rerun: {n:,} through DuckDB / {IN_MEMORY:,} in memory", f"{last['clock'] / base['clock']:.1f} times", "at most 12")
        )
        ratio = f"{last['processor'] / base['processor']:.1f} times"
        lines.append(("the same, time of all processors", ratio, ""))
    lines.append((f"memory at its peak, {n:,} through DuckDB", f"{last['peak']:,.0f} MB", "under 1,500 MB"))
    lines.append(("queries for headline, charts and cells", f"{last['queries']:.0f}", "at most 3"))
    return lines


def draw(found: list[tuple[int, str, dict[str, float]]], out: Path) -> None:
    """The curve as a picture: seconds of a rerun over incidents, both on scales of powers."""
    import altair as alt
    import pandas as pd

    table = pd.DataFrame([(n, where, one["clock"]) for n, where, one in found], columns=["incidents", "held in", "seconds"])
    lines = alt.Chart(table, title="A rerun of the Map page with other dates").mark_line(point=True)
    picture = lines.encode(
        x=alt.X("incidents", scale=alt.Scale(type="log"), title="Incidents"),
        y=alt.Y("seconds", scale=alt.Scale(type="log"), title="Seconds of the clock, two cores"),
        color=alt.Color("held in", title="Held in"),
    )
    picture.properties(width=520, height=260).save(out)
