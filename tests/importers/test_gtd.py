"""The Global Terrorism Database: unknown is -9, -99 or 0, attackers are no victims, and a claim is a claim."""

from __future__ import annotations

import pytest

from incident_atlas.core import vocabulary as words
from incident_atlas.importers.data_sets.gtd_codes import ATTACKS, SUBTYPES, TARGETS
from tests.support.foreign import incident, one, read


@pytest.mark.parametrize(
    "year, month, day, date, precision",
    [
        ("2019", "6", "15", "2019-06-15", "day"),
        ("2019", "6", "0", "2019-06-01", "month"),
        ("2019", "0", "0", "2019-01-01", "year"),
        ("2019", "0", "15", "2019-01-01", "year"),
        ("2019", "", "", "2019-01-01", "year"),
        ("2019", "-9", "-9", "2019-01-01", "year"),
        ("2019", "02", "30", "2019-02-30", "day"),
        ("", "6", "15", "", "day"),
    ],
)
def test_a_day_or_month_of_zero_is_unknown(year, month, day, date, precision):
    found = one("gtd", iyear=year, imonth=month, iday=day)
    assert found["date"] == date and (not date or found["date_precision"] == precision)


def test_the_last_day_of_what_took_longer_is_kept():
    assert one("gtd", extended="1", resolution="2019-06-18")["date_end"] == "2019-06-18"
    assert one("gtd", extended="0", resolution="2019-06-18")["date_end"] == ""
    found, _ = read("gtd", {"extended": "1", "resolution": "6/18/2019"})
    assert found.raw["date_end"].tolist() == [""] and found.extras["resolution"].tolist() == ["6/18/2019"]


@pytest.mark.parametrize(
    "nkill, nkillter, killed, attackers, counts, note",
    [
        ("5", "1", "4", "1", "victims", "The GTD counts 5 dead, 1 of them attackers, who are taken off."),
        ("5", "0", "5", "0", "victims", ""),
        ("5", "", "5", "", "all", "Attackers may be among the dead."),
        ("5", "-99", "5", "", "all", "Attackers may be among the dead."),
        ("0", "", "0", "", "all", ""),
        ("-99", "1", "", "1", "", ""),
        ("-9", "-9", "", "", "", ""),
        ("", "", "", "", "", ""),
        ("5.0", "1.0", "4", "1", "victims", "The GTD counts 5 dead, 1 of them attackers, who are taken off."),
        ("1", "5", "1", "", "all", "The GTD counts 1 dead, and 5 attackers among them: nothing is taken off."),
        ("0", "5", "0", "", "all", "The GTD counts 0 dead, and 5 attackers among them: nothing is taken off."),
        ("5", "two", "5", "", "all", "Attackers may be among the dead."),
        ("9" * 5000, "1", "9" * 5000, "1", "all", "Attackers may be among the dead."),
        ("7.5", "1", "7.5", "1", "all", "Attackers may be among the dead."),
    ],
)
def test_attackers_are_taken_off_the_dead_where_they_are_counted(nkill, nkillter, killed, attackers, counts, note):
    found = one("gtd", nkill=nkill, nkillter=nkillter, nwound="", nwoundte="")
    assert [found[name] for name in ("killed_low", "killed", "killed_high")] == [killed] * 3
    assert (found["attackers_killed"], found["killed_counts"]) == (attackers, counts)
    assert note in found["notes"] and ("The GTD counts" in found["notes"] or "Attackers may" in found["notes"]) == bool(note)


@pytest.mark.parametrize(
    "nwound, nwoundte, wounded, note",
    [
        ("9", "2", "7", "The GTD counts 9 wounded, 2 of them attackers, who are taken off."),
        ("9", "", "9", "Attackers may be among the wounded."),
        ("-99", "0", "", ""),
    ],
)
def test_attackers_are_taken_off_the_wounded_likewise(nwound, nwoundte, wounded, note):
    found = one("gtd", nwound=nwound, nwoundte=nwoundte)
    assert [found[name] for name in ("wounded_low", "wounded", "wounded_high")] == [wounded] * 3 and note in found["notes"]


