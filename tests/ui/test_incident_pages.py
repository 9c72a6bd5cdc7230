"""The Incidents page and the page of one incident: complete, readable when little is known, and never a trap."""

import os

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.core.formatting import format_figure
from incident_atlas.core.text import as_label
from incident_atlas.dataset.exposure import exposure
from incident_atlas.dataset.paging import Order
from incident_atlas.ui.pages.incidents.list import PAGE as PAGE_ROWS
from tests.support.pages import words
from tests.support.record import shipped_record
from tests.support.tiny import record, text

PAGE = "pages/incidents.py"


@pytest.fixture
def run(run_page):
    """`run({"incident": "X"}, source=path)`: the Incidents page after one run, nothing raised."""
    return lambda query=None, source=None: run_page(PAGE, query, source)


def press(app: AppTest, label: str) -> AppTest:
    next(button for button in app.button if button.label == label).click().run()
    assert not app.exception, app.exception
    return app


def rows(app: AppTest) -> list[str]:
    """What stands in the rows of the table."""
    return next((group.options for group in app.get("button_group") if group.label == "Incidents"), [])


def order(app: AppTest, name: str) -> AppTest:
    return next(group for group in app.get("button_group") if group.label == "Order").set_value(name).run()


def test_the_table_holds_every_visible_incident_whole_with_its_ranges_newest_first(run):
    chosen = {"city": "Herat", "from": "2015-01-01"}
    shown = rows(run(chosen))
    expected = (
        shipped_record().incidents.query("city == 'Herat' and date >= '2015-01-01'").sort_values(["date", "row"], ascending=False)
    )
    assert 10 < len(shown) == len(expected) <= PAGE_ROWS
    for row, one in zip(shown, expected.itertuples(), strict=True):
        assert as_label(one.title) in row and f"{one.date:%Y}" in row.partition("]")[0]
        assert as_label(format_figure(one.killed_low, one.killed, one.killed_high, blank="–")) in row
        assert as_label(one.attribution if one.perpetrator != "Unknown" else "unknown") in row
    assert any("\\(" in row.partition("**")[2] for row in shown), "a range stands beside its figure"


def test_the_whole_filter_can_be_ordered_by_the_killed_and_pages_go_on_with_it(run):
    app = order(run(), "killed")
    most = shipped_record().incidents.sort_values(["killed_best", "date", "row"], ascending=False)
    titles = [as_label(title) for title in most["title"]]
    assert all(title in row for title, row in zip(titles, rows(app), strict=False)) and len(rows(app)) == PAGE_ROWS
    app.session_state["session"].page_numbers["table"] = 2
    app.run()
    assert all(title in row for title, row in zip(titles[PAGE_ROWS:], rows(app), strict=False))
    assert all(title in row for title, row in zip(titles, rows(run({"order": "killed"})), strict=False)), "a link keeps the order"
    assert "order=largest" in words(run({"order": "largest"}))
    order(app, "newest")
    assert "table" not in app.session_state["session"].page_numbers, "another order begins with its first page"


def test_a_link_opens_the_page_of_its_incident_with_grade_reports_and_citation(run):
    app = run({"incident": "AFG-20220905-1"})
    shown = words(app)
    mine = shipped_record().reports.query("incident_id == 'AFG-20220905-1'")
    assert "Russian embassy" in shown and "Who says what" in shown
    assert shown.count("<tr role='row'>") == len(mine) + 1
    assert all(url.replace("&", "&#38;") in shown for url in mine["url"] if url)
    assert any("AFG-20220905-1" in code.value for code in app.code) and any(code.value.startswith("@misc") for code in app.code)
    assert "Other incidents within 2 km and 30 days" in shown


def test_the_first_founding_incident_says_who_was_aimed_at_and_that_one_report_says_both(run):
    shown = words(run({"incident": "AFG-20201201-1"}))
    assert "Intended and actual target" in shown and "Where the reports disagree" in shown


