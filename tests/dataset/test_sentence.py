"""The filter as one English sentence, the same on the page, in exports and on the command line."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from incident_atlas.dataset.filters import PRECISION_CHOICES, TERMS, Filters
from incident_atlas.dataset.headline_text import describe, figures, filter_sentence, heading, last_day, victims, without_largest
from incident_atlas.dataset.totals import Headline, Total
from tests.support.tiny import record

NOBODY = Total(0, 0, 0, False, 0)


def head(incidents: int = 10, unplaced: int = 0, killed: Total = NOBODY) -> Headline:
    return Headline(incidents, incidents - unplaced, unplaced, pd.Timestamp("2021-05-01"), killed, NOBODY, 0)


def described(filters: Filters) -> str:
    return describe(filters, head(), date(2002, 1, 17), date(2024, 12, 11))


@pytest.mark.parametrize(
    ("filters", "sentence"),
    [
        (Filters(), "10 incidents, 17 Jan 2002 to 11 Dec 2024."),
        (Filters(since=date(2020, 2, 29)), "10 incidents, since 29 Feb 2020."),
        (Filters(until=date(2021, 8, 15)), "10 incidents, until 15 Aug 2021."),
        (Filters(since=date(2021, 8, 15), until=date(2021, 8, 15)), "10 incidents, 15 Aug 2021."),
        (Filters(since=date(2015, 1, 1), until=date(2021, 12, 31)), "10 incidents, 2015 to 2021."),
        (Filters(since=date(2015, 1, 1), until=date(2015, 12, 31)), "10 incidents, 2015."),
        (Filters(city=("Kabul", "Herat"), province=("Helmand",)), "10 incidents in Kabul and Herat within Helmand province."),
        (Filters(min_killed=1000), "10 incidents, at least 1,000 killed."),
        (Filters(q="hotel"), "10 incidents, matching “hotel”."),
        (Filters(q="mosques kabul"), "10 incidents, matching “mosques kabul”."),
        (Filters(q="Who attacked the Russian embassy in May 2021?"), "10 incidents, matching “Russian embassy May 2021?”."),
        (Filters(city=("Kabul",)), "10 incidents in Kabul."),
        (Filters(target_type=("Police",)), "10 incidents, target Police."),
    ],
)
def test_a_filter_is_said(filters, sentence):
    assert described(filters) == sentence


def test_the_span_of_the_record_is_not_that_of_a_part_of_it():
    loaded = record({"title": "Old"}, {"incident_id": "T-2", "title": "New", "date": "2022-03-04"})
    assert " to 4 Mar 2022." in filter_sentence(loaded, Filters(), head())
    chosen = Filters(q="new")
    assert filter_sentence(loaded, chosen, head(1)) == "1 incident, matching “new”."
    assert filter_sentence(loaded, chosen, head(1), hidden=("q",)) == "1 incident."
    assert heading(chosen, date(2002, 1, 17), date(2024, 12, 11)) == "Incidents, matching “new”"


@pytest.mark.parametrize("name", TERMS)
def test_every_filter_of_terms_is_in_the_sentence(name):
    shown = described(Filters(**{name: ("One", "Two")}))
    assert "One" in shown and "Two" in shown


@pytest.mark.parametrize("precision", PRECISION_CHOICES)
def test_the_precision_is_in_the_sentence(precision):
    assert f"known to at least the {precision}" in described(Filters(precision=precision))


def test_what_is_missing_ends_the_sentence():
    shown = describe(Filters(), head(unplaced=1200), None, None, by_month=3, no_figure=4)
    assert shown == (
        "10 incidents; 3 dated by week, month or year may lie outside the range; 4 without a lowest or best figure left out."
    )


def test_one_incident_is_one_incident():
    assert describe(Filters(), head(1), None, None) == "1 incident."


def test_the_records_last_day_is_said_and_an_empty_record_too():
    assert last_day(pd.Timestamp("2024-12-11")) == "Data to 11 Dec 2024."
    assert last_day(None) == "The record has no incidents."


@pytest.mark.parametrize(
    ("total", "value", "label"),
    [
        (Total(3, 3, 3, False, 0), "3", "killed"),
        (Total(3, 4, 5, True, 2), "4", "killed (range 3 to at least 5; no figure for 2 incidents)"),
        (Total(3, 4, 5, False, 0), "4", "killed (range 3 to 5)"),
        (Total(3, 3, 3, True, 0), "3", "killed (or more)"),
        (Total(0, 0, 0, True, 10), "–", "killed: no figure reported"),
        (Total(0, 0, 0, False, 0), "0", "killed"),
    ],
)
def test_a_total_is_a_range_and_nothing_reported_is_not_zero(total, value, label):
    shown = head(killed=total)
    assert figures(shown)[1] == (value, label)
    assert victims(shown)[0] == (label if value == "–" else f"{value} {label}")


def test_a_headline_without_incidents_names_no_last_day():
    nothing = Headline(0, 0, 0, None, NOBODY, NOBODY, 0)
    assert figures(nothing) == [("0", "incidents")] and without_largest(nothing) == [""]