def test_more_attackers_than_dead_is_a_problem_and_nothing_is_taken_off():
    _, text = read("gtd", {}, {"nkill": "1", "nkillter": "5"})
    assert text[["row", "column", "value"]].to_numpy().tolist() == [[3, "nkillter", "5"]]


@pytest.mark.parametrize(
    "change, perpetrator, attribution",
    [
        ({}, "Taliban", "claimed"),
        ({"claimed": "0"}, "Taliban", "attributed"),
        ({"claimed": "-9"}, "Taliban", "attributed"),
        ({"claimed": "0", "guncertain1": "1"}, "Taliban", "suspected"),
        ({"claimed": "1", "guncertain1": "1"}, "Taliban", "claimed"),
        ({"compclaim": "1"}, "Taliban", "contested"),
        ({"gname": "Unknown", "claimed": "-9"}, "Unknown", "unknown"),
        ({"gname": "Unknown", "claimed": "1"}, "Unknown", "unknown"),
        ({"gname": ""}, "Unknown", "unknown"),
        ({"gname": "Unaffiliated Individual(s)"}, "Unknown", "unknown"),
        ({"gname": "Gunmen"}, "Unknown", "unknown"),
        ({"gname": "Khorasan Chapter of the Islamic State"}, "Islamic State (Khorasan Province)", "claimed"),
        ({"gname": "Lashkar-e-Taiba (LeT)", "claimed": "0"}, "Lashkar-e-Taiba", "attributed"),
        ({"gname2": "Haqqani Network"}, "Taliban", "claimed"),
        ({"gname2": "Haqqani Network", "claimed": "0"}, "Taliban;Haqqani Network", "attributed"),
        ({"gname2": "Haqqani Network", "claim2": "1", "claimed": "0"}, "Haqqani Network", "claimed"),
        ({"gname2": "Haqqani Network", "compclaim": "1"}, "Taliban;Haqqani Network", "contested"),
        ({"gname2": "Haqqani Network", "claimed": "0", "guncertain2": "1"}, "Taliban;Haqqani Network", "suspected"),
    ],
)
def test_the_attribution_of_an_incident(change, perpetrator, attribution):
    found = incident("gtd", **change)
    assert (found["perpetrator"], found["attribution"]) == (perpetrator, attribution)


def test_all_that_are_named_are_in_the_notes():
    assert "Named by the GTD: Taliban; Haqqani Network." in one("gtd", gname2="Haqqani Network")["notes"]
    found = incident("gtd", gname="An invented front")
    assert found["perpetrator"] == "An invented front" and "Named by the GTD: An invented front." in found["notes"]
    assert "Named" not in one("gtd", gname="Unknown")["notes"]


@pytest.mark.parametrize(
    "code, subcode, weapon, note",
    [
        ("6", "15", "Vehicle bomb", ""),
        ("6", "13", "Suicide vest", ""),
        ("6", "29", "Magnetic bomb", ""),
        ("6", "8", "Landmine", ""),
        ("6", "11", "Rocket or mortar", ""),
        ("6", "16", "Other explosives", ""),
        ("6", "", "Other explosives", ""),
        ("5", "2", "Firearms", ""),
        ("13", "", "Unknown", ""),
        ("12", "", "Other", ""),
        ("10", "", "Other", "Its words for the weapon: weapon type 10."),
        ("", "", "", ""),
    ],
)
def test_weapons(code, subcode, weapon, note):
    blank = {"weaptype1_txt": "", "weapsubtype1_txt": ""}
    found = one("gtd", weaptype1=code, weapsubtype1=subcode, **blank)
    assert found["weapon"] == weapon and note in found["notes"] and ("words for the weapon" in found["notes"]) == bool(note)


