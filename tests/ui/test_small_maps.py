"""The Map page as a grid of small maps: its address, its links, what it offers, and what it says when there is nothing to draw."""

from __future__ import annotations

import pytest

from tests.support.pages import address_parameters, opened, words
from tests.support.record import shipped_record


def links(app) -> list[tuple[str, str]]:
    """Label and query of the link of every panel."""
    return [
        (one.proto.label, one.proto.query_string)
        for one in app.get("page_link")
        if one.proto.label.startswith("**") and one.proto.query_string is not None
    ]


@pytest.mark.parametrize("by", ["year", "perpetrator"])
def test_an_address_shows_the_grid_and_every_panel_leads_to_the_map_under_its_filter(by):
    app = opened("app.py", {"city": "Kabul", "grid": by, "measure": "killed"})
    assert not app.get("component_instance") and address_parameters(app)["grid"] == [by]
    found = links(app)
    assert len(found) >= 5 and all(
        "city=Kabul" in query and "grid" not in query and "measure=killed" in query for _, query in found
    )
    expected = {"year": "from=2017-01-01&to=2017-12-31", "perpetrator": "perpetrator=Taliban"}[by]
    assert any(expected in query for _, query in found)


def test_months_of_one_year_come_from_the_dates_or_are_asked_for():
    app = opened("app.py", {"grid": "month"})
    assert "Choose the year" in words(app) and not links(app)
    app.selectbox(key="w:grid-year").set_value(2017).run()
    assert not app.exception and len(links(app)) == 12
    assert (
        address_parameters(app)["from"] == ["2017-01-01"]
        and address_parameters(app)["to"] == ["2017-12-31"]
        and address_parameters(app)["grid"] == ["month"]
    )
    n = (shipped_record().incidents["year"] == 2017).sum()
    assert sum(int(label.split(":gray[")[1].split(" ")[0]) for label, _ in links(app)) == n


def test_a_button_beside_the_map_opens_the_grid_and_another_closes_it():
    app = opened("app.py", {"from": "2017-01-01", "to": "2017-12-31"})
    app.button(key="small-maps").click().run()
    assert address_parameters(app)["grid"] == ["month"] and len(links(app)) == 12
    app.button(key="one-map").click().run()
    assert "grid" not in address_parameters(app) and app.get("component_instance")


def test_a_filter_without_an_incident_draws_no_map_and_says_so_once():
    app = opened("app.py", {"city": "Herat", "min_killed": "900", "grid": "year"})
    assert not links(app) and not app.exception and words(app).count("No incident matches") == 1


def test_what_the_address_cannot_ask_for_is_said():
    app = opened("app.py", {"grid": "<b>week</b>"})
    assert "Ignored in the address: grid=&#60;b&#62;week" in words(app) and app.get("component_instance")


def test_the_grid_stands_alone_in_a_frame_without_controls():
    app = opened("app.py", {"grid": "year", "show": "map", "city": "Herat"})
    text = words(app)
    assert not app.exception and len(links(app)) >= 20 and "Open in Incident Atlas" in text
    assert not app.button and not app.get("button_group") and all("show=map" in query for _, query in links(app))
