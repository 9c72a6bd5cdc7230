"""What a typed text looks for: words without those of a question, and dates."""

from __future__ import annotations

from datetime import date

import pytest

from incident_atlas.dataset.filters import Filters, WordFound, words_found
from incident_atlas.dataset.search import left_out, parse_search, typed
from tests.support.record import shipped_record
from tests.support.tiny import record


def found(q: str) -> set[str]:
    return set(Filters(q=q).apply(shipped_record().incidents)["incident_id"])


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("who attacked the Russian embassy", "Russian embassy"),
        ("What happened in Herat in 2021?", "Herat 2021"),
        ("attacks on journalists", "journalists"),
        ("attack on journalists", "journalist"),
    ],
)
def test_a_question_finds_what_its_words_find(question, words):
    assert found(question) == found(words) != set()


def test_words_of_a_question_alone_are_looked_for():
    assert [term.words for term in parse_search("Who attacked?")] == ["who", "attacked"] and left_out("Who attacked?") == []
    assert left_out("the attacks of August 2021") == ["the", "attacks", "of"]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("August 2021", date(2021, 8, 1), date(2021, 8, 31)),
        ("aug. 2021", date(2021, 8, 1), date(2021, 8, 31)),
        ("Sept 2021", date(2021, 9, 1), date(2021, 9, 30)),
        ("Feb 2020", date(2020, 2, 1), date(2020, 2, 29)),
        ("26 August 2021", date(2021, 8, 26), date(2021, 8, 26)),
        ("26th Aug, 2021", date(2021, 8, 26), date(2021, 8, 26)),
        ("August 26, 2021", date(2021, 8, 26), date(2021, 8, 26)),
        ("2021-08-26", date(2021, 8, 26), date(2021, 8, 26)),
        ("2021", date(2021, 1, 1), date(2021, 12, 31)),
    ],
)
def test_a_month_and_a_day_in_words_are_dates(text, first, last):
    [term] = parse_search(text)
    assert term.days == (first, last)
    [word, same] = parse_search(f"bomb, {text}")
    assert (word.words, same.days) == ("bomb", term.days)


@pytest.mark.parametrize("text", ["August", "31 June", "1400", "20210826", "AFG-20210826-1", "X-2021-08-26-1", "may 12345"])
def test_what_is_no_date_stays_words(text):
    assert not any(term.days for term in parse_search(text))


def test_a_date_finds_the_incidents_of_its_days_and_not_the_texts_that_name_it():
    rows = [
        {"incident_id": "a", "date": "2021-08-26"},
        {"incident_id": "b", "date": "2022-01-01", "summary": "As in August 2021"},
        {"incident_id": "c", "date": "2021-08", "date_precision": "month"},
        {"incident_id": "d", "date": "2021-09-01"},
        {"incident_id": "id 2021 of the year", "date": "2019-01-01"},
    ]
    incidents = record(*rows).incidents
    expected = {"August 2021": ["a", "c"], "26 August 2021": ["a", "c"], "25 August 2021": ["c"], "31 June 2021": []}
    expected |= {"2021": ["a", "b", "c", "d", "id 2021 of the year"]}
    for q, ids in expected.items():
        assert Filters(q=q).apply(incidents)["incident_id"].tolist() == ids, q


def test_the_airport_in_august_2021_is_found():
    assert "AFG-20210826-1" in found("Kabul airport bombing August 2021") & found("August 2021") & found("26 August 2021")


def test_what_each_word_finds_is_known_where_all_find_nothing():
    incidents = record({"title": "Bomb at a hotel"}, {"incident_id": "T-2", "title": "Shots", "city": "Herat"}).incidents
    assert words_found(incidents, Filters(q="hotel in nowhere")) == [WordFound("hotel", 1, 0), WordFound("nowhere", 0, 1)]
    assert words_found(incidents, Filters(q="hotel", city=("Herat",))) == [WordFound("hotel", 1, 1)]
    assert words_found(incidents, Filters(q="nowhere")) == [WordFound("nowhere", 0, 2)]
    assert words_found(incidents, Filters()) == words_found(incidents, Filters(q=" ".join("abcdefghijklmnop"))) == []


def test_words_are_kept_as_they_were_typed():
    assert typed("Russian embassy, hit-and-run", ["embassy", "run"]) == "embassy, run"
