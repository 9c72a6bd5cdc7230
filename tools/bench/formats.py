"""How fast a file of another data set is loaded, checked and mapped, beside pandas.read_csv alone: `make bench` prints it.

The file has the 49 columns of UCDP GED and as many rows as a yearly release (tools/synthetic/ucdp.py). Memory is the most that a
process holds which does nothing but load it.
"""

from __future__ import annotations

from pathlib import Path
from statistics import median

import pandas as pd

from incident_atlas.dataset.load import load
from tools.bench.measure import Row, peak_memory, processor_seconds
from tools.synthetic import ucdp

RUNS = 3


def written(folder: Path, rows: int, seed: int) -> Path:
    """A file of the shape of UCDP GED."""
    folder.mkdir(exist_ok=True)
    path = folder / f"synthetic-ucdp-{rows}-{seed}.csv"
    ucdp.write(path, rows, seed)
    return path


def rows(seconds: dict[str, float], memory: dict[str, float]) -> list[Row]:
    """What was measured, the figure, its target: lines of the table. seconds: see `speed`; memory: see `peak`."""
    read = f"{seconds['read']:,.0f} rows of UCDP GED"
    return [
        (f"loading {read} / pandas.read_csv(dtype=str) of it", f"{seconds['load'] / seconds['read_csv']:.1f} times", "at most 3"),
        ("the same, seconds of processor", f"{seconds['load']:.1f}", ""),
        ("the same, memory of the process at its peak", f"{memory['peak']:,.0f} MB", "under 1,500 MB"),
    ]


def speed(path: str) -> dict[str, float]:
    """Seconds of processor for loading the file and for reading it with pandas, medians of runs in turn; rows read."""
    times: dict[str, list[float]] = {"read_csv": [], "load": []}
    for _ in range(RUNS):
        times["read_csv"].append(processor_seconds(lambda: pd.read_csv(path, dtype=str)))
        times["load"].append(processor_seconds(lambda: load(path)))
    return {name: median(each) for name, each in times.items()} | {"read": len(pd.read_csv(path, usecols=["id"]))}


def peak(path: str) -> dict[str, float]:
    """Megabytes of the process at its peak, after loading the file once; to be asked in a fresh process."""
    load(path)
    return {"peak": peak_memory()}
