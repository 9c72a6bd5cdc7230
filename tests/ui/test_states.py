"""What a reader sees first, and what when there is nothing to see."""

import pytest

from incident_atlas.dataset.filters import Filters
from tests.support.pages import words
from tests.support.record import shipped_record

EXAMPLES = "For example:"


def links(app) -> list:
    return [element.proto for element in app.get("page_link")]


def test_a_first_visit_offers_examples_that_find_something_and_a_chosen_filter_does_not(run_page):
    app = run_page("app.py")
    offered = [
        link
        for link in links(app)
        if link.label in ("Attacks on embassies", "Kabul before and after August 2021", "Mosques in Herat")
    ]
    assert EXAMPLES in words(app) and len(offered) == 3
    for query in ({"target_subtype": ["Embassy/Consulate"]}, {"target_subtype": ["Place of Worship"], "city": ["Herat"]}):
        chosen, ignored = Filters.from_query(query, shipped_record().options)
        assert not ignored and len(chosen.apply(shipped_record().incidents))
    assert EXAMPLES not in words(run_page("app.py", query={"city": ["Kabul"]}))


def test_a_record_without_the_terms_of_the_examples_offers_none(run_page, tmp_path):
    path = tmp_path / "mine.csv"
    path.write_text("incident_id,date,title,city\nA-1,2020-01-02,One,Kandahar\n", encoding="utf-8")
    assert EXAMPLES not in words(run_page("app.py", source=path))


@pytest.mark.parametrize("page", ["app.py", "pages/incidents.py"])
def test_an_empty_result_says_so_once_draws_nothing_and_offers_a_way_out(run_page, page):
    app = run_page(page, query={"q": ["zzzzzz"]})
    assert words(app).count("No incident matches all of these filters.") == 1
    assert not app.get("vega_lite_chart") and not len(app.dataframe) and not app.exception
    app.button(key="without-q").click().run()
    assert "No incident matches" not in words(app) and not app.exception and ">0 incidents" not in words(app)


def test_an_empty_search_names_the_word_that_finds_nothing_and_leaves_it_out_at_a_click(run_page):
    app = run_page("pages/incidents.py", query={"q": ["Russian embassy in Zzzzzz"]})
    assert "Nothing in the record matches “Zzzzzz”." in words(app)
    app.button(key="without-word-0").click().run()
    assert "matching “Russian embassy”" in words(app) and ">0 incidents" not in words(app) and not app.exception


def test_a_search_for_words_that_do_not_go_together_offers_the_rest_of_it(run_page):
    app = run_page("pages/incidents.py", query={"q": ["Kabul August 2021 Herat"]})
    assert "No incident matches" in words(app) and "Nothing in the record" not in words(app)
    app.button(key="without-word-0").click().run()
    assert "No incident matches" not in words(app) and not app.exception


def test_dates_without_incidents_leave_the_timeline_to_choose_others(run_page):
    app = run_page("app.py", query={"city": ["Herat"], "from": ["2002-01-01"], "to": ["2002-01-02"]})
    assert words(app).count("No incident matches") == 1 and app.get("vega_lite_chart")
    app.button(key="without-dates").click().run()
    assert "No incident matches" not in words(app) and not app.exception
