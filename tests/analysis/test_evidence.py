"""How well an incident is evidenced: grades, disagreements, warnings."""

from __future__ import annotations

from functools import cache

import pandas as pd
import pytest

from incident_atlas.analysis.evidence import grade
from incident_atlas.analysis.evidence.reports import _key
from incident_atlas.core.reference_data import publishers
from incident_atlas.core.schema import REPORT_NAMES
from tests.support.record import shipped_record
from tests.support.tiny import record

STATED = {"date": "2020-01-01", "place": "Kabul", "attack_type": "Armed Assault"}
CAR, GATE = "AFG-20201201-1", "AFG-20220905-1"
HOSTILE = "</script>{{ 7*7 }}}\\end\n@misc{x, %|"


def held(*rows: dict[str, str]) -> pd.DataFrame:
    """Reports of the incident T-1, text as they are in the file; what a row does not say is blank."""
    return pd.DataFrame([{"incident_id": "T-1"} | row for row in rows], columns=list(REPORT_NAMES), dtype="str").fillna("")


def by(publisher: str, agency: str = "", **says: str) -> dict[str, str]:
    """A report that states date, place and kind of attack, and what is given."""
    return STATED | {"publisher": publisher, "agency": agency} | says


@cache
def incidents(**cells: str) -> pd.DataFrame:
    return record(cells).incidents


def one(**cells: str) -> pd.Series:
    return incidents(**cells).iloc[0]


def graded(*rows: dict[str, str], **cells: str) -> grade.Grade:
    reports = held(*rows)
    found = grade.grade(one(**cells), reports)
    assert grade.grades(incidents(**cells), reports).to_dict() == {"T-1": found.name}
    assert found.name in grade.GRADES and found.reason.endswith(".") and "\n" not in found.reason
    return found


def differences(*rows: dict[str, str], **cells: str) -> list[str]:
    return grade.disagreements(one(**cells), held(*rows))


def test_two_publishers_of_their_own_confirm():
    assert graded(by("Reuters"), by("TOLOnews")) == ("Confirmed", "Reuters and TOLOnews agree on date, place and kind of attack.")


def test_two_papers_with_one_agency_are_one_source():
    assert graded(by("Dawn", "AFP"), by("NewsHour", "AFP")) == ("Single source", "Both reports come from AFP.")
    assert graded(by("Dawn", "AFP"), by("NewsHour", "AFP"), by("AFP")).reason == "All three reports come from AFP."


def test_a_paper_and_the_agency_it_has_it_from_are_one_source():
    assert graded(by("Dawn", "Reuters"), by("Reuters")).name == "Single source"
    assert graded(by("Dawn", "BBC"), by("BBC News")).name == "Single source"
    assert graded(by("Dawn", "AFP, Reuters"), by("Reuters")).name == "Single source"


def test_papers_with_different_agencies_confirm():
    found = graded(by("Dawn", "AFP"), by("NewsHour", "Reuters"))
    assert found == ("Confirmed", "Dawn (AFP) and NewsHour (Reuters) agree on date, place and kind of attack.")


def test_two_reports_of_one_publisher_are_one_source():
    found = graded(by("Al Jazeera", language="ar"), by("Al Jazeera", language="en"))
    assert found == ("Single source", "Only one publisher reports it: Al Jazeera.")


def test_reference_works_neither_confirm_nor_contest():
    assert graded(by("Wikipedia"), by("DBpedia")).name == "Reference only"
    assert graded(by("Dawn"), by("Wikipedia")).name == "Single source"
    assert graded(by("Dawn"), by("Some paper", "Wikipedia")).name == "Single source"
    assert graded(by("Dawn"), by("Reuters"), by("Wikipedia", date="2020-01-02")).name == "Confirmed"


