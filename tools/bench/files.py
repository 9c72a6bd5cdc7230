"""What small files that are made to cost much do cost, and usual files of every container beside pandas.read_csv of the same table.

Each file is read in a process of its own. Seconds are of the processor; memory is what the process holds at its most, less what it
held before the file.
"""

from __future__ import annotations

import time
from pathlib import Path

import pandas as pd

from incident_atlas.dataset.load import load_bytes
from incident_atlas.errors import FileError
from tools.bench.measure import Row, in_own_process, peak_memory
from tools.synthetic import files


def written(folder: Path, rows: int, most: int | None = None) -> tuple[list[Path], list[Path]]:
    """Usual files of so many rows, and hostile ones, in folders of their own; of each kind all, or at most so many."""
    made: list[list[Path]] = []
    for name, found in (
        ("usual", dict(list(files.usual(files.rows(rows)).items())[:most])),
        ("hostile", {n: make() for n, make in list(files.hostile().items())[:most]}),
    ):
        inside = folder / f"{name} files"
        inside.mkdir(parents=True, exist_ok=True)
        for called, data in found.items():
            (inside / called).write_bytes(data)
        made.append([inside / called for called in found])
    return made[0], made[1]


def rows(usual: list[Path], hostile: list[Path], length: int) -> list[Row]:
    """Lines like those of run.py: each usual file in times of read_csv, each hostile one in seconds and megabytes."""
    plain = in_own_process("file read_csv", next(path for path in usual if path.name == "commas.csv"))["seconds"]
    found = []
    for path in usual:
        cost_of_file = in_own_process("file", path)
        found.append(
            (f"loading {length:,} rows, {path.name}", f"{cost_of_file['seconds'] / plain:.1f} times read_csv", "at most 20")
        )
    for path in hostile:
        cost_of_file = in_own_process("file", path)
        target = "" if cost_of_file["kept"] >= 0 else "at most 2 s, 300 MB"
        found.append(
            (
                f"{'read' if cost_of_file['kept'] >= 0 else 'refused'}: {path.name}",
                f"{cost_of_file['seconds']:.1f} s, {cost_of_file['grew']:,.0f} MB",
                target,
            )
        )
    return found


def cost(path: str) -> dict[str, float]:
    """Seconds to load a file or refuse it, megabytes by which the process grew, rows kept or -1."""
    data = Path(path).read_bytes()
    load_bytes(b"incident_id,date,title\nA1,2020-01-01,Kabul\n", "x.csv")
    before, begin, kept = peak_memory(), time.process_time(), -1
    try:
        kept = load_bytes(data, Path(path).name).source.kept
    except FileError:
        pass
    return {"seconds": time.process_time() - begin, "grew": peak_memory() - before, "kept": kept}


def read_csv(path: str) -> dict[str, float]:
    """Seconds in which pandas reads a CSV, everything as text."""
    begin = time.process_time()
    pd.read_csv(path, dtype=str)
    return {"seconds": time.process_time() - begin}