def test_previous_and_next_walk_through_the_filter_and_end_at_its_ends(run):
    app = run({"city": "Herat"})
    ids = (
        shipped_record().incidents.query("city == 'Herat'").sort_values(["date", "row"], ascending=False)["incident_id"].to_list()
    )
    app = run({"city": "Herat", "incident": ids[0]})
    assert next(button for button in app.button if button.label == "Newer").disabled
    for expected in ids[1:4]:
        press(app, "Older")
        assert app.session_state["session"].view.incident == expected
    press(app, "Newer")
    assert app.session_state["session"].view.incident == ids[2]
    press(app, "All incidents")
    assert app.session_state["session"].view.incident is None and len(rows(app)) == min(len(ids), PAGE_ROWS)


def test_an_unknown_id_gets_a_clear_message_and_the_table(run):
    app = run({"incident": "AFG-19990101-9 <b>"})
    assert "no incident of that id" in app.warning[0].value
    assert r"AFG\-19990101\-9 \<b\>" in app.warning[0].value
    assert len(rows(app)) == PAGE_ROWS


def test_an_incident_of_which_little_is_known_still_has_a_page(run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("incident_id,date,title\nBare-1,2020,Something happened\n", encoding="utf-8")
    shown = words(run({"incident": "Bare-1"}, source=path))
    assert "Something happened" in shown and "There are no reports" in shown and "no place reported; not on the map" in shown
    assert shown.count("no figure reported") == 2


def test_an_address_that_is_not_http_is_text_and_hostile_text_stays_text(run, tmp_path):
    probe = "<img src=x onerror=alert(1)>{{ 7*191 }}"
    (tmp_path / "incidents.csv").write_text(
        text({"incident_id": "H-1", "title": probe, "notes": probe, "intended_target": probe})
    )
    (tmp_path / "reports.csv").write_text(
        f'incident_id,publisher,url,says,perpetrator\nH-1,"{probe}",javascript:alert(1),"{probe}","{probe}"\nH-1,B,https://example.org/a,x,\n'
    )
    shown = words(run({"incident": "H-1"}, source=tmp_path / "incidents.csv"))
    assert "<img" not in shown and "{{" not in shown and "1337" not in shown
    assert "href='javascript" not in shown and "javascript:alert(1)" in shown
    assert "href='https://example.org/a'" in shown


def test_neighbours_are_links_that_keep_the_filter(run):
    links = [link.proto for link in run({"incident": "AFG-20170531-1", "city": "Kabul"}).get("page_link")]
    near = [link.query_string for link in links if "incident=" in link.query_string]
    assert near and all(query.startswith("city=Kabul&incident=AFG-2017") for query in near)


def test_the_order_of_a_filter_is_newest_first_and_ends_at_both_ends():
    table = record({"date": "2020-01-02"}, {"date": "2020-01-01"}, {"date": "2020-01-02"}, {"date": "2021-05-05"}).incidents
    order = Order(table)
    walk = {row: order.around(day.to_pydatetime(), row) for row, day in zip(table["row"], table["date"], strict=True)}
    assert walk == {5: (None, 4, True), 4: (5, 2, True), 2: (4, 3, True), 3: (2, None, True)}
    without = Order(table[table["row"] != 4])
    assert without.around(table["date"].iloc[2].to_pydatetime(), 4) == (5, 2, False)
    assert Order(table[table["row"] < 0]).around(table["date"].iloc[0].to_pydatetime(), 2) == (None, None, False)


def test_an_incident_that_leaves_the_file_while_it_is_open_is_told_and_the_table_comes_back(run, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text(text({"incident_id": "A-1"}, {"incident_id": "A-2"}))
    app = run({"incident": "A-2"}, source=path)
    path.write_text(text({"incident_id": "A-1"}))
    os.utime(path, (1, 1))  # long left alone
    app.run()
    assert not app.exception and "no incident of that id" in app.warning[0].value and len(rows(app)) == 1


def test_a_filter_that_nothing_passes_counts_nobody(run):
    shown = words(run({"q": "zzzzzz"}))
    note = shown.partition("0 incidents")[2].partition("<p class='atlas-note'>")[2].partition("</p>")[0]
    assert exposure(shipped_record()).note() in note and "killed" not in note and "wounded" not in note