def test_an_incident_without_reports_is_readable():
    reports = held()
    for table in (reports, pd.DataFrame()):
        assert grade.grade(one(), table) == ("No report", "No report of it is recorded.")
        assert grade.warnings(one(killed="3"), table) == ["No report of it is recorded."]
        assert grade.disagreements(one(), table) == [] and len(grade.reports_of(one(), table)) == 0
        assert grade.grades(record({}, {}).incidents, table).to_list() == ["No report"] * 2
        assert grade.publisher_counts(table).to_dict() == {}
    assert len(grade.grades(record().incidents, reports)) == 0


def test_reports_blank_everywhere_confirm_nothing():
    assert graded({}, {}).name == "Single source"
    assert graded({"publisher": "Reuters"}, {"publisher": "Dawn"}).name == "Several sources"
    assert differences({}, {}) == []


def test_a_report_without_a_publisher_is_independent_of_none():
    assert graded(by("Reuters"), by("")).name == "Single source"
    assert graded(by("Reuters"), by("", "AFP")).name == "Confirmed"


def test_two_that_state_too_little_do_not_confirm():
    found = graded(by("Reuters"), by("Dawn", attack_type=""))
    assert found.name == "Several sources" and "no two such reports state both" in found.reason


def test_to_name_no_place_is_neither_to_disagree_about_it_nor_to_confirm_it():
    found = graded(by("Reuters"), by("Dawn", place=""))
    assert found == ("Several sources", "Reuters and Dawn agree on date and kind of attack; only Reuters names the place.")


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        ({"date": "2020-01-02"}, {}, "the date (2 Jan 2020 against 1 Jan 2020)"),
        ({"place": "Kandahar"}, {"place": "near the airport, Kabul"}, "the place (Kandahar against near the airport, Kabul)"),
        ({"place": "Adraskan, Herat"}, {"place": "Obe, Herat"}, "the place (Adraskan, Herat against Obe, Herat)"),
        ({"place": "Herat city"}, {"place": "Shindand"}, "the place (Herat city against Shindand)"),
        ({"attack_type": "Bombing/Explosion"}, {}, "the kind of attack (Bombing/Explosion against Armed Assault)"),
        (
            {"perpetrator": "Taliban", "attribution": "claimed"},
            {"perpetrator": "al-Qaeda", "attribution": "suspected"},
            "the perpetrator (Taliban, claimed against al-Qaeda, suspected)",
        ),
        (
            {"perpetrator": "Taliban", "attribution": "attributed"},
            {"perpetrator": "Taliban", "attribution": "denied"},
            "the perpetrator (Taliban, attributed against Taliban, denied)",
        ),
        ({"killed_low": "0", "killed_high": "0"}, {"killed_low": "1"}, "the number killed (nobody against 1 or more)"),
        ({"wounded_high": "0"}, {"wounded_low": "2", "wounded_high": "2"}, "the number wounded (nobody against 2)"),
        ({"killed_low": "2", "killed_high": "2"}, {"killed_low": "7", "killed_high": "9"}, "the number killed (2 against 7–9)"),
    ],
)
def test_independent_reports_that_contradict_one_another_contest(first, second, reason):
    assert graded(by("Reuters", **first), by("Dawn", **second)) == ("Contested", f"Reuters and Dawn disagree on {reason}.")
    # Two of one source that differ are one source that changed its mind.
    assert graded(by("Newser", "AFP", **first), by("Dawn", "AFP", **second)).name == "Single source"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"place": "near the Russian embassy"}, {"place": "Darulaman Road, Kabul"}),
        ({"place": "Kabul"}, {"place": "Paghman"}),
        ({"place": "road from Kushk-e Kohna to Herat"}, {"place": "Kushk-e Kohna district"}),
        ({"place": "Kushk-e Kohna, Herat"}, {"place": "Kushk-e Kohna"}),
        ({"place": "Spera, Khost"}, {"place": "Khost"}),
        ({"place": "Spin Boldak, Kandahar"}, {"place": "Kandahar"}),
        ({"place": "a village in Herat"}, {"place": "Shindand"}),
        ({"attack_type": "Assassination"}, {"attack_type": "Bombing/Explosion"}),
        ({"attack_type": "Unknown"}, {}),
        ({"perpetrator": "Taliban", "attribution": "claimed"}, {"perpetrator": "Unknown", "attribution": "unknown"}),
        ({"perpetrator": "ISKP", "attribution": "claimed"}, {"perpetrator": "Daesh", "attribution": "suspected"}),
        ({"perpetrator": "Taliban", "attribution": "claimed"}, {"perpetrator": "Haqqani Network", "attribution": "suspected"}),
        ({"perpetrator": "Taliban;al-Qaeda", "attribution": "attributed"}, {"perpetrator": "Taliban", "attribution": "claimed"}),
        ({"perpetrator": "Taliban", "attribution": "denied"}, {"perpetrator": "al-Qaeda", "attribution": "claimed"}),
        ({"killed_low": "2", "killed_high": "2"}, {"killed_low": "6", "killed_high": "6"}),
        ({"killed_low": "90"}, {"killed_low": "500", "killed_high": "500"}),
        ({"killed_high": "5"}, {"killed_low": "0", "killed_high": "0"}),
        ({"killed_low": "none"}, {"killed_low": "-3", "killed_high": "many"}),
        ({"killed_low": "0", "killed_high": "0"}, {"wounded_low": "3", "wounded_high": "3"}),
        ({"date": "2020"}, {"date": "yesterday"}),
    ],
)
def test_what_is_no_contradiction_does_not_contest(first, second):
    assert graded(by("Reuters", **first), by("Dawn", **second)).name in ("Confirmed", "Several sources")


