"""ACLED: the lowest figure of all, actors in no order, and rows that are no attacks."""

from __future__ import annotations

import pytest

from incident_atlas.dataset.load import load_bytes
from incident_atlas.importers.data_sets.registry import FORMATS
from tests.support.foreign import ACLED, incident, one, read, table

AGAINST = {"event_type": "Violence against civilians", "sub_event_type": "Attack", "actor2": "Civilians (Afghanistan)"}


@pytest.mark.parametrize(
    "actor, perpetrator",
    [
        ("Taliban", "Taliban"),
        ("Islamic State (Afghanistan)", "Islamic State (Khorasan Province)"),
        ("Islamic State", "Islamic State (Khorasan Province)"),
        ("Military Forces of Afghanistan (2021-)", "Taliban"),
        ("Police Forces of Afghanistan (2021-) Prison Guards", "Taliban"),
        ("Military Forces of Afghanistan (2014-2021) Special Forces", "Afghan government forces"),
        ("Police Forces of Afghanistan", "Afghan government forces"),
        ("Unidentified Armed Group (Afghanistan)", "Unknown"),
        ("unidentified gunmen", "Unknown"),
        ("Civilians (Afghanistan)", "Unknown"),
        ("Rioters (Afghanistan)", "Unknown"),
        ("", "Unknown"),
    ],
)
def test_who_attacks_civilians_is_the_first_actor(actor, perpetrator):
    found = incident("acled", **AGAINST, actor1=actor)
    assert found["perpetrator"] == perpetrator
    assert found["attribution"] == ("unknown" if perpetrator == "Unknown" else "attributed")


@pytest.mark.parametrize(
    "kind, sub",
    [
        ("Battles", "Armed clash"),
        ("Explosions/Remote violence", "Suicide bomb"),
        ("Strategic developments", "Disrupted weapons use"),
        ("Protests", "Excessive force against protesters"),
    ],
)
def test_elsewhere_the_order_of_the_actors_means_nothing(kind, sub):
    found = one("acled", event_type=kind, sub_event_type=sub)
    assert (found["perpetrator"], found["attribution"]) == ("Unknown", "unknown")
    assert "Taliban and Police Forces of Afghanistan (2014-2021); it does not say who attacked." in found["notes"]


def test_the_notes_name_attacker_and_target():
    notes = one("acled", **AGAINST)["notes"]
    assert notes == "Named by ACLED as the attacker: Taliban. As the target: Civilians (Afghanistan)."


def test_the_state_without_years_goes_by_the_day():
    actor = "Police Forces of Afghanistan"
    assert one("acled", **AGAINST, actor1=actor, event_date="2021-08-14")["perpetrator"] == "Afghan government forces"
    found = one("acled", **AGAINST, actor1=actor, event_date="15-08-2021")
    assert found["perpetrator"] == "Taliban" and "de facto" in found["notes"]


def test_the_state_before_the_republic_keeps_its_name():
    actor = "Military Forces of Afghanistan (1996-2001)"
    assert one("acled", **AGAINST, actor1=actor)["perpetrator"] == actor


def test_the_state_of_the_month_of_the_takeover_is_left_open():
    change = {"actor1": "Police Forces of Afghanistan", "event_date": "2021-08-10", "time_precision": "3"}
    assert one("acled", **AGAINST | change)["perpetrator"] == "Police Forces of Afghanistan"
    change["actor1"] = "Police Forces of Afghanistan (2021-)"
    assert one("acled", **AGAINST | change)["perpetrator"] == "Taliban"


@pytest.mark.parametrize(
    "kind, sub",
    [
        ("Protests", "Peaceful protest"),
        ("Protests", "Protest with intervention"),
        ("Riots", "Mob violence"),
        ("Strategic developments", "Agreement"),
        ("STRATEGIC DEVELOPMENTS", "Headquarters or base established"),
        ("Riots/Protests", ""),
    ],
)
def test_what_is_no_attack_is_set_aside_and_said(kind, sub):
    found, text = read("acled", {}, {"event_type": kind, "sub_event_type": sub}, {"event_id_cnty": "AFG3"})
    assert list(found.raw.index) == list(found.extras.index) == [2, 4]
    assert set(found.reports["incident_id"]) == {"acled:AFG1", "acled:AFG3"}
    what = f"{kind}/{sub}".strip("/")
    assert text[["row", "reason"]].to_numpy().tolist() == [[3, f"no attack: {what}: the row is set aside"]]


def test_a_chunk_of_protests_alone_is_no_incidents():
    found, text = read("acled", {"event_type": "Protests"}, {"event_type": "Riots"})
    assert not len(found.raw) and not len(found.reports) and len(text) == 2


