"""Words that people use find what they mean: in the search, in the address, and on the screen."""

from __future__ import annotations

import duckdb
import pytest

from incident_atlas.core.schema import split
from incident_atlas.core.synonyms import SPELLINGS, SYNONYMS, search_terms, singular
from incident_atlas.core.vocabulary import ATTACK_TYPES, TARGET_SUBTYPES, TARGET_TYPES, WEAPONS
from incident_atlas.dataset.filters import Filters
from tests.support.pages import widget, words
from tests.support.record import shipped_record
from tests.support.tiny import record

TERMS = {
    "target_subtype": TARGET_SUBTYPES,
    "target_type": TARGET_TYPES,
    "attack_type": ATTACK_TYPES,
    "weapon": WEAPONS,
    "perpetrator": ("Haqqani Network",),
}


def test_every_synonym_stands_for_a_term_of_its_column():
    assert all(term in TERMS[column] for column, term in SYNONYMS.values())
    assert all(SPELLINGS[SPELLINGS[word]] == word for word in SPELLINGS)


@pytest.mark.parametrize(("word", "stands_for"), SYNONYMS.items())
def test_a_search_finds_every_incident_with_the_term_that_the_word_stands_for(word, stands_for):
    column, term = stands_for
    incidents = shipped_record().incidents
    found = set(Filters(q=word).apply(incidents)["incident_id"])
    assert found >= set(incidents["incident_id"][[term in split(cell) for cell in incidents[column].astype(str)]])


def test_a_short_word_is_found_as_a_word_and_not_inside_another():
    incidents = record({"title": "Gunmen in Kabul"}, {"incident_id": "T-2", "title": "A UN convoy"}).incidents
    assert list(Filters(q="UN").apply(incidents)["title"]) == ["A UN convoy"]


@pytest.mark.parametrize("q", ["Defence", "defense"])
def test_british_and_american_spellings_find_each_other(q):
    incidents = record({"title": "Ministry of Defence"}, {"incident_id": "T-2", "title": "Department of Defense"}).incidents
    assert len(Filters(q=q).apply(incidents)) == 2


def test_a_phrase_is_one_term_and_the_rest_are_words():
    assert [(term.words, bool(term.stands_for)) for term in search_terms("kabul suicide bomber daesh")] == [
        ("kabul", False), ("suicide bomber", True), ("daesh", True)
    ]  # fmt: skip


def test_an_address_and_a_command_take_the_word_for_the_term():
    chosen, ignored = Filters.from_query({"target_subtype": ["mosque"], "weapon": ["Car bomb"]}, shipped_record().options)
    assert (chosen.target_subtype, chosen.weapon, ignored) == (("Place of Worship",), ("Vehicle bomb",), [])


def test_the_page_says_which_term_a_word_was_taken_for_and_offers_the_words_in_the_choices(run_page):
    app = run_page("app.py", {"q": ["mosque kabul"]})
    assert "mosque: Place of Worship" in words(app) and "kabul: " not in words(app)
    assert words(app).count("Place of Worship") == 1 and "matching “mosque kabul”" in words(app)
    assert "Place of Worship (mosque, masjid)" in widget(app.multiselect, "w:target_subtype").options


def test_a_plural_is_looked_for_as_its_singular():
    rows = (
        "A journalist shot",
        "Two journalists shot",
        "Convoy at an embassy",
        "Convoy of embassies",
        "A car",
        "Cars",
        "Carried",
    )
    incidents = record(*({"incident_id": f"T-{n}", "title": title, "place": ""} for n, title in enumerate(rows))).incidents
    for one, several, expected in (("journalist", "journalists", 2), ("embassy", "embassies", 2)):
        assert len(Filters(q=one).apply(incidents)) == len(Filters(q=several).apply(incidents)) == expected
    assert list(Filters(q="cars").apply(incidents)["title"]) == ["A car", "Cars"]
    assert [singular(word) for word in ("buses", "news", "paris", "kunduz")] == ["bus", "news", "paris", "kunduz"]


@pytest.mark.parametrize(
    ("q", "term"),
    [
        ("journalists", "Journalists & Media"), ("reporters", "Journalists & Media"), ("soldiers", "Military"), ("army", "Military"),
        ("police", "Police"), ("aid workers", "NGO"), ("NGOs", "NGO"), ("tourists", "Tourists"), ("civilians", "Private Citizens & Property"),
        ("diplomats", "Diplomatic Personnel"), ("schools", "School/University"), ("hospitals", "Hospital"), ("attacks on markets", "Marketplace/Plaza/Square"),
    ],
)  # fmt: skip
def test_a_target_is_found_by_the_word_that_people_use(q, term):
    column = "target_type" if term in TARGET_TYPES else "target_subtype"
    incidents = record(
        {"title": "Shots", column: term}, {"incident_id": "T-2", "title": "Shots", "target_type": "Utilities"}
    ).incidents
    assert Filters(q=q).apply(incidents)["row"].tolist() == [2]


@pytest.mark.parametrize(
    "q",
    [
        "un", "mosque kabul", "car bomb", "IED", "defence", "Haqqani", "Who attacked the Russian embassy?", "attacks on journalists",
        "Kabul airport bombing August 2021", "Aug 2021", "26 August 2021", "2021", "the cars", "embassies, 2011",
    ],
)  # fmt: skip
def test_an_engine_finds_what_memory_finds(q):
    incidents = shipped_record().incidents
    plain = incidents.astype({name: "str" for name in incidents.select_dtypes("category")})
    relation = duckdb.connect().from_df(plain)
    assert len(Filters(q=q).apply(relation).df()) == len(Filters(q=q).apply(incidents))


@pytest.mark.parametrize(
    ("native", "latin"), [("هرات", "Herat"), ("کابل", "Kabul"), ("قندهار", "Kandahar"), ("mosque هرات", "mosque Herat")]
)
def test_a_town_in_its_own_script_finds_what_its_name_finds(native, latin):
    incidents = shipped_record().incidents
    found = Filters(q=native).apply(incidents)
    assert len(found) and found["incident_id"].tolist() == Filters(q=latin).apply(incidents)["incident_id"].tolist()
    relation = duckdb.connect().from_df(incidents.astype({name: "str" for name in incidents.select_dtypes("category")}))
    assert len(Filters(q=native).apply(relation).df()) == len(found)


def test_the_page_says_which_town_was_meant(run_page):
    assert "هرات: herat" in words(run_page("app.py", {"q": ["هرات"]}))