def test_days_within_an_attack_that_lasted_or_is_dated_by_month_agree():
    rows = by("Reuters"), by("Dawn", date="2020-01-02")
    assert graded(*rows, date_end="2020-01-02").name == "Confirmed"
    assert graded(*rows, date_precision="month").name == "Confirmed"
    assert differences(*rows, date_end="2020-01-02") == []
    assert differences(*rows) == ["Date: 1 Jan 2020 (Reuters); 2 Jan 2020 (Dawn)."]


def test_a_range_of_counts_is_told_with_who_gives_its_ends():
    rows = by("A", killed_low="2", killed_high="2"), by("B", killed_low="5"), by("C", killed_low="0", killed_high="4"), by("D")
    assert differences(*rows) == ["Killed: nobody (C) to 5 or more (B)."]
    assert differences(rows[0], by("B", killed_low="2", killed_high="2")) == []


def test_who_names_nobody_is_told_last():
    nobody, claimed = {"attribution": "unknown", "perpetrator": "Unknown"}, {"attribution": "claimed", "perpetrator": "ISKP"}
    (sentence,) = differences(by("Al Jazeera", **nobody), by("Reuters", **claimed))
    assert sentence == "Perpetrator: Islamic State (Khorasan Province), claimed (Reuters); no group named (Al Jazeera)."


def test_a_reference_work_that_says_otherwise_is_told():
    text = differences(by("Reuters"), by("Wikipedia", date="2020-01-03"))
    assert text == ["Date: 1 Jan 2020 (Reuters); 3 Jan 2020 (Wikipedia)."]


def test_a_report_that_contradicts_itself_is_quoted():
    says = "No casualties; two lightly hurt."
    assert differences(by("A", wounded_low="0", says=says)) == [
        "Wounded: one and the same report (A) says that nobody was hurt, and more than that: “No casualties; two lightly hurt”."
    ]
    # A low of nobody may also mean that all the dead may be attackers; and a plain nobody is no contradiction.
    assert differences(by("A", killed_low="0", killed_high="5", says="Three to six dead, some of them attackers.")) == []
    assert differences(by("A", wounded_low="0", wounded_high="0", says=says)) == []


def test_figures_and_days_that_no_report_carries_are_warned_of():
    rows = by("A", killed_low="2", killed_high="4", date="2020-01-05"), by("B", date="")
    notes = grade.warnings(one(killed_low="2", killed="3", killed_high="9", wounded="1"), held(*rows))
    assert notes == [
        "Date: no report held here gives 1 Jan 2020, which the record has.",
        "Killed: no report held here gives 9, which the record has.",
        "Wounded: no report held here gives 1, which the record has.",
    ]
    assert grade.warnings(one(killed="3"), held(by("A", killed_low="3"), by("B"))) == []