@pytest.mark.parametrize(
    "sub, attack, weapon, suicide",
    [
        ("Armed clash", "Armed Assault", "", ""),
        ("Attack", "Attack", "", ""),
        ("Sexual violence", "Sexual violence", "", ""),
        ("Abduction/forced disappearance", "Hostage Taking (Kidnapping)", "", ""),
        ("Suicide bomb", "Bombing/Explosion", "Other explosives", "yes"),
        ("Air/drone strike", "Bombing/Explosion", "Other explosives", ""),
        ("Shelling/artillery/missile attack", "Bombing/Explosion", "Rocket or mortar", ""),
        ("Grenade", "Bombing/Explosion", "Grenade", ""),
        ("Chemical weapon", "Unarmed Assault", "Chemical", ""),
        ("Something new", "Something new", "", ""),
    ],
)
def test_kind_of_attack_and_weapon_as_far_as_the_sub_event_says(sub, attack, weapon, suicide):
    found = one("acled", sub_event_type=sub)
    assert (found["attack_type"], found["weapon"], found["suicide"], found["outcome"]) == (attack, weapon, suicide, "carried out")


def test_disrupted_weapons_use_was_foiled():
    assert one("acled", event_type="Strategic developments", sub_event_type="Disrupted weapons use")["outcome"] == "foiled"


@pytest.mark.parametrize(
    "change, target",
    [
        ({}, "Unknown"),
        (AGAINST, "Private Citizens & Property"),
        ({"inter2": "7"}, "Private Citizens & Property"),
        ({"inter2": "Civilians"}, "Private Citizens & Property"),
        ({"inter1": "Civilians"}, "Private Citizens & Property"),
        ({"inter2": "6"}, "Private Citizens & Property"),
        ({"civilian_targeting": "Civilians targeted"}, "Private Citizens & Property"),
        ({"inter1": "2", "inter2": "1"}, "Unknown"),
    ],
)
def test_civilians_were_hit_where_a_column_says_so(change, target):
    assert one("acled", **change)["target_type"] == target


@pytest.mark.parametrize(
    "fatalities, low, note",
    [
        ("0", "", "left blank"),
        ("", "", ""),
        ("-9", "", ""),
        ("2", "2", ""),
        ("3", "3", "may stand for a word"),
        ("10", "10", "may stand for a word"),
        ("12", "12", "may stand for a word"),
        ("100", "100", "may stand for a word"),
        ("100.0", "100", "may stand for a word"),
    ],
)
def test_fatalities_are_a_low_and_nothing_else(fatalities, low, note):
    found = one("acled", fatalities=fatalities)
    assert [found[name] for name in ("killed_low", "killed", "killed_high")] == [low, "", ""]
    assert found["killed_counts"] == ("all" if low else "") and note in found["notes"]
    assert ("ACLED writes 0" in found["notes"]) == (fatalities == "0") and ("a word" in found["notes"]) == ("a word" in note)


@pytest.mark.parametrize(
    "written, day",
    [
        ("2019-06-15", "2019-06-15"),
        ("2019-06-15 00:00:00", "2019-06-15"),
        ("03-04-2012", "2012-04-03"),
        ("16 February 2023", "2023-02-16"),
        ("16-February-2023", "2023-02-16"),
        ("7 Sep 2021", "2021-09-07"),
        ("03/04/2012", "03/04/2012"),
        ("31-02-2020", "31-02-2020"),
        ("16 Brumaire 2023", "16 Brumaire 2023"),
    ],
)
def test_dates_in_each_of_its_ways_and_no_other(written, day):
    assert one("acled", event_date=written)["date"] == day


@pytest.mark.parametrize(
    "code, precision, day", [("1", "day", "2019-06-15"), ("2", "week", "2019-06-12"), ("3", "month", "2019-06-01")]
)
def test_date_precision(code, precision, day):
    found = one("acled", time_precision=code)
    assert (found["date_precision"], found["date"]) == (precision, day)
    assert ("Only the month is known; ACLED writes 2019-06-15." in found["notes"]) == (code == "3")
    assert ("Known to the week or weekend; ACLED writes its middle, 2019-06-15." in found["notes"]) == (code == "2")


def test_the_week_around_the_day_that_acled_writes_is_what_the_date_may_mean():
    data = table("acled", {"event_date": "2019-06-15", "time_precision": "2"})
    found = load_bytes(data.to_csv(index=False).encode(), "acled.csv").incidents
    days = [found[name].dt.strftime("%Y-%m-%d").iat[0] for name in ("first_day", "last_day")]
    assert days == ["2019-06-12", "2019-06-18"]


@pytest.mark.parametrize(
    ("middle", "named"),
    [
        ("2021-08-11", "Afghan government forces"),
        ("2021-08-12", "Police Forces of Afghanistan"),
        ("2021-08-17", "Police Forces of Afghanistan"),
        ("2021-08-18", "Taliban"),
    ],
)
def test_the_state_of_the_week_of_the_takeover_is_left_open(middle, named):
    change = {"actor1": "Police Forces of Afghanistan", "event_date": middle, "time_precision": "2"}
    assert one("acled", **AGAINST | change)["perpetrator"] == named


