"""The Claims page: a card for each claim, one alone by its link, and words where a row or a table cannot be used."""

from __future__ import annotations

import html
import os
import re

import pytest
from streamlit.testing.v1 import AppTest

from incident_atlas.analysis.claims.claims_csv import COLUMNS, read
from incident_atlas.analysis.claims.verdict import judge_all, tally
from tests.support import pages, tiny
from tests.support.browser import NARROW, settle
from tests.support.pages import address_parameters
from tests.support.record import shipped_record

PAGE = "pages/claims.py"
HEADER = ",".join(COLUMNS)
TALIBAN = {"perpetrator": "Taliban", "attribution": "claimed"}


def words(app: AppTest) -> str:
    """What the page says, the lines that open to a card included."""
    lines = " ".join(re.sub(r"\\(.)", r"\1", line.label) for line in app.expander)
    return f"{lines} {html.unescape(pages.words(app))}"


@pytest.fixture
def own(tmp_path):
    """`own(row, ...)`: a record of two incidents with a table of claims of these rows beside it."""

    def write(*rows: str, content: bytes | None = None):
        path = tmp_path / "mine.csv"
        path.write_text(tiny.text({"date": "2010-01-01"}, {"date": "2019-12-31"}), encoding="utf-8")
        (tmp_path / "claims.csv").write_bytes("\n".join([HEADER, *rows]).encode() if content is None else content)
        return path

    return write


def test_it_says_what_the_code_says_of_each_claim(run_page):
    app, judged = run_page(PAGE), judge_all(shipped_record(), read()[0])
    assert tally(judged) in words(app)
    for claim, answer in judged:
        assert all(text in words(app) for text in (claim.text, answer.finding, " ".join(answer.why), claim.question))
    assert len(app.get("vega_lite_chart") or app.get("arrow_vega_lite_chart")) == 9
    assert not app.multiselect and not app.slider


def test_a_link_shows_one_claim_alone_and_a_button_shows_all_again(run_page):
    app = run_page(PAGE, {"claim": "only-four-embassies"})
    assert "Only four foreign embassies" in words(app) and "Attacks on Russian diplomats" not in words(app)
    assert "One of 11 claims: contradicted." in words(app)
    app.button[0].click().run()
    assert "Attacks on Russian diplomats" in words(app) and "claim" not in address_parameters(app)


def test_the_address_of_the_claims_holds_no_filter(run_page):
    app = run_page("app.py", {"city": "Herat"})
    app.switch_page(PAGE).run()
    assert address_parameters(app) == {} and app.session_state["session"].filters.city == ("Herat",)
    assert address_parameters(run_page(PAGE, {"claim": "only-four-embassies", "city": "Herat"})) == {
        "claim": ["only-four-embassies"]
    }


def test_a_record_without_incidents_is_told_once(run_page, own):
    path = own("mine,It is so.,,,,,target_type=Police,rarer than,1 a year,,,,")
    path.write_text(tiny.text(), encoding="utf-8")
    shown = words(run_page(PAGE, source=path))
    assert "1 claim, not asked" in shown and shown.count("has no incidents") == 1


@pytest.mark.parametrize("probe", [*tiny.PROBES, "nothing"])
def test_a_claim_that_is_none_is_refused_and_told(run_page, probe):
    app = run_page(PAGE, {"claim": probe})
    assert f"Ignored in the address: claim={probe}" in words(app) and "Attacks on Russian diplomats" in words(app)
    assert "<img" not in pages.words(app)


def test_the_claims_beside_another_record_are_asked_and_asked_again_when_they_change(run_page, own, tmp_path):
    row = "mine,It is so.,,,,,target_type=Police,rarer than,1 a year,,,,"
    app = run_page(PAGE, source=own(row))
    assert "1 claim: 1 cannot be determined." in words(app) and "no source stated" in words(app)
    claims = tmp_path / "claims.csv"
    claims.write_text("\n".join([HEADER, row.replace("1 a year", "few")]), encoding="utf-8")
    os.utime(claims, ns=(1, 1))
    app.run()
    assert "is no rate" in words(app) and "1 claim: 1 cannot be asked." in words(app)
    assert "<dt>Line</dt><dd>2</dd>" in words(app) and "<dt>Value</dt><dd>few</dd>" in words(app)


