"""Every page that counts days says which area ends them, where areas were collected to different days."""

from __future__ import annotations

import pytest

from tests.dataset.test_exposure import ENDS, written
from tests.support.pages import words

HERAT = "Data for Herat to "


@pytest.mark.parametrize(
    ("page", "query"),
    [
        ("app.py", {}),
        ("pages/incidents.py", {}),
        ("pages/compare.py", {"first": "2017-01-01:2018-12-31", "second": "2019-01-01:2020-12-31"}),
        ("pages/nearby.py", {"at": "34.35,62.2", "km": "20"}),
    ],
)
def test_a_page_names_the_area_that_ends_its_days(run_page, tmp_path, page, query):
    source = written(tmp_path, ENDS)
    herat = query if "at" in query else query | {"city": "Herat"}
    kabul = query | {"at": "34.5289,69.1725", "km": "5"} if "at" in query else query | {"city": "Kabul"}
    assert HERAT in words(run_page(page, herat, source=source))
    assert "Data to 20 Nov 2026." in words(run_page(page, kabul, source=source))


def test_the_rate_beside_a_place_is_over_the_days_of_its_area(run_page, tmp_path):
    page = words(run_page("pages/nearby.py", {"at": "34.35,62.2", "km": "20"}, source=written(tmp_path, ENDS)))
    assert "1 Jan 2015 to 31 Dec 2022" in page and "<b>1 <small>" in page
