"""Your data: what a session brings is read, shown on every page, decided by a person, and nobody else's business."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.curation.duplicates import decisions
from incident_atlas.dataset.load import load
from incident_atlas.importers import mapping as tables
from incident_atlas.importers.mapping import Mapping
from incident_atlas.theme import ASSETS
from tests.importers.test_workbook import book
from tests.support.disk import files_written
from tests.support.pages import opened, words
from tests.support.record import shipped_record
from tests.support.tiny import PROBES, text

SHIPPED = len(shipped_record().incidents)
AMBIGUOUS = b"When,Town,Dead,What\n03/04/2012,Kabul,3,A bomb\n05/06/2012,Herat,1,Shots\n"


@pytest.fixture
def page(own_record) -> AppTest:
    return opened("pages/data.py")


@pytest.fixture
def own_record(monkeypatch):
    """The dashboard was started with the shipped record."""
    monkeypatch.delenv("INCIDENTS_SOURCE", raising=False)


def drop(app: AppTest, *files: tuple[str, bytes | str]) -> AppTest:
    """These files dropped on the page; nothing may be raised."""
    values = [(name, data.encode() if isinstance(data, str) else data, "text/csv") for name, data in files]
    app.file_uploader[0].set_value(values).run()
    return sound(app)


def sound(app: AppTest) -> AppTest:
    assert not app.exception, app.exception
    return app


def click(app: AppTest, label: str, at: int = 0) -> AppTest:
    return sound([button for button in app.button if button.label == label][at].click().run())


def choose(app: AppTest, label: str, value: str) -> AppTest:
    return sound(next(group for group in app.get("button_group") if group.label == label).set_value(value).run())


def incidents(app: AppTest) -> int:
    """How many the Map page of this session shows."""
    shown = words(sound(app.switch_page("app.py").run()))
    counted = shown.split(" incidents,")[0].split(" incident,")[0].rsplit(">", 1)[-1]
    app.switch_page("pages/data.py").run()
    return int(counted.replace(",", ""))


def test_without_a_file_the_page_says_what_it_reads_and_keeps_nothing(page):
    shown = words(page)
    assert "never on disk" in shown and "ACLED, UCDP GED and GTD" in shown and not page.get("button_group")


def test_a_file_is_shown_alone_then_together_with_the_record_and_no_more_once_it_is_removed(page):
    drop(page, ("mine.csv", text({}, {"city": "Herat"}, {"date": "no day"})))
    shown = words(page)
    assert "3 rows read: 2 kept, 1 set aside" in shown
    assert shown.index("Five things to know about this file") < shown.index("Who acted is known in") < shown.index("Missing")
    assert incidents(page) == 2
    choose(page, "The dashboard shows", "Together with the record of this dashboard")
    assert incidents(page) == SHIPPED + 2
    click(page, "Remove")
    assert "Your data" in words(page) and not page.get("button_group") and incidents(page) == SHIPPED


def test_the_table_names_the_data_set_of_each_incident_where_there_are_several(page):
    drop(page, ("a.csv", text({})), ("b.csv", text({"incident_id": "B-1", "date": "2019-01-01"})))
    table = sound(page.switch_page("pages/incidents.py").run())
    shown = next(group.options for group in table.get("button_group") if group.label == "Incidents")
    assert len(shown) == 2 and r"\(a\.csv\)" in shown[0] and r"\(b\.csv\)" in shown[1]
    alone = next(group.options for group in opened("pages/incidents.py").get("button_group") if group.label == "Incidents")
    assert not any(r"\.csv" in row for row in alone)


def test_another_session_sees_nothing_of_it(page):
    drop(page, ("mine.csv", text({"title": "Only mine"})))
    other = opened("pages/data.py")
    assert "mine.csv" not in words(other) and incidents(other) == SHIPPED
    assert incidents(page) == 1


def test_nothing_of_a_file_is_written_to_the_disk(page):
    with files_written() as files:
        drop(page, ("mine.csv", text({"title": "Only mine"})))
        choose(page, "The dashboard shows", "Together with the record of this dashboard")
    assert files == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b"\x00\x01\x02" * 400, "not"),
        (b"PK\x03\x04" + b"x" * 300, "zip"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 300, ""),
        (b"a,b\n1,2\n", ""),
    ],
)
def test_a_file_that_cannot_be_used_says_why_and_the_others_are_read(page, data, message):
    drop(page, ("bad.csv", data), ("good.csv", text({})))
    shown = words(page)
    assert message in shown and "1 row read: 1 kept" in shown and incidents(page) == 1


def test_dates_that_may_be_read_two_ways_are_asked_never_guessed(page):
    drop(page, ("list.csv", AMBIGUOUS))
    assert any("3 April or 4 March" in warning.value.replace("\\", "") for warning in page.warning)
    assert not page.get("button_group")
    page.selectbox(key="w:columns-0-0-order").set_value("day first")
    click(page, "Read with these columns")
    assert "2 rows read: 2 kept" in words(page) and incidents(page) == 2


def test_every_guess_can_be_changed_and_what_is_none_of_ours_is_kept(page):
    drop(page, ("list.csv", AMBIGUOUS.replace(b"03/04", b"13/04")))
    assert page.selectbox(key="w:columns-0-0-2").value == "killed"
    page.selectbox(key="w:columns-0-0-2").set_value("wounded")
    page.selectbox(key="w:columns-0-0-1").set_value("kept beside the record")
    click(page, "Read with these columns")
    loaded = page.session_state["session"].uploads.files[0].loaded
    assert loaded.incidents["wounded"].tolist() == [3, 1] and loaded.incidents["killed"].isna().all()
    assert "Town" in loaded.extras["list.csv"] and loaded.extras["list.csv"]["Town"].tolist() == ["Kabul", "Herat"]


def test_two_columns_for_one_of_ours_are_refused(page):
    drop(page, ("list.csv", AMBIGUOUS.replace(b"03/04", b"13/04")))
    page.selectbox(key="w:columns-0-0-3").set_value("killed")
    click(page, "Read with these columns")
    assert "Two columns are taken for killed" in " ".join(element.value for element in page.text)


def test_an_incident_without_a_place_is_placed_by_a_person_and_taken_back(page):
    drop(page, ("mine.csv", text({}, {"city": "", "place": "near Kabol Jan market", "title": "Somewhere"})))
    choose(page, "Look at", "places")
    assert "1 incident with no known location" in words(page)
    click(page, "Leave unplaced")
    assert "left unplaced" in words(page) and "Every incident has a place" in words(page)
    click(page, "Undo")
    assert "1 incident with no known location" in words(page)


def test_without_a_column_of_places_the_page_asks_which_it_is(page):
    drop(page, ("mine.csv", "date,title,Zone\n2020-01-01,A bomb,North\n2020-01-02,Shots,East\n"))
    choose(page, "Look at", "places")
    assert "No column of mine.csv is taken for the place: choose the one that holds it under Columns." in words(page)
    assert "The file says" not in words(page)


def test_a_place_of_an_unknown_country_is_said_not_to_be_looked_up(page):
    drop(page, ("mine.csv", "date,title,place\n2020-01-01,A bomb,Springfield\n2020-01-02,Shots,?\n"))
    choose(page, "Look at", "places")
    assert "The file says: Springfield. Its country is unknown, so its place was not looked up" in words(page)
    click(page, "Next")
    assert "The file names no place for it." in words(page)


def test_a_pair_is_joined_only_by_a_person_and_can_be_undone(page):
    one = {"title": "Bomb at the gate of the ministry", "killed": "3"}
    drop(page, ("a.csv", text(one)), ("b.csv", text({**one, "incident_id": "B-1", "killed": "5"})))
    assert incidents(page) == 2
    choose(page, "Look at", "pairs")
    assert "1 pair may be one incident" in words(page)
    click(page, "Same incident")
    assert "1 pair joined" in words(page) and incidents(page) == 1
    whole = page.session_state["session"].uploads.gathered(load).loaded
    found = whole.incidents.iloc[0]
    assert (found["killed_low"], found["killed_high"]) == (3, 5) and found["origin"] == "a.csv;b.csv" and len(whole.reports) == 2
    choose(page, "Look at", "pairs")
    click(page, "Undo")
    assert incidents(page) == 2
    choose(page, "Look at", "pairs")
    click(page, "Not the same")
    assert "nothing more to decide" in words(page) and "1 kept apart" in words(page) and incidents(page) == 2


def test_decisions_come_back_from_a_file(page):
    one = {"title": "Bomb at the gate of the ministry", "killed": "3"}
    drop(page, ("a.csv", text(one)), ("b.csv", text({**one, "incident_id": "B-1"})))
    choose(page, "Look at", "pairs")
    file = b"left_id,right_id,decision,score,decided\nT-1,B-1,accept,0.9,2024-01-01\nX,Y,accept,,\n"
    page.file_uploader(key="load-duplicates-0").set_value(("saved.csv", file, "text/csv")).run()
    assert incidents(page) == 1
    choose(page, "Look at", "pairs")
    assert "no file here holds this pair" in words(page)


def test_the_same_ids_in_two_files_are_said(page):
    drop(page, ("a.csv", text({"title": "One"})), ("b.csv", text({"title": "Another", "date": "2011-02-03"})))
    assert "1 id of b.csv stand" in words(page) and incidents(page) == 2


def test_a_link_says_that_it_opens_without_the_files_of_the_session(page):
    message = "The link opens without your files."
    drop(page, ("a.csv", text({})))
    page.switch_page("pages/incidents.py")
    page.query_params["incident"] = "T-1"
    assert message in words(sound(page.run()))
    assert message not in words(opened("pages/incidents.py", {"incident": "AFG-20170531-1"}))


def test_the_same_file_twice_is_one(page):
    drop(page, ("a.csv", text({})))
    drop(page, ("copy.csv", text({})))
    assert len(page.session_state["session"].uploads.files) == 1


def test_text_of_a_file_is_harmless_wherever_it_stands(page):
    probe = "".join(PROBES)
    rows = f'When,"{probe.replace(chr(34), "")}",Remark {{{{ 7*191 }}}}\n13/04/2012,{probe},{probe}\n14/04/2012,x,"{probe}"\n'
    drop(page, (f"{PROBES[3]}.csv", rows))
    labels = [
        element.label for element in (*page.selectbox, *page.button, *page.expander, *page.warning) if hasattr(element, "label")
    ]
    shown = words(page)
    assert "<img" not in shown and "1337" not in shown
    assert not any("![x](" in label for label in labels)


def test_three_files_that_tell_of_one_attack_are_joined_pair_by_pair(page):
    one = {"title": "Bomb at the gate of the ministry", "killed": "3"}
    # The last two number their incidents alike.
    drop(page, *((f"{name}.csv", text({**one, "incident_id": own, "killed": n})) for name, own, n in ("aT3", "b15", "c16")))
    choose(page, "Look at", "pairs")
    click(page, "Same incident")
    next(box for box in page.selectbox if box.label == "Look for duplicates").set_value((1, False)).run()
    assert "1 pair may be one incident" in words(page)
    click(page, "Same incident")
    assert "2 pairs joined" in words(page) and incidents(page) == 1
    assert {one.right_id for one in page.session_state["session"].uploads.decisions} == {"1", "c.csv:1"}


def test_what_was_decided_of_a_removed_file_is_not_taken_for_another_with_its_ids(page):
    one = {"title": "Bomb at the gate of the ministry", "killed": "3"}
    drop(page, ("a.csv", text(one)), ("b.csv", text({**one, "incident_id": "1"})))
    choose(page, "Look at", "pairs")
    click(page, "Same incident")
    assert incidents(page) == 1
    click(page, "Remove", 1)
    drop(page, ("c.csv", text({"incident_id": "1", "title": "Another attack"})))
    assert incidents(page) == 2 and not page.session_state["session"].uploads.decisions


def test_a_decision_that_changes_nothing_gathers_nothing_again(page):
    one = {"title": "Bomb at the gate of the ministry", "city": "", "place": "near Kabol Jan market"}
    drop(page, ("a.csv", text(one)), ("b.csv", text({**one, "incident_id": "B-1"})))
    choose(page, "Look at", "pairs")
    uploads = page.session_state["session"].uploads
    before = uploads.gathered(load)
    click(page, "Not the same")
    click(page, "Undo")
    choose(page, "Look at", "places")
    click(page, "Leave unplaced")
    assert uploads.gathered(load) is before


def test_a_placement_that_cannot_be_followed_is_said(page):
    drop(page, ("a.csv", text({"latitude": "34.5", "longitude": "69.2"}, {"city": "", "place": "Qala-e Nowhere"})))
    choose(page, "Look at", "places")
    file = b"incident_id,latitude,longitude\nT-1,34.6,69.3\nX-9,34.6,69.3\n"
    page.file_uploader(key="load-places-0").set_value(("places.csv", file, "text/csv")).run()
    assert "its source gives a point" in words(page) and "does not hold this incident" in words(page)


def test_a_word_of_the_file_is_matched_to_a_term_on_the_page(page):
    table = "date,title,actor,attack mode\n" + "2020-01-02,One,JNIM,Raid\n2020-01-03,Two,JNIM,Raid\n"
    drop(page, ("list.csv", table))
    [choice] = [box for box in page.selectbox if box.label == "Raid"]
    choice.set_value("Armed Assault")
    click(page, "Read with these columns")
    loaded = page.session_state["session"].uploads.files[0].loaded
    assert set(loaded.incidents["attack_type"]) == {"Armed Assault"} and set(loaded.incidents["perpetrator"]) == {"JNIM"}
    assert page.session_state["session"].uploads.files[0].mapping.values == (("attack_type", "Raid", "Armed Assault"),)


def test_points_are_centres_of_towns_until_the_reader_says_that_they_are_gps_points(page):
    table = "date,title,lat,lon\n" + "".join(f"2020-01-0{n},One,34.71234,69.31334\n" for n in (1, 2, 3))
    drop(page, ("gps.csv", table + "2020-01-04,Two,34.61234,69.31334\n"))
    file = page.session_state["session"].uploads.files[0]
    assert "If they are GPS points, say so" in words(page)
    assert set(file.loaded.incidents["geo_precision"]) == {"city"}
    page.selectbox(key="w:columns-0-0-precision").set_value("exact")
    click(page, "Read with these columns")
    assert file.loaded.incidents["geo_precision"].tolist() == ["city"] * 3 + ["exact"]
    page.checkbox(key="w:columns-0-1-shared").set_value(True)
    click(page, "Read with these columns")
    assert set(file.loaded.incidents["geo_precision"]) == {"exact"} and file.mapping.precision == "exact"


def test_the_points_of_a_file_in_our_columns_can_be_said_to_be_gps_points_too(page):
    rows = "".join(f"A{n},2020-01-0{n},One,34.{n}1234,69.31334\n" for n in (6, 7))
    drop(page, ("own.csv", "incident_id,date,title,latitude,longitude\n" + rows))
    file = page.session_state["session"].uploads.files[0]
    assert "say so here" in words(page)
    for precision, known in (("", "city"), ("exact", "exact"), ("street", "street"), ("", "city")):
        [choice] = [box for box in page.selectbox if box.label == "Points are"]
        sound(choice.set_value(precision).run())
        assert set(file.loaded.incidents["geo_precision"]) == {known}
        [choice] = [box for box in page.selectbox if box.label == "Points are"]
        assert choice.value == precision


def test_totals_are_read_only_when_the_reader_says_that_a_row_is_an_incident(page):
    drop(page, ("totals.csv", "Country,Month,Year,Events,Fatalities\nMali,January,2021,14,32\nMali,March,2021,3,4\n"))
    assert any("totals of several events" in warning.value for warning in page.warning)
    page.selectbox(key="w:columns-0-0-unit").set_value("incident")
    click(page, "Read with these columns")
    assert "2 rows read: 2 kept" in words(page)


def test_until_when_a_file_was_collected_can_be_said(page):
    app = drop(page, ("mine.csv", text({"date": "2020-05-01"}, {"date": "2020-06-01"})))
    assert "Days are counted to its last incident, 1 Jun 2020" in words(app)
    field = next(one for one in app.date_input if one.label == "Collected until")
    app = sound(field.set_value(date(2020, 12, 31)).run())
    assert "Days are counted to its last incident" not in words(app) and "Data to 31 Dec 2020." in words(app)
    app.switch_page("pages/compare.py").run()
    assert "Data to 31 Dec 2020." in words(sound(app))
    app.switch_page("pages/data.py").run()
    field = next(one for one in app.date_input if one.label == "Collected until")
    assert field.value == date(2020, 12, 31)
    app = sound(field.set_value(None).run())
    assert "the last incident; the end of collection is not stated" in words(app)


def test_another_worksheet_of_a_workbook_can_be_chosen_and_is_kept_in_the_mapping(page):
    rows = [["When", "Town", "Dead"], ["2020-01-02", "Kabul", 3]]
    older = [["When", "Town", "Dead"], ["2019-01-02", "Herat", 1], ["bad", "Herat", 1], ["2019-01-04", "Herat", 1]]
    drop(page, ("list.xlsx", book(["Row Labels", "Count"], *[[n, n] for n in range(9)], Now=rows, Old=older)))
    file = page.session_state["session"].uploads.files[0]
    choice = next(box for box in page.selectbox if box.label == "Worksheet that is read")
    assert choice.value == "Old" and [label.replace("\\", "") for label in choice.options] == [
        "Sheet: 9 rows",
        "Now: 1 row",
        "Old: 3 rows",
    ]
    sound(choice.set_value("Now").run())
    file = page.session_state["session"].uploads.files[0]
    assert file.loaded.incidents["city"].tolist() == ["Kabul"] and file.mapping.worksheet == "Now"
    click(page, "Read with these columns")
    file = page.session_state["session"].uploads.files[0]
    assert file.loaded.incidents["city"].tolist() == ["Kabul"] and incidents(page) == 1


def test_which_event_types_of_acled_count_as_attacks_is_shown_and_can_be_changed(page):
    path = Path(__file__).parents[1] / "importers" / "cases" / "acled_few_columns.csv"
    drop(page, (path.name, path.read_bytes()))
    boxes = {box.label.replace("\\", ""): box for box in page.checkbox if box.label.endswith("row")}
    assert {name: box.value for name, box in boxes.items()} == {
        "Protests: 1 row": False,
        "Strategic developments: 1 row": False,
        "Violence against civilians: 1 row": True,
    }
    boxes["Protests: 1 row"].set_value(True)
    click(page, "Read with these event types")
    assert incidents(page) == 2
    shown = words(page)
    assert "counted as attacks: " in shown and "Protests" in shown
    saved = page.session_state["session"].uploads.files[0].settings.event_types
    assert set(saved) == {"Protests", "Violence against civilians"}
    for box in page.checkbox:
        if box.label.endswith("row"):
            box.set_value("Violence" in box.label)
    click(page, "Read with these event types")
    assert incidents(page) == 1 and page.session_state["session"].uploads.files[0].settings.event_types is None


def test_the_example_file_is_shown_and_read_like_an_upload(page):
    app = page
    head, *rows = (ASSETS / "example.csv").read_text(encoding="utf-8").splitlines()
    message = words(app)
    assert "What will happen" in message and all(f">{name}</th>" in message for name in head.split(","))
    app.button(key="example").click().run()
    assert not app.exception
    message = words(app)
    assert "example.csv" in message and f"{len(rows)} rows read: {len(rows) - 1} kept, 1 set aside" in message
    assert "What will happen" not in message


def test_pairs_above_nine_tenths_are_accepted_together_and_taken_back(page):
    rows = [{"incident_id": f"A-{n}", "date": f"2019-0{n}-01", "title": f"Bombing number {n} in Kabul"} for n in (1, 4, 8)]
    drop(
        page,
        ("a.csv", text(*rows)),
        ("b.csv", text(*[row | {"incident_id": row["incident_id"].replace("A", "B")} for row in rows])),
    )
    choose(page, "Look at", "pairs")
    label = next(button.label for button in page.button if button.label.startswith("Same incident: all 3"))
    click(page, label)
    assert incidents(page) == 3
    choose(page, "Look at", "pairs")
    click(page, "Undo the 3 accepted together")
    assert incidents(page) == 6


def test_swapped_coordinates_are_exchanged_by_a_click_for_one_row_or_all_and_taken_back(page):
    there = {"latitude": "69.17", "longitude": "34.53", "geo_precision": "exact"}
    drop(page, ("mine.csv", text({}, {**there, "incident_id": "S-1"}, {**there, "incident_id": "S-2", "latitude": "69.25"})))

    def latitudes() -> list[float]:
        found = page.session_state["session"].uploads.files[0].loaded.incidents
        return found["latitude"].iloc[1:].tolist()

    assert "Latitude and longitude look swapped in 2 rows" in [box.label for box in page.expander]
    click(page, "Exchange", 1)
    assert latitudes() == [69.17, 34.53]
    assert "Latitude and longitude look swapped in 1 row" in [box.label for box in page.expander]
    click(page, "Exchange")
    assert latitudes() == [34.53, 34.53]
    click(page, "Undo", 1)
    assert latitudes() == [34.53, 69.25]
    click(page, "Undo")
    click(page, "Exchange them in all 2 rows")
    assert latitudes() == [34.53, 34.53] and page.session_state["session"].uploads.files[0].settings.exchange_all
    click(page, "Undo", 0)
    assert latitudes() == [69.17, 34.53]
    click(page, "Exchange")
    click(page, "Undo all 2")
    assert latitudes() == [69.17, 69.25]
    saved = tables.written(Mapping(exchange_ids=("S-2",)))
    page.file_uploader(key="load-exchanges-0-0").set_value(("saved.csv", saved, "text/csv")).run()
    assert latitudes() == [69.17, 34.53]


def test_the_assignment_of_a_table_keeps_which_rows_are_exchanged(page):
    good = "".join(f"2019-02-0{n},A bomb,34.5{n},69.1{n}\n" for n in range(1, 8))
    drop(page, ("list.csv", f"Date,What,Lat,Lon\n{good}2019-01-03,Shots,69.17,34.53\n"))
    click(page, "Exchange")
    click(page, "Read with these columns")
    file = page.session_state["session"].uploads.files[0]
    assert file.loaded.incidents["latitude"].tolist()[-1] == 34.53 and len(file.mapping.exchange_ids) == 1


def test_duplicates_inside_one_file_are_joined_and_taken_back_like_those_of_two(page):
    one = {"title": "Bomb at the gate of the ministry", "killed": "3"}
    drop(page, ("a.csv", text(one, {**one, "killed": "5"}, {"date": "2011-02-03", "title": "Another"})))
    assert incidents(page) == 3
    choose(page, "Look at", "pairs")
    assert "1 pair may be one incident" in words(page) and "Row 2" in words(page) and "Row 3" in words(page)
    click(page, "Same incident")
    assert incidents(page) == 2
    whole = page.session_state["session"].uploads.gathered(load).loaded
    assert whole.incidents["killed_low"].iloc[0] == 3 and whole.incidents["killed_high"].iloc[0] == 5
    # The record of another file beside it, which counts its incidents alike, is compared with what is left.
    drop(page, ("b.csv", text({**one, "killed": "4"})))
    choose(page, "Look at", "pairs")
    assert "1 pair may be one incident" in words(page)
    click(page, "Same incident")
    assert incidents(page) == 2
    data = decisions.written(page.session_state["session"].uploads.decisions)
    choose(page, "Look at", "pairs")
    click(page, "Undo")
    choose(page, "Look at", "pairs")
    click(page, "Undo")
    assert incidents(page) == 4
    choose(page, "Look at", "pairs")
    page.file_uploader(key="load-duplicates-0").set_value(("saved.csv", data, "text/csv")).run()
    assert incidents(page) == 2
    choose(page, "Look at", "pairs")
    assert "2 pairs joined" in words(page) and "no file here holds this pair" not in words(page)
