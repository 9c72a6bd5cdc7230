"""Every test of a claim by hand on tiny records: each verdict, what a break of coverage does to it, and rows that are broken."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from urllib.parse import quote

import pandas as pd
import pytest

from incident_atlas.analysis.claims.answer import VERDICTS, Answer
from incident_atlas.analysis.claims.claims_csv import Claim
from incident_atlas.analysis.claims.verdict import TESTS, judge, judge_all, tally
from incident_atlas.dataset.load import Loaded
from tests.support.tiny import PROBES, record

YES, NO, PARTLY, UNTOLD = VERDICTS
EDGES = (
    {"date": "2010-01-01", "city": "Herat", "target_type": "NGO;Police;Business"},
    {"date": "2019-12-31", "target_type": "NGO"},
)
"""Ten years, less half a day; what is counted below is in Kabul."""
POLICE, SHOPS = "target_type=Police&city=Kabul", "target_type=Business&city=Kabul"
WHOLE = "from=2010-01-01&to=2019-12-31"


def ten_years(police: int = 0, business: int = 0, *more: dict, broken: bool = False) -> Loaded:
    """So many incidents of each, evenly over the middle eight of ten years; broken: a source ends in the middle of them."""
    rows = [*EDGES, *spread(police, target_type="Police"), *spread(business, target_type="Business"), *more]
    return covered(record(*rows), "2014-12-31" if broken else None)


def spread(n: int, begin: str = "2011-01-01", days: int = 2900, **cells: str) -> list[dict]:
    """n incidents evenly from a day on."""
    first = date.fromisoformat(begin)
    return [{"date": (first + timedelta(days=i * days // n)).isoformat(), **cells} for i in range(n)]


def covered(loaded: Loaded, ends: str | None = None) -> Loaded:
    """The record, which one source covers from 1980 on, and another until that day."""
    table = pd.DataFrame(
        {"source": ["A paper", "A list"], "area": "", "from": ["1980-01-01", None], "to": [None, ends], "note": ""}
    )
    return replace(loaded, coverage=table.assign(**{name: pd.to_datetime(table[name]) for name in ("from", "to")}))


def answer_of(loaded: Loaded, test: str, value: str = "", query: str = POLICE, **cells: str) -> Answer:
    """The answer to a row with these cells."""
    return judge(loaded, Claim("c", "It is so.", page=cells.pop("page", "app.py"), query=query, test=test, value=value, **cells))


@pytest.mark.parametrize(
    ("police", "rarer", "more_often"),
    [(0, YES, UNTOLD), (1, YES, UNTOLD), (5, PARTLY, UNTOLD), (12, UNTOLD, PARTLY), (30, NO, YES)],
)
def test_a_rate_is_held_against_its_limit_with_its_exact_interval(police, rarer, more_often):
    loaded = ten_years(police)
    assert answer_of(loaded, "rarer than", "1 a year").verdict == rarer
    assert answer_of(loaded, "more often than", "1 a year").verdict == more_often


def test_the_numbers_of_a_rate():
    answer = answer_of(ten_years(10), "rarer than", "2 a year")
    assert answer.numbers == {
        "incidents": 10,
        "days": 3652,
        "rate": 1.0001,
        "low": 0.4796,
        "high": 1.8393,
        "limit": 2.0,
        "rows_to_change": 2,
    }
    assert (
        answer.sentence
        == "10 such incidents are recorded in 10.0 years: 1 a year (95 % interval 0.48 to 1.84). Even the upper bound is below 2 a year. "
        "A difference of 2 rows would change the verdict. Attacks by anybody count."
    )
    assert answer_of(ten_years(10), "rarer than", "1 per month").numbers["rate"] == pytest.approx(1 / 12, abs=1e-4)


@pytest.mark.parametrize(("police", "verdict"), [(1, UNTOLD), (5, UNTOLD), (12, UNTOLD), (30, NO)])
def test_across_a_break_too_many_contradict_and_few_support_nothing(police, verdict):
    answer = answer_of(ten_years(police, broken=True), "rarer than", "1 a year", f"{POLICE}&{WHOLE}")
    assert answer.verdict == verdict and "1 break of coverage" in answer.days
    assert ("A list until 31 Dec 2014" in answer.sentence) == (verdict == UNTOLD)
    assert answer_of(ten_years(30, broken=True), "more often than", "1 a year", f"{POLICE}&{WHOLE}").verdict == YES


def test_without_a_first_day_the_last_days_without_a_break_are_asked_and_shown():
    answer = answer_of(
        ten_years(12, 0, *spread(4, "2010-02-01", 300, target_type="Police"), broken=True), "rarer than", "9 a year"
    )
    assert answer.verdict == YES and answer.days.startswith("1 Jan 2015 to 31 Dec 2019, the last days")
    assert answer.links == (
        ("Open on the map", {"target_type": ["Police"], "city": ["Kabul"], "from": ["2015-01-01"], "to": ["2019-12-31"]}),
    )
    assert "All years of the record together hold 16." in answer.notes


def test_days_outside_the_record_are_days_of_the_claim_too():
    loaded = ten_years(30)
    answer = answer_of(loaded, "rarer than", "1 a year", f"{POLICE}&from=1980-01-01&to=2019-12-31")
    assert answer.verdict == UNTOLD and answer.numbers["days"] == 3652 and "does not cover all of the claim" in answer.sentence
    assert answer_of(loaded, "rarer than", "1 a year", f"{POLICE}&from=2009-01-01").verdict == NO
    assert answer_of(loaded, "rarer than", "9 a year", f"{POLICE}&from=2009-01-01").verdict == UNTOLD


def test_coordinated_attacks_count_once_and_uncertain_dates_widen_the_interval():
    operation = [{"date": "2015-05-05", "target_type": "Police", "coordinated_id": "OP-1"}] * 3
    assert answer_of(ten_years(0, 0, *operation), "rarer than", "1 a year").numbers["incidents"] == 1
    uncertain = {"date": "2010-01-01", "date_precision": "year", "target_type": "Police"}
    answer = answer_of(ten_years(0, 0, uncertain), "rarer than", "1 a year", f"{POLICE}&from=2010-06-01&to=2019-12-31")
    assert answer.numbers["incidents"] == 0 and answer.numbers["high"] == pytest.approx(5.5716 / (3501 / 365.25), abs=1e-4)
    assert "1 more incident, dated by week, month or year only" in answer.notes[0]


@pytest.mark.parametrize(
    ("value", "broken", "most", "least"),
    [("3 incidents", False, NO, YES), ("3 incidents", True, NO, YES), ("4 incidents", False, UNTOLD, YES),
     ("5 incidents", False, UNTOLD, UNTOLD), ("6 incidents", False, YES, UNTOLD), ("6 incidents", True, UNTOLD, UNTOLD)],
)  # fmt: skip
def test_at_most_and_at_least(value, broken, most, least):
    loaded = ten_years(5, broken=broken)
    assert answer_of(loaded, "at most", value).verdict == most
    assert answer_of(loaded, "at least", value).verdict == least


def test_an_incident_counts_for_the_first_foreign_country_of_its_row():
    cells = ("France;Spain", "Afghanistan;France", "NATO;Italy", "United Nations", "Afghanistan", "")
    rows = [{"date": "2015-01-01", "target_type": "Police", "target_country": cell} for cell in cells]
    foiled = {"date": "2015-01-01", "target_type": "Police", "target_country": "Japan", "outcome": "foiled"}
    loaded = ten_years(0, 0, *rows, foiled)
    answer = answer_of(loaded, "at most", "1 country", attempts="no")
    assert (answer.verdict, answer.numbers["countries"]) == (UNTOLD, 2) and "But a single row decides" in answer.sentence
    assert answer.picture.rows == (("France", 2), ("Italy", 1))
    assert [one.incident_id for one in answer.evidence] == ["T-3", "T-5"] and "counts 7:" in " ".join(answer.notes)
    assert "Targets of 3 countries were hit; 2 were asked for." in answer_of(loaded, "at least", "2 countries").sentence
    assert (
        answer_of(loaded, "at most", "4 countries").verdict == YES
        and answer_of(loaded, "at least", "4 countries").verdict == UNTOLD
    )


def test_an_only_incident_is_told_with_its_toll():
    loaded = ten_years(0, 0, {"date": "2015-01-01", "target_type": "Police", "killed_low": "80", "killed": "90"})
    assert "1 Jan 2015, An attack; killed: 90 (80–90 or more)." in answer_of(loaded, "at least", "1 incident").sentence


BOMB = {"date": "2016-03-03", "target_type": "Police", "incident_id": "B-1"}


@pytest.mark.parametrize(
    ("more", "verdict", "message"),
    [
        ([], YES, "no such incident from 1 Jan 2016 until this one on 3 Mar 2016 (62 days)"),
        ([{"date": "2015-12-31"}], YES, "no such incident"),
        ([{"date": "2016-01-01", "incident_id": "E-1"}], UNTOLD, "An earlier one is recorded: 1 Jan 2016, An attack (E-1)"),
        ([{"date": "2016-01-09"}, {"date": "2016-02-01"}], NO, "one of 2 such incidents"),
        ([{"date": "2016-03-03"}], UNTOLD, "1 incident may be: of the same day"),
        ([{"date": "2016-03-01", "date_precision": "month"}], UNTOLD, "surely earlier, but 1 incident may be"),
        ([{"date": "2016-03-01", "coordinated_id": "OP"}], YES, "no such incident"),
    ],
)
def test_the_first_since_a_day(more, verdict, message):
    rows = [{"target_type": "Police", **row} for row in more]
    answer = answer_of(ten_years(0, 0, {**BOMB, "coordinated_id": "OP"}, *rows), "first since", "2016-01-01: B-1")
    assert (answer.verdict, message in answer.sentence) == (verdict, True), answer.sentence


def test_the_first_across_a_break_or_from_before_the_record_is_not_told_and_on_its_own_day_it_is():
    loaded = ten_years(0, 0, BOMB)
    assert answer_of(covered(loaded, "2016-02-02"), "first since", "2016-01-01: B-1").verdict == UNTOLD
    assert answer_of(loaded, "first since", "1990-01-01: B-1").verdict == UNTOLD
    none = answer_of(loaded, "first since", "2016-03-03: B-1")
    assert (none.verdict, none.numbers, none.fault) == (UNTOLD, {}, "") and "no day before" in none.sentence
    month = ten_years(
        0, 0, {**BOMB, "date": "2016-03-01", "date_precision": "month"}, {"date": "2016-03-20", "target_type": "Police"}
    )
    uncertain = answer_of(month, "first since", "2016-01-01: B-1")
    assert uncertain.verdict == UNTOLD and "until this one on Mar 2016 (month known only)" in uncertain.sentence
    earlier = covered(ten_years(2, 0, BOMB))
    assert answer_of(earlier, "first since", "2010-01-01: B-1").verdict == NO


TWO = "first=2012-01-01:2012-12-30&second=2013-01-01:2013-12-31"


def one_step(first: int, second: int) -> list[dict]:
    """So many incidents a year until the end of 2012 and from 2013 on: one step and no slow wave."""
    years = {year: first if year < 2013 else second for year in range(2010, 2020)}
    return [row for year, n in years.items() for row in spread(n, f"{year}-01-01", 365)]


@pytest.mark.parametrize(
    ("first", "second", "broken", "lower", "higher"),
    [(60, 20, False, YES, NO), (20, 60, False, NO, YES), (62, 60, False, UNTOLD, UNTOLD), (60, 62, False, UNTOLD, UNTOLD), (360, 358, False, NO, NO),
     (1, 2, False, UNTOLD, UNTOLD), (60, 20, True, UNTOLD, UNTOLD)],
)  # fmt: skip
def test_two_periods(first, second, broken, lower, higher):
    loaded = covered(record(*EDGES, *one_step(first, second)), "2012-12-31" if broken else None)
    down, up = (answer_of(loaded, test, query=TWO, page="pages/compare.py") for test in ("lower", "higher"))
    assert (down.verdict, up.verdict) == (lower, higher)
    assert (down.numbers["first"], down.numbers["second"]) == (first, second)
    outside = TWO.replace("2012-01-01", "2000-01-01")
    assert answer_of(loaded, "lower", query=outside, page="pages/compare.py").verdict in (UNTOLD, NO)


@pytest.mark.parametrize(
    ("police", "business", "verdict"),
    [(100, 2, YES), (12, 2, PARTLY), (8, 2, UNTOLD), (9, 9, NO), (0, 0, UNTOLD), (20, 0, PARTLY), (40, 0, YES)],
)
def test_times_as_often(police, business, verdict):
    answer = answer_of(ten_years(police, business), "times as often", "5", against=SHOPS)
    assert answer.verdict == verdict, answer.sentence
    assert all(value == value and abs(value) != float("inf") for value in answer.numbers.values())
    broken = ten_years(police, business, broken=True)
    query, against = f"{POLICE}&{WHOLE}", SHOPS
    assert answer_of(broken, "times as often", "5", query, against=against).verdict == UNTOLD


BOTH_GROUPS = f"police: {POLICE}; shops: {SHOPS}"


@pytest.mark.parametrize(
    ("rows", "broken", "verdict"),
    [
        ("TP TB", False, YES),
        ("TP TB", True, UNTOLD),
        ("TP TB HP HB", True, NO),
        ("TP TB HP", False, YES),
        ("TP TB HPs HB", False, YES),
        ("TP TB HPa HB", False, NO),
        ("TP", False, UNTOLD),
        ("TP HP HB", False, NO),
        ("TP TB ?Pu ?Bu", False, YES),
    ],
)
def test_only_one_perpetrator_on_all_sides(rows, broken, verdict):
    names = {"T": "Taliban", "H": "Haqqani Network", "?": "Unknown"}
    types, attributions = {"P": "Police", "B": "Business"}, {"": "claimed", "a": "attributed", "s": "suspected", "u": "unknown"}
    made = [
        {"date": "2015-01-01", "perpetrator": names[row[0]], "target_type": types[row[1]], "attribution": attributions[row[2:]]}
        for row in rows.split()
        for _ in range(2)
    ]
    loaded = ten_years(0, 0, *made, broken=broken)
    answer = answer_of(loaded, "only", "taleban", "", against=BOTH_GROUPS)
    assert answer.verdict == verdict, answer.sentence
    if verdict == NO:
        assert len(answer.evidence) == 2 and "Haqqani Network" in answer.sentence


BROKEN = {
    "text": ({"text": ""}, "no text"),
    "test": ({"test": "bigger than"}, "is no test"),
    "no test": ({"test": ""}, "is no test"),
    "value": ({"value": "few"}, "is no rate"),
    "zero": ({"value": "0 a year"}, "is no rate"),
    "endless": ({"value": "1e999 a year"}, "is no rate"),
    "term": ({"query": "target_type=Martians"}, "target_type=Martians"),
    "name": ({"query": "shade=red"}, "is no filter"),
    "query": ({"query": "Kabul"}, "is no query"),
    "empty value": ({"query": "city="}, "has no value"),
    "dates": ({"query": "from=2019-13-01"}, "from=2019-13-01"),
    "order": ({"query": "from=2019-01-01&to=2018-01-01"}, "to=2018-01-01"),
    "an and": ({"query": "target_type=Private Citizens & Property"}, "is written %26"),
    "a country": ({"query": "target_country=Atlantis"}, "no incident names it: check the spelling"),
    "nothing": ({"test": "at least", "value": "0 incidents"}, "tests nothing"),
    "nothing at most": ({"test": "at most", "value": "0 countries"}, "tests nothing"),
    "the same": ({"test": "times as often", "value": "5", "against": "city=Kabul&target_type=Police"}, "are the same"),
    "page": ({"page": "pages/nowhere.py"}, "is no page"),
    "count": ({"test": "at most", "value": "four"}, "is no count"),
    "day": ({"test": "first since", "value": "2016-02-31: T-1"}, "is no day"),
    "incident": ({"test": "first since", "value": "2016-01-01: X-9"}, "no incident X-9"),
    "other incident": ({"test": "first since", "value": "2010-01-01: T-1"}, "does not pass"),
    "too early": ({"test": "first since", "value": "2019-01-01: T-3"}, "before 1 Jan 2019"),
    "two dates": ({"test": "first since", "value": "2010-01-01: T-3", "query": "from=2010-01-01"}, "leave from and to out"),
    "period": ({"test": "lower", "query": "first=2012-01-01", "page": "pages/compare.py"}, "first period"),
    "no period": ({"test": "lower", "query": ""}, "first period"),
    "overlap": ({"test": "lower", "query": TWO.replace("2013-01-01", "2012-06-01"), "page": "pages/compare.py"}, "share"),
    "wrong page": ({"test": "lower", "query": TWO}, "“first” is no filter of app.py"),
    "source": ({"test": "lower", "query": f"{TWO}&source=Nobody", "page": "pages/compare.py"}, "Nobody is no source"),
    "number": ({"test": "times as often", "value": "many", "against": "target_type=NGO"}, "is no number"),
    "against": ({"test": "times as often", "value": "5"}, "against"),
    "other days": ({"test": "times as often", "value": "5", "against": "from=2015-01-01"}, "the same days"),
    "name unknown": ({"test": "only", "value": "Martians", "against": BOTH_GROUPS}, "is not a known perpetrator"),
    "nobody": ({"test": "only", "value": "Unknown", "against": BOTH_GROUPS}, "is not a known perpetrator"),
    "one side": ({"test": "only", "value": "Taliban", "against": "target_type=Police"}, "2 to 8 sides"),
    "dated side": ({"test": "only", "value": "Taliban", "against": f"{BOTH_GROUPS}&from=2015-01-01"}, "put the dates under query"),
}  # fmt: skip


@pytest.mark.parametrize("row", BROKEN)
def test_a_broken_row_is_one_sentence_without_a_number(row):
    cells, reason = BROKEN[row]
    whole = {"text": "So.", "page": "app.py", "query": POLICE, "test": "rarer than", "value": "1 a year", **cells}
    answer = judge(ten_years(1, 1), Claim("c", **whole))
    assert (answer.verdict, answer.numbers) == (UNTOLD, {}) and answer.fault in answer.sentence
    assert reason in answer.fault and answer.sentence.startswith("This row cannot be asked.") and answer.picture is None


@pytest.fixture(scope="module")
def hostile() -> Loaded:
    return ten_years(2, 0, {"title": PROBES[0]})


@pytest.mark.parametrize("test", TESTS)
@pytest.mark.parametrize("probe", [*PROBES, "%", "=1+1", "a" * 900, "\x00", ";;;", "&&", "2016-01-01: {{x}}"])
def test_hostile_cells_are_answered_and_never_raise(hostile, test, probe):
    for query in (probe, f"q={quote(probe)}", ""):
        answer = judge(hostile, Claim(probe, probe, probe, probe, probe, "app.py", query, test, probe, probe))
        assert answer.verdict in VERDICTS and answer.sentence


def test_a_record_without_incidents_answers_nothing():
    judged = judge_all(record(), (Claim("c", "So.", page="app.py", test="rarer than", value="1 a year"),))
    assert tally(judged) == "1 claim: 1 cannot be determined." and not judged[0].answer.fault
    assert "has no incidents" in judged[0].answer.sentence