def test_hostile_claims_are_shown_as_text(run_page, own):
    rows = []
    for n, probe in enumerate(tiny.PROBES):
        cell = probe.replace('"', "'")
        rows.append(f'"{n}{cell}","{cell}","{cell}",javascript:alert(1),"{cell}",app.py,,at least,1 incident,"{cell}",,')
        rows.append(f'"x{n}{cell}","{cell}","{cell}",,"{cell}","{cell}","{cell}","{cell}","{cell}","{cell}","{cell}","{cell}"')
    app = run_page(PAGE, source=own(*rows))
    shown = pages.words(app)
    assert all(mark not in shown for mark in ("<img", "</script", "{{", "${", "javascript:", "1337"))
    assert all(probe.replace('"', "'") in words(app) for probe in tiny.PROBES)
    assert not app.markdown


@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\x00\x01" * 500], ids=["empty", "strange", "binary"])
def test_a_table_that_cannot_be_used_is_a_message(run_page, own, content):
    app = run_page(PAGE, source=own(content=content))
    assert app.warning[0].value == "The table of claims cannot be used." and len(app.text[0].value) > 20
    assert "Data to 31 Dec 2019" in words(app)


@pytest.mark.browser
def test_look_at_it_opens_the_page_with_the_filter_and_a_link_shows_one_claim_alone(visit):
    tab = visit("/claims")
    tab.page.locator(".st-key-claims [data-testid=stExpander] > details > summary").first.click()
    settle(tab.page)
    tab.page.get_by_role("link", name="Open on the map").first.click()
    tab.page.wait_for_url("**target_country=Russia**")
    settle(tab.page)
    assert tab.page.get_by_role("heading", name="0 incidents, April 2019 to November 2020").count() == 1
    tab.goto("/claims")
    card = tab.page.get_by_test_id("stExpander").filter(has_text="Violence in Afghanistan")
    card.locator("summary").first.click()
    settle(tab.page)
    card.get_by_role("link", name="Link to this claim").click()
    tab.page.wait_for_url("**claim=violence-declined")
    settle(tab.page)
    assert tab.page.locator(".atlas-claim").count() == 1
    tab.page.get_by_role("link", name="Open on Compare").click()
    tab.page.wait_for_url("**/compare?**")
    settle(tab.page)
    assert tab.page.get_by_role("heading", name=re.compile(r": \d+ incidents before, \d+ after")).count() == 1
    assert tab.page.get_by_role("columnheader", name="15 Aug 2021 to 5 Sep 2022").count() == 1
    assert tab.foreign == []


@pytest.mark.browser
def test_back_from_the_page_that_shows_a_claim_leads_to_the_claims(visit):
    tab = visit("/claims?claim=russian-diplomats-rare")
    tab.page.get_by_role("link", name="Open on the map").first.click()
    tab.page.wait_for_url("**target_country=Russia**")
    settle(tab.page)
    tab.page.wait_for_timeout(2500)
    tab.page.go_back()
    tab.page.wait_for_url("**/claims?claim=russian-diplomats-rare")
    settle(tab.page)
    assert tab.page.url.endswith("/claims?claim=russian-diplomats-rare") and tab.page.locator(".atlas-claim").count() == 1


@pytest.mark.browser
def test_every_verdict_is_a_line_that_opens_to_its_card(visit):
    tab = visit("/claims")
    settle(tab.page)
    lines = tab.page.locator(".st-key-claims [data-testid=stExpander] > details > summary")
    assert lines.count() == 11 and tab.page.locator(".atlas-claim:visible").count() == 0
    assert lines.last.bounding_box()["y"] < 900, "the verdicts are not on one screen"
    lines.filter(has_text="Violence in Afghanistan").click()
    tab.page.locator(".atlas-claim:visible").wait_for()
    assert tab.page.locator(".atlas-claim:visible").count() == 1 and tab.foreign == []


@pytest.mark.browser
def test_on_a_phone_nothing_is_wider_than_the_screen(visit):
    tab = visit("/claims", size=NARROW)
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= NARROW[0]
    wide = "els => els.filter(el => el.getBoundingClientRect().right > innerWidth + 1).length"
    assert tab.page.locator(".atlas-claim, [data-testid=stVegaLiteChart]").evaluate_all(wide) == 0


def test_the_name_of_a_side_is_no_markdown_of_its_link(run_page, own):
    side = "![](//evil.example/p.png): target_type=Police; q=![x](http://evil.example/q.png)"
    path = own(f"c,It is so.,,,,app.py,,only,Taliban,{side},,,")
    path.write_text(tiny.text(*({"date": f"201{n}-01-01", "target_type": "Police", **TALIBAN} for n in (0, 9))), encoding="utf-8")
    app = run_page(PAGE, source=path)
    labels = [link.proto.label for link in app.get("page_link")]
    assert any("evil" in label for label in labels) and not any("![" in label for label in labels)
