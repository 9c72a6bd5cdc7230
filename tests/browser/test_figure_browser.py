"""What a reader does under a chart: open its data, read the table, take the picture along, and look at each year."""

from __future__ import annotations

import csv
import io
import struct
from pathlib import Path
from xml.etree import ElementTree

import pytest

from incident_atlas.analysis.summary import by_target_type, headline
from incident_atlas.dataset.filters import Filters
from tests.support.browser import NARROW, click_chart, settle
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser

TIMELINE, YEARS, TYPES, PERPETRATORS = range(4)


def open_data(tab, chart: int):
    """The open popover under that chart."""
    button = tab.page.get_by_role("button", name="Table and image").nth(chart)
    button.scroll_into_view_if_needed()
    button.click()
    body = tab.page.locator("[data-testid=stPopoverBody]")
    body.locator("table").wait_for(timeout=15_000)
    settle(tab.page)
    return body


def download(tab, body, label: str) -> tuple[str, bytes]:
    with tab.page.expect_download(timeout=60_000) as waited:
        body.get_by_role("button", name=label).click()
    return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()


def test_the_data_under_a_chart_is_a_table_and_three_files_that_say_where_they_are_from(visit):
    tab = visit("/?city=Herat&target_type=Police")
    record = shipped_record()
    counted = Filters(city=("Herat",)).apply(record.incidents)
    types = by_target_type(counted).itertuples(index=False, name=None)
    expected = [[name, f"{n:,}", "yes" if name == "Police" else "no"] for name, n in types]
    sentence = f"{headline(counted).incidents} incidents in Herat"
    body = open_data(tab, TYPES)
    assert body.get_by_role("table", name="Incidents by target type").is_visible()
    rows = body.get_by_role("row").all()
    assert [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows] == [
        ["Target type", "Incidents", "In the filter"],
        *expected,
    ]
    assert sentence in body.inner_text(), "the chart counts all types, and so must the sentence beside its table"

    name, data = download(tab, body, "CSV")
    assert name.startswith("incident-atlas-") and name.endswith("-types.csv")
    header, *table = csv.reader(io.StringIO(data.decode("utf-8-sig")))
    assert header == ["Target type", "Incidents", "In the filter", "Cite as"] and sentence in table[0][3]
    assert [row[:3] for row in table] == [[name, n.replace(",", ""), inside] for name, n, inside in expected]
    assert not any(row[3] for row in table[1:])

    name, data = download(tab, body, "SVG")
    words = " ".join(ElementTree.fromstring(data).itertext())
    assert name.endswith("-types.svg") and "Incidents by target type" in words and sentence in words
    assert record.source.sha256[:12] in words and "Data for Herat to" in words and "city=Herat" in words
    assert ElementTree.fromstring(data).find("{http://www.w3.org/2000/svg}rect").get("fill") == "#FFFFFF"

    name, data = download(tab, body, "PNG")
    assert name.endswith("-types.png") and data.startswith(b"\x89PNG") and struct.unpack(">II", data[16:24])[0] > 1400
    assert tab.foreign == []


def test_a_chart_links_to_its_list_of_incidents(visit):
    tab = visit("/?city=Herat")
    open_data(tab, YEARS).get_by_role("link", name="List the incidents of the filter").click()
    tab.page.wait_for_url("**/incidents?**city=Herat**", timeout=15_000)


def test_the_picture_is_in_the_colours_of_the_reader_and_fits_a_phone(visit):
    tab = visit("/", size=NARROW, scheme="dark")
    body = open_data(tab, PERPETRATORS)
    box = body.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= NARROW[0]
    assert box["height"] > 300 and box["y"] >= 0 and box["y"] + box["height"] <= NARROW[1], "it opened where the window ends"
    _, data = download(tab, body, "SVG")
    assert ElementTree.fromstring(data).find("{http://www.w3.org/2000/svg}rect").get("fill") == "#12161B"
    assert tab.foreign == []


def test_perpetrators_by_year_filter_as_the_bars_do_and_the_choice_survives_another_page(visit):
    tab = visit("/?city=Kabul")
    tab.page.get_by_role("radiogroup").get_by_text("By year", exact=True).click()
    settle(tab.page)
    click_chart(tab.page, PERPETRATORS, 0.02, 60)
    tab.page.wait_for_url("**perpetrator=Taliban**", timeout=15_000)
    settle(tab.page)
    click_chart(tab.page, PERPETRATORS, 0.02, 60)
    tab.page.wait_for_function("!location.search.includes('perpetrator')", timeout=15_000)
    settle(tab.page)
    tab.page.get_by_role("link", name="About the record").click()
    tab.page.get_by_role("heading", name="About the record").wait_for()
    tab.page.get_by_role("link", name="Map", exact=True).first.click()
    tab.page.get_by_text("One scale for all").wait_for(timeout=20_000)
    settle(tab.page)
    body = open_data(tab, PERPETRATORS)
    assert body.get_by_role("table", name="Incidents by suspected perpetrator and year").is_visible()


def test_a_total_that_one_attack_makes_is_told_without_it(visit):
    tab = visit("/?target_subtype=Embassy%2FConsulate")
    text = tab.page.locator(".atlas-figures").inner_text()
    assert text.count("excluding the deadliest, 31 May 2017: ") == text.count("excluding the largest, 31 May 2017: ") == 1
