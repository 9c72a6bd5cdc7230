"""The Compare page: the same answer as the code behind it, kept in the address, and a sentence where there is none."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.analysis import compare_text
from incident_atlas.analysis.compare import compare
from incident_atlas.analysis.periods import ALL, ONE_YEAR, Period, around
from incident_atlas.dataset.filters import Filters
from tests.support import pages, tiny
from tests.support.pages import address_parameters
from tests.support.record import shipped_record

PAGE = "pages/compare.py"
TAKEOVER = date(2021, 8, 15)
YEAR = (Period(date(2020, 8, 15), date(2021, 8, 14)), Period(TAKEOVER, date(2022, 8, 14)))


def words(app: AppTest) -> str:
    """What the page says, its entities read as a browser does."""
    return html.unescape(pages.words(app))


def answer(length: str = ONE_YEAR, **options) -> str:
    """What the code says of the shipped record."""
    loaded = shipped_record()
    pair = around(TAKEOVER, length, loaded.source.first.date(), loaded.source.last.date())
    return compare_text.short_answer(compare(loaded, Filters(), *pair, **options))[0]


def test_a_filter_of_one_of_its_cities_begins_with_the_map_of_that_city(run_page):
    def alone(query: dict) -> list[str]:
        return re.findall(r"<img alt='(Afghanistan|Kabul|Herat), ", pages.words(run_page(PAGE, query)))

    assert alone({"city": "Kabul"}) == ["Kabul"] * 2 and alone({}) == alone({"city": ["Kabul", "Herat"]}) == ["Afghanistan"] * 2
    assert alone({"city": "Kabul", "map": "Afghanistan"}) == ["Afghanistan"] * 2


def test_it_begins_with_a_year_before_and_after_the_takeover(run_page):
    app = run_page(PAGE)
    assert answer() in words(app)
    heading = html.unescape(re.search(r"<h1.*?</h1>", pages.words(app))[0])
    assert answer() in heading and "Caution: only" in heading, "the caution is not in the headline"
    counts = re.fullmatch(r"Too uncertain to say: (\d+) incidents before, (\d+) after\.", answer())
    assert counts and int(counts[1]) > int(counts[2]) > 0
    assert app.selectbox(key="w:milestone").value == "15 Aug 2021: Taliban takeover of Kabul"
    assert app.date_input(key="w:first").value == tuple(YEAR[0])
    assert "first" not in address_parameters(app)


def test_periods_filter_and_restriction_come_from_the_address(run_page):
    query = {"first": "2019-05-01:2020-04-30", "second": "2020-05-01:2021-04-30", "city": "Kabul", "each": "1"}
    app = run_page(PAGE, query)
    pair = Period(date(2019, 5, 1), date(2020, 4, 30)), Period(date(2020, 5, 1), date(2021, 4, 30))
    found = compare(shipped_record(), Filters(city=("Kabul",)), *pair, coordinated_once=False)
    assert all(part in words(app) for part in compare_text.short_answer(found))
    assert all(sentence in words(app) for sentence in compare_text.caveats(found))
    assert app.selectbox(key="w:milestone").value == "dates of my own"
    assert not app.toggle(key="w:together").value


def test_a_choice_of_milestone_length_and_dates_moves_answer_and_address(run_page):
    app = run_page(PAGE)
    next(group for group in app.get("button_group") if group.label == "Length").set_value(ALL).run()
    assert not app.exception
    assert answer(ALL) in words(app)
    assert address_parameters(app)["second"] == [f"2021-08-15:{shipped_record().source.last.date()}"]
    app.date_input(key="w:second").set_value((date(2022, 1, 1), date(2022, 12, 31))).run()
    assert address_parameters(app)["second"] == ["2022-01-01:2022-12-31"]
    app.toggle(key="w:together").set_value(False).run()
    assert address_parameters(app)["each"] == ["1"]


def test_across_a_break_the_source_that_covers_both_is_offered(run_page):
    pair = around(TAKEOVER, ALL, shipped_record().source.first.date(), shipped_record().source.last.date())
    app = run_page(PAGE, {"first": str(pair[0]), "second": str(pair[1])})
    assert "Cannot be told from reporting" in words(app)
    next(button for button in app.button if button.label == "Count only what this source reports").click().run()
    assert answer(ALL, source="Aid Worker Security Database") in words(app)
    assert address_parameters(app)["source"] == ["Aid Worker Security Database"]
    next(button for button in app.button if button.label.startswith("Count what every source")).click().run()
    assert "source" not in address_parameters(app)


@pytest.mark.parametrize(
    ("query", "words_shown"),
    [
        ({"first": "2020-01-01:2020-12-31", "second": "2020-06-01:2021-06-01"}, "The two periods share"),
        ({"first": "1990-01-01:1990-12-31", "second": "2020-06-01:2021-06-01"}, "covers no day of 1 Jan 1990"),
        ({"source": "Nobody"}, "Nobody is no source"),
    ],
)
def test_what_cannot_be_compared_is_a_sentence_without_a_number(run_page, query, words_shown):
    app = run_page(PAGE, query)
    assert app.warning and any(words_shown in text.value for text in app.text)
    assert "times as many" not in words(app)


@pytest.mark.parametrize("probe", [*tiny.PROBES, "2020-13-01:2020-12-31", "2021-01-01:2020-01-01"])
def test_a_period_that_is_none_is_refused_and_told(run_page, probe):
    app = run_page(PAGE, {"first": probe})
    assert "Ignored in the address: first=" in words(app)
    assert "<img src" not in pages.words(app) and answer() in words(app)
    assert "first" not in address_parameters(app)


def test_the_dates_of_another_page_are_kept_and_do_not_count(run_page):
    app = run_page(PAGE, {"from": "2022-01-01"})
    assert answer() in words(app)
    assert "from" not in address_parameters(app), "the link would name dates that do not count"
    assert app.session_state["session"].filters.since == date(2022, 1, 1)
    assert not [slider for slider in app.slider if slider.key.startswith("w:period")]


def test_both_maps_show_the_same_piece_of_land(run_page):
    app = run_page(PAGE, {"map": "Kabul"})
    shown = words(app)
    incidents = shipped_record().incidents
    for since, to, words_of in (
        ("2020-08-15", "2021-08-14", "15 Aug 2020 to 14 Aug 2021"),
        ("2021-08-15", "2022-08-14", "15 Aug 2021 to 14 Aug 2022"),
    ):
        period = incidents[incidents["date"].between(since, to)]
        operations = period["coordinated_id"].astype(str)
        once = period[(operations == "") | ~operations.duplicated()]
        around_it = re.search(rf"{words_of}: (\d+) of {len(once)} on this map", shown)
        assert around_it and 0 < int(around_it[1]) < len(once)
    assert shown.count("data:image/svg+xml") == 2
    assert "map" not in address_parameters(run_page(PAGE, {"map": "Mars"}))


def test_a_record_of_two_days_has_two_halves(run_page, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(tiny.text({"date": "2012-01-01"}, {"date": "2012-01-09"}), encoding="utf-8")
    assert "Too few to say" in words(run_page(PAGE, source=path))


@pytest.mark.parametrize(
    ("name", "value"),
    [("each", "banana"), ("map", "Moon"), ("first", "1800-01-01:1801-01-01"), ("second", "9999-12-31:9999-12-31")],
)
def test_a_value_that_means_nothing_here_is_told_and_does_nothing(run_page, name, value):
    app = run_page(PAGE, {name: value})
    assert f"Ignored in the address: {name}={value}" in words(app) and answer() in words(app)
    assert address_parameters(app).get(name) != [value]


def test_no_name_of_a_source_is_ever_a_label(run_page, tmp_path):
    """Labels are Markdown: a source named after a picture would make the browser fetch it."""
    rows = [{"date": f"20{year}-0{month}-05"} for year in (18, 19, 20, 21) for month in range(1, 9)]
    (tmp_path / "mine.csv").write_text(tiny.text(*rows), encoding="utf-8")
    name = "![p](http://example.com/p.png)"
    reports = "\n".join(f"T-{n},{name}" for n in range(1, 33))
    (tmp_path / "mine_reports.csv").write_text(f"incident_id,publisher\n{reports}\n", encoding="utf-8")
    table = f"source,area,from,to,note\n{name},World,2000-01-01,,x\n{name},Kabul,2000-01-01,,y\nA,World,,2019-12-20,z\n"
    (tmp_path / "coverage.csv").write_text(table, encoding="utf-8")
    app = run_page(PAGE, {"first": "2018-01-05:2019-12-20", "second": "2019-12-21:2021-08-05"}, source=tmp_path / "mine.csv")
    offers = [button for button in app.button if button.label.startswith("Count only")]
    assert [button.label for button in offers] == ["Count only what this source reports"]
    assert name in words(app) and not any("](" in button.label for button in app.button)


def test_a_milestone_outside_the_record_is_named_and_not_offered(run_page, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(tiny.text({"date": "2016-01-01"}, {"date": "2019-01-09"}), encoding="utf-8")
    shown = words(run_page(PAGE, source=path))
    assert "Outside the record, so there is nothing to compare: End of the ISAF mission, US-Taliban agreement" in shown
