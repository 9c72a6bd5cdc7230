"""Figures and totals are written in one way: with their range, and a blank is words."""

from __future__ import annotations

from math import nan as NAN

import pytest

from incident_atlas.core.formatting import format_figure, format_total


def test_a_blank_figure_is_words_and_never_a_zero():
    assert format_figure(NAN, NAN, NAN) == "no figure reported" and format_figure(0, 0, 0) == "0"


@pytest.mark.parametrize(
    ("figures", "shown"),
    [
        ((380, 412, 455), "412 (380–455)"),
        ((NAN, 3, NAN), "3"),
        ((2, NAN, 6), "2–6"),
        ((2, NAN, NAN), "2 or more"),
        ((2, 2, NAN), "2 or more"),
        ((NAN, NAN, 6), "up to 6"),
        ((1, 3, NAN), "3 (1–3 or more)"),
        ((1000, 2000, 3000), "2,000 (1,000–3,000)"),
    ],
)
def test_a_figure_is_shown_with_its_range(figures, shown):
    assert format_figure(*figures) == shown


@pytest.mark.parametrize(
    ("total", "shown"),
    [
        (
            (2832, 3806, 4323, True, 134, 529),
            "3,806 killed (range 2,832 to at least 4,323; no figure for 134 incidents)",
        ),
        ((25, 25, 25, True, 0, 4), "25 killed (or more)"),
        ((25, 25, 25, False, 0, 4), "25 killed"),
        ((0, 0, 6, False, 0, 1), "0–6 killed"),
        ((3, 3, 3, True, 1, 2), "3 killed (or more; no figure for 1 incident)"),
        ((0, 0, 0, True, 2, 2), "killed: no figure reported"),
        ((0, 0, 0, False, 0, 0), "0 killed"),
    ],
)
def test_a_total_is_one_phrase_with_its_range_and_what_is_missing(total, shown):
    assert format_total(*total, "killed") == shown
