"""What every measurement shares: seconds of the processor, megabytes, and a part measured in a process of its own."""

from __future__ import annotations

import json
import logging
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
OUT = Path(os.environ.get("BENCH_OUT") or ROOT / "bench_out")
"""Every file of a measurement is written here, and nowhere else."""

Row = tuple[str, str, str]
"""A line of the table: what was measured, the figure, its target or nothing."""


def in_own_process(part: str, *arguments: object) -> dict[str, float]:
    """What tools/bench/worker.py measures under this name, in a fresh process: no part inherits the memory of another."""
    command = [sys.executable, "-m", "tools.bench.worker", part, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{part} {arguments}:\n{done.stderr[-3000:]}")
    return json.loads(done.stdout.splitlines()[-1])


def processor_seconds(what: Callable[[], object]) -> float:
    """Seconds of the processor, not of the clock: what else the machine does at the time matters less."""
    begin = time.process_time()
    what()
    return time.process_time() - begin


def resident_memory() -> float:
    """Megabytes that this process holds now; where the system does not tell, the most that it held."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6
    except OSError:
        return peak_memory()


def peak_memory() -> float:
    """Megabytes that this process held at most.

    Linux counts in ru_maxrss what the parent held when it started the process, so its VmHWM is read instead.
    """
    if sys.platform == "linux":
        return process_memory(os.getpid(), "VmHWM")
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1e6 if sys.platform == "darwin" else 1e6 / 1024)


def process_memory(pid: int, field: str = "VmRSS") -> float:
    """Megabytes that another process holds now; with VmHWM the most it ever held. Linux only."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return int(re.search(rf"^{field}:\s+(\d+) kB", status, re.MULTILINE)[1]) * 1024 / 1e6


def silence_warnings() -> None:
    """Streamlit warns at every run outside its server."""
    logging.disable(logging.WARNING)


def raise_on_exception(page: AppTest) -> None:
    """Raise RuntimeError when the page has failed: its time would be worth nothing."""
    if page.exception:
        raise RuntimeError(f"the page failed: {page.exception[0].message}")


def choose_dates(page: AppTest, since: date, until: date) -> None:
    """Put these days into the widgets of the page, which is then to be run: fields of the dashboard, a slider of the yardstick."""
    fields = [one for one in page.text_input if (one.key or "").startswith(("w:since", "w:until"))]
    if not fields:
        page.slider[0].set_range(since, until)
        return
    for field, day in (("since", since), ("until", until)):
        day = date(day.year, day.month, day.day)  # the slider of the dashboard gives moments
        next(one for one in fields if one.key.startswith(f"w:{field}")).set_value(day.isoformat())