def test_several_weapons_stand_with_the_worst_first():
    found = one(
        "gtd", weaptype1="5", weapsubtype1="2", weaptype2="6", weapsubtype2="7", weaptype3="7", weaptype3_txt="Fake Weapons"
    )
    assert found["weapon"] == "Grenade;Firearms;Other" and "Its words for the weapon: Fake Weapons." in found["notes"]


def test_weapons_are_read_from_their_words_where_there_is_no_code():
    assert one("gtd", weaptype1="", weapsubtype1="")["weapon"] == "Vehicle bomb"
    sticky = {"weaptype1_txt": "Explosives/Bombs/Dynamite", "weapsubtype1_txt": "Sticky Bomb"}
    assert one("gtd", weaptype1="", weapsubtype1="", **sticky)["weapon"] == "Magnetic bomb"


@pytest.mark.parametrize(
    "change, types, subtypes, note",
    [
        ({}, "Government (Diplomatic)", "Embassy/Consulate", ""),
        (
            {"targtype1": "11", "targtype1_txt": "Maritime", "targsubtype1": "60", "targsubtype1_txt": "Port"},
            "Other",
            "Other",
            "Maritime; Port",
        ),
        ({"targtype1": "13", "targsubtype1": "63"}, "Other", "Ambulance", ""),
        ({"targtype1": "20", "targsubtype1": "", "targsubtype1_txt": ""}, "Unknown", "", ""),
        ({"targtype1": "99", "targtype1_txt": ""}, "Other", "Embassy/Consulate", "target type 99"),
        ({"targtype2": "3", "targsubtype2": "24"}, "Government (Diplomatic);Police", "Embassy/Consulate;Checkpoint", ""),
        ({"targtype1": "", "targsubtype1": ""}, "Government (Diplomatic)", "Embassy/Consulate", ""),
        ({"targtype1": "", "targtype1_txt": "", "targsubtype1": "", "targsubtype1_txt": ""}, "Unknown", "", ""),
    ],
)
def test_targets(change, types, subtypes, note):
    found = one("gtd", **change)
    assert (found["target_type"], found["target_subtype"]) == (types, subtypes)
    assert (f"Its words for the target: {note}." if note else "") in found["notes"] and ("words" in found["notes"]) == bool(note)


def test_the_codes_are_those_of_the_codebook():
    pairs = {"12": "Construction", "13": "Private Security Company/Firm", "14": "Judge/Attorney/Court", "37": "NATO Related"}
    pairs |= {"39": "Paramilitary", "47": "International Organization", "56": "Other (incl. online)", "66": "Demilitarized Zone"}
    pairs |= {"84": "Political Party Member/Rally", "86": "Place of Worship", "94": "Non-State Militia", "97": "Tourist"}
    pairs |= {"99": "Bus", "105": "Taxi/Rickshaw", "108": "Oil", "112": "Legal Services", "113": "Alleged Informant"}
    assert {code: SUBTYPES[code] for code in pairs} == pairs
    assert not {"38", "40", "57", "60"} & set(SUBTYPES) and set(SUBTYPES.values()) <= set(words.TARGET_SUBTYPES)
    assert TARGETS["22"] == "Violent Political Party" and not {"5", "11"} & set(TARGETS)
    assert ATTACKS["8"] == "Unarmed Assault" and set(ATTACKS.values()) == set(words.ATTACK_TYPES)


def test_an_unheard_of_kind_of_attack_is_unknown_and_a_problem():
    found, text = read("gtd", {"attacktype1": "77", "attacktype1_txt": ""})
    assert found.raw["attack_type"].tolist() == ["Unknown"] and text["column"].tolist() == ["attacktype1"]
    assert one("gtd", attacktype1="")["attack_type"] == "Bombing/Explosion"


@pytest.mark.parametrize(
    "code, precision", [("1", "city"), ("2", "district"), ("3", "district"), ("4", "province"), ("5", "country"), ("", "")]
)
def test_place_precision(code, precision):
    assert one("gtd", specificity=code)["geo_precision"] == precision


