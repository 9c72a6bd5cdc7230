"""Cells as people write them: dates, figures, degrees and terms, read or left to be told of."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_atlas.core.schema import BY_NAME
from incident_atlas.geo.parse_coordinates import degrees, point
from incident_atlas.importers.mapping import DAY_FIRST, ISO, MONTH_FIRST, ORDERS
from incident_atlas.importers.mapping.parse_counts import DECIMALS, THOUSANDS, figure, point_means
from incident_atlas.importers.mapping.parse_dates import day, joined, order_of
from incident_atlas.importers.mapping.parse_sources import reports
from incident_atlas.importers.mapping.parse_terms import known, term


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("2022-09-05", "2022-09-05"),
        ("2022-9-5", "2022-09-05"),
        ("2022/09/05", "2022-09-05"),
        ("20220905", "2022-09-05"),
        ("2022-09", "2022-09"),
        ("09/2022", "2022-09"),
        ("2022", "2022"),
        ("2022.0", "2022"),
        ("16 February 2023", "2023-02-16"),
        ("February 16th, 2023", "2023-02-16"),
        ("Thu, 16 Feb 2023", "2023-02-16"),
        ("16-Feb-2023", "2023-02-16"),
        ("Sept 2022", "2022-09"),
        ("16 février 2023", "2023-02-16"),
        ("16. März 2023", "2023-03-16"),
        ("16 февраля 2023 г.", "2023-02-16"),
        ("۱۶ فبروری ۲۰۲۳", "2023-02-16"),
        ("16.02.2023", "2023-02-16"),
        ("16/2/2023", "2023-02-16"),
        ("16-02-2023", "2023-02-16"),
        ("5/5/2022", "2022-05-05"),
        ("44809", "2022-09-05"),
        ("44809.5", "2022-09-05"),
        ("2022-09-05T00:00:00", "2022-09-05"),
        ("05/13/2022 10:50", "2022-05-13"),
        ("Montag, 13. September 2021", "2021-09-13"),
        ("lundi 13 septembre 2021", "2021-09-13"),
        ("lunes, 13 de septiembre de 2021", "2021-09-13"),
        ("понедельник, 13 сентября 2021 года", "2021-09-13"),
        ("سه‌شنبه ۱۴ سپتمبر ۲۰۲۱", "2021-09-14"),
        ("05.09.2021", "2021-09-05"),
        ("05.09.21", "2021-09-05"),
        ("13/09/21", "2021-09-13"),
        ("5-Sep-21", "2021-09-05"),
        ("Sept 5, 99", "1999-09-05"),
        ("2021-09-00", "2021-09"),
        ("2021-09-xx", "2021-09"),
        ("2021-00-00", "2021"),
    ],
)
def test_a_date_that_can_only_be_one_is_read_without_an_order(cell, iso):
    found = day(f"  {cell} ", "")
    assert (found.text, found.wrong, found.read) == (iso, "", True)


@pytest.mark.parametrize(
    ("cell", "order", "iso", "wrong"),
    [
        ("03/04/2012", DAY_FIRST, "2012-04-03", ""),
        ("03/04/2012", MONTH_FIRST, "2012-03-04", ""),
        ("03.04.2012 08:15", DAY_FIRST, "2012-04-03", ""),
        ("03/04/2012", "", "03/04/2012", "it may be 3 April or 4 March"),
        ("03/04/2012", ISO, "03/04/2012", "it may be 3 April or 4 March"),
        ("04/13/2012", DAY_FIRST, "04/13/2012", "not a date when the day is written first"),
        ("13/04/2012", MONTH_FIRST, "13/04/2012", "not a date when the month is written first"),
        ("05/09/21", DAY_FIRST, "2021-09-05", ""),
        ("05/09/21", "", "05/09/21", "it may be 5 September or 9 May"),
        ("05.09.2021", MONTH_FIRST, "2021-05-09", ""),
        # 30 February is no day in either order: the check of every record says so.
        ("30/02/2012", DAY_FIRST, "30/02/2012", ""),
    ],
)
def test_figures_alone_are_read_in_the_order_that_was_chosen_and_never_guessed(cell, order, iso, wrong):
    found = day(cell, order)
    assert (found.text, found.wrong) == (iso, wrong)
    assert found.other_order == wrong.startswith("not a date when")


@pytest.mark.parametrize(
    "cell",
    [
        "yesterday",
        "5-9-22",
        "18 to 16 February 2023",
        "February to March 2023",
        "5-Sep",
        "19999",
        "60001",
        "2022-W36",
        "x" * 100,
        "٫",
    ],
)
def test_what_is_no_date_is_left_as_it_is(cell):
    assert day(cell, DAY_FIRST) == (cell, "", "", False, False, False, "")


@pytest.mark.parametrize(
    ("cell", "first", "last"),
    [
        ("2021-09-03 to 2021-09-05", "2021-09-03", "2021-09-05"),
        ("2021-09-30/2021-10-02", "2021-09-30", "2021-10-02"),
        ("03/09/2021 - 05/09/2021", "2021-09-03", "2021-09-05"),
        ("03/09/2021-05/09/2021", "2021-09-03", "2021-09-05"),
        ("3-5 September 2021", "2021-09-03", "2021-09-05"),
        ("September 3–5, 2021", "2021-09-03", "2021-09-05"),
        ("03.-05.09.2021", "2021-09-03", "2021-09-05"),
        ("30 August to 2 September 2021", "2021-08-30", "2021-09-02"),
        ("vom 3. bis 5. September 2021", "2021-09-03", "2021-09-05"),
        ("с 3 по 5 сентября 2021 г.", "2021-09-03", "2021-09-05"),
        ("night of 5 to 6 September 2021", "2021-09-05", "2021-09-06"),
        ("2021-09-05?", "2021-09-05", ""),
        ("2021-09-05 (approx.)", "2021-09-05", ""),
        ("ca. 2021-09", "2021-09", ""),
        ("early September 2021", "2021-09", ""),
    ],
)
def test_several_days_and_a_doubt_are_read_and_their_words_are_kept(cell, first, last):
    found = day(cell, DAY_FIRST)
    assert (found.text, found.end, found.wrong, found.read, found.kept) == (first, last, "", True, True)


@pytest.mark.parametrize("cell", ["1400/06/14", "۱۴۰۰/۰۶/۱۴", "14.06.1400", "1400-06-31", "14 سنبله 1400", "1400"])
def test_a_solar_hijri_date_is_said_to_be_one(cell):
    assert (day(cell, "").text, day(cell, "").wrong, day(cell, "").read) == (cell, "Solar Hijri dates are not read", False)


@pytest.mark.parametrize(
    ("cell", "time", "kept"),
    [
        ("2022-09-05 10:50", "10:50", False),
        ("2022-09-05 00:00:00", "", False),
        ("5 September 2022, 2:30 pm", "14:30", False),
        ("2022-09-05 12:05 AM", "00:05", False),
        ("44809.75", "18:00", False),
        ("2022-09-05T10:50:00Z", "", True),
        ("2022-09-05T10:50:00+04:30", "", True),
    ],
)
def test_a_time_behind_a_date_is_the_local_time_unless_it_names_a_zone(cell, time, kept):
    assert (day(cell, ISO).text, day(cell, ISO).time, day(cell, ISO).kept) == ("2022-09-05", time, kept)


@pytest.mark.parametrize(
    ("cells", "order", "question"),
    [
        (["03/04/2012", "16/04/2012"], DAY_FIRST, ""),
        (["03/04/2012", "04/16/2012 10:00"], MONTH_FIRST, ""),
        (["۰۳/۰۴/۲۰۱۲", "۱۶/۰۴/۲۰۱۲"], DAY_FIRST, ""),
        (["2012-04-03", "3 April 2012", "05/05/2012", ""], ISO, ""),
        (["03/04/2012", "2012-04-16"], "", "03/04/2012: it may be 3 April or 4 March. Choose how dates are written."),
        (["05.09.2021", "06.09.2021"], DAY_FIRST, ""),
        (["05.09.2021", "05/09/2021"], "", "05/09/2021: it may be 5 September or 9 May."),
        (["05.09.2021", "04.13.2021"], MONTH_FIRST, ""),
        (["05.09.2021", "04/13/2021"], "", "05.09.2021 and 04/13/2021 are not written in one way"),
        (["1400/06/14", "05/06/1400"], ISO, ""),
        (["16/04/2012", "04/16/2012"], "", "16/04/2012 and 04/16/2012 are not written in one way"),
    ],
)
def test_the_order_of_a_column_is_what_all_its_cells_say_together_or_a_question(cells, order, question):
    found, query = order_of(cells)
    assert found == order and (question in query if question else not query)


@pytest.mark.parametrize(
    ("cells", "iso"),
    [
        (("2012", "4", "3"), "2012-04-03"),
        (("2012", "Apr", "3"), "2012-04-03"),
        (("2012.0", "4.0", "0"), "2012-04"),
        (("2012", "", "3"), "2012"),
        (("", "", ""), ""),
        (("", "4", "3"), "-4-3"),
    ],
)
def test_year_month_and_day_of_three_columns_are_one_date_as_precise_as_they_are(cells, iso):
    assert joined(*cells) == iso


@pytest.mark.parametrize(
    ("cell", "low", "best", "high"),
    [
        ("12", "", "12", ""),
        ("12.0", "", "12", ""),
        ("12,0", "", "12", ""),
        ("1,234", "", "1234", ""),
        ("1.234", "", "1234", ""),
        ("1 234", "", "1234", ""),
        ("۱۲", "", "12", ""),
        ("0", "", "0", ""),
        ("10-15", "10", "", "15"),
        ("10 – 15", "10", "", "15"),
        ("between 10 and 15", "10", "", "15"),
        ("At least 10", "10", "", ""),
        ("10+", "10", "", ""),
        ("more than 1,000", "1000", "", ""),
        ("up to 15", "", "", "15"),
        ("< 15", "", "", "15"),
        ("about 10", "", "10", ""),
        ("3 or 4", "3", "", "4"),
        ("حداقل ۷", "7", "", ""),
        ("حداکثر ۷", "", "", "7"),
        ("~10", "", "10", ""),
        *((nothing, "", "", "") for nothing in ("", " ", "-", "n/a", "N/A", "?")),
    ],
)
def test_a_figure_a_range_and_a_bound_are_read_and_nothing_known_is_blank(cell, low, best, high):
    assert (figure(cell)[:3], figure(cell).wrong) == ((low, best, high), "")


@pytest.mark.parametrize(
    ("cell", "column", "numbers"),
    [
        ("3 civilians", "killed", ("", "3", "")),
        ("2 soldiers, 1 child", "killed", ("", "3", "")),
        ("1,200 people", "killed", ("", "1200", "")),
        ("2 ANA soldiers and 3 civilians", "killed", ("", "5", "")),
        ("5 killed", "killed", ("", "5", "")),
        ("5 injured", "wounded_low", ("", "5", "")),
        ("3 (incl. 2 children)", "killed", ("", "3", "")),
        ("5 people, including 2 children", "killed", ("", "5", "")),
        ("at least 3 civilians", "killed", ("3", "", "")),
        ("3-5 policemen", "killed", ("3", "", "5")),
        ("3 солдата и 2 полицейских", "killed", ("", "5", "")),
        ("۳ غیرنظامی", "killed", ("", "3", "")),
        ("4 Kinder", "wounded", ("", "4", "")),
        ("2 gunmen, 1 suicide bomber", "attackers_killed", ("", "3", "")),
        ("2 Taliban, 1 ISIS fighter", "attackers_killed", ("", "3", "")),
        ("2 men, 3 women, 1 child", "killed", ("", "6", "")),
        ("3 boys and 2 girls", "killed", ("", "5", "")),
        ("3 police officers, 2 army officers, 1 civilian", "killed", ("", "6", "")),
        ("2 US soldiers, 3 Afghan soldiers", "killed", ("", "5", "")),
        ("5 students, 1 teacher", "killed", ("", "6", "")),
    ],
)
def test_people_who_are_counted_in_words_are_added_up_and_their_words_kept(cell, column, numbers):
    found = figure(cell, column)
    assert (found[:3], found.kept, found.wrong) == (numbers, True, "")


@pytest.mark.parametrize(
    ("cell", "low", "best", "high"),
    [
        ("6 (2 children)", "", "6", ""),
        ("6 (3 Spanish, 3 Afghan)", "", "6", ""),
        ("6 (unconfirmed)", "", "6", ""),
        ("5-7 (2 women)", "5", "", "7"),
        ("at least 6 (2 women)", "6", "", ""),
        ("6 KIA", "", "6", ""),
    ],
)
def test_what_stands_in_brackets_is_said_of_the_figure_and_kept(cell, low, best, high):
    assert figure(cell)[:3] == (low, best, high) and figure(cell).kept


@pytest.mark.parametrize("cell", ["5 (7)", "6 (8 wounded)", "6 (2024)", "several (2 women)", "(2 women)", "2 (see note 14)"])
def test_brackets_that_may_be_another_figure_are_left_as_they_are(cell):
    assert figure(cell).best == cell and not figure(cell).alone


@pytest.mark.parametrize(
    "cell", ["2 Taliban", "3 + attacker", "3 (incl. 1 attacker)", "2 civilians and 1 suicide bomber", "۲ طالب"]
)
def test_where_attackers_may_be_counted_the_number_of_victims_is_blank_and_said(cell):
    found = figure(cell)
    assert (found[:3], found.kept) == (("", "", ""), True) and "attackers" in found.wrong


@pytest.mark.parametrize(
    ("cells", "point"),
    [
        ("1.000|2.500", THOUSANDS),
        ("1.000|1.000,0", THOUSANDS),
        ("1.000|1.000.000", THOUSANDS),
        ("10.000|12.0", DECIMALS),
        ("1.000|0.000", DECIMALS),
        ("1.000|1234.000", DECIMALS),
        ("1.000|1,234.00", DECIMALS),
        ("1.000|12|3", ""),
        ("1.000|2.500|3.0", ""),
        ("", ""),
    ],
)
def test_what_a_point_parts_is_told_by_the_other_cells_of_the_column(cells, point):
    assert point_means(cells.split("|")) == point


@pytest.mark.parametrize("cell", ["none", "Nil", "aucun", "нет", "keine", "هیچ", "No casualties"])
def test_a_word_for_nobody_is_nought(cell):
    assert figure(cell) == ("", "0", "", True, False, "")


def test_none_as_programs_write_it_is_not_nought():
    assert figure("None")[:3] == ("", "", "") and "not known" in figure("None").wrong
    assert figure("none reported").best != "0"


@pytest.mark.parametrize("cell", ["Unknown", "not reported", "نامعلوم", "don't know"])
def test_a_word_for_no_figure_is_blank_and_said(cell):
    assert figure(cell)[:3] == ("", "", "") and "no figure is known" in figure(cell).wrong


@pytest.mark.parametrize(
    "cell",
    ["dozens", "several", "15-10", "3 dead, 4 hurt", "1.2345", "-5", "x" * 99, "10--15", "½"]
    + ["2 dozen", "3 vehicles", "5 people, 2 children", "3 civilians, 1 woman", "3, 2 soldiers", "at least 2 police, 1 child"]
    + ["6 injured"],
)
def test_what_is_no_plain_figure_is_left_as_it_is_and_kept(cell):
    assert figure(cell) == ("", cell, "", False, True, "")


@pytest.mark.parametrize(
    ("cell", "column"),
    [
        *((cell, "killed") for cell in ("5 children, 3 boys, 2 girls", "10 students, 4 women", "20 worshippers, 5 children")),
        *((cell, "killed") for cell in ("10 policemen, 2 officers", "3 soldiers, 2 soldiers", "4 civilians, 2 students")),
        *((cell, "killed") for cell in ("3 Afghans, 1 woman", "5 foreign troops, 2 US soldiers", "3 killed, 2 civilians")),
        *((cell, "attackers_killed") for cell in ("5 Taliban, 2 suicide bombers", "5 attackers, 2 gunmen", "3 army", "2 US")),
    ],
)
def test_people_who_may_be_counted_twice_or_may_be_no_attackers_are_not_added_up(cell, column):
    assert figure(cell, column) == ("", cell, "", False, True, "")


@pytest.mark.parametrize("cell", ["-9", "-99", "-99.0", " -9 "])
def test_minus_nine_and_minus_ninety_nine_are_unknown_and_said(cell):
    assert figure(cell)[:3] == ("", "", "") and "unknown" in figure(cell).wrong


@pytest.mark.parametrize(
    ("cell", "axis", "value"),
    [
        ("34.53", "latitude", "34.53"),
        ("34,53", "latitude", "34.53"),
        ("٣٤٫٥٣", "latitude", "34.53"),
        ("-069.50", "longitude", "-69.50"),
        ("+69", "longitude", "69"),
        ("34.53°", "latitude", "34.53"),
        ("34°31'N", "latitude", "34.5166667"),
        ("34° 31′ 48″ N", "latitude", "34.53"),
        ("34 31 48 N", "latitude", "34.53"),
        ("E 69 10.2", "longitude", "69.17"),
        ("34.53 S", "latitude", "-34.53"),
        *(
            (bad, "latitude", bad)
            for bad in ("69°10'E", "Kabul", "34 75 N", "34.5 31 N", "-34 N", "1 2 3 4", "34 -5", "9" * 101, "")
        ),
    ],
)
def test_degrees_are_read_with_commas_minutes_and_letters_or_left_as_they_are(cell, axis, value):
    assert degrees(cell, axis) == value


@pytest.mark.parametrize(
    ("cell", "both"),
    [
        ("34.53, 69.17", ("34.53", "69.17")),
        ("(34,53; 69,17)", ("34.53", "69.17")),
        ("34°31'48\"N 69°10'12\"E", ("34.53", "69.17")),
        ("POINT (69.17 34.53)", ("34.53", "69.17")),
        ("SRID=4326;Point Z(69.17 34.53 1800)", ("34.53", "69.17")),
        ("34.52 69.12 1800 4.5", ("34.52", "69.12")),
        ("34.52 69.12 0 0", ("34.52", "69.12")),
        ("94.52 69.12 1800 4.5", None),
        ("Kabul", None),
        ("34.53", None),
        ("POINT EMPTY", None),
        ("34.51/69.12", ("34.51", "69.12")),
    ],
)
def test_both_coordinates_of_one_cell_are_read(cell, both):
    assert point(cell) == both


@pytest.mark.parametrize(
    ("column", "cell", "found", "strange"),
    [
        ("attack_type", "bombing/explosion", "Bombing/Explosion", False),
        ("attack_type", "BOMBING", "Bombing/Explosion", False),
        ("attack_type", "Armed Assault; Assassination", "Assassination", False),
        ("attack_type", "Ambush", "Ambush", True),
        ("attack_type", "not known", "Unknown", False),
        ("weapon", "Car bomb, small arms", "Vehicle bomb;Firearms", False),
        ("weapon", "firearms|IED", "Firearms;IED", True),
        ("weapon", "firearms\ncar bomb", "Firearms;Vehicle bomb", False),
        ("target_type", "Journalists and Media", "Journalists & Media", False),
        ("target_type", "", "", False),
        ("suicide", "TRUE", "yes", False),
        ("outcome", "Thwarted", "foiled", False),
    ],
)
def test_words_of_others_become_terms_only_where_the_meaning_is_the_same(column, cell, found, strange):
    assert term(column)(cell) == (found, strange)


@pytest.mark.parametrize("column", [column.name for column in BY_NAME.values() if column.terms])
def test_every_term_of_the_record_is_understood_as_itself(column):
    assert [term(column)(one.upper()) for one in BY_NAME[column].terms] == [(one, False) for one in BY_NAME[column].terms]
    assert set(known(column).values()) <= set(BY_NAME[column].terms)


def test_each_source_of_a_row_is_a_report_and_an_address_stands_for_its_host():
    rows = [
        ("a", "Reuters; AP", ""),
        ("b", "https://www.example.org/1", ""),
        ("c", "BBC", "https://example.org/2"),
        ("d", "", ""),
        ("e", "UNAMA\r\nTolo News", ""),
        *(("f", nothing, "") for nothing in ("-", "n/a", "Unknown", "not reported")),
        ("g", "-; AIP", "-"),
    ]
    table = reports(*(list(cells) for cells in zip(*rows, strict=True)))
    assert table[["incident_id", "publisher", "url"]].to_numpy().tolist() == [
        ["a", "Reuters", ""],
        ["a", "AP", ""],
        ["b", "example.org", "https://www.example.org/1"],
        ["c", "BBC", "https://example.org/2"],
        ["e", "UNAMA", ""],
        ["e", "Tolo News", ""],
        ["g", "AIP", ""],
    ]


@settings(deadline=None)
@given(st.text(max_size=40), st.sampled_from(ORDERS))
def test_any_text_is_read_or_left_as_it_is(text, order):
    assert day(text, order).read or day(text, order).text == text
    assert not figure(text).alone or (figure(text).best.isascii() and figure(text).best.isdigit())
    assert degrees(text, "latitude") == text or abs(float(degrees(text, "latitude"))) <= 1000
    assert point(text) is None or all(abs(float(value)) <= 180 for value in point(text))
    assert term("weapon")(text)[1] or not set(term("weapon")(text)[0].split(";")) - {"", *BY_NAME["weapon"].terms}
    assert order_of([text])[0] in ORDERS
    assert joined(text, text, text) == "" or text.strip()
    assert set(reports([text], [text], [text])["incident_id"]) <= {text}
