"""The files as a person opens them: the standalone page from a folder without internet, and real downloads from the page."""

from __future__ import annotations

import io
import json
import struct
import time
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import expect

from incident_atlas.analysis import summary
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.filters import Filters
from incident_atlas.dataset.headline_text import without_largest
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.maps import offline_page
from incident_atlas.maps.clusters import map_areas, map_marks
from incident_atlas.theme import BASE_MAP
from tests.project.test_texts import in_brackets, left_out
from tests.support import tiny
from tests.support.browser import NARROW, WIDE, open_visit, settle
from tests.support.pseudo_language import OPEN
from tests.support.record import shipped_record

pytestmark = pytest.mark.browser

PROBES = [
    "{{ 7*191 }} {% raw %}",
    "${document.title='x'}`",
    "<img src=x onerror=document.title='x'>",
    "![x](http://example.com/x.png)",
    '=HYPERLINK("http://example.com","x")',
    "</script><script>document.title='x'</script>",
    "<!--<script>",
]
BLANK = dict.fromkeys(REPORT_NAMES, "")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A record whose every text is a probe, with reports whose addresses are probes too."""
    folder = tmp_path_factory.mktemp("hostile")
    texts = ("title", "summary", "place", "target_name", "notes")
    rows = [
        dict.fromkeys(texts, probe) | {"city": "Kabul" if i % 2 else "Herat", "target_country": probe}
        for i, probe in enumerate(PROBES)
    ]
    (folder / "incidents.csv").write_text(tiny.text(*rows), encoding="utf-8")
    urls = ["javascript:document.title='x'", "http://example.com/x.png", *PROBES[2:]]
    reports = [
        BLANK | {"incident_id": f"T-{i}", "publisher": probe, "url": url}
        for i, (probe, url) in enumerate(zip(PROBES, urls, strict=True), 1)
    ]
    pd.DataFrame(reports).to_csv(folder / "reports.csv", index=False)
    return folder / "incidents.csv"


@pytest.fixture
def opened(chromium, tmp_path):
    """`opened(loaded, ...)`: its standalone page, opened from a folder, with everything it asked for and complained of."""
    windows = []

    def go(loaded: Loaded, sentence: str = "All of it.", size=WIDE, scheme="light", **view):
        head = summary.headline(loaded.incidents)
        citation = cite(loaded, sentence, "http://localhost:8501/?q=a", head)
        path = tmp_path / "page.html"
        path.write_bytes(offline_page.standalone_html(loaded.incidents, loaded.reports, citation, head, **view))
        window = open_visit(chromium, path.as_uri(), size, scheme)
        windows.append(window)
        page = window.__enter__().page
        page.asked, page.complaints = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_timeout(500)
        return page

    yield go
    for window in windows:
        window.__exit__(None, None, None)


def alone(page) -> bool:
    """It asked for itself only, and the browser had nothing to refuse it."""
    return page.asked == [page.url] and page.complaints == []


def zoom(page) -> float:
    return float(page.get_attribute("#map", "data-zoom"))


def counted(page) -> int:
    labels = page.locator("#map .leaflet-marker-pane .atlas-mark").all_inner_texts()
    return sum(int(label.replace(",", "")) if label.replace(",", "").isdigit() else 1 for label in labels)


def test_the_standalone_page_speaks_the_language_of_its_reader(chromium, tmp_path):
    """In the language of brackets, with dates chosen and without: what a reader sees, and what the marks say aloud."""
    path = tmp_path / "page.html"
    path.write_text(in_brackets(tmp_path, offline_page=True)["offline_page"], encoding="utf-8")
    with open_visit(chromium, path.as_uri()) as tab:
        page = tab.page
        page.goto(path.as_uri())
        titles = shipped_record().incidents["title"]
        for chosen in ("", "2021-01-01"):
            page.fill("#from", chosen)
            page.dispatch_event("#from", "change")
            page.wait_for_timeout(500)
            shown = page.locator(
                "#placed, #legend, #charts, #listed, #all, #figures, #uncertain, thead, footer h2"
            ).all_inner_texts()
            spoken = page.locator("#map, .leaflet-marker-icon").evaluate_all("all => all.map((one) => one.ariaLabel || '')")
            # A mark of one incident says its title, which is of the record.
            spoken = [text for text in spoken if not any(title in text for title in titles)]
            assert sum(OPEN in text for text in shown) > 5 and sum(OPEN in text for text in spoken) > 5
            assert {text[:80]: left_out(text) for text in (*shown, *spoken) if left_out(text)} == {}


def test_the_standalone_page_shows_map_headline_table_and_citation_and_asks_nobody(opened):
    loaded = shipped_record()
    page = opened(loaded, sentence="509 incidents.")
    head = summary.headline(loaded.incidents)
    assert page.title() == page.inner_text("h1") == "509 incidents."
    assert page.inner_text("#figures b") == f"{head.incidents:,}"
    assert counted(page) == head.placed
    assert (
        page.inner_text("#placed")
        == f"{head.placed:,} of {head.incidents:,} incidents on the map, {head.unplaced:,} with no known location."
    )
    assert page.locator("tbody tr").count() == head.incidents
    assert loaded.source.sha256 in page.inner_text("#citation") and "CC BY 4.0" in page.inner_text("#citation")
    assert alone(page), (page.asked, page.complaints)


def test_the_marks_of_the_standalone_page_are_those_of_the_dashboard(opened):
    loaded = shipped_record()
    page = opened(loaded)
    labels = page.locator("#map .leaflet-marker-pane .atlas-mark").all_inner_texts()
    marks = map_marks(loaded.incidents, zoom(page))
    assert sorted(int(label) for label in labels) == sorted(marks["incidents"])
    names = page.locator("#map .atlas-province").evaluate_all("marks => marks.map((mark) => [mark.dataset.name, mark.innerText])")
    assert ["Herat province", str((loaded.incidents["province"] == "Herat").sum())] in names


def test_near_by_the_standalone_page_lists_what_is_known_only_to_an_area_as_the_dashboard_does(opened):
    loaded = shipped_record()
    box = (34.44, 69.02, 34.62, 69.33)
    page = opened(loaded, bounds=box)
    [first, *_] = page.locator("#map .atlas-areas button").all_inner_texts()
    most = map_areas(loaded.incidents, zoom(page), box)["incidents"].iloc[0]
    assert first == f"{most} known only to Kabul" and page.locator("#map .atlas-ring").count() == 0
    page.locator("#map .atlas-areas button").first.click()
    assert page.inner_text("h2#listed") == f"{most} incidents chosen"


def test_a_mark_chosen_on_the_standalone_map_lists_its_incidents_and_a_title_shows_its_ring(opened):
    street = {"latitude": "34.52", "longitude": "69.10", "geo_precision": "street", "title": "Known to the street"}
    page = opened(tiny.record({"city": "Herat", "title": "Known to the city"}, {"city": "Herat"}, street))
    page.locator("#map .atlas-mark", has_text="2").click()
    assert page.locator("tbody tr").count() == 2 and page.inner_text("h2#listed") == "2 incidents chosen"
    page.get_by_role("button", name="Show all incidents").click()
    assert page.locator("tbody tr").count() == 3
    page.locator("#table").get_by_role("button", name="Known to the street").click()
    page.wait_for_timeout(300)
    assert page.locator("#map path[stroke='#E69F00']").count() > 0
    assert page.locator("#map .atlas-selected").count() == 1
    assert alone(page), (page.asked, page.complaints)


def test_the_standalone_page_opens_at_the_view_and_incident_of_the_reader(opened):
    loaded = shipped_record()
    page = opened(loaded, bounds=(34.28, 62.08, 34.43, 62.3), incident=loaded.incidents["incident_id"].iloc[0])
    assert page.locator("tbody tr.chosen").count() == 1
    labels = page.locator("#map .atlas-label").all_inner_texts()
    assert {"Jibrail", "Herat\nهرات"} & set(labels), labels
    assert 0 < counted(page) < 200


def test_hostile_text_is_shown_as_text_in_the_standalone_page_and_runs_nowhere(opened, hostile):
    loaded = load(hostile)
    sentence = "7 incidents, matching “" + " ".join(PROBES) + "”."
    page = opened(loaded, sentence=sentence)
    assert page.title().split() == sentence.split()
    assert page.inner_text("h1").split() == sentence.split()
    table = page.inner_text("#table")
    for probe in PROBES:
        assert probe in table
    page.locator("#map .atlas-mark").first.hover()
    page.wait_for_timeout(300)
    # The relief of the base map is the only picture.
    assert page.locator("body img:not(.leaflet-image-layer)").count() == 0
    assert "1337" not in page.inner_text("body")
    assert [one.get_attribute("href") for one in page.locator("#table a").all()] == ["http://example.com/x.png"]
    assert alone(page), (page.asked, page.complaints)


@pytest.mark.parametrize("probe", PROBES)
def test_hostile_text_is_shown_as_text_when_a_mark_is_pointed_at(opened, probe):
    page = opened(tiny.record({"title": probe, "city": "Kabul"}))
    page.locator("#map .atlas-mark").first.hover()
    page.wait_for_timeout(300)
    assert probe in page.inner_text(".leaflet-tooltip")
    assert page.locator("#map img:not(.leaflet-image-layer)").count() == 0
    assert page.title() == "All of it." and alone(page), (page.asked, page.complaints)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_standalone_page_fits_its_window_and_follows_the_colour_scheme(opened, size, scheme):
    page = opened(shipped_record(), size=size, scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    background = {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 22, 27)"}[scheme]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == background
    water = BASE_MAP[scheme].water
    channels = ", ".join(str(int(water[at : at + 2], 16)) for at in (1, 3, 5))
    assert page.evaluate("getComputedStyle(document.getElementById('map')).backgroundColor") == f"rgb({channels})"


# --- from the app


def menu(tab):
    tab.page.get_by_role("button", name="Share and export").click()
    tab.page.get_by_text("Tables for Excel").wait_for(timeout=15_000)
    settle(tab.page)


def download(tab, words: str) -> tuple[str, bytes]:
    with tab.page.expect_download(timeout=60_000) as waited:
        tab.page.get_by_role("button", name=words).click()
    return waited.value.suggested_filename, Path(waited.value.path()).read_bytes()


def test_every_file_is_downloaded_through_the_menu_and_holds_what_is_visible(visit, tmp_path):
    tab = visit("/?city=Herat")
    sentence = tab.page.locator(".atlas-sentence").first.inner_text()
    expected = int((shipped_record().incidents["city"] == "Herat").sum())
    menu(tab)
    assert tab.page.locator("[data-testid=stCode]").first.inner_text().strip().endswith("?city=Herat")

    name, data = download(tab, "Tables for Excel")
    assert name.startswith("incident-atlas-") and name.endswith(".zip")
    folder = zipfile.ZipFile(io.BytesIO(data))
    folder.extractall(tmp_path)
    back = load(tmp_path / "incidents.csv")
    assert len(back.incidents) == expected and len(back.problems) == 0
    assert sentence in folder.read("CITATION.txt").decode("utf-8-sig")

    name, data = download(tab, "GeoJSON")
    assert name.endswith(".geojson") and len(json.loads(data)["features"]) == expected
    assert json.loads(data)["metadata"]["sentence"] == sentence

    name, data = download(tab, "The map as a picture")
    assert name.endswith(".png") and struct.unpack(">II", data[16:24])[0] > 2000

    name, data = download(tab, "offline")
    assert name.endswith(".html") and sentence in data.decode()
    assert tab.foreign == []


def test_the_link_follows_the_map_without_a_rerun_of_the_page(visit):
    tab = visit("/")
    frame = tab.page.frame_locator("iframe[title*='folium']")
    frame.locator(".atlas-mark").first.wait_for(timeout=20_000)
    frame.locator(".atlas-places a", has_text="Kabul").click()
    tab.page.wait_for_url("**zoom=**", timeout=15_000)
    menu(tab)
    deadline = time.monotonic() + 10
    while "zoom=" not in (link := tab.page.locator("[data-testid=stCode]").first.inner_text()) and time.monotonic() < deadline:
        tab.page.wait_for_timeout(100)
    assert "lat=34.5" in link and "zoom=" in link


def test_a_hostile_record_is_exported_from_the_app_as_text(visit, start_app, hostile):
    tab = visit("/", app=start_app(INCIDENTS_SOURCE=str(hostile)))
    menu(tab)
    _, data = download(tab, "Tables for Excel")
    table = zipfile.ZipFile(io.BytesIO(data)).read("incidents.csv").decode("utf-8-sig")
    assert "'=HYPERLINK" in table and ",=HYPERLINK" not in table and ',"=HYPERLINK' not in table
    assert "not stated here" in zipfile.ZipFile(io.BytesIO(data)).read("CITATION.txt").decode("utf-8-sig")
    _, data = download(tab, "The map as a picture")
    assert data.startswith(b"\x89PNG")
    assert tab.foreign == [] and "x" != tab.page.title()


# --- the dates of the page in one file


def bars_of(page, name: str) -> dict[str, int]:
    rows = page.locator(f"#{name} li").evaluate_all(
        "lines => lines.map((line) => [line.children[0].innerText, line.children[2].innerText])"
    )
    return {label: int(n.replace(",", "")) for label, n in rows}


def test_a_total_that_may_be_more_than_nobody_is_a_range_in_the_standalone_page_too(opened):
    loaded = tiny.record({"date": "2020-01-05", "killed_high": "5"}, {"date": "2021-01-05", "killed": "9"})
    page = opened(loaded)
    page.fill("#to", "2020-06-01")
    page.wait_for_timeout(300)
    head = summary.headline(Filters(until=date(2020, 6, 1)).apply(loaded.incidents))
    shown = page.locator("#figures > div").all_inner_texts()[1]
    assert shown.split()[0] == head.killed.parts()[0] == "0–5" and "range" not in shown


def test_chosen_dates_of_the_standalone_page_keep_the_total_without_the_largest_and_the_uncertain_dates(opened):
    loaded = shipped_record()
    page = opened(loaded)
    uncertain_year = {"since": date(2005, 7, 10), "until": date(2005, 7, 20)}
    for days in ({"since": date(2017, 1, 1), "until": date(2017, 6, 30)}, {"since": date(2021, 6, 1)}, uncertain_year):
        page.fill("#from", days["since"].isoformat())
        page.fill("#to", str(days.get("until", "")))
        page.wait_for_timeout(300)
        chosen = Filters(**days)
        head = summary.headline(chosen.apply(loaded.incidents))
        shown = page.locator("#figures > div").all_inner_texts()
        for text, rest in zip(shown, without_largest(head), strict=True):
            assert text.endswith(rest) and ("excluding the " in text) == bool(rest)
        n = chosen.uncertain_dates(loaded.incidents)
        assert page.inner_text("#uncertain").startswith(f"{n} incident") if n else page.inner_text("#uncertain") == ""
    assert n, "some incident of July 2005 is known only to the month"
    page.get_by_role("button", name="All dates").click()
    assert page.inner_text("#uncertain") == ""


def test_the_dates_of_the_standalone_page_move_its_figures_map_charts_and_table(opened):
    loaded = shipped_record()
    page = opened(loaded)
    page.fill("#from", "2017-03-10")
    page.fill("#to", "2018-06-20")
    page.wait_for_timeout(300)
    chosen = Filters(since=date(2017, 3, 10), until=date(2018, 6, 20)).apply(loaded.incidents)
    head = summary.headline(chosen)
    shown = page.locator("#figures > div").all_inner_texts()
    assert [text.split()[0] for text in shown[:3]] == [f"{n:,}" for n in (head.incidents, head.killed.best, head.wounded.best)]
    assert head.killed.parts()[1] in shown[1] and head.wounded.parts()[1] in shown[2]
    assert counted(page) == head.placed and page.locator("tbody tr").count() == head.incidents
    types = summary.by_target_type(chosen).set_index("target_type")["incidents"]
    few = bars_of(page, "types")
    assert all(few[name] == n for name, n in types.items() if name in few) and len(few) >= min(len(types), 12)
    names = summary.by_perpetrator(chosen).groupby("perpetrator")["incidents"].sum().to_dict()
    assert {name: n for name, n in bars_of(page, "perpetrators").items() if name != "all others"}.items() <= names.items()
    years = summary.by_year(loaded.incidents).set_index("year")["incidents"]
    assert bars_of(page, "years") == {str(year): n for year, n in years.items()}, "years outside the dates are pale, not gone"
    assert page.locator("#years li.pale").count() == len(years) - 2
    page.get_by_role("button", name="All dates").click()
    assert (
        page.inner_text("#figures b") == f"{len(loaded.incidents):,}"
        and counted(page) == summary.headline(loaded.incidents).placed
    )
    assert alone(page), (page.asked, page.complaints)


def test_a_press_on_the_standalone_timeline_is_a_month_and_again_all_of_it(opened):
    loaded = shipped_record()
    page = opened(loaded)
    bar = page.locator("#timeline rect", has=page.locator("title", has_text="May 2017"))
    n = int(bar.locator("title").text_content().split(": ")[1].split()[0])
    for rows in (n, len(loaded.incidents)):
        page.locator("#timeline").scroll_into_view_if_needed()
        box = page.locator("#timeline rect", has=page.locator("title", has_text="May 2017")).bounding_box()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] - 2)
        # Rows of a long table come a few hundred at a time.
        expect(page.locator("tbody tr")).to_have_count(rows, timeout=15_000)
    assert page.input_value("#from") == ""


def test_a_standalone_page_of_no_incident_has_no_charts(opened):
    page = opened(tiny.record())
    assert not page.locator("#charts").is_visible() and alone(page), (page.asked, page.complaints)
