"""The benchmark runs and tells every figure; and what can be held without a clock: cells, bytes, memory that is not copied."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from incident_atlas.analysis import summary
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.maps.clusters import MOST_CELLS, map_cells
from tools.synthetic import records

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 100_000  # bytes sent to the browser per filter change


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """20,000 invented incidents."""
    path = tmp_path_factory.mktemp("bench") / "many.csv"
    records.write(path, 20_000)
    return path


@pytest.fixture(scope="module")
def loaded(record: Path) -> Loaded:
    """The same, loaded."""
    return load(record)


def test_the_benchmark_runs_and_prints_every_figure(tmp_path: Path):
    command = [
        sys.executable,
        "-m",
        "tools.bench.run",
        "--small",
        "40",
        "--large",
        "80",
        "--middle",
        "60",
        "--runs",
        "1",
        "--yardstick-runs",
        "1",
    ]
    command += [
        "--statistics-runs",
        "4",
        "--draws",
        "1",
        "--foreign",
        "90",
        "--largest",
        "1000",
        "--file-rows",
        "500",
        "--files",
        "6",
    ]
    place = {**os.environ, "BENCH_OUT": str(tmp_path)}
    done = subprocess.run(command, cwd=ROOT, env=place, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr[-2000:]
    lines = done.stdout.splitlines()
    for figure in (
        "yardstick / ours",
        "ours at 80",
        "KB",
        "MB",
        "peak",
        "read_csv",
        "Nearby page",
        "Compare page",
        "Claims page",
        "rate_ratio",
        "clustered_ratio",
        "a month",
        "tuning half",
        "pandas merge",
        "rows of UCDP GED",
        "through DuckDB",
        "commas.csv",
        "blank lines first.csv",
    ):
        assert any(figure in line for line in lines), figure
    for target in (
        "at least 100",
        "at most 3",
        "at most 5",
        "at most 100 KB",
        "at most 60 KB",
        "under 700 MB",
        "under 1,000 MB",
        "0.94 to 1",
        "at most 7 %",
        "under 200 times",
        "at most 20",
        "at most 2 s, 300 MB",
    ):
        assert any(line.endswith(target) for line in lines), target


def test_the_same_seed_makes_the_same_record(tmp_path: Path):
    records.write(tmp_path / "a.csv", 50, seed=3)
    records.write(tmp_path / "b.csv", 50, seed=3)
    records.write(tmp_path / "c.csv", 50, seed=4)
    a, b, c = ((tmp_path / f"{name}.csv").read_text(encoding="utf-8") for name in "abc")
    assert a == b != c


def test_invented_records_have_the_faults_of_real_ones_but_no_problem(loaded: Loaded):
    incidents = loaded.incidents
    assert len(incidents) == loaded.source.read == 20_000 and not len(loaded.problems)
    assert incidents["x"].isna().any() and (incidents["date_precision"] == "month").any()
    assert incidents["target_type"].astype("str").str.contains(";").any() and incidents["killed_none"].any()


@pytest.mark.parametrize("zoom", range(4, 19))
def test_no_zoom_draws_more_than_the_most_cells(loaded: Loaded, zoom: int):
    whole = map_cells(loaded.incidents, zoom)
    kabul = map_cells(loaded.incidents, zoom, (34.3, 68.9, 34.7, 69.5))
    assert 0 < len(kabul) <= MOST_CELLS and 0 < len(whole) <= MOST_CELLS


def test_a_filter_change_sends_less_than_the_limit(record: Path):
    command = [sys.executable, "-m", "tools.bench.worker", "page", str(ROOT / "app.py"), str(record), "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr[-2000:]
    assert 10_000 < json.loads(done.stdout.splitlines()[-1])["sent"] < LIMIT


def test_choosing_columns_of_the_whole_record_copies_nothing(loaded: Loaded):
    shown = Filters().apply(loaded.incidents, columns=summary.COLUMNS)
    assert np.shares_memory(shown["killed_best"].to_numpy(), loaded.incidents["killed_best"].to_numpy())
