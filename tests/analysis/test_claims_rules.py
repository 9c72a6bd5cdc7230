"""What a claim is judged by besides its numbers: coverage that is not stated, too few days, terms, evidence, and plain words."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from incident_atlas.analysis.claims.answer import VERDICTS, Answer
from incident_atlas.analysis.claims.claim_text import cited, in_words
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.claims.question import IGNORED, rows_to_change
from incident_atlas.analysis.claims.verdict import Judged, judge, tally
from incident_atlas.ui.session.url_state import OWN_PARAMETERS, VERSION, VIEW_PARAMETERS
from tests.analysis.test_claims import (
    BOTH_GROUPS,
    EDGES,
    POLICE,
    SHOPS,
    TWO,
    WHOLE,
    answer_of,
    covered,
    one_step,
    spread,
    ten_years,
)
from tests.support.tiny import record

YES, NO, PARTLY, UNTOLD = VERDICTS
NOTHING = pd.DataFrame()


@pytest.mark.parametrize(
    ("test", "value", "query", "more"),
    [
        ("rarer than", "90 a year", POLICE, {}),
        ("at most", "90 incidents", POLICE, {}),
        ("first since", "2011-02-01: B-1", SHOPS, {}),
        ("times as often", "2", POLICE, {"against": "target_type=NGO"}),
        ("only", "Taliban", "", {"against": BOTH_GROUPS}),
        ("lower", "", TWO, {"page": "pages/compare.py"}),
    ],
)
def test_where_no_coverage_is_stated_nothing_is_supported_that_needs_it(test, value, query, more):
    rows = one_step(60, 20) if test == "lower" else spread(80, "2012-01-01", 700)
    shops = (
        {"date": "2011-06-01", "target_type": "Business", "incident_id": "B-1"},
        {"date": "2014-06-01", "target_type": "Business"},
    )
    loaded = ten_years(0, 0, *({**row, "target_type": "Police"} for row in rows), *shops)
    assert answer_of(loaded, test, value, query, **more).verdict == YES
    undated = loaded.coverage.assign(**{"from": pd.NaT, "to": pd.NaT})
    for coverage in (NOTHING, undated):
        answer = answer_of(replace(loaded, coverage=coverage), test, value, query, **more)
        assert answer.verdict == UNTOLD and "coverage is not stated" in answer.sentence


def test_what_is_held_shows_that_it_happened_though_no_coverage_is_stated():
    loaded = replace(ten_years(30), coverage=NOTHING)
    assert answer_of(loaded, "rarer than", "1 a year").verdict == NO and answer_of(loaded, "at most", "4 incidents").verdict == NO
    assert (
        answer_of(loaded, "more often than", "1 a year").verdict == YES
        and answer_of(loaded, "at least", "4 incidents").verdict == YES
    )


@pytest.mark.parametrize(("days", "text"), [("from=2011-01-01&to=2011-12-30", False), ("from=2011-01-01&to=2011-12-31", True)])
@pytest.mark.parametrize(("test", "more"), [("rarer than", {}), ("times as often", {"against": SHOPS})])
def test_a_rate_needs_a_year_inside_the_record(test, more, days, text):
    value = "1 a year" if test == "rarer than" else "5"
    answer = answer_of(ten_years(9, 9), test, value, f"{POLICE}&{days}", **more)
    assert bool(answer.numbers) == text and not answer.fault
    assert text or (answer.verdict, answer.sentence) == (
        UNTOLD,
        "A rate per year needs at least 365 days to look at inside the record.",
    )


def test_a_record_of_one_incident_gives_no_rate():
    answer = answer_of(covered(record({"date": "2015-01-01"})), "more often than", "1 a year")
    assert (answer.verdict, answer.numbers) == (UNTOLD, {}) and "one incident" in answer.sentence


def test_days_outside_the_record_are_no_fault_and_have_no_number():
    answer = answer_of(ten_years(9), "rarer than", "1 a year", "from=2030-01-01")
    assert (answer.verdict, answer.numbers, answer.fault) == (UNTOLD, {}, "") and "covers no day" in answer.sentence
    later = TWO.replace("2013-01-01:2013-12-31", "2030-01-01:2030-12-31")
    assert "covers no day" in answer_of(ten_years(9), "lower", query=later, page="pages/compare.py").sentence


def test_two_periods_say_who_was_killed_in_each_as_intervals():
    rows = [{"date": f"2012-0{n}-01", "killed_low": "2", "killed": "3", "killed_high": "9"} for n in range(1, 7)]
    answer = answer_of(covered(record(*EDGES, *rows, {"date": "2013-05-05"})), "lower", query=TWO, page="pages/compare.py")
    assert answer.notes[0] == "Killed: 18 (range 12 to 54) in the first period and no figure reported in the second period."
    assert answer.shown == "5 of 6 of the first period and 1 of 1 of the second period"


def test_without_a_clear_change_a_lean_is_said_and_is_no_verdict():
    rows = [*EDGES, *one_step(62, 60)]
    answer = answer_of(covered(record(*rows)), "lower", query=TWO, page="pages/compare.py")
    assert answer.verdict == UNTOLD and answer.sentence.startswith("Fewer as recorded. No clear change: 60 incidents")


def test_incidents_of_both_filters_count_for_neither():
    both = {"date": "2015-05-05", "target_type": "Police;Business"}
    answer = answer_of(ten_years(40, 2, both, both), "times as often", "5", against=SHOPS)
    assert (answer.numbers["incidents"], answer.numbers["against"]) == (40, 2)
    assert "2 incidents that pass both filters counted for neither." in answer.notes
    assert "The page of the first counts 42: those of both filters are there." in answer.notes


@pytest.mark.parametrize("query", ["target_type=Tourists", "weapon=Drone", "perpetrator=iskp", "city=Ghazni", "province=Helmand"])
def test_a_known_term_without_an_incident_is_none_and_no_fault(query):
    answer = answer_of(ten_years(3), "at least", "1 incident", query)
    assert (answer.verdict, answer.numbers["incidents"], answer.fault) == (UNTOLD, 0, "")
    assert answer.links == (), "the page would ignore the term, and show everything"


def test_evidence_of_a_side_is_aimed_at_it_then_claimed_then_deadly():
    rows = [
        {"incident_id": "SECOND", "target_type": "NGO;Police", "killed": "99"},
        {"incident_id": "AIMED", "intended_target": "A minister", "killed": "98"},
        {"incident_id": "NAMED", "attribution": "attributed", "killed": "97"},
        {"incident_id": "FEW", "killed": "1"},
        {"incident_id": "MANY", "killed": "7"},
        {"incident_id": "SHOP", "target_type": "Business"},
    ]
    answer = answer_of(
        ten_years(0, 0, *({"date": "2015-01-01", **row} for row in rows)), "only", "Taliban", "", against=BOTH_GROUPS
    )
    assert [one.incident_id for one in answer.evidence] == ["MANY", "SHOP"]
    assert [name for name, _ in answer.links] == ["Look at police", "Look at shops"]


def test_a_rate_shows_its_newest_incidents():
    answer = answer_of(ten_years(9), "rarer than", "9 a year")
    assert answer.shown == "5 of 9" and [one.incident_id for one in answer.evidence] == ["T-11", "T-10", "T-9", "T-8", "T-7"]


def test_where_the_page_counts_otherwise_it_is_said():
    operation = [{"date": "2015-05-05", "target_type": "Police", "coordinated_id": "OP-1"}] * 3
    notes = answer_of(ten_years(0, 0, *operation), "rarer than", "9 a year", f"{POLICE}&{WHOLE}").notes
    assert "The page that shows it counts 3: it counts coordinated attacks one by one." in notes
    assert not any("page" in note for note in answer_of(ten_years(3), "rarer than", "9 a year", f"{POLICE}&{WHOLE}").notes)


def test_a_copied_address_may_say_where_its_reader_looked():
    loaded, colours = ten_years(3), "&".join(f"{name}=1" for name in sorted(IGNORED))
    answer = answer_of(loaded, "at least", "1 incident", f"{POLICE}&{colours}")
    assert answer.verdict == YES and answer.links[0][1] == {"target_type": ["Police"], "city": ["Kabul"]}
    # A window of time chooses incidents: a claim says its days as dates, so such an address is refused and not read in part.
    asks = {"first", "second", "each", "source", "play", "grow"}
    assert IGNORED == {VERSION, *VIEW_PARAMETERS, *(name for names in OWN_PARAMETERS.values() for name in names)} - asks


def test_only_what_lies_in_the_days_is_dark_in_a_year_looked_at_in_part():
    rows = [{"date": day, "target_type": "Police"} for day in ("2015-02-01", "2015-08-01", "2015-09-01", "2016-01-01")]
    answer = answer_of(ten_years(0, 0, *rows), "rarer than", "9 a year", f"{POLICE}&from=2015-07-01")
    years = answer.picture.table.set_index("year")
    assert (years["incidents"][2015], years["inside"][2015], years["inside"][2016]) == (3, 2, 1)


def test_faulty_rows_are_counted_apart():
    judged = [Judged(Claim("a"), Answer(YES, "")), *[Judged(Claim(n), Answer(UNTOLD, "", fault="It is broken.")) for n in "bc"]]
    assert tally(tuple(judged)) == "3 claims: 1 supported, 2 cannot be asked."


def test_a_citation_carries_what_was_asked():
    loaded = ten_years(3)
    claim = Claim("c", "It is so.", query=f"{POLICE}&{WHOLE}", test="rarer than", value="9 a year", page="app.py")
    text = cited(claim, judge(loaded, claim))
    words = "target Police, city Kabul, 1 Jan 2010 to 31 Dec 2019"
    assert f"Asked with filter: {words}; test: rarer than 9 a year; days: 1 Jan 2010 to 31 Dec 2019, without" in text
    assert in_words("first=2012-01-01:2012-12-30&min_killed=5&zoom=5") == "first 1 Jan 2012 to 30 Dec 2012, at least 5 killed"


def test_a_claim_with_a_day_is_asked_for_the_days_before_it_and_since_then_apart():
    loaded = ten_years(
        0, 0, *spread(3, "2011-01-01", 900, target_type="Police"), *spread(40, "2016-01-01", 1400, target_type="Police")
    )
    answer = answer_of(loaded, "rarer than", "2 a year", made="2016-01-01")
    assert answer.verdict == YES and answer.sentence.startswith("Before 1 Jan 2016, supported: 3 such incidents are recorded")
    assert "From then on, contradicted: 40 such incidents are recorded" in answer.sentence
    assert [answer.numbers[name] for name in ("incidents", "since_incidents")] == [3, 40]
    assert [query.get("to") or query.get("from") for _, query in answer.links] == [["2015-12-31"], ["2016-01-01"]]
    assert answer_of(loaded, "rarer than", "2 a year", f"{POLICE}&{WHOLE}", made="2016-01-01").numbers["incidents"] == 43
    assert "a day such as" in answer_of(loaded, "rarer than", "2 a year", made="yesterday").fault
    early = answer_of(loaded, "rarer than", "2 a year", made="2010-03-01")
    assert early.verdict == UNTOLD and "needs at least 365 days" in early.sentence and "contradicted" in early.sentence


def test_foiled_attempts_count_as_the_row_says():
    loaded = ten_years(3, 0, *[{"date": "2015-05-05", "target_type": "Police", "outcome": "foiled"}] * 2)
    both = [answer_of(loaded, "at least", "1 incident", attempts=word) for word in ("", "yes", "no")]
    assert [answer.numbers["incidents"] for answer in both] == [5, 5, 3]
    assert both[1].notes[-1] == "Foiled attempts count too." and both[2].notes[-1] == "Foiled attempts do not count."
    assert any("counts 5: foiled attempts are among them" in note for note in both[2].notes)
    assert "must be yes, no or blank" in answer_of(loaded, "at least", "1 incident", attempts="perhaps").fault
    assert "attempts must be" in answer_of(loaded, "lower", query=TWO, page="pages/compare.py", attempts="no").fault


def test_a_claim_counts_the_attacks_of_those_that_its_row_names_and_its_sentence_says_whose():
    state = [{"date": "2015-05-05", "target_type": "Police", "actor_kind": "state forces"}] * 2
    shops = {"date": "2015-05-06", "target_type": "Business"}
    mixed = [{"date": "2016-05-05", "target_type": "Police", "actor_kind": "non-state group;state forces"}]
    loaded = ten_years(3, 0, *state, *mixed, shops, shops | {"actor_kind": "state forces"})
    words = ("", "any", "state forces", "Non-state group; Unknown")
    answers = [answer_of(loaded, "at least", "1 incident", actors=word) for word in words]
    assert [answer.numbers["incidents"] for answer in answers] == [6, 6, 3, 4]
    assert [answer.sentence.endswith("Attacks by anybody count.") for answer in answers] == [True, True, False, False]
    assert answers[2].sentence.endswith("Only attacks by state forces count.")
    assert answers[3].sentence.endswith("Only attacks by non-state groups or unknown actors count.")
    assert answers[2].links[0][1]["actor_kind"] == ["state forces"]
    same = answer_of(loaded, "at least", "1 incident", f"{POLICE}&actor_kind=state+forces")
    assert (same.numbers, same.sentence) == (answers[2].numbers, answers[2].sentence)
    ratio = answer_of(loaded, "times as often", "5", against=SHOPS, actors="state forces")
    assert (ratio.numbers["incidents"], ratio.numbers["against"]) == (3, 1)
    assert "must be any or blank, or non-state group" in answer_of(loaded, "at least", "1 incident", actors="police").fault
    differing = answer_of(loaded, "at least", "1 incident", f"{POLICE}&actor_kind=unknown", actors="state forces")
    assert "leave one of them out" in differing.fault
    both_sides = f"police: {POLICE}; shops: {SHOPS}"
    only = answer_of(loaded, "only", "Taliban", "", against=both_sides, actors="state forces")
    assert (only.numbers["side_1"], only.numbers["side_2"]) == (3, 1)


def test_a_verdict_that_hangs_on_one_row_is_none_and_others_say_on_how_many():
    assert answer_of(ten_years(10, 2), "times as often", "5", against=SHOPS).verdict == UNTOLD
    assert (
        "single row decides whether that is partly supported"
        in answer_of(ten_years(10, 2), "times as often", "5", against=SHOPS).sentence
    )
    answer = answer_of(ten_years(13, 2), "times as often", "5", against=SHOPS)
    assert (answer.verdict, answer.rows_to_change, answer.numbers["rows_to_change"]) == (PARTLY, 4, 4)
    assert answer_of(ten_years(9), "at most", "4 incidents").rows_to_change == 5


def test_a_verdict_that_no_row_decides_says_so_and_one_row_alone_shows_nothing():
    undecided = answer_of(ten_years(2), "at least", "3 incidents")
    assert undecided.rows_to_change is None and "Leaving out rows would not change the verdict." in undecided.sentence
    assert answer_of(ten_years(2), "at least", "1 incident").numbers["rows_to_change"] == 2
    alone = answer_of(ten_years(1), "at least", "1 incident")
    assert alone.verdict == UNTOLD and "a single row decides whether that is supported" in alone.sentence
    near = answer_of(ten_years(0, 5), "rarer than", "1 a year", SHOPS)
    assert f"A difference of {near.rows_to_change} rows would change the verdict." in near.sentence


@pytest.mark.parametrize(("first", "second"), [(60, 20), (20, 60), (62, 60), (40, 60)])
def test_of_two_periods_the_number_of_rows_is_as_many_as_it_takes(first, second):
    """The number is worked out from the interval as it is; taking so many rows away, and half as many again, shows the other verdict."""
    answer = answer_of(covered(record(*EDGES, *one_step(first, second))), "lower", query=TWO, page="pages/compare.py")
    n = answer.rows_to_change + answer.rows_to_change // 2 + 1
    others = [(first - n, second), (first, second - n)]
    changed = [
        answer_of(covered(record(*EDGES, *one_step(*pair))), "lower", query=TWO, page="pages/compare.py") for pair in others
    ]
    assert any(one.verdict != answer.verdict or one.sentence[:5] != answer.sentence[:5] for one in changed)


def test_a_claim_about_what_no_record_of_attacks_holds_is_shown_and_not_asked():
    answer = answer_of(ten_years(3), "not in the record", query="")
    assert (answer.verdict, answer.numbers, answer.links, answer.fault) == (UNTOLD, {}, (), "")
    assert answer.sentence == "Only attacks are recorded here, so this claim cannot be checked."


def test_the_page_behind_a_claim_ends_on_the_day_to_which_the_record_counts():
    loaded = ten_years(3, 0, {"date": "2019-06-01", "target_type": "Police"})
    days = {"Afghanistan": "2018-12-31", "Herat": "2019-12-31"}
    ends = pd.DataFrame({"source": "Incident Atlas", "area": list(days), "collected_until": pd.to_datetime(list(days.values()))})
    until = replace(loaded, coverage=pd.concat([loaded.coverage, ends], ignore_index=True))
    for test, value in (("rarer than", "9 a year"), ("at most", "9 incidents"), ("at least", "2 incidents")):
        answer = answer_of(until, test, value, f"{POLICE}&from=2010-01-01")
        assert answer.numbers["incidents"] == 3 and answer.links[0][1]["to"] == ["2018-12-31"]
        assert not any("page" in note for note in answer.notes)
    named = answer_of(until, "at most", "9 incidents", f"{POLICE}&from=2010-01-01&to=2012-12-31")
    assert named.links[0][1]["to"] == ["2012-12-31"]


def test_all_years_beside_the_last_ones_end_where_the_claim_does():
    rows = spread(4, "2010-02-01", 300, target_type="Police")
    answer = answer_of(ten_years(12, 0, *rows, broken=True), "rarer than", "9 a year", made="2018-01-01")
    held = next(note for note in answer.notes if note.startswith("All years"))
    before = pd.Series([row["date"] for row in (*rows, *spread(12))]).lt("2018-01-01").sum()
    assert held == f"All years of the record to 31 Dec 2017 together hold {before}."


def test_a_source_supports_only_what_it_is_about():
    loaded = ten_years(2)
    assert answer_of(loaded, "rarer than", "9 a year").verdict == YES
    reports = pd.DataFrame({"incident_id": ["T-3", "T-1"], "publisher": ["A paper", "Another"]})
    assert answer_of(replace(loaded, reports=reports), "rarer than", "9 a year").verdict == YES
    silent = answer_of(replace(loaded, reports=reports.assign(publisher="Another")), "rarer than", "9 a year")
    assert silent.verdict == UNTOLD and "No source of such incidents is known to cover these days" in silent.sentence


def test_what_has_no_exact_date_widens_a_ratio_and_may_complete_the_sides_of_another():
    uncertain = [{"date": "2010-01-01", "date_precision": "year", "target_type": "Police"}] * 40
    loaded = ten_years(0, 10, *uncertain)
    ratio = answer_of(loaded, "times as often", "2", f"{POLICE}&from=2010-01-02", against=SHOPS)
    assert ratio.verdict == UNTOLD and ratio.numbers["incidents"] == 0
    both = [
        {"date": f"2015-0{n}-05", "target_type": kind, "perpetrator": "Taliban", "attribution": "claimed"}
        for n, kind in enumerate(("Police", "Business"), 1)
    ]
    other = {"perpetrator": "Haqqani Network", "attribution": "claimed"}
    whole = [{"date": "2015-03-05", "target_type": "Police", **other}]
    vague = {"date": "2014-01-01", "date_precision": "year", "target_type": "Business", **other}
    asks = {"query": "from=2014-06-01&to=2019-12-31", "against": f"police: {POLICE}; shops: {SHOPS}"}
    assert answer_of(ten_years(0, 0, *both * 2, *whole), "only", "Taliban", **asks).verdict == YES
    maybe = answer_of(ten_years(0, 0, *both * 2, *whole, vague), "only", "Taliban", **asks)
    assert maybe.verdict == UNTOLD and "Haqqani Network that are dated by week, month or year only" in maybe.sentence


def test_countries_are_fewer_whatever_has_no_exact_date_when_it_names_no_new_one():
    hit = [{"date": "2015-05-05", "target_type": "Police", "target_country": name} for name in ("France", "Spain", "Italy")]
    vague = {"date": "2010-01-01", "date_precision": "year", "target_type": "Police"}
    query = f"{POLICE}&from=2010-06-01&to=2019-12-31"
    found = []
    for names in (("",), ("Spain", "France"), ("Poland", "Norway")):
        uncertain = [vague | {"target_country": name} for name in names]
        found.append(answer_of(ten_years(0, 0, *hit, *uncertain), "at most", "4 countries", query).verdict)
    assert found == [YES, YES, UNTOLD]


@pytest.mark.parametrize(("area", "verdict"), [("", YES), ("World", YES), ("Kabul", YES), ("Herat", UNTOLD), ("France", UNTOLD)])
def test_a_source_covers_a_claim_only_where_its_area_does(area, verdict):
    loaded = ten_years(1)
    loaded = replace(loaded, coverage=loaded.coverage.assign(area=area))
    assert answer_of(loaded, "rarer than", "9 a year").verdict == verdict


@pytest.mark.parametrize("word", ["State forces", " state forces"])
def test_an_actor_of_the_query_may_be_written_in_any_case(word):
    state = [{"date": "2015-05-05", "target_type": "Police", "actor_kind": "state forces"}] * 2
    loaded = ten_years(3, 4, *state)
    answer = answer_of(loaded, "at least", "1 incident", f"{POLICE}&actor_kind={word}")
    assert answer.numbers["incidents"] == 2 and answer.sentence.endswith("Only attacks by state forces count.")
    ratio = answer_of(loaded, "times as often", "2", f"{POLICE}&actor_kind={word}", against=SHOPS)
    assert (ratio.numbers["incidents"], ratio.numbers["against"]) == (2, 0)


def test_a_claim_of_the_first_day_that_there_is_cannot_be_asked():
    assert "a day such as" in answer_of(ten_years(3), "rarer than", "1 a year", made="0001-01-01").fault


def test_the_rows_that_change_a_verdict_are_found_in_few_steps_of_many():
    tried = []

    def verdict(added: int) -> str:
        tried.append(added)
        return YES if added < 700 else NO

    assert rows_to_change(verdict, 100_000, added=True) == 700 and len(tried) < 50
    assert rows_to_change(lambda added: YES, 100_000, added=True) is None


def test_no_number_of_rows_changes_the_verdict_of_two_periods_that_were_not_covered_alike():
    loaded = covered(record(*EDGES, *one_step(60, 20)), "2012-12-31")
    answer = answer_of(loaded, "lower", query=TWO, page="pages/compare.py")
    assert answer.rows_to_change is None and "Leaving out rows would not change the verdict." in answer.sentence
