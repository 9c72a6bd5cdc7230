"""Measure speed, size, and how often statistics and duplicates are right, beside what they are to be: `make bench`. It ends with 0.

Another machine gives other seconds, so what counts are ratios within one run, and sizes. A rerun is timed on the server, as
Streamlit's own AppTest runs a page: from the moved slider to the last element. Each page and file is measured in a process
of its own, so that none inherits another's memory. Files are written into bench_out/ only.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(os.environ.get("BENCH_OUT") or ROOT / "bench_out")
YARDSTICK = ROOT / "tools" / "yardstick_page.py"
OURS = ROOT / "app.py"
sys.path.insert(0, str(ROOT))


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
    options.add_argument("--runs", type=int, default=15, help="reruns of our page, of which the median counts")
    options.add_argument("--yardstick-runs", type=int, default=2)
    options.add_argument("--statistics-runs", type=int, default=1_000, help="invented series of which the statistics are asked")
    options.add_argument("--draws", type=int, default=4, help="labelled sets of each half, in which duplicates are looked for")
    options.add_argument("--seed", type=int, default=7)
    chosen = options.parse_args()
    small, large = (_record(rows, chosen.seed) for rows in (chosen.small, chosen.large))
    print(f"{chosen.small:,} and {chosen.large:,} invented incidents, seed {chosen.seed}; medians of {chosen.runs} reruns.\n")
    ours = _apart("page", OURS, small, chosen.runs)
    yardstick = _apart("page", YARDSTICK, small, chosen.yardstick_runs)
    grown = _apart("page", OURS, large, chosen.runs)
    loading = _apart("loading", large)
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
        (f"sent by the yardstick at {name}", _kb(yardstick["sent"]), ""),
        (f"memory of the process, {many} loaded by the page", _mb(grown["loaded"]), "under 700 MB"),
        ("memory after all reruns, with one reader's filter", _mb(grown["after"]), ""),
        ("memory at its peak", _mb(grown["peak"]), "under 1,000 MB"),
        ("loading a row / pandas.read_csv(dtype=str) of it", f"{loading['load'] / loading['read_csv']:.1f}", ""),
        (f"loading {many}, seconds of processor", f"{loading['load']:.1f}", ""),
    ]
    _print(rows)
    from tools.bench import pages, statistics

    middle = _record(chosen.middle, chosen.seed)
    print(f"\nOther pages with {chosen.middle:,} invented incidents: a rerun against one of the Map page.\n")
    _print(pages.rows(middle, chosen.runs, _apart))
    print(f"\nThe statistics, {chosen.statistics_runs:,} invented series or more for each line, seed {chosen.seed}.\n")
    _print(statistics.rows(chosen.statistics_runs, chosen.seed))
    from tools.bench import duplicates, formats

    foreign = formats.written(OUT, chosen.foreign, chosen.seed)
    print("\nA file of another data set, invented.\n")
    _print(formats.rows(_apart("formats", foreign), _apart("formats memory", foreign)))
    from tools.bench import files

    print("\nUsual files of every container, and small files that are made to cost much.\n")
    _print(files.rows(*files.written(OUT), _apart))
    from tools.bench import engines

    print("\nThe Map page from a thousand incidents on, in memory and in a Parquet file through DuckDB.\n")
    found = engines.curve(OUT, chosen.largest, chosen.seed, chosen.runs, _apart, OURS)
    _print(engines.rows(found))
    engines.draw(found, OUT / "cost.svg")
    sizes = chosen.small, 10 * chosen.small
    print(f"\nDuplicates between records, {chosen.draws} labelled sets of each half.\n")
    seconds = _apart("duplicates", *duplicates.written(OUT, *sizes, chosen.seed))
    _print(duplicates.rows(chosen.draws, seconds, sizes))


def _print(rows: list[tuple[str, str, str]]) -> None:
    width = max(len(what) for what, _, _ in rows)
    for what, figure, target in rows:
        print(f"{what:<{width}}  {figure:>17}  {target}")


def _record(rows: int, seed: int) -> Path:
    from tools.synthetic import records

    OUT.mkdir(exist_ok=True)
    path = OUT / f"synthetic-{rows}-{seed}.csv"
    records.write(path, rows, seed)
    return path


def _apart(part: str, *arguments: object) -> dict[str, float]:
    """One of the measurements below, in a fresh process."""
    command = [
        sys.executable,
        "-c",
        "import sys; from tools import bench; bench.measure(*sys.argv[1:])",
        part,
        *map(str, arguments),
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{part} {arguments}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def measure(part: str, *arguments: str) -> None:
    """What a process of its own is asked for; prints JSON."""
    from tools.bench import duplicates, engines, files, formats
    from tools.bench.pages import rerun

    parts = {"reruns": engines.reruns, "page": page, "loading": loading, "rerun": rerun, "duplicates": duplicates.speed}
    parts |= {"formats": formats.speed, "formats memory": formats.peak, "file": files.cost, "file read_csv": files.read_csv}
    print(json.dumps(parts[part](*arguments)))


def page(script: str, record: str, runs: str) -> dict[str, float]:
    """Seconds of a rerun with the dates changed and unchanged (medians), most bytes sent by one, and megabytes of memory."""
    os.environ["INCIDENTS_SOURCE"] = record
    _quiet()
    from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
    from streamlit.testing.v1 import AppTest

    sent: list[int] = []
    enqueue = ForwardMsgQueue.enqueue

    def counted(queue: ForwardMsgQueue, message) -> None:
        sent.append(message.ByteSize())
        enqueue(queue, message)

    ForwardMsgQueue.enqueue = counted
    shown = AppTest.from_file(script, default_timeout=3600)
    shown.run()
    _without_error(shown)
    loaded = _resident()
    first, last = shown.slider(key="w:period").value
    step = (last - first) / 1000
    changed, same, most = [], [], 0
    # One more than asked, and the first does not count: it builds what is kept for all later ones.
    for number in range(1, int(runs) + 2):
        period = shown.slider(key="w:period").set_range(first + number * step, last - number * timedelta(days=2))
        sent.clear()
        changed.append(_seconds(period.run))
        most = max(most, sum(sent))
        same.append(_seconds(shown.run))
        _without_error(shown)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)
    times = {"changed": median(changed[1:]), "same": median(same[1:])}
    return {**times, "sent": most, "loaded": loaded, "after": _resident(), "peak": peak}


def loading(record: str) -> dict[str, float]:
    """Seconds to load a record, and to read the same file with pandas, everything as text."""
    pandas, load = importlib.import_module("pandas"), importlib.import_module("incident_atlas.dataset.load")
    seconds = _seconds(lambda: pandas.read_csv(record, dtype="str"))
    return {"read_csv": seconds, "load": _seconds(lambda: load.load(record))}


def _quiet() -> None:
    logging.disable(logging.WARNING)


def _seconds(what: Callable[[], object]) -> float:
    """Of processor, not of the clock: what else the machine does at the time matters less."""
    begin = time.process_time()
    what()
    return time.process_time() - begin


def _without_error(shown) -> None:
    if shown.exception:
        raise RuntimeError(f"the page failed: {shown.exception[0].message}")


def _resident() -> float:
    """Megabytes that the process holds now; where the system does not tell, the most that it held."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def _times(above: dict[str, float], below: dict[str, float], what: str) -> str:
    return f"{above[what] / below[what]:.1f} times"


def _kb(size: float) -> str:
    return f"{size / 1000:,.0f} KB"


def _mb(size: float) -> str:
    return f"{size:,.0f} MB"


if __name__ == "__main__":
    main()
