"""One measurement in a process of its own, as JSON: `python -m tools.bench.worker PART ARGUMENT ...`, started by measure.py."""

from __future__ import annotations

import json
import sys

from tools.bench import duplicates, engines, formats, map_page, pages

PARTS = {
    "page": map_page.page,
    "loading": map_page.loading,
    "rerun": pages.rerun,
    "reruns": engines.reruns,
    "formats": formats.speed,
    "formats memory": formats.peak,
    "duplicates": duplicates.speed,
}

if __name__ == "__main__":
    print(json.dumps(PARTS[sys.argv[1]](*sys.argv[2:])))
