"""Seconds that a changed filter takes on the pages beside the Map, as ratios to the Map page in the same run."""

from __future__ import annotations

import os
from pathlib import Path
from statistics import median

from tools.bench.measure import ROOT, Row, in_own_process, processor_seconds, raise_on_exception, silence_warnings

PAGES = {
    "Nearby": ("pages/nearby.py", {"site": "embassy-iraq-kabul", "km": "2"}),
    "Compare": ("pages/compare.py", {}),
    "Claims": ("pages/claims.py", {}),
}
"""The pages, and what they are asked; sections that open on demand are closed, as a reader finds them."""

MOST = "at most 3"


def rerun(page: str, record: str, runs: str) -> dict[str, float]:
    """Seconds of a rerun after another target type was chosen (median): each time one that was not asked before.

    page: "Map" or a name of `PAGES`. The Claims page has no filter, so there a rerun with nothing changed is timed.
    """
    os.environ["INCIDENTS_SOURCE"] = record
    silence_warnings()
    from streamlit.testing.v1 import AppTest

    shown = AppTest.from_file(str(ROOT / "app.py"), default_timeout=3600)
    path, query = PAGES.get(page, ("app.py", {}))
    if page in PAGES:
        shown.switch_page(path)
    for name, value in query.items():
        shown.query_params[name] = value
    shown.run()
    raise_on_exception(shown)
    taken = []
    for number in range(int(runs) + 1):
        if page != "Claims":
            boxes = next(box for box in shown.multiselect if box.key.startswith("w:target_type"))
            boxes.set_value([boxes.options[number % len(boxes.options)]])
        taken.append(processor_seconds(shown.run))
        raise_on_exception(shown)
    # The first builds what is kept for all later ones.
    return {"changed": median(taken[1:])}


def rows(record: Path, runs: int) -> list[Row]:
    """Lines of the table, each page measured in a process of its own."""
    map_page = in_own_process("rerun", "Map", record, runs)["changed"]
    lines = [("Map page, seconds of processor", f"{map_page:.3f}", "")]
    for name in PAGES:
        taken = in_own_process("rerun", name, record, runs)["changed"]
        what = "nothing changed" if name == "Claims" else "another target type"
        lines.append((f"{name} page, {what} / Map page", f"{taken / map_page:.1f} times", MOST))
    return lines