def test_places_that_are_unknown_are_blank():
    found = one("gtd", city="Unknown", provstate="Unknown", location="")
    assert found["city"] == found["province"] == found["place"] == ""


def test_attackers_that_are_no_number_are_a_problem():
    _, text = read("gtd", {"nkillter": "two"}, {"nwoundte": "1.5"}, {"nkillter": "-99"})
    assert text[["row", "column", "value"]].to_numpy().tolist() == [[2, "nkillter", "two"], [3, "nwoundte", "1.5"]]


@pytest.mark.parametrize("code, suicide, faults", [("1", "yes", 0), ("0", "no", 0), ("-9", "", 0), ("", "", 0), ("7", "", 1)])
def test_suicide(code, suicide, faults):
    found, text = read("gtd", {"suicide": code})
    assert found.raw["suicide"].tolist() == [suicide] and len(text) == faults


def test_what_had_no_success_failed():
    assert one("gtd", success="0")["outcome"] == "failed" and one("gtd")["outcome"] == "carried out"


@pytest.mark.parametrize(
    "hostages, many, abducted",
    [("1", "4", "4"), ("1", "-99", ""), ("0", "4", ""), ("0", "0", ""), ("1", "", ""), ("", "4", "4"), ("-9", "4", "4")],
)
def test_people_taken_are_told_where_the_columns_do_not_agree(hostages, many, abducted):
    found = one("gtd", ishostkid=hostages, nhostkid=many)
    assert found["abducted"] == abducted
    assert ("The GTD counts 4 hostages" in found["notes"]) == ((hostages, many) == ("0", "4"))


def test_a_coordinated_set_has_one_id():
    first = one("gtd", multiple="1", related="201906150001, 201906150002")["coordinated_id"]
    second = one("gtd", eventid="201906150002", multiple="1", related="201906150001, 201906150002")["coordinated_id"]
    assert first == second == "gtd:201906150001"
    assert one("gtd", multiple="0", related="201906150002")["coordinated_id"] == ""
    assert one("gtd", multiple="1", related="see text")["coordinated_id"] == ""


@pytest.mark.parametrize(
    "name, country", [("Great Britain", "United Kingdom"), ("Multinational", ""), ("Afghanistan", "Afghanistan")]
)
def test_countries_are_named_as_in_the_record(name, country):
    assert one("gtd", natlty1_txt=name)["target_country"] == country


def test_doubt_vicinity_and_approximate_dates_are_in_the_notes():
    notes = one("gtd", doubtterr="1", alternative_txt="Insurgency/Guerilla Action", vicinity="1", approxdate="June 2019")["notes"]
    assert "The GTD doubts that this was terrorism rather than Insurgency/Guerilla Action." in notes
    assert "In the vicinity of the town." in notes and "Approximate date: June 2019." in notes
    assert "doubts" not in one("gtd", doubtterr="-9")["notes"]


def test_each_citation_is_a_report_and_so_is_the_data_set():
    reports = read("gtd", {"scite2": "Invented Chronicle"})[0].reports
    assert reports["publisher"].tolist() == ["Global Terrorism Database", "Example News", "Invented Chronicle"]
    assert reports["published"].tolist() == ["", "2019-06-15", ""]
    assert reports["says"].tolist()[0] == "A row of the Global Terrorism Database, collected by START Primary Collection."
    assert reports["wounded_high"].tolist() == ["9", "", ""]


def test_the_title_is_made_of_facts():
    assert one("gtd")["title"] == "Bombing/Explosion: Invented Embassy, Kabul"
    unknown = {"attacktype1": "9", "attacktype1_txt": "Unknown", "target1": "Unknown", "city": "Unknown"}
    assert one("gtd", **unknown)["title"] == "Attack: Embassy/Consulate, Kabul"
