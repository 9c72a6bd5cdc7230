"""Filters against a slow and obvious answer, to the address and back, and what they say of the figures they leave out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.analysis import summary
from incident_atlas.core.schema import SEVERAL, split
from incident_atlas.core.vocabulary import ATTRIBUTIONS, GEO_PRECISIONS, NOT_STATED
from incident_atlas.dataset.filters import PARAMETERS, PRECISION_CHOICES, TERMS, Filters
from incident_atlas.geo.gazetteer import fold
from tests.support.profile import scaled
from tests.support.record import shipped_record
from tests.support.tiny import record

LOADED = shipped_record()
ROWS = LOADED.incidents.to_dict("records")

DAYS = st.dates(date(2001, 1, 1), date(2026, 1, 1))
CHOSEN = {name: st.lists(st.sampled_from(LOADED.options[name]), max_size=3, unique=True).map(tuple) for name in TERMS}
FILTERS = st.builds(
    Filters,
    since=st.none() | DAYS,
    until=st.none() | DAYS,
    min_killed=st.none() | st.integers(1, 60),
    precision=st.none() | st.sampled_from(GEO_PRECISIONS),
    q=st.sampled_from(["", "hotel", "Russian embassy", "كابل", "(a", ".*x"]),
    **{name: st.just(()) | values for name, values in CHOSEN.items()},
).map(lambda filters: filters.without("until") if filters.since and filters.until and filters.since > filters.until else filters)


ENGLISH = {fold("كابل"): "kabul"}
"""A town in its own script finds what its name finds."""
MEANT = {"hotel": "Hotel/Resort", "embassy": "Embassy/Consulate"}
"""A word for a kind of target finds the incidents of that kind, too."""


def passes(row: dict, filters: Filters) -> bool:
    """Whether an incident is visible, one criterion after the other."""
    if filters.since and row["last_day"].date() < filters.since or filters.until and row["first_day"].date() > filters.until:
        return False
    for name in TERMS:
        expected = getattr(filters, name)
        if expected and not set(expected) & set(split(row[name]) if name in SEVERAL else [row[name]]):
            return False
    killed = row["killed"] if row["killed"] == row["killed"] else row["killed_low"]
    if filters.min_killed and not killed >= filters.min_killed:
        return False
    if filters.precision and row["geo_precision"] not in GEO_PRECISIONS[: GEO_PRECISIONS.index(filters.precision) + 1]:
        return False
    return all(
        word in row["text"] or ENGLISH.get(word, word) in row["text"] or MEANT.get(word) in split(row["target_subtype"])
        for word in fold(filters.q).split()
    )


@settings(max_examples=scaled(150), deadline=None)
@given(FILTERS)
def test_a_filter_gives_what_asking_row_by_row_gives(filters):
    assert filters.apply(LOADED.incidents)["row"].tolist() == [row["row"] for row in ROWS if passes(row, filters)]


@pytest.mark.parametrize("name", TERMS)
def test_every_term_alone_gives_what_asking_row_by_row_gives(name):
    for term in LOADED.options[name]:
        filters = Filters(**{name: (term,)})
        found = filters.apply(LOADED.incidents)["row"].tolist()
        assert found and found == [row["row"] for row in ROWS if passes(row, filters)]


@given(FILTERS)
def test_the_address_gives_back_the_filter(filters):
    query = filters.to_query()
    assert set(query) <= set(PARAMETERS) and all(isinstance(value, str) for values in query.values() for value in values)
    assert Filters.from_query(query, LOADED.options) == (filters, [])


@given(st.dictionaries(st.sampled_from(PARAMETERS), st.lists(st.text(max_size=12), max_size=3)))
def test_any_address_gives_a_filter_that_gives_itself_back(query):
    filters, ignored = Filters.from_query(query, LOADED.options)
    assert Filters.from_query(filters.to_query(), LOADED.options) == (filters, [])
    assert all(entry.partition("=")[0] in PARAMETERS for entry in ignored)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("city", "Paris"),
        ("from", "31/12/2020"),
        ("from", "2020-02-30"),
        ("to", "20200101"),
        ("min_killed", "0"),
        ("min_killed", "-3"),
        ("min_killed", "many"),
        ("precision", "precise"),
        ("attribution", "certain"),
    ],
)
def test_a_value_that_means_nothing_is_ignored_and_named(name, value):
    assert Filters.from_query({name: [value]}, LOADED.options) == (Filters(), [f"{name}={value}"])


def test_an_end_before_the_beginning_is_ignored():
    filters, ignored = Filters.from_query({"from": ["2021-01-01"], "to": ["2020-01-01"]}, {})
    assert filters == Filters(since=date(2021, 1, 1)) and ignored == ["to=2020-01-01"]


def test_case_does_not_count_and_an_attribution_is_known_even_when_no_incident_stands_on_it():
    filters, ignored = Filters.from_query(
        {"city": ["kabul", "KABUL"], "attribution": [*ATTRIBUTIONS, NOT_STATED]}, {"city": ["Kabul"]}
    )
    assert filters.city == ("Kabul",) and filters.attribution == (*ATTRIBUTIONS, NOT_STATED) and not ignored


def test_an_incident_dated_by_month_counts_when_its_month_overlaps():
    week = {"date": "2020-05-10", "date_precision": "week"}
    loaded = record({"date": "2020-05"}, {"date": "2020-05-10"}, {"date": "2020"}, week)
    for since, until, rows, uncertain in [
        (date(2020, 5, 20), date(2020, 5, 25), [2, 4], 2),
        (date(2020, 5, 16), date(2020, 5, 16), [2, 4, 5], 3),
        (date(2020, 6, 1), None, [4], 1),
        (None, date(2020, 5, 9), [2, 4], 2),
        (date(2020, 1, 1), date(2020, 12, 31), [2, 3, 4, 5], 0),
        (date(2021, 1, 1), None, [], 0),
    ]:
        filters = Filters(since=since, until=until)
        assert filters.apply(loaded.incidents)["row"].tolist() == rows
        assert filters.uncertain_dates(loaded.incidents) == uncertain
    assert Filters().uncertain_dates(loaded.incidents) == 0


def test_an_attack_that_lasts_past_midnight_counts_on_its_first_day_alone():
    loaded = record({"date": "2020-05-01", "date_end": "2020-05-03"})
    shown = [len(Filters(since=day, until=day).apply(loaded.incidents)) for day in (date(2020, 5, n) for n in (1, 2, 3, 4))]
    assert shown == [1, 0, 0, 0]


def test_at_least_so_many_killed_leaves_out_and_counts_those_without_a_figure():
    low_only, below = {"killed_low": "5", "killed_high": "9"}, {"killed": "4", "killed_high": "9"}
    loaded = record({"killed": "5"}, low_only, below, {}, {"killed": "0"})
    filters = Filters(min_killed=5)
    assert filters.apply(loaded.incidents)["row"].tolist() == [2, 3]
    assert filters.without_figure(loaded.incidents) == 1 and Filters().without_figure(loaded.incidents) == 0
    assert replace(filters, city=("Herat",)).without_figure(loaded.incidents) == 0


def test_known_so_well_or_better_leaves_out_what_is_not_placed():
    loaded = record({"place": "Russian embassy"}, {}, {"city": "", "province": "Kabul"}, {"city": "Atlantis"})
    assert [len(Filters(precision=name).apply(loaded.incidents)) for name in PRECISION_CHOICES] == [0, 1, 2]


def test_several_values_of_one_filter_widen_and_several_filters_narrow():
    loaded = record({"target_type": "Police;Military"}, {"target_type": "Military", "city": "Herat"}, {"target_type": "Business"})
    for filters, rows in [
        (Filters(target_type=("Police",)), [2]),
        (Filters(target_type=("Military",)), [2, 3]),
        (Filters(target_type=("Police", "Business")), [2, 4]),
        (Filters(target_type=("Military",), city=("Kabul",)), [2]),
    ]:
        assert filters.apply(loaded.incidents)["row"].tolist() == rows


def test_words_are_looked_for_as_they_stand_in_any_spelling():
    embassy = {"target_name": "Embassy of the Russian Federation"}
    loaded = record({"title": "Bomb at Kārte Seh (again)"}, {"summary": "a.*b"}, embassy)
    found = {"karte seh": [2], "KARTE-SEH bomb": [2], ".*": [2, 3, 4], "russian federation": [4], "nobody": []}
    for words, rows in found.items():
        assert Filters(q=words).apply(loaded.incidents)["row"].tolist() == rows


def test_leaving_a_criterion_out_and_asking_for_few_columns():
    filters = Filters(city=("Kabul",), min_killed=10)
    both = filters.apply(LOADED.incidents)
    city = filters.without("min_killed").apply(LOADED.incidents, columns=["row", "x"])
    assert list(city.columns) == ["row", "x"] and set(both["row"]) < set(city["row"])
    assert len(filters.apply(LOADED.incidents, columns=summary.COLUMNS).columns) == len(summary.COLUMNS)


def test_a_filter_knows_what_it_restricts():
    filters = Filters(city=("Kabul",), q="x")
    assert filters and not Filters() and filters.active() == ["city", "q"] and filters.without("q") == Filters(city=("Kabul",))


def test_another_name_of_a_perpetrator_finds_its_incidents():
    loaded = record({"perpetrator": "Islamic State (Khorasan Province)"}, {"perpetrator": "Taliban"}, {"title": "ISKP denies it"})
    for words in ("ISKP", "Daesh", "داعش"):
        found = Filters(q=words).apply(loaded.incidents)["row"].tolist()
        assert found == ([2, 4] if words == "ISKP" else [2])
    chosen, ignored = Filters.from_query({"perpetrator": ["ISIS-K"]}, loaded.options)
    assert chosen.perpetrator == ("Islamic State (Khorasan Province)",) and ignored == []


def test_signs_that_are_no_words_are_ignored_and_said():
    assert Filters.from_query({"q": ["["]}, {}) == (Filters(), ["q=["])