@pytest.mark.parametrize("code", ["2", "3"])
def test_a_day_that_no_month_has_is_not_taken_for_its_week_or_month(code):
    assert one("acled", time_precision=code, event_date="2019-02-30")["date"] == "2019-02-30"


def test_a_week_that_begins_before_the_calendar_does_is_no_fault_of_ours():
    assert one("acled", time_precision="2", event_date="0001-01-01")["date"] == "0001-01-01"


@pytest.mark.parametrize("code, noted", [("1", False), ("3", False), ("", True), ("9", True)])
def test_a_date_of_no_known_precision_says_so(code, noted):
    assert ("how well the date is known is missing" in one("acled", time_precision=code)["notes"]) == noted


@pytest.mark.parametrize(
    "code, precision, city, place", [("1", "city", "Kabul", True), ("2", "district", "", True), ("3", "province", "", False)]
)
def test_a_place_is_never_better_than_a_town(code, precision, city, place):
    found = one("acled", geo_precision=code)
    assert (found["geo_precision"], found["city"]) == (precision, city)
    assert found["place"] == ("Kabul - District 10" if place else "")
    # The district of a provincial capital is not where something in its province happened.
    assert (found["province"], found["district"]) == ("Kabul", "Kabul" if place else "")
    assert ("Only the province is known" in found["notes"]) == (code == "3")


@pytest.mark.parametrize("column", ["time_precision", "geo_precision"])
def test_a_code_that_is_none_is_a_problem_of_its_row_and_column(column):
    assert read("acled", {column: "4"})[1][["row", "column", "value"]].to_numpy().tolist() == [[2, column, "4"]]


def test_the_day_of_its_last_change_is_that_of_the_timestamp():
    assert one("acled")["revised"] == "2023-02-16" and one("acled", timestamp="")["revised"] == one("acled")["added"] == ""


def test_each_source_is_a_report():
    reports = read("acled")[0].reports
    assert reports["publisher"].tolist() == ["ACLED", "Example News", "Example Agency"]
    assert reports["killed_low"].tolist() == ["2", "", ""]
    assert read("acled", {"source": ""})[0].reports["publisher"].tolist() == ["ACLED"]


def test_the_title_is_made_of_facts():
    expected = "Remote explosive/landmine/IED: Taliban and Police Forces of Afghanistan (2014-2021), Kabul - District 10"
    assert one("acled")["title"] == expected
    assert one("acled", sub_event_type="", actor2="", location="")["title"] == "Explosions/Remote violence: Taliban, Kabul"


def test_older_exports_are_named():
    assert FORMATS["acled"].title([*ACLED, "iso3"]).startswith("ACLED, as exported before March 2023: 32 columns")


def test_extras_hold_the_zero_that_the_record_leaves_blank():
    assert read("acled", {"fatalities": "0"})[0].extras["fatalities"].tolist() == ["0"]


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (AGAINST | {"actor1": "Taliban", "inter1": "Rebel group"}, "non-state group"),
        (AGAINST | {"actor1": "Police Forces of Afghanistan (2021-)", "inter1": "1"}, "state forces"),
        (AGAINST | {"actor1": "Military Forces of the United States (2021-)", "inter1": "8"}, "state forces"),
        (AGAINST | {"actor1": "Private Security Forces (Afghanistan)", "inter1": "8"}, ""),
        ({"event_type": "Explosions/Remote violence", "inter1": "2", "inter2": "7"}, "non-state group"),
        ({"event_type": "Battles", "inter1": "2", "inter2": "1"}, ""),
    ],
)
def test_the_code_of_the_actor_says_who_acted_and_of_two_sides_nobody_is_named(cells, kind):
    assert one("acled", **{"actor1": "One", "actor2": "Another"} | cells)["actor_kind"] == kind


def test_a_kind_without_an_equal_term_is_acled_s_own_word_and_no_problem():
    data = table(
        "acled",
        {"sub_event_type": "Attack", "event_id_cnty": "AFG2"},
        {"sub_event_type": "Grenade", "event_type": "Explosions/Remote violence"},
    )
    loaded = load_bytes(data.to_csv(index=False).encode(), "acled.csv")
    assert loaded.incidents["attack_type"].tolist() == ["Attack", "Bombing/Explosion"]
    assert "Attack" in loaded.options["attack_type"] and "own_term" not in set(loaded.problems["code"])
    # What may mean the same as a term contradicts no report of another.
    assert set(loaded.reports["attack_type"]) == {"", "Bombing/Explosion"}


@pytest.mark.parametrize(
    ("kind", "attack"),
    [
        ("Battles", "Armed Assault"),
        ("Explosions/Remote violence", "Bombing/Explosion"),
        ("Violence against civilians", "Violence against civilians"),
        ("Battle-No change of territory", "Armed Assault"),
    ],
)
def test_without_a_sub_event_type_the_event_type_says_the_kind(kind, attack):
    assert one("acled", event_type=kind, sub_event_type="")["attack_type"] == attack
