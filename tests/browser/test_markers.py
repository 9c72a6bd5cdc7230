"""Every cell of every table that can be brought has a marker, and no marker gets out but those of the allow-list.

The browser test reads every frame of the connection and every file that the pages offer; `tests.support.markers` makes the tables.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from urllib.parse import quote

import pandas as pd
import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from incident_atlas.cli.main import cli
from incident_atlas.curation import allow_list
from incident_atlas.curation.privacy import Policy, withheld
from incident_atlas.dataset.load import load, with_terms_in_use
from incident_atlas.errors import PROBLEM_CODES
from incident_atlas.ui.pages.data.data import COMBINED
from incident_atlas.ui.parts import export_menu as exports
from incident_atlas.ui.parts.page import PAGES
from tests.curation.test_discretion import files, held
from tests.support import markers, secret
from tests.support.browser import WIDE, Visit, open_visit, settle
from tests.support.pages import opened
from tests.support.record import shipped_record
from tests.ui.test_discretion_pages import sent

POLICY = f"grid,days={markers.HELD_DAYS}"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> markers.Planted:
    return markers.plant(tmp_path_factory.mktemp("planted"), date.today())


# --- the record itself


@pytest.mark.parametrize("policy", [Policy("grid", markers.HELD_DAYS), Policy("district"), Policy("", 0, True)])
def test_no_part_of_a_record_and_no_file_of_it_holds_a_marker_that_is_not_on_the_list(planted, policy):
    whole = load(planted.path)
    before = planted.markers.found(held(whole))
    assert {"incidents", "reports", "coverage", "extras", "problems"} <= {planted.markers.where[mark][0] for mark in before}
    made = withheld(whole, policy)
    allowed = planted.allowed if policy.days else planted.allowed | set(planted.held)
    for name, text in {"held": held(made), **files(made)}.items():
        assert planted.markers.at(planted.markers.found(text) - allowed) == [], name
        assert not policy.places or secret.leaks(text) == set(), name


def test_days_alone_leave_nothing_of_the_incidents_that_they_hold_back_and_no_cell_in_a_problem(planted):
    made = withheld(load(planted.path), Policy(days=markers.HELD_DAYS))
    new = {mark for mark, (_, row, _) in planted.markers.where.items() if row.startswith("new")}
    assert planted.markers.at(planted.markers.found(held(made)) & new) == []
    text = made.problems.to_csv() + repr(
        [list(made.problems[name].cat.categories) for name in made.problems.select_dtypes("category")]
    )
    assert planted.markers.found(text.encode()) == set()
    assert planted.markers.found("".join(made.incidents["title"]).encode()), "words stay where only days are asked for"


def test_a_column_that_is_not_on_the_list_is_withheld(planted):
    whole = load(planted.path)
    text = pd.array(["qx99999xq"] * len(whole.incidents), dtype="str")
    later = whole.incidents.assign(later_text=text, later_term=pd.Categorical(text), later_number=7.5)
    made = allow_list.allowed(later, allow_list.INCIDENTS)
    assert set(made["later_text"]) == set(made["later_term"]) == {""} and made["later_number"].isna().all()
    assert b"qx99999xq" not in held(
        withheld(load(planted.path).__class__(**{**_parts(whole), "incidents": later}), Policy("grid"))
    )


def _parts(loaded) -> dict:
    return {name: getattr(loaded, name) for name in loaded.__dataclass_fields__ if loaded.__dataclass_fields__[name].init}


def test_every_column_on_the_lists_is_one_of_ours():
    beside = {"found_by", "found_score", "province_stated", "precision_stated"}
    assert set(allow_list.INCIDENTS) - beside <= set(markers.NAMES)
    assert set(allow_list.REPORTS) <= set(markers.REPORT_NAMES) and set(allow_list.COVERAGE) <= set(markers.COVERAGE)


def test_the_shipped_record_loses_no_term_country_perpetrator_or_language_by_the_list():
    whole = shipped_record()
    made = withheld(whole, Policy("", 0, True))
    for name in (
        "target_country",
        "perpetrator",
        "country",
        "weapon",
        "target_type",
        "target_subtype",
        "attack_type",
        "province",
    ):
        assert made.incidents[name].astype("str").tolist() == whole.incidents[name].astype("str").tolist(), name
    for name in ("publisher", "language", "perpetrator", "attribution", "attack_type", "published", "killed_high"):
        assert made.reports[name].tolist() == whole.reports[name].tolist(), name


def test_terms_that_no_row_has_do_not_travel():
    table = pd.DataFrame({"a": pd.Categorical(["x", "y", "z"]), "n": [1, 2, 3]})
    assert list(with_terms_in_use(table.iloc[:1])["a"].cat.categories) == ["x"]


def test_every_problem_has_a_code_that_is_known():
    calls = {"add": 6, "note": 6, "tell": 5, "Problem": 6}
    codes = set()
    for path in (ROOT / "incident_atlas").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
            if isinstance(node, ast.Call) and len(node.args) == calls.get(name) and isinstance(node.args[-1], ast.Constant):
                codes.add(node.args[-1].value)
    # The others are given by variables, by the kind of a column, or as the default of a saved file.
    assert codes <= PROBLEM_CODES.keys() and len(codes) > 25, codes - PROBLEM_CODES.keys()


@pytest.mark.nightly
def test_the_switch_of_share_and_export_leaves_the_same_in_its_files(planted, monkeypatch):
    monkeypatch.setenv("INCIDENTS_SOURCE", str(planted.path))
    monkeypatch.delenv("INCIDENTS_DISCRETION", raising=False)
    made: dict[str, bytes] = {}
    monkeypatch.setattr(exports, "_offer", lambda label, ending, mime, make, stem: made.update({ending: make()}))
    of = {(row, column): mark for mark, (table, row, column) in planted.markers.where.items() if table == "incidents"}
    for query in ({}, {"q": of["terms", "title"]}, {"city": of["markers alone", "city"]}):
        app = opened("app.py", query)
        app.session_state["share"] = True
        app.run()
        assert planted.markers.found(made["zip"]) - planted.allowed, "the whole files hold more"
        assert set(made) == {"zip", "xlsx", "geojson", "png", "html", "pdf", "docx"}
        made.clear()
        app.toggle(key="w:blur").set_value(True).run()
        assert not app.exception and set(made) == {"zip", "xlsx", "geojson", "png", "html"}
        for ending, text in made.items():
            leaks = planted.markers.found(text) - planted.allowed - set(planted.held)
            assert planted.markers.at(leaks) == [] and secret.leaks(text) == set(), ending


# --- what cannot be used


def test_a_record_that_cannot_be_used_says_why_only_where_nothing_is_withheld(tmp_path, monkeypatch):
    planted, columns = markers.plant_table(tmp_path)
    odd = planted.markers.new("mapping", "odd", "ours")
    columns.write_bytes(columns.read_bytes() + f"{odd},{odd},\r\n".encode())
    monkeypatch.setenv("INCIDENTS_SOURCE", str(planted.path))
    monkeypatch.setenv("INCIDENTS_COLUMNS", str(columns))
    for setting, text in (("", True), (POLICY, False), ("days=7", False)):
        monkeypatch.setenv("INCIDENTS_DISCRETION", setting)
        app = opened("app.py")
        assert app.error[0].value == "The record cannot be shown." and bool(planted.markers.found(sent(app))) == text
    assert "the reason is not shown" in app.text[0].value and "incident_atlas check" in app.text[0].value


# --- commands


COMMANDS = {
    "brief": ["FILE", "-o", "BRIEF"],
    "changes": ["FILE", "FILE"],
    "check": ["FILE", "--all"],
    "claims": ["FILE"],
    "compare": ["FILE", "--first", "2019-01-01:2019-12-31", "--second", "2020-01-01:2020-12-31"],
    "convert": ["FILE", "-o", "OUT"],
    "duplicates": ["FILE", "FILE"],
    "geocode": ["Kabul"],
    "nearby": ["FILE", "--at", f"{secret.LATITUDE},{secret.LONGITUDE}", "--km", "30"],
    "repeats": ["FILE"],
    "summary": ["FILE"],
}


@pytest.mark.nightly
def test_commands_take_the_file_that_is_named_and_none_of_the_dashboard(planted, tmp_path, monkeypatch):
    assert set(COMMANDS) == set(cli.commands), "say here what a new command is asked"
    shared = tmp_path / "incidents.csv"
    shared.write_bytes(files(withheld(load(planted.path), Policy("grid", markers.HELD_DAYS)))["incidents.csv"])
    monkeypatch.setenv("INCIDENTS_SOURCE", str(planted.path))
    monkeypatch.setenv("INCIDENTS_DISCRETION", POLICY)
    for name, arguments in COMMANDS.items():
        for more in ([], ["--json"]) if name != "brief" else ([],):
            out = tmp_path / f"out{len(more)}.{'docx' if name == 'brief' else 'csv'}"
            values = [{"FILE": str(shared), "OUT": str(out), "BRIEF": str(out)}.get(one, one) for one in arguments]
            answer = CliRunner().invoke(cli, [name, *values, *more])
            assert answer.exit_code in (0, 1), (name, answer.output)
            text = answer.output.encode() + (out.read_bytes() if out.exists() else b"")
            assert planted.markers.at(planted.markers.found(text) - planted.allowed) == [], name
            missing = CliRunner().invoke(cli, [name, *more])
            assert missing.exit_code == 2 and planted.markers.found(missing.output.encode()) == set()


# --- every page in a browser


@dataclass
class Heard:
    """What a window got: frames of the connection, bodies of files, words on the pages."""

    frames: list[bytes] = field(default_factory=list)
    downloads: dict[str, bytes] = field(default_factory=dict)
    pages: int = 0

    def listen(self, page: Page) -> None:
        """Keep what comes from now on."""

        def keep(payload: bytes | str) -> None:
            self.frames.append(payload if isinstance(payload, bytes) else payload.encode())

        page.on("websocket", lambda socket: socket.on("framereceived", keep))

    def everything(self) -> Iterator[bytes]:
        """All of it, one after the other."""
        yield from self.frames
        for name, body in self.downloads.items():
            yield name.encode()
            yield body


@pytest.fixture
def window(chromium):
    """`window(app)`: a fresh window of that server, and what it hears."""
    with_each = []

    def go(app) -> tuple[Visit, Heard]:
        context = open_visit(chromium, app.url, WIDE)
        visit, heard = context.__enter__(), Heard()
        with_each.append(context)
        heard.listen(visit.page)
        return visit, heard

    yield go
    for context in with_each:
        context.__exit__(None, None, None)


def _address(page: str, query: str = "") -> str:
    return ("/" if page == "app.py" else f"/{Path(page).stem}") + query


def _open_menus(visit: Visit, heard: Heard, address: str, most: int = 2) -> None:
    """Open a page and then its menus, of each name at most so many, and take every file that they offer."""
    page = visit.goto(address)
    heard.pages += 1
    _take(page, heard, address)
    for line in page.locator(".st-key-claims [data-testid=stExpander] > details > summary").all()[:most]:
        line.click()
    settle(page, quiet=0.3)
    menus = page.locator("[data-testid=stPopoverButton]:visible")
    labels = menus.all_inner_texts()
    places = [n for n, label in enumerate(labels) if labels[:n].count(label) < most]
    for n in places:
        menus.nth(n).click()
        settle(page, quiet=0.15)
        _take(page, heard, f"{address} {labels[n]} {n}")
        page.keyboard.press("Escape")
    for expander in page.locator("[data-testid=stExpander] > details > summary").all()[:most]:
        expander.click()
    heard.frames.append(page.content().encode())


def _take(page: Page, heard: Heard, name: str) -> None:
    for n, button in enumerate(page.locator("[data-testid=stDownloadButton] button:visible:enabled").all()):
        with page.expect_download() as waiting:
            button.click()
        heard.downloads[f"{name} {n} {waiting.value.suggested_filename}"] = Path(waiting.value.path()).read_bytes()


def _walk(visit: Visit, heard: Heard, ids: tuple[str, ...]) -> None:
    """Every page, the page of each incident, its card on the map, and what is asked for by address."""
    for page, _ in PAGES:
        _open_menus(visit, heard, _address(page))
    for one in ids:
        _open_menus(visit, heard, _address("pages/incidents.py", f"?incident={quote(one)}"), 1)
    first = quote(ids[0])
    for page, query in (
        ("app.py", f"?incident={first}"),
        ("app.py", "?heat=1&lat=34.55&lon=69.25&zoom=14"),
        ("pages/nearby.py", "?lat=34.55&lon=69.25&km=40"),
        ("pages/compare.py", "?first=2019-01-01:2019-12-31&second=2020-01-01:2020-12-31"),
    ):
        _open_menus(visit, heard, _address(page, query))


def _leaks(planted: markers.Planted, heard: Heard, allowed: frozenset[str]) -> list[tuple[str, str, str]]:
    found: set[str] = set()
    for text in heard.everything():
        found |= planted.markers.found(text)
    return planted.markers.at(found - allowed)


def test_no_page_sends_a_marker_that_is_not_on_the_list(start_app, window, planted, tmp_path):
    own = markers.plant_own(planted.markers)
    app = start_app(INCIDENTS_SOURCE=str(planted.path), INCIDENTS_DISCRETION=POLICY)
    mine = {mark for mark, (table, row, _) in planted.markers.where.items() if row.startswith("own") or table in _OWN}

    # A reader drops files of her own beside the record.
    visit, heard = window(app)
    page = visit.goto("/data")
    (name, table), *saved = own.items()
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": table})
    page.get_by_text("rows read").first.wait_for()
    settle(page)
    page.get_by_text(COMBINED, exact=True).first.click()
    settle(page)
    for section, (name, data) in zip(("Duplicates", "Places to find"), saved, strict=True):
        page.get_by_text(re.compile(f"^{section}")).first.click()
        settle(page)
        page.get_by_role("button", name=re.compile("^Load ")).last.click()
        box = page.locator("[data-testid=stPopoverBody] input[type=file]")
        box.set_input_files({"name": name, "mimeType": "text/csv", "buffer": data})
        page.get_by_text(" read.").first.wait_for()
        settle(page)
    page.get_by_role("link", name="Incidents", exact=True).click()
    settle(page)
    found = set().union(*map(planted.markers.found, heard.everything()))
    assert found & mine, "her own files are whole"
    assert planted.markers.at(found - mine - planted.allowed) == []
    assert visit.foreign == []

    # Another reader walks through all pages: nothing of the first one's files, and of the record what is on the list.
    visit, heard = window(app)
    _walk(visit, heard, planted.kept)
    _report(planted, heard)
    assert heard.pages >= len(PAGES) + len(planted.kept) and len(heard.frames) > 100
    assert {name.rpartition(".")[2] for name in heard.downloads} >= {"csv", "zip", "geojson", "png", "html", "svg"}
    assert _leaks(planted, heard, planted.allowed) == []
    assert [name for name, text in heard.downloads.items() if secret.leaks(text) - {"binary"}] == []
    assert not any(secret.leaks(text) & {"degrees", "x"} for text in heard.frames)
    assert planted.markers.found(app.printed().encode()) <= planted.allowed, "the log"


_OWN = ("own files", "decisions", "placements")


def _report(planted: markers.Planted, heard: Heard) -> None:
    where = planted.markers
    print(f"{len(where.tables())} tables, {len(where.where)} cells, {heard.pages} pages, {len(heard.frames)} frames, ", end="")
    print(f"{sum(map(len, heard.frames)):,} bytes in them, {len(heard.downloads)} downloads")


def test_a_table_whose_columns_are_named_by_a_file_sends_no_marker_either(start_app, window, tmp_path):
    planted, columns = markers.plant_table(tmp_path)
    app = start_app(INCIDENTS_SOURCE=str(planted.path), INCIDENTS_COLUMNS=str(columns), INCIDENTS_DISCRETION=POLICY)
    visit, heard = window(app)
    for page in ("app.py", "pages/incidents.py", "pages/about.py"):
        _open_menus(visit, heard, _address(page))
    assert "3 incidents" in b" ".join(heard.frames).decode("utf-8", "ignore")
    assert _leaks(planted, heard, frozenset()) == []


def test_the_same_walk_finds_every_table_where_nothing_is_withheld(start_app, window, planted):
    app = start_app(INCIDENTS_SOURCE=str(planted.path))
    visit, heard = window(app)
    for page in ("pages/incidents.py", "pages/claims.py", "pages/about.py"):
        _open_menus(visit, heard, _address(page), 1)
    _open_menus(visit, heard, _address("pages/incidents.py", f"?incident={quote(planted.kept[1])}"), 1)
    leaks = _leaks(planted, heard, planted.allowed)
    assert {table for table, _, _ in leaks} >= {"incidents", "reports", "problems", "extras", "coverage", "claims", "file names"}
    assert {row for _, row, _ in leaks} >= {"new", "new, markers alone", "new, no title"}
