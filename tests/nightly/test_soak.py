"""The soak uses one tab as a reader does and measures it; the peak of a small instance is taken over every page and file."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_atlas.dataset.load import RECORD
from tools.bench import small_instance, soak
from tools.synthetic import records

pytestmark = pytest.mark.browser


def test_a_short_soak_gets_every_answer_and_measures_browser_server_and_map(visit, server):
    page = visit().page
    first, middle, last = soak.soak(server, page, 12, every=6)
    assert (first.interactions, middle.interactions, last.interactions) == (0, 6, 12)
    for one in (first, middle, last):
        assert one.heap > 1 and one.server > 50 and one.nodes > 100 and one.layers > 5
    assert "from=" in page.url or "to=" in page.url


def test_the_slope_is_that_of_the_second_half():
    series = [soak.Measured(number * 100, 50 + number, 300, 10, 10) for number in range(4)]
    series += [soak.Measured(number * 100, 54 + 2 * number, 300, 10, 10) for number in range(4, 8)]
    assert soak.slope(series, "heap") == pytest.approx(20)
    assert soak.slope(series, "server") == pytest.approx(0)


def test_a_small_instance_shows_every_page_and_gives_every_file(chromium, tmp_path: Path):
    mine = tmp_path / "mine.csv"
    records.write(mine, 300)
    steps, peaks, after = zip(*small_instance.peak(chromium, RECORD, mine), strict=True)
    assert steps == ("first page", "file added", "every page", *small_instance.FILES)
    assert 50 < peaks[0] and list(peaks) == sorted(peaks) and all(now <= most for now, most in zip(after, peaks, strict=True))