def test_one_source_and_reference_works_are_warned_of():
    assert grade.warnings(one(), held(by("Dawn"))) == ["Only one publisher reports it: Dawn."]
    (note,) = grade.warnings(one(), held(by("Wikipedia"), by("DBpedia")))
    assert note == "Only reference works list it, and such works never confirm: Wikipedia and DBpedia."


def test_reports_come_newest_first_and_typed_and_can_be_asked_again():
    rows = by("A"), by("B", published="2020-01-02", killed_low="0"), by("C", published="2020-01-04"), by("D", published="2020-02")
    reports = held(*rows, {"incident_id": "T-2"})
    mine = grade.reports_of(one(), reports)
    assert mine["publisher"].to_list() == ["C", "B", "A", "D"]
    assert mine["killed_low"].isna().to_list() == [True, False, True, True] and mine["published"].isna().sum() == 2
    pd.testing.assert_frame_equal(grade.reports_of(one(), mine), mine)
    assert grade.grade(one(), mine) == grade.grade(one(), reports)
    assert reports["killed_low"].to_list()[1] == "0"


def test_publishers_are_counted_once_each():
    reports = held(by("A"), by("A"), by("B"), by(""), by("C", incident_id="T-2"))
    assert grade.publisher_counts(reports).to_dict() == {"T-1": 2, "T-2": 1}


def test_hostile_names_stay_text_in_one_line():
    rows = by(HOSTILE, HOSTILE, says=HOSTILE), by("\u202e(Reuters)\x00", killed_low="1", url="javascript:alert(1)"), by("{}")
    sentences = [graded(*rows).reason, *differences(*rows), *grade.warnings(one(), held(*rows))]
    assert all("\n" not in each and "\x00" not in each and "\u202e" not in each for each in sentences)


def test_no_two_listed_publishers_are_taken_for_one():
    names = publishers()["publisher"]
    assert len(set(map(_key, names))) == len(names)


@pytest.fixture(scope="module")
def shipped():
    return shipped_record()


def test_the_car_of_2020_is_confirmed_and_its_report_contradicts_itself(shipped):
    car = shipped.find(CAR)
    found = grade.grade(car, shipped.reports)
    assert found.name == "Confirmed" and found.reason.endswith("agree on date, place and kind of attack.")
    (sentence,) = grade.disagreements(car, shipped.reports)
    assert sentence.startswith("Wounded: one and the same report (SouthFront) says that nobody was hurt")
    assert "no casualties" in sentence and "concussions" in sentence
    assert grade.warnings(car, shipped.reports) == []


def test_the_gate_of_2022_is_contested_over_its_dead(shipped):
    gate = shipped.find(GATE)
    found = grade.grade(gate, shipped.reports)
    assert found.name == "Contested" and "number killed (2 against 25)" in found.reason
    who, killed, _ = grade.disagreements(gate, shipped.reports)
    assert who.startswith("Perpetrator: ") and "Islamic State (Khorasan Province), claimed (" in who
    assert "Al Jazeera [ar]" in who.split("no group named")[1]
    assert killed.startswith("Killed: 2 (") and "25 (" in killed
    # Reports of the day that name nobody do not dispute the later claim.
    assert "perpetrator" not in found.reason


def test_every_incident_of_the_record_has_its_grade_in_one_walk(shipped):
    names = grade.grades(shipped.incidents, shipped.reports)
    assert names.index.to_list() == shipped.incidents["incident_id"].to_list() and set(names) <= set(grade.GRADES)
    for _, each in shipped.incidents.iloc[::7].iterrows():
        assert grade.grade(each, shipped.reports).name == names[each["incident_id"]]
    assert set(grade.RULES) == set(grade.GRADES)
