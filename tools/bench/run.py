"""Measure speed, size, and how often statistics and duplicates are right, beside what they are to be: `make bench`. It ends with 0.

Another machine gives other seconds, so what counts are ratios within one run, and sizes. A rerun is timed on the server, as
Streamlit's own AppTest runs a page: from the moved slider to the last element. Each page and file is measured in a process
of its own, so that none inherits another's memory. Files are written into bench_out/ only.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from tools.bench import duplicates, engines, files, formats, pages, statistics
from tools.bench.measure import OUT, ROOT, in_own_process
from tools.synthetic import records

YARDSTICK = ROOT / "tools" / "bench" / "yardstick_page.py"
OURS = ROOT / "app.py"


def main() -> None:
    """Write the records, measure each in its own process, print the table."""
    options = argparse.ArgumentParser(
        description="Measure speed and size, as ratios from one run, and how often the statistics are right."
    )
    options.add_argument("--small", type=int, default=5_000, help="incidents of the small record")
    options.add_argument("--middle", type=int, default=50_000, help="incidents of the record on which pages are compared")
    options.add_argument("--large", type=int, default=500_000, help="incidents of the large record")
    options.add_argument("--foreign", type=int, default=350_000, help="events of the file of another data set")
    options.add_argument(
        "--largest", type=int, default=10_000_000, help="incidents of the largest record that DuckDB is asked about"
    )
    options.add_argument("--file-rows", type=int, default=60_000, help="rows of the usual files of every container")
    options.add_argument("--files", type=int, help="at most so many usual and so many hostile files; all of them without it")
    options.add_argument("--runs", type=int, default=15, help="reruns of our page, of which the median counts")
    options.add_argument("--yardstick-runs", type=int, default=2)
    options.add_argument("--statistics-runs", type=int, default=1_000, help="invented series of which the statistics are asked")
    options.add_argument(
        "--only-statistics", action="store_true", help="print only how often the statistics are right, and write no record"
    )
    options.add_argument("--draws", type=int, default=4, help="labelled sets of each half, in which duplicates are looked for")
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    if chosen.only_statistics:
        _print(statistics.rows(chosen.statistics_runs, chosen.seed))
        return
    small, large = (_record(rows, chosen.seed) for rows in (chosen.small, chosen.large))
    print(f"{chosen.small:,} and {chosen.large:,} invented incidents, seed {chosen.seed}; medians of {chosen.runs} reruns.\n")
    ours = in_own_process("page", OURS, small, chosen.runs)
    yardstick = in_own_process("page", YARDSTICK, small, chosen.yardstick_runs)
    grown = in_own_process("page", OURS, large, chosen.runs)
    loading = in_own_process("loading", large)
    name = f"{chosen.small:,}"
    many = f"{chosen.large:,}"
    rows = [
        (f"rerun, dates changed: yardstick / ours at {name}", _times(yardstick, ours, "changed"), "at least 100"),
        (f"rerun, nothing changed: yardstick / ours at {name}", _times(yardstick, ours, "same"), ""),
        (f"rerun, dates changed: ours at {many} / at {name}", _times(grown, ours, "changed"), "at most 5"),
        (f"rerun, nothing changed: ours at {many} / at {name}", _times(grown, ours, "same"), ""),
        ("our rerun, dates changed, seconds of processor", " and ".join(f"{run['changed']:.3f}" for run in (ours, grown)), ""),
        (f"sent per change of the dates at {name}", _kb(ours["sent"]), "at most 100 KB"),
        (f"sent per change of the dates at {many}", _kb(grown["sent"]), "at most 100 KB"),
        (f"of this not in the browser already, at {name}", _kb(ours["new"]), "at most 60 KB"),
        (f"sent by the yardstick at {name}", _kb(yardstick["sent"]), ""),
        (f"memory of the process, {many} loaded by the page", _mb(grown["loaded"]), "under 700 MB"),
        ("memory after all reruns, with one reader's filter", _mb(grown["after"]), ""),
        ("memory at its peak", _mb(grown["peak"]), "under 1,000 MB"),
        ("loading a row / pandas.read_csv(dtype=str) of it", f"{loading['load'] / loading['read_csv']:.1f}", ""),
        (f"loading {many}, seconds of processor", f"{loading['load']:.1f}", ""),
    ]
    _print(rows)
    middle = _record(chosen.middle, chosen.seed)
    print(f"\nOther pages with {chosen.middle:,} invented incidents: a rerun against one of the Map page.\n")
    _print(pages.rows(middle, chosen.runs))
    print(f"\nThe statistics, {chosen.statistics_runs:,} invented series or more for each line, seed {chosen.seed}.\n")
    _print(statistics.rows(chosen.statistics_runs, chosen.seed))
    foreign = formats.written(OUT, chosen.foreign, chosen.seed)
    print("\nA file of another data set, invented.\n")
    _print(formats.rows(in_own_process("formats", foreign), in_own_process("formats memory", foreign)))

    print("\nUsual files of every container, and small files that are made to cost much.\n")
    _print(files.rows(*files.written(OUT, chosen.file_rows, chosen.files), chosen.file_rows))
    print("\nThe Map page from a thousand incidents on, in memory and in a Parquet file through DuckDB.\n")
    found = engines.curve(OUT, chosen.largest, chosen.seed, chosen.runs, OURS)
    _print(engines.rows(found))
    engines.draw(found, OUT / "cost.svg")
    sizes = chosen.small, 10 * chosen.small
    print(f"\nDuplicates between records, {chosen.draws} labelled sets of each half.\n")
    seconds = in_own_process("duplicates", *duplicates.written(OUT, *sizes, chosen.seed))
    _print(duplicates.rows(chosen.draws, seconds, sizes))


def _print(rows: list[tuple[str, str, str]]) -> None:
    width = max(len(what) for what, _, _ in rows)
    for what, figure, target in rows:
        print(f"{what:<{width}}  {figure:>17}  {target}")


def _record(rows: int, seed: int) -> Path:
    OUT.mkdir(exist_ok=True)
    path = OUT / f"synthetic-{rows}-{seed}.csv"
    records.write(path, rows, seed)
    return path


def _times(above: dict[str, float], below: dict[str, float], what: str) -> str:
    return f"{above[what] / below[what]:.1f} times"


def _kb(size: float) -> str:
    return f"{size / 1000:,.0f} KB"


def _mb(size: float) -> str:
    return f"{size:,.0f} MB"


if __name__ == "__main__":
    main()
