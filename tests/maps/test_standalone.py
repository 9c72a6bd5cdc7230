"""The page in one file: all text is data, nothing is fetched, and it says when it holds less than everything."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pandas as pd
import pytest

from incident_atlas.analysis import summary
from incident_atlas.core.schema import REPORT_NAMES
from incident_atlas.dataset.citation import cite
from incident_atlas.dataset.load import Loaded, load
from incident_atlas.maps import offline_page
from tests.support import tiny
from tests.support.record import shipped_record
from tests.support.tiny import PROBES


def page(loaded: Loaded, **options) -> str:
    head = summary.headline(loaded.incidents)
    citation = cite(loaded, "All of it.", "http://localhost/?q=a", head)
    return offline_page.standalone_html(loaded.incidents, loaded.reports, citation, head, **options).decode()


def page_data(loaded: Loaded, **options) -> dict:
    island = re.search(r'<script type="application/json" id="data">(.*?)</script>', page(loaded, **options), re.DOTALL)
    return json.loads(island[1])


def test_a_page_of_no_incident_is_a_page():
    data = page_data(tiny.record())
    assert data["incidents"] == [] and data["figures"][0][0] == "0"


def test_a_blank_figure_is_written_out():
    data = page_data(tiny.record({"killed": "", "wounded": "0"}))
    assert data["incidents"][0][5:7] == ["no figure reported", "0"]


@pytest.mark.parametrize("probe", PROBES)
def test_text_in_the_standalone_page_is_data_that_cannot_leave_its_element(probe):
    data = page_data(tiny.record({"title": probe, "place": probe}))
    assert data["incidents"][0][2] == probe


def test_the_standalone_page_names_no_file_or_address_to_load():
    whole = page(shipped_record())
    shell = re.sub(r"<script.*?</script>", "", whole, flags=re.DOTALL)
    typeface = re.findall(r"url\([\"']data:font/woff2;base64,[A-Za-z0-9+/=]+[\"']\)", shell)
    assert len(typeface) == 1, "the typeface is not in the page itself"
    assert not re.search(r"\b(src|href)=|url\(|@import", shell.replace(typeface[0], ""))
    assert "sourceMappingURL" not in whole
    assert "default-src 'none'" in shell and "unsafe-eval" not in shell
    assert len(re.findall("'sha256-", shell)) == 3


def test_only_http_and_https_become_links_in_the_standalone_page(tmp_path):
    (tmp_path / "incidents.csv").write_text(tiny.text({}), encoding="utf-8")
    urls = ["https://example.org/a", "javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", ""]
    blank = dict.fromkeys(REPORT_NAMES, "")
    pd.DataFrame([blank | {"incident_id": "T-1", "publisher": "P", "url": url} for url in urls]).to_csv(
        tmp_path / "reports.csv", index=False
    )
    sources = page_data(load(tmp_path / "incidents.csv"))["incidents"][0][9]
    assert [url for _, url in sources] == ["https://example.org/a", None, None, None, None]


def test_a_standalone_page_that_would_be_too_large_holds_the_newest_and_says_so(monkeypatch):
    monkeypatch.setattr(offline_page, "MOST_INCIDENTS", 2)
    data = page_data(tiny.record({"date": "2001-01-01"}, {"date": "2003-01-01"}, {"date": "2002-01-01"}))
    assert [one[0] for one in data["incidents"]] == ["T-2", "T-3"]
    assert "newest 2 incidents" in data["notes"][-1] and "1 older" in data["notes"][-1]
    assert data["figures"][0][0] == "3", "the figures count all of them"


@pytest.mark.parametrize(("incident", "selected"), [("T-2", "T-2"), ("T-9", None), ("<b>", None), (None, None)])
def test_only_an_incident_of_the_page_is_selected_in_it(incident, selected):
    assert page_data(tiny.record({}, {}), incident=incident)["selected"] == selected


def test_what_the_totals_hold_beside_what_was_asked_for_stands_under_them():
    loaded = tiny.record({})
    head = summary.headline(loaded.incidents)
    citation = replace(cite(loaded, "All of it.", "http://localhost/", head), figures="The figures are of whole incidents.")
    made = offline_page.standalone_html(loaded.incidents, loaded.reports, citation, head).decode()
    data = json.loads(re.search(r'id="data">(.*?)</script>', made, re.DOTALL)[1])
    assert data["notes"][-1] == citation.figures and ["Figures", citation.figures] in data["citation"]
